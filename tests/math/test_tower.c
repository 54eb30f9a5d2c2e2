/* Fp2 and the tower against schoolbook products in Fp[w] / (w^12 - 18 w^6 + 82), and their
 * constants. */
#include "math_test.h"

#include "math/tower.h"

/* An element of Fp12 as a polynomial in w over Fp; u = w^6 - 9. */
typedef struct {
    fp c[12];
} polynomial;

static const fp2 *coefficient(const fp12 *a, int i) {
    const fp2 *order[6] = {&a->c0.c0, &a->c1.c0, &a->c0.c1, &a->c1.c1, &a->c0.c2, &a->c1.c2};
    return order[i];
}

/* g + h u at w^i is (g - 9 h) w^i + h w^(i + 6). */
static void to_polynomial(polynomial *out, const fp12 *a) {
    fp nine, t;
    fp_set_u64(&nine, 9);
    for (int i = 0; i < 6; i++) {
        const fp2 *c = coefficient(a, i);
        fp_mul(&t, &nine, &c->c1);
        fp_sub(&out->c[i], &c->c0, &t);
        out->c[i + 6] = c->c1;
    }
}

static void polynomial_mul(polynomial *out, const polynomial *a, const polynomial *b) {
    fp wide[23], t, eighteen, eighty_two;
    fp_set_u64(&eighteen, 18);
    fp_set_u64(&eighty_two, 82);
    for (int i = 0; i < 23; i++)
        fp_set_zero(&wide[i]);
    for (int i = 0; i < 12; i++)
        for (int j = 0; j < 12; j++) {
            fp_mul(&t, &a->c[i], &b->c[j]);
            fp_add(&wide[i + j], &wide[i + j], &t);
        }
    for (int i = 22; i >= 12; i--) {
        fp_mul(&t, &wide[i], &eighteen);
        fp_add(&wide[i - 6], &wide[i - 6], &t);
        fp_mul(&t, &wide[i], &eighty_two);
        fp_sub(&wide[i - 12], &wide[i - 12], &t);
    }
    memcpy(out->c, wide, sizeof out->c);
}

static void assert_is_polynomial(const fp12 *a, const polynomial *expected) {
    polynomial p;
    to_polynomial(&p, a);
    assert_memory_equal(&p, expected, sizeof p);
}

static void random_fp12(fp12 *out) {
    fp2 *c[6] = {&out->c0.c0, &out->c0.c1, &out->c0.c2, &out->c1.c0, &out->c1.c1, &out->c1.c2};
    for (int i = 0; i < 6; i++) {
        random_fp2(c[i]);
        if (random_u64() % 8 == 0)
            fp2_set_zero(c[i]);
        if (random_u64() % 8 == 0)
            fp_set_i64(&c[i]->c1, -1);
    }
}

/* out = a^e for e = p. */
static void pow_p(fp12 *out, const fp12 *a) {
    fp12 acc;
    fp12_set_one(&acc);
    for (int i = 255; i >= 0; i--) {
        fp12_sqr(&acc, &acc);
        if (fp_MODULUS.l[i / 64] >> (i % 64) & 1)
            fp12_mul(&acc, &acc, a);
    }
    *out = acc;
}

static void fp12_mul__agrees_with_polynomials(void **state) {
    (void)state;
    for (int i = 0; i < 200; i++) {
        fp12 a, b, c;
        polynomial p, q;
        random_fp12(&a);
        random_fp12(&b);
        to_polynomial(&p, &a);
        to_polynomial(&q, &b);
        polynomial_mul(&q, &p, &q);
        fp12_mul(&c, &a, &b);
        assert_is_polynomial(&c, &q);
        polynomial_mul(&q, &p, &p);
        fp12_sqr(&c, &a);
        assert_is_polynomial(&c, &q);
        c = a; /* aliasing */
        fp12_mul(&c, &c, &c);
        assert_is_polynomial(&c, &q);
        c = a;
        fp12_sqr(&c, &c);
        assert_is_polynomial(&c, &q);
    }
}

