/*
 * Fr, the scalar field of BN254: r = 36x^4 + 36x^3 + 18x^2 + 6x + 1 with x = 4965661367192848881,
 * the order of G1 and G2. r - 1 = 2^28 * 3^2 * ..., and 5 generates the multiplicative group.
 * Functions fr_*: see field_template.h.
 */
#ifndef MATH_FR_H
#define MATH_FR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zkmetric.h>

#define FIELD fr
#define FIELD_MODULUS                                                                              \
    { 0x43e1f593f0000001, 0x2833e84879b97091, 0xb85045b68181585d, 0x30644e72e131a029 }
#define FIELD_ONE                                                                                  \
    { 0xac96341c4ffffffb, 0x36fc76959f60cd29, 0x666ea36f7879462e, 0x0e0a77c19a07df2f }
#define FIELD_R2                                                                                   \
    { 0x1bb8e645ae216da7, 0x53fe3ab1e35c59e3, 0x8c49833d53bb8085, 0x0216d0b17f4e44a5 }
#define FIELD_INV UINT64_C(0xc2e1f593efffffff)
#include "math/field_template.h"

#endif
