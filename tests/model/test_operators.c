/*
 * Operators, one small model each: a Gemm, the operators under test, a prediction. The model must
 * have the layers it should fold into, its float predictions must be the formula's, and its
 * integer predictions near them.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/model.h"
#include "onnx_builder.h"

static const int64_t rows_of[2] = {0, 3};

/* y = W x + b with 3 inputs and 2 outputs, an input "x" and an output "y". */
static const float weights[6] = {0.5f, -0.75f, 1.25f, 0.25f, -0.5f, 1.0f};
static const float bias[2] = {0.125f, -0.25f};

static double gemm(const double *x, int m) {
    double z = (double)bias[m];
    for (int k = 0; k < 3; k++)
        z += x[k] * (double)weights[2 * k + m];
    return z;
}

static onnx_builder *with_gemm(int64_t opset) {
    onnx_builder *b = builder_new(opset);
    int64_t matrix[2] = {3, 2}, two = 2;
    builder_input(b, "x", 2, rows_of);
    builder_floats(b, "W", 2, matrix, weights);
    builder_floats(b, "b", 1, &two, bias);
    builder_node(b, "Gemm", "x W b", "h");
    return b;
}

static model *open_built(onnx_builder *b, zkm_error *err, zkm_status expected) {
    size_t len = 0;
    model *m = NULL;
    builder_output(b, "y");
    uint8_t *bytes = builder_bytes(b, &len);
    zkm_status status = model_open_bytes(err, &m, bytes, len, NULL, NULL, NULL);
    if (status != expected)
        fail_msg("status %d: %s", status, err->message);
    free(bytes);
    builder_free(b);
    return m;
}

static model *open_supported(onnx_builder *b) {
    zkm_error err = {0};
    model *m = open_built(b, &err, ZKM_OK);
    if (model_check_supported(&err, m) != ZKM_OK)
        fail_msg("%s", err.message);
    return m;
}

static void expect_unsupported(onnx_builder *b, const char *node, const char *op) {
    zkm_error err = {0};
    model *m = open_built(b, &err, ZKM_OK);
    assert_int_equal(model_check_supported(&err, m), ZKM_ERR_UNSUPPORTED);
    assert_true(model_get_info(m)->num_unsupported >= 1);
    assert_string_equal(model_get_info(m)->unsupported[0].node, node);
    assert_string_equal(model_get_info(m)->unsupported[0].op, op);
    assert_non_null(strstr(err.message, node));
    assert_non_null(strstr(err.message, op));
    assert_true(strlen(model_get_info(m)->unsupported[0].hint) > 10);
    model_free(m);
}

static uint32_t lcg = 12345;
static double uniform(double low, double high) {
    lcg = lcg * 1664525u + 1013904223u;
    return low + (high - low) * (double)(lcg >> 8) / 16777216.0;
}

enum { ROWS = 200, FRAC = 12 };

/* Integer predictions of a quantised model within `tolerance` of the float ones. */
static void check_integers(const model *m, double *rows, uint32_t width, double tolerance) {
    zkm_error err = {0};
    program p = {0};
    program_weights w = {0};
    int32_t frac[64];
    int16_t features[64], out[256];
    int64_t z[256];
    double expected[64];
    model_quantise_options options = {.bits = 16, .headroom = 1.25, .capacity = 1024};
    for (uint32_t k = 0; k < width; k++)
        frac[k] = FRAC;
    if (model_quantise_new(&err, &p, &w, NULL, m, frac, rows, ROWS, &options) != ZKM_OK)
        fail_msg("%s", err.message);
    size_t length = program_trace_length(&p);
    const program_layer *last = &p.layers[p.num_layers - 1];
    assert_true(length <= 256);
    program_trace trace = {z, out};
    for (int i = 0; i < ROWS; i++) {
        const double *row = rows + (size_t)i * width;
        for (uint32_t k = 0; k < width; k++)
            features[k] = (int16_t)(row[k] * (1 << FRAC));
        if (program_run(&err, &trace, &p, &w, features) != ZKM_OK)
            fail_msg("%s", err.message);
        assert_int_equal(model_predict(&err, m, row, expected), ZKM_OK);
        for (uint32_t j = 0; j < last->width; j++) {
            double got = ldexp(out[length - last->width + j], -last->out_frac);
            if (fabs(got - expected[j]) > tolerance)
                fail_msg("integer prediction %g, float %g", got, expected[j]);
        }
    }
    program_weights_clear(&w);
    program_clear(&p);
}

typedef double (*point_function)(double);

