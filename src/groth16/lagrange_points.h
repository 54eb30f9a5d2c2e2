/* Lagrange bases in the exponent: from the powers of tau, as points, to L_j(tau), as points. */
#ifndef GROTH16_LAGRANGE_POINTS_H
#define GROTH16_LAGRANGE_POINTS_H

#include "base/error.h"
#include "math/g1.h"
#include "math/g2.h"

typedef struct {
    unsigned threads; /* 0: all */
    const zkm_progress *progress;
    const char *stage; /* its name in reports of progress */
    /* NULL, or a file where the work is kept after each level and taken up again; `subject` says
     * what of. The caller removes it when the whole is done. */
    const char *checkpoint;
    uint8_t subject[32];
} lagrange_options;

/*
 * In place: points[k] = tau^k Q for k < n becomes points[j] = L_j(tau) Q, with L the basis of the
 * domain of n elements (2^k, 3 2^k or 9 2^k; math/fft.h): the inverse transform, n log n / 2
 * products of points and roots. Infinity is good, too. Takes 64 (G1) or 128 (G2) bytes a point.
 */
ZKM_MUST_CHECK zkm_status lagrange_points_g1(zkm_error *err, g1_affine *points, size_t n,
                                             const lagrange_options *options);
ZKM_MUST_CHECK zkm_status lagrange_points_g2(zkm_error *err, g2_affine *points, size_t n,
                                             const lagrange_options *options);

/* points[k] = tau^k Q for k < 2n becomes points[i] = L_(2i+1)(tau) Q for i < n, with L the basis of
 * the domain of 2n elements. */
ZKM_MUST_CHECK zkm_status lagrange_points_odd_g1(zkm_error *err, g1_affine *points, size_t n,
                                                 const lagrange_options *options);

#endif
