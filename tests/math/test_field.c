/* The fields with their portable bodies, and random scalars. */
#include "math_test.h"

#include "math/fr_random.h"

#define NEEDS_PROCESSOR() ((void)0)

#define FIELD fr
#include "field_cases.h"
#undef FIELD
#define FIELD fp
#include "field_cases.h"
#undef FIELD

static void fp_sqrt__finds_roots_of_squares_only(void **state) {
    (void)state;
    for (int i = 0; i < 100; i++) {
        fp a, square, root, minus;
        random_fp(&a);
        fp_sqr(&square, &a);
        assert_true(fp_sqrt(&root, &square));
        fp_neg(&minus, &a);
        assert_true(fp_equal(&root, &a) || fp_equal(&root, &minus));
        fp_neg(&minus, &square); /* -1 is no square for p = 3 mod 4 */
        root = a;
        assert_false(fp_sqrt(&root, &minus));
        assert_true(fp_equal(&root, &a));
    }
    fp zero, root;
    fp_set_zero(&zero);
    assert_true(fp_sqrt(&root, &zero));
    assert_true(fp_is_zero(&root));
}

static void fp_is_larger__separates_a_from_its_negative(void **state) {
    (void)state;
    for (size_t i = 0; i < 200; i++) {
        fp a, minus, twice;
        if (i < fp_EDGES)
            fp_edge(&a, i);
        else
            random_fp(&a);
        uint64_t limbs[4], other[4];
        fp_neg(&minus, &a);
        fp_to_limbs(limbs, &a);
        fp_to_limbs(other, &minus);
        bool larger = false;
        for (int j = 3; j >= 0; j--)
            if (limbs[j] != other[j]) {
                larger = limbs[j] > other[j];
                break;
            }
        assert_int_equal(fp_is_larger(&a), larger);
        fp_double(&twice, &a);
        if (!fp_is_zero(&a))
            assert_int_not_equal(fp_is_larger(&a), fp_is_larger(&minus));
    }
}

static void fr_random__gives_different_scalars(void **state) {
    (void)state;
    fr a, b;
    assert_int_equal(fr_random(NULL, &a), ZKM_OK);
    assert_int_equal(fr_random(NULL, &b), ZKM_OK);
    assert_false(fr_equal(&a, &b));
    /* The highest bits vary: of 256 draws some lie in each quarter of [0, r). */
    unsigned quarters = 0;
    for (int i = 0; i < 256; i++) {
        uint64_t limbs[4];
        assert_int_equal(fr_random(NULL, &a), ZKM_OK);
        fr_to_limbs(limbs, &a);
        quarters |= 1u << limbs[3] / (fr_MODULUS.l[3] / 4 + 1);
    }
    assert_int_equal(quarters, 15);
}

static void fr_random_weights__every_bit_varies(void **state) {
    (void)state;
    enum { N = 3000 };
    static fr weights[N];
    uint64_t first[4], limbs[4], differ[4] = {0};
    assert_int_equal(fr_random_weights(NULL, weights, N), ZKM_OK);
    fr_to_limbs(first, &weights[0]);
    for (int i = 0; i < N; i++) {
        fr_to_limbs(limbs, &weights[i]);
        assert_true(limbs[3] == 0 && limbs[2] >> (FR_WEIGHT_BITS - 128) == 0);
        for (int j = 0; j < 3; j++)
            differ[j] |= first[j] ^ limbs[j];
        for (int j = 0; j < i && i % 1000 == 0; j++)
            assert_false(fr_equal(&weights[i], &weights[j]));
    }
    assert_true(differ[0] == UINT64_MAX && differ[1] == UINT64_MAX);
    assert_int_equal(differ[2], (1 << (FR_WEIGHT_BITS - 128)) - 1);
}

