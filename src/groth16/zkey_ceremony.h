/*
 * Phase 2 of a plain system in snarkjs's container: the ceremony's file is a .zkey as `snarkjs zkey
 * new`, `contribute` and `beacon` write it, so that either program goes on where the other stopped.
 * docs/ceremony.md says what its form of contribution binds, and what not.
 *
 * The domain is a power of two, there is no blinding column, and B is there in G1, too. The
 * transcript begins with the circuit's hash, BLAKE2b of the initial key, which has to be made anew
 * to check it: by Lagrange bases from a prepared file of powers, else computed, which takes long.
 */
#ifndef GROTH16_ZKEY_CEREMONY_H
#define GROTH16_ZKEY_CEREMONY_H

#include "groth16/ceremony.h"
#include "groth16/zkey_transcript.h"

typedef struct {
    uint32_t num_wires, num_public, domain;
    uint32_t count; /* contributions */
    uint8_t circuit_hash[BLAKE2B_BYTES];
    uint8_t last[BLAKE2B_BYTES]; /* hash of the last contribution; before the first, circuit_hash */
} zkey_summary;

/* Writes the initial key (delta = 1) of a plain system to `path`, after checking the powers, and
 * checks it against them. ZKM_ERR_UNSUPPORTED: committed wires. */
ZKM_MUST_CHECK zkm_status zkey_init(zkm_error *err, zkey_summary *out, const r1cs *cs,
                                    const ptau *powers, const char *path,
                                    const ceremony_options *options);

/* Writes the key `in` with one more contribution, of which name and kind or beacon are set in
 * *what, to `path`. Checked before: the transcript and that all points that are multiplied are of
 * their groups. A participant's secret is drawn with `entropy` mixed in, and wiped. */
ZKM_MUST_CHECK zkm_status zkey_contribute(zkm_error *err, zkey_summary *out,
                                          const contribution *what, const char *in,
                                          const char *path, const void *entropy, size_t bytes,
                                          const ceremony_options *options);

/*
 * Checks everything that `snarkjs zkey verify` checks, and more: the powers that the system uses;
 * every contribution, the last included; the circuit's hash; that the coefficients are the
 * system's; every point, those of the quotient included, by sums with 130-bit random weights over
 * the powers of tau. ZKM_REJECTED or ZKM_ERR_FORMAT otherwise; ZKM_ERR_MISMATCH: of another system
 * or other powers.
 *
 * Without an error, *vk (may be NULL) is the key, marked with the number of contributions and the
 * first 32 bytes of the last one's hash, and pk_path (may be NULL) the proving key; *vk is NULL
 * before the first participant's contribution, where pk_path is ZKM_ERR_ARGUMENT.
 */
ZKM_MUST_CHECK zkm_status zkey_verify(zkm_error *err, zkey_summary *out, groth16_vk **vk,
                                      const r1cs *cs, const ptau *powers, const char *path,
                                      const char *pk_path, zkey_visitor visit, void *context,
                                      const ceremony_options *options);

#endif
