/* Shared by the files of src/r1cs. */
#ifndef R1CS_R1CS_INTERNAL_H
#define R1CS_R1CS_INTERNAL_H

#include "r1cs/r1cs.h"

/* Combinations of so many terms are stored, and summed, once for neighbouring rows. */
#define R1CS_WORTH_SHARING 4u

/* sum of coefficient * wire over the span's terms, in one instance */
void r1cs_span_sum(fr *out, const r1cs *cs, const r1cs_block *block, r1cs_span span,
                   uint32_t instance, const fr *wires);

/* Zeroes the values of all places if some may have no row; NULL accepted. */
void r1cs_clear_places(const r1cs *cs, fr *values);

/* The message of a row that does not hold. */
zkm_status r1cs_row_fails(zkm_error *err, zkm_status status, const r1cs *cs,
                          const r1cs_block *block, uint32_t instance, uint32_t row);

#endif
