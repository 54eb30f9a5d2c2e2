/* Poseidon2 as rows. See poseidon2_rows.h. */
#include "r1cs/poseidon2_rows.h"

#include <string.h>

enum { MAX_WIDTH = 16 };

uint32_t poseidon2_rows(const poseidon2_params *params) {
    return (uint32_t)(3 * (params->full_rounds * params->t + params->partial_rounds));
}

static void lc_scale_add(lc *out, const lc *in, int64_t coef) {
    fr value;
    fr_set_i64(&value, coef);
    lc_add_lc_scaled(out, in, &value);
}

/* The 4 x 4 matrix of the paper's section 5.1 on four elements. */
static void multiply_m4(r1cs_builder *b, lc *x) {
    static const int64_t m4[4][4] = {{5, 7, 1, 3}, {4, 6, 1, 1}, {1, 3, 5, 7}, {1, 1, 4, 6}};
    lc out[4];
    for (int i = 0; i < 4; i++) {
        out[i] = lc_empty(b);
        for (int j = 0; j < 4; j++)
            lc_scale_add(&out[i], &x[j], m4[i][j]);
    }
    memcpy(x, out, sizeof out);
}

/* t = 3: circ(2, 1, 1). t = 4k: circ(2 M4, M4, ..., M4). */
static void external_layer(r1cs_builder *b, uint32_t t, lc *x) {
    uint32_t group = t % 4 == 0 ? 4 : 1;
    lc sums[4];
    for (uint32_t i = 0; i < group; i++)
        sums[i] = lc_empty(b);
    for (uint32_t i = 0; i < t; i += group)
        if (group == 4)
            multiply_m4(b, x + i);
    for (uint32_t i = 0; i < t; i++)
        lc_add_lc(&sums[i % group], &x[i]);
    for (uint32_t i = 0; i < t; i++) {
        lc out = lc_empty(b);
        lc_add_lc(&out, &x[i]);
        lc_add_lc(&out, &sums[i % group]);
        x[i] = out;
    }
}

/* x_i <- diagonal_i x_i + sum of all x. In place: after the first layer nothing else holds the terms
 * of a state, and a row has copied what it took. */
static void internal_layer(r1cs_builder *b, const poseidon2_params *params, lc *x) {
    lc sum = lc_empty(b);
    for (uint32_t i = 0; i < params->t; i++)
        lc_add_lc(&sum, &x[i]);
    for (uint32_t i = 0; i < params->t; i++) {
        lc_scale(&x[i], &params->diagonal[i]);
        lc_add_lc(&x[i], &sum);
    }
}

/* out = x^5, with two wires of the array `powers` from column `column` on for x^2 and x^4 */
static void record_power(r1cs_builder *b, const lc *x, const wire_array *powers, uint32_t column,
                         wire out) {
    wire square = wire_at(powers, 0, 1, column), fourth = wire_at(powers, 0, 1, column + 1);
    builder_define_product(b, square, x, x);
    lc squared = lc_of(b, square);
    builder_define_product(b, fourth, &squared, &squared);
    lc to_the_fourth = lc_of(b, fourth);
    builder_define_product(b, out, &to_the_fourth, x);
}

void poseidon2_output(r1cs_builder *b, const poseidon2_params *params, lc *state,
                      const wire_array *last, uint32_t first, uint32_t each) {
    uint32_t t = (uint32_t)params->t;
    for (uint32_t i = 0; i < t; i++)
        state[i] = lc_of(b, wire_at(last, first, each, i));
    external_layer(b, t, state);
}

void poseidon2_record(r1cs_builder *b, const poseidon2_params *params, lc *state, uint32_t count,
                      const wire_array *last, uint32_t first, uint32_t each) {
    uint32_t t = (uint32_t)params->t;
    size_t before = params->full_rounds / 2, after = before + params->partial_rounds;
    size_t rounds = params->full_rounds + params->partial_rounds;
    wire_array powers = builder_private(b, poseidon2_rows(params) - t, count);
    uint32_t column = 0;
    const fr *constant = params->round_constants;
    external_layer(b, t, state);
    for (size_t round = 0; round < rounds; round++) {
        bool partial = round >= before && round < after;
        for (uint32_t i = 0; i < (partial ? 1 : t); i++, column += 2) {
            lc x = lc_empty(b);
            lc_add_lc(&x, &state[i]);
            lc_add_constant(&x, constant++);
            wire out = round + 1 == rounds ? wire_at(last, first, each, i)
                                           : wire_at(&powers, 0, 1, column + 2);
            record_power(b, &x, &powers, column, out);
            column += round + 1 == rounds ? 0 : 1;
            state[i] = lc_of(b, out);
        }
        if (partial)
            internal_layer(b, params, state);
        else if (round + 1 < rounds)
            external_layer(b, t, state);
    }
    poseidon2_output(b, params, state, last, first, each);
}
