/* Checks of points in Montgomery form. */
#include "groth16/point_check.h"

#include <stdatomic.h>

#include "base/random.h"
#include "base/threads.h"
#include "groth16/scratch.h"
#include "math/msm.h"

enum {
    TESTS = 10,
    COEFFICIENT_BITS = 13,
    MANY = 1 << 12, /* from so many points on, sums are faster than a check of each */
    BATCH = 1 << 18
};

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

/* Uniform numbers of COEFFICIENT_BITS bits. */
static bool draw_coefficients(fr *out, uint16_t *bytes, size_t n) {
    zkm_error unused;
    if (random_bytes(&unused, bytes, n * sizeof *bytes) != ZKM_OK)
        return false;
    for (size_t i = 0; i < n; i++)
        fr_set_u64(&out[i], bytes[i] & ((1U << COEFFICIENT_BITS) - 1));
    return true;
}

/*
 * Whether all n points of G2's curve are in its subgroup, by TESTS random sums. The smallest prime
 * that divides the cofactor is 10,069. So where a point has a part outside, of order d >= 10,069,
 * at most one of 2^13 < d coefficients of it puts a sum into the subgroup, given the others: all
 * sums lie there with a probability of at most 2^-130. False also when memory or randomness lack.
 */
static bool sums_in_subgroup(const g2_affine *points, size_t n, unsigned threads) {
    scratch coefficients = {0}, bytes = {0}, room = {0};
    bool good = scratch_array(NULL, &coefficients, "points", n, sizeof(fr)) == ZKM_OK &&
                scratch_array(NULL, &bytes, "points", n, sizeof(uint16_t)) == ZKM_OK &&
                scratch_new(NULL, &room, "points", msm_g2_scratch(n, threads)) == ZKM_OK;
    for (int i = 0; good && i < TESTS; i++) {
        g2 sum;
        g2_affine affine;
        good = draw_coefficients(coefficients.data, bytes.data, n);
        if (!good)
            break;
        msm_g2(&sum, points, coefficients.data, n, threads, room.data);
        g2_to_affine(&affine, &sum);
        good = g2_is_good(&affine);
    }
    scratch_free(&coefficients);
    scratch_free(&bytes);
    scratch_free(&room);
    return good;
}

size_t points_find_bad_g1(const g1_affine *points, size_t n, unsigned threads) {
    point_check check = {.g1 = points};
    atomic_init(&check.bad, n);
    parallel_for(threads, n, 0, check_g1, &check);
    return atomic_load(&check.bad);
}

size_t points_find_bad_g2(const g2_affine *points, size_t n, unsigned threads) {
    point_check check = {.g2 = points};
    atomic_init(&check.bad, n);
    if (n < MANY) {
        parallel_for(threads, n, 0, check_g2, &check);
        return atomic_load(&check.bad);
    }
    parallel_for(threads, n, 0, check_g2_curve, &check);
    for (size_t i = 0, m; i < n && atomic_load(&check.bad) == n; i += m) {
        m = n - i < BATCH ? n - i : BATCH;
        if (!sums_in_subgroup(points + i, m, threads)) {
            point_check batch = {.g2 = points + i};
            atomic_init(&batch.bad, m);
            parallel_for(threads, m, 0, check_g2, &batch);
            if (atomic_load(&batch.bad) != m)
                return i + atomic_load(&batch.bad);
        }
    }
    return atomic_load(&check.bad);
}
