/*
 * Eight elements of a field in ten vectors of four doubles, for AVX2 with FMA: the operations of
 * lanes_scalar.h, whose comments say what each promises. Included with FIELD and LANE defined, and
 * with the constants of fma_constants.h, after fma_vectors.h.
 *
 * An element is sum_i l[i] 2^(51 i) with l[i] an integer held exactly in a double, of either sign.
 * A product x y of limbs has up to 102 bits; it is split by Dekker's and Veltkamp's idea as Emmart,
 * Zheng and Weems use it ("Faster modular exponentiation using double precision floating point
 * arithmetic on the GPU", ARITH 2018), here with rounding to nearest and without integer
 * instructions. Let S be a sum that lies in [2^103, 2^104), where doubles are multiples of 2^51:
 *     T = fma(x, y, S)          S + x y rounded to a multiple of 2^51
 *     low = fma(x, y, S - T)    x y less what T took: exact, at most 2^50 in magnitude
 * S - T is a multiple of 2^51 below 2^103, so exact. T takes the next product in turn: a column of
 * products costs two FMAs and two additions each, and one step that brings the upper half of all of
 * them, (S - 1.5 * 2^103) / 2^51, to the next column.
 *
 * Bounds, in units u = 2^50. *Tight*: |l[i]| <= u + 8 for i < 4 and |l[4]| <= 0.8 u, which holds
 * when the value is at most 1.05 p in magnitude. tight() and reduce() are one operation: they leave
 * at most 0.51 p. A product of a and b has at most 0.38 |a| |b| / p + 0.63 p, so at most 1.04 p
 * when its operands have no more; its limbs are carried, so it is tight. *Loose*: |l[i]| <= 4.6 u
 * and at most 6 p. What is loaded lies in [-p, p) with |l[i]| < 1.87 u.
 * A chain S may sum 4 u^2 in magnitude and a column of halves 8 u, where doubles stop being exact.
 * The tests check these sums for the worst operands (tests/math/fma_cases.h).
 *
 * mul is Montgomery's product with radix 2^255. "Data" stand for x 2^256, as elements in memory do,
 * and a "multiplier" for x 2^255. A slope comes as a multiplier; from_square() doubles its square.
 */
#define LANE_PASTE(a, b) a##_##b
#define LANE_JOIN(a, b) LANE_PASTE(a, b)
#define LANE_FN(op) LANE_JOIN(LANE, op)
#define FIELD_FN(op) LANE_JOIN(FIELD, op)
#ifdef ZKM_FMA_MODEL /* unrolled and inlined it would take minutes to compile */
#define FMA_INLINE static __attribute__((noinline, unused))
#define UNROLL
#else
#define FMA_INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 16")
#endif
/* One copy of each product stays in the processor's cache of decoded instructions. */
#define FMA_SHARED static __attribute__((noinline, unused))

#ifndef LANES_FMA_ONCE
#define LANES_FMA_ONCE
enum { HALVES = 2 };

#define EACH_HALF UNROLL for (int h = 0; h < HALVES; h++)

#define FMA_RADIX 0x1p51
#define FMA_CHAIN 0x1.8p103 /* an empty chain */
#define FMA_ROUND 0x1.8p52  /* added and subtracted, rounds to an integer */

/* Of one column of a product, in both halves: a chain and the sum of lower halves. What both halves
 * do alternates, to fill each other's latencies. */
typedef struct {
    v4 chain[HALVES], low[HALVES];
} fma_column;

/* Adds x y; `first`: to nothing. */
FMA_INLINE void fma_take(fma_column *c, bool first, const v4 x[HALVES], const v4 y[HALVES]) {
    v4 sum[HALVES], low[HALVES];
    EACH_HALF c->chain[h] = first ? v4_set1(FMA_CHAIN) : c->chain[h];
    EACH_HALF sum[h] = v4_fma(x[h], y[h], c->chain[h]);
    EACH_HALF low[h] = v4_sub(c->chain[h], sum[h]);
    EACH_HALF low[h] = v4_fma(x[h], y[h], low[h]);
    EACH_HALF c->low[h] = first ? low[h] : v4_add(c->low[h], low[h]);
    EACH_HALF c->chain[h] = sum[h];
}

/* The upper halves of a chain, for the next column. */
FMA_INLINE v4 fma_high(v4 chain) {
    return v4_fma(chain, v4_set1(1 / FMA_RADIX), v4_set1(-FMA_ROUND));
}