/* The model computes f(h) in one layer with one table. */
static void expect_point_range(onnx_builder *b, point_function f, double range, double tolerance) {
    model *m = open_supported(b);
    double rows[ROWS * 3], out[2];
    assert_int_equal(model_get_info(m)->num_layers, 1);
    for (int i = 0; i < ROWS * 3; i++)
        rows[i] = floor(uniform(-range, range) * 4096) / 4096;
    for (int i = 0; i < ROWS; i++) {
        assert_int_equal(model_predict(NULL, m, rows + 3 * i, out), ZKM_OK);
        for (int j = 0; j < 2; j++) {
            double expected = f(gemm(rows + 3 * i, j));
            if (!(fabs(out[j] - expected) <= 2e-6 * (1 + fabs(expected))))
                fail_msg("f(%g) = %g, not %g", gemm(rows + 3 * i, j), expected, out[j]);
        }
    }
    if (tolerance > 0)
        check_integers(m, rows, 3, tolerance);
    model_free(m);
}

static void expect_point(onnx_builder *b, point_function f) { expect_point_range(b, f, 2, 0.004); }

static double f_relu(double x) { return x > 0 ? x : 0; }
static double f_leaky(double x) { return x > 0 ? x : 0.125 * x; }
static double f_leaky_default(double x) { return x > 0 ? x : (double)0.01f * x; }
static double f_clip(double x) { return x < -0.5 ? -0.5 : x > 1 ? 1 : x; }
static double f_relu6(double x) { return x < 0 ? 0 : x > 6 ? 6 : x; }
static double f_sigmoid(double x) { return 1 / (1 + exp(-x)); }
static double f_elu(double x) { return x > 0 ? x : exp(x) - 1; }
static double f_elu2(double x) { return x > 0 ? x : 0.5 * (exp(x) - 1); }
static double f_selu(double x) {
    return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (exp(x) - 1));
}
static double f_celu(double x) { return x > 0 ? x : 2 * (exp(x / 2) - 1); }
static double f_gelu(double x) { return 0.5 * x * (1 + erf(x / sqrt(2))); }
static double f_gelu_tanh(double x) {
    return 0.5 * x * (1 + tanh(sqrt(2 / 3.141592653589793) * (x + 0.044715 * x * x * x)));
}
static double f_hard_sigmoid(double x) { return fmax(0, fmin(1, 0.2 * x + 0.5)); }
static double f_hard_swish(double x) { return x * fmax(0, fmin(1, x / 6 + 0.5)); }
static double f_mish(double x) { return x * tanh(log1p(exp(x))); }
static double f_silu(double x) { return x / (1 + exp(-x)); }
static double f_softplus(double x) { return log1p(exp(x)); }
static double f_softsign(double x) { return x / (1 + fabs(x)); }
static double f_thresholded(double x) { return x > 0.5 ? x : 0; }
static double f_square(double x) { return x * x; }
static double f_cube(double x) { return x * x * x; }
static double f_two_power(double x) { return pow(2, x); }
static double f_log(double x) { return log(x * x + 1); }
static double f_sqrt(double x) { return sqrt(x > 0 ? x : 0); }
static double f_reciprocal(double x) { return 1 / (2 + x * x); }
static double f_sign(double x) { return (x > 0) - (x < 0); }
static double f_sinh(double x) { return sinh(x); }
static double f_step(double x) { return x > 0.25 && !(x >= 1.5) ? 1 : 0; }
static double f_sum(double x) { return x + tanh(x) + 2; }
static double f_mean(double x) { return (x + tanh(x)) / 2; }
static double f_quick_gelu(double x) { return x / (1 + exp(-1.702 * x)); }

static double f_neg(double x) { return -x; }
static double f_cosh(double x) { return cosh(x); }
static double f_tan(double x) { return tan(x / 4); }

static void single(const char *op, point_function f, double tolerance) {
    onnx_builder *b = with_gemm(20);
    builder_node(b, op, "h", "y");
    expect_point_range(b, f, 2, tolerance);
}

static void point__plain_operators(void **state) {
    (void)state;
    single("Relu", f_relu, 0.004);
    single("Sigmoid", f_sigmoid, 0.004);
    single("Tanh", tanh, 0.004);
    single("Softplus", f_softplus, 0.004);
    single("Softsign", f_softsign, 0.004);
    single("Erf", erf, 0.004);
    single("Exp", exp, 0.3); /* up to e^5.5 */
    single("Neg", f_neg, 0.004);
    single("Abs", fabs, 0.004);
    single("Sign", f_sign, 0); /* jumps: integers and floats may stand on different sides */
    single("Floor", floor, 0);
    single("Ceil", ceil, 0);
    single("Round", nearbyint, 0);
    single("Sin", sin, 0.004);
    single("Cos", cos, 0.004);
    single("Atan", atan, 0.004);
    single("Sinh", f_sinh, 0.3);
    single("Cosh", f_cosh, 0.3);
}

