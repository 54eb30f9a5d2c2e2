/*
 * The schema: what the columns of the data are called, what they are for, and at which scale each
 * number becomes an integer (DESIGN section 5): q(x) = round-half-even(x * 2^frac_bits) in int16.
 * The file is JSON that a person can edit; docs/formats-data.md describes it and the canonical
 * bytes.
 */
#ifndef CLAIM_SCHEMA_H
#define CLAIM_SCHEMA_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"

#define SCHEMA_MAX_COLUMNS 65536u
#define SCHEMA_MAX_NAME 255u /* bytes of UTF-8 */
#define SCHEMA_FRAC_MIN (-15)
#define SCHEMA_FRAC_MAX 31
#define SCHEMA_MAX_FILE (64u << 20) /* bytes of a schema file */

typedef enum {
    ROLE_FEATURE = 0, /* an input of the model, in schema order */
    ROLE_TARGET = 1,  /* what the model predicts, in schema order */
    ROLE_TIME = 2     /* kept out of model and commitment; its cells are not read */
} schema_role;

typedef struct {
    char *name; /* 1 to SCHEMA_MAX_NAME bytes of UTF-8 without control characters, unique */
    schema_role role;
    int32_t frac_bits; /* SCHEMA_FRAC_MIN..SCHEMA_FRAC_MAX; 0 for ROLE_TIME */
} schema_column;

typedef struct {
    schema_column *columns;
    uint32_t num_columns;
    uint32_t num_features; /* at least 1 */
    uint32_t num_targets;  /* at least 1 */
} schema;

/* Wipes nothing (a schema is no secret), frees, zeroes; a zeroed schema is accepted. */
void schema_clear(schema *s);
ZKM_MUST_CHECK zkm_status schema_copy(zkm_error *err, schema *out, const schema *s);

/* "feature", "target" or "time". */
const char *schema_role_name(schema_role role);
/* True for 1 to SCHEMA_MAX_NAME bytes of well-formed UTF-8 without control characters. */
bool schema_name_is_valid(const char *name, size_t len);

/* Reads a schema file, or its bytes; `name` is for messages. ZKM_ERR_FORMAT names the column and
 * the key; unknown keys are errors, so that a misspelt key is not dropped. */
ZKM_MUST_CHECK zkm_status schema_read(zkm_error *err, schema *out, const char *path);
ZKM_MUST_CHECK zkm_status schema_from_json(zkm_error *err, schema *out, const uint8_t *data,
                                           size_t len, const char *name);
/* The schema file's text, one column a line, into w (which must be checked for `failed`). */
ZKM_MUST_CHECK zkm_status schema_to_json(zkm_error *err, byte_writer *w, const schema *s);
ZKM_MUST_CHECK zkm_status schema_write(zkm_error *err, const schema *s, const char *path);

/* The whole schema as binary, inside circuit and opening files: u32 number of columns, then for
 * each: u8 role, u8 frac_bits (two's complement), u16 length of name, name. Little-endian. Reading
 * checks all that schema_from_json does; `name` is for messages. */
void schema_to_bytes(byte_writer *w, const schema *s);
ZKM_MUST_CHECK zkm_status schema_from_bytes(zkm_error *err, schema *out, byte_reader *r,
                                            const char *name);

/* Keccak-256("zkmetric.schema.v1" || canonical bytes) with the top three bits cleared, big-endian,
 * so below r. Canonical bytes: u32 K, u32 m, then the K features and the m targets, each in schema
 * order: u16 length of name, name, u8 frac_bits (two's complement); integers big-endian. Time
 * columns do not count. ZKM_ERR_MEMORY only. */
ZKM_MUST_CHECK zkm_status schema_digest(zkm_error *err, uint8_t out[32], const schema *s);

/* The largest f in [SCHEMA_FRAC_MIN, 15] with max_abs * 2^f * 2 <= 32767: room of a factor 2. Zero
 * gives
 * 15. SCHEMA_FRAC_MIN - 1 when none does. */
int32_t schema_propose_frac(double max_abs);

struct table;
/*
 * Proposes a schema for a table: columns in the table's order, frac_bits by schema_propose_frac of
 * the column's largest magnitude. A target is a column's name; the name of an array of an .npy or
 * .npz file stands for all its columns; columns of .npy files may also be given by number (0 is the
 * table's first, -1 its last). Columns the table was told to ignore get role "time".
 * ZKM_ERR_ARGUMENT when a target is not there, is given twice, or no feature is left; ZKM_ERR_RANGE
 * when a column's numbers fit no scale.
 */
ZKM_MUST_CHECK zkm_status schema_propose(zkm_error *err, schema *out, const struct table *data,
                                         const char *const *targets, size_t num_targets);

#endif
