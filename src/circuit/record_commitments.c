/*
 * dataset_id and model_id as rows: the sponges of claim/dataset.h and claim/model_id.h over the
 * wires of features, targets, weights and biases. The dataset's sponge runs to capacity, and the
 * state after the last active block is taken, so dataset_id does not depend on the capacity.
 */
#include "circuit/recorder.h"
#include "claim/model_id.h"
#include "claim/sponge.h"
#include "math/poseidon2.h"
#include "r1cs/poseidon2_rows.h"

static const poseidon2_params *const PARAMS = &POSEIDON2_T16;

/* state[0..15) += elements */
static void absorb(lc state[SPONGE_WIDTH], const lc *elements, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        lc_add_lc(&state[i], &elements[i]);
}

static void fresh_state(r1cs_builder *b, lc state[SPONGE_WIDTH], const char *tag) {
    sponge start;
    sponge_init(&start, tag);
    for (uint32_t i = 0; i < SPONGE_WIDTH; i++) {
        state[i] = lc_empty(b);
        lc_add_constant(&state[i], &start.state[i]);
    }
}

static lc constant_of_digest(r1cs_builder *b, const uint8_t digest[32]) {
    fr value;
    fr_from_bytes_reduce(&value, digest);
    lc out = lc_empty(b);
    lc_add_constant(&out, &value);
    return out;
}

/* ---------------------------------------------------------------- dataset_id */

/* Element q of a sample's row: sum of (digit + 2^15) 2^(16 j), times the sample's active bit. */
static wire_array record_row_elements(recorder *r, const dataset_layout *shape) {
    r1cs_builder *b = r->b;
    const circuit_layout *at = &r->c->at;
    uint32_t capacity = r->c->spec.capacity;
    uint32_t features = at->features.width, digits = features + at->targets.width;
    wire_array elements = builder_private(b, shape->row_elements, capacity);
    builder_begin(b, "dataset rows", capacity, true);
    builder_rule(b, "dataset row");
    lc active = lc_of(b, wire_at(&at->active, 0, 1, 0));
    for (uint32_t q = 0; q < shape->row_elements; q++) {
        lc packed = lc_empty(b);
        for (uint32_t j = 0; j < DATASET_DIGITS; j++) {
            uint32_t d = q * DATASET_DIGITS + j;
            if (d >= digits)
                break;
            lc digit = lc_of(b, d < features ? wire_at(&at->features, 0, 1, d)
                                             : wire_at(&at->targets, 0, 1, d - features));
            lc_add_constant_i64(&digit, INT64_C(1) << 15);
            lc_add_lc_pow2(&packed, &digit, 16 * j);
        }
        builder_define_product(b, wire_at(&elements, 0, 1, q), &packed, &active);
    }
    builder_end(b);
    return elements;
}

/* The sponge's blocks: chain (i, 0..16) holds the last powers of permutation i; 0 is the header's.
 */
typedef struct {
    recorder *r;
    dataset_layout shape;
    wire_array elements, chain;
    wire_array chosen; /* state[0] of a group of rows if the group is the last active one, else 0 */
} dataset_sponge;

/* `groups` groups of `rows` rows from group `first` on, each `shape.blocks` permutations. */
static void record_groups(dataset_sponge *d, uint32_t first, uint32_t groups, uint32_t rows,
                          bool has_successor) {
    if (groups == 0)
        return;
    r1cs_builder *b = d->r->b;
    const circuit_layout *at = &d->r->c->at;
    const dataset_layout *s = &d->shape;
    lc state[SPONGE_WIDTH], block[SPONGE_RATE];
    builder_begin(b, "dataset sponge", groups, false);
    builder_rule(b, "dataset id");
    poseidon2_output(b, PARAMS, state, &d->chain, first * s->blocks_per_row, s->blocks_per_row);
    for (uint32_t k = 0; k < s->blocks_per_row; k++) {
        uint32_t left = s->row_elements - k * SPONGE_RATE, filled = 0;
        uint32_t take = left < SPONGE_RATE ? left : SPONGE_RATE;
        for (uint32_t i = 0; i < rows; i++)
            for (uint32_t q = 0; q < take; q++)
                block[filled++] = lc_of(b, wire_at(&d->elements, first * s->rows_per_block + i,
                                                   s->rows_per_block, k * SPONGE_RATE + q));
        absorb(state, block, filled);
        poseidon2_record(b, PARAMS, state, groups, &d->chain, 1 + first * s->blocks_per_row + k,
                         s->blocks_per_row);
    }
    /* 1 exactly in the last group whose first row is active */
    lc last = lc_of(b, wire_at(&at->active, first * s->rows_per_block, s->rows_per_block, 0));
    if (has_successor)
        lc_sub(&last, wire_at(&at->active, (first + 1) * s->rows_per_block, s->rows_per_block, 0));
    builder_define_product(b, wire_at(&d->chosen, first, 1, 0), &state[0], &last);
    builder_end(b);
}

