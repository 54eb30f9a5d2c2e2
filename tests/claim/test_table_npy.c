/* NumPy arrays and archives, made here byte by byte. */
#include "claim_helpers.h"

#include <math.h>
#include <zip.h>

#include "claim/table_internal.h"

#define HEADER(descr, order, shape)                                                                \
    "{'descr': '" descr "', 'fortran_order': " order ", 'shape': " shape ", }          \n"

static zkm_status read_npy(zkm_error *err, table *t, const char *header, const void *elements,
                           size_t len) {
    byte_writer w = make_npy(1, header, elements, len);
    zkm_status status = table_from_bytes(err, t, w.data, w.len, "folder/x.npy", NULL);
    writer_clear(&w);
    return status;
}

static void expect_values(const char *header, const void *elements, size_t len, size_t rows,
                          uint32_t columns, const double *values) {
    zkm_error err;
    table t = {0};
    assert_ok(&err, read_npy(&err, &t, header, elements, len));
    assert_int_equal(t.num_rows, rows);
    assert_int_equal(t.num_columns, columns);
    for (size_t i = 0; i < rows * columns; i++)
        assert_true(t.values[i] == values[i]);
    table_clear(&t);
}

static void table_from_npy__integer_types(void **state) {
    (void)state;
    static const double values[] = {1, -2};
    static const uint8_t i8[] = {1, 0xfe}, i16[] = {1, 0, 0xfe, 0xff}, i16be[] = {0, 1, 0xff, 0xfe};
    static const uint8_t i32[] = {1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff};
    static const uint8_t i64be[] = {0,    0,    0,    0,    0,    0,    0,    1,
                                    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe};
    expect_values(HEADER("|i1", "False", "(2,)"), i8, sizeof i8, 2, 1, values);
    expect_values(HEADER("<i2", "False", "(2,)"), i16, sizeof i16, 2, 1, values);
    expect_values(HEADER(">i2", "False", "(2,)"), i16be, sizeof i16be, 2, 1, values);
    expect_values(HEADER("<i4", "False", "(2,)"), i32, sizeof i32, 2, 1, values);
    expect_values(HEADER(">i8", "False", "(2,)"), i64be, sizeof i64be, 2, 1, values);
    static const double large[] = {18446744073709551615.0};
    static const uint8_t ones[8] = {255, 255, 255, 255, 255, 255, 255, 255};
    expect_values(HEADER("<u8", "False", "(1,)"), ones, 8, 1, 1, large);
    static const double byte[] = {255};
    expect_values(HEADER("|u1", "False", "(1,)"), ones, 1, 1, 1, byte);
    static const uint8_t truth[] = {0, 1};
    static const double truths[] = {0, 1};
    expect_values(HEADER("|b1", "False", "(2,)"), truth, 2, 2, 1, truths);
}

static void table_from_npy__float_types(void **state) {
    (void)state;
    static const double values[] = {1.5, -0.25};
    static const float f4[] = {1.5f, -0.25f};
    static const uint8_t f2[] = {0x00, 0x3e, 0x00, 0xb4}, f2be[] = {0x3e, 0x00, 0xb4, 0x00};
    static const uint8_t f4be[] = {0x3f, 0xc0, 0, 0, 0xbe, 0x80, 0, 0};
    expect_values(HEADER("<f8", "False", "(2,)"), values, sizeof values, 2, 1, values);
    expect_values(HEADER("<f4", "False", "(2,)"), f4, sizeof f4, 2, 1, values);
    expect_values(HEADER(">f4", "False", "(2,)"), f4be, sizeof f4be, 2, 1, values);
    expect_values(HEADER("<f2", "False", "(2,)"), f2, sizeof f2, 2, 1, values);
    expect_values(HEADER(">f2", "False", "(2,)"), f2be, sizeof f2be, 2, 1, values);
    /* smallest subnormal, largest subnormal, smallest normal, largest half */
    static const uint8_t halves[] = {1, 0, 0xff, 3, 0, 4, 0xff, 0x7b};
    const double expected[] = {ldexp(1, -24), ldexp(1023, -24), ldexp(1, -14), 65504};
    expect_values(HEADER("<f2", "False", "(4,)"), halves, sizeof halves, 4, 1, expected);
}

