/*
 * Choosing scales: from a folded network with real weights and calibration rows to a program.
 * Scales are powers of two; for layer l with pre-activation z
 *
 *   hi_frac   the largest at which |z| * headroom stays inside the table's domain,
 *   z_frac    hi_frac + shift; as large as the weights (times headroom) fit int16 and the biases
 *             40 bits, but no larger than a shift of 16, which the circuit checks with one lookup,
 *             unless the weights' rounding would then outweigh the rounding of hi,
 *   out_frac  the largest at which the table's values fit.
 *
 * Every decision is made with + - * / and comparisons on IEEE doubles or with integers, so that
 * it is the same on every platform.
 */
#include <stdlib.h>
#include <string.h>

#include "model/model_internal.h"
#include "model/quantise_internal.h"
#include "model/table.h"

#define PREFERRED_SHIFT 16
#define FRAC_MAX 24        /* of hidden layers: finer than any activation needs */
#define PREDICTION_FRAC 15 /* of the prediction */
#define SHARE_BITS 2       /* precision that a layer may lose so that it can share a table */
#define Z_FRAC_MAX 60

/* The smallest e with v <= 2^e, for v > 0; -64 for zero and below that. */
static int32_t ceil_log2(double v) {
    int32_t e = -64;
    for (double power = 0x1p-64; power < v && e < 512; power *= 2)
        e++;
    return e;
}

/* The largest f with v * 2^f <= limit, for v > 0; at most 64. */
static int32_t fit_frac(double v, double limit) {
    int32_t f = 64;
    for (double power = 0x1p64; v * power > limit && f > -512; power /= 2)
        f--;
    return f;
}

/* ---- calibration ---- */

static zkm_status observe_row(zkm_error *err, calibration *c, const net *n, const double *row,
                              const double *z, const double *out, size_t index) {
    size_t offset = 0;
    for (uint32_t k = 0; k < n->num_features; k++)
        c->squares[k] += row[k] * row[k];
    for (uint32_t l = 0; l < n->num_layers; l++) {
        for (uint32_t m = 0; m < n->layers[l].width; m++) {
            double v = z[offset + m], y = out[offset + m];
            if (v - v != 0 || y - y != 0)
                return error_set(
                    err, ZKM_ERR_RANGE,
                    "calibration row %zu: layer \"%s\" (%s), element %u is not finite; "
                    "remove the row or check the model",
                    index + 1, n->layers[l].name, n->layers[l].activation, m);
            c->min[l] = v < c->min[l] ? v : c->min[l];
            c->max[l] = v > c->max[l] ? v : c->max[l];
            c->squares[n->num_features + offset + m] += y * y;
        }
        offset += n->layers[l].width;
    }
    return ZKM_OK;
}

static zkm_status calibrate(zkm_error *err, calibration *c, const net *n, const double *features,
                            size_t rows) {
    size_t length = net_trace_length(n);
    zkm_status status = ZKM_OK;
    double *trace = malloc(2 * length * sizeof *trace);
    c->rows = rows;
    c->min = malloc(n->num_layers * sizeof *c->min);
    c->max = malloc(n->num_layers * sizeof *c->max);
    c->squares = calloc(n->num_features + length, sizeof *c->squares);
    if (!trace || !c->min || !c->max || !c->squares) {
        status = error_memory(err, "calibration", 3 * length * sizeof *trace);
        goto out;
    }
    for (uint32_t l = 0; l < n->num_layers; l++) {
        c->min[l] = 1e300;
        c->max[l] = -1e300;
    }
    for (size_t i = 0; i < rows; i++) {
        const double *row = features + i * n->num_features;
        net_forward(trace, trace + length, n, row);
        ZKM_TRY_OUT(observe_row(err, c, n, row, trace, trace + length, i));
    }
out:
    free(trace);
    return status;
}

static void calibration_clear(calibration *c) {
    free(c->min);
    free(c->max);
    free(c->squares);
}

/* ---- plans ---- */

static double largest(const double *v, size_t n) {
    double max = 0;
    for (size_t i = 0; i < n; i++)
        max = v[i] > max ? v[i] : -v[i] > max ? -v[i] : max;
    return max;
}

/* hi_frac from the observed range; 1/32 more leaves room for the rounding of hi and of what went
 * before. */
static int32_t range_exponent(const calibration *c, uint32_t l, double headroom) {
    double low = -c->min[l], high = c->max[l];
    double range = (low > high ? low : high) * headroom * 1.03125;
    return ceil_log2(range);
}

