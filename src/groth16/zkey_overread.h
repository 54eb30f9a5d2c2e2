/*
 * What snarkjs subtracts from where a file of powers ends. Hashing the quotient's part of a circuit
 * with a domain of n > 2^14, `snarkjs zkey new` (up to 0.7.6 at least) takes one difference
 * tau^(n+i) - tau^i too many. In a file of exactly 2n - 1 powers tau^(2n-1) is not there: the 64
 * bytes that follow are taken for it, the next section's frame and beginning, and no point. What
 * comes out is fixed by the file, and part of the hash that every transcript begins with.
 */
#ifndef GROTH16_ZKEY_OVERREAD_H
#define GROTH16_ZKEY_OVERREAD_H

#include "math/g1.h"

/* *out = what `bytes` less p comes to by the affine formulas of wasmcurves, on integers of 256 bits
 * that need not be below the modulus. p is a point and not infinity. */
void zkey_overread_sub(g1_affine *out, const uint8_t bytes[64], const g1_affine *p);

#endif