static void point__operators_with_attributes(void **state) {
    (void)state;
    struct {
        const char *op, *attribute;
        float value;
        point_function f;
    } cases[] = {{"LeakyRelu", "alpha", 0.125f, f_leaky},
                 {"LeakyRelu", NULL, 0, f_leaky_default},
                 {"Elu", NULL, 0, f_elu},
                 {"Elu", "alpha", 0.5f, f_elu2},
                 {"Selu", NULL, 0, f_selu},
                 {"Celu", "alpha", 2, f_celu},
                 {"HardSigmoid", NULL, 0, f_hard_sigmoid},
                 {"HardSwish", NULL, 0, f_hard_swish},
                 {"Mish", NULL, 0, f_mish},
                 {"Swish", NULL, 0, f_silu},
                 {"Swish", "alpha", 1.702f, f_quick_gelu},
                 {"ThresholdedRelu", "alpha", 0.5f, f_thresholded},
                 {"Gelu", NULL, 0, f_gelu}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        onnx_builder *b = with_gemm(24);
        Onnx__NodeProto *n = builder_node(b, cases[i].op, "h", "y");
        if (cases[i].attribute)
            attribute_f(b, n, cases[i].attribute, cases[i].value);
        expect_point_range(b, cases[i].f, 2, cases[i].f == f_thresholded ? 0 : 0.004);
    }
    onnx_builder *b = with_gemm(20);
    attribute_text(b, builder_node(b, "Gelu", "h", "y"), "approximate", "tanh");
    expect_point(b, f_gelu_tanh);
}

static void point__clip_in_every_opset(void **state) {
    (void)state;
    onnx_builder *b = with_gemm(10);
    Onnx__NodeProto *n = builder_node(b, "Clip", "h", "y");
    attribute_f(b, n, "min", -0.5f);
    attribute_f(b, n, "max", 1);
    expect_point(b, f_clip);
    b = with_gemm(13);
    builder_scalar(b, "low", -0.5f);
    builder_constant(b, "high", 1);
    builder_node(b, "Clip", "h low high", "y");
    expect_point(b, f_clip);
    b = with_gemm(13);
    builder_constant(b, "six", 6);
    builder_constant(b, "zero", 0);
    builder_node(b, "Min", "h six", "a");
    builder_node(b, "Max", "zero a", "y");
    expect_point(b, f_relu6);
    b = with_gemm(13);
    builder_scalar(b, "zero", 0);
    builder_scalar(b, "infinity", INFINITY);
    builder_node(b, "Clip", "h zero infinity", "y");
    expect_point(b, f_relu);
    b = with_gemm(13);
    builder_scalar(b, "high", 1);
    builder_scalar(b, "low", -0.5f);
    builder_node(b, "Clip", "h - high", "a");
    builder_node(b, "Clip", "a low", "y");
    expect_point(b, f_clip);
}

static void point__gelu_spelled_out(void **state) {
    (void)state;
    onnx_builder *b = with_gemm(17); /* as the old exporter writes it */
    builder_constant(b, "root", 1.41421354f);
    builder_constant(b, "one", 1);
    builder_constant(b, "half", 0.5f);
    builder_node(b, "Div", "h root", "a");
    builder_node(b, "Erf", "a", "e");
    builder_node(b, "Add", "e one", "s");
    builder_node(b, "Mul", "h s", "p");
    builder_node(b, "Mul", "p half", "y");
    expect_point(b, f_gelu);
}

static void point__activations_spelled_out(void **state) {
    (void)state;
    onnx_builder *b = with_gemm(17);
    builder_node(b, "Sigmoid", "h", "s");
    builder_node(b, "Mul", "h s", "y");
    expect_point(b, f_silu);
    b = with_gemm(17);
    builder_node(b, "Softplus", "h", "s");
    builder_node(b, "Tanh", "s", "t");
    builder_node(b, "Mul", "t h", "y");
    expect_point(b, f_mish);
    b = with_gemm(17); /* 1 / (1 + exp(-h)) */
    builder_scalar(b, "one", 1);
    builder_node(b, "Neg", "h", "n");
    builder_node(b, "Exp", "n", "e");
    builder_node(b, "Add", "one e", "d");
    builder_node(b, "Reciprocal", "d", "y");
    expect_point(b, f_sigmoid);
    b = with_gemm(17); /* where(h > 0, h, h * 0.125) */
    builder_scalar(b, "zero", 0);
    builder_scalar(b, "slope", 0.125f);
    builder_node(b, "Greater", "h zero", "c");
    builder_node(b, "Mul", "slope h", "m");
    builder_node(b, "Where", "c h m", "y");
    expect_point(b, f_leaky);
    b = with_gemm(17); /* a step from comparisons and logic */
    builder_scalar(b, "low", 0.25f);
    builder_scalar(b, "high", 1.5f);
    builder_node(b, "Less", "low h", "c");
    builder_node(b, "GreaterOrEqual", "h high", "d");
    builder_node(b, "Not", "d", "e");
    builder_node(b, "And", "c e", "f");
    attribute_i(b, builder_node(b, "Cast", "f", "y"), "to", 1);
    expect_point_range(b, f_step, 2, 0);
}

