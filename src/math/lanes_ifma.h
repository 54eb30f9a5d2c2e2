/*
 * Eight elements of a field in five vectors of 52-bit limbs, for AVX-512 IFMA: the operations of
 * lanes_scalar.h, whose comments say what each promises. Included with FIELD and LANE defined, and
 * with the constants of ifma_constants.h, after ifma_native.h or ifma_model.h.
 *
 * Vector i holds limb i of all eight elements. *Tight*: all limbs in [0, 2^52). *Loose*: limbs are
 * signed 64-bit integers below 2^62 in magnitude and the value is in [0, 2^260). Sums and
 * differences are limb by limb; tight() propagates carries in order, from the lowest limb to the
 * highest.
 *
 * mul is Montgomery's product with radix 2^260. Elements in memory keep the library's radix 2^256,
 * so that nothing is converted: call x "data" when the limbs hold x 2^256, and a "multiplier" when
 * they hold x 2^260; data times multiplier is data. In an affine addition the slope l comes out of
 * from_inverses() as l 2^258: its square is l^2 2^256, data, and four times it is the multiplier.
 *
 * Bound of mul: below a b / 2^260 + 2.001 p, where 2^260 > 84 p. A column sums at most 20 products'
 * halves, or 30 in mul_add, so it stays below 2^58.
 */
#define LANE_PASTE(a, b) a##_##b
#define LANE_JOIN(a, b) LANE_PASTE(a, b)
#define LANE_FN(op) LANE_JOIN(LANE, op)
#define FIELD_FN(op) LANE_JOIN(FIELD, op)
#ifdef ZKM_IFMA_MODEL /* unrolled and inlined it would take minutes to compile */
#define IFMA_INLINE static __attribute__((noinline, unused))
#define UNROLL
#else
#define IFMA_INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 16")
#endif

typedef struct {
    v8 l[5];
} LANE;

IFMA_INLINE v8 LANE_FN(limb_mask)(void) { return v8_set1((UINT64_C(1) << 52) - 1); }

/* From four vectors of 64-bit limbs. */
IFMA_INLINE void LANE_FN(from_columns)(LANE *o, v8 c0, v8 c1, v8 c2, v8 c3) {
    const v8 m = LANE_FN(limb_mask)();
    o->l[0] = v8_and(c0, m);
    o->l[1] = v8_or_and(v8_shr(c0, 52), v8_shl(c1, 12), m);
    o->l[2] = v8_or_and(v8_shr(c1, 40), v8_shl(c2, 24), m);
    o->l[3] = v8_or_and(v8_shr(c2, 28), v8_shl(c3, 36), m);
    o->l[4] = v8_shr(c3, 16);
}

/* Eight elements of four 64-bit limbs; rows 0 and 2, 1 and 3, 4 and 6, 5 and 7 share vectors, which
 * leaves the columns in order. */
IFMA_INLINE void LANE_FN(load1)(LANE *o, const point_ref p[LANES], size_t offset) {
    const v8 a = v8_load_halves((const void *)(p[0] + offset), (const void *)(p[2] + offset));
    const v8 b = v8_load_halves((const void *)(p[1] + offset), (const void *)(p[3] + offset));
    const v8 c = v8_load_halves((const void *)(p[4] + offset), (const void *)(p[6] + offset));
    const v8 d = v8_load_halves((const void *)(p[5] + offset), (const void *)(p[7] + offset));
    const v8 ab_even = v8_even(a, b), cd_even = v8_even(c, d);
    const v8 ab_odd = v8_odd(a, b), cd_odd = v8_odd(c, d);
    LANE_FN(from_columns)
    (o, v8_outer(ab_even, cd_even), v8_outer(ab_odd, cd_odd), v8_inner(ab_even, cd_even),
     v8_inner(ab_odd, cd_odd));
}

IFMA_INLINE void LANE_FN(load2)(LANE *a, LANE *b, const point_ref p[LANES], size_t offset) {
    LANE_FN(load1)(a, p, offset);
    LANE_FN(load1)(b, p, offset + sizeof(FIELD));
}

