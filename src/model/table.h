/*
 * Activation tables from expressions, with integers only. The value of entry hi of a table at
 * scales (hi_frac, out_frac) is
 *
 *   T[hi] = floor(f(hi / 2^hi_frac) * 2^out_frac + 1/2 + 2^-40)
 *
 * with f computed to a relative error below 2^-100: ties go up, and so does what lies within
 * 2^-40 below one (saturating functions come arbitrarily near), so that every implementation with
 * that accuracy gets the same integers.
 */
#ifndef MODEL_TABLE_H
#define MODEL_TABLE_H

#include "model/expr.h"
#include "model/program.h"

/* f at every point of [-2^(bits-1), 2^(bits-1)) / 2^hi_frac; out has room for 2^bits.
 * ZKM_ERR_RANGE, naming `name` and the point, where f is not a finite number. */
ZKM_MUST_CHECK zkm_status table_points(zkm_error *err, wide *out, const expr *f, uint32_t bits,
                                       int32_t hi_frac, const char *name);

/* The largest frac in [-15, limit] at which all n values fit into `bits` bits; false when none
 * does. */
bool table_out_frac(int32_t *out, const wide *values, size_t n, uint32_t bits, int32_t limit);

/* Rounds; false when a value does not fit int16. */
bool table_round(int16_t *out, const wide *values, size_t n, int32_t out_frac);

/* Whether f is x, or max(x, 0), over the whole domain, at equal scales; TABLE_GENERIC otherwise. */
program_table_kind table_classify(const expr *f, uint32_t bits, int32_t hi_frac);

/* Whether `table` is f at these scales. */
ZKM_MUST_CHECK zkm_status table_matches(zkm_error *err, bool *out, const program_table *table,
                                        const expr *f, int32_t hi_frac, int32_t out_frac,
                                        const char *name);

#endif
