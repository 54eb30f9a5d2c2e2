/* BLAKE2b with 64-byte digests and no key (RFC 7693): the hash by which snarkjs's files are
 * announced
 * (`b2sum` prints it). */
#ifndef MATH_BLAKE2B_H
#define MATH_BLAKE2B_H

#include <stddef.h>
#include <stdint.h>

#define BLAKE2B_BYTES 64

void blake2b(uint8_t out[BLAKE2B_BYTES], const uint8_t *data, size_t n);

#endif