static void table_from_npy__orders_and_dimensions(void **state) {
    (void)state;
    static const uint8_t c[] = {0, 1, 2, 3, 4, 5}, f[] = {0, 3, 1, 4, 2, 5};
    static const double values[] = {0, 1, 2, 3, 4, 5};
    expect_values(HEADER("|u1", "False", "(2, 3)"), c, 6, 2, 3, values);
    expect_values(HEADER("|u1", "True", "(2, 3)"), f, 6, 2, 3, values);
    /* a[i][j][k] = 4 i + 2 j + k in Fortran order stands at i + 2 j + 4 k */
    static const uint8_t cube[] = {0, 4, 2, 6, 1, 5, 3, 7};
    static const double cubes[] = {0, 1, 2, 3, 4, 5, 6, 7};
    expect_values(HEADER("|u1", "True", "(2, 2, 2)"), cube, 8, 2, 4, cubes);
    expect_values(HEADER("|u1", "False", "(2, 3, 1)"), c, 6, 2, 3, values);
}

static void table_from_npy__columns_bear_the_files_name(void **state) {
    (void)state;
    zkm_error err;
    table t = {0};
    static const uint8_t bytes[] = {1, 2, 3, 4};
    assert_ok(&err, read_npy(&err, &t, HEADER("|u1", "False", "(2, 2)"), bytes, 4));
    assert_string_equal(t.columns[0].name, "x_0");
    assert_string_equal(t.columns[1].name, "x_1");
    assert_true(t.columns[1].positional);
    assert_int_equal(t.columns[1].stem, 1);
    char place[64];
    table_place(place, sizeof place, &t, 1, 0);
    assert_string_equal(place, "folder/x.npy: row 2");
    table_clear(&t);
    assert_ok(&err, read_npy(&err, &t, HEADER("|u1", "False", "(4,)"), bytes, 4));
    assert_string_equal(t.columns[0].name, "x");
    table_clear(&t);
    byte_writer w = make_npy(1, HEADER("|u1", "False", "(4,)"), bytes, 4);
    assert_ok(&err, table_from_bytes(&err, &t, w.data, w.len, "a/b\xff.npy", NULL));
    assert_string_equal(t.columns[0].name, "x");
    table_clear(&t);
    writer_clear(&w);
}

static void table_from_npy__versions(void **state) {
    (void)state;
    for (int version = 0; version <= 4; version++) {
        zkm_error err;
        table t = {0};
        byte_writer w = make_npy(version, HEADER("|u1", "False", "(1,)"), "\7", 1);
        zkm_status status = table_from_bytes(&err, &t, w.data, w.len, "x.npy", NULL);
        if (version >= 1 && version <= 3)
            assert_ok(&err, status);
        else
            assert_error(&err, status, ZKM_ERR_UNSUPPORTED, "x.npy", "1.0, 2.0 and 3.0", NULL);
        table_clear(&t);
        writer_clear(&w);
    }
}

static void refused(const char *header, const void *elements, size_t len, zkm_status expected,
                    const char *a, const char *b) {
    zkm_error err;
    table t = {0};
    zkm_status status = read_npy(&err, &t, header, elements, len);
    assert_error(&err, status, expected, "x.npy", a, b, NULL);
    assert_null(t.values);
}

static void table_from_npy__types_without_numbers_are_refused(void **state) {
    (void)state;
    static const char *const types[] = {"|O",  "<U8", "|S4", "<c8", "<f16", "<M8[ns]", "=f4",
                                        "|f4", "<i3", "<f1", "|b2", "<b8",  "f8",      ""};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        char header[200];
        snprintf(header, sizeof header,
                 "{'descr': '%s', 'fortran_order': False, 'shape': (1,), }\n", types[i]);
        refused(header, "12345678", 8, ZKM_ERR_UNSUPPORTED, "type", "astype");
    }
    refused("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }\n", "12345678", 8,
            ZKM_ERR_UNSUPPORTED, "structured", "astype");
}

