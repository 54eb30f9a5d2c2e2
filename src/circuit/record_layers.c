/*
 * Layers as rows. A neuron's committed wires are its remainder limbs u, its output h, and hi
 * (packed) or g (split); z is no wire but the linear combination 2^S z = 2^(k width) hi + u - 2^(k
 * width - 1), k limbs. docs/protocol.md proves each bound.
 */
#include <stdlib.h>

#include "circuit/recorder.h"

const wire_array *recorder_source(const recorder *r, uint32_t source) {
    return source == 0 ? &r->c->at.features : &r->c->at.layers[source - 1].h;
}

/* hi of the neuron (first + each * i, m), times 2^exponent. */
static void add_hi(recorder *r, uint32_t layer, lc *out, uint32_t first, uint32_t each, uint32_t m,
                   unsigned exponent) {
    const layer_layout *at = &r->c->at.layers[layer];
    fr minus;
    switch (r->c->plan.layers[layer].form) {
    case FORM_IDENTITY:
        lc_add_pow2(out, wire_at(&at->h, first, each, m), exponent);
        break;
    case FORM_PACKED:
        lc_add_pow2(out, wire_at(&at->hi, first, each, m), exponent);
        break;
    case FORM_SPLIT:
        fr_pow2(&minus, exponent);
        fr_neg(&minus, &minus);
        lc_add_pow2(out, wire_at(&at->h, first, each, m), exponent);
        lc_add_scaled(out, wire_at(&at->g, first, each, m), &minus);
        break;
    }
}

void record_scaled_z(recorder *r, uint32_t layer, lc *out, uint32_t first, uint32_t each,
                     uint32_t m, unsigned exponent) {
    const layer_plan *lp = &r->c->plan.layers[layer];
    const layer_layout *at = &r->c->at.layers[layer];
    unsigned width = r->c->plan.width, bits = lp->limbs * width;
    add_hi(r, layer, out, first, each, m, exponent + bits);
    for (unsigned j = 0; j < lp->limbs; j++)
        lc_add_pow2(out, wire_at(&at->remainder, first, each, m * lp->limbs + j),
                    exponent + width * j);
    fr half;
    fr_pow2(&half, exponent + bits - 1);
    fr_neg(&half, &half);
    lc_add_constant(out, &half);
}

/* h in int16 and hi + 2^base h in the table. */
static void record_packed(recorder *r, uint32_t layer, uint32_t count) {
    r1cs_builder *b = r->b;
    const program_layer *l = &r->c->spec.prog.layers[layer];
    layer_layout *at = &r->c->at.layers[layer];
    wire hi = {at->hi.base, 1}, h = {at->h.base, 1};
    builder_rule(b, "activation range");
    lc shifted = lc_of(b, h), value = lc_of(b, hi);
    lc_add_constant_i64(&shifted, INT64_C(1) << (PLAN_OUTPUT_BITS - 1));
    at->h_range = range_record(&r->range, b, r->alpha, &shifted, PLAN_OUTPUT_BITS, count);
    builder_rule(b, "activation");
    lc_add_pow2(&value, h, r->c->plan.base[l->table]);
    wire_array inverse = lookup_book(&r->tables[l->table], b, 1, count);
    lookup_record(b, r->alpha, (wire){inverse.base, 1}, &value);
}

/* hi = h - g with h, g >= 0 and h g = 0: h = max(hi, 0). */
static void record_split(recorder *r, uint32_t layer, uint32_t count) {
    r1cs_builder *b = r->b;
    layer_layout *at = &r->c->at.layers[layer];
    unsigned bits = r->c->plan.layers[layer].split_bits;
    lc h = lc_of(b, (wire){at->h.base, 1}), g = lc_of(b, (wire){at->g.base, 1});
    builder_rule(b, "activation range");
    at->h_range = range_record(&r->range, b, r->alpha, &h, bits, count);
    at->g_range = range_record(&r->range, b, r->alpha, &g, bits, count);
    builder_rule(b, "activation");
    builder_assert(b, &h, &g, NULL);
}

