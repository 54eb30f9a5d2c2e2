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
                 "afe4b7b9385193ea64461661978626c8fc4c5898ac1143e7daeee2310449d3df");
    check_digest("model.onnx", 64, 12,
                 "5bd6b47b235fc3bb1c6f7dda1dd1f1942f04ded96a6cf632ba8a9947ecafc45f");
    check_digest("model.onnx", 1024, 16,
                 "c2f50dbe4004ef631616ff2c46a533b71b341ee94499e976ee0d9cbddf38d639");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(circuit_digest__is_the_recorded_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
