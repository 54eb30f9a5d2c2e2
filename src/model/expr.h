/*
 * Element-wise functions of one activation: an expression DAG over a single variable x with scalar
 * constants. Whatever operators an exporter uses (Gelu, or Div-Erf-Add-Mul-Mul), the result is one
 * expression and becomes one table.
 *
 * One list of operators gives the enumeration, the names and the arities; their meaning is
 * written once, in expr_template.h, and compiled for two kinds of numbers: IEEE doubles
 * (calibration and float predictions) and `wide` (tables, wide.h). No libm transcendental takes
 * part in either, so that every platform gets the same numbers.
 */
#ifndef MODEL_EXPR_H
#define MODEL_EXPR_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/wide.h"

/* op, name in reports, arity. Truth is 1 and 0. */
#define EXPR_OPS(X)                                                                                \
    X(VARIABLE, "x", 0)                                                                            \
    X(CONSTANT, "", 0)                                                                             \
    X(ADD, "Add", 2)                                                                               \
    X(SUB, "Sub", 2)                                                                               \
    X(MUL, "Mul", 2)                                                                               \
    X(DIV, "Div", 2)                                                                               \
    X(POW, "Pow", 2)                                                                               \
    X(MIN, "Min", 2)                                                                               \
    X(MAX, "Max", 2)                                                                               \
    X(NEG, "Neg", 1)                                                                               \
    X(ABS, "Abs", 1)                                                                               \
    X(SIGN, "Sign", 1)                                                                             \
    X(SQRT, "Sqrt", 1)                                                                             \
    X(EXP, "Exp", 1)                                                                               \
    X(LOG, "Log", 1)                                                                               \
    X(ERF, "Erf", 1)                                                                               \
    X(TANH, "Tanh", 1)                                                                             \
    X(SIGMOID, "Sigmoid", 1)                                                                       \
    X(SOFTPLUS, "Softplus", 1)                                                                     \
    X(SIN, "Sin", 1)                                                                               \
    X(COS, "Cos", 1)                                                                               \
    X(ATAN, "Atan", 1)                                                                             \
    X(FLOOR, "Floor", 1)                                                                           \
    X(CEIL, "Ceil", 1)                                                                             \
    X(ROUND, "Round", 1)                                                                           \
    X(GREATER, "Greater", 2)                                                                       \
    X(GREATER_EQUAL, "GreaterOrEqual", 2)                                                          \
    X(EQUAL, "Equal", 2)                                                                           \
    X(NOT, "Not", 1)                                                                               \
    X(WHERE, "Where", 3)

typedef enum {
#define X(op, name, arity) EXPR_##op,
    EXPR_OPS(X)
#undef X
        EXPR_NUM_OPS
} expr_op;

#define EXPR_MAX_NODES 512u

typedef struct {
    expr_op op;
    uint32_t args[3]; /* earlier nodes; unused ones are 0 */
    double constant;  /* EXPR_CONSTANT */
} expr_node;

/* The last node is the value. An expression without VARIABLE is not built. */
typedef struct {
    expr_node *nodes;
    uint32_t count;
} expr;

unsigned expr_arity(expr_op op);
const char *expr_op_name(expr_op op);

void expr_clear(expr *e);
ZKM_MUST_CHECK zkm_status expr_copy(zkm_error *err, expr *out, const expr *e);
bool expr_equal(const expr *a, const expr *b); /* the same nodes in the same order */

/* One operator on doubles; missing operands are ignored. */
double expr_apply(expr_op op, double a, double b, double c);
double expr_eval(const expr *e, double x);
wide expr_eval_wide(const expr *e, wide x);

/* a and b with value(node) = a*x + b over the reals, when the node is that; false otherwise. */
bool expr_affine(const expr *e, uint32_t node, double *a, double *b);

/*
 * Takes affine steps off the inside: afterwards value_before(x) = value_after(a*x + b). Only when
 * every path from the value to x passes through the affine step (so x*Sigmoid(1.7*x) keeps its
 * 1.7).
 */
void expr_strip_inner(expr *e, double *a, double *b);

/* A short name: the operator, or operators in prefix form, cut to n - 1 bytes. */
void expr_name(char *out, size_t n, const expr *e);

#endif
