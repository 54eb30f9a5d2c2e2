/*
 * Key generation by one party (DESIGN section 3, "Setup"; Groth 2016, section 3.2). Whoever runs it
 * could keep the secrets and forge proofs; the keys are marked so (GROTH16_SINGLE_PARTY).
 */
#ifndef GROTH16_SETUP_H
#define GROTH16_SETUP_H

#include "groth16/vk.h"
#include "r1cs/r1cs.h"

typedef struct {
    unsigned threads;             /* 0: all */
    const zkm_progress *progress; /* may be NULL */
    /* A key as other programs take it: a domain 2^k, and B's columns in G1. Else the domain is the
     * smallest of all, and A is blinded by a column of its own, which saves the prover a sum. */
    bool exportable;
} groth16_setup_options;

/*
 * Draws tau, alpha, beta, gamma, delta, delta1, writes the proving key to pk_path (section by
 * section: memory stays near 200 bytes a wire) and gives the verifying key; wipes the secrets and
 * all that was computed from them. A system with committed wires must have two public ones
 * (challenge, folded statement).
 *
 * ZKM_ERR_ARGUMENT when the system is of no provable shape, among others when a public wire or the
 * constant has no row x * 0 = 0 of its own: such a row makes its column independent of all others,
 * without it a public input may be free (zcash#3425).
 */
ZKM_MUST_CHECK zkm_status groth16_setup(zkm_error *err, groth16_vk **vk, const char *pk_path,
                                        const r1cs *cs, const uint8_t circuit_digest[32],
                                        const groth16_setup_options *options);

#endif
