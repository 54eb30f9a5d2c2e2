/*
 * Operators that move elements without changing them, and constants. A vector keeps the order of
 * its elements through all of these; what would permute or split them is refused.
 */
#include <string.h>

#include "model/import_internal.h"

/* ---- passing through ---- */

static zkm_status on_identity(zkm_error *err, importer *im, const node_call *n, value *out) {
    (void)im;
    ZKM_TRY(need_inputs(err, n, 1, 1));
    *out = *input(n, 0);
    return ZKM_OK;
}

static zkm_status on_dropout(zkm_error *err, importer *im, const node_call *n, value *out) {
    const value *training = input(n, 2);
    (void)im;
    ZKM_TRY(need_inputs(err, n, 1, 3));
    if (training && (training->kind != VALUE_CONSTANT || training->t->count != 1 ||
                     training->t->values[0] != 0))
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "it drops at random; export in inference mode (eval)");
    *out = *input(n, 0);
    return ZKM_OK;
}

static zkm_status cast_constant(zkm_error *err, importer *im, value *out, const tensor *from,
                                tensor_class to) {
    tensor *t = NULL;
    ZKM_TRY(tensor_new(err, &t, im->mem, from->name, from->rank, from->dims, to));
    for (size_t i = 0; i < t->count; i++) {
        double v = from->values[i];
        if (to == TENSOR_BOOL)
            v = v != 0;
        else if (to == TENSOR_INTEGER && from->kind == TENSOR_FLOAT)
            v = v < 0 ? expr_apply(EXPR_CEIL, v, 0, 0) : expr_apply(EXPR_FLOOR, v, 0, 0);
        t->values[i] = v;
    }
    *out = value_constant(t);
    return ZKM_OK;
}

static zkm_status cast(zkm_error *err, importer *im, const value *x, tensor_class to, value *out) {
    if (x->kind == VALUE_CONSTANT)
        return cast_constant(err, im, out, x->t, to);
    *out = *x;
    if (to == TENSOR_BOOL && x->type != TENSOR_BOOL) {
        value zero, equal;
        ZKM_TRY(value_scalar(err, &zero, im, 0));
        ZKM_TRY(emit(err, &equal, im, EXPR_EQUAL, x, &zero, NULL));
        return emit(err, out, im, EXPR_NOT, &equal, NULL, NULL);
    }
    if (to == TENSOR_INTEGER && x->type == TENSOR_FLOAT)
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "it casts an activation to an integer; use Floor, Ceil or Round");
    out->type = to;
    return ZKM_OK;
}

static zkm_status on_cast(zkm_error *err, importer *im, const node_call *n, value *out) {
    tensor_class to = TENSOR_FLOAT;
    int64_t type = attribute_int(n, "to", 0);
    bool like = strcmp(n->proto->op_type, "CastLike") == 0;
    ZKM_TRY(need_inputs(err, n, like ? 2 : 1, like ? 2 : 1));
    if (like)
        to = input(n, 1)->type;
    else if (type < 0 || type > INT32_MAX || !tensor_class_of(&to, (int32_t)type))
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "it casts to data type %lld; float, double, half and "
                         "bfloat16 can be proved",
                         (long long)type);
    return cast(err, im, input(n, 0), to, out);
}

/* ---- reshaping ---- */

static zkm_status reshape_constant(zkm_error *err, importer *im, value *out, const tensor *from,
                                   uint32_t rank, const int64_t *dims) {
    tensor *t = NULL;
    size_t count = 1;
    ZKM_TRY(arena_alloc(err, &t, im->mem, 1, sizeof *t, "model: constant"));
    *t = *from;
    t->rank = rank;
    for (uint32_t i = 0; i < rank; i++) {
        t->dims[i] = dims[i];
        if (dims[i] < 0 || (dims[i] != 0 && count > TENSOR_MAX_COUNT / (uint64_t)dims[i]))
            return error_set(err, ZKM_ERR_FORMAT, "node \"%s\": impossible shape", im->g->node);
        count *= (size_t)dims[i];
    }
    if (count != from->count)
        return error_set(err, ZKM_ERR_FORMAT,
                         "node \"%s\": the new shape has %zu elements instead of %zu", im->g->node,
                         count, from->count);
    *out = value_constant(t);
    return ZKM_OK;
}

