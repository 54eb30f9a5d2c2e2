/* Multiples of one point; see fixed_base.h. */
#include "math/fixed_base.h"

#include <string.h>

#include "base/threads.h"
#include "math/backend.h"

enum {
    FIXED_BATCH = 2048, /* multiples whose additions share an inversion */
    SCALAR_BITS = 255,  /* of an integer below r, with the carry of signed digits */
    MIN_FIXED_BITS = 2,
    MAX_FIXED_BITS = 14, /* beyond, a table leaves the second-level cache by too much */
    MAX_FIXED_WINDOWS = SCALAR_BITS / MIN_FIXED_BITS + 1,
};

static unsigned window_count(unsigned bits) { return (SCALAR_BITS + bits - 1) / bits; }

size_t fixed_base_table_points(unsigned bits) {
    return window_count(bits) * ((size_t)1 << (bits - 1));
}

unsigned fixed_base_window(size_t n) {
    unsigned best = 4;
    for (unsigned bits = 4; bits <= MAX_FIXED_BITS; bits++)
        if (fixed_base_table_points(bits) + n * window_count(bits) <
            fixed_base_table_points(best) + n * window_count(best))
            best = bits;
    return best;
}

/*
 * The next digit of v, at bit `at`, in [-2^(bits-1), 2^(bits-1)]: half the range stays positive.
 * *carry is what the digit before left over. The last window holds at most bits - 1 bits of v, so
 * it leaves none.
 */
static int signed_digit(const uint64_t v[4], unsigned at, unsigned bits, uint8_t *carry) {
    unsigned limb = at / 64, shift = at % 64;
    uint64_t w = limb < 4 ? v[limb] >> shift : 0;
    if (limb < 3 && shift + bits > 64)
        w |= v[limb + 1] << (64 - shift);
    int digit = (int)(w & ((UINT64_C(1) << bits) - 1)) + *carry;
    *carry = digit > 1 << (bits - 1);
    return *carry ? digit - (1 << bits) : digit;
}

#define CURVE g1
#define CURVE_F fp
#include "math/fixed_base_template.h"
#undef CURVE
#undef CURVE_F
#define CURVE g2
#define CURVE_F fp2
#include "math/fixed_base_template.h"
#undef CURVE
#undef CURVE_F
