/*
 * Lowering: the graph's vectors become layers. A linear vector is held as a form, a sum of terms
 * over atoms (the features, or outputs of layers) and a bias; affine steps act on the form, so
 * that standardisation, BatchNormalization, Scaler and the like fold into the rows and columns of
 * the matrices around them.
 *
 * Which terms there are depends on the graph alone, never on the values of weights, so that later
 * weights of the same architecture fold into the same layers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/net.h"
#include "model/program.h"

/* A term of a form. Diagonal terms place x[first + i] * factor * scale[i] at element place + i. */
typedef struct {
    bool dense;
    uint32_t source, first, count;
    uint32_t place;  /* diagonal */
    double factor;   /* diagonal */
    double *scale;   /* diagonal; NULL: all ones */
    double *weights; /* dense: count x width */
    bool owned;      /* weights may be changed in place */
} form_term;

typedef struct {
    uint32_t width;
    form_term *terms;
    uint32_t count, room;
    double *bias;
} form;

typedef struct {
    const graph *g;
    net *n;
    uint32_t *layer_of; /* per vector: its layer + 1 */
    uint8_t *shared;    /* per root: it has several readers and is worth a layer of its own */
} lowering;

static zkm_status form_of(zkm_error *err, form *out, lowering *c, uint32_t v, bool for_product);

/* ---- forms ---- */

static zkm_status form_new(zkm_error *err, form *out, lowering *c, uint32_t width) {
    *out = (form){.width = width};
    return arena_alloc(err, &out->bias, c->g->mem, width, sizeof *out->bias, "model: bias");
}

static zkm_status form_push(zkm_error *err, form *f, lowering *c, form_term t) {
    if (f->count == PROGRAM_MAX_TERMS)
        return error_set(err, ZKM_ERR_UNSUPPORTED, "a layer that adds more than %u activations",
                         PROGRAM_MAX_TERMS);
    if (f->count == f->room) {
        uint32_t room = f->room ? 2 * f->room : 4;
        form_term *terms = NULL;
        ZKM_TRY(arena_alloc(err, &terms, c->g->mem, room, sizeof *terms, "model: terms"));
        if (f->count)
            memcpy(terms, f->terms, f->count * sizeof *terms);
        f->terms = terms;
        f->room = room;
    }
    f->terms[f->count++] = t;
    return ZKM_OK;
}

static bool form_has_dense(const form *f) {
    for (uint32_t i = 0; i < f->count; i++)
        if (f->terms[i].dense)
            return true;
    return false;
}

static zkm_status term_own(zkm_error *err, form_term *t, lowering *c, uint32_t width) {
    double *copy = NULL;
    size_t n = (size_t)t->count * width;
    if (t->owned)
        return ZKM_OK;
    ZKM_TRY(arena_alloc(err, &copy, c->g->mem, n, sizeof *copy, "model: weights"));
    memcpy(copy, t->weights, n * sizeof *copy);
    t->weights = copy;
    t->owned = true;
    return ZKM_OK;
}

/* f = a * f + b */
static zkm_status form_affine(zkm_error *err, form *f, lowering *c, double a, double b) {
    for (uint32_t i = 0; i < f->count && a != 1; i++) {
        form_term *t = &f->terms[i];
        if (!t->dense) {
            t->factor *= a;
            continue;
        }
        ZKM_TRY(term_own(err, t, c, f->width));
        for (size_t k = 0; k < (size_t)t->count * f->width; k++)
            t->weights[k] *= a;
    }
    for (uint32_t m = 0; m < f->width; m++)
        f->bias[m] = f->bias[m] * a + b;
    return ZKM_OK;
}

