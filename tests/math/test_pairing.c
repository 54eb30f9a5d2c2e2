/* The pairing: published checks (EIP-197), py_ecc's values, bilinearity, prepared points. */
#include "math_test.h"

#include <stdlib.h>

/* Either point of a pair in EIP-197's encoding, where zeros stand for infinity. */
static void read_pair(g1_affine *p, g2_affine *q, const char *hex) {
    uint8_t bytes[G1_BYTES + G2_BYTES];
    char text[2 * sizeof bytes + 1];
    static const uint8_t zeros[G2_BYTES];
    memcpy(text, hex, 2 * sizeof bytes);
    text[2 * sizeof bytes] = '\0';
    assert_true(hex_decode(bytes, sizeof bytes, text));
    g1_affine_set_infinity(p);
    g2_affine_set_infinity(q);
    if (memcmp(bytes, zeros, G1_BYTES) != 0)
        assert_true(g1_from_bytes(p, bytes));
    if (memcmp(bytes + G1_BYTES, zeros, G2_BYTES) != 0)
        assert_true(g2_from_bytes(q, bytes + G1_BYTES));
}

static void pairing_check__agrees_with_eip197(void **state) {
    (void)state;
    json_t *rows = load_vectors("eip197_pairing.json"), *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *input = text_of(row, "input"), *expected = text_of(row, "expected");
        g1_affine p[16];
        g2_affine q[16];
        size_t n = strlen(input) / 384;
        assert_true(n <= 16);
        for (size_t j = 0; j < n; j++)
            read_pair(&p[j], &q[j], input + 384 * j);
        assert_int_equal(pairing_check(p, q, n), expected[63] == '1');
    }
    json_decref(rows);
}

static void multiples(g1_affine *p, g2_affine *q, const fr *a, const fr *b) {
    g1 s;
    g2 t;
    g1_from_affine(&s, g1_generator());
    g1_mul(&s, &s, a);
    g1_to_affine(p, &s);
    g2_from_affine(&t, g2_generator());
    g2_mul(&t, &t, b);
    g2_to_affine(q, &t);
}

static void pairing__agrees_with_py_ecc(void **state) {
    (void)state;
    json_t *rows = load_vectors("pairing_values.json"), *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        uint8_t bytes[32];
        fr a, b;
        g1_affine p;
        g2_affine q;
        fp12 e, expected;
        fp2 *order[6] = {&expected.c0.c0, &expected.c1.c0, &expected.c0.c1,
                         &expected.c1.c1, &expected.c0.c2, &expected.c1.c2};
        bytes_of(bytes, 32, row, "a");
        assert_true(fr_from_bytes(&a, bytes));
        bytes_of(bytes, 32, row, "b");
        assert_true(fr_from_bytes(&b, bytes));
        const json_t *list = json_object_get(row, "coefficients");
        for (size_t j = 0; j < 12; j++) {
            const char *text = json_string_value(json_array_get(list, j));
            assert_true(text != NULL && hex_decode(bytes, 32, text));
            assert_true(fp_from_bytes(j % 2 ? &order[j / 2]->c1 : &order[j / 2]->c0, bytes));
        }
        multiples(&p, &q, &a, &b);
        pairing(&e, &p, &q);
        assert_true(fp12_equal(&e, &expected));
    }
    json_decref(rows);
}

static void pairing__is_bilinear(void **state) {
    (void)state;
    for (int i = 0; i < 3; i++) {
        g1_affine p, p2, sum;
        g2_affine q;
        g1 s;
        fp12 e, e2, product, both;
        random_g1(&p);
        random_g1(&p2);
        random_g2(&q);
        g1_from_affine(&s, &p);
        g1_add_mixed(&s, &s, &p2);
        g1_to_affine(&sum, &s);
        pairing(&e, &p, &q);
        pairing(&e2, &p2, &q);
        fp12_mul(&product, &e, &e2);
        pairing(&both, &sum, &q);
        assert_true(fp12_equal(&product, &both));
        assert_false(fp12_is_one(&e));
        fr a, b;
        g1_affine pa;
        g2_affine qa, qb;
        random_fr(&a);
        fr_set_one(&b);
        multiples(&pa, &qb, &a, &b);
        multiples(&p, &qa, &b, &a);
        pairing(&e, &pa, &qb);
        pairing(&e2, &p, &qa);
        assert_true(fp12_equal(&e, &e2));
    }
}

/* Pairs (a_i, b_i) and a last one with a = -sum a_i b_i, b = 1: the product is 1. */
static void balanced_pairs(g1_affine *p, g2_affine *q, size_t n) {
    fr sum, one;
    fr_set_zero(&sum);
    fr_set_one(&one);
    for (size_t i = 0; i + 1 < n; i++) {
        fr a, b;
        random_fr(&a);
        random_fr(&b);
        multiples(&p[i], &q[i], &a, &b);
        fr_mul(&a, &a, &b);
        fr_sub(&sum, &sum, &a);
    }
    multiples(&p[n - 1], &q[n - 1], &sum, &one);
}

