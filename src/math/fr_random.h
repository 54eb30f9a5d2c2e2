/* Uniform scalars from the kernel's random bytes. */
#ifndef MATH_FR_RANDOM_H
#define MATH_FR_RANDOM_H

#include "base/error.h"
#include "math/fr.h"

/* A uniform element of Fr, by rejection of 254-bit strings; ZKM_ERR_RANDOM when the kernel gives
 * none. */
ZKM_MUST_CHECK zkm_status fr_random(zkm_error *err, fr *out);

#endif
