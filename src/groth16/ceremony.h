/*
 * Phase 2: keys of a system by many parties, who multiply delta and delta1 by secrets of their own
 * (contribution.h). File format in docs/formats-ceremony.md, what is proved in docs/ceremony.md.
 *
 * A file holds the key under the current delta and delta1, and all contributions. Everything else
 * in it follows from the system and the powers of tau, so that these two and the last file suffice
 * to check the whole ceremony. gamma is 1.
 */
#ifndef GROTH16_CEREMONY_H
#define GROTH16_CEREMONY_H

#include "groth16/contribution.h"
#include "groth16/ptau.h"
#include "groth16/vk.h"
#include "r1cs/r1cs.h"

typedef struct {
    unsigned threads;             /* 0: all */
    const zkm_progress *progress; /* may be NULL */
} ceremony_options;

/* What the ceremony is about, and where it stands. */
typedef struct {
    uint8_t circuit_digest[32];
    uint8_t ptau_digest[BLAKE2B_BYTES];
    uint64_t num_rows, domain;
    uint8_t initial[32]; /* hash of the state before the first contribution */
    ceremony_state state;
} ceremony_summary;

/* Bytes of a file, and of the one that the next contribution makes of it. */
typedef struct {
    uint64_t now, next;
} ceremony_size;

/* Reads a file and checks its shape and every contribution, as far as the file alone can tell: that
 * its points are the right ones is ceremony_verify's to say. */
ZKM_MUST_CHECK zkm_status ceremony_inspect(zkm_error *err, ceremony_summary *out,
                                           ceremony_size *size, const char *path,
                                           contribution_visitor visit, void *context);

/*
 * Writes the initial state (delta = delta1 = 1) of a system to `path`. The file of powers is
 * checked first. A domain 2^k of a prepared file uses the file's Lagrange bases, others are
 * computed, which takes long (n log n products). What was written is then checked against the
 * powers, so that wrong bases are found here.
 */
ZKM_MUST_CHECK zkm_status ceremony_init(zkm_error *err, ceremony_summary *out, const r1cs *cs,
                                        const uint8_t circuit_digest[32], const ptau *powers,
                                        const char *path, const ceremony_options *options);

/* Writes the file `in` with *c, of which name and kind or beacon are set, as its next contribution
 * to `path`. A participant's secrets are drawn with `entropy` mixed in, and wiped. The transcript
 * so far and all points that are multiplied are checked to be of their groups; that they are the
 * right ones is ceremony_verify's to say. */
ZKM_MUST_CHECK zkm_status ceremony_contribute(zkm_error *err, ceremony_summary *out,
                                              contribution *c, const char *in, const char *path,
                                              const void *entropy, size_t bytes,
                                              const ceremony_options *options);

/*
 * Checks everything: the powers of tau (those that the system uses), every contribution, and that
 * every point of the file is what system, powers, delta and delta1 make it, by sums with 130-bit
 * random weights. ZKM_REJECTED or ZKM_ERR_FORMAT otherwise; ZKM_ERR_MISMATCH: of another circuit or
 * other powers. *vk (may be NULL): the key that the ceremony stands for; NULL before the first
 * participant's contribution.
 */
ZKM_MUST_CHECK zkm_status ceremony_verify(zkm_error *err, ceremony_summary *out, groth16_vk **vk,
                                          const r1cs *cs, const uint8_t circuit_digest[32],
                                          const ptau *powers, const char *path,
                                          contribution_visitor visit, void *context,
                                          const ceremony_options *options);

/* Verifies, then writes the proving key to pk_path and gives the verifying key, marked with the
 * transcript's hash and the number of contributions. ZKM_ERR_ARGUMENT without a participant. */
ZKM_MUST_CHECK zkm_status ceremony_finalize(zkm_error *err, ceremony_summary *out, groth16_vk **vk,
                                            const r1cs *cs, const uint8_t circuit_digest[32],
                                            const ptau *powers, const char *path,
                                            const char *pk_path, const ceremony_options *options);

#endif
