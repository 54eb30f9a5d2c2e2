/* Recording a whole circuit: challenges, inputs, layers, commitments, metric, statement, tables. */
#include <stdlib.h>

#include "circuit/record.h"
#include "circuit/recorder.h"
#include "math/fft.h"
#include "r1cs/poseidon2_rows.h"

/* Tags of the challenges that come from c (DESIGN section 3). Tag 2 is beta's, which folding of
 * columns would need; columns are packed here. */
enum { TAG_ALPHA = 1, TAG_RHO = 3 };

enum { NUM_PUBLIC = 2 }; /* c and P */

/* First element of the permutation of (c, tag, 0). */
static wire record_challenge(recorder *r, int64_t tag) {
    r1cs_builder *b = r->b;
    wire_array last = builder_private(b, 3, 1), out = builder_private(b, 1, 1);
    builder_begin(b, "challenge", 1, false);
    builder_rule(b, "challenge");
    lc state[3] = {lc_of(b, builder_public(0)), lc_empty(b), lc_empty(b)};
    lc_add_constant_i64(&state[1], tag);
    poseidon2_record(b, &POSEIDON2_T3, state, 1, &last, 0, 0);
    lc one = lc_of(b, builder_one());
    builder_define_product(b, wire_at(&out, 0, 0, 0), &state[0], &one);
    builder_end(b);
    return wire_at(&out, 0, 0, 0);
}

/* rho, rho^2, ..., rho^(groups - 1) */
static void record_rho_powers(recorder *r) {
    r1cs_builder *b = r->b;
    uint32_t n = r->c->plan.groups - 1;
    r->rho_powers = builder_private(b, 1, n);
    lc rho = lc_of(b, r->rho), one = lc_of(b, builder_one());
    builder_begin(b, "power of rho", 1, false);
    builder_rule(b, "power of rho");
    builder_define_product(b, wire_at(&r->rho_powers, 0, 0, 0), &rho, &one);
    builder_end(b);
    if (n == 1)
        return;
    builder_begin(b, "power of rho", n - 1, false);
    lc before = lc_of(b, wire_at(&r->rho_powers, 0, 1, 0));
    builder_define_product(b, wire_at(&r->rho_powers, 1, 1, 0), &rho, &before);
    builder_end(b);
}

/* t + 2^base T[t] for every t of the domain. */
static zkm_status fill_table_values(zkm_error *err, recorder *r, uint32_t index) {
    const program_table *t = &r->c->spec.prog.tables[index];
    uint32_t size = UINT32_C(1) << t->bits;
    fr shift, value;
    fr *values = malloc(size * sizeof *values);
    if (!values)
        return error_memory(err, "activation table", size * sizeof *values);
    fr_pow2(&shift, r->c->plan.base[index]);
    for (uint32_t i = 0; i < size; i++) {
        fr_set_i64(&value, t->values[i]);
        fr_mul(&value, &value, &shift);
        fr_set_i64(&values[i], (int64_t)i - (int64_t)(size / 2));
        fr_add(&values[i], &values[i], &value);
    }
    r->table_values[index] = values;
    return ZKM_OK;
}

static zkm_status open_tables(zkm_error *err, recorder *r) {
    const program *p = &r->c->spec.prog;
    ZKM_TRY(range_init(err, &r->range, r->b, r->c->plan.width));
    for (uint32_t t = 0; t < p->num_tables; t++) {
        if (r->c->plan.base[t] == 0)
            continue;
        lookup_init(&r->tables[t], r->b, UINT32_C(1) << p->tables[t].bits);
        ZKM_TRY(fill_table_values(err, r, t));
    }
    return ZKM_OK;
}

static void close_tables(recorder *r) {
    r->c->at.range_counts = r->range.table.multiplicity;
    lookup_close(&r->range.table, r->b, r->alpha, r->range.values, "range table");
    for (uint32_t t = 0; t < r->c->spec.prog.num_tables; t++) {
        if (r->c->plan.base[t] == 0)
            continue;
        r->c->at.table_counts[t] = r->tables[t].multiplicity;
        lookup_close(&r->tables[t], r->b, r->alpha, r->table_values[t], "activation table");
    }
}

