/*
 * Builds small ONNX files for tests, through the same protobuf-c structures that the importer
 * reads. Everything hangs on fixed arrays of one static-sized struct; a test that needs more
 * fails loudly.
 */
#ifndef TESTS_MODEL_ONNX_BUILDER_H
#define TESTS_MODEL_ONNX_BUILDER_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onnx.pb-c.h>

enum { MOST = 64 };

typedef struct {
    Onnx__ModelProto model;
    Onnx__GraphProto graph;
    Onnx__OperatorSetIdProto opsets[4], *opset_list[4];
    Onnx__NodeProto *nodes[MOST];
    Onnx__TensorProto *tensors[MOST];
    Onnx__ValueInfoProto *inputs[MOST], *outputs[MOST];
    void *owned[8 * MOST];
    size_t num_owned;
} onnx_builder;

static void *built(onnx_builder *b, size_t bytes) {
    void *p = calloc(1, bytes ? bytes : 1);
    if (!p || b->num_owned == 8 * MOST)
        abort();
    return b->owned[b->num_owned++] = p;
}

static char *built_text(onnx_builder *b, const char *text) {
    char *copy = built(b, strlen(text) + 1);
    strcpy(copy, text);
    return copy;
}

static void builder_opset(onnx_builder *b, const char *domain, int64_t version) {
    size_t i = b->model.n_opset_import++;
    onnx__operator_set_id_proto__init(&b->opsets[i]);
    b->opsets[i].domain = built_text(b, domain);
    b->opsets[i].has_version = 1;
    b->opsets[i].version = version;
    b->opset_list[i] = &b->opsets[i];
}

static inline onnx_builder *builder_new(int64_t opset) {
    onnx_builder *b = calloc(1, sizeof *b);
    if (!b)
        abort();
    onnx__model_proto__init(&b->model);
    onnx__graph_proto__init(&b->graph);
    b->model.has_ir_version = 1;
    b->model.ir_version = 8;
    b->model.graph = &b->graph;
    b->model.opset_import = b->opset_list;
    b->graph.node = b->nodes;
    b->graph.initializer = b->tensors;
    b->graph.input = b->inputs;
    b->graph.output = b->outputs;
    builder_opset(b, "", opset);
    return b;
}

static inline void builder_free(onnx_builder *b) {
    for (size_t i = 0; i < b->num_owned; i++)
        free(b->owned[i]);
    free(b);
}

/* dims: a dimension of 0 is written as the symbol "batch". */
static Onnx__ValueInfoProto *value_info(onnx_builder *b, const char *name, size_t rank,
                                        const int64_t *dims) {
    Onnx__ValueInfoProto *v = built(b, sizeof *v);
    Onnx__TypeProto *type = built(b, sizeof *type);
    Onnx__TensorTypeProto *tensor_type = built(b, sizeof *tensor_type);
    Onnx__TensorShapeProto *shape = built(b, sizeof *shape);
    Onnx__DimensionProto **list = built(b, rank * sizeof(void *));
    onnx__value_info_proto__init(v);
    onnx__type_proto__init(type);
    onnx__tensor_type_proto__init(tensor_type);
    onnx__tensor_shape_proto__init(shape);
    for (size_t i = 0; i < rank; i++) {
        list[i] = built(b, sizeof **list);
        onnx__dimension_proto__init(list[i]);
        if (dims[i] == 0)
            list[i]->dim_param = built_text(b, "batch");
        else {
            list[i]->has_dim_value = 1;
            list[i]->dim_value = dims[i];
        }
    }
    shape->n_dim = rank;
    shape->dim = list;
    tensor_type->has_elem_type = 1;
    tensor_type->elem_type = 1;
    tensor_type->shape = shape;
    type->tensor_type = tensor_type;
    v->name = built_text(b, name);
    v->type = type;
    return v;
}

static inline void builder_input(onnx_builder *b, const char *name, size_t rank,
                                 const int64_t *dims) {
    b->inputs[b->graph.n_input++] = value_info(b, name, rank, dims);
}

static inline void builder_output(onnx_builder *b, const char *name) {
    b->outputs[b->graph.n_output++] = value_info(b, name, 0, NULL);
}

static Onnx__TensorProto *tensor_proto(onnx_builder *b, const char *name, size_t rank,
                                       const int64_t *dims, int32_t type) {
    Onnx__TensorProto *t = built(b, sizeof *t);
    onnx__tensor_proto__init(t);
    t->name = built_text(b, name);
    t->n_dims = rank;
    t->dims = built(b, rank * sizeof *dims);
    if (rank)
        memcpy(t->dims, dims, rank * sizeof *dims);
    t->has_data_type = 1;
    t->data_type = type;
    return t;
}

