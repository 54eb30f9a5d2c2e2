/*
 * From a quantised program and a claim to a constraint system, and from a model, a dataset and a
 * statement to its witness (DESIGN section 4; the layout is described in docs/protocol.md).
 */
#ifndef CIRCUIT_CIRCUIT_H
#define CIRCUIT_CIRCUIT_H

#include "claim/dataset.h"
#include "claim/schema.h"
#include "claim/statement.h"
#include "model/program.h"
#include "r1cs/r1cs.h"

#define CIRCUIT_CAPACITY_MAX (1u << 20)

/* What a circuit file holds: all that decides the constraint system. Weights are no part of it. */
typedef struct {
    uint32_t capacity; /* samples, 1..CIRCUIT_CAPACITY_MAX */
    program prog;
    schema columns;
} circuit_spec;

typedef struct circuit circuit; /* a spec, its recorded constraint system and wire layout */

/* Takes the spec over (it is cleared on failure too) and records its constraint system. */
ZKM_MUST_CHECK zkm_status circuit_new(zkm_error *err, circuit **out, circuit_spec *spec);
void circuit_free(circuit *c); /* NULL accepted */

const circuit_spec *circuit_get_spec(const circuit *c);
const r1cs *circuit_constraints(const circuit *c);
/* Keccak-256("zkmetric.circuit.v1" || file bytes || digest of the constraint system). */
const uint8_t *circuit_digest(const circuit *c);

/* The circuit file: magic, version, spec, digest. Reading records the system again and compares
 * digests. */
ZKM_MUST_CHECK zkm_status circuit_write(zkm_error *err, const circuit *c, const char *path);
ZKM_MUST_CHECK zkm_status circuit_read(zkm_error *err, circuit **out, const char *path);
ZKM_MUST_CHECK zkm_status circuit_from_bytes(zkm_error *err, circuit **out, const uint8_t *data,
                                             size_t len);

/* Constraints of each part, for reports: names are static or owned by the circuit. */
typedef struct {
    const char *name; /* block's name */
    uint64_t rows;
} circuit_part;
size_t circuit_parts(const circuit *c, circuit_part *out,
                     size_t room); /* returns how many there are */

/* The private inputs of one proof. */
typedef struct {
    const program_weights *weights;
    const dataset *data; /* n <= capacity */
    const fr *salt;
} circuit_private;

/* The squared error sum over all n * m outputs, in units of 2^-2F, and F; fills what a statement
 * needs. ZKM_ERR_RANGE names the sample and layer that leaves its range. */
typedef struct {
    unsigned __int128 sum_squares;
    int32_t frac;         /* F */
    uint64_t num_outputs; /* n * m */
    double rmse;          /* for reports */
} circuit_metric;
ZKM_MUST_CHECK zkm_status circuit_measure(zkm_error *err, circuit_metric *out, const circuit *c,
                                          const circuit_private *in, unsigned threads);
/* 1 when S * 2^(64 - 2F) < n * m * threshold^2, else 0: exactly the circuit's inequality. */
uint32_t circuit_verdict(const circuit_metric *metric, uint64_t threshold);

/*
 * Fills wire 0 and the committed wires of wires[0 .. num_wires). The statement's model_id,
 * dataset_id, num_samples and verdict must be the true ones; a statement that is not gives wires
 * that no solving completes. Wires 1 and 2 (c and P) are for the caller to set, then r1cs_solve
 * does the rest.
 */
ZKM_MUST_CHECK zkm_status circuit_assign(zkm_error *err, fr *wires, const circuit *c,
                                         const circuit_private *in, const statement *claim,
                                         unsigned threads);

/*
 * Fills wire 0 and all wires that the model alone decides, whatever data and statement are:
 * weights, biases, their limbs, the rows of model_id and the statement's field; known[i] is set for
 * these and cleared for others. Both are num_wires long; the weights are those of a model of the
 * circuit's program.
 */
ZKM_MUST_CHECK zkm_status circuit_assign_model(zkm_error *err, fr *wires, bool *known,
                                               const circuit *c, const program_weights *weights);

#endif
