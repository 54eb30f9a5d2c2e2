/* The digits of weights.h, shared by weights.c and every backend's weights_loops.h. */
#ifndef MATH_WEIGHT_DIGITS_H
#define MATH_WEIGHT_DIGITS_H

#include "math/weights.h"

/* What multiplies +-omega^k. */
typedef enum { DIGIT_ZERO, DIGIT_ONE, DIGIT_THETA /* 1 - omega */, DIGIT_TWO } digit_kind;

typedef struct {
    digit_kind kind;
    unsigned power; /* of omega */
    bool negative;
    int8_t a, b; /* the digit is a + b omega */
} weight_digit;

/* Digit number i, most significant last. */
static inline weight_digit weight_digit_at(const g1_weight *weight, unsigned i) {
    static const weight_digit DIGITS[16] = {
        {DIGIT_ZERO, 0, false, 0, 0},  {DIGIT_ONE, 0, false, 1, 0},
        {DIGIT_ONE, 1, false, 0, 1},   {DIGIT_ONE, 2, false, -1, -1},
        {DIGIT_ONE, 0, true, -1, 0},   {DIGIT_ONE, 1, true, 0, -1},
        {DIGIT_ONE, 2, true, 1, 1},    {DIGIT_THETA, 0, false, 1, -1},
        {DIGIT_THETA, 1, false, 1, 2}, {DIGIT_THETA, 2, false, -2, -1},
        {DIGIT_THETA, 0, true, -1, 1}, {DIGIT_THETA, 1, true, -1, -2},
        {DIGIT_THETA, 2, true, 2, 1},  {DIGIT_TWO, 0, false, 2, 0},
        {DIGIT_TWO, 1, false, 0, 2},   {DIGIT_TWO, 2, false, -2, -2}};
    return DIGITS[weight->bytes[i / 2] >> (4 * (i % 2)) & 15];
}

#endif
