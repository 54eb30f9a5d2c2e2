/* Lagrange polynomials of a multiplicative subgroup, all evaluated at one point. */
#ifndef GROTH16_LAGRANGE_H
#define GROTH16_LAGRANGE_H

#include "math/fr.h"

/*
 * The points are x_j = first * step^j, j < count, taken from the subgroup of order `order`;
 * out[j] = factor * L_j(at) with L_j(x) = x_j (x^order - 1) / (order (x - x_j)), which is 1 at x_j
 * and 0 at the subgroup's other elements. `at` must not lie in the subgroup.
 */
void lagrange_values(fr *out, size_t count, uint64_t order, const fr *first, const fr *step,
                     const fr *at, const fr *factor, unsigned threads);

/* The root of unity 5^((r - 1) / order) that generates the subgroup of this order, which divides r
 * - 1; the same that math/fft.h and snarkjs use. */
void subgroup_root(fr *out, uint64_t order);

/* out = a^n */
void fr_power_u64(fr *out, const fr *a, uint64_t n);

#endif
