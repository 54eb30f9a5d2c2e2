/*
 * A quantised program: what a network becomes, and the integer semantics (DESIGN section 5) that
 * the reference interpreter and the circuit share. One sample at a time:
 *
 *   vector 0 is the features; vector l + 1 is the output of layer l; all elements are int16.
 *   layer:  z_m   = bias_m + sum over terms          exact, |z_m| < 2^47
 *             dense term:  sum_k x[first + k] * W[k][m]     k in [0, width)
 *             shift term:  x[first + m] * 2^shift           width = the layer's (residual Add)
 *           hi_m  = floor((z_m + 2^(s-1)) / 2^s)   s = layer.shift in 1..32
 *           out_m = T[hi_m]                        T = the layer's table, hi_m in its domain
 *
 * A value outside a table's domain is an error, never a clamp. Scales are powers of two: an
 * integer v with `frac` f stands for v / 2^f.
 */
#ifndef MODEL_PROGRAM_H
#define MODEL_PROGRAM_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"

#define PROGRAM_MAX_LAYERS 1024u
#define PROGRAM_MAX_WIDTH 65536u       /* elements of a vector */
#define PROGRAM_MAX_WEIGHTS (1u << 26) /* of all layers */
#define PROGRAM_MAX_TERMS 1024u        /* of a layer */
#define PROGRAM_BIAS_BITS_MAX 40u      /* biases lie in [-2^(b-1), 2^(b-1)), b <= 40 */
#define PROGRAM_ACCUMULATOR_BITS 47u   /* |z| < 2^47 */
#define PROGRAM_SHIFT_MAX 32u

typedef enum {
    TABLE_GENERIC = 0,  /* any function, given by its values */
    TABLE_IDENTITY = 1, /* out = hi, domain [-2^(bits-1), 2^(bits-1)) */
    TABLE_RELU = 2      /* out = max(hi, 0), same domain */
} program_table_kind;

/* A function from [-2^(bits-1), 2^(bits-1)) to int16. */
typedef struct {
    program_table_kind kind;
    uint32_t bits;   /* 8..16 */
    int16_t *values; /* values[hi + 2^(bits-1)], 2^bits of them; filled for every kind */
    char name[32];   /* for reports: "Sigmoid", "Mul(x,Sigmoid(x))"; not part of any digest */
} program_table;

typedef enum { TERM_DENSE = 0, TERM_SHIFT = 1 } program_term_kind;

typedef struct {
    program_term_kind kind;
    uint32_t source; /* 0: features; l + 1: the output of layer l, l < this layer */
    uint32_t first;  /* first element of the source that is used */
    uint32_t width;  /* how many elements */
    uint32_t shift;  /* TERM_SHIFT: 0..30 */
    size_t weights;  /* TERM_DENSE: offset of the width x layer.width matrix, row-major (k, m) */
} program_term;

typedef struct {
    char name[64];  /* the ONNX node it comes from, for messages; not part of any digest */
    uint32_t width; /* M, elements of the output */
    program_term *terms;
    uint32_t num_terms; /* at least 1 */
    size_t biases;      /* offset of M biases */
    uint32_t bias_bits; /* 2..40 */
    uint32_t shift;     /* s, 1..32 */
    uint32_t table;     /* index into program.tables */
    int32_t z_frac;     /* frac bits of z: reports only */
    int32_t out_frac;   /* frac bits of the output */
} program_layer;

typedef struct {
    uint32_t num_features;
    int32_t *feature_frac; /* num_features, each -15..31 */
    program_layer *layers;
    uint32_t num_layers;
    program_table *tables;
    uint32_t num_tables;
    size_t num_weights; /* over all layers */
    size_t num_biases;
} program; /* the last layer is the prediction */

/* One model's numbers under a program. */
typedef struct {
    int16_t *weights; /* program.num_weights */
    int64_t *biases;  /* program.num_biases, at the scale of z */
} program_weights;

void program_clear(program *p);
void program_weights_clear(program_weights *w);

/* Every bound of this header, and that no layer's z can reach 2^47 with any int16 inputs and
 * weights and any biases within bias_bits. ZKM_ERR_FORMAT or ZKM_ERR_RANGE, naming the layer. */
ZKM_MUST_CHECK zkm_status program_check(zkm_error *err, const program *p);

/* A bound on |z| of a layer for any inputs: sum of dense width * 2^30, shift terms 2^(15 +
 * shift), bias 2^(bias_bits - 1). */
uint64_t program_layer_bound(const program_layer *layer);

/* Canonical bytes (little-endian, documented in docs/formats.md), without weights; names are left
 * out unless `with_names`. Reading checks everything that program_check does. */
void program_write(byte_writer *w, const program *p, bool with_names);
ZKM_MUST_CHECK zkm_status program_read(zkm_error *err, program *out, byte_reader *r);

/* Keccak-256("zkmetric.architecture.v1" || canonical bytes without names), top three bits
 * cleared. When memory runs out all bytes are 0xff, which no digest is. */
void program_digest(uint8_t out[32], const program *p);

/* All intermediate values of one sample. z and out are concatenated over the layers. */
typedef struct {
    int64_t *z;   /* sum of the layers' widths */
    int16_t *out; /* the same */
} program_trace;

size_t program_trace_length(const program *p); /* sum of widths */

/* Runs one sample; features has num_features elements. ZKM_ERR_RANGE names layer, element, value,
 * domain and the remedy (recalibrate with more headroom); the caller prefixes the sample. */
ZKM_MUST_CHECK zkm_status program_run(zkm_error *err, program_trace *trace, const program *p,
                                      const program_weights *w, const int16_t *features);

#endif
