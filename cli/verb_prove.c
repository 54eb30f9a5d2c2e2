/* commit and prove: what the owner of the data does. */
#include <stdio.h>
#include <string.h>

#include "cli.h"

/* ------------------------------------------------------------------ commit */

typedef struct {
    const char *schema, *out;
} commit_args;

static const option COMMIT_OPTIONS[] = {
    {OPTION_TEXT, "schema", 's', "SCHEMA", offsetof(commit_args, schema), true, 0, 0,
     "columns and scales of the data"},
    {OPTION_TEXT, "out", 'o', "OPENING", offsetof(commit_args, out), true, 0, 0,
     "the folder to write dataset.json (public) and opening.zkm (secret) to"},
    {.kind = OPTION_END}};

static int run_commit(cli *c, const void *args) {
    const commit_args *a = args;
    zkm_schema *schema = NULL;
    zkm_opening *opening = NULL;
    const char *secret = path_join(a->out, "opening.zkm");
    int status;
    if (zkm_schema_read(&c->error, &schema, a->schema) != ZKM_OK ||
        zkm_opening_commit(&c->error, &opening, schema, c->words.items, c->words.n) != ZKM_OK ||
        cli_stopped(c) || zkm_opening_write(&c->error, opening, a->out) != ZKM_OK) {
        status = cli_fail(c, NULL);
    } else {
        uint8_t id[32];
        number_text text;
        zkm_opening_dataset_id(id, opening);
        json_t *report = json_object();
        object_hex(report, "dataset_id", id);
        object_set(report, "num_samples", json_integer(zkm_opening_num_samples(opening)));
        object_set(report, "dataset", json_string(path_join(a->out, "dataset.json")));
        object_set(report, "opening", json_string(secret));
        if (!c->json)
            printf("%s\n%s committed. Publish %s; keep %s secret: it holds the rows.\n",
                   object_text(report, "dataset_id"),
                   samples_text(&text, zkm_opening_num_samples(opening)),
                   object_text(report, "dataset"), secret);
        status = cli_done(c, report, EXIT_DONE);
    }
    zkm_opening_free(opening);
    zkm_schema_free(schema);
    return status;
}

const verb VERB_COMMIT = {
    .name = "commit",
    .arguments = "DATA...",
    .summary = "commit to a dataset: a public dataset_id and a secret opening",
    .details = "A fresh salt hides the data: equal data gives another "
               "dataset_id each time. Publish the id "
               "before the model is known, and prove with the same opening. An opening that is "
               "there already is kept as opening.zkm.~1~ (~2~, ...).",
    .options = COMMIT_OPTIONS,
    .size = sizeof(commit_args),
    .min_words = 1,
    .max_words = 64,
    .run = run_commit};

/* ------------------------------------------------------------------ prove */

typedef struct {
    const char *circuit, *key, *model, *output_name, *opening, *out, *binary;
    threshold_value threshold;
    field_value context;
    bool require_pass, show_metric;
} prove_args;

static const option PROVE_OPTIONS[] = {
    {OPTION_TEXT, "circuit", 'c', "CIRCUIT", offsetof(prove_args, circuit), true, 0, 0,
     "what compile wrote"},
    {OPTION_TEXT, "key", 'k', "PK", offsetof(prove_args, key), true, 0, 0,
     "the proving key, pk.zkm"},
    {OPTION_TEXT, "model", 'm', "MODEL.onnx", offsetof(prove_args, model), true, 0, 0,
     "the model whose error is proved"},
    {OPTION_TEXT, "output", 0, "NAME", offsetof(prove_args, output_name), false, 0, 0,
     "which output of the graph; needed where there are several"},
    {OPTION_TEXT, "opening", 'd', "OPENING", offsetof(prove_args, opening), true, 0, 0,
     "the committed data, opening.zkm"},
    {OPTION_THRESHOLD, "threshold", 't', "T", offsetof(prove_args, threshold), true, 0, 0,
     "the bound on the metric, for example 0.05"},
    {OPTION_FIELD, "context", 'x', "HEX", offsetof(prove_args, context), true, 0, 0,
     "32 bytes that bind the proof to one use"},
    {OPTION_FLAG, "require-pass", 0, NULL, offsetof(prove_args, require_pass), false, 0, 0,
     "prove nothing (exit status 1) when the metric is not below the bound"},
    {OPTION_FLAG, "show-metric", 0, NULL, offsetof(prove_args, show_metric), false, 0, 0,
     "also report the metric itself, which the proof keeps secret"},
    {OPTION_TEXT, "out", 'o', "PROOF", offsetof(prove_args, out), true, 0, 0, "the proof as JSON"},
    {OPTION_TEXT, "binary", 0, "PROOF", offsetof(prove_args, binary), false, 0, 0,
     "the proof in binary too: 160 bytes, and 192 of statement"},
    {.kind = OPTION_END}};

static zkm_status prove_steps(cli *c, const prove_args *a, zkm_proof **proof, char **report) {
    const zkm_prove_paths paths = {a->circuit, a->key, a->model, a->output_name, a->opening};
    zkm_prove_options what = {.threshold = a->threshold.fixed, .require_pass = a->require_pass};
    memcpy(what.context, a->context.bytes, sizeof what.context);
    zkm_status status = zkm_prove_files(&c->error, proof, report, &paths, &what, &c->options);
    if (status == ZKM_OK && cli_stopped(c))
        status = ZKM_ERR_CANCELLED;
    if (status == ZKM_OK)
        status = zkm_proof_write(&c->error, *proof, a->out, a->binary);
    return status;
}

static void print_proved(const prove_args *a, const json_t *report, const zkm_proof *proof) {
    zkm_statement s;
    number_text text;
    zkm_proof_statement(&s, proof);
    printf("verdict %u: the metric over %s is %s %s\n", s.verdict,
           samples_text(&text, s.num_samples), s.verdict ? "below" : "not below",
           a->threshold.text);
    if (a->show_metric)
        printf("  metric     %.9g  (secret: not in the proof)\n",
               object_real(report, "private_metric"));
    printf("  model_id   %s\n  dataset_id %s\n  proof      %s%s%s\n",
           object_text(report, "model_id"), object_text(report, "dataset_id"), a->out,
           a->binary ? ", " : "", a->binary ? a->binary : "");
}

static int run_prove(cli *c, const void *args) {
    const prove_args *a = args;
    zkm_proof *proof = NULL;
    char *text = NULL;
    int status;
    if (prove_steps(c, a, &proof, &text) != ZKM_OK) {
        zkm_string_free(text);
        status = cli_fail(c, NULL);
    } else {
        progress_end();
        json_t *report = report_of(text);
        if (!a->show_metric)
            json_object_del(report, "private_metric");
        object_set(report, "proof", json_string(a->out));
        if (a->binary)
            object_set(report, "binary", json_string(a->binary));
        if (!c->json)
            print_proved(a, report, proof);
        status = cli_done(c, report, EXIT_DONE);
    }
    zkm_proof_free(proof);
    return status;
}

const verb VERB_PROVE = {
    .name = "prove",
    .arguments = "",
    .summary = "prove that a model's metric on committed data is below a bound, or that it is not",
    .details =
        "Proves whichever verdict is true and verifies the proof before writing it. Every bound "
        "proved on one dataset tells a little of the metric: keep to one bound for each dataset "
        "and "
        "round.",
    .options = PROVE_OPTIONS,
    .size = sizeof(prove_args),
    .min_words = 0,
    .max_words = 0,
    .run = run_prove};
