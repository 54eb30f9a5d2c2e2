/* See pk_halve.h. */
#include "groth16/pk_halve.h"

#include <string.h>

#include "base/progress.h"
#include "base/wipe.h"
#include "groth16/lagrange.h"
#include "groth16/lagrange_points.h"
#include "groth16/quotient.h"
#include "groth16/sums.h"
#include "math/scale.h"

enum { MATRICES = 3, AT_ONCE = 1 << 14, TRANSFORMS = 7 };

typedef struct {
    const groth16_pk *pk;
    const r1cs *cs;
    const fr *wires;
    const bool *known;
    unsigned threads;
    const zkm_progress *progress;
    unsigned transforms; /* done */
    size_t n, m;
    fr root;                  /* w_2n, of order 2n */
    scratch odd[MATRICES];    /* fr, n: A_0, B_0, C_0, then their values on the odd coset */
    scratch even[MATRICES];   /* fr, m: what the known wires add to the even rows */
    scratch points[MATRICES]; /* g1_affine, m: what a row's A, B, C are multiplied by */
    scratch work;             /* g1_affine, n */
    scratch weights;          /* fr, n */
    scratch scale_room;
    sum_room room;
} halve_job;

/* ------------------------------------------------------------------ rows */

bool pk_can_halve(const r1cs *cs, const bool *known) {
    return cs->interleaved && r1cs_fixed_rows_known(cs, known);
}

/* What the known wires give to every row, even rows and odd rows apart. */
static zkm_status split_rows(zkm_error *err, halve_job *job) {
    const size_t wires = job->cs->num_wires;
    scratch masked = {0};
    zkm_status status;
    ZKM_TRY_OUT(scratch_array(err, &masked, "proving key", wires, sizeof(fr)));
    fr *values = masked.data;
    for (size_t i = 0; i < wires; i++)
        if (job->known[i])
            values[i] = job->wires[i];
        else
            fr_set_zero(&values[i]);
    for (int k = 0; k < MATRICES; k++) {
        ZKM_TRY_OUT(scratch_array(err, &job->odd[k], "proving key", job->n, sizeof(fr)));
        ZKM_TRY_OUT(scratch_array(err, &job->even[k], "proving key", job->m, sizeof(fr)));
        memset(job->odd[k].data, 0, job->n * sizeof(fr));
    }
    ZKM_TRY_OUT(r1cs_evaluate(err, job->cs, values, job->odd[0].data, job->odd[1].data,
                              job->odd[2].data, job->threads));
    for (int k = 0; k < MATRICES; k++) {
        fr *odd = job->odd[k].data, *even = job->even[k].data;
        for (size_t i = 0; i < job->m; i++) {
            even[i] = odd[2 * i];
            fr_set_zero(&odd[2 * i]);
        }
    }
    fr *const values_of[MATRICES] = {job->odd[0].data, job->odd[1].data, job->odd[2].data};
    status = odd_coset_values(err, values_of, MATRICES, job->n, job->threads);
out:
    scratch_free(&masked);
    return status;
}

/* H_0: the quotient's coordinates of the odd rows alone. */
static zkm_status sum_of_odd_rows(zkm_error *err, g1 *out, halve_job *job) {
    const fr *a = job->odd[0].data, *b = job->odd[1].data, *c = job->odd[2].data;
    fr *values = job->weights.data;
    for (size_t i = 0; i < job->n; i++) {
        fr_mul(&values[i], &a[i], &b[i]);
        fr_sub(&values[i], &values[i], &c[i]);
    }
    return sum_g1(err, out, job->pk->h, values, job->n, &job->room);
}

/* values become those of P' = P / z on the odd coset, where X^m is a root of order 4 or, at every
 * other element, its negative. */
