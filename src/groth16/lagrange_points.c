/*
 * A mixed-radix transform (Cooley and Tukey 1965), decimation in time, over points: affine
 * additions with shared inversions (math/kernels.h), products by math/scale.h. Butterflies go by
 * their root, so that early levels, where many share one, multiply them all by one scalar.
 */
#include "groth16/lagrange_points.h"

#include <string.h>

#include "base/progress.h"
#include "base/threads.h"
#include "groth16/checkpoint.h"
#include "groth16/lagrange.h"
#include "groth16/scratch.h"
#include "math/backend.h"
#include "math/endomorphism.h"
#include "math/kernels.h"
#include "math/scale.h"

enum {
    MAX_LEVELS = 32,
    CHUNK = 1024,  /* butterflies that a worker takes */
    SHARING = 256, /* from so many butterflies with one root on, they are multiplied together */
};

/* The radices, innermost first: threes, then twos. Gives their number. */
static unsigned factor(unsigned radix[MAX_LEVELS], size_t n) {
    unsigned levels = 0;
    for (; n % 3 == 0; n /= 3)
        radix[levels++] = 3;
    for (; n > 1; n /= 2)
        radix[levels++] = 2;
    return levels;
}

/* Where element i of the input belongs before the first level: its digits, outermost radix first,
 * in the opposite order. */
static size_t place_of(size_t i, const unsigned *radix, unsigned levels, size_t n) {
    size_t place = 0, block = n;
    for (unsigned l = levels; l-- > 0;) {
        block /= radix[l];
        place += i % radix[l] * block;
        i /= radix[l];
    }
    return place;
}

/* 1/w^i for i < n, with w the root of order n. */
static void inverse_roots(fr *out, size_t n) {
    fr root;
    subgroup_root(&root, n);
    fr_inv(&root, &root);
    fr_set_one(&out[0]);
    for (size_t i = 1; i < n; i++)
        fr_mul(&out[i], &out[i - 1], &root);
}

/* beta for which (beta x, y) is the product with 1/w, w the root of order 3, in G1; in G2 it is the
 * other one (math/scale.c). */
static int cube_root(void) {
    fr third;
    subgroup_root(&third, 3);
    fr_inv(&third, &third);
    return fr_equal(&third, &G1_LAMBDA) ? 0 : 1;
}

static void g1_turn(g1_affine *p, const fp *beta) { fp_mul(&p->x, &p->x, beta); }

static void g2_turn(g2_affine *p, const fp *beta) {
    fp_mul(&p->x.c0, &p->x.c0, beta);
    fp_mul(&p->x.c1, &p->x.c1, beta);
}

#define CURVE g1
#define CURVE_FLIP 0
#include "groth16/lagrange_points_template.h"
#define CURVE g2
#define CURVE_FLIP 1
#include "groth16/lagrange_points_template.h"

static void subtract_range(void *context, size_t begin, size_t end, unsigned worker) {
    const lagrange_points_g1_job *job = context;
    lagrange_points_g1_room *room = lagrange_points_g1_room_of(job, worker);
    for (size_t n; begin < end; begin += n) {
        n = end - begin < CHUNK ? end - begin : CHUNK;
        for (size_t i = 0; i < n; i++)
            room->first[i] = &job->points[begin + i];
        memcpy(room->term[0], &job->points[job->n + begin], n * sizeof *job->points);
        lagrange_points_g1_add(job, room, room->first, room->first, room->term[0], true, n);
    }
}

/* points[k] -= points[k + n] for k < n. */
static zkm_status subtract_halves(zkm_error *err, g1_affine *points, size_t n, unsigned threads) {
    scratch memory = {0};
    lagrange_points_g1_job job = {.points = points, .n = n};
    zkm_status status = lagrange_points_g1_make_job(err, &job, &memory, threads);
    if (status == ZKM_OK)
        parallel_for(threads, n, CHUNK, subtract_range, &job);
    scratch_free(&memory);
    return status;
}

/*
 * L_(2i+1) of the doubled domain is (1/2n) sum_k w^(-k (2i+1)) X^k, k < 2n, with w its root; terms
 * k and k + n have opposite coefficients. So the odd elements are the basis of the domain of n, w^2
 * its root, over the points w^-k (P_k - P_(k+n)) / 2.
 */
zkm_status lagrange_points_odd_g1(zkm_error *err, g1_affine *points, size_t n,
                                  const lagrange_options *options) {
    scratch roots = {0}, room = {0};
    zkm_status status;
    fr *k, half;
    if (checkpoint_holds(options->checkpoint, options->subject, n * sizeof *points))
        return lagrange_points_g1(err, points, n, options);
    ZKM_TRY(progress_report(err, options->progress, options->stage, 0, 1));
    ZKM_TRY_OUT(scratch_array(err, &roots, "Lagrange basis", 2 * n, sizeof(fr)));
    ZKM_TRY_OUT(scratch_new(err, &room, "Lagrange basis", g1_scale_scratch(options->threads)));
    k = roots.data;
    inverse_roots(k, 2 * n);
    fr_set_u64(&half, 2);
    fr_inv(&half, &half);
    for (size_t i = 0; i < n; i++)
        fr_mul(&k[i], &k[i], &half);
    ZKM_TRY_OUT(subtract_halves(err, points, n, options->threads));
    g1_scale_each(points, k, n, options->threads, room.data);
    status = lagrange_points_g1(err, points, n, options);
out:
    scratch_free(&roots);
    scratch_free(&room);
    return status;
}
