/*
 * Applying scales: a round's weights under a program, that they fit it, and the report. An
 * integer weight is the real one at the scale of z minus the scale of its input row, rounded half
 * to even.
 */
#include <stdlib.h>
#include <string.h>

#include "model/model_internal.h"
#include "model/quantise_internal.h"
#include "model/table.h"

double quantise_scale(double v, int32_t frac) {
    for (; frac > 0; frac--)
        v *= 2;
    for (; frac < 0; frac++)
        v /= 2;
    return v;
}

/* Half to even; |v| < 2^52. */
static int64_t round_even(double v) {
    int64_t down = (int64_t)v - (v < (double)(int64_t)v);
    double rest = v - (double)down;
    return rest > 0.5 || (rest == 0.5 && down % 2 != 0) ? down + 1 : down;
}

static int32_t source_frac(const program *p, uint32_t source, uint32_t element) {
    return source == 0 ? p->feature_frac[element] : p->layers[source - 1].out_frac;
}

static zkm_status weight_error(zkm_error *err, const net_layer *layer, const char *what, size_t k,
                               size_t m, double v, double limit) {
    return error_set(
        err, ZKM_ERR_RANGE,
        "layer \"%.63s\": %s [%zu][%zu] = %g does not fit the circuit's scale, whose largest "
        "is %g; compile a circuit with more --headroom, or train with smaller weights",
        layer->name, what, k, m, v, limit);
}

static zkm_status quantise_dense(zkm_error *err, int16_t *out, const net_layer *layer,
                                 const net_term *t, const program *p, const program_layer *to) {
    for (uint32_t k = 0; k < t->count; k++) {
        int32_t frac = to->z_frac - source_frac(p, t->source, t->first + k);
        double scale = quantise_scale(1, frac);
        for (uint32_t m = 0; m < layer->width; m++) {
            double w = t->dense ? t->weights[(size_t)k * layer->width + m] : k == m ? t->factor : 0;
            double v = w * scale;
            if (!(v > -32767.5 && v < 32767.5))
                return weight_error(err, layer, "weight", t->first + k, m, w, 32767 / scale);
            out[(size_t)k * layer->width + m] = (int16_t)round_even(v);
        }
    }
    return ZKM_OK;
}

zkm_status quantise_weights(zkm_error *err, program_weights *out, const net *n, const program *p) {
    program_weights w = {0};
    zkm_status status = ZKM_OK;
    w.weights = malloc(p->num_weights ? p->num_weights * sizeof *w.weights : 1);
    w.biases = malloc(p->num_biases * sizeof *w.biases);
    if (!w.weights || !w.biases) {
        status = error_memory(err, "model: weights", p->num_weights * sizeof *w.weights);
        goto out;
    }
    for (uint32_t l = 0; l < p->num_layers; l++) {
        const net_layer *layer = &n->layers[l];
        const program_layer *to = &p->layers[l];
        double scale = quantise_scale(1, to->z_frac);
        double limit = quantise_scale(1, (int32_t)to->bias_bits - 1) - 1;
        for (uint32_t m = 0; m < layer->width; m++) {
            double v = layer->bias[m] * scale;
            if (!(v >= -limit && v <= limit)) {
                status = weight_error(err, layer, "bias", 0, m, layer->bias[m], limit / scale);
                goto out;
            }
            w.biases[to->biases + m] = round_even(v);
        }
        for (uint32_t t = 0; t < layer->num_terms; t++)
            if (to->terms[t].kind == TERM_DENSE)
                ZKM_TRY_OUT(quantise_dense(err, w.weights + to->terms[t].weights, layer,
                                           &layer->terms[t], p, to));
    }
    *out = w;
    return ZKM_OK;
out:
    program_weights_clear(&w);
    return status;
}

/* ---- another round's weights ---- */

#define REMEDY "; the circuit was compiled for another architecture, compile one for this model"

static zkm_status same_term(zkm_error *err, const net *n, const program *p, uint32_t l,
                            uint32_t t) {
    const net_term *a = &n->layers[l].terms[t];
    const program_layer *layer = &p->layers[l];
    const program_term *b = &layer->terms[t];
    bool shift = term_is_shift(a, p->feature_frac);
    if (shift != (b->kind == TERM_SHIFT) || a->source != b->source || a->first != b->first ||
        a->count != b->width)
        return error_set(
            err, ZKM_ERR_MISMATCH,
            "layer %u \"%.63s\": its input %u is %s of %u elements from %u of layer %u, the "
            "circuit's is %s of %u from %u of layer %u (0: the features)" REMEDY,
            l, n->layers[l].name, t, shift ? "a sum" : "a product", a->count, a->first, a->source,
            b->kind == TERM_SHIFT ? "a sum" : "a product", b->width, b->first, b->source);
    int32_t power = layer->z_frac - source_frac(p, b->source, b->first) + factor_log2(a->factor);
    if (shift && power != (int32_t)b->shift)
        return error_set(
            err, ZKM_ERR_MISMATCH,
            "layer %u \"%.63s\": an added activation is multiplied by another factor" REMEDY, l,
            n->layers[l].name);
    return ZKM_OK;
}

/* Whether a layer before l has the same function under the same table and scales: it then matched.
 */
