/*
 * The metric (RMSE) and the statement: errors under the active vector, the inequality
 *     S 2^(64 - 2F) < n m t^2     or its opposite, as the verdict says,
 * over integers below 2^bits, and the folding of the statement's fields into one public wire.
 */
#include <stdlib.h>

#include "circuit/recorder.h"

typedef unsigned __int128 u128;

static unsigned bit_length_u64(uint64_t v) {
    unsigned n = 0;
    for (; v; v >>= 1)
        n++;
    return n;
}

void metric_shape_clear(metric_shape *m) {
    free(m->target_shift);
    *m = (metric_shape){0};
}

zkm_status metric_shape_make(zkm_error *err, metric_shape *out, const circuit_spec *spec,
                             unsigned width) {
    const program *p = &spec->prog;
    const program_layer *last = &p->layers[p->num_layers - 1];
    uint32_t m = spec->columns.num_targets, o = 0;
    int32_t frac = last->out_frac, finest_shift = 0;
    uint32_t *shifts = calloc(m, sizeof *shifts);
    if (!shifts)
        return error_memory(err, "metric", m * sizeof *shifts);
    for (uint32_t i = 0; i < spec->columns.num_columns; i++)
        if (spec->columns.columns[i].role == ROLE_TARGET &&
            spec->columns.columns[i].frac_bits > frac)
            frac = spec->columns.columns[i].frac_bits;
    for (uint32_t i = 0; i < spec->columns.num_columns; i++) {
        if (spec->columns.columns[i].role != ROLE_TARGET)
            continue;
        shifts[o] = (uint32_t)(frac - spec->columns.columns[i].frac_bits);
        if ((int32_t)shifts[o] > finest_shift)
            finest_shift = (int32_t)shifts[o];
        o++;
    }
    *out = (metric_shape){.target_shift = shifts, .error_shift = 64 - 2 * frac};
    out->frac = frac;
    out->prediction_shift = (uint32_t)(frac - last->out_frac);
    /* |p| <= 2^16, |y| <= 2^15, so |e| < 2^(17 + the larger shift); S sums capacity m squares of
     * them. The other side is below capacity m 2^96. */
    if (finest_shift < (int32_t)out->prediction_shift)
        finest_shift = (int32_t)out->prediction_shift;
    unsigned samples = bit_length_u64((uint64_t)spec->capacity * m);
    unsigned sum_bits = samples + 2 * (17 + (unsigned)finest_shift) +
                        (unsigned)(out->error_shift > 0 ? out->error_shift : 0);
    unsigned bound_bits = samples + 96;
    out->bits = (sum_bits > bound_bits ? sum_bits : bound_bits) + 1;
    out->bits = (out->bits + width - 1) / width * width;
    if (out->error_shift < 0 || frac < -15 || out->bits > 240) {
        metric_shape_clear(out);
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "metric: predictions with %d fraction bits against targets do not fit one "
                         "inequality; give the targets frac_bits between %d and 32",
                         last->out_frac, last->out_frac - 40);
    }
    return ZKM_OK;
}

/* active: 1, then 0 or 1, never rising; its sum is the statement's n. */
static void record_active(recorder *r) {
    r1cs_builder *b = r->b;
    const wire_array *active = &r->c->at.active;
    uint32_t capacity = r->c->spec.capacity;
    builder_begin(b, "active first", 1, true);
    builder_rule(b, "active first");
    lc first = lc_of(b, wire_at(active, 0, 0, 0));
    lc_sub(&first, builder_one());
    builder_assert_zero(b, &first);
    builder_rule(b, "active count");
    lc count = lc_empty(b);
    lc_add_run(&count, wire_at(active, 0, 0, 0), capacity, 1, false);
    lc_sub(&count, wire_at(&r->c->at.statement, 0, 0, STATEMENT_NUM_SAMPLES));
    builder_assert_zero(b, &count);
    builder_end(b);
    if (capacity == 1)
        return;
    builder_begin(b, "active", capacity - 1, true);
    lc a = lc_of(b, wire_at(active, 1, 1, 0)), before = lc_of(b, wire_at(active, 0, 1, 0));
    builder_rule(b, "active boolean");
    builder_assert(b, &a, &a, &a);
    builder_rule(b, "active monotone");
    builder_assert(b, &a, &before, &a);
    builder_end(b);
}