IFMA_INLINE void LANE_FN(store1)(uint8_t *const p[LANES], const LANE *a) {
    const v8 c0 = v8_or(a->l[0], v8_shl(a->l[1], 52));
    const v8 c1 = v8_or(v8_shr(a->l[1], 12), v8_shl(a->l[2], 40));
    const v8 c2 = v8_or(v8_shr(a->l[2], 24), v8_shl(a->l[3], 28));
    const v8 c3 = v8_or(v8_shr(a->l[3], 36), v8_shl(a->l[4], 16));
    const v8 low_even = v8_even(c0, c1), high_even = v8_even(c2, c3);
    const v8 low_odd = v8_odd(c0, c1), high_odd = v8_odd(c2, c3);
    v8_store_halves(p[0], p[2], v8_low_pairs(low_even, high_even));
    v8_store_halves(p[1], p[3], v8_low_pairs(low_odd, high_odd));
    v8_store_halves(p[4], p[6], v8_high_pairs(low_even, high_even));
    v8_store_halves(p[5], p[7], v8_high_pairs(low_odd, high_odd));
}

IFMA_INLINE void LANE_FN(store2)(void *const p[LANES], size_t offset, const LANE *a,
                                 const LANE *b) {
    uint8_t *at[LANES];
    for (int i = 0; i < LANES; i++)
        at[i] = (uint8_t *)p[i] + offset;
    LANE_FN(store1)(at, a);
    for (int i = 0; i < LANES; i++)
        at[i] += sizeof(FIELD);
    LANE_FN(store1)(at, b);
}

/* Rows 2 i and 2 i + 1 in pairs; then from four vectors with the pairs of one parity of columns. */
IFMA_INLINE void LANE_FN(transpose)(LANE *const out[LANES], const LANE in[LANES]) {
    UNROLL for (int l = 0; l < 5; l++) {
        v8 pairs[2][4];
        UNROLL for (int i = 0; i < 4; i++) {
            pairs[0][i] = v8_even(in[2 * i].l[l], in[2 * i + 1].l[l]);
            pairs[1][i] = v8_odd(in[2 * i].l[l], in[2 * i + 1].l[l]);
        }
        UNROLL for (int odd = 0; odd < 2; odd++) {
            const v8 *p = pairs[odd];
            const v8 a = v8_outer(p[0], p[1]), b = v8_outer(p[2], p[3]);
            const v8 c = v8_inner(p[0], p[1]), d = v8_inner(p[2], p[3]);
            out[odd]->l[l] = v8_outer(a, b);
            out[odd + 4]->l[l] = v8_inner(a, b);
            out[odd + 2]->l[l] = v8_outer(c, d);
            out[odd + 6]->l[l] = v8_inner(c, d);
        }
    }
}

IFMA_INLINE void LANE_FN(load_row)(LANE *o, const FIELD *p) {
    point_ref at[LANES];
    for (int i = 0; i < LANES; i++)
        at[i] = (point_ref)(p + i);
    LANE_FN(load1)(o, at, 0);
}

IFMA_INLINE void LANE_FN(store_row)(FIELD *p, const LANE *a) {
    uint8_t *at[LANES];
    for (int i = 0; i < LANES; i++)
        at[i] = (uint8_t *)(p + i);
    LANE_FN(store1)(at, a);
}

IFMA_INLINE void LANE_FN(splat)(LANE *o, const uint64_t limbs[5]) {
    UNROLL for (int i = 0; i < 5; i++) o->l[i] = v8_set1(limbs[i]);
}

IFMA_INLINE void LANE_FN(tight)(LANE *a) {
    const v8 m = LANE_FN(limb_mask)();
    UNROLL for (int i = 0; i < 4; i++) {
        a->l[i + 1] = v8_add(a->l[i + 1], v8_sar(a->l[i], 52));
        a->l[i] = v8_and(a->l[i], m);
    }
}

IFMA_INLINE void LANE_FN(tight_product)(LANE *a) { LANE_FN(tight)(a); }

IFMA_INLINE void LANE_FN(slim)(LANE *a) { (void)a; }

