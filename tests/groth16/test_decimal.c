/* Decimal text of field elements. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "groth16/decimal.h"

static const char R_MINUS_ONE[] =
    "21888242871839275222246405745257275088548364400416034343698204186575808495616";
static const char R[] =
    "21888242871839275222246405745257275088548364400416034343698204186575808495617";
static const char P[] =
    "21888242871839275222246405745257275088696311157297823662689037894645226208583";
static const char P_MINUS_ONE[] =
    "21888242871839275222246405745257275088696311157297823662689037894645226208582";

static void fr_from_decimal__round_trips(void **state) {
    (void)state;
    const char *const texts[] = {"0", "1", "9", "10", "18446744073709551616", R_MINUS_ONE};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char text[DECIMAL_BYTES];
        fr a;
        assert_true(fr_from_decimal(&a, texts[i]));
        fr_to_decimal(text, &a);
        assert_string_equal(text, texts[i]);
    }
    fr a, minus_one;
    assert_true(fr_from_decimal(&a, R_MINUS_ONE));
    fr_set_i64(&minus_one, -1);
    assert_true(fr_equal(&a, &minus_one));
}

static void fp_from_decimal__round_trips(void **state) {
    (void)state;
    char text[DECIMAL_BYTES];
    fp a, minus_one;
    assert_true(fp_from_decimal(&a, P_MINUS_ONE));
    fp_set_i64(&minus_one, -1);
    assert_true(fp_equal(&a, &minus_one));
    fp_to_decimal(text, &a);
    assert_string_equal(text, P_MINUS_ONE);
    assert_true(fp_from_decimal(&a, R)); /* below p */
}

/* x and x + r are one element: only one of them has a text. */
static void fr_from_decimal__other_texts(void **state) {
    (void)state;
    char long_text[200];
    memset(long_text, '1', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    const char *const texts[] = {
        "",
        " 1",
        "1 ",
        "+1",
        "-1",
        "01",
        "00",
        "0x1",
        "1e3",
        "1.0",
        "a",
        "\n",
        R,
        P,
        long_text,
        "115792089237316195423570985008687907853269984665640564039457584007913129639936", /* 2^256
                                                                                           */
        "115792089237316195423570985008687907853269984665640564039457584007913129639937",
        "21888242871839275222246405745257275088548364400416034343698204186575808495618", /* 1 + r */
        "999999999999999999999999999999999999999999999999999999999999999999999999999999"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        fr a, before;
        fr_set_u64(&a, 42);
        before = a;
        assert_false(fr_from_decimal(&a, texts[i]));
        assert_true(fr_equal(&a, &before));
    }
    fp b;
    assert_false(fp_from_decimal(&b, P));
    assert_false(fp_from_decimal(&b, "007"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fr_from_decimal__round_trips),
        cmocka_unit_test(fp_from_decimal__round_trips),
        cmocka_unit_test(fr_from_decimal__other_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
