/* Keccak-256 as Ethereum uses it (padding byte 0x01; FIPS 202 permutation, rate 136, capacity 512
 * bits). */
#ifndef MATH_KECCAK_H
#define MATH_KECCAK_H

#include <stddef.h>
#include <stdint.h>

#define KECCAK256_RATE 136u

typedef struct {
    uint64_t lanes[25];
    size_t used; /* bytes absorbed into the current block */
} keccak256_state;

void keccak256_init(keccak256_state *s);
void keccak256_update(keccak256_state *s, const uint8_t *data, size_t n);
/* Gives the digest and wipes nothing: hash secrets only where the state is wiped by the caller. */
void keccak256_final(keccak256_state *s, uint8_t out[32]);

void keccak256(uint8_t out[32], const uint8_t *data, size_t n);

#endif
