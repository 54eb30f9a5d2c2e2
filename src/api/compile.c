/* From a model, a schema and calibration rows to a circuit and a report of what quantisation costs.
 */
#include <stdlib.h>
#include <string.h>

#include "api/evaluate.h"
#include "api/internal.h"
#include "api/json.h"
#include "base/error.h"
#include "base/progress.h"
#include "claim/model_id.h"
#include "math/fft.h"

/* Everything between the options and the circuit. */
typedef struct {
    dataset_reals reals;
    dataset integers;
    int32_t *feature_frac;
    program_weights weights;
    model_report layers;
    evaluation quality;
    circuit_spec spec; /* until circuit_new takes it over */
} compilation;

static void compilation_clear(compilation *k) {
    dataset_reals_clear(&k->reals);
    dataset_clear(&k->integers);
    free(k->feature_frac);
    program_weights_clear(&k->weights);
    model_report_clear(&k->layers);
    program_clear(&k->spec.prog);
    schema_clear(&k->spec.columns);
}

static zkm_status check_options(zkm_error *err, const zkm_compile_options *what) {
    if (!what->metric || strcmp(what->metric, "rmse") != 0)
        return error_set(err, ZKM_ERR_UNSUPPORTED, "metric '%.40s': only rmse can be proved",
                         what->metric ? what->metric : "");
    if (what->capacity == 0 || what->capacity > CIRCUIT_CAPACITY_MAX)
        return error_set(err, ZKM_ERR_ARGUMENT, "capacity: must be from 1 to %u",
                         CIRCUIT_CAPACITY_MAX);
    if (what->bits < 8 || what->bits > 16)
        return error_set(err, ZKM_ERR_ARGUMENT, "bits: must be from 8 to 16");
    if (!(what->headroom >= 1 && what->headroom <= 64))
        return error_set(err, ZKM_ERR_ARGUMENT, "headroom: must be from 1 to 64");
    return ZKM_OK;
}

/* The schema's columns must be the model's inputs and outputs. */
static zkm_status check_shapes(zkm_error *err, const zkm_model *m, const zkm_schema *s) {
    const model_info *info = model_get_info(m->value);
    if (info->num_features != s->value.num_features)
        return error_set(
            err, ZKM_ERR_MISMATCH,
            "%s takes %u features a sample, %s has %u; correct the roles in the schema", m->path,
            info->num_features, s->path, s->value.num_features);
    if (info->num_outputs_per_sample != s->value.num_targets)
        return error_set(
            err, ZKM_ERR_MISMATCH,
            "%s gives %u outputs a sample, %s has %u targets; correct the roles in the "
            "schema, or choose another output of the model",
            m->path, info->num_outputs_per_sample, s->path, s->value.num_targets);
    return ZKM_OK;
}

/* The same rows twice, as numbers and quantised. */
static zkm_status read_rows(zkm_error *err, dataset_reals *reals, dataset *integers,
                            const schema *columns, const data_source *from) {
    table rows = {0};
    table_options read = {.columns = columns};
    if (from->count == 0)
        return error_set(err, ZKM_ERR_ARGUMENT, "rows: needs a data file or an array");
    zkm_status status = data_read(err, &rows, from, &read);
    if (status == ZKM_OK)
        status = dataset_select(err, reals, &rows, columns);
    if (status == ZKM_OK)
        status = dataset_quantise(err, integers, &rows, columns);
    table_clear(&rows);
    return status;
}

static zkm_status quantise(zkm_error *err, compilation *k, const zkm_model *m, const schema *s,
                           const zkm_compile_options *what) {
    model_quantise_options options = {
        .bits = what->bits, .headroom = what->headroom, .capacity = what->capacity};
    k->feature_frac = calloc(s->num_features, sizeof *k->feature_frac);
    if (!k->feature_frac)
        return error_memory(err, "scales", s->num_features * sizeof *k->feature_frac);
    for (uint32_t i = 0, f = 0; i < s->num_columns; i++)
        if (s->columns[i].role == ROLE_FEATURE)
            k->feature_frac[f++] = s->columns[i].frac_bits;
    k->spec.capacity = what->capacity;
    return model_quantise_new(err, &k->spec.prog, &k->weights, &k->layers, m->value,
                              k->feature_frac, k->reals.features, k->reals.n, &options);
}

/* ------------------------------------------------------------------ the report */

