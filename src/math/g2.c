/* G2: generator, membership, scalar multiplication, canonical bytes. */
#include "math/g2.h"

#include <string.h>

#include "math/backend.h"

/* EIP-197's P2 in Montgomery form. */
static const g2_affine GENERATOR = {
    {{{0x8e83b5d102bc2026, 0xdceb1935497b0172, 0xfbb8264797811adf, 0x19573841af96503b}},
     {{0xafb4737da84c6140, 0x6043dd5a5802d8c4, 0x09e950fc52a02f86, 0x14fef0833aea7b6b}}},
    {{{0x619dfa9d886be9f6, 0xfe7fd297f59e9b78, 0xff9e1a62231b7dfe, 0x28fd7eebae9e4206}},
     {{0x64095b56c71856ee, 0xdc57f922327d3cbb, 0x55f935be33351076, 0x0da4a0e693fd6482}}}};

/* The twist's b = 3 / (9 + u). */
static const fp2 TWIST_B = {
    {{0x3bf938e377b802a8, 0x020b1b273633535d, 0x26b7edf049755260, 0x2514c6324384a86d}},
    {{0x38e7ecccd1dcff67, 0x65f0b37d93ce0d3e, 0xd749d0dd22ac00aa, 0x0141b9ce4a688d4d}}};

const g2_affine *g2_generator(void) { return &GENERATOR; }

void g2_mul(g2 *out, const g2 *p, const fr *k) { math_backend_current()->g2_mul(out, p, k); }

/* x^3 + b */
static void right_side(fp2 *out, const fp2 *x) {
    fp2 t;
    fp2_sqr(&t, x);
    fp2_mul(&t, &t, x);
    fp2_add(out, &t, &TWIST_B);
}

bool g2_on_curve(const g2_affine *p) {
    fp2 l, r;
    fp2_sqr(&l, &p->y);
    right_side(&r, &p->x);
    return fp2_equal(&l, &r);
}

bool g2_in_subgroup(const g2_affine *p) { return math_backend_current()->g2_in_subgroup(p); }

void g2_to_bytes(uint8_t out[G2_BYTES], const g2_affine *p) {
    fp_to_bytes(out, &p->x.c1);
    fp_to_bytes(out + 32, &p->x.c0);
    fp_to_bytes(out + 64, &p->y.c1);
    fp_to_bytes(out + 96, &p->y.c0);
}

bool g2_from_bytes(g2_affine *out, const uint8_t in[G2_BYTES]) {
    g2_affine p;
    if (!fp_from_bytes(&p.x.c1, in) || !fp_from_bytes(&p.x.c0, in + 32) ||
        !fp_from_bytes(&p.y.c1, in + 64) || !fp_from_bytes(&p.y.c0, in + 96))
        return false;
    if (!g2_on_curve(&p) || !g2_in_subgroup(&p))
        return false;
    *out = p;
    return true;
}

void g2_compress(uint8_t out[G2_COMPRESSED_BYTES], const g2_affine *p) {
    fp_to_bytes(out, &p->x.c1);
    fp_to_bytes(out + 32, &p->x.c0);
    if (!g2_affine_is_infinity(p))
        out[0] = (uint8_t)(out[0] | (fp2_is_larger(&p->y) ? 0xc0 : 0x80));
}

bool g2_decompress(g2_affine *out, const uint8_t in[G2_COMPRESSED_BYTES]) {
    uint8_t high[32];
    g2_affine p;
    if (!(in[0] & 0x80))
        return false;
    memcpy(high, in, 32);
    high[0] &= 0x3f;
    if (!fp_from_bytes(&p.x.c1, high) || !fp_from_bytes(&p.x.c0, in + 32))
        return false;
    right_side(&p.y, &p.x);
    if (!fp2_sqrt(&p.y, &p.y))
        return false;
    /* A point with y = 0 has order two and falls to the subgroup check. */
    if (fp2_is_larger(&p.y) != ((in[0] & 0x40) != 0))
        fp2_neg(&p.y, &p.y);
    if (!g2_in_subgroup(&p))
        return false;
    *out = p;
    return true;
}
