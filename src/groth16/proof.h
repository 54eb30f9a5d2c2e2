/*
 * A Groth16 proof: A in G1, B in G2, C in G1 and, with a committed round, the commitment D in G1.
 *
 * Bytes from outside and a groth16_proof are different things: only groth16_proof_from_bytes (and
 * the JSON reader on top of it) makes the second from the first, and it checks range, curve and
 * subgroup and refuses infinity. Whoever holds a groth16_proof need not check its points again.
 *
 * Canonical bytes: A || B || C || D (see math/g1.h and math/g2.h), 320 bytes, or 160 compressed;
 * without a committed round A || B || C, 256 or 128. The length tells the form.
 */
#ifndef GROTH16_PROOF_H
#define GROTH16_PROOF_H

#include "base/error.h"
#include "math/g1.h"
#include "math/g2.h"

typedef struct {
    g1_affine a;
    g2_affine b;
    g1_affine c;
    g1_affine d;    /* the commitment; meaningless when not committed */
    bool committed; /* whether the proof carries D */
} groth16_proof;

#define GROTH16_PLAIN_BYTES 256u
#define GROTH16_PLAIN_COMPRESSED_BYTES 128u
#define GROTH16_COMMITTED_BYTES 320u
#define GROTH16_COMMITTED_COMPRESSED_BYTES 160u
#define GROTH16_PROOF_MAX_BYTES GROTH16_COMMITTED_BYTES

/* Bytes of the form. */
size_t groth16_proof_bytes(bool committed, bool compressed);

/* Writes the canonical bytes and returns their number. */
size_t groth16_proof_to_bytes(uint8_t out[GROTH16_PROOF_MAX_BYTES], const groth16_proof *proof,
                              bool compressed);

/* ZKM_ERR_FORMAT names the point that is not canonical, not on its curve, not in its subgroup or
 * infinity, or the length that no form has. */
ZKM_MUST_CHECK zkm_status groth16_proof_from_bytes(zkm_error *err, groth16_proof *out,
                                                   const uint8_t *bytes, size_t len);

#endif