static void table_from_npy__malformed_headers_are_refused(void **state) {
    (void)state;
    static const char *const headers[] = {
        "",
        "{",
        "{}",
        "}",
        "None",
        "{'descr': '<f8', 'fortran_order': False, }",
        "{'descr': '<f8', 'shape': (1,), }",
        "{'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f8', 'fortran_order': 0, 'shape': (1,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': 1, }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1 }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'x': 1}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), } x",
        "{'descr: '<f8', 'fortran_order': False, 'shape': (1,), }",
        "{'descr' '<f8', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f8' 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,"
        "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1), }"};
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        refused(headers[i], "12345678", 8, ZKM_ERR_FORMAT, "header", "malformed");
}

static void table_from_npy__python_spellings_are_read(void **state) {
    (void)state;
    static const double value[] = {1};
    expect_values("{\"shape\":(1,),\"fortran_order\":True,\"descr\":\"|u1\"}", "\1", 1, 1, 1,
                  value);
    expect_values(" { 'shape' : ( 1 , 1 ) , 'fortran_order' : False , 'descr' : '|u1' } \n", "\1",
                  1, 1, 1, value);
    expect_values("{'descr': '|u1', 'fortran_order': False, 'shape': (1)}", "\1", 1, 1, 1, value);
}

static void table_from_npy__shapes_are_bounded(void **state) {
    (void)state;
    refused(HEADER("|u1", "False", "()"), "1", 1, ZKM_ERR_FORMAT, "single number", "");
    refused(HEADER("|u1", "False", "(0,)"), "", 0, ZKM_ERR_FORMAT, "empty", "");
    refused(HEADER("|u1", "False", "(3, 0)"), "", 0, ZKM_ERR_FORMAT, "empty", "");
    refused(HEADER("|u1", "False", "(1, 200000)"), "", 0, ZKM_ERR_FORMAT, "columns", "");
    refused(HEADER("|u1", "False", "(1, 70000, 70000, 70000)"), "", 0, ZKM_ERR_FORMAT, "columns",
            "");
    refused(HEADER("|u1", "False", "(1, 65536, 2, 65536, 65536)"), "", 0, ZKM_ERR_FORMAT, "columns",
            "");
    refused(HEADER("|u1", "False", "(268435457,)"), "", 0, ZKM_ERR_FORMAT, "cells", "");
    refused(HEADER("|u1", "False", "(99999999999999999999999,)"), "", 0, ZKM_ERR_FORMAT,
            "too large", "");
    refused(HEADER("<f8", "False", "(3,)"), "12345678", 8, ZKM_ERR_FORMAT, "24 bytes", "holds 8");
    refused(HEADER("<f8", "False", "(1,)"), "123456789", 9, ZKM_ERR_FORMAT, "8 bytes", "holds 9");
}

static void table_from_npy__not_finite_is_refused(void **state) {
    (void)state;
    const double bad[] = {1, NAN, INFINITY, 2};
    refused(HEADER("<f8", "False", "(2, 2)"), bad, sizeof bad, ZKM_ERR_FORMAT,
            "row 1, column 'x_1': nan", "");
    refused(HEADER("<f8", "False", "(4,)"), bad + 2, 16, ZKM_ERR_FORMAT, "", "");
    refused(HEADER("<f8", "False", "(2,)"), bad + 2, 16, ZKM_ERR_FORMAT, "row 1, column 'x': inf",
            "");
    static const uint8_t halves[] = {0, 0x7c, 1, 0xfc};
    refused(HEADER("<f2", "False", "(1,)"), halves, 2, ZKM_ERR_FORMAT, "inf", "");
    refused(HEADER("<f2", "False", "(1,)"), halves + 2, 2, ZKM_ERR_FORMAT, "nan", "");
}

static void table_from_npy__every_truncation_is_refused(void **state) {
    (void)state;
    const double values[] = {1, 2};
    byte_writer w = make_npy(2, HEADER("<f8", "False", "(2,)"), values, sizeof values);
    for (size_t len = 0; len < w.len; len++) {
        zkm_error err;
        table t = {0};
        uint8_t *copy = malloc(len ? len : 1);
        assert_non_null(copy);
        memcpy(copy, w.data, len);
        assert_int_not_equal(table_from_npy(&err, &t, copy, len, "x.npy", NULL, NULL), ZKM_OK);
        free(copy);
    }
    writer_clear(&w);
}

