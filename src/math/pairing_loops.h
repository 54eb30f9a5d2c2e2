/*
 * The optimal ate pairing's loops; included once by each backend. See pairing.h.
 *
 * G2 is a D-type twist: (x, y) of the twist is (x w^2, y w^3) of the curve over Fp12, so a line
 * through twisted points, taken at (x, y) of G1, has the shape c0 y + c1 x w + c3 w^3 with
 * coefficients in Fp2. Scaling a line by an element of a proper subfield changes nothing after the
 * final power.
 */
#include "math/pairing.h"

/* 9 / (9 + u) = 3 b for the twist's b, in Montgomery form; recomputed by tests/math/test_pairing.c.
 */
static const fp2 TWIST_3B = {
    {{0x3baa927cb62e0d6a, 0xd71e7c52d1b664fd, 0x03873e63d95d4664, 0x0e75b5b1082ab8f4}},
    {{0xaab7c6667596fe35, 0x31d21a78bb6a27ba, 0x85dd7297680401ff, 0x03c52d6adf39a7e9}}};

/* Signed digits of 6x + 2, least significant first; no two neighbours are non-zero but the top two,
 * which save a doubling. */
static const int8_t LOOP_DIGITS[65] = {0,  0,  0,  1, 0,  1, 0,  -1, 0,  0, -1, 0, 0, 0,  1, 0, 0,
                                       -1, 0,  -1, 0, 0,  0, 1,  0,  -1, 0, 0,  0, 0, -1, 0, 0, 1,
                                       0,  -1, 0,  0, 1,  0, 0,  0,  0,  0, -1, 0, 0, -1, 0, 1, 0,
                                       -1, 0,  0,  0, -1, 0, -1, 0,  0,  0, 1,  0, 1, 1};

/* Digits of x in {0, +-1, +-3, +-5, +-7}, least significant first. */
static const int8_t X_DIGITS[63] = {1,  0, 0,  0,  -1, 0, 0,  0, 0, 5, 0, 0, 0, 0, 0, 0,
                                    -7, 0, 0,  0,  7,  0, 0,  0, 0, 5, 0, 0, 0, 0, 1, 0,
                                    0,  0, -3, 0,  0,  0, -5, 0, 0, 0, 5, 0, 0, 0, 0, 3,
                                    0,  0, 0,  -3, 0,  0, 0,  0, 5, 0, 0, 0, 0, 0, 1};

/* Coefficients of 1, w and w^3. */
typedef struct {
    fp2 c0, c1, c3;
} pairing_line;

/* A point of the twist as (x/z, y/z). */
typedef struct {
    fp2 x, y, z;
} g2_homogeneous;

/*
 * t = 2t and the tangent there, by Aranha et al. (eprint 2010/526, section 4) with every coordinate
 * scaled by 4 so that nothing is halved.
 */
static void line_double(pairing_line *line, g2_homogeneous *t) {
    fp2 a, b, c, e, f, h, s;
    fp2_mul(&a, &t->x, &t->y);
    fp2_sqr(&b, &t->y);
    fp2_sqr(&c, &t->z);
    fp2_mul(&e, &c, &TWIST_3B);
    fp2_double(&f, &e);
    fp2_add(&f, &f, &e);
    /* h = 2 y z */
    fp2_add(&h, &t->y, &t->z);
    fp2_sqr(&h, &h);
    fp2_sub(&h, &h, &b);
    fp2_sub(&h, &h, &c);
    fp2_neg(&line->c0, &h);
    fp2_sqr(&s, &t->x);
    fp2_double(&line->c1, &s);
    fp2_add(&line->c1, &line->c1, &s);
    fp2_sub(&line->c3, &e, &b);
    /* x = 2 a (b - f), y = (b + f)^2 - 12 e^2, z = 4 b h */
    fp2_sub(&s, &b, &f);
    fp2_mul(&s, &s, &a);
    fp2_double(&t->x, &s);
    fp2_add(&s, &b, &f);
    fp2_sqr(&s, &s);
    fp2_sqr(&e, &e);
    fp2_double(&e, &e);
    fp2_double(&e, &e);
    fp2_sub(&s, &s, &e);
    fp2_sub(&s, &s, &e);
    fp2_sub(&t->y, &s, &e);
    fp2_mul(&s, &b, &h);
    fp2_double(&s, &s);
    fp2_double(&t->z, &s);
}

/* t = t + q and the line through both; t != +-q, which holds in the loop since its partial sums are
 * neither 0 nor +-1 times q before an addition of q (q has order r). */
