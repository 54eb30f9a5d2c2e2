/*
 * Miller loops of the optimal ate pairing (Vercauteren, eprint 2008/096); part of pairing_loops.h.
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

/* A pair inside a Miller loop: (x/y, 1/y) of the G1 point, and one of two kinds of lines. */
typedef struct {
    fp x_over_y, y_inv;
    const pairing_line *lines; /* or NULL: then prepared */
    const g2_prepared *prepared;
} miller_pair;

/* f = f (c0 + b0 w + b1 w^3): Karatsuba over w with the sparse b0 + b1 v. */
static void multiply_general_line(fp12 *f, const fp2 *c0, const fp2 *b0, const fp2 *b1) {
    fp2 s0;
    fp6 a, b, s;
    fp6_mul_0(&a, &f->c0, c0);
    fp2_add(&s0, b0, c0);
    fp6_mul_01(&b, &f->c1, b0, b1);
    fp6_add(&s, &f->c0, &f->c1);
    fp6_mul_01(&s, &s, &s0, b1);
    fp6_sub(&s, &s, &a);
    fp6_sub(&f->c1, &s, &b);
    fp6_mul_v(&b, &b);
    fp6_add(&f->c0, &a, &b);
}

/* f = f (c0 + c1 (x/y) w + c3 (1/y) w^3): line number i of the pair, divided by y. */
static void multiply_line(fp12 *f, const miller_pair *pair, size_t i) {
    fp2 b0, b1;
    if (pair->lines != NULL) {
        const pairing_line *line = &pair->lines[i];
        fp2_mul_fp(&b0, &line->c1, &pair->x_over_y);
        fp2_mul_fp(&b1, &line->c3, &pair->y_inv);
        multiply_general_line(f, &line->c0, &b0, &b1);
    } else {
        fp2_mul_fp(&b0, &pair->prepared->line[i][0], &pair->x_over_y);
        fp2_mul_fp(&b1, &pair->prepared->line[i][1], &pair->y_inv);
        fp12_mul_line(f, f, &b0, &b1);
    }
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

/*
 * Many pairs at once. Lines in affine coordinates need an inversion, which all pairs of a step
 * share (Montgomery 1987); they then cost less than projective ones and have 1 as leading
 * coefficient.
 *
 * Each pair moves to an isomorphic curve first, (x, y) -> (s^2 x, s^3 y) with s = x/y of its G1
 * point, whose coordinates become equal: x' = y' = x^3/y^2. Affine formulas do not see the curve's
 * b, and the line through t with slope m, divided by y', is 1 - m w + (m t.x - t.y)/y' w^3.
 */
typedef struct {
    fp2 tx, ty, qx, qy; /* the running point t and q, both on the isomorphic twist */
    fp2 over, under;    /* minus the slope, as a fraction */
    fp scale;           /* -1/y' */
} many_pair;

enum { MANY_PAIRS = 128 }; /* in one loop: 61 kB of stack */

typedef struct {
    many_pair pairs[MANY_PAIRS];
    fp norms[MANY_PAIRS], scratch[MANY_PAIRS];
    size_t n;
} many_state;

/* 1/(x y) of the pair's G1 point is given. x and y are not 0: points of order two and three do not
 * exist in G1. */
static void many_start(many_pair *pair, const g1_affine *p, const g2_affine *q, const fp *xy_inv) {
    fp s, t;
    fp_mul(&t, xy_inv, &p->y); /* 1/x */
    fp_mul(&s, &p->y, &t);     /* 1/s */
    fp_sqr(&s, &s);
    fp_mul(&s, &s, &t); /* y^2/x^3 */
    fp_neg(&pair->scale, &s);
    fp_sqr(&s, &p->x);
    fp_mul(&s, &s, xy_inv); /* x/y */
    fp_sqr(&t, &s);
    fp2_mul_fp(&pair->qx, &q->x, &t);
    fp_mul(&t, &t, &s);
    fp2_mul_fp(&pair->qy, &q->y, &t);
    pair->tx = pair->qx;
    pair->ty = pair->qy;
}

static void many_begin(many_state *m, const g1_affine *p, const g2_affine *q, size_t n) {
    size_t used = 0;
    uint8_t from[MANY_PAIRS];
    for (size_t i = 0; i < n; i++) {
        if (g1_affine_is_infinity(&p[i]) || g2_affine_is_infinity(&q[i]))
            continue;
        fp_mul(&m->norms[used], &p[i].x, &p[i].y);
        from[used++] = (uint8_t)i;
    }
    fp_batch_inv(m->norms, used, m->scratch);
    for (size_t i = 0; i < used; i++)
        many_start(&m->pairs[i], &p[from[i]], &q[from[i]], &m->norms[i]);
    m->n = used;
}

/* The fraction of the tangent at t: -3 x^2 / 2 y. */
static void many_tangent(many_pair *pair) {
    fp2 square;
    fp2_sqr(&square, &pair->tx);
    fp2_double(&pair->over, &square);
    fp2_add(&pair->over, &pair->over, &square);
    fp2_double(&pair->under, &pair->ty);
    fp2_neg(&pair->under, &pair->under);
}

/* The fraction of the line through t and (x, y). */
static void many_chord(many_pair *pair, const fp2 *x, const fp2 *y) {
    fp2_sub(&pair->over, y, &pair->ty);
    fp2_sub(&pair->under, &pair->tx, x);
}

/* t = the third point of the line, negated, of which x is the other given one; f takes the line. */
static void many_step(fp12 *f, many_pair *pair, const fp2 *x, const fp *norm_inv) {
    fp2 minus_slope, d, c;
    fp2_conj(&d, &pair->under);
    fp2_mul(&d, &d, &pair->over);
    fp2_mul_fp(&minus_slope, &d, norm_inv);
    fp2_mul(&d, &minus_slope, &pair->tx);
    fp2_add(&d, &d, &pair->ty);
    fp2_mul_fp(&c, &d, &pair->scale);
    fp12_mul_line(f, f, &minus_slope, &c);
    fp2_sqr(&c, &minus_slope);
    fp2_sub(&c, &c, &pair->tx);
    fp2_sub(&pair->tx, &c, x);
    fp2_mul(&c, &minus_slope, &pair->tx);
    fp2_sub(&pair->ty, &c, &d);
}

/* The inverse norms of all denominators. Those are not 0: see line_add. */
static void many_invert(many_state *m) {
    for (size_t i = 0; i < m->n; i++) {
        const fp2 *under = &m->pairs[i].under;
        fp_dot2(&m->norms[i], &under->c0, &under->c0, &under->c1, &under->c1);
    }
    fp_batch_inv(m->norms, m->n, m->scratch);
}

static void many_double(fp12 *f, many_state *m) {
    for (size_t i = 0; i < m->n; i++)
        many_tangent(&m->pairs[i]);
    many_invert(m);
    for (size_t i = 0; i < m->n; i++) {
        const fp2 x = m->pairs[i].tx;
        many_step(f, &m->pairs[i], &x, &m->norms[i]);
    }
}

static void many_add(fp12 *f, many_state *m, bool negative) {
    for (size_t i = 0; i < m->n; i++) {
        many_pair *pair = &m->pairs[i];
        fp2 y = pair->qy;
        if (negative)
            fp2_neg(&y, &y);
        many_chord(pair, &pair->qx, &y);
    }
    many_invert(m);
    for (size_t i = 0; i < m->n; i++)
        many_step(f, &m->pairs[i], &m->pairs[i].qx, &m->norms[i]);
}

/* q of every pair becomes its image under the p-power map, which commutes with scaling by Fp. */
static void many_frobenius(many_state *m) {
    for (size_t i = 0; i < m->n; i++) {
        many_pair *pair = &m->pairs[i];
        g2_affine q = {pair->qx, pair->qy};
        g2_frobenius(&q, &q);
        pair->qx = q.x;
        pair->qy = q.y;
    }
}

/* f = f * (product of the Miller values of n <= MANY_PAIRS pairs). */
static void miller_many(fp12 *f, const g1_affine *p, const g2_affine *q, size_t n) {
    many_state m;
    fp12 acc;
    many_begin(&m, p, q, n);
    fp12_set_one(&acc);
    for (int i = 63; i >= 0; i--) {
        if (i != 63)
            fp12_sqr(&acc, &acc);
        many_double(&acc, &m);
        if (LOOP_DIGITS[i] != 0)
            many_add(&acc, &m, LOOP_DIGITS[i] < 0);
    }
    many_frobenius(&m);
    many_add(&acc, &m, false);
    many_frobenius(&m);
    many_add(&acc, &m, true);
    fp12_mul(f, f, &acc);
}
