/* Solving what a part of the wires decides. See r1cs_solve_known. */
#include "r1cs/r1cs_internal.h"

/* Whether instance i's terms [from, to) are all of known wires. */
static bool all_known(const r1cs_block *block, uint32_t from, uint32_t to, uint32_t i,
                      const bool *known) {
    for (uint32_t t = from; t < to; t++) {
        const r1cs_term *term = &block->terms[t];
        for (uint32_t j = 0; j < term->repeat; j++)
            if (!known[term->index + term->stride * i + j * term->step])
                return false;
    }
    return true;
}

static void solve_row(const r1cs *cs, const r1cs_block *block, uint32_t i, const r1cs_row *row,
                      fr *wires, bool *known) {
    const r1cs_term *terms = block->terms;
    const uint32_t out = row->out + row->out_stride * i;
    fr b, other;
    r1cs_row_sum(&b, cs, terms + row->b, row->c - row->b, i, wires);
    if (row->kind == ROW_QUOTIENT) {
        if (fr_is_zero(&b))
            return;
        fr_inv(&b, &b);
        r1cs_row_sum(&other, cs, terms + row->c, row->end - row->c, i, wires);
    } else {
        r1cs_row_sum(&other, cs, terms + row->a, row->b - row->a, i, wires);
    }
    fr_mul(&wires[out], &b, &other);
    known[out] = true;
}

void r1cs_solve_known(const r1cs *cs, fr *wires, bool *known) {
    for (uint32_t k = 0; k < cs->num_blocks; k++) {
        const r1cs_block *block = &cs->blocks[k];
        for (uint32_t i = 0; i < block->count; i++)
            for (uint32_t j = 0; j < block->num_rows; j++) {
                const r1cs_row *row = &block->rows[j];
                /* Its operands are A and B, or B and C. */
                const bool quotient = row->kind == ROW_QUOTIENT;
                if (row->kind != ROW_ASSERT && all_known(block, quotient ? row->b : row->a,
                                                         quotient ? row->end : row->c, i, known))
                    solve_row(cs, block, i, row, wires, known);
            }
    }
}
