/* Rows from wherever the caller has them. */
#include "api/internal.h"

zkm_status data_read(zkm_error *err, table *out, const data_source *from,
                     const table_options *options) {
    return from->arrays ? table_from_rows(err, out, from->arrays, from->count, options)
                        : table_read(err, out, from->paths, from->count, options);
}
