/*
 * One proof, from a model and an opening to a proof that verifies (DESIGN section 3, "Prove"):
 * quantise, measure, assign the committed wires, commit, draw the challenge, solve the rest, prove,
 * verify.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api/internal.h"
#include "api/json.h"
#include "api/relay.h"
#include "api/verifier.h"
#include "base/error.h"
#include "base/progress.h"
#include "base/threads.h"
#include "base/wipe.h"
#include "groth16/prove.h"
#include "groth16/scratch.h"
#include "groth16/verify.h"

typedef enum {
    STAGE_MODEL,
    STAGE_ASSIGN,
    STAGE_COMMIT,
    STAGE_SOLVE,
    STAGE_PROVE,
    STAGE_VERIFY
} stage;
static const char *const STAGE_NAMES[] = {"measuring the model",
                                          "filling the committed wires",
                                          "committing",
                                          "solving",
                                          "proving",
                                          "verifying"};
static const char *const STAGE_KEYS[] = {"model", "assign", "commit", "solve", "prove", "verify"};
/* Their parts of the time, in thousandths, for the progress bar. */
static const unsigned STAGE_SHARES[] = {10, 80, 150, 150, 600, 10};
#define NUM_STAGES (sizeof STAGE_KEYS / sizeof *STAGE_KEYS)

/* Everything of one proof; what is secret is wiped by prover_clear. */
typedef struct {
    const circuit *c;
    const groth16_pk *pk;
    const char *pk_path;
    const zkm_opening *opening;
    unsigned threads;
    const zkm_progress *progress;
    program_weights weights;
    statement claim;
    circuit_metric metric;
    scratch memory[3];
    fr *wires, *a, *b; /* num_wires; domain; domain */
    size_t domain;
    fr salt, k;
    groth16_proof proof;
    double stage_seconds[NUM_STAGES], stage_started;
    size_t current;
} prover;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static zkm_status enter(zkm_error *err, prover *p, stage s) {
    double t = now();
    if (s > 0)
        p->stage_seconds[p->current] = t - p->stage_started;
    p->current = s;
    p->stage_started = t;
    return progress_report(err, p->progress, STAGE_NAMES[s], 0, 1);
}

static void prover_clear(prover *p) {
    for (int i = 0; i < 3; i++)
        scratch_free(&p->memory[i]);
    program_weights_clear(&p->weights);
    secure_wipe(p, sizeof *p);
}

/* ------------------------------------------------------------------ what goes together */

static zkm_status check_opening(zkm_error *err, const zkm_circuit *system,
                                const zkm_opening *data) {
    uint8_t wanted[32], have[32];
    const circuit_spec *spec = circuit_get_spec(system->value);
    ZKM_TRY(schema_digest(err, wanted, &spec->columns));
    ZKM_TRY(schema_digest(err, have, &data->value.columns));
    if (memcmp(wanted, have, 32) != 0)
        return error_set(err, ZKM_ERR_MISMATCH,
                         "%s was committed under another schema than %s was compiled with; commit "
                         "again with the schema that compile used",
                         data->path, system->path);
    if (data->value.data.n > spec->capacity)
        return error_set(err, ZKM_ERR_MISMATCH,
                         "%s holds %u samples, %s proves at most %u; compile with --capacity %u or "
                         "more and set up keys for it, or commit to fewer samples",
                         data->path, data->value.data.n, system->path, spec->capacity,
                         data->value.data.n);
    return ZKM_OK;
}

static zkm_status check_inputs(zkm_error *err, const zkm_circuit *system,
                               const zkm_proving_key *key, const zkm_opening *data,
                               const zkm_prove_options *what) {
    fr context;
    if (!fr_from_bytes(&context, what->context))
        return error_set(err, ZKM_ERR_ARGUMENT, "context: must be below the field's modulus r");
    if (what->threshold >> 48)
        return error_set(err, ZKM_ERR_ARGUMENT,
                         "threshold: must be below 2^48, a bound below 65536");
    if (memcmp(key->value->header.circuit_digest, circuit_digest(system->value), 32) != 0)
        return error_set(err, ZKM_ERR_MISMATCH,
                         "%s is a key of another circuit than %s; run setup on %s", key->path,
                         system->path, system->path);
    return check_opening(err, system, data);
}

/* A specialised key proves one model only. */
static zkm_status check_specialised(zkm_error *err, const prover *p, const zkm_model *m) {
    const groth16_pk_header *h = &p->pk->header;
    uint8_t id[32];
    fr_to_bytes(id, &p->claim.model_id);
    if (!h->specialised || memcmp(h->fixed.label, id, sizeof id) == 0)
        return ZKM_OK;
    return error_set(
        err, ZKM_ERR_MISMATCH,
        "%s is specialised to another model than %s; specialise the key to this model, "
        "or give the key that setup or a ceremony made",
        p->pk_path, m->path);
}