/* f[m] *= s[m] */
static zkm_status form_scale(zkm_error *err, form *f, lowering *c, const double *s) {
    for (uint32_t i = 0; i < f->count; i++) {
        form_term *t = &f->terms[i];
        if (t->dense) {
            ZKM_TRY(term_own(err, t, c, f->width));
            for (uint32_t k = 0; k < t->count; k++)
                for (uint32_t m = 0; m < f->width; m++)
                    t->weights[(size_t)k * f->width + m] *= s[m];
            continue;
        }
        double *scale = NULL;
        ZKM_TRY(arena_alloc(err, &scale, c->g->mem, t->count, sizeof *scale, "model: scale"));
        for (uint32_t k = 0; k < t->count; k++)
            scale[k] = (t->scale ? t->scale[k] : 1) * s[t->place + k];
        t->scale = scale;
    }
    for (uint32_t m = 0; m < f->width; m++)
        f->bias[m] *= s[m];
    return ZKM_OK;
}

static bool same_slice(const form_term *a, const form_term *b) {
    return a->dense == b->dense && a->source == b->source && a->first == b->first &&
           a->count == b->count && (a->dense || a->place == b->place);
}

/* Adds a term to a form, into a term of the same slice when there is one. */
static zkm_status form_add_term(zkm_error *err, form *f, lowering *c, form_term t) {
    for (uint32_t i = 0; i < f->count; i++) {
        form_term *own = &f->terms[i];
        if (!same_slice(own, &t))
            continue;
        if (t.dense) {
            ZKM_TRY(term_own(err, own, c, f->width));
            for (size_t k = 0; k < (size_t)t.count * f->width; k++)
                own->weights[k] += t.weights[k];
            return ZKM_OK;
        }
        if (!own->scale && !t.scale) {
            own->factor += t.factor;
            return ZKM_OK;
        }
        double *scale = NULL;
        ZKM_TRY(arena_alloc(err, &scale, c->g->mem, t.count, sizeof *scale, "model: scale"));
        for (uint32_t k = 0; k < t.count; k++)
            scale[k] = own->factor * (own->scale ? own->scale[k] : 1) +
                       t.factor * (t.scale ? t.scale[k] : 1);
        own->scale = scale;
        own->factor = 1;
        return ZKM_OK;
    }
    return form_push(err, f, c, t);
}

/* A diagonal term as a matrix whose other entries are zero. */
static zkm_status term_to_dense(zkm_error *err, form_term *out, lowering *c, const form_term *t,
                                uint32_t width) {
    *out = *t;
    if (t->dense)
        return ZKM_OK;
    if ((uint64_t)t->count * width > PROGRAM_MAX_WEIGHTS)
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "a scaling of %u elements with no product to fold into", t->count);
    *out = (form_term){.dense = true, .source = t->source, .first = t->first, .count = t->count};
    ZKM_TRY(arena_alloc(err, &out->weights, c->g->mem, (size_t)t->count * width, sizeof(double),
                        "model: diagonal"));
    out->owned = true;
    for (uint32_t k = 0; k < t->count; k++)
        out->weights[(size_t)k * width + t->place + k] = t->factor * (t->scale ? t->scale[k] : 1);
    return ZKM_OK;
}

static int compare_terms(const void *a, const void *b) {
    const form_term *x = a, *y = b;
    if (x->dense != y->dense)
        return x->dense ? -1 : 1;
    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return (x->count > y->count) - (x->count < y->count);
}

/* Sorts, and joins dense terms over neighbouring elements of one source into one matrix. */
static zkm_status form_tidy(zkm_error *err, form *f, lowering *c) {
    uint32_t kept = 0;
    if (f->count > 1)
        qsort(f->terms, f->count, sizeof *f->terms, compare_terms);
    for (uint32_t i = 0; i < f->count; i++) {
        form_term *last = kept ? &f->terms[kept - 1] : NULL, *t = &f->terms[i];
        if (!last || !last->dense || !t->dense || last->source != t->source ||
            last->first + last->count != t->first) {
            f->terms[kept++] = *t;
            continue;
        }
        double *joined = NULL;
        size_t a = (size_t)last->count * f->width, b = (size_t)t->count * f->width;
        ZKM_TRY(arena_alloc(err, &joined, c->g->mem, a + b, sizeof *joined, "model: weights"));
        memcpy(joined, last->weights, a * sizeof *joined);
        memcpy(joined + a, t->weights, b * sizeof *joined);
        last->weights = joined;
        last->owned = true;
        last->count += t->count;
    }
    f->count = kept;
    return ZKM_OK;
}