/* Copies entries of 0 from the old shape and computes the entry of -1 so that the product is
 * `total`. */
static bool resolve(int64_t *dims, uint32_t rank, const int64_t *old, uint32_t old_rank,
                    bool allow_zero, int64_t total, int32_t skip) {
    int64_t product = 1;
    int32_t infer = -1;
    for (uint32_t i = 0; i < rank; i++) {
        if ((int32_t)i == skip)
            continue;
        if (dims[i] == 0 && !allow_zero) {
            if (i >= old_rank)
                return false;
            dims[i] = old[i];
        }
        if (dims[i] == -1) {
            if (infer >= 0)
                return false;
            infer = (int32_t)i;
            continue;
        }
        if (dims[i] < 0 || (dims[i] > 0 && product > INT32_MAX / dims[i]))
            return false;
        product *= dims[i];
    }
    if (infer >= 0) {
        if (product == 0 || total % product != 0)
            return false;
        dims[infer] = total / product;
        product = total;
    }
    return product == total;
}

/* How surely entry i of a Reshape's shape is the batch: 3 copied from it, 2 the free one, 1 its
 * number. */
static int batch_claim(const value *x, const int64_t *shape, uint32_t i, bool allow_zero) {
    if (shape[i] == (int64_t)BATCH_MARK || (shape[i] == 0 && !allow_zero && (int32_t)i == x->batch))
        return 3;
    if (shape[i] == -1)
        return 2;
    return x->dims[x->batch] > 0 && shape[i] == x->dims[x->batch] ? 1 : 0;
}

/* The batch must stay outermost: dimensions before it are 1, in the old shape and the new one. */
static bool try_batch(value *out, const value *x, const int64_t *shape, uint32_t rank,
                      uint32_t batch, bool allow_zero) {
    int64_t dims[TENSOR_MAX_RANK], old[TENSOR_MAX_RANK];
    memcpy(dims, shape, rank * sizeof *dims);
    memcpy(old, x->dims, sizeof old);
    old[x->batch] = -2; /* copying it to a second place fits nothing */
    if (!resolve(dims, rank, old, x->rank, allow_zero, value_width(x), (int32_t)batch))
        return false;
    for (uint32_t i = 0; i < batch; i++)
        if (dims[i] != 1)
            return false;
    for (int32_t i = 0; i < x->batch; i++)
        if (x->dims[i] != 1)
            return false;
    dims[batch] = x->dims[x->batch];
    *out = *x;
    memcpy(out->dims, dims, rank * sizeof *dims);
    out->rank = rank;
    out->batch = (int32_t)batch;
    return true;
}

static zkm_status reshape_vector(zkm_error *err, value *out, const value *x, const int64_t *shape,
                                 uint32_t rank, bool allow_zero) {
    for (int claim = 3; x->batch >= 0 && claim >= 1; claim--)
        for (uint32_t i = 0; i < rank; i++)
            if (batch_claim(x, shape, i, allow_zero) == claim &&
                try_batch(out, x, shape, rank, i, allow_zero))
                return ZKM_OK;
    int64_t dims[TENSOR_MAX_RANK];
    memcpy(dims, shape, rank * sizeof *dims);
    if ((x->batch < 0 || x->dims[x->batch] == 1) &&
        resolve(dims, rank, x->dims, x->rank, allow_zero, value_width(x), -1)) {
        *out = *x;
        memcpy(out->dims, dims, rank * sizeof *dims);
        out->rank = rank;
        out->batch = -1;
        return ZKM_OK;
    }
    bool outermost = true, column = rank >= 1 && shape[0] == -1;
    for (int32_t i = 0; i < x->batch; i++)
        outermost = outermost && x->dims[i] == 1;
    for (uint32_t i = 1; i < rank; i++)
        column = column && shape[i] == 1;
    if (!outermost || !column)
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "it mixes the samples of a batch; keep the batch as the first dimension");
    *out = *x;
    out->one_column = true;
    return ZKM_OK;
}

