/*
 * The two public wires of a committed system (DESIGN section 3): the challenge c, which the prover
 * cannot choose because it is drawn from the commitment, and the folded statement P.
 */
#ifndef GROTH16_TRANSCRIPT_H
#define GROTH16_TRANSCRIPT_H

#include "math/fr.h"
#include "math/g1.h"

/* c = Keccak-256(vk_digest || statement fields, 32 bytes big-endian each || D.x || D.y) mod r. */
void groth16_challenge(fr *c, const uint8_t vk_digest[32], const fr *statement, size_t count,
                       const g1_affine *d);

/* P = sum_i statement[i] * c^i. */
void groth16_fold(fr *p, const fr *statement, size_t count, const fr *c);

#endif
