/* Weights as elements of Fr, and the calls into the backend in use. */
#include "math/weights.h"

#include "math/backend.h"
#include "math/endomorphism.h"
#include "math/weight_digits.h"

/* The element v; |v| < 2^127. */
static void fr_set_i128(fr *out, __int128 v) {
    unsigned __int128 size = v < 0 ? 0 - (unsigned __int128)v : (unsigned __int128)v;
    const fr limbs = {{(uint64_t)size, (uint64_t)(size >> 64), 0, 0}};
    fr_mul(out, &limbs, &fr_R2);
    if (v < 0)
        fr_neg(out, out);
}

/* Horner's rule for a + b omega; |a| and |b| are at most 4^32 + 2 (4^32 - 1)/3. */
void g1_weight_to_fr(fr *out, const g1_weight *weight) {
    __int128 a = 1, b = 0;
    fr real, other;
    for (unsigned i = WEIGHT_DIGITS; i-- > 0;) {
        weight_digit digit = weight_digit_at(weight, i);
        a = 4 * a + digit.a;
        b = 4 * b + digit.b;
    }
    fr_set_i128(&real, a);
    fr_set_i128(&other, b);
    fr_mul(&other, &other, &G1_LAMBDA);
    fr_add(out, &real, &other);
}

void g1_weigh_each(g1_affine *points, const g1_weight *weights, size_t n) {
    math_backend_current()->g1_weigh_each(points, weights, n);
}

void g1_weigh_sum(g1 *out, const g1_affine *points, const g1_weight *weights, size_t n) {
    math_backend_current()->g1_weigh_sum(out, points, weights, n);
}
