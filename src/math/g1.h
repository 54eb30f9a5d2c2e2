/*
 * G1 of BN254: y^2 = x^3 + 3 over Fp, of prime order r (EIP-196). Operations g1_*: see
 * curve_template.h.
 *
 * Canonical bytes: x || y, each 32 bytes big-endian and below p. Compressed: x alone with its two
 * highest bits, which p < 2^254 leaves free, holding 10 when y is the smaller of y, -y and 11 when
 * it is the larger. Reading refuses infinity, values not below p and points off the curve.
 */
#ifndef MATH_G1_H
#define MATH_G1_H

#include "math/fp.h"
#include "math/fr.h"

#define G1_BYTES 64
#define G1_COMPRESSED_BYTES 32

#define CURVE g1
#define CURVE_F fp
#include "math/curve_template.h"

/* *out = the sum over i < n of k[i] p[i], sharing doublings; for few points: many are msm_g1's.
 * Time depends on the scalars. */
void g1_dot(g1 *out, const g1 *p, const fr *k, size_t n);

/* p is a point of the curve; infinity has no canonical bytes and is written as zeros, which no
 * reader accepts. */
void g1_to_bytes(uint8_t out[G1_BYTES], const g1_affine *p);
void g1_compress(uint8_t out[G1_COMPRESSED_BYTES], const g1_affine *p);

/* False, and *out untouched, on anything but the canonical bytes of a point other than infinity. */
ZKM_MUST_CHECK bool g1_from_bytes(g1_affine *out, const uint8_t in[G1_BYTES]);
ZKM_MUST_CHECK bool g1_decompress(g1_affine *out, const uint8_t in[G1_COMPRESSED_BYTES]);

#endif