/* ------------------------------------------------------------------ steps */

static circuit_private private_of(const prover *p) {
    return (circuit_private){
        .weights = &p->weights, .data = &p->opening->value.data, .salt = &p->salt};
}

/* The statement, with the verdict that is true. */
static zkm_status state(zkm_error *err, prover *p, const zkm_prove_options *what) {
    circuit_private in = private_of(p);
    zkm_status status = circuit_measure(err, &p->metric, p->c, &in, p->threads);
    if (status != ZKM_OK)
        return error_prefix(err, status, "%s", p->opening->path);
    p->claim.dataset_id = p->opening->value.dataset_id;
    p->claim.num_samples = p->opening->value.data.n;
    p->claim.threshold = what->threshold;
    p->claim.verdict = circuit_verdict(&p->metric, what->threshold);
    if (!fr_from_bytes(&p->claim.context, what->context))
        return error_set(err, ZKM_ERR_INTERNAL, "context: changed while proving");
    if (what->require_pass && p->claim.verdict != 1)
        return error_set(err, ZKM_REJECTED,
                         "the metric is not below the bound and --require-pass was asked: nothing "
                         "is proved");
    return ZKM_OK;
}

/* The model's stage, which runs on one thread; another one meanwhile hashes the key. */
typedef struct {
    prover *p;
    const zkm_circuit *system;
    const zkm_model *m;
    const zkm_prove_options *what;
    zkm_error *err;
    zkm_status status;
    atomic_bool done;
} model_stage;

static zkm_status measure(zkm_error *err, const model_stage *s) {
    prover *p = s->p;
    ZKM_TRY(model_weights(err, &p->weights, s->m, s->system));
    model_weights_id(&p->claim.model_id, s->system, &p->weights);
    ZKM_TRY(check_specialised(err, p, s->m));
    return state(err, p, s->what);
}

static void run_model_stage(void *context, size_t begin, size_t end, unsigned worker) {
    model_stage *s = context;
    (void)worker;
    for (size_t task = begin; task < end; task++) {
        if (task == 0) {
            s->status = measure(s->err, s);
            atomic_store(&s->done, true);
        } else {
            groth16_pk_check_ahead(s->p->pk, &s->done);
        }
    }
}

static zkm_status measure_model(zkm_error *err, prover *p, const zkm_circuit *system,
                                const zkm_model *m, const zkm_prove_options *what) {
    model_stage s = {.p = p, .system = system, .m = m, .what = what, .err = err};
    atomic_init(&s.done, false);
    ZKM_TRY(enter(err, p, STAGE_MODEL));
    parallel_for(p->threads, 2, 1, run_model_stage, &s);
    return s.status;
}

static zkm_status allocate(zkm_error *err, prover *p) {
    p->domain = p->pk->header.domain;
    const size_t counts[3] = {circuit_constraints(p->c)->num_wires, p->domain, p->domain};
    for (int i = 0; i < 3; i++)
        ZKM_TRY(scratch_array(err, &p->memory[i], "the proof's wires", counts[i], sizeof(fr)));
    p->wires = p->memory[0].data;
    p->a = p->memory[1].data;
    p->b = p->memory[2].data;
    return ZKM_OK;
}

/* A key's damage shows when its parts are used: the message then names the file. */
static zkm_status name_key(zkm_error *err, const prover *p, zkm_status status) {
    return status == ZKM_ERR_FORMAT ? error_prefix(err, status, "%s", p->pk_path) : status;
}

/* Commits to wires I_D, draws c, folds the statement, and solves for the rest. */
static zkm_status commit_and_solve(zkm_error *err, prover *p) {
    const r1cs *cs = circuit_constraints(p->c);
    circuit_private in = private_of(p);
    fr fields[STATEMENT_FIELDS];
    ZKM_TRY(enter(err, p, STAGE_ASSIGN));
    ZKM_TRY(circuit_assign(err, p->wires, p->c, &in, &p->claim, p->threads));
    ZKM_TRY(enter(err, p, STAGE_COMMIT));
    ZKM_TRY(name_key(err, p,
                     groth16_commit(err, &p->proof.d, &p->k, p->pk,
                                    p->wires + r1cs_first_committed(cs), p->threads)));
    ZKM_TRY(enter(err, p, STAGE_SOLVE));
    statement_to_fields(fields, &p->claim);
    groth16_challenge(&p->wires[1], p->pk->vk->digest, fields, STATEMENT_FIELDS, &p->proof.d);
    groth16_fold(&p->wires[2], fields, STATEMENT_FIELDS, &p->wires[1]);
    return r1cs_solve(err, cs, p->wires, p->a, p->b, p->threads);
}

