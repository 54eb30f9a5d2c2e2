/*
 * The optimal ate pairing e: G1 x G2 -> GT of BN254 (Vercauteren, eprint 2008/096): a Miller loop
 * over 6x + 2, two lines for Frobenius images, and the power (p^12 - 1) / r.
 *
 * Inputs are points of G1 and G2 as _from_bytes or arithmetic give them; pairs in which either
 * point is infinity contribute 1. Nothing is secret here: time depends on the points.
 */
#ifndef MATH_PAIRING_H
#define MATH_PAIRING_H

#include "math/g1.h"
#include "math/g2.h"
#include "math/tower.h"

/* Lines of the Miller loop: 64 doublings, 21 additions for the signed digits of 6x + 2, two at the
 * end. */
#define PAIRING_LINES 87

/* The lines of a G2 point that takes part in many pairings, each divided by its leading
 * coefficient: 1 + line[i][0] (x/y) w + line[i][1] (1/y) w^3 at a G1 point (x, y). About 11 kB. */
typedef struct {
    fp2 line[PAIRING_LINES][2];
    bool infinity;
} g2_prepared;

void g2_prepare(g2_prepared *out, const g2_affine *q);

/* out = e(p, q), exactly the power (p^12 - 1) / r, so that values compare with other
 * implementations. */
void pairing(fp12 *out, const g1_affine *p, const g2_affine *q);

/* Whether the product of e(p[i], q[i]) over i < n is 1. */
ZKM_MUST_CHECK bool pairing_check(const g1_affine *p, const g2_affine *q, size_t n);

/* Whether e(p, q) = e(r, s). */
ZKM_MUST_CHECK bool pairing_equal(const g1_affine *p, const g2_affine *q, const g1_affine *r,
                                  const g2_affine *s);

/*
 * Whether the product of e(p[i], q[i]) over i < n and of e(fixed_p[i], *fixed_q[i]) over i < m
 * equals *target, a value of pairing() (NULL: 1).
 */
ZKM_MUST_CHECK bool pairing_check_prepared(const fp12 *target, const g1_affine *p,
                                           const g2_affine *q, size_t n, const g1_affine *fixed_p,
                                           const g2_prepared *const *fixed_q, size_t m);

#endif
