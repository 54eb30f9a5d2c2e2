/* Transforms against the definition, under every backend that this processor has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "math/backend.h"
#include "math/backends.h"
#include "math/fft.h"
#include "math/fft_plan.h"

static uint64_t state = 88172645463325252u;

static void next_fr(fr *out) {
    uint8_t bytes[32];
    for (int i = 0; i < 32; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes[i] = (uint8_t)(state >> 24);
    }
    fr_from_bytes_reduce(out, bytes);
}

typedef struct {
    fft_domain domain;
    fr *tables, *a, *b;
    void *scratch;
} setup;

static setup setup_new(size_t size) {
    setup s;
    assert_true(fft_domain_valid(size));
    s.tables = calloc(fft_domain_tables(size), sizeof *s.tables);
    s.a = calloc(size, sizeof *s.a);
    s.b = calloc(size, sizeof *s.b);
    s.scratch = malloc(fft_scratch(size));
    assert_true(s.tables != NULL && s.a != NULL && s.b != NULL && s.scratch != NULL);
    fft_domain_init(&s.domain, size, s.tables);
    for (size_t i = 0; i < size; i++)
        next_fr(&s.a[i]);
    /* Extreme values first and last. */
    fr_set_zero(&s.a[0]);
    fr_set_i64(&s.a[size - 1], -1);
    memcpy(s.b, s.a, size * sizeof *s.a);
    return s;
}

static void setup_free(setup *s) {
    free(s->tables);
    free(s->a);
    free(s->b);
    free(s->scratch);
}

/* sum a_i x^i */
static void evaluate(fr *out, const fr *a, size_t n, const fr *x) {
    fr_set_zero(out);
    for (size_t i = n; i-- > 0;) {
        fr_mul(out, out, x);
        fr_add(out, out, &a[i]);
    }
}

/* Values at shift * root^k for all k, or for about 40 of them when there are many. */
static void check_values(const setup *s, const fr *shift) {
    const size_t n = s->domain.size, step = n <= 300 ? 1 : n / 41 | 1;
    fr x = *shift, expected, jump;
    fr_pow(&jump, &s->domain.root, (const uint64_t[]){step}, 1);
    for (size_t k = 0; k < n; k += step) {
        evaluate(&expected, s->a, n, &x);
        assert_true(fr_equal(&expected, &s->b[k]));
        fr_mul(&x, &x, &jump);
    }
}

static void check_size(size_t size, unsigned threads) {
    setup s = setup_new(size);
    fr one, minus_two, t;
    fr_set_one(&one);
    fft_forward(&s.domain, s.b, threads, s.scratch);
    check_values(&s, &one);
    fft_inverse(&s.domain, s.b, threads, s.scratch);
    assert_memory_equal(s.a, s.b, size * sizeof *s.a);
    fft_forward_coset(&s.domain, s.b, threads, s.scratch);
    check_values(&s, &s.domain.shift);
    fft_inverse_coset(&s.domain, s.b, threads, s.scratch);
    assert_memory_equal(s.a, s.b, size * sizeof *s.a);
    /* X^n - 1 on the coset. */
    fr_set_i64(&minus_two, -2);
    fr_pow(&t, &s.domain.shift, (const uint64_t[]){size}, 1);
    fr_sub(&t, &t, &one);
    assert_true(fr_equal(&t, &minus_two));
    setup_free(&s);
}

static void fft__all_small_sizes(void) {
    for (size_t odd = 1; odd <= 9; odd *= 3)
        for (size_t size = odd; size <= 1200; size *= 2)
            check_size(size, 1);
}

static void fft__larger_sizes(void) {
    for (size_t odd = 1; odd <= 9; odd *= 3)
        for (size_t size = odd << 11; size <= (is_slow_backend() ? 5000u
                                               : odd == 1        ? 70000u
                                                                 : 40000u);
             size *= 2)
            check_size(size, 2);
}

static void fft__threads_agree(void) {
    static const size_t sizes[] = {64, 576, 4096, 6144, 9216};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        setup s = setup_new(sizes[i]);
        fft_forward_coset(&s.domain, s.a, 1, s.scratch);
        for (unsigned threads = 2; threads < 80; threads += 13) {
            setup other = setup_new(sizes[i]);
            memcpy(other.a, s.b, sizes[i] * sizeof(fr));
            fft_forward_coset(&other.domain, other.a, threads, other.scratch);
            assert_memory_equal(other.a, s.a, sizes[i] * sizeof(fr));
            setup_free(&other);
        }
        setup_free(&s);
    }
}

/* What fft_loops.h promises of values in the lazy form, for every plan that a domain may have. */
static void fft_plan__keeps_values_below_the_bound(void **s) {
    (void)s;
    static fr roots[9 << 11];
    uint8_t *memory = malloc(fft_plan_bytes(9 << 11));
    unsigned shrinking = 0;
    assert_non_null(memory);
    for (size_t odd = 1; odd <= 9; odd *= 3)
        for (size_t n = 8 * odd; n <= (odd == 1 ? 1U << 14 : 9U << 11); n *= 2) {
            fft_plan plan;
            unsigned bound = 3;
            size_t product = 1;
            fft_plan_init(&plan, math_backend_current()->kernels, n, roots, memory);
            for (unsigned l = plan.levels; l-- > 0;) {
                if (plan.shrinks[l])
                    bound = 3;
                shrinking += plan.shrinks[l];
                bound += 3U * (plan.radix[l] - 1U);
                product *= plan.radix[l];
                assert_true(bound <= FFT_BOUND);
            }
            assert_int_equal(product, n);
        }
    assert_true(shrinking > 0);
    free(memory);
}

