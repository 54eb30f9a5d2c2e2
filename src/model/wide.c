/* Software floating point with 128-bit significands: see wide.h. */
#include "model/wide.h"

#include <math.h>
#include <string.h>

typedef unsigned __int128 u128;

#define EXPONENT_LIMIT (1 << 24)

static const wide not_a_number = {.kind = WIDE_NAN};

static wide infinite(bool negative) { return (wide){.negative = negative, .kind = WIDE_INFINITE}; }
static wide zero(void) { return (wide){.kind = WIDE_ZERO}; }

static int leading_zeros(u128 m) {
    uint64_t high = (uint64_t)(m >> 64);
    int n = 0;
    if (high == 0) {
        high = (uint64_t)m;
        n = 64;
    }
    for (int step = 32; step > 0; step /= 2)
        if (high >> (64 - step) == 0) {
            high <<= step;
            n += step;
        }
    return n;
}

/* m * 2^e with m >= 2^127. */
static wide packed(bool negative, u128 m, int64_t e) {
    if (e > EXPONENT_LIMIT)
        return infinite(negative);
    if (e < -EXPONENT_LIMIT)
        return zero();
    return (wide){m, (int32_t)e, negative, WIDE_NORMAL};
}

/* m * 2^e with any m. */
static wide normal(bool negative, u128 m, int64_t e) {
    if (m >> 127)
        return packed(negative, m, e);
    if (m == 0)
        return zero();
    int shift = leading_zeros(m);
    return packed(negative, m << shift, e - shift);
}

wide wide_from_double(double v) {
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    bool negative = bits >> 63;
    int64_t exponent = (int64_t)(bits >> 52 & 0x7ff);
    uint64_t fraction = bits & ((UINT64_C(1) << 52) - 1);
    if (exponent == 0x7ff)
        return fraction ? not_a_number : infinite(negative);
    if (exponent == 0) /* subnormal: fraction * 2^-1074 */
        return normal(negative, fraction, -1074);
    return normal(negative, fraction | UINT64_C(1) << 52, exponent - 1075);
}

wide wide_from_fixed(int64_t v, int32_t frac) {
    return normal(v < 0, v < 0 ? -(u128)v : (u128)v, -(int64_t)frac);
}

double wide_to_double(wide a) {
    if (a.kind == WIDE_ZERO)
        return 0;
    if (a.kind == WIDE_NAN)
        return (double)NAN;
    double v = a.kind == WIDE_INFINITE ? (double)INFINITY : (double)(uint64_t)(a.m >> 75);
    for (int32_t e = a.e + 75; a.kind == WIDE_NORMAL && e != 0;) {
        /* Powers of two in steps that doubles hold; past both ends v is infinite or zero. */
        int32_t step = e > 512 ? 512 : e < -512 ? -512 : e;
        uint64_t bits = (uint64_t)(1023 + step) << 52;
        double factor;
        memcpy(&factor, &bits, sizeof factor);
        v *= factor;
        e = v > 1e300 * 1e8 || v == 0 ? 0 : e - step;
    }
    return a.negative ? -v : v;
}

bool wide_to_fixed(__int128 *out, wide a, int32_t frac) {
    if (a.kind == WIDE_ZERO) {
        *out = 0;
        return true;
    }
    int64_t shift = -((int64_t)a.e + frac); /* a * 2^frac = m / 2^shift; 2^127 <= m */
    if (a.kind != WIDE_NORMAL || shift < 8)
        return false;
    u128 whole = shift < 128 ? a.m >> shift : 0;
    bool exact = shift < 128 && whole << shift == a.m;
    *out = a.negative ? -(__int128)whole - !exact : (__int128)whole;
    return true;
}

wide wide_neg(wide a) {
    a.negative = a.kind != WIDE_ZERO && !a.negative;
    return a;
}

/* a and b of one sign, or of different signs when `subtract`; |a| >= |b|; the sign of a. */
static wide add_magnitudes(wide a, wide b, bool subtract) {
    int64_t distance = (int64_t)a.e - b.e;
    u128 small = distance < 128 ? b.m >> distance : 0;
    if (subtract)
        return normal(a.negative, a.m - small, a.e);
    u128 sum = a.m + small;
    if (sum < a.m) /* carry */
        return normal(a.negative, sum >> 1 | (u128)1 << 127, (int64_t)a.e + 1);
    return normal(a.negative, sum, a.e);
}

wide wide_add(wide a, wide b) {
    if (a.kind == WIDE_NAN || b.kind == WIDE_NAN)
        return not_a_number;
    if (a.kind == WIDE_INFINITE)
        return b.kind == WIDE_INFINITE && a.negative != b.negative ? not_a_number : a;
    if (b.kind == WIDE_INFINITE || a.kind == WIDE_ZERO)
        return b;
    if (b.kind == WIDE_ZERO)
        return a;
    if (a.e < b.e || (a.e == b.e && a.m < b.m)) {
        wide t = a;
        a = b;
        b = t;
    }
    return add_magnitudes(a, b, a.negative != b.negative);
}

wide wide_sub(wide a, wide b) { return wide_add(a, wide_neg(b)); }

/* The upper 128 bits of the 256-bit product, and bit 127 of the lower ones in *next. */
static u128 multiply_high(u128 a, u128 b, unsigned *next) {
    uint64_t a0 = (uint64_t)a, a1 = (uint64_t)(a >> 64), b0 = (uint64_t)b, b1 = (uint64_t)(b >> 64);
    u128 low = (u128)a0 * b0, mid1 = (u128)a1 * b0, mid2 = (u128)a0 * b1;
    u128 mid = (low >> 64) + (uint64_t)mid1 + (uint64_t)mid2; /* below 3 * 2^64 */
    *next = (unsigned)(mid >> 63) & 1;
    return (u128)a1 * b1 + (mid1 >> 64) + (mid2 >> 64) + (mid >> 64);
}

