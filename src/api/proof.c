/* Proofs with their statement: the binary form and files. The JSON form is in proof_json.c. */
#include <stdlib.h>
#include <string.h>

#include "api/verifier.h"
#include "base/error.h"
#include "base/file.h"

#define PROOF_MAX_FILE 65536u

_Static_assert(ZKM_PROOF_BYTES == GROTH16_COMMITTED_COMPRESSED_BYTES + STATEMENT_BYTES,
               "the public header's number is the sum of its parts");

static zkm_status proof_from_binary(zkm_error *err, zkm_proof *out, const uint8_t *data,
                                    size_t len) {
    zkm_proof proof = {0};
    if (len != ZKM_PROOF_BYTES)
        return error_set(
            err, ZKM_ERR_FORMAT,
            "proof: holds %zu bytes, a binary proof has %u; it is truncated or another "
            "format",
            len, ZKM_PROOF_BYTES);
    ZKM_TRY(groth16_proof_from_bytes(err, &proof.value, data, GROTH16_COMMITTED_COMPRESSED_BYTES));
    ZKM_TRY(statement_from_bytes(err, &proof.claim, data + GROTH16_COMMITTED_COMPRESSED_BYTES));
    *out = proof;
    return ZKM_OK;
}

zkm_status zkm_proof_from_bytes(zkm_error *err, zkm_proof **out, const uint8_t *data, size_t len) {
    zkm_proof proof = {0};
    if (len == 0)
        return error_set(err, ZKM_ERR_FORMAT, "proof: is empty");
    /* A compressed point begins with a set bit, JSON text does not. */
    if (data[0] & 0x80)
        ZKM_TRY(proof_from_binary(err, &proof, data, len));
    else
        ZKM_TRY(proof_from_json(err, &proof, data, len));
    zkm_proof *copy = malloc(sizeof *copy);
    if (!copy)
        return error_memory(err, "proof", sizeof *copy);
    *copy = proof;
    *out = copy;
    return ZKM_OK;
}

zkm_status zkm_proof_read(zkm_error *err, zkm_proof **out, const char *path) {
    file_view file = {0};
    ZKM_TRY(file_open(err, &file, path, PROOF_MAX_FILE));
    zkm_status status = zkm_proof_from_bytes(err, out, file.data, file.len);
    file_close(&file);
    return status == ZKM_OK ? ZKM_OK : error_prefix(err, status, "%s", path);
}

void zkm_proof_to_bytes(uint8_t out[ZKM_PROOF_BYTES], const zkm_proof *proof) {
    uint8_t points[GROTH16_PROOF_MAX_BYTES];
    groth16_proof_to_bytes(points, &proof->value, true);
    memcpy(out, points, GROTH16_COMMITTED_COMPRESSED_BYTES);
    statement_to_bytes(out + GROTH16_COMMITTED_COMPRESSED_BYTES, &proof->claim);
}

zkm_status zkm_proof_write(zkm_error *err, const zkm_proof *proof, const char *json_path,
                           const char *binary_path) {
    uint8_t bytes[ZKM_PROOF_BYTES];
    char *text = NULL;
    zkm_status status = ZKM_OK;
    if (json_path) {
        ZKM_TRY_OUT(zkm_proof_to_json(err, &text, proof));
        ZKM_TRY_OUT(file_write(err, json_path, 0644, text, strlen(text)));
    }
    if (binary_path) {
        zkm_proof_to_bytes(bytes, proof);
        ZKM_TRY_OUT(file_write(err, binary_path, 0644, bytes, sizeof bytes));
    }
out:
    zkm_string_free(text);
    return status;
}

void zkm_proof_statement(zkm_statement *out, const zkm_proof *proof) {
    uint8_t bytes[STATEMENT_BYTES];
    statement_to_bytes(bytes, &proof->claim);
    *out = (zkm_statement){.num_samples = proof->claim.num_samples,
                           .threshold = proof->claim.threshold,
                           .verdict = proof->claim.verdict};
    memcpy(out->model_id, bytes, 32);
    memcpy(out->dataset_id, bytes + 32, 32);
    memcpy(out->context, bytes + 160, 32);
}

void zkm_proof_free(zkm_proof *proof) { free(proof); }
