/* Points from files, by the thousand: a single one outside of its group is found. */
#include <stdlib.h>

#include "groth16/point_check.h"
#include "groth16/toy.h"
#include "math/fr_random.h"

enum { FEW = 100, MANY = 5000 }; /* each by itself, and by random sums */

/* An element of order 10,069, the smallest prime that divides the cofactor: what hides best in
 * random sums. c / 10069 times any point of the curve that is not killed by it, where c r is the
 * order of the twist. */
static void smallest_order(g2_affine *out) {
    /* (2p - r) / 10069 * r, in bytes, the highest first; tests/math/test_constants.py recomputes it
     */
    static const uint8_t factor[] = {
#include "groth16/small_torsion.h"
    };
    g2 sum, p;
    g2_affine start;
    toy_stranger(&start);
    g2_from_affine(&p, &start);
    g2_set_infinity(&sum);
    for (size_t i = 0; i < sizeof factor; i++)
        for (int bit = 7; bit >= 0; bit--) {
            g2_double(&sum, &sum);
            if (factor[i] >> bit & 1)
                g2_add(&sum, &sum, &p);
        }
    assert_false(g2_is_infinity(&sum));
    g2_to_affine(out, &sum);
    assert_true(g2_on_curve(out) && !g2_in_subgroup(out));
}

static g2_affine *multiples(size_t n) {
    g2_affine *points = malloc(n * sizeof *points);
    assert_non_null(points);
    g2 p;
    g2_from_affine(&p, g2_generator());
    for (size_t i = 0; i < n; i++) {
        g2_to_affine(&points[i], &p);
        g2_double(&p, &p);
    }
    return points;
}

static void g2__a_point_outside_is_found(void **state) {
    (void)state;
    const size_t sizes[] = {FEW, MANY};
    for (int s = 0; s < 2; s++) {
        size_t n = sizes[s];
        g2_affine *points = multiples(n), outside, small;
        toy_stranger(&outside);
        smallest_order(&small);
        assert_int_equal(points_find_bad_g2(points, n, 2), n);
        g2_affine_set_infinity(&points[n / 2]);
        assert_int_equal(points_find_bad_g2(points, n, 2), n);
        const g2_affine good = points[n - 3];
        points[n - 3] = outside;
        assert_int_equal(points_find_bad_g2(points, n, 2), n - 3);
        points[n - 3] = small;
        assert_int_equal(points_find_bad_g2(points, n, 2), n - 3);
        points[n - 3] = good;
        fp_double(&points[1].x.c0, &points[1].x.c0); /* off the curve */
        assert_int_equal(points_find_bad_g2(points, n, 2), 1);
        free(points);
    }
}

/* Two parts that cancel in a plain sum. */
static void g2__opposite_points_outside_are_found(void **state) {
    (void)state;
    g2_affine *points = multiples(MANY);
    smallest_order(&points[17]);
    g2_affine_neg(&points[4000], &points[17]);
    size_t found = points_find_bad_g2(points, MANY, 2);
    assert_true(found == 17 || found == 4000);
    free(points);
}

static fr *draw_weights(size_t n) {
    zkm_error err;
    fr *weights = malloc(n * sizeof *weights);
    assert_non_null(weights);
    toy_ok(fr_random_weights(&err, weights, n), &err);
    return weights;
}

static size_t weigh(g2 *sum, const g2_affine *points, const fr *weights, size_t n) {
    zkm_error err;
    size_t bad;
    toy_ok(points_weigh_g2(&err, &bad, sum, points, weights, n, 2), &err);
    return bad;
}

static void g2__weighed_sum(void **state) {
    (void)state;
    const size_t sizes[] = {0, 1, FEW, MANY};
    for (int s = 0; s < 4; s++) {
        size_t n = sizes[s];
        g2_affine *points = multiples(n + 1);
        fr *weights = draw_weights(n + 1);
        g2 sum, want, p;
        g2_set_infinity(&want);
        for (size_t i = 0; i < n; i++) {
            g2_from_affine(&p, &points[i]);
            g2_mul(&p, &p, &weights[i]);
            g2_add(&want, &want, &p);
        }
        assert_int_equal(weigh(&sum, points, weights, n), n);
        assert_true(g2_equal(&sum, &want));
        free(points);
        free(weights);
    }
}

/* A weight that has one digit, wherever that stands, and one that kills what is outside. */
static void g2__a_weighed_point_outside_is_found(void **state) {
    (void)state;
    enum { AT = 4321, SMALLEST_ORDER = 10069 };
    g2_affine *points = multiples(MANY);
    fr *weights = draw_weights(MANY), base;
    g2 sum;
    smallest_order(&points[AT]);
    fr_set_u64(&base, 1 << 13);
    fr_set_one(&weights[AT]);
    for (int place = 0; place < FR_WEIGHT_BITS / 13; place++) {
        assert_int_equal(weigh(&sum, points, weights, MANY), AT);
        fr_mul(&weights[AT], &weights[AT], &base);
    }
    fr_set_u64(&weights[AT], SMALLEST_ORDER);
    assert_int_equal(weigh(&sum, points, weights, MANY), AT);
    assert_int_equal(weigh(&sum, points + AT, weights + AT, 1), 0);
    fr_set_zero(&weights[AT]); /* off the curve, where no sum shows it */
    points[AT] = *g2_generator();
    points[AT].x.c0 = points[AT].x.c1;
    assert_int_equal(weigh(&sum, points, weights, MANY), AT);
    assert_int_equal(weigh(&sum, points + AT, weights + AT, 1), 0);
    free(points);
    free(weights);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(g2__weighed_sum),
        cmocka_unit_test(g2__a_weighed_point_outside_is_found),
        cmocka_unit_test(g2__a_point_outside_is_found),
        cmocka_unit_test(g2__opposite_points_outside_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
