/* UTF-8, and messages that hold bytes from files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"

/* Writes a code point's sequence (0 to 0x7fffffff in the old, unbounded scheme); returns its
 * length. */
static size_t encode(char out[4], uint32_t c) {
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)(lead[n] | c);
    return n;
}

static void utf8_sequence__every_code_point(void **state) {
    (void)state;
    for (uint32_t c = 1; c < 0x1fffff; c++) {
        char text[4];
        size_t n = encode(text, c);
        bool valid = c <= 0x10ffff && !(c >= 0xd800 && c < 0xe000);
        if (utf8_sequence(text, n) != (valid ? n : 0))
            fail_msg("code point %x", (unsigned)c);
        if (n > 1 && utf8_sequence(text, n - 1) != 0)
            fail_msg("code point %x, cut off", (unsigned)c);
    }
}

static void utf8_sequence__overlong_and_stray_bytes(void **state) {
    (void)state;
    static const char *const bad[] = {"\x80",
                                      "\xbf",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xe0\x80\x80",
                                      "\xe0\x9f\xbf",
                                      "\xf0\x80\x80\x80",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xfe",
                                      "\xff",
                                      "\xc3(",
                                      "\xe2\x82("};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(utf8_sequence(bad[i], strlen(bad[i])), 0);
}

static void error_set__messages_are_printable_utf8(void **state) {
    (void)state;
    zkm_error err;
    error_set(&err, ZKM_ERR_FORMAT, "%s",
              "gr\xc3\xb6\xc3\x9f"
              "e\n\x1b[1m \xff\xc3");
    assert_string_equal(err.message, "gr\xc3\xb6\xc3\x9f"
                                     "e??[1m ??");
    /* A cut through the middle of a character leaves no half of it. */
    char text[ZKM_ERROR_MESSAGE_BYTES * 2];
    for (size_t i = 0; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "\xc3\xb6", 3);
    error_set(&err, ZKM_ERR_FORMAT, "%s", text);
    assert_int_equal(strlen(err.message), ZKM_ERROR_MESSAGE_BYTES - 1);
    for (size_t i = 0; i < strlen(err.message);) {
        size_t n = utf8_sequence(err.message + i, strlen(err.message) - i);
        assert_true(n > 0);
        i += n;
    }
}

static void error_prefix__keeps_the_message(void **state) {
    (void)state;
    zkm_error err;
    error_set(&err, ZKM_ERR_FORMAT, "row %d", 7);
    assert_int_equal(error_prefix(&err, err.status, "%s", "file"), ZKM_ERR_FORMAT);
    assert_string_equal(err.message, "file: row 7");
    char text[ZKM_ERROR_MESSAGE_BYTES * 2];
    memset(text, 'x', sizeof text);
    for (size_t len = ZKM_ERROR_MESSAGE_BYTES - 6; len < ZKM_ERROR_MESSAGE_BYTES + 3; len++) {
        error_set(&err, ZKM_ERR_FORMAT, "row");
        error_prefix(&err, err.status, "%.*s", (int)len, text);
        assert_true(strlen(err.message) < ZKM_ERROR_MESSAGE_BYTES);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_sequence__every_code_point),
        cmocka_unit_test(utf8_sequence__overlong_and_stray_bytes),
        cmocka_unit_test(error_set__messages_are_printable_utf8),
        cmocka_unit_test(error_prefix__keeps_the_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
