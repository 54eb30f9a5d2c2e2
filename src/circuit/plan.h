/*
 * The choices that turn a program into a constraint system, made from program and capacity alone:
 * width of the range table, form of each activation, and how many small integers one product of the
 * matrix check carries. Each choice has a soundness bound; they are derived in docs/protocol.md and
 * computed here.
 *
 * Packing. The layer equation  D[s][m] = 2^S (z[s][m] - sum_k x[s][k] W[k][m] - b[m]) = 0  is
 * between integers whose size the lookups bound: |D| < 2^(slot_bits - 1). So sum_j D_j 2^(slot_bits
 * j) over `slots` of them is zero mod r only if every D_j is, as long as slots * slot_bits <= 253,
 * and one product with a challenge power checks `slots` equations. A slot is a pair (sample in the
 * group, output in the pack).
 */
#ifndef CIRCUIT_PLAN_H
#define CIRCUIT_PLAN_H

#include "model/program.h"

typedef enum {
    FORM_IDENTITY = 0, /* h = hi, range-checked */
    FORM_PACKED = 1,   /* hi + 2^base h is in the table t + 2^base T[t]; h range-checked */
    FORM_SPLIT = 2     /* ReLU without a table: hi = h - g, h and g range-checked, h g = 0 */
} activation_form;

typedef struct {
    activation_form form;
    unsigned limbs; /* of the remainder: k = ceil(s / width); u = 2^S rem has exactly k limbs */
    unsigned scale; /* S = k * width - s */
    unsigned split_bits; /* FORM_SPLIT: h and g lie below 2^split_bits */
    unsigned slot_bits;
    uint32_t samples, outputs; /* slots = samples * outputs */
} layer_plan;

/* Bits of the int16 codomain of tables: every h of FORM_PACKED is checked to have them. */
#define PLAN_OUTPUT_BITS 16u
/* Integers below 2^253 are below r. */
#define PLAN_FIELD_BITS 253u

typedef struct {
    unsigned width;     /* of the range table: 8 or 16 */
    uint32_t groups;    /* the most groups of samples of any layer: powers of rho needed */
    layer_plan *layers; /* program.num_layers */
    unsigned
        *base; /* program.num_tables: the packing exponent of a table that is looked up, else 0 */
} circuit_plan;

/* ZKM_ERR_UNSUPPORTED names a layer whose bounds do not fit the field. */
ZKM_MUST_CHECK zkm_status plan_make(zkm_error *err, circuit_plan *out, const program *p,
                                    uint32_t capacity);
void plan_clear(circuit_plan *plan);

/* Groups of samples of a layer. */
static inline uint32_t plan_groups(const layer_plan *l, uint32_t capacity) {
    return (capacity + l->samples - 1) / l->samples;
}

#endif
