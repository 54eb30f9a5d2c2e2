/*
 * Element-wise operators. Each is written as a composition of the primitives of expr.h and
 * applied to whatever its operands are: constants fold, vectors become points of the graph, and
 * per-element constants become affine steps. The formulas are those of the ONNX operator
 * documents.
 */
#include <string.h>

#include "model/import_internal.h"

/* ---- broadcasting ---- */

static zkm_status broadcast_dims(zkm_error *err, int64_t *dims, uint32_t *rank, const tensor *t) {
    uint32_t r = t->rank > *rank ? t->rank : *rank;
    int64_t out[TENSOR_MAX_RANK];
    for (uint32_t i = 0; i < r; i++) {
        int64_t a = i < r - *rank ? 1 : dims[i - (r - *rank)];
        int64_t b = i < r - t->rank ? 1 : t->dims[i - (r - t->rank)];
        if (a != b && a != 1 && b != 1)
            return error_set(err, ZKM_ERR_FORMAT, "constants of shapes that do not fit each other");
        out[i] = a == 1 ? b : a;
    }
    memcpy(dims, out, r * sizeof *out);
    *rank = r;
    return ZKM_OK;
}

/* The element of t that broadcasting pairs with element `flat` of the shape dims. */
static double broadcast_element(const tensor *t, const int64_t *dims, uint32_t rank, size_t flat) {
    size_t index = 0, stride = 1;
    for (uint32_t i = rank; i-- > rank - t->rank;) {
        size_t position = flat % (size_t)dims[i];
        int64_t own = t->dims[i - (rank - t->rank)];
        flat /= (size_t)dims[i];
        index += own == 1 ? 0 : position * stride;
        stride *= (size_t)own;
    }
    return t->values[index];
}

static bool is_comparison(expr_op op) {
    return op == EXPR_GREATER || op == EXPR_GREATER_EQUAL || op == EXPR_EQUAL || op == EXPR_NOT;
}

static tensor_class result_class(expr_op op, tensor_class a, tensor_class b) {
    return is_comparison(op) ? TENSOR_BOOL : op == EXPR_WHERE ? b : a;
}

static zkm_status fold(zkm_error *err, value *out, importer *im, expr_op op,
                       const value *const *args) {
    int64_t dims[TENSOR_MAX_RANK];
    uint32_t rank = 0, arity = expr_arity(op);
    tensor *t = NULL;
    for (uint32_t k = 0; k < arity; k++) {
        if (has_batch_mark(args[k]->t))
            return error_set(err, ZKM_ERR_UNSUPPORTED,
                             "it computes with the batch size; export with a "
                             "simpler Reshape");
        ZKM_TRY(broadcast_dims(err, dims, &rank, args[k]->t));
    }
    tensor_class kind = result_class(op, args[0]->type, arity > 1 ? args[1]->type : TENSOR_FLOAT);
    ZKM_TRY(tensor_new(err, &t, im->mem, "a folded constant", rank, dims, kind));
    for (size_t i = 0; i < t->count; i++) {
        double v[3] = {0};
        for (uint32_t k = 0; k < arity; k++)
            v[k] = broadcast_element(args[k]->t, dims, rank, i);
        t->values[i] = expr_apply(op, v[0], v[1], v[2]);
        if (kind == TENSOR_INTEGER && op == EXPR_DIV)
            t->values[i] = t->values[i] < 0 ? -expr_apply(EXPR_FLOOR, -t->values[i], 0, 0)
                                            : expr_apply(EXPR_FLOOR, t->values[i], 0, 0);
    }
    *out = value_constant(t);
    return ZKM_OK;
}

/* Prepends dimensions of 1 up to `rank`. */
static void widen(value *v, uint32_t rank) {
    uint32_t more = rank > v->rank ? rank - v->rank : 0;
    if (more == 0)
        return;
    memmove(v->dims + more, v->dims, v->rank * sizeof *v->dims);
    for (uint32_t i = 0; i < more; i++)
        v->dims[i] = 1;
    v->batch = v->batch < 0 ? -1 : v->batch + (int32_t)more;
    v->rank = rank;
}

