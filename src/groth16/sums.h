/* A proof's multi-scalar multiplications: memory that several of them share, and the choice of how.
 */
#ifndef GROTH16_SUMS_H
#define GROTH16_SUMS_H

#include "math/fr.h"
#include "math/g1.h"
#include "math/g2.h"

#include "groth16/scratch.h" /* after those whose parameters have its name */

/* Working memory grows to what the largest sum takes, so that pages are touched and wiped once. */
typedef struct {
    unsigned threads;
    scratch memory;
} sum_room;

/* Room for sums of up to n_g1 and n_g2 terms at once; sums with more terms enlarge it. */
ZKM_MUST_CHECK zkm_status sum_room_reserve(zkm_error *err, sum_room *room, size_t n_g1,
                                           size_t n_g2);
void sum_room_clear(sum_room *room); /* wipes; a zeroed one is accepted */

/* out = sum scalars[i] bases[i] */
ZKM_MUST_CHECK zkm_status sum_g1(zkm_error *err, g1 *out, const g1_affine *bases, const fr *scalars,
                                 size_t n, sum_room *room);
ZKM_MUST_CHECK zkm_status sum_g2(zkm_error *err, g2 *out, const g2_affine *bases, const fr *scalars,
                                 size_t n, sum_room *room);
/* The same where many scalars may be equal, as the inverses of looked-up values are. */
ZKM_MUST_CHECK zkm_status sum_repeating_g1(zkm_error *err, g1 *out, const g1_affine *bases,
                                           const fr *scalars, size_t n, sum_room *room);

#endif
