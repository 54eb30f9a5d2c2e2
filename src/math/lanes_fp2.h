/*
 * Eight elements of Fp2, for the coordinates of G2: the operations of lanes_scalar.h that
 * pairs_loops.h uses, over those of fp8 and the products fp8_complex_mul and fp8_complex_sqr that
 * each backend defines beside them.
 */
typedef struct {
    fp8 c0, c1;
} fp2x8;

static inline void fp2x8_load_x(fp2x8 *x, const point_ref p[LANES]) {
    fp8_load2(&x->c0, &x->c1, p, 0);
}

static inline void fp2x8_load_xy(fp2x8 *x, fp2x8 *y, const point_ref p[LANES]) {
    fp8_load2(&x->c0, &x->c1, p, 0);
    fp8_load2(&y->c0, &y->c1, p, sizeof(fp2));
}

static inline void fp2x8_store_xy(void *const p[LANES], const fp2x8 *x, const fp2x8 *y) {
    fp8_store2(p, 0, &x->c0, &x->c1);
    fp8_store2(p, sizeof(fp2), &y->c0, &y->c1);
}

static inline void fp2x8_mul(fp2x8 *o, const fp2x8 *a, const fp2x8 *b) {
    fp8_complex_mul(&o->c0, &o->c1, &a->c0, &a->c1, &b->c0, &b->c1);
}

static inline void fp2x8_sqr(fp2x8 *o, const fp2x8 *a) {
    fp8_complex_sqr(&o->c0, &o->c1, &a->c0, &a->c1);
}

static inline void fp2x8_sub(fp2x8 *o, const fp2x8 *a, const fp2x8 *b, uint64_t k) {
    fp8_sub(&o->c0, &a->c0, &b->c0, k);
    fp8_sub(&o->c1, &a->c1, &b->c1, k);
}

static inline void fp2x8_add(fp2x8 *o, const fp2x8 *a, const fp2x8 *b) {
    fp8_add(&o->c0, &a->c0, &b->c0);
    fp8_add(&o->c1, &a->c1, &b->c1);
}

static inline void fp2x8_tight(fp2x8 *a) {
    fp8_tight(&a->c0);
    fp8_tight(&a->c1);
}

static inline void fp2x8_tight_product(fp2x8 *a) {
    fp8_tight_product(&a->c0);
    fp8_tight_product(&a->c1);
}

static inline void fp2x8_slim(fp2x8 *a) {
    fp8_slim(&a->c0);
    fp8_slim(&a->c1);
}

static inline void fp2x8_from_square(fp2x8 *a) {
    fp8_from_square(&a->c0);
    fp8_from_square(&a->c1);
}

static inline void fp2x8_reduce(fp2x8 *a) {
    fp8_reduce(&a->c0);
    fp8_reduce(&a->c1);
}

static inline void fp2x8_canonical(fp2x8 *a) {
    fp8_canonical(&a->c0);
    fp8_canonical(&a->c1);
}

static inline void fp2x8_negate(fp2x8 *a, unsigned mask) {
    fp8_negate(&a->c0, mask);
    fp8_negate(&a->c1, mask);
}

static inline void fp2x8_copy(fp2x8 *o, const fp2x8 *a) {
    fp8_copy(&o->c0, &a->c0);
    fp8_copy(&o->c1, &a->c1);
}

static inline void fp2x8_select(fp2x8 *a, unsigned mask, const fp2x8 *b) {
    fp8_select(&a->c0, mask, &b->c0);
    fp8_select(&a->c1, mask, &b->c1);
}

static inline unsigned fp2x8_maybe_zero(const fp2x8 *a) {
    return fp8_maybe_zero(&a->c0) & fp8_maybe_zero(&a->c1);
}

static inline unsigned fp2x8_is_zero(const fp2x8 *a) {
    return fp8_is_zero(&a->c0) & fp8_is_zero(&a->c1);
}

static inline void fp2x8_to_scalars(fp2 out[LANES], const fp2x8 *a) {
    fp c0[LANES], c1[LANES];
    fp8_to_scalars(c0, &a->c0);
    fp8_to_scalars(c1, &a->c1);
    for (int i = 0; i < LANES; i++)
        out[i] = (fp2){c0[i], c1[i]};
}

static inline void fp2x8_from_inverses(fp2x8 *o, const fp2 in[LANES]) {
    fp c0[LANES], c1[LANES];
    for (int i = 0; i < LANES; i++) {
        c0[i] = in[i].c0;
        c1[i] = in[i].c1;
    }
    fp8_from_inverses(&o->c0, c0);
    fp8_from_inverses(&o->c1, c1);
}

static inline void fp2x8_slope(fp2x8 *a) {
    fp8_slope(&a->c0);
    fp8_slope(&a->c1);
}

/* 3 (c0 + c1 u)^2 = 3 (c0 + c1)(c0 - c1) + 6 c0 c1 u, by the products that each backend has. */
static inline void fp2x8_triple_square(fp2x8 *o, const fp2x8 *a) {
    fp2x8 s = *a;
    fp2x8_slim(&s);
    fp2x8_sqr(&s, &s);
    fp8_triple_data(&o->c0, &s.c0);
    fp8_triple_data(&o->c1, &s.c1);
}

static inline void fp2x8_tangent_factor(fp2x8 *inverse) {
    fp8_tangent_factor(&inverse->c0);
    fp8_tangent_factor(&inverse->c1);
}

static inline void fp2x8_one(fp2x8 *o) {
    fp8_one(&o->c0);
    fp8_zero(&o->c1);
}

/* Times an element of Fp, as a twiddle. */
static inline void fp2x8_mul_beta(fp2x8 *a, const uint8_t *beta) {
    fp8_mul_twiddle(&a->c0, &a->c0, beta);
    fp8_mul_twiddle(&a->c1, &a->c1, beta);
}

/* Lane i from base[stride * entry[i]]. */
static inline void fp2x8_pick(fp2x8 *o, const fp2x8 *base, size_t stride,
                              const uint8_t entry[LANES]) {
    fp8_pick(&o->c0, &base->c0, 2 * stride, entry);
    fp8_pick(&o->c1, &base->c1, 2 * stride, entry);
}

/* The same interface for G1's coordinates. */
static inline void fp8_mul_beta(fp8 *a, const uint8_t *beta) { fp8_mul_twiddle(a, a, beta); }

static inline void fp8_load_x(fp8 *x, const point_ref p[LANES]) { fp8_load1(x, p, 0); }

static inline void fp8_load_xy(fp8 *x, fp8 *y, const point_ref p[LANES]) { fp8_load2(x, y, p, 0); }

static inline void fp8_store_xy(void *const p[LANES], const fp8 *x, const fp8 *y) {
    fp8_store2(p, 0, x, y);
}

static inline void fp8_triple_square(fp8 *o, const fp8 *a) {
    fp8 s = *a;
    fp8_slim(&s);
    fp8_sqr(&s, &s);
    fp8_triple_data(o, &s);
}
