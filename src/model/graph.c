/* The checked graph of one sample's vectors: see graph.h. */
#include "model/graph.h"

#include <stdlib.h>
#include <string.h>

#include "model/program.h"

/* Lowering recurses along paths; an ONNX graph that is deeper than this is no network we can
 * hold. */
#define GRAPH_MAX_DEPTH 2048u
#define GRAPH_MAX_VECS (1u << 20)

operand operand_constant(double value) { return (operand){.is_constant = true, .constant = value}; }
operand operand_vec(uint32_t index) { return (operand){.vec = index}; }

static zkm_status graph_grow(zkm_error *err, graph *g) {
    if (g->count < g->room)
        return ZKM_OK;
    uint32_t room = g->room ? 2 * g->room : 64;
    vec *vecs = NULL;
    if (room > GRAPH_MAX_VECS)
        return error_set(err, ZKM_ERR_RANGE, "the graph has too many operators");
    ZKM_TRY(arena_alloc(err, &vecs, g->mem, room, sizeof *vecs, "model: graph"));
    if (g->count)
        memcpy(vecs, g->vecs, g->count * sizeof *vecs);
    g->vecs = vecs;
    g->room = room;
    return ZKM_OK;
}

static zkm_status graph_add(zkm_error *err, uint32_t *out, graph *g, vec v) {
    if (v.width < 1 || v.width > PROGRAM_MAX_WIDTH)
        return error_set(err, ZKM_ERR_RANGE,
                         "node \"%s\": a vector of %u elements; 1 to %u can be proved", g->node,
                         v.width, PROGRAM_MAX_WIDTH);
    ZKM_TRY(graph_grow(err, g));
    v.root = v.kind == VEC_POINT ? v.root : g->count;
    v.node = g->node;
    v.op_type = g->op_type;
    for (uint32_t i = 0; i < v.arity; i++)
        if (!v.args[i].is_constant && v.depth < g->vecs[v.args[i].vec].depth + 1)
            v.depth = g->vecs[v.args[i].vec].depth + 1;
    for (uint32_t i = 0; i < v.num_parts; i++)
        if (v.depth < g->vecs[v.parts[i]].depth + 1)
            v.depth = g->vecs[v.parts[i]].depth + 1;
    if (v.depth > GRAPH_MAX_DEPTH)
        return error_set(err, ZKM_ERR_RANGE,
                         "node \"%s\": the graph is more than %u operators deep", g->node,
                         GRAPH_MAX_DEPTH);
    g->vecs[g->count] = v;
    *out = g->count++;
    return ZKM_OK;
}

zkm_status graph_input(zkm_error *err, uint32_t *out, graph *g, uint32_t first, uint32_t width) {
    return graph_add(err, out, g, (vec){.kind = VEC_INPUT, .first = first, .width = width});
}

static zkm_status check_finite(zkm_error *err, const graph *g, const double *values, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (values[i] - values[i] != 0)
            return error_set(err, ZKM_ERR_RANGE,
                             "node \"%s\": constant %zu is not a finite number (a zero deviation?)",
                             g->node, i);
    return ZKM_OK;
}

zkm_status graph_product(zkm_error *err, uint32_t *out, graph *g, uint32_t x, double *values,
                         uint32_t rows, uint32_t width) {
    if ((uint64_t)rows * width > PROGRAM_MAX_WEIGHTS)
        return error_set(err, ZKM_ERR_RANGE, "node \"%s\": more than 2^26 weights", g->node);
    ZKM_TRY(check_finite(err, g, values, (size_t)rows * width));
    vec v = {.kind = VEC_PRODUCT, .width = width, .rows = rows, .values = values, .arity = 1};
    v.args[0] = operand_vec(x);
    return graph_add(err, out, g, v);
}

static zkm_status graph_diagonal(zkm_error *err, uint32_t *out, graph *g, vec_kind kind, uint32_t x,
                                 double *values) {
    vec v = {.kind = kind, .width = g->vecs[x].width, .values = values, .arity = 1};
    ZKM_TRY(check_finite(err, g, values, v.width));
    v.args[0] = operand_vec(x);
    return graph_add(err, out, g, v);
}

zkm_status graph_scale(zkm_error *err, uint32_t *out, graph *g, uint32_t x, double *values) {
    return graph_diagonal(err, out, g, VEC_SCALE, x, values);
}

