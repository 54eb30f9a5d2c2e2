/*
 * Reading ONNX's wire format (IR and operator-set versions as in the ONNX documents "IR" and
 * "Versioning") with protobuf-c. The version rule: IR 4 or later, because IR 4 freed initializers
 * from being inputs; a later IR than 10 is read too as long as its operator sets are within
 * limits, since ONNX only adds fields and unknown ones are skipped. Only domains that a needed
 * node uses are looked at.
 */
#include "model/onnx_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { IR_MIN = 4, IR_MAX = 64, OPSET_MIN = 9, OPSET_MAX = 24, ML_MIN = 1, ML_MAX = 5 };

const char *onnx_text(const char *text) { return text ? text : ""; }

const char *onnx_domain(const char *domain) {
    domain = onnx_text(domain);
    return strcmp(domain, "ai.onnx") == 0 ? "" : domain;
}

/* ---- protobuf-c under a budget ---- */

typedef struct {
    size_t left;
    bool exceeded;
} budget;

static void *budget_alloc(void *context, size_t size) {
    budget *b = context;
    if (size > b->left) {
        b->exceeded = true;
        return NULL;
    }
    b->left -= size;
    return malloc(size ? size : 1);
}

static void budget_free(void *context, void *pointer) {
    (void)context;
    free(pointer);
}

/* Packed integers grow eightfold from one byte each; small messages a little more than that. */
static zkm_status unpack(zkm_error *err, Onnx__ModelProto **out, const uint8_t *data, size_t len) {
    budget b = {.left = 16 * len + ((size_t)1 << 20)};
    ProtobufCAllocator allocator = {budget_alloc, budget_free, &b};
    Onnx__ModelProto *proto = onnx__model_proto__unpack(&allocator, len, data);
    if (!proto)
        return error_set(err, ZKM_ERR_FORMAT,
                         b.exceeded
                             ? "not an ONNX model: its parts need more memory than its size allows"
                             : "not an ONNX model, or it is truncated or damaged; export it again");
    *out = proto;
    return ZKM_OK;
}

void onnx_close(onnx_file *file) {
    if (file->proto) {
        budget b = {0};
        ProtobufCAllocator allocator = {budget_alloc, budget_free, &b};
        onnx__model_proto__free_unpacked(file->proto, &allocator);
    }
    *file = (onnx_file){0};
}

/* ---- versions ---- */

static zkm_status import_version(zkm_error *err, int64_t *out, const Onnx__ModelProto *p,
                                 const char *domain) {
    int64_t version = 0;
    for (size_t i = 0; i < p->n_opset_import; i++) {
        const Onnx__OperatorSetIdProto *set = p->opset_import[i];
        if (strcmp(onnx_domain(set->domain), domain) != 0)
            continue;
        if (version != 0 && version != set->version)
            return error_set(
                err, ZKM_ERR_FORMAT, "opset_import lists domain \"%s\" as %lld and as %lld",
                domain[0] ? domain : "ai.onnx", (long long)version, (long long)set->version);
        version = set->version;
    }
    *out = version;
    return ZKM_OK;
}

static zkm_status check_versions(zkm_error *err, onnx_file *file) {
    const Onnx__ModelProto *p = file->proto;
    if (!p->has_ir_version || !p->graph)
        return error_set(err, ZKM_ERR_FORMAT, "not an ONNX model: no IR version or no graph");
    if (p->ir_version < IR_MIN || p->ir_version > IR_MAX)
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "IR version %lld is outside %d..%d; export with a current ONNX",
                         (long long)p->ir_version, IR_MIN, IR_MAX);
    ZKM_TRY(import_version(err, &file->opset, p, ""));
    ZKM_TRY(import_version(err, &file->ml_opset, p, "ai.onnx.ml"));
    if (file->opset != 0 && (file->opset < OPSET_MIN || file->opset > OPSET_MAX))
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "operator set ai.onnx %lld is outside %d..%d; export with another opset",
                         (long long)file->opset, OPSET_MIN, OPSET_MAX);
    if (file->ml_opset != 0 && (file->ml_opset < ML_MIN || file->ml_opset > ML_MAX))
        return error_set(err, ZKM_ERR_UNSUPPORTED, "operator set ai.onnx.ml %lld is outside %d..%d",
                         (long long)file->ml_opset, ML_MIN, ML_MAX);
    if (file->opset == 0 && file->ml_opset == 0)
        return error_set(err, ZKM_ERR_FORMAT, "opset_import names no operator set");
    if (p->graph->n_node > ONNX_MAX_NODES)
        return error_set(err, ZKM_ERR_RANGE, "the graph has more than %u nodes", ONNX_MAX_NODES);
    if (p->graph->n_initializer > ONNX_MAX_TENSORS || p->graph->n_input > ONNX_MAX_TENSORS)
        return error_set(err, ZKM_ERR_RANGE, "the graph has more than %u tensors",
                         ONNX_MAX_TENSORS);
    return ZKM_OK;
}

/* ---- names ---- */