static void mul_vector__is_the_same_in_all_backends(void **state) {
    (void)state;
    enum { N = 2000 };
    static fr a[N], b[N], expected[N], out[N];
    static fp c[N], d[N], expected_fp[N], out_fp[N];
    size_t count;
    const math_backend *const *all = math_backend_all(&count);
    for (size_t i = 0; i < N; i++) {
        fr_random_or_edge(&a[i]);
        fr_random_or_edge(&b[i]);
        fp_random_or_edge(&c[i]);
        fp_random_or_edge(&d[i]);
        fr_mul(&expected[i], &a[i], &b[i]);
        fp_mul(&expected_fp[i], &c[i], &d[i]);
    }
    for (size_t k = 0; k < count; k++) {
        if (!all[k]->available())
            continue;
        for (size_t n = 0; n < N; n = n < 40 ? n + 1 : 2 * n) {
            memset(out, 0x5a, sizeof out);
            memset(out_fp, 0x5a, sizeof out_fp);
            all[k]->fr_mul_vector(out, a, b, n);
            all[k]->fp_mul_vector(out_fp, c, d, n);
            assert_memory_equal(out, expected, n * sizeof out[0]);
            assert_memory_equal(out_fp, expected_fp, n * sizeof out_fp[0]);
            assert_int_equal(out[n].l[0], UINT64_C(0x5a5a5a5a5a5a5a5a));
            assert_int_equal(out_fp[n].l[0], UINT64_C(0x5a5a5a5a5a5a5a5a));
        }
    }
}

static void dot__is_the_sum_of_products_in_all_backends(void **state) {
    (void)state;
    enum { N = 300 };
    static fr a[N], b[N];
    const fr *first[N], *second[N];
    size_t count;
    const math_backend *const *all = math_backend_all(&count);
    for (int round = 0; round < 2; round++) {
        fr expected = {{0}}, product, out;
        for (size_t n = 0; n <= N; n++) {
            for (size_t k = 0; k < count; k++) {
                if (!all[k]->available())
                    continue;
                all[k]->fr_dot(&out, first, second, n);
                assert_true(fr_equal(&out, &expected));
            }
            if (n == N)
                break;
            fr_random_or_edge(&a[n]);
            fr_random_or_edge(&b[n]);
            if (round == 1) { /* p - 1 as limbs: the largest sums */
                a[n] = fr_MODULUS;
                a[n].l[0]--;
                b[n] = a[n];
            }
            first[n] = &a[n];
            second[n] = &b[n];
            fr_mul(&product, &a[n], &b[n]);
            fr_add(&expected, &expected, &product);
        }
    }
}

static void batch_inv__inverts_in_all_backends(void **state) {
    (void)state;
    enum { N = 40 };
    fr v[N], inverse[N], scratch[N], expected;
    size_t count;
    const math_backend *const *all = math_backend_all(&count);
    for (size_t i = 0; i < N; i++)
        fr_random_or_edge(&v[i]);
    fr_set_zero(&v[N / 2]);
    for (size_t k = 0; k < count; k++) {
        if (!all[k]->available())
            continue;
        for (size_t n = 0; n <= N; n++) {
            memcpy(inverse, v, sizeof v);
            all[k]->fr_batch_inv(inverse, n, scratch);
            for (size_t i = 0; i < N; i++) {
                expected = v[i];
                if (i < n)
                    fr_inv(&expected, &v[i]);
                assert_true(fr_equal(&inverse[i], &expected));
            }
        }
    }
}

static void math_backend_select__names_what_is_wrong(void **state) {
    (void)state;
    zkm_error err;
    const math_backend *before = math_backend_current();
    assert_int_equal(math_backend_select(&err, "abacus"), ZKM_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "abacus"));
    assert_ptr_equal(math_backend_current(), before);
    assert_int_equal(math_backend_select(&err, "portable"), ZKM_OK);
    assert_string_equal(math_backend_current()->name, "portable");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(fp_sqrt__finds_roots_of_squares_only),
    cmocka_unit_test(fp_is_larger__separates_a_from_its_negative),
    cmocka_unit_test(fr_random__gives_different_scalars),
    cmocka_unit_test(fr_random_weights__every_bit_varies),
    cmocka_unit_test(mul_vector__is_the_same_in_all_backends),
    cmocka_unit_test(dot__is_the_sum_of_products_in_all_backends),
    cmocka_unit_test(batch_inv__inverts_in_all_backends),
    cmocka_unit_test(math_backend_select__names_what_is_wrong),
};

int main(void) {
    return cmocka_run_group_tests(fr_tests, NULL, NULL) +
           cmocka_run_group_tests(fp_tests, NULL, NULL) + cmocka_run_group_tests(tests, NULL, NULL);
}
