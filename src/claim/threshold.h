/*
 * The metric's bound in fixed point: threshold = floor(T * 2^32), computed from the decimal text
 * exactly, with no floating point, so that everybody gets the same integer.
 */
#ifndef CLAIM_THRESHOLD_H
#define CLAIM_THRESHOLD_H

#include <stdint.h>

#include "base/error.h"

#define THRESHOLD_BITS 48u       /* T < 2^16 */
#define THRESHOLD_TEXT_BYTES 24u /* room for threshold_to_text */

/* From a plain decimal number such as "0.05" or "5e-2". ZKM_ERR_ARGUMENT when the text is none, is
 * negative, or is 2^16 or more. */
ZKM_MUST_CHECK zkm_status threshold_from_text(zkm_error *err, uint64_t *out, const char *text);

/* The same from the shortest decimal text that reads back as this double: what a JSON reader has
 * left of a number of at most 15 significant digits. Texts of threshold_to_text have no more. */
ZKM_MUST_CHECK zkm_status threshold_from_double(zkm_error *err, uint64_t *out, double value);

/* The decimal number with the fewest decimals (at most 10) whose threshold is this; threshold <
 * 2^48. */
void threshold_to_text(char out[THRESHOLD_TEXT_BYTES], uint64_t threshold);

#endif