static int compare_values(const void *a, const void *b) {
    const onnx_value *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    if (order == 0)
        order = (x->origin > y->origin) - (x->origin < y->origin);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

static zkm_status collect_names(zkm_error *err, onnx_file *file, arena *a) {
    const Onnx__GraphProto *g = file->proto->graph;
    size_t total = g->n_input + g->n_initializer, n = 0;
    for (size_t i = 0; i < g->n_node; i++)
        total += g->node[i]->n_output;
    ZKM_TRY(arena_alloc(err, &file->values, a, total, sizeof *file->values, "model: names"));
    for (size_t i = 0; i < g->n_input; i++)
        file->values[n++] = (onnx_value){onnx_text(g->input[i]->name), ORIGIN_INPUT, (uint32_t)i};
    for (size_t i = 0; i < g->n_initializer; i++)
        file->values[n++] =
            (onnx_value){onnx_text(g->initializer[i]->name), ORIGIN_INITIALIZER, (uint32_t)i};
    for (size_t i = 0; i < g->n_node; i++)
        for (size_t k = 0; k < g->node[i]->n_output; k++)
            if (onnx_text(g->node[i]->output[k])[0])
                file->values[n++] = (onnx_value){g->node[i]->output[k], ORIGIN_NODE, (uint32_t)i};
    qsort(file->values, n, sizeof *file->values, compare_values);
    /* An initializer may also be an input: it is then the input's default, and stays a constant. */
    uint32_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        onnx_value *last = kept ? &file->values[kept - 1] : NULL;
        if (last && strcmp(last->name, file->values[i].name) == 0) {
            if (last->origin != ORIGIN_INPUT || file->values[i].origin != ORIGIN_INITIALIZER)
                return error_set(err, ZKM_ERR_FORMAT, "the graph defines \"%s\" twice", last->name);
            kept--;
        }
        file->values[kept++] = file->values[i];
    }
    file->num_values = kept;
    return ZKM_OK;
}

static int compare_name(const void *key, const void *value) {
    return strcmp(key, ((const onnx_value *)value)->name);
}

const onnx_value *onnx_find(const onnx_file *file, const char *name) {
    return bsearch(name, file->values, file->num_values, sizeof *file->values, compare_name);
}

const char *onnx_node_name(const onnx_file *file, uint32_t node, char room[16]) {
    const Onnx__NodeProto *n = file->proto->graph->node[node];
    if (onnx_text(n->name)[0])
        return n->name;
    if (n->n_output > 0 && onnx_text(n->output[0])[0])
        return n->output[0];
    snprintf(room, 16, "#%u", node);
    return room;
}

zkm_status onnx_open(zkm_error *err, onnx_file *out, arena *a, const uint8_t *data, size_t len) {
    onnx_file file = {0};
    zkm_status status = ZKM_OK;
    ZKM_TRY_OUT(unpack(err, &file.proto, data, len));
    ZKM_TRY_OUT(check_versions(err, &file));
    ZKM_TRY_OUT(collect_names(err, &file, a));
    *out = file;
    return ZKM_OK;
out:
    onnx_close(&file);
    return status;
}

/* ---- order ---- */

typedef struct {
    uint32_t node, next_input;
} frame;

enum { UNSEEN = 0, OPEN, DONE };

typedef struct {
    const onnx_file *file;
    frame *stack;
    uint32_t depth;
    uint8_t *state;
    uint32_t *order, count;
} walk;

/* Puts the producer of a value on the stack when it is a node not yet done. */
static zkm_status visit(zkm_error *err, walk *w, const char *name) {
    char room[16];
    const onnx_value *v = onnx_find(w->file, name);
    if (!v)
        return error_set(err, ZKM_ERR_FORMAT,
                         "\"%s\" is used but nothing in the graph defines it; the file is damaged",
                         name);
    if (v->origin != ORIGIN_NODE || w->state[v->index] == DONE)
        return ZKM_OK;
    if (w->state[v->index] == OPEN)
        return error_set(err, ZKM_ERR_FORMAT, "node \"%s\" depends on itself; the file is damaged",
                         onnx_node_name(w->file, v->index, room));
    w->state[v->index] = OPEN;
    w->stack[w->depth++] = (frame){v->index, 0};
    return ZKM_OK;
}

static zkm_status walk_from(zkm_error *err, walk *w, const char *output) {
    ZKM_TRY(visit(err, w, output));
    while (w->depth > 0) {
        frame *top = &w->stack[w->depth - 1];
        const Onnx__NodeProto *n = w->file->proto->graph->node[top->node];
        if (top->next_input == n->n_input) {
            w->state[top->node] = DONE;
            w->order[w->count++] = top->node;
            w->depth--;
            continue;
        }
        const char *name = onnx_text(n->input[top->next_input++]);
        if (name[0])
            ZKM_TRY(visit(err, w, name));
    }
    return ZKM_OK;
}

zkm_status onnx_order(zkm_error *err, uint32_t **order, uint32_t *count, arena *a,
                      const onnx_file *file, const char *const *outputs, size_t num_outputs) {
    size_t nodes = file->proto->graph->n_node;
    walk w = {.file = file};
    ZKM_TRY(arena_alloc(err, &w.stack, a, nodes, sizeof *w.stack, "model: order"));
    ZKM_TRY(arena_alloc(err, &w.state, a, nodes, sizeof *w.state, "model: order"));
    ZKM_TRY(arena_alloc(err, &w.order, a, nodes, sizeof *w.order, "model: order"));
    for (size_t i = 0; i < num_outputs; i++)
        ZKM_TRY(walk_from(err, &w, outputs[i]));
    *order = w.order;
    *count = w.count;
    return ZKM_OK;
}
