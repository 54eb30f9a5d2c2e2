/*
 * Software floating point with 128-bit significands: what activation tables are computed with.
 * Every operation truncates, so its relative error is below 2^-126 and a result that 128 bits can
 * hold is exact. Exponents are limited to +-2^24: beyond lie infinity and zero. Not a number and
 * infinities behave as in IEEE 754.
 */
#ifndef MODEL_WIDE_H
#define MODEL_WIDE_H

#include <stdbool.h>
#include <stdint.h>

typedef enum { WIDE_ZERO = 0, WIDE_NORMAL, WIDE_INFINITE, WIDE_NAN } wide_class;

/* NORMAL: (-1)^negative * m * 2^e with 2^127 <= m < 2^128. */
typedef struct {
    unsigned __int128 m;
    int32_t e;
    bool negative;
    wide_class kind;
} wide;

wide wide_from_double(double v); /* exact */
/* v * 2^-frac, exactly. */
wide wide_from_fixed(int64_t v, int32_t frac);
double wide_to_double(wide a); /* truncated */
/* floor(a * 2^frac); false (and *out untouched) unless |a * 2^frac| < 2^120. */
bool wide_to_fixed(__int128 *out, wide a, int32_t frac);

wide wide_add(wide a, wide b);
wide wide_sub(wide a, wide b);
wide wide_mul(wide a, wide b);
wide wide_div(wide a, wide b);
wide wide_div_small(wide a, uint32_t n); /* 1 <= n */
wide wide_neg(wide a);
wide wide_sqrt(wide a);
wide wide_floor(wide a);
wide wide_scale(wide a, int32_t k); /* a * 2^k */
bool wide_less(wide a, wide b);     /* false when either is not a number */
bool wide_equal(wide a, wide b);

#endif
