/* Choosing forms, widths and packing. See plan.h; the bounds are proved in docs/protocol.md. */
#include "circuit/plan.h"

#include <stdlib.h>
#include <string.h>

#include "r1cs/lookup.h"

typedef unsigned __int128 u128;

static unsigned bit_length(u128 v) {
    unsigned n = 0;
    for (; v; v >>= 1)
        n++;
    return n;
}

void plan_clear(circuit_plan *plan) {
    free(plan->layers);
    free(plan->base);
    *plan = (circuit_plan){0};
}

/* ReLU may be split; what is neither ReLU nor identity needs its table. */
static bool may_split(const program_table *t) { return t->kind == TABLE_RELU; }

static unsigned split_bits(const program_table *t, unsigned width) {
    return (t->bits + width - 1) / width * width;
}

/* Rows of one neuron beyond its remainder, if the table is looked up or split. */
static uint64_t packed_rows(unsigned width) { return 1 + range_rows(PLAN_OUTPUT_BITS, width); }
static uint64_t split_rows(const program_table *t, unsigned width) {
    return 1 + 2 * (uint64_t)range_rows(split_bits(t, width), width);
}

static uint64_t table_neurons(const program *p, uint32_t table, uint32_t capacity) {
    uint64_t n = 0;
    for (uint32_t l = 0; l < p->num_layers; l++)
        if (p->layers[l].table == table)
            n += (uint64_t)p->layers[l].width * capacity;
    return n;
}

static bool choose_packed(const program *p, uint32_t table, uint32_t capacity, unsigned width) {
    const program_table *t = &p->tables[table];
    if (t->kind == TABLE_IDENTITY)
        return false;
    if (!may_split(t))
        return true;
    uint64_t n = table_neurons(p, table, capacity);
    return n * packed_rows(width) + (UINT64_C(1) << t->bits) < n * split_rows(t, width);
}

static unsigned remainder_limbs(const program_layer *l, unsigned width) {
    return (l->shift + width - 1) / width;
}

/* Rows that depend on the width of the range table. */
static uint64_t rows_for_width(const program *p, uint32_t capacity, unsigned width) {
    uint64_t inputs = (uint64_t)capacity * (p->num_features + p->layers[p->num_layers - 1].width);
    uint64_t rows = (UINT64_C(1) << width) + (inputs + p->num_weights) * range_rows(16, width);
    for (uint32_t t = 0; t < p->num_tables; t++) {
        const program_table *table = &p->tables[t];
        uint64_t n = table_neurons(p, t, capacity);
        if (table->kind == TABLE_IDENTITY)
            rows += n * range_rows(table->bits, width);
        else if (choose_packed(p, t, capacity, width))
            rows += n * packed_rows(width) + (UINT64_C(1) << table->bits);
        else
            rows += n * split_rows(table, width);
    }
    for (uint32_t l = 0; l < p->num_layers; l++)
        rows += (uint64_t)p->layers[l].width *
                ((uint64_t)capacity * remainder_limbs(&p->layers[l], width) +
                 range_rows(p->layers[l].bias_bits, width));
    return rows;
}

/* Bits of the magnitude of a vector's elements: int16, or the range of a split ReLU. */
static unsigned source_bits(const circuit_plan *plan, uint32_t source) {
    if (source == 0 || plan->layers[source - 1].form != FORM_SPLIT)
        return 15;
    return plan->layers[source - 1].split_bits;
}

/* Bound on |sum x W + shift terms + b| under the circuit's own range checks. */
static u128 accumulator_bound(const circuit_plan *plan, const program_layer *l) {
    u128 bound = (u128)1 << (l->bias_bits - 1);
    for (uint32_t t = 0; t < l->num_terms; t++) {
        const program_term *term = &l->terms[t];
        unsigned bits = source_bits(plan, term->source);
        if (term->kind == TERM_DENSE)
            bound += (u128)term->width << (bits + 15);
        else
            bound += (u128)1 << (bits + term->shift);
    }
    return bound;
}

/*
 * FORM_PACKED: hi = t + 2^base (T[t] - h) with |T[t] - h| < 2^16 by the range check, so |hi| is
 * bounded and D is an integer of bounded size; once D = 0, |hi - t| <= bound / 2^s + 1 + 2^(bits -
 * 1), and a 2^base above that leaves T[t] = h only. Layers that share a table share its base.
 */
static void choose_base(circuit_plan *plan, const program *p, const program_layer *l) {
    const program_table *t = &p->tables[l->table];
    u128 distance = (accumulator_bound(plan, l) >> l->shift) + 1 + ((u128)1 << (t->bits - 1));
    if (bit_length(distance) > plan->base[l->table])
        plan->base[l->table] = bit_length(distance);
}

