/* Eight messages at once on AVX-512. */
#if defined(__x86_64__)
#define LANES 8
#define KECCAK_TARGET __attribute__((target("avx512f")))
#include "math/keccak_lanes.h"

#include "math/keccak_chunks.h"

void keccak256_chunks_avx512(uint8_t (*out)[32], const uint8_t *data, size_t n) {
    keccak256_lanes(out, data, n);
}
#endif
