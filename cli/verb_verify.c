/* verify and verify-batch: what the receiver of a proof does. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* Adds what the proof says to a report. */
static void add_statement(json_t *report, const zkm_proof *proof) {
    zkm_statement s;
    char threshold[ZKM_THRESHOLD_TEXT_BYTES];
    zkm_proof_statement(&s, proof);
    zkm_threshold_to_text(threshold, s.threshold);
    object_hex(report, "model_id", s.model_id);
    object_hex(report, "dataset_id", s.dataset_id);
    object_set(report, "num_samples", json_integer(s.num_samples));
    object_set(report, "threshold", json_real(strtod(threshold, NULL)));
    object_set(report, "threshold_fixed", json_integer((json_int_t)s.threshold));
    object_set(report, "verdict", json_integer(s.verdict));
    object_hex(report, "context", s.context);
}

static void add_key(json_t *report, const zkm_verifying_key *key) {
    uint8_t digest[32];
    object_set(report, "setup", json_string(zkm_verifying_key_setup(key)));
    uint32_t contributions = zkm_verifying_key_contributions(digest, key);
    if (contributions > 0) {
        object_set(report, "contributions", json_integer(contributions));
        object_hex(report, "transcript", digest);
    }
    zkm_verifying_key_digest(digest, key);
    object_hex(report, "vk_digest", digest);
    zkm_verifying_key_circuit_digest(digest, key);
    object_hex(report, "circuit_digest", digest);
}

static void print_key_note(const zkm_verifying_key *key) {
    uint8_t transcript[32];
    uint32_t contributions = zkm_verifying_key_contributions(transcript, key);
    if (contributions > 0)
        printf("The key says that it is of a ceremony with %u contributions; 'zkmetric ceremony "
               "verify' checks that.\n",
               contributions);
    if (strcmp(zkm_verifying_key_setup(key), "single-party") == 0)
        printf("Note: the key is single-party: whoever made it could have kept secrets that forge "
               "proofs.\n");
}

/* ------------------------------------------------------------------ verify */

typedef struct {
    const char *key;
    field_value model_id, dataset_id, context;
    uint32_t min_samples;
    threshold_value threshold;
    bool require_pass;
} verify_args;

static const option VERIFY_OPTIONS[] = {
    {OPTION_TEXT, "key", 'k', "VK", offsetof(verify_args, key), true, 0, 0,
     "the verifying key, vk.zkm"},
    {OPTION_FIELD, "model-id", 0, "HEX", offsetof(verify_args, model_id), false, 0, 0,
     "reject a proof about another model"},
    {OPTION_FIELD, "dataset-id", 0, "HEX", offsetof(verify_args, dataset_id), false, 0, 0,
     "reject a proof about another dataset"},
    {OPTION_COUNT, "min-samples", 0, "N", offsetof(verify_args, min_samples), false, 1, UINT32_MAX,
     "reject a proof over fewer samples"},
    {OPTION_THRESHOLD, "threshold", 't', "T", offsetof(verify_args, threshold), false, 0, 0,
     "reject a proof with a higher bound"},
    {OPTION_FIELD, "context", 'x', "HEX", offsetof(verify_args, context), false, 0, 0,
     "reject a proof made for another use"},
    {OPTION_FLAG, "require-pass", 0, NULL, offsetof(verify_args, require_pass), false, 0, 0,
     "reject verdict 0"},
    {.kind = OPTION_END}};

static json_t *not_accepted(const cli *c) {
    json_t *report = json_object();
    object_set(report, "accepted", json_false());
    object_set(report, "reason", json_string(c->error.message));
    return report;
}

static void print_accepted(const json_t *report, const zkm_verifying_key *key) {
    number_text text;
    printf("accepted: verdict %llu, the metric over %s is %s %.12g\n",
           (unsigned long long)object_count(report, "verdict"),
           samples_text(&text, object_count(report, "num_samples")),
           object_count(report, "verdict") ? "below" : "not below",
           object_real(report, "threshold"));
    printf("  model_id   %s\n  dataset_id %s\n  context    %s\n  circuit    %s\n",
           object_text(report, "model_id"), object_text(report, "dataset_id"),
           object_text(report, "context"), object_text(report, "circuit_digest"));
    print_key_note(key);
}