static void fp12_mul_line__agrees_with_polynomials(void **state) {
    (void)state;
    for (int i = 0; i < 300; i++) {
        fp12 a, line, c;
        fp2 minus_one;
        polynomial p, q;
        random_fp12(&a);
        random_fp12(&line);
        fp_set_i64(&minus_one.c0, -1);
        minus_one.c1 = minus_one.c0;
        if (i % 8 == 0)
            line.c1.c0 = line.c1.c1 = a.c1.c2 = a.c0.c0 = minus_one;
        fp2_set_one(&line.c0.c0);
        fp2_set_zero(&line.c0.c1);
        fp2_set_zero(&line.c0.c2);
        fp2_set_zero(&line.c1.c2);
        to_polynomial(&p, &a);
        to_polynomial(&q, &line);
        polynomial_mul(&q, &p, &q);
        fp12_mul_line(&c, &a, &line.c1.c0, &line.c1.c1);
        assert_is_polynomial(&c, &q);
        c = a; /* aliasing */
        fp12_mul_line(&c, &c, &line.c1.c0, &line.c1.c1);
        assert_is_polynomial(&c, &q);
    }
}

static void fp12_inv__gives_the_reciprocal(void **state) {
    (void)state;
    for (int i = 0; i < 50; i++) {
        fp12 a, b;
        random_fp12(&a);
        fp12_inv(&b, &a);
        fp12_mul(&b, &b, &a);
        assert_true(fp12_is_one(&b));
    }
    fp12 zero = {0}, b;
    fp12_inv(&b, &zero);
    assert_true(fp12_equal(&b, &zero));
}

static void fp12_frobenius__is_the_power_p(void **state) {
    (void)state;
    fp12 a, b, c;
    random_fp12(&a);
    pow_p(&b, &a);
    fp12_frobenius(&c, &a);
    assert_true(fp12_equal(&b, &c));
    pow_p(&b, &b);
    fp12_frobenius2(&c, &a);
    assert_true(fp12_equal(&b, &c));
    fp12_frobenius2(&b, &b);
    fp12_frobenius2(&b, &b); /* p^6 */
    fp12_conj(&c, &a);
    assert_true(fp12_equal(&b, &c));
}

static void fp12_cyclotomic_sqr__is_the_square_in_the_subgroup(void **state) {
    (void)state;
    for (int i = 0; i < 20; i++) {
        fp12 a, b, c;
        random_fp12(&a);
        fp12_inv(&b, &a);
        fp12_conj(&c, &a);
        fp12_mul(&a, &b, &c);
        fp12_frobenius2(&b, &a);
        fp12_mul(&a, &a, &b); /* the power (p^6 - 1)(p^2 + 1) */
        fp12_sqr(&b, &a);
        fp12_cyclotomic_sqr(&c, &a);
        assert_true(fp12_equal(&b, &c));
        fp12_cyclotomic_sqr(&a, &a);
        assert_true(fp12_equal(&b, &a));
        fp12_conj(&c, &b);
        fp12_mul(&c, &c, &b);
        assert_true(fp12_is_one(&c));
    }
}

static void frobenius_constants__are_powers_of_xi(void **state) {
    (void)state;
    /* (p - 1) / 6, by long division */
    uint64_t e[4], rest = 0;
    for (int i = 3; i >= 0; i--) {
        unsigned __int128 t = (unsigned __int128)rest << 64 | (fp_MODULUS.l[i] - (i == 0));
        e[i] = (uint64_t)(t / 6);
        rest = (uint64_t)(t % 6);
    }
    assert_int_equal(rest, 0);
    fp2 xi, root, power, conj;
    fp_set_u64(&xi.c0, 9);
    fp_set_u64(&xi.c1, 1);
    fp2_set_one(&root);
    for (int i = 255; i >= 0; i--) {
        fp2_sqr(&root, &root);
        if (e[i / 64] >> (i % 64) & 1)
            fp2_mul(&root, &root, &xi);
    }
    fp2_set_one(&power);
    for (int i = 0; i < 5; i++) {
        fp2_mul(&power, &power, &root);
        assert_true(fp2_equal(&power, &FROBENIUS_P[i]));
        /* xi^(i (p^2-1)/6) = (xi^(i (p-1)/6))^(p+1), a norm */
        fp2_conj(&conj, &power);
        fp2_mul(&conj, &conj, &power);
        assert_true(fp_equal(&conj.c0, &FROBENIUS_P2[i]));
        assert_true(fp_is_zero(&conj.c1));
    }
}

