/* The commitments against tests/vectors/claim/vectors.json, which a second implementation wrote
 * (tests/claim/reference.py). */
#include "claim_helpers.h"

#include <jansson.h>

#include "claim/context.h"
#include "claim/dataset.h"
#include "claim/model_id.h"
#include "claim/opening.h"
#include "claim/statement.h"
#include "claim/threshold.h"
#include "math/poseidon2.h"

static json_t *load(void) {
    json_t *root = json_load_file(ZKM_SOURCE_DIR "/tests/vectors/claim/vectors.json", 0, NULL);
    assert_non_null(root);
    return root;
}

static void bytes_of(uint8_t out[32], const json_t *text) {
    assert_non_null(json_string_value(text));
    assert_true(hex_decode(out, 32, json_string_value(text)));
}

static void assert_element(const fr *got, const json_t *expected) {
    uint8_t a[32], b[32];
    fr_to_bytes(a, got);
    bytes_of(b, expected);
    assert_memory_equal(a, b, 32);
}

static uint64_t integer(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    assert_true(json_is_integer(value));
    return (uint64_t)json_integer_value(value);
}

/* numbers() of reference.py. */
static int64_t *numbers(uint64_t seed, size_t n, unsigned bits) {
    int64_t *out = malloc((n + 1) * sizeof *out);
    assert_non_null(out);
    for (size_t i = 0; i < n; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        out[i] = (int64_t)(seed >> (64 - bits)) - ((int64_t)1 << (bits - 1));
    }
    out[0] = -((int64_t)1 << (bits - 1));
    if (n > 1)
        out[1] = ((int64_t)1 << (bits - 1)) - 1;
    return out;
}

static void schema_digest__second_implementation(void **state) {
    (void)state;
    zkm_error err;
    json_t *root = load();
    size_t n = json_array_size(json_object_get(root, "columns"));
    schema_column columns[16];
    schema s = {.columns = columns, .num_columns = (uint32_t)n};
    assert_true(n > 0 && n <= 16);
    for (size_t i = 0; i < n; i++) {
        json_t *c = json_array_get(json_object_get(root, "columns"), i);
        const char *role = json_string_value(json_object_get(c, "role"));
        columns[i].name = (char *)(uintptr_t)json_string_value(json_object_get(c, "name"));
        columns[i].frac_bits = (int32_t)json_integer_value(json_object_get(c, "frac_bits"));
        columns[i].role = strcmp(role, "time") == 0     ? ROLE_TIME
                          : strcmp(role, "target") == 0 ? ROLE_TARGET
                                                        : ROLE_FEATURE;
        s.num_features += columns[i].role == ROLE_FEATURE;
        s.num_targets += columns[i].role == ROLE_TARGET;
    }
    uint8_t digest[32], expected[32];
    assert_ok(&err, schema_digest(&err, digest, &s));
    bytes_of(expected, json_object_get(root, "schema_digest"));
    assert_memory_equal(digest, expected, 32);
    json_decref(root);
}

static void dataset_id__second_implementation(void **state) {
    (void)state;
    json_t *root = load(), *entry;
    size_t index;
    uint8_t digest[32], salt[32];
    bytes_of(digest, json_object_get(root, "schema_digest"));
    bytes_of(salt, json_object_get(root, "salt"));
    json_array_foreach(json_object_get(root, "datasets"), index, entry) {
        size_t n = integer(entry, "n"), k = integer(entry, "features"),
               m = integer(entry, "targets");
        int64_t *values = numbers(integer(entry, "seed"), n * (k + m), 16);
        dataset d = {(uint32_t)n, (uint32_t)k, (uint32_t)m, malloc(2 * n * k), malloc(2 * n * m)};
        for (size_t i = 0; i < n; i++) {
            for (size_t j = 0; j < k; j++)
                d.features[i * k + j] = (int16_t)values[i * (k + m) + j];
            for (size_t j = 0; j < m; j++)
                d.targets[i * m + j] = (int16_t)values[i * (k + m) + k + j];
        }
        fr id;
        dataset_id(&id, digest, &d, salt);
        assert_element(&id, json_object_get(entry, "dataset_id"));
        dataset_clear(&d);
        free(values);
    }
    assert_true(index >= 8);
    json_decref(root);
}

