/*
 * Sums of a few multiples of points of G1, sum_i k_i p_i; included once by each backend.
 *
 * Every scalar is split as k = k1 + k2 lambda with halves of 128 bits (Gallant, Lambert, Vanstone,
 * CRYPTO 2001, section 3), and all halves share one chain of doublings (Straus 1964) with signed
 * sliding windows of five bits. Time depends on the scalars.
 */
#include "math/endomorphism.h"
#include "math/glv.h"

enum {
    DOT_POINTS = 8, /* that share doublings: 14 kB of stack */
    DOT_TABLE = 8,  /* p, 3p, ..., 15p */
};

typedef struct {
    g1 table[2][DOT_TABLE]; /* of p and of phi(p) */
    int8_t digits[2][GLV_DIGITS];
} dot_term;

static void dot_prepare(dot_term *term, const g1 *p, const fr *k) {
    g1 twice;
    glv_half k1, k2;
    bool minus;
    term->table[0][0] = *p;
    g1_double(&twice, p);
    for (int i = 1; i < DOT_TABLE; i++)
        g1_add(&term->table[0][i], &term->table[0][i - 1], &twice);
    for (int i = 0; i < DOT_TABLE; i++) {
        term->table[1][i] = term->table[0][i];
        fp_mul(&term->table[1][i].x, &term->table[1][i].x, &G1_BETA[0]);
    }
    glv_split(&k1, &k2, &minus, k);
    glv_recode(term->digits[0], k1, false);
    glv_recode(term->digits[1], k2, minus);
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
    for (int bit = GLV_DIGITS - 1; bit >= 0; bit--) {
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
