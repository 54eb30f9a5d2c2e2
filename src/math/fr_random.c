/* Uniform scalars by rejection sampling. */
#include "math/fr_random.h"

#include <string.h>

#include "base/random.h"
#include "base/wipe.h"

enum { WEIGHT_BYTES = (FR_WEIGHT_BITS + 7) / 8, WEIGHTS_AT_ONCE = 1024 };

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

zkm_status fr_random_weights(zkm_error *err, fr *out, size_t n) {
    uint8_t bytes[WEIGHTS_AT_ONCE * WEIGHT_BYTES];
    for (size_t i = 0; i < n; i++) {
        size_t at = i % WEIGHTS_AT_ONCE;
        fr limbs = {{0}};
        if (at == 0)
            ZKM_TRY(random_bytes(err, bytes, sizeof bytes));
        memcpy(limbs.l, bytes + at * WEIGHT_BYTES, WEIGHT_BYTES);
        limbs.l[2] &= (UINT64_C(1) << (FR_WEIGHT_BITS - 128)) - 1;
        fr_mul(&out[i], &limbs, &fr_R2); /* 2^130 < r */
    }
    return ZKM_OK;
}
