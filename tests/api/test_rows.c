/* Rows and models in memory mean what files mean: the same schema, the same circuit, the same
 * committed integers, to the last bit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/internal.h"
#include "base/file.h"

#define EXAMPLE ZKM_SOURCE_DIR "/examples/hedge/"

static const char *const FILES[] = {EXAMPLE "calibration.csv"};
static const char *const TARGETS[] = {"hedge_ratio"};
static const zkm_schema_options ROLES = {.targets = TARGETS, .num_targets = 1};
static const zkm_compile_options WHAT = {"rmse", 8, 16, 2};

static void require_ok(zkm_status status, const zkm_error *err) {
    if (status != ZKM_OK)
        fail_msg("status %d: %s", status, err->message);
}

static void require_error(zkm_status status, const zkm_error *err, zkm_status expected,
                          const char *part) {
    if (status != expected || err->status != expected || !strstr(err->message, part))
        fail_msg("status %d: %s; expected %d: %s", status, err->message, expected, part);
}

/* The example's calibration rows, read once by the reader of files. */
typedef struct {
    table cells;
    const char **names;
    zkm_rows rows;
} example;

static example example_rows(void) {
    zkm_error err;
    example e = {0};
    require_ok(table_read(&err, &e.cells, FILES, 1, NULL), &err);
    e.names = calloc(e.cells.num_columns, sizeof *e.names);
    assert_non_null(e.names);
    for (uint32_t i = 0; i < e.cells.num_columns; i++)
        e.names[i] = e.cells.columns[i].name;
    e.rows =
        (zkm_rows){"calibration", e.cells.values, e.cells.num_rows, e.cells.num_columns, e.names};
    return e;
}

static void example_clear(example *e) {
    table_clear(&e->cells);
    free(e->names);
}

static zkm_model *example_model(void) {
    zkm_error err;
    zkm_model *m = NULL;
    require_ok(zkm_model_open(&err, &m, EXAMPLE "model.onnx", NULL), &err);
    return m;
}

static zkm_schema *example_schema(void) {
    zkm_error err;
    zkm_schema *s = NULL;
    require_ok(zkm_schema_propose(&err, &s, FILES, 1, &ROLES), &err);
    return s;
}

static void schema_propose_rows__as_from_a_file(void **state) {
    (void)state;
    zkm_error err;
    char *file = NULL, *memory = NULL, *again = NULL;
    example e = example_rows();
    zkm_schema *a = example_schema(), *b = NULL, *c = NULL;
    require_ok(zkm_schema_propose_rows(&err, &b, &e.rows, 1, &ROLES), &err);
    require_ok(zkm_schema_to_json(&err, &file, a), &err);
    require_ok(zkm_schema_to_json(&err, &memory, b), &err);
    assert_string_equal(file, memory);
    require_ok(zkm_schema_from_json(&err, &c, file, strlen(file)), &err);
    require_ok(zkm_schema_to_json(&err, &again, c), &err);
    assert_string_equal(file, again);
    require_error(zkm_schema_from_json(&err, &c, file, strlen(file) / 2), &err, ZKM_ERR_FORMAT,
                  "schema: ");
    zkm_string_free(file);
    zkm_string_free(memory);
    zkm_string_free(again);
    zkm_schema_free(a);
    zkm_schema_free(b);
    zkm_schema_free(c);
    example_clear(&e);
}

