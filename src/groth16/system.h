/* What setup and ceremonies want of a constraint system. */
#ifndef GROTH16_SYSTEM_H
#define GROTH16_SYSTEM_H

#include "r1cs/r1cs.h"

/* ZKM_ERR_ARGUMENT for a system of no provable shape; see groth16_setup. */
ZKM_MUST_CHECK zkm_status system_check(zkm_error *err, const r1cs *cs);

/* The smallest domain, or the smallest of 2^k elements, that holds `rows` rows; ZKM_ERR_UNSUPPORTED
 * beyond 2^27. */
ZKM_MUST_CHECK zkm_status system_domain(zkm_error *err, size_t *domain, uint64_t rows,
                                        bool power_of_two);

#endif
