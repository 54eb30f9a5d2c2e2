/* Try and increment. */
#include "math/hash_to_g2.h"

#include <string.h>

#include "math/keccak.h"

enum { PARTS = 4, SIGN_PART = PARTS };

static void part(uint8_t out[32], const uint8_t seed[32], uint32_t attempt, uint8_t index) {
    uint8_t message[37];
    memcpy(message, seed, 32);
    for (int i = 0; i < 4; i++)
        message[32 + i] = (uint8_t)(attempt >> (8 * i));
    message[36] = index;
    keccak256(out, message, sizeof message);
}

/* high * 2^256 + low modulo p */
static void coordinate(fp *out, const uint8_t seed[32], uint32_t attempt, uint8_t index) {
    uint8_t bytes[32];
    fp low, shift;
    part(bytes, seed, attempt, index);
    fp_from_bytes_reduce(out, bytes);
    part(bytes, seed, attempt, (uint8_t)(index + 1));
    fp_from_bytes_reduce(&low, bytes);
    fp_set_u64(&shift, 2);
    for (int i = 0; i < 8; i++)
        fp_sqr(&shift, &shift);
    fp_mul(out, out, &shift);
    fp_add(out, out, &low);
}

/* The cofactor of the subgroup in the twist, 2p - r, as limbs. */
static void cofactor(uint64_t out[4]) {
    unsigned __int128 borrow = 0;
    for (int i = 0; i < 4; i++) {
        uint64_t doubled = fp_MODULUS.l[i] << 1 | (i > 0 ? fp_MODULUS.l[i - 1] >> 63 : 0);
        unsigned __int128 d = (unsigned __int128)doubled - fr_MODULUS.l[i] - borrow;
        out[i] = (uint64_t)d;
        borrow = (uint64_t)(d >> 64) & 1;
    }
}

static void clear_cofactor(g2 *out, const g2_affine *p) {
    uint64_t h[4];
    cofactor(h);
    g2_set_infinity(out);
    for (int i = 255; i >= 0; i--) {
        g2_double(out, out);
        if (h[i / 64] >> (i % 64) & 1)
            g2_add_mixed(out, out, p);
    }
}

bool g2_from_abscissa(g2_affine *out, const fp2 *x, bool larger) {
    const g2_affine *g = g2_generator();
    g2_affine p = {.x = *x};
    fp2 b, t;
    g2 cleared;
    /* b = y^2 - x^3 at the generator */
    fp2_sqr(&b, &g->x);
    fp2_mul(&b, &b, &g->x);
    fp2_sqr(&t, &g->y);
    fp2_sub(&b, &t, &b);
    fp2_sqr(&t, x);
    fp2_mul(&t, &t, x);
    fp2_add(&t, &t, &b);
    if (!fp2_sqrt(&p.y, &t))
        return false;
    if (fp2_is_larger(&p.y) != larger)
        fp2_neg(&p.y, &p.y);
    clear_cofactor(&cleared, &p);
    g2_to_affine(out, &cleared);
    return true;
}

static bool try_point(g2_affine *out, const uint8_t seed[32], uint32_t attempt) {
    uint8_t sign[32];
    fp2 x;
    coordinate(&x.c0, seed, attempt, 0);
    coordinate(&x.c1, seed, attempt, 2);
    part(sign, seed, attempt, SIGN_PART);
    return g2_from_abscissa(out, &x, (sign[0] & 1) != 0) && !g2_affine_is_infinity(out);
}

void hash_to_g2(g2_affine *out, const uint8_t seed[32]) {
    for (uint32_t attempt = 0; !try_point(out, seed, attempt); attempt++) {
    }
}
