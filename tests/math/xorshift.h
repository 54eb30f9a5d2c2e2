/* The tests' operands: xorshift64* (Vigna 2016), the same in every run. */
#ifndef TESTS_MATH_XORSHIFT_H
#define TESTS_MATH_XORSHIFT_H

#include <stdint.h>

static uint64_t random_state = 88172645463325252u;

static uint64_t next(void) {
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * 2685821657736338717u;
}

#endif