static uint32_t generic_bits(const model_quantise_options *o, uint64_t neurons) {
    uint32_t bits = 2, least = o->bits < 12 ? o->bits : 12;
    for (unsigned __int128 n = 1; n < (unsigned __int128)o->capacity * neurons; n *= 2)
        bits++;
    return bits < least ? least : bits > o->bits ? o->bits : bits;
}

/*
 * Layers with one activation share a table: the widest range decides for all whose own range is
 * at most SHARE_BITS smaller. A table's width follows from how many values are looked up in it.
 */
static void share_tables(planner *p) {
    const net *n = p->n;
    for (uint32_t l = 0; l < n->num_layers; l++) {
        uint64_t neurons = 0;
        int32_t widest = -1000;
        if (p->plans[l].kind != TABLE_GENERIC || p->plans[l].bits != 0)
            continue;
        for (uint32_t k = l; k < n->num_layers; k++)
            if (p->plans[k].bits == 0 &&
                expr_equal(&n->layers[k].function, &n->layers[l].function) &&
                p->plans[k].exponent > widest)
                widest = p->plans[k].exponent;
        for (int pass = 0; pass < 2; pass++) /* count, then set */
            for (uint32_t k = l; k < n->num_layers; k++) {
                plan *other = &p->plans[k];
                if (other->bits != 0 || other->exponent < widest - SHARE_BITS ||
                    !expr_equal(&n->layers[k].function, &n->layers[l].function))
                    continue;
                if (pass == 0) {
                    neurons += n->layers[k].width;
                    continue;
                }
                other->bits = generic_bits(p->options, neurons);
                other->exponent = widest;
            }
        if (p->plans[l].bits == 0)
            l--; /* this one's range is far smaller: again, among those that are left */
    }
}

static void plan_tables(planner *p) {
    for (uint32_t l = 0; l < p->n->num_layers; l++) {
        plan *x = &p->plans[l];
        x->exponent = range_exponent(p->c, l, p->options->headroom);
        int32_t hi_frac = (int32_t)p->options->bits - 1 - x->exponent;
        x->kind = table_classify(&p->n->layers[l].function, p->options->bits,
                                 hi_frac > FRAC_MAX ? FRAC_MAX : hi_frac);
        x->bits = x->kind == TABLE_GENERIC ? 0 : p->options->bits;
        x->cap = l + 1 == p->n->num_layers ? PREDICTION_FRAC : FRAC_MAX;
    }
    share_tables(p);
}

static int32_t source_frac(const planner *p, uint32_t source, uint32_t element) {
    return source == 0 ? p->feature_frac[element] : p->plans[source - 1].out_frac;
}

/* A diagonal term is a shift when its elements have one scale; otherwise it becomes a matrix. */
bool term_is_shift(const net_term *t, const int32_t *feature_frac) {
    for (uint32_t k = 1; k < t->count && t->source == 0; k++)
        if (feature_frac[t->first + k] != feature_frac[t->first])
            return false;
    return !t->dense;
}

int32_t factor_log2(double factor) { return ceil_log2(factor); }

/* The largest |w| of row k of a term; a diagonal's rows hold its factor. */
static double row_largest(const net_term *t, uint32_t k, uint32_t width) {
    return t->dense ? largest(t->weights + (size_t)k * width, width) : t->factor;
}

/* The bounds of a layer's z_frac: upper from weights and biases, lower from shift terms. */
static void z_bounds(const planner *p, uint32_t l, int32_t *lower, int32_t *upper) {
    const net_layer *layer = &p->n->layers[l];
    double headroom = p->options->headroom;
    *lower = -120;
    *upper = Z_FRAC_MAX;
    for (uint32_t t = 0; t < layer->num_terms; t++) {
        const net_term *term = &layer->terms[t];
        if (term_is_shift(term, p->feature_frac)) {
            int32_t least = source_frac(p, term->source, term->first) - factor_log2(term->factor);
            *lower = least > *lower ? least : *lower;
            *upper = least + 30 < *upper ? least + 30 : *upper;
            continue;
        }
        for (uint32_t k = 0; k < term->count; k++) {
            double w = row_largest(term, k, layer->width) * headroom;
            int32_t most = fit_frac(w, 32767) + source_frac(p, term->source, term->first + k);
            if (w > 0 && most < *upper)
                *upper = most;
        }
    }
    double b = largest(layer->bias, layer->width) * headroom;
    int32_t most = fit_frac(b, 0x1p39 - 1);
    if (b > 0 && most < *upper)
        *upper = most;
}

/*
 * The shift at which rounding the weights to z's scale adds no more noise than rounding z to hi:
 * both are uniform, the first of variance sum E[X_k^2] / 12 in units of z, the second 2^(2s) /
 * 12.
 */
