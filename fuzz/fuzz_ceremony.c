/* Powers of tau and files of ceremonies: every check that needs no circuit. */
#include <string.h>

#include "fuzz.h"
#include "groth16/ceremony_internal.h"

static void powers(const uint8_t *data, size_t len) {
    zkm_error err;
    ptau p;
    if (ptau_open_bytes(&err, &p, data, len) == ZKM_OK)
        require(ptau_check(&err, &p, 0, 1, NULL) <= ZKM_ERR_INTERNAL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    zkm_error err;
    zkc z;
    if (len >= 4 && memcmp(data, "ptau", 4) == 0)
        powers(data, len);
    else if (zkc_open_bytes(&err, &z, data, len, NULL, NULL) == ZKM_OK)
        require(z.state.links == zkc_links(&z.header) && z.num_a <= z.header.num_wires);
    return 0;
}
