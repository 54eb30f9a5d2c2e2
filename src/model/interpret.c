/*
 * The reference interpreter of DESIGN section 5: exact integer arithmetic, one sample at a time.
 * The circuit is tested against it bit for bit.
 */
#include "model/program.h"

/* z[m] += x * row[m]. |x * w| <= 2^30, so the product is exact in 32 bits. */
static void accumulate(int64_t *restrict z, const int16_t *restrict row, int16_t x, size_t width) {
    for (size_t m = 0; m < width; m++)
        z[m] += (int32_t)x * row[m];
}

/* program_check has shown that no sum can reach 2^47, so nothing here overflows. */
static void layer_sums(int64_t *z, const program_layer *layer, const program_weights *w,
                       const int16_t *const *sources) {
    for (uint32_t m = 0; m < layer->width; m++)
        z[m] = w->biases[layer->biases + m];
    for (uint32_t t = 0; t < layer->num_terms; t++) {
        const program_term *term = &layer->terms[t];
        const int16_t *x = sources[term->source] + term->first;
        if (term->kind == TERM_SHIFT) {
            for (uint32_t m = 0; m < layer->width; m++)
                z[m] += (int64_t)x[m] * ((int64_t)1 << term->shift);
            continue;
        }
        const int16_t *weights = w->weights + term->weights;
        for (uint32_t k = 0; k < term->width; k++)
            if (x[k] != 0)
                accumulate(z, weights + (size_t)k * layer->width, x[k], layer->width);
    }
}

/* floor(v / 2^s) without shifting a negative number: for v < 0 it is -ceil(-v / 2^s). */
static int64_t floor_shift(int64_t v, uint32_t s) {
    return v >= 0 ? v >> s : -(int64_t)((uint64_t)(-v + (((int64_t)1 << s) - 1)) >> s);
}

static zkm_status activate(zkm_error *err, int16_t *out, const int64_t *z, const program *p,
                           uint32_t l) {
    const program_layer *layer = &p->layers[l];
    const program_table *table = &p->tables[layer->table];
    const int64_t half = (int64_t)1 << (table->bits - 1);
    const int64_t round = (int64_t)1 << (layer->shift - 1);
    for (uint32_t m = 0; m < layer->width; m++) {
        int64_t hi = floor_shift(z[m] + round, layer->shift);
        if (hi < -half || hi >= half)
            return error_set(
                err, ZKM_ERR_RANGE,
                "layer %u \"%.63s\", element %u: value %lld is outside the calibrated "
                "range [%lld, %lld); compile with more --headroom, or with calibration "
                "rows that cover such samples",
                l, layer->name, m, (long long)hi, (long long)-half, (long long)half - 1);
        out[m] = table->values[hi + half];
    }
    return ZKM_OK;
}

zkm_status program_run(zkm_error *err, program_trace *trace, const program *p,
                       const program_weights *w, const int16_t *features) {
    const int16_t *sources[PROGRAM_MAX_LAYERS + 1];
    size_t offset = 0;
    sources[0] = features;
    for (uint32_t l = 0; l < p->num_layers; l++) {
        layer_sums(trace->z + offset, &p->layers[l], w, sources);
        ZKM_TRY(activate(err, trace->out + offset, trace->z + offset, p, l));
        sources[l + 1] = trace->out + offset;
        offset += p->layers[l].width;
    }
    return ZKM_OK;
}
