/*
 * Eight elements of a field in ten vectors of four doubles, for AVX2 with FMA: the operations of
 * lanes_scalar.h, whose comments say what each promises. Included with FIELD and LANE defined, and
 * with the constants of fma_constants.h, after fma_product.h.
 *
 * An element is sum_i l[i] 2^(51 i) with l[i] an integer held exactly in a double, of either sign.
 *
 * Bounds, in units u = 2^50. *Tight*: |l[i]| <= u + 8 for i < 4 and |l[4]| <= 0.8 u, which holds
 * when the value is at most 1.05 p in magnitude. tight() and reduce() are one operation: they leave
 * at most 0.51 p. A product of a and b has at most 0.38 |a| |b| / p + 0.63 p, so at most 1.04 p
 * when its operands have no more; its limbs are carried, so it is tight. *Loose*: |l[i]| <= 4.6 u
 * and at most 6 p. What is loaded lies in [-p, p) with |l[i]| < 1.87 u.
 *
 * mul is Montgomery's product with radix 2^255. "Data" stand for x 2^256, as elements in memory do,
 * and a "multiplier" for x 2^255. A slope comes as a multiplier; from_square() doubles its square.
 */
#define LANE_PASTE(a, b) a##_##b
#define LANE_JOIN(a, b) LANE_PASTE(a, b)
#define LANE_FN(op) LANE_JOIN(LANE, op)
#define FIELD_FN(op) LANE_JOIN(FIELD, op)
/* One copy of each product stays in the processor's cache of decoded instructions. */
#define FMA_SHARED static __attribute__((noinline, unused))

#ifndef LANES_FMA_ONCE
#define LANES_FMA_ONCE
/* Carries in order, after which all limbs but the last lie in [0, 2^51). */
FMA_INLINE void fma_limbs_floor(v4 l[5]) {
    UNROLL for (int i = 0; i < 4; i++) {
        const v4 carry = v4_floor(v4_mul(l[i], v4_set1(1 / FMA_RADIX)));
        l[i] = v4_fnma(carry, v4_set1(FMA_RADIX), l[i]);
        l[i + 1] = v4_add(l[i + 1], carry);
    }
}

/* Four 256-bit integers, given as columns of 64-bit limbs, less the number with limbs `offset`. */
FMA_INLINE void fma_limbs_from_columns(v4 l[5], const v4i c[4], const double offset[5]) {
    const v4i m = v4i_set1((UINT64_C(1) << 51) - 1), exponent = v4_bits(v4_set1(0x1p52));
    const v4i digit[5] = {
        v4i_and(c[0], m),
        v4i_and(v4i_or(v4i_shr(c[0], 51), v4i_shl(c[1], 13)), m),
        v4i_and(v4i_or(v4i_shr(c[1], 38), v4i_shl(c[2], 26)), m),
        v4i_and(v4i_or(v4i_shr(c[2], 25), v4i_shl(c[3], 39)), m),
        v4i_shr(c[3], 12),
    };
    UNROLL for (int i = 0; i < 5; i++) l[i] =
        v4_sub(v4_from_bits(v4i_or(digit[i], exponent)), v4_set1(0x1p52 + offset[i]));
}

/* The integers in limbs as fma_limbs_floor leaves them, none negative. */
FMA_INLINE void fma_limbs_to_columns(v4i c[4], const v4 l[5]) {
    const v4i m = v4i_set1((UINT64_C(1) << 52) - 1);
    v4i d[5];
    UNROLL for (int i = 0; i < 5; i++) d[i] = v4i_and(v4_bits(v4_add(l[i], v4_set1(0x1p52))), m);
    c[0] = v4i_or(d[0], v4i_shl(d[1], 51));
    c[1] = v4i_or(v4i_shr(d[1], 13), v4i_shl(d[2], 38));
    c[2] = v4i_or(v4i_shr(d[2], 26), v4i_shl(d[3], 25));
    c[3] = v4i_or(v4i_shr(d[3], 39), v4i_shl(d[4], 12));
}

/* Digits in [-2^50, 2^50) of a signed number below 2^255 in two's complement, the last unbounded.
 */
static inline void fma_digits(double out[5], const uint64_t in[4]) {
    const uint64_t m = (UINT64_C(1) << 51) - 1;
    const uint64_t digit[4] = {in[0] & m, (in[0] >> 51 | in[1] << 13) & m,
                               (in[1] >> 38 | in[2] << 26) & m, (in[2] >> 25 | in[3] << 39) & m};
    int64_t carry = 0;
    for (int i = 0; i < 4; i++) {
        int64_t d = (int64_t)digit[i] + carry;
        carry = d >= INT64_C(1) << 50;
        out[i] = (double)(d - (carry << 51));
    }
    out[4] = (double)(((int64_t)in[3] >> 12) + carry);
}
#endif

