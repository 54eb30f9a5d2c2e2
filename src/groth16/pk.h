/*
 * Proving keys: the file pk.zkm, memory-mapped, and its writer. Layout in docs/formats-groth16.md.
 *
 * The file is one header page and page-aligned sections whose points lie as they are used
 * (Montgomery form, little-endian limbs, affine). Its chunks of 1 MiB are hashed into a table, the
 * table into the header, the header into itself. Opening checks header and table; whoever uses a
 * section has its chunks checked first, and all chunks before a result leaves, so damage is found
 * before it is proved with, and opening takes no longer for a large key. The digest tells damage,
 * not malice: a key is as good as where it came from (groth16_pk_check tests the points).
 */
#ifndef GROTH16_PK_H
#define GROTH16_PK_H

#include <stdatomic.h>

#include "base/file.h"
#include "groth16/vk.h"

typedef enum {
    PK_VK = 0,    /* the bytes of vk.zkm */
    PK_A_INDEX,   /* u32: the wires whose A column is not zero, ascending */
    PK_A,         /* G1: [A_i(tau)]_1 of these */
    PK_B_INDEX,   /* u32: the wires whose B column is not zero, ascending */
    PK_B1,        /* G1: [B_i(tau)]_1 of these; empty in a key with a blinding column */
    PK_B2,        /* G2: [B_i(tau)]_2 of these */
    PK_COMMITTED, /* G1: [K_i / delta1]_1 of the committed wires */
    PK_PRIVATE,   /* G1: [K_i / delta]_1 of the other private wires */
    PK_H,         /* G1: [L_{2i+1}(tau) / delta]_1, L the Lagrange basis of the doubled domain */
    PK_DIGESTS,   /* 32 bytes: Keccak-256 of each chunk between the header and this section */
    PK_SECTIONS,
    /* In a halved key, where PK_B1 would be. G1: what the public and the committed wires add to C.
     */
    PK_LINEAR = PK_B1
} pk_section;

/* Of a specialised key (pk_specialise.h): the terms of wires that have one value in every proof, in
 * place of their columns. */
typedef struct {
    uint8_t label[32]; /* what fixes them */
    g1_affine a, committed, private_;
    g2_affine b;
} groth16_pk_fixed;

/* The numbers and the points outside the sections. */
typedef struct {
    groth16_origin origin;
    uint8_t circuit_digest[32];
    uint8_t vk_digest[32];
    uint32_t num_public, num_committed, num_wires; /* as in r1cs; num_wires counts wire 0 */
    uint64_t num_rows, domain;                     /* domain: 2^k, 3 2^k or 9 2^k; see pk_rows */
    g1_affine beta, delta, delta1;                 /* delta1 zero in a plain key */
    /* The blinding column, [L_j(tau)]_1 and [beta L_j(tau) / delta]_1 with j = num_rows: a wire of
     * its own in a row u * 0 = 0 behind the system's. Zero in a key that has PK_B1 instead. */
    g1_affine blind_a, blind_k;
    bool specialised;
    groth16_pk_fixed fixed;
    /* Of a specialised key: PK_H has points of the even rows' quotient only (pk_halve.h). */
    bool halved;
} groth16_pk_header;

static inline bool pk_has_blinding_column(const groth16_pk_header *h) {
    return !g1_affine_is_infinity(&h->blind_a);
}

/* Rows that the domain must hold. */
static inline uint64_t pk_rows(const groth16_pk_header *h) {
    return h->num_rows + pk_has_blinding_column(h);
}

/* Points of PK_H and of PK_LINEAR. */
static inline uint64_t pk_quotient_points(const groth16_pk_header *h) {
    return h->halved ? h->domain / 2 : h->domain;
}
static inline uint64_t pk_linear_points(const groth16_pk_header *h) {
    return h->halved ? (uint64_t)h->num_public + h->num_committed : 0;
}

typedef struct pk_chunks pk_chunks; /* see pk_internal.h */

/* Points and lists of wires have not been hashed when a key is opened: pk_check_section. */
typedef struct {
    groth16_pk_header header;
    groth16_vk *vk; /* owned */
    const uint32_t *a_index, *b_index;
    const g1_affine *a, *b1, *linear, *k_committed, *k_private, *h;
    const g2_affine *b2;
    size_t num_a, num_b;
    file_view file;
    pk_chunks *chunks; /* owned: which of them have been checked */
} groth16_pk;

/* Index of the first wire of PK_COMMITTED and of PK_PRIVATE. */
static inline size_t pk_first_committed(const groth16_pk_header *h) {
    return 1 + (size_t)h->num_public;
}
static inline size_t pk_first_private(const groth16_pk_header *h) {
    return pk_first_committed(h) + h->num_committed;
}

/*
 * Maps the file at path and checks its header, its table of hashes, its verifying key and that its
 * lists of wires ascend and stay in range; the chunks are hashed later, see above. When
 * circuit_digest is not NULL a key of another circuit is ZKM_ERR_MISMATCH. ZKM_ERR_FORMAT: damaged,
 * truncated or no key; later, groth16_commit and groth16_prove say so of what was not hashed here.
 */
ZKM_MUST_CHECK zkm_status groth16_pk_open(zkm_error *err, groth16_pk **out, const char *path,
                                          const uint8_t *circuit_digest);
void groth16_pk_free(groth16_pk *pk); /* NULL accepted */

/* Checks every hash, and that every point is on its curve, canonical, and in its subgroup (infinity
 * is allowed where a column vanishes): for keys from elsewhere. Takes about a second for each 2^20
 * points of G1. */
ZKM_MUST_CHECK zkm_status groth16_pk_check(zkm_error *err, const groth16_pk *pk, unsigned threads);

/* Hashes chunks that have not been hashed, from the first on, until all have been or *stop is set:
 * for a thread that has nothing else to do. What is wrong is said by who uses the key. */
void groth16_pk_check_ahead(const groth16_pk *pk, atomic_bool *stop);

/*
 * Writing: sections in any order, each once, appended in pieces; hashes run along, so that a key of
 * any size is written in little memory. Nothing appears at path before the commit.
 */
typedef struct pk_writer pk_writer;
ZKM_MUST_CHECK zkm_status pk_writer_open(zkm_error *err, pk_writer **out, const char *path,
                                         mode_t mode);
ZKM_MUST_CHECK zkm_status pk_writer_begin(zkm_error *err, pk_writer *w, pk_section section);
ZKM_MUST_CHECK zkm_status pk_writer_append(zkm_error *err, pk_writer *w, const void *data,
                                           size_t n);
/* The whole section PK_VK. */
ZKM_MUST_CHECK zkm_status pk_writer_vk(zkm_error *err, pk_writer *w, const groth16_vk *vk);
/* Writes header and digests, renames into place and frees w, whatever the outcome. */
ZKM_MUST_CHECK zkm_status pk_writer_commit(zkm_error *err, pk_writer *w,
                                           const groth16_pk_header *header);
void pk_writer_abort(pk_writer *w); /* NULL accepted */

#endif
