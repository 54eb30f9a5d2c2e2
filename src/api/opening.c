/* Committing to data. */
#include <stdlib.h>
#include <string.h>

#include "api/internal.h"
#include "base/error.h"

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

static zkm_status quantised(zkm_error *err, dataset *out, const data_source *from,
                            const schema *columns) {
    table rows = {0};
    table_options read = {.columns = columns};
    zkm_status status = data_read(err, &rows, from, &read);
    if (status == ZKM_OK)
        status = dataset_quantise(err, out, &rows, columns);
    table_clear(&rows);
    return status;
}

static zkm_status commit(zkm_error *err, zkm_opening **out, const zkm_schema *s,
                         const data_source *from) {
    dataset data = {0};
    opening value = {0};
    ZKM_TRY(quantised(err, &data, from, &s->value));
    ZKM_TRY(opening_commit(err, &value, &s->value, &data));
    return opening_wrap(err, out, &value, "the committed data");
}

zkm_status zkm_opening_commit(zkm_error *err, zkm_opening **out, const zkm_schema *s,
                              const char *const *data_paths, size_t num_paths) {
    return commit(err, out, s, &(data_source){.paths = data_paths, .count = num_paths});
}

zkm_status zkm_opening_commit_rows(zkm_error *err, zkm_opening **out, const zkm_schema *s,
                                   const zkm_rows *arrays, size_t num_arrays) {
    return commit(err, out, s, &(data_source){.arrays = arrays, .count = num_arrays});
}

/* The first row, from 0, in which two datasets of one shape differ; n when none does. */
static uint32_t first_difference(const dataset *a, const dataset *b) {
    size_t features = a->num_features, targets = a->num_targets;
    uint32_t row = 0;
    while (row < a->n &&
           memcmp(a->features + row * features, b->features + row * features,
                  features * sizeof *a->features) == 0 &&
           memcmp(a->targets + row * targets, b->targets + row * targets,
                  targets * sizeof *a->targets) == 0)
        row++;
    return row;
}

zkm_status zkm_opening_check_rows(zkm_error *err, const zkm_opening *o, const zkm_rows *arrays,
                                  size_t num_arrays) {
    const dataset *committed = &o->value.data;
    dataset given = {0};
    data_source from = {.arrays = arrays, .count = num_arrays};
    ZKM_TRY(quantised(err, &given, &from, &o->value.columns));
    zkm_status status = ZKM_OK;
    if (given.n != committed->n) {
        status = error_set(err, ZKM_ERR_MISMATCH,
                           "%s: %u rows are committed, %u were given; give the committed rows",
                           o->path, committed->n, given.n);
    } else if (first_difference(&given, committed) < given.n) {
        status = error_set(err, ZKM_ERR_MISMATCH,
                           "%s: row %u is not the committed one; give the committed rows, in their "
                           "order",
                           o->path, first_difference(&given, committed) + 1);
    }
    dataset_clear(&given);
    return status;
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