typedef struct {
    v4 l[HALVES][5];
} LANE;

FMA_INLINE void LANE_FN(load1)(LANE *o, const point_ref p[LANES], size_t offset) {
    UNROLL for (int h = 0; h < HALVES; h++) {
        const void *row[4];
        v4i c[4];
        UNROLL for (int i = 0; i < 4; i++) row[i] = (const void *)(p[4 * h + i] + offset);
        v4i_load_columns(c, row);
        fma_limbs_from_columns(o->l[h], c, FIELD_FN(FMA_DIGITS));
    }
}

FMA_INLINE void LANE_FN(load2)(LANE *a, LANE *b, const point_ref p[LANES], size_t offset) {
    LANE_FN(load1)(a, p, offset);
    LANE_FN(load1)(b, p, offset + sizeof(FIELD));
}

FMA_INLINE void LANE_FN(load_row)(LANE *o, const FIELD *p) {
    point_ref at[LANES];
    UNROLL for (int i = 0; i < LANES; i++) at[i] = (point_ref)(p + i);
    LANE_FN(load1)(o, at, 0);
}

/* The value plus p. */
FMA_INLINE void LANE_FN(store1)(void *const p[LANES], size_t offset, const LANE *a) {
    UNROLL for (int h = 0; h < HALVES; h++) {
        v4 l[5];
        v4i c[4];
        void *row[4];
        UNROLL for (int i = 0; i < 5; i++) l[i] =
            v4_add(a->l[h][i], v4_set1(FIELD_FN(FMA_MODULUS)[i]));
        fma_limbs_floor(l);
        fma_limbs_to_columns(c, l);
        UNROLL for (int i = 0; i < 4; i++) row[i] = (uint8_t *)p[4 * h + i] + offset;
        v4i_store_columns(row, c);
    }
}

FMA_INLINE void LANE_FN(store2)(void *const p[LANES], size_t offset, const LANE *a, const LANE *b) {
    LANE_FN(store1)(p, offset, a);
    LANE_FN(store1)(p, offset + sizeof(FIELD), b);
}

FMA_INLINE void LANE_FN(store_row)(FIELD *p, const LANE *a) {
    void *at[LANES];
    UNROLL for (int i = 0; i < LANES; i++) at[i] = p + i;
    LANE_FN(store1)(at, 0, a);
}

FMA_INLINE void LANE_FN(splat)(LANE *o, const double limbs[5]) {
    UNROLL for (int h = 0; h < HALVES; h++) {
        UNROLL for (int i = 0; i < 5; i++) o->l[h][i] = v4_set1(limbs[i]);
    }
}

/*
 * Subtracts round(l[4] 2^204 / p) p, which leaves at most p / 2 and what the lower limbs and the
 * rounding amount to, less than 2^207.
 */
FMA_INLINE void LANE_FN(reduce_limbs)(v4 l[5]) {
    const v4 q = v4_sub(v4_fma(l[4], v4_set1(FIELD_FN(FMA_QUOTIENT)), v4_set1(FMA_ROUND)),
                        v4_set1(FMA_ROUND));
    UNROLL for (int i = 0; i < 5; i++) l[i] = v4_fnma(q, v4_set1(FIELD_FN(FMA_MODULUS)[i]), l[i]);
    fma_limbs_carry(l);
}

FMA_INLINE void LANE_FN(reduce)(LANE *a) {
    UNROLL for (int h = 0; h < HALVES; h++) LANE_FN(reduce_limbs)(a->l[h]);
}

FMA_INLINE void LANE_FN(reduce_product)(LANE *a) { (void)a; }

FMA_INLINE void LANE_FN(tight)(LANE *a) { LANE_FN(reduce)(a); }
FMA_INLINE void LANE_FN(tight_product)(LANE *a) { (void)a; }
FMA_INLINE void LANE_FN(slim)(LANE *a) { LANE_FN(reduce)(a); }
FMA_INLINE void LANE_FN(shrink)(LANE *a) { LANE_FN(reduce)(a); }

FMA_SHARED void LANE_FN(mul)(LANE *o, const LANE *a, const LANE *b) {
#ifdef ZKM_FMA_MODEL
    fma_mul(o->l, a->l, b->l, FIELD_FN(FMA_VECTORS));
#else
    V4_RUN(FMA_MUL_CODE, FMA_MUL_SLOTS, o->l, a->l, b->l, FIELD_FN(FMA_VECTORS));
#endif
}