static void point__powers_logs_and_sums(void **state) {
    (void)state;
    onnx_builder *b = with_gemm(17);
    builder_node(b, "Mul", "h h", "y");
    expect_point_range(b, f_square, 2, 0.1);
    b = with_gemm(17);
    builder_scalar(b, "three", 3);
    builder_node(b, "Pow", "h three", "y");
    expect_point_range(b, f_cube, 2, 0.3);
    b = with_gemm(17);
    builder_scalar(b, "two", 2);
    builder_node(b, "Pow", "two h", "y");
    expect_point_range(b, f_two_power, 2, 0.1);
    b = with_gemm(17);
    builder_scalar(b, "one", 1);
    builder_node(b, "Mul", "h h", "q");
    builder_node(b, "Add", "q one", "s");
    builder_node(b, "Log", "s", "y");
    expect_point(b, f_log);
    b = with_gemm(17);
    builder_scalar(b, "two", 2);
    builder_node(b, "Mul", "h h", "q");
    builder_node(b, "Sum", "q two", "s");
    builder_node(b, "Reciprocal", "s", "y");
    expect_point(b, f_reciprocal);
    b = with_gemm(17);
    builder_node(b, "Relu", "h", "r");
    builder_node(b, "Sqrt", "r", "y");
    expect_point_range(b, f_sqrt, 2, 0);
    b = with_gemm(17);
    builder_scalar(b, "two", 2);
    builder_node(b, "Tanh", "h", "t");
    builder_node(b, "Sum", "h t two", "y");
    expect_point(b, f_sum);
    b = with_gemm(17);
    builder_node(b, "Tanh", "h", "t");
    builder_node(b, "Mean", "h t", "y");
    expect_point(b, f_mean);
    b = with_gemm(17);
    builder_scalar(b, "four", 4);
    builder_node(b, "Div", "h four", "q");
    builder_node(b, "Tan", "q", "y");
    expect_point_range(b, f_tan, 1, 0.01);
}

static void point__prelu_with_one_slope(void **state) {
    (void)state;
    int64_t one = 1, two = 2;
    float slope[2] = {0.125f, 0.125f};
    onnx_builder *b = with_gemm(17);
    builder_floats(b, "slope", 1, &one, slope);
    builder_node(b, "PRelu", "h slope", "y");
    expect_point(b, f_leaky);
    b = with_gemm(17);
    builder_floats(b, "slope", 1, &two, slope);
    builder_node(b, "PRelu", "h slope", "y");
    expect_point(b, f_leaky);
    b = with_gemm(17);
    slope[1] = 0.25f;
    builder_floats(b, "slope", 1, &two, slope);
    builder_node(b, "PRelu", "h slope", "y");
    expect_unsupported(b, "y", "PRelu");
}

/* ---- affine steps ---- */

/* The model has `layers` layers, and its predictions are expected(x, j). */
typedef double (*row_function)(const double *x, int j);
static void expect_rows(onnx_builder *b, row_function expected, uint32_t layers, uint32_t outputs) {
    model *m = open_supported(b);
    double rows[ROWS * 3], out[8];
    if (model_get_info(m)->num_layers != layers)
        fail_msg("%u layers", model_get_info(m)->num_layers);
    assert_int_equal(model_get_info(m)->num_outputs_per_sample, outputs);
    for (int i = 0; i < ROWS * 3; i++)
        rows[i] = floor(uniform(-2, 2) * 4096) / 4096;
    for (int i = 0; i < ROWS; i++) {
        assert_int_equal(model_predict(NULL, m, rows + 3 * i, out), ZKM_OK);
        for (uint32_t j = 0; j < outputs; j++)
            if (!(fabs(out[j] - expected(rows + 3 * i, (int)j)) < 1e-5))
                fail_msg("output %u: %g, not %g", j, out[j], expected(rows + 3 * i, (int)j));
    }
    check_integers(m, rows, 3, 0.01);
    model_free(m);
}

static double e_standardised(const double *x, int j) {
    static const double mean[3] = {0.5, -1, 0.25}, deviation[3] = {2, 0.5, 4};
    double z[3];
    for (int k = 0; k < 3; k++)
        z[k] = (x[k] - mean[k]) / deviation[k];
    return f_relu(gemm(z, j));
}

