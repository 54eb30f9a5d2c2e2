/* Lagrange bases in the exponent, against Lagrange polynomials at a known tau. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "groth16/checkpoint.h"
#include "groth16/lagrange.h"
#include "groth16/lagrange_points.h"
#include "groth16/toy.h"

enum { MAX = 1536, MAX_G2 = 36 };

static fr tau;
static const char FILE_NAME[] = "test_lagrange_points.part";

static void multiple_g1(g1_affine *out, const fr *k) {
    g1 p;
    g1_from_affine(&p, g1_generator());
    g1_mul(&p, &p, k);
    g1_to_affine(out, &p);
}

static void multiple_g2(g2_affine *out, const fr *k) {
    g2 p;
    g2_from_affine(&p, g2_generator());
    g2_mul(&p, &p, k);
    g2_to_affine(out, &p);
}

static void lagrange(fr *out, size_t n) {
    fr one, root;
    fr_set_one(&one);
    subgroup_root(&root, n);
    lagrange_values(out, n, n, &one, &root, &tau, &one, 1);
}

static void powers_g1(g1_affine *out, size_t n) {
    fr power;
    fr_set_one(&power);
    for (size_t i = 0; i < n; i++) {
        multiple_g1(&out[i], &power);
        fr_mul(&power, &power, &tau);
    }
}

static void powers_g2(g2_affine *out, size_t n) {
    fr power;
    fr_set_one(&power);
    for (size_t i = 0; i < n; i++) {
        multiple_g2(&out[i], &power);
        fr_mul(&power, &power, &tau);
    }
}

static void expect_g1(const g1_affine *got, const fr *values, size_t n, size_t step) {
    for (size_t i = 0; i < n; i++) {
        g1_affine want;
        multiple_g1(&want, &values[i * step + step - 1]);
        assert_true(g1_affine_equal(&got[i], &want));
    }
}

/* From 1,024 on, some butterflies share their root by the hundred. */
static const size_t SIZES[] = {1, 2, 3, 4, 9, 16, 18, MAX_G2, 1024, MAX};
enum { NUM_SIZES = sizeof SIZES / sizeof *SIZES };

static void g1__every_kind_of_domain(void **state) {
    (void)state;
    zkm_error err;
    static g1_affine points[MAX];
    static fr values[MAX];
    const lagrange_options options = {.threads = 2, .stage = "test"};
    for (size_t s = 0; s < NUM_SIZES; s++) {
        powers_g1(points, SIZES[s]);
        toy_ok(lagrange_points_g1(&err, points, SIZES[s], &options), &err);
        lagrange(values, SIZES[s]);
        expect_g1(points, values, SIZES[s], 1);
    }
}

static void g2__every_kind_of_domain(void **state) {
    (void)state;
    zkm_error err;
    static g2_affine points[MAX_G2];
    static fr values[MAX_G2];
    const lagrange_options options = {.threads = 2, .stage = "test"};
    for (size_t s = 0; SIZES[s] <= MAX_G2; s++) {
        powers_g2(points, SIZES[s]);
        toy_ok(lagrange_points_g2(&err, points, SIZES[s], &options), &err);
        lagrange(values, SIZES[s]);
        for (size_t i = 0; i < SIZES[s]; i++) {
            g2_affine want;
            multiple_g2(&want, &values[i]);
            assert_true(g2_affine_equal(&points[i], &want));
        }
    }
}

/* With the highest power, and without it, as files of 2n - 1 powers have it. */
static void g1__odd_elements(void **state) {
    (void)state;
    zkm_error err;
    static g1_affine points[2 * 64];
    static fr values[2 * 64];
    const lagrange_options options = {.threads = 2, .stage = "test"};
    const size_t sizes[] = {1, 2, 3, 12, 18, 64};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (int lacks = 0; lacks < 2; lacks++) {
            size_t n = sizes[s];
            powers_g1(points, 2 * n);
            lagrange(values, 2 * n);
            if (lacks) { /* the term w^((2n-1) -j) tau^(2n-1) / 2n of L_j */
                fr term, root, factor;
                g1_affine_set_infinity(&points[2 * n - 1]);
                subgroup_root(&root, 2 * n);
                fr_power_u64(&term, &tau, 2 * n - 1);
                fr_set_u64(&factor, 2 * n);
                fr_inv(&factor, &factor);
                fr_mul(&term, &term, &factor); /* w^-((2n-1) j) = w^j */
                for (size_t j = 0; j < 2 * n; j++) {
                    fr_sub(&values[j], &values[j], &term);
                    fr_mul(&term, &term, &root);
                }
            }
            toy_ok(lagrange_points_odd_g1(&err, points, n, &options), &err);
            expect_g1(points, values, n, 2);
        }
}

