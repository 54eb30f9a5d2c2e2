/* Activation tables with integers only: see table.h. */
#include "model/table.h"

#include <stdlib.h>

#include "base/threads.h"

/* Below the point of a rounded value: 2^-60 of an output unit. */
#define GUARD_BITS 60

static bool round_value(int64_t *out, wide v, int32_t out_frac) {
    __int128 scaled;
    if (!wide_to_fixed(&scaled, v, out_frac + GUARD_BITS))
        return false;
    scaled += ((__int128)1 << (GUARD_BITS - 1)) + ((__int128)1 << (GUARD_BITS - 40));
    if (scaled >= (__int128)1 << (GUARD_BITS + 40) || scaled < -((__int128)1 << (GUARD_BITS + 40)))
        return false;
    __int128 unit = (__int128)1 << GUARD_BITS;
    __int128 floor = scaled >= 0 ? scaled / unit : -((unit - 1 - scaled) / unit);
    *out = (int64_t)floor;
    return true;
}

typedef struct {
    wide *out;
    const expr *f;
    int32_t half, hi_frac;
} points_job;

static void points_body(void *context, size_t begin, size_t end, unsigned worker) {
    points_job *job = context;
    (void)worker;
    for (size_t i = begin; i < end; i++)
        job->out[i] = expr_eval_wide(job->f, wide_from_fixed((int64_t)i - job->half, job->hi_frac));
}

zkm_status table_points(zkm_error *err, wide *out, const expr *f, uint32_t bits, int32_t hi_frac,
                        const char *name) {
    size_t n = (size_t)1 << bits;
    points_job job = {out, f, (int32_t)(n / 2), hi_frac};
    parallel_for(0, n, 256, points_body, &job);
    for (size_t i = 0; i < n; i++)
        if (out[i].kind == WIDE_NAN || out[i].kind == WIDE_INFINITE) {
            double x = wide_to_double(wide_from_fixed((int64_t)i - job.half, hi_frac));
            char text[96];
            expr_name(text, sizeof text, f);
            return error_set(
                err, ZKM_ERR_RANGE,
                "layer \"%.63s\": its activation %s has no finite value at %g, which lies in "
                "the calibrated range; bound its input (Clip) or use less --headroom",
                name, text, x);
        }
    return ZKM_OK;
}

bool table_out_frac(int32_t *out, const wide *values, size_t n, uint32_t bits, int32_t limit) {
    size_t low = 0, high = 0;
    int64_t bound = (int64_t)1 << (bits - 1), a = 0, b = 0;
    for (size_t i = 1; i < n; i++) {
        if (wide_less(values[i], values[low]))
            low = i;
        if (wide_less(values[high], values[i]))
            high = i;
    }
    for (int32_t frac = limit; frac >= -15; frac--)
        if (round_value(&a, values[low], frac) && round_value(&b, values[high], frac) &&
            a >= -bound && b < bound) {
            *out = frac;
            return true;
        }
    return false;
}

bool table_round(int16_t *out, const wide *values, size_t n, int32_t out_frac) {
    for (size_t i = 0; i < n; i++) {
        int64_t v = 0;
        if (!round_value(&v, values[i], out_frac) || v < INT16_MIN || v > INT16_MAX)
            return false;
        out[i] = (int16_t)v;
    }
    return true;
}

static bool entry_is(const expr *f, int64_t hi, int32_t frac, int64_t expected) {
    int64_t v = 0;
    return round_value(&v, expr_eval_wide(f, wide_from_fixed(hi, frac)), frac) && v == expected;
}

program_table_kind table_classify(const expr *f, uint32_t bits, int32_t hi_frac) {
    int64_t half = (int64_t)1 << (bits - 1);
    const expr_node *n = f->nodes;
    if (f->count == 1)
        return TABLE_IDENTITY;
    if (f->count == 3 && n[0].op == EXPR_VARIABLE && n[1].op == EXPR_CONSTANT &&
        n[1].constant == 0 && n[2].op == EXPR_MAX)
        return TABLE_RELU; /* what every exporter's ReLU becomes; the scan would say the same */
    /* Powers of two and both ends first: nearly everything else differs at one of them. */
    bool relu = entry_is(f, -half, hi_frac, 0);
    if (!entry_is(f, half - 1, hi_frac, half - 1))
        return TABLE_GENERIC;
    for (int64_t hi = 1; hi < half; hi *= 2)
        if (!entry_is(f, hi, hi_frac, hi) || !entry_is(f, -hi, hi_frac, relu ? 0 : -hi))
            return TABLE_GENERIC;
    for (int64_t hi = -half; hi < half; hi++)
        if (!entry_is(f, hi, hi_frac, relu && hi < 0 ? 0 : hi))
            return TABLE_GENERIC;
    return relu ? TABLE_RELU : TABLE_IDENTITY;
}

zkm_status table_matches(zkm_error *err, bool *out, const program_table *table, const expr *f,
                         int32_t hi_frac, int32_t out_frac, const char *name) {
    size_t n = (size_t)1 << table->bits;
    if (table->kind != TABLE_GENERIC) {
        *out = hi_frac == out_frac && table_classify(f, table->bits, hi_frac) == table->kind;
        return ZKM_OK;
    }
    zkm_status status = ZKM_OK;
    wide *points = malloc(n * sizeof *points);
    int16_t *values = malloc(n * sizeof *values);
    if (!points || !values) {
        status = error_memory(err, "model: table", n * sizeof *points);
        goto out;
    }
    ZKM_TRY_OUT(table_points(err, points, f, table->bits, hi_frac, name));
    bool same = table_round(values, points, n, out_frac);
    for (size_t i = 0; i < n && same; i++)
        same = values[i] == table->values[i];
    *out = same;
out:
    free(points);
    free(values);
    return status;
}
