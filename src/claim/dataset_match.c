/* Finding the schema's columns in a table: by name, or by position for arrays without names. */
#include <stdlib.h>
#include <string.h>

#include "claim/dataset_internal.h"

typedef struct {
    const char *name;
    uint32_t column; /* of the schema */
} named_column;

typedef struct {
    const table *data;
    const schema *s;
    named_column *names; /* of the schema, sorted */
    bool *by_position;   /* for each source of the table */
    uint32_t *index;
} matcher;

static int compare_named(const void *a, const void *b) {
    return strcmp(((const named_column *)a)->name, ((const named_column *)b)->name);
}

static const named_column *find_name(const matcher *m, const char *name) {
    const named_column key = {.name = name};
    return bsearch(&key, m->names, m->s->num_columns, sizeof key, compare_named);
}

/* An .npy goes by position as soon as the schema does not know one of its made-up names. */
static void choose_positional(matcher *m) {
    for (uint32_t i = 0; i < m->data->num_columns; i++) {
        const table_column *c = &m->data->columns[i];
        if (c->positional && !find_name(m, c->name))
            m->by_position[c->source] = true;
    }
}

static const char *source_path(const matcher *m, uint32_t column) {
    return m->data->sources[m->data->columns[column].source].path;
}

static zkm_status match_named(zkm_error *err, matcher *m) {
    for (uint32_t i = 0; i < m->data->num_columns; i++) {
        const table_column *c = &m->data->columns[i];
        if (m->by_position[c->source])
            continue;
        const named_column *found = find_name(m, c->name);
        if (!found)
            return error_set(
                err, ZKM_ERR_MISMATCH,
                "%s: column '%s' is not in the schema; add it there with role \"time\" "
                "(kept out of the model), or remove it from the data",
                source_path(m, i), c->name);
        m->index[found->column] = i;
    }
    return ZKM_OK;
}

static uint32_t count_absent(const matcher *m, bool with_time) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < m->s->num_columns; i++)
        n += m->index[i] == COLUMN_ABSENT && (with_time || m->s->columns[i].role != ROLE_TIME);
    return n;
}

static zkm_status match_positional(zkm_error *err, matcher *m) {
    uint32_t count = 0, last = 0;
    for (uint32_t i = 0; i < m->data->num_columns; i++) {
        if (m->by_position[m->data->columns[i].source]) {
            count++;
            last = i;
        }
    }
    bool with_time = count != count_absent(m, false);
    if (count == 0)
        return ZKM_OK;
    if (with_time && count != count_absent(m, true))
        return error_set(err, ZKM_ERR_MISMATCH,
                         "%s: %u columns without names, but the schema has %u features and targets "
                         "to fill; give all files of the dataset, in the schema's order",
                         source_path(m, last), count, count_absent(m, false));
    uint32_t column = 0;
    for (uint32_t i = 0; i < m->data->num_columns; i++) {
        if (!m->by_position[m->data->columns[i].source])
            continue;
        while (m->index[column] != COLUMN_ABSENT ||
               (!with_time && m->s->columns[column].role == ROLE_TIME))
            column++;
        m->index[column++] = i;
    }
    return ZKM_OK;
}

static zkm_status check_complete(zkm_error *err, const matcher *m) {
    for (uint32_t i = 0; i < m->s->num_columns; i++)
        if (m->index[i] == COLUMN_ABSENT && m->s->columns[i].role != ROLE_TIME)
            return error_set(
                err, ZKM_ERR_MISMATCH,
                "%s: the schema's column '%s' (%s) is not there; add it to the data, or "
                "give the file that holds it too",
                m->data->sources[0].path, m->s->columns[i].name,
                schema_role_name(m->s->columns[i].role));
    return ZKM_OK;
}

zkm_status dataset_match_columns(zkm_error *err, uint32_t *index, const table *data,
                                 const schema *s) {
    zkm_status status = ZKM_OK;
    matcher m = {.data = data, .s = s, .index = index};
    m.names = malloc(s->num_columns * sizeof *m.names);
    m.by_position = calloc(data->num_sources, sizeof *m.by_position);
    if (!m.names || !m.by_position) {
        status = error_memory(err, "schema", s->num_columns * sizeof *m.names);
        goto out;
    }
    for (uint32_t i = 0; i < s->num_columns; i++) {
        m.names[i] = (named_column){s->columns[i].name, i};
        index[i] = COLUMN_ABSENT;
    }
    qsort(m.names, s->num_columns, sizeof *m.names, compare_named);
    choose_positional(&m);
    ZKM_TRY_OUT(match_named(err, &m));
    ZKM_TRY_OUT(match_positional(err, &m));
    status = check_complete(err, &m);
out:
    free(m.names);
    free(m.by_position);
    return status;
}
