/* Fp: the functions that are not inline, and square roots (p = 3 mod 4). */
#include "math/fp.h"

#define FIELD fp
#include "math/field_functions.h"

bool fp_sqrt(fp *out, const fp *a) {
    /* a^((p+1)/4) is a root when there is one, since then a^((p-1)/2) = 1. */
    const uint64_t e[4] = {0x4f082305b61f3f52, 0x65e05aa45a1c72a3, 0x6e14116da0605617,
                           0x0c19139cb84c680a};
    fp root, square;
    fp_pow(&root, a, e, 4);
    fp_sqr(&square, &root);
    if (!fp_equal(&square, a))
        return false;
    *out = root;
    return true;
}

bool fp_is_larger(const fp *a) {
    /* 2a mod p is odd exactly when a >= (p + 1) / 2: then 2a - p, else 2a. */
    fp twice;
    uint64_t limbs[4];
    fp_double(&twice, a);
    fp_to_limbs(limbs, &twice);
    return limbs[0] & 1;
}
