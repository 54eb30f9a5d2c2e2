/* inspect and model-id: what a model is, before and after there is a circuit. */
#include <stdio.h>

#include "cli.h"

/* ------------------------------------------------------------------ inspect */

typedef struct {
    const char *output;
    uint32_t capacity;
} inspect_args;

static const option INSPECT_OPTIONS[] = {
    {OPTION_COUNT, "capacity", 'c', "N", offsetof(inspect_args, capacity), false, 1, 1048576,
     "samples of one proof, for the predicted cost (1024)"},
    {OPTION_TEXT, "output", 0, "NAME", offsetof(inspect_args, output), false, 0, 0,
     "which output of the graph; needed where there are several"},
    {.kind = OPTION_END}};

static void print_ports(const char *title, const json_t *ports) {
    size_t i;
    json_t *port;
    json_array_foreach(ports, i, port) printf(
        "  %-12s %s %s\n", i ? "" : title, object_text(port, "name"), object_text(port, "shape"));
}

static void print_operators(const json_t *operators) {
    const char *name;
    json_t *count, *all = (json_t *)operators;
    printf("  %-12s", "operators");
    json_object_foreach(all, name, count) {
        printf(" %s", name);
        if (json_integer_value(count) > 1)
            printf(" x%lld", (long long)json_integer_value(count));
    }
    printf("\n");
}

static void print_unsupported(const json_t *unsupported) {
    size_t i;
    json_t *node;
    json_array_foreach(unsupported, i, node)
        printf("  node %s, operator %s: %s\n", object_text(node, "node"), object_text(node, "op"),
               object_text(node, "hint"));
}

static void print_inspection(const char *path, const json_t *report, bool supported) {
    number_text a, b, c, d;
    printf("%s: %s\n", path, supported ? "can be proved" : "cannot be proved as it is");
    print_ports("input", json_object_get(report, "inputs"));
    print_ports("output", json_object_get(report, "outputs"));
    print_operators(json_object_get(report, "operators"));
    if (!supported) {
        print_unsupported(json_object_get(report, "unsupported"));
        return;
    }
    printf("  %-12s %s\n", "parameters", count_text(&a, object_count(report, "parameters")));
    size_t i;
    json_t *layer;
    json_array_foreach(json_object_get(report, "layers"), i, layer)
        printf("  %-12s %s: %s -> %s, %s\n", i ? "" : "layers", object_text(layer, "name"),
               count_text(&a, object_count(layer, "fan_in")),
               count_text(&b, object_count(layer, "width")), object_text(layer, "activation"));
    const json_t *cost = json_object_get(report, "predicted");
    printf("A proof over up to %s: %s constraints%s.\n",
           samples_text(&a, object_count(report, "capacity")),
           count_text(&b, object_count(report, "constraints")),
           json_is_true(json_object_get(report, "constraints_exact")) ? "" : " (extrapolated)");
    printf("Predicted for this machine: proving key %s; setup %s; prove %s with %s of memory.\n",
           bytes_text(&a, object_count(cost, "pk_bytes")),
           seconds_text(&b, object_real(cost, "setup_seconds")),
           seconds_text(&c, object_real(cost, "prove_seconds")),
           bytes_text(&d, object_count(cost, "prove_rss_bytes")));
}

static int run_inspect(cli *c, const void *args) {
    const inspect_args *a = args;
    const char *path = c->words.items[0];
    char *text = NULL;
    bool supported = false;
    zkm_inspect_options what = {.capacity = a->capacity, .output_name = a->output};
    if (zkm_model_inspect(&c->error, &text, &supported, path, &what, &c->options) != ZKM_OK) {
        json_t *extra = json_object();
        object_set(extra, "supported", json_false());
        return cli_fail(c, extra);
    }
    progress_end();
    json_t *report = report_of(text);
    if (!c->json)
        print_inspection(path, report, supported);
    if (!supported)
        fprintf(stderr, "zkmetric inspect: %s: %zu of its nodes cannot be proved\n", path,
                json_array_size(json_object_get(report, "unsupported")));
    return cli_done(c, report, supported ? EXIT_DONE : EXIT_BAD_INPUT);
}

static const inspect_args INSPECT_DEFAULTS = {.capacity = 1024};

const verb VERB_INSPECT = {
    .name = "inspect",
    .arguments = "MODEL.onnx",
    .summary = "what a model consists of, whether it can be proved, and at what cost",
    .details = "Constraints and costs are those of a circuit with default options; compile, which "
               "sees the "
               "data, may find a smaller one. Exit status 2 when the model cannot be proved.",
    .options = INSPECT_OPTIONS,
    .defaults = &INSPECT_DEFAULTS,
    .size = sizeof(inspect_args),
    .min_words = 1,
    .max_words = 1,
    .run = run_inspect};

/* ------------------------------------------------------------------ model-id */

typedef struct {
    const char *circuit, *output;
} model_id_args;

static const option MODEL_ID_OPTIONS[] = {
    {OPTION_TEXT, "circuit", 'c', "CIRCUIT", offsetof(model_id_args, circuit), true, 0, 0,
     "the circuit whose scales the weights take"},
    {OPTION_TEXT, "output", 0, "NAME", offsetof(model_id_args, output), false, 0, 0,
     "which output of the graph; needed where there are several"},
    {.kind = OPTION_END}};

static int run_model_id(cli *c, const void *args) {
    const model_id_args *a = args;
    zkm_circuit *circuit = NULL;
    zkm_model *model = NULL;
    uint8_t id[32];
    int status;
    if (zkm_circuit_read(&c->error, &circuit, a->circuit) != ZKM_OK ||
        zkm_model_open(&c->error, &model, c->words.items[0], a->output) != ZKM_OK ||
        zkm_circuit_model_id(&c->error, id, circuit, model) != ZKM_OK) {
        status = cli_fail(c, NULL);
    } else {
        json_t *report = json_object();
        object_hex(report, "model_id", id);
        if (!c->json)
            printf("%s\n", object_text(report, "model_id"));
        status = cli_done(c, report, EXIT_DONE);
    }
    zkm_model_free(model);
    zkm_circuit_free(circuit);
    return status;
}

const verb VERB_MODEL_ID = {
    .name = "model-id",
    .arguments = "MODEL.onnx",
    .summary = "the id that a proof will show for a model's weights",
    .details = "A server publishes it with the weights of a round; `verify --model-id` compares.",
    .options = MODEL_ID_OPTIONS,
    .size = sizeof(model_id_args),
    .min_words = 1,
    .max_words = 1,
    .run = run_model_id};