static void affine__before_a_product_folds_into_its_rows(void **state) {
    (void)state;
    int64_t three = 3, row[2] = {1, 3};
    const float mean[3] = {0.5f, -1, 0.25f}, deviation[3] = {2, 0.5f, 4},
                scale[3] = {0.5f, 2, 0.25f};
    int64_t matrix[2] = {3, 2}, two = 2;
    for (int spelling = 0; spelling < 2; spelling++) {
        onnx_builder *b = builder_new(17);
        builder_input(b, "x", 2, rows_of);
        builder_floats(b, "W", 2, matrix, weights);
        builder_floats(b, "b", 1, &two, bias);
        builder_floats(b, "mean", 2, row, mean);
        builder_floats(b, "deviation", 1, &three, deviation);
        if (spelling == 0) {
            builder_node(b, "Sub", "x mean", "c");
            builder_node(b, "Div", "c deviation", "s");
        } else {
            builder_opset(b, "ai.onnx.ml", 3);
            Onnx__NodeProto *n = builder_node(b, "Scaler", "x", "s");
            n->domain = built_text(b, "ai.onnx.ml");
            attribute_floats(b, n, "offset", 3, mean);
            attribute_floats(b, n, "scale", 3, scale);
        }
        builder_node(b, "Gemm", "s W b", "h");
        builder_node(b, "Relu", "h", "y");
        expect_rows(b, e_standardised, 1, 2);
    }
}

static double e_normalised(const double *x, int j) {
    static const double g[2] = {1.5, -0.5}, c[2] = {0.25, 1}, mean[2] = {0.5, -0.25},
                        var[2] = {4, 0.25};
    return f_relu((gemm(x, j) - mean[j]) / sqrt(var[j] + 1e-5) * g[j] + c[j]);
}

static void affine__batch_normalization_folds_into_the_columns(void **state) {
    (void)state;
    int64_t two = 2;
    const float g[2] = {1.5f, -0.5f}, c[2] = {0.25f, 1}, mean[2] = {0.5f, -0.25f},
                var[2] = {4, 0.25f};
    onnx_builder *b = with_gemm(15);
    builder_floats(b, "g", 1, &two, g);
    builder_floats(b, "c", 1, &two, c);
    builder_floats(b, "mean", 1, &two, mean);
    builder_floats(b, "var", 1, &two, var);
    builder_node(b, "BatchNormalization", "h g c mean var", "n");
    builder_node(b, "Relu", "n", "y");
    expect_rows(b, e_normalised, 1, 2);
}

static double e_scaled_relu(const double *x, int j) { return 3 * f_relu(gemm(x, j)) - 1; }
static double e_head(const double *x, int j) {
    return e_scaled_relu(x, 0) * (double)weights[j] + e_scaled_relu(x, 1) * (double)weights[2 + j];
}

static void affine__after_an_activation_folds_into_the_next_product(void **state) {
    (void)state;
    int64_t square[2] = {2, 2};
    onnx_builder *b = with_gemm(15);
    builder_scalar(b, "three", 3);
    builder_scalar(b, "one", 1);
    builder_floats(b, "V", 2, square, weights);
    builder_node(b, "Relu", "h", "r");
    builder_node(b, "Mul", "three r", "m");
    builder_node(b, "Sub", "m one", "s");
    builder_node(b, "MatMul", "s V", "y");
    expect_rows(b, e_head, 2, 2);
}

static double e_diagonal(const double *x, int j) {
    static const double scale[2] = {2, -3};
    return scale[j] * tanh(gemm(x, j));
}

static void affine__without_a_product_becomes_a_diagonal_layer(void **state) {
    (void)state;
    int64_t two = 2;
    const float scale[2] = {2, -3};
    onnx_builder *b = with_gemm(15);
    builder_floats(b, "scale", 1, &two, scale);
    builder_node(b, "Tanh", "h", "t");
    builder_node(b, "Mul", "t scale", "y");
    expect_rows(b, e_diagonal, 2, 2);
}

static double e_two_products(const double *x, int j) {
    return gemm(x, 0) * (double)weights[j] + gemm(x, 1) * (double)weights[2 + j];
}

static void affine__two_products_stay_two_layers(void **state) {
    (void)state;
    int64_t square[2] = {2, 2};
    onnx_builder *b = with_gemm(15);
    builder_floats(b, "V", 2, square, weights);
    builder_node(b, "MatMul", "h V", "y");
    expect_rows(b, e_two_products, 2, 2);
}

static double e_residual(const double *x, int j) {
    double r[2] = {f_relu(gemm(x, 0)), f_relu(gemm(x, 1))};
    return f_relu(r[j] + r[0] * (double)weights[j] + r[1] * (double)weights[2 + j]);
}

