/* Weights as elements of Fr, and the calls into the backend in use. */
#include "math/weights.h"

#include "math/backend.h"
#include "math/endomorphism.h"
#include "math/weight_digits.h"

static void digit_to_fr(fr *out, weight_digit digit) {
    fr t;
    fr_set_zero(out);
    if (digit.kind == DIGIT_ZERO)
        return;
    fr_set_one(out);
    if (digit.kind == DIGIT_TWO)
        fr_double(out, out);
    else if (digit.kind == DIGIT_THETA)
        fr_sub(out, out, &G1_LAMBDA);
    for (unsigned i = 0; i < digit.power; i++) {
        fr_mul(&t, out, &G1_LAMBDA);
        *out = t;
    }
    if (digit.negative)
        fr_neg(out, out);
}

void g1_weight_to_fr(fr *out, const g1_weight *weight) {
    fr sum, digit;
    fr_set_one(&sum);
    for (unsigned i = WEIGHT_DIGITS; i-- > 0;) {
        fr_double(&sum, &sum);
        fr_double(&sum, &sum);
        digit_to_fr(&digit, weight_digit_at(weight, i));
        fr_add(&sum, &sum, &digit);
    }
    *out = sum;
}

void g1_weigh_each(g1_affine *points, const g1_weight *weights, size_t n) {
    math_backend_current()->g1_weigh_each(points, weights, n);
}

void g1_weigh_sum(g1 *out, const g1_affine *points, const g1_weight *weights, size_t n) {
    math_backend_current()->g1_weigh_sum(out, points, weights, n);
}