wide wide_mul(wide a, wide b) {
    bool negative = a.negative != b.negative;
    if (a.kind == WIDE_NAN || b.kind == WIDE_NAN)
        return not_a_number;
    if (a.kind == WIDE_INFINITE || b.kind == WIDE_INFINITE)
        return a.kind == WIDE_ZERO || b.kind == WIDE_ZERO ? not_a_number : infinite(negative);
    if (a.kind == WIDE_ZERO || b.kind == WIDE_ZERO)
        return zero();
    unsigned next;
    u128 m = multiply_high(a.m, b.m, &next);
    int64_t e = (int64_t)a.e + b.e + 128;
    if (m >> 127 == 0) { /* the product is at least 2^254: one bit comes up */
        m = m << 1 | next;
        e--;
    }
    return normal(negative, m, e);
}

/* floor(a * 2^127 / b) for 2^127 <= b <= a < 2b, by restoring division. */
static u128 divide_significands(u128 a, bool carry, u128 b) {
    u128 q = 0;
    for (int i = 0; i < 128; i++) {
        bool bit = carry || a >= b;
        if (bit)
            a -= b;
        q = q << 1 | bit;
        carry = a >> 127;
        a <<= 1;
    }
    return q;
}

wide wide_div(wide a, wide b) {
    bool negative = a.negative != b.negative;
    if (a.kind == WIDE_NAN || b.kind == WIDE_NAN ||
        (a.kind == WIDE_INFINITE && b.kind == WIDE_INFINITE) ||
        (a.kind == WIDE_ZERO && b.kind == WIDE_ZERO))
        return not_a_number;
    if (a.kind == WIDE_INFINITE || b.kind == WIDE_ZERO)
        return infinite(negative);
    if (a.kind == WIDE_ZERO || b.kind == WIDE_INFINITE)
        return zero();
    bool smaller = a.m < b.m; /* then 2a / b, whose first bit is one */
    u128 q = divide_significands(smaller ? a.m << 1 : a.m, smaller, b.m);
    return normal(negative, q, (int64_t)a.e - b.e - 127 - smaller);
}

/* Long division by 32-bit digits: 128 bits of quotient and, after them, 32 more, so that what the
 * leading zeros of m / n (at most 32 of them) take away comes back. */
wide wide_div_small(wide a, uint32_t n) {
    if (a.kind != WIDE_NORMAL)
        return a;
    uint64_t rest = 0;
    u128 q = 0;
    for (int shift = 96; shift >= 0; shift -= 32) {
        rest = rest << 32 | (uint32_t)(a.m >> shift);
        q = q << 32 | rest / n;
        rest %= n;
    }
    int up = leading_zeros(q);
    return normal(a.negative, q << up | (rest << up) / n, (int64_t)a.e - up);
}

wide wide_scale(wide a, int32_t k) {
    return a.kind == WIDE_NORMAL ? normal(a.negative, a.m, (int64_t)a.e + k) : a;
}

bool wide_equal(wide a, wide b) {
    if (a.kind != b.kind || a.kind == WIDE_NAN)
        return false;
    return a.kind == WIDE_ZERO ||
           (a.negative == b.negative && (a.kind == WIDE_INFINITE || (a.e == b.e && a.m == b.m)));
}

/* 0, 1 or 2 for a magnitude that is zero, finite or infinite, with its sign. */
static int rank_of(wide a) {
    int rank = a.kind == WIDE_ZERO ? 0 : a.kind == WIDE_INFINITE ? 2 : 1;
    return a.negative ? -rank : rank;
}

bool wide_less(wide a, wide b) {
    int x = rank_of(a), y = rank_of(b);
    if (a.kind == WIDE_NAN || b.kind == WIDE_NAN)
        return false;
    if (x != y || a.kind != WIDE_NORMAL)
        return x < y;
    bool smaller = a.e < b.e || (a.e == b.e && a.m < b.m); /* significands are normalised */
    return a.negative ? !smaller && !wide_equal(a, b) : smaller;
}

wide wide_floor(wide a) {
    if (a.kind != WIDE_NORMAL || a.e >= 0)
        return a;
    int32_t shift = -a.e;
    u128 whole = shift < 128 ? a.m >> shift : 0;
    bool exact = shift < 128 && whole << shift == a.m;
    if (exact)
        return a;
    return normal(a.negative, whole + a.negative, 0);
}

/*
 * Newton from a double's root: 50 bits, 100, 128. A square of 64 bits has its exact root: the
 * iteration ends within a few units of 2^-126, and rounding that to 64 bits and squaring shows
 * whether it is one.
 */
wide wide_sqrt(wide a) {
    if (a.kind == WIDE_ZERO || a.kind == WIDE_NAN)
        return a;
    if (a.negative)
        return not_a_number;
    if (a.kind == WIDE_INFINITE)
        return a;
    bool odd = a.e & 1;
    wide scaled = {a.m, odd ? -127 : -126, false, WIDE_NORMAL}; /* in [1, 4), an even power away */
    double start = wide_to_double(scaled);
    wide y = wide_from_double(sqrt(start));
    for (int i = 0; i < 3; i++)
        y = wide_scale(wide_add(y, wide_div(scaled, y)), -1);
    wide near = normal(false, (y.m >> 64) + (y.m >> 63 & 1), (int64_t)y.e + 64);
    if (wide_equal(wide_mul(near, near), scaled))
        y = near;
    return wide_scale(y, (a.e - scaled.e) / 2);
}
