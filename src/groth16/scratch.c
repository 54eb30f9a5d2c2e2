/* Working memory of setup and prover. */
#include "groth16/scratch.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/wipe.h"

enum { LINE = 64, HUGE_PAGE = 2 << 20 };

zkm_status scratch_new(zkm_error *err, scratch *out, const char *what, size_t bytes) {
    size_t unit = bytes < 2 * HUGE_PAGE ? LINE : HUGE_PAGE;
    if (bytes > SIZE_MAX - unit)
        return error_memory(err, what, bytes);
    size_t rounded = (bytes / unit + 1) * unit;
    void *data = aligned_alloc(unit, rounded);
    if (!data)
        return error_memory(err, what, bytes);
    /* Large pages where the system gives them: fewer faults, and sums read at random. */
    if (unit == HUGE_PAGE)
        (void)madvise(data, rounded, MADV_HUGEPAGE);
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