zkm_status spread(zkm_error *err, double **out, importer *im, value *shape, const tensor *t) {
    int64_t per_sample[TENSOR_MAX_RANK];
    widen(shape, t->rank);
    for (uint32_t i = 0; i < shape->rank; i++) {
        uint32_t skip = shape->rank - t->rank;
        int64_t own = i < skip ? 1 : t->dims[i - skip];
        per_sample[i] = (int32_t)i == shape->batch ? 1 : shape->dims[i];
        if (own != 1 && own != per_sample[i])
            return error_set(err, ZKM_ERR_UNSUPPORTED,
                             "its constant has %lld elements along axis %u where a sample has %lld",
                             (long long)own, i, (long long)per_sample[i]);
    }
    size_t width = (size_t)value_width(shape);
    ZKM_TRY(arena_alloc(err, out, im->mem, width, sizeof **out, "model: constants"));
    for (size_t i = 0; i < width; i++)
        (*out)[i] = broadcast_element(t, per_sample, shape->rank, i);
    return ZKM_OK;
}

/* Two vectors may meet when their shapes are the same from the right, batch on batch. */
static zkm_status join_shapes(zkm_error *err, value *shape, const value *other) {
    value o = *other;
    widen(shape, o.rank);
    widen(&o, shape->rank);
    bool same = shape->batch == o.batch;
    for (uint32_t i = 0; i < o.rank && same; i++)
        same = (int32_t)i == o.batch || shape->dims[i] == o.dims[i];
    if (!same)
        return error_set(
            err, ZKM_ERR_UNSUPPORTED,
            "it joins activations of different shapes; only equal shapes can be proved");
    return ZKM_OK;
}

/* A constant as a scalar: one element, or all elements equal. */
static bool as_scalar(const tensor *t, double *out) {
    for (size_t i = 1; i < t->count; i++)
        if (t->values[i] != t->values[0])
            return false;
    if (t->count > 0)
        *out = t->values[0];
    return t->count > 0;
}

/* x op c or c op x with a constant per element: an affine step. */
static zkm_status emit_affine(zkm_error *err, value *out, importer *im, expr_op op, const value *x,
                              const tensor *t, bool constant_first) {
    double *values = NULL;
    uint32_t from = x->vec;
    *out = *x;
    ZKM_TRY(spread(err, &values, im, out, t));
    size_t width = (size_t)value_width(out);
    if (op == EXPR_SUB && constant_first)
        ZKM_TRY(graph_point(err, &from, im->g, EXPR_NEG, operand_vec(from), (operand){0},
                            (operand){0}));
    if (op == EXPR_DIV && constant_first)
        ZKM_TRY(graph_point(err, &from, im->g, EXPR_DIV, operand_constant(1), operand_vec(from),
                            (operand){0}));
    for (size_t i = 0; i < width && !constant_first; i++)
        values[i] = op == EXPR_SUB ? -values[i] : op == EXPR_DIV ? 1 / values[i] : values[i];
    if (op == EXPR_ADD || op == EXPR_SUB)
        return graph_offset(err, &out->vec, im->g, from, values);
    return graph_scale(err, &out->vec, im->g, from, values);
}

static zkm_status emit_vectors(zkm_error *err, value *out, importer *im, expr_op op,
                               const value *const *args) {
    operand operands[3] = {{0}};
    value shape = {.kind = VALUE_UNREAD};
    uint32_t arity = expr_arity(op), rank = 0;
    bool exact_integers = op != EXPR_DIV && op != EXPR_POW;
    for (uint32_t k = 0; k < arity; k++) {
        double scalar = 0;
        if (args[k]->kind == VALUE_VECTOR) {
            if (args[k]->type == TENSOR_INTEGER && !exact_integers)
                return error_set(err, ZKM_ERR_UNSUPPORTED,
                                 "it divides integers; cast to float before");
            operands[k] = operand_vec(args[k]->vec);
            if (shape.kind == VALUE_VECTOR)
                ZKM_TRY(join_shapes(err, &shape, args[k]));
            else
                shape = *args[k];
            continue;
        }
        if (args[k]->t->count > 1 && arity == 2 && op >= EXPR_ADD && op <= EXPR_DIV)
            return emit_affine(err, out, im, op, args[1 - k], args[k]->t, k == 0);
        if (!as_scalar(args[k]->t, &scalar) || has_batch_mark(args[k]->t))
            return error_set(
                err, ZKM_ERR_UNSUPPORTED,
                "%s with a different constant for each element; only Add, Sub, Mul and Div "
                "have those",
                expr_op_name(op));
        operands[k] = operand_constant(scalar);
        rank = args[k]->t->rank > rank ? args[k]->t->rank : rank;
    }
    widen(&shape, rank);
    shape.type = result_class(op, args[0]->type, arity > 1 ? args[1]->type : TENSOR_FLOAT);
    *out = shape;
    return graph_point(err, &out->vec, im->g, op, operands[0], operands[1], operands[2]);
}

