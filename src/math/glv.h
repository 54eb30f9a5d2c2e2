/*
 * Scalars for G1, k = k1 + k2 lambda with halves of 128 bits (Gallant, Lambert, Vanstone, CRYPTO
 * 2001, section 3; lambda in endomorphism.h), as signed digits of sliding windows of five bits.
 */
#ifndef MATH_GLV_H
#define MATH_GLV_H

#include "math/fr.h"

typedef unsigned __int128 glv_half;

/* A basis of the lattice of all (a, b) with a + b lambda = 0 mod r: (A, -B) and (A + B, A), with A
 * = 2x + 1 and B = 6x^2 + 2x for the curve's x; A is odd and B even. */
static const glv_half GLV_A = 0x89d3256894d213e3;
static const glv_half GLV_B = (glv_half)0x6f4d8248eeb859fc << 64 | 0x8211bbeb7d4f1128;

enum { GLV_DIGITS = 130 /* of a half: 128 bits, a carry and room for one more */ };

/* floor(a b / 2^256) for an a of four and a b of three limbs, when it is below 2^128. */
static inline glv_half glv_scale(const uint64_t a[4], const uint64_t b[3]) {
    uint64_t t[7] = {0};
    for (int i = 0; i < 3; i++) {
        glv_half s = 0;
        for (int j = 0; j < 4; j++) {
            s += (glv_half)a[j] * b[i] + t[i + j];
            t[i + j] = (uint64_t)s;
            s >>= 64;
        }
        t[i + 4] = (uint64_t)s;
    }
    return (glv_half)t[5] << 64 | t[4];
}

/*
 * k = k1 + k2 lambda, where *minus says that k2 is -*k2.
 *
 * The basis has the determinant A^2 + B (A + B) = r. So
 * (k, 0) = k A / r times the first and k B / r times the second. With c1 and c2 at most these and
 * short of them by e1, e2 < 2 (one for rounding the constants 2^256 A / r and 2^256 B / r down, one
 * for the product), k1 = e1 A + e2 (A + B) lies in [0, 4A + 2B) and k2 = e2 A - e1 B in (-2B, 2A);
 * 4A + 2B < 2^127.9 and 2B < 2^128 - 2^66, so that arithmetic modulo 2^128 suffices.
 */
static inline void glv_split(glv_half *k1, glv_half *k2, bool *minus, const fr *k) {
    const uint64_t a_over_r[3] = {0xd91d232ec7e0b3d7, 2, 0};
    const uint64_t b_over_r[3] = {0x7a7bd9d4391eb18d, 0x4ccef014a773d2cf, 2};
    const glv_half a = GLV_A, b = GLV_B;
    uint64_t limbs[4];
    fr_to_limbs(limbs, k);
    glv_half c1 = glv_scale(limbs, a_over_r), c2 = glv_scale(limbs, b_over_r);
    *k1 = ((glv_half)limbs[1] << 64 | limbs[0]) - c1 * a - c2 * (a + b);
    *k2 = c1 * b - c2 * a; /* k2 in (-2B, 2A), where 2A < 2^66 */
    *minus = *k2 >= (glv_half)1 << 66;
    if (*minus)
        *k2 = 0 - *k2;
}

/* An element k1 + k2 omega of Z[omega], which acts as k1 + k2 lambda; both below 2^127. */
typedef struct {
    __int128 k1, k2;
} glv_integer;

/* k = k1 + k2 lambda with both of them within B + 4A of 0: glv_split()'s, where they are further
 * away, less a vector of the basis. */
static inline glv_integer glv_centre(const fr *k) {
    glv_half k1, k2;
    bool minus;
    glv_split(&k1, &k2, &minus, k);
    const bool left = k1 > GLV_B, down = minus && k2 > GLV_B;
    glv_integer z = {(__int128)(k1 - (left ? GLV_A + GLV_B : 0)),
                     (__int128)(k2 - (down ? GLV_B : 0))};
    z.k1 -= down ? (__int128)GLV_A : 0;
    z.k2 = (minus ? -z.k2 : z.k2) - (left ? (__int128)GLV_A : 0);
    return z;
}

/* The same with both of them odd. */
static inline glv_integer glv_odd(const fr *k) {
    const __int128 a = (__int128)GLV_A, b = (__int128)GLV_B;
    glv_integer z = glv_centre(k);
    if ((z.k2 & 1) == 0) {
        const int sign = z.k1 > 0 ? -1 : 1;
        z.k1 += sign * (a + b);
        z.k2 += sign * a;
    }
    if ((z.k1 & 1) == 0) {
        const int sign = z.k2 > 0 ? 1 : -1;
        z.k1 += sign * a;
        z.k2 -= sign * b;
    }
    return z;
}

/* k = sum digits[i] 2^i, each digit 0 or odd and in [-15, 15], among five neighbours one not 0. */
static inline void glv_recode(int8_t digits[GLV_DIGITS], glv_half k, bool minus) {
    bool carry = false;
    for (int i = 0; i < GLV_DIGITS; i++) {
        digits[i] = 0;
        if ((bool)(k & 1) == carry) {
            k >>= 1;
            continue;
        }
        /* k + carry is odd; its five lowest bits, made signed. */
        int digit = (int)(k & 31) + carry;
        carry = digit > 16;
        digit -= carry ? 32 : 0;
        digits[i] = (int8_t)(minus ? -digit : digit);
        /* Four zeros follow: k loses its window, the carry waits above it. */
        k >>= 5;
        for (int j = 0; j < 4 && i + 1 < GLV_DIGITS; j++)
            digits[++i] = 0;
    }
}

#endif
