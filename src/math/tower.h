/*
 * The tower over Fp2 that carries the pairing's values: Fp6 = Fp2[v] / (v^3 - xi) and
 * Fp12 = Fp6[w] / (w^2 - v) with xi = 9 + u. Outputs may alias inputs.
 *
 * Formulas: Devegili, O hEigeartaigh, Scott, Dahab (eprint 2006/471) for products; Granger and
 * Scott (eprint 2009/565) for squaring in the cyclotomic subgroup; Frobenius maps as powers of xi.
 */
#ifndef MATH_TOWER_H
#define MATH_TOWER_H

#include "math/fp2.h"

typedef struct {
    fp2 c0, c1, c2; /* c0 + c1 v + c2 v^2 */
} fp6;

typedef struct {
    fp6 c0, c1; /* c0 + c1 w */
} fp12;

/* xi^(i (p-1)/6) for i = 1..5: the factor that the p-power map puts on the coefficient of w^i. */
extern const fp2 FROBENIUS_P[5];
/* xi^(i (p^2-1)/6) for i = 1..5, the same for the p^2-power map; they lie in Fp. */
extern const fp FROBENIUS_P2[5];

static inline void fp6_set_zero(fp6 *out) {
    fp2_set_zero(&out->c0);
    fp2_set_zero(&out->c1);
    fp2_set_zero(&out->c2);
}

static inline bool fp6_is_zero(const fp6 *a) {
    return fp2_is_zero(&a->c0) && fp2_is_zero(&a->c1) && fp2_is_zero(&a->c2);
}

static inline bool fp6_equal(const fp6 *a, const fp6 *b) {
    return fp2_equal(&a->c0, &b->c0) && fp2_equal(&a->c1, &b->c1) && fp2_equal(&a->c2, &b->c2);
}

static inline void fp6_add(fp6 *out, const fp6 *a, const fp6 *b) {
    fp2_add(&out->c0, &a->c0, &b->c0);
    fp2_add(&out->c1, &a->c1, &b->c1);
    fp2_add(&out->c2, &a->c2, &b->c2);
}

static inline void fp6_sub(fp6 *out, const fp6 *a, const fp6 *b) {
    fp2_sub(&out->c0, &a->c0, &b->c0);
    fp2_sub(&out->c1, &a->c1, &b->c1);
    fp2_sub(&out->c2, &a->c2, &b->c2);
}

static inline void fp6_neg(fp6 *out, const fp6 *a) {
    fp2_neg(&out->c0, &a->c0);
    fp2_neg(&out->c1, &a->c1);
    fp2_neg(&out->c2, &a->c2);
}

/* out = a v */
static inline void fp6_mul_v(fp6 *out, const fp6 *a) {
    fp2 t;
    fp2_mul_xi(&t, &a->c2);
    out->c2 = a->c1;
    out->c1 = a->c0;
    out->c0 = t;
}

/* out = (a + b)(c + d) - x - y: the middle term of a Karatsuba product. */
static inline void fp2_cross(fp2 *out, const fp2 *a, const fp2 *b, const fp2 *c, const fp2 *d,
                             const fp2 *x, const fp2 *y) {
    fp2 s, t;
    fp_add_unreduced(&s.c0, &a->c0, &b->c0);
    fp_add_unreduced(&s.c1, &a->c1, &b->c1);
    fp2_add(&t, c, d);
    fp2_mul(&s, &s, &t);
    fp2_sub(&s, &s, x);
    fp2_sub(out, &s, y);
}

static inline void fp6_mul(fp6 *out, const fp6 *a, const fp6 *b) {
    fp2 v0, v1, v2, t0, t1, t2;
    fp2_mul(&v0, &a->c0, &b->c0);
    fp2_mul(&v1, &a->c1, &b->c1);
    fp2_mul(&v2, &a->c2, &b->c2);
    fp2_cross(&t0, &a->c1, &a->c2, &b->c1, &b->c2, &v1, &v2);
    fp2_cross(&t1, &a->c0, &a->c1, &b->c0, &b->c1, &v0, &v1);
    fp2_cross(&t2, &a->c0, &a->c2, &b->c0, &b->c2, &v0, &v2);
    fp2_mul_xi(&t0, &t0);
    fp2_mul_xi(&v2, &v2);
    fp2_add(&out->c0, &t0, &v0);
    fp2_add(&out->c1, &t1, &v2);
    fp2_add(&out->c2, &t2, &v1);
}

