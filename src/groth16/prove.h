/*
 * Proving (DESIGN section 3, "Prove"), in two steps because the challenge lies between them:
 *   groth16_commit(committed wires) -> D, k;  c = groth16_challenge(..., D);  solve; groth16_prove.
 * A plain system needs groth16_prove only.
 */
#ifndef GROTH16_PROVE_H
#define GROTH16_PROVE_H

#include "groth16/pk.h"
#include "groth16/proof.h"
#include "groth16/transcript.h"

typedef struct {
    unsigned threads;             /* 0: all */
    const zkm_progress *progress; /* may be NULL */
} groth16_prove_options;

/* Both steps check the hashes of what they use of the key, and groth16_prove those of all of it:
 * ZKM_ERR_FORMAT, and nothing is given out, when the key's file is damaged. Several proofs may be
 * made with one key at once. */

/* D = sum a_i [K_i / delta1]_1 + k [delta]_1 over the committed wires, with k fresh and uniform. k
 * is secret and used for one proof: pass it to groth16_prove, then wipe it. wires: num_committed
 * elements. */
ZKM_MUST_CHECK zkm_status groth16_commit(zkm_error *err, g1_affine *d, fr *k, const groth16_pk *pk,
                                         const fr *wires, unsigned threads);

/* What a proof is made of. */
typedef struct {
    const fr *wires; /* all num_wires of them, wire 0 = 1 */
    fr *a, *b;       /* A(w), B(w) of every row, then room up to the domain; overwritten */
    const fr *k;     /* from groth16_commit; NULL for a plain key */
    const g1_affine *d;
} groth16_witness;

/*
 * The wires must satisfy the system: with a witness that does not, this gives a proof that fails to
 * verify. Checks only that committed and plain, key and witness go together (ZKM_ERR_ARGUMENT).
 */
ZKM_MUST_CHECK zkm_status groth16_prove(zkm_error *err, groth16_proof *proof, const groth16_pk *pk,
                                        const groth16_witness *witness,
                                        const groth16_prove_options *options);

#endif
