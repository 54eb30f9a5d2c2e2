/*
 * Fp2 = Fp[u] / (u^2 + 1), the field of G2's coordinates. Elements c0 + c1 u. Outputs may alias
 * inputs. Products follow Karatsuba and the complex method (Devegili et al., eprint 2006/471).
 */
#ifndef MATH_FP2_H
#define MATH_FP2_H

#include "math/fp.h"

typedef struct {
    fp c0, c1;
} fp2;

static inline void fp2_set_zero(fp2 *out) {
    fp_set_zero(&out->c0);
    fp_set_zero(&out->c1);
}

static inline void fp2_set_one(fp2 *out) {
    fp_set_one(&out->c0);
    fp_set_zero(&out->c1);
}

static inline bool fp2_is_zero(const fp2 *a) { return fp_is_zero(&a->c0) && fp_is_zero(&a->c1); }

static inline bool fp2_equal(const fp2 *a, const fp2 *b) {
    return fp_equal(&a->c0, &b->c0) && fp_equal(&a->c1, &b->c1);
}

static inline bool fp2_is_one(const fp2 *a) { return fp_is_one(&a->c0) && fp_is_zero(&a->c1); }

static inline void fp2_add(fp2 *out, const fp2 *a, const fp2 *b) {
    fp_add(&out->c0, &a->c0, &b->c0);
    fp_add(&out->c1, &a->c1, &b->c1);
}

static inline void fp2_sub(fp2 *out, const fp2 *a, const fp2 *b) {
    fp_sub(&out->c0, &a->c0, &b->c0);
    fp_sub(&out->c1, &a->c1, &b->c1);
}

static inline void fp2_double(fp2 *out, const fp2 *a) {
    fp_double(&out->c0, &a->c0);
    fp_double(&out->c1, &a->c1);
}

static inline void fp2_neg(fp2 *out, const fp2 *a) {
    fp_neg(&out->c0, &a->c0);
    fp_neg(&out->c1, &a->c1);
}

/* The conjugate c0 - c1 u, which is a^p. */
static inline void fp2_conj(fp2 *out, const fp2 *a) {
    out->c0 = a->c0;
    fp_neg(&out->c1, &a->c1);
}

/* Two sums of two products, each reduced once: c0 = a0 b0 - a1 b1, c1 = a0 b1 + a1 b0. The
 * coordinates of a may be unreduced, below 2p. */
static inline void fp2_mul(fp2 *out, const fp2 *a, const fp2 *b) {
    fp minus, c0;
    fp_neg_unreduced(&minus, &b->c1);
    fp_dot2(&c0, &a->c0, &b->c0, &a->c1, &minus);
    fp_dot2(&out->c1, &a->c0, &b->c1, &a->c1, &b->c0);
    out->c0 = c0;
}

/* c0 = (a0 + a1)(a0 - a1), c1 = 2 a0 a1; the factors stay below 2p, products below 4p^2. */
static inline void fp2_sqr(fp2 *out, const fp2 *a) {
    fp sum, difference, twice;
    fp_add_unreduced(&sum, &a->c0, &a->c1);
    fp_neg_unreduced(&difference, &a->c1);
    fp_add_unreduced(&difference, &difference, &a->c0);
    fp_add_unreduced(&twice, &a->c0, &a->c0);
    fp_mul(&out->c1, &twice, &a->c1);
    fp_mul(&out->c0, &sum, &difference);
}

static inline void fp2_mul_fp(fp2 *out, const fp2 *a, const fp *b) {
    fp_mul(&out->c0, &a->c0, b);
    fp_mul(&out->c1, &a->c1, b);
}

/* out = a * (9 + u), the non-residue that the tower adjoins roots of. */
static inline void fp2_mul_xi(fp2 *out, const fp2 *a) {
    fp minus, c0;
    fp_neg_unreduced(&minus, &a->c1);
    fp_mul_9_add(&c0, &a->c0, &minus);
    fp_mul_9_add(&out->c1, &a->c1, &a->c0);
    out->c0 = c0;
}

/* out = 1/a, and 0 for a = 0: conj(a) / (c0^2 + c1^2). */
static inline void fp2_inv(fp2 *out, const fp2 *a) {
    fp norm, square;
    fp_sqr(&norm, &a->c0);
    fp_sqr(&square, &a->c1);
    fp_add(&norm, &norm, &square);
    fp_inv(&norm, &norm);
    fp_mul(&out->c0, &a->c0, &norm);
    fp_mul(&out->c1, &a->c1, &norm);
    fp_neg(&out->c1, &out->c1);
}

/* A square root of a (either one); false, and *out untouched, when a is no square. */
ZKM_MUST_CHECK bool fp2_sqrt(fp2 *out, const fp2 *a);

/* Whether (c1, c0), compared as canonical integers c1 first, is larger for a than for -a. */
bool fp2_is_larger(const fp2 *a);

/* v[i] = 1/v[i] for i < n with one inversion; zeros stay zero. scratch holds n elements. */
static inline void fp2_batch_inv(fp2 *v, size_t n, fp2 *scratch) {
    fp2 acc;
    fp2_set_one(&acc);
    for (size_t i = 0; i < n; i++) {
        scratch[i] = acc;
        if (!fp2_is_zero(&v[i]))
            fp2_mul(&acc, &acc, &v[i]);
    }
    fp2_inv(&acc, &acc);
    for (size_t i = n; i-- > 0;) {
        if (fp2_is_zero(&v[i]))
            continue;
        fp2 next;
        fp2_mul(&next, &acc, &v[i]);
        fp2_mul(&v[i], &acc, &scratch[i]);
        acc = next;
    }
}

#endif
