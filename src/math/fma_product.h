/*
 * The product and the square of lanes_fma.h as a flow of vector operations, the same for both
 * fields. This is what the tests check over the model of the instructions; the native backend has
 * it as instructions in an order that scripts/schedule-fma found (fma_product_code.h), and a test
 * compares the two bit by bit.
 *
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
 * In units u = 2^50, a chain S may sum 4 u^2 in magnitude and a column of halves 8 u, where doubles
 * stop being exact. tests/math/test_fma_bounds.c runs this source on bounds instead of numbers.
 */
#ifndef MATH_FMA_PRODUCT_H
#define MATH_FMA_PRODUCT_H

#include <stdbool.h>

#include "math/fma_vectors.h"

#ifdef ZKM_FMA_MODEL /* unrolled and inlined it would take minutes to compile */
#define FMA_INLINE static __attribute__((noinline, unused))
#define UNROLL
#else
#define FMA_INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 16")
#endif

enum { HALVES = 2 };

#define EACH_HALF UNROLL for (int h = 0; h < HALVES; h++)

#define FMA_RADIX 0x1p51
#define FMA_CHAIN 0x1.8p103 /* an empty chain */
#define FMA_ROUND 0x1.8p52  /* added and subtracted, rounds to an integer */

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

/* Of one column of a product, in both halves: a chain and the sum of lower halves. */
typedef struct {
    v4 chain[HALVES], low[HALVES];
} fma_column;

/* Adds x y; `first`: to nothing. */
FMA_INLINE void fma_take(fma_column *c, bool first, const v4 x[HALVES], const v4 y[HALVES]) {
    EACH_HALF {
        const v4 chain = first ? v4_set1(FMA_CHAIN) : c->chain[h];
        const v4 sum = v4_fma(x[h], y[h], chain);
        const v4 low = v4_fma(x[h], y[h], v4_sub(chain, sum));
        c->low[h] = first ? low : v4_add(c->low[h], low);
        c->chain[h] = sum;
    }
}

/* The upper halves of a chain, for the next column. */
FMA_INLINE void fma_upper(v4 high[HALVES], const fma_column *c) {
    EACH_HALF high[h] = v4_fma(c->chain[h], v4_set1(1 / FMA_RADIX), v4_set1(-FMA_ROUND));
}

FMA_INLINE void fma_add_low(fma_column *c, const v4 low[HALVES]) {
    EACH_HALF c->low[h] = v4_add(c->low[h], low[h]);
}

/*
 * Leaves at most u of the lower halves. The rest joins the chain: a sum of both is rounded to a
 * multiple of 2^51 as the chain is one.
 */
FMA_INLINE void fma_settle(fma_column *c) {
    EACH_HALF {
        const v4 sum = v4_add(c->chain[h], c->low[h]);
        c->low[h] = v4_sub(c->low[h], v4_sub(sum, c->chain[h]));
        c->chain[h] = sum;
    }
}

/* The vectors of constants that a product takes, those of its modulus p first: n (see below), p,
 * and k = -1/p mod 2^51. */
enum {
    FMA_STEP = 0,
    FMA_MODULUS = 5,
    FMA_NEG_INV = 10,
    FMA_VECTORS = 16,
};
#define FMA_FOUR(x)                                                                                \
    { x, x, x, x }
#define FMA_SHARED_VECTORS                                                                         \
    FMA_FOUR(1 / FMA_RADIX), FMA_FOUR(-FMA_ROUND), FMA_FOUR(FMA_ROUND), FMA_FOUR(FMA_RADIX),       \
        FMA_FOUR(FMA_CHAIN)

typedef const double fma_vectors[FMA_VECTORS][4];

/* What a product keeps from column to column: Montgomery's quotients, and the upper halves of the
 * column before: of its operands' products where these have a chain of their own, and of the rest.
 */
typedef struct {
    v4 q[5][HALVES], upper[HALVES], high[HALVES];
} fma_steps;

/* Columns in which one chain holds the operands' products and Montgomery's. */
FMA_INLINE bool fma_is_joined(int k) { return k == 1 || k == 2 || k >= 7; }

/* Columns that have more products of the operands than a chain may sum; their last ones go to the
 * chain of Montgomery's steps. */
FMA_INLINE bool fma_is_crowded(int k) { return k == 3 || k == 4; }

/* With q = -t / p mod 2^51 the sum t + q p[0] is a multiple of 2^51 with at most 50 further bits,
 * so one FMA has it exactly. */
FMA_INLINE void fma_last_quotient(fma_steps *s, fma_vectors vectors) {
    EACH_HALF {
        const v4 t = s->q[4][h], inverse = v4_set1(vectors[FMA_NEG_INV][0]),
                 chain = v4_set1(FMA_CHAIN);
        const v4 q = v4_fma(t, inverse, v4_sub(chain, v4_fma(t, inverse, chain)));
        const v4 sum = v4_fma(q, v4_set1(vectors[FMA_MODULUS][0]), t);
        s->high[h] = v4_fma(sum, v4_set1(1 / FMA_RADIX), s->high[h]);
        s->q[4][h] = q;
    }
}