zkm_status emit(zkm_error *err, value *out, importer *im, expr_op op, const value *a,
                const value *b, const value *c) {
    const value *args[3] = {a, b, c};
    bool vectors = false;
    for (uint32_t k = 0; k < expr_arity(op); k++) {
        if (!args[k] || args[k]->kind < VALUE_CONSTANT)
            return error_set(err, ZKM_ERR_FORMAT, "node \"%s\": an input is missing", im->g->node);
        vectors = vectors || args[k]->kind == VALUE_VECTOR;
    }
    return vectors ? emit_vectors(err, out, im, op, args) : fold(err, out, im, op, args);
}

/* ---- short forms for the handlers ---- */

static zkm_status emit1(zkm_error *err, value *v, importer *im, expr_op op) {
    value x = *v;
    return emit(err, v, im, op, &x, NULL, NULL);
}

/* *v = *v op w */
static zkm_status emit2(zkm_error *err, value *v, importer *im, expr_op op, const value *w) {
    value x = *v;
    return emit(err, v, im, op, &x, w, NULL);
}

/* *v = *v op number */
static zkm_status emit_number(zkm_error *err, value *v, importer *im, expr_op op, double number) {
    value c;
    ZKM_TRY(value_scalar(err, &c, im, number));
    return emit2(err, v, im, op, &c);
}

/* ---- handlers ---- */

typedef struct {
    const char *name;
    expr_op op;
} plain_op;

static const plain_op plain[] = {{"Abs", EXPR_ABS},         {"Neg", EXPR_NEG},
                                 {"Sign", EXPR_SIGN},       {"Sqrt", EXPR_SQRT},
                                 {"Exp", EXPR_EXP},         {"Log", EXPR_LOG},
                                 {"Erf", EXPR_ERF},         {"Tanh", EXPR_TANH},
                                 {"Sigmoid", EXPR_SIGMOID}, {"Softplus", EXPR_SOFTPLUS},
                                 {"Sin", EXPR_SIN},         {"Cos", EXPR_COS},
                                 {"Atan", EXPR_ATAN},       {"Floor", EXPR_FLOOR},
                                 {"Ceil", EXPR_CEIL},       {"Round", EXPR_ROUND},
                                 {"Not", EXPR_NOT},         {"Add", EXPR_ADD},
                                 {"Sub", EXPR_SUB},         {"Mul", EXPR_MUL},
                                 {"Div", EXPR_DIV},         {"Pow", EXPR_POW},
                                 {"Greater", EXPR_GREATER}, {"GreaterOrEqual", EXPR_GREATER_EQUAL},
                                 {"Equal", EXPR_EQUAL},     {"Where", EXPR_WHERE},
                                 {"And", EXPR_MIN},         {"Or", EXPR_MAX}};

static zkm_status on_plain(zkm_error *err, importer *im, const node_call *n, value *out) {
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (strcmp(plain[i].name, n->proto->op_type) == 0) {
            uint32_t arity = expr_arity(plain[i].op);
            ZKM_TRY(need_inputs(err, n, arity, arity));
            return emit(err, out, im, plain[i].op, input(n, 0), input(n, 1), input(n, 2));
        }
    return error_set(err, ZKM_ERR_INTERNAL, "no such operator");
}

static zkm_status on_less(zkm_error *err, importer *im, const node_call *n, value *out) {
    bool equal = strcmp(n->proto->op_type, "LessOrEqual") == 0;
    ZKM_TRY(need_inputs(err, n, 2, 2));
    return emit(err, out, im, equal ? EXPR_GREATER_EQUAL : EXPR_GREATER, input(n, 1), input(n, 0),
                NULL);
}

