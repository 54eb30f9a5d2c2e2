/* schema, compile, setup and specialise: from a model and example data to keys. */
#include <stdio.h>

#include "cli.h"

/* ------------------------------------------------------------------ schema */

typedef struct {
    word_list targets, time;
    const char *output;
} schema_args;

static const option SCHEMA_OPTIONS[] = {
    {OPTION_WORDS, "target", 't', "COLUMN...", offsetof(schema_args, targets), true, 0, 0,
     "columns that the model predicts; several: repeat, separate by commas, or list them"},
    {OPTION_WORDS, "time", 0, "COLUMN...", offsetof(schema_args, time), false, 0, 0,
     "columns to leave out of model and commitment (besides those named time, timestamp, date or "
     "datetime)"},
    {OPTION_TEXT, "out", 'o', "SCHEMA", offsetof(schema_args, output), false, 0, 0,
     "the file to write (default: standard output)"},
    {.kind = OPTION_END}};

static void print_schema_summary(const json_t *report, const char *path) {
    unsigned features = 0, targets = 0, time = 0;
    size_t i;
    json_t *column;
    json_array_foreach(json_object_get(report, "columns"), i, column) {
        const char *role = object_text(column, "role");
        features += *role == 'f';
        targets += role[0] == 't' && role[1] == 'a';
        time += role[0] == 't' && role[1] == 'i';
    }
    printf("%s: %u features, %u target%s", path, features, targets, targets == 1 ? "" : "s");
    if (time)
        printf(", %u left out", time);
    printf("\nLook at the roles and at frac_bits: a number x becomes the integer nearest to\n"
           "x * 2^frac_bits, which must lie in -32768..32767.\n");
}

static int run_schema(cli *c, const void *args) {
    const schema_args *a = args;
    zkm_schema *schema = NULL;
    char *text = NULL;
    int status;
    zkm_schema_options what = {.targets = a->targets.items,
                               .num_targets = a->targets.n,
                               .time = a->time.items,
                               .num_time = a->time.n};
    if (zkm_schema_propose(&c->error, &schema, c->words.items, c->words.n, &what) != ZKM_OK ||
        zkm_schema_to_json(&c->error, &text, schema) != ZKM_OK || cli_stopped(c) ||
        (a->output && zkm_schema_write(&c->error, schema, a->output) != ZKM_OK)) {
        zkm_string_free(text);
        status = cli_fail(c, NULL);
    } else {
        if (!a->output && !c->json)
            fputs(text, stdout);
        json_t *report = report_of(text);
        if (a->output)
            object_set(report, "schema", json_string(a->output));
        if (a->output && !c->json)
            print_schema_summary(report, a->output);
        status = cli_done(c, report, EXIT_DONE);
    }
    zkm_schema_free(schema);
    return status;
}

const verb VERB_SCHEMA = {
    .name = "schema",
    .arguments = "DATA...",
    .summary = "propose columns, roles and scales from example rows",
    .details =
        "DATA is CSV with a header row, .npy or .npz; several files are joined side by side. The "
        "schema is a JSON file that a person can edit: every other verb goes by it.",
    .options = SCHEMA_OPTIONS,
    .size = sizeof(schema_args),
    .min_words = 1,
    .max_words = 64,
    .run = run_schema};

/* ------------------------------------------------------------------ compile */

typedef struct {
    const char *schema, *metric, *output_name, *out;
    word_list calibration;
    uint32_t capacity, bits;
    double headroom;
} compile_args;

static const option COMPILE_OPTIONS[] = {
    {OPTION_TEXT, "schema", 's', "SCHEMA", offsetof(compile_args, schema), true, 0, 0,
     "columns and scales of the data"},
    {OPTION_LIST, "calibration", 'd', "DATA", offsetof(compile_args, calibration), true, 0, 0,
     "example rows that set the ranges; repeat it to join files side by side"},
    {OPTION_TEXT, "metric", 'm', "NAME", offsetof(compile_args, metric), false, 0, 0,
     "what is proved: rmse (default)"},
    {OPTION_COUNT, "capacity", 'c', "N", offsetof(compile_args, capacity), true, 1, 1048576,
     "the most samples that a proof can cover"},
    {OPTION_COUNT, "bits", 'b', "BITS", offsetof(compile_args, bits), false, 8, 16,
     "width of activations, 8 to 16 (16)"},
    {OPTION_REAL, "headroom", 0, "FACTOR", offsetof(compile_args, headroom), false, 0, 0,
     "how far later rounds' values may exceed the calibrated ranges, 1 to 64 (2)"},
    {OPTION_TEXT, "output", 0, "NAME", offsetof(compile_args, output_name), false, 0, 0,
     "which output of the graph; needed where there are several"},
    {OPTION_TEXT, "out", 'o', "CIRCUIT", offsetof(compile_args, out), true, 0, 0,
     "the circuit file to write"},
    {.kind = OPTION_END}};

