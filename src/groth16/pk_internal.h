/* What the reader and the writer of pk.zkm agree on. All integers are little-endian. */
#ifndef GROTH16_PK_INTERNAL_H
#define GROTH16_PK_INTERNAL_H

#include "groth16/pk.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "pk.zkm holds points as a little-endian machine computes with them"
#endif

#define PK_MAGIC "zkm.pk\0"
enum {
    PK_VERSION = 2,
    PK_VERSION_SPECIALISED = 3, /* further fields in the header, behind those of version 2 */
    PK_PAGE = 4096,
    PK_CHUNK = 1 << 20,
    PK_DIGEST_BYTES = 32,
    PK_HEADER_CHECKSUM = PK_PAGE - PK_DIGEST_BYTES /* offset: hash of the page before it */
};

/* Where a section lies: offset from the start of the file, number of bytes. */
typedef struct {
    uint64_t offset, bytes;
} pk_extent;

/* Bytes of one element of a section. */
static inline size_t pk_element_bytes(pk_section section) {
    switch (section) {
    case PK_VK:
        return 1;
    case PK_A_INDEX:
    case PK_B_INDEX:
        return sizeof(uint32_t);
    case PK_B2:
        return sizeof(g2_affine);
    case PK_DIGESTS:
        return PK_DIGEST_BYTES;
    default:
        return sizeof(g1_affine);
    }
}

/* A section's name in messages. */
const char *pk_section_name(pk_section section);

/* groth16_pk_open of bytes that stay the caller's and outlive the key; data is aligned to 16. */
ZKM_MUST_CHECK zkm_status pk_open_bytes(zkm_error *err, groth16_pk **out, const uint8_t *data,
                                        size_t len, const uint8_t *circuit_digest);

/* Number of chunks that n bytes after the header make. */
static inline uint64_t pk_chunks_of(uint64_t n) { return n / PK_CHUNK + (n % PK_CHUNK != 0); }

/* Says what of the file is wrong; ZKM_ERR_FORMAT. */
zkm_status pk_damaged(zkm_error *err, const char *what);

/* The record of which chunks of the file have been hashed and were right; none has at first. The
 * table of hashes has been checked, and the sections lie in the file. */
ZKM_MUST_CHECK zkm_status pk_chunks_new(zkm_error *err, pk_chunks **out, const uint8_t *file,
                                        const pk_extent sections[PK_SECTIONS]);
void pk_chunks_free(pk_chunks *c); /* NULL accepted */

/*
 * Hashes the chunks that a section lies in, as far as they have not been, on `threads` threads (0:
 * all). ZKM_ERR_FORMAT when one does not match, also for every later call on this key. May be
 * called from several threads at once. The order of things is everywhere: check a section, use it,
 * and check all before a result leaves.
 */
ZKM_MUST_CHECK zkm_status pk_check_section(zkm_error *err, const groth16_pk *pk, pk_section section,
                                           unsigned threads);
/* The same for the whole file, padding and verifying key included. */
ZKM_MUST_CHECK zkm_status pk_check_all(zkm_error *err, const groth16_pk *pk, unsigned threads);

#endif
