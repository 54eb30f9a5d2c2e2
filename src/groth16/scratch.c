/* Working memory of setup and prover. */
#include "groth16/scratch.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/wipe.h"

enum { LINE = 64 };

zkm_status scratch_new(zkm_error *err, scratch *out, const char *what, size_t bytes) {
    if (bytes > SIZE_MAX - LINE)
        return error_memory(err, what, bytes);
    size_t rounded = (bytes / LINE + 1) * LINE;
    void *data = aligned_alloc(LINE, rounded);
    if (!data)
        return error_memory(err, what, bytes);
    *out = (scratch){data, rounded};
    return ZKM_OK;
}

zkm_status scratch_array(zkm_error *err, scratch *out, const char *what, size_t count,
                         size_t size) {
    if (size != 0 && count > SIZE_MAX / size)
        return error_memory(err, what, SIZE_MAX);
    return scratch_new(err, out, what, count * size);
}

void scratch_free(scratch *s) {
    if (s->data)
        secure_wipe(s->data, s->bytes);
    free(s->data);
    *s = (scratch){0};
}
