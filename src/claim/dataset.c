/* From a table of numbers to a dataset's rows: picking columns, quantising (DESIGN section 5). */
#include "claim/dataset.h"

#include <math.h>
#include <stdlib.h>

#include "base/wipe.h"
#include "claim/dataset_internal.h"
#include "claim/number.h"

/* Wipes and frees n elements of `size` bytes; NULL accepted. */
static void wipe_free(void *data, size_t n, size_t size) {
    if (data)
        secure_wipe(data, n * size);
    free(data);
}

void dataset_clear(dataset *d) {
    wipe_free(d->features, (size_t)d->n * d->num_features, sizeof *d->features);
    wipe_free(d->targets, (size_t)d->n * d->num_targets, sizeof *d->targets);
    *d = (dataset){0};
}

void dataset_reals_clear(dataset_reals *d) {
    wipe_free(d->features, d->n * d->num_features, sizeof *d->features);
    wipe_free(d->targets, d->n * d->num_targets, sizeof *d->targets);
    *d = (dataset_reals){0};
}

bool dataset_quantise_value(int16_t *out, double x, int32_t frac) {
    double y = ldexp(x, frac); /* exact, unless far below half a unit */
    if (!(fabs(y) < 65536.0))
        return false;
    double down = floor(y);
    double rest = y - down; /* exact: |y| < 2^16 */
    long q = (long)down;
    if (rest > 0.5 || (rest == 0.5 && (q & 1) != 0))
        q++;
    if (q < INT16_MIN || q > INT16_MAX)
        return false;
    *out = (int16_t)q;
    return true;
}

static zkm_status out_of_range(zkm_error *err, const table *data, const schema_column *c,
                               size_t row, uint32_t column, double x) {
    char place[ZKM_ERROR_MESSAGE_BYTES / 2], value[NUMBER_TEXT_BYTES], low[NUMBER_TEXT_BYTES],
        high[NUMBER_TEXT_BYTES];
    table_place(place, sizeof place, data, row, column);
    number_format(value, x);
    number_format(low, ldexp(INT16_MIN, -c->frac_bits));
    number_format(high, ldexp(INT16_MAX, -c->frac_bits));
    int32_t fits = c->frac_bits - 1;
    int16_t q;
    while (fits >= SCHEMA_FRAC_MIN && !dataset_quantise_value(&q, x, fits))
        fits--;
    if (fits < SCHEMA_FRAC_MIN)
        return error_set(
            err, ZKM_ERR_RANGE,
            "%s, column '%s': %s is outside %s..%s, what frac_bits %d can hold, and fits "
            "no other scale; correct the value or change the column's unit",
            place, c->name, value, low, high, (int)c->frac_bits);
    return error_set(
        err, ZKM_ERR_RANGE,
        "%s, column '%s': %s is outside %s..%s, what frac_bits %d can hold; correct the "
        "value, or give the column frac_bits %d or less in the schema and compile again",
        place, c->name, value, low, high, (int)c->frac_bits, (int)fits);
}

static zkm_status check_size(zkm_error *err, const table *data, const schema *s) {
    uint64_t width = (uint64_t)s->num_features + s->num_targets;
    if (data->num_rows == 0 || data->num_rows > DATASET_MAX_SAMPLES ||
        data->num_rows > DATASET_MAX_CELLS / width)
        return error_set(err, ZKM_ERR_RANGE, "%s: %zu rows; a dataset has 1 to %u",
                         data->sources[0].path, data->num_rows, DATASET_MAX_SAMPLES);
    return ZKM_OK;
}

static zkm_status allocate_reals(zkm_error *err, dataset_reals *d, const table *data,
                                 const schema *s) {
    d->n = data->num_rows;
    d->num_features = s->num_features;
    d->num_targets = s->num_targets;
    d->features = calloc(d->n * d->num_features, sizeof *d->features);
    d->targets = calloc(d->n * d->num_targets, sizeof *d->targets);
    if (!d->features || !d->targets)
        return error_memory(err, data->sources[0].path,
                            d->n * (d->num_features + (size_t)d->num_targets) * sizeof(double));
    return ZKM_OK;
}

zkm_status dataset_select(zkm_error *err, dataset_reals *out, const table *data, const schema *s) {
    zkm_status status = ZKM_OK;
    dataset_reals d = {0};
    uint32_t *index = malloc(s->num_columns * sizeof *index);
    if (!index)
        return error_memory(err, "schema", s->num_columns * sizeof *index);
    ZKM_TRY_OUT(check_size(err, data, s));
    ZKM_TRY_OUT(dataset_match_columns(err, index, data, s));
    ZKM_TRY_OUT(allocate_reals(err, &d, data, s));
    uint32_t feature = 0, target = 0;
    for (uint32_t i = 0; i < s->num_columns; i++) {
        schema_role role = s->columns[i].role;
        if (role == ROLE_TIME)
            continue;
        double *to = role == ROLE_FEATURE ? d.features + feature++ : d.targets + target++;
        size_t step = role == ROLE_FEATURE ? d.num_features : d.num_targets;
        for (size_t row = 0; row < d.n; row++)
            to[row * step] = data->values[row * data->num_columns + index[i]];
    }
    *out = d;
    d = (dataset_reals){0};
out:
    dataset_reals_clear(&d);
    free(index);
    return status;
}

static zkm_status allocate(zkm_error *err, dataset *d, const table *data, const schema *s) {
    d->n = (uint32_t)data->num_rows;
    d->num_features = s->num_features;
    d->num_targets = s->num_targets;
    d->features = calloc((size_t)d->n * d->num_features, sizeof *d->features);
    d->targets = calloc((size_t)d->n * d->num_targets, sizeof *d->targets);
    if (!d->features || !d->targets)
        return error_memory(err, data->sources[0].path,
                            (size_t)d->n * (d->num_features + (size_t)d->num_targets) * 2);
    return ZKM_OK;
}

static zkm_status quantise_column(zkm_error *err, int16_t *to, size_t step, const table *data,
                                  uint32_t column, const schema_column *c) {
    for (size_t row = 0; row < data->num_rows; row++) {
        double x = data->values[row * data->num_columns + column];
        if (!dataset_quantise_value(&to[row * step], x, c->frac_bits))
            return out_of_range(err, data, c, row, column, x);
    }
    return ZKM_OK;
}

zkm_status dataset_quantise(zkm_error *err, dataset *out, const table *data, const schema *s) {
    zkm_status status = ZKM_OK;
    dataset d = {0};
    uint32_t *index = malloc(s->num_columns * sizeof *index);
    if (!index)
        return error_memory(err, "schema", s->num_columns * sizeof *index);
    ZKM_TRY_OUT(check_size(err, data, s));
    ZKM_TRY_OUT(dataset_match_columns(err, index, data, s));
    ZKM_TRY_OUT(allocate(err, &d, data, s));
    uint32_t feature = 0, target = 0;
    for (uint32_t i = 0; i < s->num_columns; i++) {
        const schema_column *c = &s->columns[i];
        if (c->role == ROLE_FEATURE)
            ZKM_TRY_OUT(
                quantise_column(err, d.features + feature++, d.num_features, data, index[i], c));
        if (c->role == ROLE_TARGET)
            ZKM_TRY_OUT(
                quantise_column(err, d.targets + target++, d.num_targets, data, index[i], c));
    }
    *out = d;
    d = (dataset){0};
out:
    dataset_clear(&d);
    free(index);
    return status;
}
