/*
 * iden3's container: magic, version u32, number of sections u32, then sections of type u32, size
 * u64 and content; all little-endian. Field elements are 32 bytes little-endian, points of zkey
 * files in Montgomery form, which is how this library holds them in memory.
 */
#ifndef GROTH16_IDEN3_H
#define GROTH16_IDEN3_H

#include "base/bytes.h"
#include "base/error.h"
#include "math/fr.h"

enum { IDEN3_MAX_SECTIONS = 32, IDEN3_FIELD_BYTES = 32 };

typedef struct {
    const char *what; /* names the object in messages */
    uint32_t num_sections;
    uint32_t type[IDEN3_MAX_SECTIONS];
    byte_reader section[IDEN3_MAX_SECTIONS];
} iden3_file;

/* Splits bytes into sections that lie inside of them and fill them. `what` is kept by reference. */
ZKM_MUST_CHECK zkm_status iden3_open(zkm_error *err, iden3_file *out, const char *what,
                                     const char magic[4], uint32_t max_version,
                                     const uint8_t *bytes, size_t len);

/* A reader of the one section of this type; missing or double ones are ZKM_ERR_FORMAT. */
ZKM_MUST_CHECK zkm_status iden3_section(zkm_error *err, byte_reader *out, const iden3_file *file,
                                        uint32_t type);

/* Length 32 and the modulus r (or p): the file is about our curve. */
ZKM_MUST_CHECK zkm_status iden3_check_fr(zkm_error *err, byte_reader *r, const char *what);
ZKM_MUST_CHECK zkm_status iden3_check_fp(zkm_error *err, byte_reader *r, const char *what);

/* A canonical little-endian element of Fr; false past the end or when it is not below r. */
ZKM_MUST_CHECK bool iden3_take_fr(fr *out, byte_reader *r);
/* 32 bytes little-endian. */
void iden3_fr_bytes(uint8_t out[IDEN3_FIELD_BYTES], const fr *a);

ZKM_MUST_CHECK zkm_status iden3_damaged(zkm_error *err, const char *what, const char *problem);

#endif