/* ---- layers ---- */

static bool power_of_two(double v) {
    for (; v > 1 && v < 0x1p31; v /= 2)
        ;
    for (; v < 1 && v > 0x1p-31; v *= 2)
        ;
    return v == 1;
}

/* What a layer keeps as a diagonal: every element, one factor that a shift can express. */
static bool is_plain_diagonal(const form_term *t, uint32_t width) {
    return !t->dense && !t->scale && t->place == 0 && t->count == width && power_of_two(t->factor);
}

/* The product or sum of the layer that computes v; the element-wise node itself on plain
 * features. */
static const char *layer_name(const graph *g, uint32_t v) {
    uint32_t root = g->vecs[v].root;
    while (g->vecs[root].kind == VEC_OFFSET || g->vecs[root].kind == VEC_SCALE) {
        uint32_t below = g->vecs[root].args[0].vec;
        if (g->vecs[below].kind == VEC_POINT || g->vecs[below].kind == VEC_INPUT)
            break;
        root = below;
    }
    return g->vecs[g->vecs[root].kind == VEC_INPUT ? v : root].node;
}

static zkm_status check_weights(zkm_error *err, const form *f, const char *name) {
    for (uint32_t m = 0; m < f->width; m++)
        if (f->bias[m] - f->bias[m] != 0)
            return error_set(err, ZKM_ERR_RANGE,
                             "layer \"%s\": bias %u is not finite after folding", name, m);
    for (uint32_t i = 0; i < f->count; i++)
        for (size_t k = 0; f->terms[i].dense && k < (size_t)f->terms[i].count * f->width; k++)
            if (f->terms[i].weights[k] - f->terms[i].weights[k] != 0)
                return error_set(err, ZKM_ERR_RANGE,
                                 "layer \"%s\": weight %zu is not finite after folding", name, k);
    return ZKM_OK;
}

static zkm_status net_grow(zkm_error *err, lowering *c) {
    net *n = c->n;
    if (n->num_layers < n->room)
        return ZKM_OK;
    uint32_t room = n->room ? 2 * n->room : 8;
    net_layer *layers = NULL;
    if (n->num_layers == PROGRAM_MAX_LAYERS)
        return error_set(err, ZKM_ERR_UNSUPPORTED, "more than %u layers", PROGRAM_MAX_LAYERS);
    ZKM_TRY(arena_alloc(err, &layers, c->g->mem, room, sizeof *layers, "model: layers"));
    if (n->num_layers)
        memcpy(layers, n->layers, n->num_layers * sizeof *layers);
    n->layers = layers;
    n->room = room;
    return ZKM_OK;
}

/* Whether the element-wise function of v is one ONNX node's. */
static bool one_node(const graph *g, uint32_t v, const char *node) {
    const vec *x = &g->vecs[v];
    bool one = x->kind != VEC_POINT || x->node == node;
    for (uint32_t i = 0; x->kind == VEC_POINT && i < x->arity && one; i++)
        one = x->args[i].is_constant || one_node(g, x->args[i].vec, node);
    return one;
}

/* "Relu" when one node gives it, else the expression. */
static void name_activation(net_layer *layer, const graph *g, uint32_t v) {
    const vec *x = &g->vecs[v];
    if (layer->function.count > 1 && one_node(g, v, x->node))
        snprintf(layer->activation, sizeof layer->activation, "%s", x->op_type);
    else
        expr_name(layer->activation, sizeof layer->activation, &layer->function);
}

