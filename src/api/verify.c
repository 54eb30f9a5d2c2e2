/* Verifying: the expectations of the caller, then the proof. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "api/verifier.h"
#include "base/bytes.h"
#include "base/error.h"
#include "groth16/verify.h"

/* ZKM_REJECTED unless the proof's 32 bytes are those wanted; NULL: no wish. */
static zkm_status expect_field(zkm_error *err, const char *name, const uint8_t proved[32],
                               const uint8_t *wanted) {
    if (!wanted || memcmp(proved, wanted, 32) == 0)
        return ZKM_OK;
    char have[65], want[65];
    hex_encode(have, proved, 32);
    hex_encode(want, wanted, 32);
    return error_set(err, ZKM_REJECTED, "%s: the proof is about 0x%s, expected 0x%s", name, have,
                     want);
}

static zkm_status check_expectations(zkm_error *err, const zkm_statement *s,
                                     const zkm_expectations *want) {
    ZKM_TRY(expect_field(err, "model_id", s->model_id, want->model_id));
    ZKM_TRY(expect_field(err, "dataset_id", s->dataset_id, want->dataset_id));
    ZKM_TRY(expect_field(err, "context", s->context, want->context));
    if (s->num_samples < want->min_samples)
        return error_set(err, ZKM_REJECTED,
                         "num_samples: the proof covers %" PRIu32 ", expected at least %" PRIu32,
                         s->num_samples, want->min_samples);
    if (want->threshold && s->threshold > *want->threshold) {
        char proved[ZKM_THRESHOLD_TEXT_BYTES], wanted[ZKM_THRESHOLD_TEXT_BYTES];
        zkm_threshold_to_text(proved, s->threshold);
        zkm_threshold_to_text(wanted, *want->threshold);
        return error_set(err, ZKM_REJECTED,
                         "threshold: the proof's bound is %s, expected at most %s", proved, wanted);
    }
    if (want->require_pass && s->verdict != 1)
        return error_set(err, ZKM_REJECTED,
                         "verdict: the proof says that the metric is not below the bound");
    return ZKM_OK;
}

/* A proof that says under which key it was made gets a better answer than "not valid". */
static zkm_status check_named_key(zkm_error *err, const zkm_verifying_key *key,
                                  const zkm_proof *proof) {
    if (!proof->names_key || memcmp(proof->vk_digest, key->value->digest, 32) == 0)
        return ZKM_OK;
    return error_set(
        err, ZKM_REJECTED,
        "proof: made under another verifying key (its vk_digest is another); verify it "
        "with the vk.zkm of the same setup");
}

zkm_status zkm_verify(zkm_error *err, const zkm_verifying_key *key, const zkm_proof *proof,
                      const zkm_expectations *expected) {
    fr fields[STATEMENT_FIELDS];
    ZKM_TRY(check_named_key(err, key, proof));
    statement_to_fields(fields, &proof->claim);
    ZKM_TRY(groth16_verify_committed(err, key->value, fields, STATEMENT_FIELDS, &proof->value));
    if (!expected)
        return ZKM_OK;
    zkm_statement s;
    zkm_proof_statement(&s, proof);
    return check_expectations(err, &s, expected);
}

static zkm_status verify_equations(zkm_error *err, size_t *bad, const zkm_verifying_key *key,
                                   const zkm_proof *const *proofs, size_t n) {
    zkm_status status = ZKM_OK;
    fr *fields = calloc(n ? n : 1, STATEMENT_FIELDS * sizeof *fields);
    groth16_proof *values = calloc(n ? n : 1, sizeof *values);
    if (!fields || !values) {
        status = error_memory(err, "batch of proofs", n * sizeof *values);
        goto out;
    }
    for (size_t i = 0; i < n; i++) {
        statement_to_fields(fields + i * STATEMENT_FIELDS, &proofs[i]->claim);
        values[i] = proofs[i]->value;
    }
    status = groth16_verify_batch(err, bad, key->value, fields, STATEMENT_FIELDS, values, n);
out:
    free(fields);
    free(values);
    return status;
}

zkm_status zkm_verify_batch(zkm_error *err, size_t *bad, const zkm_verifying_key *key,
                            const zkm_proof *const *proofs, size_t n) {
    size_t named = 0; /* proofs before the first that names another key */
    while (named < n && check_named_key(NULL, key, proofs[named]) == ZKM_OK)
        named++;
    ZKM_TRY(verify_equations(err, bad, key, proofs, named));
    if (named == n)
        return ZKM_OK;
    if (bad)
        *bad = named;
    return check_named_key(err, key, proofs[named]);
}
