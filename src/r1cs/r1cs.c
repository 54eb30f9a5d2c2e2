/* Repeated-block constraint systems: evaluation, checking, columns. See r1cs.h. */
#include "r1cs/r1cs.h"

#include <stdlib.h>
#include <string.h>

#include "base/threads.h"
#include "math/backend.h"
#include "r1cs/r1cs_internal.h"

void r1cs_free(r1cs *cs) {
    if (!cs)
        return;
    for (uint32_t i = 0; i < cs->num_blocks; i++) {
        free(cs->blocks[i].rows);
        free(cs->blocks[i].terms);
        free(cs->blocks[i].permutations);
    }
    free(cs->blocks);
    free(cs->coefs);
    free(cs->rules);
    free(cs);
}

/* Products that wait to be summed with one reduction. */
enum { PRODUCTS_AT_ONCE = 64, WORTH_A_CALL = 4 };

typedef struct {
    const fr *values[PRODUCTS_AT_ONCE], *coefs[PRODUCTS_AT_ONCE];
    size_t len;
} product_batch;

static void add_products(fr *sum, product_batch *batch) {
    fr part;
    if (batch->len >= WORTH_A_CALL) {
        math_backend_current()->fr_dot(&part, batch->values, batch->coefs, batch->len);
        fr_add(sum, sum, &part);
        batch->len = 0;
    }
    while (batch->len > 0) {
        batch->len--;
        fr_mul(&part, batch->values[batch->len], batch->coefs[batch->len]);
        fr_add(sum, sum, &part);
    }
}

/* What one wire or a run's sum contributes. */
static inline void add_value(fr *sum, product_batch *batch, const fr *value, const r1cs *cs,
                             uint32_t coef) {
    if (coef == R1CS_COEF_ONE) {
        fr_add(sum, sum, value);
    } else if (coef == R1CS_COEF_MINUS_ONE) {
        fr_sub(sum, sum, value);
    } else {
        batch->values[batch->len] = value;
        batch->coefs[batch->len++] = &cs->coefs[coef];
        if (batch->len == PRODUCTS_AT_ONCE)
            add_products(sum, batch);
    }
}

/* The sum of the wires of a run. */
static void run_sum(fr *out, const r1cs_term *term, const fr *wires, uint32_t index) {
    *out = wires[index];
    for (uint32_t j = 1; j < term->repeat; j++)
        fr_add(out, out, &wires[index + j * term->step]);
}

void r1cs_span_sum(fr *out, const r1cs *cs, const r1cs_block *block, r1cs_span span,
                   uint32_t instance, const fr *wires) {
    product_batch batch;
    fr sum, run;
    batch.len = 0;
    fr_set_zero(&sum);
    for (uint32_t t = span.begin; t < span.end; t++) {
        const r1cs_term *term = &block->terms[t];
        uint32_t index = term->index + term->stride * instance;
        uint32_t coef = term->coef + term->coef_stride * instance;
        if (term->repeat == 1) {
            add_value(&sum, &batch, &wires[index], cs, coef);
        } else {
            run_sum(&run, term, wires, index);
            add_value(&sum, &batch, &run, cs, coef);
            add_products(&sum, &batch); /* none outlives the run's sum */
        }
    }
    add_products(&sum, &batch);
    *out = sum;
}

typedef struct {
    const r1cs *cs;
    const r1cs_block *block;
    const fr *wires;
    fr *out[3];
} evaluate_job;

static void evaluate_instances(void *context, size_t begin, size_t end, unsigned worker) {
    const evaluate_job *job = context;
    const r1cs_block *block = job->block;
    (void)worker;
    for (size_t i = begin; i < end; i++) {
        for (uint32_t j = 0; j < block->num_rows; j++) {
            const r1cs_row *row = &block->rows[j];
            uint64_t at = r1cs_row_at(block, i, j);
            const r1cs_span spans[3] = {row->a, row->b, row->c};
            for (int m = 0; m < 3; m++)
                if (job->out[m])
                    r1cs_span_sum(&job->out[m][at], job->cs, block, spans[m], (uint32_t)i,
                                  job->wires);
        }
    }
}

void r1cs_clear_places(const r1cs *cs, fr *values) {
    if (values && cs->interleaved)
        memset(values, 0, (size_t)cs->num_rows * sizeof *values);
}

zkm_status r1cs_evaluate(zkm_error *err, const r1cs *cs, const fr *wires, fr *a, fr *b, fr *c,
                         unsigned threads) {
    fr *const out[3] = {a, b, c};
    (void)err;
    for (int m = 0; m < 3; m++)
        r1cs_clear_places(cs, out[m]);
    for (uint32_t k = 0; k < cs->num_blocks; k++) {
        evaluate_job job = {cs, &cs->blocks[k], wires, {a, b, c}};
        parallel_for(threads, cs->blocks[k].count, 0, evaluate_instances, &job);
    }
    return ZKM_OK;
}