/*
 * Leaves at most u of the lower halves. The rest joins the chain: a sum of both is rounded to a
 * multiple of 2^51 as the chain is one.
 */
FMA_INLINE void fma_settle(fma_column *c) {
    v4 sum[HALVES], carry[HALVES];
    EACH_HALF sum[h] = v4_add(c->chain[h], c->low[h]);
    EACH_HALF carry[h] = v4_sub(sum[h], c->chain[h]);
    EACH_HALF c->low[h] = v4_sub(c->low[h], carry[h]);
    EACH_HALF c->chain[h] = sum[h];
}

FMA_INLINE v4 fma_carry_of(v4 x) {
    return v4_sub(v4_fma(x, v4_set1(1 / FMA_RADIX), v4_set1(FMA_ROUND)), v4_set1(FMA_ROUND));
}

/* Carries of all limbs but the last at once: with limbs of at most 8 u each changes its neighbour
 * by at most 4. */
FMA_INLINE void fma_limbs_carry(v4 l[5]) {
    v4 carry[4];
    UNROLL for (int i = 0; i < 4; i++) carry[i] = fma_carry_of(l[i]);
    UNROLL for (int i = 0; i < 4; i++) l[i] = v4_fnma(carry[i], v4_set1(FMA_RADIX), l[i]);
    UNROLL for (int i = 0; i < 4; i++) l[i + 1] = v4_add(l[i + 1], carry[i]);
}

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

/* What a product keeps from column to column: Montgomery's quotients, and the upper halves of the
 * column before. */
typedef struct {
    v4 q[5][HALVES], high[HALVES];
} LANE_FN(steps);

/*
 * Columns 3 and 4 have more products than a chain of their own may sum; their last ones go to the
 * chain of Montgomery's steps.
 */
FMA_INLINE bool LANE_FN(is_crowded)(int k) { return k == 3 || k == 4; }

/* With q = -t / p mod 2^51 the sum t + q p[0] is a multiple of 2^51 with at most 50 further bits,
 * so one FMA has it exactly. */
FMA_INLINE void LANE_FN(last_quotient)(LANE_FN(steps) * s) {
    const v4 inverse = v4_set1(FIELD_FN(FMA_NEG_INV)), p0 = v4_set1(FIELD_FN(FMA_MODULUS)[0]);
    v4 t[HALVES], q[HALVES];
    EACH_HALF t[h] = s->q[4][h];
    EACH_HALF q[h] = v4_fma(t[h], inverse, v4_set1(FMA_CHAIN));
    EACH_HALF q[h] = v4_sub(v4_set1(FMA_CHAIN), q[h]);
    EACH_HALF q[h] = v4_fma(t[h], inverse, q[h]);
    EACH_HALF t[h] = v4_fma(q[h], p0, t[h]);
    EACH_HALF s->high[h] = v4_fma(t[h], v4_set1(1 / FMA_RADIX), s->high[h]);
    EACH_HALF s->q[4][h] = q[h];
}

/*
 * Column k of the product and of Montgomery's steps, the lower halves of both in one sum. `xy` has
 * the products of the operands; `more` the last of them where is_crowded(). Four of the steps run
 * along with the columns. Let n = (p k + 1) / 2^51 with k = -1/p mod 2^51, in magnitude at most
 * 2^50. With t the lowest 51 bits of T, (T + t k p) / 2^51 = (T - t) / 2^51 + t n: a step that
 * needs no quotient first. As |n| < 0.26 p the four leave T / 2^204 + 0.26 * 2^50 p, and the last
 * one 0.378 a b / p + 0.13 p + p / 2. The first two need not wait for a carry: any small number
 * that equals t modulo 2^51 does, theirs of at most 2 u.
 */
