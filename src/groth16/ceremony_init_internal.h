/* The points that a ceremony begins with, for both containers: .zkc and snarkjs's .zkey. */
#ifndef GROTH16_CEREMONY_INIT_INTERNAL_H
#define GROTH16_CEREMONY_INIT_INTERNAL_H

#include "groth16/ceremony_internal.h"
#include "groth16/scratch.h"

enum { QUOTIENT = PTAU_SERIES /* the last transform's number */, TRANSFORMS };

typedef struct {
    const r1cs *cs;
    const ptau *powers;
    size_t domain;
    const ceremony_options *options;
    /* Lagrange points, `domain` each: times 1, alpha, beta in G1; times 1 in G2. */
    scratch lagrange[PTAU_SERIES];
    scratch k, a, b; /* sums of the wires: K_i, A_i in G1 (Jacobian); B_i in G2 */
    bool with_b1;
    scratch b1; /* with_b1: B_i in G1 */
    /* NULL, or files that an interrupted init leaves, by series, and the quotient's. */
    char *checkpoint[TRANSFORMS];
    zkc_header header;
    file_writer *file;
} init_job;

/* The four Lagrange bases of the domain: from a prepared file of powers, or computed. */
ZKM_MUST_CHECK zkm_status ceremony_init_lagrange(zkm_error *err, init_job *job);
/* The sums of the wires. */
ZKM_MUST_CHECK zkm_status ceremony_init_columns(zkm_error *err, init_job *job);
/* The quotient's basis: the `domain` odd elements of the doubled domain's. */
ZKM_MUST_CHECK zkm_status ceremony_init_quotient(zkm_error *err, init_job *job, scratch *out);
void ceremony_init_clear(init_job *job);

#endif
