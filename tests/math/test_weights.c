/* The endomorphism of G1 and what rests on it: sums of multiples, and weights, against double and
 * add. */
#include "math_test.h"

#include "math/endomorphism.h"
#include "math/weight_digits.h"

enum { MOST = 260 }; /* more than two chunks */

/* Double and add. */
static void plain_mul(g1 *out, const g1_affine *p, const fr *k) {
    uint64_t limbs[4];
    g1 sum;
    fr_to_limbs(limbs, k);
    g1_set_infinity(&sum);
    for (int bit = 255; bit >= 0; bit--) {
        g1_double(&sum, &sum);
        if (limbs[bit / 64] >> (bit % 64) & 1)
            g1_add_mixed(&sum, &sum, p);
    }
    *out = sum;
}

static void endomorphism__multiplies_by_lambda(void **state) {
    (void)state;
    fr lambda_squared, sum;
    fp cube;
    fr_sqr(&lambda_squared, &G1_LAMBDA);
    fr_set_one(&sum);
    fr_add(&sum, &sum, &G1_LAMBDA);
    fr_add(&sum, &sum, &lambda_squared);
    assert_true(fr_is_zero(&sum));
    fp_mul(&cube, &G1_BETA[0], &G1_BETA[1]);
    assert_true(fp_is_one(&cube));
    for (int i = 0; i < 5; i++) {
        g1_affine p;
        g1 product, image;
        random_g1(&p);
        plain_mul(&product, &p, &G1_LAMBDA);
        g1_from_affine(&image, &p);
        fp_mul(&image.x, &image.x, &G1_BETA[0]);
        assert_true(g1_equal(&product, &image));
        plain_mul(&product, &p, &lambda_squared);
        fp_mul(&image.x, &p.x, &G1_BETA[1]);
        assert_true(g1_equal(&product, &image));
    }
}

/* Small numbers, powers of two, multiples of lambda, and their negatives. */
static void edge_scalar(fr *out, unsigned i) {
    fr two;
    uint64_t exponent = i % 256;
    fr_set_u64(out, i);
    if (i >= 16) {
        fr_set_u64(&two, 2);
        fr_pow(out, &two, &exponent, 1);
    }
    if (random_u64() % 2)
        fr_mul(out, out, &G1_LAMBDA);
    if (random_u64() % 2)
        fr_neg(out, out);
}

static void g1_dot__agrees_with_double_and_add(void **state) {
    (void)state;
    g1 p[20], sum, expected, term;
    g1_affine affine[20];
    fr k[20];
    for (size_t i = 0; i < 20; i++)
        random_g1(&affine[i]);
    g1_affine_set_infinity(&affine[3]);
    affine[5] = affine[4];
    g1_affine_neg(&affine[6], &affine[4]);
    for (size_t i = 0; i < 20; i++)
        g1_from_affine(&p[i], &affine[i]);
    for (unsigned round = 0; round < 256; round++) {
        size_t n = round % 21;
        g1_set_infinity(&expected);
        for (size_t i = 0; i < n; i++) {
            if (random_u64() % 2)
                random_fr(&k[i]);
            else
                edge_scalar(&k[i], round + (unsigned)i);
            if (i == 5 || i == 6)
                k[i] = k[4];
            plain_mul(&term, &affine[i], &k[i]);
            g1_add(&expected, &expected, &term);
        }
        g1_dot(&sum, p, k, n);
        assert_true(g1_equal(&sum, &expected));
    }
}

static void g1_mul__of_edges(void **state) {
    (void)state;
    g1_affine affine;
    g1 p, product, expected;
    fr k;
    random_g1(&affine);
    g1_from_affine(&p, &affine);
    for (unsigned i = 0; i < 600; i++) {
        edge_scalar(&k, i % 272);
        plain_mul(&expected, &affine, &k);
        g1_mul(&product, &p, &k);
        assert_true(g1_equal(&product, &expected));
    }
}

/* A digit as a + b omega: theta is 1 - omega, omega (a + b omega) = -b + (a - b) omega. */
static void digit_value(int value[2], weight_digit d) {
    int a = d.kind == DIGIT_ZERO ? 0 : d.kind == DIGIT_TWO ? 2 : 1;
    int b = d.kind == DIGIT_THETA ? -1 : 0;
    for (unsigned i = 0; i < d.power; i++) {
        int old = a;
        a = -b;
        b = old - b;
    }
    value[0] = d.negative ? -a : a;
    value[1] = d.negative ? -b : b;
}

