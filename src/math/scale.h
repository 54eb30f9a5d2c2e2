/* Points times a scalar, in affine coordinates: one, many by one scalar, or each by its own. */
#ifndef MATH_SCALE_H
#define MATH_SCALE_H

#include "math/g1.h"
#include "math/g2.h"

/* *out = k p, which may be infinity; what came between is wiped. */
void g1_affine_mul(g1_affine *out, const g1_affine *p, const fr *k);
void g2_affine_mul(g2_affine *out, const g2_affine *p, const fr *k);

/* Bytes of scratch on up to `threads` threads (0: threads_available()). */
size_t g1_scale_scratch(unsigned threads);
size_t g2_scale_scratch(unsigned threads);

/*
 * points[i] = k points[i] for i < n, canonical; infinity stays. All points are of their group,
 * canonical or as g1_add_pairs leaves them. They go through one chain of doublings and additions,
 * in affine coordinates with shared inversions. scratch holds g1_scale_scratch(threads) bytes of
 * any alignment; it is left with multiples of the points. Time depends on k.
 */
void g1_scale(g1_affine *points, size_t n, const fr *k, unsigned threads, void *scratch);
void g2_scale(g2_affine *points, size_t n, const fr *k, unsigned threads, void *scratch);

/* points[i] = k[i] points[i], likewise. */
void g1_scale_each(g1_affine *points, const fr *k, size_t n, unsigned threads, void *scratch);
void g2_scale_each(g2_affine *points, const fr *k, size_t n, unsigned threads, void *scratch);

#endif
