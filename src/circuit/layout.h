/* Where a circuit's wires lie, for the recorder and for the witness. */
#ifndef CIRCUIT_LAYOUT_H
#define CIRCUIT_LAYOUT_H

#include "circuit/circuit.h"
#include "circuit/plan.h"
#include "r1cs/lookup.h"

/* The statement's fields in the order of statement_to_fields. */
enum {
    STATEMENT_MODEL_ID,
    STATEMENT_DATASET_ID,
    STATEMENT_NUM_SAMPLES,
    STATEMENT_THRESHOLD,
    STATEMENT_VERDICT,
    STATEMENT_CONTEXT
};

/* Committed wires of one layer; element (sample, neuron) throughout. */
typedef struct {
    wire_array hi;        /* FORM_PACKED */
    wire_array h;         /* the output */
    wire_array g;         /* FORM_SPLIT: hi = h - g */
    wire_array remainder; /* the limbs of u, width limbs a neuron */
    range_wires h_range, g_range;
    range_wires bias_range;
} layer_layout;

typedef struct {
    wire_array statement; /* the six fields, in the statement's order */
    wire_array salt;
    wire_array active; /* 1 x capacity */
    wire_array features, targets;
    wire_array weights, biases;
    range_wires feature_range, target_range, weight_range, metric_range;
    layer_layout *layers;
    wire_array range_counts;  /* multiplicities of the range table */
    wire_array *table_counts; /* of the program's tables that are looked up */
} circuit_layout;

/* The scale and size of the metric's inequality (docs/protocol.md, "Metric"). */
typedef struct {
    int32_t frac; /* F, the scale of the errors: the finest of prediction and targets */
    uint32_t prediction_shift; /* e = active (p 2^prediction_shift - y 2^target_shift[o]) */
    uint32_t *target_shift;    /* one a target, owned */
    int32_t error_shift;       /* S is weighed by 2^error_shift = 2^(64 - 2 F) */
    unsigned bits;             /* both sides of the inequality lie below 2^bits */
} metric_shape;

ZKM_MUST_CHECK zkm_status metric_shape_make(zkm_error *err, metric_shape *out,
                                            const circuit_spec *spec, unsigned width);
void metric_shape_clear(metric_shape *m);

struct circuit {
    circuit_spec spec;
    circuit_plan plan;
    circuit_layout at;
    metric_shape metric;
    r1cs *cs;
    uint8_t schema_digest[32], architecture[32], digest[32];
};

#endif