static void divide_by_z(const halve_job *job, fr *values) {
    fr inverse[2], fourth, one;
    fr_set_one(&one);
    fr_power_u64(&fourth, &job->root, job->m);
    fr_sub(&inverse[0], &fourth, &one);
    fr_neg(&fourth, &fourth);
    fr_sub(&inverse[1], &fourth, &one);
    for (int k = 0; k < 2; k++)
        fr_inv(&inverse[k], &inverse[k]);
    for (size_t i = 0; i < job->n; i++)
        fr_mul(&values[i], &values[i], &inverse[i % 2]);
}

/* ------------------------------------------------------------------ transforms of points */

/* out[j] = factor * base^j */
static void powers(fr *out, size_t n, const fr *factor, const fr *base) {
    for (size_t j = 0; j < n; j++)
        if (j == 0)
            out[j] = *factor;
        else
            fr_mul(&out[j], &out[j - 1], base);
}

static zkm_status transform(zkm_error *err, halve_job *job, g1_affine *points, size_t n) {
    const lagrange_options options = {.threads = job->threads};
    ZKM_TRY(
        progress_report(err, job->progress, "halving the quotient", job->transforms++, TRANSFORMS));
    return lagrange_points_g1(err, points, n, &options);
}

/* work[j] = (1/n) sum_i w_n^(-ij) multiplier[i] H_i; NULL: ones. The sum over i of x_i^j
 * multiplier[i] H_i is then n w_2n^j work[-j mod n]. */
static zkm_status transform_quotient_basis(zkm_error *err, halve_job *job, const fr *multiplier) {
    g1_affine *work = job->work.data;
    memcpy(work, job->pk->h, job->n * sizeof *work);
    if (multiplier)
        g1_scale_each(work, multiplier, job->n, job->threads, job->scale_room.data);
    return transform(err, job, work, job->n);
}

/* out[j] = factor n w_2n^j work[-j mod n] for j < m: sums over x_i^j. */
static void take_sums(halve_job *job, g1_affine *out, const fr *factor) {
    const g1_affine *work = job->work.data;
    fr *k = job->weights.data, first;
    fr_set_u64(&first, job->n);
    fr_mul(&first, &first, factor);
    powers(k, job->m, &first, &job->root);
    for (size_t j = 0; j < job->m; j++)
        out[j] = work[(job->n - j) % job->n];
    g1_scale_each(out, k, job->m, job->threads, job->scale_room.data);
}

/* points[matrix] = factor * sum_i multiplier(x_i) l_k(x_i) H_i, l_k the Lagrange basis of V. work
 * holds the transform of the multiplier. */
static zkm_status row_points(zkm_error *err, halve_job *job, int matrix, const fr *factor) {
    take_sums(job, job->points[matrix].data, factor);
    return transform(err, job, job->points[matrix].data, job->m);
}

/* n sums as affine points. */
static zkm_status to_affine(zkm_error *err, g1_affine *out, const g1 *in, size_t n) {
    scratch room = {0};
    ZKM_TRY(scratch_array(err, &room, "proving key", AT_ONCE, sizeof(fp)));
    for (size_t at = 0, count; at < n; at += count) {
        count = n - at < AT_ONCE ? n - at : AT_ONCE;
        g1_batch_to_affine(out + at, in + at, count, room.data);
    }
    scratch_free(&room);
    return ZKM_OK;
}

/*
 * U_k = sum_i l_k(x_i) (x_i^m + 1) / 4 H_i, l_k the Lagrange basis of K, whose element k is w_n
 * times that of V: with x_i^m x_i^j = x_i^(j+m), transform the points
 *   w_n^-j (D_j + D_(j+m)) / 4 = (n/4) w_2n^-j (work[-j] + w_2n^m work[m-j]),
 * D_j the sum over x_i^j H_i, indices mod n.
 */
