/* The importer's driver: needed nodes in order, each through its handler; what cannot be proved
 * is listed. */
#include "model/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/import_internal.h"

/* ---- attributes and inputs ---- */

const Onnx__AttributeProto *attribute(const node_call *n, const char *name) {
    for (size_t i = 0; i < n->proto->n_attribute; i++)
        if (strcmp(onnx_text(n->proto->attribute[i]->name), name) == 0)
            return n->proto->attribute[i];
    return NULL;
}

int64_t attribute_int(const node_call *n, const char *name, int64_t otherwise) {
    const Onnx__AttributeProto *a = attribute(n, name);
    return a ? a->i : otherwise;
}

double attribute_float(const node_call *n, const char *name, double otherwise) {
    const Onnx__AttributeProto *a = attribute(n, name);
    return a ? (double)a->f : otherwise;
}

bool attribute_is(const node_call *n, const char *name, const char *text) {
    const Onnx__AttributeProto *a = attribute(n, name);
    return !a || (a->s.len == strlen(text) && memcmp(a->s.data, text, a->s.len) == 0);
}

const value *input(const node_call *n, uint32_t i) { return i < n->num_in ? n->in[i] : NULL; }

zkm_status need_inputs(zkm_error *err, const node_call *n, uint32_t least, uint32_t most) {
    for (uint32_t i = 0; i < least; i++)
        if (!input(n, i))
            return error_set(err, ZKM_ERR_FORMAT, "node \"%s\": input %u is missing", n->name, i);
    if (n->num_in > most)
        return error_set(err, ZKM_ERR_FORMAT, "node \"%s\": %u inputs where at most %u are defined",
                         n->name, n->num_in, most);
    return ZKM_OK;
}

zkm_status constant_integers(zkm_error *err, int64_t *out, uint32_t *count, uint32_t limit,
                             const value *v, const char *what) {
    if (v->kind != VALUE_CONSTANT)
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "its %s is computed from the data; export with a "
                         "constant one",
                         what);
    if (v->t->rank > 1 || v->t->count > limit || v->t->kind != TENSOR_INTEGER)
        return error_set(err, ZKM_ERR_UNSUPPORTED, "its %s is no short list of integers", what);
    for (size_t i = 0; i < v->t->count; i++) {
        double x = v->t->values[i]; /* "to the end" may be as large as 2^63 */
        out[i] = x > 0x1p62 ? INT64_C(1) << 62 : x < -0x1p62 ? -(INT64_C(1) << 62) : (int64_t)x;
    }
    *count = (uint32_t)v->t->count;
    return ZKM_OK;
}

zkm_status axes_of(zkm_error *err, int64_t *out, uint32_t *count, const node_call *n, uint32_t i,
                   const char *name) {
    const Onnx__AttributeProto *a = attribute(n, name);
    *count = 0;
    if (input(n, i))
        return constant_integers(err, out, count, TENSOR_MAX_RANK, input(n, i), name);
    if (a && a->n_ints > TENSOR_MAX_RANK)
        return error_set(err, ZKM_ERR_UNSUPPORTED, "its %s has too many entries", name);
    for (size_t k = 0; a && k < a->n_ints; k++)
        out[(*count)++] = a->ints[k];
    return ZKM_OK;
}

value value_constant(const tensor *t) {
    return (value){.kind = VALUE_CONSTANT, .type = t->kind, .t = t, .batch = -1};
}

zkm_status value_scalar(zkm_error *err, value *out, importer *im, double v) {
    tensor *t = NULL;
    ZKM_TRY(tensor_new(err, &t, im->mem, "constant", 0, NULL, TENSOR_FLOAT));
    t->values[0] = v;
    *out = value_constant(t);
    return ZKM_OK;
}

int64_t value_width(const value *v) {
    int64_t width = 1;
    for (uint32_t i = 0; i < v->rank; i++)
        if ((int32_t)i != v->batch)
            width =
                v->dims[i] != 0 && width > INT32_MAX / v->dims[i] ? INT32_MAX : width * v->dims[i];
    return width;
}

