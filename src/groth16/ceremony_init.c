/*
 * The initial state: K_i = beta A_i(tau) + alpha B_i(tau) + C_i(tau) and the rest, as sums of the
 * Lagrange points of each row, delta = delta1 = 1. A worker visits the whole matrices and adds up
 * the columns that are its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/progress.h"
#include "base/threads.h"
#include "groth16/ceremony_init_internal.h"
#include "groth16/ceremony_layout.h"
#include "groth16/lagrange_points.h"
#include "groth16/scratch.h"
#include "groth16/system.h"
#include "math/keccak.h"
#include "math/scale.h"

enum {
    AFFINE_BATCH = 1 << 12,
    QUEUE = 1 << 10,
};

zkm_status ceremony_domain(zkm_error *err, size_t *domain, const r1cs *cs) {
    ZKM_TRY(system_check(err, cs));
    return system_domain(err, domain, cs->num_rows + 1, false);
}

/* ------------------------------------------------------------------ Lagrange bases */

static bool power_of_two(size_t n, unsigned *log2) {
    for (*log2 = 0; (size_t)1 << *log2 < n; (*log2)++) {
    }
    return (size_t)1 << *log2 == n;
}

/* How the transform number `which` goes: a series, or the quotient's behind them. */
static lagrange_options transform_options(const init_job *job, unsigned which, const char *stage) {
    lagrange_options o = {.threads = job->options->threads,
                          .progress = job->options->progress,
                          .stage = stage,
                          .checkpoint = job->checkpoint[which]};
    byte_writer w = writer_init();
    writer_bytes(&w, job->powers->digest, sizeof job->powers->digest);
    writer_u32_le(&w, which);
    writer_u64_le(&w, job->domain);
    keccak256(o.subject, w.data, w.len);
    writer_clear(&w);
    return o;
}

static zkm_status lagrange_basis(zkm_error *err, init_job *job, ptau_series s) {
    static const char *const STAGES[PTAU_SERIES] = {
        "Lagrange basis of tau", "Lagrange basis of alpha", "Lagrange basis of beta",
        "Lagrange basis in G2"};
    const ceremony_options *o = job->options;
    size_t n = job->domain, size = s == PTAU_TAU2 ? sizeof(g2_affine) : sizeof(g1_affine);
    unsigned log2;
    ZKM_TRY(scratch_array(err, &job->lagrange[s], "ceremony", n, size));
    if (job->powers->prepared && power_of_two(n, &log2)) {
        ptau_copy_lagrange(job->powers, s, log2, job->lagrange[s].data);
        return progress_report(err, o->progress, STAGES[s], 1, 1);
    }
    ptau_copy(job->powers, s, 0, n, job->lagrange[s].data);
    const lagrange_options options = transform_options(job, s, STAGES[s]);
    return s == PTAU_TAU2 ? lagrange_points_g2(err, job->lagrange[s].data, n, &options)
                          : lagrange_points_g1(err, job->lagrange[s].data, n, &options);
}

zkm_status ceremony_init_lagrange(zkm_error *err, init_job *job) {
    for (int s = 0; s < PTAU_SERIES; s++)
        ZKM_TRY(lagrange_basis(err, job, (ptau_series)s));
    return ZKM_OK;
}

zkm_status ceremony_init_quotient(zkm_error *err, init_job *job, scratch *out) {
    size_t n = job->domain, from_file = quotient_powers(job->powers, n);
    unsigned log2;
    ZKM_TRY(scratch_array(err, out, "ceremony", 2 * n, sizeof(g1_affine)));
    g1_affine *points = out->data;
    if (job->powers->prepared && power_of_two(2 * n, &log2)) {
        ptau_copy_lagrange(job->powers, PTAU_TAU1, log2, points);
        for (size_t i = 0; i < n; i++)
            points[i] = points[2 * i + 1];
    } else {
        memset(points, 0, 2 * n * sizeof *points); /* infinity */
        ptau_copy(job->powers, PTAU_TAU1, 0, from_file, points);
        const lagrange_options transform =
            transform_options(job, QUOTIENT, "Lagrange basis of the quotient");
        ZKM_TRY(lagrange_points_odd_g1(err, points, n, &transform));
    }
    return ZKM_OK;
}

/* ------------------------------------------------------------------ columns */

static bool is_minus_one(const fr *c) {
    fr opposite;
    fr_neg(&opposite, c);
    return fr_is_one(&opposite);
}

#define CURVE g1
#include "groth16/ceremony_init_template.h"
#define CURVE g2
#include "groth16/ceremony_init_template.h"

/* One worker's. */
typedef struct {
    const init_job *job;
    unsigned workers, worker;
    g1_queue in_g1;
    g2_queue in_g2;
    void *scale_room; /* of either group's products */
} column_sums;