static zkm_status quotient_points(zkm_error *err, halve_job *job, g1_affine *out) {
    const size_t n = job->n, m = job->m;
    const g1_affine *work = job->work.data;
    scratch other = {0}, sums = {0};
    fr *k = job->weights.data, factor, inverse, fourth;
    zkm_status status;
    ZKM_TRY_OUT(scratch_array(err, &other, "proving key", m, sizeof(g1_affine)));
    ZKM_TRY_OUT(scratch_array(err, &sums, "proving key", m, sizeof(g1)));
    g1_affine *second = other.data;
    g1 *sum = sums.data;
    for (size_t j = 0; j < m; j++) {
        out[j] = work[(n - j) % n];
        second[j] = work[m - j];
    }
    fr_set_u64(&factor, n);
    fr_set_u64(&inverse, 4);
    fr_inv(&inverse, &inverse);
    fr_mul(&factor, &factor, &inverse);
    fr_inv(&inverse, &job->root);
    fr_power_u64(&fourth, &job->root, m);
    powers(k, m, &factor, &inverse);
    g1_scale_each(out, k, m, job->threads, job->scale_room.data);
    fr_mul(&factor, &factor, &fourth);
    powers(k, m, &factor, &inverse);
    g1_scale_each(second, k, m, job->threads, job->scale_room.data);
    for (size_t j = 0; j < m; j++) {
        g1_from_affine(&sum[j], &out[j]);
        g1_add_mixed(&sum[j], &sum[j], &second[j]);
    }
    ZKM_TRY_OUT(to_affine(err, out, sum, m));
    status = transform(err, job, out, m);
out:
    scratch_free(&other);
    scratch_free(&sums);
    return status;
}

static zkm_status make_points(zkm_error *err, pk_half *out, halve_job *job) {
    fr minus_half, minus_one;
    fr_set_i64(&minus_one, -1);
    fr_set_i64(&minus_half, -2);
    fr_inv(&minus_half, &minus_half);
    ZKM_TRY(transform_quotient_basis(err, job, NULL));
    ZKM_TRY(quotient_points(err, job, out->quotient.data));
    ZKM_TRY(row_points(err, job, 2, &minus_half));
    for (int k = 0; k < 2; k++) {
        divide_by_z(job, job->odd[k].data);
        ZKM_TRY(transform_quotient_basis(err, job, job->odd[k].data));
        ZKM_TRY(row_points(err, job, !k, &minus_one)); /* A_0' goes with b, B_0' with a */
    }
    return ZKM_OK;
}

/* ------------------------------------------------------------------ wires */

/* What unknown wires gather from the even rows. */
typedef struct {
    const halve_job *job;
    g1 *sums; /* per wire */
    g1_affine *points;
    fr *coefs;
    uint32_t *wires;
    size_t waiting;
    void *scale_room;
} gathering;

static void add_waiting(gathering *g) {
    g1_scale_each(g->points, g->coefs, g->waiting, g->job->threads, g->scale_room);
    for (size_t i = 0; i < g->waiting; i++)
        g1_add_mixed(&g->sums[g->wires[i]], &g->sums[g->wires[i]], &g->points[i]);
    g->waiting = 0;
}

static void gather_entry(void *context, int matrix, uint64_t row, uint32_t wire, const fr *coef) {
    gathering *g = context;
    fr minus;
    if (g->job->known[wire] || row % 2 != 0)
        return;
    g1_affine point = ((const g1_affine *)g->job->points[matrix].data)[row / 2];
    fr_neg(&minus, coef);
    if (fr_is_one(coef) || fr_is_one(&minus)) {
        if (!fr_is_one(coef))
            g1_affine_neg(&point, &point);
        g1_add_mixed(&g->sums[wire], &g->sums[wire], &point);
        return;
    }
    g->points[g->waiting] = point;
    g->coefs[g->waiting] = *coef;
    g->wires[g->waiting++] = wire;
    if (g->waiting == AT_ONCE)
        add_waiting(g);
}

