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
    const fr *scalars;
    size_t n;
    bool checked; /* points of G1 are known to be of their group */
    bool finite;  /* infinity is refused, too */
} point_source;

/* *out = the sum of scalars[i] P_i; in G2 scalars are weights (point_check.h). ZKM_REJECTED when a
 * point is not in its group. */
ZKM_MUST_CHECK zkm_status point_sum_g1(zkm_error *err, g1 *out, const point_source *source,
                                       unsigned threads);
ZKM_MUST_CHECK zkm_status point_sum_g2(zkm_error *err, g2 *out, const point_source *source,
                                       unsigned threads);

#endif
