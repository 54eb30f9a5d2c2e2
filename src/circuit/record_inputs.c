/* The wires of model, data and statement, and the checks that they are the integers they claim to
 * be. */
#include "circuit/recorder.h"

/* v + 2^15 in [0, 2^16) for every wire of an array. */
static range_wires record_int16(recorder *r, const wire_array *array, const char *rule) {
    r1cs_builder *b = r->b;
    uint32_t count = array->width * array->count;
    builder_begin(b, rule, count, true);
    builder_rule(b, rule);
    lc value = lc_of(b, (wire){array->base, 1});
    lc_add_constant_i64(&value, INT64_C(1) << 15);
    range_wires w = range_record(&r->range, b, r->alpha, &value, 16, count);
    builder_end(b);
    return w;
}

/* b + 2^(bits - 1) in [0, 2^bits) for every bias of a layer. */
static range_wires record_biases(recorder *r, const program_layer *l) {
    r1cs_builder *b = r->b;
    builder_begin(b, "range bias", l->width, true);
    builder_rule(b, "range bias");
    lc value = lc_of(b, (wire){r->c->at.biases.base + (uint32_t)l->biases, 1});
    lc_add_constant_i64(&value, INT64_C(1) << (l->bias_bits - 1));
    range_wires w = range_record(&r->range, b, r->alpha, &value, l->bias_bits, l->width);
    builder_end(b);
    return w;
}

void record_inputs(recorder *r) {
    const circuit_spec *spec = &r->c->spec;
    circuit_layout *at = &r->c->at;
    r1cs_builder *b = r->b;
    at->statement = builder_committed(b, STATEMENT_FIELDS, 1);
    at->salt = builder_committed(b, 1, 1);
    at->active = builder_committed(b, 1, spec->capacity);
    at->features = builder_committed(b, spec->prog.num_features, spec->capacity);
    at->targets = builder_committed(b, spec->columns.num_targets, spec->capacity);
    at->weights = builder_committed(b, (uint32_t)spec->prog.num_weights, 1);
    at->biases = builder_committed(b, (uint32_t)spec->prog.num_biases, 1);
    at->feature_range = record_int16(r, &at->features, "range feature");
    at->target_range = record_int16(r, &at->targets, "range target");
    if (at->weights.width)
        at->weight_range = record_int16(r, &at->weights, "range weight");
    for (uint32_t l = 0; l < spec->prog.num_layers; l++)
        at->layers[l].bias_range = record_biases(r, &spec->prog.layers[l]);
}
