/* What stands in for table_npz.c where libzip is not wanted. */
#include "claim/table_internal.h"

zkm_status table_from_npz(zkm_error *err, table *out, const uint8_t *data, size_t len,
                          const char *path, const table_options *options) {
    (void)out;
    (void)data;
    (void)len;
    (void)options;
    return error_set(err, ZKM_ERR_UNSUPPORTED,
                     "%s: an .npz archive, which this build does not read; give its arrays as .npy "
                     "files",
                     path);
}
