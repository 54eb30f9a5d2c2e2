/* The schema's structure, its binary form and its digest. */
#include "claim/schema.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "claim/schema_internal.h"
#include "math/keccak.h"

void schema_clear(schema *s) {
    for (uint32_t i = 0; s->columns && i < s->num_columns; i++)
        free(s->columns[i].name);
    free(s->columns);
    *s = (schema){0};
}

const char *schema_role_name(schema_role role) {
    static const char *const names[] = {"feature", "target", "time"};
    return names[role];
}

bool schema_name_is_valid(const char *name, size_t len) {
    if (len == 0 || len > SCHEMA_MAX_NAME)
        return false;
    for (size_t i = 0; i < len;) {
        size_t n = utf8_sequence(name + i, len - i);
        unsigned char first = (unsigned char)name[i];
        bool c1_control = n == 2 && first == 0xc2 && (unsigned char)name[i + 1] < 0xa0;
        if (n == 0 || first < 0x20 || first == 0x7f || c1_control)
            return false;
        i += n;
    }
    return true;
}

zkm_status schema_reserve(zkm_error *err, schema *out, size_t num_columns) {
    out->columns = calloc(num_columns, sizeof *out->columns);
    if (!out->columns)
        return error_memory(err, "schema", num_columns * sizeof *out->columns);
    return ZKM_OK;
}

