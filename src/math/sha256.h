/* SHA-256 (FIPS 180-4), for the beacons of snarkjs's ceremonies. */
#ifndef MATH_SHA256_H
#define MATH_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_BYTES 32

/* out may be data. */
void sha256(uint8_t out[SHA256_BYTES], const uint8_t *data, size_t n);

#endif
