/* Fp2: square roots and the order that compressed points use. */
#include "math/fp2.h"

/* out = a / 2 */
static void half(fp *out, const fp *a) {
    uint64_t carry = 0;
    uint64_t odd = 0 - (a->l[0] & 1);
    uint64_t t[4];
    for (int i = 0; i < 4; i++) {
        unsigned __int128 s = (unsigned __int128)a->l[i] + (fp_MODULUS.l[i] & odd) + carry;
        t[i] = (uint64_t)s;
        carry = (uint64_t)(s >> 64);
    }
    for (int i = 0; i < 4; i++)
        out->l[i] = t[i] >> 1 | (i < 3 ? t[i + 1] << 63 : 0);
}

/* A root of a in Fp: a or -a is a square there, since -1 is none, and u^2 = -1. */
static bool sqrt_of_fp(fp2 *out, const fp *a) {
    fp minus;
    fp2 root;
    fp2_set_zero(&root);
    fp_neg(&minus, a);
    if (!fp_sqrt(&root.c0, a) && !fp_sqrt(&root.c1, &minus))
        return false;
    *out = root;
    return true;
}

/*
 * The complex method: with n = sqrt(c0^2 + c1^2), a root is x + y u where x^2 = (c0 + n)/2 or
 * (c0 - n)/2, whichever is a square, and y = c1 / (2x). Neither is 0 when c1 is not. The result is
 * confirmed by squaring it.
 */
bool fp2_sqrt(fp2 *out, const fp2 *a) {
    fp norm, t;
    fp2 root, square;
    if (fp_is_zero(&a->c1))
        return sqrt_of_fp(out, &a->c0);
    fp_sqr(&norm, &a->c0);
    fp_sqr(&t, &a->c1);
    fp_add(&norm, &norm, &t);
    if (!fp_sqrt(&norm, &norm))
        return false;
    fp_add(&t, &a->c0, &norm);
    half(&t, &t);
    if (!fp_sqrt(&root.c0, &t)) {
        fp_sub(&t, &a->c0, &norm);
        half(&t, &t);
        if (!fp_sqrt(&root.c0, &t))
            return false;
    }
    fp_double(&t, &root.c0);
    fp_inv(&t, &t);
    fp_mul(&root.c1, &a->c1, &t);
    fp2_sqr(&square, &root);
    if (!fp2_equal(&square, a))
        return false;
    *out = root;
    return true;
}

bool fp2_is_larger(const fp2 *a) {
    return fp_is_zero(&a->c1) ? fp_is_larger(&a->c0) : fp_is_larger(&a->c1);
}
