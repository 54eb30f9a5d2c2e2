/*
 * G2 of BN254: the subgroup of prime order r of the twist y^2 = x^3 + 3/(9 + u) over Fp2 (EIP-197).
 * Operations g2_*: see curve_template.h.
 *
 * Canonical bytes: x.c1 || x.c0 || y.c1 || y.c0, each 32 bytes big-endian and below p. Compressed:
 * x.c1 || x.c0 with the two highest bits holding 10 when y is the smaller of y, -y and 11 when it
 * is the larger, comparing (c1, c0) lexicographically. Reading refuses infinity, values not below
 * p, points off the curve and points outside the subgroup.
 */
#ifndef MATH_G2_H
#define MATH_G2_H

#include "math/fp2.h"
#include "math/fr.h"

#define G2_BYTES 128
#define G2_COMPRESSED_BYTES 64

#define CURVE g2
#define CURVE_F fp2
#include "math/curve_template.h"

/* Whether a point of the twist (or infinity) lies in the subgroup of order r. */
bool g2_in_subgroup(const g2_affine *p);

/* p is a point of G2; infinity has no canonical bytes and is written as zeros, which no reader
 * accepts. */
void g2_to_bytes(uint8_t out[G2_BYTES], const g2_affine *p);
void g2_compress(uint8_t out[G2_COMPRESSED_BYTES], const g2_affine *p);

/* False, and *out untouched, on anything but the canonical bytes of a point of G2 other than
 * infinity. */
ZKM_MUST_CHECK bool g2_from_bytes(g2_affine *out, const uint8_t in[G2_BYTES]);
ZKM_MUST_CHECK bool g2_decompress(g2_affine *out, const uint8_t in[G2_COMPRESSED_BYTES]);

#endif