/* Without rho there is nothing that alpha must be independent of, and c itself will do:
 * docs/protocol.md, "Challenges inside". */
static void record_challenges(recorder *r) {
    r->alpha = builder_public(0);
    if (r->c->plan.groups == 1)
        return;
    r->alpha = record_challenge(r, TAG_ALPHA);
    r->rho = record_challenge(r, TAG_RHO);
    record_rho_powers(r);
}

static void record_all(recorder *r) {
    record_challenges(r);
    record_inputs(r);
    for (uint32_t l = 0; l < r->c->spec.prog.num_layers; l++) {
        record_activation(r, l);
        record_matrix(r, l);
    }
    record_dataset_id(r);
    r->model_rows = builder_rows(r->b);
    record_model_id(r);
    r->model_rows = builder_rows(r->b) - r->model_rows;
    record_metric(r);
    record_statement(r);
    close_tables(r);
}

/* Does an interleaved system fit the domain that a plain one needs? Both count the rows of the
 * public wires, which builder_finish adds, and the one of the blinding wire, which keys add behind
 * all places. */
static bool interleaving_is_free(const recorder *r) {
    const uint64_t fixed = r->model_rows;
    const uint64_t others = builder_rows(r->b) - fixed + 1 + NUM_PUBLIC;
    const uint64_t places = 2 * (fixed > others ? fixed : others);
    const size_t domain = fft_domain_smallest((size_t)places + 1);
    return domain > 0 && domain <= fft_domain_smallest((size_t)(fixed + others) + 1);
}

/* ---------------------------------------------------------------- final places */

static void place_array(const r1cs_builder *b, wire_array *a) {
    a->base = builder_place(b, a->base);
}

static void place_layout(const r1cs_builder *b, circuit *c) {
    circuit_layout *at = &c->at;
    wire_array *arrays[] = {&at->statement,
                            &at->salt,
                            &at->active,
                            &at->features,
                            &at->targets,
                            &at->weights,
                            &at->biases,
                            &at->feature_range.limbs,
                            &at->target_range.limbs,
                            &at->weight_range.limbs,
                            &at->metric_range.limbs,
                            &at->range_counts};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        place_array(b, arrays[i]);
    for (uint32_t l = 0; l < c->spec.prog.num_layers; l++) {
        layer_layout *layer = &at->layers[l];
        wire_array *own[] = {&layer->hi,
                             &layer->h,
                             &layer->g,
                             &layer->remainder,
                             &layer->h_range.limbs,
                             &layer->g_range.limbs,
                             &layer->bias_range.limbs};
        for (size_t i = 0; i < sizeof own / sizeof *own; i++)
            place_array(b, own[i]);
    }
    for (uint32_t t = 0; t < c->spec.prog.num_tables; t++)
        place_array(b, &at->table_counts[t]);
}

zkm_status circuit_record(zkm_error *err, circuit *c) {
    zkm_status status = ZKM_OK;
    uint32_t num_tables = c->spec.prog.num_tables;
    recorder *r = calloc(1, sizeof *r);
    if (!r)
        return error_memory(err, "circuit recorder", sizeof *r);
    r->c = c;
    r->b = builder_new(NUM_PUBLIC);
    r->tables = calloc(num_tables, sizeof *r->tables);
    r->table_values = calloc(num_tables, sizeof *r->table_values);
    c->at.layers = calloc(c->spec.prog.num_layers, sizeof *c->at.layers);
    c->at.table_counts = calloc(num_tables, sizeof *c->at.table_counts);
    if (!r->b || !r->tables || !r->table_values || !c->at.layers || !c->at.table_counts) {
        status = error_memory(err, "circuit recorder", sizeof *r);
        goto out;
    }
    ZKM_TRY_OUT(open_tables(err, r));
    record_all(r);
    if (interleaving_is_free(r))
        builder_interleave(r->b);
    ZKM_TRY_OUT(builder_finish(err, &c->cs, r->b));
    place_layout(r->b, c);
out:
    range_clear(&r->range);
    for (uint32_t t = 0; r->table_values && t < num_tables; t++)
        free(r->table_values[t]);
    free(r->table_values);
    free(r->tables);
    builder_free(r->b);
    free(r);
    return status;
}