/* Adds the columns of a b to t. */
IFMA_INLINE void LANE_FN(columns)(v8 t[10], const LANE *a, const LANE *b) {
    UNROLL for (int i = 0; i < 5; i++) {
        UNROLL for (int j = 0; j < 5; j++) {
            t[i + j] = v8_madd_lo(t[i + j], a->l[i], b->l[j]);
            t[i + j + 1] = v8_madd_hi(t[i + j + 1], a->l[i], b->l[j]);
        }
    }
}

/*
 * Montgomery's reduction of columns t; the result is loose, with limbs in [0, 2^58).
 *
 * Let n = (p k + 1) / 2^52 with k = -1/p mod 2^52. With t0 the lowest 52 bits of T,
 * (T + t0 k p) / 2^52 = (T - t0) / 2^52 + t0 n: a step that needs no quotient first. Four such
 * steps leave T < a b / 2^208 + 2^52 p (1 + 2^-51), since n < p; a step of the usual kind, with a
 * quotient below 2^52, makes that less than a b / 2^260 + 2.001 p.
 */
IFMA_INLINE void LANE_FN(montgomery)(LANE *o, v8 t[10]) {
    UNROLL for (int i = 0; i < 4; i++) {
        t[i + 1] = v8_add(t[i + 1], v8_shr(t[i], 52));
        UNROLL for (int j = 0; j < 5; j++) {
            const v8 n = v8_set1(FIELD_FN(IFMA_STEP)[j]);
            t[i + j + 1] = v8_madd_lo(t[i + j + 1], t[i], n);
            t[i + j + 2] = v8_madd_hi(t[i + j + 2], t[i], n);
        }
    }
    const v8 m = v8_madd_lo(v8_zero(), t[4], v8_set1(FIELD_FN(IFMA_NEG_INV)));
    const v8 carry = v8_madd_lo(t[4], m, v8_set1(FIELD_FN(IFMA_MODULUS)[0]));
    t[5] = v8_add(t[5], v8_shr(carry, 52));
    UNROLL for (int j = 0; j < 5; j++) {
        const v8 p = v8_set1(FIELD_FN(IFMA_MODULUS)[j]);
        if (j != 0)
            t[j + 4] = v8_madd_lo(t[j + 4], m, p);
        t[j + 5] = v8_madd_hi(t[j + 5], m, p);
    }
    UNROLL for (int i = 0; i < 5; i++) o->l[i] = t[i + 5];
}

IFMA_INLINE void LANE_FN(mul)(LANE *o, const LANE *a, const LANE *b) {
    v8 t[10];
    UNROLL for (int k = 0; k < 10; k++) t[k] = v8_zero();
    LANE_FN(columns)(t, a, b);
    LANE_FN(montgomery)(o, t);
}

/* a b + c d with one reduction. */
IFMA_INLINE void LANE_FN(mul_add)(LANE *o, const LANE *a, const LANE *b, const LANE *c,
                                  const LANE *d) {
    v8 t[10];
    UNROLL for (int k = 0; k < 10; k++) t[k] = v8_zero();
    LANE_FN(columns)(t, a, b);
    LANE_FN(columns)(t, c, d);
    LANE_FN(montgomery)(o, t);
}

IFMA_INLINE void LANE_FN(sqr)(LANE *o, const LANE *a) { LANE_FN(mul)(o, a, a); }

IFMA_INLINE void LANE_FN(add)(LANE *o, const LANE *a, const LANE *b) {
    UNROLL for (int i = 0; i < 5; i++) o->l[i] = v8_add(a->l[i], b->l[i]);
}

/* a - b + k p */
IFMA_INLINE void LANE_FN(sub)(LANE *o, const LANE *a, const LANE *b, uint64_t k) {
    UNROLL for (int i = 0; i < 5; i++) {
        const v8 offset = v8_set1(k * FIELD_FN(IFMA_MODULUS)[i]);
        o->l[i] = v8_add(v8_sub(a->l[i], b->l[i]), offset);
    }
}

/*
 * For a below 2^257 subtracts k p, k = floor(floor(a / 2^253) 2^253 / p), which leaves less
 * than 1.7 p: the largest of (i + 1) 2^253 - k_i p over i < 16 is 1.66 p. The upper limb is read
 * before carries reach it; they could change i only within 2^216 of a multiple of 2^253, and k_i p
 * lies at least 0.25 p below i 2^253 unless k_i = 0, so the result stays positive.
 */