static void circuit_compile_rows__as_from_a_file(void **state) {
    (void)state;
    zkm_error err;
    uint8_t file[32], memory[32];
    file_view bytes = {0};
    example e = example_rows();
    zkm_schema *s = example_schema(), *copy = NULL;
    zkm_model *m = example_model(), *from_bytes = NULL;
    zkm_circuit *a = NULL, *b = NULL;
    char *text = NULL, *copy_text = NULL;
    require_ok(file_open(&err, &bytes, EXAMPLE "model.onnx", 1 << 20), &err);
    require_ok(zkm_model_from_bytes(&err, &from_bytes, bytes.data, bytes.len, NULL), &err);
    require_error(zkm_model_from_bytes(&err, &from_bytes, bytes.data, bytes.len / 2, NULL), &err,
                  ZKM_ERR_FORMAT, "the model: ");
    file_close(&bytes);
    assert_int_equal(zkm_model_num_features(from_bytes), 25);
    assert_int_equal(zkm_model_num_outputs(from_bytes), 1);
    require_ok(zkm_circuit_compile(&err, &a, NULL, m, s, FILES, 1, &WHAT, NULL), &err);
    require_ok(zkm_circuit_compile_rows(&err, &b, NULL, from_bytes, s, &e.rows, 1, &WHAT, NULL),
               &err);
    zkm_circuit_digest(file, a);
    zkm_circuit_digest(memory, b);
    assert_memory_equal(file, memory, 32);
    require_ok(zkm_circuit_model_id(&err, file, a, m), &err);
    require_ok(zkm_circuit_model_id(&err, memory, b, from_bytes), &err);
    assert_memory_equal(file, memory, 32);
    assert_int_equal(zkm_circuit_capacity(b), 8);
    require_ok(zkm_circuit_schema(&err, &copy, b), &err);
    require_ok(zkm_schema_to_json(&err, &text, s), &err);
    require_ok(zkm_schema_to_json(&err, &copy_text, copy), &err);
    assert_string_equal(text, copy_text);
    zkm_string_free(text);
    zkm_string_free(copy_text);
    zkm_circuit_free(a);
    zkm_circuit_free(b);
    zkm_schema_free(s);
    zkm_schema_free(copy);
    zkm_model_free(m);
    zkm_model_free(from_bytes);
    example_clear(&e);
}

static void require_same_rows(const zkm_opening *a, const zkm_opening *b) {
    const dataset *x = &a->value.data, *y = &b->value.data;
    assert_int_equal(x->n, y->n);
    assert_memory_equal(x->features, y->features, x->n * x->num_features * sizeof *x->features);
    assert_memory_equal(x->targets, y->targets, x->n * x->num_targets * sizeof *x->targets);
}

static void opening_commit_rows__as_from_a_csv(void **state) {
    (void)state;
    zkm_error err;
    example e = example_rows();
    zkm_schema *s = example_schema();
    zkm_opening *a = NULL, *b = NULL;
    require_ok(zkm_opening_commit(&err, &a, s, FILES, 1), &err);
    require_ok(zkm_opening_commit_rows(&err, &b, s, &e.rows, 1), &err);
    require_same_rows(a, b);
    require_ok(zkm_opening_check_rows(&err, a, &e.rows, 1), &err);
    e.rows.num_rows--;
    require_error(zkm_opening_check_rows(&err, a, &e.rows, 1), &err, ZKM_ERR_MISMATCH,
                  "256 rows are committed, 255 were given");
    e.rows.num_rows++;
    e.cells.values[7 * e.rows.num_columns + 25] += 0.5; /* a label of the eighth row */
    require_error(zkm_opening_check_rows(&err, a, &e.rows, 1), &err, ZKM_ERR_MISMATCH,
                  "row 8 is not");
    e.cells.values[4 * e.rows.num_columns] += 0.5;
    require_error(zkm_opening_check_rows(&err, b, &e.rows, 1), &err, ZKM_ERR_MISMATCH,
                  "row 5 is not");
    zkm_opening_free(a);
    zkm_opening_free(b);
    zkm_schema_free(s);
    example_clear(&e);
}

static const char SCHEMA[] = "{\"zkmetric_schema\": 1, \"columns\": ["
                             "{\"name\": \"x_0\", \"role\": \"feature\", \"frac_bits\": 3},"
                             "{\"name\": \"x_1\", \"role\": \"feature\", \"frac_bits\": -4},"
                             "{\"name\": \"y\", \"role\": \"target\", \"frac_bits\": 15}]}";
enum { MANY = 5000 };

