/* Tables: telling formats apart, joining files, names. */
#include "claim/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/wipe.h"
#include "claim/schema_internal.h"
#include "claim/table_internal.h"

void table_clear(table *t) {
    for (uint32_t i = 0; t->columns && i < t->num_columns; i++)
        free(t->columns[i].name);
    for (uint32_t i = 0; t->sources && i < t->num_sources; i++)
        free(t->sources[i].path);
    if (t->values)
        secure_wipe(t->values, t->num_rows * t->num_columns * sizeof *t->values);
    free(t->columns);
    free(t->sources);
    free(t->values);
    *t = (table){0};
}

zkm_status table_start(zkm_error *err, table *out, const char *path) {
    table t = {.num_sources = 1};
    t.sources = calloc(1, sizeof *t.sources);
    if (t.sources)
        t.sources[0].path = strdup(path);
    if (!t.sources || !t.sources[0].path) {
        table_clear(&t);
        return error_memory(err, path, sizeof *t.sources + strlen(path));
    }
    *out = t;
    return ZKM_OK;
}

zkm_status table_name_columns(zkm_error *err, table *t, size_t columns, const char *array,
                              size_t array_len, bool positional) {
    t->columns = calloc(columns, sizeof *t->columns);
    if (!t->columns)
        return error_memory(err, t->sources[0].path, columns * sizeof *t->columns);
    for (size_t j = 0; j < columns; j++) {
        char suffix[24] = "";
        if (columns > 1)
            snprintf(suffix, sizeof suffix, "_%zu", j);
        size_t len = array_len + strlen(suffix);
        char *name = malloc(len + 1);
        if (!name)
            return error_memory(err, t->sources[0].path, len + 1);
        memcpy(name, array, array_len);
        strcpy(name + array_len, suffix);
        t->columns[j] =
            (table_column){.name = name, .stem = (uint32_t)array_len, .positional = positional};
        t->num_columns++;
    }
    return ZKM_OK;
}

