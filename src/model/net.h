/*
 * A network folded into layers, with real weights: what lowering makes of the graph, what float
 * predictions and calibration run, and what the quantiser turns into a program. One layer is
 *
 *   out_m = f(bias_m + sum over terms)      f an expression, the same for all m
 *     dense term:    sum_k x[first + k] * weights[k][m]
 *     diagonal term: factor * x[first + m], for all m
 */
#ifndef MODEL_NET_H
#define MODEL_NET_H

#include "model/graph.h"

typedef struct {
    bool dense;
    uint32_t source; /* 0: features; l + 1: layer l */
    uint32_t first, count;
    double *weights; /* dense: count x width, row-major */
    double factor;   /* diagonal: a power of two, positive */
} net_term;

typedef struct {
    const char *name; /* the ONNX node */
    uint32_t width;
    net_term *terms;
    uint32_t num_terms;
    double *bias;
    expr function; /* owned by the net */
    char activation[32];
} net_layer;

typedef struct {
    uint32_t num_features;
    net_layer *layers;
    uint32_t num_layers, room;
} net;

void net_clear(net *n); /* arrays live in the arena; this frees the expressions */

/*
 * Folds the graph of vector `output` into layers: affine steps into the products after or before
 * them, element-wise chains into one expression. ZKM_ERR_UNSUPPORTED names the node.
 */
ZKM_MUST_CHECK zkm_status net_lower(zkm_error *err, net *out, const graph *g, uint32_t output);

/* The pre-activations z and outputs of all layers, concatenated, of one row. */
void net_forward(double *z, double *out, const net *n, const double *row);
size_t net_trace_length(const net *n);

#endif
