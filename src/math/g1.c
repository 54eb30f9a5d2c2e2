/* G1: generator, membership, scalar multiplication, canonical bytes. */
#include "math/g1.h"

#include <string.h>

#include "math/backend.h"

/* (1, 2) in Montgomery form. */
static const g1_affine GENERATOR = {
    {{0xd35d438dc58f0d9d, 0x0a78eb28f5c70b3d, 0x666ea36f7879462c, 0x0e0a77c19a07df2f}},
    {{0xa6ba871b8b1e1b3a, 0x14f1d651eb8e167b, 0xccdd46def0f28c58, 0x1c14ef83340fbe5e}}};

const g1_affine *g1_generator(void) { return &GENERATOR; }

void g1_mul(g1 *out, const g1 *p, const fr *k) { g1_dot(out, p, k, 1); }

void g1_dot(g1 *out, const g1 *p, const fr *k, size_t n) {
    math_backend_current()->g1_dot(out, p, k, n);
}

/* x^3 + 3 */
static void right_side(fp *out, const fp *x) {
    fp t, three;
    fp_set_u64(&three, 3);
    fp_sqr(&t, x);
    fp_mul(&t, &t, x);
    fp_add(out, &t, &three);
}

bool g1_on_curve(const g1_affine *p) {
    fp l, r;
    fp_sqr(&l, &p->y);
    right_side(&r, &p->x);
    return fp_equal(&l, &r);
}

void g1_to_bytes(uint8_t out[G1_BYTES], const g1_affine *p) {
    fp_to_bytes(out, &p->x);
    fp_to_bytes(out + 32, &p->y);
}

bool g1_from_bytes(g1_affine *out, const uint8_t in[G1_BYTES]) {
    g1_affine p;
    if (!fp_from_bytes(&p.x, in) || !fp_from_bytes(&p.y, in + 32) || !g1_on_curve(&p))
        return false;
    *out = p;
    return true;
}

void g1_compress(uint8_t out[G1_COMPRESSED_BYTES], const g1_affine *p) {
    fp_to_bytes(out, &p->x);
    if (!g1_affine_is_infinity(p))
        out[0] = (uint8_t)(out[0] | (fp_is_larger(&p->y) ? 0xc0 : 0x80));
}

bool g1_decompress(g1_affine *out, const uint8_t in[G1_COMPRESSED_BYTES]) {
    uint8_t x_bytes[32];
    g1_affine p;
    if (!(in[0] & 0x80))
        return false;
    memcpy(x_bytes, in, 32);
    x_bytes[0] &= 0x3f;
    if (!fp_from_bytes(&p.x, x_bytes))
        return false;
    right_side(&p.y, &p.x);
    if (!fp_sqrt(&p.y, &p.y))
        return false;
    /* y is never 0: -3 is no cube in Fp, since r is odd the curve has no point of order two. */
    if (fp_is_larger(&p.y) != ((in[0] & 0x40) != 0))
        fp_neg(&p.y, &p.y);
    *out = p;
    return true;
}
