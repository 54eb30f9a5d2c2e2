/* Checks of points in Montgomery form. */
#include "groth16/point_check.h"

#include <stdatomic.h>

#include "base/threads.h"

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

static bool g2_is_good(const g2_affine *p) {
    if (g2_affine_is_infinity(p))
        return true;
    return fp_is_reduced(&p->x.c0) && fp_is_reduced(&p->x.c1) && fp_is_reduced(&p->y.c0) &&
           fp_is_reduced(&p->y.c1) && g2_on_curve(p) && g2_in_subgroup(p);
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

size_t points_find_bad_g1(const g1_affine *points, size_t n, unsigned threads) {
    point_check check = {.g1 = points};
    atomic_init(&check.bad, n);
    parallel_for(threads, n, 0, check_g1, &check);
    return atomic_load(&check.bad);
}

size_t points_find_bad_g2(const g2_affine *points, size_t n, unsigned threads) {
    point_check check = {.g2 = points};
    atomic_init(&check.bad, n);
    parallel_for(threads, n, 0, check_g2, &check);
    return atomic_load(&check.bad);
}
