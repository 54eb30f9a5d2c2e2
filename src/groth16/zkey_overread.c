/* Arithmetic as wasmcurves does it on any 256 bits; see zkey_overread.h. */
#include "groth16/zkey_overread.h"

#include <string.h>

typedef struct {
    uint64_t l[4];
} u256;

static uint64_t raw_add(u256 *out, const u256 *a, const uint64_t b[4]) {
    unsigned __int128 sum = 0;
    for (int i = 0; i < 4; i++) {
        sum += (unsigned __int128)a->l[i] + b[i];
        out->l[i] = (uint64_t)sum;
        sum >>= 64;
    }
    return (uint64_t)sum;
}

static uint64_t raw_sub(u256 *out, const u256 *a, const uint64_t b[4]) {
    uint64_t borrow = 0;
    for (int i = 0; i < 4; i++) {
        unsigned __int128 d = (unsigned __int128)a->l[i] - b[i] - borrow;
        out->l[i] = (uint64_t)d;
        borrow = (uint64_t)(d >> 64) & 1;
    }
    return borrow;
}

/* One subtraction of p, which leaves what is above 2p above p. */
static void reduce_once(u256 *a, uint64_t carry) {
    u256 less;
    uint64_t borrow = raw_sub(&less, a, fp_MODULUS.l);
    if (carry || !borrow)
        *a = less;
}

static void add(u256 *out, const u256 *a, const u256 *b) {
    uint64_t carry = raw_add(out, a, b->l);
    reduce_once(out, carry);
}

static void sub(u256 *out, const u256 *a, const u256 *b) {
    if (raw_sub(out, a, b->l))
        raw_add(out, out, fp_MODULUS.l);
}

/* (a b + m p) / 2^256 with the m below 2^256 that makes it whole */
static void mul(u256 *out, const u256 *a, const u256 *b) {
    uint64_t t[9] = {0};
    for (int i = 0; i < 4; i++) {
        const uint64_t *factors[2] = {b->l, fp_MODULUS.l};
        for (int pass = 0; pass < 2; pass++) {
            uint64_t by = pass == 0 ? a->l[i] : t[i] * fp_NEG_INV;
            unsigned __int128 c = 0;
            for (int j = 0; j < 4; j++) {
                c += (unsigned __int128)by * factors[pass][j] + t[i + j];
                t[i + j] = (uint64_t)c;
                c >>= 64;
            }
            for (int j = i + 4; j < 9; j++) {
                c += t[j];
                t[j] = (uint64_t)c;
                c >>= 64;
            }
        }
    }
    memcpy(out->l, t + 4, sizeof out->l);
    reduce_once(out, t[8]);
}

/* a modulo p, in Montgomery form as it stands */
static void to_fp(fp *out, const u256 *a) {
    u256 left = *a, less;
    while (!raw_sub(&less, &left, fp_MODULUS.l))
        left = less;
    memcpy(out->l, left.l, sizeof out->l);
}

/* (x, y) + q by "mmadd-2007-bl" of the Explicit-Formulas Database */
static void add_affine(g1 *out, const u256 *x, const u256 *y, const u256 *qx, const u256 *qy) {
    u256 h, hh, i, j, r, v, t, x3, y3;
    sub(&h, qx, x);
    sub(&r, qy, y);
    mul(&hh, &h, &h);
    add(&i, &hh, &hh);
    add(&i, &i, &i);
    mul(&j, &h, &i);
    add(&r, &r, &r);
    mul(&v, x, &i);
    mul(&x3, &r, &r);
    sub(&x3, &x3, &j);
    add(&t, &v, &v);
    sub(&x3, &x3, &t);
    mul(&t, y, &j);
    add(&t, &t, &t);
    sub(&y3, &v, &x3);
    mul(&y3, &y3, &r);
    sub(&y3, &y3, &t);
    add(&h, &h, &h);
    to_fp(&out->x, &x3);
    to_fp(&out->y, &y3);
    to_fp(&out->z, &h);
}

void zkey_overread_sub(g1_affine *out, const uint8_t bytes[64], const g1_affine *p) {
    u256 x, y, qx, qy;
    g1_affine minus;
    g1 sum;
    g1_affine_neg(&minus, p);
    memcpy(x.l, bytes, sizeof x.l); /* little-endian, as this machine is: pk_internal.h */
    memcpy(y.l, bytes + sizeof x.l, sizeof y.l);
    memcpy(qx.l, minus.x.l, sizeof qx.l);
    memcpy(qy.l, minus.y.l, sizeof qy.l);
    add_affine(&sum, &x, &y, &qx, &qy);
    g1_to_affine(out, &sum);
}
