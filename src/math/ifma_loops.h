/*
 * The loops of kernels.h over lanes_ifma.h; included by backend_ifma.c with the native vectors, and
 * by a test with the model.
 */
#include "math/ifma_vectors.h"
#include "math/kernels.h"

#include <string.h>

#include "math/ifma_constants.h"

#define FIELD fp
#define LANE fp8
#include "math/lanes_ifma.h"
#undef FIELD
#undef LANE
#define FIELD fr
#define LANE fr8
#include "math/lanes_ifma.h"
#undef FIELD
#undef LANE

/* c0 = a0 b0 + a1 (8p - b1) and c1 = a0 b1 + a1 b0, each reduced once; b is below 8p. */
static inline void fp8_complex_mul(fp8 *c0, fp8 *c1, const fp8 *a0, const fp8 *a1, const fp8 *b0,
                                   const fp8 *b1) {
    fp8 zero, minus, t;
    fp8_zero(&zero);
    fp8_sub(&minus, &zero, b1, 8);
    fp8_tight(&minus);
    fp8_mul_add(&t, a0, b0, a1, &minus);
    fp8_mul_add(c1, a0, b1, a1, b0);
    *c0 = t;
}

/* (a0 + a1)(a0 - a1 + 4p) and 2 a0 a1, for a below 4p: factors below 8p. */
static inline void fp8_complex_sqr(fp8 *c0, fp8 *c1, const fp8 *a0, const fp8 *a1) {
    fp8 sum, difference, twice, t;
    fp8_add(&sum, a0, a1);
    fp8_tight(&sum);
    fp8_sub(&difference, a0, a1, 4);
    fp8_tight(&difference);
    fp8_add(&twice, a0, a0);
    fp8_tight(&twice);
    fp8_mul(&t, &sum, &difference);
    fp8_mul(c1, &twice, a1);
    *c0 = t;
}

#include "math/kernels_table.h"
