/* The pairing's public functions, each a call into the backend in use. */
#include "math/pairing.h"

#include "math/backend.h"

void g2_prepare(g2_prepared *out, const g2_affine *q) {
    math_backend_current()->g2_prepare(out, q);
}

void pairing(fp12 *out, const g1_affine *p, const g2_affine *q) {
    math_backend_current()->pairing_product(out, p, q, 1, NULL, NULL, 0);
}

bool pairing_check(const g1_affine *p, const g2_affine *q, size_t n) {
    return pairing_check_prepared(NULL, p, q, n, NULL, NULL, 0);
}

bool pairing_equal(const g1_affine *p, const g2_affine *q, const g1_affine *r, const g2_affine *s) {
    g1_affine left[2] = {*p, *r};
    const g2_affine right[2] = {*q, *s};
    g1_affine_neg(&left[1], &left[1]);
    return pairing_check(left, right, 2);
}

bool pairing_check_prepared(const fp12 *target, const g1_affine *p, const g2_affine *q, size_t n,
                            const g1_affine *fixed_p, const g2_prepared *const *fixed_q, size_t m) {
    fp12 product;
    math_backend_current()->pairing_product(&product, p, q, n, fixed_p, fixed_q, m);
    return target == NULL ? fp12_is_one(&product) : fp12_equal(&product, target);
}
