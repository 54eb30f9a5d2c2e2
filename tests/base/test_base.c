/* Byte reader and writer, hex, files, threads, errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/file.h"
#include "base/progress.h"
#include "base/random.h"
#include "base/threads.h"

static void reader__past_the_end_fails_for_good(void **state) {
    (void)state;
    const uint8_t data[] = {1, 2, 3, 4, 5};
    byte_reader r = reader_init(data, sizeof data);
    assert_int_equal(reader_u32_le(&r), 0x04030201);
    assert_int_equal(reader_u16_le(&r), 0);
    assert_true(r.failed);
    assert_int_equal(reader_u8(&r), 0);
    assert_int_equal(reader_left(&r), 0);
    assert_null(reader_take(&r, SIZE_MAX));
}

static void writer__gives_what_the_reader_reads(void **state) {
    (void)state;
    byte_writer w = writer_init();
    writer_u8(&w, 7);
    writer_u16_le(&w, 0x1234);
    writer_u32_be(&w, 0xdeadbeef);
    writer_u64_le(&w, UINT64_C(0x1122334455667788));
    writer_u64_be(&w, 3);
    writer_u32_le(&w, 9);
    writer_zeros(&w, 300);
    assert_false(w.failed);
    byte_reader r = reader_init(w.data, w.len);
    assert_int_equal(reader_u8(&r), 7);
    assert_int_equal(reader_u16_le(&r), 0x1234);
    assert_int_equal(reader_u32_be(&r), 0xdeadbeef);
    assert_true(reader_u64_le(&r) == UINT64_C(0x1122334455667788));
    assert_true(reader_u64_be(&r) == 3);
    assert_int_equal(reader_u32_le(&r), 9);
    assert_int_equal(reader_left(&r), 300);
    writer_clear(&w);
    assert_null(w.data);
}

static void hex__accepts_exactly_n_bytes(void **state) {
    (void)state;
    uint8_t out[2] = {0, 0};
    char text[5];
    assert_true(hex_decode(out, 2, "0xBeeF"));
    hex_encode(text, out, 2);
    assert_string_equal(text, "beef");
    assert_false(hex_decode(out, 2, "bee"));
    assert_false(hex_decode(out, 2, "beef0"));
    assert_false(hex_decode(out, 2, "be f"));
    assert_false(hex_decode(out, 2, "0x"));
    assert_false(hex_decode(out, 2, ""));
}

static void file__is_whole_or_absent(void **state) {
    (void)state;
    char folder[] = "/tmp/zkm-base-XXXXXX", path[64];
    zkm_error err;
    file_writer *w = NULL;
    file_view view;
    struct stat st;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/secret", folder);
    assert_int_equal(file_writer_open(&err, &w, path, 0600), ZKM_OK);
    assert_int_equal(file_writer_append(&err, w, "hello", 5), ZKM_OK);
    assert_int_equal(access(path, F_OK), -1);
    file_writer_abort(w);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(file_write(&err, path, 0600, "hello", 5), ZKM_OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(file_open(&err, &view, path, 5), ZKM_OK);
    assert_memory_equal(view.data, "hello", 5);
    file_close(&view);
    assert_int_equal(file_open(&err, &view, path, 4), ZKM_ERR_FORMAT);
    assert_int_equal(file_open(&err, &view, folder, 4), ZKM_ERR_NOT_FOUND);
    assert_non_null(strstr(err.message, folder));
    unlink(path);
    assert_int_equal(file_open(&err, &view, path, 4), ZKM_ERR_NOT_FOUND);
    assert_int_equal(file_write(&err, "/nowhere/at/all", 0644, "x", 1), ZKM_ERR_NOT_FOUND);
    assert_int_equal(rmdir(folder), 0); /* no temporary file was left */
}

static void file__patch_stays_inside(void **state) {
    (void)state;
    char path[] = "/tmp/zkm-patch-XXXXXX";
    zkm_error err;
    file_writer *w = NULL;
    file_view view;
    close(mkstemp(path));
    assert_int_equal(file_writer_open(&err, &w, path, 0644), ZKM_OK);
    assert_int_equal(file_writer_append(&err, w, "abcdef", 6), ZKM_OK);
    assert_int_equal(file_writer_patch(&err, w, 2, "XY", 2), ZKM_OK);
    assert_int_equal(file_writer_patch(&err, w, 5, "XY", 2), ZKM_ERR_INTERNAL);
    assert_int_equal(file_writer_commit(&err, w), ZKM_OK);
    assert_int_equal(file_open(&err, &view, path, 100), ZKM_OK);
    assert_memory_equal(view.data, "abXYef", 6);
    file_close(&view);
    unlink(path);
}

typedef struct {
    atomic_int seen[1000];
    atomic_int workers[64];
} visited;

static void visit(void *context, size_t begin, size_t end, unsigned worker) {
    visited *v = context;
    for (size_t i = begin; i < end; i++)
        v->seen[i]++;
    v->workers[worker]++;
}

static void parallel_for__visits_every_item_once(void **state) {
    (void)state;
    for (unsigned threads = 0; threads < 9; threads++) {
        for (size_t grain = 0; grain < 1200; grain = grain * 3 + 1) {
            visited v = {0};
            parallel_for(threads, 1000, grain, visit, &v);
            for (int i = 0; i < 1000; i++)
                assert_int_equal(v.seen[i], 1);
        }
    }
    parallel_for(2, 0, 0, visit, NULL);
}

