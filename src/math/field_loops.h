/* Element-wise loops over vectors of field elements; included once by each backend. */
#include "math/backend.h"

static void fr_mul_vector(fr *out, const fr *a, const fr *b, size_t n) {
    for (size_t i = 0; i < n; i++)
        fr_mul(&out[i], &a[i], &b[i]);
}

static void fp_mul_vector(fp *out, const fp *a, const fp *b, size_t n) {
    for (size_t i = 0; i < n; i++)
        fp_mul(&out[i], &a[i], &b[i]);
}
