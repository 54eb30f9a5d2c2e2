/* Shared by single and batch verification. */
#ifndef GROTH16_VERIFY_INTERNAL_H
#define GROTH16_VERIFY_INTERNAL_H

#include "groth16/verify.h"

/*
 * The public wires of a proof: (c, P) of a committed one, the statement itself of a plain one.
 * ZKM_REJECTED when proof and key are not of one kind, ZKM_ERR_ARGUMENT when count is not the
 * key's.
 */
ZKM_MUST_CHECK zkm_status verify_publics(zkm_error *err, const fr **publics, fr room[2],
                                         const groth16_vk *vk, const fr *statement, size_t count,
                                         const groth16_proof *proof);

/* *out = sum scalars[i] points[i] over i < n. */
void verify_sum(g1 *out, const g1_affine *points, const fr *scalars, size_t n);

#endif
