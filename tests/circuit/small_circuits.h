/* Small circuits with random weights and data for the tests of src/circuit. */
#ifndef TESTS_SMALL_CIRCUITS_H
#define TESTS_SMALL_CIRCUITS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "circuit/layout.h"
#include "claim/model_id.h"
#include "math/keccak.h"

/* What a small program looks like. */
typedef struct {
    uint32_t features, hidden, outputs, capacity, samples;
    program_table_kind hidden_table, output_table;
    unsigned bits;  /* of the tables */
    unsigned shift; /* s of every layer */
    unsigned bias_bits;
    bool residual;      /* the second layer also adds its own inputs' first elements */
    int16_t weight_max; /* weights in [-weight_max, weight_max] */
    int16_t feature_max;
} small_shape;

typedef struct {
    circuit *c;
    program_weights weights;
    dataset data;
    uint8_t salt_bytes[32];
    fr salt;
    statement claim;
    circuit_private in;
} small_case;

static uint64_t test_random_state = 88172645463325252u;
static uint32_t test_random(void) {
    test_random_state ^= test_random_state << 13;
    test_random_state ^= test_random_state >> 7;
    test_random_state ^= test_random_state << 17;
    return (uint32_t)(test_random_state >> 16);
}
static int test_random_within(int max) {
    return (int)(test_random() % (2 * (unsigned)max + 1)) - max;
}

static inline void require_ok(zkm_status status, const zkm_error *err) {
    if (status != ZKM_OK)
        fail_msg("status %d: %s", status, err->message);
}

/* A function with many equal neighbours and small slope, so that it is neither identity nor ReLU.
 */
static inline int16_t generic_value(int hi) { return (int16_t)(hi / 3 + (hi & 4)); }

static inline program_table make_table(program_table_kind kind, unsigned bits) {
    program_table t = {.kind = kind, .bits = bits};
    int half = 1 << (bits - 1);
    t.values = malloc(sizeof(int16_t) << bits);
    for (int i = -half; i < half; i++)
        t.values[i + half] = kind == TABLE_IDENTITY ? (int16_t)i
                             : kind == TABLE_RELU   ? (int16_t)(i > 0 ? i : 0)
                                                    : generic_value(i);
    return t;
}

static inline program make_program(const small_shape *s) {
    program p = {.num_features = s->features, .num_layers = 2, .num_tables = 2};
    p.feature_frac = calloc(s->features, sizeof *p.feature_frac);
    p.layers = calloc(2, sizeof *p.layers);
    p.tables = calloc(2, sizeof *p.tables);
    p.tables[0] = make_table(s->hidden_table, s->bits);
    p.tables[1] = make_table(s->output_table, s->bits);
    const uint32_t width[2] = {s->hidden, s->outputs}, fan_in[2] = {s->features, s->hidden};
    for (uint32_t l = 0; l < 2; l++) {
        program_layer *layer = &p.layers[l];
        snprintf(layer->name, sizeof layer->name, "layer %u", l);
        layer->width = width[l];
        layer->num_terms = l == 1 && s->residual ? 2 : 1;
        layer->terms = calloc(layer->num_terms, sizeof *layer->terms);
        layer->terms[0] = (program_term){TERM_DENSE, l, 0, fan_in[l], 0, p.num_weights};
        if (layer->num_terms == 2)
            layer->terms[1] = (program_term){TERM_SHIFT, l, 0, width[l], 2, 0};
        layer->biases = p.num_biases;
        layer->bias_bits = s->bias_bits;
        layer->shift = s->shift;
        layer->table = l;
        p.num_weights += (size_t)fan_in[l] * width[l];
        p.num_biases += width[l];
    }
    return p;
}

static inline schema make_schema(const small_shape *s) {
    char json[32768] = "{\"zkmetric_schema\": 1, \"columns\": [", *end = json + strlen(json);
    for (uint32_t i = 0; i < s->features + s->outputs; i++)
        end += sprintf(end, "%s{\"name\": \"c%u\", \"role\": \"%s\", \"frac_bits\": 0}",
                       i ? "," : "", i, i < s->features ? "feature" : "target");
    strcpy(end, "]}");
    schema out = {0};
    zkm_error err;
    require_ok(schema_from_json(&err, &out, (const uint8_t *)json, strlen(json), "test"), &err);
    return out;
}

static inline void set_ids(small_case *t) {
    t->in = (circuit_private){&t->weights, &t->data, &t->salt};
    model_id(&t->claim.model_id, t->c->architecture, &t->c->spec.prog, &t->weights);
    dataset_id(&t->claim.dataset_id, t->c->schema_digest, &t->data, t->salt_bytes);
    t->claim.num_samples = t->data.n;
    fr_set_u64(&t->claim.context, 77);
}

