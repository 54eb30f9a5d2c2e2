/* Poseidon2 as rows. See poseidon2_rows.h. */
#include "r1cs/poseidon2_rows.h"

#include <string.h>

enum { MAX_WIDTH = 16 };

uint32_t poseidon2_rows(const poseidon2_params *params) {
    return (uint32_t)(3 * poseidon2_powers(params));
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
        lc_add_lc(&out, &sums[i % group]);
        lc_add_lc(&out, &x[i]); /* its wires are all there already, in this order */
        x[i] = out;
    }
}

/* x_i <- diagonal_i x_i + sum of all x, in place. */
static void internal_layer(r1cs_builder *b, const poseidon2_params *params, lc *x) {
    lc sum = lc_empty(b);
    for (uint32_t i = 0; i < params->t; i++)
        lc_add_lc(&sum, &x[i]);
    for (uint32_t i = 0; i < params->t; i++) {
        lc_scale(&x[i], &params->diagonal[i]);
        lc_add_lc(&x[i], &sum);
    }
}

/* out = x^5 = x^2 x^3, with two wires of the array `powers` from column `column` on for x^2 and
 * x^3. Of each power's wires two stand on the left and two on the right, and full-size wires cost a
 * prover on every side where they stand. */
static void record_power(r1cs_builder *b, const lc *x, const wire_array *powers, uint32_t column,
                         wire out) {
    wire square = wire_at(powers, 0, 1, column), cube = wire_at(powers, 0, 1, column + 1);
    builder_define_product(b, square, x, x);
    lc squared = lc_of(b, square);
    builder_define_product(b, cube, &squared, x);
    lc cubed = lc_of(b, cube);
    builder_define_product(b, out, &squared, &cubed);
}

void poseidon2_output(r1cs_builder *b, const poseidon2_params *params, lc *state,
                      const wire_array *last, uint32_t first, uint32_t each) {
    uint32_t t = (uint32_t)params->t;
    for (uint32_t i = 0; i < t; i++)
        state[i] = lc_of(b, wire_at(last, first, each, i));
    external_layer(b, t, state);
}

/* A permutation that is being recorded. */
typedef struct {
    r1cs_builder *b;
    const poseidon2_params *params;
    lc *state;
    const wire_array *last;
    uint32_t first, each;
    wire_array
        powers;      /* three columns a power, but two in the last round, whose x^5 are in `last` */
    uint32_t column; /* the next power's first */
    const fr *constant; /* the next one */
} permutation;

static size_t round_count(const poseidon2_params *params) {
    return params->full_rounds + params->partial_rounds;
}

/* The state changes in place: after the first layer nothing else holds its terms, and a row has
 * copied what it took. */
static void record_round(permutation *p, size_t round) {
    const uint32_t t = (uint32_t)p->params->t;
    size_t before = p->params->full_rounds / 2, after = before + p->params->partial_rounds;
    bool partial = round >= before && round < after;
    bool is_last = round + 1 == round_count(p->params);
    for (uint32_t i = 0; i < (partial ? 1 : t); i++) {
        lc_add_constant(&p->state[i], p->constant++);
        wire out = is_last ? wire_at(p->last, p->first, p->each, i)
                           : wire_at(&p->powers, 0, 1, p->column + 2);
        record_power(p->b, &p->state[i], &p->powers, p->column, out);
        p->column += is_last ? 2 : 3;
        p->state[i] = lc_of(p->b, out);
    }
    if (partial)
        internal_layer(p->b, p->params, p->state);
    else if (!is_last)
        external_layer(p->b, t, p->state);
}

/* Where record_round stands before the last round: the round before it is a full one. */
static void move_to_last_round(permutation *p) {
    const uint32_t t = (uint32_t)p->params->t;
    p->column = p->powers.width - 2 * t;
    p->constant =
        p->params->round_constants + p->params->full_rounds * t + p->params->partial_rounds - t;
    for (uint32_t i = 0; i < t; i++)
        p->state[i] = lc_of(p->b, wire_at(&p->powers, 0, 1, p->column - 3 * (t - i) + 2));
    external_layer(p->b, t, p->state);
}

/* The rounds between the first and the last have the permutation's own wires only, so that every
 * permutation after the first repeats its rows. */
void poseidon2_record(r1cs_builder *b, const poseidon2_params *params, lc *state, uint32_t count,
                      const wire_array *last, uint32_t first, uint32_t each) {
    uint32_t t = (uint32_t)params->t;
    permutation p = {.b = b,
                     .params = params,
                     .state = state,
                     .last = last,
                     .first = first,
                     .each = each,
                     .powers = builder_private(b, poseidon2_rows(params) - t, count),
                     .constant = params->round_constants};
    lc_mark before = builder_mark(b);
    external_layer(b, t, state);
    builder_permutation(b, params);
    record_round(&p, 0);
    if (builder_repeat(b, params, &p.powers)) {
        move_to_last_round(&p);
    } else {
        uint32_t first_row = builder_block_rows(b);
        for (size_t round = 1; round + 1 < round_count(params); round++)
            record_round(&p, round);
        builder_keep(b, params, first_row, &p.powers);
    }
    record_round(&p, round_count(params) - 1);
    builder_release(b, before); /* the state is made anew */
    poseidon2_output(b, params, state, last, first, each);
}
