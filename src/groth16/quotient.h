/* The quotient's coordinates: values of AB - C on the odd coset. */
#ifndef GROTH16_QUOTIENT_H
#define GROTH16_QUOTIENT_H

#include "base/error.h"
#include "math/fr.h"

/*
 * a and b hold A(w) and B(w) of num_rows rows and have room for `domain`; C(w) = A(w) B(w) row by
 * row because the witness satisfies the system. On success a[i] = (AB - C)(w^(2i+1)) for i <
 * domain, with A, B, C the interpolating polynomials and w the root of the doubled domain; b is
 * consumed. Six transforms.
 */
ZKM_MUST_CHECK zkm_status quotient_on_odd_coset(zkm_error *err, fr *a, fr *b, size_t num_rows,
                                                size_t domain, unsigned threads);

/* Each of `count` arrays holds values of a polynomial on the domain, and then those on the odd
 * coset. */
ZKM_MUST_CHECK zkm_status odd_coset_values(zkm_error *err, fr *const *values, size_t count,
                                           size_t domain, unsigned threads);

#endif
