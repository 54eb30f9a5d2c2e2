/* Repeated-block constraint systems: evaluation, checking, columns, digest. See r1cs.h. */
#include "r1cs/r1cs.h"

#include <stdlib.h>
#include <string.h>

#include "base/threads.h"
#include "math/keccak.h"
#include "r1cs/r1cs_internal.h"

void r1cs_free(r1cs *cs) {
    if (!cs)
        return;
    for (uint32_t i = 0; i < cs->num_blocks; i++) {
        free(cs->blocks[i].rows);
        free(cs->blocks[i].terms);
    }
    free(cs->blocks);
    free(cs->coefs);
    free(cs->rules);
    free(cs);
}

void r1cs_row_sum(fr *out, const r1cs *cs, const r1cs_term *terms, uint32_t len, uint32_t instance,
                  const fr *wires) {
    fr sum, value;
    fr_set_zero(&sum);
    for (uint32_t t = 0; t < len; t++) {
        const r1cs_term *term = &terms[t];
        uint32_t index = term->index + term->stride * instance;
        uint32_t coef = term->coef + term->coef_stride * instance;
        value = wires[index];
        for (uint32_t j = 1; j < term->repeat; j++)
            fr_add(&value, &value, &wires[index + j * term->step]);
        if (coef == R1CS_COEF_ONE) {
            fr_add(&sum, &sum, &value);
        } else if (coef == R1CS_COEF_MINUS_ONE) {
            fr_sub(&sum, &sum, &value);
        } else {
            fr_mul(&value, &value, &cs->coefs[coef]);
            fr_add(&sum, &sum, &value);
        }
    }
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
            uint64_t at = block->first_row + i * block->num_rows + j;
            const uint32_t start[4] = {row->a, row->b, row->c, row->end};
            for (int m = 0; m < 3; m++)
                if (job->out[m])
                    r1cs_row_sum(&job->out[m][at], job->cs, block->terms + start[m],
                                 start[m + 1] - start[m], (uint32_t)i, job->wires);
        }
    }
}

zkm_status r1cs_evaluate(zkm_error *err, const r1cs *cs, const fr *wires, fr *a, fr *b, fr *c,
                         unsigned threads) {
    (void)err;
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
                r1cs_row_sum(&a, cs, block->terms + row->a, row->b - row->a, i, wires);
                r1cs_row_sum(&b, cs, block->terms + row->b, row->c - row->b, i, wires);
                r1cs_row_sum(&c, cs, block->terms + row->c, row->end - row->c, i, wires);
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

static void add_row_to_columns(const r1cs *cs, const r1cs_term *terms, uint32_t len,
                               uint32_t instance, const fr *weight, fr *out) {
    for (uint32_t t = 0; t < len; t++) {
        const r1cs_term *term = &terms[t];
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
        const fr *weight = weights + block->first_row;
        for (uint32_t i = 0; i < block->count; i++) {
            for (uint32_t j = 0; j < block->num_rows; j++, weight++) {
                const r1cs_row *row = &block->rows[j];
                const uint32_t start[4] = {row->a, row->b, row->c, row->end};
                add_row_to_columns(cs, block->terms + start[matrix],
                                   start[matrix + 1] - start[matrix], i, weight, out);
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

static void visit_terms(const r1cs *cs, const r1cs_term *terms, uint32_t len, uint32_t instance,
                        int matrix, uint64_t row, r1cs_visitor visit, void *context) {
    for (uint32_t t = 0; t < len; t++) {
        const r1cs_term *term = &terms[t];
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
                const uint32_t start[4] = {row->a, row->b, row->c, row->end};
                for (int m = 0; m < 3; m++)
                    visit_terms(cs, block->terms + start[m], start[m + 1] - start[m], i, m,
                                block->first_row + (uint64_t)i * block->num_rows + j, visit,
                                context);
            }
        }
    }
}

enum { HASH_NUMBERS = 6 };

/* n numbers, at most HASH_NUMBERS, 4 bytes each. */
static void hash_numbers(keccak256_state *h, const uint32_t *v, size_t n) {
    uint8_t bytes[4 * HASH_NUMBERS];
    for (size_t i = 0; i < n; i++)
        for (unsigned j = 0; j < 4; j++)
            bytes[4 * i + j] = (uint8_t)(v[i] >> (24 - 8 * j));
    keccak256_update(h, bytes, 4 * n);
}

static void hash_block(keccak256_state *h, const r1cs_block *block) {
    hash_numbers(h, (const uint32_t[]){block->count, block->num_rows, block->num_terms}, 3);
    for (uint32_t j = 0; j < block->num_rows; j++) {
        const r1cs_row *row = &block->rows[j];
        hash_numbers(h, (const uint32_t[]){row->a, row->b, row->c, row->end}, 4);
    }
    for (uint32_t t = 0; t < block->num_terms; t++) {
        const r1cs_term *term = &block->terms[t];
        hash_numbers(h,
                     (const uint32_t[]){term->index, term->stride, term->repeat, term->step,
                                        term->coef, term->coef_stride},
                     HASH_NUMBERS);
    }
}

void r1cs_digest(uint8_t out[32], const r1cs *cs) {
    static const char tag[] = "zkmetric.r1cs.v1";
    keccak256_state h;
    keccak256_init(&h);
    keccak256_update(&h, (const uint8_t *)tag, sizeof tag - 1);
    hash_numbers(
        &h, (const uint32_t[]){cs->num_public, cs->num_committed, cs->num_wires, cs->num_coefs}, 4);
    for (uint32_t i = 0; i < cs->num_coefs; i++) {
        uint8_t bytes[32];
        fr_to_bytes(bytes, &cs->coefs[i]);
        keccak256_update(&h, bytes, sizeof bytes);
    }
    hash_numbers(&h, &cs->num_blocks, 1);
    for (uint32_t k = 0; k < cs->num_blocks; k++)
        hash_block(&h, &cs->blocks[k]);
    keccak256_final(&h, out);
}
