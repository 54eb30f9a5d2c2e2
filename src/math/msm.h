/*
 * Multi-scalar multiplication, sum_i scalars[i] * bases[i], by Pippenger's bucket method (1976;
 * Bernstein, Doumen, Lange and Oosterwijk, eprint 2012/549) with signed digits and affine buckets.
 *
 * Cost follows the scalars' sizes: v and r - v count as v. 0 costs nothing, +-1 one addition, up to
 * 16 bits about one addition (for many such), larger ones an addition per window. Bases may be
 * infinity, equal or opposite to each other, but must be points of the curve. Time depends on the
 * scalars.
 */
#ifndef MATH_MSM_H
#define MATH_MSM_H

#include "math/g1.h"
#include "math/g2.h"

/* Bytes of scratch for n scalars on up to `threads` threads (0: threads_available()). */
size_t msm_g1_scratch(size_t n, unsigned threads);
size_t msm_g2_scratch(size_t n, unsigned threads);

/*
 * *out = the sum; infinity for n = 0. n is below 2^31. scratch holds msm_*_scratch(n, threads)
 * bytes of any alignment. The result does not depend on `threads` (its coordinates' z may).
 */
void msm_g1(g1 *out, const g1_affine *bases, const fr *scalars, size_t n, unsigned threads,
            void *scratch);
void msm_g2(g2 *out, const g2_affine *bases, const fr *scalars, size_t n, unsigned threads,
            void *scratch);

#endif
