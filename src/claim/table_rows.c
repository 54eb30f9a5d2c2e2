/* Arrays in memory. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "claim/schema_internal.h"
#include "claim/table_internal.h"

static zkm_status check_shape(zkm_error *err, const zkm_rows *array, const char *name) {
    if (!schema_name_is_valid(name, strlen(name)) || strlen(name) > SCHEMA_MAX_NAME - 12)
        return error_set(err, ZKM_ERR_ARGUMENT,
                         "array '%.100s': its name must be 1 to %u bytes of UTF-8 without control "
                         "characters",
                         name, SCHEMA_MAX_NAME - 12);
    if (array->num_rows == 0 || array->num_columns == 0)
        return error_set(err, ZKM_ERR_ARGUMENT,
                         "%s: the array is empty; at least one row is needed", name);
    if (array->num_columns > TABLE_MAX_COLUMNS ||
        array->num_rows > TABLE_MAX_CELLS / array->num_columns)
        return error_set(err, ZKM_ERR_ARGUMENT,
                         "%s: more than %u columns or %zu cells; give fewer rows", name,
                         TABLE_MAX_COLUMNS, TABLE_MAX_CELLS);
    return ZKM_OK;
}

static zkm_status take_names(zkm_error *err, table *t, const zkm_rows *array) {
    const char *path = t->sources[0].path;
    t->columns = calloc(array->num_columns, sizeof *t->columns);
    if (!t->columns)
        return error_memory(err, path, array->num_columns * sizeof *t->columns);
    for (size_t j = 0; j < array->num_columns; j++) {
        const char *name = array->columns[j];
        if (!schema_name_is_valid(name, strlen(name)))
            return error_set(err, ZKM_ERR_ARGUMENT,
                             "%s: column %zu: its name must be 1 to %u bytes of UTF-8 without "
                             "control characters",
                             path, j, SCHEMA_MAX_NAME);
        t->columns[j].name = strdup(name);
        if (!t->columns[j].name)
            return error_memory(err, path, strlen(name));
        t->num_columns++;
    }
    return table_check_names(err, t);
}

static zkm_status take_values(zkm_error *err, table *t, const zkm_rows *array) {
    size_t columns = array->num_columns;
    t->values = malloc(array->num_rows * columns * sizeof *t->values);
    if (!t->values)
        return error_memory(err, t->sources[0].path, array->num_rows * columns * sizeof *t->values);
    t->num_rows = array->num_rows;
    for (size_t i = 0; i < t->num_rows; i++) {
        for (size_t j = 0; j < columns; j++) {
            double v = t->columns[j].ignored ? 0 : array->values[i * columns + j];
            if (!isfinite(v))
                return error_set(err, ZKM_ERR_RANGE,
                                 "%s: row %zu, column '%s': %s is not a number; correct it or "
                                 "remove the row",
                                 t->sources[0].path, i + 1, t->columns[j].name,
                                 isnan(v) ? "nan" : "inf");
            t->values[i * columns + j] = v;
        }
    }
    return ZKM_OK;
}

zkm_status table_from_array(zkm_error *err, table *out, const zkm_rows *array,
                            const table_options *options) {
    const char *name = array->name ? array->name : "x";
    table t = {0};
    zkm_status status = ZKM_OK;
    ZKM_TRY(check_shape(err, array, name));
    ZKM_TRY_OUT(table_start(err, &t, name));
    if (array->columns)
        ZKM_TRY_OUT(take_names(err, &t, array));
    else
        ZKM_TRY_OUT(table_name_columns(err, &t, array->num_columns, name, strlen(name), true));
    ZKM_TRY_OUT(table_mark_ignored(err, &t, options));
    ZKM_TRY_OUT(take_values(err, &t, array));
    *out = t;
    return ZKM_OK;
out:
    table_clear(&t);
    return status;
}