bool has_batch_mark(const tensor *t) {
    for (size_t i = 0; t->kind == TENSOR_INTEGER && i < t->count; i++)
        if (t->values[i] == BATCH_MARK)
            return true;
    return false;
}

/* ---- what cannot be proved ---- */

typedef struct {
    const char *op, *hint;
} op_hint;

#define HINT_CONV "convolutions cannot be proved by this version; use dense layers (Gemm, MatMul)"
#define HINT_POOL "pooling cannot be proved by this version; use dense layers (Gemm, MatMul)"
#define HINT_RNN "recurrent layers cannot be proved by this version; use dense layers on a window"
#define HINT_NORM                                                                                  \
    "normalises by the sample's own statistics; BatchNormalization folds into the weights"
#define HINT_MAX                                                                                   \
    "mixes elements and cannot be proved by this version; choose the output before it with "       \
    "--output"
#define HINT_REDUCE "sums over elements; write it as a MatMul with a constant matrix"
#define HINT_TREE "tree ensembles cannot be proved by this version; use a network or a linear model"
#define HINT_INDEX "rearranges elements in a way that cannot be proved by this version"
#define HINT_QUANT                                                                                 \
    "quantised operators are not read; export the float model, this compiler quantises it"

static const op_hint hints[] = {{"Conv", HINT_CONV},
                                {"ConvTranspose", HINT_CONV},
                                {"MaxPool", HINT_POOL},
                                {"AveragePool", HINT_POOL},
                                {"GlobalAveragePool", HINT_POOL},
                                {"GlobalMaxPool", HINT_POOL},
                                {"LSTM", HINT_RNN},
                                {"GRU", HINT_RNN},
                                {"RNN", HINT_RNN},
                                {"Loop", HINT_RNN},
                                {"Scan", HINT_RNN},
                                {"LayerNormalization", HINT_NORM},
                                {"InstanceNormalization", HINT_NORM},
                                {"GroupNormalization", HINT_NORM},
                                {"RMSNormalization", HINT_NORM},
                                {"LpNormalization", HINT_NORM},
                                {"MeanVarianceNormalization", HINT_NORM},
                                {"Softmax", HINT_MAX},
                                {"LogSoftmax", HINT_MAX},
                                {"ArgMax", HINT_MAX},
                                {"ArgMin", HINT_MAX},
                                {"TopK", HINT_MAX},
                                {"Hardmax", HINT_MAX},
                                {"ReduceMean", HINT_REDUCE},
                                {"ReduceSum", HINT_REDUCE},
                                {"ReduceMax", HINT_MAX},
                                {"ReduceMin", HINT_MAX},
                                {"Einsum", HINT_REDUCE},
                                {"Expand", HINT_INDEX},
                                {"Tile", HINT_INDEX},
                                {"Split", HINT_INDEX},
                                {"Pad", HINT_INDEX},
                                {"QuantizeLinear", HINT_QUANT},
                                {"DequantizeLinear", HINT_QUANT},
                                {"QLinearMatMul", HINT_QUANT},
                                {"MatMulInteger", HINT_QUANT},
                                {"DynamicQuantizeLinear", HINT_QUANT},
                                {"ai.onnx.ml::TreeEnsembleRegressor", HINT_TREE},
                                {"ai.onnx.ml::TreeEnsembleClassifier", HINT_TREE},
                                {"ai.onnx.ml::TreeEnsemble", HINT_TREE},
                                {"ai.onnx.ml::ArrayFeatureExtractor", HINT_MAX},
                                {"ai.onnx.ml::ZipMap", HINT_MAX},
                                {"ai.onnx.ml::LinearClassifier", HINT_MAX}};

static const char *hint_for(const char *op) {
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        if (strcmp(hints[i].op, op) == 0)
            return hints[i].hint;
    if (strncmp(op, "com.microsoft", 13) == 0)
        return "an operator of onnxruntime's own; export without optimising the graph, or at level "
               "basic";
    return "this version cannot prove this operator; see docs/operators.md";
}

