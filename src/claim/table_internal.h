/* What the readers of the data formats share. */
#ifndef CLAIM_TABLE_INTERNAL_H
#define CLAIM_TABLE_INTERNAL_H

#include "claim/table.h"

/* Readers of one format each, with the contract of table_from_bytes. */
ZKM_MUST_CHECK zkm_status table_from_csv(zkm_error *err, table *out, const uint8_t *data,
                                         size_t len, const char *path,
                                         const table_options *options);
/* `array` is the array's name in an archive, or NULL for a file of its own, which `path` names. */
ZKM_MUST_CHECK zkm_status table_from_npy(zkm_error *err, table *out, const uint8_t *data,
                                         size_t len, const char *path, const char *array,
                                         const table_options *options);
ZKM_MUST_CHECK zkm_status table_from_npz(zkm_error *err, table *out, const uint8_t *data,
                                         size_t len, const char *path,
                                         const table_options *options);

/* One array in memory, with the contract of table_from_rows. */
ZKM_MUST_CHECK zkm_status table_from_array(zkm_error *err, table *out, const zkm_rows *array,
                                           const table_options *options);

/* Names the columns of an array that has no names for them, and allocates them: the first array_len
 * bytes of `array`, and a number when there are several. */
ZKM_MUST_CHECK zkm_status table_name_columns(zkm_error *err, table *t, size_t columns,
                                             const char *array, size_t array_len, bool positional);
/* A table of one source without columns or rows. */
ZKM_MUST_CHECK zkm_status table_start(zkm_error *err, table *out, const char *path);
/* Takes the parts' columns side by side into out; the parts are cleared on success. */
ZKM_MUST_CHECK zkm_status table_join(zkm_error *err, table *out, table *parts, size_t num_parts);
/* ZKM_ERR_FORMAT when two columns have one name. */
ZKM_MUST_CHECK zkm_status table_check_names(zkm_error *err, const table *t);
/* Sets `ignored` of every column that is not to be read. ZKM_ERR_MEMORY only. */
ZKM_MUST_CHECK zkm_status table_mark_ignored(zkm_error *err, table *t,
                                             const table_options *options);

#endif
