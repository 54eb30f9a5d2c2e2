/* snarkjs's binary files: constraint systems, witnesses, and proving keys with their transcripts.
 */
#include <string.h>

#include "fuzz.h"
#include "groth16/snarkjs.h"
#include "groth16/snarkjs_internal.h"
#include "groth16/zkey_transcript.h"

static void system_bytes(const uint8_t *data, size_t len) {
    zkm_error err;
    r1cs *cs = NULL;
    if (snarkjs_r1cs_from_bytes(&err, &cs, data, len) != ZKM_OK)
        return;
    uint64_t rows = 0;
    for (uint32_t i = 0; i < cs->blocks[0].num_terms; i++)
        require(cs->blocks[0].terms[i].index < cs->num_wires);
    for (uint32_t i = 0; i < cs->num_blocks; i++)
        rows += (uint64_t)cs->blocks[i].count * cs->blocks[i].num_rows;
    require(rows == cs->num_rows);
    r1cs_free(cs);
}

static void witness_bytes(const uint8_t *data, size_t len) {
    zkm_error err;
    fr *wires = NULL;
    uint32_t count = 0;
    if (snarkjs_wtns_from_bytes(&err, &wires, &count, data, len) != ZKM_OK)
        return;
    require(count > 0 && fr_is_one(&wires[0]));
    free(wires);
}

static void count(void *context, uint32_t index, const zkey_contribution *c) {
    uint32_t *next = context;
    require(index == (*next)++ && c->name_bytes <= ZKEY_TEXT && c->value_bytes <= ZKEY_TEXT);
}

static void transcript_bytes(const uint8_t *data, size_t len) {
    zkm_error err;
    zkey z;
    zkey_transcript t;
    uint32_t seen = 0;
    if (zkey_open_bytes(&err, &z, data, len) == ZKM_OK &&
        zkey_transcript_open(&err, &t, &z, count, &seen) == ZKM_OK)
        require(t.count == seen);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    zkm_error err;
    if (len >= 4 && memcmp(data, "r1cs", 4) == 0)
        system_bytes(data, len);
    else if (len >= 4 && memcmp(data, "wtns", 4) == 0)
        witness_bytes(data, len);
    else {
        require(snarkjs_zkey_check_bytes(&err, data, len) <= ZKM_ERR_INTERNAL);
        transcript_bytes(data, len);
    }
    return 0;
}
