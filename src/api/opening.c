/* Committing to data. */
#include <stdlib.h>
#include <string.h>

#include "api/internal.h"
#include "base/error.h"
#include "claim/table.h"

static zkm_status opening_wrap(zkm_error *err, zkm_opening **out, opening *value,
                               const char *path) {
    zkm_opening *o = calloc(1, sizeof *o);
    char *copy = strdup(path);
    if (!o || !copy) {
        free(o);
        free(copy);
        opening_clear(value);
        return error_memory(err, path, sizeof *o);
    }
    *o = (zkm_opening){*value, copy};
    *out = o;
    return ZKM_OK;
}

zkm_status zkm_opening_commit(zkm_error *err, zkm_opening **out, const zkm_schema *s,
                              const char *const *data_paths, size_t num_paths) {
    table rows = {0};
    dataset data = {0};
    opening value = {0};
    table_options read = {.columns = &s->value};
    zkm_status status = table_read(err, &rows, data_paths, num_paths, &read);
    if (status == ZKM_OK)
        status = dataset_quantise(err, &data, &rows, &s->value);
    table_clear(&rows);
    if (status == ZKM_OK)
        status = opening_commit(err, &value, &s->value, &data);
    return status == ZKM_OK ? opening_wrap(err, out, &value, "the committed data") : status;
}

zkm_status zkm_opening_write(zkm_error *err, const zkm_opening *o, const char *folder) {
    return opening_write(err, &o->value, folder);
}

zkm_status zkm_opening_read(zkm_error *err, zkm_opening **out, const char *path) {
    opening value = {0};
    ZKM_TRY(opening_read(err, &value, path));
    return opening_wrap(err, out, &value, path);
}

void zkm_opening_dataset_id(uint8_t out[32], const zkm_opening *o) {
    fr_to_bytes(out, &o->value.dataset_id);
}

uint32_t zkm_opening_num_samples(const zkm_opening *o) { return o->value.data.n; }

void zkm_opening_free(zkm_opening *o) {
    if (!o)
        return;
    opening_clear(&o->value);
    free(o->path);
    free(o);
}
