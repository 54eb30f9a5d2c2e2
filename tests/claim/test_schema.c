/* Schemas: JSON, binary form, digest, proposal. */
#include "claim_helpers.h"

#include <math.h>

#include "claim/schema.h"
#include "math/keccak.h"

static const char good[] = "{\"zkmetric_schema\": 1, \"columns\": ["
                           "{\"name\": \"t\", \"role\": \"time\"},"
                           "{\"name\": \"a\", \"role\": \"feature\", \"frac_bits\": 12},"
                           "{\"name\": \"y\", \"role\": \"target\", \"frac_bits\": -3},"
                           "{\"name\": \"b\", \"role\": \"feature\", \"frac_bits\": 31}]}";

static zkm_status from_text(zkm_error *err, schema *s, const char *text) {
    return schema_from_json(err, s, (const uint8_t *)text, strlen(text), "schema.json");
}

static void schema_from_json__reads_columns(void **state) {
    (void)state;
    zkm_error err;
    schema s = {0};
    assert_ok(&err, from_text(&err, &s, good));
    assert_int_equal(s.num_columns, 4);
    assert_int_equal(s.num_features, 2);
    assert_int_equal(s.num_targets, 1);
    assert_int_equal(s.columns[0].role, ROLE_TIME);
    assert_int_equal(s.columns[2].frac_bits, -3);
    assert_string_equal(s.columns[3].name, "b");
    schema_clear(&s);
}

