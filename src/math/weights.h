/*
 * Random weights of 128 bits for batch verification, of a shape that G1 multiplies by quickly.
 *
 * Z[omega] acts on G1 (endomorphism.h). A weight is 4^32 + sum over i < 32 of d_i 4^i, where the
 * i-th nibble of 16 bytes, the low one of a byte first, chooses d_i among sixteen elements of
 * Z[omega], one of each residue class modulo 4: 0, the units +-omega^k, their multiples by
 * 1 - omega, and 2 omega^k. Doublings and few additions of three multiples of the point compute it.
 *
 * Different bytes are different weights modulo r, so that uniform bytes are uniform over 2^128
 * weights, and none is 0. Proof: digits of two weights that agree modulo 4 are equal, hence so are
 * those of equal elements of Z[omega], one after the other. A digit has absolute value at most 2, a
 * weight thus at most 4^32 + 2 (4^32 - 1)/3 < 2^65, a difference of two below 2^66 and of norm
 * below 2^132; but an element that acts as 0 on G1 lies in an ideal of norm r > 2^253, and has a
 * norm of 0 or at least r.
 */
#ifndef MATH_WEIGHTS_H
#define MATH_WEIGHTS_H

#include "math/g1.h"

enum { WEIGHT_DIGITS = 32 };

typedef struct {
    uint8_t bytes[WEIGHT_DIGITS / 2]; /* any bytes */
} g1_weight;

/* The same weight as an element of Fr. */
void g1_weight_to_fr(fr *out, const g1_weight *weight);

/* points[i] = weights[i] points[i] for i < n. */
void g1_weigh_each(g1_affine *points, const g1_weight *weights, size_t n);

/* *out = the sum over i < n of weights[i] points[i]. */
void g1_weigh_sum(g1 *out, const g1_affine *points, const g1_weight *weights, size_t n);

#endif
