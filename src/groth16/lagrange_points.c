/* A mixed-radix transform (Cooley and Tukey 1965), decimation in time, over points. */
#include "groth16/lagrange_points.h"

#include "base/progress.h"
#include "base/threads.h"
#include "groth16/lagrange.h"
#include "groth16/scratch.h"

enum { MAX_RADIX = 3, MAX_LEVELS = 32, AFFINE_BATCH = 256 };

/* The radices, innermost first: threes, then twos. Gives their number. */
static unsigned factor(unsigned radix[MAX_LEVELS], size_t n) {
    unsigned levels = 0;
    for (; n % 3 == 0; n /= 3)
        radix[levels++] = 3;
    for (; n > 1; n /= 2)
        radix[levels++] = 2;
    return levels;
}

/* Where element i of the input belongs before the first level: its digits, outermost radix first,
 * in the opposite order. */
static size_t place_of(size_t i, const unsigned *radix, unsigned levels, size_t n) {
    size_t place = 0, block = n;
    for (unsigned l = levels; l-- > 0;) {
        block /= radix[l];
        place += i % radix[l] * block;
        i /= radix[l];
    }
    return place;
}

#define CURVE g1
#define CURVE_F fp
#include "groth16/lagrange_points_template.h"
#define CURVE g2
#define CURVE_F fp2
#include "groth16/lagrange_points_template.h"