static int run_verify(cli *c, const void *args) {
    const verify_args *a = args;
    zkm_verifying_key *key = NULL;
    zkm_proof *proof = NULL;
    int status;
    zkm_expectations want = {.model_id = a->model_id.given ? a->model_id.bytes : NULL,
                             .dataset_id = a->dataset_id.given ? a->dataset_id.bytes : NULL,
                             .context = a->context.given ? a->context.bytes : NULL,
                             .min_samples = a->min_samples,
                             .threshold = a->threshold.given ? &a->threshold.fixed : NULL,
                             .require_pass = a->require_pass};
    if (zkm_verifying_key_read(&c->error, &key, a->key) != ZKM_OK ||
        zkm_proof_read(&c->error, &proof, c->words.items[0]) != ZKM_OK) {
        status = cli_fail(c, not_accepted(c));
    } else if (zkm_verify(&c->error, key, proof, &want) != ZKM_OK) {
        json_t *report = not_accepted(c);
        if (c->error.status == ZKM_REJECTED)
            add_key(report, key);
        status = cli_fail(c, report);
    } else {
        json_t *report = json_object();
        object_set(report, "accepted", json_true());
        add_statement(report, proof);
        add_key(report, key);
        if (!c->json)
            print_accepted(report, key);
        status = cli_done(c, report, EXIT_DONE);
    }
    zkm_proof_free(proof);
    zkm_verifying_key_free(key);
    return status;
}

const verb VERB_VERIFY = {.name = "verify",
                          .arguments = "PROOF",
                          .summary = "accept or reject a proof, JSON or binary",
                          .details = "A valid proof is about what its statement says: give the "
                                     "model, dataset, bound and context "
                                     "that you expect. Exit status 0: accepted; 1: rejected, and "
                                     "the reason; 2: no proof at all.",
                          .options = VERIFY_OPTIONS,
                          .size = sizeof(verify_args),
                          .min_words = 1,
                          .max_words = 1,
                          .run = run_verify};

/* ------------------------------------------------------------------ verify-batch */

typedef struct {
    const char *key;
} batch_args;

static const option BATCH_OPTIONS[] = {{OPTION_TEXT, "key", 'k', "VK", offsetof(batch_args, key),
                                        true, 0, 0, "the verifying key, vk.zkm"},
                                       {.kind = OPTION_END}};

static int batch_accepted(cli *c, const zkm_verifying_key *key, zkm_proof *const *proofs,
                          size_t n) {
    json_t *report = json_object(), *list = json_array();
    number_text text;
    object_set(report, "accepted", json_true());
    object_set(report, "proofs", json_integer((json_int_t)n));
    for (size_t i = 0; i < n; i++) {
        json_t *one = json_object();
        object_set(one, "proof", json_string(c->words.items[i]));
        add_statement(one, proofs[i]);
        json_array_append_new(list, one);
    }
    object_set(report, "statements", list);
    add_key(report, key);
    if (!c->json) {
        printf("accepted: all %s proofs\n", count_text(&text, n));
        print_key_note(key);
    }
    return cli_done(c, report, EXIT_DONE);
}

static int run_batch(cli *c, const void *args) {
    const batch_args *a = args;
    zkm_verifying_key *key = NULL;
    size_t n = c->words.n, bad = 0, read = 0;
    zkm_proof **proofs = cli_alloc(n * sizeof *proofs);
    zkm_status status = zkm_verifying_key_read(&c->error, &key, a->key);
    for (; status == ZKM_OK && read < n; read++)
        status = zkm_proof_read(&c->error, &proofs[read], c->words.items[read]);
    bool all_read = status == ZKM_OK;
    if (all_read)
        status = zkm_verify_batch(&c->error, &bad, key, (const zkm_proof *const *)proofs, n);
    int exit_status;
    if (status == ZKM_OK) {
        exit_status = batch_accepted(c, key, proofs, n);
    } else {
        char why[ZKM_ERROR_MESSAGE_BYTES];
        memcpy(why, c->error.message, sizeof why);
        const char *name = !key ? NULL : c->words.items[all_read ? bad : read - 1];
        if (status == ZKM_REJECTED && name)
            snprintf(c->error.message, sizeof c->error.message, "%.200s: %.800s", name, why);
        json_t *report = not_accepted(c);
        if (name)
            object_set(report, "proof", json_string(name));
        exit_status = cli_fail(c, report);
    }
    for (size_t i = 0; i < n; i++)
        zkm_proof_free(proofs[i]);
    zkm_verifying_key_free(key);
    return exit_status;
}

const verb VERB_VERIFY_BATCH = {
    .name = "verify-batch",
    .arguments = "PROOF...",
    .summary = "accept or reject many proofs under one key at once",
    .details = "Names the first proof that fails. What each proof says is in the report of --json.",
    .options = BATCH_OPTIONS,
    .size = sizeof(batch_args),
    .min_words = 1,
    .max_words = 1u << 20,
    .run = run_batch};