/*
 * Column k of the product and of Montgomery's steps, the lower halves of both in one sum. `xy` has
 * the products of the operands; `more` the last of them where fma_is_crowded(). Four of the steps
 * run along with the columns. Let n = (p k + 1) / 2^51, in magnitude at most
 * 2^50. With t the lowest 51 bits of T, (T + t k p) / 2^51 = (T - t) / 2^51 + t n: a step that
 * needs no quotient first. As |n| < 0.26 p the four leave T / 2^204 + 0.26 * 2^50 p, and the last
 * one 0.378 a b / p + 0.13 p + p / 2. The first two need not wait for a carry: any small number
 * that equals t modulo 2^51 does, theirs of at most 2 u. What the column before carried is added
 * last, as each quotient waits for all of it.
 */
FMA_INLINE void fma_next_column(v4 o[HALVES][5], int k, fma_column *xy, fma_column *more,
                                fma_steps *s, fma_vectors vectors) {
    if (k == 0) {
        EACH_HALF s->q[0][h] = xy->low[h];
        fma_upper(s->high, xy);
        return;
    }
    if (k == 1)
        fma_add_low(xy, s->high);
    else if (!fma_is_joined(k - 1))
        fma_add_low(xy, s->upper);
    if (k == 1 || (k >= 3 && k <= 6)) /* or sums would outgrow their bounds */
        fma_settle(xy);
    if (!fma_is_joined(k))
        fma_upper(s->upper, xy);
    fma_column *c = fma_is_joined(k) ? xy : more;
    bool first = !fma_is_joined(k) && !fma_is_crowded(k);
    UNROLL for (int i = k > 5 ? k - 5 : 0; i < 4 && i < k; i++) {
        const v4 n = v4_set1(vectors[FMA_STEP + k - 1 - i][0]);
        fma_take(c, first, s->q[i], (const v4[HALVES]){n, n});
        first = false;
    }
    if (k > 4) {
        const v4 p = v4_set1(vectors[FMA_MODULUS + k - 4][0]);
        fma_take(c, false, s->q[4], (const v4[HALVES]){p, p});
    }
    if (!fma_is_joined(k))
        fma_add_low(c, xy->low);
    if (k > 1)
        fma_add_low(c, s->high);
    if (k >= 2 && k <= 4)
        fma_settle(c);
    fma_upper(s->high, c);
    if (k > 4) {
        EACH_HALF o[h][k - 5] = c->low[h];
        return;
    }
    EACH_HALF s->q[k][h] = c->low[h];
    if (k == 4)
        fma_last_quotient(s, vectors);
}

/* o may be an operand. */
FMA_INLINE void fma_finish(v4 o[HALVES][5], v4 product[HALVES][5], const fma_steps *s) {
    EACH_HALF product[h][4] = s->high[h];
    EACH_HALF fma_limbs_carry(product[h]);
    EACH_HALF UNROLL for (int i = 0; i < 5; i++) o[h][i] = product[h][i];
}

FMA_INLINE void fma_mul(v4 o[HALVES][5], const v4 a[HALVES][5], const v4 b[HALVES][5],
                        fma_vectors vectors) {
    fma_steps s;
    v4 product[HALVES][5];
    UNROLL for (int k = 0; k < 9; k++) {
        const int low = k > 4 ? k - 4 : 0, high = k > 4 ? 4 : k;
        fma_column xy, more;
        UNROLL for (int i = low; i <= high; i++) {
            const bool last = i == high && fma_is_crowded(k);
            fma_take(last ? &more : &xy, last || i == low, (const v4[HALVES]){a[0][i], a[1][i]},
                     (const v4[HALVES]){b[0][k - i], b[1][k - i]});
        }
        fma_next_column(product, k, &xy, &more, &s, vectors);
    }
    fma_finish(o, product, &s);
}

/* Column k of a square has 2 x[i] x[k - i] for i < k / 2, and the square of x[k / 2] for even k. */
FMA_INLINE void fma_sqr(v4 o[HALVES][5], const v4 a[HALVES][5], fma_vectors vectors) {
    fma_steps s;
    v4 product[HALVES][5], twice[4][HALVES];
    UNROLL for (int i = 0; i < 4; i++) EACH_HALF twice[i][h] = v4_add(a[h][i], a[h][i]);
    UNROLL for (int k = 0; k < 9; k++) {
        const int low = k > 4 ? k - 4 : 0, high = k / 2;
        fma_column xy, more;
        UNROLL for (int i = low; i <= high; i++) {
            const bool last = i == high && fma_is_crowded(k);
            const v4 x[HALVES] = {a[0][i], a[1][i]};
            fma_take(last ? &more : &xy, last || i == low, 2 * i == k ? x : twice[i],
                     (const v4[HALVES]){a[0][k - i], a[1][k - i]});
        }
        fma_next_column(product, k, &xy, &more, &s, vectors);
    }
    fma_finish(o, product, &s);
}

#endif
