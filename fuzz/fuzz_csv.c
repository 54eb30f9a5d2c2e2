/* CSV: what reads must be finite, and a schema proposed from it must hold its own rows. */
#include <math.h>

#include "claim/dataset.h"
#include "claim/table_internal.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    zkm_error err;
    table t = {0};
    schema s = {0};
    dataset d = {0};
    if (table_from_csv(&err, &t, data, len, "fuzz.csv", NULL) != ZKM_OK)
        return 0;
    for (size_t i = 0; i < t.num_rows * t.num_columns; i++)
        require(isfinite(t.values[i]));
    const char *target = t.columns[t.num_columns - 1].name;
    if (schema_propose(&err, &s, &t, &target, 1) == ZKM_OK) {
        require(dataset_quantise(&err, &d, &t, &s) == ZKM_OK);
        require(d.n == t.num_rows);
        dataset_clear(&d);
        schema_clear(&s);
    }
    table_clear(&t);
    return 0;
}