IFMA_INLINE void LANE_FN(reduce)(LANE *a) {
    const v8 i = v8_shr(a->l[4], 253 - 4 * 52);
    UNROLL for (int j = 0; j < 5; j++) {
        const uint64_t *multiples = FIELD_FN(IFMA_MULTIPLES)[j];
        a->l[j] = v8_sub(a->l[j], v8_lookup(v8_load(multiples), v8_load(multiples + 8), i));
    }
    LANE_FN(tight)(a);
}

IFMA_INLINE void LANE_FN(reduce_product)(LANE *a) { LANE_FN(reduce)(a); }

IFMA_INLINE void LANE_FN(canonical)(LANE *a) {
    LANE d;
    UNROLL for (int i = 0; i < 5; i++) {
        d.l[i] = v8_sub(a->l[i], v8_set1(FIELD_FN(IFMA_MODULUS)[i]));
    }
    LANE_FN(tight)(&d);
    const unsigned below = v8_negative(d.l[4]);
    UNROLL for (int i = 0; i < 5; i++) a->l[i] = v8_select(d.l[i], below, a->l[i]);
}

IFMA_INLINE void LANE_FN(negate)(LANE *a, unsigned mask) {
    UNROLL for (int i = 0; i < 5; i++) {
        const v8 minus = v8_sub(v8_set1(2 * FIELD_FN(IFMA_MODULUS)[i]), a->l[i]);
        a->l[i] = v8_select(a->l[i], mask, minus);
    }
}

IFMA_INLINE void LANE_FN(copy)(LANE *o, const LANE *a) { *o = *a; }

IFMA_INLINE void LANE_FN(select)(LANE *a, unsigned mask, const LANE *b) {
    UNROLL for (int i = 0; i < 5; i++) a->l[i] = v8_select(a->l[i], mask, b->l[i]);
}

static inline void LANE_FN(pick)(LANE *o, const LANE *base, size_t stride,
                                 const uint8_t entry[LANES]) {
    for (int i = 0; i < LANES; i++)
        for (int k = 0; k < 5; k++)
            memcpy((uint64_t *)&o->l[k] + i, (const uint64_t *)&base[stride * entry[i]].l[k] + i,
                   sizeof(uint64_t));
}

/* k p with k < 4 has k as the quotient of its lowest limb by p's modulo 2^52. */
IFMA_INLINE unsigned LANE_FN(maybe_zero)(const LANE *a) {
    const v8 k = v8_madd_lo(v8_zero(), a->l[0], v8_set1(FIELD_FN(IFMA_INV)));
    return v8_below(k, v8_set1(4));
}

/* Lanes that are 0, for a canonical value. */
IFMA_INLINE unsigned LANE_FN(is_zero)(const LANE *a) {
    v8 all = a->l[0];
    UNROLL for (int i = 1; i < 5; i++) all = v8_or(all, a->l[i]);
    return v8_equal(all, v8_zero());
}

IFMA_INLINE void LANE_FN(to_scalars)(FIELD out[LANES], const LANE *a) {
    LANE t = *a;
    LANE_FN(reduce)(&t);
    LANE_FN(canonical)(&t);
    LANE_FN(store_row)(out, &t);
}

/*
 * For data x 2^256 scalar code finds 2^512 / (x 2^256) = 2^256 / x. Times 2^6 it is 2^262 / x, and
 * its mul with data y 2^256 is y/x 2^258.
 */
IFMA_INLINE void LANE_FN(from_inverses)(LANE *o, const FIELD in[LANES]) {
    FIELD scaled[LANES], factor;
    FIELD_FN(set_u64)(&factor, 64);
    for (int i = 0; i < LANES; i++)
        FIELD_FN(mul)(&scaled[i], &in[i], &factor);
    LANE_FN(load_row)(o, scaled);
}

IFMA_INLINE void LANE_FN(slope)(LANE *a) {
    UNROLL for (int i = 0; i < 5; i++) a->l[i] = v8_shl(a->l[i], 2);
    LANE_FN(tight)(a);
}

