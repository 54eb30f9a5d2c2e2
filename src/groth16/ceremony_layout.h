/* What ceremonies fix about a key. */
#ifndef GROTH16_CEREMONY_LAYOUT_H
#define GROTH16_CEREMONY_LAYOUT_H

#include "groth16/ptau.h"
#include "r1cs/r1cs.h"

/* The domain of a system's key: the smallest that holds its rows and the blinding column's. Checks
 * the system's shape, as setup does. */
ZKM_MUST_CHECK zkm_status ceremony_domain(zkm_error *err, size_t *domain, const r1cs *cs);

/*
 * How many powers of tau the quotient's basis over a domain of n elements uses: 2n, or 2n - 1 where
 * the file has no more. Then its elements, the Lagrange polynomials of the doubled domain, lack
 * their terms of x^(2n-1), as in snarkjs's keys. An honest AB - C has degree below 2n - 1, where
 * these terms cancel. A prover that lets them not cancel proves AB - C = -s x^(2n-1) on the domain
 * for some s, but in a row x * 0 = 0, which every system has, B and C are 0, and so is s.
 */
static inline size_t quotient_powers(const ptau *p, size_t n) {
    return ptau_used(p, PTAU_TAU1, n);
}

#endif
