/* Schema JSON: what reads must come back the same from JSON and from bytes. */
#include <string.h>

#include "claim/schema.h"
#include "fuzz.h"

static void require_same(const schema *a, const schema *b) {
    uint8_t x[32], y[32];
    require(schema_digest(NULL, x, a) == ZKM_OK && schema_digest(NULL, y, b) == ZKM_OK);
    require(memcmp(x, y, 32) == 0 && a->num_columns == b->num_columns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    zkm_error err;
    schema s = {0}, again = {0};
    byte_writer json = writer_init(), bytes = writer_init();
    byte_reader r = reader_init(data, len);
    if (schema_from_bytes(&err, &again, &r, "bytes") == ZKM_OK)
        schema_clear(&again);
    if (schema_from_json(&err, &s, data, len, "schema.json") != ZKM_OK)
        return 0;
    require(schema_to_json(&err, &json, &s) == ZKM_OK);
    require(schema_from_json(&err, &again, json.data, json.len, "again") == ZKM_OK);
    require_same(&s, &again);
    schema_clear(&again);
    schema_to_bytes(&bytes, &s);
    r = reader_init(bytes.data, bytes.len);
    require(schema_from_bytes(&err, &again, &r, "again") == ZKM_OK && reader_left(&r) == 0);
    require_same(&s, &again);
    schema_clear(&again);
    schema_clear(&s);
    writer_clear(&json);
    writer_clear(&bytes);
    return 0;
}
