/* Solving what a part of the wires decides. See r1cs_solve_known, r1cs_fixed_rows_known. */
#include "r1cs/r1cs_internal.h"

/* Whether instance i's terms of a span are all of known wires. */
static bool all_known(const r1cs_block *block, r1cs_span span, uint32_t i, const bool *known) {
    for (uint32_t t = span.begin; t < span.end; t++) {
        const r1cs_term *term = &block->terms[t];
        for (uint32_t j = 0; j < term->repeat; j++)
            if (!known[term->index + term->stride * i + j * term->step])
                return false;
    }
    return true;
}

/* Its operands are A and B, or B and C of a quotient. */
static void solve_row(const r1cs *cs, const r1cs_block *block, uint32_t i, const r1cs_row *row,
                      fr *wires, bool *known) {
    const r1cs_span with = row->kind == ROW_QUOTIENT ? row->c : row->a;
    const uint32_t out = row->out + row->out_stride * i;
    fr b, other;
    if (row->kind == ROW_ASSERT || !all_known(block, row->b, i, known) ||
        !all_known(block, with, i, known))
        return;
    r1cs_span_sum(&b, cs, block, row->b, i, wires);
    r1cs_span_sum(&other, cs, block, with, i, wires);
    if (row->kind == ROW_QUOTIENT) {
        if (fr_is_zero(&b))
            return;
        fr_inv(&b, &b);
    }
    fr_mul(&wires[out], &b, &other);
    known[out] = true;
}

void r1cs_solve_known(const r1cs *cs, fr *wires, bool *known) {
    for (uint32_t k = 0; k < cs->num_blocks; k++) {
        const r1cs_block *block = &cs->blocks[k];
        for (uint32_t i = 0; i < block->count; i++)
            for (uint32_t j = 0; j < block->num_rows; j++)
                solve_row(cs, block, i, &block->rows[j], wires, known);
    }
}

static bool row_is_known(const r1cs_block *block, const r1cs_row *row, uint32_t i,
                         const bool *known) {
    return all_known(block, row->a, i, known) && all_known(block, row->b, i, known) &&
           all_known(block, row->c, i, known);
}

bool r1cs_fixed_rows_known(const r1cs *cs, const bool *known) {
    bool any = false;
    for (uint32_t k = 0; k < cs->num_blocks; k++) {
        const r1cs_block *block = &cs->blocks[k];
        any |= block->fixed;
        for (uint32_t i = 0; block->fixed && i < block->count; i++)
            for (uint32_t j = 0; j < block->num_rows; j++)
                if (!row_is_known(block, &block->rows[j], i, known))
                    return false;
    }
    return any;
}
