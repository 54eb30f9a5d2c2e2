/* Contexts from hex, and from what they name. */
#include "claim/context.h"

#include <string.h>

#include "base/bytes.h"
#include "math/keccak.h"

zkm_status context_from_hex(zkm_error *err, fr *out, const char *name, const char *text) {
    uint8_t bytes[32];
    fr value;
    if (!hex_decode(bytes, sizeof bytes, text))
        return error_set(err, ZKM_ERR_ARGUMENT,
                         "%s '%.80s': not 32 bytes in hex; give 64 hex digits, with or without 0x",
                         name, text);
    if (!fr_from_bytes(&value, bytes))
        return error_set(
            err, ZKM_ERR_ARGUMENT,
            "%s '%.80s': not below the field's modulus r; clear the top three bits of a "
            "hash (the first hex digit is then 0 or 1)",
            name, text);
    *out = value;
    return ZKM_OK;
}

static void put_u64(uint8_t word[32], uint64_t v) {
    for (size_t i = 0; i < 8; i++)
        word[31 - i] = (uint8_t)(v >> (8 * i));
}

void context_derive(uint8_t out[32], const context_parts *parts) {
    uint8_t words[6][32] = {{0}};
    put_u64(words[0], parts->chain_id);
    memcpy(words[1] + 12, parts->contract, 20);
    memcpy(words[2], parts->federation, 32);
    put_u64(words[3], parts->round);
    memcpy(words[4] + 12, parts->client, 20);
    memcpy(words[5], parts->nonce, 32);
    keccak256(out, words[0], sizeof words);
    out[0] &= 0x1f;
}
