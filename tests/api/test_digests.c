/*
 * Same input, same circuit digest: the shipped example at several capacities against recorded digests. The
 * sanitised build runs this too, so two sets of compiler options must agree. After a deliberate change of
 * the quantiser or the circuit, record the new digests that the failure prints, and say so in CHANGELOG.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <zkmetric.h>

#define EXAMPLE ZKM_SOURCE_DIR "/examples/hedge/"

static void require_ok(zkm_status status, const zkm_error *err) {
    if (status != ZKM_OK)
        fail_msg("status %d: %s", status, err->message);
}

static void check_digest(const char *model_file, uint32_t capacity, uint32_t bits,
                         const char *expected) {
    zkm_error err;
    zkm_model *model = NULL;
    zkm_schema *columns = NULL;
    zkm_circuit *circuit = NULL;
    char path[512], text[65];
    uint8_t digest[32];
    const char *data[] = {EXAMPLE "calibration.csv"}, *targets[] = {"hedge_ratio"};
    const zkm_schema_options roles = {.targets = targets, .num_targets = 1};
    const zkm_compile_options options = {"rmse", capacity, bits, 2};
    snprintf(path, sizeof path, EXAMPLE "%s", model_file);
    require_ok(zkm_model_open(&err, &model, path, NULL), &err);
    require_ok(zkm_schema_propose(&err, &columns, data, 1, &roles), &err);
    require_ok(zkm_circuit_compile(&err, &circuit, NULL, model, columns, data, 1, &options, NULL),
               &err);
    zkm_circuit_digest(digest, circuit);
    for (int i = 0; i < 32; i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
    zkm_circuit_free(circuit);
    zkm_schema_free(columns);
    zkm_model_free(model);
    assert_string_equal(text, expected);
}

static void circuit_digest__is_the_recorded_one(void **state) {
    (void)state;
    check_digest("model.onnx", 1, 16,
                 "45175a493e2251bd62af9cbac328d37f63687cc89430937a8d4fd180643bdf8f");
    check_digest("model.onnx", 64, 12,
                 "384b6aaf4ad7ef08a43f37c6edc0aa0428b685fe668ad5c4263b6ed1788f4e8c");
    check_digest("model.onnx", 1024, 16,
                 "bd8a83c6dbbf90831fbb06fdff59c721bf59e80471264db98d0b527d32d0d116");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(circuit_digest__is_the_recorded_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
