/* Fp: the functions that are not inline. */
#include "math/fp.h"

#include "math/backend.h"

#define FIELD fp
#include "math/field_functions.h"

bool fp_sqrt(fp *out, const fp *a) { return math_backend_current()->fp_sqrt(out, a); }

bool fp_is_larger(const fp *a) {
    /* 2a mod p is odd exactly when a >= (p + 1) / 2: then 2a - p, else 2a. */
    fp twice;
    uint64_t limbs[4];
    fp_double(&twice, a);
    fp_to_limbs(limbs, &twice);
    return limbs[0] & 1;
}
