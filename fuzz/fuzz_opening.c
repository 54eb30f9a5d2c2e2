/*
 * Opening files and statements: as they are, and with the checksum made right, so that what lies
 * behind it is reached too. What reads must come back as the same bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "claim/opening.h"
#include "claim/statement.h"
#include "fuzz.h"
#include "math/keccak.h"

static void try_opening(const uint8_t *data, size_t len) {
    zkm_error err;
    opening o = {0};
    if (opening_from_bytes(&err, &o, data, len, "opening.zkm") != ZKM_OK)
        return;
    byte_writer w = writer_init();
    opening_to_bytes(&w, &o);
    require(!w.failed && w.len == len && memcmp(w.data, data, len) == 0);
    writer_clear(&w);
    opening_clear(&o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    try_opening(data, len);
    if (len >= 32) {
        uint8_t *fixed = malloc(len);
        require(fixed != NULL);
        memcpy(fixed, data, len);
        keccak256(fixed + len - 32, fixed, len - 32);
        try_opening(fixed, len);
        free(fixed);
    }
    if (len >= STATEMENT_BYTES) {
        statement s;
        uint8_t again[STATEMENT_BYTES];
        if (statement_from_bytes(NULL, &s, data) == ZKM_OK) {
            statement_to_bytes(again, &s);
            require(memcmp(again, data, STATEMENT_BYTES) == 0);
        }
    }
    return 0;
}
