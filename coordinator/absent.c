/* In place of everything else here where libmicrohttpd and libcurl are missing (ZKM_COORDINATOR).
 */
#include <stdio.h>

#include "coordinator/join.h"
#include "coordinator/serve.h"

static zkm_status absent(zkm_error *err) {
    *err = (zkm_error){.status = ZKM_ERR_UNSUPPORTED};
    snprintf(err->message, sizeof err->message,
             "this command was built without libmicrohttpd and libcurl (ZKM_COORDINATOR=OFF); hand "
             "files on by other means, or build it with them");
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
