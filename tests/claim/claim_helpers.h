/* What the tests of src/claim share: temporary files, expected errors, arrays as bytes. */
#ifndef TESTS_CLAIM_HELPERS_H
#define TESTS_CLAIM_HELPERS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "claim/table.h"

/* A new folder below TMPDIR; remove_folder deletes it with the files in it. */
static inline char *make_folder(void) {
    const char *base = getenv("TMPDIR");
    char *path = malloc(4096);
    assert_non_null(path);
    snprintf(path, 4096, "%s/zkm-claim-XXXXXX", base ? base : "/tmp");
    assert_non_null(mkdtemp(path));
    return path;
}

static inline void remove_folder(char *path) {
    char command[5000];
    snprintf(command, sizeof command, "rm -rf '%s'", path);
    assert_int_equal(system(command), 0);
    free(path);
}

static inline void write_bytes_to(const char *path, const void *data, size_t len) {
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
}

/* The status is expected, and the message holds each of the texts (up to NULL). */
static inline void assert_error(const zkm_error *err, zkm_status got, zkm_status expected, ...) {
    va_list texts;
    if (got != expected)
        fail_msg("status %s instead of %s: %s", zkm_status_name(got), zkm_status_name(expected),
                 err->message);
    assert_int_equal(err->status, expected);
    va_start(texts, expected);
    for (const char *text; (text = va_arg(texts, const char *)) != NULL;)
        if (!strstr(err->message, text))
            fail_msg("'%s' is not in: %s", text, err->message);
    va_end(texts);
}

static inline void assert_ok(const zkm_error *err, zkm_status got) {
    if (got != ZKM_OK)
        fail_msg("%s: %s", zkm_status_name(got), err->message);
}

/* One file's text as a table. */
static inline zkm_status read_text(zkm_error *err, table *t, const char *text,
                                   const table_options *options) {
    return table_from_bytes(err, t, (const uint8_t *)text, strlen(text), "data.csv", options);
}

/* An .npy of a header text and elements; major is 1, 2 or 3. */
static inline byte_writer make_npy(int major, const char *header, const void *elements,
                                   size_t len) {
    byte_writer w = writer_init();
    writer_bytes(&w, "\x93NUMPY", 6);
    writer_u8(&w, (uint8_t)major);
    writer_u8(&w, 0);
    if (major == 1)
        writer_u16_le(&w, (uint16_t)strlen(header));
    else
        writer_u32_le(&w, (uint32_t)strlen(header));
    writer_bytes(&w, header, strlen(header));
    writer_bytes(&w, elements, len);
    assert_false(w.failed);
    return w;
}

#endif
