/* Many points times scalars, against g1_mul and g2_mul of each, under every backend that this
 * processor has. */
#include "math_test.h"

#include <stdlib.h>

#include "base/threads.h"
#include "math/backends.h"
#include "math/endomorphism.h"
#include "math/scale.h"

enum { MOST = 1000, GUARD = 64 };

/* What g1_scale is given: random points, some of them infinity, equal, opposite, or images of
 * others under the endomorphism. */
static g1_affine given[MOST];

static int make_points(void **state) {
    g1_affine step;
    g1 p;
    (void)state;
    random_g1(&given[0]);
    random_g1(&step);
    g1_from_affine(&p, &given[0]);
    for (size_t i = 1; i < MOST; i++) {
        g1_add_mixed(&p, &p, &step);
        g1_to_affine(&given[i], &p);
    }
    for (size_t i = 0; i < MOST; i += 97)
        g1_affine_set_infinity(&given[i]);
    g1_affine_set_infinity(&given[MOST - 1]);
    for (size_t i = 5; i + 4 < MOST; i += 50) {
        given[i] = *g1_generator();
        given[i + 1] = given[i + 2];
        g1_affine_neg(&given[i + 3], &given[i + 2]);
        fp_mul(&given[i + 4].x, &given[i + 2].x, &G1_BETA[0]);
        given[i + 4].y = given[i + 2].y;
    }
    return 0;
}

static void multiply_each(g1_affine *out, size_t n, const fr *k) {
    for (size_t i = 0; i < n; i++) {
        g1 p;
        g1_from_affine(&p, &given[i]);
        g1_mul(&p, &p, k);
        g1_to_affine(&out[i], &p);
    }
}

/* The first n points, from scratch memory at an odd address; what lies behind both arrays must
 * stay. */
static void scale_given(g1_affine *out, size_t n, const fr *k, unsigned threads) {
    size_t room = g1_scale_scratch(threads);
    g1_affine *points = malloc((n + 1) * sizeof *points);
    uint8_t *scratch = malloc(1 + room + GUARD), guard[GUARD];
    assert_true(points && scratch);
    memset(guard, 0xa5, sizeof guard);
    memcpy(points, given, n * sizeof *points);
    memcpy(&points[n], guard, sizeof *points);
    memset(scratch, 0xff, 1 + room);
    memcpy(scratch + 1 + room, guard, sizeof guard);
    g1_scale(points, n, k, threads, scratch + 1);
    assert_memory_equal(&points[n], guard, sizeof *points);
    assert_memory_equal(scratch + 1 + room, guard, sizeof guard);
    memcpy(out, points, n * sizeof *points);
    free(points);
    free(scratch);
}

static void assert_same(const g1_affine *have, const g1_affine *want, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!g1_affine_equal(&have[i], &want[i]))
            fail_msg("backend %s: point %zu of %zu differs", math_backend_current()->name, i, n);
}

static void agrees_with_g1_mul(const fr *k, size_t n, unsigned threads) {
    static g1_affine have[MOST], want[MOST];
    multiply_each(want, n, k);
    scale_given(have, n, k, threads);
    assert_same(have, want, n);
}

static void every_size(void) {
    static const size_t SIZES[] = {0, 1, 2, 3, 255, 256, 257, 511, 512, 513, MOST};
    static g1_affine have[MOST], want[MOST];
    fr k;
    random_fr(&k);
    multiply_each(want, MOST, &k);
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++)
        for (unsigned threads = 0; threads < 4; threads++) {
            if (is_slow_backend() && (SIZES[i] > 257 || threads > 2))
                continue;
            scale_given(have, SIZES[i], &k, threads);
            assert_same(have, want, SIZES[i]);
        }
}

static void random_scalars(void) {
    for (int i = 0; i < (is_slow_backend() ? 2 : 30); i++) {
        fr k;
        random_fr(&k);
        agrees_with_g1_mul(&k, 60, 1);
    }
}

/* k and its neighbours, and the negatives of all. */
static void around(const fr *k, int neighbours) {
    for (int64_t d = -neighbours; d <= neighbours; d++)
        for (int sign = 0; sign < 2; sign++) {
            fr t;
            fr_set_i64(&t, d);
            fr_add(&t, &t, k);
            if (sign)
                fr_neg(&t, &t);
            agrees_with_g1_mul(&t, 12, 1);
        }
}

/* 0, 1, r - 1 and small ones; powers of two; lambda; halves and thirds of r. */
static void edge_scalars(void) {
    fr k;
    fr_set_zero(&k);
    around(&k, is_slow_backend() ? 2 : 40);
    around(&G1_LAMBDA, is_slow_backend() ? 1 : 10);
    for (uint64_t d = 2; d < 6; d++) {
        fr_set_u64(&k, d);
        fr_inv(&k, &k);
        around(&k, 1);
    }
    fr_set_one(&k);
    for (int bit = 0; bit < 254; bit++) {
        if (!is_slow_backend() || bit % 64 == 63)
            around(&k, bit % 32 == 31);
        fr_double(&k, &k);
    }
}