static void pairing_check__holds_for_balanced_products_only(void **state) {
    (void)state;
    enum { MOST = 19 }; /* more than two chunks of the Miller loop */
    g1_affine p[MOST];
    g2_affine q[MOST];
    for (size_t n = 2; n <= MOST; n += n < 10 ? 1 : 3) {
        balanced_pairs(p, q, n);
        assert_true(pairing_check(p, q, n));
        g1_affine_neg(&p[n / 2], &p[n / 2]);
        assert_false(pairing_check(p, q, n));
    }
    assert_true(pairing_check(NULL, NULL, 0));
    balanced_pairs(p, q, 3);
    assert_false(pairing_check(p, q, 2));
    assert_false(pairing_check(p, q, 1));
}

/* Products of many pairs, which share inversions, against the single pairings' product: equal and
 * opposite pairs, infinity, and sizes about those at which the loop changes. */
static void pairing_check__of_many_is_the_product_of_single_ones(void **state) {
    (void)state;
    enum { MOST = 140 };
    const size_t sizes[] = {1, 7, 8, 9, 127, 128, 129, 135, 136, 137, MOST};
    static g1_affine p[MOST];
    static g2_affine q[MOST];
    fp12 product, e;
    size_t n = 0;
    fp12_set_one(&product);
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        for (; n < sizes[k]; n++) {
            random_g1(&p[n]);
            random_g2(&q[n]);
            if (n % 9 == 2)
                p[n] = p[n - 1];
            if (n % 9 == 3)
                q[n] = q[n - 1];
            if (n % 9 == 4)
                g1_affine_neg(&p[n], &p[n - 1]);
            if (n % 9 == 5)
                g2_affine_neg(&q[n], &q[n - 2]);
            if (n % 9 == 6)
                g1_affine_set_infinity(&p[n]);
            if (n % 9 == 7)
                g2_affine_set_infinity(&q[n]);
            pairing(&e, &p[n], &q[n]);
            fp12_mul(&product, &product, &e);
        }
        assert_true(pairing_check_prepared(&product, p, q, n, NULL, NULL, 0));
        g1_affine kept = p[0];
        p[0] = *g1_generator();
        assert_false(pairing_check_prepared(&product, p, q, n, NULL, NULL, 0));
        p[0] = kept;
    }
}

static void pairing_check__passes_over_infinity(void **state) {
    (void)state;
    g1_affine p[5];
    g2_affine q[5];
    fp12 e;
    balanced_pairs(p, q, 5);
    g1_affine_set_infinity(&p[1]);
    assert_false(pairing_check(p, q, 5));
    g2_affine_set_infinity(&q[2]);
    balanced_pairs(p + 3, q + 3, 2);
    g1_affine_set_infinity(&p[0]);
    assert_true(pairing_check(p, q, 5));
    assert_true(pairing_check(p, q, 2));
    pairing(&e, &p[0], &q[0]);
    assert_true(fp12_is_one(&e));
    g2_prepared none;
    const g2_prepared *list[1] = {&none};
    g2_prepare(&none, &q[2]);
    assert_true(none.infinity);
    assert_true(pairing_check_prepared(NULL, NULL, NULL, 0, &p[4], list, 1));
}

static void pairing_check_prepared__agrees_with_pairing_check(void **state) {
    (void)state;
    g1_affine p[12];
    g2_affine q[12];
    g2_prepared *prepared = malloc(12 * sizeof *prepared);
    const g2_prepared *list[12];
    fp12 target, other;
    assert_non_null(prepared);
    balanced_pairs(p, q, 12);
    for (size_t i = 0; i < 12; i++) {
        g2_prepare(&prepared[i], &q[i]);
        list[i] = &prepared[i];
    }
    for (size_t n = 0; n <= 12; n += 3) {
        assert_true(pairing_check_prepared(NULL, p, q, n, p + n, list + n, 12 - n));
        g1_affine_neg(&p[5], &p[5]);
        assert_false(pairing_check_prepared(NULL, p, q, n, p + n, list + n, 12 - n));
        g1_affine_neg(&p[5], &p[5]);
    }
    /* All but the last, against the reciprocal of the last. */
    pairing(&target, &p[11], &q[11]);
    fp12_conj(&other, &target);
    assert_true(pairing_check_prepared(&other, p, q, 4, p + 4, list + 4, 7));
    assert_false(pairing_check_prepared(&target, p, q, 4, p + 4, list + 4, 7));
    assert_false(pairing_check_prepared(NULL, p, q, 4, p + 4, list + 4, 7));
    free(prepared);
}

static const struct CMUnitTest pairing_tests[] = {
    cmocka_unit_test(pairing_check__agrees_with_eip197),
    cmocka_unit_test(pairing__agrees_with_py_ecc),
    cmocka_unit_test(pairing__is_bilinear),
    cmocka_unit_test(pairing_check__holds_for_balanced_products_only),
    cmocka_unit_test(pairing_check__of_many_is_the_product_of_single_ones),
    cmocka_unit_test(pairing_check__passes_over_infinity),
    cmocka_unit_test(pairing_check_prepared__agrees_with_pairing_check),
};

int main(void) { return run_under_backends(pairing_tests); }
