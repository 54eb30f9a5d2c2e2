/*
 * Multiplication by the weights of weights.h; included once by each backend.
 *
 * Points are multiplied side by side in affine coordinates, every step of all points sharing one
 * inversion (Montgomery 1987). The sum goes digit by digit: points with digits of one kind meet in
 * a bucket (Pippenger 1976), so that no multiple of any of them is needed.
 */
#include "math/endomorphism.h"
#include "math/weight_digits.h"

enum { WEIGH_CHUNK = 128 }; /* points that share inversions: 49 kB of stack */

/* One point on its way: base[kind] is the point's multiple by that kind of digit. */
typedef struct {
    g1_affine base[DIGIT_TWO + 1], sum, other;
    fp over;
} weigh_lane;

typedef struct {
    weigh_lane lanes[WEIGH_CHUNK];
    fp under[WEIGH_CHUNK], scratch[WEIGH_CHUNK];
    size_t n;
} weigh_state;

/* out = +-phi^k(p) for the digit's sign and power k. */
static inline void weigh_rotate(g1_affine *out, const g1_affine *p, weight_digit digit) {
    *out = *p;
    if (digit.power > 0)
        fp_mul(&out->x, &p->x, &G1_BETA[digit.power - 1]);
    if (digit.negative)
        fp_neg(&out->y, &out->y);
}

/* Every lane's sum = sum + other, along the line of slope over/under; where under is 0 the sum
 * stays. */
static void weigh_lines(weigh_state *s) {
    fp slope, x;
    fp_batch_inv(s->under, s->n, s->scratch);
    for (size_t i = 0; i < s->n; i++) {
        g1_affine *sum = &s->lanes[i].sum;
        if (fp_is_zero(&s->under[i]))
            continue;
        fp_mul(&slope, &s->lanes[i].over, &s->under[i]);
        fp_sqr(&x, &slope);
        fp_sub(&x, &x, &sum->x);
        fp_sub(&x, &x, &s->lanes[i].other.x);
        fp_sub(&sum->x, &sum->x, &x);
        fp_mul(&slope, &slope, &sum->x);
        fp_sub(&sum->y, &slope, &sum->y);
        sum->x = x;
    }
}

/* All sums are doubled. y = 0 is that of infinity alone, which stays. */
static void weigh_double(weigh_state *s) {
    fp square;
    for (size_t i = 0; i < s->n; i++) {
        weigh_lane *lane = &s->lanes[i];
        fp_sqr(&square, &lane->sum.x);
        fp_double(&lane->over, &square);
        fp_add(&lane->over, &lane->over, &square);
        fp_double(&s->under[i], &lane->sum.y);
        lane->other = lane->sum;
    }
    weigh_lines(s);
}

/* sum = sum + other. Needs sum != +-other unless both are infinity, which then stays. */
static inline void weigh_chord(weigh_state *s, size_t i) {
    weigh_lane *lane = &s->lanes[i];
    fp_sub(&lane->over, &lane->other.y, &lane->sum.y);
    fp_sub(&s->under[i], &lane->other.x, &lane->sum.x);
}

/* sum = sum + digit * point. Here sum = 4 s point with s != 0: as elements of Z[omega] 4 s has a
 * norm of 16 or more, a digit 4 or less: they and their opposites differ, also modulo r, as
 * weights.h argues. */
static void weigh_add_digit(weigh_state *s, const g1_weight *weights, unsigned place) {
    for (size_t i = 0; i < s->n; i++) {
        weight_digit digit = weight_digit_at(&weights[i], place);
        fp_set_zero(&s->under[i]);
        if (digit.kind == DIGIT_ZERO)
            continue;
        weigh_rotate(&s->lanes[i].other, &s->lanes[i].base[digit.kind], digit);
        weigh_chord(s, i);
    }
    weigh_lines(s);
}

/* The three bases of every point; the sums become the points. */
static void weigh_begin(weigh_state *s, const g1_affine *points, size_t n) {
    const weight_digit minus_phi = {.kind = DIGIT_ONE, .power = 1, .negative = true};
    s->n = n;
    for (size_t i = 0; i < n; i++) {
        s->lanes[i].sum = points[i];
        weigh_rotate(&s->lanes[i].other, &points[i], minus_phi);
        weigh_chord(s, i);
    }
    weigh_lines(s);
    for (size_t i = 0; i < n; i++) {
        s->lanes[i].base[DIGIT_THETA] = s->lanes[i].sum;
        s->lanes[i].base[DIGIT_ONE] = s->lanes[i].sum = points[i];
    }
    weigh_double(s);
    for (size_t i = 0; i < n; i++) {
        s->lanes[i].base[DIGIT_TWO] = s->lanes[i].sum;
        s->lanes[i].sum = points[i];
    }
}

static void g1_weigh_each_loop(g1_affine *points, const g1_weight *weights, size_t n) {
    weigh_state s;
    for (size_t done = 0; done < n; done += s.n) {
        weigh_begin(&s, points + done, n - done < WEIGH_CHUNK ? n - done : WEIGH_CHUNK);
        for (unsigned place = WEIGHT_DIGITS; place-- > 0;) {
            weigh_double(&s);
            weigh_double(&s);
            weigh_add_digit(&s, weights + done, place);
        }
        for (size_t i = 0; i < s.n; i++)
            points[done + i] = s.lanes[i].sum;
    }
}

/* sum = sum + theta p = sum + p - phi(p) */
static void add_theta(g1 *sum, const g1 *p) {
    g1 t;
    g1_add(sum, sum, p);
    g1_neg(&t, p);
    fp_mul(&t.x, &t.x, &G1_BETA[0]);
    g1_add(sum, sum, &t);
}

/* sum = sum + the digits at one place times their points. */
static void add_place(g1 *sum, const g1_affine *points, const g1_weight *weights, size_t n,
                      unsigned place) {
    g1 bucket[DIGIT_TWO + 1];
    g1_affine p;
    for (int kind = DIGIT_ONE; kind <= DIGIT_TWO; kind++)
        g1_set_infinity(&bucket[kind]);
    for (size_t i = 0; i < n; i++) {
        weight_digit digit = weight_digit_at(&weights[i], place);
        if (digit.kind == DIGIT_ZERO)
            continue;
        weigh_rotate(&p, &points[i], digit);
        g1_add_mixed(&bucket[digit.kind], &bucket[digit.kind], &p);
    }
    g1_add(sum, sum, &bucket[DIGIT_ONE]);
    add_theta(sum, &bucket[DIGIT_THETA]);
    g1_double(&bucket[DIGIT_TWO], &bucket[DIGIT_TWO]);
    g1_add(sum, sum, &bucket[DIGIT_TWO]);
}

static void g1_weigh_sum_loop(g1 *out, const g1_affine *points, const g1_weight *weights,
                              size_t n) {
    g1 sum;
    g1_set_infinity(&sum);
    for (size_t i = 0; i < n; i++) /* the leading 1 of every weight */
        g1_add_mixed(&sum, &sum, &points[i]);
    for (unsigned place = WEIGHT_DIGITS; place-- > 0;) {
        g1_double(&sum, &sum);
        g1_double(&sum, &sum);
        add_place(&sum, points, weights, n, place);
    }
    *out = sum;
}
