/* CSV files. */
#include "claim_helpers.h"

#include "claim/number.h"
#include "claim/table_internal.h"

static void table_from_csv__values_and_names(void **state) {
    (void)state;
    zkm_error err;
    table t = {0};
    assert_ok(&err, read_text(&err, &t, "a,b,y\n1,2.5,-3\n4e1,.5,6\n", NULL));
    assert_int_equal(t.num_columns, 3);
    assert_int_equal(t.num_rows, 2);
    assert_string_equal(t.columns[1].name, "b");
    const double expected[] = {1, 2.5, -3, 40, .5, 6};
    for (size_t i = 0; i < 6; i++)
        assert_true(t.values[i] == expected[i]);
    char place[64];
    table_place(place, sizeof place, &t, 1, 0);
    assert_string_equal(place, "data.csv: row 2 (line 3)");
    table_clear(&t);
}

static void table_from_csv__variants_read_alike(void **state) {
    (void)state;
    static const char *const texts[] = {"a,b\n1,2\n3,4\n",
                                        "a,b\n1,2\n3,4",
                                        "a,b\r\n1,2\r\n3,4\r\n",
                                        "a,b\r1,2\r3,4\r",
                                        "\xef\xbb\xbf"
                                        "a,b\n1,2\n3,4\n",
                                        "\"a\",\"b\"\n\"1\",2\n3,\"4\"\n",
                                        " a , b \n 1 ,\t2\n3,4\n",
                                        "a,b\n1,2\n3,4\n\n\n",
                                        "a,b\r\n1,2\r\n3,4\r\n\r\n",
                                        "a,b\n1,2\n3,4\n  \n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        zkm_error err;
        table t = {0};
        assert_ok(&err, read_text(&err, &t, texts[i], NULL));
        assert_int_equal(t.num_columns, 2);
        assert_int_equal(t.num_rows, 2);
        assert_string_equal(t.columns[0].name, "a");
        assert_string_equal(t.columns[1].name, "b");
        for (size_t j = 0; j < 4; j++)
            assert_true(t.values[j] == (double)(j + 1));
        table_clear(&t);
    }
}

static void refused(const char *text, const char *a, const char *b, const char *c) {
    zkm_error err;
    table t = {0};
    zkm_status status = read_text(&err, &t, text, NULL);
    assert_error(&err, status, ZKM_ERR_FORMAT, "data.csv", a, b, c, NULL);
    assert_null(t.values); /* untouched */
    assert_null(t.columns);
}

static void table_from_csv__bad_cells_name_row_line_and_column(void **state) {
    (void)state;
    static const char *const cells[] = {"nan", "inf", "seven", "\"1,5\"",
                                        "0x1", "1 2", "NA",    "1;2"};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        char text[100];
        snprintf(text, sizeof text, "f0,f1,y\n1,2,3\n4,%s,6\n", cells[i]);
        refused(text, "row 2 (line 3)", "column 'f1'", "not a plain decimal number");
    }
    refused("f0,f1\n1,\n", "row 1 (line 2)", "column 'f1'", "no value");
    refused("f0,f1\n,1\n", "row 1 (line 2)", "column 'f0'", "no value");
    refused("f0,f1\n1,1e999\n", "row 1 (line 2)", "column 'f1'", "largest double");
    refused("f0\n1\n\"\"\n", "row 2 (line 3)", "column 'f0'", "no value");
}

static void table_from_csv__ragged_rows_are_refused(void **state) {
    (void)state;
    refused("a,b,c\n1,2,3\n4,5\n", "row 2 (line 3)", "2 fields", "has 3");
    refused("a,b,c\n1,2,3,4\n", "row 1 (line 2)", "more than", "3 fields");
    refused("a,b\n1,2\n3", "row 2 (line 3)", "1 fields", "has 2");
}

static void table_from_csv__bad_headers_are_refused(void **state) {
    (void)state;
    refused("", "empty", "header", "data rows");
    refused("a,b\n", "no data rows", "", "");
    refused("\n\n", "no data rows", "", "");
    refused("a,b,a\n1,2,3\n", "two columns", "'a'", "");
    refused(",a\n0,1\n", "line 1", "column 1 of the header", "index=False");
    refused("a,\"\"\n0,1\n", "line 1", "column 2 of the header", "no name");
    refused("1.5,2\n3,4\n", "line 1", "numbers", "header");
    refused("a\xff,b\n1,2\n", "line 1", "column 1", "UTF-8");
    refused("a\x01,b\n1,2\n", "line 1", "column 1", "control");
}

