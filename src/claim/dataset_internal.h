/* How a schema finds its columns in a table. */
#ifndef CLAIM_DATASET_INTERNAL_H
#define CLAIM_DATASET_INTERNAL_H

#include "claim/schema.h"
#include "claim/table.h"

#define COLUMN_ABSENT UINT32_MAX

/* index[i] = the table's column that is the schema's column i; COLUMN_ABSENT is left for time
 * columns only. index has room for s->num_columns. The rule is dataset_quantise's. */
ZKM_MUST_CHECK zkm_status dataset_match_columns(zkm_error *err, uint32_t *index, const table *data,
                                                const schema *s);

#endif
