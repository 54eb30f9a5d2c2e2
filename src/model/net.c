/* Running a folded network in double arithmetic: see net.h. */
#include "model/net.h"

#include "model/program.h"

void net_clear(net *n) {
    for (uint32_t l = 0; l < n->num_layers; l++)
        expr_clear(&n->layers[l].function);
    *n = (net){0};
}

size_t net_trace_length(const net *n) {
    size_t length = 0;
    for (uint32_t l = 0; l < n->num_layers; l++)
        length += n->layers[l].width;
    return length;
}

static void add_row(double *restrict z, const double *restrict row, double x, size_t width) {
    for (size_t m = 0; m < width; m++)
        z[m] += x * row[m];
}

static void layer_forward(double *z, const net_layer *layer, const double *features,
                          const double *out, const size_t *offsets) {
    for (uint32_t m = 0; m < layer->width; m++)
        z[m] = layer->bias[m];
    for (uint32_t t = 0; t < layer->num_terms; t++) {
        const net_term *term = &layer->terms[t];
        const double *x = term->source == 0 ? features : out + offsets[term->source - 1];
        x += term->first;
        for (uint32_t m = 0; m < layer->width && !term->dense; m++)
            z[m] += term->factor * x[m];
        for (uint32_t k = 0; k < term->count && term->dense; k++)
            add_row(z, term->weights + (size_t)k * layer->width, x[k], layer->width);
    }
}

void net_forward(double *z, double *out, const net *n, const double *row) {
    size_t offsets[PROGRAM_MAX_LAYERS], offset = 0;
    for (uint32_t l = 0; l < n->num_layers; l++) {
        const net_layer *layer = &n->layers[l];
        offsets[l] = offset;
        layer_forward(z + offset, layer, row, out, offsets);
        for (uint32_t m = 0; m < layer->width; m++)
            out[offset + m] = expr_eval(&layer->function, z[offset + m]);
        offset += layer->width;
    }
}