/* An entry of the list of what cannot be proved, with its node's index to sort by. */
typedef struct {
    uint32_t node;
    model_unsupported what;
} finding;

typedef struct {
    importer im;
    import_result *result;
    finding *findings; /* result->num_unsupported of them */
} driver;

static zkm_status report(zkm_error *err, driver *d, uint32_t node, const char *name, const char *op,
                         const char *hint) {
    finding *f = &d->findings[d->result->num_unsupported];
    f->node = node;
    ZKM_TRY(arena_text(err, &f->what.node, d->im.mem, name));
    ZKM_TRY(arena_text(err, &f->what.op, d->im.mem, op));
    ZKM_TRY(arena_text(err, &f->what.hint, d->im.mem, hint));
    d->result->num_unsupported++;
    return ZKM_OK;
}

static int compare_findings(const void *a, const void *b) {
    const finding *x = a, *y = b;
    return (x->node > y->node) - (x->node < y->node);
}

/* The list in the order of the file. */
static void list_findings(driver *d) {
    import_result *r = d->result;
    if (r->num_unsupported > 1)
        qsort(d->findings, r->num_unsupported, sizeof *d->findings, compare_findings);
    for (uint32_t i = 0; i < r->num_unsupported; i++)
        r->unsupported[i] = d->findings[i].what;
}

/* ---- inputs ---- */

static zkm_status describe(zkm_error *err, model_port *out, arena *mem,
                           const Onnx__ValueInfoProto *info) {
    char text[256] = "[";
    size_t used = 1;
    const Onnx__TensorTypeProto *type = info->type ? info->type->tensor_type : NULL;
    size_t rank = type && type->shape ? type->shape->n_dim : 0;
    for (size_t i = 0; i < rank && used < sizeof text - 80; i++) {
        const Onnx__DimensionProto *dim = type->shape->dim[i];
        const char *comma = i ? ", " : "";
        int n = dim->has_dim_value ? snprintf(text + used, sizeof text - used, "%s%lld", comma,
                                              (long long)dim->dim_value)
                                   : snprintf(text + used, sizeof text - used, "%s%.40s", comma,
                                              onnx_text(dim->dim_param)[0] ? dim->dim_param : "?");
        used += (size_t)n;
    }
    snprintf(text + used, sizeof text - used, "]");
    ZKM_TRY(arena_text(err, &out->name, mem, info->name));
    return arena_text(err, &out->shape, mem, text);
}

/*
 * The shape of a graph input. The first of two or more dimensions is the batch (symbolic, 0, or any
 * number); so is a single dimension that is symbolic or 0. Returns what is wrong, or NULL.
 */
static const char *input_shape(value *v, const Onnx__ValueInfoProto *info) {
    const Onnx__TensorTypeProto *type = info->type ? info->type->tensor_type : NULL;
    if (!type || !tensor_class_of(&v->type, type->elem_type))
        return "is no tensor of numbers";
    if (!type->shape)
        return "has no shape; export with a fixed number of features";
    if (type->shape->n_dim > TENSOR_MAX_RANK)
        return "has too many dimensions";
    v->rank = (uint32_t)type->shape->n_dim;
    v->batch = -1;
    for (uint32_t i = 0; i < v->rank; i++) {
        const Onnx__DimensionProto *dim = type->shape->dim[i];
        v->dims[i] = dim->has_dim_value && dim->dim_value > 0 ? dim->dim_value : BATCH_UNKNOWN;
        if (i == 0 && (v->rank > 1 || v->dims[i] == BATCH_UNKNOWN))
            v->batch = 0;
        else if (v->dims[i] == BATCH_UNKNOWN)
            return "has a variable number of features; export with a fixed one";
        else if (v->dims[i] > PROGRAM_MAX_WIDTH)
            return "has more than 65536 features";
    }
    return value_width(v) > PROGRAM_MAX_WIDTH ? "has more than 65536 features" : NULL;
}

