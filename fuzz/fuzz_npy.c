/* NumPy arrays and archives: whatever the bytes, a table of finite numbers or a message. */
#include <math.h>

#include "claim/table_internal.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    zkm_error err;
    table t = {0};
    bool archive = len > 0 && data[0] == 'P';
    zkm_status status = archive ? table_from_npz(&err, &t, data, len, "fuzz.npz", NULL)
                                : table_from_npy(&err, &t, data, len, "fuzz.npy", NULL, NULL);
    if (status != ZKM_OK)
        return 0;
    for (size_t i = 0; i < t.num_rows * t.num_columns; i++)
        require(isfinite(t.values[i]));
    table_clear(&t);
    return 0;
}