static zkm_status push_layer(zkm_error *err, lowering *c, form *f, expr *function, uint32_t v) {
    form dense = {.width = f->width, .bias = f->bias};
    net_layer layer = {.name = layer_name(c->g, v), .width = f->width, .bias = f->bias};
    for (uint32_t i = 0; i < f->count; i++) {
        form_term t = f->terms[i];
        if (!is_plain_diagonal(&t, f->width))
            ZKM_TRY(term_to_dense(err, &t, c, &f->terms[i], f->width));
        ZKM_TRY(form_add_term(err, &dense, c, t));
    }
    ZKM_TRY(form_tidy(err, &dense, c));
    ZKM_TRY(check_weights(err, &dense, layer.name));
    ZKM_TRY(net_grow(err, c));
    ZKM_TRY(arena_alloc(err, &layer.terms, c->g->mem, dense.count, sizeof *layer.terms,
                        "model: terms"));
    for (uint32_t i = 0; i < dense.count; i++) {
        const form_term *t = &dense.terms[i];
        layer.terms[i] = (net_term){t->dense, t->source, t->first, t->count, t->weights, t->factor};
    }
    layer.num_terms = dense.count;
    layer.function = *function;
    *function = (expr){0};
    name_activation(&layer, c->g, v);
    c->n->layers[c->n->num_layers++] = layer;
    return ZKM_OK;
}

static zkm_status linear_form(zkm_error *err, form *out, lowering *c, uint32_t v, bool for_product);

/* Makes the layer whose output is vector v. */
static zkm_status build_layer(zkm_error *err, lowering *c, uint32_t v) {
    uint32_t root = c->g->vecs[v].root;
    double a = 1, b = 0;
    expr function = {0};
    form f = {0};
    zkm_status status = graph_expression(err, &function, c->g, v);
    if (status != ZKM_OK)
        return status;
    expr_strip_inner(&function, &a, &b);
    if (v == root)
        ZKM_TRY_OUT(linear_form(err, &f, c, root, false));
    else
        ZKM_TRY_OUT(form_of(err, &f, c, root, false));
    ZKM_TRY_OUT(form_affine(err, &f, c, a, b));
    ZKM_TRY_OUT(push_layer(err, c, &f, &function, v));
    c->layer_of[v] = c->n->num_layers;
out:
    expr_clear(&function);
    return status;
}

/* Vector v as an atom: the features themselves or the output of a layer. */
static zkm_status atom_form(zkm_error *err, form *out, lowering *c, uint32_t v) {
    const vec *x = &c->g->vecs[v];
    form_term t = {.count = x->width, .factor = 1};
    if (x->kind == VEC_INPUT) {
        t.first = x->first;
    } else {
        if (c->layer_of[v] == 0)
            ZKM_TRY(build_layer(err, c, v));
        t.source = c->layer_of[v];
    }
    ZKM_TRY(form_new(err, out, c, x->width));
    return form_push(err, out, c, t);
}

/* x * W with x a sum of diagonal terms: their scales go into the rows, x's bias into the bias. */
static zkm_status fold_product(zkm_error *err, form *out, lowering *c, const form *x,
                               const vec *p) {
    ZKM_TRY(form_new(err, out, c, p->width));
    for (uint32_t i = 0; i < x->count; i++) {
        const form_term *d = &x->terms[i];
        form_term t = {.dense = true, .source = d->source, .first = d->first, .count = d->count};
        t.weights = p->values + (size_t)d->place * p->width;
        if (d->factor != 1 || d->scale) {
            ZKM_TRY(term_own(err, &t, c, p->width));
            for (uint32_t k = 0; k < t.count; k++)
                for (uint32_t m = 0; m < p->width; m++)
                    t.weights[(size_t)k * p->width + m] *= d->factor * (d->scale ? d->scale[k] : 1);
        }
        ZKM_TRY(form_add_term(err, out, c, t));
    }
    for (uint32_t k = 0; k < p->rows; k++)
        for (uint32_t m = 0; m < p->width && x->bias[k] != 0; m++)
            out->bias[m] += x->bias[k] * p->values[(size_t)k * p->width + m];
    return form_tidy(err, out, c);
}

static zkm_status product_form(zkm_error *err, form *out, lowering *c, const vec *p) {
    form x = {0};
    ZKM_TRY(form_of(err, &x, c, p->args[0].vec, true));
    if (form_has_dense(&x))
        ZKM_TRY(atom_form(err, &x, c, p->args[0].vec));
    return fold_product(err, out, c, &x, p);
}

