/*
 * The checked graph: vectors of one sample and how each is computed. Import (import.h) builds it
 * from ONNX nodes; lowering (lower.h) folds it into layers.
 *
 * Every vector has a root: the vector of which it is an element-wise function with scalar
 * constants (itself, unless it is a POINT). Operators on vectors of one root stay element-wise; a
 * sum of vectors of different roots is linear; anything else that mixes roots cannot be proved
 * and is refused.
 */
#ifndef MODEL_GRAPH_H
#define MODEL_GRAPH_H

#include "model/arena.h"
#include "model/expr.h"

typedef enum {
    VEC_INPUT,   /* features[first .. first + width) */
    VEC_PRODUCT, /* x * values, a rows x width matrix, row-major */
    VEC_SCALE,   /* x[i] * values[i] */
    VEC_OFFSET,  /* x[i] + values[i] */
    VEC_SUM,     /* args[0] + args[1], or minus when `subtract` */
    VEC_CONCAT,  /* parts one after the other */
    VEC_POINT    /* op, element by element, on vectors and scalar constants */
} vec_kind;

typedef struct {
    bool is_constant;
    double constant;
    uint32_t vec;
} operand;

typedef struct {
    vec_kind kind;
    uint32_t width;
    uint32_t root;
    uint32_t depth;   /* longest path to an input */
    const char *node; /* the ONNX node's name; the same pointer for all vectors of one node */
    const char *op_type;
    operand args[3]; /* the first `arity` are used */
    uint32_t arity;
    uint32_t first;  /* INPUT */
    bool subtract;   /* SUM */
    expr_op op;      /* POINT */
    uint32_t rows;   /* PRODUCT */
    double *values;  /* PRODUCT, SCALE, OFFSET */
    uint32_t *parts; /* CONCAT */
    uint32_t num_parts;
} vec;

typedef struct {
    arena *mem;
    vec *vecs; /* arguments come before their readers */
    uint32_t count, room;
    uint32_t num_features;
    const char *node; /* the node whose vectors are being added */
    const char *op_type;
} graph;

operand operand_constant(double value);
operand operand_vec(uint32_t index);

/* Each adds a vector and gives its index. ZKM_ERR_UNSUPPORTED says what would help; limits are
 * ZKM_ERR_RANGE. Values are taken over, not copied, and must be in the graph's arena. */
ZKM_MUST_CHECK zkm_status graph_input(zkm_error *err, uint32_t *out, graph *g, uint32_t first,
                                      uint32_t width);
ZKM_MUST_CHECK zkm_status graph_product(zkm_error *err, uint32_t *out, graph *g, uint32_t x,
                                        double *values, uint32_t rows, uint32_t width);
ZKM_MUST_CHECK zkm_status graph_scale(zkm_error *err, uint32_t *out, graph *g, uint32_t x,
                                      double *values);
ZKM_MUST_CHECK zkm_status graph_offset(zkm_error *err, uint32_t *out, graph *g, uint32_t x,
                                       double *values);
ZKM_MUST_CHECK zkm_status graph_concat(zkm_error *err, uint32_t *out, graph *g,
                                       const uint32_t *parts, uint32_t num_parts);
/* An element-wise operator: a POINT, or a SUM for Add and Sub of vectors with different roots. At
 * least one operand is a vector. */
ZKM_MUST_CHECK zkm_status graph_point(zkm_error *err, uint32_t *out, graph *g, expr_op op,
                                      operand a, operand b, operand c);

/* The expression of `v` over its root, without dead nodes. */
ZKM_MUST_CHECK zkm_status graph_expression(zkm_error *err, expr *out, const graph *g, uint32_t v);

#endif
