/* Decimal text and doubles: a scanner for the grammar, the C library for the correctly rounded
 * value. */
#include "claim/number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static size_t count_digits(const char *text, size_t len, size_t from) {
    size_t end = from;
    while (end < len && is_digit(text[end]))
        end++;
    return end - from;
}

/* The exponent's digits, held at a bound beyond which every number of permitted length is 0 or
 * infinite. */
static long read_exponent(const char *text, size_t from, size_t digits) {
    long v = 0;
    for (size_t i = from; i < from + digits; i++) {
        v = 10 * v + (text[i] - '0');
        if (v > 1000000)
            v = 1000000;
    }
    return v;
}

number_result number_scan(number_parts *out, const char *text, size_t len) {
    if (len == 0)
        return NUMBER_EMPTY;
    if (len > NUMBER_MAX_LENGTH)
        return NUMBER_TOO_LONG;
    number_parts p = {0};
    size_t at = 0;
    if (text[at] == '+' || text[at] == '-')
        p.negative = text[at++] == '-';
    p.whole = at;
    p.whole_len = count_digits(text, len, at);
    at += p.whole_len;
    if (at < len && text[at] == '.') {
        p.fraction = ++at;
        p.fraction_len = count_digits(text, len, at);
        at += p.fraction_len;
    }
    if (p.whole_len + p.fraction_len == 0)
        return NUMBER_MALFORMED;
    if (at < len && (text[at] == 'e' || text[at] == 'E')) {
        bool negative = false;
        at++;
        if (at < len && (text[at] == '+' || text[at] == '-'))
            negative = text[at++] == '-';
        size_t digits = count_digits(text, len, at);
        if (digits == 0)
            return NUMBER_MALFORMED;
        p.exponent = read_exponent(text, at, digits);
        if (negative)
            p.exponent = -p.exponent;
        at += digits;
    }
    if (at != len)
        return NUMBER_MALFORMED;
    *out = p;
    return NUMBER_OK;
}

locale_t number_locale(void) { return newlocale(LC_ALL_MASK, "C", (locale_t)0); }

number_result number_parse(double *out, locale_t c_locale, const char *text, size_t len) {
    number_parts parts;
    number_result result = number_scan(&parts, text, len);
    if (result != NUMBER_OK)
        return result;
    char copy[NUMBER_MAX_LENGTH + 1];
    memcpy(copy, text, len);
    copy[len] = '\0';
    double v = strtod_l(copy, NULL, c_locale);
    if (!isfinite(v))
        return NUMBER_INFINITE;
    *out = v;
    return NUMBER_OK;
}

/* The fewest significant digits (at most DBL_DECIMAL_DIG) that read back as v, and the exponent of
 * the first: v = d.ddd * 10^exponent. The decimal point of the current locale is skipped, not read.
 */
static size_t shortest_digits(char digits[DBL_DECIMAL_DIG + 1], int *exponent, double v) {
    char text[64] = "";
    for (int p = 0; p < DBL_DECIMAL_DIG; p++) {
        snprintf(text, sizeof text, "%.*e", p, v);
        if (strtod(text, NULL) == v)
            break;
    }
    size_t n = 0;
    const char *c = text;
    for (; *c && *c != 'e'; c++)
        if (is_digit(*c) && n < DBL_DECIMAL_DIG)
            digits[n++] = *c;
    digits[n] = '\0';
    *exponent = *c == 'e' ? atoi(c + 1) : 0;
    return n;
}

void number_format(char out[NUMBER_TEXT_BYTES], double v) {
    char d[DBL_DECIMAL_DIG + 1];
    int e = 0;
    int n = (int)shortest_digits(d, &e, fabs(v));
    const char *sign = v < 0 ? "-" : "";
    if (e >= 0 && e < 15 && n <= e + 1) {
        snprintf(out, NUMBER_TEXT_BYTES, "%s%s%.*s", sign, d, e + 1 - n, "000000000000000");
    } else if (e >= 0 && e < 15) {
        snprintf(out, NUMBER_TEXT_BYTES, "%s%.*s.%s", sign, e + 1, d, d + e + 1);
    } else if (e < 0 && e >= -7) {
        snprintf(out, NUMBER_TEXT_BYTES, "%s0.%.*s%s", sign, -e - 1, "0000000", d);
    } else {
        snprintf(out, NUMBER_TEXT_BYTES, "%s%.1s%s%se%+d", sign, d, n > 1 ? "." : "", d + 1, e);
    }
}
