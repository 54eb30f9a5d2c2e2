/* The widest Keccak that processor and backend allow. */
#include "math/keccak_chunks.h"

#include <string.h>

#include "math/backend.h"
#include "math/keccak.h"

static size_t vector_width(void) {
#if defined(__x86_64__)
    if (strcmp(math_backend_current()->name, "portable") == 0)
        return 1;
    if (__builtin_cpu_supports("avx512f"))
        return 8;
    if (__builtin_cpu_supports("avx2"))
        return 4;
#endif
    return 1;
}

void keccak256_chunks(uint8_t (*out)[32], const uint8_t *data, size_t n, size_t count) {
    size_t width = vector_width(), i = 0;
#if defined(__x86_64__)
    for (; width == 8 && count - i >= 8; i += 8)
        keccak256_chunks_avx512(out + i, data + i * n, n);
    for (; width >= 4 && count - i >= 4; i += 4)
        keccak256_chunks_avx2(out + i, data + i * n, n);
#endif
    for (; i < count; i++)
        keccak256(out[i], data + i * n, n);
}