static void record_header(dataset_sponge *d) {
    r1cs_builder *b = d->r->b;
    const circuit_layout *at = &d->r->c->at;
    lc state[SPONGE_WIDTH];
    builder_begin(b, "dataset header", 1, false);
    builder_rule(b, "dataset id");
    fresh_state(b, state, "zkmetric.dataset.v1");
    lc header[3] = {constant_of_digest(b, d->r->c->schema_digest),
                    lc_of(b, wire_at(&at->statement, 0, 0, STATEMENT_NUM_SAMPLES)),
                    lc_of(b, wire_at(&at->salt, 0, 0, 0))};
    absorb(state, header, 3);
    poseidon2_record(b, PARAMS, state, 1, &d->chain, 0, 0);
    builder_end(b);
}

void record_dataset_id(recorder *r) {
    r1cs_builder *b = r->b;
    dataset_sponge d = {.r = r};
    uint32_t capacity = r->c->spec.capacity;
    d.shape = dataset_layout_of(r->c->spec.prog.num_features, r->c->spec.columns.num_targets);
    uint32_t groups = (capacity + d.shape.rows_per_block - 1) / d.shape.rows_per_block;
    uint32_t tail = capacity % d.shape.rows_per_block;
    d.elements = record_row_elements(r, &d.shape);
    d.chain = builder_private(b, SPONGE_WIDTH, 1 + groups * d.shape.blocks_per_row);
    d.chosen = builder_private(b, 1, groups);
    record_header(&d);
    if (groups > 1)
        record_groups(&d, 0, groups - 1, d.shape.rows_per_block, true);
    record_groups(&d, groups - 1, 1, tail ? tail : d.shape.rows_per_block, false);

    builder_begin(b, "dataset id", 1, false);
    builder_rule(b, "dataset id");
    lc difference = lc_empty(b);
    lc_add_run(&difference, wire_at(&d.chosen, 0, 0, 0), groups, 1, false);
    lc_sub(&difference, wire_at(&r->c->at.statement, 0, 0, STATEMENT_DATASET_ID));
    builder_assert_zero(b, &difference);
    builder_end(b);
}

/* ---------------------------------------------------------------- model_id */

/* Elements of the model's sponge: the architecture, then weights 15 to one, then biases 5 to one.
 */
typedef struct {
    recorder *r;
    uint32_t weights, biases; /* elements of each */
    wire_array chain;
} model_sponge;

/* 15 weights from `offset + each * i` on, those below the total. */
static lc weight_element(const model_sponge *m, uint32_t offset, uint32_t each) {
    const wire_array *weights = &m->r->c->at.weights;
    lc out = lc_empty(m->r->b);
    for (uint32_t j = 0; j < DATASET_DIGITS && offset + j < weights->width; j++) {
        lc digit = lc_of(m->r->b, (wire){weights->base + offset + j, each});
        lc_add_constant_i64(&digit, INT64_C(1) << 15);
        lc_add_lc_pow2(&out, &digit, 16 * j);
    }
    return out;
}