static void residual__add_of_an_activation_is_a_shift_term(void **state) {
    (void)state;
    int64_t square[2] = {2, 2};
    onnx_builder *b = with_gemm(15);
    builder_floats(b, "V", 2, square, weights);
    builder_node(b, "Relu", "h", "r");
    builder_node(b, "MatMul", "r V", "p");
    builder_node(b, "Add", "p r", "s");
    builder_node(b, "Relu", "s", "y");
    expect_rows(b, e_residual, 2, 2);
}

static double e_feature_residual(const double *x, int j) { return x[j] - 0.5 * tanh(x[j]); }

static void residual__of_features(void **state) {
    (void)state;
    onnx_builder *b = builder_new(15);
    builder_input(b, "x", 2, rows_of);
    builder_scalar(b, "half", 0.5f);
    builder_node(b, "Tanh", "x", "t");
    builder_node(b, "Mul", "half t", "m");
    builder_node(b, "Sub", "x m", "y");
    expect_rows(b, e_feature_residual, 1, 3);
}

static double e_pre_activation(const double *x, int j) {
    double h[2] = {gemm(x, 0), gemm(x, 1)}, r[2] = {f_relu(h[0]), f_relu(h[1])};
    return h[j] - (r[0] * (double)weights[j] + r[1] * (double)weights[2 + j]);
}

static void residual__around_an_activation_keeps_the_sum_as_a_layer(void **state) {
    (void)state;
    int64_t square[2] = {2, 2};
    onnx_builder *b = with_gemm(15);
    builder_floats(b, "V", 2, square, weights);
    builder_node(b, "Relu", "h", "r");
    builder_node(b, "MatMul", "r V", "p");
    builder_node(b, "Sub", "h p", "y");
    expect_rows(b, e_pre_activation, 3, 2);
}

static double e_concat(const double *x, int j) { return j < 2 ? tanh(gemm(x, j)) : x[j - 2]; }

static void concat__of_an_activation_and_features(void **state) {
    (void)state;
    onnx_builder *b = with_gemm(15);
    builder_node(b, "Tanh", "h", "t");
    attribute_i(b, builder_node(b, "Concat", "t x", "y"), "axis", 1);
    expect_rows(b, e_concat, 2, 5);
}

static double e_concat_head(const double *x, int j) {
    return tanh(gemm(x, 0)) * (double)weights[j] + f_relu(gemm(x, 1)) * 0 +
           x[0] * (double)weights[2 + j] + x[1] * (double)weights[4 + j];
}

static void concat__before_a_product_is_terms_of_it(void **state) {
    (void)state;
    int64_t matrix[2] = {5, 2};
    float v[10] = {0};
    for (int k = 0; k < 2; k++)
        v[k] = weights[k], v[4 + k] = weights[2 + k], v[6 + k] = weights[4 + k];
    onnx_builder *b = with_gemm(15);
    builder_floats(b, "V", 2, matrix, v);
    builder_node(b, "Tanh", "h", "t");
    attribute_i(b, builder_node(b, "Concat", "t x", "c"), "axis", -1);
    builder_node(b, "MatMul", "c V", "y");
    expect_rows(b, e_concat_head, 2, 2);
}

/* ---- shapes and constants ---- */

static double e_gemm(const double *x, int j) { return gemm(x, j); }

static void shapes__that_keep_a_sample_in_order_cost_nothing(void **state) {
    (void)state;
    int64_t matrix[2] = {2, 3}, two = 2, last[1] = {-1}, keep[3] = {0, 1, -1}, flat[2] = {-1, 3};
    float transposed[6];
    for (int k = 0; k < 6; k++)
        transposed[(k % 2) * 3 + k / 2] = weights[k];
    onnx_builder *b = builder_new(18);
    builder_input(b, "x", 2, rows_of);
    builder_floats(b, "WT", 2, matrix, transposed);
    builder_floats(b, "b", 1, &two, bias);
    builder_ints(b, "last", 1, last);
    builder_ints(b, "keep", 3, keep);
    builder_ints(b, "flat", 2, flat);
    builder_node(b, "Identity", "x", "x1");
    builder_node(b, "Dropout", "x1", "x2");
    builder_node(b, "Unsqueeze", "x2 last", "x3");
    attribute_i(b, builder_node(b, "Flatten", "x3", "x4"), "axis", 1);
    builder_node(b, "Reshape", "x4 keep", "x5");
    attribute_i(b, builder_node(b, "Cast", "x5", "x6"), "to", 11);
    builder_node(b, "Reshape", "x6 flat", "x7");
    builder_node(b, "Transpose", "WT", "W");
    builder_node(b, "MatMul", "x7 W", "p");
    builder_node(b, "Add", "b p", "y");
    expect_rows(b, e_gemm, 1, 2);
}

