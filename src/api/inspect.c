/*
 * What a model is and what proving it would cost, before there is data. The circuit is made with
 * nominal scales; costs follow from its size by the formulas below, measured on two cores of an
 * x86-64 machine (docs/formats.md repeats them).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/internal.h"
#include "api/json.h"
#include "base/error.h"
#include "base/progress.h"
#include "base/threads.h"
#include "math/fft.h"

/* ------------------------------------------------------------------ the graph */

static json_t *ports_json(const model_port *ports, uint32_t n) {
    json_t *array = json_array();
    for (uint32_t i = 0; array && i < n; i++) {
        report r = report_new();
        report_text(&r, "name", ports[i].name);
        report_text(&r, "shape", ports[i].shape);
        if (r.failed)
            report_clear(&r);
        if (json_array_append_new(array, r.object) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *operators_json(const model_info *info) {
    report r = report_new();
    for (uint32_t i = 0; i < info->num_operators; i++)
        report_count(&r, info->operators[i].op, info->operators[i].count);
    if (r.failed)
        report_clear(&r);
    return r.object;
}

static json_t *unsupported_json(const model_info *info) {
    json_t *array = json_array();
    for (uint32_t i = 0; array && i < info->num_unsupported; i++) {
        report r = report_new();
        report_text(&r, "node", info->unsupported[i].node);
        report_text(&r, "op", info->unsupported[i].op);
        report_text(&r, "hint", info->unsupported[i].hint);
        if (r.failed)
            report_clear(&r);
        if (json_array_append_new(array, r.object) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *layers_json(const model_info *info) {
    json_t *array = json_array();
    for (uint32_t i = 0; array && i < info->num_layers; i++) {
        const model_layer *l = &info->layers[i];
        report r = report_new();
        report_text(&r, "name", l->name);
        report_count(&r, "width", l->width);
        report_count(&r, "fan_in", l->fan_in);
        report_count(&r, "weights", l->weights);
        report_text(&r, "activation", l->activation);
        if (r.failed)
            report_clear(&r);
        if (json_array_append_new(array, r.object) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static void add_graph(report *r, const char *path, const model *m) {
    const model_info *info = model_get_info(m);
    report_text(r, "model", path);
    report_set(r, "supported", json_boolean(info->num_unsupported == 0));
    report_set(r, "unsupported", unsupported_json(info));
    report_text(r, "producer", info->producer);
    report_set(r, "ir_version", json_integer(info->ir_version));
    report_set(r, "opset", json_integer(info->opset));
    report_set(r, "ml_opset", json_integer(info->ml_opset));
    report_set(r, "inputs", ports_json(info->inputs, info->num_inputs));
    report_set(r, "outputs", ports_json(info->outputs, info->num_outputs));
    report_count(r, "nodes", info->num_nodes);
    report_set(r, "operators", operators_json(info));
    report_count(r, "parameters", info->parameters);
    report_set(r, "layers", layers_json(info));
}

/* ------------------------------------------------------------------ the circuit */

typedef struct {
    uint64_t rows, wires, committed;
    bool exact;
} circuit_size;

/* Columns x0.. and y0..: names and scales do not change a circuit's size. */
static zkm_status stand_in_schema(zkm_error *err, schema *out, uint32_t features,
                                  uint32_t targets) {
    schema s = {
        .num_columns = features + targets, .num_features = features, .num_targets = targets};
    s.columns = calloc(s.num_columns, sizeof *s.columns);
    bool good = s.columns != NULL;
    for (uint32_t i = 0; good && i < s.num_columns; i++) {
        bool feature = i < features;
        char name[24];
        snprintf(name, sizeof name, "%c%u", feature ? 'x' : 'y', feature ? i : i - features);
        s.columns[i] = (schema_column){
            .name = strdup(name), .role = feature ? ROLE_FEATURE : ROLE_TARGET, .frac_bits = 12};
        good = s.columns[i].name != NULL;
    }
    if (!good) {
        schema_clear(&s);
        return error_memory(err, "schema", s.num_columns * sizeof *s.columns);
    }
    *out = s;
    return ZKM_OK;
}

static zkm_status exact_size(zkm_error *err, circuit_size *out, const model *m, uint32_t capacity) {
    const model_info *info = model_get_info(m);
    model_quantise_options options = {.bits = 16, .headroom = 2, .capacity = capacity};
    circuit_spec spec = {.capacity = capacity};
    circuit *c = NULL;
    zkm_status status = ZKM_OK;
    ZKM_TRY_OUT(model_quantise_nominal(err, &spec.prog, m, &options));
    ZKM_TRY_OUT(
        stand_in_schema(err, &spec.columns, info->num_features, info->num_outputs_per_sample));
    ZKM_TRY_OUT(circuit_new(err, &c, &spec));
    const r1cs *cs = circuit_constraints(c);
    *out = (circuit_size){cs->num_constraints, cs->num_wires, cs->num_committed, true};
out:
    program_clear(&spec.prog);
    schema_clear(&spec.columns);
    circuit_free(c);
    return status;
}

/* Above this many samples the size is the line through those at half of it and at it. */
#define EXACT_CAPACITY 65536u

static uint64_t on_line(uint64_t at_half, uint64_t at_full, uint32_t capacity) {
    double slope = ((double)at_full - (double)at_half) / (EXACT_CAPACITY / 2);
    return (uint64_t)((double)at_full + slope * (capacity - (double)EXACT_CAPACITY));
}

static zkm_status size_at(zkm_error *err, circuit_size *out, const model *m, uint32_t capacity) {
    circuit_size half, full;
    if (capacity <= EXACT_CAPACITY)
        return exact_size(err, out, m, capacity);
    ZKM_TRY(exact_size(err, &half, m, EXACT_CAPACITY / 2));
    ZKM_TRY(exact_size(err, &full, m, EXACT_CAPACITY));
    *out = (circuit_size){on_line(half.rows, full.rows, capacity),
                          on_line(half.wires, full.wires, capacity),
                          on_line(half.committed, full.committed, capacity), false};
    return ZKM_OK;
}

/* ------------------------------------------------------------------ the cost */

/* Measured with the shipped example at capacities 32 to 1,024 (docs/formats.md, "inspect"). */
#define PK_BYTES_WIRE 185.0  /* points of A, B and K; on average a wire has two and a half */
#define PK_BYTES_DOMAIN 64.0 /* one point of H */
#define CPU_SECONDS_BASE 0.2
#define SETUP_SECONDS_WIRE 8.7e-6
#define PROVE_SECONDS_WIRE 7.6e-6
#define RSS_BASE 50e6         /* the program and its bases' buckets */
#define RSS_BYTES_WIRE 52.0   /* its value, and scratch */
#define RSS_BYTES_DOMAIN 64.0 /* A(w) and B(w) */

static json_t *predicted_json(const circuit_size *size, uint64_t domain, unsigned threads) {
    double wires = (double)size->wires, d = (double)domain;
    report r = report_new();
    double pk = PK_BYTES_WIRE * wires + PK_BYTES_DOMAIN * d;
    report_count(&r, "pk_bytes", (uint64_t)pk);
    report_real(&r, "setup_seconds", (CPU_SECONDS_BASE + SETUP_SECONDS_WIRE * wires) / threads);
    report_real(&r, "prove_seconds", (CPU_SECONDS_BASE + PROVE_SECONDS_WIRE * wires) / threads);
    report_count(&r, "prove_rss_bytes",
                 (uint64_t)(pk + RSS_BASE + RSS_BYTES_WIRE * wires + RSS_BYTES_DOMAIN * d));
    if (r.failed)
        report_clear(&r);
    return r.object;
}

static zkm_status add_cost(zkm_error *err, report *r, const model *m, uint32_t capacity,
                           unsigned threads) {
    circuit_size size;
    ZKM_TRY(size_at(err, &size, m, capacity));
    uint64_t domain = fft_domain_smallest(size.rows);
    report_count(r, "capacity", capacity);
    report_count(r, "constraints", size.rows);
    report_set(r, "constraints_exact", json_boolean(size.exact));
    report_count(r, "wires", size.wires);
    report_count(r, "domain", domain);
    report_set(r, "predicted", predicted_json(&size, domain ? domain : size.rows, threads));
    return ZKM_OK;
}

zkm_status zkm_model_inspect(zkm_error *err, char **json, bool *supported, const char *path,
                             const zkm_inspect_options *what, const zkm_options *options) {
    zkm_status status = ZKM_OK;
    model *m = NULL;
    report r = {NULL, true};
    unsigned threads = options && options->threads ? options->threads : threads_available();
    if (what->capacity == 0 || what->capacity > CIRCUIT_CAPACITY_MAX)
        return error_set(err, ZKM_ERR_ARGUMENT, "capacity: must be from 1 to %u",
                         CIRCUIT_CAPACITY_MAX);
    ZKM_TRY_OUT(model_open(err, &m, path, what->output_name, NULL));
    bool can = model_get_info(m)->num_unsupported == 0;
    r = report_new();
    add_graph(&r, path, m);
    if (can) {
        status = model_check_supported(err, m);
        if (status == ZKM_OK)
            status = progress_report(err, options ? options->progress : NULL, "sizing the circuit",
                                     0, 1);
        if (status == ZKM_OK)
            status = add_cost(err, &r, m, what->capacity, threads);
        if (status != ZKM_OK) {
            status = error_prefix(err, status, "%s", path);
            goto out;
        }
    }
    ZKM_TRY_OUT(report_finish(err, json, &r));
    *supported = can;
out:
    report_clear(&r);
    model_free(m);
    return status;
}