static zkm_status on_reshape(zkm_error *err, importer *im, const node_call *n, value *out) {
    int64_t shape[TENSOR_MAX_RANK], dims[TENSOR_MAX_RANK];
    uint32_t rank = 0;
    bool allow_zero = attribute_int(n, "allowzero", 0) != 0;
    ZKM_TRY(need_inputs(err, n, 2, 2));
    ZKM_TRY(constant_integers(err, shape, &rank, TENSOR_MAX_RANK, input(n, 1), "shape"));
    const value *x = input(n, 0);
    if (x->kind == VALUE_VECTOR)
        return reshape_vector(err, out, x, shape, rank, allow_zero);
    memcpy(dims, shape, rank * sizeof *dims);
    if (!resolve(dims, rank, x->t->dims, x->t->rank, allow_zero, (int64_t)x->t->count, -1))
        return error_set(err, ZKM_ERR_FORMAT,
                         "node \"%s\": the new shape does not hold the old one's "
                         "elements",
                         n->name);
    return reshape_constant(err, im, out, x->t, rank, dims);
}

/* The shape of a constant or vector as one list; the batch of a vector counts as 1 here. */
static uint32_t plain_dims(int64_t *dims, const value *x) {
    uint32_t rank = x->kind == VALUE_CONSTANT ? x->t->rank : x->rank;
    memcpy(dims, x->kind == VALUE_CONSTANT ? x->t->dims : x->dims, rank * sizeof *dims);
    if (x->kind == VALUE_VECTOR && x->batch >= 0)
        dims[x->batch] = 1;
    return rank;
}

static zkm_status normal_axis(zkm_error *err, int64_t *axis, uint32_t rank, const char *node) {
    if (*axis < -(int64_t)rank || *axis > (int64_t)rank)
        return error_set(err, ZKM_ERR_FORMAT, "node \"%s\": axis %lld is out of range", node,
                         (long long)*axis);
    if (*axis < 0)
        *axis += rank;
    return ZKM_OK;
}

static zkm_status on_flatten(zkm_error *err, importer *im, const node_call *n, value *out) {
    int64_t dims[TENSOR_MAX_RANK], parts[2] = {1, 1}, axis = attribute_int(n, "axis", 1);
    ZKM_TRY(need_inputs(err, n, 1, 1));
    const value *x = input(n, 0);
    uint32_t rank = plain_dims(dims, x);
    ZKM_TRY(normal_axis(err, &axis, rank, n->name));
    for (uint32_t i = 0; i < rank; i++)
        parts[i >= axis] *= dims[i];
    if (x->kind == VALUE_CONSTANT)
        return reshape_constant(err, im, out, x->t, 2, parts);
    if (x->batch >= 0)
        parts[x->batch >= axis] = parts[x->batch >= axis] == 1 ? (int64_t)BATCH_MARK : -3;
    return reshape_vector(err, out, x, parts, 2, true);
}

static zkm_status on_squeeze(zkm_error *err, importer *im, const node_call *n, value *out) {
    int64_t axes[TENSOR_MAX_RANK], dims[TENSOR_MAX_RANK], kept[TENSOR_MAX_RANK];
    uint32_t num_axes = 0, rank = 0;
    bool drop[TENSOR_MAX_RANK] = {false};
    ZKM_TRY(need_inputs(err, n, 1, 2));
    ZKM_TRY(axes_of(err, axes, &num_axes, n, 1, "axes"));
    const value *x = input(n, 0);
    uint32_t old_rank = plain_dims(dims, x);
    bool many = x->kind == VALUE_VECTOR && x->batch >= 0 && x->dims[x->batch] != 1;
    for (uint32_t i = 0; i < num_axes; i++) {
        ZKM_TRY(normal_axis(err, &axes[i], old_rank, n->name));
        if (axes[i] >= old_rank || dims[axes[i]] != 1 || (many && axes[i] == x->batch))
            return error_set(err, ZKM_ERR_UNSUPPORTED, "it squeezes a dimension that is not 1");
        drop[axes[i]] = true;
    }
    *out = *x;
    out->batch = -1;
    for (uint32_t i = 0; i < old_rank; i++) {
        bool is_batch = x->kind == VALUE_VECTOR && (int32_t)i == x->batch;
        if (num_axes == 0 ? dims[i] == 1 && !(many && is_batch) : drop[i])
            continue;
        if (is_batch)
            out->batch = (int32_t)rank;
        kept[rank++] = is_batch ? x->dims[i] : dims[i];
    }
    if (x->kind == VALUE_CONSTANT)
        return reshape_constant(err, im, out, x->t, rank, kept);
    memcpy(out->dims, kept, rank * sizeof *kept);
    out->rank = rank;
    return ZKM_OK;
}