static zkm_status on_xor(zkm_error *err, importer *im, const node_call *n, value *out) {
    ZKM_TRY(need_inputs(err, n, 2, 2));
    ZKM_TRY(emit(err, out, im, EXPR_EQUAL, input(n, 0), input(n, 1), NULL));
    return emit1(err, out, im, EXPR_NOT);
}

/* Sum, Mean, Max and Min of any number of inputs. */
static zkm_status on_variadic(zkm_error *err, importer *im, const node_call *n, value *out) {
    const char *op = n->proto->op_type;
    expr_op step = strcmp(op, "Max") == 0 ? EXPR_MAX : strcmp(op, "Min") == 0 ? EXPR_MIN : EXPR_ADD;
    ZKM_TRY(need_inputs(err, n, n->num_in ? n->num_in : 1, n->num_in));
    *out = *input(n, 0);
    for (uint32_t i = 1; i < n->num_in; i++)
        ZKM_TRY(emit2(err, out, im, step, input(n, i)));
    if (strcmp(op, "Mean") == 0)
        return emit_number(err, out, im, EXPR_DIV, n->num_in);
    return ZKM_OK;
}

static zkm_status on_relu(zkm_error *err, importer *im, const node_call *n, value *out) {
    ZKM_TRY(need_inputs(err, n, 1, 1));
    *out = *input(n, 0);
    return emit_number(err, out, im, EXPR_MAX, 0);
}

/* max(x, 0) + alpha * min(x, 0); PRelu's slope is an input. */
static zkm_status on_leaky(zkm_error *err, importer *im, const node_call *n, value *out) {
    bool prelu = strcmp(n->proto->op_type, "PRelu") == 0;
    value low, slope;
    ZKM_TRY(need_inputs(err, n, prelu ? 2 : 1, prelu ? 2 : 1));
    *out = low = *input(n, 0);
    if (prelu)
        slope = *input(n, 1);
    else
        ZKM_TRY(value_scalar(err, &slope, im, attribute_float(n, "alpha", 0.01f)));
    if (prelu && slope.kind == VALUE_CONSTANT) {
        double scalar = 0;
        if (!as_scalar(slope.t, &scalar))
            return error_set(err, ZKM_ERR_UNSUPPORTED,
                             "it has a slope for each channel; one slope for "
                             "all channels can be proved");
        ZKM_TRY(value_scalar(err, &slope, im, scalar));
    }
    ZKM_TRY(emit_number(err, &low, im, EXPR_MIN, 0));
    ZKM_TRY(emit2(err, &low, im, EXPR_MUL, &slope));
    ZKM_TRY(emit_number(err, out, im, EXPR_MAX, 0));
    return emit2(err, out, im, EXPR_ADD, &low);
}

/* gamma * (max(x, 0) + alpha * (exp(min(x, 0) / scale) - 1)): Elu, Selu, Celu. */
static zkm_status on_elu(zkm_error *err, importer *im, const node_call *n, value *out) {
    bool selu = strcmp(n->proto->op_type, "Selu") == 0,
         celu = strcmp(n->proto->op_type, "Celu") == 0;
    double alpha = attribute_float(n, "alpha", selu ? 1.67326319217681884765625 : 1);
    double gamma = selu ? attribute_float(n, "gamma", 1.05070102214813232421875) : 1;
    value low;
    ZKM_TRY(need_inputs(err, n, 1, 1));
    *out = low = *input(n, 0);
    ZKM_TRY(emit_number(err, &low, im, EXPR_MIN, 0));
    if (celu)
        ZKM_TRY(emit_number(err, &low, im, EXPR_DIV, alpha));
    ZKM_TRY(emit1(err, &low, im, EXPR_EXP));
    ZKM_TRY(emit_number(err, &low, im, EXPR_SUB, 1));
    if (alpha != 1)
        ZKM_TRY(emit_number(err, &low, im, EXPR_MUL, alpha));
    ZKM_TRY(emit_number(err, out, im, EXPR_MAX, 0));
    ZKM_TRY(emit2(err, out, im, EXPR_ADD, &low));
    return gamma != 1 ? emit_number(err, out, im, EXPR_MUL, gamma) : ZKM_OK;
}

