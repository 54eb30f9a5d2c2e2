/* 256-bit integers in two's complement, as far as the metric's inequality needs them. */
#ifndef CIRCUIT_WIDE_H
#define CIRCUIT_WIDE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint64_t l[4]; /* little-endian */
} wide;

static inline wide wide_from_u128(unsigned __int128 v) {
    return (wide){{(uint64_t)v, (uint64_t)(v >> 64), 0, 0}};
}

static inline wide wide_sub(const wide *a, const wide *b) {
    wide out;
    unsigned __int128 borrow = 0;
    for (int i = 0; i < 4; i++) {
        unsigned __int128 d = (unsigned __int128)a->l[i] - b->l[i] - borrow;
        out.l[i] = (uint64_t)d;
        borrow = (d >> 64) & 1;
    }
    return out;
}

/* a * b mod 2^256 */
static inline wide wide_mul_u64(const wide *a, uint64_t b) {
    wide out;
    unsigned __int128 carry = 0;
    for (int i = 0; i < 4; i++) {
        carry += (unsigned __int128)a->l[i] * b;
        out.l[i] = (uint64_t)carry;
        carry >>= 64;
    }
    return out;
}

/* a * 2^n mod 2^256, n < 256 */
static inline wide wide_shift_left(const wide *a, unsigned n) {
    wide out = {{0, 0, 0, 0}};
    unsigned words = n / 64, bits = n % 64;
    for (unsigned i = words; i < 4; i++) {
        out.l[i] = a->l[i - words] << bits;
        if (bits && i > words)
            out.l[i] |= a->l[i - words - 1] >> (64 - bits);
    }
    return out;
}

/* Keeps the low n bits. */
static inline void wide_truncate(wide *a, unsigned n) {
    for (unsigned i = 0; i < 4; i++) {
        if (64 * i >= n)
            a->l[i] = 0;
        else if (64 * i + 64 > n)
            a->l[i] &= (UINT64_C(1) << (n - 64 * i)) - 1;
    }
}

static inline bool wide_is_negative(const wide *a) { return a->l[3] >> 63; }
static inline bool wide_is_zero(const wide *a) { return !(a->l[0] | a->l[1] | a->l[2] | a->l[3]); }

#endif
