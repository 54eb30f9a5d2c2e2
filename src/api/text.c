/* Text to values: what every part of the public header shares. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "claim/context.h"
#include "claim/threshold.h"

void zkm_string_free(char *text) { free(text); }

zkm_status zkm_threshold_from_text(zkm_error *err, uint64_t *threshold, const char *text) {
    return threshold_from_text(err, threshold, text);
}

_Static_assert(ZKM_THRESHOLD_TEXT_BYTES == THRESHOLD_TEXT_BYTES, "the public header's number");

void zkm_threshold_to_text(char out[ZKM_THRESHOLD_TEXT_BYTES], uint64_t threshold) {
    threshold_to_text(out, threshold);
}

zkm_status zkm_field_from_hex(zkm_error *err, uint8_t out[32], const char *text) {
    fr value;
    ZKM_TRY(context_from_hex(err, &value, "value", text));
    fr_to_bytes(out, &value);
    return ZKM_OK;
}

void zkm_context_derive(uint8_t out[32], const zkm_context_parts *parts) {
    context_parts p = {.chain_id = parts->chain_id, .round = parts->round};
    memcpy(p.contract, parts->contract, sizeof p.contract);
    memcpy(p.federation, parts->federation, sizeof p.federation);
    memcpy(p.client, parts->client, sizeof p.client);
    memcpy(p.nonce, parts->nonce, sizeof p.nonce);
    context_derive(out, &p);
}