/* Stops the work when it reports this step. */
static bool stop_at(void *context, const char *stage, uint64_t done, uint64_t total) {
    (void)stage;
    (void)total;
    return done < *(const uint64_t *)context;
}

static void checkpoint__work_goes_on_where_it_was_stopped(void **state) {
    (void)state;
    zkm_error err;
    static g1_affine points[36];
    static fr values[36];
    uint64_t last;
    const zkm_progress stopping = {stop_at, &last};
    lagrange_options options = {
        .threads = 1, .stage = "test", .checkpoint = FILE_NAME, .progress = &stopping};
    lagrange(values, 36);
    remove(FILE_NAME);
    for (last = 1; last <= 4; last++) { /* 36 = 2 2 3 3: four levels and the division */
        powers_g1(points, 36);
        toy_fails(lagrange_points_g1(&err, points, 36, &options), ZKM_ERR_CANCELLED, &err);
        assert_int_equal(access(FILE_NAME, F_OK), 0);
        powers_g1(points, 1); /* what is in memory no longer matters */
    }
    options.progress = NULL;
    toy_ok(lagrange_points_g1(&err, points, 36, &options), &err);
    expect_g1(points, values, 36, 1);
    memset(points, 0, sizeof points);
    toy_ok(lagrange_points_g1(&err, points, 36, &options), &err);
    expect_g1(points, values, 36, 1);
    /* Of another subject, it is not taken up. */
    options.subject[0] = 1;
    memset(points, 0, sizeof points);
    toy_ok(lagrange_points_g1(&err, points, 36, &options), &err);
    assert_true(g1_affine_is_infinity(&points[0]));
    remove(FILE_NAME);
}

static void checkpoint__damaged_files_are_none(void **state) {
    (void)state;
    zkm_error err;
    uint8_t subject[32] = {7}, data[9000], back[sizeof data];
    unsigned steps;
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 31);
    toy_ok(checkpoint_save(&err, FILE_NAME, subject, data, sizeof data, 5), &err);
    assert_true(checkpoint_load(FILE_NAME, subject, back, sizeof back, &steps));
    assert_int_equal(steps, 5);
    assert_memory_equal(data, back, sizeof data);
    assert_false(checkpoint_load(FILE_NAME, subject, back, sizeof back - 1, &steps));
    assert_false(checkpoint_load("no such file", subject, back, sizeof back, &steps));
    const long places[] = {0, 8, 80, 80 + 5000, 80 + 8999};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        FILE *f = fopen(FILE_NAME, "r+b");
        assert_non_null(f);
        assert_int_equal(fseek(f, places[i], SEEK_SET), 0);
        int byte = fgetc(f);
        assert_int_equal(fseek(f, places[i], SEEK_SET), 0);
        assert_int_not_equal(fputc(byte ^ 1, f), EOF);
        fclose(f);
        assert_false(checkpoint_load(FILE_NAME, subject, back, sizeof back, &steps));
        toy_ok(checkpoint_save(&err, FILE_NAME, subject, data, sizeof data, 5), &err);
    }
    assert_int_equal(truncate(FILE_NAME, 5000), 0);
    assert_false(checkpoint_load(FILE_NAME, subject, back, sizeof back, &steps));
    remove(FILE_NAME);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(g1__every_kind_of_domain),
        cmocka_unit_test(g2__every_kind_of_domain),
        cmocka_unit_test(g1__odd_elements),
        cmocka_unit_test(checkpoint__work_goes_on_where_it_was_stopped),
        cmocka_unit_test(checkpoint__damaged_files_are_none),
    };
    fr_set_u64(&tau, 0x123456789abcdef);
    for (int i = 0; i < 3; i++)
        fr_sqr(&tau, &tau);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
