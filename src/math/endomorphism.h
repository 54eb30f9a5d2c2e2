/*
 * The endomorphism of G1, phi(x, y) = (beta x, y) with beta a cube root of 1 in Fp. On G1 it is
 * multiplication by lambda, a cube root of 1 in Fr (Gallant, Lambert, Vanstone, CRYPTO 2001,
 * section 2): so Z[omega], omega = (-1 + sqrt(-3))/2, acts on G1 with omega as phi.
 * tests/math/test_weights.c checks the constants.
 */
#ifndef MATH_ENDOMORPHISM_H
#define MATH_ENDOMORPHISM_H

#include "math/g1.h"

/* beta and beta^2, in Montgomery form. */
static const fp G1_BETA[2] = {
    {{0x71930c11d782e155, 0xa6bb947cffbe3323, 0xaa303344d4741444, 0x2c3b3f0d26594943}},
    {{0x3350c88e13e80b9c, 0x7dce557cdb5e56b9, 0x6001b4b8b615564a, 0x2682e617020217e0}}};

/* lambda, in Montgomery form. */
static const fr G1_LAMBDA = {
    {0x93e7cede4a0329b3, 0x7d4fdca77a96c167, 0x8be4ba08b19a750a, 0x1cbd5653a5661c25}};

#endif
