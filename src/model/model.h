/*
 * Models: an ONNX file, checked, folded into layers, with its float predictions; and quantisation
 * into the integer programs of program.h. Nothing here depends on the platform: calibration and
 * tables use no libm transcendental (expr.h), so that the same inputs give the same program bytes
 * everywhere.
 */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/program.h"

typedef struct model model;

/* What a file may ask for; zero means the default. */
typedef struct {
    size_t file_bytes;   /* default 512 MiB */
    uint64_t data_bytes; /* tensor data, external included; default 2 GiB */
    size_t memory_bytes; /* of the imported model; default 4 GiB */
} model_limits;

/*
 * Opens an ONNX file. output_name picks one of several outputs; NULL when there is one. External
 * data is looked for in the model's folder. limits may be NULL.
 *
 * A well-formed model with nodes that cannot be proved opens: model_get_info lists them, and
 * model_check_supported and everything that computes refuse it. ZKM_ERR_ARGUMENT: no such output.
 * ZKM_ERR_FORMAT, ZKM_ERR_RANGE, ZKM_ERR_NOT_FOUND: the file is wrong, and the message says where.
 * ZKM_ERR_UNSUPPORTED: IR or operator-set version outside what is read. The caller frees *out.
 */
ZKM_MUST_CHECK zkm_status model_open(zkm_error *err, model **out, const char *path,
                                     const char *output_name, const model_limits *limits);
/* The same from bytes; folder (for external data) may be NULL, external data is refused then. */
ZKM_MUST_CHECK zkm_status model_open_bytes(zkm_error *err, model **out, const uint8_t *data,
                                           size_t len, const char *folder, const char *output_name,
                                           const model_limits *limits);
void model_free(model *m); /* NULL accepted */

/* ------------------------------------------------------------------ what a file holds */

typedef struct {
    const char *node; /* the node's name, else its first output's, else "#index"; an input's name */
    const char *op;   /* "Conv", "ai.onnx.ml::TreeEnsembleRegressor", "input" */
    const char *hint; /* why it cannot be proved and what would help */
} model_unsupported;

typedef struct {
    const char *op; /* as above */
    uint32_t count;
} model_operator;

typedef struct {
    const char *name;
    const char *shape; /* "[batch, 25]" */
} model_port;

/* A layer as it will be proved. */
typedef struct {
    const char *name; /* of the ONNX node */
    uint32_t width;
    uint32_t fan_in;     /* inputs of its matrix products together; 0 for a pure residual sum */
    uint64_t weights;    /* weights and biases in the circuit */
    char activation[32]; /* "Relu", "Identity", "Mul(x,Sigmoid(x))" */
} model_layer;

typedef struct {
    int64_t ir_version;
    int64_t opset;        /* ai.onnx; 0: not imported */
    int64_t ml_opset;     /* ai.onnx.ml; 0: not imported */
    const char *producer; /* name and version */
    uint64_t parameters;  /* elements of the float initializers that the output needs */
    uint32_t num_nodes;   /* nodes that the output needs */
    uint32_t num_features;
    uint32_t num_outputs_per_sample; /* 0 while the output is not known */
    const model_port *inputs;
    uint32_t num_inputs;
    const model_port *outputs;
    uint32_t num_outputs;
    const model_operator *operators;
    uint32_t num_operators;
    const model_unsupported *unsupported;
    uint32_t num_unsupported;
    const model_layer *layers; /* of a supported model */
    uint32_t num_layers;
} model_info;

/* Owned by the model. */
const model_info *model_get_info(const model *m);

/* ZKM_ERR_UNSUPPORTED naming the first node that cannot be proved and how many there are;
 * ZKM_ERR_ARGUMENT when the graph has several outputs and none was chosen. */
ZKM_MUST_CHECK zkm_status model_check_supported(zkm_error *err, const model *m);

/* ------------------------------------------------------------------ float predictions */

/* One row of num_features doubles to num_outputs_per_sample doubles, in double arithmetic.
 * ZKM_ERR_RANGE names the layer whose value is not a finite number. */
ZKM_MUST_CHECK zkm_status model_predict(zkm_error *err, const model *m, const double *row,
                                        double *out);

/* ------------------------------------------------------------------ quantisation */

typedef struct {
    uint32_t bits;     /* width of activations, 8..16 */
    double headroom;   /* room for the ranges of later rounds' weights, 1..64 */
    uint32_t capacity; /* samples a proof covers: decides the width of generic tables */
} model_quantise_options;

/* How one layer was quantised; real units unless they are called integers. */
typedef struct {
    char name[64];
    char activation[32];
    uint32_t width;
    uint32_t fan_in;
    double observed_min, observed_max; /* of the pre-activation on the calibration rows */
    double domain_min, domain_max;     /* what the circuit accepts */
    double headroom_left;              /* how often the observed range fits into the domain */
    double weight_max;                 /* largest |weight| after folding */
    int32_t weight_integer_max;        /* largest |weight| as an integer, at most 32767 */
    uint32_t bias_bits;
    uint32_t shift;
    int32_t z_frac, hi_frac, out_frac;
    uint32_t table, table_bits;
} model_layer_report;

typedef struct {
    model_layer_report *layers;
    uint32_t num_layers;
} model_report;

void model_report_clear(model_report *r);

/*
 * Chooses scales from the calibration rows (rows x num_features, row-major) and quantises.
 * feature_frac has num_features elements. report may be NULL. ZKM_ERR_RANGE names the layer that
 * cannot be quantised and what would help. The caller clears all outputs.
 */
ZKM_MUST_CHECK zkm_status model_quantise_new(zkm_error *err, program *p, program_weights *w,
                                             model_report *report, const model *m,
                                             const int32_t *feature_frac, const double *features,
                                             size_t rows, const model_quantise_options *options);

/* The same with frac 12 and ranges of pseudo-random rows in [-3, 3], for cost estimates before
 * there is data. */
ZKM_MUST_CHECK zkm_status model_quantise_nominal(zkm_error *err, program *p, const model *m,
                                                 const model_quantise_options *options);

/*
 * Another round's weights under the scales of p. ZKM_ERR_MISMATCH says what differs when the
 * architecture is another; ZKM_ERR_RANGE names layer and weight that do not fit, and the remedy.
 */
ZKM_MUST_CHECK zkm_status model_quantise_with(zkm_error *err, program_weights *w, const model *m,
                                              const program *p);

#endif
