/* Proofs with their statement: both forms, and what is refused. The points are multiples of
 * generators. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/verifier.h"
#include "claim/threshold.h"

static g1_affine multiple(uint64_t k) {
    fr scalar;
    g1 p;
    g1_affine out;
    fr_set_u64(&scalar, k);
    g1_from_affine(&p, g1_generator());
    g1_mul(&p, &p, &scalar);
    g1_to_affine(&out, &p);
    return out;
}

static zkm_proof example(void) {
    zkm_proof p = {.value = {.a = multiple(2),
                             .b = *g2_generator(),
                             .c = multiple(3),
                             .d = multiple(5),
                             .committed = true},
                   .claim = {.num_samples = 1000, .threshold = 214748364, .verdict = 1},
                   .names_key = true,
                   .vk_digest = {1, 2, 3}};
    fr_set_u64(&p.claim.model_id, 11);
    fr_set_u64(&p.claim.dataset_id, 12);
    fr_set_u64(&p.claim.context, 13);
    return p;
}

static void assert_same(const zkm_proof *a, const zkm_proof *b) {
    uint8_t x[ZKM_PROOF_BYTES], y[ZKM_PROOF_BYTES];
    zkm_proof_to_bytes(x, a);
    zkm_proof_to_bytes(y, b);
    assert_memory_equal(x, y, sizeof x);
}

static void proof_to_json__reads_back(void **state) {
    (void)state;
    static const uint64_t thresholds[] = {
        0, 1, 214748364, (uint64_t)1 << 32, 4294967297u, ((uint64_t)1 << 48) - 1, 123456789012345u};
    for (size_t i = 0; i < sizeof thresholds / sizeof *thresholds; i++) {
        zkm_proof p = example(), *q = NULL;
        char *text = NULL;
        zkm_error err = {0};
        p.claim.threshold = thresholds[i];
        assert_int_equal(zkm_proof_to_json(&err, &text, &p), ZKM_OK);
        if (zkm_proof_from_bytes(&err, &q, (const uint8_t *)text, strlen(text)) != ZKM_OK)
            fail_msg("%s\n%s", err.message, text);
        assert_same(&p, q);
        assert_true(q->names_key);
        assert_memory_equal(q->vk_digest, p.vk_digest, 32);
        zkm_string_free(text);
        zkm_proof_free(q);
    }
}

static void proof_to_json__shows_the_threshold_as_given(void **state) {
    (void)state;
    zkm_proof p = example();
    char *text = NULL;
    assert_int_equal(threshold_from_text(NULL, &p.claim.threshold, "0.05"), ZKM_OK);
    assert_int_equal(zkm_proof_to_json(NULL, &text, &p), ZKM_OK);
    assert_non_null(strstr(text, "\"threshold\": 0.05,"));
    zkm_string_free(text);
}

static void proof_to_bytes__reads_back(void **state) {
    (void)state;
    zkm_proof p = example(), *q = NULL;
    uint8_t bytes[ZKM_PROOF_BYTES];
    zkm_proof_to_bytes(bytes, &p);
    assert_int_equal(zkm_proof_from_bytes(NULL, &q, bytes, sizeof bytes), ZKM_OK);
    assert_same(&p, q);
    zkm_proof_free(q);
}

static void proof_from_bytes__lengths(void **state) {
    (void)state;
    zkm_proof p = example(), *q = NULL;
    uint8_t bytes[ZKM_PROOF_BYTES + 1] = {0};
    zkm_proof_to_bytes(bytes, &p);
    for (size_t len = 0; len <= sizeof bytes; len++)
        if (len != ZKM_PROOF_BYTES)
            assert_int_equal(zkm_proof_from_bytes(NULL, &q, bytes, len), ZKM_ERR_FORMAT);
    assert_null(q);
}

/* Reads the example's JSON after `change` to "proof.KEY" or "public_inputs.KEY". */
static zkm_status read_changed(const char *part, const char *key, json_t *value) {
    zkm_proof p = example(), *q = NULL;
    char *text = NULL;
    assert_int_equal(zkm_proof_to_json(NULL, &text, &p), ZKM_OK);
    json_t *root = json_loads(text, 0, NULL);
    json_t *object = *part ? json_object_get(root, part) : root;
    if (value)
        json_object_set_new(object, key, value);
    else
        json_object_del(object, key);
    zkm_string_free(text);
    text = json_dumps(root, JSON_REAL_PRECISION(17));
    json_decref(root);
    zkm_error err = {0};
    zkm_status status = zkm_proof_from_bytes(&err, &q, (const uint8_t *)text, strlen(text));
    if (status != ZKM_OK)
        assert_true(strlen(err.message) > 10);
    free(text);
    zkm_proof_free(q);
    return status;
}

