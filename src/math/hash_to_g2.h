/* A point of G2 whose discrete logarithm nobody knows, from a hash. */
#ifndef MATH_HASH_TO_G2_H
#define MATH_HASH_TO_G2_H

#include "math/g2.h"

/*
 * Tries x_0, x_1, ... until one is the abscissa of a point of the twist, takes the root that the
 * hash chooses, and multiplies by the cofactor 2p - r. Each coordinate of x_i is 512 bits of
 * Keccak-256(seed || i || part) modulo p, so within 2^-257 of uniform. Not infinity. Time depends
 * on the seed.
 */
void hash_to_g2(g2_affine *out, const uint8_t seed[32]);

/* *out = (2p - r) (x, y), with y the larger root when `larger`, else the smaller: a point of G2, or
 * infinity. False when no point of the twist has the abscissa x. */
ZKM_MUST_CHECK bool g2_from_abscissa(g2_affine *out, const fp2 *x, bool larger);

#endif
