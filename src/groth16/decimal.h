/* Field elements as decimal text, the way snarkjs's JSON writes coordinates and public inputs. */
#ifndef GROTH16_DECIMAL_H
#define GROTH16_DECIMAL_H

#include "math/fp.h"
#include "math/fr.h"

/* 2^256 < 1.2 * 10^77: 78 digits and the NUL. */
#define DECIMAL_BYTES 79

void fp_to_decimal(char out[DECIMAL_BYTES], const fp *a);
void fr_to_decimal(char out[DECIMAL_BYTES], const fr *a);

/* False, and *out untouched, on anything but the digits of a number below the modulus without
 * leading zeros ("0" itself is a number): one element has one text. */
ZKM_MUST_CHECK bool fp_from_decimal(fp *out, const char *text);
ZKM_MUST_CHECK bool fr_from_decimal(fr *out, const char *text);

#endif