static void proof_from_json__missing_key(void **state) {
    (void)state;
    static const char *const inputs[] = {"threshold",   "threshold_fixed", "model_hash",
                                         "num_samples", "dataset_id",      "verdict",
                                         "context"};
    static const char *const points[] = {"pi_a",     "pi_b",  "pi_c",   "pi_d",
                                         "protocol", "curve", "variant"};
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(read_changed("public_inputs", inputs[i], NULL), ZKM_ERR_FORMAT);
        assert_int_equal(read_changed("proof", points[i], NULL), ZKM_ERR_FORMAT);
    }
    assert_int_equal(read_changed("", "proof", NULL), ZKM_ERR_FORMAT);
    assert_int_equal(read_changed("", "public_inputs", NULL), ZKM_ERR_FORMAT);
    assert_int_equal(read_changed("", "vk_digest", NULL), ZKM_OK); /* a hint */
}

static void proof_from_json__unknown_key(void **state) {
    (void)state;
    assert_int_equal(read_changed("", "note", json_string("x")), ZKM_ERR_FORMAT);
    assert_int_equal(read_changed("proof", "pi_e", json_string("x")), ZKM_ERR_FORMAT);
    assert_int_equal(read_changed("public_inputs", "metric", json_real(1)), ZKM_ERR_FORMAT);
}

static void proof_from_json__wrong_type_or_range(void **state) {
    (void)state;
    const char *r = "0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001";
    const char *in = "public_inputs";
    assert_int_equal(read_changed(in, "num_samples", json_string("1000")), ZKM_ERR_FORMAT);
    assert_int_equal(read_changed(in, "num_samples", json_real(1000.0)), ZKM_ERR_FORMAT);
    assert_int_equal(read_changed(in, "num_samples", json_integer(0)), ZKM_ERR_FORMAT);
    assert_int_equal(read_changed(in, "num_samples", json_integer(-1)), ZKM_ERR_FORMAT);
    assert_int_equal(read_changed(in, "num_samples", json_integer(1LL << 32)), ZKM_ERR_FORMAT);
    assert_int_equal(read_changed(in, "verdict", json_true()), ZKM_ERR_FORMAT);
    assert_int_equal(read_changed(in, "verdict", json_integer(2)), ZKM_ERR_FORMAT);
    assert_int_equal(read_changed(in, "threshold_fixed", json_integer(1LL << 48)), ZKM_ERR_FORMAT);
    assert_int_equal(read_changed(in, "threshold", json_string("0.05")), ZKM_ERR_FORMAT);
    assert_int_equal(read_changed(in, "threshold", json_real(-0.05)), ZKM_ERR_FORMAT);
    assert_int_equal(read_changed(in, "threshold", json_real(1e300)), ZKM_ERR_FORMAT);
    assert_int_equal(read_changed(in, "model_hash", json_string(r)), ZKM_ERR_FORMAT);
    assert_int_equal(read_changed(in, "context", json_string(r)), ZKM_ERR_FORMAT);
    assert_int_equal(read_changed(in, "context", json_string("0x1")), ZKM_ERR_FORMAT);
    assert_int_equal(read_changed(in, "context", json_integer(1)), ZKM_ERR_FORMAT);
    assert_int_equal(read_changed("", "public_inputs", json_array()), ZKM_ERR_FORMAT);
    assert_int_equal(read_changed("", "proof", json_null()), ZKM_ERR_FORMAT);
    assert_int_equal(read_changed("", "vk_digest", json_integer(1)), ZKM_ERR_FORMAT);
}