static zkm_status sum_form(zkm_error *err, form *out, lowering *c, const vec *s, bool for_product) {
    form y = {0};
    ZKM_TRY(form_of(err, out, c, s->args[0].vec, for_product));
    ZKM_TRY(form_of(err, &y, c, s->args[1].vec, for_product));
    if (s->subtract)
        ZKM_TRY(form_affine(err, &y, c, -1, 0));
    for (uint32_t m = 0; m < out->width; m++)
        out->bias[m] += y.bias[m];
    for (uint32_t i = 0; i < y.count; i++)
        ZKM_TRY(form_add_term(err, out, c, y.terms[i]));
    return ZKM_OK;
}

/* A dense term of `narrow` columns as one of `width` columns, its own from `place` on. */
static zkm_status widen_columns(zkm_error *err, form_term *t, lowering *c, uint32_t narrow,
                                uint32_t width, uint32_t place) {
    double *weights = NULL;
    ZKM_TRY(arena_alloc(err, &weights, c->g->mem, (size_t)t->count * width, sizeof *weights,
                        "model: concat"));
    for (uint32_t k = 0; k < t->count; k++)
        memcpy(weights + (size_t)k * width + place, t->weights + (size_t)k * narrow,
               narrow * sizeof *weights);
    t->weights = weights;
    t->owned = true;
    return ZKM_OK;
}

static zkm_status concat_form(zkm_error *err, form *out, lowering *c, const vec *v,
                              bool for_product) {
    uint32_t place = 0;
    ZKM_TRY(form_new(err, out, c, v->width));
    for (uint32_t i = 0; i < v->num_parts; i++) {
        form part = {0};
        ZKM_TRY(form_of(err, &part, c, v->parts[i], for_product));
        if (for_product && form_has_dense(&part))
            ZKM_TRY(atom_form(err, &part, c, v->parts[i]));
        memcpy(out->bias + place, part.bias, part.width * sizeof *part.bias);
        for (uint32_t t = 0; t < part.count; t++) {
            form_term *term = &part.terms[t];
            term->place += place;
            if (term->dense)
                ZKM_TRY(widen_columns(err, term, c, part.width, v->width, place));
            ZKM_TRY(form_add_term(err, out, c, *term));
        }
        place += part.width;
    }
    return ZKM_OK;
}

/* The form of a root vector, computed from its arguments. */
static zkm_status linear_form(zkm_error *err, form *out, lowering *c, uint32_t index,
                              bool for_product) {
    const vec *v = &c->g->vecs[index];
    switch (v->kind) {
    case VEC_INPUT:
        return atom_form(err, out, c, index);
    case VEC_PRODUCT:
        return product_form(err, out, c, v);
    case VEC_SUM:
        return sum_form(err, out, c, v, for_product);
    case VEC_CONCAT:
        return concat_form(err, out, c, v, for_product);
    case VEC_SCALE:
        ZKM_TRY(form_of(err, out, c, v->args[0].vec, for_product));
        return form_scale(err, out, c, v->values);
    case VEC_OFFSET:
        ZKM_TRY(form_of(err, out, c, v->args[0].vec, for_product));
        for (uint32_t m = 0; m < v->width; m++)
            out->bias[m] += v->values[m];
        return ZKM_OK;
    case VEC_POINT:
        break;
    }
    return error_set(err, ZKM_ERR_INTERNAL, "an element-wise vector is no root");
}

/* v = a * u + b by scalar steps, u not such a step. */
static uint32_t strip_steps(const graph *g, uint32_t v, double *a, double *b) {
    *a = 1;
    *b = 0;
    for (;;) {
        const vec *x = &g->vecs[v];
        if (x->kind != VEC_POINT)
            return v;
        bool first = x->args[0].is_constant, second = x->arity > 1 && x->args[1].is_constant;
        double constant = first ? x->args[0].constant : second ? x->args[1].constant : 0;
        double slope = 1, offset = 0;
        if (x->arity > 2 || (x->arity == 2 && first == second) || constant - constant != 0)
            return v;
        if (x->op == EXPR_ADD)
            offset = constant;
        else if (x->op == EXPR_SUB)
            slope = first ? -1 : 1, offset = first ? constant : -constant;
        else if (x->op == EXPR_MUL && constant != 0)
            slope = constant;
        else if (x->op == EXPR_DIV && second && constant != 0)
            slope = 1 / constant;
        else if (x->op == EXPR_NEG)
            slope = -1;
        else
            return v;
        *b += *a * offset;
        *a *= slope;
        v = x->args[first ? 1 : 0].vec;
    }
}

