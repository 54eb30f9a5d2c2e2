/*
 * The loops of kernels.h over lanes_fma.h; included by backend_fma.c with the native vectors, and
 * by a test with the model. What the table has runs in the floating-point environment of v4_enter.
 */
#include "math/fma_product.h"
#include "math/kernels.h"

#include <string.h>

#include "math/fma_constants.h"
#include "math/fma_product_code.h"

#define FIELD fp
#define LANE fp8
#include "math/lanes_fma.h"
#undef FIELD
#undef LANE
#define FIELD fr
#define LANE fr8
#include "math/lanes_fma.h"
#undef FIELD
#undef LANE

/* a0 b0 - a1 b1 and (a0 + a1)(b0 + b1) - a0 b0 - a1 b1, tight. */
static inline void fp8_complex_mul(fp8 *c0, fp8 *c1, const fp8 *a0, const fp8 *a1, const fp8 *b0,
                                   const fp8 *b1) {
    fp8 a, b, low, high;
    fp8_add(&a, a0, a1);
    fp8_tight(&a);
    fp8_add(&b, b0, b1);
    fp8_tight(&b);
    fp8_mul(&low, a0, b0);
    fp8_mul(&high, a1, b1);
    fp8_mul(c1, &a, &b);
    fp8_sub(c0, &low, &high, 0);
    fp8_tight(c0);
    fp8_add(&a, &low, &high);
    fp8_sub(c1, c1, &a, 0);
    fp8_tight(c1);
}

/* (a0 + a1)(a0 - a1) and 2 a0 a1, tight. */
static inline void fp8_complex_sqr(fp8 *c0, fp8 *c1, const fp8 *a0, const fp8 *a1) {
    fp8 sum, difference, product;
    fp8_add(&sum, a0, a1);
    fp8_tight(&sum);
    fp8_sub(&difference, a0, a1, 0);
    fp8_tight(&difference);
    fp8_mul(&product, a0, a1);
    fp8_mul(c0, &sum, &difference);
    fp8_add(c1, &product, &product);
    fp8_tight(c1);
}

#define KERNELS UNGUARDED_KERNELS
#include "math/kernels_table.h"
#undef KERNELS

#define GUARDED(name, parameters, arguments)                                                       \
    static void guarded_##name parameters {                                                        \
        const unsigned saved = v4_enter();                                                         \
        UNGUARDED_KERNELS.name arguments;                                                          \
        v4_leave(saved);                                                                           \
    }
GUARDED(g1_add_pairs, (point_ref * a, point_ref *b, g1_affine **out, size_t n, void *scratch),
        (a, b, out, n, scratch))
GUARDED(g2_add_pairs, (point_ref * a, point_ref *b, g2_affine **out, size_t n, void *scratch),
        (a, b, out, n, scratch))
GUARDED(g1_canonical, (g1_affine * points, size_t n), (points, n))
GUARDED(g2_canonical, (g2_affine * points, size_t n), (points, n))
GUARDED(g1_bank_load, (const bank *r, unsigned to, const g1_affine *points), (r, to, points))
GUARDED(g2_bank_load, (const bank *r, unsigned to, const g2_affine *points), (r, to, points))
GUARDED(g1_bank_store, (const bank *r, g1_affine *points, unsigned from), (r, points, from))
GUARDED(g2_bank_store, (const bank *r, g2_affine *points, unsigned from), (r, points, from))
GUARDED(g1_bank_set, (const bank *r, unsigned to, const bank_term *t), (r, to, t))
GUARDED(g1_bank_double, (const bank *r, unsigned to, unsigned from), (r, to, from))
GUARDED(g2_bank_set, (const bank *r, unsigned to, const bank_term *t), (r, to, t))
GUARDED(g2_bank_double, (const bank *r, unsigned to, unsigned from), (r, to, from))
GUARDED(g1_bank_add, (const bank *r, unsigned to, unsigned from, const bank_term *t),
        (r, to, from, t))
GUARDED(g1_bank_double_add, (const bank *r, unsigned to, unsigned from, const bank_term *t),
        (r, to, from, t))
GUARDED(g2_bank_add, (const bank *r, unsigned to, unsigned from, const bank_term *t),
        (r, to, from, t))
GUARDED(g2_bank_double_add, (const bank *r, unsigned to, unsigned from, const bank_term *t),
        (r, to, from, t))
GUARDED(fr_to_integers, (uint64_t(*out)[4], const fr *in, size_t n), (out, in, n))
GUARDED(fft_columns, (const fft_passes *p, size_t begin, size_t end, void *work),
        (p, begin, end, work))
GUARDED(fft_rows, (const fft_passes *p, size_t begin, size_t end, void *work),
        (p, begin, end, work))
#undef GUARDED

static const math_kernels KERNELS = {
    .g1_add_pairs = guarded_g1_add_pairs,
    .g2_add_pairs = guarded_g2_add_pairs,
    .g1_canonical = guarded_g1_canonical,
    .g2_canonical = guarded_g2_canonical,
    .g1_bank_load = guarded_g1_bank_load,
    .g2_bank_load = guarded_g2_bank_load,
    .g1_bank_store = guarded_g1_bank_store,
    .g2_bank_store = guarded_g2_bank_store,
    .g1_bank_set = guarded_g1_bank_set,
    .g1_bank_double = guarded_g1_bank_double,
    .g2_bank_set = guarded_g2_bank_set,
    .g2_bank_double = guarded_g2_bank_double,
    .g1_bank_add = guarded_g1_bank_add,
    .g1_bank_double_add = guarded_g1_bank_double_add,
    .g2_bank_add = guarded_g2_bank_add,
    .g2_bank_double_add = guarded_g2_bank_double_add,
    .fp_twiddles = fp_twiddles, /* integers become doubles exactly in any mode */
    .fr_to_integers = guarded_fr_to_integers,
    .fr_twiddles = fr_twiddles,
    .fft_columns = guarded_fft_columns,
    .fft_rows = guarded_fft_rows,
};