void record_activation(recorder *r, uint32_t layer) {
    r1cs_builder *b = r->b;
    const program_layer *l = &r->c->spec.prog.layers[layer];
    const layer_plan *lp = &r->c->plan.layers[layer];
    layer_layout *at = &r->c->at.layers[layer];
    uint32_t capacity = r->c->spec.capacity, count = capacity * l->width;
    unsigned domain = r->c->spec.prog.tables[l->table].bits;

    at->h = builder_committed(b, l->width, capacity);
    if (lp->form == FORM_PACKED)
        at->hi = builder_committed(b, l->width, capacity);
    if (lp->form == FORM_SPLIT)
        at->g = builder_committed(b, l->width, capacity);
    builder_begin(b, "activation", count, true);
    builder_rule(b, "remainder");
    lc u = lc_empty(b);
    wire_array limbs = range_record_limbs(&r->range, b, r->alpha, lp->limbs, count, &u);
    at->remainder = (wire_array){limbs.base, lp->limbs * l->width, capacity};
    if (lp->form == FORM_IDENTITY) {
        builder_rule(b, "activation range");
        lc shifted = lc_of(b, (wire){at->h.base, 1});
        lc_add_constant_i64(&shifted, INT64_C(1) << (domain - 1));
        at->h_range = range_record(&r->range, b, r->alpha, &shifted, domain, count);
    } else if (lp->form == FORM_PACKED) {
        record_packed(r, layer, count);
    } else {
        record_split(r, layer, count);
    }
    builder_end(b);
}

/* ---------------------------------------------------------------- the layer equation */

/* One layer's matrix check while it is recorded. */
typedef struct {
    recorder *r;
    uint32_t layer, capacity, groups, full, tail, packs;
    const program_layer *l;
    const layer_plan *lp;
} matrix_check;

/* The slot of (sample j of the group, output o of the pack), as a power of two. */
static unsigned slot(const matrix_check *mc, uint32_t j, uint32_t o) {
    return mc->lp->slot_bits * (j * mc->lp->outputs + o);
}

/* The packed element k of a source over the `samples` samples from (first + each * i) on. */
static lc packed_input(const matrix_check *mc, const program_term *term, uint32_t first,
                       uint32_t each, uint32_t samples, uint32_t k) {
    const wire_array *x = recorder_source(mc->r, term->source);
    lc out = lc_empty(mc->r->b);
    for (uint32_t j = 0; j < samples; j++)
        lc_add_pow2(&out, wire_at(x, first + j, each, term->first + k), slot(mc, j, 0));
    return out;
}

/* 2^S (z - shift terms) of a pack of outputs over a group of samples. */
static lc packed_output(const matrix_check *mc, uint32_t first, uint32_t each, uint32_t samples,
                        uint32_t pack) {
    lc out = lc_empty(mc->r->b);
    for (uint32_t j = 0; j < samples; j++) {
        for (uint32_t o = 0; o < mc->lp->outputs; o++) {
            uint32_t m = pack * mc->lp->outputs + o;
            if (m >= mc->l->width)
                break;
            record_scaled_z(mc->r, mc->layer, &out, first + j, each, m, slot(mc, j, o));
            for (uint32_t t = 0; t < mc->l->num_terms; t++) {
                const program_term *term = &mc->l->terms[t];
                if (term->kind != TERM_SHIFT)
                    continue;
                fr weight;
                fr_pow2(&weight, slot(mc, j, o) + mc->lp->scale + term->shift);
                fr_neg(&weight, &weight);
                lc_add_scaled(
                    &out,
                    wire_at(recorder_source(mc->r, term->source), first + j, each, term->first + m),
                    &weight);
            }
        }
    }
    return out;
}

/* rho^(1 + i) in instance i of a block over groups 1, 2, ...; or of one group. */
static lc rho_power(const matrix_check *mc, uint32_t group, uint32_t each) {
    return lc_of(mc->r->b, wire_at(&mc->r->rho_powers, group - 1, each, 0));
}

/* products (group, j) = rho^group * packed thing j, for the groups after the first; group 0 has
 * rho^0. */