/* Any vector as a form. Before a product, scalar steps after an activation go into the product. */
static zkm_status form_of(zkm_error *err, form *out, lowering *c, uint32_t v, bool for_product) {
    double a = 1, b = 0;
    uint32_t u = strip_steps(c->g, v, &a, &b);
    bool is_root = c->g->vecs[u].kind != VEC_POINT;
    if (c->layer_of[v] != 0 || (!is_root && !for_product))
        return atom_form(err, out, c, v);
    if (!is_root || c->shared[u])
        ZKM_TRY(atom_form(err, out, c, u));
    else
        ZKM_TRY(linear_form(err, out, c, u, for_product));
    return form_affine(err, out, c, a, b);
}

/* ---- sharing ---- */

static void mark_use(const graph *g, uint32_t v, uint8_t *sink, uint32_t *uses) {
    if (g->vecs[v].kind != VEC_POINT)
        uses[v]++;
    else if (!sink[v]) {
        sink[v] = 1;
        uses[g->vecs[v].root]++;
    }
}

/* A form that is only the features, moved and scaled, costs nothing to repeat. */
static bool is_simple(const vec *v, const uint8_t *simple) {
    if (v->kind == VEC_INPUT)
        return true;
    if (v->kind == VEC_SCALE || v->kind == VEC_OFFSET)
        return simple[v->args[0].vec];
    for (uint32_t i = 0; i < v->num_parts; i++)
        if (!simple[v->parts[i]])
            return false;
    return v->kind == VEC_CONCAT;
}

/* Roots with several readers (linear steps, or different element-wise functions) become layers. */
static zkm_status find_shared(zkm_error *err, lowering *c, uint32_t output) {
    const graph *g = c->g;
    uint8_t *needed = NULL, *sink = NULL, *simple = NULL;
    uint32_t *uses = NULL;
    ZKM_TRY(arena_alloc(err, &needed, g->mem, g->count, 1, "model: uses"));
    ZKM_TRY(arena_alloc(err, &sink, g->mem, g->count, 1, "model: uses"));
    ZKM_TRY(arena_alloc(err, &simple, g->mem, g->count, 1, "model: uses"));
    ZKM_TRY(arena_alloc(err, &uses, g->mem, g->count, sizeof *uses, "model: uses"));
    needed[output] = 1;
    mark_use(g, output, sink, uses);
    for (uint32_t i = output + 1; i-- > 0;) {
        const vec *v = &g->vecs[i];
        if (!needed[i])
            continue;
        for (uint32_t k = 0; k < v->arity; k++) {
            if (v->args[k].is_constant)
                continue;
            needed[v->args[k].vec] = 1;
            if (v->kind != VEC_POINT)
                mark_use(g, v->args[k].vec, sink, uses);
        }
        for (uint32_t k = 0; k < v->num_parts; k++) {
            needed[v->parts[k]] = 1;
            mark_use(g, v->parts[k], sink, uses);
        }
    }
    for (uint32_t i = 0; i <= output; i++) {
        simple[i] = is_simple(&g->vecs[i], simple);
        c->shared[i] = uses[i] > 1 && !simple[i];
    }
    return ZKM_OK;
}

zkm_status net_lower(zkm_error *err, net *out, const graph *g, uint32_t output) {
    net n = {.num_features = g->num_features};
    lowering c = {.g = g, .n = &n};
    zkm_status status = ZKM_OK;
    ZKM_TRY(arena_alloc(err, &c.layer_of, g->mem, g->count, sizeof *c.layer_of, "model: layers"));
    ZKM_TRY(arena_alloc(err, &c.shared, g->mem, g->count, 1, "model: layers"));
    ZKM_TRY(find_shared(err, &c, output));
    status = build_layer(err, &c, output);
    if (status == ZKM_OK)
        *out = n;
    else
        net_clear(&n);
    return status;
}