static bool matched_before(const net *n, const program *p, uint32_t l) {
    const program_layer *layer = &p->layers[l];
    for (uint32_t k = 0; k < l; k++) {
        const program_layer *other = &p->layers[k];
        if (other->table == layer->table && other->out_frac == layer->out_frac &&
            other->z_frac - (int32_t)other->shift == layer->z_frac - (int32_t)layer->shift &&
            expr_equal(&n->layers[k].function, &n->layers[l].function))
            return true;
    }
    return false;
}

static zkm_status same_layer(zkm_error *err, const net *n, const program *p, uint32_t l) {
    const net_layer *a = &n->layers[l];
    const program_layer *b = &p->layers[l];
    bool same = false;
    if (a->width != b->width)
        return error_set(err, ZKM_ERR_MISMATCH,
                         "layer %u \"%.63s\": has %u outputs, the circuit's has %u" REMEDY, l,
                         a->name, a->width, b->width);
    if (a->num_terms != b->num_terms)
        return error_set(
            err, ZKM_ERR_MISMATCH,
            "layer %u \"%.63s\": has %u inputs to its sum, the circuit's has %u" REMEDY, l, a->name,
            a->num_terms, b->num_terms);
    for (uint32_t t = 0; t < a->num_terms; t++)
        ZKM_TRY(same_term(err, n, p, l, t));
    if (!matched_before(n, p, l))
        ZKM_TRY(table_matches(err, &same, &p->tables[b->table], &a->function,
                              b->z_frac - (int32_t)b->shift, b->out_frac, a->name));
    else
        same = true;
    if (!same)
        return error_set(err, ZKM_ERR_MISMATCH,
                         "layer %u \"%.63s\": its activation %s is not the circuit's %.31s" REMEDY,
                         l, a->name, a->activation, p->tables[b->table].name);
    return ZKM_OK;
}

zkm_status model_quantise_with(zkm_error *err, program_weights *w, const model *m,
                               const program *p) {
    ZKM_TRY(model_check_supported(err, m));
    const net *n = &m->folded;
    if (n->num_features != p->num_features)
        return error_set(err, ZKM_ERR_MISMATCH, "the model has %u features, the circuit %u" REMEDY,
                         n->num_features, p->num_features);
    if (n->num_layers != p->num_layers)
        return error_set(err, ZKM_ERR_MISMATCH, "the model has %u layers, the circuit %u" REMEDY,
                         n->num_layers, p->num_layers);
    for (uint32_t l = 0; l < n->num_layers; l++)
        ZKM_TRY(same_layer(err, n, p, l));
    return quantise_weights(err, w, n, p);
}

/* ---- the report ---- */

void model_report_clear(model_report *r) {
    free(r->layers);
    *r = (model_report){0};
}

static void report_weights(model_layer_report *r, const net_layer *layer, const program_layer *to,
                           const program_weights *w) {
    for (uint32_t t = 0; t < layer->num_terms; t++) {
        const net_term *term = &layer->terms[t];
        size_t n = to->terms[t].kind == TERM_DENSE ? (size_t)term->count * layer->width : 0;
        r->fan_in += n ? term->count : 0;
        for (size_t i = 0; i < n; i++) {
            int32_t v = w->weights[to->terms[t].weights + i];
            double real = term->dense ? term->weights[i] : term->factor;
            v = v < 0 ? -v : v;
            real = real < 0 ? -real : real;
            r->weight_integer_max = v > r->weight_integer_max ? v : r->weight_integer_max;
            r->weight_max = real > r->weight_max ? real : r->weight_max;
        }
    }
}

zkm_status quantise_report(zkm_error *err, model_report *out, const net *n, const calibration *c,
                           const program *p, const program_weights *w) {
    model_layer_report *layers = calloc(n->num_layers, sizeof *layers);
    if (!layers)
        return error_memory(err, "model: report", n->num_layers * sizeof *layers);
    for (uint32_t l = 0; l < n->num_layers; l++) {
        const program_layer *layer = &p->layers[l];
        model_layer_report *r = &layers[l];
        uint32_t bits = p->tables[layer->table].bits;
        int32_t hi_frac = layer->z_frac - (int32_t)layer->shift;
        memcpy(r->name, layer->name, sizeof r->name);
        memcpy(r->activation, n->layers[l].activation, sizeof r->activation);
        r->width = layer->width;
        r->observed_min = c->min[l];
        r->observed_max = c->max[l];
        r->domain_min = -quantise_scale(1, (int32_t)bits - 1 - hi_frac);
        r->domain_max = quantise_scale(quantise_scale(1, (int32_t)bits - 1) - 1, -hi_frac);
        double range = -c->min[l] > c->max[l] ? -c->min[l] : c->max[l];
        r->headroom_left = range > 0 ? r->domain_max / range : 1e9;
        r->bias_bits = layer->bias_bits;
        r->shift = layer->shift;
        r->z_frac = layer->z_frac;
        r->hi_frac = hi_frac;
        r->out_frac = layer->out_frac;
        r->table = layer->table;
        r->table_bits = bits;
        report_weights(r, &n->layers[l], layer, w);
    }
    *out = (model_report){layers, n->num_layers};
    return ZKM_OK;
}
