/* Lagrange bases in the exponent: from the powers of tau, as points, to L_j(tau), as points. */
#ifndef GROTH16_LAGRANGE_POINTS_H
#define GROTH16_LAGRANGE_POINTS_H

#include "base/error.h"
#include "math/g1.h"
#include "math/g2.h"

/*
 * In place: points[k] = tau^k Q for k < n becomes points[j] = L_j(tau) Q, with L the basis of the
 * domain of n elements (2^k, 3 2^k or 9 2^k; math/fft.h): the inverse transform, n log n products
 * of points and roots. Takes 96 (G1) or 192 (G2) bytes a point. `stage` names it in reports of
 * progress.
 */
ZKM_MUST_CHECK zkm_status lagrange_points_g1(zkm_error *err, g1_affine *points, size_t n,
                                             unsigned threads, const zkm_progress *progress,
                                             const char *stage);
ZKM_MUST_CHECK zkm_status lagrange_points_g2(zkm_error *err, g2_affine *points, size_t n,
                                             unsigned threads, const zkm_progress *progress,
                                             const char *stage);

#endif
