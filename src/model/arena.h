/*
 * Memory that lives as long as a model: zeroed blocks that are freed together, under a budget, so
 * that a small hostile file cannot ask for more than its reader allows.
 */
#ifndef MODEL_ARENA_H
#define MODEL_ARENA_H

#include <stddef.h>

#include "base/error.h"

typedef struct arena_block arena_block;

typedef struct {
    arena_block *blocks;
    size_t left; /* bytes that may still be asked for */
} arena;

arena arena_init(size_t budget);
void arena_clear(arena *a);

/* count * size zeroed bytes (one byte when that is 0). ZKM_ERR_MEMORY, naming `what`, when the
 * budget or the system's memory does not hold them. */
ZKM_MUST_CHECK zkm_status arena_alloc(zkm_error *err, void *out_pointer, arena *a, size_t count,
                                      size_t size, const char *what);

/* A copy of a text; NULL counts as "". */
ZKM_MUST_CHECK zkm_status arena_text(zkm_error *err, const char **out, arena *a, const char *text);

#endif
