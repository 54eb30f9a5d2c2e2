/*
 * Solving: fills every wire that a row defines. Quotients are collected and inverted together
 * (Montgomery's trick, three products an inversion), which is why no row of the same instance may
 * use a quotient of an earlier row; builder_end checks that.
 */
#include <stdatomic.h>
#include <stdlib.h>

#include "base/threads.h"
#include "base/wipe.h"
#include "math/backend.h"
#include "r1cs/r1cs_internal.h"

/* Quotients inverted together: enough that the one inversion (about 300 products) costs little. */
enum { QUOTIENT_BATCH = 1024 };

enum { WORTH_THREADS = 8192 }; /* wires in sums */

enum { MAX_STATE = 16, MAX_POWERS = 8 * MAX_STATE + 57 }; /* of a permutation: those of t = 16 */

/* A quotient whose denominator awaits inversion. */
typedef struct {
    uint32_t out, instance, row;
    fr numerator;
} pending_quotient;

/* The last sum that was worth sharing. A square has one combination on both sides, and the second
 * row of x^5 has it again. No row of an instance changes a wire that an earlier one read, so the
 * sum stays right. */
typedef struct {
    r1cs_span span; /* empty: none */
    uint32_t instance;
    fr sum;
} remembered_sum;

/* One worker's. */
typedef struct {
    pending_quotient *pending;
    fr *denominators, *scratch;
    size_t len;
    remembered_sum last;
} quotient_batch;

typedef struct {
    const r1cs *cs;
    const r1cs_block *block;
    const math_backend *math;
    fr *wires, *a, *b;
    quotient_batch *batches; /* one a worker */
    atomic_flag failed;
    zkm_error *err;
    _Atomic zkm_status status;
} solve_job;

static void fail_row(solve_job *job, uint32_t instance, uint32_t row) {
    if (!atomic_flag_test_and_set(&job->failed)) {
        r1cs_row_fails(job->err, ZKM_ERR_INTERNAL, job->cs, job->block, instance, row);
        job->status = ZKM_ERR_INTERNAL;
    }
}

static void flush_quotients(solve_job *job, quotient_batch *batch) {
    if (batch->len == 0)
        return;
    job->math->fr_batch_inv(batch->denominators, batch->len, batch->scratch);
    for (size_t q = 0; q < batch->len; q++) {
        const pending_quotient *p = &batch->pending[q];
        if (fr_is_zero(&batch->denominators[q]))
            fail_row(job, p->instance, p->row);
        fr *out = &job->wires[p->out];
        *out = batch->denominators[q];
        if (!fr_is_one(&p->numerator)) /* as it is in lookups */
            job->math->fr_mul_vector(out, out, &p->numerator, 1);
        if (job->a)
            job->a[r1cs_row_at(job->block, p->instance, p->row)] = *out;
    }
    batch->len = 0;
}

static void sum_terms(fr *out, const solve_job *job, remembered_sum *last, r1cs_span span,
                      uint32_t instance) {
    if (span.end - span.begin < R1CS_WORTH_SHARING) {
        r1cs_span_sum(out, job->cs, job->block, span, instance, job->wires);
        return;
    }
    if (last->span.begin != span.begin || last->span.end != span.end ||
        last->instance != instance) {
        last->span = span;
        last->instance = instance;
        r1cs_span_sum(&last->sum, job->cs, job->block, span, instance, job->wires);
    }
    *out = last->sum;
}

static void solve_row(solve_job *job, quotient_batch *batch, uint32_t i, uint32_t j) {
    const r1cs_block *block = job->block;
    const r1cs_row *row = &block->rows[j];
    remembered_sum *last = &batch->last;
    uint64_t at = r1cs_row_at(block, i, j);
    fr a, b, c, product;
    sum_terms(&b, job, last, row->b, i);
    if (job->b)
        job->b[at] = b;
    if (row->kind == ROW_QUOTIENT) {
        pending_quotient *p = &batch->pending[batch->len];
        sum_terms(&p->numerator, job, last, row->c, i);
        p->out = row->out + row->out_stride * i;
        p->instance = i;
        p->row = j;
        batch->denominators[batch->len++] = b;
        return;
    }
    sum_terms(&a, job, last, row->a, i);
    if (job->a)
        job->a[at] = a;
    job->math->fr_mul_vector(&product, &a, &b, 1);
    if (row->kind == ROW_PRODUCT) {
        job->wires[row->out + row->out_stride * i] = product;
        return;
    }
    sum_terms(&c, job, last, row->c, i);
    if (!fr_equal(&product, &c))
        fail_row(job, i, j);
}