static zkm_status prove_and_check(zkm_error *err, prover *p) {
    g1_affine d = p->proof.d;
    groth16_witness witness = {.wires = p->wires, .a = p->a, .b = p->b, .k = &p->k, .d = &d};
    groth16_prove_options options = {.threads = p->threads, .progress = p->progress};
    fr fields[STATEMENT_FIELDS];
    ZKM_TRY(enter(err, p, STAGE_PROVE));
    ZKM_TRY(name_key(err, p, groth16_prove(err, &p->proof, p->pk, &witness, &options)));
    ZKM_TRY(enter(err, p, STAGE_VERIFY));
    statement_to_fields(fields, &p->claim);
    if (groth16_verify_committed(NULL, p->pk->vk, fields, STATEMENT_FIELDS, &p->proof) != ZKM_OK)
        return error_set(err, ZKM_ERR_INTERNAL,
                         "the proof just made does not verify and is not given out; the key may be "
                         "damaged or the memory faulty: try again, then run setup again");
    p->stage_seconds[STAGE_VERIFY] = now() - p->stage_started;
    return ZKM_OK;
}

/* ------------------------------------------------------------------ results */

static json_t *stages(const prover *p) {
    report r = report_new();
    for (size_t i = 0; i < NUM_STAGES; i++)
        report_real(&r, STAGE_KEYS[i], p->stage_seconds[i]);
    if (r.failed)
        report_clear(&r);
    return r.object;
}

static zkm_status prove_report(zkm_error *err, char **text, const prover *p,
                               const zkm_proof *proof) {
    zkm_statement s;
    zkm_proof_statement(&s, proof);
    report r = report_new();
    report_count(&r, "verdict", s.verdict);
    report_count(&r, "num_samples", s.num_samples);
    report_threshold(&r, "threshold", s.threshold);
    report_count(&r, "threshold_fixed", s.threshold);
    report_hex(&r, "model_id", s.model_id);
    report_hex(&r, "dataset_id", s.dataset_id);
    report_hex(&r, "context", s.context);
    report_real(&r, "private_metric", p->metric.rmse);
    report_count(&r, "constraints", circuit_constraints(p->c)->num_constraints);
    report_count(&r, "domain", p->domain);
    report_count(&r, "proof_bytes", GROTH16_COMMITTED_COMPRESSED_BYTES);
    report_hex(&r, "circuit_digest", circuit_digest(p->c));
    report_hex(&r, "vk_digest", p->pk->vk->digest);
    report_set(&r, "stages", stages(p));
    return report_finish(err, text, &r);
}

static zkm_status prover_result(zkm_error *err, zkm_proof **out, char **text, const prover *p) {
    zkm_proof *proof = calloc(1, sizeof *proof);
    if (!proof)
        return error_memory(err, "proof", sizeof *proof);
    *proof = (zkm_proof){.value = p->proof, .claim = p->claim, .names_key = true};
    memcpy(proof->vk_digest, p->pk->vk->digest, 32);
    zkm_status status = text ? prove_report(err, text, p, proof) : ZKM_OK;
    if (status == ZKM_OK)
        *out = proof;
    else
        free(proof);
    return status;
}

zkm_status zkm_prove(zkm_error *err, zkm_proof **out, char **text, const zkm_circuit *system,
                     const zkm_proving_key *key, const zkm_model *m, const zkm_opening *data,
                     const zkm_prove_options *what, const zkm_options *options) {
    prover p = {.c = system->value,
                .pk = key->value,
                .pk_path = key->path,
                .opening = data,
                .threads = options ? options->threads : 0};
    zkm_status status = ZKM_OK;
    relay whole = {
        .sink = options ? options->progress : NULL, .shares = STAGE_SHARES, .count = NUM_STAGES};
    zkm_progress progress = relay_progress(&whole);
    p.progress = &progress;
    ZKM_TRY_OUT(check_inputs(err, system, key, data, what));
    if (!fr_from_bytes(&p.salt, data->value.salt)) {
        status = error_set(err, ZKM_ERR_INTERNAL, "%s: salt out of range", data->path);
        goto out;
    }
    ZKM_TRY_OUT(measure_model(err, &p, system, m, what));
    ZKM_TRY_OUT(allocate(err, &p));
    ZKM_TRY_OUT(commit_and_solve(err, &p));
    ZKM_TRY_OUT(prove_and_check(err, &p));
    ZKM_TRY_OUT(prover_result(err, out, text, &p));
out:
    prover_clear(&p);
    return status;
}