static void table_from_csv__counting_names_are_allowed(void **state) {
    (void)state;
    zkm_error err;
    table t = {0};
    assert_ok(&err, read_text(&err, &t, "0,1,2\n3,4,5\n", NULL));
    assert_string_equal(t.columns[2].name, "2");
    table_clear(&t);
}

static void table_from_csv__empty_line_between_rows_is_refused(void **state) {
    (void)state;
    refused("a,b\n1,2\n\n3,4\n", "line 3", "empty", "");
    refused("a,b\r\n1,2\r\n\r\n3,4\r\n", "line 3", "empty", "");
    refused("a\n1\n\n2\n", "line 3", "empty", "");
    refused("\na\n1\n", "line 1", "empty", "");
}

static void table_from_csv__quotes_out_of_place_are_refused(void **state) {
    (void)state;
    refused("a,b\n\"1,2\n3,4\n", "quote", "", "");
    refused("a,b\n1\"2,3\n", "line 2", "quote", "");
    refused("a,b\n\"1\"2,3\n", "line 2", "quote", "");
}

static void table_from_csv__open_quote_does_not_swallow_the_file(void **state) {
    (void)state;
    size_t len = 3u << 20;
    char *text = malloc(len + 1);
    assert_non_null(text);
    memset(text, '1', len);
    memcpy(text, "a,b\n\"", 5);
    text[len] = '\0';
    refused(text, "line 2", "a field of more than", "quote");
    free(text);
}

static void table_from_csv__newlines_in_names_are_counted(void **state) {
    (void)state;
    zkm_error err;
    table t = {0};
    zkm_status status = read_text(&err, &t, "a,time\n1,\"x\ny\"\nz,1\n", NULL);
    assert_error(&err, status, ZKM_ERR_FORMAT, "row 2 (line 4)", "column 'a'", NULL);
    assert_ok(&err, read_text(&err, &t, "a,time\n1,\"x\ny\"\n2,1\n", NULL));
    char place[64];
    table_place(place, sizeof place, &t, 1, 0);
    assert_string_equal(place, "data.csv: row 2"); /* lines are no longer one a row */
    table_clear(&t);
}

static void table_from_csv__long_cells_are_cut_in_messages(void **state) {
    (void)state;
    char text[3000] = "a\n";
    memset(text + 2, 'w', 2900);
    refused(text, "'wwww", "...'", "column 'a'");
    memset(text + 2, '1', 2900);
    refused(text, "'1111", "...'", "column 'a'");
    refused("a\n\x1b[31m\xff\n", "'?[31m?'", "", "");
}

static void table_from_csv__other_formats_are_named(void **state) {
    (void)state;
    refused("PAR1....", "Parquet", "CSV", "");
    refused("\x1f\x8b\x08....", "gzip", "", "");
    refused("\xff\xfe"
            "a",
            "UTF-16", "UTF-8", "");
}

static void table_from_csv__time_columns_are_not_read(void **state) {
    (void)state;
    zkm_error err;
    table t = {0};
    assert_ok(&err, read_text(&err, &t, "Timestamp,a\n2024-01-02T03:04,1\nnan,2\n", NULL));
    assert_true(t.columns[0].ignored);
    assert_false(t.columns[1].ignored);
    assert_true(t.values[2] == 0 && t.values[3] == 2);
    table_clear(&t);
    const char *named[] = {"venue"};
    table_options options = {.time = named, .num_time = 1};
    assert_ok(&err, read_text(&err, &t, "venue,a\nXETR,1\n", &options));
    assert_true(t.columns[0].ignored);
    table_clear(&t);
    schema_column columns[] = {{"when", ROLE_TIME, 0}, {"time", ROLE_FEATURE, 3}};
    schema s = {.columns = columns, .num_columns = 2};
    options = (table_options){.columns = &s};
    assert_ok(&err, read_text(&err, &t, "time,when\n5,today\n", &options));
    assert_false(t.columns[0].ignored); /* the schema decides */
    assert_true(t.columns[1].ignored);
    table_clear(&t);
}