static void only_infinity(void) {
    static g1_affine points[257];
    fr k;
    void *scratch = malloc(g1_scale_scratch(1));
    assert_non_null(scratch);
    random_fr(&k);
    memset(points, 0, sizeof points);
    g1_scale(points, 257, &k, 1, scratch);
    for (size_t i = 0; i < 257; i++)
        assert_true(g1_affine_is_infinity(&points[i]));
    free(scratch);
}

/* Up and down again: what a contribution's inverses rely on. */
static void inverse_undoes(void) {
    static g1_affine points[MOST];
    size_t n = is_slow_backend() ? 100 : MOST;
    fr k;
    void *scratch = malloc(g1_scale_scratch(2));
    assert_non_null(scratch);
    random_fr(&k);
    memcpy(points, given, n * sizeof *points);
    g1_scale(points, n, &k, 2, scratch);
    fr_inv(&k, &k);
    g1_scale(points, n, &k, 2, scratch);
    assert_same(points, given, n);
    free(scratch);
}

/* Scalars of every kind, side by side. */
static void mixed_scalars(fr *k, size_t n) {
    for (size_t i = 0; i < n; i++) {
        switch (i % 8) {
        case 0:
        case 1:
            random_fr(&k[i]);
            break;
        case 2: /* 0, -1, 2, -3 .. */
            fr_set_i64(&k[i], (int64_t)(i / 8) * (i / 8 % 2 ? -1 : 1));
            break;
        case 3:
            fr_set_u64(&k[i], i / 8);
            fr_add(&k[i], &k[i], &G1_LAMBDA);
            break;
        case 4:
            fr_set_u64(&k[i], i / 8);
            fr_sub(&k[i], &k[i], &G1_LAMBDA);
            break;
        case 5: /* (i + 1) times lambda */
            fr_set_u64(&k[i], i / 8 + 1);
            fr_mul(&k[i], &k[i], &G1_LAMBDA);
            break;
        case 6:
            fr_set_u64(&k[i], 2 + i / 8);
            fr_inv(&k[i], &k[i]);
            break;
        default:
            fr_set_zero(&k[i]);
        }
    }
}

static void own_scalars(void) {
    static g1_affine have[MOST];
    static fr k[MOST];
    const size_t n = is_slow_backend() ? 100 : MOST;
    void *scratch = malloc(g1_scale_scratch(2));
    assert_non_null(scratch);
    mixed_scalars(k, n);
    memcpy(have, given, n * sizeof *have);
    g1_scale_each(have, k, n, 2, scratch);
    for (size_t i = 0; i < n; i++) {
        g1 p;
        g1_affine want;
        g1_from_affine(&p, &given[i]);
        g1_mul(&p, &p, &k[i]);
        g1_to_affine(&want, &p);
        assert_same(&have[i], &want, 1);
    }
    free(scratch);
}

/* Points as g1_add_pairs leaves them, a few and many, at scalars that need a doubling in the chain
 * and at others. */
static void sums_of_pairs(void) {
    enum { MANY = 56 };
    static g1_affine sums[MANY], have[MANY], want[MANY];
    point_ref a[MANY], b[MANY];
    g1_affine *out[MANY];
    fr k;
    void *scratch = malloc(g1_scale_scratch(1)), *room = NULL;
    assert_int_equal(posix_memalign(&room, 64, g1_pairs_scratch(MANY)), 0);
    assert_non_null(scratch);
    for (size_t i = 0; i < MANY; i++) {
        a[i] = (point_ref)&given[201 + i]; /* some are equal or opposite */
        b[i] = (point_ref)&given[202 + i];
        out[i] = &sums[i];
    }
    math_backend_current()->kernels->g1_add_pairs(a, b, out, MANY, room);
    for (int64_t d = -34; d <= 34; d++)
        for (size_t n = 5; n <= MANY; n += MANY - 5) {
            if (is_slow_backend() && d % 30 != 0)
                continue;
            fr_set_i64(&k, d);
            memcpy(have, sums, n * sizeof *have);
            g1_scale(have, n, &k, 1, scratch);
            for (size_t i = 0; i < n; i++) {
                g1 p;
                g1_from_affine(&p, &given[201 + i]);
                g1_add_mixed(&p, &p, &given[202 + i]);
                g1_mul(&p, &p, &k);
                g1_to_affine(&want[i], &p);
            }
            assert_same(have, want, n);
        }
    free(scratch);
    free(room);
}

