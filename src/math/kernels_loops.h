/*
 * The loops of kernels.h for a scalar backend; part of backend_loops.h.
 */
#include "math/kernels.h"

#include <string.h>

#define FIELD fp
#define LANE fp8
#include "math/lanes_scalar.h"
#undef FIELD
#undef LANE
#define FIELD fr
#define LANE fr8
#include "math/lanes_scalar.h"
#undef FIELD
#undef LANE

static inline void fp8_complex_mul(fp8 *c0, fp8 *c1, const fp8 *a0, const fp8 *a1, const fp8 *b0,
                                   const fp8 *b1) {
    for (int i = 0; i < LANES; i++) {
        const fp2 a = {a0->e[i], a1->e[i]}, b = {b0->e[i], b1->e[i]};
        fp2 c;
        fp2_mul(&c, &a, &b);
        c0->e[i] = c.c0;
        c1->e[i] = c.c1;
    }
}

static inline void fp8_complex_sqr(fp8 *c0, fp8 *c1, const fp8 *a0, const fp8 *a1) {
    for (int i = 0; i < LANES; i++) {
        fp2 a = {a0->e[i], a1->e[i]};
        fp2_sqr(&a, &a);
        c0->e[i] = a.c0;
        c1->e[i] = a.c1;
    }
}

#include "math/kernels_table.h"
