/* Linear operators: matrix products, normalisation with fixed statistics, and ai.onnx.ml's linear
 * models. */
#include <math.h>
#include <string.h>

#include "model/import_internal.h"

/* The rows x width matrix of a product, from a constant, transposed and scaled when asked. */
static zkm_status matrix_of(zkm_error *err, double **out, uint32_t *rows, uint32_t *width,
                            importer *im, const tensor *t, bool transposed, double factor) {
    uint32_t skip = 0;
    while (t->rank - skip > 2 && t->dims[skip] == 1)
        skip++;
    if (t->rank - skip > 2 || t->rank == 0 || t->count == 0)
        return error_set(err, ZKM_ERR_UNSUPPORTED, "its weights \"%s\" are no matrix", t->name);
    int64_t r = t->dims[skip], w = t->rank - skip == 2 ? t->dims[skip + 1] : 1;
    *rows = (uint32_t)(transposed ? w : r); /* at most 2^27, the limit on a tensor */
    *width = (uint32_t)(transposed ? r : w);
    ZKM_TRY(arena_alloc(err, out, im->mem, t->count, sizeof **out, t->name));
    for (int64_t i = 0; i < r; i++)
        for (int64_t j = 0; j < w; j++)
            (*out)[transposed ? j * r + i : i * w + j] = factor * t->values[i * w + j];
    return ZKM_OK;
}

/* x must be a batch of rows: every dimension but the batch and the last is 1. */
static zkm_status check_rows(zkm_error *err, const value *x, uint32_t rows) {
    bool row_like = x->rank >= 1 && x->batch != (int32_t)x->rank - 1;
    for (uint32_t i = 0; row_like && i + 1 < x->rank; i++)
        row_like = (int32_t)i == x->batch || x->dims[i] == 1;
    if (!row_like)
        return error_set(
            err, ZKM_ERR_UNSUPPORTED,
            "it multiplies several rows of a sample; one row for each sample can be proved");
    if (x->dims[x->rank - 1] != rows)
        return error_set(err, ZKM_ERR_FORMAT,
                         "its input has %lld elements where its weights have %u rows",
                         (long long)x->dims[x->rank - 1], rows);
    return ZKM_OK;
}

static zkm_status multiply(zkm_error *err, importer *im, value *out, const value *x,
                           const tensor *t, bool transposed, double factor) {
    uint32_t rows = 0, width = 0;
    double *values = NULL;
    ZKM_TRY(matrix_of(err, &values, &rows, &width, im, t, transposed, factor));
    ZKM_TRY(check_rows(err, x, rows));
    *out = *x;
    if (t->rank == 1) /* a vector: the product loses the dimension */
        out->rank--;
    else
        out->dims[out->rank - 1] = width;
    return graph_product(err, &out->vec, im->g, x->vec, values, rows, width);
}

/* Two constants: the product of two matrices. */
static zkm_status multiply_constants(zkm_error *err, importer *im, value *out, const tensor *a,
                                     const tensor *b) {
    if (a->rank != 2 || b->rank != 2 || a->dims[1] != b->dims[0])
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "a product of constants that are no fitting matrices");
    int64_t dims[2] = {a->dims[0], b->dims[1]}, inner = a->dims[1];
    tensor *t = NULL;
    if (inner > 0 && dims[0] > 0 && dims[1] > PROGRAM_MAX_WEIGHTS / inner / dims[0])
        return error_set(err, ZKM_ERR_RANGE, "node \"%s\": too large a product of constants",
                         im->g->node);
    ZKM_TRY(tensor_new(err, &t, im->mem, "a folded constant", 2, dims, a->kind));
    for (int64_t i = 0; i < dims[0]; i++)
        for (int64_t k = 0; k < inner; k++)
            for (int64_t j = 0; j < dims[1]; j++)
                t->values[i * dims[1] + j] += a->values[i * inner + k] * b->values[k * dims[1] + j];
    *out = value_constant(t);
    return ZKM_OK;
}

