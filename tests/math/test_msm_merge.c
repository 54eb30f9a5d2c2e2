/* Equal scalars put together: the sum stays, under every backend that this processor has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "math/backend.h"
#include "math/backends.h"
#include "math/msm.h"
#include "math/msm_merge.h"
#include "math/xorshift.h"

static void next_fr(fr *out) {
    uint8_t bytes[32];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)next();
    fr_from_bytes_reduce(out, bytes);
}

static size_t many(void) { return is_slow_backend() ? 1000 : 9000; }

typedef struct {
    size_t n;
    g1_affine *bases;
    fr *scalars;
} products;

static products products_new(size_t n) {
    products p = {n, calloc(n + 1, sizeof(g1_affine)), calloc(n + 1, sizeof(fr))};
    g1 *jacobian = calloc(n + 1, sizeof *jacobian), step;
    fp *scratch = calloc(n + 1, sizeof *scratch);
    assert_true(p.bases && p.scalars && jacobian && scratch);
    g1_from_affine(&step, g1_generator());
    g1_double(&jacobian[0], &step);
    for (size_t i = 1; i < n; i++)
        g1_add(&jacobian[i], &jacobian[i - 1], &step);
    g1_batch_to_affine(p.bases, jacobian, n, scratch);
    free(jacobian);
    free(scratch);
    return p;
}

static void products_free(products *p) {
    free(p->bases);
    free(p->scalars);
}

static void sum(g1 *out, const g1_affine *bases, const fr *scalars, size_t n) {
    void *scratch = malloc(msm_g1_scratch(n, 2));
    assert_non_null(scratch);
    msm_g1(out, bases, scalars, n, 2, scratch);
    free(scratch);
}

/* Returns the number of products that remain. */
static size_t check(const products *p, unsigned threads) {
    g1 expected, got;
    msm_merge merge;
    void *scratch = malloc(msm_merge_scratch(p->n)), *room = malloc(msm_merge_g1_room(threads));
    assert_true(scratch && room);
    size_t m = msm_merge_find(&merge, p->scalars, p->n, threads, scratch);
    assert_true(m <= p->n);
    g1_affine *points = malloc((m + 1) * sizeof *points);
    fr *values = malloc((m + 1) * sizeof *values);
    assert_true(points && values);
    msm_merge_g1(points, values, &merge, p->bases, threads, room);
    for (size_t i = 0; i < m; i++)
        assert_false(fr_is_zero(&values[i]));
    sum(&expected, p->bases, p->scalars, p->n);
    sum(&got, points, values, m);
    assert_true(g1_equal(&expected, &got));
    free(scratch);
    free(room);
    free(points);
    free(values);
    return m;
}

static void merge__sizes(void) {
    static const size_t sizes[] = {0, 1, 2, 3, 8, 9, 63, 65, 1000, 4095, 4096, 4097, 9000};
    const size_t count = sizeof sizes / sizeof sizes[0] - (is_slow_backend() ? 4 : 0);
    for (size_t s = 0; s < count; s++) {
        products p = products_new(sizes[s]);
        for (size_t i = 0; i < p.n; i++)
            next_fr(&p.scalars[i]);
        for (unsigned threads = 1; threads <= 3; threads++)
            assert_int_equal(check(&p, threads), p.n);
        products_free(&p);
    }
}

/* Few values, many of them 0, in no order; some values a thousand times as often as others. */
static void merge__repeated_scalars(void) {
    enum { VALUES = 50 };
    fr values[VALUES];
    products p = products_new(many());
    for (size_t i = 0; i < VALUES; i++)
        next_fr(&values[i]);
    fr_set_zero(&values[7]);
    fr_set_one(&values[8]);
    for (size_t often = 1; often <= 1000; often *= 10) {
        for (size_t i = 0; i < p.n; i++)
            p.scalars[i] = values[next() % often == 0 ? next() % VALUES : 3];
        for (unsigned threads = 1; threads <= 5; threads += 2)
            assert_true(check(&p, threads) <= VALUES + p.n / 4096 + 1);
    }
    products_free(&p);
}

static void merge__all_scalars_the_same(void) {
    products p = products_new(many());
    next_fr(&p.scalars[0]);
    for (size_t i = 1; i < p.n; i++)
        p.scalars[i] = p.scalars[0];
    assert_int_equal(check(&p, 2), (p.n + 4095) / 4096); /* one for each segment */
    memset(p.scalars, 0, p.n * sizeof *p.scalars);
    assert_int_equal(check(&p, 2), 0);
    products_free(&p);
}

static void merge__infinite_equal_and_opposite_bases(void) {
    products p = products_new(600);
    for (size_t i = 0; i < p.n; i++) {
        fr_set_u64(&p.scalars[i], 5 + i % 3);
        if (i % 5 == 1)
            g1_affine_set_infinity(&p.bases[i]);
        else if (i % 5 == 2)
            p.bases[i] = p.bases[0];
        else if (i % 5 == 3)
            g1_affine_neg(&p.bases[i], &p.bases[0]);
    }
    check(&p, 2);
    for (size_t i = 0; i < p.n; i++)
        p.bases[i] = p.bases[0];
    check(&p, 2);
    for (size_t i = 1; i < p.n; i += 2)
        g1_affine_neg(&p.bases[i], &p.bases[0]);
    for (size_t i = 0; i < p.n; i++)
        fr_set_u64(&p.scalars[i], 77);
    check(&p, 2);
    for (size_t i = 0; i < p.n; i++)
        g1_affine_set_infinity(&p.bases[i]);
    check(&p, 2);
    products_free(&p);
}

/* Different scalars, zeros and ones are no reason; a tenth that repeats is. */
static void pays__by_a_sample(void **state) {
    (void)state;
    enum { N = 100000 };
    fr *scalars = malloc(N * sizeof *scalars);
    assert_non_null(scalars);
    for (size_t i = 0; i < N; i++)
        next_fr(&scalars[i]);
    for (size_t n = 0; n <= 10000; n = 10 * n + 1)
        assert_false(msm_merge_pays(scalars, n));
    assert_false(msm_merge_pays(scalars, N));
    for (size_t i = 0; i < N; i += 3)
        fr_set_u64(&scalars[i], i % 2);
    assert_false(msm_merge_pays(scalars, N));
    for (size_t i = 0; i < N; i += 10)
        scalars[i] = scalars[i / 10 % 1000 + 10001];
    assert_true(msm_merge_pays(scalars, N));
    scalars[1] = scalars[2];
    assert_true(msm_merge_pays(scalars + 1, 2));
    free(scalars);
}

#define BACKEND_TEST(name)                                                                         \
    static void name##_all(void **s) {                                                             \
        (void)s;                                                                                   \
        for_each_backend(name);                                                                    \
    }
BACKEND_TEST(merge__sizes)
BACKEND_TEST(merge__repeated_scalars)
BACKEND_TEST(merge__all_scalars_the_same)
BACKEND_TEST(merge__infinite_equal_and_opposite_bases)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pays__by_a_sample),
        cmocka_unit_test(merge__sizes_all),
        cmocka_unit_test(merge__repeated_scalars_all),
        cmocka_unit_test(merge__all_scalars_the_same_all),
        cmocka_unit_test(merge__infinite_equal_and_opposite_bases_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