static zkm_status gather_linear(zkm_error *err, pk_half *out, halve_job *job) {
    const size_t wires = job->cs->num_wires;
    scratch sums = {0}, points = {0}, coefs = {0}, indices = {0};
    zkm_status status;
    ZKM_TRY_OUT(scratch_array(err, &sums, "proving key", wires, sizeof(g1)));
    ZKM_TRY_OUT(scratch_array(err, &points, "proving key", AT_ONCE, sizeof(g1_affine)));
    ZKM_TRY_OUT(scratch_array(err, &coefs, "proving key", AT_ONCE, sizeof(fr)));
    ZKM_TRY_OUT(scratch_array(err, &indices, "proving key", AT_ONCE, sizeof(uint32_t)));
    gathering g = {.job = job,
                   .sums = sums.data,
                   .points = points.data,
                   .coefs = coefs.data,
                   .wires = indices.data,
                   .scale_room = job->scale_room.data};
    for (size_t i = 0; i < wires; i++)
        g1_set_infinity(&g.sums[i]);
    r1cs_visit(job->cs, gather_entry, &g);
    add_waiting(&g);
    status = to_affine(err, out->linear.data, g.sums, wires);
out:
    scratch_free(&sums);
    scratch_free(&points);
    scratch_free(&coefs);
    scratch_free(&indices);
    return status;
}

/* H_0, and what the known wires add to the even rows. */
static zkm_status sum_fixed(zkm_error *err, pk_half *out, halve_job *job) {
    g1 sum, part;
    zkm_status status;
    ZKM_TRY_OUT(sum_of_odd_rows(err, &sum, job));
    ZKM_TRY_OUT(make_points(err, out, job));
    for (int k = 0; k < MATRICES; k++) {
        ZKM_TRY_OUT(sum_g1(err, &part, job->points[k].data, job->even[k].data, job->m, &job->room));
        g1_add(&sum, &sum, &part);
    }
    g1_to_affine(&out->fixed, &sum);
    status = ZKM_OK;
out:
    secure_wipe(&sum, sizeof sum);
    secure_wipe(&part, sizeof part);
    return status;
}

/* ------------------------------------------------------------------ all */

static zkm_status allocate(zkm_error *err, pk_half *out, halve_job *job) {
    const size_t point = sizeof(g1_affine);
    ZKM_TRY(scratch_array(err, &out->quotient, "proving key", job->m, point));
    ZKM_TRY(scratch_array(err, &out->linear, "proving key", job->cs->num_wires, point));
    for (int k = 0; k < MATRICES; k++)
        ZKM_TRY(scratch_array(err, &job->points[k], "proving key", job->m, point));
    ZKM_TRY(scratch_array(err, &job->work, "proving key", job->n, point));
    ZKM_TRY(scratch_array(err, &job->weights, "proving key", job->n, sizeof(fr)));
    return scratch_new(err, &job->scale_room, "proving key", g1_scale_scratch(job->threads));
}

static void clear_job(halve_job *job) {
    for (int k = 0; k < MATRICES; k++) {
        scratch_free(&job->odd[k]);
        scratch_free(&job->even[k]);
        scratch_free(&job->points[k]);
    }
    scratch_free(&job->work);
    scratch_free(&job->weights);
    scratch_free(&job->scale_room);
    sum_room_clear(&job->room);
}

zkm_status pk_halve(zkm_error *err, pk_half *out, const groth16_pk *pk, const r1cs *cs,
                    const fr *wires, const bool *known, unsigned threads,
                    const zkm_progress *progress) {
    const size_t n = (size_t)pk->header.domain;
    halve_job job = {.pk = pk,
                     .cs = cs,
                     .wires = wires,
                     .known = known,
                     .threads = threads,
                     .progress = progress,
                     .n = n,
                     .m = n / 2,
                     .room = {.threads = threads}};
    zkm_status status;
    subgroup_root(&job.root, 2 * (uint64_t)n);
    ZKM_TRY_OUT(allocate(err, out, &job));
    ZKM_TRY_OUT(split_rows(err, &job));
    ZKM_TRY_OUT(sum_fixed(err, out, &job));
    ZKM_TRY_OUT(gather_linear(err, out, &job));
    out->blind = ((const g1_affine *)job.points[0].data)[cs->num_rows / 2];
out:
    clear_job(&job);
    return status;
}

void pk_half_clear(pk_half *half) {
    scratch_free(&half->quotient);
    scratch_free(&half->linear);
    secure_wipe(half, sizeof *half);
}