static zkm_status on_matmul(zkm_error *err, importer *im, const node_call *n, value *out) {
    ZKM_TRY(need_inputs(err, n, 2, 2));
    const value *a = input(n, 0), *b = input(n, 1);
    if (a->kind == VALUE_CONSTANT && b->kind == VALUE_CONSTANT)
        return multiply_constants(err, im, out, a->t, b->t);
    if (b->kind != VALUE_CONSTANT)
        return error_set(
            err, ZKM_ERR_UNSUPPORTED,
            a->kind == VALUE_CONSTANT
                ? "the constant matrix stands on the left; write x * W with one row a sample"
                : "it multiplies two activations; one factor must be constant");
    return multiply(err, im, out, a, b->t, false, 1);
}

/* alpha * x * B + beta * C */
static zkm_status on_gemm(zkm_error *err, importer *im, const node_call *n, value *out) {
    bool transposed = attribute_int(n, "transB", 0) != 0;
    double alpha = attribute_float(n, "alpha", 1), beta = attribute_float(n, "beta", 1);
    value product, added;
    ZKM_TRY(need_inputs(err, n, 2, 3));
    const value *x = input(n, 0), *b = input(n, 1), *c = input(n, 2);
    if (attribute_int(n, "transA", 0) != 0 || x->kind != VALUE_VECTOR)
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "transA, or a constant first input; export x * W");
    if (b->kind != VALUE_CONSTANT || b->t->rank != 2 || x->rank != 2)
        return error_set(err, ZKM_ERR_UNSUPPORTED, "its weights are no constant matrix");
    ZKM_TRY(multiply(err, im, &product, x, b->t, transposed, alpha));
    *out = product;
    if (!c || beta == 0)
        return ZKM_OK;
    added = *c;
    if (beta != 1) {
        value factor;
        ZKM_TRY(value_scalar(err, &factor, im, beta));
        ZKM_TRY(emit(err, &added, im, EXPR_MUL, c, &factor, NULL));
    }
    return emit(err, out, im, EXPR_ADD, &product, &added, NULL);
}

/* (x - mean) / sqrt(var + epsilon) * scale + bias, for each channel (axis 1). */
static zkm_status on_batch_norm(zkm_error *err, importer *im, const node_call *n, value *out) {
    double *scale = NULL, *offset = NULL, epsilon = attribute_float(n, "epsilon", 1e-5f);
    ZKM_TRY(need_inputs(err, n, 5, 5));
    const value *x = input(n, 0);
    if (attribute_int(n, "training_mode", 0) != 0)
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "it is in training mode; export in inference mode");
    if (x->kind != VALUE_VECTOR || x->batch != 0 || x->rank < 2)
        return error_set(err, ZKM_ERR_UNSUPPORTED, "its input is no batch of channels");
    for (uint32_t k = 1; k < 5; k++)
        if (input(n, k)->kind != VALUE_CONSTANT || input(n, k)->t->rank != 1 ||
            (int64_t)input(n, k)->t->count != x->dims[1])
            return error_set(err, ZKM_ERR_UNSUPPORTED, "input %u is no constant for each channel",
                             k);
    const double *gamma = input(n, 1)->t->values, *beta = input(n, 2)->t->values;
    const double *mean = input(n, 3)->t->values, *variance = input(n, 4)->t->values;
    size_t width = (size_t)value_width(x), channels = (size_t)x->dims[1], each = width / channels;
    ZKM_TRY(arena_alloc(err, &scale, im->mem, width, sizeof *scale, "model: BatchNormalization"));
    ZKM_TRY(arena_alloc(err, &offset, im->mem, width, sizeof *offset, "model: BatchNormalization"));
    for (size_t i = 0; i < width; i++) {
        size_t channel = i / each;
        scale[i] = gamma[channel] / sqrt(variance[channel] + epsilon);
        offset[i] = beta[channel] - mean[channel] * scale[i];
    }
    *out = *x;
    ZKM_TRY(graph_scale(err, &out->vec, im->g, x->vec, scale));
    return graph_offset(err, &out->vec, im->g, out->vec, offset);
}

