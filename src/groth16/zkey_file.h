/*
 * A snarkjs .zkey: iden3's container with sections 1 protocol, 2 header, 3 IC, 4 coefficients of A
 * and B, 5 A, 6 B1, 7 B2 (all wires), 8 K_i/delta of the private wires, 9 H, 10 contributions
 * (zkey_transcript.h). Points are affine, in Montgomery form; those of columns that vanish are
 * infinity, which is zeros.
 */
#ifndef GROTH16_ZKEY_FILE_H
#define GROTH16_ZKEY_FILE_H

#include "base/file.h"
#include "groth16/iden3.h"
#include "math/g1.h"
#include "math/g2.h"
#include "r1cs/r1cs.h"

typedef enum {
    ZKEY_PROTOCOL = 1,
    ZKEY_HEADER,
    ZKEY_IC,
    ZKEY_COEFFICIENTS,
    ZKEY_A,
    ZKEY_B1,
    ZKEY_B2,
    ZKEY_PRIVATE,
    ZKEY_H,
    ZKEY_CONTRIBUTIONS,
    ZKEY_END
} zkey_section;

enum { ZKEY_SECTIONS = ZKEY_END - 1, ZKEY_MAX_DOMAIN = 1 << 27 };

#define ZKEY_NAME "zkey file"
#define ZKEY_MAX_FILE ((size_t)1 << 40)

typedef struct {
    iden3_file file;
    byte_reader section[ZKEY_END]; /* 1 to 9 */
    uint32_t num_wires, num_public, domain;
    g1_affine alpha1, beta1, delta1; /* zkey's names: [delta]_1 */
    g2_affine beta2, gamma2, delta2;
} zkey;

/* Splits the bytes, which outlive *out, into sections; checks the header, its points, and that
 * sections 3 and 5 to 9 are as long as their points. */
ZKM_MUST_CHECK zkm_status zkey_open_bytes(zkm_error *err, zkey *out, const uint8_t *bytes,
                                          size_t len);

/* Whether the file at path begins like a .zkey; false when it cannot be read. */
bool zkey_is_one(const char *path);

/* ZKM_ERR_MISMATCH unless numbers of wires agree and the domain holds the system's rows. */
ZKM_MUST_CHECK zkm_status zkey_check_shape(zkm_error *err, const zkey *z, const r1cs *cs);

/* beta and delta are the same secrets in both groups. */
ZKM_MUST_CHECK zkm_status zkey_check_secrets(zkm_error *err, const zkey *z);

/* The elements and the bytes of each of a section of points; 0 elements for other sections. */
uint64_t zkey_count(const zkey *z, zkey_section section);
size_t zkey_element_bytes(zkey_section section);

/* A point as it lies in the file; `name` is for the message. Infinity and what is not of the group
 * are ZKM_ERR_FORMAT. */
ZKM_MUST_CHECK zkm_status zkey_take_g1(zkm_error *err, g1_affine *out, byte_reader *r,
                                       const char *name);
ZKM_MUST_CHECK zkm_status zkey_take_g2(zkm_error *err, g2_affine *out, byte_reader *r,
                                       const char *name);

/* ------------------------------------------------------------------ writing */

/* The container's start and sections 1 and 2. */
ZKM_MUST_CHECK zkm_status zkey_write_header(zkm_error *err, file_writer *file, const zkey *z);

/* Section 4 of a system as snarkjs would write it, handed to `take` in pieces until that fails.
 * ZKM_ERR_UNSUPPORTED: more coefficients than the format counts. */
typedef zkm_status (*zkey_take_bytes)(zkm_error *err, void *context, const uint8_t *bytes,
                                      size_t n);
ZKM_MUST_CHECK zkm_status zkey_coefficients(zkm_error *err, const r1cs *cs, zkey_take_bytes take,
                                            void *context);
ZKM_MUST_CHECK zkm_status zkey_write_coefficients(zkm_error *err, file_writer *file,
                                                  const r1cs *cs);

#endif
