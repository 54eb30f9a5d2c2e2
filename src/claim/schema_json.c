/* The schema file: JSON under limits, strict about keys, one column a line when written. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "claim/schema_internal.h"

enum { SCHEMA_JSON_VERSION = 1 };

/* The first key of object that is not among the names (NULL-terminated), or NULL. */
static const char *unknown_key(json_t *object, const char *const *names) {
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) {
        size_t i = 0;
        while (names[i] && strcmp(names[i], key) != 0)
            i++;
        if (!names[i])
            return key;
    }
    return NULL;
}

static zkm_status read_role(zkm_error *err, schema_role *out, json_t *column, const char *what,
                            size_t index) {
    const char *text = json_string_value(json_object_get(column, "role"));
    for (int role = ROLE_FEATURE; text && role <= ROLE_TIME; role++) {
        if (strcmp(text, schema_role_name((schema_role)role)) == 0) {
            *out = (schema_role)role;
            return ZKM_OK;
        }
    }
    return error_set(err, ZKM_ERR_FORMAT,
                     "%s: columns[%zu].role must be \"feature\", \"target\" or \"time\"", what,
                     index);
}

static zkm_status read_frac(zkm_error *err, int32_t *out, json_t *column, schema_role role,
                            const char *what, size_t index) {
    json_t *value = json_object_get(column, "frac_bits");
    if (role == ROLE_TIME) {
        if (value)
            return error_set(
                err, ZKM_ERR_FORMAT,
                "%s: columns[%zu] has role \"time\", which takes no frac_bits; remove it", what,
                index);
        *out = 0;
        return ZKM_OK;
    }
    json_int_t f = json_integer_value(value);
    if (!json_is_integer(value) || f < SCHEMA_FRAC_MIN || f > SCHEMA_FRAC_MAX)
        return error_set(err, ZKM_ERR_FORMAT,
                         "%s: columns[%zu].frac_bits must be a whole number from %d to %d", what,
                         index, SCHEMA_FRAC_MIN, SCHEMA_FRAC_MAX);
    *out = (int32_t)f;
    return ZKM_OK;
}

static zkm_status read_column(zkm_error *err, schema *out, json_t *column, const char *what,
                              size_t index) {
    static const char *const keys[] = {"name", "role", "frac_bits", NULL};
    if (!json_is_object(column))
        return error_set(err, ZKM_ERR_FORMAT,
                         "%s: columns[%zu] must be an object with name, role and frac_bits", what,
                         index);
    const char *extra = unknown_key(column, keys);
    if (extra)
        return error_set(err, ZKM_ERR_FORMAT,
                         "%s: columns[%zu] has the unknown key '%.64s'; known are name, role and "
                         "frac_bits",
                         what, index, extra);
    json_t *name = json_object_get(column, "name");
    if (!json_is_string(name) ||
        !schema_name_is_valid(json_string_value(name), json_string_length(name)))
        return error_set(err, ZKM_ERR_FORMAT,
                         "%s: columns[%zu].name must be text of 1 to %u bytes without control "
                         "characters",
                         what, index, SCHEMA_MAX_NAME);
    schema_role role = ROLE_TIME;
    int32_t frac = 0;
    ZKM_TRY(read_role(err, &role, column, what, index));
    ZKM_TRY(read_frac(err, &frac, column, role, what, index));
    return schema_append(err, out, json_string_value(name), json_string_length(name), role, frac);
}