static zkm_status on_unsqueeze(zkm_error *err, importer *im, const node_call *n, value *out) {
    int64_t axes[TENSOR_MAX_RANK], old[TENSOR_MAX_RANK], dims[TENSOR_MAX_RANK];
    uint32_t num_axes = 0, next = 0;
    bool added[TENSOR_MAX_RANK] = {false};
    ZKM_TRY(need_inputs(err, n, 1, 2));
    ZKM_TRY(axes_of(err, axes, &num_axes, n, 1, "axes"));
    const value *x = input(n, 0);
    uint32_t old_rank = plain_dims(old, x), rank = old_rank + num_axes;
    if (rank > TENSOR_MAX_RANK)
        return error_set(err, ZKM_ERR_UNSUPPORTED, "more than %u dimensions", TENSOR_MAX_RANK);
    for (uint32_t i = 0; i < num_axes; i++) {
        ZKM_TRY(normal_axis(err, &axes[i], rank, n->name));
        if (axes[i] >= rank || added[axes[i]])
            return error_set(err, ZKM_ERR_FORMAT, "node \"%s\": axes repeat or are too large",
                             n->name);
        added[axes[i]] = true;
    }
    *out = *x;
    for (uint32_t i = 0; i < rank; i++) {
        if (!added[i] && x->kind == VALUE_VECTOR && (int32_t)next == x->batch)
            out->batch = (int32_t)i;
        dims[i] = added[i] ? 1 : x->kind == VALUE_VECTOR ? x->dims[next] : old[next];
        next += !added[i];
    }
    if (x->kind == VALUE_CONSTANT)
        return reshape_constant(err, im, out, x->t, rank, dims);
    memcpy(out->dims, dims, rank * sizeof *dims);
    out->rank = rank;
    return ZKM_OK;
}

/* ---- transposing ---- */

static zkm_status transpose_constant(zkm_error *err, importer *im, value *out, const tensor *from,
                                     const int64_t *perm) {
    int64_t dims[TENSOR_MAX_RANK];
    size_t strides[TENSOR_MAX_RANK], stride = 1;
    tensor *t = NULL;
    for (uint32_t i = from->rank; i-- > 0;) {
        strides[i] = stride;
        stride *= (size_t)from->dims[i];
    }
    for (uint32_t i = 0; i < from->rank; i++)
        dims[i] = from->dims[perm[i]];
    ZKM_TRY(tensor_new(err, &t, im->mem, from->name, from->rank, dims, from->kind));
    for (size_t i = 0; i < t->count; i++) {
        size_t rest = i, index = 0;
        for (uint32_t k = t->rank; k-- > 0;) {
            index += rest % (size_t)dims[k] * strides[perm[k]];
            rest /= (size_t)dims[k];
        }
        t->values[i] = from->values[index];
    }
    *out = value_constant(t);
    return ZKM_OK;
}

