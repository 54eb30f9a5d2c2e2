/* RFC 7693, section 3. */
#include "math/blake2b.h"

#include <string.h>

enum { ROUNDS = 12 };

/* Appendix C.2: the square roots' fractions that SHA-512 starts from, too. */
static const uint64_t IV[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                               0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                               0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

/* Section 2.7; rounds 10 and 11 repeat the first two. */
static const uint8_t SIGMA[10][16] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                                      {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
                                      {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
                                      {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
                                      {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
                                      {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
                                      {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
                                      {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
                                      {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
                                      {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

static inline uint64_t rotate(uint64_t x, unsigned n) { return x >> n | x << (64 - n); }

static inline void mix(uint64_t v[16], unsigned a, unsigned b, unsigned c, unsigned d, uint64_t x,
                       uint64_t y) {
    v[a] += v[b] + x;
    v[d] = rotate(v[d] ^ v[a], 32);
    v[c] += v[d];
    v[b] = rotate(v[b] ^ v[c], 24);
    v[a] += v[b] + y;
    v[d] = rotate(v[d] ^ v[a], 16);
    v[c] += v[d];
    v[b] = rotate(v[b] ^ v[c], 63);
}

static uint64_t word(const uint8_t *bytes) {
    uint64_t w = 0;
    for (unsigned i = 8; i-- > 0;)
        w = w << 8 | bytes[i];
    return w;
}

static void compress(uint64_t h[8], const uint8_t block[BLAKE2B_BLOCK], uint64_t length,
                     uint64_t last) {
    uint64_t v[16], m[16];
    for (unsigned i = 0; i < 16; i++)
        m[i] = word(block + 8 * i);
    memcpy(v, h, 8 * sizeof *v);
    memcpy(v + 8, IV, sizeof IV);
    v[12] ^= length;
    v[14] ^= last;
    for (unsigned i = 0; i < ROUNDS; i++) {
        const uint8_t *s = SIGMA[i % 10];
        mix(v, 0, 4, 8, 12, m[s[0]], m[s[1]]);
        mix(v, 1, 5, 9, 13, m[s[2]], m[s[3]]);
        mix(v, 2, 6, 10, 14, m[s[4]], m[s[5]]);
        mix(v, 3, 7, 11, 15, m[s[6]], m[s[7]]);
        mix(v, 0, 5, 10, 15, m[s[8]], m[s[9]]);
        mix(v, 1, 6, 11, 12, m[s[10]], m[s[11]]);
        mix(v, 2, 7, 8, 13, m[s[12]], m[s[13]]);
        mix(v, 3, 4, 9, 14, m[s[14]], m[s[15]]);
    }
    for (unsigned i = 0; i < 8; i++)
        h[i] ^= v[i] ^ v[i + 8];
}

void blake2b_init(blake2b_state *s) {
    *s = (blake2b_state){0};
    memcpy(s->h, IV, sizeof s->h);
    s->h[0] ^= 0x01010000 | BLAKE2B_BYTES;
}

void blake2b_update(blake2b_state *s, const uint8_t *data, size_t n) {
    while (n > 0) {
        if (s->used == BLAKE2B_BLOCK) {
            s->length += BLAKE2B_BLOCK;
            compress(s->h, s->block, s->length, 0);
            s->used = 0;
        }
        size_t room = BLAKE2B_BLOCK - s->used, piece = n < room ? n : room;
        memcpy(s->block + s->used, data, piece);
        s->used += piece;
        data += piece;
        n -= piece;
    }
}

void blake2b_final(blake2b_state *s, uint8_t out[BLAKE2B_BYTES]) {
    memset(s->block + s->used, 0, BLAKE2B_BLOCK - s->used);
    compress(s->h, s->block, s->length + s->used, ~UINT64_C(0));
    for (unsigned i = 0; i < BLAKE2B_BYTES; i++)
        out[i] = (uint8_t)(s->h[i / 8] >> (8 * (i % 8)));
}

void blake2b(uint8_t out[BLAKE2B_BYTES], const uint8_t *data, size_t n) {
    blake2b_state s;
    blake2b_init(&s);
    blake2b_update(&s, data, n);
    blake2b_final(&s, out);
}
