/* Loops over field elements: vectors, sums of products, square roots; included once by each
 * backend. */
#include "math/backend.h"

/* The IFMA backend has its own, in lanes_ifma.h; for doubles the way to and from memory is too
 * long. */
#if !defined(ZKM_BACKEND_IFMA) || defined(ZKM_VERIFIER_ONLY)
static void fr_mul_vector(fr *out, const fr *a, const fr *b, size_t n) {
    for (size_t i = 0; i < n; i++)
        fr_mul(&out[i], &a[i], &b[i]);
}

static void fp_mul_vector(fp *out, const fp *a, const fp *b, size_t n) {
    for (size_t i = 0; i < n; i++)
        fp_mul(&out[i], &a[i], &b[i]);
}
#endif

#ifndef ZKM_VERIFIER_ONLY
/*
 * The integer sum of all products, then one reduction. The sum is t + 2^256 u + 2^512 v with t and
 * u below 2^256 and v below n, so that t + u (2^256 mod p) + v (2^512 mod p) is congruent to it;
 * this is below 2^256 + 2^256 0.3 p + n p < 5 p^2, as dot4 wants it.
 */
static void fr_dot_loop(fr *out, const fr *const *a, const fr *const *b, size_t n) {
    const fr units[4] = {{{1}}, fr_ONE, fr_R2, {{0}}};
    uint64_t sum[9] = {0};
    for (size_t i = 0; i < n; i++)
        fr_add_product(sum, a[i], b[i]);
    const fr parts[4] = {
        {{sum[0], sum[1], sum[2], sum[3]}}, {{sum[4], sum[5], sum[6], sum[7]}}, {{sum[8]}}, {{0}}};
    fr_dot4(out, units, parts, units + 2, parts + 2);
}

static void fr_batch_inv_loop(fr *v, size_t n, fr *scratch) { fr_batch_inv(v, n, scratch); }
#endif

/*
 * p = 3 mod 4: a^((p+1)/4) is a root when there is one, since then a^((p-1)/2) = 1. Fixed windows
 * of four bits: 252 squarings and 63 products.
 */
static bool fp_sqrt_loop(fp *out, const fp *a) {
    const uint64_t e[4] = {0x4f082305b61f3f52, 0x65e05aa45a1c72a3, 0x6e14116da0605617,
                           0x0c19139cb84c680a}; /* (p + 1) / 4 */
    fp powers[16], root, square;
    fp_set_one(&powers[0]);
    for (int i = 1; i < 16; i++)
        fp_mul(&powers[i], &powers[i - 1], a);
    fp_set_one(&root);
    for (int i = 63; i >= 0; i--) {
        for (int j = 0; j < 4; j++)
            fp_sqr(&root, &root);
        fp_mul(&root, &root, &powers[e[i / 16] >> (4 * (i % 16)) & 15]);
    }
    fp_sqr(&square, &root);
    if (!fp_equal(&square, a))
        return false;
    *out = root;
    return true;
}
