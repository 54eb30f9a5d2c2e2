/* What the files that record parts of the circuit share. */
#ifndef CIRCUIT_RECORDER_H
#define CIRCUIT_RECORDER_H

#include "circuit/layout.h"

typedef struct {
    r1cs_builder *b;
    circuit *c;      /* spec, plan, metric in; layout out */
    wire alpha, rho; /* challenges for lookups and for the matrix check; rho for several groups */
    uint64_t model_rows; /* recorded by record_model_id */
    range_table range;
    lookup *tables;        /* program.num_tables; those with plan.base > 0 are in use */
    fr **table_values;     /* the rows t + 2^base T[t] of each of them */
    wire_array rho_powers; /* rho^1 .. rho^(groups - 1), 1 x (groups - 1) */
} recorder;

/* Features, targets, weights, biases, active, statement, salt: allocated and range-checked. */
void record_inputs(recorder *r);
/* Requantisation and activation of every neuron of a layer. */
void record_activation(recorder *r, uint32_t layer);
/* The layer equation z = sum x W + b over all samples (Freivalds, packed). */
void record_matrix(recorder *r, uint32_t layer);
/* dataset_id and model_id; the rows of model_id are fixed (see r1cs_block). */
void record_dataset_id(recorder *r);
void record_model_id(recorder *r);
/* active vector, errors, inequality, verdict. */
void record_metric(recorder *r);
/* P = sum statement_i c^i. */
void record_statement(recorder *r);

/* The vector that a term reads: features or the output of an earlier layer. */
const wire_array *recorder_source(const recorder *r, uint32_t source);
/* 2^S z of the layer as a linear combination, of the neuron (first + each * i, m). */
void record_scaled_z(recorder *r, uint32_t layer, lc *out, uint32_t first, uint32_t each,
                     uint32_t m, unsigned exponent);

#endif
