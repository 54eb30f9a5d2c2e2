/*
 * The contributions of a .zkey, in snarkjs's own form (section 10: the circuit's hash of 64 bytes,
 * u32 count, contributions; docs/formats-ceremony.md).
 *
 * A contribution multiplies delta by a secret x and shows
 *   after = x before, a point s of G1 that it chooses, share = x s, proof = x R,
 * R hashed to G2 from challenge = BLAKE2b(circuit's hash || all contributions before || s ||
 * share), so that e(s, proof) = e(share, R) and e(before, proof) = e(after, R). What a contribution
 * adds to that hash are its points and its challenge; its name, and that it is a beacon, are not
 * bound.
 */
#ifndef GROTH16_ZKEY_TRANSCRIPT_H
#define GROTH16_ZKEY_TRANSCRIPT_H

#include "groth16/contribution.h"
#include "groth16/zkey_file.h"
#include "math/blake2b.h"

enum { ZKEY_TEXT = 255 }; /* bytes of a name or a beacon's value */

typedef struct {
    contribution_kind kind;
    uint32_t iterations, value_bytes, name_bytes; /* the first two 0 unless a beacon */
    uint8_t value[ZKEY_TEXT];
    char name[ZKEY_TEXT + 1]; /* as it was typed: any bytes */
    g1_affine after, s, share;
    g2_affine proof;
    uint8_t challenge[BLAKE2B_BYTES];
    uint8_t hash[BLAKE2B_BYTES]; /* of its points and challenge; what snarkjs prints */
} zkey_contribution;

/* Where a transcript stands. */
typedef struct {
    uint8_t circuit_hash[BLAKE2B_BYTES];
    uint32_t count;
    uint32_t participants; /* of these; a beacon's secret is known to everybody */
    g1_affine delta;
    uint8_t last[BLAKE2B_BYTES]; /* hash of the last contribution; before the first, circuit_hash */
    blake2b_state so_far;        /* the circuit's hash and all contributions */
} zkey_transcript;

void zkey_transcript_init(zkey_transcript *t, const uint8_t circuit_hash[BLAKE2B_BYTES]);

/* Reads and checks a whole section 10; `visit` (may be NULL) sees each contribution. ZKM_REJECTED:
 * one does not follow from those before; ZKM_ERR_UNSUPPORTED: a beacon of more than 2^28
 * iterations. */
typedef void (*zkey_visitor)(void *context, uint32_t index, const zkey_contribution *c);
ZKM_MUST_CHECK zkm_status zkey_transcript_check(zkm_error *err, zkey_transcript *out,
                                                byte_reader section, zkey_visitor visit,
                                                void *context);

/* The same of a key's file, whose delta, equal in both groups, its contributions lead to; and that
 * beta is equal in both groups. */
ZKM_MUST_CHECK zkm_status zkey_transcript_open(zkm_error *err, zkey_transcript *out, const zkey *z,
                                               zkey_visitor visit, void *context);

/* Sets name and beacon from the form in which the command's options come. */
void zkey_contribution_begin(zkey_contribution *out, const contribution *what);
/* A beacon's secret and s: anyone can compute them. */
void zkey_beacon(fr *secret, g1_affine *s, const zkey_contribution *c);
/* Fills points, challenge and hash from a secret and s, and moves the transcript on. */
void zkey_contribution_make(zkey_contribution *c, zkey_transcript *t, const fr *secret);
void zkey_contribution_write(byte_writer *out, const zkey_contribution *c);

#endif