FMA_SHARED void LANE_FN(sqr)(LANE *o, const LANE *a) {
#ifdef ZKM_FMA_MODEL
    fma_sqr(o->l, a->l, FIELD_FN(FMA_VECTORS));
#else
    V4_RUN(FMA_SQR_CODE, FMA_SQR_SLOTS, o->l, a->l, a->l, FIELD_FN(FMA_VECTORS));
#endif
}

/* In registers, where an assignment is a call. */
FMA_INLINE void LANE_FN(copy)(LANE *o, const LANE *a) {
    EACH_HALF UNROLL for (int i = 0; i < 5; i++) o->l[h][i] = a->l[h][i];
}

FMA_SHARED void LANE_FN(mul_twiddle)(LANE *o, const LANE *a, const uint8_t *twiddle) {
    const double *limbs = (const double *)(const void *)twiddle;
    LANE x, y;
    LANE_FN(copy)(&x, a);
    LANE_FN(reduce)(&x);
    EACH_HALF UNROLL for (int i = 0; i < 5; i++) y.l[h][i] = v4_set1(limbs[i]);
    LANE_FN(mul)(o, &x, &y);
}

FMA_INLINE void LANE_FN(add)(LANE *o, const LANE *a, const LANE *b) {
    UNROLL for (int h = 0; h < HALVES; h++) {
        UNROLL for (int i = 0; i < 5; i++) o->l[h][i] = v4_add(a->l[h][i], b->l[h][i]);
    }
}

FMA_INLINE void LANE_FN(sub)(LANE *o, const LANE *a, const LANE *b, uint64_t k) {
    (void)k;
    UNROLL for (int h = 0; h < HALVES; h++) {
        UNROLL for (int i = 0; i < 5; i++) o->l[h][i] = v4_sub(a->l[h][i], b->l[h][i]);
    }
}

/*
 * From a tight value, less than p in magnitude, to [-p, 0), which the stores bring to [0, p). The
 * sign is that of the highest limb that is not 0, as the ones below amount to 0.51 of a unit of it.
 */
FMA_INLINE void LANE_FN(canonical)(LANE *a) {
    UNROLL for (int h = 0; h < HALVES; h++) {
        v4 *l = a->l[h];
        v4 sum = l[4];
        UNROLL for (int i = 4; i-- > 0;) sum = v4_fma(sum, v4_set1(FMA_RADIX), l[i]);
        const v4i negative = v4_is_negative(sum);
        UNROLL for (int i = 0; i < 5; i++) {
            const v4 p = v4_set1(FIELD_FN(FMA_MODULUS)[i]);
            l[i] = v4_select(v4_sub(l[i], p), negative, l[i]);
        }
    }
}

FMA_INLINE void LANE_FN(negate)(LANE *a, unsigned mask) {
    UNROLL for (int h = 0; h < HALVES; h++) {
        const v4i spread = v4_spread(mask >> 4 * h & 15);
        UNROLL for (int i = 0; i < 5; i++) a->l[h][i] = v4_flip_sign(a->l[h][i], spread);
    }
}

FMA_INLINE void LANE_FN(select)(LANE *a, unsigned mask, const LANE *b) {
    UNROLL for (int h = 0; h < HALVES; h++) {
        const v4i spread = v4_spread(mask >> 4 * h & 15);
        UNROLL for (int i = 0; i < 5; i++) a->l[h][i] = v4_select(a->l[h][i], spread, b->l[h][i]);
    }
}

FMA_INLINE void LANE_FN(transpose)(LANE *const out[LANES], const LANE in[LANES]) {
    UNROLL for (int h = 0; h < HALVES; h++) {
        UNROLL for (int k = 0; k < HALVES; k++) {
            UNROLL for (int i = 0; i < 5; i++) {
                v4 rows[4], columns[4];
                UNROLL for (int r = 0; r < 4; r++) rows[r] = in[4 * h + r].l[k][i];
                v4_transpose(columns, rows);
                UNROLL for (int c = 0; c < 4; c++) out[4 * k + c]->l[h][i] = columns[c];
            }
        }
    }
}

static inline void LANE_FN(pick)(LANE *o, const LANE *base, size_t stride,
                                 const uint8_t entry[LANES]) {
    for (int i = 0; i < LANES; i++)
        for (int k = 0; k < 5; k++)
            memcpy((double *)&o->l[i / 4][k] + i % 4,
                   (const double *)&base[stride * entry[i]].l[i / 4][k] + i % 4, sizeof(double));
}