/* squares (sample, output) = e^2, e = active (p 2^shift - y 2^shift). */
static wire_array record_errors(recorder *r) {
    r1cs_builder *b = r->b;
    const circuit_layout *at = &r->c->at;
    uint32_t capacity = r->c->spec.capacity, m = at->targets.width;
    const wire_array *prediction = &at->layers[r->c->spec.prog.num_layers - 1].h;
    wire_array squares = builder_private(b, m, capacity);
    builder_begin(b, "errors", capacity, true);
    lc active = lc_of(b, wire_at(&at->active, 0, 1, 0));
    for (uint32_t o = 0; o < m; o++) {
        fr minus;
        fr_pow2(&minus, r->c->metric.target_shift[o]);
        fr_neg(&minus, &minus);
        lc difference = lc_empty(b);
        lc_add_pow2(&difference, wire_at(prediction, 0, 1, o), r->c->metric.prediction_shift);
        lc_add_scaled(&difference, wire_at(&at->targets, 0, 1, o), &minus);
        builder_rule(b, "metric error");
        lc error = lc_of(b, builder_product(b, &active, &difference));
        builder_rule(b, "metric square");
        builder_define_product(b, wire_at(&squares, 0, 1, o), &error, &error);
    }
    builder_end(b);
    return squares;
}

/*
 * With D = n m t^2 - S 2^shift and verdict v in {0, 1}: v (2D - 1) - D is D - 1 for v = 1 and -D
 * for v = 0. It lies in [0, 2^bits) exactly when the verdict is true, because |D| < 2^bits < r / 2.
 */
static void record_inequality(recorder *r, const wire_array *squares) {
    r1cs_builder *b = r->b;
    circuit_layout *at = &r->c->at;
    fr weight, minus_one;
    fr_set_i64(&minus_one, -1);
    builder_begin(b, "metric", 1, true);
    builder_rule(b, "verdict boolean");
    lc verdict = lc_of(b, wire_at(&at->statement, 0, 0, STATEMENT_VERDICT));
    builder_assert(b, &verdict, &verdict, &verdict);
    builder_rule(b, "metric inequality");
    lc threshold = lc_of(b, wire_at(&at->statement, 0, 0, STATEMENT_THRESHOLD));
    lc samples = lc_of(b, wire_at(&at->statement, 0, 0, STATEMENT_NUM_SAMPLES));
    lc squared = lc_of(b, builder_product(b, &threshold, &threshold));
    wire bound = builder_product(b, &squared, &samples);
    lc d = lc_empty(b), sum = lc_empty(b), factor = lc_empty(b);
    lc_add_i64(&d, bound, at->targets.width);
    lc_add_run(&sum, wire_at(squares, 0, 0, 0), squares->width * squares->count, 1, true);
    fr_pow2(&weight, (unsigned)r->c->metric.error_shift);
    lc_add_lc_scaled(&d, &sum, &weight);
    lc_add_lc_pow2(&factor, &d, 1);
    lc_add_constant_i64(&factor, -1);
    lc value = lc_of(b, builder_product(b, &factor, &verdict));
    lc_add_lc_scaled(&value, &d, &minus_one);
    at->metric_range = range_record(&r->range, b, r->alpha, &value, r->c->metric.bits, 1);
    builder_end(b);
}

void record_metric(recorder *r) {
    record_active(r);
    wire_array squares = record_errors(r);
    record_inequality(r, &squares);
}

void record_statement(recorder *r) {
    r1cs_builder *b = r->b;
    const wire_array *fields = &r->c->at.statement;
    builder_begin(b, "statement", 1, false);
    builder_rule(b, "folded statement");
    lc challenge = lc_of(b, builder_public(0));
    lc folded = lc_of(b, wire_at(fields, 0, 0, STATEMENT_FIELDS - 1));
    for (uint32_t i = STATEMENT_FIELDS - 1; i-- > 0;) {
        wire product = builder_product(b, &folded, &challenge);
        folded = lc_of(b, product);
        lc_add(&folded, wire_at(fields, 0, 0, i));
    }
    lc_sub(&folded, builder_public(1));
    builder_assert_zero(b, &folded);
    builder_end(b);
}
