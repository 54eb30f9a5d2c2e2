/* Four messages at once on AVX2. */
#if defined(__x86_64__)
#define LANES 4
#define KECCAK_TARGET __attribute__((target("avx2")))
#include "math/keccak_lanes.h"

#include "math/keccak_chunks.h"

void keccak256_chunks_avx2(uint8_t (*out)[32], const uint8_t *data, size_t n) {
    keccak256_lanes(out, data, n);
}
#endif