static void shapes__from_the_batch_size_as_the_old_exporter_writes_them(void **state) {
    (void)state;
    int64_t zero[1] = {0}, rest[1] = {-1};
    onnx_builder *b = with_gemm(13);
    builder_ints(b, "zero", 1, zero);
    builder_ints(b, "rest", 1, rest);
    builder_node(b, "Shape", "h", "s");
    builder_node(b, "Gather", "s zero", "n");
    attribute_i(b, builder_node(b, "Concat", "n rest", "t"), "axis", 0);
    builder_node(b, "Reshape", "h t", "u");
    builder_node(b, "Unsqueeze", "u rest", "v"); /* and v[:, :, 0] */
    attribute_i(b, builder_node(b, "Gather", "v zero", "w"), "axis", 2);
    builder_node(b, "Squeeze", "w rest", "y");
    expect_rows(b, e_gemm, 1, 2);
}

static void shapes__may_end_in_one_column_of_all_predictions(void **state) {
    (void)state;
    int64_t column[2] = {-1, 1};
    onnx_builder *b = with_gemm(13);
    builder_ints(b, "column", 2, column);
    builder_node(b, "Reshape", "h column", "y");
    expect_rows(b, e_gemm, 1, 2);
}

static void shapes__that_mix_samples_are_refused(void **state) {
    (void)state;
    int64_t flat[1] = {-1}, axes[2] = {1, 0};
    onnx_builder *b = with_gemm(13);
    builder_ints(b, "flat", 1, flat);
    builder_node(b, "Reshape", "h flat", "f");
    builder_node(b, "Relu", "f", "y");
    expect_unsupported(b, "y", "Relu");
    b = with_gemm(13);
    attribute_i(b, builder_node(b, "Flatten", "h", "y"), "axis", 0);
    expect_unsupported(b, "y", "Flatten");
    b = with_gemm(13);
    attribute_i(b, builder_node(b, "Concat", "h h", "y"), "axis", 0);
    expect_unsupported(b, "y", "Concat");
    b = with_gemm(13); /* [B, 2] + [2, 1] spreads over the batch */
    int64_t column[2] = {2, 1};
    builder_floats(b, "c", 2, column, bias);
    builder_node(b, "Add", "h c", "y");
    expect_unsupported(b, "y", "Add");
    b = with_gemm(13); /* transposing puts the batch last: a product over it is no row's */
    int64_t matrix[2] = {2, 2};
    builder_floats(b, "V", 2, matrix, weights);
    attribute_ints(b, builder_node(b, "Transpose", "h", "t"), "perm", 2, axes);
    builder_node(b, "MatMul", "t V", "y");
    expect_unsupported(b, "y", "MatMul");
}

static void constants__fold(void **state) {
    (void)state;
    int64_t matrix[2] = {3, 2}, two = 2;
    float doubled[6], negative[2] = {-0.125f, 0.25f};
    for (int k = 0; k < 6; k++)
        doubled[k] = 2 * weights[k];
    onnx_builder *b = builder_new(13);
    builder_input(b, "x", 2, rows_of);
    builder_floats(b, "W2", 2, matrix, doubled);
    builder_floats(b, "bn", 1, &two, negative);
    builder_constant(b, "four", 4);
    builder_node(b, "Sqrt", "four", "root");
    builder_node(b, "Div", "W2 root", "W");
    builder_node(b, "Neg", "bn", "b");
    builder_node(b, "Gemm", "x W b", "y");
    expect_rows(b, e_gemm, 1, 2);
}

static double e_alpha_beta(const double *x, int j) {
    return 2 * (gemm(x, j) - (double)bias[j]) - 3 * (double)bias[j];
}

static void gemm__alpha_beta_and_transposed_weights(void **state) {
    (void)state;
    int64_t matrix[2] = {2, 3}, row[2] = {1, 2};
    float transposed[6];
    for (int k = 0; k < 6; k++)
        transposed[(k % 2) * 3 + k / 2] = weights[k];
    onnx_builder *b = builder_new(13);
    builder_input(b, "x", 2, rows_of);
    builder_floats(b, "WT", 2, matrix, transposed);
    builder_floats(b, "b", 2, row, bias);
    Onnx__NodeProto *n = builder_node(b, "Gemm", "x WT b", "y");
    attribute_i(b, n, "transB", 1);
    attribute_f(b, n, "alpha", 2);
    attribute_f(b, n, "beta", -3);
    expect_rows(b, e_alpha_beta, 1, 2);
}

