/* Large working memory that may hold secrets: aligned to cache lines, wiped before it is freed. */
#ifndef GROTH16_SCRATCH_H
#define GROTH16_SCRATCH_H

#include "base/error.h"

typedef struct {
    void *data;
    size_t bytes;
} scratch;

ZKM_MUST_CHECK zkm_status scratch_new(zkm_error *err, scratch *out, const char *what, size_t bytes);
/* `count` elements of `size` bytes; a product that overflows is an allocation that fails. */
ZKM_MUST_CHECK zkm_status scratch_array(zkm_error *err, scratch *out, const char *what,
                                        size_t count, size_t size);
void scratch_free(scratch *s); /* a zeroed one is accepted */

#endif
