/*
 * Scalars that repeat, before a multi-scalar multiplication: sum_i s_i P_i is the sum over the
 * different values s of s * (sum of the P_i whose scalar is s). A point whose scalar repeats costs
 * one addition so instead of one a window. The inverses of a lookup argument take as many values as
 * the table has rows, however often they occur.
 *
 *   m = msm_merge_find(&merge, ...);             the number of products that remain
 *   msm_merge_g1(points, values, &merge, ...);   m of each, with the same sum
 */
#ifndef MATH_MSM_MERGE_H
#define MATH_MSM_MERGE_H

#include "math/g1.h"

typedef struct {
    const fr *scalars;
    size_t kept;           /* scalars other than 0 */
    uint32_t *same;        /* of each scalar: the index of one that all equal ones share */
    uint32_t *order;       /* the kept scalars' indices, equal scalars side by side */
    uint32_t *first_value; /* of each segment of the order: its first product */
} msm_merge;

/* Whether equal scalars are so many that finding them pays, judged by a sample: of a few thousand
 * scalars spread over all, are two the same? 0 and 1 do not count; they cost little anyway. */
bool msm_merge_pays(const fr *scalars, size_t n);

/* Bytes of scratch, of any alignment, for n scalars. n is below 2^31. */
size_t msm_merge_scratch(size_t n);

/* Finds equal scalars among n; returns the number of products that remain. scalars and scratch
 * (msm_merge_scratch(n) bytes) must stay as long as *out is used. Time depends on the scalars. */
size_t msm_merge_find(msm_merge *out, const fr *scalars, size_t n, unsigned threads, void *scratch);

/* Bytes of room for msm_merge_g1 on up to `threads` threads (0: threads_available()). */
size_t msm_merge_g1_room(unsigned threads);

/* The products: for each of msm_merge_find's m a point, which may be infinity, and a scalar. room
 * has any alignment. Bases may be infinity, but must be points of the curve. */
void msm_merge_g1(g1_affine *points, fr *values, const msm_merge *merge, const g1_affine *bases,
                  unsigned threads, void *room);

#endif
