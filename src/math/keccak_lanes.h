/*
 * Keccak-256 of LANES equally long messages at once, one a vector lane. Included with LANES and
 * KECCAK_TARGET defined; gives keccak256_lanes. GCC's vector types compile to rotations and
 * three-operand logic where the processor has them.
 */
#include <stdint.h>
#include <string.h>

#include "math/keccak.h"

typedef uint64_t lanes __attribute__((vector_size(8 * LANES)));

#define KECCAK_INLINE KECCAK_TARGET static inline __attribute__((always_inline))
#include "math/keccak_permute.h"

/* Word w of the block that begins at byte `at` of every message. */
KECCAK_INLINE lanes lanes_load(const uint8_t *data, size_t stride, size_t at) {
    lanes v;
    for (int i = 0; i < LANES; i++) {
        uint64_t word;
        memcpy(&word, data + (size_t)i * stride + at, sizeof word);
        v[i] = word;
    }
    return v;
}

/* out[i] = Keccak-256(data[i * n .. (i + 1) * n)) for i < LANES; little-endian machines only. */
KECCAK_TARGET static void keccak256_lanes(uint8_t (*out)[32], const uint8_t *data, size_t n) {
    lanes a[25];
    memset(a, 0, sizeof a);
    size_t at = 0;
    for (; n - at >= KECCAK256_RATE; at += KECCAK256_RATE) {
        _Pragma("GCC unroll 17") for (size_t w = 0; w < KECCAK256_RATE / 8; w++) a[w] ^=
            lanes_load(data, n, at + 8 * w);
        lanes_permute(a);
    }
    for (int i = 0; i < LANES; i++) {
        uint8_t block[KECCAK256_RATE] = {0};
        memcpy(block, data + (size_t)i * n + at, n - at);
        block[n - at] ^= 0x01;
        block[KECCAK256_RATE - 1] ^= 0x80;
        for (size_t w = 0; w < KECCAK256_RATE / 8; w++) {
            uint64_t word;
            memcpy(&word, block + 8 * w, sizeof word);
            a[w][i] ^= word;
        }
    }
    lanes_permute(a);
    for (int i = 0; i < LANES; i++)
        for (int w = 0; w < 4; w++) {
            uint64_t word = a[w][i];
            memcpy(out[i] + 8 * w, &word, sizeof word);
        }
}