static void add_entry(void *context, int matrix, uint64_t row, uint32_t wire, const fr *coef) {
    column_sums *s = context;
    const init_job *job = s->job;
    /* Neighbouring wires go to one worker, that no two write one cache line often. */
    if (wire / 64 % s->workers != s->worker)
        return;
    const g1_affine *one = job->lagrange[PTAU_TAU1].data, *alpha = job->lagrange[PTAU_ALPHA1].data;
    const g1_affine *beta = job->lagrange[PTAU_BETA1].data;
    const g2_affine *two = job->lagrange[PTAU_TAU2].data;
    g1 *k = (g1 *)job->k.data + wire, *a = (g1 *)job->a.data + wire;
    g2 *b = (g2 *)job->b.data + wire;
    if (matrix == 0) {
        add_multiple_g1(&s->in_g1, k, &beta[row], coef, s->scale_room);
        add_multiple_g1(&s->in_g1, a, &one[row], coef, s->scale_room);
    } else if (matrix == 1) {
        add_multiple_g1(&s->in_g1, k, &alpha[row], coef, s->scale_room);
        add_multiple_g2(&s->in_g2, b, &two[row], coef, s->scale_room);
        if (job->with_b1)
            add_multiple_g1(&s->in_g1, (g1 *)job->b1.data + wire, &one[row], coef, s->scale_room);
    } else {
        add_multiple_g1(&s->in_g1, k, &one[row], coef, s->scale_room);
    }
}

static void sum_columns(void *context, size_t begin, size_t end, unsigned worker) {
    column_sums *all = context;
    (void)worker;
    for (size_t i = begin; i < end; i++) {
        column_sums *s = &all[i];
        r1cs_visit(s->job->cs, add_entry, s);
        flush_g1(&s->in_g1, s->scale_room);
        flush_g2(&s->in_g2, s->scale_room);
    }
}

static zkm_status start_columns(zkm_error *err, init_job *job) {
    size_t wires = job->cs->num_wires;
    ZKM_TRY(scratch_array(err, &job->k, "ceremony", wires, sizeof(g1)));
    ZKM_TRY(scratch_array(err, &job->a, "ceremony", wires, sizeof(g1)));
    ZKM_TRY(scratch_array(err, &job->b, "ceremony", wires, sizeof(g2)));
    if (job->with_b1)
        ZKM_TRY(scratch_array(err, &job->b1, "ceremony", wires, sizeof(g1)));
    for (size_t i = 0; i < wires; i++) {
        g1_set_infinity((g1 *)job->k.data + i);
        g1_set_infinity((g1 *)job->a.data + i);
        g2_set_infinity((g2 *)job->b.data + i);
        if (job->with_b1)
            g1_set_infinity((g1 *)job->b1.data + i);
    }
    return ZKM_OK;
}

zkm_status ceremony_init_columns(zkm_error *err, init_job *job) {
    enum { MAX_WORKERS = 64 };
    unsigned threads = job->options->threads ? job->options->threads : threads_available();
    const size_t in_g1 = g1_scale_scratch(1), in_g2 = g2_scale_scratch(1);
    const size_t room = in_g1 > in_g2 ? in_g1 : in_g2;
    scratch workers = {0}, rooms = {0};
    zkm_status status;
    threads = threads < MAX_WORKERS ? threads : MAX_WORKERS;
    ZKM_TRY_OUT(progress_report(err, job->options->progress, "adding up columns", 0, 1));
    ZKM_TRY_OUT(start_columns(err, job));
    ZKM_TRY_OUT(scratch_array(err, &workers, "ceremony", threads, sizeof(column_sums)));
    ZKM_TRY_OUT(scratch_array(err, &rooms, "ceremony", threads, room));
    column_sums *sums = workers.data;
    for (unsigned i = 0; i < threads; i++) {
        sums[i].job = job;
        sums[i].workers = threads;
        sums[i].worker = i;
        sums[i].in_g1.n = sums[i].in_g2.n = 0;
        sums[i].scale_room = (uint8_t *)rooms.data + i * room;
    }
    parallel_for(threads, threads, 1, sum_columns, sums);
out:
    scratch_free(&workers);
    scratch_free(&rooms);
    return status;
}

/* ------------------------------------------------------------------ the file */

static zkm_status write_state(zkm_error *err, const init_job *job) {
    const uint8_t none[4] = {0};
    zkc_state s = {.delta = *g2_generator(), .delta1 = *g2_generator()};
    s.blind_k = ((const g1_affine *)job->lagrange[PTAU_BETA1].data)[job->cs->num_rows];
    ZKM_TRY(zkc_write_state(err, job->file, &s, job->cs->num_committed > 0));
    ZKM_TRY(iden3_write_section(err, job->file, ZKC_CONTRIBUTIONS, sizeof none));
    return file_writer_append(err, job->file, none, sizeof none);
}

static zkm_status write_dense_g1(zkm_error *err, file_writer *file, zkc_section section,
                                 const g1 *sums, size_t n) {
    ZKM_TRY(iden3_write_section(err, file, section, n * sizeof(g1_affine)));
    return append_sums_g1(err, file, sums, n, false);
}

