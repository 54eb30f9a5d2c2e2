/* Datasets: quantisation, matching of columns, and the commitment against its definition. */
#include "claim_helpers.h"

#include <fenv.h>
#include <math.h>

#include "claim/dataset.h"

static void dataset_quantise_value__half_goes_to_even(void **state) {
    (void)state;
    static const struct {
        double x;
        int32_t frac;
        int16_t q;
    } cases[] = {{0.5, 0, 0},
                 {1.5, 0, 2},
                 {2.5, 0, 2},
                 {-0.5, 0, 0},
                 {-1.5, 0, -2},
                 {-2.5, 0, -2},
                 {0.4999999, 0, 0},
                 {0.5000001, 0, 1},
                 {-3.4, 0, -3},
                 {-3.6, 0, -4},
                 {0.75, 1, 2},
                 {1.25, 1, 2},
                 {3, -1, 2},
                 {5, -1, 2},
                 {7, -1, 4},
                 {-5, -1, -2},
                 {1.0, 14, 16384},
                 {32767.49, 0, 32767},
                 {-32768.5, 0, -32768},
                 {0, 31, 0},
                 {-0.0, 5, 0},
                 {5e-324, 31, 0},
                 {1073676288.0, -15, 32766},
                 {1e-300, -15, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int16_t q = 77;
        assert_true(dataset_quantise_value(&q, cases[i].x, cases[i].frac));
        assert_int_equal(q, cases[i].q);
    }
}

static void dataset_quantise_value__outside_int16_is_refused(void **state) {
    (void)state;
    static const struct {
        double x;
        int32_t frac;
    } cases[] = {{32767.5, 0}, {32768, 0},   {-32768.51, 0}, {-32769, 0},  {1, 15},
                 {1e308, 31},  {-1e308, 31}, {1e10, 0},      {65536.5, 0}, {4.0, 13}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int16_t q = 77;
        assert_false(dataset_quantise_value(&q, cases[i].x, cases[i].frac));
        assert_int_equal(q, 77);
    }
}

static void dataset_quantise_value__does_not_depend_on_the_rounding_mode(void **state) {
    (void)state;
    static const int modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    for (size_t m = 0; m < 4; m++) {
        int16_t q[3] = {77, 77, 77};
        assert_int_equal(fesetround(modes[m]), 0);
        bool ok = dataset_quantise_value(&q[0], 2.5, 0) && dataset_quantise_value(&q[1], -1.5, 0) &&
                  dataset_quantise_value(&q[2], 0.1, 10);
        fesetround(FE_TONEAREST);
        assert_true(ok && q[0] == 2 && q[1] == -2 && q[2] == 102);
    }
}

static const char schema_text[] = "{\"zkmetric_schema\": 1, \"columns\": ["
                                  "{\"name\": \"when\", \"role\": \"time\"},"
                                  "{\"name\": \"a\", \"role\": \"feature\", \"frac_bits\": 2},"
                                  "{\"name\": \"y\", \"role\": \"target\", \"frac_bits\": 4},"
                                  "{\"name\": \"b\", \"role\": \"feature\", \"frac_bits\": 0}]}";

static schema example_schema(void) {
    zkm_error err;
    schema s = {0};
    assert_ok(&err, schema_from_json(&err, &s, (const uint8_t *)schema_text, sizeof schema_text - 1,
                                     "schema.json"));
    return s;
}

static zkm_status quantise(zkm_error *err, dataset *d, const char *text) {
    schema s = example_schema();
    table t = {0};
    table_options options = {.columns = &s};
    zkm_status status = read_text(err, &t, text, &options);
    if (status == ZKM_OK)
        status = dataset_quantise(err, d, &t, &s);
    table_clear(&t);
    schema_clear(&s);
    return status;
}

static void dataset_quantise__columns_by_name_in_schema_order(void **state) {
    (void)state;
    static const char *const texts[] = {"a,b,y\n1,2,3\n-4,5,-6\n",
                                        "y,b,when,a\n3,2,noon,1\n-6,5,dusk,-4\n"};
    for (size_t i = 0; i < 2; i++) {
        zkm_error err;
        dataset d = {0};
        assert_ok(&err, quantise(&err, &d, texts[i]));
        assert_int_equal(d.n, 2);
        assert_int_equal(d.num_features, 2);
        assert_int_equal(d.num_targets, 1);
        const int16_t features[] = {4, 2, -16, 5}, targets[] = {48, -96};
        assert_memory_equal(d.features, features, sizeof features);
        assert_memory_equal(d.targets, targets, sizeof targets);
        dataset_clear(&d);
    }
}

static void dataset_quantise__errors_name_the_place(void **state) {
    (void)state;
    zkm_error err;
    dataset d = {0};
    assert_error(&err, quantise(&err, &d, "a,b,y\n1,2,3\n9000,5,6\n"), ZKM_ERR_RANGE, "data.csv",
                 "row 2 (line 3)", "column 'a'", "9000", "-8192..8191.75", "frac_bits 1 or less",
                 NULL);
    assert_error(&err, quantise(&err, &d, "a,b,y\n1,2,1e12\n"), ZKM_ERR_RANGE, "row 1 (line 2)",
                 "column 'y'", "1000000000000", "unit", NULL);
    assert_error(&err, quantise(&err, &d, "a,y\n1,2\n"), ZKM_ERR_MISMATCH, "data.csv", "'b'",
                 "feature", NULL);
    assert_error(&err, quantise(&err, &d, "a,b\n1,2\n"), ZKM_ERR_MISMATCH, "'y'", "target", NULL);
    assert_error(&err, quantise(&err, &d, "a,b,y,c\n1,2,3,4\n"), ZKM_ERR_MISMATCH, "data.csv",
                 "'c'", "role \"time\"", NULL);
    assert_null(d.features);
}

static void dataset_select__gives_the_numbers_themselves(void **state) {
    (void)state;
    zkm_error err;
    table t = {0};
    schema s = example_schema();
    dataset_reals d = {0};
    assert_ok(&err, read_text(&err, &t, "y,b,a\n0.3,1e9,1.5\n4,5,6\n", NULL));
    assert_ok(&err, dataset_select(&err, &d, &t, &s));
    const double features[] = {1.5, 1e9, 6, 5}, targets[] = {0.3, 4};
    assert_int_equal(d.n, 2);
    assert_memory_equal(d.features, features, sizeof features);
    assert_memory_equal(d.targets, targets, sizeof targets);
    dataset_reals_clear(&d);
    table_clear(&t);
    schema_clear(&s);
}

/* Tables of .npy files of one-byte elements. */
static void write_array(const char *folder, const char *name, const char *shape,
                        const char *bytes) {
    char path[5000], header[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    snprintf(header, sizeof header, "{'descr': '|u1', 'fortran_order': False, 'shape': %s, }",
             shape);
    byte_writer w = make_npy(1, header, bytes, strlen(bytes));
    write_bytes_to(path, w.data, w.len);
    writer_clear(&w);
}

static zkm_status quantise_files(zkm_error *err, dataset *d, const char *folder, const char *first,
                                 const char *second) {
    char a[5000], b[5000];
    snprintf(a, sizeof a, "%s/%s", folder, first);
    snprintf(b, sizeof b, "%s/%s", folder, second ? second : "");
    const char *paths[] = {a, b};
    schema s = example_schema();
    table t = {0};
    table_options options = {.columns = &s};
    zkm_status status = table_read(err, &t, paths, second ? 2 : 1, &options);
    if (status == ZKM_OK)
        status = dataset_quantise(err, d, &t, &s);
    table_clear(&t);
    schema_clear(&s);
    return status;
}

static void expect_rows(dataset *d, const int16_t *features, const int16_t *targets) {
    assert_int_equal(d->n, 2);
    assert_memory_equal(d->features, features, 8);
    assert_memory_equal(d->targets, targets, 4);
    dataset_clear(d);
}

static void dataset_quantise__arrays_without_names_go_by_position(void **state) {
    (void)state;
    zkm_error err;
    dataset d = {0};
    char *folder = make_folder();
    char path[5000];
    snprintf(path, sizeof path, "%s/y.csv", folder);
    write_bytes_to(path, "y\n3\n6\n", 6);
    write_array(folder, "all.npy", "(2, 3)", "\1\3\2\4\6\5");           /* a, y, b */
    write_array(folder, "with_time.npy", "(2, 4)", "\7\1\3\2\7\4\6\5"); /* when, a, y, b */
    write_array(folder, "x.npy", "(2, 2)", "\1\2\4\5");
    write_array(folder, "b.npy", "(2,)", "\2\5");
    write_array(folder, "two.npy", "(2, 2)", "\1\3\4\6"); /* a, y */
    const int16_t features[] = {4, 2, 16, 5}, targets[] = {48, 96};
    assert_ok(&err, quantise_files(&err, &d, folder, "all.npy", NULL));
    expect_rows(&d, features, targets);
    assert_ok(&err, quantise_files(&err, &d, folder, "with_time.npy", NULL));
    expect_rows(&d, features, targets);
    /* y by its name, the rest in order */
    assert_ok(&err, quantise_files(&err, &d, folder, "x.npy", "y.csv"));
    expect_rows(&d, features, targets);
    assert_ok(&err, quantise_files(&err, &d, folder, "y.csv", "x.npy"));
    expect_rows(&d, features, targets);
    /* b.npy bears a name that the schema knows */
    assert_ok(&err, quantise_files(&err, &d, folder, "b.npy", "two.npy"));
    expect_rows(&d, features, targets);
    assert_error(&err, quantise_files(&err, &d, folder, "x.npy", NULL), ZKM_ERR_MISMATCH, "x.npy",
                 "2 columns", "3 features and targets", NULL);
    assert_error(&err, quantise_files(&err, &d, folder, "all.npy", "two.npy"), ZKM_ERR_MISMATCH,
                 "5 columns", NULL);
    remove_folder(folder);
}

static void dataset_layout_of__rows_in_blocks(void **state) {
    (void)state;
    static const struct {
        uint32_t k, m, e, g, blocks;
    } cases[] = {{1, 1, 1, 15, 1},   {14, 1, 1, 15, 1}, {15, 1, 2, 7, 1},   {25, 1, 2, 7, 1},
                 {44, 1, 3, 5, 1},   {105, 1, 8, 1, 1}, {224, 1, 15, 1, 1}, {225, 1, 16, 1, 2},
                 {449, 1, 30, 1, 2}, {450, 1, 31, 1, 3}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        dataset_layout l = dataset_layout_of(cases[i].k, cases[i].m);
        assert_int_equal(l.row_elements, cases[i].e);
        assert_int_equal(l.rows_per_block, cases[i].g);
        assert_int_equal(l.blocks_per_row, cases[i].blocks);
    }
}

/* A dataset with values that use all of int16. */
static dataset example_dataset(uint32_t n, uint32_t k, uint32_t m) {
    dataset d = {.n = n, .num_features = k, .num_targets = m};
    d.features = malloc((size_t)n * k * 2);
    d.targets = malloc((size_t)n * m * 2);
    assert_non_null(d.features);
    assert_non_null(d.targets);
    for (size_t i = 0; i < (size_t)n * k; i++)
        d.features[i] = (int16_t)(uint16_t)(i * 40503u + 32768u);
    for (size_t i = 0; i < (size_t)n * m; i++)
        d.targets[i] = (int16_t)(uint16_t)(32767u - i * 1009u);
    return d;
}

static void dataset_pack_row__digits_lowest_first(void **state) {
    (void)state;
    dataset d = example_dataset(2, 16, 2);
    fr elements[2], expected, digit, base;
    dataset_pack_row(elements, &d, 1);
    fr_set_u64(&base, 65536);
    for (uint32_t e = 0; e < 2; e++) {
        fr_set_zero(&expected);
        for (uint32_t j = e == 0 ? 15 : 18; j-- > 15 * e;) {
            int32_t v = j < 16 ? d.features[16 + j] : d.targets[2 + j - 16];
            fr_mul(&expected, &expected, &base);
            fr_set_u64(&digit, (uint64_t)(v + 32768));
            fr_add(&expected, &expected, &digit);
        }
        assert_true(fr_equal(&elements[e], &expected));
    }
    dataset_clear(&d);
}

/* The definition, spelled out element by element. */
static void id_by_definition(fr *out, const uint8_t digest[32], const dataset *d,
                             const uint8_t salt[32]) {
    uint32_t width = d->num_features + d->num_targets;
    uint32_t e = (width + 14) / 15, g = e <= 15 ? 15 / e : 1, blocks = (e + 14) / 15;
    fr *row = calloc(15u * blocks, sizeof *row);
    assert_non_null(row);
    sponge s;
    fr block[15];
    sponge_init(&s, "zkmetric.dataset.v1");
    memset(block, 0, sizeof block);
    assert_true(fr_from_bytes(&block[0], digest));
    fr_set_u64(&block[1], d->n);
    assert_true(fr_from_bytes(&block[2], salt));
    sponge_absorb_block(&s, block, 15);
    for (uint32_t first = 0; first < d->n; first += g) {
        memset(row, 0, 15u * blocks * sizeof *row);
        for (uint32_t i = 0; i < g && first + i < d->n; i++)
            dataset_pack_row(row + i * e, d, first + i);
        for (uint32_t b = 0; b < blocks; b++)
            sponge_absorb_block(&s, row + 15u * b, 15);
    }
    sponge_squeeze(out, &s);
    free(row);
}

static void dataset_id__follows_its_definition(void **state) {
    (void)state;
    static const uint32_t shapes[][3] = {{1, 1, 1},   {15, 14, 1}, {16, 14, 1},
                                         {7, 25, 1},  {8, 25, 1},  {20, 44, 3},
                                         {2, 224, 1}, {3, 225, 1}, {2, 450, 9}};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        uint8_t digest[32] = {0x1f, 1, 2}, salt[32] = {0x0f, 3, 4};
        dataset d = example_dataset(shapes[i][0], shapes[i][1], shapes[i][2]);
        fr id, expected;
        dataset_id(&id, digest, &d, salt);
        id_by_definition(&expected, digest, &d, salt);
        assert_true(fr_equal(&id, &expected));
        dataset_clear(&d);
    }
}

static void dataset_id__changes_with_everything(void **state) {
    (void)state;
    uint8_t digest[32] = {1}, salt[32] = {2};
    dataset d = example_dataset(9, 25, 1);
    fr base, other;
    dataset_id(&base, digest, &d, salt);
    for (size_t i = 0; i < 9 * 25; i += 7) {
        d.features[i] ^= 1;
        dataset_id(&other, digest, &d, salt);
        assert_false(fr_equal(&base, &other));
        d.features[i] ^= 1;
    }
    for (size_t i = 0; i < 9; i++) {
        d.targets[i] ^= 1;
        dataset_id(&other, digest, &d, salt);
        assert_false(fr_equal(&base, &other));
        d.targets[i] ^= 1;
    }
    d.n = 8;
    dataset_id(&other, digest, &d, salt);
    assert_false(fr_equal(&base, &other));
    d.n = 9;
    digest[31] = 1;
    dataset_id(&other, digest, &d, salt);
    assert_false(fr_equal(&base, &other));
    digest[31] = 0;
    salt[31] = 1;
    dataset_id(&other, digest, &d, salt);
    assert_false(fr_equal(&base, &other));
    salt[31] = 0;
    dataset_id(&other, digest, &d, salt);
    assert_true(fr_equal(&base, &other));
    dataset_clear(&d);
}

static void dataset_salt__is_252_bits_and_fresh(void **state) {
    (void)state;
    zkm_error err;
    uint8_t a[32], b[32], any[32] = {0};
    for (int i = 0; i < 64; i++) {
        assert_ok(&err, dataset_salt(&err, a));
        assert_ok(&err, dataset_salt(&err, b));
        assert_true(a[0] <= 0x0f);
        assert_memory_not_equal(a, b, 32);
        for (size_t j = 0; j < 32; j++)
            any[j] |= a[j];
    }
    assert_int_equal(any[0], 0x0f);
    assert_int_equal(any[31], 0xff);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dataset_quantise_value__half_goes_to_even),
        cmocka_unit_test(dataset_quantise_value__outside_int16_is_refused),
        cmocka_unit_test(dataset_quantise_value__does_not_depend_on_the_rounding_mode),
        cmocka_unit_test(dataset_quantise__columns_by_name_in_schema_order),
        cmocka_unit_test(dataset_quantise__errors_name_the_place),
        cmocka_unit_test(dataset_select__gives_the_numbers_themselves),
        cmocka_unit_test(dataset_quantise__arrays_without_names_go_by_position),
        cmocka_unit_test(dataset_layout_of__rows_in_blocks),
        cmocka_unit_test(dataset_pack_row__digits_lowest_first),
        cmocka_unit_test(dataset_id__follows_its_definition),
        cmocka_unit_test(dataset_id__changes_with_everything),
        cmocka_unit_test(dataset_salt__is_252_bits_and_fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
