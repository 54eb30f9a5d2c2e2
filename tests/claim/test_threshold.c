/* Thresholds: exact, both ways. */
#include "claim_helpers.h"

#include <math.h>

#include "claim/threshold.h"

static uint64_t from_text(const char *text) {
    zkm_error err;
    uint64_t t = 77;
    assert_ok(&err, threshold_from_text(&err, &t, text));
    return t;
}

static void threshold_from_text__is_the_exact_floor(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint64_t value;
    } cases[] = {
        {"0", 0},
        {"-0.0", 0},
        {"1", 1ull << 32},
        {"0.5", 1ull << 31},
        {"0.05", 214748364},
        {"5e-2", 214748364},
        {"0.0500000000000000000000000000", 214748364},
        {"500E-4", 214748364},
        {"65535.9999999999", (1ull << 48) - 1},
        {"65535", 65535ull << 32},
        {"+.25", 1ull << 30},
        {"00065535.5", (65535ull << 32) + (1ull << 31)},
        {"1e4", 10000ull << 32},
        /* 2^-32 exactly, one unit in the last place below, and above */
        {"0.00000000023283064365386962890625", 1},
        {"0.00000000023283064365386962890624", 0},
        {"0.00000000023283064365386962890626", 1},
        {"2.3283064365386962890625e-10", 1},
        {"1e-11", 0},
        {"9.99e-11", 0},
        {"1e-300", 0},
        {"1e-999999999999", 0},
        {"0e999999999", 0},
        /* 0.1: floor(2^32 / 10) */
        {"0.1", 429496729},
        /* just below 1, closer than a double can say */
        {"0.99999999999999999999999999999999999999", (1ull << 32) - 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(from_text(cases[i].text), cases[i].value);
    char text[1000] = "0.";
    memset(text + 2, '9', 997);
    text[999] = '\0';
    assert_int_equal(from_text(text), (1ull << 32) - 1);
    memset(text, '0', 998);
    text[998] = '1';
    assert_int_equal(from_text(text), 1ull << 32);
}

static void threshold_from_text__refuses(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",      " ",    "nan", "inf", "-1", "-1e-30", "65536", "65536.0", "1e5", "1e999999999999",
        "0.05x", "0,05", "0x1", "5%",  "1e", "--1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        zkm_error err;
        uint64_t t = 77;
        assert_error(&err, threshold_from_text(&err, &t, bad[i]), ZKM_ERR_ARGUMENT, "threshold",
                     NULL);
        assert_int_equal(t, 77);
    }
}

static void reads_back(uint64_t threshold) {
    zkm_error err;
    char text[THRESHOLD_TEXT_BYTES];
    uint64_t again = 77;
    threshold_to_text(text, threshold);
    assert_true(strlen(text) <= 16);
    assert_int_equal(from_text(text), threshold);
    assert_ok(&err, threshold_from_double(&err, &again, strtod(text, NULL)));
    assert_int_equal(again, threshold);
}

static void threshold_to_text__reads_back(void **state) {
    (void)state;
    const uint64_t top = (1ull << 48) - 1;
    for (uint64_t t = 0; t < 3000; t++) {
        reads_back(t);
        reads_back(top - t);
        reads_back((1ull << 32) + t - 1500);
    }
    uint64_t x = 1;
    for (int i = 0; i < 30000; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        reads_back(x >> 16 >> (i % 48));
    }
}

static void threshold_to_text__is_what_people_wrote(void **state) {
    (void)state;
    static const char *const texts[] = {"0",     "1",        "0.05", "0.1",   "0.123456", "2.5",
                                        "65535", "0.000001", "0.3",  "12.75", "1000.001"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char text[THRESHOLD_TEXT_BYTES];
        threshold_to_text(text, from_text(texts[i]));
        assert_string_equal(text, texts[i]);
    }
}

static void threshold_from_double__is_that_of_the_shortest_text(void **state) {
    (void)state;
    zkm_error err;
    uint64_t t = 77;
    assert_ok(&err, threshold_from_double(&err, &t, 0.05));
    assert_int_equal(t, 214748364);
    assert_ok(&err, threshold_from_double(&err, &t, 1e-5));
    assert_int_equal(t, from_text("0.00001"));
    assert_error(&err, threshold_from_double(&err, &t, NAN), ZKM_ERR_ARGUMENT, NULL);
    assert_error(&err, threshold_from_double(&err, &t, INFINITY), ZKM_ERR_ARGUMENT, NULL);
    assert_error(&err, threshold_from_double(&err, &t, -0.5), ZKM_ERR_ARGUMENT, "negative", NULL);
    assert_error(&err, threshold_from_double(&err, &t, 1e300), ZKM_ERR_ARGUMENT, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threshold_from_text__is_the_exact_floor),
        cmocka_unit_test(threshold_from_text__refuses),
        cmocka_unit_test(threshold_to_text__reads_back),
        cmocka_unit_test(threshold_to_text__is_what_people_wrote),
        cmocka_unit_test(threshold_from_double__is_that_of_the_shortest_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