typedef lc (*packed_thing)(const matrix_check *mc, const program_term *term, uint32_t first,
                           uint32_t each, uint32_t samples, uint32_t index);

static lc thing_output(const matrix_check *mc, const program_term *term, uint32_t first,
                       uint32_t each, uint32_t samples, uint32_t index) {
    (void)term;
    return packed_output(mc, first, each, samples, index);
}

static void fold_groups(const matrix_check *mc, const wire_array *products, const char *rule,
                        packed_thing thing, const program_term *term) {
    r1cs_builder *b = mc->r->b;
    uint32_t samples = mc->lp->samples;
    if (mc->full > 1) {
        builder_begin(b, rule, mc->full - 1, true);
        builder_rule(b, rule);
        lc power = rho_power(mc, 1, 1);
        for (uint32_t j = 0; j < products->width; j++) {
            lc value = thing(mc, term, samples, samples, samples, j);
            builder_define_product(b, wire_at(products, 0, 1, j), &power, &value);
        }
        builder_end(b);
    }
    if (mc->tail) {
        builder_begin(b, rule, 1, true);
        builder_rule(b, rule);
        lc power = rho_power(mc, mc->full, 0);
        for (uint32_t j = 0; j < products->width; j++) {
            lc value = thing(mc, term, mc->full * samples, 0, mc->tail, j);
            builder_define_product(b, wire_at(products, mc->full - 1, 0, j), &power, &value);
        }
        builder_end(b);
    }
}

/* V[k] = sum over groups of rho^g x[g][k] in instance k: a combination of inputs where there is one
 * group, else one wire each. */
static lc fold_inputs(const matrix_check *mc, const program_term *term) {
    r1cs_builder *b = mc->r->b;
    const wire_array *x = recorder_source(mc->r, term->source);
    lc sum = lc_empty(b);
    for (uint32_t j = 0; j < mc->lp->samples; j++)
        lc_add_pow2(&sum, (wire){x->base + j * x->width + term->first, 1}, slot(mc, j, 0));
    if (mc->groups == 1)
        return sum;
    wire_array products = builder_private(b, term->width, mc->groups - 1);
    wire_array folded = builder_private(b, 1, term->width);
    fold_groups(mc, &products, "fold inputs", packed_input, term);
    builder_begin(b, "folded inputs", term->width, true);
    builder_rule(b, "fold inputs");
    lc one = lc_of(b, builder_one());
    lc_add_run(&sum, (wire){products.base, 1}, mc->groups - 1, term->width, false);
    builder_define_product(b, (wire){folded.base, 1}, &sum, &one);
    builder_end(b);
    return lc_of(b, (wire){folded.base, 1});
}

/* products (k, pack) = V[k] * 2^S packed W[k]. */
static wire_array multiply_weights(const matrix_check *mc, const program_term *term) {
    r1cs_builder *b = mc->r->b;
    lc input = fold_inputs(mc, term);
    wire_array products = builder_private(b, mc->packs, term->width);
    builder_begin(b, "matrix product", term->width, true);
    builder_rule(b, "matrix product");
    for (uint32_t pack = 0; pack < mc->packs; pack++) {
        lc weights = lc_empty(b);
        for (uint32_t o = 0; o < mc->lp->outputs; o++) {
            uint32_t m = pack * mc->lp->outputs + o;
            if (m < mc->l->width)
                lc_add_pow2(
                    &weights,
                    (wire){mc->r->c->at.weights.base + (uint32_t)term->weights + m, mc->l->width},
                    slot(mc, 0, o) + mc->lp->scale);
        }
        builder_define_product(b, wire_at(&products, 0, 1, pack), &input, &weights);
    }
    builder_end(b);
    return products;
}

/* What a constant 1 in each of the first `samples` samples of a group packs to. */
static fr packed_ones(const matrix_check *mc, uint32_t samples) {
    fr sum, power;
    fr_set_zero(&sum);
    for (uint32_t j = 0; j < samples; j++) {
        fr_pow2(&power, slot(mc, j, 0));
        fr_add(&sum, &sum, &power);
    }
    return sum;
}

