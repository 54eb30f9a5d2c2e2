/* Files of numbered sections in memory, to be changed and written back. */
#ifndef TESTS_GROTH16_SECTION_FILE_H
#define TESTS_GROTH16_SECTION_FILE_H

#include "groth16/folder.h"

#include "groth16/iden3.h"

enum { LOADED_SECTIONS = 24 }; /* more than any format here has */

/* A file, and where its sections lie in it. */
typedef struct {
    uint8_t *bytes;
    size_t len;
    uint8_t *section[LOADED_SECTIONS];
    size_t section_len[LOADED_SECTIONS];
} loaded;

/* Sections 1 to end - 1 of a file of that magic. */
static inline loaded load_sections(const char *path, const char *magic, uint32_t end) {
    zkm_error err;
    iden3_file file;
    loaded l = {0};
    assert_in_range(end, 1, LOADED_SECTIONS);
    l.bytes = toy_read(path, &l.len);
    toy_ok(iden3_open(&err, &file, "test", magic, 1, l.bytes, l.len), &err);
    for (uint32_t s = 1; s < end; s++) {
        byte_reader r;
        toy_ok(iden3_section(&err, &r, &file, s), &err);
        l.section[s] = l.bytes + (r.data - l.bytes);
        l.section_len[s] = r.len;
    }
    return l;
}

static inline const char *store(loaded *l, const char *name) {
    const char *path = in_folder(name);
    toy_write(path, l->bytes, l->len);
    free(l->bytes);
    return path;
}

#endif