static int32_t wanted_shift(const planner *p, uint32_t l) {
    const net_layer *layer = &p->n->layers[l];
    double energy = 0;
    for (uint32_t t = 0; t < layer->num_terms; t++) {
        const net_term *term = &layer->terms[t];
        size_t offset = term->first;
        if (term_is_shift(term, p->feature_frac))
            continue;
        if (term->source > 0)
            offset += p->n->num_features + p->offsets[term->source - 1];
        for (uint32_t k = 0; k < term->count; k++) {
            double scale = 1;
            for (int32_t f = source_frac(p, term->source, term->first + k); f != 0;
                 f += f < 0 ? 1 : -1)
                scale *= f < 0 ? 0.25 : 4;
            energy += p->c->squares[offset + k] / (double)p->c->rows * scale;
        }
    }
    int32_t s = PREFERRED_SHIFT;
    for (double noise = energy / 0x1p32; noise > 2 && s < (int32_t)PROGRAM_SHIFT_MAX; noise /= 4)
        s++;
    return s;
}

/* Chooses z_frac and hi_frac of layer l. *restart: a source must be coarser first, and its cap is
 * set. */
static zkm_status plan_scales(zkm_error *err, planner *p, uint32_t l, bool *restart) {
    const net_layer *layer = &p->n->layers[l];
    plan *x = &p->plans[l];
    int32_t lower, upper, hi_frac = (int32_t)x->bits - 1 - x->exponent;
    z_bounds(p, l, &lower, &upper);
    if (x->kind != TABLE_GENERIC && hi_frac > x->cap)
        hi_frac = x->cap;
    hi_frac = hi_frac > FRAC_MAX ? FRAC_MAX : hi_frac;
    if (lower > upper) {
        for (uint32_t t = 0; t < layer->num_terms; t++) {
            const net_term *term = &layer->terms[t];
            int32_t most = upper + factor_log2(term->factor);
            if (!term_is_shift(term, p->feature_frac) ||
                source_frac(p, term->source, term->first) <= most)
                continue;
            if (term->source == 0)
                return error_set(
                    err, ZKM_ERR_RANGE,
                    "layer \"%s\": adds features of frac_bits %d to a sum that holds at most "
                    "%d; lower frac_bits in the schema",
                    layer->name, source_frac(p, 0, term->first), most);
            p->plans[term->source - 1].cap = most;
            *restart = true;
        }
        return ZKM_OK;
    }
    if (hi_frac > upper - 1)
        hi_frac = upper - 1;
    int32_t z = hi_frac + wanted_shift(p, l);
    z = z > upper ? upper : z < lower ? lower : z;
    if (z - hi_frac > (int32_t)PROGRAM_SHIFT_MAX)
        return error_set(
            err, ZKM_ERR_RANGE,
            "layer \"%s\": its inputs are 2^%d times finer than its range needs; lower "
            "frac_bits in the schema",
            layer->name, z - hi_frac);
    x->hi_frac = hi_frac;
    x->z_frac = z;
    return ZKM_OK;
}

/* The table of layer l, or the same one of an earlier layer. */
static zkm_status plan_values(zkm_error *err, planner *p, uint32_t l) {
    plan *x = &p->plans[l];
    size_t n = (size_t)1 << x->bits;
    bool prediction = l + 1 == p->n->num_layers;
    zkm_status status = ZKM_OK;
    wide *points = NULL;
    /* A bounded function may look like ReLU on a narrow domain and not on the one that was
     * chosen. */
    if (x->kind != TABLE_GENERIC &&
        table_classify(&p->n->layers[l].function, x->bits, x->hi_frac) != x->kind)
        x->kind = TABLE_GENERIC;
    x->out_frac = x->hi_frac;
    for (uint32_t k = 0; k < l; k++) {
        const plan *y = &p->plans[k];
        bool same = x->kind != TABLE_GENERIC ||
                    (y->hi_frac == x->hi_frac && y->cap == x->cap && !prediction &&
                     expr_equal(&p->n->layers[k].function, &p->n->layers[l].function));
        if (y->kind == x->kind && y->bits == x->bits && same) {
            x->table = y->table;
            x->out_frac = x->kind == TABLE_GENERIC ? y->out_frac : x->hi_frac;
            return ZKM_OK;
        }
    }
    program_table *t = &p->tables[p->num_tables];
    *t = (program_table){.kind = x->kind, .bits = x->bits};
    memcpy(t->name, p->n->layers[l].activation, sizeof t->name);
    points = malloc(n * sizeof *points);
    t->values = malloc(n * sizeof *t->values);
    x->table = p->num_tables++;
    if (!points || !t->values) {
        status = error_memory(err, "model: table", n * sizeof *points);
        goto out;
    }
    for (size_t i = 0; i < n && x->kind != TABLE_GENERIC; i++) {
        int32_t hi = (int32_t)i - (int32_t)(n / 2);
        t->values[i] = (int16_t)(x->kind == TABLE_RELU && hi < 0 ? 0 : hi);
    }
    if (x->kind != TABLE_GENERIC)
        goto out;
    ZKM_TRY_OUT(table_points(err, points, &p->n->layers[l].function, x->bits, x->hi_frac,
                             p->n->layers[l].name));
    if (!table_out_frac(&x->out_frac, points, n, prediction ? 16 : p->options->bits, x->cap) ||
        !table_round(t->values, points, n, x->out_frac))
        status = error_set(
            err, ZKM_ERR_RANGE,
            "layer \"%s\": its activation %s grows beyond 2^30 over the calibrated range; "
            "bound its input (Clip) or use less --headroom",
            p->n->layers[l].name, p->n->layers[l].activation);
out:
    free(points);
    return status;
}