static zkm_status import_inputs(zkm_error *err, driver *d) {
    const Onnx__GraphProto *g = d->im.file->proto->graph;
    ZKM_TRY(
        arena_alloc(err, &d->result->inputs, d->im.mem, g->n_input, sizeof(model_port), "inputs"));
    for (size_t i = 0; i < g->n_input; i++) {
        const char *name = onnx_text(g->input[i]->name);
        const onnx_value *known = onnx_find(d->im.file, name);
        if (!known || known->origin != ORIGIN_INPUT)
            continue; /* an initializer listed as input */
        value *v = &d->im.values[known - d->im.file->values];
        ZKM_TRY(describe(err, &d->result->inputs[d->result->num_inputs++], d->im.mem, g->input[i]));
        const char *wrong = input_shape(v, g->input[i]);
        uint32_t width = wrong ? 0 : (uint32_t)value_width(v);
        if (!wrong && d->im.g->num_features + width > PROGRAM_MAX_WIDTH)
            wrong = "brings the features above 65536";
        if (wrong) {
            v->kind = VALUE_UNKNOWN;
            ZKM_TRY(report(err, d, (uint32_t)i, name, "input", wrong));
            continue;
        }
        v->kind = VALUE_VECTOR;
        ZKM_TRY(arena_text(err, &d->im.g->node, d->im.mem, name));
        d->im.g->op_type = "input";
        ZKM_TRY(graph_input(err, &v->vec, d->im.g, d->im.g->num_features, width));
        d->im.g->num_features += width;
    }
    return ZKM_OK;
}

/* ---- nodes ---- */

static node_handler find_handler(const handler_entry *table, const char *op) {
    for (; table->op; table++)
        if (strcmp(table->op, op) == 0)
            return table->handle;
    return NULL;
}

static node_handler handler_for(const char *domain, const char *op) {
    if (strcmp(domain, "ai.onnx.ml") == 0)
        return find_handler(ml_handlers, op);
    if (domain[0])
        return NULL;
    node_handler h = find_handler(point_handlers, op);
    h = h ? h : find_handler(shape_handlers, op);
    return h ? h : find_handler(linear_handlers, op);
}

/* Reads an initializer the first time it is used. */
static zkm_status load(zkm_error *err, importer *im, const onnx_value *known) {
    value *v = &im->values[known - im->file->values];
    tensor *t = NULL;
    if (known->origin != ORIGIN_INITIALIZER || v->kind != VALUE_UNREAD)
        return ZKM_OK;
    ZKM_TRY(tensor_read(err, &t, im->mem, im->source,
                        im->file->proto->graph->initializer[known->index], known->name));
    *v = value_constant(t);
    if (t->kind == TENSOR_FLOAT)
        im->parameters += t->count;
    return ZKM_OK;
}

/* Inputs' values. *blocked: an input is behind a node that cannot be proved. */
static zkm_status gather(zkm_error *err, node_call *n, bool *blocked, importer *im) {
    n->num_in = (uint32_t)n->proto->n_input;
    while (n->num_in > 0 && !onnx_text(n->proto->input[n->num_in - 1])[0])
        n->num_in--;
    ZKM_TRY(arena_alloc(err, &n->in, im->mem, n->num_in, sizeof *n->in, "model: inputs"));
    for (uint32_t i = 0; i < n->num_in; i++) {
        const char *name = onnx_text(n->proto->input[i]);
        if (!name[0])
            continue;
        const onnx_value *known = onnx_find(im->file, name);
        if (!known)
            return error_set(err, ZKM_ERR_FORMAT, "node \"%s\": no such value \"%s\"", n->name,
                             name);
        ZKM_TRY(load(err, im, known));
        n->in[i] = &im->values[known - im->file->values];
        if (n->in[i]->kind == VALUE_SECONDARY)
            return error_set(err, ZKM_ERR_UNSUPPORTED, "it reads \"%s\", a second output", name);
        if (n->in[i]->kind == VALUE_VECTOR && n->in[i]->one_column)
            return error_set(err, ZKM_ERR_UNSUPPORTED,
                             "it reads \"%.100s\", in which a Reshape joins the samples of a "
                             "batch; keep the batch as the first dimension",
                             name);
        *blocked = *blocked || n->in[i]->kind == VALUE_UNKNOWN;
    }
    return ZKM_OK;
}

