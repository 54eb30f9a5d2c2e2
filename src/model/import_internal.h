/* What the parts of the importer share: values, node calls, handlers. */
#ifndef MODEL_IMPORT_INTERNAL_H
#define MODEL_IMPORT_INTERNAL_H

#include "model/import.h"

typedef enum {
    VALUE_UNREAD = 0,
    VALUE_UNKNOWN,   /* of a node that cannot be proved, or behind one */
    VALUE_SECONDARY, /* a second output, which no handler computes */
    VALUE_CONSTANT,
    VALUE_VECTOR
} value_kind;

/* The batch dimension inside constants made from Shape: no such integer occurs in a file (limit
 * 2^53). */
#define BATCH_MARK (-0x1p60)
#define BATCH_UNKNOWN (-1) /* dims[batch] of a symbolic batch */

/* A value of the ONNX graph. Elements of a vector are in row-major order of dims without the
 * batch axis. */
typedef struct {
    value_kind kind;
    tensor_class type;
    const tensor *t; /* CONSTANT */
    uint32_t vec;    /* VECTOR */
    uint32_t rank;   /* VECTOR */
    int64_t dims[TENSOR_MAX_RANK];
    int32_t batch; /* VECTOR: which axis is the batch, -1: none */
    /* VECTOR: a Reshape made one column of all samples' elements. They keep their order, so this is
     * the same prediction, but no operator may follow (scikit-learn's networks end like this). */
    bool one_column;
} value;

typedef struct {
    arena *mem;
    graph *g;
    const onnx_file *file;
    tensor_source *source;
    value *values; /* parallel to file->values */
    uint64_t parameters;
} importer;

/* One node with its inputs' values; in[i] is NULL for an input that is absent. */
typedef struct {
    const Onnx__NodeProto *proto;
    const char *name;
    const value **in;
    uint32_t num_in;
} node_call;

/* Computes the first output. ZKM_ERR_UNSUPPORTED: the message is the hint. */
typedef zkm_status (*node_handler)(zkm_error *err, importer *im, const node_call *n, value *out);

typedef struct {
    const char *op;
    node_handler handle;
} handler_entry;

extern const handler_entry point_handlers[], shape_handlers[], linear_handlers[], ml_handlers[];

/* Concat, and ai.onnx.ml's FeatureVectorizer, which is the same along axis 1. */
ZKM_MUST_CHECK zkm_status import_concat(zkm_error *err, importer *im, const node_call *n,
                                        value *out);

/* Attributes by name; absent ones give the default. */
const Onnx__AttributeProto *attribute(const node_call *n, const char *name);
int64_t attribute_int(const node_call *n, const char *name, int64_t otherwise);
double attribute_float(const node_call *n, const char *name, double otherwise);
/* True when the attribute is absent or equals text. */
bool attribute_is(const node_call *n, const char *name, const char *text);

/* Inputs. input(n, i) is NULL beyond the end. */
const value *input(const node_call *n, uint32_t i);
ZKM_MUST_CHECK zkm_status need_inputs(zkm_error *err, const node_call *n, uint32_t least,
                                      uint32_t most);
/* The integers of a constant input of rank 0 or 1. */
ZKM_MUST_CHECK zkm_status constant_integers(zkm_error *err, int64_t *out, uint32_t *count,
                                            uint32_t limit, const value *v, const char *what);
/* Integers from input i (newer opsets) or an attribute (older ones); *count 0 when neither is
 * given. */
ZKM_MUST_CHECK zkm_status axes_of(zkm_error *err, int64_t *out, uint32_t *count, const node_call *n,
                                  uint32_t i, const char *name);

value value_constant(const tensor *t);
ZKM_MUST_CHECK zkm_status value_scalar(zkm_error *err, value *out, importer *im, double v);
/* Product of the dims without the batch: the vector's width. */
int64_t value_width(const value *v);
bool has_batch_mark(const tensor *t);

/* An element-wise operator on constants and vectors, with ONNX's broadcasting; b, c may be NULL
 * when the operator has fewer operands. */
ZKM_MUST_CHECK zkm_status emit(zkm_error *err, value *out, importer *im, expr_op op, const value *a,
                               const value *b, const value *c);
/* A constant's value for every element of a vector of the shape *shape, which is widened to the
 * result's. */
ZKM_MUST_CHECK zkm_status spread(zkm_error *err, double **out, importer *im, value *shape,
                                 const tensor *t);

#endif