/* A tight multiple of p below 1.05 p in magnitude is 0 or +-p, which its lowest limb tells. */
FMA_INLINE unsigned LANE_FN(maybe_zero)(const LANE *a) {
    unsigned mask = 0;
    UNROLL for (int h = 0; h < HALVES; h++) {
        const v4 l = a->l[h][0], p = v4_set1(FIELD_FN(FMA_MODULUS)[0]);
        mask |= (v4_mask(v4_equal(l, v4_set1(0))) | v4_mask(v4_equal(l, p)) |
                 v4_mask(v4_equal(l, v4_sub(v4_set1(0), p))))
                << 4 * h;
    }
    return mask;
}

/* Canonical values stand for themselves less p. */
FMA_INLINE unsigned LANE_FN(is_zero)(const LANE *a) {
    unsigned mask = 0;
    UNROLL for (int h = 0; h < HALVES; h++) {
        v4 l[5];
        UNROLL for (int i = 0; i < 5; i++) l[i] =
            v4_add(a->l[h][i], v4_set1(FIELD_FN(FMA_MODULUS)[i]));
        fma_limbs_floor(l);
        unsigned zero = 15;
        UNROLL for (int i = 0; i < 5; i++) zero &= v4_mask(v4_equal(l[i], v4_set1(0)));
        mask |= zero << 4 * h;
    }
    return mask;
}

FMA_INLINE void LANE_FN(to_scalars)(FIELD out[LANES], const LANE *a) {
    LANE t = *a;
    LANE_FN(reduce)(&t);
    LANE_FN(canonical)(&t);
    LANE_FN(store_row)(out, &t);
}

FMA_INLINE void LANE_FN(mul_constant)(LANE *a, const double limbs[5]) {
    LANE factor;
    LANE_FN(splat)(&factor, limbs);
    LANE_FN(mul)(a, a, &factor);
}

/* For data x 2^256 scalar code finds 2^256 / x; as 2^254 / x its mul with data y 2^256 is the
 * multiplier y/x 2^255. */
FMA_INLINE void LANE_FN(from_inverses)(LANE *o, const FIELD in[LANES]) {
    LANE_FN(load_row)(o, in);
    LANE_FN(reduce)(o);
    LANE_FN(mul_constant)(o, FIELD_FN(FMA_QUARTER));
}

FMA_INLINE void LANE_FN(slope)(LANE *a) { (void)a; }

FMA_INLINE void LANE_FN(from_square)(LANE *a) { LANE_FN(add)(a, a, a); }

/* The product of two data is twice their field product as data. */
FMA_INLINE void LANE_FN(triple_data)(LANE *o, const LANE *a) {
    *o = *a;
    LANE_FN(mul_constant)(o, FIELD_FN(FMA_THREE_HALVES));
}

/* 3/4 of 2 x^2. */
FMA_INLINE void LANE_FN(tangent_factor)(LANE *inverse) {
    LANE_FN(mul_constant)(inverse, FIELD_FN(FMA_THREE_QUARTERS));
}

FMA_INLINE void LANE_FN(one)(LANE *o) { LANE_FN(splat)(o, FIELD_FN(FMA_ONE)); }

FMA_INLINE void LANE_FN(zero)(LANE *o) {
    static const double zero[5] = {0};
    LANE_FN(splat)(o, zero);
}

FMA_INLINE void LANE_FN(multiplier)(LANE *a) {
    LANE_FN(reduce)(a);
    LANE_FN(mul_constant)(a, FIELD_FN(FMA_HALF));
}

/* x 2^256 times (p + 1) / 2 and 2^-255 is x. */
FMA_INLINE void LANE_FN(integer)(LANE *a) {
    LANE_FN(reduce)(a);
    LANE_FN(mul_constant)(a, FIELD_FN(FMA_TO_INTEGER));
    LANE_FN(reduce)(a);
    LANE_FN(canonical)(a);
}

/* Half of x 2^256 mod p, less p when that is smaller in magnitude, in digits. */
static inline void FIELD_FN(twiddles)(uint8_t *out, const FIELD *in, size_t n) {
    for (size_t i = 0; i < n; i++, out += TWIDDLE_BYTES) {
        const FIELD p = FIELD_FN(MODULUS);
        uint64_t borrow = 0;
        double digits[5];
        FIELD t;
        FIELD_FN(halve)(&t, &in[i]);
        if (t.l[3] >> 60 >= 2) /* at least 2^253 > p / 2 */
            for (int k = 0; k < 4; k++) {
                unsigned __int128 s = (unsigned __int128)t.l[k] - p.l[k] - borrow;
                t.l[k] = (uint64_t)s;
                borrow = (uint64_t)(s >> 64) & 1;
            }
        fma_digits(digits, t.l);
        memcpy(out, digits, sizeof digits);
    }
}

#undef FMA_SHARED
#undef FIELD_FN
#undef LANE_FN
#undef LANE_JOIN
#undef LANE_PASTE
