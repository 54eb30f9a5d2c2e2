/* Memory that lives as long as a model: see arena.h. */
#include "model/arena.h"

#include <stdlib.h>
#include <string.h>

struct arena_block {
    arena_block *next;
    max_align_t data[];
};

arena arena_init(size_t budget) { return (arena){NULL, budget}; }

void arena_clear(arena *a) {
    while (a->blocks) {
        arena_block *next = a->blocks->next;
        free(a->blocks);
        a->blocks = next;
    }
}

zkm_status arena_alloc(zkm_error *err, void *out_pointer, arena *a, size_t count, size_t size,
                       const char *what) {
    if (size != 0 && count > a->left / size)
        return error_set(
            err, ZKM_ERR_MEMORY,
            "%s: %zu elements exceed the memory that a model may take; use a smaller model", what,
            count);
    size_t bytes = count * size;
    if (bytes > SIZE_MAX - sizeof(arena_block) - 1)
        return error_memory(err, what, bytes);
    arena_block *block = calloc(1, sizeof *block + (bytes ? bytes : 1));
    if (!block)
        return error_memory(err, what, bytes);
    block->next = a->blocks;
    a->blocks = block;
    a->left -= bytes;
    void *data = block->data;
    memcpy(out_pointer, &data, sizeof data);
    return ZKM_OK;
}

zkm_status arena_text(zkm_error *err, const char **out, arena *a, const char *text) {
    size_t n = text ? strlen(text) : 0;
    char *copy = NULL;
    ZKM_TRY(arena_alloc(err, &copy, a, n + 1, 1, "model: a name"));
    if (n)
        memcpy(copy, text, n);
    *out = copy;
    return ZKM_OK;
}