static void in_g2(void) {
    enum { FEW = 100 };
    g2_affine points[FEW], one[FEW], each[FEW], want;
    fr k[FEW];
    const size_t n = is_slow_backend() ? 20 : FEW;
    void *scratch = malloc(g2_scale_scratch(1));
    assert_non_null(scratch);
    mixed_scalars(k, n);
    for (size_t i = 0; i < n; i++) {
        g2 p;
        fr some;
        random_fr(&some);
        g2_from_affine(&p, g2_generator());
        g2_mul(&p, &p, &some);
        g2_to_affine(&points[i], &p);
    }
    g2_affine_set_infinity(&points[7]);
    points[8] = points[9];
    memcpy(one, points, sizeof one);
    memcpy(each, points, sizeof each);
    g2_scale(one, n, &k[0], 1, scratch);
    g2_scale_each(each, k, n, 1, scratch);
    for (size_t i = 0; i < n; i++) {
        g2 p, q;
        g2_from_affine(&p, &points[i]);
        g2_mul(&q, &p, &k[0]);
        g2_to_affine(&want, &q);
        assert_true(g2_affine_equal(&one[i], &want));
        g2_mul(&q, &p, &k[i]);
        g2_to_affine(&want, &q);
        assert_true(g2_affine_equal(&each[i], &want));
    }
    free(scratch);
}

/* Terms equal to the point, opposite to it and opposite to its double among others: what has no
 * slope is noted, and the other lanes' sums are right. */
static void meeting_lanes(void) {
    enum { POINT, TERM, SUM, TWICE, ALL };
    const math_kernels *kernels = math_backend_current()->kernels;
    const bank_term term = {.table = TERM};
    g1_affine p[LANES], q[LANES], have[2][LANES], want;
    uint8_t met[2] = {0};
    void *memory = NULL;
    const size_t registers = ALL * g1_bank_register(1);
    assert_int_equal(posix_memalign(&memory, 64, registers + g1_bank_scratch(1)), 0);
    bank r = {.registers = memory, .groups = 1, .scratch = (uint8_t *)memory + registers};
    for (size_t i = 0; i < LANES; i++) {
        random_g1(&p[i]);
        random_g1(&q[i]);
    }
    q[1] = p[1];
    g1_affine_neg(&q[3], &p[3]);
    g1 twice;
    g1_from_affine(&twice, &p[6]);
    g1_double(&twice, &twice);
    g1_to_affine(&q[6], &twice);
    g1_affine_neg(&q[6], &q[6]);
    kernels->g1_bank_load(&r, POINT, p);
    kernels->g1_bank_load(&r, TERM, q);
    r.met = &met[0];
    kernels->g1_bank_add(&r, SUM, POINT, &term);
    r.met = &met[1];
    kernels->g1_bank_double_add(&r, TWICE, POINT, &term);
    kernels->g1_bank_store(&r, have[0], SUM);
    kernels->g1_bank_store(&r, have[1], TWICE);
    assert_int_equal(met[0], 1 << 1 | 1 << 3);
    assert_int_equal(met[1], 1 << 1 | 1 << 3 | 1 << 6);
    for (size_t i = 0; i < LANES; i++) {
        g1 sum;
        g1_from_affine(&sum, &q[i]);
        for (int k = 0; k < 2; k++) {
            g1_add_mixed(&sum, &sum, &p[i]);
            g1_to_affine(&want, &sum);
            if ((met[k] >> i & 1) == 0)
                assert_same(&have[k][i], &want, 1);
        }
    }
    free(memory);
}

#define BACKEND_TEST(name, test)                                                                   \
    static void g1_scale__##name(void **state) {                                                   \
        (void)state;                                                                               \
        for_each_backend(test);                                                                    \
    }

BACKEND_TEST(agrees_at_every_size, every_size)
BACKEND_TEST(agrees_for_random_scalars, random_scalars)
BACKEND_TEST(agrees_for_edge_scalars, edge_scalars)
BACKEND_TEST(leaves_infinity, only_infinity)
BACKEND_TEST(is_undone_by_the_inverse, inverse_undoes)
BACKEND_TEST(takes_scalars_of_each, own_scalars)
BACKEND_TEST(takes_sums_of_pairs, sums_of_pairs)
BACKEND_TEST(works_in_g2, in_g2)

static void bank__notes_lanes_that_meet(void **state) {
    (void)state;
    for_each_backend(meeting_lanes);
}

static void g1_scale__scratch_of_no_threads_is_that_of_all(void **state) {
    (void)state;
    assert_int_equal(g1_scale_scratch(0), g1_scale_scratch(threads_available()));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(g1_scale__scratch_of_no_threads_is_that_of_all),
        cmocka_unit_test(g1_scale__agrees_at_every_size),
        cmocka_unit_test(g1_scale__agrees_for_random_scalars),
        cmocka_unit_test(g1_scale__agrees_for_edge_scalars),
        cmocka_unit_test(g1_scale__leaves_infinity),
        cmocka_unit_test(g1_scale__is_undone_by_the_inverse),
        cmocka_unit_test(g1_scale__takes_scalars_of_each),
        cmocka_unit_test(g1_scale__takes_sums_of_pairs),
        cmocka_unit_test(g1_scale__works_in_g2),
        cmocka_unit_test(bank__notes_lanes_that_meet),
    };
    return cmocka_run_group_tests(tests, make_points, NULL);
}
