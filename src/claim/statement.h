/* The public statement of a proof (DESIGN section 1) and its canonical bytes. */
#ifndef CLAIM_STATEMENT_H
#define CLAIM_STATEMENT_H

#include <stdint.h>

#include "base/error.h"
#include "math/fr.h"

#define STATEMENT_FIELDS 6u
#define STATEMENT_BYTES 192u /* STATEMENT_FIELDS words of 32 bytes */

/* A checked statement: only statement_from_bytes, or code that keeps these ranges, makes one. */
typedef struct {
    fr model_id;
    fr dataset_id;
    uint32_t num_samples; /* at least 1 */
    uint64_t threshold;   /* floor(T * 2^32), below 2^48 */
    uint32_t verdict;     /* 1: metric < T, 0: metric >= T */
    fr context;
} statement;

/* The six fields as elements, in the order of the struct: that of DESIGN section 1, everywhere. */
void statement_to_fields(fr out[STATEMENT_FIELDS], const statement *s);

/* Six big-endian words of 32 bytes. */
void statement_to_bytes(uint8_t out[STATEMENT_BYTES], const statement *s);

/* Checks every field: ids and context below r, 1 <= num_samples < 2^32, threshold < 2^48, verdict 0
 * or 1. ZKM_ERR_FORMAT names the field. */
ZKM_MUST_CHECK zkm_status statement_from_bytes(zkm_error *err, statement *out,
                                               const uint8_t in[STATEMENT_BYTES]);

/* The ranges alone, for a statement filled in from elsewhere. */
ZKM_MUST_CHECK zkm_status statement_check(zkm_error *err, const statement *s);

#endif