IFMA_INLINE void LANE_FN(from_square)(LANE *a) { (void)a; }

/* The product of two data lacks a factor 2^4; the multiplier 48 restores it and triples. */
IFMA_INLINE void LANE_FN(triple_data)(LANE *o, const LANE *a) {
    LANE t = *a, triple;
    LANE_FN(tight)(&t);
    LANE_FN(splat)(&triple, FIELD_FN(IFMA_48));
    LANE_FN(mul)(o, &t, &triple);
}

/* 24 times x^2 / 16. */
IFMA_INLINE void LANE_FN(tangent_factor)(LANE *inverse) {
    LANE factor;
    LANE_FN(splat)(&factor, FIELD_FN(IFMA_24));
    LANE_FN(mul)(inverse, inverse, &factor);
    LANE_FN(tight)(inverse);
}

IFMA_INLINE void LANE_FN(one)(LANE *o) { LANE_FN(splat)(o, FIELD_FN(IFMA_ONE)); }

IFMA_INLINE void LANE_FN(shrink)(LANE *a) {
    LANE one;
    LANE_FN(tight)(a);
    LANE_FN(one)(&one);
    LANE_FN(mul)(a, a, &one);
}

IFMA_INLINE void LANE_FN(zero)(LANE *o) { UNROLL for (int i = 0; i < 5; i++) o->l[i] = v8_zero(); }

IFMA_INLINE void LANE_FN(multiplier)(LANE *a) {
    LANE factor;
    LANE_FN(splat)(&factor, FIELD_FN(IFMA_16));
    LANE_FN(mul)(a, a, &factor);
    LANE_FN(tight)(a);
}

/* x 2^256 times 2^4 / 2^260 is x. */
IFMA_INLINE void LANE_FN(integer)(LANE *a) {
    static const uint64_t sixteen[5] = {16};
    LANE factor;
    LANE_FN(splat)(&factor, sixteen);
    LANE_FN(mul)(a, a, &factor);
    LANE_FN(reduce)(a);
    LANE_FN(canonical)(a);
}

IFMA_INLINE void LANE_FN(mul_twiddle)(LANE *o, const LANE *a, const uint8_t *twiddle) {
    LANE x = *a, t;
    LANE_FN(tight)(&x);
    LANE_FN(splat)(&t, (const uint64_t *)(const void *)twiddle);
    LANE_FN(mul)(o, &x, &t);
}

/* Sixteen times x 2^256 mod p, in limbs of 52 bits. */
static inline void FIELD_FN(twiddles)(uint8_t *out, const FIELD *in, size_t n) {
    const uint64_t m = (UINT64_C(1) << 52) - 1;
    for (size_t i = 0; i < n; i++, out += TWIDDLE_BYTES) {
        FIELD t = in[i];
        for (int k = 0; k < 4; k++)
            FIELD_FN(double)(&t, &t);
        const uint64_t limbs[5] = {t.l[0] & m, (t.l[0] >> 52 | t.l[1] << 12) & m,
                                   (t.l[1] >> 40 | t.l[2] << 24) & m,
                                   (t.l[2] >> 28 | t.l[3] << 36) & m, t.l[3] >> 16};
        memcpy(out, limbs, sizeof limbs);
    }
}

/* Sixteen times the second factor, below 16p, makes the product of two data come out as data. */
static inline void FIELD_FN(mul_vector)(FIELD *out, const FIELD *a, const FIELD *b, size_t n) {
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        LANE x, y;
        LANE_FN(load_row)(&x, a + i);
        LANE_FN(load_row)(&y, b + i);
        UNROLL for (int k = 0; k < 5; k++) y.l[k] = v8_shl(y.l[k], 4);
        LANE_FN(tight)(&y);
        LANE_FN(mul)(&x, &x, &y);
        LANE_FN(reduce)(&x);
        LANE_FN(canonical)(&x);
        LANE_FN(store_row)(out + i, &x);
    }
    for (; i < n; i++)
        FIELD_FN(mul)(&out[i], &a[i], &b[i]);
}

#undef UNROLL
#undef IFMA_INLINE
#undef FIELD_FN
#undef LANE_FN
#undef LANE_JOIN
#undef LANE_PASTE
