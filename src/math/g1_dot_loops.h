/*
 * Sums of a few multiples of points of G1, sum_i k_i p_i; included once by each backend.
 *
 * Every scalar is split as k = k1 + k2 lambda with halves of 128 bits (Gallant, Lambert, Vanstone,
 * CRYPTO 2001, section 3), and all halves share one chain of doublings (Straus 1964) with signed
 * sliding windows of five bits. Time depends on the scalars.
 */
#include "math/endomorphism.h"

typedef unsigned __int128 dot_half;

enum {
    DOT_POINTS = 8,  /* that share doublings: 14 kB of stack */
    DOT_TABLE = 8,   /* p, 3p, ..., 15p */
    DOT_DIGITS = 130 /* of a half: 128 bits, a carry and room for one more */
};

typedef struct {
    g1 table[2][DOT_TABLE]; /* of p and of phi(p) */
    int8_t digits[2][DOT_DIGITS];
} dot_term;

/* floor(a b / 2^256) for an a of four and a b of three limbs, when it is below 2^128. */
static dot_half dot_scale(const uint64_t a[4], const uint64_t b[3]) {
    uint64_t t[7] = {0};
    for (int i = 0; i < 3; i++) {
        dot_half s = 0;
        for (int j = 0; j < 4; j++) {
            s += (dot_half)a[j] * b[i] + t[i + j];
            t[i + j] = (uint64_t)s;
            s >>= 64;
        }
        t[i + 4] = (uint64_t)s;
    }
    return (dot_half)t[5] << 64 | t[4];
}

/*
 * k = k1 + k2 lambda, where *minus says that k2 is -*k2.
 *
 * (A, -B) and (A + B, A), with A = 2x + 1 and B = 6x^2 + 2x for the curve's x, are a basis of the
 * lattice of all (a, b) with a + b lambda = 0 mod r, of determinant A^2 + B (A + B) = r. So
 * (k, 0) = k A / r times the first and k B / r times the second. With c1 and c2 at most these and
 * short of them by e1, e2 < 2 (one for rounding the constants 2^256 A / r and 2^256 B / r down, one
 * for the product), k1 = e1 A + e2 (A + B) lies in [0, 4A + 2B) and k2 = e2 A - e1 B in (-2B, 2A);
 * 4A + 2B < 2^127.9 and 2B < 2^128 - 2^66, so that arithmetic modulo 2^128 suffices.
 */
static void dot_split(dot_half *k1, dot_half *k2, bool *minus, const fr *k) {
    const uint64_t a_over_r[3] = {0xd91d232ec7e0b3d7, 2, 0};
    const uint64_t b_over_r[3] = {0x7a7bd9d4391eb18d, 0x4ccef014a773d2cf, 2};
    const dot_half a = 0x89d3256894d213e3;
    const dot_half b = (dot_half)0x6f4d8248eeb859fc << 64 | 0x8211bbeb7d4f1128;
    uint64_t limbs[4];
    fr_to_limbs(limbs, k);
    dot_half c1 = dot_scale(limbs, a_over_r), c2 = dot_scale(limbs, b_over_r);
    *k1 = ((dot_half)limbs[1] << 64 | limbs[0]) - c1 * a - c2 * (a + b);
    *k2 = c1 * b - c2 * a; /* k2 in (-2B, 2A), where 2A < 2^66 */
    *minus = *k2 >= (dot_half)1 << 66;
    if (*minus)
        *k2 = 0 - *k2;
}

/* k = sum digits[i] 2^i, each digit 0 or odd and in [-15, 15], among five neighbours one not 0. */
static void dot_recode(int8_t digits[DOT_DIGITS], dot_half k, bool minus) {
    bool carry = false;
    for (int i = 0; i < DOT_DIGITS; i++) {
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
        for (int j = 0; j < 4 && i + 1 < DOT_DIGITS; j++)
            digits[++i] = 0;
    }
}

static void dot_prepare(dot_term *term, const g1 *p, const fr *k) {
    g1 twice;
    dot_half k1, k2;
    bool minus;
    term->table[0][0] = *p;
    g1_double(&twice, p);
    for (int i = 1; i < DOT_TABLE; i++)
        g1_add(&term->table[0][i], &term->table[0][i - 1], &twice);
    for (int i = 0; i < DOT_TABLE; i++) {
        term->table[1][i] = term->table[0][i];
        fp_mul(&term->table[1][i].x, &term->table[1][i].x, &G1_BETA[0]);
    }
    dot_split(&k1, &k2, &minus, k);
    dot_recode(term->digits[0], k1, false);
    dot_recode(term->digits[1], k2, minus);
}

static void dot_add_digit(g1 *sum, const g1 table[DOT_TABLE], int digit) {
    g1 t;
    if (digit > 0) {
        g1_add(sum, sum, &table[digit / 2]);
    } else if (digit < 0) {
        g1_neg(&t, &table[-digit / 2]);
        g1_add(sum, sum, &t);
    }
}

/* n <= DOT_POINTS */
static void dot_chunk(g1 *out, const g1 *p, const fr *k, size_t n) {
    dot_term terms[DOT_POINTS];
    for (size_t i = 0; i < n; i++)
        dot_prepare(&terms[i], &p[i], &k[i]);
    g1_set_infinity(out);
    for (int bit = DOT_DIGITS - 1; bit >= 0; bit--) {
        g1_double(out, out);
        for (size_t i = 0; i < n; i++)
            for (int half = 0; half < 2; half++)
                dot_add_digit(out, terms[i].table[half], terms[i].digits[half][bit]);
    }
}

static void g1_dot_loop(g1 *out, const g1 *p, const fr *k, size_t n) {
    g1 sum, part;
    g1_set_infinity(&sum);
    for (size_t i = 0; i < n; i += DOT_POINTS) {
        dot_chunk(&part, p + i, k + i, n - i < DOT_POINTS ? n - i : DOT_POINTS);
        g1_add(&sum, &sum, &part);
    }
    *out = sum;
}
