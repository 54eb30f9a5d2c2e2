/* A schema proposed from calibration rows: roles from the caller's targets, scales from the
 * magnitudes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "claim/number.h"
#include "claim/schema_internal.h"
#include "claim/table.h"

enum { PROPOSE_FRAC_MAX = 15 };

int32_t schema_propose_frac(double max_abs) {
    for (int32_t f = PROPOSE_FRAC_MAX; f >= SCHEMA_FRAC_MIN; f--)
        if (ldexp(max_abs, f + 1) <= INT16_MAX)
            return f;
    return SCHEMA_FRAC_MIN - 1;
}

/* A column's number as the user may write it: 0.. from the left, -1.. from the right; false for
 * other text. */
static bool column_number(uint32_t *out, const char *text, uint32_t num_columns) {
    bool negative = text[0] == '-';
    const char *digits = text + negative;
    size_t len = strlen(digits);
    if (len == 0 || len > 6 || strspn(digits, "0123456789") != len)
        return false;
    uint32_t v = (uint32_t)strtoul(digits, NULL, 10);
    if (negative ? v == 0 || v > num_columns : v >= num_columns)
        return false;
    *out = negative ? num_columns - v : v;
    return true;
}

static bool is_target(const table_column *c, const char *target, bool whole_array) {
    if (!whole_array)
        return strcmp(c->name, target) == 0;
    return c->stem > 0 && strlen(target) == c->stem && memcmp(c->name, target, c->stem) == 0;
}

static zkm_status mark_target(zkm_error *err, schema_role *roles, const table *data, uint32_t i) {
    if (roles[i] != ROLE_FEATURE)
        return error_set(err, ZKM_ERR_ARGUMENT, "%s: column '%s' is %s; name each target once",
                         data->sources[data->columns[i].source].path, data->columns[i].name,
                         roles[i] == ROLE_TIME ? "kept out as a time and cannot be a target"
                                               : "given as target twice");
    roles[i] = ROLE_TARGET;
    return ZKM_OK;
}

/* By a column's name, else by an array's name, else, for arrays without names of columns, by
 * number. */
static zkm_status mark_targets(zkm_error *err, schema_role *roles, const table *data,
                               const char *target) {
    bool found = false;
    for (int whole_array = 0; whole_array < 2 && !found; whole_array++) {
        for (uint32_t i = 0; i < data->num_columns; i++) {
            if (!is_target(&data->columns[i], target, whole_array))
                continue;
            ZKM_TRY(mark_target(err, roles, data, i));
            found = true;
        }
    }
    uint32_t number = 0;
    if (!found && column_number(&number, target, data->num_columns) &&
        data->columns[number].positional) {
        ZKM_TRY(mark_target(err, roles, data, number));
        found = true;
    }
    if (!found)
        return error_set(err, ZKM_ERR_ARGUMENT,
                         "%s: no column is called '%.100s'; the last one is called '%s'",
                         data->sources[0].path, target, data->columns[data->num_columns - 1].name);
    return ZKM_OK;
}

static zkm_status choose_roles(zkm_error *err, schema_role *roles, const table *data,
                               const char *const *targets, size_t num_targets) {
    if (num_targets == 0)
        return error_set(err, ZKM_ERR_ARGUMENT,
                         "%s: no target given; name the column that the model predicts",
                         data->sources[0].path);
    for (uint32_t i = 0; i < data->num_columns; i++)
        roles[i] = data->columns[i].ignored ? ROLE_TIME : ROLE_FEATURE;
    for (size_t i = 0; i < num_targets; i++)
        ZKM_TRY(mark_targets(err, roles, data, targets[i]));
    for (uint32_t i = 0; i < data->num_columns; i++)
        if (roles[i] == ROLE_FEATURE)
            return ZKM_OK;
    return error_set(
        err, ZKM_ERR_ARGUMENT,
        "%s: no column is left as a feature; give the file with the model's inputs too",
        data->sources[0].path);
}

static zkm_status propose_column(zkm_error *err, schema *out, const table *data, uint32_t i,
                                 schema_role role) {
    const table_column *c = &data->columns[i];
    int32_t frac = 0;
    if (role != ROLE_TIME) {
        double max_abs = 0;
        for (size_t row = 0; row < data->num_rows; row++)
            max_abs = fmax(max_abs, fabs(data->values[row * data->num_columns + i]));
        frac = schema_propose_frac(max_abs);
        if (frac < SCHEMA_FRAC_MIN) {
            char text[NUMBER_TEXT_BYTES];
            number_format(text, max_abs);
            return error_set(
                err, ZKM_ERR_RANGE,
                "%s: column '%s' reaches %s, too large for 16 bits with room of a factor "
                "2 at the coarsest scale (2^%d); give it in a larger unit",
                data->sources[c->source].path, c->name, text, -SCHEMA_FRAC_MIN);
        }
    }
    return schema_append(err, out, c->name, strlen(c->name), role, frac);
}

zkm_status schema_propose(zkm_error *err, schema *out, const table *data,
                          const char *const *targets, size_t num_targets) {
    zkm_status status = ZKM_OK;
    schema s = {0};
    schema_role *roles = NULL;
    if (data->num_columns > SCHEMA_MAX_COLUMNS)
        return error_set(err, ZKM_ERR_ARGUMENT, "%s: %u columns, more than the %u of a schema",
                         data->sources[0].path, data->num_columns, SCHEMA_MAX_COLUMNS);
    roles = malloc(data->num_columns * sizeof *roles);
    if (!roles)
        return error_memory(err, "schema", data->num_columns * sizeof *roles);
    ZKM_TRY_OUT(choose_roles(err, roles, data, targets, num_targets));
    ZKM_TRY_OUT(schema_reserve(err, &s, data->num_columns));
    for (uint32_t i = 0; i < data->num_columns; i++)
        ZKM_TRY_OUT(propose_column(err, &s, data, i, roles[i]));
    ZKM_TRY_OUT(schema_check(err, &s, data->sources[0].path));
    *out = s;
    s = (schema){0};
out:
    schema_clear(&s);
    free(roles);
    return status;
}
