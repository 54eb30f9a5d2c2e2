/* Verifying keys. */
#include <stdlib.h>
#include <string.h>

#include "api/json.h"
#include "api/verifier.h"
#include "base/error.h"
#include "groth16/json.h"

static zkm_status wrap(zkm_error *err, zkm_verifying_key **out, groth16_vk *vk) {
    zkm_verifying_key *key = calloc(1, sizeof *key);
    if (!key) {
        groth16_vk_free(vk);
        return error_memory(err, "verifying key", sizeof *key);
    }
    key->value = vk;
    *out = key;
    return ZKM_OK;
}

zkm_status zkm_verifying_key_read(zkm_error *err, zkm_verifying_key **out, const char *path) {
    groth16_vk *vk = NULL;
    ZKM_TRY(groth16_vk_read(err, &vk, path));
    return wrap(err, out, vk);
}

zkm_status zkm_verifying_key_from_bytes(zkm_error *err, zkm_verifying_key **out,
                                        const uint8_t *data, size_t len) {
    groth16_vk *vk = NULL;
    ZKM_TRY(groth16_vk_from_bytes(err, &vk, data, len));
    return wrap(err, out, vk);
}

void zkm_verifying_key_free(zkm_verifying_key *key) {
    if (!key)
        return;
    groth16_vk_free(key->value);
    free(key);
}

void zkm_verifying_key_digest(uint8_t out[32], const zkm_verifying_key *key) {
    memcpy(out, key->value->digest, 32);
}

void zkm_verifying_key_circuit_digest(uint8_t out[32], const zkm_verifying_key *key) {
    memcpy(out, key->value->parts.circuit_digest, 32);
}

const char *zkm_verifying_key_setup(const zkm_verifying_key *key) {
    switch (key->value->parts.origin.kind) {
    case GROTH16_SINGLE_PARTY:
        return "single-party";
    case GROTH16_CEREMONY:
        return "ceremony";
    case GROTH16_FOREIGN:
        break;
    }
    return "foreign";
}

uint32_t zkm_verifying_key_contributions(uint8_t transcript[32], const zkm_verifying_key *key) {
    memcpy(transcript, key->value->parts.origin.transcript, 32);
    return key->value->parts.origin.contributions;
}

zkm_status zkm_verifying_key_to_json(zkm_error *err, char **json, const zkm_verifying_key *key) {
    json_t *object = NULL;
    ZKM_TRY(groth16_vk_to_json(err, &object, key->value));
    return json_to_text(err, json, object, 17);
}

zkm_status zkm_verifying_key_to_snarkjs(zkm_error *err, char **json, const zkm_verifying_key *key) {
    if (key->value->parts.committed)
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "verifying key: it has a committed round, which snarkjs cannot verify; "
                         "export vk-json, whose format is in docs/formats.md, for other verifiers");
    return zkm_verifying_key_to_json(err, json, key);
}
