/* For the fuzz target: the checks of a .zkey that need no constraint system. */
#ifndef GROTH16_SNARKJS_INTERNAL_H
#define GROTH16_SNARKJS_INTERNAL_H

#include "base/error.h"

/* Container, header, sections' sizes, coefficients' ranges and every point. */
ZKM_MUST_CHECK zkm_status snarkjs_zkey_check_bytes(zkm_error *err, const uint8_t *bytes,
                                                   size_t len);

#endif