static void line_add(pairing_line *line, g2_homogeneous *t, const g2_affine *q) {
    fp2 theta, lambda, c, d, e, f, g, h;
    fp2_mul(&theta, &q->y, &t->z);
    fp2_sub(&theta, &t->y, &theta);
    fp2_mul(&lambda, &q->x, &t->z);
    fp2_sub(&lambda, &t->x, &lambda);
    fp2_sqr(&c, &theta);
    fp2_sqr(&d, &lambda);
    fp2_mul(&e, &lambda, &d);
    fp2_mul(&f, &t->z, &c);
    fp2_mul(&g, &t->x, &d);
    fp2_add(&h, &e, &f);
    fp2_sub(&h, &h, &g);
    fp2_sub(&h, &h, &g);
    fp2_mul(&t->x, &lambda, &h);
    fp2_sub(&g, &g, &h);
    fp2_mul(&g, &g, &theta);
    fp2_mul(&h, &e, &t->y);
    fp2_sub(&t->y, &g, &h);
    fp2_mul(&t->z, &t->z, &e);
    line->c0 = lambda;
    fp2_neg(&line->c1, &theta);
    fp2_mul(&c, &theta, &q->x);
    fp2_mul(&d, &lambda, &q->y);
    fp2_sub(&line->c3, &c, &d);
}

/* The p-power map carried to the twist. */
static void g2_frobenius(g2_affine *out, const g2_affine *q) {
    fp2 t;
    fp2_conj(&t, &q->x);
    fp2_mul(&out->x, &t, &FROBENIUS_P[1]);
    fp2_conj(&t, &q->y);
    fp2_mul(&out->y, &t, &FROBENIUS_P[2]);
}

/* All lines of the loop for q, which is not infinity, in the order of use. */
static void line_sequence(pairing_line out[PAIRING_LINES], const g2_affine *q) {
    g2_affine negative, image;
    g2_homogeneous t = {q->x, q->y, {{{0, 0, 0, 0}}, {{0, 0, 0, 0}}}};
    fp2_set_one(&t.z);
    g2_affine_neg(&negative, q);
    for (int i = 63; i >= 0; i--) {
        line_double(out++, &t);
        if (LOOP_DIGITS[i] != 0)
            line_add(out++, &t, LOOP_DIGITS[i] > 0 ? q : &negative);
    }
    g2_frobenius(&image, q);
    line_add(out++, &t, &image);
    g2_frobenius(&image, &image);
    g2_affine_neg(&image, &image);
    line_add(out, &t, &image);
}

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

/* A pair inside a Miller loop: (x/y, 1/y) of the G1 point, and one of two kinds of lines. */
typedef struct {
    fp x_over_y, y_inv;
    const pairing_line *lines; /* or NULL: then prepared */
    const g2_prepared *prepared;
} miller_pair;

/* f = f (c0 + c1 (x/y) w + c3 (1/y) w^3): line number i of the pair, divided by y. */
static void multiply_line(fp12 *f, const miller_pair *pair, size_t i) {
    fp2 b0, b1, s0;
    fp6 a, b, s;
    if (pair->lines != NULL) {
        const pairing_line *line = &pair->lines[i];
        fp2_mul_fp(&b0, &line->c1, &pair->x_over_y);
        fp2_mul_fp(&b1, &line->c3, &pair->y_inv);
        fp6_mul_0(&a, &f->c0, &line->c0);
        fp2_add(&s0, &b0, &line->c0);
    } else {
        fp2_mul_fp(&b0, &pair->prepared->line[i][0], &pair->x_over_y);
        fp2_mul_fp(&b1, &pair->prepared->line[i][1], &pair->y_inv);
        a = f->c0;
        s0 = b0;
        fp_add(&s0.c0, &s0.c0, &fp_ONE);
    }
    /* Karatsuba over w with the sparse b0 + b1 v */
    fp6_mul_01(&b, &f->c1, &b0, &b1);
    fp6_add(&s, &f->c0, &f->c1);
    fp6_mul_01(&s, &s, &s0, &b1);
    fp6_sub(&s, &s, &a);
    fp6_sub(&f->c1, &s, &b);
    fp6_mul_v(&b, &b);
    fp6_add(&f->c0, &a, &b);
}

/* f = f * (product of the pairs' Miller values), sharing the squarings. */
static void miller_loop(fp12 *f, const miller_pair *pairs, size_t n) {
    fp12 acc;
    size_t line = 0;
    fp12_set_one(&acc);
    for (int i = 63; i >= 0; i--) {
        if (i != 63)
            fp12_sqr(&acc, &acc);
        for (int step = 0; step < (LOOP_DIGITS[i] != 0 ? 2 : 1); step++, line++)
            for (size_t j = 0; j < n; j++)
                multiply_line(&acc, &pairs[j], line);
    }
    for (; line < PAIRING_LINES; line++)
        for (size_t j = 0; j < n; j++)
            multiply_line(&acc, &pairs[j], line);
    fp12_mul(f, f, &acc);
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

static void pairing_product_loop(fp12 *out, const g1_affine *p, const g2_affine *q, size_t n,
                                 const g1_affine *fixed_p, const g2_prepared *const *fixed_q,
                                 size_t m) {
    pairing_line lines[MILLER_CHUNK][PAIRING_LINES];
    miller_pair pairs[MILLER_CHUNK];
    fp12 f;
    size_t used = 0;
    fp12_set_one(&f);
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
 * gcd(N, r (p - 1 + t)) = r (scripts/check_subgroup_test.py computes it), hence r q = 0.
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