static void schema_from_json__refuses(void **state) {
    (void)state;
#define ONE "{\"name\": \"y\", \"role\": \"target\", \"frac_bits\": 1}"
#define DOC(columns) "{\"zkmetric_schema\": 1, \"columns\": [" columns "]}"
    static const struct {
        const char *text, *part;
    } cases[] = {
        {"", "line 1"},
        {"[]", "zkmetric_schema"},
        {"{}", "zkmetric_schema"},
        {"{\"zkmetric_schema\": 2, \"columns\": []}", "version 2"},
        {"{\"zkmetric_schema\": 1}", "\"columns\" must be"},
        {"{\"zkmetric_schema\": 1, \"columns\": {}}", "\"columns\" must be"},
        {"{\"zkmetric_schema\": 1, \"columns\": [], \"column\": 1}", "unknown key 'column'"},
        {"{\"zkmetric_schema\": 1, \"zkmetric_schema\": 1, \"columns\": []}", "duplicate"},
        {DOC(""), "\"columns\" must be"},
        {DOC("3"), "columns[0] must be an object"},
        {DOC(ONE), "role \"feature\""},
        {DOC("{\"name\": \"x\", \"role\": \"feature\", \"frac_bits\": 1}"), "role \"target\""},
        {DOC(ONE ",{\"name\": \"x\", \"role\": \"input\", \"frac_bits\": 1}"), "columns[1].role"},
        {DOC(ONE ",{\"name\": \"x\", \"frac_bits\": 1}"), "columns[1].role"},
        {DOC(ONE ",{\"name\": \"x\", \"role\": \"feature\"}"), "columns[1].frac_bits"},
        {DOC(ONE ",{\"name\": \"x\", \"role\": \"feature\", \"frac_bits\": 1.0}"),
         "columns[1].frac_bits"},
        {DOC(ONE ",{\"name\": \"x\", \"role\": \"feature\", \"frac_bits\": 32}"),
         "columns[1].frac_bits"},
        {DOC(ONE ",{\"name\": \"x\", \"role\": \"feature\", \"frac_bits\": -16}"),
         "columns[1].frac_bits"},
        {DOC(ONE ",{\"name\": \"x\", \"role\": \"feature\", \"frac_bits\": 99999999999999999999}"),
         "line 1"},
        {DOC(ONE ",{\"name\": \"x\", \"role\": \"time\", \"frac_bits\": 1}"), "takes no frac_bits"},
        {DOC(ONE ",{\"name\": \"x\", \"role\": \"feature\", \"fracbits\": 1}"), "'fracbits'"},
        {DOC(ONE ",{\"name\": \"\", \"role\": \"feature\", \"frac_bits\": 1}"), "columns[1].name"},
        {DOC(ONE ",{\"name\": 5, \"role\": \"feature\", \"frac_bits\": 1}"), "columns[1].name"},
        {DOC(ONE ",{\"name\": \"a\\nb\", \"role\": \"feature\", \"frac_bits\": 1}"),
         "columns[1].name"},
        {DOC(ONE ",{\"name\": \"a\\u0000b\", \"role\": \"feature\", \"frac_bits\": 1}"),
         "schema.json"},
        {DOC(ONE ",{\"name\": \"y\", \"role\": \"feature\", \"frac_bits\": 1}"), "two columns"},
        {DOC(ONE) " x", "line 1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zkm_error err;
        schema s = {0};
        zkm_status status = from_text(&err, &s, cases[i].text);
        assert_error(&err, status, ZKM_ERR_FORMAT, "schema.json", cases[i].part, NULL);
        assert_null(s.columns);
    }
}

static void schema_from_json__depth_and_truncation_are_harmless(void **state) {
    (void)state;
    zkm_error err;
    schema s = {0};
    enum { DEPTH = 100000 };
    char *deep = malloc(DEPTH + 1);
    assert_non_null(deep);
    memset(deep, '[', DEPTH);
    deep[DEPTH] = '\0';
    assert_int_equal(from_text(&err, &s, deep), ZKM_ERR_FORMAT);
    free(deep);
    for (size_t len = 0; len + 1 < sizeof good; len++) {
        uint8_t *copy = malloc(len ? len : 1);
        assert_non_null(copy);
        memcpy(copy, good, len);
        assert_int_equal(schema_from_json(&err, &s, copy, len, "schema.json"), ZKM_ERR_FORMAT);
        free(copy);
    }
}

static void schema_from_json__names_of_all_languages(void **state) {
    (void)state;
    assert_true(schema_name_is_valid("Umsatz \xe2\x82\xac \xf0\x9f\x98\x80", 15));
    assert_false(schema_name_is_valid("", 0));
    assert_false(schema_name_is_valid("\xc0\xaf", 2));         /* overlong */
    assert_false(schema_name_is_valid("\xe0\x9f\xbf", 3));     /* overlong */
    assert_false(schema_name_is_valid("\xed\xa0\x80", 3));     /* surrogate */
    assert_false(schema_name_is_valid("\xf4\x90\x80\x80", 4)); /* above U+10FFFF */
    assert_false(schema_name_is_valid("\xe2\x82", 2));         /* cut off */
    assert_false(schema_name_is_valid("\xc2\x85", 2));         /* control character */
    assert_false(schema_name_is_valid("a\x7f", 2));
    assert_false(schema_name_is_valid("a\0b", 3));
    char longest[SCHEMA_MAX_NAME + 1];
    memset(longest, 'a', sizeof longest);
    assert_true(schema_name_is_valid(longest, SCHEMA_MAX_NAME));
    assert_false(schema_name_is_valid(longest, SCHEMA_MAX_NAME + 1));
}

static void schema_write__reads_back_and_is_one_column_a_line(void **state) {
    (void)state;
    zkm_error err;
    schema s = {0}, again = {0};
    char *folder = make_folder();
    char path[5000];
    snprintf(path, sizeof path, "%s/schema.json", folder);
    assert_ok(&err, from_text(&err, &s, good));
    assert_ok(&err, schema_write(&err, &s, path));
    assert_ok(&err, schema_read(&err, &again, path));
    byte_writer a = writer_init(), b = writer_init();
    assert_ok(&err, schema_to_json(&err, &a, &s));
    assert_ok(&err, schema_to_json(&err, &b, &again));
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.data, b.data, a.len);
    writer_u8(&a, 0);
    assert_string_equal(
        (const char *)a.data,
        "{\n  \"zkmetric_schema\": 1,\n  \"columns\": [\n"
        "    {\"name\": \"t\", \"role\": \"time\"},\n"
        "    {\"name\": \"a\", \"role\": \"feature\", \"frac_bits\": 12},\n"
        "    {\"name\": \"y\", \"role\": \"target\", \"frac_bits\": -3},\n"
        "    {\"name\": \"b\", \"role\": \"feature\", \"frac_bits\": 31}\n  ]\n}\n");
    writer_clear(&a);
    writer_clear(&b);
    schema_clear(&s);
    schema_clear(&again);
    assert_error(&err, schema_read(&err, &s, "/nonexistent/schema.json"), ZKM_ERR_NOT_FOUND,
                 "schema.json", NULL);
    remove_folder(folder);
}

