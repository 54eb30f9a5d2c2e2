/*
 * Verifying keys: the checked and prepared key, its digest, and the file vk.zkm.
 *
 * A key is *committed* (a proof carries D; two public wires, the challenge and the folded
 * statement; the key has delta1) or *plain* (Groth16 as published; any number of public wires).
 *
 * vk_digest = Keccak-256("zkmetric.vk.v1" || circuit digest || alpha || beta || gamma || delta ||
 * delta1
 * || IC_0 || IC_1 || IC_2), uncompressed canonical points; of a plain key:
 * Keccak-256("zkmetric.vk.plain.v1"
 * || circuit digest || alpha || beta || gamma || delta || IC_0 || ... || IC_l).
 */
#ifndef GROTH16_VK_H
#define GROTH16_VK_H

#include "base/error.h"
#include "math/g1.h"
#include "math/g2.h"
#include "math/pairing.h"

/* Who made a key's secrets. */
typedef enum {
    GROTH16_SINGLE_PARTY =
        1, /* one party: it can forge proofs unless it destroyed them, as it should */
    GROTH16_CEREMONY = 2, /* many contributions; sound when one contributor was honest */
    GROTH16_FOREIGN = 3   /* read from another program's key: nothing is known of its setup */
} groth16_setup_kind;

typedef struct {
    groth16_setup_kind kind;
    uint32_t contributions; /* 0 unless a ceremony */
    uint8_t transcript[32]; /* hash of the ceremony's transcript; zeros otherwise */
} groth16_origin;

/* What a key consists of. */
typedef struct {
    groth16_origin origin;
    uint8_t circuit_digest[32]; /* zeros in a foreign key: unknown */
    bool committed;
    uint32_t num_public; /* public wires; 2 in a committed key */
    g1_affine alpha;
    g2_affine beta, gamma, delta;
    g2_affine delta1; /* committed keys only */
    g1_affine *ic;    /* num_public + 1 points, wire 0 first */
} groth16_vk_parts;

/* A checked key with what verification needs prepared; immutable, may be shared by threads. */
typedef struct {
    groth16_vk_parts parts; /* ic owned */
    uint8_t digest[32];
    fp12 alpha_beta;                        /* e(alpha, beta) */
    g2_prepared beta, gamma, delta, delta1; /* lines; delta1 of committed keys only */
} groth16_vk;

/* The most public wires of a plain key: bounds what a file can make a verifier allocate. */
#define GROTH16_MAX_PUBLIC (1u << 24)

/*
 * Checks parts, copies them and prepares a key. Every point must be a checked point of its group;
 * refused (ZKM_ERR_FORMAT) are infinity among the points, gamma, delta and delta1 that are equal or
 * opposite, delta or delta1 equal or opposite to the generator, alpha or beta equal or opposite to
 * it (secrets that are one or minus one: such keys let anyone forge), and a committed key without
 * exactly two public wires.
 */
ZKM_MUST_CHECK zkm_status groth16_vk_new(zkm_error *err, groth16_vk **out,
                                         const groth16_vk_parts *parts);
void groth16_vk_free(groth16_vk *vk); /* NULL accepted */

/* vk.zkm: layout in docs/formats-groth16.md. *bytes is freed by free(). */
ZKM_MUST_CHECK zkm_status groth16_vk_to_bytes(zkm_error *err, uint8_t **bytes, size_t *len,
                                              const groth16_vk *vk);
ZKM_MUST_CHECK zkm_status groth16_vk_from_bytes(zkm_error *err, groth16_vk **out,
                                                const uint8_t *bytes, size_t len);
ZKM_MUST_CHECK zkm_status groth16_vk_write(zkm_error *err, const groth16_vk *vk, const char *path);
/* Messages begin with the path. */
ZKM_MUST_CHECK zkm_status groth16_vk_read(zkm_error *err, groth16_vk **out, const char *path);

#endif
