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
} weight_digit;

/* Digit number i, most significant last. */
static inline weight_digit weight_digit_at(const g1_weight *weight, unsigned i) {
    static const weight_digit DIGITS[16] = {
        {DIGIT_ZERO, 0, false},  {DIGIT_ONE, 0, false},  {DIGIT_ONE, 1, false},
        {DIGIT_ONE, 2, false},   {DIGIT_ONE, 0, true},   {DIGIT_ONE, 1, true},
        {DIGIT_ONE, 2, true},    {DIGIT_THETA, 0, false}, {DIGIT_THETA, 1, false},
        {DIGIT_THETA, 2, false}, {DIGIT_THETA, 0, true}, {DIGIT_THETA, 1, true},
        {DIGIT_THETA, 2, true},  {DIGIT_TWO, 0, false},  {DIGIT_TWO, 1, false},
        {DIGIT_TWO, 2, false}};
    return DIGITS[weight->bytes[i / 2] >> (4 * (i % 2)) & 15];
}

#endif