static void drop_tables(planner *p) {
    for (uint32_t t = 0; t < p->num_tables; t++)
        free(p->tables[t].values);
    p->num_tables = 0;
}

/* All layers in order; again from the start whenever a residual sum asks for a coarser source. */
static zkm_status plan_layers(zkm_error *err, planner *p) {
    for (uint32_t attempt = 0; attempt <= 2 * p->n->num_layers; attempt++) {
        bool restart = false;
        drop_tables(p);
        for (uint32_t l = 0; l < p->n->num_layers && !restart; l++) {
            ZKM_TRY(plan_scales(err, p, l, &restart));
            if (!restart)
                ZKM_TRY(plan_values(err, p, l));
        }
        if (!restart)
            return ZKM_OK;
    }
    return error_set(err, ZKM_ERR_RANGE,
                     "the scales of the model's residual sums cannot be aligned");
}

/* ---- the program ---- */

static uint32_t bias_bits(const planner *p, uint32_t l) {
    const net_layer *layer = &p->n->layers[l];
    double b = largest(layer->bias, layer->width) * p->options->headroom;
    uint32_t bits = 16; /* |b| * 2^z_frac + 1 < 2^(bits - 1) */
    while (bits < PROGRAM_BIAS_BITS_MAX &&
           fit_frac(b, quantise_scale(1, (int32_t)bits - 1) - 1) < p->plans[l].z_frac && b > 0)
        bits++;
    return bits;
}

static void set_term(program_term *out, const planner *p, const net_layer *layer, const net_term *t,
                     int32_t z_frac, size_t *weights) {
    *out = (program_term){
        .kind = TERM_DENSE, .source = t->source, .first = t->first, .width = t->count};
    if (term_is_shift(t, p->feature_frac)) {
        out->kind = TERM_SHIFT;
        out->shift =
            (uint32_t)(z_frac - source_frac(p, t->source, t->first) + factor_log2(t->factor));
        return;
    }
    out->weights = *weights;
    *weights += (size_t)t->count * layer->width;
}

static zkm_status build_program(zkm_error *err, program *out, planner *p) {
    const net *n = p->n;
    out->num_features = n->num_features;
    out->feature_frac = malloc(n->num_features * sizeof *out->feature_frac);
    out->layers = calloc(n->num_layers, sizeof *out->layers);
    out->tables = calloc(p->num_tables, sizeof *out->tables);
    if (!out->feature_frac || !out->layers || !out->tables)
        return error_memory(err, "model: program", n->num_layers * sizeof *out->layers);
    memcpy(out->feature_frac, p->feature_frac, n->num_features * sizeof *out->feature_frac);
    memcpy(out->tables, p->tables, p->num_tables * sizeof *out->tables);
    out->num_tables = p->num_tables;
    p->num_tables = 0; /* the program owns them now */
    for (uint32_t l = 0; l < n->num_layers; l++) {
        const net_layer *from = &n->layers[l];
        const plan *x = &p->plans[l];
        program_layer *to = &out->layers[l];
        *to = (program_layer){.width = from->width, .biases = out->num_biases, .table = x->table};
        out->num_layers = l + 1;
        strncpy(to->name, from->name, sizeof to->name - 1);
        to->terms = calloc(from->num_terms, sizeof *to->terms);
        if (!to->terms)
            return error_memory(err, "model: terms", from->num_terms * sizeof *to->terms);
        to->num_terms = from->num_terms;
        to->bias_bits = bias_bits(p, l);
        to->shift = (uint32_t)(x->z_frac - x->hi_frac);
        to->z_frac = x->z_frac;
        to->out_frac = x->out_frac;
        out->num_biases += from->width;
        for (uint32_t t = 0; t < from->num_terms; t++)
            set_term(&to->terms[t], p, from, &from->terms[t], x->z_frac, &out->num_weights);
    }
    return program_check(err, out);
}

