/* Schemas. */
#include <stdlib.h>
#include <string.h>

#include "api/internal.h"
#include "base/error.h"
#include "claim/table.h"

zkm_status schema_wrap(zkm_error *err, zkm_schema **out, schema *value, const char *path) {
    zkm_schema *s = calloc(1, sizeof *s);
    char *copy = strdup(path);
    if (!s || !copy) {
        free(s);
        free(copy);
        schema_clear(value);
        return error_memory(err, "schema", sizeof *s);
    }
    *s = (zkm_schema){*value, copy};
    *out = s;
    return ZKM_OK;
}

static zkm_status propose(zkm_error *err, zkm_schema **out, const data_source *from,
                          const zkm_schema_options *options) {
    table data = {0};
    schema value = {0};
    table_options read = {.time = options->time, .num_time = options->num_time};
    if (options->num_targets == 0)
        return error_set(err, ZKM_ERR_ARGUMENT, "schema: needs the name of a target column");
    zkm_status status = data_read(err, &data, from, &read);
    if (status == ZKM_OK)
        status = schema_propose(err, &value, &data, options->targets, options->num_targets);
    if (status == ZKM_OK)
        status = schema_wrap(err, out, &value, "the proposed schema");
    table_clear(&data);
    return status;
}

zkm_status zkm_schema_propose(zkm_error *err, zkm_schema **out, const char *const *data_paths,
                              size_t num_paths, const zkm_schema_options *options) {
    return propose(err, out, &(data_source){.paths = data_paths, .count = num_paths}, options);
}

zkm_status zkm_schema_propose_rows(zkm_error *err, zkm_schema **out, const zkm_rows *arrays,
                                   size_t num_arrays, const zkm_schema_options *options) {
    return propose(err, out, &(data_source){.arrays = arrays, .count = num_arrays}, options);
}

zkm_status zkm_schema_read(zkm_error *err, zkm_schema **out, const char *path) {
    schema value = {0};
    ZKM_TRY(schema_read(err, &value, path));
    return schema_wrap(err, out, &value, path);
}

zkm_status zkm_schema_from_json(zkm_error *err, zkm_schema **out, const char *json, size_t len) {
    schema value = {0};
    ZKM_TRY(schema_from_json(err, &value, (const uint8_t *)json, len, "schema"));
    return schema_wrap(err, out, &value, "the schema");
}

zkm_status zkm_schema_write(zkm_error *err, const zkm_schema *s, const char *path) {
    return schema_write(err, &s->value, path);
}

zkm_status zkm_schema_to_json(zkm_error *err, char **json, const zkm_schema *s) {
    byte_writer w = writer_init();
    zkm_status status = schema_to_json(err, &w, &s->value);
    char *text = NULL;
    if (status == ZKM_OK) {
        text = w.failed ? NULL : strndup((const char *)w.data, w.len);
        status = text ? ZKM_OK : error_memory(err, "schema's text", w.len);
    }
    writer_clear(&w);
    if (status == ZKM_OK)
        *json = text;
    return status;
}

void zkm_schema_free(zkm_schema *s) {
    if (!s)
        return;
    schema_clear(&s->value);
    free(s->path);
    free(s);
}