static void error__message_is_printable_and_cut(void **state) {
    (void)state;
    zkm_error err;
    char *longer = malloc(5000);
    memset(longer, 'x', 4999);
    longer[4999] = '\0';
    longer[3] = '\n';
    assert_int_equal(error_set(&err, ZKM_ERR_FORMAT, "%s", longer), ZKM_ERR_FORMAT);
    assert_int_equal(strlen(err.message), ZKM_ERROR_MESSAGE_BYTES - 1);
    assert_int_equal(err.message[3], '?');
    assert_int_equal(error_prefix(&err, ZKM_ERR_FORMAT, "file %d", 1), ZKM_ERR_FORMAT);
    assert_memory_equal(err.message, "file 1: xxx", 11);
    assert_int_equal(error_set(NULL, ZKM_ERR_IO, "nobody listens"), ZKM_ERR_IO);
    free(longer);
}

static void require_parts(const zkm_error *err, const char *place, const char *remedy) {
    assert_int_equal(err->place_len, strlen(place));
    assert_memory_equal(err->message, place, strlen(place));
    assert_string_equal(err->remedy ? err->message + err->remedy : "", remedy);
}

/* Signs in values do not count, only those of the format. */
static void error__parts(void **state) {
    (void)state;
    zkm_error err;
    error_set(&err, ZKM_ERR_RANGE, "%s, column '%s': %d is too large; correct it", "a: b; c.csv",
              "x; y", 7);
    require_parts(&err, "a: b; c.csv, column 'x; y'", "correct it");
    error_prefix(&err, ZKM_ERR_RANGE, "%s", "data: 1");
    assert_string_equal(err.message,
                        "data: 1: a: b; c.csv, column 'x; y': 7 is too large; correct it");
    require_parts(&err, "data: 1: a: b; c.csv, column 'x; y'", "correct it");
    error_set(&err, ZKM_ERR_IO, "nothing to name");
    require_parts(&err, "", "");
    error_prefix(&err, ZKM_ERR_IO, "file");
    require_parts(&err, "file", "");
    error_set(&err, ZKM_ERR_IO, "too small; free memory: all of it");
    require_parts(&err, "", "free memory: all of it");
    error_set(&err, ZKM_ERR_RANGE, "row %d: %s", 3, "too large; correct it");
    require_parts(&err, "row 3", "correct it");
}

/* A part that the cut takes away is not there; all offsets stay inside. */
static void error__parts_of_a_cut_message(void **state) {
    (void)state;
    zkm_error err;
    char longer[2 * ZKM_ERROR_MESSAGE_BYTES];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    error_set(&err, ZKM_ERR_IO, "%s: wrong; remedy", longer);
    assert_int_equal(err.place_len, ZKM_ERROR_MESSAGE_BYTES - 1);
    assert_int_equal(err.remedy, 0);
    error_set(&err, ZKM_ERR_IO, "here: %s; remedy", longer);
    require_parts(&err, "here", "");
    error_set(&err, ZKM_ERR_IO, "here: wrong; remedy");
    error_prefix(&err, ZKM_ERR_IO, "%s", longer);
    assert_int_equal(err.place_len, ZKM_ERROR_MESSAGE_BYTES - 1);
    assert_int_equal(err.remedy, 0);
}

static void status_name__knows_every_status(void **state) {
    (void)state;
    assert_string_equal(zkm_status_name(ZKM_REJECTED), "ZKM_REJECTED");
    assert_string_equal(zkm_status_name((zkm_status)999), "unknown status");
}

static void random_bytes__do_not_repeat(void **state) {
    (void)state;
    zkm_error err;
    uint8_t a[32], b[32];
    assert_int_equal(random_bytes(&err, a, sizeof a), ZKM_OK);
    assert_int_equal(random_bytes(&err, b, sizeof b), ZKM_OK);
    assert_memory_not_equal(a, b, sizeof a);
}

static bool stop(void *context, const char *stage, uint64_t done, uint64_t total) {
    (void)context;
    (void)stage;
    return done < total;
}

static void progress__callback_can_stop(void **state) {
    (void)state;
    zkm_error err;
    const zkm_progress sink = {stop, NULL};
    assert_int_equal(progress_report(&err, &sink, "stage", 1, 2), ZKM_OK);
    assert_int_equal(progress_report(&err, &sink, "stage", 2, 2), ZKM_ERR_CANCELLED);
    assert_int_equal(progress_report(&err, NULL, "stage", 2, 2), ZKM_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reader__past_the_end_fails_for_good),
        cmocka_unit_test(writer__gives_what_the_reader_reads),
        cmocka_unit_test(hex__accepts_exactly_n_bytes),
        cmocka_unit_test(file__is_whole_or_absent),
        cmocka_unit_test(file__patch_stays_inside),
        cmocka_unit_test(parallel_for__visits_every_item_once),
        cmocka_unit_test(error__message_is_printable_and_cut),
        cmocka_unit_test(error__parts),
        cmocka_unit_test(error__parts_of_a_cut_message),
        cmocka_unit_test(status_name__knows_every_status),
        cmocka_unit_test(random_bytes__do_not_repeat),
        cmocka_unit_test(progress__callback_can_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
