/* Sums over points that lie in a mapped file, a chunk at a time, with every point checked on the
 * way: memory stays bounded whatever the file's size. */
#ifndef GROTH16_POINT_SUMS_H
#define GROTH16_POINT_SUMS_H

#include "base/error.h"
#include "math/g1.h"
#include "math/g2.h"

/* n affine points in Montgomery form at `data` (any alignment). */
typedef struct {
    const uint8_t *data;
    /* NULL: scalars are x^i, and infinity is refused. Else their array; infinity is good then. */
    const fr *scalars;
    size_t n;
    bool checked; /* the points are known to be of their group */
} point_source;

/* *out = the sum of scalars[i] P_i, or of x^i P_i. ZKM_REJECTED when a point is not in its group.
 */
ZKM_MUST_CHECK zkm_status point_sum_g1(zkm_error *err, g1 *out, const point_source *source,
                                       const fr *x, unsigned threads);
ZKM_MUST_CHECK zkm_status point_sum_g2(zkm_error *err, g2 *out, const point_source *source,
                                       const fr *x, unsigned threads);

#endif
