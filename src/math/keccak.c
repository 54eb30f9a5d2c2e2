/* Keccak-256, one message at a time. */
#include "math/keccak.h"

#include <string.h>

typedef uint64_t lanes;
#define KECCAK_INLINE static inline __attribute__((always_inline))
#include "math/keccak_permute.h"

static void permute(uint64_t a[25]) {
    uint64_t local[25];
    memcpy(local, a, sizeof local);
    lanes_permute(local);
    memcpy(a, local, sizeof local);
}

void keccak256_init(keccak256_state *s) { memset(s, 0, sizeof *s); }

static uint64_t load_le(const uint8_t *p) {
    uint64_t v = 0;
    for (int i = 0; i < 8; i++)
        v |= (uint64_t)p[i] << (8 * i);
    return v;
}

void keccak256_update(keccak256_state *s, const uint8_t *data, size_t n) {
    while (n > 0) {
        if (s->used % 8 == 0 && n >= 8) {
            s->lanes[s->used / 8] ^= load_le(data);
            s->used += 8;
            data += 8;
            n -= 8;
        } else {
            s->lanes[s->used / 8] ^= (uint64_t)*data++ << (8 * (s->used % 8));
            s->used++;
            n--;
        }
        if (s->used == KECCAK256_RATE) {
            permute(s->lanes);
            s->used = 0;
        }
    }
}

void keccak256_final(keccak256_state *s, uint8_t out[32]) {
    s->lanes[s->used / 8] ^= UINT64_C(0x01) << (8 * (s->used % 8));
    s->lanes[KECCAK256_RATE / 8 - 1] ^= UINT64_C(0x80) << 56;
    permute(s->lanes);
    for (int i = 0; i < 32; i++)
        out[i] = (uint8_t)(s->lanes[i / 8] >> (8 * (i % 8)));
}

void keccak256(uint8_t out[32], const uint8_t *data, size_t n) {
    keccak256_state s;
    keccak256_init(&s);
    keccak256_update(&s, data, n);
    keccak256_final(&s, out);
}
