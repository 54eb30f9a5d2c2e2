/* Verifying keys, binary and JSON: what reads must come back as the same bytes. */
#include <string.h>

#include "fuzz.h"
#include "groth16/json.h"
#include "math/keccak.h"

static void binary(const uint8_t *data, size_t len) {
    zkm_error err;
    groth16_vk *vk = NULL;
    uint8_t *again = NULL;
    size_t again_len = 0;
    if (groth16_vk_from_bytes(&err, &vk, data, len) != ZKM_OK)
        return;
    require(groth16_vk_to_bytes(&err, &again, &again_len, vk) == ZKM_OK);
    require(again_len == len && memcmp(again, data, len) == 0);
    free(again);
    groth16_vk_free(vk);
}

static void text(const uint8_t *data, size_t len) {
    zkm_error err;
    groth16_vk *vk = NULL;
    json_t *value = json_loadb((const char *)data, len, JSON_REJECT_DUPLICATES, NULL),
           *again = NULL;
    if (value && groth16_vk_from_json(&err, &vk, value) == ZKM_OK) {
        require(groth16_vk_to_json(&err, &again, vk) == ZKM_OK);
        json_decref(again);
        groth16_vk_free(vk);
    }
    json_decref(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    if (len > 0 && data[0] == '{') {
        text(data, len);
        return 0;
    }
    binary(data, len);
    if (len < 32)
        return 0;
    uint8_t *sealed = malloc(len);
    require(sealed != NULL);
    memcpy(sealed, data, len);
    keccak256(sealed + len - 32, sealed, len - 32);
    binary(sealed, len);
    free(sealed);
    return 0;
}