const handler_entry linear_handlers[] = {
    {"Gemm", on_gemm}, {"MatMul", on_matmul}, {"BatchNormalization", on_batch_norm}, {NULL, NULL}};

/* ---- ai.onnx.ml ---- */

/* A list attribute as a constant; NULL when it is absent or empty. */
static zkm_status list_attribute(zkm_error *err, tensor **out, importer *im, const node_call *n,
                                 const char *name) {
    const Onnx__AttributeProto *a = attribute(n, name);
    int64_t count = a ? (int64_t)a->n_floats : 0;
    *out = NULL;
    if (count == 0)
        return ZKM_OK;
    ZKM_TRY(tensor_new(err, out, im->mem, name, 1, &count, TENSOR_FLOAT));
    for (int64_t i = 0; i < count; i++) {
        (*out)->values[i] = (double)a->floats[i];
        if (a->floats[i] - a->floats[i] != 0)
            return error_set(err, ZKM_ERR_RANGE, "node \"%s\": %s %lld is not a finite number",
                             n->name, name, (long long)i);
    }
    im->parameters += (uint64_t)count;
    return ZKM_OK;
}

static zkm_status need_batch_of_rows(zkm_error *err, const node_call *n) {
    ZKM_TRY(need_inputs(err, n, 1, 1));
    const value *x = input(n, 0);
    if (x->kind != VALUE_VECTOR || x->rank != 2 || x->batch != 0)
        return error_set(err, ZKM_ERR_UNSUPPORTED, "its input is no batch of rows");
    return ZKM_OK;
}

/* (x - offset) * scale */
static zkm_status on_scaler(zkm_error *err, importer *im, const node_call *n, value *out) {
    tensor *offset = NULL, *scale = NULL;
    ZKM_TRY(need_batch_of_rows(err, n));
    ZKM_TRY(list_attribute(err, &offset, im, n, "offset"));
    ZKM_TRY(list_attribute(err, &scale, im, n, "scale"));
    *out = *input(n, 0);
    out->type = TENSOR_FLOAT;
    if (offset) {
        value x = *out, c = value_constant(offset);
        ZKM_TRY(emit(err, out, im, EXPR_SUB, &x, &c, NULL));
    }
    if (scale) {
        value x = *out, c = value_constant(scale);
        ZKM_TRY(emit(err, out, im, EXPR_MUL, &x, &c, NULL));
    }
    return ZKM_OK;
}

/* coefficients: targets x features; intercepts: targets. */
static zkm_status on_linear_regressor(zkm_error *err, importer *im, const node_call *n,
                                      value *out) {
    tensor *coefficients = NULL, *intercepts = NULL;
    int64_t targets = attribute_int(n, "targets", 1);
    ZKM_TRY(need_batch_of_rows(err, n));
    ZKM_TRY(list_attribute(err, &coefficients, im, n, "coefficients"));
    ZKM_TRY(list_attribute(err, &intercepts, im, n, "intercepts"));
    if (!attribute_is(n, "post_transform", "NONE"))
        return error_set(err, ZKM_ERR_UNSUPPORTED, "post_transform other than NONE");
    if (!coefficients || targets < 1 || coefficients->count % (uint64_t)targets != 0 ||
        (intercepts && (int64_t)intercepts->count != targets && intercepts->count != 1))
        return error_set(err, ZKM_ERR_FORMAT, "node \"%s\": coefficients do not fit the targets",
                         n->name);
    coefficients->rank = 2;
    coefficients->dims[0] = targets;
    coefficients->dims[1] = (int64_t)coefficients->count / targets;
    ZKM_TRY(multiply(err, im, out, input(n, 0), coefficients, true, 1));
    out->type = TENSOR_FLOAT;
    if (!intercepts)
        return ZKM_OK;
    value product = *out, c = value_constant(intercepts);
    return emit(err, out, im, EXPR_ADD, &product, &c, NULL);
}

const handler_entry ml_handlers[] = {{"Scaler", on_scaler},
                                     {"LinearRegressor", on_linear_regressor},
                                     {"FeatureVectorizer", import_concat},
                                     {NULL, NULL}};