/* out = a (b0 + b1 v) */
static inline void fp6_mul_01(fp6 *out, const fp6 *a, const fp2 *b0, const fp2 *b1) {
    fp2 v0, v1, t0, t1, t2;
    fp2_mul(&v0, &a->c0, b0);
    fp2_mul(&v1, &a->c1, b1);
    fp2_add(&t0, &a->c1, &a->c2);
    fp2_mul(&t0, &t0, b1);
    fp2_sub(&t0, &t0, &v1);
    fp2_cross(&t1, &a->c0, &a->c1, b0, b1, &v0, &v1);
    fp2_add(&t2, &a->c0, &a->c2);
    fp2_mul(&t2, &t2, b0);
    fp2_sub(&t2, &t2, &v0);
    fp2_mul_xi(&t0, &t0);
    fp2_add(&out->c0, &t0, &v0);
    out->c1 = t1;
    fp2_add(&out->c2, &t2, &v1);
}

/* out = a b for b in Fp2 */
static inline void fp6_mul_0(fp6 *out, const fp6 *a, const fp2 *b) {
    fp2_mul(&out->c0, &a->c0, b);
    fp2_mul(&out->c1, &a->c1, b);
    fp2_mul(&out->c2, &a->c2, b);
}

/* out = 1/a, and 0 for a = 0: the adjugate over the norm to Fp2. */
static inline void fp6_inv(fp6 *out, const fp6 *a) {
    fp2 n0, n1, n2, t, norm;
    /* n0 = a0^2 - xi a1 a2, n1 = xi a2^2 - a0 a1, n2 = a1^2 - a0 a2 */
    fp2_sqr(&n0, &a->c0);
    fp2_mul(&t, &a->c1, &a->c2);
    fp2_mul_xi(&t, &t);
    fp2_sub(&n0, &n0, &t);
    fp2_sqr(&n1, &a->c2);
    fp2_mul_xi(&n1, &n1);
    fp2_mul(&t, &a->c0, &a->c1);
    fp2_sub(&n1, &n1, &t);
    fp2_sqr(&n2, &a->c1);
    fp2_mul(&t, &a->c0, &a->c2);
    fp2_sub(&n2, &n2, &t);
    /* norm = a0 n0 + xi (a2 n1 + a1 n2) */
    fp2_mul(&norm, &a->c2, &n1);
    fp2_mul(&t, &a->c1, &n2);
    fp2_add(&norm, &norm, &t);
    fp2_mul_xi(&norm, &norm);
    fp2_mul(&t, &a->c0, &n0);
    fp2_add(&norm, &norm, &t);
    fp2_inv(&norm, &norm);
    fp2_mul(&out->c0, &n0, &norm);
    fp2_mul(&out->c1, &n1, &norm);
    fp2_mul(&out->c2, &n2, &norm);
}

static inline void fp12_set_one(fp12 *out) {
    fp6_set_zero(&out->c0);
    fp6_set_zero(&out->c1);
    fp2_set_one(&out->c0.c0);
}

static inline bool fp12_equal(const fp12 *a, const fp12 *b) {
    return fp6_equal(&a->c0, &b->c0) && fp6_equal(&a->c1, &b->c1);
}

static inline bool fp12_is_one(const fp12 *a) {
    fp12 one;
    fp12_set_one(&one);
    return fp12_equal(a, &one);
}

static inline void fp12_mul(fp12 *out, const fp12 *a, const fp12 *b) {
    fp6 v0, v1, s, t;
    fp6_mul(&v0, &a->c0, &b->c0);
    fp6_mul(&v1, &a->c1, &b->c1);
    fp6_add(&s, &a->c0, &a->c1);
    fp6_add(&t, &b->c0, &b->c1);
    fp6_mul(&s, &s, &t);
    fp6_sub(&s, &s, &v0);
    fp6_sub(&out->c1, &s, &v1);
    fp6_mul_v(&v1, &v1);
    fp6_add(&out->c0, &v0, &v1);
}