void table_place(char *out, size_t room, const table *t, size_t row, uint32_t column) {
    const table_source *source = &t->sources[t->columns[column].source];
    if (source->one_line_a_row)
        snprintf(out, room, "%s: row %zu (line %zu)", source->path, row + 1, row + 2);
    else
        snprintf(out, room, "%s: row %zu", source->path, row + 1);
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names that the caller wants ignored, into names (room for all), sorted; returns how many. */
static size_t ignored_names(const char **names, const table_options *options) {
    size_t n = 0;
    for (size_t i = 0; i < options->num_time; i++)
        names[n++] = options->time[i];
    for (uint32_t i = 0; options->columns && i < options->columns->num_columns; i++)
        if (options->columns->columns[i].role == ROLE_TIME)
            names[n++] = options->columns->columns[i].name;
    qsort(names, n, sizeof *names, compare_names);
    return n;
}

static bool is_usual_time_name(const char *name) {
    static const char *const usual[] = {"time", "timestamp", "date", "datetime"};
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (strcasecmp(name, usual[i]) == 0)
            return true;
    return false;
}

zkm_status table_mark_ignored(zkm_error *err, table *t, const table_options *options) {
    static const table_options none = {0};
    if (!options)
        options = &none;
    size_t room = options->num_time + (options->columns ? options->columns->num_columns : 0) + 1;
    const char **names = malloc(room * sizeof *names);
    if (!names)
        return error_memory(err, t->sources[0].path, room * sizeof *names);
    size_t n = ignored_names(names, options);
    for (uint32_t i = 0; i < t->num_columns; i++) {
        const char *name = t->columns[i].name;
        t->columns[i].ignored = bsearch(&name, names, n, sizeof *names, compare_names) ||
                                (!options->columns && is_usual_time_name(name));
    }
    free(names);
    return ZKM_OK;
}

zkm_status table_check_names(zkm_error *err, const table *t) {
    const char **names = malloc(t->num_columns * sizeof *names);
    if (!names)
        return error_memory(err, t->sources[0].path, t->num_columns * sizeof *names);
    for (uint32_t i = 0; i < t->num_columns; i++)
        names[i] = t->columns[i].name;
    zkm_status status =
        schema_check_unique(err, t->sources[t->num_sources - 1].path, names, t->num_columns);
    free(names);
    return status;
}

/* Rows must agree, and the whole must stay within the limits. */
static zkm_status check_parts(zkm_error *err, const table *parts, size_t num_parts, size_t *columns,
                              size_t *sources) {
    *columns = *sources = 0;
    for (size_t i = 0; i < num_parts; i++) {
        const char *path = parts[i].sources[0].path;
        if (parts[i].num_rows != parts[0].num_rows)
            return error_set(
                err, ZKM_ERR_FORMAT,
                "%s: column '%s' has %zu rows, but column '%s' of %s has %zu; files and "
                "arrays that belong together need the same number of rows",
                path, parts[i].columns[0].name, parts[i].num_rows, parts[0].columns[0].name,
                parts[0].sources[0].path, parts[0].num_rows);
        *columns += parts[i].num_columns;
        *sources += parts[i].num_sources;
        if (*columns > TABLE_MAX_COLUMNS || *columns > TABLE_MAX_CELLS / parts[0].num_rows)
            return error_set(err, ZKM_ERR_FORMAT,
                             "%s: more than %u columns or %zu cells in all; give fewer rows", path,
                             TABLE_MAX_COLUMNS, TABLE_MAX_CELLS);
    }
    return ZKM_OK;
}

/* Moves names and paths of one part behind those that out already holds, and copies its values. */
static void take_part(table *out, table *part, size_t width) {
    for (size_t row = 0; row < part->num_rows; row++)
        memcpy(out->values + row * width + out->num_columns, part->values + row * part->num_columns,
               part->num_columns * sizeof *part->values);
    for (uint32_t i = 0; i < part->num_columns; i++) {
        table_column c = part->columns[i];
        c.source += out->num_sources;
        out->columns[out->num_columns + i] = c;
        part->columns[i].name = NULL;
    }
    for (uint32_t i = 0; i < part->num_sources; i++) {
        out->sources[out->num_sources + i] = part->sources[i];
        part->sources[i].path = NULL;
    }
    out->num_columns += part->num_columns;
    out->num_sources += part->num_sources;
}

zkm_status table_join(zkm_error *err, table *out, table *parts, size_t num_parts) {
    size_t columns = 0, sources = 0;
    ZKM_TRY(check_parts(err, parts, num_parts, &columns, &sources));
    if (num_parts == 1) {
        *out = parts[0];
        parts[0] = (table){0};
        return ZKM_OK;
    }
    table t = {.num_rows = parts[0].num_rows};
    t.columns = calloc(columns, sizeof *t.columns);
    t.sources = calloc(sources, sizeof *t.sources);
    t.values = malloc(columns * t.num_rows * sizeof *t.values);
    if (!t.columns || !t.sources || !t.values) {
        table_clear(&t);
        return error_memory(err, parts[0].sources[0].path,
                            columns * parts[0].num_rows * sizeof(double));
    }
    for (size_t i = 0; i < num_parts; i++) {
        take_part(&t, &parts[i], columns);
        table_clear(&parts[i]);
    }
    zkm_status status = table_check_names(err, &t);
    if (status != ZKM_OK)
        table_clear(&t);
    else
        *out = t;
    return status;
}

/* Formats that people have data in and that are not read, by their first bytes. */
static zkm_status refuse_other_formats(zkm_error *err, const uint8_t *data, size_t len,
                                       const char *path) {
    static const struct {
        const char *magic;
        size_t len;
        const char *what;
    } others[] = {
        {"PAR1", 4, "a Parquet file; write it as CSV or .npy"},
        {"\x1f\x8b", 2, "compressed with gzip; unpack it first"},
        {"\x28\xb5\x2f\xfd", 4, "compressed with zstd; unpack it first"},
        {"\x89HDF", 4, "an HDF5 file; write it as CSV or .npy"},
        {"\xff\xfe", 2, "UTF-16 text; save it as UTF-8"},
        {"\xfe\xff", 2, "UTF-16 text; save it as UTF-8"},
    };
    if (len == 0)
        return error_set(err, ZKM_ERR_FORMAT, "%s: empty; a header row and data rows are needed",
                         path);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (len >= others[i].len && memcmp(data, others[i].magic, others[i].len) == 0)
            return error_set(err, ZKM_ERR_FORMAT, "%s: %s", path, others[i].what);
    return ZKM_OK;
}

zkm_status table_from_bytes(zkm_error *err, table *out, const uint8_t *data, size_t len,
                            const char *path, const table_options *options) {
    if (len >= 6 && memcmp(data, "\x93NUMPY", 6) == 0)
        return table_from_npy(err, out, data, len, path, NULL, options);
    if (len >= 4 && memcmp(data, "PK", 2) == 0 && (data[2] == 3 || data[2] == 5))
        return table_from_npz(err, out, data, len, path, options);
    ZKM_TRY(refuse_other_formats(err, data, len, path));
    return table_from_csv(err, out, data, len, path, options);
}

static zkm_status read_one(zkm_error *err, table *out, const char *path,
                           const table_options *options) {
    file_view view = {0};
    ZKM_TRY(file_open(err, &view, path, TABLE_MAX_FILE));
    zkm_status status = table_from_bytes(err, out, view.data, view.len, path, options);
    file_close(&view);
    return status;
}

zkm_status table_read(zkm_error *err, table *out, const char *const *paths, size_t num_paths,
                      const table_options *options) {
    if (num_paths == 0 || num_paths > TABLE_MAX_FILES)
        return error_set(err, ZKM_ERR_ARGUMENT, "data: %zu files given; 1 to %u can be read",
                         num_paths, TABLE_MAX_FILES);
    table parts[TABLE_MAX_FILES] = {0};
    zkm_status status = ZKM_OK;
    for (size_t i = 0; i < num_paths; i++)
        ZKM_TRY_OUT(read_one(err, &parts[i], paths[i], options));
    status = table_join(err, out, parts, num_paths);
out:
    for (size_t i = 0; i < num_paths; i++)
        table_clear(&parts[i]);
    return status;
}

zkm_status table_from_rows(zkm_error *err, table *out, const zkm_rows *arrays, size_t num_arrays,
                           const table_options *options) {
    if (num_arrays == 0 || num_arrays > TABLE_MAX_FILES)
        return error_set(err, ZKM_ERR_ARGUMENT, "rows: %zu arrays given; 1 to %u can be taken",
                         num_arrays, TABLE_MAX_FILES);
    table parts[TABLE_MAX_FILES] = {0};
    zkm_status status = ZKM_OK;
    for (size_t i = 0; i < num_arrays; i++)
        ZKM_TRY_OUT(table_from_array(err, &parts[i], &arrays[i], options));
    status = table_join(err, out, parts, num_arrays);
out:
    for (size_t i = 0; i < num_arrays; i++)
        table_clear(&parts[i]);
    return status;
}
