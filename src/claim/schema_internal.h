/* What the ways to make a schema (JSON, bytes, proposal) share. */
#ifndef CLAIM_SCHEMA_INTERNAL_H
#define CLAIM_SCHEMA_INTERNAL_H

#include "claim/schema.h"

/* Room for num_columns columns (at least 1) in a zeroed schema; schema_append fills them. */
ZKM_MUST_CHECK zkm_status schema_reserve(zkm_error *err, schema *out, size_t num_columns);
/* The name must be valid and room reserved. */
ZKM_MUST_CHECK zkm_status schema_append(zkm_error *err, schema *out, const char *name, size_t len,
                                        schema_role role, int32_t frac_bits);
/* The rules over all columns: scales in range, unique names, a feature and a target. */
ZKM_MUST_CHECK zkm_status schema_check(zkm_error *err, const schema *s, const char *what);
/* Sorts names; ZKM_ERR_FORMAT when one stands there twice. */
ZKM_MUST_CHECK zkm_status schema_check_unique(zkm_error *err, const char *what, const char **names,
                                              size_t n);

#endif
