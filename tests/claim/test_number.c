/* Decimal text and doubles. */
#include "claim_helpers.h"

#include <locale.h>
#include <math.h>

#include "claim/number.h"

static number_result parse(double *out, const char *text) {
    locale_t c = number_locale();
    assert_true(c != (locale_t)0);
    number_result result = number_parse(out, c, text, strlen(text));
    freelocale(c);
    return result;
}

static void number_parse__plain_numbers(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double value;
    } cases[] = {{"0", 0},
                 {"-0", -0.0},
                 {"+7", 7},
                 {"1.", 1},
                 {".5", .5},
                 {"-12.375", -12.375},
                 {"1e3", 1e3},
                 {"1E+3", 1e3},
                 {"2.5e-3", 2.5e-3},
                 {"1e-400", 0},
                 {"007", 7},
                 {"0.1", 0.1},
                 {"9007199254740993", 9007199254740992.0},
                 {"1e308", 1e308},
                 {"4.9406564584124654e-324", 4.9406564584124654e-324}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double v = 77;
        assert_int_equal(parse(&v, cases[i].text), NUMBER_OK);
        assert_true(v == cases[i].value);
    }
}

static void number_parse__other_text_is_refused(void **state) {
    (void)state;
    static const char *const malformed[] = {"nan",
                                            "NaN",
                                            "inf",
                                            "-inf",
                                            "Infinity",
                                            "0x10",
                                            "1,5",
                                            "1_000",
                                            "1e",
                                            "1e+",
                                            "e5",
                                            ".",
                                            "-",
                                            "+-1",
                                            "--1",
                                            "1 ",
                                            " 1",
                                            "1.2.3",
                                            "1e5.0",
                                            "seven",
                                            "1f",
                                            "NA",
                                            "\xc2\xa0"
                                            "1",
                                            "1d5"};
    double v = 77;
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++)
        assert_int_equal(parse(&v, malformed[i]), NUMBER_MALFORMED);
    assert_int_equal(parse(&v, ""), NUMBER_EMPTY);
    assert_int_equal(parse(&v, "1e309"), NUMBER_INFINITE);
    assert_int_equal(parse(&v, "1e99999999999999999999"), NUMBER_INFINITE);
    assert_true(v == 77);
}

static void number_parse__length_is_bounded(void **state) {
    (void)state;
    char text[NUMBER_MAX_LENGTH + 2];
    memset(text, '0', sizeof text);
    text[NUMBER_MAX_LENGTH] = '\0';
    double v = 77;
    assert_int_equal(parse(&v, text), NUMBER_OK);
    text[NUMBER_MAX_LENGTH] = '0';
    text[NUMBER_MAX_LENGTH + 1] = '\0';
    assert_int_equal(parse(&v, text), NUMBER_TOO_LONG);
}

static void number_parse__nul_inside_is_refused(void **state) {
    (void)state;
    locale_t c = number_locale();
    double v = 77;
    assert_int_equal(number_parse(&v, c,
                                  "1\0"
                                  "2",
                                  3),
                     NUMBER_MALFORMED);
    freelocale(c);
}

static void number_parse__ignores_the_locale(void **state) {
    (void)state;
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "C.UTF-8"};
    for (size_t i = 0; i < 3; i++) {
        double v = 77;
        char text[NUMBER_TEXT_BYTES];
        (void)setlocale(LC_ALL, names[i]); /* where it is not installed nothing changes */
        assert_int_equal(parse(&v, "1.5"), NUMBER_OK);
        assert_true(v == 1.5);
        number_format(text, 0.0625);
        assert_string_equal(text, "0.0625");
    }
    (void)setlocale(LC_ALL, "C");
}

static void number_format__shortest_text(void **state) {
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0, "0"},
                 {-0.0, "0"},
                 {0.05, "0.05"},
                 {-7, "-7"},
                 {100, "100"},
                 {1e12, "1000000000000"},
                 {1e15, "1e+15"},
                 {1.25e20, "1.25e+20"},
                 {12.5, "12.5"},
                 {1e-7, "0.0000001"},
                 {1e-8, "1e-8"},
                 {-1.5e-9, "-1.5e-9"},
                 {0.1 + 0.2, "0.30000000000000004"},
                 {7.999755859375, "7.999755859375"},
                 {123456789012345, "123456789012345"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[NUMBER_TEXT_BYTES];
        number_format(text, cases[i].value);
        assert_string_equal(text, cases[i].text);
    }
}

static void number_format__reads_back(void **state) {
    (void)state;
    uint64_t x = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        double v, again = 0;
        char text[NUMBER_TEXT_BYTES];
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        memcpy(&v, &x, sizeof v);
        if (!isfinite(v))
            continue;
        number_format(text, v);
        assert_true(strlen(text) < NUMBER_TEXT_BYTES);
        assert_int_equal(parse(&again, text), NUMBER_OK);
        assert_true(again == v);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(number_parse__plain_numbers),
        cmocka_unit_test(number_parse__other_text_is_refused),
        cmocka_unit_test(number_parse__length_is_bounded),
        cmocka_unit_test(number_parse__nul_inside_is_refused),
        cmocka_unit_test(number_parse__ignores_the_locale),
        cmocka_unit_test(number_format__shortest_text),
        cmocka_unit_test(number_format__reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