/* A bound on |hi| from the range checks alone. */
static u128 hi_bound(const circuit_plan *plan, const program *p, const program_layer *l,
                     const layer_plan *lp) {
    const program_table *t = &p->tables[l->table];
    switch (lp->form) {
    case FORM_PACKED:
        return ((u128)1 << (t->bits - 1)) + ((u128)1 << (plan->base[l->table] + PLAN_OUTPUT_BITS));
    case FORM_SPLIT:
        return (u128)1 << lp->split_bits;
    default:
        return (u128)1 << (t->bits - 1);
    }
}

static uint64_t matrix_rows(const program_layer *l, uint32_t capacity, uint32_t samples,
                            uint32_t outputs) {
    uint64_t groups = (capacity + samples - 1) / samples;
    uint64_t packs = (l->width + outputs - 1) / outputs, inputs = 0;
    for (uint32_t t = 0; t < l->num_terms; t++)
        if (l->terms[t].kind == TERM_DENSE)
            inputs += l->terms[t].width;
    if (groups == 1)
        return inputs * packs + packs;
    return (groups - 1) * (inputs + packs) + inputs + inputs * packs + 2 * packs;
}

static void choose_slots(layer_plan *lp, const program_layer *l, uint32_t capacity) {
    uint32_t slots = PLAN_FIELD_BITS / lp->slot_bits;
    uint64_t best = UINT64_MAX;
    for (uint32_t samples = 1; samples <= slots && samples <= capacity; samples++) {
        uint32_t outputs = slots / samples;
        if (outputs > l->width)
            outputs = l->width;
        uint64_t rows = matrix_rows(l, capacity, samples, outputs);
        if (rows < best) {
            best = rows;
            lp->samples = samples;
            lp->outputs = outputs;
        }
    }
}

static void choose_form(circuit_plan *plan, const program *p, uint32_t index, uint32_t capacity) {
    const program_layer *l = &p->layers[index];
    const program_table *t = &p->tables[l->table];
    layer_plan *lp = &plan->layers[index];
    lp->limbs = remainder_limbs(l, plan->width);
    lp->scale = lp->limbs * plan->width - l->shift;
    if (t->kind == TABLE_IDENTITY) {
        lp->form = FORM_IDENTITY;
    } else if (choose_packed(p, l->table, capacity, plan->width)) {
        lp->form = FORM_PACKED;
        choose_base(plan, p, l);
    } else {
        lp->form = FORM_SPLIT;
        lp->split_bits = split_bits(t, plan->width);
    }
}

/* 2^S z = 2^(k width) hi + u - 2^(k width - 1) with 0 <= u < 2^(k width), so
 * |D| < 2^(k width) (|hi| + 1) + 2^S |accumulator|. */
static zkm_status choose_packing(zkm_error *err, circuit_plan *plan, const program *p,
                                 uint32_t index, uint32_t capacity) {
    const program_layer *l = &p->layers[index];
    layer_plan *lp = &plan->layers[index];
    u128 accumulator = accumulator_bound(plan, l), hi = hi_bound(plan, p, l, lp);
    unsigned remainder_bits = lp->limbs * plan->width;
    if (bit_length(hi) + remainder_bits > 120 || bit_length(accumulator) + lp->scale > 120)
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "layer \"%s\": its accumulator needs more than 120 bits; use fewer inputs "
                         "or smaller scales",
                         l->name);
    lp->slot_bits = bit_length(((hi + 1) << remainder_bits) + (accumulator << lp->scale)) + 1;
    choose_slots(lp, l, capacity);
    uint32_t groups = plan_groups(lp, capacity);
    if (groups > plan->groups)
        plan->groups = groups;
    return ZKM_OK;
}

zkm_status plan_make(zkm_error *err, circuit_plan *out, const program *p, uint32_t capacity) {
    zkm_status status = ZKM_OK;
    circuit_plan plan = {.width = 8};
    if (rows_for_width(p, capacity, 16) < rows_for_width(p, capacity, 8))
        plan.width = 16;
    plan.layers = calloc(p->num_layers, sizeof *plan.layers);
    plan.base = calloc(p->num_tables, sizeof *plan.base);
    if (!plan.layers || !plan.base) {
        status = error_memory(err, "circuit plan", p->num_layers * sizeof *plan.layers);
        goto out;
    }
    for (uint32_t l = 0; l < p->num_layers; l++)
        choose_form(&plan, p, l, capacity);
    for (uint32_t l = 0; l < p->num_layers; l++)
        ZKM_TRY_OUT(choose_packing(err, &plan, p, l, capacity));
    *out = plan;
    return ZKM_OK;
out:
    plan_clear(&plan);
    return status;
}