static void table_read__joins_files(void **state) {
    (void)state;
    zkm_error err;
    table t = {0};
    char *folder = make_folder();
    char x[5000], y[5000], z[5000];
    snprintf(x, sizeof x, "%s/x.csv", folder);
    snprintf(y, sizeof y, "%s/y.csv", folder);
    snprintf(z, sizeof z, "%s/z.csv", folder);
    write_bytes_to(x, "a,b\n1,2\n3,4\n", 12);
    write_bytes_to(y, "y\n5\n6\n", 6);
    write_bytes_to(z, "b\n5\n6\n7\n", 8);
    const char *both[] = {x, y};
    assert_ok(&err, table_read(&err, &t, both, 2, NULL));
    assert_int_equal(t.num_columns, 3);
    assert_true(t.values[2] == 5 && t.values[5] == 6 && t.values[3] == 3);
    assert_int_equal(t.columns[2].source, 1);
    assert_string_equal(t.sources[1].path, y);
    table_clear(&t);
    const char *uneven[] = {x, z};
    assert_error(&err, table_read(&err, &t, uneven, 2, NULL), ZKM_ERR_FORMAT, "z.csv", "3", "x.csv",
                 "2", "number of rows", NULL);
    const char *twice[] = {x, x};
    assert_error(&err, table_read(&err, &t, twice, 2, NULL), ZKM_ERR_FORMAT, "two columns", NULL);
    const char *missing[] = {x, "/nonexistent/z.csv"};
    assert_error(&err, table_read(&err, &t, missing, 2, NULL), ZKM_ERR_NOT_FOUND, "z.csv", NULL);
    assert_error(&err, table_read(&err, &t, both, 0, NULL), ZKM_ERR_ARGUMENT, NULL);
    remove_folder(folder);
}

static void table_from_csv__many_rows(void **state) {
    (void)state;
    enum { ROWS = 20000 };
    zkm_error err;
    table t = {0};
    byte_writer w = writer_init();
    writer_bytes(&w, "a,b\n", 4);
    for (int i = 0; i < ROWS; i++) {
        char line[64];
        int n = snprintf(line, sizeof line, "%d,%d.5\n", i, -i);
        writer_bytes(&w, line, (size_t)n);
    }
    assert_ok(&err, table_from_bytes(&err, &t, w.data, w.len, "data.csv", NULL));
    assert_int_equal(t.num_rows, ROWS);
    for (int i = 0; i < ROWS; i++)
        assert_true(t.values[2 * i] == i && t.values[2 * i + 1] == (i == 0 ? 0.5 : -i - 0.5));
    table_clear(&t);
    writer_clear(&w);
}

static void table_from_csv__every_truncation_is_harmless(void **state) {
    (void)state;
    static const char text[] = "\xef\xbb\xbf\"f0\",f1,y\r\n1,\"2\",3\r\n-4e-1,5,6\r\n\r\n";
    for (size_t len = 0; len < sizeof text; len++) {
        zkm_error err;
        table t = {0};
        uint8_t *copy = malloc(len ? len : 1);
        assert_non_null(copy);
        memcpy(copy, text, len);
        if (table_from_csv(&err, &t, copy, len, "data.csv", NULL) == ZKM_OK)
            table_clear(&t);
        else
            assert_non_null(strstr(err.message, "data.csv"));
        free(copy);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_from_csv__values_and_names),
        cmocka_unit_test(table_from_csv__variants_read_alike),
        cmocka_unit_test(table_from_csv__bad_cells_name_row_line_and_column),
        cmocka_unit_test(table_from_csv__ragged_rows_are_refused),
        cmocka_unit_test(table_from_csv__bad_headers_are_refused),
        cmocka_unit_test(table_from_csv__counting_names_are_allowed),
        cmocka_unit_test(table_from_csv__empty_line_between_rows_is_refused),
        cmocka_unit_test(table_from_csv__quotes_out_of_place_are_refused),
        cmocka_unit_test(table_from_csv__open_quote_does_not_swallow_the_file),
        cmocka_unit_test(table_from_csv__newlines_in_names_are_counted),
        cmocka_unit_test(table_from_csv__long_cells_are_cut_in_messages),
        cmocka_unit_test(table_from_csv__other_formats_are_named),
        cmocka_unit_test(table_from_csv__time_columns_are_not_read),
        cmocka_unit_test(table_read__joins_files),
        cmocka_unit_test(table_from_csv__many_rows),
        cmocka_unit_test(table_from_csv__every_truncation_is_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