static zkm_status check_options(zkm_error *err, const model *m, const int32_t *feature_frac,
                                size_t rows, const model_quantise_options *o) {
    ZKM_TRY(model_check_supported(err, m));
    if (o->bits < 8 || o->bits > 16)
        return error_set(err, ZKM_ERR_ARGUMENT, "bits %u is outside 8..16", o->bits);
    if (!(o->headroom >= 1 && o->headroom <= 64))
        return error_set(err, ZKM_ERR_ARGUMENT, "headroom %g is outside 1..64", o->headroom);
    if (o->capacity < 1)
        return error_set(err, ZKM_ERR_ARGUMENT, "capacity must be at least 1");
    if (rows < 1)
        return error_set(err, ZKM_ERR_ARGUMENT, "no calibration rows");
    for (uint32_t k = 0; k < m->folded.num_features; k++)
        if (feature_frac[k] < -15 || feature_frac[k] > 31)
            return error_set(err, ZKM_ERR_ARGUMENT, "feature %u: frac_bits %d is outside -15..31",
                             k, feature_frac[k]);
    return ZKM_OK;
}

zkm_status model_quantise_new(zkm_error *err, program *out, program_weights *weights,
                              model_report *report, const model *m, const int32_t *feature_frac,
                              const double *features, size_t rows,
                              const model_quantise_options *options) {
    ZKM_TRY(check_options(err, m, feature_frac, rows, options));
    const net *n = &m->folded;
    calibration c = {0};
    planner p = {.n = n, .c = &c, .options = options, .feature_frac = feature_frac};
    program prog = {0};
    program_weights w = {0};
    model_report r = {0};
    zkm_status status = ZKM_OK;
    p.plans = calloc(n->num_layers, sizeof *p.plans);
    p.tables = calloc(n->num_layers, sizeof *p.tables);
    p.offsets = calloc(n->num_layers, sizeof *p.offsets);
    if (!p.plans || !p.tables || !p.offsets) {
        status = error_memory(err, "model: plan", n->num_layers * sizeof *p.plans);
        goto out;
    }
    for (uint32_t l = 1; l < n->num_layers; l++)
        p.offsets[l] = p.offsets[l - 1] + n->layers[l - 1].width;
    ZKM_TRY_OUT(calibrate(err, &c, n, features, rows));
    plan_tables(&p);
    ZKM_TRY_OUT(plan_layers(err, &p));
    ZKM_TRY_OUT(build_program(err, &prog, &p));
    ZKM_TRY_OUT(quantise_weights(err, &w, n, &prog));
    if (report)
        ZKM_TRY_OUT(quantise_report(err, &r, n, &c, &prog, &w));
    *out = prog;
    *weights = w;
    if (report)
        *report = r;
    prog = (program){0};
    w = (program_weights){0};
out:
    drop_tables(&p);
    program_clear(&prog);
    program_weights_clear(&w);
    calibration_clear(&c);
    free(p.plans);
    free(p.tables);
    free(p.offsets);
    return status;
}

zkm_status model_quantise_nominal(zkm_error *err, program *p, const model *m,
                                  const model_quantise_options *options) {
    enum { ROWS = 64 };
    ZKM_TRY(model_check_supported(err, m));
    uint32_t width = m->folded.num_features, state = 1;
    zkm_status status = ZKM_OK;
    program_weights w = {0};
    double *rows = malloc((size_t)ROWS * width * sizeof *rows);
    int32_t *frac = malloc(width * sizeof *frac);
    if (!rows || !frac) {
        status = error_memory(err, "model: nominal rows", (size_t)ROWS * width * sizeof *rows);
        goto out;
    }
    for (size_t i = 0; i < (size_t)ROWS * width; i++) {
        state = state * 1664525u + 1013904223u; /* any fixed sequence does */
        rows[i] = ((double)(state >> 16) / 65536.0) * 6 - 3;
    }
    for (uint32_t k = 0; k < width; k++)
        frac[k] = 12;
    ZKM_TRY_OUT(model_quantise_new(err, p, &w, NULL, m, frac, rows, ROWS, options));
out:
    program_weights_clear(&w);
    free(rows);
    free(frac);
    return status;
}