static Onnx__TensorProto *float_tensor(onnx_builder *b, const char *name, size_t rank,
                                       const int64_t *dims, const float *values) {
    size_t count = 1;
    for (size_t i = 0; i < rank; i++)
        count *= (size_t)dims[i];
    Onnx__TensorProto *t = tensor_proto(b, name, rank, dims, 1);
    t->n_float_data = count;
    t->float_data = built(b, count * sizeof *values);
    memcpy(t->float_data, values, count * sizeof *values);
    return t;
}

static inline Onnx__TensorProto *builder_floats(onnx_builder *b, const char *name, size_t rank,
                                                const int64_t *dims, const float *values) {
    return b->tensors[b->graph.n_initializer++] = float_tensor(b, name, rank, dims, values);
}

static inline void builder_scalar(onnx_builder *b, const char *name, float value) {
    builder_floats(b, name, 0, NULL, &value);
}

static inline void builder_ints(onnx_builder *b, const char *name, int64_t count,
                                const int64_t *values) {
    Onnx__TensorProto *t = tensor_proto(b, name, 1, &count, 7);
    t->n_int64_data = (size_t)count;
    t->int64_data = built(b, (size_t)count * sizeof *values);
    memcpy(t->int64_data, values, (size_t)count * sizeof *values);
    b->tensors[b->graph.n_initializer++] = t;
}

/* inputs: names separated by spaces, "-" for an absent one. */
static inline Onnx__NodeProto *builder_node(onnx_builder *b, const char *op, const char *inputs,
                                            const char *output) {
    Onnx__NodeProto *n = built(b, sizeof *n);
    char *text = built_text(b, inputs);
    onnx__node_proto__init(n);
    n->op_type = built_text(b, op);
    n->name = built_text(b, output);
    n->input = built(b, 16 * sizeof(char *));
    for (char *save = NULL, *name = strtok_r(text, " ", &save); name;
         name = strtok_r(NULL, " ", &save))
        n->input[n->n_input++] = strcmp(name, "-") == 0 ? built_text(b, "") : name;
    n->output = built(b, sizeof(char *));
    n->output[0] = built_text(b, output);
    n->n_output = 1;
    n->attribute = built(b, 8 * sizeof(void *));
    return b->nodes[b->graph.n_node++] = n;
}

static Onnx__AttributeProto *attribute_new(onnx_builder *b, Onnx__NodeProto *n, const char *name) {
    Onnx__AttributeProto *a = built(b, sizeof *a);
    onnx__attribute_proto__init(a);
    a->name = built_text(b, name);
    return n->attribute[n->n_attribute++] = a;
}

static inline void attribute_f(onnx_builder *b, Onnx__NodeProto *n, const char *name, float v) {
    Onnx__AttributeProto *a = attribute_new(b, n, name);
    a->has_f = 1;
    a->f = v;
}

static inline void attribute_i(onnx_builder *b, Onnx__NodeProto *n, const char *name, int64_t v) {
    Onnx__AttributeProto *a = attribute_new(b, n, name);
    a->has_i = 1;
    a->i = v;
}

static inline void attribute_text(onnx_builder *b, Onnx__NodeProto *n, const char *name,
                                  const char *text) {
    Onnx__AttributeProto *a = attribute_new(b, n, name);
    a->has_s = 1;
    a->s.len = strlen(text);
    a->s.data = (uint8_t *)built_text(b, text);
}

static inline void attribute_ints(onnx_builder *b, Onnx__NodeProto *n, const char *name,
                                  size_t count, const int64_t *v) {
    Onnx__AttributeProto *a = attribute_new(b, n, name);
    a->n_ints = count;
    a->ints = built(b, count * sizeof *v);
    memcpy(a->ints, v, count * sizeof *v);
}

static inline void attribute_floats(onnx_builder *b, Onnx__NodeProto *n, const char *name,
                                    size_t count, const float *v) {
    Onnx__AttributeProto *a = attribute_new(b, n, name);
    a->n_floats = count;
    a->floats = built(b, count * sizeof *v);
    memcpy(a->floats, v, count * sizeof *v);
}

/* A Constant node. */
static inline void builder_constant(onnx_builder *b, const char *name, float value) {
    Onnx__NodeProto *n = builder_node(b, "Constant", "", name);
    attribute_new(b, n, "value")->t = float_tensor(b, "", 0, NULL, &value);
}

/* The file's bytes, for the caller to free. */
static inline uint8_t *builder_bytes(onnx_builder *b, size_t *len) {
    *len = onnx__model_proto__get_packed_size(&b->model);
    uint8_t *bytes = malloc(*len ? *len : 1);
    if (!bytes)
        abort();
    onnx__model_proto__pack(&b->model, bytes);
    return bytes;
}

#endif
