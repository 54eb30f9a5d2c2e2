/* Proofs as bytes and as snarkjs's JSON: what reads must come back as the same bytes. */
#include <string.h>

#include "fuzz.h"
#include "groth16/json.h"

static void text(const uint8_t *data, size_t len) {
    zkm_error err;
    groth16_proof proof;
    fr *publics = NULL;
    size_t count = 0;
    json_t *value = json_loadb((const char *)data, len, JSON_REJECT_DUPLICATES, NULL),
           *again = NULL;
    if (value && groth16_publics_from_json(&err, &publics, &count, value) == ZKM_OK)
        free(publics);
    if (value && groth16_proof_from_json(&err, &proof, value) == ZKM_OK) {
        require(groth16_proof_to_json(&err, &again, &proof) == ZKM_OK);
        json_decref(again);
    }
    json_decref(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    zkm_error err;
    groth16_proof proof;
    uint8_t again[GROTH16_PROOF_MAX_BYTES];
    if (len > 0 && (data[0] == '{' || data[0] == '[')) {
        text(data, len);
        return 0;
    }
    if (groth16_proof_from_bytes(&err, &proof, data, len) != ZKM_OK)
        return 0;
    bool compressed = len == groth16_proof_bytes(proof.committed, true);
    require(groth16_proof_to_bytes(again, &proof, compressed) == len);
    require(memcmp(again, data, len) == 0);
    return 0;
}
