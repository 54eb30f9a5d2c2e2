/* BLAKE2b with 64-byte digests and no key (RFC 7693): the hash by which snarkjs's files are
 * announced (`b2sum` prints it), and of its transcripts. */
#ifndef MATH_BLAKE2B_H
#define MATH_BLAKE2B_H

#include <stddef.h>
#include <stdint.h>

#define BLAKE2B_BYTES 64
#define BLAKE2B_BLOCK 128

typedef struct {
    uint64_t h[8];
    uint64_t length; /* bytes compressed */
    size_t used;     /* bytes in `block`, which is compressed when more follow */
    uint8_t block[BLAKE2B_BLOCK];
} blake2b_state;

void blake2b_init(blake2b_state *s);
void blake2b_update(blake2b_state *s, const uint8_t *data, size_t n);
void blake2b_final(blake2b_state *s, uint8_t out[BLAKE2B_BYTES]);

void blake2b(uint8_t out[BLAKE2B_BYTES], const uint8_t *data, size_t n);

#endif