/* The number for people and the number that is proved may not say two things. */
static void proof_from_json__threshold_disagrees(void **state) {
    (void)state;
    const char *in = "public_inputs";
    assert_int_equal(read_changed(in, "threshold", json_real(0.05)), ZKM_OK);
    assert_int_equal(read_changed(in, "threshold", json_real(0.1)), ZKM_ERR_FORMAT);
    assert_int_equal(read_changed(in, "threshold_fixed", json_integer(214748365)), ZKM_ERR_FORMAT);
}

static void proof_from_json__damaged_text(void **state) {
    (void)state;
    zkm_proof p = example(), *q = NULL;
    char *text = NULL;
    assert_int_equal(zkm_proof_to_json(NULL, &text, &p), ZKM_OK);
    size_t len = strlen(text);
    for (size_t cut = 0; cut < len; cut += 3)
        assert_int_equal(zkm_proof_from_bytes(NULL, &q, (const uint8_t *)text, cut),
                         ZKM_ERR_FORMAT);
    char *twice = malloc(len + 64);
    snprintf(twice, len + 64, "{\"proof\": {}, %s", strchr(text, '{') + 1);
    assert_int_equal(zkm_proof_from_bytes(NULL, &q, (const uint8_t *)twice, strlen(twice)),
                     ZKM_ERR_FORMAT);
    free(twice);
    zkm_string_free(text);
    assert_null(q);
}

static void proof_to_calldata__words(void **state) {
    (void)state;
    zkm_proof p = example();
    char *text = NULL;
    assert_int_equal(zkm_proof_to_calldata(NULL, &text, &p), ZKM_OK);
    json_t *root = json_loads(text, 0, NULL);
    assert_int_equal(json_array_size(json_object_get(root, "proof")), 10);
    assert_int_equal(json_array_size(json_object_get(root, "statement")), 6);
    json_decref(root);
    zkm_string_free(text);
}

static void proofs_to_calldata__none(void **state) {
    (void)state;
    zkm_error err;
    char *text = NULL;
    assert_int_equal(zkm_proofs_to_calldata(&err, &text, NULL, 0), ZKM_ERR_ARGUMENT);
    assert_null(text);
}

static void field_from_hex__forms(void **state) {
    (void)state;
    uint8_t out[32];
    char text[80] = "0x";
    memset(text + 2, '0', 63);
    strcpy(text + 65, "a");
    assert_int_equal(zkm_field_from_hex(NULL, out, text), ZKM_OK);
    assert_int_equal(out[31], 10);
    assert_int_equal(zkm_field_from_hex(NULL, out, text + 2), ZKM_OK);
    assert_int_equal(zkm_field_from_hex(NULL, out, text + 3), ZKM_ERR_ARGUMENT);
    text[2] = 'f';
    assert_int_equal(zkm_field_from_hex(NULL, out, text), ZKM_ERR_ARGUMENT);
    text[2] = 'g';
    assert_int_equal(zkm_field_from_hex(NULL, out, text), ZKM_ERR_ARGUMENT);
    assert_int_equal(zkm_field_from_hex(NULL, out, ""), ZKM_ERR_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proof_to_json__reads_back),
        cmocka_unit_test(proof_to_json__shows_the_threshold_as_given),
        cmocka_unit_test(proof_to_bytes__reads_back),
        cmocka_unit_test(proof_from_bytes__lengths),
        cmocka_unit_test(proof_from_json__missing_key),
        cmocka_unit_test(proof_from_json__unknown_key),
        cmocka_unit_test(proof_from_json__wrong_type_or_range),
        cmocka_unit_test(proof_from_json__threshold_disagrees),
        cmocka_unit_test(proof_from_json__damaged_text),
        cmocka_unit_test(proof_to_calldata__words),
        cmocka_unit_test(proofs_to_calldata__none),
        cmocka_unit_test(field_from_hex__forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
