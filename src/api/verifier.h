/* What stands behind the types that verification needs: everything here links without a prover. */
#ifndef API_VERIFIER_H
#define API_VERIFIER_H

#include "claim/statement.h"
#include "groth16/proof.h"
#include "groth16/vk.h"

struct zkm_verifying_key {
    groth16_vk *value;
};

struct zkm_proof {
    groth16_proof value; /* committed */
    statement claim;
    bool names_key; /* the JSON form says under which key it was made; a hint for messages only */
    uint8_t vk_digest[32];
};

/* The JSON form; data need not end with NUL. */
ZKM_MUST_CHECK zkm_status proof_from_json(zkm_error *err, zkm_proof *out, const uint8_t *data,
                                          size_t len);

#endif