static void fp2_mul_xi__multiplies_by_9_plus_u(void **state) {
    (void)state;
    fp2 xi, a, b, c;
    fp_set_u64(&xi.c0, 9);
    fp_set_u64(&xi.c1, 1);
    for (int i = 0; i < 5000; i++) {
        random_fp2(&a);
        if (i % 3 == 0) /* near the ends of the range, as stored */
            a.c0 = fp_MODULUS, a.c0.l[0] -= 1 + random_u64() % 4;
        if (i % 5 == 0)
            a.c1 = (fp){{random_u64() % 3, 0, 0, 0}};
        if (i % 7 == 0)
            a.c1 = fp_MODULUS, a.c1.l[0] -= 1 + random_u64() % 4;
        fp2_mul(&b, &a, &xi);
        fp2_mul_xi(&c, &a);
        assert_true(fp2_equal(&b, &c));
        fp2_mul_xi(&a, &a);
        assert_true(fp2_equal(&b, &a));
    }
}

static void fp2_sqrt__finds_roots_of_squares_only(void **state) {
    (void)state;
    int refused = 0;
    for (int i = 0; i < 60; i++) {
        fp2 a, b, root;
        random_fp2(&a);
        if (i % 4 == 0)
            fp_set_zero(&a.c1); /* roots of elements of Fp, square there or not */
        if (i % 4 == 1)
            fp_set_zero(&a.c0);
        fp2_sqr(&b, &a);
        assert_true(fp2_sqrt(&root, &b));
        fp2_neg(&b, &a);
        assert_true(fp2_equal(&root, &a) || fp2_equal(&root, &b));
        /* every element of Fp is a square in Fp2; about half of the others are */
        bool square = fp2_sqrt(&root, &a);
        refused += !square;
        assert_true(square || !fp_is_zero(&a.c1));
    }
    assert_true(refused > 5);
    fp2 zero, root;
    fp2_set_zero(&zero);
    assert_true(fp2_sqrt(&root, &zero));
    assert_true(fp2_is_zero(&root));
}

static void fp2_batch_inv__keeps_zeros(void **state) {
    (void)state;
    fp2 v[9], w[9], scratch[9], t;
    for (size_t i = 0; i < 9; i++) {
        random_fp2(&v[i]);
        if (i % 4 == 0)
            fp2_set_zero(&v[i]);
        w[i] = v[i];
    }
    fp2_batch_inv(v, 9, scratch);
    for (size_t i = 0; i < 9; i++) {
        fp2_mul(&t, &v[i], &w[i]);
        assert_true(i % 4 == 0 ? fp2_is_zero(&v[i]) : fp2_is_one(&t));
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(fp12_mul__agrees_with_polynomials),
    cmocka_unit_test(fp12_mul_line__agrees_with_polynomials),
    cmocka_unit_test(fp12_inv__gives_the_reciprocal),
    cmocka_unit_test(fp12_frobenius__is_the_power_p),
    cmocka_unit_test(fp12_cyclotomic_sqr__is_the_square_in_the_subgroup),
    cmocka_unit_test(frobenius_constants__are_powers_of_xi),
    cmocka_unit_test(fp2_mul_xi__multiplies_by_9_plus_u),
    cmocka_unit_test(fp2_sqrt__finds_roots_of_squares_only),
    cmocka_unit_test(fp2_batch_inv__keeps_zeros),
};

int main(void) { return cmocka_run_group_tests(tests, NULL, NULL); }
