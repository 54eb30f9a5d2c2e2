/* Kernel randomness and wiping. */
#include "base/random.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "base/wipe.h"

void secure_wipe(void *data, size_t n) { explicit_bzero(data, n); }

zkm_status random_bytes(zkm_error *err, void *out, size_t n) {
    unsigned char *p = out;
    while (n > 0) {
        ssize_t got = getrandom(p, n, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return error_set(err, ZKM_ERR_RANDOM,
                             "system random source: getrandom failed (%s); nothing was made",
                             strerror(errno));
        p += got;
        n -= (size_t)got;
    }
    return ZKM_OK;
}
