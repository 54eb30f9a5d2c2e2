/* The ceremony's file between its makers and its checkers. */
#ifndef GROTH16_CEREMONY_INTERNAL_H
#define GROTH16_CEREMONY_INTERNAL_H

#include "groth16/ceremony.h"
#include "groth16/iden3_writer.h"

typedef enum {
    ZKC_HEADER = 1,
    ZKC_STATE,         /* delta in G2, delta1 in G2, blinding column over delta */
    ZKC_CONTRIBUTIONS, /* the list */
    ZKC_IC,            /* G1: K_i of the public wires */
    ZKC_A_INDEX,       /* u32 */
    ZKC_A,             /* G1 */
    ZKC_B_INDEX,       /* u32 */
    ZKC_B2,            /* G2 */
    ZKC_COMMITTED,     /* G1: K_i / delta1 */
    ZKC_PRIVATE,       /* G1: K_i / delta */
    ZKC_H,             /* G1: L_(2i+1) / delta */
    ZKC_END
} zkc_section;

enum {
    ZKC_VERSION = 1,
    ZKC_SECTIONS = ZKC_END - 1,
    ZKC_FIRST_STATIC = ZKC_IC, /* the sections that no contribution changes */
    ZKC_LAST_STATIC = ZKC_B2
};

/* Fixed for the whole ceremony. */
typedef struct {
    uint8_t circuit_digest[32];
    uint8_t ptau_digest[BLAKE2B_BYTES];
    uint32_t power; /* of the powers of tau */
    uint32_t num_public, num_committed, num_wires;
    uint64_t num_rows, domain;
    g1_affine alpha, beta;
    g2_affine beta2;
    g1_affine blind_a; /* L_j, j = num_rows */
} zkc_header;

/* Changed by each contribution. */
typedef struct {
    g2_affine delta, delta1; /* delta1 zero in a plain ceremony */
    g1_affine blind_k;
} zkc_state;

typedef struct {
    file_view file;
    iden3_file sections;
    byte_reader section[ZKC_END];
    zkc_header header;
    zkc_state now;
    uint8_t initial[32];
    ceremony_state state; /* after all contributions; checked */
    size_t num_a, num_b;
    byte_reader b1; /* G1: B_i of all wires; empty in a .zkc, whose keys do without */
} zkc;

static inline unsigned zkc_links(const zkc_header *h) { return h->num_committed > 0 ? 2 : 1; }
static inline size_t zkc_first_committed(const zkc_header *h) { return 1 + (size_t)h->num_public; }
static inline size_t zkc_first_private(const zkc_header *h) {
    return zkc_first_committed(h) + h->num_committed;
}

/* Bytes of an element of a section of points or wires. */
size_t zkc_element_bytes(zkc_section section);

/* Maps a file and checks its shape, the hash of its static sections, every contribution, and that
 * delta is the same in both groups. Messages begin with the path. */
ZKM_MUST_CHECK zkm_status zkc_open(zkm_error *err, zkc *out, const char *path,
                                   contribution_visitor visit, void *context);
/* The same of bytes that outlive *out. */
ZKM_MUST_CHECK zkm_status zkc_open_bytes(zkm_error *err, zkc *out, const uint8_t *bytes, size_t len,
                                         contribution_visitor visit, void *context);
void zkc_close(zkc *z);

void zkc_summary(ceremony_summary *out, const zkc *z);

/* Sections' beginnings. Points follow, as they lie in memory. */
ZKM_MUST_CHECK zkm_status zkc_write_start(zkm_error *err, file_writer *file);
ZKM_MUST_CHECK zkm_status zkc_write_header(zkm_error *err, file_writer *file, const zkc_header *h);
ZKM_MUST_CHECK zkm_status zkc_write_state(zkm_error *err, file_writer *file, const zkc_state *s,
                                          bool committed);

/* Everything that ceremony_verify checks, of an opened file. */
ZKM_MUST_CHECK zkm_status zkc_check(zkm_error *err, const zkc *z, const r1cs *cs,
                                    const uint8_t circuit_digest[32], const ptau *powers,
                                    const ceremony_options *options);

/* That part of it which is about the points of *z: its sections, its numbers, delta and delta1, and
 * the blinding column unless that is infinity. The powers have been checked. */
ZKM_MUST_CHECK zkm_status zkc_check_points(zkm_error *err, const zkc *z, const r1cs *cs,
                                           const ptau *powers, const ceremony_options *options);

#endif