/* Clip: bounds are attributes below opset 11 and optional inputs from then on. */
static zkm_status on_clip(zkm_error *err, importer *im, const node_call *n, value *out) {
    static const char *const names[2] = {"min", "max"};
    static const expr_op ops[2] = {EXPR_MAX, EXPR_MIN};
    ZKM_TRY(need_inputs(err, n, 1, 3));
    *out = *input(n, 0);
    for (uint32_t k = 0; k < 2; k++) {
        const value *bound = input(n, k + 1);
        if (bound)
            ZKM_TRY(emit2(err, out, im, ops[k], bound));
        else if (attribute(n, names[k]))
            ZKM_TRY(emit_number(err, out, im, ops[k], attribute_float(n, names[k], 0)));
    }
    return ZKM_OK;
}

/* 0.5 x (1 + erf(x / sqrt 2)), or with tanh(sqrt(2/pi) (x + 0.044715 x^3)). */
static zkm_status on_gelu(zkm_error *err, importer *im, const node_call *n, value *out) {
    value x, inner;
    ZKM_TRY(need_inputs(err, n, 1, 1));
    *out = x = inner = *input(n, 0);
    if (attribute_is(n, "approximate", "none")) {
        ZKM_TRY(emit_number(err, &inner, im, EXPR_MUL, 0x1.6a09e667f3bcdp-1)); /* 1/sqrt 2 */
        ZKM_TRY(emit1(err, &inner, im, EXPR_ERF));
    } else if (attribute_is(n, "approximate", "tanh")) {
        ZKM_TRY(emit_number(err, &inner, im, EXPR_POW, 3));
        ZKM_TRY(emit_number(err, &inner, im, EXPR_MUL, 0.044715));
        ZKM_TRY(emit2(err, &inner, im, EXPR_ADD, &x));
        ZKM_TRY(emit_number(err, &inner, im, EXPR_MUL, 0x1.9884533d43651p-1)); /* sqrt(2/pi) */
        ZKM_TRY(emit1(err, &inner, im, EXPR_TANH));
    } else {
        return error_set(err, ZKM_ERR_UNSUPPORTED, "unknown approximation; use none or tanh");
    }
    ZKM_TRY(emit_number(err, &inner, im, EXPR_ADD, 1));
    ZKM_TRY(emit_number(err, out, im, EXPR_MUL, 0.5));
    return emit2(err, out, im, EXPR_MUL, &inner);
}

/* max(0, min(1, alpha x + beta)), times x for HardSwish (alpha 1/6, beta 1/2). */
static zkm_status on_hard(zkm_error *err, importer *im, const node_call *n, value *out) {
    bool swish = strcmp(n->proto->op_type, "HardSwish") == 0;
    ZKM_TRY(need_inputs(err, n, 1, 1));
    *out = *input(n, 0);
    if (swish)
        ZKM_TRY(emit_number(err, out, im, EXPR_DIV, 6));
    else
        ZKM_TRY(emit_number(err, out, im, EXPR_MUL, attribute_float(n, "alpha", 0.2f)));
    ZKM_TRY(emit_number(err, out, im, EXPR_ADD, swish ? 0.5 : attribute_float(n, "beta", 0.5)));
    ZKM_TRY(emit_number(err, out, im, EXPR_MAX, 0));
    ZKM_TRY(emit_number(err, out, im, EXPR_MIN, 1));
    return swish ? emit2(err, out, im, EXPR_MUL, input(n, 0)) : ZKM_OK;
}

/* Mish: x tanh(softplus x). Swish: x sigmoid(alpha x). Softsign: x / (1 + |x|). */
static zkm_status on_gated(zkm_error *err, importer *im, const node_call *n, value *out) {
    value gate;
    ZKM_TRY(need_inputs(err, n, 1, 1));
    *out = gate = *input(n, 0);
    if (strcmp(n->proto->op_type, "Mish") == 0) {
        ZKM_TRY(emit1(err, &gate, im, EXPR_SOFTPLUS));
        ZKM_TRY(emit1(err, &gate, im, EXPR_TANH));
    } else if (strcmp(n->proto->op_type, "Swish") == 0) {
        double alpha = attribute_float(n, "alpha", 1);
        if (alpha != 1)
            ZKM_TRY(emit_number(err, &gate, im, EXPR_MUL, alpha));
        ZKM_TRY(emit1(err, &gate, im, EXPR_SIGMOID));
    } else {
        ZKM_TRY(emit1(err, &gate, im, EXPR_ABS));
        ZKM_TRY(emit_number(err, &gate, im, EXPR_ADD, 1));
        return emit2(err, out, im, EXPR_DIV, &gate);
    }
    return emit2(err, out, im, EXPR_MUL, &gate);
}