zkm_status schema_append(zkm_error *err, schema *out, const char *name, size_t len,
                         schema_role role, int32_t frac_bits) {
    char *copy = malloc(len + 1);
    if (!copy)
        return error_memory(err, "schema", len + 1);
    memcpy(copy, name, len);
    copy[len] = '\0';
    out->columns[out->num_columns++] = (schema_column){copy, role, frac_bits};
    out->num_features += role == ROLE_FEATURE;
    out->num_targets += role == ROLE_TARGET;
    return ZKM_OK;
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

zkm_status schema_check_unique(zkm_error *err, const char *what, const char **names, size_t n) {
    qsort(names, n, sizeof *names, compare_names);
    for (size_t i = 1; i < n; i++)
        if (strcmp(names[i - 1], names[i]) == 0)
            return error_set(err, ZKM_ERR_FORMAT,
                             "%s: two columns are called '%s'; give every column a name of its own",
                             what, names[i]);
    return ZKM_OK;
}

static zkm_status check_column(zkm_error *err, const char *what, const schema_column *c) {
    bool time = c->role == ROLE_TIME;
    if (time ? c->frac_bits != 0 : c->frac_bits < SCHEMA_FRAC_MIN || c->frac_bits > SCHEMA_FRAC_MAX)
        return error_set(err, ZKM_ERR_FORMAT,
                         "%s: column '%s': frac_bits %d is outside %d..%d; choose the largest with "
                         "which every |x| * 2^frac_bits stays below 32768",
                         what, c->name, (int)c->frac_bits, SCHEMA_FRAC_MIN, SCHEMA_FRAC_MAX);
    return ZKM_OK;
}

zkm_status schema_check(zkm_error *err, const schema *s, const char *what) {
    for (uint32_t i = 0; i < s->num_columns; i++)
        ZKM_TRY(check_column(err, what, &s->columns[i]));
    if (s->num_features == 0 || s->num_targets == 0)
        return error_set(err, ZKM_ERR_FORMAT,
                         "%s: no column has role \"%s\"; the model needs at least one", what,
                         s->num_features == 0 ? "feature" : "target");
    const char **names = malloc(s->num_columns * sizeof *names);
    if (!names)
        return error_memory(err, what, s->num_columns * sizeof *names);
    for (uint32_t i = 0; i < s->num_columns; i++)
        names[i] = s->columns[i].name;
    zkm_status status = schema_check_unique(err, what, names, s->num_columns);
    free(names);
    return status;
}

zkm_status schema_copy(zkm_error *err, schema *out, const schema *s) {
    schema copy = {0};
    zkm_status status = ZKM_OK;
    ZKM_TRY_OUT(schema_reserve(err, &copy, s->num_columns));
    for (uint32_t i = 0; i < s->num_columns; i++) {
        const schema_column *c = &s->columns[i];
        ZKM_TRY_OUT(schema_append(err, &copy, c->name, strlen(c->name), c->role, c->frac_bits));
    }
    *out = copy;
    return ZKM_OK;
out:
    schema_clear(&copy);
    return status;
}

void schema_to_bytes(byte_writer *w, const schema *s) {
    writer_u32_le(w, s->num_columns);
    for (uint32_t i = 0; i < s->num_columns; i++) {
        const schema_column *c = &s->columns[i];
        size_t len = strlen(c->name);
        writer_u8(w, (uint8_t)c->role);
        writer_u8(w, (uint8_t)(int8_t)c->frac_bits);
        writer_u16_le(w, (uint16_t)len);
        writer_bytes(w, c->name, len);
    }
}

static zkm_status column_from_bytes(zkm_error *err, schema *out, byte_reader *r, const char *what) {
    uint8_t role = reader_u8(r);
    int8_t frac = (int8_t)reader_u8(r);
    uint16_t len = reader_u16_le(r);
    const uint8_t *name = reader_take(r, len);
    if (!name || role > ROLE_TIME || !schema_name_is_valid((const char *)name, len))
        return error_set(err, ZKM_ERR_FORMAT,
                         "%s: schema column %u is damaged; make the file again", what,
                         out->num_columns + 1);
    return schema_append(err, out, (const char *)name, len, (schema_role)role, frac);
}

zkm_status schema_from_bytes(zkm_error *err, schema *out, byte_reader *r, const char *what) {
    enum { SMALLEST_COLUMN = 5 }; /* role, frac_bits, length, one byte of name */
    schema s = {0};
    zkm_status status = ZKM_OK;
    uint32_t n = reader_u32_le(r);
    if (r->failed || n == 0 || n > SCHEMA_MAX_COLUMNS || n > reader_left(r) / SMALLEST_COLUMN)
        return error_set(err, ZKM_ERR_FORMAT,
                         "%s: the schema's number of columns is damaged; make the file again",
                         what);
    ZKM_TRY_OUT(schema_reserve(err, &s, n));
    for (uint32_t i = 0; i < n; i++)
        ZKM_TRY_OUT(column_from_bytes(err, &s, r, what));
    ZKM_TRY_OUT(schema_check(err, &s, what));
    *out = s;
    return ZKM_OK;
out:
    schema_clear(&s);
    return status;
}

static void canonical_columns(byte_writer *w, const schema *s, schema_role role) {
    for (uint32_t i = 0; i < s->num_columns; i++) {
        const schema_column *c = &s->columns[i];
        if (c->role != role)
            continue;
        size_t len = strlen(c->name);
        uint8_t length[2] = {(uint8_t)(len >> 8), (uint8_t)len};
        writer_bytes(w, length, 2);
        writer_bytes(w, c->name, len);
        writer_u8(w, (uint8_t)(int8_t)c->frac_bits);
    }
}

zkm_status schema_digest(zkm_error *err, uint8_t out[32], const schema *s) {
    static const char tag[] = "zkmetric.schema.v1";
    byte_writer w = writer_init();
    writer_bytes(&w, tag, sizeof tag - 1);
    writer_u32_be(&w, s->num_features);
    writer_u32_be(&w, s->num_targets);
    canonical_columns(&w, s, ROLE_FEATURE);
    canonical_columns(&w, s, ROLE_TARGET);
    zkm_status status = w.failed ? error_memory(err, "schema", w.len) : ZKM_OK;
    if (status == ZKM_OK) {
        keccak256(out, w.data, w.len);
        out[0] &= 0x1f; /* below 2^253 < r */
    }
    writer_clear(&w);
    return status;
}