static void model_id__second_implementation(void **state) {
    (void)state;
    json_t *root = load(), *entry;
    size_t index;
    uint8_t digest[32];
    bytes_of(digest, json_object_get(root, "schema_digest"));
    json_array_foreach(json_object_get(root, "models"), index, entry) {
        size_t n = integer(entry, "weights"), b = integer(entry, "biases");
        uint64_t seed = integer(entry, "seed");
        int64_t *values = numbers(seed, n, 16), *biases = numbers(seed + 1000, b, 40);
        int16_t *weights = malloc(2 * n);
        assert_non_null(weights);
        for (size_t i = 0; i < n; i++)
            weights[i] = (int16_t)values[i];
        program p = {.num_weights = n, .num_biases = b};
        program_weights w = {weights, biases};
        fr id;
        model_id(&id, digest, &p, &w);
        assert_element(&id, json_object_get(entry, "model_id"));
        free(values);
        free(biases);
        free(weights);
    }
    assert_true(index >= 5);
    json_decref(root);
}

static void opening_read__second_implementation(void **state) {
    (void)state;
    static const char *const names[] = {"good.zkm", "wide.zkm"};
    for (size_t i = 0; i < 2; i++) {
        zkm_error err;
        opening o = {0};
        char path[1000];
        snprintf(path, sizeof path, ZKM_SOURCE_DIR "/fuzz/corpus/opening/%s", names[i]);
        assert_ok(&err, opening_read(&err, &o, path));
        assert_int_equal(o.data.n, i == 0 ? 3 : 2);
        assert_int_equal(o.data.num_features, i == 0 ? 2 : 230);
        opening_clear(&o);
    }
}

static void poseidon2_permute_t16__second_implementation(void **state) {
    (void)state;
    json_t *root = load();
    fr x[16];
    for (uint64_t i = 0; i < 16; i++)
        fr_set_u64(&x[i], i);
    poseidon2_permute_t16(x);
    for (size_t i = 0; i < 16; i++)
        assert_element(&x[i], json_array_get(json_object_get(root, "permutation_of_0_to_15"), i));
    json_decref(root);
}

static void threshold_from_text__second_implementation(void **state) {
    (void)state;
    zkm_error err;
    json_t *root = load(), *entry;
    size_t index;
    json_array_foreach(json_object_get(root, "thresholds"), index, entry) {
        uint64_t t = 77;
        assert_ok(&err,
                  threshold_from_text(&err, &t, json_string_value(json_object_get(entry, "text"))));
        assert_int_equal(t, integer(entry, "value"));
    }
    assert_true(index >= 8);
    json_decref(root);
}

static void statement_to_bytes__second_implementation(void **state) {
    (void)state;
    zkm_error err;
    json_t *root = load();
    context_parts parts = {.chain_id = 137, .round = 7};
    memset(parts.contract, 0xc0, sizeof parts.contract);
    memset(parts.federation, 0xfe, sizeof parts.federation);
    memset(parts.client, 0xc1, sizeof parts.client);
    memset(parts.nonce, 0xff, sizeof parts.nonce);
    parts.nonce[31] = 0xfe;
    uint8_t context[32], expected[STATEMENT_BYTES], bytes[STATEMENT_BYTES];
    context_derive(context, &parts);
    bytes_of(expected, json_object_get(root, "context"));
    assert_memory_equal(context, expected, 32);
    statement s = {.num_samples = 1000, .verdict = 1};
    fr one;
    fr_set_zero(&s.model_id);
    fr_set_one(&one);
    fr_sub(&s.model_id, &s.model_id, &one);
    fr_set_u64(&s.dataset_id, 5);
    assert_ok(&err, threshold_from_text(&err, &s.threshold, "0.05"));
    assert_true(fr_from_bytes(&s.context, context));
    statement_to_bytes(bytes, &s);
    assert_true(hex_decode(expected, STATEMENT_BYTES,
                           json_string_value(json_object_get(root, "statement"))));
    assert_memory_equal(bytes, expected, sizeof bytes);
    json_decref(root);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schema_digest__second_implementation),
        cmocka_unit_test(dataset_id__second_implementation),
        cmocka_unit_test(model_id__second_implementation),
        cmocka_unit_test(opening_read__second_implementation),
        cmocka_unit_test(poseidon2_permute_t16__second_implementation),
        cmocka_unit_test(threshold_from_text__second_implementation),
        cmocka_unit_test(statement_to_bytes__second_implementation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
