/* Decimal text of 256-bit integers by repeated short division and multiplication by ten. */
#include "groth16/decimal.h"

#include <string.h>

enum { MAX_DIGITS = DECIMAL_BYTES - 1 };

/* a = a / 10; the remainder is returned. */
static unsigned divide_by_ten(uint64_t a[4]) {
    unsigned __int128 rest = 0;
    for (int i = 3; i >= 0; i--) {
        rest = rest << 64 | a[i];
        a[i] = (uint64_t)(rest / 10);
        rest %= 10;
    }
    return (unsigned)rest;
}

static bool limbs_are_zero(const uint64_t a[4]) { return (a[0] | a[1] | a[2] | a[3]) == 0; }

static void limbs_to_decimal(char out[DECIMAL_BYTES], uint64_t a[4]) {
    char reversed[MAX_DIGITS];
    size_t n = 0;
    do {
        reversed[n++] = (char)('0' + divide_by_ten(a));
    } while (!limbs_are_zero(a));
    for (size_t i = 0; i < n; i++)
        out[i] = reversed[n - 1 - i];
    out[n] = '\0';
}

/* a = 10 a + digit; false when that leaves 256 bits. */
static bool multiply_by_ten(uint64_t a[4], unsigned digit) {
    unsigned __int128 carry = digit;
    for (int i = 0; i < 4; i++) {
        carry += (unsigned __int128)a[i] * 10;
        a[i] = (uint64_t)carry;
        carry >>= 64;
    }
    return carry == 0;
}

static bool decimal_to_limbs(uint64_t out[4], const char *text) {
    size_t n = strnlen(text, DECIMAL_BYTES);
    if (n == 0 || n > MAX_DIGITS || (n > 1 && text[0] == '0'))
        return false;
    memset(out, 0, 4 * sizeof out[0]);
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9' || !multiply_by_ten(out, (unsigned)(text[i] - '0')))
            return false;
    }
    return true;
}

void fp_to_decimal(char out[DECIMAL_BYTES], const fp *a) {
    uint64_t limbs[4];
    fp_to_limbs(limbs, a);
    limbs_to_decimal(out, limbs);
}

void fr_to_decimal(char out[DECIMAL_BYTES], const fr *a) {
    uint64_t limbs[4];
    fr_to_limbs(limbs, a);
    limbs_to_decimal(out, limbs);
}

bool fp_from_decimal(fp *out, const char *text) {
    uint64_t limbs[4];
    return decimal_to_limbs(limbs, text) && fp_from_limbs(out, limbs);
}

bool fr_from_decimal(fr *out, const char *text) {
    uint64_t limbs[4];
    return decimal_to_limbs(limbs, text) && fr_from_limbs(out, limbs);
}