static void set_outputs(importer *im, const Onnx__NodeProto *p, value first, value_kind others) {
    for (size_t k = 0; k < p->n_output; k++) {
        const onnx_value *known = onnx_find(im->file, onnx_text(p->output[k]));
        if (known)
            im->values[known - im->file->values] = k == 0 ? first : (value){.kind = others};
    }
}

static zkm_status call(zkm_error *err, driver *d, node_call *n, const char *domain, const char *op,
                       value *out) {
    const onnx_file *file = d->im.file;
    bool blocked = false;
    if ((!domain[0] && file->opset == 0) ||
        (strcmp(domain, "ai.onnx.ml") == 0 && file->ml_opset == 0))
        return error_set(err, ZKM_ERR_FORMAT,
                         "node \"%s\": opset_import does not list domain \"%s\"", n->name,
                         domain[0] ? domain : "ai.onnx");
    node_handler handle = handler_for(domain, n->proto->op_type ? n->proto->op_type : "");
    if (!handle)
        return error_set(err, ZKM_ERR_UNSUPPORTED, "%s", hint_for(op));
    ZKM_TRY(gather(err, n, &blocked, &d->im));
    *out = (value){.kind = VALUE_UNKNOWN};
    return blocked ? ZKM_OK : handle(err, &d->im, n, out);
}

static zkm_status import_node(zkm_error *err, driver *d, uint32_t index) {
    char room[16], op[160];
    zkm_error local = {0};
    const Onnx__NodeProto *p = d->im.file->proto->graph->node[index];
    const char *domain = onnx_domain(p->domain);
    node_call n = {.proto = p, .name = onnx_node_name(d->im.file, index, room)};
    value out = {.kind = VALUE_UNKNOWN};
    snprintf(op, sizeof op, "%.60s%s%.60s", domain, domain[0] ? "::" : "", onnx_text(p->op_type));
    ZKM_TRY(arena_text(err, &d->im.g->node, d->im.mem, n.name));
    ZKM_TRY(arena_text(err, &d->im.g->op_type, d->im.mem, p->op_type));
    zkm_status status = call(&local, d, &n, domain, op, &out);
    if (status == ZKM_ERR_UNSUPPORTED) {
        set_outputs(&d->im, p, (value){.kind = VALUE_UNKNOWN}, VALUE_UNKNOWN);
        return report(err, d, ONNX_MAX_TENSORS + index, n.name, op, local.message);
    }
    if (status != ZKM_OK)
        return error_set(err, status, "%s", local.message);
    set_outputs(&d->im, p, out, out.kind == VALUE_UNKNOWN ? VALUE_UNKNOWN : VALUE_SECONDARY);
    return ZKM_OK;
}

/* ---- the whole graph ---- */

static int compare_operators(const void *a, const void *b) {
    return strcmp(((const model_operator *)a)->op, ((const model_operator *)b)->op);
}

static zkm_status count_operators(zkm_error *err, driver *d, const uint32_t *order,
                                  uint32_t count) {
    import_result *r = d->result;
    model_operator *all = NULL;
    ZKM_TRY(arena_alloc(err, &all, d->im.mem, count, sizeof *all, "model: operators"));
    for (uint32_t i = 0; i < count; i++) {
        const Onnx__NodeProto *p = d->im.file->proto->graph->node[order[i]];
        const char *domain = onnx_domain(p->domain);
        char op[160];
        snprintf(op, sizeof op, "%.60s%s%.60s", domain, domain[0] ? "::" : "",
                 onnx_text(p->op_type));
        all[i].count = 1;
        ZKM_TRY(arena_text(err, &all[i].op, d->im.mem, op));
    }
    if (count)
        qsort(all, count, sizeof *all, compare_operators);
    for (uint32_t i = 0; i < count; i++) {
        if (r->num_operators && strcmp(all[r->num_operators - 1].op, all[i].op) == 0)
            all[r->num_operators - 1].count++;
        else
            all[r->num_operators++] = all[i];
    }
    r->operators = all;
    r->num_nodes = count;
    return ZKM_OK;
}