FMA_INLINE void LANE_FN(column)(LANE *o, int k, fma_column *xy, fma_column *more,
                                LANE_FN(steps) * s) {
    v4 high[HALVES];
    if (k == 0) {
        *more = *xy;
    } else {
        EACH_HALF xy->low[h] = v4_add(xy->low[h], s->high[h]);
        if (k == 1 || (k >= 3 && k <= 6)) /* or sums would outgrow their bounds */
            fma_settle(xy);
        EACH_HALF s->high[h] = fma_high(xy->chain[h]);
        if (LANE_FN(is_crowded)(k))
            EACH_HALF more->low[h] = v4_add(more->low[h], xy->low[h]);
        else
            EACH_HALF more->low[h] = xy->low[h];
        if (!LANE_FN(is_crowded)(k))
            EACH_HALF more->chain[h] = v4_set1(FMA_CHAIN);
    }
    UNROLL for (int i = k > 5 ? k - 5 : 0; i < 4 && i < k; i++) {
        const v4 n = v4_set1(FIELD_FN(FMA_STEP)[k - 1 - i]);
        fma_take(more, false, s->q[i], (const v4[HALVES]){n, n});
    }
    if (k > 4) {
        const v4 p = v4_set1(FIELD_FN(FMA_MODULUS)[k - 4]);
        fma_take(more, false, s->q[4], (const v4[HALVES]){p, p});
        EACH_HALF o->l[h][k - 5] = more->low[h];
        EACH_HALF s->high[h] = v4_add(s->high[h], fma_high(more->chain[h]));
        return;
    }
    if (k >= 2)
        fma_settle(more);
    EACH_HALF s->q[k][h] = more->low[h];
    EACH_HALF high[h] = fma_high(more->chain[h]);
    EACH_HALF s->high[h] = k == 0 ? high[h] : v4_add(s->high[h], high[h]);
    if (k == 4)
        LANE_FN(last_quotient)(s);
}

/* After the last column. */
FMA_INLINE void LANE_FN(finish)(LANE *o, LANE *product, const LANE_FN(steps) * s) {
    EACH_HALF product->l[h][4] = s->high[h];
    EACH_HALF fma_limbs_carry(product->l[h]);
    *o = *product;
}

FMA_INLINE void LANE_FN(product)(LANE *o, const LANE *a, const LANE *b) {
    LANE_FN(steps) s;
    LANE product;
    UNROLL for (int k = 0; k < 9; k++) {
        const int low = k > 4 ? k - 4 : 0, high = k > 4 ? 4 : k;
        fma_column xy, more;
        UNROLL for (int i = low; i <= high; i++) {
            const v4 x[HALVES] = {a->l[0][i], a->l[1][i]};
            const v4 y[HALVES] = {b->l[0][k - i], b->l[1][k - i]};
            if (i == high && LANE_FN(is_crowded)(k))
                fma_take(&more, true, x, y);
            else
                fma_take(&xy, i == low, x, y);
        }
        LANE_FN(column)(&product, k, &xy, &more, &s);
    }
    LANE_FN(finish)(o, &product, &s);
}

FMA_SHARED void LANE_FN(mul)(LANE *o, const LANE *a, const LANE *b) { LANE_FN(product)(o, a, b); }

FMA_SHARED void LANE_FN(mul_twiddle)(LANE *o, const LANE *a, const uint8_t *twiddle) {
    const double *limbs = (const double *)(const void *)twiddle;
    LANE x = *a, y;
    EACH_HALF LANE_FN(reduce_limbs)(x.l[h]);
    EACH_HALF UNROLL for (int i = 0; i < 5; i++) y.l[h][i] = v4_set1(limbs[i]);
    LANE_FN(product)(o, &x, &y);
}

/* Column k of a square has x[i] 2 x[k - i] for i < k / 2, and the square of x[k / 2] for even k. */
FMA_SHARED void LANE_FN(sqr)(LANE *o, const LANE *a) {
    LANE_FN(steps) s;
    LANE product;
    UNROLL for (int k = 0; k < 9; k++) {
        const int low = k > 4 ? k - 4 : 0, high = k / 2;
        fma_column xy, more;
        UNROLL for (int i = low; i <= high; i++) {
            const v4 x[HALVES] = {a->l[0][i], a->l[1][i]};
            v4 y[HALVES] = {a->l[0][k - i], a->l[1][k - i]};
            if (2 * i != k)
                EACH_HALF y[h] = v4_add(y[h], y[h]);
            if (i == high && LANE_FN(is_crowded)(k))
                fma_take(&more, true, x, y);
            else
                fma_take(&xy, i == low, x, y);
        }
        LANE_FN(column)(&product, k, &xy, &more, &s);
    }
    LANE_FN(finish)(o, &product, &s);
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

#undef UNROLL
#undef FMA_INLINE
#undef FMA_SHARED
#undef FIELD_FN
#undef LANE_FN
#undef LANE_JOIN
#undef LANE_PASTE
