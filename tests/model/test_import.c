/* Real exports: what must be supported imports and predicts as onnxruntime does; the rest is
 * named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exports.h"

static void model_predict__agrees_with_onnxruntime(void **state) {
    (void)state;
    for (int i = 0; i < NUM_NOW; i++) {
        model *m = export_open(exports_now[i]);
        zkm_error err = {0};
        if (model_check_supported(&err, m) != ZKM_OK)
            fail_msg("%s: %s", exports_now[i], err.message);
        const model_info *info = model_get_info(m);
        assert_int_equal(info->num_features, 25);
        assert_int_equal(info->num_outputs_per_sample, 1);
        export_rows r = export_rows_read(exports_now[i], 25);
        for (uint32_t k = 0; k < EXPORT_ROWS; k++) {
            double out = 0;
            assert_int_equal(model_predict(&err, m, r.features + k * 25, &out), ZKM_OK);
            if (!(fabs(out - r.outputs[k]) < 1e-5))
                fail_msg("%s, row %u: %g, not %g", exports_now[i], k, out, r.outputs[k]);
        }
        export_rows_free(&r);
        model_free(m);
    }
}

static void model_open__names_what_cannot_be_proved(void **state) {
    (void)state;
    static const char *const later[][3] = {
        {"boost_xgboost", "TreeEnsembleRegressor", "ai.onnx.ml::TreeEnsembleRegressor"},
        {"keras_export_lstm", "LSTM__256", "LSTM"},
        {"ort_optimised_all", "fused /6/Gemm", "com.microsoft::FusedGemm"},
        {"sklearn_gradientboosting", "TreeEnsembleRegressor", "ai.onnx.ml::TreeEnsembleRegressor"},
        {"sklearn_mlpclassifier_nozipmap", "ArgMax", "ArgMax"},
        {"torch_new_cnn_digits_max", "node_max_pool2d", "MaxPool"},
        {"torch_new_gru_dyn", "node_gru__1", "GRU"},
        {"torch_new_layernorm", "node_layer_norm_2", "LayerNormalization"},
        {"torch_new_transformer_b1", "node_Softmax_76", "Softmax"},
        {"torch_old_conv1d", "/d/Conv", "Conv"},
        {"torch_old_lstm_b1", "/r/LSTM", "LSTM"}};
    for (size_t i = 0; i < sizeof later / sizeof *later; i++) {
        model *m = export_open(later[i][0]);
        const model_info *info = model_get_info(m);
        zkm_error err = {0};
        bool found = false;
        double row[64] = {0}, out = 0;
        assert_int_equal(model_check_supported(&err, m), ZKM_ERR_UNSUPPORTED);
        assert_non_null(strstr(err.message, info->unsupported[0].node));
        assert_non_null(strstr(err.message, info->unsupported[0].op));
        for (uint32_t k = 0; k < info->num_unsupported; k++)
            found = found || (strcmp(info->unsupported[k].node, later[i][1]) == 0 &&
                              strcmp(info->unsupported[k].op, later[i][2]) == 0);
        if (!found)
            fail_msg("%s: %s not listed", later[i][0], later[i][1]);
        assert_int_equal(model_predict(&err, m, row, &out), ZKM_ERR_UNSUPPORTED);
        model_free(m);
    }
}

static void model_open__takes_one_output_of_several(void **state) {
    (void)state;
    const char *path = EXPORTS "sklearn_mlpclassifier_nozipmap.onnx";
    zkm_error err = {0};
    model *m = NULL;
    assert_int_equal(model_open(&err, &m, path, "probabilities", NULL), ZKM_OK);
    assert_int_equal(model_check_supported(&err, m), ZKM_OK);
    assert_int_equal(model_get_info(m)->num_outputs_per_sample, 2);
    double row[25] = {0.5}, out[2];
    assert_int_equal(model_predict(&err, m, row, out), ZKM_OK);
    assert_true(fabs(out[0] + out[1] - 1) < 1e-12);
    model_free(m);
    m = NULL;
    assert_int_equal(model_open(&err, &m, path, "nonsense", NULL), ZKM_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "\"label\""));
    assert_null(m);
}

static void model_get_info__describes_the_file(void **state) {
    (void)state;
    model *m = export_open("torch_new_mlp_defaults");
    const model_info *info = model_get_info(m);
    assert_int_equal(info->opset, 20);
    assert_int_equal(info->ir_version, 10);
    assert_int_equal(info->parameters, 7937); /* 25*64 + 64 + 64*64 + 64 + 64*32 + 32 + 32 + 1 */
    assert_string_equal(info->inputs[0].name, "input");
    assert_string_equal(info->inputs[0].shape, "[1, 25]");
    assert_string_equal(info->outputs[0].name, "sigmoid");
    assert_non_null(strstr(info->producer, "pytorch"));
    assert_int_equal(info->num_operators, 3);
    assert_string_equal(info->operators[0].op, "Gemm");
    assert_int_equal(info->operators[0].count, 4);
    assert_int_equal(info->num_layers, 4);
    assert_int_equal(info->layers[1].width, 64);
    assert_int_equal(info->layers[1].fan_in, 64);
    assert_int_equal(info->layers[1].weights, 64 * 64 + 64);
    assert_string_equal(info->layers[1].activation, "Relu");
    assert_string_equal(info->layers[3].activation, "Sigmoid");
    model_free(m);
}

static void model_open__folds_standardisation_and_scaler_away(void **state) {
    (void)state;
    static const char *const names[] = {"torch_new_mlp_standardise", "sklearn_scaler_mlp",
                                        "keras_export_mlp_bn", "torch_old_mlp_bn_op17_dyn"};
    static const uint32_t layers[] = {4, 3, 4, 4};
    for (int i = 0; i < 4; i++) {
        model *m = export_open(names[i]);
        assert_int_equal(model_get_info(m)->num_layers, layers[i]);
        model_free(m);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(model_predict__agrees_with_onnxruntime),
        cmocka_unit_test(model_open__names_what_cannot_be_proved),
        cmocka_unit_test(model_open__takes_one_output_of_several),
        cmocka_unit_test(model_get_info__describes_the_file),
        cmocka_unit_test(model_open__folds_standardisation_and_scaler_away)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
