/*
 * Halving the quotient of a specialised key, where the system is interleaved (r1cs.h) and the known
 * wires are all that its rows at odd places have.
 *
 * Let n be the domain's size, m = n / 2, V the subgroup of order m, on which the even places lie, K
 * its other coset, z = X^m - 1, s = (X^m + 1) / 2. Let A_0, B_0, C_0 have the odd rows' values on K
 * and vanish on V, and let a, b, c be the interpolating polynomials of degree below m of the even
 * rows' values on V. Then A = A_0 + s a and so on, because s is 1 on V and 0 on K; A_0 = z A_0' and
 * B_0 = z B_0'; and with a b - c = z h, the prover's H = (A B - C) / (X^n - 1) is
 *
 *   H = H_0 + (A_0' b + B_0' a) / 2 + c / 4 + h (X^m + 1) / 4,   H_0 = (A_0 B_0 - C_0) / (X^n - 1).
 *
 * H_0 is one point. The next three terms are linear in the even rows' values, so in the wires: each
 * wire i has a point Q_i. Only h, the quotient of the even rows, has coordinates that a prover must
 * compute for each proof: m values of a b - c on K, and m points U_k for them, instead of n.
 *
 * All these points are images of H's basis in the key under F(g) = sum_i (-2) g(x_i) H_i, x_i the
 * odd powers of the root of order 2n, which is linear and takes a polynomial g of degree below n to
 * [g(tau) (tau^n - 1) / delta]_1. For all basis polynomials at once that is a transform of points.
 */
#ifndef GROTH16_PK_HALVE_H
#define GROTH16_PK_HALVE_H

#include "groth16/pk.h"
#include "r1cs/r1cs.h"

#include "groth16/scratch.h" /* after those whose parameters have its name */

typedef struct {
    scratch quotient; /* g1_affine, m: U_k, for (a b - c)(w^(2k+1)), w the root of order n */
    scratch linear;   /* g1_affine, num_wires: Q_i of unknown wires, infinity of others */
    g1_affine blind;  /* Q of the blinding column's wire */
    g1_affine fixed;  /* H_0 and what the known wires add */
} pk_half;

/* Whether the system is interleaved, and every fixed row is of known wires only. */
bool pk_can_halve(const r1cs *cs, const bool *known);

/* The points of a halved key. wires and known are those of groth16_pk_specialise, and pk_can_halve
 * holds; the chunks of PK_H have been checked. Takes some n log n products of points. Ends with
 * pk_half_clear, after failure too. */
ZKM_MUST_CHECK zkm_status pk_halve(zkm_error *err, pk_half *out, const groth16_pk *pk,
                                   const r1cs *cs, const fr *wires, const bool *known,
                                   unsigned threads, const zkm_progress *progress);
void pk_half_clear(pk_half *half);

#endif
