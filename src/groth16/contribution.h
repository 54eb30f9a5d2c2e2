/*
 * One contribution to a ceremony and its proof of knowledge (Kohlweiss, Maller, Siim, Volkhov,
 * "Snarky Ceremonies", ASIACRYPT 2021, after Bowe, Gabizon, Miers 2017); docs/ceremony.md says why
 * it is sound.
 *
 * A ceremony has `links` secrets, each held as a point of G1 that starts at the generator. A
 * contribution multiplies each by a secret x of its own and shows, besides the point after,
 *   share = [x]_1, proof = x R with R = hash to G2 of all that came before and of this
 * contribution, so that e(share, R) = e([1]_1, proof) and e(after, R) = e(before, proof).
 */
#ifndef GROTH16_CONTRIBUTION_H
#define GROTH16_CONTRIBUTION_H

#include "base/bytes.h"
#include "base/error.h"
#include "math/g1.h"
#include "math/g2.h"

enum {
    CONTRIBUTION_MAX_LINKS = 3,
    CONTRIBUTION_NAME = 64,
    CONTRIBUTION_VALUE = 64,
    CONTRIBUTION_MIN_ITERATIONS = 10, /* logarithms: a beacon is hashed 2^k times */
    CONTRIBUTION_MAX_ITERATIONS = 28, /* minutes to check */
    CONTRIBUTION_LINK_BYTES = 2 * G1_BYTES + G2_BYTES,
    CONTRIBUTION_MAX = 1 << 20 /* in one ceremony */
};

typedef enum { CONTRIBUTION_PARTICIPANT = 1, CONTRIBUTION_BEACON = 2 } contribution_kind;

typedef struct {
    g1_affine after, share;
    g2_affine proof;
} contribution_link;

typedef struct {
    contribution_kind kind;
    uint32_t iterations, value_bytes; /* 0 unless a beacon */
    char name[CONTRIBUTION_NAME + 1]; /* printable UTF-8; may be empty */
    uint8_t value[CONTRIBUTION_VALUE];
    contribution_link link[CONTRIBUTION_MAX_LINKS];
    uint8_t hash[32]; /* of the transcript up to and with this one */
} contribution;

/* Where a ceremony stands: the hash of its transcript and its secrets in G1. */
typedef struct {
    unsigned links;
    uint32_t count;        /* contributions so far */
    uint32_t participants; /* of these; a beacon's secrets are known to everybody */
    uint8_t hash[32];
    g1_affine point[CONTRIBUTION_MAX_LINKS];
} ceremony_state;

/* Before the first contribution: every secret is 1. */
void ceremony_state_init(ceremony_state *s, unsigned links, const uint8_t hash[32]);

/* Bytes of one contribution in a file. */
size_t contribution_bytes(unsigned links);
void contribution_write(byte_writer *out, const contribution *c, unsigned links);
/* Points are checked to be canonical points of their groups, never infinity. */
ZKM_MUST_CHECK zkm_status contribution_read(zkm_error *err, contribution *out, byte_reader *r,
                                            unsigned links);

/* Sets kind and name; ZKM_ERR_ARGUMENT for a name that is no printable UTF-8 of up to 64 bytes. */
ZKM_MUST_CHECK zkm_status contribution_name(zkm_error *err, contribution *out, const char *name);
/* Sets a beacon's kind, value (1 to 64 bytes) and iterations. */
ZKM_MUST_CHECK zkm_status contribution_beacon(zkm_error *err, contribution *out,
                                              const uint8_t *value, size_t bytes,
                                              uint32_t iterations);

/* Fresh secrets, one a link, from the kernel's randomness and `entropy`; never 0, 1 or -1. */
ZKM_MUST_CHECK zkm_status contribution_draw(zkm_error *err, fr *secrets, unsigned links,
                                            const void *entropy, size_t bytes);
/* A beacon's secrets at this place of a transcript: anyone can compute them. */
void contribution_beacon_secrets(fr *secrets, const contribution *c, const ceremony_state *s);

/* Fills points, proofs and hash from kind, name and secrets, and moves the state on. */
void contribution_make(contribution *c, ceremony_state *s, const fr *secrets);

/* ZKM_REJECTED unless c follows s; else moves the state on. Equal or opposite shares of two links
 * are refused: each secret is to be drawn by itself. */
ZKM_MUST_CHECK zkm_status contribution_check(zkm_error *err, const contribution *c,
                                             ceremony_state *s);

/* A whole list (u32 count, contributions), as files hold it: checks every one. `visit` (may be
 * NULL) sees each. */
typedef void (*contribution_visitor)(void *context, uint32_t index, const contribution *c);
ZKM_MUST_CHECK zkm_status contributions_check(zkm_error *err, ceremony_state *s, byte_reader list,
                                              contribution_visitor visit, void *context);

#endif