static zkm_status write_columns(zkm_error *err, init_job *job) {
    const g1 *k = job->k.data;
    size_t wires = job->cs->num_wires, committed = zkc_first_committed(&job->header);
    size_t private_ = zkc_first_private(&job->header);
    ZKM_TRY(write_dense_g1(err, job->file, ZKC_IC, k, committed));
    ZKM_TRY(write_sparse_g1(err, job->file, ZKC_A_INDEX, ZKC_A, job->a.data, wires));
    ZKM_TRY(write_sparse_g2(err, job->file, ZKC_B_INDEX, ZKC_B2, job->b.data, wires));
    ZKM_TRY(write_dense_g1(err, job->file, ZKC_COMMITTED, k + committed, private_ - committed));
    return write_dense_g1(err, job->file, ZKC_PRIVATE, k + private_, wires - private_);
}

static zkm_status write_quotient(zkm_error *err, init_job *job) {
    size_t bytes = job->domain * sizeof(g1_affine);
    scratch basis = {0};
    zkm_status status;
    ZKM_TRY_OUT(ceremony_init_quotient(err, job, &basis));
    ZKM_TRY_OUT(iden3_write_section(err, job->file, ZKC_H, bytes));
    status = file_writer_append(err, job->file, basis.data, bytes);
out:
    scratch_free(&basis);
    return status;
}

static zkm_status fill_header(zkm_error *err, init_job *job, const uint8_t circuit_digest[32]) {
    zkc_header *h = &job->header;
    const r1cs *cs = job->cs;
    const ptau *p = job->powers;
    *h = (zkc_header){.power = p->power,
                      .num_public = cs->num_public,
                      .num_committed = cs->num_committed,
                      .num_wires = cs->num_wires,
                      .num_rows = cs->num_rows,
                      .domain = job->domain,
                      .beta2 = p->beta2};
    memcpy(h->circuit_digest, circuit_digest, sizeof h->circuit_digest);
    memcpy(h->ptau_digest, p->digest, sizeof h->ptau_digest);
    ptau_copy(p, PTAU_ALPHA1, 0, 1, &h->alpha);
    ptau_copy(p, PTAU_BETA1, 0, 1, &h->beta);
    h->blind_a = ((const g1_affine *)job->lagrange[PTAU_TAU1].data)[cs->num_rows];
    if (g1_affine_is_infinity(&h->blind_a)) /* only from a prepared section that lies */
        return error_set(err, ZKM_REJECTED,
                         "ptau file: a Lagrange point is infinity; the file was damaged or made "
                         "with malice: do not use it");
    return ZKM_OK;
}

static zkm_status write_file(zkm_error *err, init_job *job, const uint8_t circuit_digest[32],
                             const char *path) {
    zkm_status status;
    ZKM_TRY(ceremony_init_lagrange(err, job));
    ZKM_TRY(fill_header(err, job, circuit_digest));
    ZKM_TRY(ceremony_init_columns(err, job));
    ZKM_TRY_OUT(file_writer_open(err, &job->file, path, 0644));
    ZKM_TRY_OUT(zkc_write_start(err, job->file));
    ZKM_TRY_OUT(zkc_write_header(err, job->file, &job->header));
    ZKM_TRY_OUT(write_state(err, job));
    ZKM_TRY_OUT(write_columns(err, job));
    ZKM_TRY_OUT(write_quotient(err, job));
    status = file_writer_commit(err, job->file);
    job->file = NULL;
out:
    file_writer_abort(job->file);
    return status;
}

static zkm_status name_checkpoints(zkm_error *err, init_job *job, const char *path) {
    static const char *const NAMES[TRANSFORMS] = {"tau1", "alpha1", "beta1", "tau2", "quotient"};
    for (int i = 0; i < TRANSFORMS; i++) {
        size_t n = strlen(path) + 32;
        job->checkpoint[i] = malloc(n);
        if (!job->checkpoint[i])
            return error_memory(err, "ceremony", n);
        snprintf(job->checkpoint[i], n, "%s.%s.part", path, NAMES[i]);
    }
    return ZKM_OK;
}

void ceremony_init_clear(init_job *job) {
    for (int i = 0; i < TRANSFORMS; i++)
        free(job->checkpoint[i]);
    for (int s = 0; s < PTAU_SERIES; s++)
        scratch_free(&job->lagrange[s]);
    scratch_free(&job->k);
    scratch_free(&job->a);
    scratch_free(&job->b);
    scratch_free(&job->b1);
}

zkm_status ceremony_init(zkm_error *err, ceremony_summary *out, const r1cs *cs,
                         const uint8_t circuit_digest[32], const ptau *powers, const char *path,
                         const ceremony_options *options) {
    init_job job = {.cs = cs, .powers = powers, .options = options};
    ZKM_TRY(ceremony_domain(err, &job.domain, cs));
    ZKM_TRY(ptau_holds(err, powers, job.domain));
    zkm_status status = name_checkpoints(err, &job, path);
    if (status == ZKM_OK)
        status = write_file(err, &job, circuit_digest, path);
    if (status == ZKM_OK) {
        status =
            ceremony_verify(err, out, NULL, cs, circuit_digest, powers, path, NULL, NULL, options);
        if (status != ZKM_OK)
            remove(path);
        for (int i = 0; i < TRANSFORMS; i++)
            remove(job.checkpoint[i]);
    }
    ceremony_init_clear(&job);
    return status;
}