static zkm_status on_transpose(zkm_error *err, importer *im, const node_call *n, value *out) {
    const Onnx__AttributeProto *a = attribute(n, "perm");
    int64_t perm[TENSOR_MAX_RANK], old[TENSOR_MAX_RANK], last = -1;
    bool seen[TENSOR_MAX_RANK] = {false};
    ZKM_TRY(need_inputs(err, n, 1, 1));
    const value *x = input(n, 0);
    uint32_t rank = plain_dims(old, x);
    if (a && a->n_ints != rank)
        return error_set(err, ZKM_ERR_FORMAT, "node \"%s\": perm does not fit the rank", n->name);
    for (uint32_t i = 0; i < rank; i++) {
        perm[i] = a ? a->ints[i] : (int64_t)rank - 1 - i;
        if (perm[i] < 0 || perm[i] >= rank || seen[perm[i]])
            return error_set(err, ZKM_ERR_FORMAT, "node \"%s\": perm is no permutation", n->name);
        seen[perm[i]] = true;
    }
    if (x->kind == VALUE_CONSTANT)
        return transpose_constant(err, im, out, x->t, perm);
    *out = *x;
    for (uint32_t i = 0; i < rank; i++) {
        out->dims[i] = x->dims[perm[i]];
        if (perm[i] == x->batch)
            out->batch = (int32_t)i;
        if (perm[i] == x->batch || x->dims[perm[i]] == 1)
            continue;
        if (perm[i] < last)
            return error_set(err, ZKM_ERR_UNSUPPORTED,
                             "it permutes the elements of a sample; permute the weights instead");
        last = perm[i];
    }
    return ZKM_OK;
}

/* ---- joining ---- */

static zkm_status concat_constants(zkm_error *err, importer *im, const node_call *n, value *out,
                                   int64_t axis) {
    const tensor *first = input(n, 0)->t;
    int64_t dims[TENSOR_MAX_RANK];
    size_t inner = 1, outer = 1, done = 0;
    tensor *t = NULL;
    ZKM_TRY(normal_axis(err, &axis, first->rank, n->name));
    if (axis >= first->rank)
        return error_set(err, ZKM_ERR_FORMAT, "node \"%s\": axis is out of range", n->name);
    memcpy(dims, first->dims, sizeof dims);
    for (uint32_t i = 0; i < first->rank; i++)
        *(i < axis ? &outer : &inner) *= i == axis ? 1 : (size_t)dims[i];
    for (uint32_t k = 1; k < n->num_in; k++) {
        const tensor *part = input(n, k)->t;
        bool fits = part->rank == first->rank;
        for (uint32_t i = 0; i < first->rank && fits; i++)
            fits = i == axis || part->dims[i] == first->dims[i];
        if (!fits)
            return error_set(err, ZKM_ERR_FORMAT, "node \"%s\": shapes do not fit", n->name);
        dims[axis] += part->dims[axis];
    }
    ZKM_TRY(tensor_new(err, &t, im->mem, "concatenated constants", first->rank, dims, first->kind));
    for (size_t o = 0; o < outer; o++)
        for (uint32_t k = 0; k < n->num_in; k++) {
            const tensor *part = input(n, k)->t;
            size_t length = inner * (size_t)part->dims[axis];
            if (length)
                memcpy(t->values + done, part->values + o * length, length * sizeof *t->values);
            done += length;
        }
    *out = value_constant(t);
    return ZKM_OK;
}

/* Vectors joined along an axis with nothing but the batch and dimensions of 1 before it. */
static zkm_status concat_vectors(zkm_error *err, importer *im, const node_call *n, value *out,
                                 int64_t axis) {
    uint32_t *parts = NULL;
    ZKM_TRY(arena_alloc(err, &parts, im->mem, n->num_in, sizeof *parts, "model: concat"));
    *out = *input(n, 0);
    ZKM_TRY(normal_axis(err, &axis, out->rank, n->name));
    if (axis >= out->rank || axis == out->batch)
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "it joins along the batch; join features instead");
    for (uint32_t i = 0; i < axis; i++)
        if ((int32_t)i != out->batch && out->dims[i] != 1)
            return error_set(err, ZKM_ERR_UNSUPPORTED,
                             "it interleaves elements; flatten before joining");
    for (uint32_t k = 0; k < n->num_in; k++) {
        const value *part = input(n, k);
        bool fits = part->rank == out->rank && part->batch == out->batch && part->type == out->type;
        for (uint32_t i = 0; i < out->rank && fits; i++)
            fits = i == axis || (int32_t)i == out->batch || part->dims[i] == out->dims[i];
        if (!fits)
            return error_set(err, ZKM_ERR_UNSUPPORTED,
                             "it joins activations whose shapes do not fit");
        out->dims[axis] = k ? out->dims[axis] + part->dims[axis] : part->dims[axis];
        parts[k] = part->vec;
    }
    if (n->num_in == 1)
        return ZKM_OK;
    return graph_concat(err, &out->vec, im->g, parts, n->num_in);
}

