/*
 * The optimal ate pairing's loops; included once by each backend. See pairing.h.
 */
#include "math/miller_loops.h"

/* Digits of x in {0, +-1, +-3, +-5, +-7}, least significant first. */
static const int8_t X_DIGITS[63] = {1,  0, 0,  0,  -1, 0, 0,  0, 0, 5, 0, 0, 0, 0, 0, 0,
                                    -7, 0, 0,  0,  7,  0, 0,  0, 0, 5, 0, 0, 0, 0, 1, 0,
                                    0,  0, -3, 0,  0,  0, -5, 0, 0, 0, 5, 0, 0, 0, 0, 3,
                                    0,  0, 0,  -3, 0,  0, 0,  0, 5, 0, 0, 0, 0, 0, 1};

static void g2_prepare_loop(g2_prepared *out, const g2_affine *q) {
    pairing_line lines[PAIRING_LINES];
    fp2 leading[PAIRING_LINES], scratch[PAIRING_LINES];
    *out = (g2_prepared){.infinity = g2_affine_is_infinity(q)};
    if (out->infinity)
        return;
    line_sequence(lines, q);
    /* A leading coefficient is 0 only for a vertical line, which no step of the loop meets. */
    for (size_t i = 0; i < PAIRING_LINES; i++)
        leading[i] = lines[i].c0;
    fp2_batch_inv(leading, PAIRING_LINES, scratch);
    for (size_t i = 0; i < PAIRING_LINES; i++) {
        fp2_mul(&out->line[i][0], &lines[i].c1, &leading[i]);
        fp2_mul(&out->line[i][1], &lines[i].c3, &leading[i]);
    }
}

/* out = a^x for a in the cyclotomic subgroup. */
static void cyclotomic_pow_x(fp12 *out, const fp12 *a) {
    fp12 odd[4], square, acc = *a, t; /* odd[i] = a^(2i+1) */
    odd[0] = *a;
    fp12_cyclotomic_sqr(&square, a);
    for (int i = 1; i < 4; i++)
        fp12_mul(&odd[i], &odd[i - 1], &square);
    for (int i = 61; i >= 0; i--) {
        fp12_cyclotomic_sqr(&acc, &acc);
        int digit = X_DIGITS[i];
        if (digit > 0) {
            fp12_mul(&acc, &acc, &odd[digit / 2]);
        } else if (digit < 0) {
            fp12_conj(&t, &odd[-digit / 2]);
            fp12_mul(&acc, &acc, &t);
        }
    }
    *out = acc;
}

/*
 * out = f^((p^12 - 1) / r): the power (p^6 - 1)(p^2 + 1), then (p^4 - p^2 + 1) / r by the vectorial
 * addition chain of Scott, Benger, Charlemagne, Dominguez Perez, Kachisa (eprint 2008/490), in
 * which y0 .. y6 carry the exponents 1, 2, 6, 12, 18, 30, 36.
 */
static void final_power(fp12 *out, const fp12 *f) {
    fp12 m, mx, mx2, mx3, t, u, y0, y2, y3, y4, y6;
    fp12_conj(&m, f);
    fp12_inv(&t, f);
    fp12_mul(&m, &m, &t);
    fp12_frobenius2(&t, &m);
    fp12_mul(&m, &m, &t);

    cyclotomic_pow_x(&mx, &m);
    cyclotomic_pow_x(&mx2, &mx);
    cyclotomic_pow_x(&mx3, &mx2);
    fp12_frobenius(&y0, &m);
    fp12_frobenius2(&t, &m);
    fp12_mul(&u, &y0, &t);
    fp12_frobenius(&t, &t);
    fp12_mul(&y0, &u, &t); /* m^p m^(p^2) m^(p^3) */
    fp12_frobenius2(&y2, &mx2);
    fp12_frobenius(&t, &mx);
    fp12_conj(&y3, &t); /* 1 / (m^x)^p */
    fp12_frobenius(&t, &mx2);
    fp12_mul(&t, &t, &mx);
    fp12_conj(&y4, &t); /* 1 / (m^x (m^(x^2))^p) */
    fp12_frobenius(&t, &mx3);
    fp12_mul(&t, &t, &mx3);
    fp12_conj(&y6, &t); /* 1 / (m^(x^3) (m^(x^3))^p) */

    fp12_conj(&mx2, &mx2); /* y5 */
    fp12_conj(&m, &m);     /* y1 */
    fp12_cyclotomic_sqr(&t, &y6);
    fp12_mul(&t, &t, &y4);
    fp12_mul(&t, &t, &mx2);
    fp12_mul(&u, &y3, &mx2);
    fp12_mul(&u, &u, &t);
    fp12_mul(&t, &t, &y2);
    fp12_cyclotomic_sqr(&u, &u);
    fp12_mul(&u, &u, &t);
    fp12_cyclotomic_sqr(&u, &u);
    fp12_mul(&t, &u, &m);
    fp12_mul(&u, &u, &y0);
    fp12_cyclotomic_sqr(&t, &t);
    fp12_mul(out, &t, &u);
}