/* x where x > alpha, else 0. */
static zkm_status on_thresholded(zkm_error *err, importer *im, const node_call *n, value *out) {
    value condition, zero;
    ZKM_TRY(need_inputs(err, n, 1, 1));
    condition = *input(n, 0);
    ZKM_TRY(emit_number(err, &condition, im, EXPR_GREATER, attribute_float(n, "alpha", 1)));
    ZKM_TRY(value_scalar(err, &zero, im, 0));
    return emit(err, out, im, EXPR_WHERE, &condition, input(n, 0), &zero);
}

static zkm_status on_reciprocal(zkm_error *err, importer *im, const node_call *n, value *out) {
    value one;
    ZKM_TRY(need_inputs(err, n, 1, 1));
    ZKM_TRY(value_scalar(err, &one, im, 1));
    return emit(err, out, im, EXPR_DIV, &one, input(n, 0), NULL);
}

/* Sinh, Cosh: (e^x -+ e^-x) / 2. Tan: sin x / cos x. */
static zkm_status on_pair(zkm_error *err, importer *im, const node_call *n, value *out) {
    value other;
    ZKM_TRY(need_inputs(err, n, 1, 1));
    *out = other = *input(n, 0);
    if (strcmp(n->proto->op_type, "Tan") == 0) {
        ZKM_TRY(emit1(err, out, im, EXPR_SIN));
        ZKM_TRY(emit1(err, &other, im, EXPR_COS));
        return emit2(err, out, im, EXPR_DIV, &other);
    }
    ZKM_TRY(emit1(err, out, im, EXPR_EXP));
    ZKM_TRY(emit1(err, &other, im, EXPR_NEG));
    ZKM_TRY(emit1(err, &other, im, EXPR_EXP));
    ZKM_TRY(emit2(err, out, im, n->proto->op_type[0] == 'S' ? EXPR_SUB : EXPR_ADD, &other));
    return emit_number(err, out, im, EXPR_MUL, 0.5);
}

const handler_entry point_handlers[] = {{"Abs", on_plain},
                                        {"Neg", on_plain},
                                        {"Sign", on_plain},
                                        {"Sqrt", on_plain},
                                        {"Exp", on_plain},
                                        {"Log", on_plain},
                                        {"Erf", on_plain},
                                        {"Tanh", on_plain},
                                        {"Sigmoid", on_plain},
                                        {"Softplus", on_plain},
                                        {"Sin", on_plain},
                                        {"Cos", on_plain},
                                        {"Atan", on_plain},
                                        {"Floor", on_plain},
                                        {"Ceil", on_plain},
                                        {"Round", on_plain},
                                        {"Not", on_plain},
                                        {"Add", on_plain},
                                        {"Sub", on_plain},
                                        {"Mul", on_plain},
                                        {"Div", on_plain},
                                        {"Pow", on_plain},
                                        {"Greater", on_plain},
                                        {"GreaterOrEqual", on_plain},
                                        {"Equal", on_plain},
                                        {"Where", on_plain},
                                        {"And", on_plain},
                                        {"Or", on_plain},
                                        {"Less", on_less},
                                        {"LessOrEqual", on_less},
                                        {"Xor", on_xor},
                                        {"Sum", on_variadic},
                                        {"Mean", on_variadic},
                                        {"Max", on_variadic},
                                        {"Min", on_variadic},
                                        {"Relu", on_relu},
                                        {"LeakyRelu", on_leaky},
                                        {"PRelu", on_leaky},
                                        {"Elu", on_elu},
                                        {"Selu", on_elu},
                                        {"Celu", on_elu},
                                        {"Clip", on_clip},
                                        {"Gelu", on_gelu},
                                        {"HardSigmoid", on_hard},
                                        {"HardSwish", on_hard},
                                        {"Mish", on_gated},
                                        {"Swish", on_gated},
                                        {"Softsign", on_gated},
                                        {"ThresholdedRelu", on_thresholded},
                                        {"Reciprocal", on_reciprocal},
                                        {"Sinh", on_pair},
                                        {"Cosh", on_pair},
                                        {"Tan", on_pair},
                                        {NULL, NULL}};