zkm_status import_concat(zkm_error *err, importer *im, const node_call *n, value *out) {
    uint32_t vectors = 0;
    bool ml = strcmp(n->proto->op_type, "FeatureVectorizer") == 0;
    int64_t axis = ml ? 1 : attribute_int(n, "axis", 0);
    ZKM_TRY(need_inputs(err, n, n->num_in ? n->num_in : 1, n->num_in));
    for (uint32_t i = 0; i < n->num_in; i++)
        vectors += input(n, i)->kind == VALUE_VECTOR;
    if (vectors == 0)
        return concat_constants(err, im, n, out, axis);
    if (vectors < n->num_in)
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "it joins activations with constants; add the "
                         "constants to the next layer's bias");
    return concat_vectors(err, im, n, out, axis);
}

/* ---- constants about shapes ---- */

static zkm_status on_shape(zkm_error *err, importer *im, const node_call *n, value *out) {
    tensor *t = NULL;
    ZKM_TRY(need_inputs(err, n, 1, 1));
    const value *x = input(n, 0);
    int64_t rank = x->kind == VALUE_CONSTANT ? x->t->rank : x->rank;
    int64_t start = attribute_int(n, "start", 0), end = attribute_int(n, "end", rank);
    start += start < 0 ? rank : 0;
    end += end < 0 ? rank : 0;
    start = start < 0 ? 0 : start;
    end = end > rank ? rank : end;
    int64_t count = end > start ? end - start : 0;
    ZKM_TRY(tensor_new(err, &t, im->mem, "a shape", 1, &count, TENSOR_INTEGER));
    for (int64_t i = 0; i < count; i++) {
        const int64_t *dims = x->kind == VALUE_CONSTANT ? x->t->dims : x->dims;
        bool is_batch = x->kind == VALUE_VECTOR && start + i == x->batch;
        t->values[i] = is_batch ? BATCH_MARK : (double)dims[start + i];
    }
    *out = value_constant(t);
    return ZKM_OK;
}

#define HINT_PICKS "it picks elements; multiply with a constant selection matrix instead"

/* The only entry along a dimension of 1, as in y[:, 0]: nothing moves. */
static zkm_status gather_vector(zkm_error *err, const node_call *n, value *out) {
    const value *x = input(n, 0), *index = input(n, 1);
    int64_t axis = attribute_int(n, "axis", 0);
    ZKM_TRY(normal_axis(err, &axis, x->rank, n->name));
    if (index->kind != VALUE_CONSTANT || index->t->count != 1 || index->t->rank > 1 ||
        (index->t->values[0] != 0 && index->t->values[0] != -1) || axis >= x->rank ||
        axis == x->batch || x->dims[axis] != 1)
        return error_set(err, ZKM_ERR_UNSUPPORTED, HINT_PICKS);
    *out = *x;
    if (index->t->rank == 1)
        return ZKM_OK;
    out->rank--;
    out->batch -= axis < out->batch;
    for (uint32_t i = (uint32_t)axis; i < out->rank; i++)
        out->dims[i] = x->dims[i + 1];
    return ZKM_OK;
}

/* Entries of a list of constants, as exporters take them from a Shape. */
static zkm_status on_gather(zkm_error *err, importer *im, const node_call *n, value *out) {
    tensor *t = NULL;
    ZKM_TRY(need_inputs(err, n, 2, 2));
    const value *data = input(n, 0), *index = input(n, 1);
    if (data->kind == VALUE_VECTOR)
        return gather_vector(err, n, out);
    if (data->kind != VALUE_CONSTANT || index->kind != VALUE_CONSTANT || data->t->rank != 1 ||
        index->t->kind != TENSOR_INTEGER || index->t->rank > 1)
        return error_set(err, ZKM_ERR_UNSUPPORTED, HINT_PICKS);
    ZKM_TRY(
        tensor_new(err, &t, im->mem, data->t->name, index->t->rank, index->t->dims, data->t->kind));
    for (size_t i = 0; i < t->count; i++) {
        double k = index->t->values[i];
        k += k < 0 ? (double)data->t->count : 0;
        if (!(k >= 0 && k < (double)data->t->count))
            return error_set(err, ZKM_ERR_FORMAT, "node \"%s\": index out of range", n->name);
        t->values[i] = data->t->values[(size_t)k];
    }
    *out = value_constant(t);
    return ZKM_OK;
}