static void print_layers(const json_t *layers) {
    size_t i;
    json_t *l;
    printf("  %-24s %6s  %-23s %-23s %s\n", "layer", "width", "observed", "room", "left");
    json_array_foreach(layers, i, l) {
        char observed[64], room[64];
        snprintf(observed, sizeof observed, "%.4g .. %.4g", object_real(l, "min"),
                 object_real(l, "max"));
        snprintf(room, sizeof room, "%.4g .. %.4g", object_real(l, "room_min"),
                 object_real(l, "room_max"));
        printf("  %-24.24s %6llu  %-23s %-23s x%.3g\n", object_text(l, "name"),
               (unsigned long long)object_count(l, "width"), observed, room,
               object_real(l, "headroom_left"));
    }
}

static void print_parts(const json_t *parts, uint64_t total) {
    size_t i;
    json_t *part;
    number_text text;
    printf("  %-24s %14s  share\n", "part", "constraints");
    json_array_foreach(parts, i, part) {
        uint64_t rows = object_count(part, "constraints");
        printf("  %-24.24s %14s  %4.1f %%\n", object_text(part, "name"), count_text(&text, rows),
               total ? 100 * (double)rows / (double)total : 0.0);
    }
}

static void print_compilation(const char *path, const json_t *report) {
    number_text a, b, c;
    uint64_t total = object_count(report, "constraints");
    printf("%s: up to %s, %s constraints in a domain of %s\n", path,
           samples_text(&a, object_count(report, "capacity")), count_text(&b, total),
           count_text(&c, object_count(report, "domain")));
    printf("  digest %s\n\n", object_text(report, "circuit_digest"));
    printf("  %s on %s calibration rows\n", object_text(report, "metric"),
           count_text(&a, object_count(report, "num_samples")));
    printf("    float model    %.9g\n    integer model  %.9g  (what a proof is about)\n"
           "    difference     %+.3g\n    largest difference of an output  %.3g\n\n",
           object_real(report, "float_metric"), object_real(report, "integer_metric"),
           object_real(report, "metric_difference"), object_real(report, "max_abs_output_error"));
    print_layers(json_object_get(report, "layers"));
    printf("\n");
    print_parts(json_object_get(report, "parts"), total);
}

static int run_compile(cli *c, const void *args) {
    const compile_args *a = args;
    zkm_schema *schema = NULL;
    zkm_model *model = NULL;
    zkm_circuit *circuit = NULL;
    char *text = NULL;
    int status;
    zkm_compile_options what = {
        .metric = a->metric, .capacity = a->capacity, .bits = a->bits, .headroom = a->headroom};
    if (zkm_schema_read(&c->error, &schema, a->schema) != ZKM_OK ||
        zkm_model_open(&c->error, &model, c->words.items[0], a->output_name) != ZKM_OK ||
        zkm_circuit_compile(&c->error, &circuit, &text, model, schema, a->calibration.items,
                            a->calibration.n, &what, &c->options) != ZKM_OK ||
        cli_stopped(c) || zkm_circuit_write(&c->error, circuit, a->out) != ZKM_OK) {
        zkm_string_free(text);
        status = cli_fail(c, NULL);
    } else {
        progress_end();
        json_t *report = report_of(text);
        object_set(report, "circuit", json_string(a->out));
        object_set(report, "circuit_bytes", json_integer((json_int_t)file_size(a->out)));
        if (!c->json)
            print_compilation(a->out, report);
        status = cli_done(c, report, EXIT_DONE);
    }
    zkm_circuit_free(circuit);
    zkm_model_free(model);
    zkm_schema_free(schema);
    return status;
}

static const compile_args COMPILE_DEFAULTS = {.metric = "rmse", .bits = 16, .headroom = 2};

const verb VERB_COMPILE = {
    .name = "compile",
    .arguments = "MODEL.onnx",
    .summary = "quantise a model and lay out its circuit",
    .details =
        "The circuit belongs to the architecture, its scales and the capacity, not to the weights: "
        "later rounds prove new weights under the same circuit and keys. The same input gives the "
        "same circuit on every machine.",
    .options = COMPILE_OPTIONS,
    .defaults = &COMPILE_DEFAULTS,
    .size = sizeof(compile_args),
    .min_words = 1,
    .max_words = 1,
    .run = run_compile};

/* ------------------------------------------------------------------ setup */

typedef struct {
    const char *out;
} setup_args;

static const option SETUP_OPTIONS[] = {{OPTION_TEXT, "out", 'o', "KEYS", offsetof(setup_args, out),
                                        true, 0, 0,
                                        "the folder to write pk.zkm, vk.zkm and vk.json to"},
                                       {.kind = OPTION_END}};

