/* In place of everything else here in the command itself: what needs libmicrohttpd and libcurl is a
 * program of its own, zkmetric-network, if it was built (ZKM_COORDINATOR). */
#include <stdio.h>

#include "coordinator/join.h"
#include "coordinator/serve.h"

static zkm_status absent(zkm_error *err) {
    *err = (zkm_error){.status = ZKM_ERR_UNSUPPORTED};
    snprintf(
        err->message, sizeof err->message,
        "the program zkmetric-network, which does this, does not stand beside zkmetric; install "
        "both (they are built unless ZKM_COORDINATOR=OFF), or hand files on by other means");
    return err->status;
}

zkm_status coordinator_serve(zkm_error *err, json_t **report, const serve_options *options) {
    (void)report;
    (void)options;
    return absent(err);
}

zkm_status ceremony_join(zkm_error *err, json_t **report, const join_options *options) {
    (void)report;
    (void)options;
    return absent(err);
}