/* What a constant 1 in every sample of several groups folds to: the sum of rho^g times its packing
 * in each. */
static wire folded_ones(const matrix_check *mc) {
    r1cs_builder *b = mc->r->b;
    const fr full = packed_ones(mc, mc->lp->samples), tail = packed_ones(mc, mc->tail);
    lc sum = lc_empty(b), powers = lc_empty(b), one = lc_of(b, builder_one());
    lc_add_constant(&sum, &full);
    if (mc->full > 1)
        lc_add_run(&powers, wire_at(&mc->r->rho_powers, 0, 0, 0), mc->full - 1, 1, false);
    lc_add_lc_scaled(&sum, &powers, &full);
    if (mc->tail) {
        lc last = rho_power(mc, mc->full, 0);
        lc_add_lc_scaled(&sum, &last, &tail);
    }
    return builder_product(b, &sum, &one);
}

/* 2^S times the biases of a pack. */
static lc packed_bias(const matrix_check *mc, uint32_t pack) {
    lc bias = lc_empty(mc->r->b);
    for (uint32_t o = 0; o < mc->lp->outputs; o++) {
        uint32_t m = pack * mc->lp->outputs + o;
        if (m < mc->l->width)
            lc_add_pow2(&bias, (wire){mc->r->c->at.biases.base + (uint32_t)mc->l->biases + m, 0},
                        slot(mc, 0, o) + mc->lp->scale);
    }
    return bias;
}

/* For each pack: folded outputs = sum of products + folded bias, which is a product only where
 * several groups fold. */
static void record_equations(const matrix_check *mc, const wire_array *outputs,
                             const wire_array *products) {
    r1cs_builder *b = mc->r->b;
    const bool folds = mc->groups > 1;
    fr minus_ones = packed_ones(mc, mc->lp->samples);
    fr_neg(&minus_ones, &minus_ones);
    builder_begin(b, "layer equation", 1, false);
    builder_rule(b, "layer equation");
    lc ones = folds ? lc_of(b, folded_ones(mc)) : lc_empty(b);
    for (uint32_t pack = 0; pack < mc->packs; pack++) {
        lc bias = packed_bias(mc, pack), sum = packed_output(mc, 0, 0, mc->lp->samples, pack);
        if (folds) {
            lc_sub(&sum, builder_product(b, &ones, &bias));
            lc_add_run(&sum, wire_at(outputs, 0, 0, pack), mc->groups - 1, mc->packs, false);
        } else {
            lc_add_lc_scaled(&sum, &bias, &minus_ones);
        }
        for (uint32_t t = 0; t < mc->l->num_terms; t++)
            if (mc->l->terms[t].kind == TERM_DENSE)
                lc_add_run(&sum, wire_at(&products[t], 0, 0, pack), mc->l->terms[t].width,
                           mc->packs, true);
        builder_assert_zero(b, &sum);
    }
    builder_end(b);
}

void record_matrix(recorder *r, uint32_t layer) {
    matrix_check mc = {.r = r,
                       .layer = layer,
                       .capacity = r->c->spec.capacity,
                       .l = &r->c->spec.prog.layers[layer],
                       .lp = &r->c->plan.layers[layer]};
    mc.groups = plan_groups(mc.lp, mc.capacity);
    mc.full = mc.capacity / mc.lp->samples;
    mc.tail = mc.capacity % mc.lp->samples;
    mc.packs = (mc.l->width + mc.lp->outputs - 1) / mc.lp->outputs;
    wire_array *products = calloc(mc.l->num_terms, sizeof *products);
    if (!products) {
        builder_fail(r->b);
        return;
    }
    wire_array outputs = builder_private(r->b, mc.packs, mc.groups - 1);
    fold_groups(&mc, &outputs, "fold outputs", thing_output, NULL);
    for (uint32_t t = 0; t < mc.l->num_terms; t++)
        if (mc.l->terms[t].kind == TERM_DENSE)
            products[t] = multiply_weights(&mc, &mc.l->terms[t]);
    record_equations(&mc, &outputs, products);
    free(products);
}
