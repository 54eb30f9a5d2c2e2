/* Whole proofs as a user hands them in, JSON or binary; what is read must survive being written. */
#include <string.h>
#include <zkmetric.h>

#include "fuzz.h"

static void same_after(const zkm_proof *proof, const uint8_t *data, size_t len) {
    uint8_t before[ZKM_PROOF_BYTES], after[ZKM_PROOF_BYTES];
    zkm_proof *again = NULL;
    require(zkm_proof_from_bytes(NULL, &again, data, len) == ZKM_OK);
    zkm_proof_to_bytes(before, proof);
    zkm_proof_to_bytes(after, again);
    require(memcmp(before, after, sizeof before) == 0);
    zkm_proof_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    zkm_proof *proof = NULL;
    zkm_error error;
    if (zkm_proof_from_bytes(&error, &proof, data, size) != ZKM_OK)
        return 0;
    char *text = NULL;
    uint8_t bytes[ZKM_PROOF_BYTES];
    if (zkm_proof_to_json(NULL, &text, proof) == ZKM_OK)
        same_after(proof, (const uint8_t *)text, strlen(text));
    zkm_string_free(text);
    zkm_proof_to_bytes(bytes, proof);
    same_after(proof, bytes, sizeof bytes);
    zkm_proof_free(proof);
    return 0;
}