/* An element c0 + c1 u of Fp2 as the right factor of dot products: {c1, c0, -c1}, so that with
 * a0 + a1 u the real part multiplies (a0, a1) by entries 1 and 2, the imaginary one by 0 and 1. */
typedef struct {
    fp part[3];
} fp2_factor;

static inline void fp2_factor_set(fp2_factor *out, const fp2 *a) {
    out->part[0] = a->c1;
    out->part[1] = a->c0;
    fp_neg_unreduced(&out->part[2], &a->c1);
}

/* out = a + b x + c y, each coordinate reduced once. */
static inline void fp2_add_dot2(fp2 *out, const fp2 *a, const fp2 *b, const fp2_factor *x,
                                const fp2 *c, const fp2_factor *y) {
    const fp *b_parts = (const fp *)b, *c_parts = (const fp *)c;
    fp real, imaginary;
    fp_dot4(&real, b_parts, x->part + 1, c_parts, y->part + 1);
    fp_dot4(&imaginary, b_parts, x->part, c_parts, y->part);
    fp_add(&out->c0, &a->c0, &real);
    fp_add(&out->c1, &a->c1, &imaginary);
}

/*
 * out = a (1 + b w + c w^3), by the schoolbook: with a = sum a_i w^i and w^6 = xi, coefficient i of
 * the product is a_i + b a_(i-1) + c a_(i-3), where what wraps around is multiplied by xi. Dot
 * products spare Karatsuba's additions and most reductions (Longa, eprint 2022/367).
 */
static inline void fp12_mul_line(fp12 *out, const fp12 *a, const fp2 *b, const fp2 *c) {
    fp2_factor fb, fc, xi_b, xi_c;
    fp2 t;
    fp12 r;
    fp2_factor_set(&fb, b);
    fp2_factor_set(&fc, c);
    fp2_mul_xi(&t, b);
    fp2_factor_set(&xi_b, &t);
    fp2_mul_xi(&t, c);
    fp2_factor_set(&xi_c, &t);
    fp2_add_dot2(&r.c0.c0, &a->c0.c0, &a->c1.c2, &xi_b, &a->c1.c1, &xi_c);
    fp2_add_dot2(&r.c1.c0, &a->c1.c0, &a->c0.c0, &fb, &a->c0.c2, &xi_c);
    fp2_add_dot2(&r.c0.c1, &a->c0.c1, &a->c1.c0, &fb, &a->c1.c2, &xi_c);
    fp2_add_dot2(&r.c1.c1, &a->c1.c1, &a->c0.c1, &fb, &a->c0.c0, &fc);
    fp2_add_dot2(&r.c0.c2, &a->c0.c2, &a->c1.c1, &fb, &a->c1.c0, &fc);
    fp2_add_dot2(&r.c1.c2, &a->c1.c2, &a->c0.c2, &fb, &a->c0.c1, &fc);
    *out = r;
}

/* Complex squaring: c0 = (a0 + a1)(a0 + v a1) - a0 a1 - v a0 a1, c1 = 2 a0 a1. */
static inline void fp12_sqr(fp12 *out, const fp12 *a) {
    fp6 product, s, t;
    fp6_mul(&product, &a->c0, &a->c1);
    fp6_add(&s, &a->c0, &a->c1);
    fp6_mul_v(&t, &a->c1);
    fp6_add(&t, &t, &a->c0);
    fp6_mul(&s, &s, &t);
    fp6_sub(&s, &s, &product);
    fp6_mul_v(&t, &product);
    fp6_sub(&out->c0, &s, &t);
    fp6_add(&out->c1, &product, &product);
}

/* The conjugate a0 - a1 w = a^(p^6), which is 1/a in the cyclotomic subgroup. */
static inline void fp12_conj(fp12 *out, const fp12 *a) {
    out->c0 = a->c0;
    fp6_neg(&out->c1, &a->c1);
}

/* out = 1/a, and 0 for a = 0. */
static inline void fp12_inv(fp12 *out, const fp12 *a) {
    fp6 s, t;
    fp6_mul(&s, &a->c0, &a->c0);
    fp6_mul(&t, &a->c1, &a->c1);
    fp6_mul_v(&t, &t);
    fp6_sub(&s, &s, &t);
    fp6_inv(&s, &s);
    fp6_mul(&out->c0, &a->c0, &s);
    fp6_mul(&t, &a->c1, &s);
    fp6_neg(&out->c1, &t);
}