static zkm_status read_head(zkm_error *err, json_t *root, const char *what) {
    static const char *const keys[] = {"zkmetric_schema", "columns", NULL};
    json_t *version = json_object_get(root, "zkmetric_schema");
    if (!json_is_integer(version))
        return error_set(err, ZKM_ERR_FORMAT,
                         "%s: not a schema: the key \"zkmetric_schema\" is missing; make one with "
                         "'zkmetric schema'",
                         what);
    if (json_integer_value(version) != SCHEMA_JSON_VERSION)
        return error_set(err, ZKM_ERR_FORMAT,
                         "%s: schema version %lld; this version of zkmetric reads version %d", what,
                         (long long)json_integer_value(version), SCHEMA_JSON_VERSION);
    const char *extra = unknown_key(root, keys);
    if (extra)
        return error_set(err, ZKM_ERR_FORMAT,
                         "%s: unknown key '%.64s'; known are zkmetric_schema and columns", what,
                         extra);
    size_t n = json_array_size(json_object_get(root, "columns"));
    if (n == 0 || n > SCHEMA_MAX_COLUMNS)
        return error_set(err, ZKM_ERR_FORMAT, "%s: \"columns\" must be a list of 1 to %u columns",
                         what, SCHEMA_MAX_COLUMNS);
    return ZKM_OK;
}

zkm_status schema_from_json(zkm_error *err, schema *out, const uint8_t *data, size_t len,
                            const char *name) {
    zkm_status status = ZKM_OK;
    schema s = {0};
    json_error_t at;
    json_t *root = NULL;
    if (len > SCHEMA_MAX_FILE)
        return error_set(err, ZKM_ERR_FORMAT, "%s: larger than the %u bytes of a schema", name,
                         SCHEMA_MAX_FILE);
    root = json_loadb((const char *)data, len, JSON_REJECT_DUPLICATES, &at);
    if (!root) {
        status = error_set(err, ZKM_ERR_FORMAT, "%s: line %d, column %d: not valid JSON: %s", name,
                           at.line, at.column, at.text);
        goto out;
    }
    ZKM_TRY_OUT(read_head(err, root, name));
    json_t *columns = json_object_get(root, "columns");
    size_t n = json_array_size(columns);
    ZKM_TRY_OUT(schema_reserve(err, &s, n));
    for (size_t i = 0; i < n; i++)
        ZKM_TRY_OUT(read_column(err, &s, json_array_get(columns, i), name, i));
    ZKM_TRY_OUT(schema_check(err, &s, name));
    *out = s;
    s = (schema){0};
out:
    schema_clear(&s);
    json_decref(root);
    return status;
}

zkm_status schema_read(zkm_error *err, schema *out, const char *path) {
    file_view view = {0};
    ZKM_TRY(file_open(err, &view, path, SCHEMA_MAX_FILE));
    zkm_status status = schema_from_json(err, out, view.data, view.len, path);
    file_close(&view);
    return status;
}

/* {"name": "x", "role": "feature", "frac_bits": 12} as jansson writes it, or NULL. */
static char *column_text(const schema_column *c) {
    json_t *object = json_pack("{s:s, s:s}", "name", c->name, "role", schema_role_name(c->role));
    if (object && c->role != ROLE_TIME &&
        json_object_set_new(object, "frac_bits", json_integer(c->frac_bits)) != 0) {
        json_decref(object);
        object = NULL;
    }
    char *text = object ? json_dumps(object, 0) : NULL;
    json_decref(object);
    return text;
}

static void write_text(byte_writer *w, const char *text) { writer_bytes(w, text, strlen(text)); }

zkm_status schema_to_json(zkm_error *err, byte_writer *w, const schema *s) {
    write_text(w, "{\n  \"zkmetric_schema\": 1,\n  \"columns\": [\n");
    for (uint32_t i = 0; i < s->num_columns; i++) {
        char *text = column_text(&s->columns[i]);
        if (!text)
            return error_memory(err, "schema", sizeof(json_t));
        write_text(w, "    ");
        write_text(w, text);
        write_text(w, i + 1 < s->num_columns ? ",\n" : "\n");
        free(text);
    }
    write_text(w, "  ]\n}\n");
    return w->failed ? error_memory(err, "schema", w->len) : ZKM_OK;
}

zkm_status schema_write(zkm_error *err, const schema *s, const char *path) {
    byte_writer w = writer_init();
    zkm_status status = schema_to_json(err, &w, s);
    if (status == ZKM_OK)
        status = file_write(err, path, 0644, w.data, w.len);
    writer_clear(&w);
    return status;
}
