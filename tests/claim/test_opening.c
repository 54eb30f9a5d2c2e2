/* Opening files: round trip, damage, modes, and what is left behind. */
#include "claim_helpers.h"

#include <sys/stat.h>

#include "claim/opening.h"
#include "math/keccak.h"

static opening example(void) {
    static const char text[] = "{\"zkmetric_schema\": 1, \"columns\": ["
                               "{\"name\": \"t\", \"role\": \"time\"},"
                               "{\"name\": \"a\", \"role\": \"feature\", \"frac_bits\": 2},"
                               "{\"name\": \"b\", \"role\": \"feature\", \"frac_bits\": 1},"
                               "{\"name\": \"y\", \"role\": \"target\", \"frac_bits\": -4}]}";
    zkm_error err;
    schema s = {0};
    table t = {0};
    dataset d = {0};
    opening o = {0};
    assert_ok(&err, schema_from_json(&err, &s, (const uint8_t *)text, sizeof text - 1, "s.json"));
    assert_ok(&err, read_text(&err, &t, "a,b,y\n1,2,16\n-8192,16383.5,-524288\n5,6,7\n", NULL));
    assert_ok(&err, dataset_quantise(&err, &d, &t, &s));
    assert_ok(&err, opening_commit(&err, &o, &s, &d));
    assert_null(d.features); /* taken over */
    table_clear(&t);
    schema_clear(&s);
    return o;
}

static void opening_commit__binds_schema_rows_and_salt(void **state) {
    (void)state;
    zkm_error err;
    opening o = example(), other = example();
    fr id;
    dataset_id(&id, o.schema_digest, &o.data, o.salt);
    assert_true(fr_equal(&id, &o.dataset_id));
    assert_false(fr_equal(&o.dataset_id, &other.dataset_id)); /* the salt hides equal data */
    uint8_t digest[32];
    assert_ok(&err, schema_digest(&err, digest, &o.columns));
    assert_memory_equal(digest, o.schema_digest, 32);
    opening_clear(&o);
    opening_clear(&other);
}

static void opening_commit__of_another_schema_is_refused(void **state) {
    (void)state;
    zkm_error err;
    opening o = example(), bad = {0};
    dataset d = {.n = 1,
                 .num_features = 1,
                 .num_targets = 1,
                 .features = calloc(1, 2),
                 .targets = calloc(1, 2)};
    assert_error(&err, opening_commit(&err, &bad, &o.columns, &d), ZKM_ERR_MISMATCH, "schema",
                 NULL);
    assert_null(d.features); /* cleared */
    opening_clear(&o);
}

static void opening_from_bytes__round_trip(void **state) {
    (void)state;
    zkm_error err;
    opening o = example(), again = {0};
    byte_writer w = writer_init(), w2 = writer_init();
    opening_to_bytes(&w, &o);
    assert_ok(&err, opening_from_bytes(&err, &again, w.data, w.len, "opening.zkm"));
    assert_true(fr_equal(&o.dataset_id, &again.dataset_id));
    assert_int_equal(again.data.n, 3);
    assert_memory_equal(again.data.features, o.data.features, 12);
    assert_memory_equal(again.data.targets, o.data.targets, 6);
    assert_memory_equal(again.salt, o.salt, 32);
    assert_memory_equal(again.schema_digest, o.schema_digest, 32);
    opening_to_bytes(&w2, &again);
    assert_int_equal(w.len, w2.len);
    assert_memory_equal(w.data, w2.data, w.len);
    writer_clear(&w);
    writer_clear(&w2);
    opening_clear(&o);
    opening_clear(&again);
}

