/* Whether points that lie in memory as they came from a file are points of their group. */
#ifndef GROTH16_POINT_CHECK_H
#define GROTH16_POINT_CHECK_H

#include "math/g1.h"
#include "math/g2.h"

/* Index of some point that is not reduced, not on its curve or (G2) not in the subgroup, n when all
 * are good; infinity is good, because the column of a wire may vanish. */
size_t points_find_bad_g1(const g1_affine *points, size_t n, unsigned threads);
size_t points_find_bad_g2(const g2_affine *points, size_t n, unsigned threads);

#endif