static int run_setup(cli *c, const void *args) {
    const setup_args *a = args;
    zkm_circuit *circuit = NULL;
    char *text = NULL;
    int status;
    if (zkm_circuit_read(&c->error, &circuit, c->words.items[0]) != ZKM_OK || cli_stopped(c) ||
        zkm_setup(&c->error, &text, circuit, a->out, &c->options) != ZKM_OK) {
        status = cli_fail(c, NULL);
    } else {
        progress_end();
        json_t *report = report_of(text);
        if (!c->json) {
            number_text x, y, z;
            printf("%s: pk.zkm (%s), vk.zkm (%s), vk.json\n  %s constraints\n  vk digest %s\n",
                   a->out, bytes_text(&x, object_count(report, "pk_bytes")),
                   bytes_text(&y, object_count(report, "vk_bytes")),
                   count_text(&z, object_count(report, "constraints")),
                   object_text(report, "vk_digest"));
            printf(
                "These are single-party keys: whoever ran this could have kept secrets that forge\n"
                "proofs. Verifiers should run setup themselves or trust who did.\n");
        }
        status = cli_done(c, report, EXIT_DONE);
    }
    zkm_circuit_free(circuit);
    return status;
}

const verb VERB_SETUP = {
    .name = "setup",
    .arguments = "CIRCUIT",
    .summary = "make the proving and the verifying key of a circuit, by one party",
    .details =
        "The keys serve every round, every dataset and every model of the circuit's architecture. "
        "They are marked single-party, and verify says so.",
    .options = SETUP_OPTIONS,
    .size = sizeof(setup_args),
    .min_words = 1,
    .max_words = 1,
    .run = run_setup};

/* ------------------------------------------------------------------ specialise */

typedef struct {
    const char *circuit, *key, *model, *output_name, *out;
} specialise_args;

static const option SPECIALISE_OPTIONS[] = {
    {OPTION_TEXT, "circuit", 'c', "CIRCUIT", offsetof(specialise_args, circuit), true, 0, 0,
     "what compile wrote"},
    {OPTION_TEXT, "key", 'k', "PK", offsetof(specialise_args, key), true, 0, 0,
     "the proving key, pk.zkm"},
    {OPTION_TEXT, "model", 'm', "MODEL.onnx", offsetof(specialise_args, model), true, 0, 0,
     "the model that will be proved with the new key"},
    {OPTION_TEXT, "output", 0, "NAME", offsetof(specialise_args, output_name), false, 0, 0,
     "which output of the graph; needed where there are several"},
    {OPTION_TEXT, "out", 'o', "PK", offsetof(specialise_args, out), true, 0, 0,
     "the key to write; as secret as the model"},
    {.kind = OPTION_END}};

static int run_specialise(cli *c, const void *args) {
    const specialise_args *a = args;
    zkm_circuit *circuit = NULL;
    zkm_model *model = NULL;
    zkm_proving_key *key = NULL;
    char *text = NULL;
    int status;
    if (zkm_circuit_read(&c->error, &circuit, a->circuit) != ZKM_OK ||
        zkm_model_open(&c->error, &model, a->model, a->output_name) != ZKM_OK ||
        zkm_proving_key_open(&c->error, &key, a->key, circuit, &c->options) != ZKM_OK ||
        cli_stopped(c) ||
        zkm_proving_key_specialise(&c->error, &text, key, circuit, model, a->out, &c->options) !=
            ZKM_OK) {
        status = cli_fail(c, NULL);
    } else {
        progress_end();
        json_t *report = report_of(text);
        object_set(report, "key", json_string(a->out));
        object_set(report, "key_bytes", json_integer((json_int_t)file_size(a->out)));
        if (!c->json) {
            number_text x, y, z;
            printf("%s (%s): %s of %s wires are fixed\n  model_id %s\n"
                   "It proves this model only. Keep it as secret as the model.\n",
                   a->out, bytes_text(&x, object_count(report, "key_bytes")),
                   count_text(&y, object_count(report, "fixed_wires")),
                   count_text(&z, object_count(report, "wires")), object_text(report, "model_id"));
        }
        status = cli_done(c, report, EXIT_DONE);
    }
    zkm_proving_key_free(key);
    zkm_model_free(model);
    zkm_circuit_free(circuit);
    return status;
}

const verb VERB_SPECIALISE = {
    .name = "specialise",
    .arguments = "",
    .summary = "make a proving key for one model, with which its proofs cost less",
    .details =
        "What the model's wires contribute to a proof is summed up once. The fewer samples a "
        "proof covers, the more this saves. Proofs are the same, under the same verifying "
        "key.",
    .options = SPECIALISE_OPTIONS,
    .size = sizeof(specialise_args),
    .min_words = 0,
    .max_words = 0,
    .run = run_specialise};
