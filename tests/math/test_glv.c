/* Scalars split and recoded: the digits add up to the scalar again. */
#include "math_test.h"

#include "math/eisenstein.h"
#include "math/endomorphism.h"

static void set_half(fr *out, glv_half k) {
    const uint64_t limbs[4] = {(uint64_t)k, (uint64_t)(k >> 64), 0, 0};
    assert_true(fr_from_limbs(out, limbs));
}

/* sum digits[i] 2^i; each digit is 0 or odd and at most 15, and among five neighbours at most one
 * is not 0. */
static void sum_of_digits(fr *out, const int8_t digits[GLV_DIGITS]) {
    int last = GLV_DIGITS + 5;
    fr_set_zero(out);
    for (int i = GLV_DIGITS - 1; i >= 0; i--) {
        fr digit;
        fr_double(out, out);
        if (digits[i] == 0)
            continue;
        assert_in_range(digits[i] < 0 ? -digits[i] : digits[i], 1, 15);
        assert_int_equal(digits[i] & 1, 1);
        assert_true(last - i >= 5);
        last = i;
        fr_set_i64(&digit, digits[i]);
        fr_add(out, out, &digit);
    }
}

static void set_signed(fr *out, __int128 k) {
    set_half(out, (glv_half)(k < 0 ? -k : k));
    if (k < 0)
        fr_neg(out, out);
}

static void set_integer(fr *out, glv_integer z) {
    fr k1;
    set_signed(&k1, z.k1);
    set_signed(out, z.k2);
    fr_mul(out, out, &G1_LAMBDA);
    fr_add(out, out, &k1);
}

/* Both halves are below 2^127; in the odd form they are odd. */
static void check_integers(const fr *k) {
    const glv_integer z[2] = {glv_centre(k), glv_odd(k)};
    const __int128 limit = (__int128)(GLV_B + 4 * GLV_A);
    for (int i = 0; i < 2; i++) {
        fr sum;
        set_integer(&sum, z[i]);
        assert_true(fr_equal(&sum, k));
        assert_true(z[i].k1 <= limit && -z[i].k1 <= limit);
        assert_true(z[i].k2 <= limit && -z[i].k2 <= limit);
    }
    assert_true((z[1].k1 & z[1].k2 & 1) == 1);
}

/* sum digits[i] 2^i is k; among three neighbours at most one digit is present, and the last counts.
 */
static void check_eisenstein(const fr *k) {
    eisenstein_digit digits[EISENSTEIN_DIGITS];
    const int count = eisenstein_recode(digits, k);
    int last = EISENSTEIN_DIGITS + 3;
    fr sum, digit;
    fr_set_zero(&sum);
    for (int i = EISENSTEIN_DIGITS - 1; i >= 0; i--) {
        fr_double(&sum, &sum);
        assert_true(digits[i].present ? i < count && last - i >= 3 : i != count - 1);
        if (!digits[i].present)
            continue;
        last = i;
        set_integer(&digit, eisenstein_value(digits[i].element, digits[i].unit));
        fr_add(&sum, &sum, &digit);
    }
    assert_true(fr_equal(&sum, k));
}

static void check_split(const fr *k) {
    glv_half k1, k2;
    bool minus;
    int8_t digits[GLV_DIGITS];
    fr a, b, want;
    glv_split(&k1, &k2, &minus, k);
    /* the halves */
    set_half(&a, k1);
    set_half(&b, k2);
    if (minus)
        fr_neg(&b, &b);
    want = b;
    fr_mul(&b, &b, &G1_LAMBDA);
    fr_add(&b, &b, &a);
    assert_true(fr_equal(&b, k));
    /* their digits */
    glv_recode(digits, k1, false);
    sum_of_digits(&b, digits);
    assert_true(fr_equal(&b, &a));
    glv_recode(digits, k2, minus);
    sum_of_digits(&b, digits);
    assert_true(fr_equal(&b, &want));
    check_integers(k);
    check_eisenstein(k);
}

static void check_around(const fr *k, int64_t neighbours) {
    for (int64_t d = -neighbours; d <= neighbours; d++) {
        fr t;
        fr_set_i64(&t, d);
        fr_add(&t, &t, k);
        check_split(&t);
        fr_neg(&t, &t);
        check_split(&t);
    }
}