static lc bias_element(const model_sponge *m, uint32_t offset) {
    const wire_array *biases = &m->r->c->at.biases;
    lc out = lc_empty(m->r->b);
    for (uint32_t j = 0; j < MODEL_ID_BIASES && offset + j < biases->width; j++) {
        lc digit = lc_of(m->r->b, (wire){biases->base + offset + j, 0});
        lc_add_constant_i64(&digit, INT64_C(1) << (PROGRAM_BIAS_BITS_MAX - 1));
        lc_add_lc_pow2(&out, &digit, MODEL_ID_BIAS_STRIDE * j);
    }
    return out;
}

static lc model_element(const model_sponge *m, uint32_t e) {
    if (e == 0)
        return constant_of_digest(m->r->b, m->r->c->architecture);
    if (e <= m->weights)
        return weight_element(m, (e - 1) * DATASET_DIGITS, 0);
    return bias_element(m, (e - 1 - m->weights) * MODEL_ID_BIASES);
}

/* One block by itself: the first, and those at the end that are not all weights. */
static void record_model_block(model_sponge *m, uint32_t index, lc state[SPONGE_WIDTH]) {
    r1cs_builder *b = m->r->b;
    uint32_t total = 1 + m->weights + m->biases;
    lc block[SPONGE_RATE];
    uint32_t filled = 0;
    for (uint32_t e = index * SPONGE_RATE; filled < SPONGE_RATE && e < total; e++)
        block[filled++] = model_element(m, e);
    if (index == 0)
        fresh_state(b, state, "zkmetric.model.v1");
    else
        poseidon2_output(b, PARAMS, state, &m->chain, index - 1, 0);
    absorb(state, block, filled);
    poseidon2_record(b, PARAMS, state, 1, &m->chain, index, 0);
}

/* Blocks [1, 1 + count), which hold nothing but full weight elements, as one repeated block. */
static void record_weight_blocks(model_sponge *m, uint32_t count) {
    r1cs_builder *b = m->r->b;
    const uint32_t each = SPONGE_RATE * DATASET_DIGITS;
    lc state[SPONGE_WIDTH], block[SPONGE_RATE];
    builder_begin(b, "model sponge", count, false);
    builder_fixed(b);
    builder_rule(b, "model id");
    poseidon2_output(b, PARAMS, state, &m->chain, 0, 1);
    for (uint32_t q = 0; q < SPONGE_RATE; q++)
        block[q] = weight_element(m, (SPONGE_RATE - 1 + q) * DATASET_DIGITS, each);
    absorb(state, block, SPONGE_RATE);
    poseidon2_record(b, PARAMS, state, count, &m->chain, 1, 1);
    builder_end(b);
}

void record_model_id(recorder *r) {
    r1cs_builder *b = r->b;
    const circuit_layout *at = &r->c->at;
    model_sponge m = {.r = r};
    m.weights = (at->weights.width + DATASET_DIGITS - 1) / DATASET_DIGITS;
    m.biases = (at->biases.width + MODEL_ID_BIASES - 1) / MODEL_ID_BIASES;
    uint32_t total = 1 + m.weights + m.biases;
    uint32_t blocks = (total + SPONGE_RATE - 1) / SPONGE_RATE;
    /* blocks after the first whose 15 elements are all full weight elements */
    uint32_t full = at->weights.width / DATASET_DIGITS;
    uint32_t whole = full >= 2 * SPONGE_RATE - 1 ? (full - (SPONGE_RATE - 1)) / SPONGE_RATE : 0;
    lc state[SPONGE_WIDTH];
    m.chain = builder_private(b, SPONGE_WIDTH, blocks);
    builder_begin(b, "model header", 1, false);
    builder_fixed(b);
    builder_rule(b, "model id");
    record_model_block(&m, 0, state);
    builder_end(b);
    if (whole)
        record_weight_blocks(&m, whole);
    builder_begin(b, "model end", 1, false);
    builder_fixed(b);
    builder_rule(b, "model id");
    poseidon2_output(b, PARAMS, state, &m.chain, whole, 0);
    for (uint32_t i = 1 + whole; i < blocks; i++)
        record_model_block(&m, i, state);
    lc_sub(&state[0], wire_at(&at->statement, 0, 0, STATEMENT_MODEL_ID));
    builder_assert_zero(b, &state[0]);
    builder_end(b);
}