/* Pairs that share one Miller loop; 8 * 87 lines of 192 bytes are 134 kB of stack. */
enum { MILLER_CHUNK = 8 };

/* From so many pairs on the shared inversions, one a line, cost less than they save. */
enum { MANY_LEAST = 8 };

static void pairing_product_loop(fp12 *out, const g1_affine *p, const g2_affine *q, size_t n,
                                 const g1_affine *fixed_p, const g2_prepared *const *fixed_q,
                                 size_t m) {
    pairing_line lines[MILLER_CHUNK][PAIRING_LINES];
    miller_pair pairs[MILLER_CHUNK];
    fp12 f;
    size_t used = 0, chunk;
    fp12_set_one(&f);
    for (; n >= MANY_LEAST; p += chunk, q += chunk, n -= chunk) {
        chunk = n < MANY_PAIRS ? n : MANY_PAIRS;
        miller_many(&f, p, q, chunk);
    }
    for (size_t i = 0; i < n + m; i++) {
        const g1_affine *point = i < n ? &p[i] : &fixed_p[i - n];
        bool infinity = i < n ? g2_affine_is_infinity(&q[i]) : fixed_q[i - n]->infinity;
        if (infinity || g1_affine_is_infinity(point))
            continue;
        miller_pair *pair = &pairs[used];
        fp_inv(&pair->y_inv, &point->y); /* y != 0: G1 has no point of order two */
        fp_mul(&pair->x_over_y, &point->x, &pair->y_inv);
        pair->lines = i < n ? lines[used] : NULL;
        pair->prepared = i < n ? NULL : fixed_q[i - n];
        if (i < n)
            line_sequence(lines[used], &q[i]);
        if (++used == MILLER_CHUNK) {
            miller_loop(&f, pairs, used);
            used = 0;
        }
    }
    if (used > 0)
        miller_loop(&f, pairs, used);
    final_power(out, &f);
}

/* out = x q, for any point q of the twist. */
static void g2_mul_x(g2 *out, const g2_affine *q) {
    g2 odd[4], twice, t;
    g2_from_affine(&odd[0], q);
    g2_double(&twice, &odd[0]);
    for (int i = 1; i < 4; i++)
        g2_add(&odd[i], &odd[i - 1], &twice);
    *out = odd[0];
    for (int i = 61; i >= 0; i--) {
        g2_double(out, out);
        int digit = X_DIGITS[i];
        if (digit > 0) {
            g2_add(out, out, &odd[digit / 2]);
        } else if (digit < 0) {
            g2_neg(&t, &odd[-digit / 2]);
            g2_add(out, out, &t);
        }
    }
}

/* The p-power map on a Jacobian point: conj is a field automorphism, so z is conjugated too. */
static void g2_frobenius_jacobian(g2 *out, const g2 *q) {
    fp2 t;
    fp2_conj(&t, &q->x);
    fp2_mul(&out->x, &t, &FROBENIUS_P[1]);
    fp2_conj(&t, &q->y);
    fp2_mul(&out->y, &t, &FROBENIUS_P[2]);
    fp2_conj(&out->z, &q->z);
}

/*
 * Membership by the endomorphism psi (El Housni, Guillevic, Piellard, eprint 2022/352): q is in G2
 * when (x + 1) q + psi(x q) + psi^2(x q) = psi^3(2x q).
 *
 * Why this suffices: psi satisfies psi^2 - t psi + p = 0 with t = 6x^2 + 1, so the condition reads
 * (a + b psi) q = 0 for integers a, b. Then N q = 0 with N = a^2 + a b t + b^2 p, and also
 * r (p - 1 + t) q = 0 since that is the number of points of the twist. For this x,
 * gcd(N, r (p - 1 + t)) = r (tests/math/test_constants.py computes it), hence r q = 0.
 */
static bool g2_in_subgroup_loop(const g2_affine *q) {
    if (g2_affine_is_infinity(q))
        return true;
    g2 xq, left, image;
    g2_mul_x(&xq, q);
    g2_add_mixed(&left, &xq, q);
    g2_frobenius_jacobian(&image, &xq);
    g2_add(&left, &left, &image);
    g2_frobenius_jacobian(&image, &image);
    g2_add(&left, &left, &image);
    g2_frobenius_jacobian(&image, &image);
    g2_double(&image, &image);
    return g2_equal(&left, &image);
}
