/* Checks of points in Montgomery form. */
#include "groth16/point_check.h"

#include <stdatomic.h>

#include "base/threads.h"
#include "groth16/scratch.h"
#include "math/fr_random.h"
#include "math/msm.h"

enum {
    DIGIT_BITS = 13,
    DIGITS = FR_WEIGHT_BITS / DIGIT_BITS,
    MANY = 1 << 12, /* from so many points on, sums are faster than a check of each */
    BATCH = 1 << 18
};

_Static_assert(FR_WEIGHT_BITS % DIGIT_BITS == 0, "a weight is its digits");

typedef struct {
    const g1_affine *g1;
    const g2_affine *g2;
    atomic_size_t bad;
} point_check;

/* Whether the limbs, taken as they are, lie below the modulus. */
static bool fp_is_reduced(const fp *a) {
    for (int i = 3; i >= 0; i--)
        if (a->l[i] != fp_MODULUS.l[i])
            return a->l[i] < fp_MODULUS.l[i];
    return false;
}

static bool g1_is_good(const g1_affine *p) {
    if (g1_affine_is_infinity(p))
        return true;
    return fp_is_reduced(&p->x) && fp_is_reduced(&p->y) && g1_on_curve(p);
}

static bool g2_is_on_curve(const g2_affine *p) {
    if (g2_affine_is_infinity(p))
        return true;
    return fp_is_reduced(&p->x.c0) && fp_is_reduced(&p->x.c1) && fp_is_reduced(&p->y.c0) &&
           fp_is_reduced(&p->y.c1) && g2_on_curve(p);
}

static bool g2_is_good(const g2_affine *p) {
    return g2_affine_is_infinity(p) || (g2_is_on_curve(p) && g2_in_subgroup(p));
}

static void check_g1(void *context, size_t begin, size_t end, unsigned worker) {
    point_check *check = context;
    (void)worker;
    for (size_t i = begin; i < end; i++)
        if (!g1_is_good(&check->g1[i]))
            atomic_store(&check->bad, i);
}

static void check_g2(void *context, size_t begin, size_t end, unsigned worker) {
    point_check *check = context;
    (void)worker;
    for (size_t i = begin; i < end; i++)
        if (!g2_is_good(&check->g2[i]))
            atomic_store(&check->bad, i);
}

static void check_g2_curve(void *context, size_t begin, size_t end, unsigned worker) {
    point_check *check = context;
    (void)worker;
    for (size_t i = begin; i < end; i++)
        if (!g2_is_on_curve(&check->g2[i]))
            atomic_store(&check->bad, i);
}

typedef struct {
    const fr *weights;
    fr *digits;
    unsigned place;
} digits_job;

/* Every weight's digit at a place, in base 2^DIGIT_BITS. */
static void take_digits(void *context, size_t begin, size_t end, unsigned worker) {
    const digits_job *job = context;
    const unsigned limb = job->place * DIGIT_BITS / 64, shift = job->place * DIGIT_BITS % 64;
    (void)worker;
    for (size_t i = begin; i < end; i++) {
        uint64_t v[4];
        fr_to_limbs(v, &job->weights[i]);
        uint64_t digit = v[limb] >> shift;
        if (shift + DIGIT_BITS > 64)
            digit |= v[limb + 1] << (64 - shift);
        fr_set_u64(&job->digits[i], digit & ((1U << DIGIT_BITS) - 1));
    }
}

/*
 * *sum = the sum of weights[i] points[i] of G2's curve by DIGITS sums with the weights' digits, and
 * whether all these lie in the subgroup. The smallest prime that divides the cofactor is 10,069. So
 * where a point has a part outside, of order d >= 10,069, at most one of 2^13 < d digits of its
 * weight puts the sum at a place into the subgroup, given the others': all ten sums lie there with
 * a probability of at most 2^-130.
 */
static zkm_status sum_by_digits(zkm_error *err, bool *inside, g2 *sum, const g2_affine *points,
                                const fr *weights, size_t n, unsigned threads) {
    scratch digits = {0}, room = {0};
    zkm_status status;
    ZKM_TRY_OUT(scratch_array(err, &digits, "points", n, sizeof(fr)));
    ZKM_TRY_OUT(scratch_new(err, &room, "points", msm_g2_scratch(n, threads)));
    *inside = true;
    g2_set_infinity(sum);
    for (unsigned place = DIGITS; place-- > 0 && *inside;) {
        digits_job job = {weights, digits.data, place};
        g2 part;
        g2_affine affine;
        parallel_for(threads, n, 0, take_digits, &job);
        msm_g2(&part, points, digits.data, n, threads, room.data);
        g2_to_affine(&affine, &part);
        *inside = g2_is_good(&affine);
        for (int i = 0; i < DIGIT_BITS; i++)
            g2_double(sum, sum);
        g2_add(sum, sum, &part);
    }
out:
    scratch_free(&digits);
    scratch_free(&room);
    return status;
}

/* Whether random sums say that all n points of G2's curve are in its subgroup. False also when
 * memory or randomness lack. */
static bool sums_in_subgroup(const g2_affine *points, size_t n, unsigned threads) {
    scratch weights = {0};
    bool inside = false;
    g2 sum;
    if (scratch_array(NULL, &weights, "points", n, sizeof(fr)) == ZKM_OK &&
        fr_random_weights(NULL, weights.data, n) == ZKM_OK &&
        sum_by_digits(NULL, &inside, &sum, points, weights.data, n, threads) != ZKM_OK)
        inside = false;
    scratch_free(&weights);
    return inside;
}

size_t points_find_bad_g1(const g1_affine *points, size_t n, unsigned threads) {
    point_check check = {.g1 = points};
    atomic_init(&check.bad, n);
    parallel_for(threads, n, 0, check_g1, &check);
    return atomic_load(&check.bad);
}

static size_t find_bad_g2(const g2_affine *points, size_t n, unsigned threads,
                          parallel_body check_range) {
    point_check check = {.g2 = points};
    atomic_init(&check.bad, n);
    parallel_for(threads, n, 0, check_range, &check);
    return atomic_load(&check.bad);
}

size_t points_find_bad_g2(const g2_affine *points, size_t n, unsigned threads) {
    if (n < MANY)
        return find_bad_g2(points, n, threads, check_g2);
    size_t bad = find_bad_g2(points, n, threads, check_g2_curve);
    for (size_t i = 0, m; i < n && bad == n; i += m) {
        m = n - i < BATCH ? n - i : BATCH;
        if (sums_in_subgroup(points + i, m, threads))
            continue;
        size_t here = find_bad_g2(points + i, m, threads, check_g2);
        if (here != m)
            bad = i + here;
    }
    return bad;
}

zkm_status points_weigh_g2(zkm_error *err, size_t *bad, g2 *sum, const g2_affine *points,
                           const fr *weights, size_t n, unsigned threads) {
    bool inside;
    *bad = find_bad_g2(points, n, threads, n < MANY ? check_g2 : check_g2_curve);
    if (*bad != n)
        return ZKM_OK;
    ZKM_TRY(sum_by_digits(err, &inside, sum, points, weights, n, threads));
    if (!inside)
        *bad = find_bad_g2(points, n, threads, check_g2);
    return ZKM_OK;
}