/* Writes an .npy of doubles, as this machine holds them. */
static void write_npy(const char *path, const double *values, size_t rows, size_t columns) {
    char header[128];
    int n =
        snprintf(header, sizeof header,
                 "{'descr': '<f8', 'fortran_order': False, 'shape': (%zu, %zu), }", rows, columns);
    uint8_t head[10] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (uint8_t)n, 0};
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(head, 1, sizeof head, f), sizeof head);
    assert_int_equal(fwrite(header, 1, (size_t)n, f), (size_t)n);
    assert_int_equal(fwrite(values, sizeof *values, rows * columns, f), rows * columns);
    assert_int_equal(fclose(f), 0);
}

/* Ties, their neighbours and random bits; the two arrays stand in for x.npy and y.npy. */
static void opening_commit_rows__as_from_two_npy(void **state) {
    (void)state;
    zkm_error err;
    char folder[] = "/tmp/zkm-rows-XXXXXX", x_path[64], y_path[64];
    double *x = calloc(2 * MANY, sizeof *x), *y = calloc(MANY, sizeof *y);
    zkm_schema *s = NULL;
    zkm_opening *a = NULL, *b = NULL;
    assert_true(x && y && mkdtemp(folder));
    srand48(7);
    for (int i = 0; i < MANY; i++) {
        double tie = (double)((i % 600) - 300) + 0.5;
        x[2 * i] = i % 3 == 0   ? ldexp(tie, -3)
                   : i % 3 == 1 ? nextafter(ldexp(tie, -3), i)
                                : drand48() * 4000;
        x[2 * i + 1] = i % 2 ? ldexp(tie, 4) : -drand48() * 500000;
        y[i] = drand48() - 0.5;
    }
    snprintf(x_path, sizeof x_path, "%s/x.npy", folder);
    snprintf(y_path, sizeof y_path, "%s/y.npy", folder);
    write_npy(x_path, x, MANY, 2);
    write_npy(y_path, y, MANY, 1);
    const zkm_rows arrays[] = {{"x", x, MANY, 2, NULL}, {"y", y, MANY, 1, NULL}};
    require_ok(zkm_schema_from_json(&err, &s, SCHEMA, sizeof SCHEMA - 1), &err);
    require_ok(zkm_opening_commit(&err, &a, s, (const char *[]){x_path, y_path}, 2), &err);
    require_ok(zkm_opening_commit_rows(&err, &b, s, arrays, 2), &err);
    require_same_rows(a, b);
    zkm_opening_free(a);
    zkm_opening_free(b);
    zkm_schema_free(s);
    free(x);
    free(y);
    assert_int_equal(remove(x_path) | remove(y_path) | remove(folder), 0);
}