/* Writes A(w) and B(w) of a product's row, and the wire that it defines. */
static void set_product(const solve_job *job, uint32_t i, uint32_t j, const fr *a, const fr *b,
                        const fr *product) {
    const r1cs_row *row = &job->block->rows[j];
    const uint64_t at = r1cs_row_at(job->block, i, j);
    job->wires[row->out + row->out_stride * i] = *product;
    if (job->a)
        job->a[at] = *a;
    if (job->b)
        job->b[at] = *b;
}

/* Returns the row behind it. */
static uint32_t solve_permutation(const solve_job *job, quotient_batch *batch, uint32_t i,
                                  const r1cs_permutation *p) {
    poseidon2_power powers[MAX_POWERS];
    fr state[MAX_STATE];
    uint32_t j = p->first_row;
    for (size_t k = 0; k < p->params->t; k++)
        sum_terms(&state[k], job, &batch->last, job->block->rows[j + 3 * k].a, i);
    job->math->poseidon2_trace(powers, state, p->params);
    for (size_t k = 0; k < poseidon2_powers(p->params); k++, j += 3) {
        const poseidon2_power *q = &powers[k];
        set_product(job, i, j, &q->x, &q->x, &q->square);
        set_product(job, i, j + 1, &q->square, &q->x, &q->cube);
        set_product(job, i, j + 2, &q->square, &q->cube, &q->fifth);
    }
    secure_wipe(powers, sizeof powers);
    secure_wipe(state, sizeof state);
    return j;
}

static void solve_instance(solve_job *job, quotient_batch *batch, uint32_t i) {
    const r1cs_block *block = job->block;
    uint32_t next = 0;
    for (uint32_t j = 0; j < block->num_rows;) {
        if (next < block->num_permutations && j == block->permutations[next].first_row)
            j = solve_permutation(job, batch, i, &block->permutations[next++]);
        else
            solve_row(job, batch, i, j++);
    }
}

static void solve_instances(void *context, size_t begin, size_t end, unsigned worker) {
    solve_job *job = context;
    quotient_batch *batch = &job->batches[worker];
    batch->last.span = (r1cs_span){0, 0}; /* nothing of another block */
    for (size_t i = begin; i < end; i++) {
        solve_instance(job, batch, (uint32_t)i);
        if (!job->block->independent || batch->len >= QUOTIENT_BATCH)
            flush_quotients(job, batch);
    }
    flush_quotients(job, batch);
}

static void quotient_batches_free(quotient_batch *batches, unsigned threads) {
    for (unsigned w = 0; batches && w < threads; w++) {
        free(batches[w].pending);
        free(batches[w].denominators);
    }
    free(batches);
}

/* Room for a batch that is flushed after the instance in which it passes QUOTIENT_BATCH. */
static quotient_batch *quotient_batches_new(const r1cs *cs, unsigned threads) {
    size_t most = 0;
    for (uint32_t k = 0; k < cs->num_blocks; k++)
        if (cs->blocks[k].num_quotients > most)
            most = cs->blocks[k].num_quotients;
    size_t room = most + QUOTIENT_BATCH;
    quotient_batch *batches = calloc(threads, sizeof *batches);
    for (unsigned w = 0; batches && w < threads; w++) {
        batches[w].pending = malloc(room * sizeof *batches[w].pending);
        batches[w].denominators = malloc(2 * room * sizeof(fr));
        if (!batches[w].pending || !batches[w].denominators) {
            quotient_batches_free(batches, threads);
            return NULL;
        }
        batches[w].scratch = batches[w].denominators + room;
    }
    return batches;
}

/* Do several threads solve it? Starting one costs as much as a few thousand wires in sums. */
static bool is_shared(const r1cs_block *block) {
    uint64_t wires = 0;
    for (uint32_t t = 0; t < block->num_terms && wires < WORTH_THREADS; t++)
        wires += (uint64_t)block->count * block->terms[t].repeat;
    return block->independent && wires >= WORTH_THREADS;
}

zkm_status r1cs_solve(zkm_error *err, const r1cs *cs, fr *wires, fr *a, fr *b, unsigned threads) {
    if (threads == 0)
        threads = threads_available();
    solve_job job = {.cs = cs,
                     .math = math_backend_current(),
                     .wires = wires,
                     .a = a,
                     .b = b,
                     .err = err,
                     .status = ZKM_OK};
    atomic_flag_clear(&job.failed);
    job.batches = quotient_batches_new(cs, threads);
    if (!job.batches)
        return error_memory(err, "constraint solver", QUOTIENT_BATCH * sizeof(fr));
    r1cs_clear_places(cs, a);
    r1cs_clear_places(cs, b);
    for (uint32_t k = 0; k < cs->num_blocks; k++) {
        job.block = &cs->blocks[k];
        parallel_for(is_shared(job.block) ? threads : 1, job.block->count, 0, solve_instances,
                     &job);
    }
    quotient_batches_free(job.batches, threads);
    return job.status;
}