static void opening_from_bytes__every_flip_and_cut_is_refused(void **state) {
    (void)state;
    zkm_error err;
    opening o = example(), again = {0};
    byte_writer w = writer_init();
    opening_to_bytes(&w, &o);
    for (size_t bit = 0; bit < 8 * w.len; bit++) {
        w.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        zkm_status status = opening_from_bytes(&err, &again, w.data, w.len, "opening.zkm");
        assert_true(status == ZKM_ERR_FORMAT || status == ZKM_ERR_UNSUPPORTED);
        assert_non_null(strstr(err.message, "opening.zkm"));
        w.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    for (size_t len = 0; len < w.len; len++) {
        uint8_t *copy = malloc(len ? len : 1);
        assert_non_null(copy);
        memcpy(copy, w.data, len);
        assert_int_equal(opening_from_bytes(&err, &again, copy, len, "opening.zkm"),
                         ZKM_ERR_FORMAT);
        free(copy);
    }
    writer_u8(&w, 0);
    assert_int_equal(opening_from_bytes(&err, &again, w.data, w.len, "opening.zkm"),
                     ZKM_ERR_FORMAT);
    assert_null(again.data.features);
    writer_clear(&w);
    opening_clear(&o);
}

/* Damage behind a checksum that was made right: structure and dataset_id are checked by themselves.
 */
static void opening_from_bytes__flips_behind_the_checksum_are_refused(void **state) {
    (void)state;
    zkm_error err;
    opening o = example(), again = {0};
    byte_writer w = writer_init();
    opening_to_bytes(&w, &o);
    size_t body = w.len - 32;
    size_t time_name =
        8 + 4 + 4 + 4; /* the first column's name: time columns are not committed to */
    for (size_t bit = 0; bit < 8 * body; bit++) {
        w.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        keccak256(w.data + body, w.data, body);
        zkm_status status = opening_from_bytes(&err, &again, w.data, w.len, "opening.zkm");
        if (status == ZKM_OK && bit / 8 == time_name)
            opening_clear(&again);
        else
            assert_true(status == ZKM_ERR_FORMAT || status == ZKM_ERR_UNSUPPORTED);
        w.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    writer_clear(&w);
    opening_clear(&o);
}

static void opening_from_bytes__row_count_is_bounded_by_the_file(void **state) {
    (void)state;
    zkm_error err;
    opening o = example(), again = {0};
    byte_writer w = writer_init();
    opening_to_bytes(&w, &o);
    size_t body = w.len - 32, rows = body - 3 * 3 * 2 - 64 - 12;
    static const uint32_t counts[] = {0, 1, 2, 4, 0x10000003u, 0xffffffffu, 0x80000003u};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        for (size_t b = 0; b < 4; b++)
            w.data[rows + b] = (uint8_t)(counts[i] >> (8 * b));
        keccak256(w.data + body, w.data, body);
        assert_error(&err, opening_from_bytes(&err, &again, w.data, w.len, "opening.zkm"),
                     ZKM_ERR_FORMAT, "opening.zkm", "rows and schema", NULL);
    }
    writer_clear(&w);
    opening_clear(&o);
}

typedef struct {
    char text[6000];
} path;

static path path_in(const char *folder, const char *name) {
    path p;
    int n = snprintf(p.text, sizeof p.text, "%s/%s", folder, name);
    assert_true(n > 0 && (size_t)n < sizeof p.text);
    return p;
}

static void opening_write__secret_and_public_files(void **state) {
    (void)state;
    zkm_error err;
    opening o = example(), again = {0};
    char *folder = make_folder();
    const path new_folder = path_in(folder, "new");
    const char *inner = new_folder.text;
    struct stat st;
    assert_ok(&err, opening_write(&err, &o, inner));
    assert_int_equal(stat(path_in(inner, "opening.zkm").text, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_ok(&err, opening_read(&err, &again, path_in(inner, "opening.zkm").text));
    assert_true(fr_equal(&o.dataset_id, &again.dataset_id));
    FILE *f = fopen(path_in(inner, "dataset.json").text, "rb");
    assert_non_null(f);
    char text[1000] = "", expected[1000], id_hex[65], digest_hex[65];
    uint8_t id[32];
    assert_true(fread(text, 1, sizeof text - 1, f) > 0);
    fclose(f);
    fr_to_bytes(id, &o.dataset_id);
    hex_encode(id_hex, id, 32);
    hex_encode(digest_hex, o.schema_digest, 32);
    snprintf(expected, sizeof expected,
             "{\n  \"zkmetric_dataset\": 1,\n  \"dataset_id\": \"0x%s\",\n  \"num_samples\": 3,\n"
             "  \"schema_digest\": \"0x%s\"\n}\n",
             id_hex, digest_hex);
    assert_string_equal(text, expected);
    opening_clear(&o);
    opening_clear(&again);
    remove_folder(folder);
}

static void opening_write__keeps_what_was_there(void **state) {
    (void)state;
    zkm_error err;
    opening first = example(), second = example(), third = example(), again = {0};
    char *folder = make_folder();
    assert_ok(&err, opening_write(&err, &first, folder));
    assert_ok(&err, opening_write(&err, &second, folder));
    assert_ok(&err, opening_write(&err, &third, folder));
    const opening *expected[] = {&third, &first, &second};
    const char *names[] = {"opening.zkm", "opening.zkm.~1~", "opening.zkm.~2~"};
    for (size_t i = 0; i < 3; i++) {
        assert_ok(&err, opening_read(&err, &again, path_in(folder, names[i]).text));
        assert_true(fr_equal(&expected[i]->dataset_id, &again.dataset_id));
        opening_clear(&again);
    }
    opening_clear(&first);
    opening_clear(&second);
    opening_clear(&third);
    remove_folder(folder);
}

static void opening_write__failure_leaves_nothing(void **state) {
    (void)state;
    zkm_error err;
    opening o = example(), again = {0};
    char *folder = make_folder();
    assert_error(&err, opening_write(&err, &o, path_in(folder, "no/such").text), ZKM_ERR_NOT_FOUND,
                 "such", NULL);
    /* dataset.json cannot be replaced by a file when a folder of that name is there */
    char command[6100];
    snprintf(command, sizeof command, "mkdir '%s'", path_in(folder, "dataset.json").text);
    assert_int_equal(system(command), 0);
    zkm_status status = opening_write(&err, &o, folder);
    assert_int_equal(status, ZKM_ERR_IO);
    snprintf(command, sizeof command, "test -z \"$(ls '%s' | grep '\\.json\\.')\"", folder);
    assert_int_equal(system(command), 0); /* no temporary file is left */
    assert_error(&err, opening_read(&err, &again, path_in(folder, "none.zkm").text),
                 ZKM_ERR_NOT_FOUND, "none.zkm", NULL);
    opening_clear(&o);
    remove_folder(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening_commit__binds_schema_rows_and_salt),
        cmocka_unit_test(opening_commit__of_another_schema_is_refused),
        cmocka_unit_test(opening_from_bytes__round_trip),
        cmocka_unit_test(opening_from_bytes__every_flip_and_cut_is_refused),
        cmocka_unit_test(opening_from_bytes__flips_behind_the_checksum_are_refused),
        cmocka_unit_test(opening_from_bytes__row_count_is_bounded_by_the_file),
        cmocka_unit_test(opening_write__secret_and_public_files),
        cmocka_unit_test(opening_write__keeps_what_was_there),
        cmocka_unit_test(opening_write__failure_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