static void opening_commit_rows__refuses(void **state) {
    (void)state;
    const double good[] = {1, 2, 0.5, 3, 4, 0.25}, nan_cell[] = {1, 2, 0.5, 3, NAN, 0.25},
                 large[] = {1, 2, 0.5, 1e9, 4, 0.25};
    const char *const names[] = {"x_0", "x_1", "y"}, *const twice[] = {"x_0", "x_0", "y"},
                      *const strange[] = {"x_0", "x_1", "z"}, *const empty[] = {"x_0", "", "y"};
    const struct {
        zkm_rows rows;
        size_t count;
        zkm_status status;
        const char *part;
    } cases[] = {
        {{"d", good, 2, 3, names}, 0, ZKM_ERR_ARGUMENT, "0 arrays"},
        {{"d", good, 0, 3, names}, 1, ZKM_ERR_ARGUMENT, "d: the array is empty"},
        {{"d", good, 2, 0, names}, 1, ZKM_ERR_ARGUMENT, "empty"},
        {{"d", good, SIZE_MAX / 8, 3, names}, 1, ZKM_ERR_ARGUMENT, "cells"},
        {{"d", good, 1, SIZE_MAX / 8, names}, 1, ZKM_ERR_ARGUMENT, "columns"},
        {{"\n", good, 2, 3, names}, 1, ZKM_ERR_ARGUMENT, "its name must be"},
        {{"d", nan_cell, 2, 3, names}, 1, ZKM_ERR_RANGE, "d: row 2, column 'x_1': nan"},
        {{"d", large, 2, 3, names},
         1,
         ZKM_ERR_RANGE,
         "d: row 2, column 'x_0': 1000000000 is outside"},
        {{"d", good, 2, 3, twice}, 1, ZKM_ERR_FORMAT, "'x_0'"},
        {{"d", good, 2, 3, strange}, 1, ZKM_ERR_MISMATCH, "column 'z' is not in the schema"},
        {{"d", good, 2, 3, empty}, 1, ZKM_ERR_ARGUMENT, "column 1"},
        {{"d", good, 3, 2, names}, 1, ZKM_ERR_MISMATCH, "'y'"},
        {{NULL, good, 3, 2, NULL}, 1, ZKM_ERR_MISMATCH, "y"},
    };
    zkm_schema *s = NULL;
    zkm_error err;
    require_ok(zkm_schema_from_json(&err, &s, SCHEMA, sizeof SCHEMA - 1), &err);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zkm_opening *o = NULL;
        err = (zkm_error){0};
        zkm_status status = zkm_opening_commit_rows(&err, &o, s, &cases[i].rows, cases[i].count);
        require_error(status, &err, cases[i].status, cases[i].part);
        assert_null(o);
    }
    zkm_schema_free(s);
}

/* The circuit's outputs against the report of compile, which made the same comparison; and row for
 * row against the integers that the committed rows give. */
static void circuit_evaluate__gives_outputs_and_metrics(void **state) {
    (void)state;
    zkm_error err;
    zkm_evaluation found;
    example e = example_rows();
    size_t n = e.rows.num_rows;
    double *exact = calloc(n, sizeof *exact), *integer = calloc(n, sizeof *integer), largest = 0,
           sum = 0;
    zkm_model *m = example_model();
    zkm_schema *s = example_schema();
    zkm_circuit *c = NULL;
    char *report = NULL, text[64];
    assert_true(exact && integer);
    require_ok(zkm_circuit_compile(&err, &c, &report, m, s, FILES, 1, &WHAT, NULL), &err);
    require_ok(zkm_circuit_evaluate(&err, &found, exact, integer, c, m, &e.rows, 1, NULL), &err);
    snprintf(text, sizeof text, "\"integer_metric\": %.17g,", found.integer_metric);
    assert_non_null(strstr(report, text));
    snprintf(text, sizeof text, "\"float_metric\": %.17g,", found.float_metric);
    assert_non_null(strstr(report, text));
    for (size_t i = 0; i < n; i++) {
        double label = e.cells.values[i * e.rows.num_columns + 25];
        largest = fmax(largest, fabs(exact[i] - integer[i]));
        sum += (exact[i] - label) * (exact[i] - label);
    }
    assert_true(largest == found.max_abs_output_error && largest > 0);
    assert_true(fabs(sqrt(sum / (double)n) - found.float_metric) < 1e-15);
    e.cells.values[3 * e.rows.num_columns] = 1e9;
    require_error(zkm_circuit_evaluate(&err, &found, NULL, NULL, c, m, &e.rows, 1, NULL), &err,
                  ZKM_ERR_RANGE, "calibration: row 4");
    zkm_string_free(report);
    zkm_circuit_free(c);
    zkm_schema_free(s);
    zkm_model_free(m);
    free(exact);
    free(integer);
    example_clear(&e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schema_propose_rows__as_from_a_file),
        cmocka_unit_test(circuit_compile_rows__as_from_a_file),
        cmocka_unit_test(opening_commit_rows__as_from_a_csv),
        cmocka_unit_test(opening_commit_rows__as_from_two_npy),
        cmocka_unit_test(opening_commit_rows__refuses),
        cmocka_unit_test(circuit_evaluate__gives_outputs_and_metrics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