/* (c0, c1) = (a + b y)^2 in Fp4 = Fp2[y] / (y^2 - xi). */
static inline void fp4_sqr(fp2 *c0, fp2 *c1, const fp2 *a, const fp2 *b) {
    fp2 aa, bb, s;
    fp2_sqr(&aa, a);
    fp2_sqr(&bb, b);
    fp2_add(&s, a, b);
    fp2_sqr(&s, &s);
    fp2_sub(&s, &s, &aa);
    fp2_sub(c1, &s, &bb);
    fp2_mul_xi(&bb, &bb);
    fp2_add(c0, &aa, &bb);
}

/* out = 3 t - 2 z and out = 3 t + 2 z. */
static inline void fp2_triple_minus(fp2 *out, const fp2 *t, const fp2 *z) {
    fp2 s;
    fp2_sub(&s, t, z);
    fp2_double(&s, &s);
    fp2_add(out, &s, t);
}

static inline void fp2_triple_plus(fp2 *out, const fp2 *t, const fp2 *z) {
    fp2 s;
    fp2_add(&s, t, z);
    fp2_double(&s, &s);
    fp2_add(out, &s, t);
}

/* a^2 for a in the cyclotomic subgroup, a^(p^4 - p^2 + 1) = 1; elsewhere the result means nothing.
 */
static inline void fp12_cyclotomic_sqr(fp12 *out, const fp12 *a) {
    fp2 s0, s1, t0, t1, u0, u1;
    fp4_sqr(&s0, &s1, &a->c0.c0, &a->c1.c1);
    fp4_sqr(&t0, &t1, &a->c1.c0, &a->c0.c2);
    fp4_sqr(&u0, &u1, &a->c0.c1, &a->c1.c2);
    fp2_mul_xi(&u1, &u1);
    fp2_triple_minus(&out->c0.c0, &s0, &a->c0.c0);
    fp2_triple_plus(&out->c1.c1, &s1, &a->c1.c1);
    fp2_triple_minus(&out->c0.c1, &t0, &a->c0.c1);
    fp2_triple_plus(&out->c1.c2, &t1, &a->c1.c2);
    fp2_triple_minus(&out->c0.c2, &u0, &a->c0.c2);
    fp2_triple_plus(&out->c1.c0, &u1, &a->c1.c0);
}

/* out = a^p */
static inline void fp12_frobenius(fp12 *out, const fp12 *a) {
    fp2 t;
    fp2_conj(&out->c0.c0, &a->c0.c0);
    fp2_conj(&t, &a->c1.c0);
    fp2_mul(&out->c1.c0, &t, &FROBENIUS_P[0]);
    fp2_conj(&t, &a->c0.c1);
    fp2_mul(&out->c0.c1, &t, &FROBENIUS_P[1]);
    fp2_conj(&t, &a->c1.c1);
    fp2_mul(&out->c1.c1, &t, &FROBENIUS_P[2]);
    fp2_conj(&t, &a->c0.c2);
    fp2_mul(&out->c0.c2, &t, &FROBENIUS_P[3]);
    fp2_conj(&t, &a->c1.c2);
    fp2_mul(&out->c1.c2, &t, &FROBENIUS_P[4]);
}

/* out = a^(p^2) */
static inline void fp12_frobenius2(fp12 *out, const fp12 *a) {
    out->c0.c0 = a->c0.c0;
    fp2_mul_fp(&out->c1.c0, &a->c1.c0, &FROBENIUS_P2[0]);
    fp2_mul_fp(&out->c0.c1, &a->c0.c1, &FROBENIUS_P2[1]);
    fp2_mul_fp(&out->c1.c1, &a->c1.c1, &FROBENIUS_P2[2]);
    fp2_mul_fp(&out->c0.c2, &a->c0.c2, &FROBENIUS_P2[3]);
    fp2_mul_fp(&out->c1.c2, &a->c1.c2, &FROBENIUS_P2[4]);
}

#endif
