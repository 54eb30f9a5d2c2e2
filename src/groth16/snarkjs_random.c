/* See snarkjs_random.h. */
#include "groth16/snarkjs_random.h"

#include <string.h>

#include "math/hash_to_g2.h"

enum { WORDS = 16, ROUNDS = 20, COUNTER = 12, FIELD_BITS = 254 };

void snarkjs_random_init(snarkjs_random *g, const uint8_t seed[SNARKJS_SEED_BYTES]) {
    static const uint32_t CONSTANTS[4] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
    *g = (snarkjs_random){.used = WORDS};
    memcpy(g->state, CONSTANTS, sizeof CONSTANTS);
    for (unsigned i = 0; i < 8; i++)
        g->state[4 + i] = (uint32_t)seed[4 * i] << 24 | (uint32_t)seed[4 * i + 1] << 16 |
                          (uint32_t)seed[4 * i + 2] << 8 | seed[4 * i + 3];
}

static inline uint32_t rotate(uint32_t x, unsigned n) { return x << n | x >> (32 - n); }

static void quarter_round(uint32_t v[WORDS], unsigned a, unsigned b, unsigned c, unsigned d) {
    v[a] += v[b];
    v[d] = rotate(v[d] ^ v[a], 16);
    v[c] += v[d];
    v[b] = rotate(v[b] ^ v[c], 12);
    v[a] += v[b];
    v[d] = rotate(v[d] ^ v[a], 8);
    v[c] += v[d];
    v[b] = rotate(v[b] ^ v[c], 7);
}

static void next_block(snarkjs_random *g) {
    uint32_t *v = g->words;
    memcpy(v, g->state, sizeof g->words);
    for (unsigned i = 0; i < ROUNDS; i += 2) {
        for (unsigned j = 0; j < 4; j++)
            quarter_round(v, j, 4 + j, 8 + j, 12 + j);
        for (unsigned j = 0; j < 4; j++)
            quarter_round(v, j, 4 + (j + 1) % 4, 8 + (j + 2) % 4, 12 + (j + 3) % 4);
    }
    for (unsigned i = 0; i < WORDS; i++)
        v[i] += g->state[i];
    g->state[COUNTER]++; /* 2^32 blocks are not reached */
    g->used = 0;
}

static uint32_t next_word(snarkjs_random *g) {
    if (g->used == WORDS)
        next_block(g);
    return g->words[g->used++];
}

static bool below(const uint64_t a[4], const uint64_t b[4]) {
    for (int i = 3; i >= 0; i--)
        if (a[i] != b[i])
            return a[i] < b[i];
    return false;
}

static void next_limbs(uint64_t out[4], snarkjs_random *g, const uint64_t modulus[4]) {
    do {
        for (int i = 0; i < 4; i++) {
            uint64_t high = next_word(g);
            out[i] = high << 32 | next_word(g);
        }
        out[3] &= (UINT64_C(1) << (FIELD_BITS - 192)) - 1;
    } while (!below(out, modulus));
}

static void next_fp(fp *out, snarkjs_random *g) { next_limbs(out->l, g, fp_MODULUS.l); }

void snarkjs_random_fr(fr *out, snarkjs_random *g) { next_limbs(out->l, g, fr_MODULUS.l); }

void snarkjs_random_g1(g1_affine *out, snarkjs_random *g) {
    fp three, t;
    bool larger;
    fp_set_u64(&three, 3);
    do {
        next_fp(&out->x, g);
        larger = (next_word(g) & 1) != 0;
        fp_sqr(&t, &out->x);
        fp_mul(&t, &t, &out->x);
        fp_add(&t, &t, &three);
    } while (!fp_sqrt(&out->y, &t));
    if (fp_is_larger(&out->y) != larger)
        fp_neg(&out->y, &out->y);
}

void snarkjs_random_g2(g2_affine *out, snarkjs_random *g) {
    fp2 x;
    bool larger;
    do {
        next_fp(&x.c0, g);
        next_fp(&x.c1, g);
        larger = (next_word(g) & 1) != 0;
    } while (!g2_from_abscissa(out, &x, larger));
}
