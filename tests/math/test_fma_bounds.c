/*
 * fma_product.h computes exactly for all tight operands: it runs on vectors that are not numbers
 * but bounds of them, and every operation checks that what it relies on holds.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/*
 * centre + e with |e| <= bound, an integer, or of a chain a multiple of 2^51. What a step may use
 * of its operands beyond that is how they came about: from which values, told by their ids.
 */
typedef struct {
    enum {
        PLAIN,
        CONSTANT, /* bound is the number's magnitude, centre the number */
        EMPTY,    /* the constant of an empty chain */
        SUM,      /* x y added to the chain `of`, rounded */
        REST,     /* the chain `of` less that SUM */
        LOW,      /* the lower half of x y */
        SETTLED,  /* x added to the chain `of`, rounded */
        CARRY,    /* what SETTLED took of x */
        ROUNDED,  /* x / 2^51, rounded, with a constant added */
        CARRIED,  /* x / 2^51, rounded */
        CLEARED,  /* a multiple of 2^51 */
    } kind;
    int id, x, y, of;
    double centre, bound;
} v4;

static const double U = 0x1p50, RADIX = 0x1p51, ROUND = 0x1.8p52, CHAIN = 0x1.8p103;
static int num_values;

static v4 made(v4 o) {
    o.id = ++num_values;
    return o;
}

static bool is_chain(v4 v) { return v.kind == EMPTY || v.kind == SUM || v.kind == SETTLED; }
static bool is(v4 v, double number) {
    return (v.kind == CONSTANT || v.kind == EMPTY) && v.centre >= number && v.centre <= number;
}

/* Where doubles are multiples of 2^51. */
static v4 chain(v4 o) {
    assert_true(o.bound < 4 * U * U);
    return made(o);
}

static v4 integer(v4 o) {
    assert_true(o.bound < 0x1p53);
    return made(o);
}

static v4 v4_set1(double x) {
    if (x >= CHAIN && x <= CHAIN)
        return (v4){.kind = EMPTY, .centre = x}; /* one value, whose id is 0 */
    return made((v4){.kind = CONSTANT, .centre = x, .bound = fabs(x)});
}

static v4 v4_add(v4 a, v4 b) {
    if (is_chain(a) && !is_chain(b)) {
        const double bound = a.bound + b.bound + U;
        return chain((v4){.kind = SETTLED, .of = a.id, .x = b.id, .bound = bound});
    }
    assert_false(is_chain(a) || is_chain(b));
    return integer((v4){.kind = PLAIN, .bound = a.bound + b.bound});
}

static v4 v4_sub(v4 a, v4 b) {
    if (is_chain(a) && b.kind == SUM && b.of == a.id)
        return made((v4){.kind = REST, .x = b.x, .y = b.y});
    if (a.kind == SETTLED && is_chain(b) && a.of == b.id)
        return made((v4){.kind = CARRY, .x = a.x});
    if (b.kind == CARRY && b.x == a.id)
        return integer((v4){.kind = PLAIN, .bound = U});
    assert_true(a.kind == ROUNDED && is(b, ROUND));
    return integer((v4){.kind = CARRIED, .x = a.x, .bound = a.bound});
}

static v4 v4_fma(v4 a, v4 b, v4 c) {
    if (is_chain(c) && !is_chain(a)) {
        const double bound = c.bound + a.bound * b.bound + U;
        return chain((v4){.kind = SUM, .x = a.id, .y = b.id, .of = c.id, .bound = bound});
    }
    if (c.kind == REST && c.x == a.id && c.y == b.id)
        return integer((v4){.kind = LOW, .x = a.id, .y = b.id, .bound = U});
    if (a.kind == LOW && a.x == c.id) { /* q p[0] + t with q the lower half of t times -1 / p[0] */
        assert_true(a.bound * b.bound + c.bound < 0x1p53 * RADIX);
        return made((v4){.kind = CLEARED, .bound = a.bound * b.bound + c.bound});
    }
    assert_true(is(b, 1 / RADIX));
    if (is(c, ROUND))
        return integer((v4){.kind = ROUNDED, .x = a.id, .bound = a.bound / RADIX + 0.5});
    if (is_chain(a) && is(c, -ROUND))
        return integer((v4){.kind = PLAIN, .bound = a.bound / RADIX});
    assert_true(a.kind == CLEARED && !is_chain(c));
    return integer((v4){.kind = PLAIN, .bound = a.bound / RADIX + c.bound});
}

static v4 v4_fnma(v4 a, v4 b, v4 c) {
    assert_true(a.kind == CARRIED && a.x == c.id && is(b, RADIX));
    return integer((v4){.kind = PLAIN, .bound = U});
}

#define MATH_FMA_VECTORS_H /* the vectors are those above */
#define ZKM_FMA_MODEL 1
#include "math/fma_constants.h"

static void check(fma_vectors vectors, bool square) {
    v4 a[HALVES][5], b[HALVES][5], o[HALVES][5];
    for (int h = 0; h < HALVES; h++)
        for (int i = 0; i < 5; i++) {
            a[h][i] = made((v4){.kind = PLAIN, .bound = i < 4 ? U + 8 : 0.8 * U});
            b[h][i] = made((v4){.kind = PLAIN, .bound = i < 4 ? U + 8 : 0.8 * U});
        }
    if (square)
        fma_sqr(o, a, vectors);
    else
        fma_mul(o, a, b, vectors);
    for (int h = 0; h < HALVES; h++) /* the last limb's bound is the value's, not the limbs' */
        for (int i = 0; i < 4; i++)
            assert_true(o[h][i].bound <= U + 8);
}

static void products__of_tight_operands_are_exact(void **state) {
    (void)state;
    check(fp_FMA_VECTORS, false);
    check(fr_FMA_VECTORS, false);
}

static void squares__of_tight_operands_are_exact(void **state) {
    (void)state;
    check(fp_FMA_VECTORS, true);
    check(fr_FMA_VECTORS, true);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products__of_tight_operands_are_exact),
        cmocka_unit_test(squares__of_tight_operands_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
