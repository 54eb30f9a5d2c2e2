/* Uniform scalars from the kernel's random bytes. */
#ifndef MATH_FR_RANDOM_H
#define MATH_FR_RANDOM_H

#include "base/error.h"
#include "math/fr.h"

/* A uniform element of Fr, by rejection of 254-bit strings; ZKM_ERR_RANDOM when the kernel gives
 * none. */
ZKM_MUST_CHECK zkm_status fr_random(zkm_error *err, fr *out);

/* n uniform elements below 2^FR_WEIGHT_BITS: weights of a linear form, which is 0 with a
 * probability of 2^-130 at most unless all its coefficients are. The two bits above 128 pay for
 * what else may go wrong, and cost nothing: multi-scalar multiplications have nine windows of 15
 * bits either way, or ten digits of 13 (point_check.c). */
enum { FR_WEIGHT_BITS = 130 };
ZKM_MUST_CHECK zkm_status fr_random_weights(zkm_error *err, fr *out, size_t n);

#endif