static void glv_split__of_edge_scalars(void **state) {
    (void)state;
    fr k;
    fr_set_zero(&k);
    check_around(&k, 1000);
    fr_set_one(&k);
    for (int bit = 0; bit < 254; bit++, fr_double(&k, &k))
        check_around(&k, 2);
    /* where the quotients by the lattice's basis are whole: multiples of lambda and of its powers
     */
    k = G1_LAMBDA;
    for (int i = 0; i < 40; i++, fr_mul(&k, &k, &G1_LAMBDA), fr_double(&k, &k))
        check_around(&k, 20);
    for (uint64_t d = 2; d < 100; d++) { /* r / d, and lambda / d */
        fr_set_u64(&k, d);
        fr_inv(&k, &k);
        check_around(&k, 2);
        fr_mul(&k, &k, &G1_LAMBDA);
        check_around(&k, 2);
    }
}

static void glv_split__of_random_scalars(void **state) {
    (void)state;
    for (int i = 0; i < 100000; i++) {
        fr k;
        random_fr(&k);
        check_split(&k);
    }
}

/* Halves that no scalar gives: the recoding alone. */
static void glv_recode__of_edge_halves(void **state) {
    (void)state;
    const glv_half top = (glv_half)1 << 127;
    int8_t digits[GLV_DIGITS];
    fr sum, want;
    for (int bit = 0; bit < 128; bit++)
        for (int d = -40; d <= 40; d++)
            for (int minus = 0; minus < 2; minus++) {
                glv_half k = ((glv_half)1 << bit) + (glv_half)d; /* also just below 2^128 */
                glv_recode(digits, k, minus);
                sum_of_digits(&sum, digits);
                set_half(&want, k);
                if (minus)
                    fr_neg(&want, &want);
                assert_true(fr_equal(&sum, &want));
            }
    glv_recode(digits, top | (top - 1), false);
    assert_int_equal(digits[GLV_DIGITS - 2], 1);
}

/* The table's elements come from earlier ones, and times the units they meet each class modulo 8
 * that is not even, once. */
static void eisenstein_table__has_every_odd_class(void **state) {
    (void)state;
    int seen[64] = {0};
    for (unsigned e = 0; e < EISENSTEIN_CLASSES; e++) {
        glv_integer z = eisenstein_value(e, 0);
        if (e > 0) {
            assert_true(EISENSTEIN_TABLE[e].from < e);
            const glv_integer from = eisenstein_value(EISENSTEIN_TABLE[e].from, 0);
            const glv_integer unit = eisenstein_value(0, EISENSTEIN_TABLE[e].unit);
            assert_true(z.k1 == from.k1 + unit.k1 && z.k2 == from.k2 + unit.k2);
        }
        assert_true(z.k1 * z.k1 - z.k1 * z.k2 + z.k2 * z.k2 <= 19);
        for (unsigned u = 0; u < EISENSTEIN_UNITS; u++) {
            z = eisenstein_value(e, u);
            seen[(z.k1 & 7) * 8 + (z.k2 & 7)]++;
        }
    }
    for (int i = 0; i < 64; i++)
        assert_int_equal(seen[i], (i | i >> 3) & 1);
}

/* omega acts as lambda. */
static void eisenstein_units__are_powers_of_lambda(void **state) {
    (void)state;
    fr power, have;
    fr_set_one(&power);
    for (unsigned u = 0; u < EISENSTEIN_UNITS; u++) {
        if (u == 3)
            fr_neg(&power, &power);
        set_integer(&have, eisenstein_value(0, u));
        assert_true(fr_equal(&have, &power));
        fr_mul(&power, &power, &G1_LAMBDA);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(glv_split__of_edge_scalars),
        cmocka_unit_test(glv_split__of_random_scalars),
        cmocka_unit_test(glv_recode__of_edge_halves),
        cmocka_unit_test(eisenstein_table__has_every_odd_class),
        cmocka_unit_test(eisenstein_units__are_powers_of_lambda),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
