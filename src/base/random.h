/* Uniform random bytes from the kernel (getrandom). */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include "base/error.h"

/* Fills out[0..n) with uniform bytes; ZKM_ERR_RANDOM when the kernel gives none. */
ZKM_MUST_CHECK zkm_status random_bytes(zkm_error *err, void *out, size_t n);

#endif
