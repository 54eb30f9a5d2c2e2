/* The real exports of tests/vectors/onnx: opening them, and their rows (inputs then onnxruntime's
 * output). */
#ifndef TESTS_MODEL_EXPORTS_H
#define TESTS_MODEL_EXPORTS_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"

#define EXPORTS ZKM_SOURCE_DIR "/tests/vectors/onnx/"

static const char *const exports_now[] = {"keras_export_mlp",
                                          "keras_export_mlp_bn",
                                          "ort_optimised_basic",
                                          "sklearn_linear",
                                          "sklearn_mlpregressor",
                                          "sklearn_scaler_mlp",
                                          "torch_new_act_gelu",
                                          "torch_new_act_softplus",
                                          "torch_new_mlp_bn_defaults",
                                          "torch_new_mlp_defaults",
                                          "torch_new_mlp_dropout_op18_dyn",
                                          "torch_new_mlp_standardise",
                                          "torch_new_residual",
                                          "torch_new_two_inputs",
                                          "torch_old_act_mish",
                                          "torch_old_act_relu6",
                                          "torch_old_act_silu",
                                          "torch_old_mlp_bn_op17_dyn",
                                          "torch_old_mlp_float64",
                                          "torch_old_mlp_initinputs",
                                          "torch_old_mlp_op11_dyn",
                                          "torch_old_mlp_op17_dyn"};
enum { NUM_NOW = sizeof exports_now / sizeof *exports_now, EXPORT_ROWS = 64 };

static inline model *export_open(const char *name) {
    char path[512];
    zkm_error err = {0};
    model *m = NULL;
    snprintf(path, sizeof path, EXPORTS "%s.onnx", name);
    if (model_open(&err, &m, path, NULL, NULL) != ZKM_OK)
        fail_msg("%s: %s", name, err.message);
    return m;
}

typedef struct {
    uint32_t width;             /* features */
    double *features, *outputs; /* EXPORT_ROWS rows; one output each */
    int32_t *frac;
} export_rows;

static inline export_rows export_rows_read(const char *name, uint32_t width) {
    char path[512];
    export_rows r = {.width = width};
    snprintf(path, sizeof path, EXPORTS "%s.rows", name);
    FILE *f = fopen(path, "rb");
    r.features = calloc((size_t)EXPORT_ROWS * width, sizeof(double));
    r.outputs = calloc(EXPORT_ROWS, sizeof(double));
    r.frac = calloc(width, sizeof(int32_t));
    assert_true(f && r.features && r.outputs && r.frac);
    for (uint32_t i = 0; i < EXPORT_ROWS; i++)
        for (uint32_t k = 0; k <= width; k++) {
            float v = 0;
            assert_int_equal(fread(&v, sizeof v, 1, f), 1);
            *(k < width ? &r.features[i * width + k] : &r.outputs[i]) = (double)v;
        }
    fclose(f);
    for (uint32_t k = 0; k < width; k++) {
        double most = 0;
        for (uint32_t i = 0; i < EXPORT_ROWS; i++)
            most = fmax(most, fabs(r.features[i * width + k]));
        for (r.frac[k] = 15; most * ldexp(1, r.frac[k]) * 2 > 32767;)
            r.frac[k]--;
    }
    return r;
}

static inline void export_rows_free(export_rows *r) {
    free(r->features);
    free(r->outputs);
    free(r->frac);
}

static inline void export_quantise_row(int16_t *out, const export_rows *r, uint32_t i) {
    for (uint32_t k = 0; k < r->width; k++)
        out[k] = (int16_t)nearbyint(ldexp(r->features[i * r->width + k], r->frac[k]));
}

#endif
