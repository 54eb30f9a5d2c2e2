/*
 * Random compositions of supported operators (tests/scripts/random_models): float predictions as
 * onnxruntime's, integer predictions near them.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model/model.h"

enum { MODELS = 40, ROWS = 16, MOST = 64 };

typedef struct {
    model *m;
    uint32_t inputs, outputs;
    double features[ROWS * MOST], expected[ROWS * MOST];
    double scale; /* largest |expected| and 1 */
} random_case;

static random_case *random_case_open(int number) {
    char path[512];
    zkm_error err = {0};
    random_case *c = calloc(1, sizeof *c);
    assert_non_null(c);
    snprintf(path, sizeof path, ZKM_SOURCE_DIR "/tests/vectors/random/%d.onnx", number);
    if (model_open(&err, &c->m, path, NULL, NULL) || model_check_supported(&err, c->m))
        fail_msg("%s", err.message);
    c->inputs = model_get_info(c->m)->num_features;
    c->outputs = model_get_info(c->m)->num_outputs_per_sample;
    assert_true(c->inputs <= MOST && c->outputs <= MOST);
    snprintf(path, sizeof path, ZKM_SOURCE_DIR "/tests/vectors/random/%d.rows", number);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    c->scale = 1;
    for (uint32_t i = 0; i < ROWS; i++)
        for (uint32_t k = 0; k < c->inputs + c->outputs; k++) {
            float v = 0;
            assert_int_equal(fread(&v, sizeof v, 1, f), 1);
            if (k < c->inputs) {
                c->features[i * c->inputs + k] = (double)v;
            } else {
                c->expected[i * c->outputs + k - c->inputs] = (double)v;
                c->scale = fmax(c->scale, fabs((double)v));
            }
        }
    assert_int_equal(fgetc(f), EOF);
    fclose(f);
    return c;
}

static void random_case_free(random_case *c) {
    model_free(c->m);
    free(c);
}

static void model_predict__agrees_with_onnxruntime_on_random_models(void **state) {
    (void)state;
    for (int number = 0; number < MODELS; number++) {
        random_case *c = random_case_open(number);
        double out[MOST];
        for (uint32_t i = 0; i < ROWS; i++) {
            assert_int_equal(model_predict(NULL, c->m, c->features + i * c->inputs, out), ZKM_OK);
            for (uint32_t j = 0; j < c->outputs; j++)
                if (!(fabs(out[j] - c->expected[i * c->outputs + j]) < 1e-5 * c->scale))
                    fail_msg("model %d, row %u: %g, not %g", number, i, out[j],
                             c->expected[i * c->outputs + j]);
        }
        random_case_free(c);
    }
}

static void program_run__is_near_onnxruntime_on_random_models(void **state) {
    (void)state;
    for (int number = 0; number < MODELS; number++) {
        random_case *c = random_case_open(number);
        model_quantise_options o = {.bits = 16, .headroom = 1.5, .capacity = 1024};
        int32_t frac[MOST];
        int16_t x[MOST];
        zkm_error err = {0};
        program p = {0};
        program_weights w = {0}, again = {0};
        for (uint32_t k = 0; k < c->inputs; k++)
            frac[k] = 12;
        if (model_quantise_new(&err, &p, &w, NULL, c->m, frac, c->features, ROWS, &o))
            fail_msg("model %d: %s", number, err.message);
        assert_int_equal(model_quantise_with(&err, &again, c->m, &p), ZKM_OK);
        assert_memory_equal(w.weights, again.weights, p.num_weights * sizeof *w.weights);
        size_t n = program_trace_length(&p);
        const program_layer *last = &p.layers[p.num_layers - 1];
        program_trace trace = {malloc(n * sizeof(int64_t)), malloc(n * sizeof(int16_t))};
        assert_true(trace.z && trace.out && last->width == c->outputs);
        for (uint32_t i = 0; i < ROWS; i++) {
            for (uint32_t k = 0; k < c->inputs; k++)
                x[k] = (int16_t)(c->features[i * c->inputs + k] * 4096); /* exact */
            if (program_run(&err, &trace, &p, &w, x) != ZKM_OK)
                fail_msg("model %d, row %u: %s", number, i, err.message);
            for (uint32_t j = 0; j < c->outputs; j++) {
                double got = ldexp(trace.out[n - last->width + j], -last->out_frac);
                if (!(fabs(got - c->expected[i * c->outputs + j]) < 0.02 * c->scale))
                    fail_msg("model %d, row %u: %g, not %g", number, i, got,
                             c->expected[i * c->outputs + j]);
            }
        }
        free(trace.z);
        free(trace.out);
        program_weights_clear(&w);
        program_weights_clear(&again);
        program_clear(&p);
        random_case_free(c);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(model_predict__agrees_with_onnxruntime_on_random_models),
        cmocka_unit_test(program_run__is_near_onnxruntime_on_random_models)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