/* 2^15 = 8 * 2^12, of which the second plan shrinks, against the domain's own 2^8 * 2^7. */
static void fft__plans_that_shrink(void) {
    enum { ROWS = 8, COLUMNS = 1 << 12, N = ROWS * COLUMNS };
    const math_kernels *kernels = math_backend_current()->kernels;
    setup s = setup_new(N);
    fr *powers = calloc(3 * COLUMNS + ROWS, sizeof *powers), *ones = powers + COLUMNS;
    fr *column_roots = ones + COLUMNS, *row_roots = column_roots + COLUMNS, step;
    uint8_t *memory = malloc(fft_plan_bytes(ROWS) + fft_plan_bytes(COLUMNS));
    uint8_t *middle = malloc(64 + (size_t)N / LANES * LANES_FIELD_BYTES);
    uint8_t *work = malloc(64 + (size_t)COLUMNS * LANES_FIELD_BYTES);
    assert_true(powers != NULL && memory != NULL && middle != NULL && work != NULL);
    void *aligned_work = work + (64 - (uintptr_t)work % 64);
    fft_passes p = {.data = s.b, .middle = middle + (64 - (uintptr_t)middle % 64)};
    fr_set_one(&powers[0]);
    fr_set_one(&column_roots[0]);
    fr_set_one(&row_roots[0]);
    for (size_t j = 0; j < COLUMNS; j++) {
        fr_set_one(&ones[j]);
        if (j > 0)
            fr_mul(&powers[j], &powers[j - 1], &s.domain.root);
    }
    fr_pow(&step, &s.domain.root, (const uint64_t[]){ROWS}, 1);
    for (size_t j = 1; j < COLUMNS; j++)
        fr_mul(&column_roots[j], &column_roots[j - 1], &step);
    fr_pow(&step, &s.domain.root, (const uint64_t[]){COLUMNS}, 1);
    for (size_t i = 1; i < ROWS; i++)
        fr_mul(&row_roots[i], &row_roots[i - 1], &step);
    fft_plan_init(&p.columns, kernels, ROWS, row_roots, memory);
    fft_plan_init(&p.rows, kernels, COLUMNS, column_roots, memory + fft_plan_bytes(ROWS));
    assert_true(p.rows.shrinks[0]);
    p.start = ones;
    p.step = powers;
    kernels->fft_columns(&p, 0, COLUMNS / LANES, aligned_work);
    kernels->fft_rows(&p, 0, ROWS / LANES, aligned_work);
    fft_forward(&s.domain, s.a, 1, s.scratch);
    assert_memory_equal(s.a, s.b, N * sizeof *s.a);
    free(powers);
    free(memory);
    free(middle);
    free(work);
    setup_free(&s);
}

#define BACKEND_TEST(name)                                                                         \
    static void name##_all(void **s) {                                                             \
        (void)s;                                                                                   \
        for_each_backend(name);                                                                    \
    }
BACKEND_TEST(fft__all_small_sizes)
BACKEND_TEST(fft__larger_sizes)
BACKEND_TEST(fft__threads_agree)
BACKEND_TEST(fft__plans_that_shrink)

static void fft_domain_smallest__table(void **s) {
    (void)s;
    assert_int_equal(fft_domain_smallest(0), 1);
    assert_int_equal(fft_domain_smallest(1), 1);
    assert_int_equal(fft_domain_smallest(2), 2);
    assert_int_equal(fft_domain_smallest(3), 3);
    assert_int_equal(fft_domain_smallest(5), 6);
    assert_int_equal(fft_domain_smallest(7), 8);
    assert_int_equal(fft_domain_smallest(9), 9);
    assert_int_equal(fft_domain_smallest(1048577), 1179648);
    assert_int_equal(fft_domain_smallest(1179649), 1572864);
    assert_int_equal(fft_domain_smallest((size_t)1 << 28), (size_t)1 << 28);
    assert_int_equal(fft_domain_smallest(((size_t)1 << 28) + 1), 0);
    assert_int_equal(fft_domain_smallest(SIZE_MAX), 0);
    assert_false(fft_domain_valid(0));
    assert_false(fft_domain_valid(5));
    assert_false(fft_domain_valid(27));
    assert_false(fft_domain_valid((size_t)1 << 29));
}

static void fft_domain_init__roots_have_their_order(void **s) {
    (void)s;
    static const size_t sizes[] = {
        1, 2, 3, 9, 64, 192, 1179648, (size_t)1 << 20, (size_t)9 << 24, (size_t)1 << 28};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const size_t n = sizes[i];
        fr *tables = calloc(fft_domain_tables(n), sizeof *tables);
        fft_domain d;
        fr t;
        assert_non_null(tables);
        fft_domain_init(&d, n, tables);
        fr_pow(&t, &d.root, (const uint64_t[]){n}, 1);
        assert_true(fr_is_one(&t));
        for (size_t q = 2; q <= 3; q++) {
            fr_pow(&t, &d.root, (const uint64_t[]){n / q}, 1);
            assert_true(n % q != 0 || !fr_is_one(&t));
        }
        fr_sqr(&t, &d.shift);
        assert_true(n == (size_t)1 << 28 ? fr_is_zero(&t) : fr_equal(&t, &d.root));
        free(tables);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fft_domain_smallest__table),
        cmocka_unit_test(fft_domain_init__roots_have_their_order),
        cmocka_unit_test(fft__all_small_sizes_all),
        cmocka_unit_test(fft__larger_sizes_all),
        cmocka_unit_test(fft__threads_agree_all),
        cmocka_unit_test(fft__plans_that_shrink_all),
        cmocka_unit_test(fft_plan__keeps_values_below_the_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
