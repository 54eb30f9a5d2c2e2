/* Whether points that lie in memory as they came from a file are points of their group, and a sum
 * that tells on the way. */
#ifndef GROTH16_POINT_CHECK_H
#define GROTH16_POINT_CHECK_H

#include "base/error.h"
#include "math/g1.h"
#include "math/g2.h"

/* Index of some point that is not reduced, not on its curve or (G2) not in the subgroup, n when all
 * are good; infinity is good, because the column of a wire may vanish. */
size_t points_find_bad_g1(const g1_affine *points, size_t n, unsigned threads);
size_t points_find_bad_g2(const g2_affine *points, size_t n, unsigned threads);

/* points_find_bad_g2, and *sum = the sum of weights[i] points[i] when all are good. Weights are
 * uniform below 2^FR_WEIGHT_BITS, drawn when the points stood fast (fr_random_weights). */
ZKM_MUST_CHECK zkm_status points_weigh_g2(zkm_error *err, size_t *bad, g2 *sum,
                                          const g2_affine *points, const fr *weights, size_t n,
                                          unsigned threads);

#endif
