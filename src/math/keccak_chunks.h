/* Keccak-256 of many chunks of one length: the tree hash of proving keys. */
#ifndef MATH_KECCAK_CHUNKS_H
#define MATH_KECCAK_CHUNKS_H

#include <stddef.h>
#include <stdint.h>

/* out[i] = Keccak-256(data[i * n .. (i + 1) * n)) for i < count, several at once where the backend
 * in use (math/backend.h) has vectors. */
void keccak256_chunks(uint8_t (*out)[32], const uint8_t *data, size_t n, size_t count);

/* Exactly 4 and exactly 8 chunks, on processors that have AVX2 or AVX-512F. */
void keccak256_chunks_avx2(uint8_t (*out)[32], const uint8_t *data, size_t n);
void keccak256_chunks_avx512(uint8_t (*out)[32], const uint8_t *data, size_t n);

#endif