zkm_status graph_offset(zkm_error *err, uint32_t *out, graph *g, uint32_t x, double *values) {
    return graph_diagonal(err, out, g, VEC_OFFSET, x, values);
}

zkm_status graph_concat(zkm_error *err, uint32_t *out, graph *g, const uint32_t *parts,
                        uint32_t num_parts) {
    vec v = {.kind = VEC_CONCAT, .num_parts = num_parts};
    uint64_t width = 0;
    for (uint32_t i = 0; i < num_parts; i++)
        width += g->vecs[parts[i]].width;
    v.width = width > UINT32_MAX ? UINT32_MAX : (uint32_t)width;
    ZKM_TRY(arena_alloc(err, &v.parts, g->mem, num_parts, sizeof *v.parts, "model: concat"));
    memcpy(v.parts, parts, num_parts * sizeof *parts);
    return graph_add(err, out, g, v);
}

zkm_status graph_point(zkm_error *err, uint32_t *out, graph *g, expr_op op, operand a, operand b,
                       operand c) {
    vec v = {.kind = VEC_POINT, .op = op, .args = {a, b, c}, .arity = expr_arity(op)};
    bool any = false, mixed = false;
    for (uint32_t i = 0; i < v.arity; i++) {
        if (v.args[i].is_constant)
            continue;
        const vec *x = &g->vecs[v.args[i].vec];
        if (any && x->width != v.width)
            return error_set(err, ZKM_ERR_UNSUPPORTED,
                             "it joins activations of %u and %u elements; only equal widths can be "
                             "proved",
                             v.width, x->width);
        mixed = mixed || (any && x->root != v.root);
        v.root = x->root;
        v.width = x->width;
        any = true;
    }
    if (mixed && op != EXPR_ADD && op != EXPR_SUB)
        return error_set(
            err, ZKM_ERR_UNSUPPORTED,
            "%s of two different activations; only their sum or difference can be proved",
            expr_op_name(op));
    if (mixed) {
        v.kind = VEC_SUM;
        v.subtract = op == EXPR_SUB;
    }
    return graph_add(err, out, g, v);
}

typedef struct {
    uint32_t *place; /* per vector: its node + 1, 0 when it has none yet */
    expr e;
    uint32_t room;
} collector;

static zkm_status collect_node(zkm_error *err, uint32_t *out, collector *c, expr_node n,
                               const char *node) {
    if (c->e.count == c->room)
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "node \"%s\": an element-wise function of more than %u operators", node,
                         EXPR_MAX_NODES);
    c->e.nodes[c->e.count] = n;
    *out = c->e.count++;
    return ZKM_OK;
}

/* Adds the expression of vector v, arguments first; recursion is bounded by GRAPH_MAX_DEPTH. */
static zkm_status collect(zkm_error *err, uint32_t *out, collector *c, const graph *g,
                          uint32_t index) {
    const vec *v = &g->vecs[index];
    expr_node n = {.op = EXPR_VARIABLE};
    if (c->place[index]) {
        *out = c->place[index] - 1;
        return ZKM_OK;
    }
    if (v->kind == VEC_POINT && v->root != index) {
        n.op = v->op;
        for (uint32_t i = 0; i < v->arity; i++) {
            const operand *a = &v->args[i];
            expr_node constant = {.op = EXPR_CONSTANT, .constant = a->constant};
            if (a->is_constant)
                ZKM_TRY(collect_node(err, &n.args[i], c, constant, v->node));
            else
                ZKM_TRY(collect(err, &n.args[i], c, g, a->vec));
        }
    }
    ZKM_TRY(collect_node(err, out, c, n, v->node));
    c->place[index] = *out + 1;
    return ZKM_OK;
}

zkm_status graph_expression(zkm_error *err, expr *out, const graph *g, uint32_t v) {
    collector c = {.room = EXPR_MAX_NODES};
    uint32_t value = 0;
    zkm_status status = ZKM_OK;
    c.place = calloc(g->count, sizeof *c.place);
    c.e.nodes = calloc(c.room, sizeof *c.e.nodes);
    if (!c.place || !c.e.nodes)
        status = error_memory(err, "model: expression", c.room * sizeof *c.e.nodes);
    else
        status = collect(err, &value, &c, g, v);
    free(c.place);
    if (status == ZKM_OK)
        *out = c.e;
    else
        free(c.e.nodes);
    return status;
}