static json_t *layer_json(const model_layer_report *l) {
    report r = report_new();
    report_text(&r, "name", l->name);
    report_text(&r, "activation", l->activation);
    report_count(&r, "width", l->width);
    report_count(&r, "fan_in", l->fan_in);
    report_real(&r, "min", l->observed_min);
    report_real(&r, "max", l->observed_max);
    report_real(&r, "room_min", l->domain_min);
    report_real(&r, "room_max", l->domain_max);
    report_real(&r, "headroom_left", l->headroom_left);
    report_real(&r, "weight_max", l->weight_max);
    report_set(&r, "weight_integer_max", json_integer(l->weight_integer_max));
    report_count(&r, "bias_bits", l->bias_bits);
    report_count(&r, "shift", l->shift);
    report_set(&r, "z_frac", json_integer(l->z_frac));
    report_set(&r, "hi_frac", json_integer(l->hi_frac));
    report_set(&r, "out_frac", json_integer(l->out_frac));
    report_count(&r, "table_bits", l->table_bits);
    if (r.failed)
        report_clear(&r);
    return r.object;
}

static json_t *layers_json(const model_report *layers) {
    json_t *array = json_array();
    for (uint32_t i = 0; array && i < layers->num_layers; i++)
        if (json_array_append_new(array, layer_json(&layers->layers[i])) != 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

static json_t *part_json(const circuit_part *part) {
    report r = report_new();
    report_text(&r, "name", part->name);
    report_count(&r, "constraints", part->rows);
    if (r.failed)
        report_clear(&r);
    return r.object;
}

static json_t *parts_json(const circuit *c) {
    size_t n = circuit_parts(c, NULL, 0);
    circuit_part *parts = calloc(n ? n : 1, sizeof *parts);
    json_t *array = parts ? json_array() : NULL;
    if (parts)
        n = circuit_parts(c, parts, n); /* fewer: blocks of one name are one part */
    for (size_t i = 0; array && i < n; i++)
        if (json_array_append_new(array, part_json(&parts[i])) != 0) {
            json_decref(array);
            array = NULL;
        }
    free(parts);
    return array;
}

static zkm_status compile_report(zkm_error *err, char **text, const compilation *k,
                                 const zkm_compile_options *what, const circuit *c) {
    const circuit_spec *spec = circuit_get_spec(c);
    const r1cs *cs = circuit_constraints(c);
    uint8_t architecture[32], id[32];
    fr value;
    program_digest(architecture, &spec->prog);
    model_id(&value, architecture, &spec->prog, &k->weights);
    fr_to_bytes(id, &value);
    report r = report_new();
    report_text(&r, "metric", what->metric);
    report_count(&r, "num_samples", k->reals.n);
    report_real(&r, "float_metric", k->quality.float_metric);
    report_real(&r, "integer_metric", k->quality.integer_metric);
    report_real(&r, "metric_difference", k->quality.integer_metric - k->quality.float_metric);
    report_real(&r, "max_abs_output_error", k->quality.max_abs_output_error);
    report_count(&r, "capacity", what->capacity);
    report_count(&r, "bits", what->bits);
    report_real(&r, "headroom", what->headroom);
    report_count(&r, "constraints", cs->num_constraints);
    report_count(&r, "domain", fft_domain_smallest(cs->num_rows));
    report_count(&r, "wires", cs->num_wires);
    report_set(&r, "parts", parts_json(c));
    report_set(&r, "layers", layers_json(&k->layers));
    report_hex(&r, "model_id", id);
    report_hex(&r, "circuit_digest", circuit_digest(c));
    return report_finish(err, text, &r);
}

/* ------------------------------------------------------------------ public functions */

static zkm_status circuit_wrap(zkm_error *err, zkm_circuit **out, circuit *value,
                               const char *path) {
    zkm_circuit *c = calloc(1, sizeof *c);
    char *copy = strdup(path);
    if (!c || !copy) {
        free(c);
        free(copy);
        circuit_free(value);
        return error_memory(err, path, sizeof *c);
    }
    *c = (zkm_circuit){value, copy};
    *out = c;
    return ZKM_OK;
}

static zkm_status compile(zkm_error *err, zkm_circuit **out, char **text, const zkm_model *m,
                          const zkm_schema *s, const data_source *from,
                          const zkm_compile_options *what, const zkm_options *options) {
    const zkm_progress *progress = options ? options->progress : NULL;
    compilation k = {0};
    circuit *c = NULL;
    char *made = NULL;
    zkm_status status = ZKM_OK;
    ZKM_TRY_OUT(check_options(err, what));
    ZKM_TRY_OUT(check_shapes(err, m, s));
    ZKM_TRY_OUT(progress_report(err, progress, "reading calibration rows", 0, 4));
    ZKM_TRY_OUT(read_rows(err, &k.reals, &k.integers, &s->value, from));
    ZKM_TRY_OUT(progress_report(err, progress, "quantising", 1, 4));
    ZKM_TRY_OUT(quantise(err, &k, m, &s->value, what));
    ZKM_TRY_OUT(schema_copy(err, &k.spec.columns, &s->value));
    ZKM_TRY_OUT(progress_report(err, progress, "comparing", 2, 4));
    evaluation_input in = {.model = m->value,
                           .prog = &k.spec.prog,
                           .weights = &k.weights,
                           .columns = &s->value,
                           .reals = &k.reals,
                           .integers = &k.integers,
                           .row_name = "calibration row"};
    ZKM_TRY_OUT(evaluate(err, &k.quality, &in, options ? options->threads : 0));
    ZKM_TRY_OUT(progress_report(err, progress, "laying out the circuit", 3, 4));
    ZKM_TRY_OUT(circuit_new(err, &c, &k.spec));
    if (text)
        ZKM_TRY_OUT(compile_report(err, &made, &k, what, c));
    status = circuit_wrap(err, out, c, "the compiled circuit");
    c = NULL;
    if (status == ZKM_OK && text) {
        *text = made;
        made = NULL;
    }
out:
    compilation_clear(&k);
    circuit_free(c);
    zkm_string_free(made);
    return status;
}

zkm_status zkm_circuit_compile(zkm_error *err, zkm_circuit **out, char **text, const zkm_model *m,
                               const zkm_schema *s, const char *const *data_paths, size_t num_paths,
                               const zkm_compile_options *what, const zkm_options *options) {
    return compile(err, out, text, m, s, &(data_source){.paths = data_paths, .count = num_paths},
                   what, options);
}

zkm_status zkm_circuit_compile_rows(zkm_error *err, zkm_circuit **out, char **text,
                                    const zkm_model *m, const zkm_schema *s, const zkm_rows *arrays,
                                    size_t num_arrays, const zkm_compile_options *what,
                                    const zkm_options *options) {
    return compile(err, out, text, m, s, &(data_source){.arrays = arrays, .count = num_arrays},
                   what, options);
}

zkm_status zkm_circuit_read(zkm_error *err, zkm_circuit **out, const char *path) {
    circuit *value = NULL;
    ZKM_TRY(circuit_read(err, &value, path));
    return circuit_wrap(err, out, value, path);
}

zkm_status zkm_circuit_write(zkm_error *err, const zkm_circuit *c, const char *path) {
    return circuit_write(err, c->value, path);
}

void zkm_circuit_digest(uint8_t out[32], const zkm_circuit *c) {
    memcpy(out, circuit_digest(c->value), 32);
}

uint64_t zkm_circuit_constraints(const zkm_circuit *c) {
    return circuit_constraints(c->value)->num_constraints;
}

zkm_status zkm_circuit_model_id(zkm_error *err, uint8_t out[32], const zkm_circuit *c,
                                const zkm_model *m) {
    program_weights weights = {0};
    fr id;
    ZKM_TRY(model_weights(err, &weights, m, c));
    model_weights_id(&id, c, &weights);
    fr_to_bytes(out, &id);
    program_weights_clear(&weights);
    return ZKM_OK;
}

uint32_t zkm_circuit_capacity(const zkm_circuit *c) { return circuit_get_spec(c->value)->capacity; }

zkm_status zkm_circuit_schema(zkm_error *err, zkm_schema **out, const zkm_circuit *c) {
    schema copy = {0};
    ZKM_TRY(schema_copy(err, &copy, &circuit_get_spec(c->value)->columns));
    return schema_wrap(err, out, &copy, c->path);
}

zkm_status zkm_circuit_evaluate(zkm_error *err, zkm_evaluation *out, double *model_outputs,
                                double *circuit_outputs, const zkm_circuit *c, const zkm_model *m,
                                const zkm_rows *arrays, size_t num_arrays,
                                const zkm_options *options) {
    const circuit_spec *spec = circuit_get_spec(c->value);
    dataset_reals reals = {0};
    dataset integers = {0};
    program_weights weights = {0};
    evaluation found;
    data_source from = {.arrays = arrays, .count = num_arrays};
    zkm_status status;
    ZKM_TRY_OUT(model_weights(err, &weights, m, c));
    ZKM_TRY_OUT(progress_report(err, options ? options->progress : NULL, "evaluating", 0, 1));
    ZKM_TRY_OUT(read_rows(err, &reals, &integers, &spec->columns, &from));
    evaluation_input in = {.model = m->value,
                           .prog = &spec->prog,
                           .weights = &weights,
                           .columns = &spec->columns,
                           .reals = &reals,
                           .integers = &integers,
                           .row_name = "row",
                           .model_outputs = model_outputs,
                           .program_outputs = circuit_outputs};
    ZKM_TRY_OUT(evaluate(err, &found, &in, options ? options->threads : 0));
    *out = (zkm_evaluation){found.float_metric, found.integer_metric, found.max_abs_output_error};
out:
    program_weights_clear(&weights);
    dataset_reals_clear(&reals);
    dataset_clear(&integers);
    return status;
}

void zkm_circuit_free(zkm_circuit *c) {
    if (!c)
        return;
    circuit_free(c->value);
    free(c->path);
    free(c);
}
