/*
 * Verification (DESIGN section 3, "Verify"). ZKM_OK means accepted; ZKM_REJECTED says why not.
 *
 * Proofs are malleable: from one proof anyone can make another of the same statement (re-randomise
 * it), so the bytes of a proof identify nothing; use the statement.
 */
#ifndef GROTH16_VERIFY_H
#define GROTH16_VERIFY_H

#include "groth16/proof.h"
#include "groth16/vk.h"

/* A proof with a committed round, of a statement of `count` field elements. The key does not know
 * the number of fields: the caller passes exactly the fields that its circuit folds. */
ZKM_MUST_CHECK zkm_status groth16_verify_committed(zkm_error *err, const groth16_vk *vk,
                                                   const fr *statement, size_t count,
                                                   const groth16_proof *proof);

/* A proof of plain Groth16; count must be the key's number of public wires. */
ZKM_MUST_CHECK zkm_status groth16_verify_plain(zkm_error *err, const groth16_vk *vk,
                                               const fr *publics, size_t count,
                                               const groth16_proof *proof);

/*
 * n proofs under one key in one product of pairings, each raised to a random 128-bit weight: a
 * batch with a false proof passes with probability below 2^-127. statements holds n * count fields,
 * one statement after the other. On ZKM_REJECTED *bad (may be NULL) is the index of the first proof
 * that fails by itself. An empty batch is accepted. ZKM_ERR_RANDOM when there is no randomness,
 * ZKM_ERR_MEMORY.
 */
ZKM_MUST_CHECK zkm_status groth16_verify_batch(zkm_error *err, size_t *bad, const groth16_vk *vk,
                                               const fr *statements, size_t count,
                                               const groth16_proof *proofs, size_t n);

#endif
