/* Shared by the files of src/r1cs. */
#ifndef R1CS_R1CS_INTERNAL_H
#define R1CS_R1CS_INTERNAL_H

#include "r1cs/r1cs.h"

/* sum of coefficient * wire over the terms, in one instance */
void r1cs_row_sum(fr *out, const r1cs *cs, const r1cs_term *terms, uint32_t len, uint32_t instance,
                  const fr *wires);

/* The message of a row that does not hold. */
zkm_status r1cs_row_fails(zkm_error *err, zkm_status status, const r1cs *cs,
                          const r1cs_block *block, uint32_t instance, uint32_t row);

#endif
