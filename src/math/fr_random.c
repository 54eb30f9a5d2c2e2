/* Uniform scalars by rejection sampling. */
#include "math/fr_random.h"

#include "base/random.h"
#include "base/wipe.h"

zkm_status fr_random(zkm_error *err, fr *out) {
    uint8_t bytes[32];
    zkm_status status = ZKM_OK;
    /* r > 0.75 * 2^254: a draw fails with probability below 1/4, so 128 failures in a row mean that
     * the source is broken (probability below 2^-256). */
    for (int tries = 0; tries < 128; tries++) {
        ZKM_TRY_OUT(random_bytes(err, bytes, sizeof bytes));
        bytes[0] &= 0x3f;
        if (fr_from_bytes(out, bytes))
            goto out;
    }
    status = error_set(err, ZKM_ERR_RANDOM,
                       "random scalar: 128 draws in a row were out of range; the system's random "
                       "source is not random, repair it before proving");
out:
    secure_wipe(bytes, sizeof bytes);
    return status;
}