/* What weights.h's proof needs: digits are distinct modulo 4, and |digit|^2 is at most 4. */
static void weight_digits__are_all_residues_modulo_4(void **state) {
    (void)state;
    bool seen[4][4] = {{false}};
    for (unsigned nibble = 0; nibble < 16; nibble++) {
        const g1_weight weight = {{(uint8_t)nibble}};
        int v[2];
        weight_digit digit = weight_digit_at(&weight, 0);
        digit_value(v, digit);
        assert_int_equal(digit.a, v[0]);
        assert_int_equal(digit.b, v[1]);
        assert_true(v[0] * v[0] - v[0] * v[1] + v[1] * v[1] <= 4);
        assert_false(seen[v[0] & 3][v[1] & 3]);
        seen[v[0] & 3][v[1] & 3] = true;
    }
}

static void random_weight(g1_weight *out) {
    for (size_t i = 0; i < sizeof out->bytes; i++)
        out->bytes[i] = (uint8_t)(random_u64() >> 56);
}

/* Horner's rule over a + b lambda, in the order of weights.h. */
static void g1_weight_to_fr__follows_its_definition(void **state) {
    (void)state;
    for (int round = 0; round < 100; round++) {
        g1_weight weight;
        fr expected, got, power, t, four;
        random_weight(&weight);
        if (round < 16)
            memset(weight.bytes, 17 * round, sizeof weight.bytes);
        fr_set_zero(&expected);
        fr_set_one(&power);
        fr_set_u64(&four, 4);
        for (unsigned i = 0; i < WEIGHT_DIGITS; i++) {
            int v[2];
            digit_value(v, weight_digit_at(&weight, i));
            fr_set_i64(&t, v[1]);
            fr_mul(&got, &t, &G1_LAMBDA);
            fr_set_i64(&t, v[0]);
            fr_add(&t, &t, &got);
            fr_mul(&t, &t, &power);
            fr_add(&expected, &expected, &t);
            fr_mul(&power, &power, &four);
        }
        fr_add(&expected, &expected, &power);
        g1_weight_to_fr(&got, &weight);
        assert_true(fr_equal(&got, &expected));
        assert_false(fr_is_zero(&got));
    }
}

static void weighing__agrees_with_double_and_add(void **state) {
    (void)state;
    static g1_affine points[MOST], products[MOST];
    static g1_weight weights[MOST];
    static g1 expected[MOST];
    for (size_t i = 0; i < MOST; i++) {
        fr w;
        random_g1(&points[i]);
        random_weight(&weights[i]);
        if (i < 16) /* all digits alike, 0 among them */
            memset(weights[i].bytes, 17 * (int)i, sizeof weights[i].bytes);
        if (i % 11 == 3) { /* the same product, and its opposite */
            points[i] = points[i - 1];
            weights[i] = weights[i - 1];
        }
        if (i % 11 == 4) {
            g1_affine_neg(&points[i], &points[i - 1]);
            weights[i] = weights[i - 1];
        }
        if (i % 11 == 7)
            g1_affine_set_infinity(&points[i]);
        g1_weight_to_fr(&w, &weights[i]);
        plain_mul(&expected[i], &points[i], &w);
    }
    const size_t sizes[] = {0, 1, 2, 3, 16, 100, 127, 128, 129, MOST};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        g1 sum, product, total;
        g1_set_infinity(&total);
        memcpy(products, points, sizeof products);
        g1_weigh_each(products, weights, sizes[k]);
        for (size_t i = 0; i < MOST; i++) {
            g1_from_affine(&product, &products[i]);
            if (i >= sizes[k]) {
                assert_true(g1_affine_equal(&products[i], &points[i]));
                continue;
            }
            assert_true(g1_equal(&product, &expected[i]));
            g1_add(&total, &total, &expected[i]);
        }
        g1_weigh_sum(&sum, points, weights, sizes[k]);
        assert_true(g1_equal(&sum, &total));
    }
}

static const struct CMUnitTest weights_tests[] = {
    cmocka_unit_test(endomorphism__multiplies_by_lambda),
    cmocka_unit_test(g1_dot__agrees_with_double_and_add),
    cmocka_unit_test(g1_mul__of_edges),
    cmocka_unit_test(weight_digits__are_all_residues_modulo_4),
    cmocka_unit_test(g1_weight_to_fr__follows_its_definition),
    cmocka_unit_test(weighing__agrees_with_double_and_add),
};

int main(void) { return run_under_backends(weights_tests); }