/* Sets the verdict that is true for the threshold. */
static inline void set_threshold(small_case *t, uint64_t threshold) {
    zkm_error err;
    circuit_metric metric;
    require_ok(circuit_measure(&err, &metric, t->c, &t->in, 1), &err);
    t->claim.threshold = threshold;
    t->claim.verdict = circuit_verdict(&metric, threshold);
}

static inline void fill_case(small_case *t, const small_shape *s) {
    *t = (small_case){0};
    zkm_error err;
    circuit_spec spec = {s->capacity, make_program(s), make_schema(s)};
    require_ok(circuit_new(&err, &t->c, &spec), &err);
    const program *p = &t->c->spec.prog;
    t->weights.weights = malloc(p->num_weights * sizeof(int16_t));
    t->weights.biases = malloc(p->num_biases * sizeof(int64_t));
    for (size_t i = 0; i < p->num_weights; i++)
        t->weights.weights[i] = (int16_t)test_random_within(s->weight_max);
    for (size_t i = 0; i < p->num_biases; i++)
        t->weights.biases[i] = test_random_within((1 << (s->bias_bits - 1)) - 1);
    t->data = (dataset){.n = s->samples, .num_features = s->features, .num_targets = s->outputs};
    t->data.features = malloc(s->samples * s->features * sizeof(int16_t));
    t->data.targets = malloc(s->samples * s->outputs * sizeof(int16_t));
    for (uint32_t i = 0; i < s->samples * s->features; i++)
        t->data.features[i] = (int16_t)test_random_within(s->feature_max);
    for (uint32_t i = 0; i < s->samples * s->outputs; i++)
        t->data.targets[i] = (int16_t)test_random_within(40);
    t->salt_bytes[31] = 9;
    fr_from_bytes_reduce(&t->salt, t->salt_bytes);
    set_ids(t);
    set_threshold(t, UINT64_C(20) << 32);
}

static inline void free_case(small_case *t) {
    circuit_free(t->c);
    program_weights_clear(&t->weights);
    dataset_clear(&t->data);
}

/* The challenge of tests: any element that the committed wires do not know. */
static inline void test_challenge(fr *c) {
    uint8_t digest[32];
    keccak256(digest, (const uint8_t *)"test challenge", 14);
    fr_from_bytes_reduce(c, digest);
}

/* c, and P folded from the statement wires as they are. */
static inline void set_publics(const circuit *c, fr *wires) {
    fr folded;
    fr_set_zero(&folded);
    test_challenge(&wires[1]);
    for (uint32_t i = STATEMENT_FIELDS; i-- > 0;) {
        fr_mul(&folded, &folded, &wires[1]);
        fr_add(&folded, &folded, &wires[c->at.statement.base + i]);
    }
    wires[2] = folded;
}

/* All wires of an honest proof. */
static inline fr *honest_wires(const small_case *t) {
    zkm_error err;
    fr *wires = calloc(t->c->cs->num_wires, sizeof *wires);
    require_ok(circuit_assign(&err, wires, t->c, &t->in, &t->claim, 2), &err);
    set_publics(t->c, wires);
    require_ok(r1cs_solve(&err, t->c->cs, wires, NULL, NULL, 2), &err);
    return wires;
}

/* One shape of every kind: packed table, split ReLU, identity; with and without a residual; several
 * groups of samples with a rest; 16-bit and 8-bit domains; capacity 1; a model whose rows are about
 * as many as all others, so that they stand apart. */
static const small_shape SMALL_SHAPES[] = {
    {3, 4, 2, 5, 3, TABLE_GENERIC, TABLE_IDENTITY, 10, 3, 6, true, 5, 30},
    {3, 4, 2, 9, 9, TABLE_RELU, TABLE_GENERIC, 9, 4, 8, false, 6, 30},
    {2, 3, 1, 1, 1, TABLE_RELU, TABLE_IDENTITY, 16, 5, 16, false, 100, 100},
    {2, 3, 1, 14, 7, TABLE_GENERIC, TABLE_RELU, 12, 9, 20, true, 500, 100},
    {4, 2, 3, 17, 16, TABLE_IDENTITY, TABLE_IDENTITY, 12, 2, 5, false, 4, 20},
    {60, 60, 1, 1, 1, TABLE_RELU, TABLE_IDENTITY, 12, 5, 16, false, 5, 20},
};
enum { NUM_SMALL_SHAPES = sizeof SMALL_SHAPES / sizeof *SMALL_SHAPES };
enum { LARGE_MODEL = NUM_SMALL_SHAPES - 1 };

#endif