/* An archive of entries, made by libzip in memory. */
typedef struct {
    const char *name;
    byte_writer content;
    zip_int32_t method;
} entry;

static byte_writer make_zip(entry *entries, size_t n) {
    zip_error_t why;
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &why);
    assert_non_null(source);
    zip_source_keep(source);
    zip_t *archive = zip_open_from_source(source, ZIP_TRUNCATE, &why);
    assert_non_null(archive);
    for (size_t i = 0; i < n; i++) {
        zip_source_t *one =
            zip_source_buffer(archive, entries[i].content.data, entries[i].content.len, 0);
        zip_int64_t index = zip_file_add(archive, entries[i].name, one, 0);
        assert_true(index >= 0);
        assert_int_equal(
            zip_set_file_compression(archive, (zip_uint64_t)index, entries[i].method, 0), 0);
    }
    assert_int_equal(zip_close(archive), 0);
    byte_writer out = writer_init();
    uint8_t buffer[4096];
    assert_int_equal(zip_source_open(source), 0);
    for (zip_int64_t got; (got = zip_source_read(source, buffer, sizeof buffer)) > 0;)
        writer_bytes(&out, buffer, (size_t)got);
    zip_source_close(source);
    zip_source_free(source);
    zip_error_fini(&why);
    for (size_t i = 0; i < n; i++)
        writer_clear(&entries[i].content);
    return out;
}

static byte_writer two_arrays(zip_int32_t method) {
    static const uint8_t x[] = {1, 2, 3, 4, 5, 6}, y[] = {7, 8, 9};
    entry entries[] = {{"x.npy", make_npy(1, HEADER("|u1", "False", "(3, 2)"), x, 6), method},
                       {"y.npy", make_npy(1, HEADER("|u1", "False", "(3,)"), y, 3), method}};
    return make_zip(entries, 2);
}

static void table_from_npz__arrays_side_by_side(void **state) {
    (void)state;
    static const zip_int32_t methods[] = {ZIP_CM_STORE, ZIP_CM_DEFLATE};
    static const double values[] = {1, 2, 7, 3, 4, 8, 5, 6, 9};
    for (size_t m = 0; m < 2; m++) {
        zkm_error err;
        table t = {0};
        byte_writer w = two_arrays(methods[m]);
        assert_ok(&err, table_from_bytes(&err, &t, w.data, w.len, "d.npz", NULL));
        assert_int_equal(t.num_columns, 3);
        assert_string_equal(t.columns[1].name, "x_1");
        assert_string_equal(t.columns[2].name, "y");
        assert_false(t.columns[2].positional);
        for (size_t i = 0; i < 9; i++)
            assert_true(t.values[i] == values[i]);
        table_clear(&t);
        writer_clear(&w);
    }
}

static void npz_refused(entry *entries, size_t n, zkm_status expected, const char *a,
                        const char *b) {
    zkm_error err;
    table t = {0};
    byte_writer w = make_zip(entries, n);
    zkm_status status = table_from_npz(&err, &t, w.data, w.len, "d.npz", NULL);
    assert_error(&err, status, expected, "d.npz", a, b, NULL);
    writer_clear(&w);
}

