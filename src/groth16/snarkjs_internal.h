/* What the readers of a .zkey share, and what a fuzz target tests. */
#ifndef GROTH16_SNARKJS_INTERNAL_H
#define GROTH16_SNARKJS_INTERNAL_H

#include "groth16/vk.h"
#include "groth16/zkey_file.h"

/* Container, header, sections' sizes, coefficients' ranges and every point: the checks that need no
 * constraint system. */
ZKM_MUST_CHECK zkm_status snarkjs_zkey_check_bytes(zkm_error *err, const uint8_t *bytes,
                                                   size_t len);

/* The verifying key of a .zkey whose shape is that of cs, marked with its origin, and, unless
 * pk_path is NULL, its proving key there. Checks that all points are of their groups. */
ZKM_MUST_CHECK zkm_status zkey_make_keys(zkm_error *err, groth16_vk **vk, const char *pk_path,
                                         const zkey *z, const r1cs *cs,
                                         const groth16_origin *origin, unsigned threads);

#endif