static void linear_regressor__with_two_targets(void **state) {
    (void)state;
    float coefficients[6];
    for (int k = 0; k < 6; k++)
        coefficients[(k % 2) * 3 + k / 2] = weights[k];
    onnx_builder *b = builder_new(13);
    builder_opset(b, "ai.onnx.ml", 1);
    builder_opset(b, "ai.onnx", 13); /* the default domain a second time */
    builder_input(b, "x", 2, rows_of);
    Onnx__NodeProto *n = builder_node(b, "LinearRegressor", "x", "y");
    n->domain = built_text(b, "ai.onnx.ml");
    attribute_floats(b, n, "coefficients", 6, coefficients);
    attribute_floats(b, n, "intercepts", 2, bias);
    attribute_i(b, n, "targets", 2);
    attribute_text(b, n, "post_transform", "NONE");
    expect_rows(b, e_gemm, 1, 2);
}

static void unsupported__is_named_with_a_hint(void **state) {
    (void)state;
    onnx_builder *b = with_gemm(13);
    builder_node(b, "Softmax", "h", "y");
    expect_unsupported(b, "y", "Softmax");
    b = with_gemm(13); /* two different activations multiplied */
    builder_node(b, "Gemm", "x W b", "g");
    builder_node(b, "Mul", "h g", "y");
    expect_unsupported(b, "y", "Mul");
    b = with_gemm(13);
    builder_node(b, "Gemm", "x W b", "g");
    builder_node(b, "MatMul", "h g", "y");
    expect_unsupported(b, "y", "MatMul");
    b = with_gemm(13);
    builder_node(b, "Fancy", "h", "y")->domain = built_text(b, "com.example");
    expect_unsupported(b, "y", "com.example::Fancy");
    b = with_gemm(14);
    int64_t two = 2;
    builder_floats(b, "g", 1, &two, bias);
    attribute_i(b, builder_node(b, "BatchNormalization", "h g g g g", "y"), "training_mode", 1);
    expect_unsupported(b, "y", "BatchNormalization");
}

static void unsupported__lists_every_node_and_not_those_behind(void **state) {
    (void)state;
    zkm_error err = {0};
    onnx_builder *b = with_gemm(13);
    builder_node(b, "Softmax", "h", "s");
    builder_node(b, "Relu", "s", "r");
    builder_node(b, "Mul", "r h", "q");
    builder_node(b, "LSTM", "q", "l");
    builder_node(b, "Softmax", "l", "y");
    builder_node(b, "Conv", "h", "unused");
    model *m = open_built(b, &err, ZKM_OK);
    const model_info *info = model_get_info(m);
    assert_int_equal(info->num_unsupported, 3);
    assert_string_equal(info->unsupported[0].node, "s");
    assert_string_equal(info->unsupported[1].op, "LSTM");
    assert_string_equal(info->unsupported[2].node, "y");
    model_free(m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(point__plain_operators),
        cmocka_unit_test(point__operators_with_attributes),
        cmocka_unit_test(point__clip_in_every_opset),
        cmocka_unit_test(point__gelu_spelled_out),
        cmocka_unit_test(point__activations_spelled_out),
        cmocka_unit_test(point__powers_logs_and_sums),
        cmocka_unit_test(point__prelu_with_one_slope),
        cmocka_unit_test(affine__before_a_product_folds_into_its_rows),
        cmocka_unit_test(affine__batch_normalization_folds_into_the_columns),
        cmocka_unit_test(affine__after_an_activation_folds_into_the_next_product),
        cmocka_unit_test(affine__without_a_product_becomes_a_diagonal_layer),
        cmocka_unit_test(affine__two_products_stay_two_layers),
        cmocka_unit_test(residual__add_of_an_activation_is_a_shift_term),
        cmocka_unit_test(residual__of_features),
        cmocka_unit_test(residual__around_an_activation_keeps_the_sum_as_a_layer),
        cmocka_unit_test(concat__of_an_activation_and_features),
        cmocka_unit_test(concat__before_a_product_is_terms_of_it),
        cmocka_unit_test(shapes__that_keep_a_sample_in_order_cost_nothing),
        cmocka_unit_test(shapes__from_the_batch_size_as_the_old_exporter_writes_them),
        cmocka_unit_test(shapes__may_end_in_one_column_of_all_predictions),
        cmocka_unit_test(shapes__that_mix_samples_are_refused),
        cmocka_unit_test(constants__fold),
        cmocka_unit_test(gemm__alpha_beta_and_transposed_weights),
        cmocka_unit_test(linear_regressor__with_two_targets),
        cmocka_unit_test(unsupported__is_named_with_a_hint),
        cmocka_unit_test(unsupported__lists_every_node_and_not_those_behind)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