static void table_from_npz__bad_contents_are_refused(void **state) {
    (void)state;
    entry uneven[] = {
        {"x.npy", make_npy(1, HEADER("|u1", "False", "(2,)"), "\1\2", 2), ZIP_CM_STORE},
        {"y.npy", make_npy(1, HEADER("|u1", "False", "(3,)"), "\1\2\3", 3), ZIP_CM_STORE}};
    npz_refused(uneven, 2, ZKM_ERR_FORMAT, "'y'", "same number of rows");
    entry same[] = {
        {"x.npy", make_npy(1, HEADER("|u1", "False", "(1, 2)"), "\1\2", 2), ZIP_CM_STORE},
        {"x_0.npy", make_npy(1, HEADER("|u1", "False", "(1,)"), "\1", 1), ZIP_CM_STORE}};
    npz_refused(same, 2, ZKM_ERR_FORMAT, "'x_0'", "two columns");
    entry text[] = {{"readme.txt", make_npy(1, HEADER("|u1", "False", "(1,)"), "\1", 1), 0}};
    npz_refused(text, 1, ZKM_ERR_FORMAT, "'readme.txt'", ".npy");
    entry nan_entry[] = {
        {"x.npy", make_npy(1, HEADER("<f2", "False", "(1,)"), "\1\x7c", 2), ZIP_CM_STORE}};
    npz_refused(nan_entry, 1, ZKM_ERR_FORMAT, "array 'x': row 1, column 'x': nan", "");
    entry object[] = {{"x.npy", make_npy(1, HEADER("|O", "False", "(1,)"), "\1", 1), 0}};
    npz_refused(object, 1, ZKM_ERR_UNSUPPORTED, "array 'x'", "'|O'");
}

static void table_from_npz__claimed_size_beyond_deflate_is_refused(void **state) {
    (void)state;
    zkm_error err;
    table t = {0};
    byte_writer w = two_arrays(ZIP_CM_DEFLATE);
    /* The central directory's uncompressed size of the first entry, and the local header's. */
    size_t central = 0;
    for (size_t i = 0; i + 4 < w.len && central == 0; i++)
        if (memcmp(w.data + i, "PK\1\2", 4) == 0)
            central = i;
    assert_true(central > 0);
    memcpy(w.data + central + 24, "\0\0\0\x60", 4);
    memcpy(w.data + 22, "\0\0\0\x60", 4);
    zkm_status status = table_from_npz(&err, &t, w.data, w.len, "d.npz", NULL);
    assert_int_equal(status, ZKM_ERR_FORMAT);
    assert_non_null(strstr(err.message, "d.npz"));
    memcpy(w.data + central + 24, "\0\0\x10\0", 4); /* 1 MiB from a few hundred bytes */
    memcpy(w.data + 22, "\0\0\x10\0", 4);
    status = table_from_npz(&err, &t, w.data, w.len, "d.npz", NULL);
    assert_int_equal(status, ZKM_ERR_FORMAT);
    writer_clear(&w);
}

static void table_from_npz__flips_and_truncations_are_harmless(void **state) {
    (void)state;
    byte_writer w = two_arrays(ZIP_CM_DEFLATE);
    for (size_t i = 0; i < w.len; i++) {
        zkm_error err;
        table t = {0};
        uint8_t *copy = malloc(w.len);
        assert_non_null(copy);
        memcpy(copy, w.data, w.len);
        assert_int_not_equal(table_from_npz(&err, &t, copy, i, "d.npz", NULL), ZKM_OK);
        copy[i] ^= 0x10;
        if (table_from_npz(&err, &t, copy, w.len, "d.npz", NULL) == ZKM_OK)
            table_clear(&t); /* a time stamp, or a letter of a name */
        free(copy);
    }
    writer_clear(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_from_npy__integer_types),
        cmocka_unit_test(table_from_npy__float_types),
        cmocka_unit_test(table_from_npy__orders_and_dimensions),
        cmocka_unit_test(table_from_npy__columns_bear_the_files_name),
        cmocka_unit_test(table_from_npy__versions),
        cmocka_unit_test(table_from_npy__types_without_numbers_are_refused),
        cmocka_unit_test(table_from_npy__malformed_headers_are_refused),
        cmocka_unit_test(table_from_npy__python_spellings_are_read),
        cmocka_unit_test(table_from_npy__shapes_are_bounded),
        cmocka_unit_test(table_from_npy__not_finite_is_refused),
        cmocka_unit_test(table_from_npy__every_truncation_is_refused),
        cmocka_unit_test(table_from_npz__arrays_side_by_side),
        cmocka_unit_test(table_from_npz__bad_contents_are_refused),
        cmocka_unit_test(table_from_npz__claimed_size_beyond_deflate_is_refused),
        cmocka_unit_test(table_from_npz__flips_and_truncations_are_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
