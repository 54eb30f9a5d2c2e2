/*
 * Specialised proving keys: wires that have one value in every proof, as those of a model and of
 * its commitment have, leave the key's columns; what they contribute stands in the header, summed
 * up. Proofs are the same, under the same verifying key, and cost less where such wires are many. A
 * proof by a specialised key of wires that have other values fails to verify.
 */
#ifndef GROTH16_PK_SPECIALISE_H
#define GROTH16_PK_SPECIALISE_H

#include "groth16/pk.h"
#include "r1cs/r1cs.h"

/*
 * Writes the key at path, halved where the system allows it (pk_halve.h; that takes some seconds
 * for 2^16 rows). wires[i] is the value of wire i in every proof where known[i] is set (both
 * num_wires long; of public wires only wire 0, the one, may be known; the system's rows of known
 * wires hold). The label, 32 bytes, says what fixes them: see groth16_pk_fixed. The key's hashes
 * are checked first: ZKM_ERR_FORMAT. ZKM_ERR_ARGUMENT: a key that is specialised already, or one
 * for snarkjs. Its sums are functions of the values, to be kept as secret as these.
 */
ZKM_MUST_CHECK zkm_status groth16_pk_specialise(zkm_error *err, const char *path,
                                                const groth16_pk *pk, const r1cs *cs,
                                                const fr *wires, const bool *known,
                                                const uint8_t label[32], unsigned threads,
                                                const zkm_progress *progress);

#endif
