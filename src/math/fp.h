/*
 * Fp, the base field of BN254: p = 36x^4 + 36x^3 + 24x^2 + 6x + 1 with x = 4965661367192848881
 * (Barreto and Naehrig 2005; the curve of EIP-196). Functions fp_*: see field_template.h.
 */
#ifndef MATH_FP_H
#define MATH_FP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zkmetric.h>

#define FIELD fp
#define FIELD_MODULUS                                                                              \
    { 0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029 }
#define FIELD_ONE                                                                                  \
    { 0xd35d438dc58f0d9d, 0x0a78eb28f5c70b3d, 0x666ea36f7879462c, 0x0e0a77c19a07df2f }
#define FIELD_R2                                                                                   \
    { 0xf32cfc5b538afa89, 0xb5e71911d44501fb, 0x47ab1eff0a417ff6, 0x06d89f71cab8351f }
#define FIELD_INV UINT64_C(0x87d20782e4866389)
#include "math/field_template.h"

/* A square root of a (either one); false, and *out untouched, when a is no square. */
ZKM_MUST_CHECK bool fp_sqrt(fp *out, const fp *a);

/* Whether the canonical integer of a is above (p - 1) / 2, that is: whether a is the larger of a,
 * -a. */
bool fp_is_larger(const fp *a);

#endif
