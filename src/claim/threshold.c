/* Exact conversion between decimal text and the fixed-point threshold. */
#include "claim/threshold.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "claim/number.h"

enum {
    FRACTION_BITS = 32,
    WHOLE_DIGITS = 5,  /* 2^16 = 65536 has five */
    LEADING_ZEROS = 10 /* 0.00000000001 < 2^-32: what begins later does not count */
};

/* Digits of the number without its sign: value = 0.d_0 d_1 ... * 10^point, d_0 != 0 unless count is
 * 0. */
typedef struct {
    uint8_t digits[NUMBER_MAX_LENGTH];
    size_t count;
    long point;
} decimal;

static void read_decimal(decimal *d, const char *text, const number_parts *p) {
    size_t written = p->whole_len + p->fraction_len;
    d->count = 0;
    d->point = (long)p->whole_len + p->exponent;
    for (size_t i = 0; i < written; i++) {
        char c = i < p->whole_len ? text[p->whole + i] : text[p->fraction + i - p->whole_len];
        if (c == '0' && d->count == 0)
            d->point--;
        else
            d->digits[d->count++] = (uint8_t)(c - '0');
    }
}

/* floor of the whole part; point <= WHOLE_DIGITS. */
static uint64_t whole_part(const decimal *d) {
    uint64_t v = 0;
    for (long i = 0; i < d->point; i++)
        v = 10 * v + ((size_t)i < d->count ? d->digits[i] : 0);
    return v;
}

/* floor(fraction * 2^32): doubling the decimal fraction 32 times, each carry is a bit. */
static uint64_t fraction_part(const decimal *d) {
    uint8_t f[NUMBER_MAX_LENGTH + LEADING_ZEROS] = {0};
    size_t n = 0;
    if (d->point < -LEADING_ZEROS)
        return 0;
    for (long i = d->point; i < 0; i++)
        f[n++] = 0;
    for (size_t i = d->point > 0 ? (size_t)d->point : 0; i < d->count; i++)
        f[n++] = d->digits[i];
    uint64_t bits = 0;
    for (int b = 0; b < FRACTION_BITS; b++) {
        unsigned carry = 0;
        for (size_t i = n; i-- > 0;) {
            unsigned v = 2u * f[i] + carry;
            carry = v >= 10;
            f[i] = (uint8_t)(v - 10 * carry);
        }
        bits = 2 * bits + carry;
    }
    return bits;
}

zkm_status threshold_from_text(zkm_error *err, uint64_t *out, const char *text) {
    number_parts parts;
    decimal d;
    if (number_scan(&parts, text, strlen(text)) != NUMBER_OK)
        return error_set(err, ZKM_ERR_ARGUMENT,
                         "threshold '%.40s': not a decimal number; give one such as 0.05", text);
    read_decimal(&d, text, &parts);
    if (d.count > 0 && parts.negative)
        return error_set(err, ZKM_ERR_ARGUMENT,
                         "threshold '%.40s': is negative; a metric never is, give a positive bound",
                         text);
    if (d.count > 0 && (d.point > WHOLE_DIGITS || whole_part(&d) >= 65536))
        return error_set(err, ZKM_ERR_ARGUMENT,
                         "threshold '%.40s': is 65536 or more; state the target in a larger unit",
                         text);
    *out = d.count == 0 ? 0 : whole_part(&d) << FRACTION_BITS | fraction_part(&d);
    return ZKM_OK;
}

zkm_status threshold_from_double(zkm_error *err, uint64_t *out, double value) {
    char text[NUMBER_TEXT_BYTES];
    if (!isfinite(value))
        return error_set(err, ZKM_ERR_ARGUMENT, "threshold: not a finite number");
    number_format(text, value);
    return threshold_from_text(err, out, text);
}

/*
 * With k decimals the candidate is D = ceil(t * 10^k / 2^32), the least whose value is not below t
 * / 2^32; it is right when D * 2^32 < (t + 1) * 10^k. At k = 10 this always holds: D * 2^32 < t *
 * 10^k + 2^32 and 2^32 < 10^10. Products stay below 2^48 * 10^10 < 2^82.
 */
void threshold_to_text(char out[THRESHOLD_TEXT_BYTES], uint64_t threshold) {
    uint64_t scale = 1;
    for (int k = 0; k <= 10; k++, scale *= 10) {
        unsigned __int128 low = (unsigned __int128)threshold * scale;
        unsigned __int128 d = (low + (UINT64_C(1) << FRACTION_BITS) - 1) >> FRACTION_BITS;
        if (d << FRACTION_BITS >= low + scale)
            continue;
        int n = snprintf(out, THRESHOLD_TEXT_BYTES, "%u%s", (unsigned)(d / scale), k ? "." : "");
        uint64_t rest = (uint64_t)(d % scale);
        for (int i = k - 1; i >= 0; i--, rest /= 10) /* at most 5 + 1 + 10 characters */
            out[n + i] = (char)('0' + rest % 10);
        out[n + k] = '\0';
        return;
    }
}