static zkm_status on_slice(zkm_error *err, importer *im, const node_call *n, value *out) {
    int64_t bounds[2][TENSOR_MAX_RANK], count = 0;
    uint32_t num[2] = {0, 0};
    const value *x = input(n, 0);
    tensor *t = NULL;
    ZKM_TRY(need_inputs(err, n, 1, 5));
    ZKM_TRY(axes_of(err, bounds[0], &num[0], n, 1, "starts"));
    ZKM_TRY(axes_of(err, bounds[1], &num[1], n, 2, "ends"));
    const value *steps = input(n, 4);
    bool stepped = steps && (steps->kind != VALUE_CONSTANT || steps->t->count != 1 ||
                             steps->t->values[0] != 1);
    if (x->kind != VALUE_CONSTANT || x->t->rank != 1 || num[0] != 1 || num[1] != 1 || stepped)
        return error_set(err, ZKM_ERR_UNSUPPORTED, HINT_PICKS);
    int64_t length = (int64_t)x->t->count, limit[2];
    for (int k = 0; k < 2; k++) {
        limit[k] = bounds[k][0] < 0 ? bounds[k][0] + length : bounds[k][0];
        limit[k] = limit[k] < 0 ? 0 : limit[k] > length ? length : limit[k];
    }
    count = limit[1] > limit[0] ? limit[1] - limit[0] : 0;
    ZKM_TRY(tensor_new(err, &t, im->mem, x->t->name, 1, &count, x->t->kind));
    for (int64_t i = 0; i < count; i++)
        t->values[i] = x->t->values[limit[0] + i];
    *out = value_constant(t);
    return ZKM_OK;
}

static zkm_status on_constant(zkm_error *err, importer *im, const node_call *n, value *out) {
    const Onnx__AttributeProto *a = n->proto->n_attribute == 1 ? n->proto->attribute[0] : NULL;
    const char *name = a ? onnx_text(a->name) : "";
    tensor *t = NULL;
    if (strcmp(name, "value") == 0 && a->t) {
        ZKM_TRY(tensor_read(err, &t, im->mem, im->source, a->t, im->g->node));
        *out = value_constant(t);
        return ZKM_OK;
    }
    bool list = strcmp(name, "value_floats") == 0 || strcmp(name, "value_ints") == 0;
    bool whole = strcmp(name, "value_int") == 0 || strcmp(name, "value_ints") == 0;
    if (!list && !whole && strcmp(name, "value_float") != 0)
        return error_set(err, ZKM_ERR_UNSUPPORTED, "it holds no tensor of numbers");
    int64_t count = !list ? 1 : (int64_t)(whole ? a->n_ints : a->n_floats);
    ZKM_TRY(tensor_new(err, &t, im->mem, im->g->node, list, &count,
                       whole ? TENSOR_INTEGER : TENSOR_FLOAT));
    for (int64_t i = 0; i < count; i++) {
        t->values[i] =
            whole ? (double)(list ? a->ints[i] : a->i) : (double)(list ? a->floats[i] : a->f);
        if (t->values[i] != t->values[i])
            return error_set(err, ZKM_ERR_RANGE, "node \"%s\": the constant is NaN", n->name);
    }
    *out = value_constant(t);
    return ZKM_OK;
}

const handler_entry shape_handlers[] = {
    {"Identity", on_identity}, {"Dropout", on_dropout},     {"Cast", on_cast},
    {"CastLike", on_cast},     {"Reshape", on_reshape},     {"Flatten", on_flatten},
    {"Squeeze", on_squeeze},   {"Unsqueeze", on_unsqueeze}, {"Transpose", on_transpose},
    {"Concat", import_concat}, {"Shape", on_shape},         {"Gather", on_gather},
    {"Slice", on_slice},       {"Constant", on_constant},   {NULL, NULL}};