static void schema_from_bytes__round_trip_and_damage(void **state) {
    (void)state;
    zkm_error err;
    schema s = {0}, again = {0}, copy = {0};
    assert_ok(&err, from_text(&err, &s, good));
    byte_writer w = writer_init(), w2 = writer_init();
    schema_to_bytes(&w, &s);
    byte_reader r = reader_init(w.data, w.len);
    assert_ok(&err, schema_from_bytes(&err, &again, &r, "file"));
    assert_int_equal(reader_left(&r), 0);
    assert_ok(&err, schema_copy(&err, &copy, &again));
    schema_to_bytes(&w2, &copy);
    assert_int_equal(w.len, w2.len);
    assert_memory_equal(w.data, w2.data, w.len);
    schema_clear(&again);
    schema_clear(&copy);
    for (size_t len = 0; len < w.len; len++) {
        r = reader_init(w.data, len);
        assert_int_equal(schema_from_bytes(&err, &again, &r, "file"), ZKM_ERR_FORMAT);
    }
    for (size_t bit = 0; bit < 8 * w.len; bit++) {
        w.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        r = reader_init(w.data, w.len);
        if (schema_from_bytes(&err, &again, &r, "file") == ZKM_OK)
            schema_clear(&again);
        w.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    writer_clear(&w);
    writer_clear(&w2);
    schema_clear(&s);
}

static void schema_digest__is_that_of_the_canonical_bytes(void **state) {
    (void)state;
    zkm_error err;
    schema s = {0};
    assert_ok(&err, from_text(&err, &s, good));
    static const char canonical[] = "zkmetric.schema.v1"
                                    "\0\0\0\2"
                                    "\0\0\0\1"
                                    "\0\1"
                                    "a"
                                    "\x0c"
                                    "\0\1"
                                    "b"
                                    "\x1f"
                                    "\0\1"
                                    "y"
                                    "\xfd";
    uint8_t expected[32], digest[32];
    keccak256(expected, (const uint8_t *)canonical, sizeof canonical - 1);
    expected[0] &= 0x1f;
    assert_ok(&err, schema_digest(&err, digest, &s));
    assert_memory_equal(digest, expected, 32);
    schema_clear(&s);
}

static void digest_of(uint8_t out[32], const char *columns) {
    zkm_error err;
    schema s = {0};
    char text[1000];
    snprintf(text, sizeof text, "{\"zkmetric_schema\": 1, \"columns\": [%s]}", columns);
    assert_ok(&err, from_text(&err, &s, text));
    assert_ok(&err, schema_digest(&err, out, &s));
    schema_clear(&s);
}

#define COLUMN(name, role, frac)                                                                   \
    "{\"name\": \"" name "\", \"role\": \"" role "\", \"frac_bits\": " frac "}"

static void schema_digest__changes_with_all_that_matters(void **state) {
    (void)state;
    static const char *const others[] = {
        COLUMN("b", "feature", "1") "," COLUMN("a", "feature", "2") "," COLUMN("y", "target", "3"),
        COLUMN("a", "feature", "2") "," COLUMN("b", "feature", "1") "," COLUMN("y", "target", "3"),
        COLUMN("a", "feature", "1") "," COLUMN("b", "target", "2") "," COLUMN("y", "target", "3")};
    uint8_t base[32], other[32];
    const char *first =
        COLUMN("a", "feature", "1") "," COLUMN("b", "feature", "2") "," COLUMN("y", "target", "3");
    digest_of(base, first);
    assert_true(base[0] < 0x20);
    for (size_t i = 0; i < 3; i++) {
        digest_of(other, others[i]);
        assert_memory_not_equal(base, other, 32);
    }
    /* Neither time columns nor where the target stands matter. */
    digest_of(other, COLUMN("y", "target", "3") ",{\"name\": \"t\", \"role\": \"time\"}," COLUMN(
                         "a", "feature", "1") "," COLUMN("b", "feature", "2"));
    assert_memory_equal(base, other, 32);
}

static void schema_propose_frac__leaves_room_of_two(void **state) {
    (void)state;
    assert_int_equal(schema_propose_frac(0), 15);
    assert_int_equal(schema_propose_frac(0.4), 15);
    assert_int_equal(schema_propose_frac(0.5), 14); /* 0.5 * 2^15 * 2 = 32768 */
    assert_int_equal(schema_propose_frac(32767.0 / 65536), 15);
    assert_int_equal(schema_propose_frac(1), 13);
    assert_int_equal(schema_propose_frac(16383.5), 0);
    assert_int_equal(schema_propose_frac(16384), -1);
    assert_int_equal(schema_propose_frac(ldexp(16383, 15)), -15);
    assert_int_equal(schema_propose_frac(ldexp(16384, 15)), -16);
    assert_int_equal(schema_propose_frac(1e308), -16);
}

static zkm_status propose(zkm_error *err, schema *s, const char *text, const char *target) {
    table t = {0};
    assert_ok(err, read_text(err, &t, text, NULL));
    zkm_status status = schema_propose(err, s, &t, &target, target ? 1 : 0);
    table_clear(&t);
    return status;
}

static void schema_propose__roles_and_scales(void **state) {
    (void)state;
    zkm_error err;
    schema s = {0};
    assert_ok(&err, propose(&err, &s, "time,a,y,z\nx,-4,0.25,0\nx,3,0.1,0\n", "y"));
    assert_int_equal(s.columns[0].role, ROLE_TIME);
    assert_int_equal(s.columns[1].role, ROLE_FEATURE);
    assert_int_equal(s.columns[1].frac_bits, 11); /* 4 * 2^11 * 2 = 16384; 2^12 would be 32768 */
    assert_int_equal(s.columns[2].role, ROLE_TARGET);
    assert_int_equal(s.columns[2].frac_bits, 15);
    assert_int_equal(s.columns[3].frac_bits, 15);
    schema_clear(&s);
}

static void schema_propose__bad_targets_and_columns(void **state) {
    (void)state;
    zkm_error err;
    schema s = {0};
    assert_error(&err, propose(&err, &s, "a,y\n1,2\n", "z"), ZKM_ERR_ARGUMENT, "data.csv", "'z'",
                 NULL);
    assert_error(&err, propose(&err, &s, "a,y\n1,2\n", "1"), ZKM_ERR_ARGUMENT, "'1'", NULL);
    assert_error(&err, propose(&err, &s, "a,y\n1,2\n", NULL), ZKM_ERR_ARGUMENT, "no target", NULL);
    assert_error(&err, propose(&err, &s, "y\n1\n", "y"), ZKM_ERR_ARGUMENT, "feature", NULL);
    assert_error(&err, propose(&err, &s, "a,y,time\n1,2,3\n", "time"), ZKM_ERR_ARGUMENT, "'time'",
                 NULL);
    assert_error(&err, propose(&err, &s, "a,y\n1e12,2\n", "y"), ZKM_ERR_RANGE, "data.csv", "'a'",
                 "1000000000000", NULL);
    table t = {0};
    const char *twice[] = {"y", "y"};
    assert_ok(&err, read_text(&err, &t, "a,y\n1,2\n", NULL));
    assert_error(&err, schema_propose(&err, &s, &t, twice, 2), ZKM_ERR_ARGUMENT, "twice", NULL);
    table_clear(&t);
}

static void schema_propose__arrays_by_name_and_number(void **state) {
    (void)state;
    zkm_error err;
    static const uint8_t bytes[] = {1, 2, 3, 4};
    byte_writer w =
        make_npy(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 4), }", bytes, 4);
    static const struct {
        const char *target;
        uint32_t column;
    } cases[] = {{"d_3", 3}, {"3", 3}, {"-1", 3}, {"0", 0}, {"-4", 0}};
    for (size_t i = 0; i < 5; i++) {
        table t = {0};
        schema s = {0};
        assert_ok(&err, table_from_bytes(&err, &t, w.data, w.len, "d.npy", NULL));
        assert_ok(&err, schema_propose(&err, &s, &t, &cases[i].target, 1));
        assert_int_equal(s.num_targets, 1);
        assert_int_equal(s.columns[cases[i].column].role, ROLE_TARGET);
        schema_clear(&s);
        table_clear(&t);
    }
    static const char *const bad[] = {"4", "-5", "-0", "", "-", "d", "0x1", "99999999999"};
    for (size_t i = 0; i < 8; i++) {
        table t = {0};
        schema s = {0};
        assert_ok(&err, table_from_bytes(&err, &t, w.data, w.len, "d.npy", NULL));
        assert_error(&err, schema_propose(&err, &s, &t, &bad[i], 1), ZKM_ERR_ARGUMENT, "d.npy",
                     NULL);
        table_clear(&t);
    }
    writer_clear(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schema_from_json__reads_columns),
        cmocka_unit_test(schema_from_json__refuses),
        cmocka_unit_test(schema_from_json__depth_and_truncation_are_harmless),
        cmocka_unit_test(schema_from_json__names_of_all_languages),
        cmocka_unit_test(schema_write__reads_back_and_is_one_column_a_line),
        cmocka_unit_test(schema_from_bytes__round_trip_and_damage),
        cmocka_unit_test(schema_digest__is_that_of_the_canonical_bytes),
        cmocka_unit_test(schema_digest__changes_with_all_that_matters),
        cmocka_unit_test(schema_propose_frac__leaves_room_of_two),
        cmocka_unit_test(schema_propose__roles_and_scales),
        cmocka_unit_test(schema_propose__bad_targets_and_columns),
        cmocka_unit_test(schema_propose__arrays_by_name_and_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
