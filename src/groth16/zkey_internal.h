/* The initial key of a system, between those who write it and those who check it. */
#ifndef GROTH16_ZKEY_INTERNAL_H
#define GROTH16_ZKEY_INTERNAL_H

#include "groth16/ceremony_init_internal.h"
#include "groth16/zkey_ceremony.h"
#include "groth16/zkey_file.h"

/* Sections 3 and 5 to 8 with delta = 1, and the circuit's hash. */
typedef struct {
    init_job job;     /* the bases, until ceremony_init_clear */
    scratch k, a, b1; /* g1_affine, of all wires */
    scratch b2;       /* g2_affine */
    uint8_t circuit_hash[BLAKE2B_BYTES];
} zkey_initial;

/* The domain of a plain system as snarkjs chooses it. */
ZKM_MUST_CHECK zkm_status zkey_domain(zkm_error *err, uint32_t *domain, const r1cs *cs);

/* Header fields of a system's initial key. */
zkey zkey_initial_header(const r1cs *cs, const ptau *powers, uint32_t domain);

zkey_summary zkey_summarise(const zkey *z, const zkey_transcript *t);

/* The powers have been checked. */
ZKM_MUST_CHECK zkm_status zkey_initial_make(zkm_error *err, zkey_initial *out, const zkey *header,
                                            const r1cs *cs, const ptau *powers,
                                            const ceremony_options *options);
void zkey_initial_clear(zkey_initial *initial);

/* The points of a section from 3 to 8 of the initial key. */
byte_reader zkey_initial_section(const zkey_initial *initial, const zkey *header,
                                 zkey_section section);

/* The circuit's hash. */
ZKM_MUST_CHECK zkm_status zkey_circuit_hash(zkm_error *err, uint8_t out[BLAKE2B_BYTES],
                                            const zkey_initial *initial, const zkey *header,
                                            const ptau *powers);

/* Every point of *z against system and powers, which have been checked. */
ZKM_MUST_CHECK zkm_status zkey_check_points(zkm_error *err, const zkey *z, const r1cs *cs,
                                            const ptau *powers, const ceremony_options *options);

#endif
