/*
 * Scalars in base 2 over Z[omega], omega = (-1 + sqrt(-3))/2, which acts on G1 and G2 as the
 * endomorphism (math/endomorphism.h). Modulo 8 there are 48 elements that 2 does not divide: eight
 * classes, by the six units +-1, +-omega and +-omega^2, which cost a point next to nothing. So with
 * a table of eight multiples one digit in 10/3 is not 0, on average, where two halves with digits
 * of their own have two in six.
 */
#ifndef MATH_EISENSTEIN_H
#define MATH_EISENSTEIN_H

#include "base/wipe.h"
#include "math/glv.h"

enum {
    EISENSTEIN_DIGITS = 132, /* of elements below 2^127 in both coordinates */
    EISENSTEIN_CLASSES = 8,
    EISENSTEIN_UNITS = 6, /* omega^(u mod 3), negated for u >= 3 */
};

/* Element c of the table, the smallest of its class, is element `from` plus a unit. */
static const struct {
    int8_t k1, k2; /* k1 + k2 omega */
    uint8_t from, unit;
} EISENSTEIN_TABLE[EISENSTEIN_CLASSES] = {
    {1, 0, 0, 0},  {1, -1, 0, 4}, {2, -1, 1, 0}, {1, -2, 1, 4},
    {0, -3, 3, 2}, {3, -1, 2, 0}, {1, -3, 3, 4}, {3, -2, 5, 4},
};

/* A digit: a class's element times a unit; absent when 0. */
typedef struct {
    bool present;
    uint8_t element, unit;
} eisenstein_digit;

/* z times a unit. */
static inline glv_integer eisenstein_turn(glv_integer z, unsigned unit) {
    for (unsigned i = 0; i < unit % 3; i++)
        z = (glv_integer){-z.k2, z.k1 - z.k2};
    return unit < 3 ? z : (glv_integer){-z.k1, -z.k2};
}

static inline glv_integer eisenstein_value(unsigned element, unsigned unit) {
    const glv_integer z = {EISENSTEIN_TABLE[element].k1, EISENSTEIN_TABLE[element].k2};
    return eisenstein_turn(z, unit);
}

/* The digit that an odd z equals modulo 8. */
static inline eisenstein_digit eisenstein_lowest(glv_integer z) {
    for (unsigned element = 0; element < EISENSTEIN_CLASSES; element++)
        for (unsigned unit = 0; unit < EISENSTEIN_UNITS; unit++) {
            const glv_integer d = eisenstein_value(element, unit);
            if ((((z.k1 - d.k1) | (z.k2 - d.k2)) & 7) == 0)
                return (eisenstein_digit){true, (uint8_t)element, (uint8_t)unit};
        }
    return (eisenstein_digit){0};
}

/*
 * k = sum digits[i] 2^i; among three neighbours at most one is present. Gives the number of digits
 * up to the last that is. An odd z loses a digit of at most sqrt(19) and is divided by 8, so that
 * it shrinks to an element below 1, which is 0.
 */
static inline int eisenstein_recode(eisenstein_digit digits[EISENSTEIN_DIGITS], const fr *k) {
    glv_integer z = glv_centre(k);
    int count = 0;
    for (int i = 0; i < EISENSTEIN_DIGITS; i++) {
        digits[i] = (eisenstein_digit){0};
        if (((z.k1 | z.k2) & 1) != 0) {
            digits[i] = eisenstein_lowest(z);
            const glv_integer d = eisenstein_value(digits[i].element, digits[i].unit);
            z.k1 -= d.k1;
            z.k2 -= d.k2;
            count = i + 1;
        }
        z.k1 /= 2;
        z.k2 /= 2;
    }
    secure_wipe(&z, sizeof z);
    return count;
}

#endif