zkm_status r1cs_check(zkm_error *err, const r1cs *cs, const fr *wires) {
    for (uint32_t k = 0; k < cs->num_blocks; k++) {
        const r1cs_block *block = &cs->blocks[k];
        for (uint32_t i = 0; i < block->count; i++) {
            for (uint32_t j = 0; j < block->num_rows; j++) {
                const r1cs_row *row = &block->rows[j];
                fr a, b, c;
                r1cs_span_sum(&a, cs, block, row->a, i, wires);
                r1cs_span_sum(&b, cs, block, row->b, i, wires);
                r1cs_span_sum(&c, cs, block, row->c, i, wires);
                fr_mul(&a, &a, &b);
                if (!fr_equal(&a, &c))
                    return r1cs_row_fails(err, ZKM_REJECTED, cs, block, i, j);
            }
        }
    }
    return ZKM_OK;
}

zkm_status r1cs_row_fails(zkm_error *err, zkm_status status, const r1cs *cs,
                          const r1cs_block *block, uint32_t instance, uint32_t row) {
    return error_set(err, status,
                     "constraint system: block \"%s\", instance %u, row %u (rule \"%s\") does not "
                     "hold",
                     block->name, instance, row, cs->rules[block->rows[row].rule]);
}

typedef struct {
    const r1cs *cs;
    const fr *weights;
    fr *out[3];
} columns_job;

static void add_span_to_columns(const r1cs *cs, const r1cs_block *block, r1cs_span span,
                                uint32_t instance, const fr *weight, fr *out) {
    for (uint32_t t = span.begin; t < span.end; t++) {
        const r1cs_term *term = &block->terms[t];
        uint32_t index = term->index + term->stride * instance;
        uint32_t coef = term->coef + term->coef_stride * instance;
        fr value = *weight;
        if (coef == R1CS_COEF_MINUS_ONE)
            fr_neg(&value, &value);
        else if (coef != R1CS_COEF_ONE)
            fr_mul(&value, &value, &cs->coefs[coef]);
        for (uint32_t j = 0; j < term->repeat; j++) {
            fr *column = &out[index + j * term->step];
            fr_add(column, column, &value);
        }
    }
}

static void matrix_columns(const r1cs *cs, int matrix, const fr *weights, fr *out) {
    memset(out, 0, (size_t)cs->num_wires * sizeof *out);
    for (uint32_t k = 0; k < cs->num_blocks; k++) {
        const r1cs_block *block = &cs->blocks[k];
        for (uint32_t i = 0; i < block->count; i++) {
            for (uint32_t j = 0; j < block->num_rows; j++) {
                const r1cs_row *row = &block->rows[j];
                const r1cs_span spans[3] = {row->a, row->b, row->c};
                add_span_to_columns(cs, block, spans[matrix], i, &weights[r1cs_row_at(block, i, j)],
                                    out);
            }
        }
    }
}

static void columns_of_matrices(void *context, size_t begin, size_t end, unsigned worker) {
    const columns_job *job = context;
    (void)worker;
    for (size_t m = begin; m < end; m++)
        matrix_columns(job->cs, (int)m, job->weights, job->out[m]);
}

void r1cs_columns(const r1cs *cs, const fr *weights, fr *a, fr *b, fr *c, unsigned threads) {
    columns_job job = {cs, weights, {a, b, c}};
    parallel_for(threads, 3, 1, columns_of_matrices, &job);
}

static void visit_span(const r1cs *cs, const r1cs_block *block, r1cs_span span, uint32_t instance,
                       int matrix, uint64_t row, r1cs_visitor visit, void *context) {
    for (uint32_t t = span.begin; t < span.end; t++) {
        const r1cs_term *term = &block->terms[t];
        const fr *coef = &cs->coefs[term->coef + term->coef_stride * instance];
        for (uint32_t j = 0; j < term->repeat; j++)
            visit(context, matrix, row, term->index + term->stride * instance + j * term->step,
                  coef);
    }
}

void r1cs_visit(const r1cs *cs, r1cs_visitor visit, void *context) {
    for (uint32_t k = 0; k < cs->num_blocks; k++) {
        const r1cs_block *block = &cs->blocks[k];
        for (uint32_t i = 0; i < block->count; i++) {
            for (uint32_t j = 0; j < block->num_rows; j++) {
                const r1cs_row *row = &block->rows[j];
                const r1cs_span spans[3] = {row->a, row->b, row->c};
                for (int m = 0; m < 3; m++)
                    visit_span(cs, block, spans[m], i, m, r1cs_row_at(block, i, j), visit, context);
            }
        }
    }
}