/* The names of the outputs to import: the chosen one or all. */
static zkm_status choose_outputs(zkm_error *err, driver *d, const char ***names, size_t *count,
                                 const char *wanted) {
    const Onnx__GraphProto *g = d->im.file->proto->graph;
    import_result *r = d->result;
    char list[400] = "";
    size_t used = 0;
    if (g->n_output == 0)
        return error_set(err, ZKM_ERR_FORMAT, "the graph has no output");
    ZKM_TRY(arena_alloc(err, names, d->im.mem, g->n_output, sizeof **names, "model: outputs"));
    ZKM_TRY(arena_alloc(err, &r->outputs, d->im.mem, g->n_output, sizeof *r->outputs, "outputs"));
    *count = 0;
    for (size_t i = 0; i < g->n_output; i++) {
        const char *name = onnx_text(g->output[i]->name);
        ZKM_TRY(describe(err, &r->outputs[r->num_outputs++], d->im.mem, g->output[i]));
        if (!wanted || strcmp(name, wanted) == 0)
            (*names)[(*count)++] = name;
        if (used < sizeof list - 64)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s\"%.40s\"", i ? ", " : "",
                                     name);
    }
    if (*count == 0)
        return error_set(err, ZKM_ERR_ARGUMENT, "the model has no output \"%.100s\"; it has %s",
                         wanted, list);
    r->has_output = *count == 1;
    return ZKM_OK;
}

static zkm_status finish(zkm_error *err, driver *d, const char *output) {
    import_result *r = d->result;
    const onnx_value *known = onnx_find(d->im.file, output);
    const value *v = known ? &d->im.values[known - d->im.file->values] : NULL;
    r->parameters = d->im.parameters;
    if (r->num_unsupported > 0 || !r->has_output)
        return ZKM_OK;
    if (!v || v->kind != VALUE_VECTOR)
        return report(err, d, UINT32_MAX, output, "output",
                      "this output does not depend on the inputs, or is a node's second output");
    if (v->type != TENSOR_FLOAT)
        return report(err, d, UINT32_MAX, output, "output",
                      "this output is no real number; choose another with --output");
    r->output = v->vec;
    r->output_width = d->im.g->vecs[v->vec].width;
    return ZKM_OK;
}

zkm_status import_graph(zkm_error *err, import_result *out, graph *g, const onnx_file *file,
                        tensor_source *source, const char *output_name) {
    import_result result = {0};
    driver d = {.im = {.mem = g->mem, .g = g, .file = file, .source = source}, .result = &result};
    const Onnx__GraphProto *proto = file->proto->graph;
    size_t entries = proto->n_node + proto->n_input + 1, num_outputs = 0;
    const char **outputs = NULL;
    uint32_t *order = NULL, count = 0;
    if (proto->n_sparse_initializer > 0)
        return error_set(err, ZKM_ERR_UNSUPPORTED, "sparse initializers; export dense weights");
    ZKM_TRY(
        arena_alloc(err, &d.im.values, g->mem, file->num_values, sizeof(value), "model: values"));
    ZKM_TRY(
        arena_alloc(err, &result.unsupported, g->mem, entries, sizeof(model_unsupported), "list"));
    ZKM_TRY(arena_alloc(err, &d.findings, g->mem, entries, sizeof(finding), "list"));
    ZKM_TRY(choose_outputs(err, &d, &outputs, &num_outputs, output_name));
    ZKM_TRY(import_inputs(err, &d));
    ZKM_TRY(onnx_order(err, &order, &count, g->mem, file, outputs, num_outputs));
    for (uint32_t i = 0; i < count; i++)
        ZKM_TRY(import_node(err, &d, order[i]));
    ZKM_TRY(count_operators(err, &d, order, count));
    ZKM_TRY(finish(err, &d, outputs[0]));
    list_findings(&d);
    *out = result;
    return ZKM_OK;
}
