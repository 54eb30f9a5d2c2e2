/* Quantisation of real exports: precision, canonical programs, later weights, and what is
 * refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exports.h"
#include "onnx_builder.h"

typedef struct {
    program p;
    program_weights w;
    model_report report;
} quantised;

static void quantised_clear(quantised *q) {
    program_clear(&q->p);
    program_weights_clear(&q->w);
    model_report_clear(&q->report);
}

static quantised quantise(const model *m, const export_rows *r, uint32_t bits, double headroom,
                          uint32_t capacity) {
    quantised q = {0};
    zkm_error err = {0};
    model_quantise_options o = {bits, headroom, capacity};
    if (model_quantise_new(&err, &q.p, &q.w, &q.report, m, r->frac, r->features, EXPORT_ROWS, &o))
        fail_msg("%s", err.message);
    assert_int_equal(program_check(&err, &q.p), ZKM_OK);
    return q;
}

static quantised quantise_export(const char *name, uint32_t bits, double headroom,
                                 uint32_t capacity) {
    model *m = export_open(name);
    export_rows r = export_rows_read(name, 25);
    quantised q = quantise(m, &r, bits, headroom, capacity);
    export_rows_free(&r);
    model_free(m);
    return q;
}

/* The largest error of the integer predictions against onnxruntime's. */
static double worst_error(const quantised *q, const export_rows *r) {
    size_t n = program_trace_length(&q->p);
    int64_t *z = malloc(n * sizeof *z);
    int16_t *out = malloc(n * sizeof *out), features[25];
    program_trace trace = {z, out};
    zkm_error err = {0};
    double worst = 0;
    assert_true(z && out);
    for (uint32_t i = 0; i < EXPORT_ROWS; i++) {
        export_quantise_row(features, r, i);
        if (program_run(&err, &trace, &q->p, &q->w, features) != ZKM_OK)
            fail_msg("%s", err.message);
        double got = ldexp(out[n - 1], -q->p.layers[q->p.num_layers - 1].out_frac);
        worst = fmax(worst, fabs(got - r->outputs[i]));
    }
    free(z);
    free(out);
    return worst;
}

static void model_quantise_new__predicts_as_onnxruntime_does(void **state) {
    (void)state;
    for (int i = 0; i < NUM_NOW; i++) {
        model *m = export_open(exports_now[i]);
        export_rows r = export_rows_read(exports_now[i], 25);
        quantised q = quantise(m, &r, 16, 2, 16);
        double worst = worst_error(&q, &r);
        if (worst > 0.003)
            fail_msg("%s: %g at headroom 2", exports_now[i], worst);
        quantised_clear(&q);
        export_rows_free(&r);
        model_free(m);
    }
}

static void model_quantise_new__works_at_8_bits_and_with_headroom_8(void **state) {
    (void)state;
    const char *name = "torch_old_mlp_op17_dyn";
    model *m = export_open(name);
    export_rows r = export_rows_read(name, 25);
    quantised q = quantise(m, &r, 8, 1, 1024);
    assert_true(worst_error(&q, &r) < 0.02);
    quantised_clear(&q);
    q = quantise(m, &r, 16, 8, 1024);
    assert_true(worst_error(&q, &r) < 0.002);
    for (uint32_t l = 0; l < q.report.num_layers; l++)
        assert_true(q.report.layers[l].headroom_left >= 8);
    quantised_clear(&q);
    export_rows_free(&r);
    model_free(m);
}

/* Exporters that fold BatchNormalization do so in single precision: weights may differ by one
 * then. */
static void expect_same_program(const char *a, const char *b, const char *rows, bool same_weights) {
    model *m = export_open(a), *n = export_open(b);
    export_rows r = export_rows_read(rows, 25);
    quantised q = quantise(m, &r, 16, 2, 64), s = quantise(n, &r, 16, 2, 64);
    uint8_t x[32], y[32];
    program_digest(x, &q.p);
    program_digest(y, &s.p);
    if (memcmp(x, y, 32) != 0)
        fail_msg("%s and %s give different programs", a, b);
    assert_int_equal(q.p.num_weights, s.p.num_weights);
    for (size_t i = 0; i < q.p.num_weights; i++)
        assert_true(abs(q.w.weights[i] - s.w.weights[i]) <= !same_weights);
    quantised_clear(&q);
    quantised_clear(&s);
    export_rows_free(&r);
    model_free(m);
    model_free(n);
}

static void model_quantise_new__gives_one_program_for_every_spelling(void **state) {
    (void)state;
    expect_same_program("torch_old_mlp_op17_dyn", "torch_old_mlp_op11_dyn",
                        "torch_old_mlp_op17_dyn", true);
    expect_same_program("torch_old_mlp_op17_dyn", "torch_old_mlp_initinputs",
                        "torch_old_mlp_op17_dyn", true);
    expect_same_program("torch_old_mlp_op17_dyn", "torch_new_mlp_defaults",
                        "torch_old_mlp_op17_dyn", true);
    expect_same_program("torch_new_act_gelu", "ort_optimised_basic", "torch_new_act_gelu", true);
    expect_same_program("torch_new_mlp_bn_defaults", "torch_old_mlp_bn_op17_dyn",
                        "torch_new_mlp_bn_defaults", false);
}

static void model_quantise_new__chooses_the_cheap_tables(void **state) {
    (void)state;
    quantised q = quantise_export("torch_old_mlp_op17_dyn", 16, 2, 1024);
    for (uint32_t l = 0; l < 3; l++)
        assert_int_equal(q.p.tables[q.p.layers[l].table].kind, TABLE_RELU);
    const program_table *t = &q.p.tables[q.p.layers[3].table];
    assert_int_equal(t->kind, TABLE_GENERIC);
    assert_int_equal(t->bits, 12);       /* 1,024 lookups in all: 10 bits and 2 more */
    assert_int_equal(q.p.num_tables, 2); /* the ReLU layers share one */
    for (uint32_t l = 0; l < 4; l++)
        assert_true(q.p.layers[l].shift <= 16);
    quantised_clear(&q);
    q = quantise_export("torch_new_act_gelu", 16, 2, 4);
    assert_int_equal(q.p.num_tables, 2);
    assert_int_equal(q.p.tables[0].bits, 12); /* 4 * 160 lookups */
    quantised_clear(&q);
    q = quantise_export("torch_new_act_gelu", 16, 2, 64);
    assert_int_equal(q.p.tables[0].bits, 16); /* 64 * 160 lookups */
    quantised_clear(&q);
    q = quantise_export("sklearn_linear", 16, 2, 64);
    assert_int_equal(q.p.tables[0].kind, TABLE_IDENTITY);
    quantised_clear(&q);
    q = quantise_export("torch_new_residual", 16, 2, 64);
    assert_int_equal(q.p.layers[2].num_terms, 2);
    assert_int_equal(q.p.layers[2].terms[1].kind, TERM_SHIFT);
    quantised_clear(&q);
}

static void model_quantise_with__takes_another_rounds_weights(void **state) {
    (void)state;
    const char *other = "torch_new_mlp_dropout_op18_dyn";
    quantised q = quantise_export("torch_old_mlp_op17_dyn", 16, 8, 64);
    model *m = export_open(other);
    export_rows r = export_rows_read(other, 25);
    zkm_error err = {0};
    program_weights w = {0};
    if (model_quantise_with(&err, &w, m, &q.p) != ZKM_OK)
        fail_msg("%s", err.message);
    assert_memory_not_equal(w.weights, q.w.weights, q.p.num_weights * sizeof *w.weights);
    program_weights_clear(&q.w);
    q.w = w;
    assert_true(worst_error(&q, &r) < 0.003);
    export_rows_free(&r);
    model_free(m);
    quantised_clear(&q);
}

static void expect_mismatch(const program *p, const char *name, const char *what) {
    zkm_error err = {0};
    program_weights w = {0};
    model *m = export_open(name);
    assert_int_equal(model_quantise_with(&err, &w, m, p), ZKM_ERR_MISMATCH);
    if (!strstr(err.message, what))
        fail_msg("%s", err.message);
    assert_null(w.weights);
    model_free(m);
}

static void model_quantise_with__says_what_differs(void **state) {
    (void)state;
    quantised q = quantise_export("torch_old_mlp_op17_dyn", 16, 2, 64);
    expect_mismatch(&q.p, "torch_new_residual", "6 layers");
    expect_mismatch(&q.p, "torch_new_two_inputs", "2 layers");
    expect_mismatch(&q.p, "torch_new_act_gelu", "activation Gelu is not the circuit's Relu");
    quantised_clear(&q);
    q = quantise_export("sklearn_linear", 16, 2, 64);
    q.p.num_features = 24;
    expect_mismatch(&q.p, "sklearn_linear", "25 features, the circuit 24");
    q.p.num_features = 25;
    q.p.layers[0].width = 2;
    expect_mismatch(&q.p, "sklearn_linear", "1 outputs, the circuit's has 2");
    quantised_clear(&q);
}

static void model_quantise_with__names_the_weight_that_does_not_fit(void **state) {
    (void)state;
    quantised q = quantise_export("torch_old_mlp_op17_dyn", 16, 2, 64);
    zkm_error err = {0};
    program_weights w = {0};
    model *m = export_open("torch_old_mlp_op17_dyn");
    q.p.layers[2].z_frac += 4; /* as if the weights of this round were 16 times larger */
    q.p.layers[2].shift += 4;
    q.p.layers[2].bias_bits = 40;
    assert_int_equal(model_quantise_with(&err, &w, m, &q.p), ZKM_ERR_RANGE);
    assert_non_null(strstr(err.message, "/4/Gemm"));
    assert_non_null(strstr(err.message, "weight ["));
    assert_non_null(strstr(err.message, "--headroom"));
    q.p.layers[2].z_frac -= 4;
    q.p.layers[2].shift -= 4;
    q.p.layers[0].bias_bits = 4;
    assert_int_equal(model_quantise_with(&err, &w, m, &q.p), ZKM_ERR_RANGE);
    assert_non_null(strstr(err.message, "bias ["));
    model_free(m);
    quantised_clear(&q);
}

static void model_quantise_new__refuses_bad_options_and_rows(void **state) {
    (void)state;
    const char *name = "sklearn_linear";
    model *m = export_open(name);
    export_rows r = export_rows_read(name, 25);
    program p = {0};
    program_weights w = {0};
    zkm_error err = {0};
    model_quantise_options bad[] = {{7, 2, 64},   {17, 2, 64},   {16, 0.5, 64},
                                    {16, 65, 64}, {16, NAN, 64}, {16, 2, 0}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(model_quantise_new(&err, &p, &w, NULL, m, r.frac, r.features, 64, &bad[i]),
                         ZKM_ERR_ARGUMENT);
    model_quantise_options o = {16, 2, 64};
    assert_int_equal(model_quantise_new(&err, &p, &w, NULL, m, r.frac, r.features, 0, &o),
                     ZKM_ERR_ARGUMENT);
    r.features[25 * 7 + 3] = INFINITY;
    assert_int_equal(model_quantise_new(&err, &p, &w, NULL, m, r.frac, r.features, 64, &o),
                     ZKM_ERR_RANGE);
    assert_non_null(strstr(err.message, "row 8"));
    assert_null(p.layers);
    assert_null(w.weights);
    export_rows_free(&r);
    model_free(m);
}

/* x -> f(x) elementwise over two features, quantised on rows in [-range, range]. */
static zkm_status quantise_point(zkm_error *err, const char *op, double range) {
    int64_t dims[2] = {0, 2};
    size_t len = 0;
    model *m = NULL;
    program p = {0};
    program_weights w = {0};
    int32_t frac[2] = {8, 8};
    double rows[4] = {-range, range, range / 2, 0};
    model_quantise_options o = {16, 2, 64};
    onnx_builder *b = builder_new(20);
    builder_input(b, "x", 2, dims);
    builder_node(b, op, "x", "y");
    builder_output(b, "y");
    uint8_t *bytes = builder_bytes(b, &len);
    assert_int_equal(model_open_bytes(err, &m, bytes, len, NULL, NULL, NULL), ZKM_OK);
    zkm_status status = model_quantise_new(err, &p, &w, NULL, m, frac, rows, 2, &o);
    program_clear(&p);
    program_weights_clear(&w);
    model_free(m);
    free(bytes);
    builder_free(b);
    return status;
}

static void model_quantise_new__names_a_function_outside_its_domain(void **state) {
    (void)state;
    zkm_error err = {0};
    assert_int_equal(quantise_point(&err, "Exp", 4), ZKM_OK);
    assert_int_equal(quantise_point(&err, "Exp", 100), ZKM_ERR_RANGE);
    assert_non_null(strstr(err.message, "\"y\""));
    assert_non_null(strstr(err.message, "Exp"));
    assert_int_equal(quantise_point(&err, "Reciprocal", 4), ZKM_ERR_RANGE); /* row with a zero */
    assert_non_null(strstr(err.message, "row 2"));
    assert_int_equal(quantise_point(&err, "Log", 4), ZKM_ERR_RANGE);
}

/* A residual around a product with very large weights: the sum holds few fraction bits. */
static void model_quantise_new__aligns_residual_scales(void **state) {
    (void)state;
    int64_t dims[2] = {0, 2}, square[2] = {2, 2};
    const float small[4] = {0.01f, 0, 0, 0.01f}, large[4] = {3000, -2000, 1000, 3000};
    size_t len = 0;
    model *m = NULL;
    program p = {0};
    program_weights w = {0};
    zkm_error err = {0};
    int32_t frac[2] = {12, 12};
    double rows[40];
    int16_t x[2], out[4];
    int64_t z[4];
    model_quantise_options o = {16, 1.5, 64};
    onnx_builder *b = builder_new(20);
    builder_input(b, "x", 2, dims);
    builder_floats(b, "S", 2, square, small);
    builder_floats(b, "L", 2, square, large);
    builder_node(b, "MatMul", "x S", "a");
    builder_node(b, "Relu", "a", "r");
    builder_node(b, "MatMul", "r L", "p");
    builder_node(b, "Add", "r p", "y");
    builder_output(b, "y");
    uint8_t *bytes = builder_bytes(b, &len);
    assert_int_equal(model_open_bytes(&err, &m, bytes, len, NULL, NULL, NULL), ZKM_OK);
    for (int i = 0; i < 40; i++)
        rows[i] = (i * 37 % 41 - 20) / 10.0;
    if (model_quantise_new(&err, &p, &w, NULL, m, frac, rows, 20, &o) != ZKM_OK)
        fail_msg("%s", err.message);
    program_trace trace = {z, out};
    for (int i = 0; i < 20; i++) {
        double expected[2];
        for (int k = 0; k < 2; k++)
            x[k] = (int16_t)nearbyint(rows[2 * i + k] * 4096);
        assert_int_equal(program_run(&err, &trace, &p, &w, x), ZKM_OK);
        assert_int_equal(model_predict(&err, m, rows + 2 * i, expected), ZKM_OK);
        for (int k = 0; k < 2; k++)
            assert_true(fabs(ldexp(out[2 + k], -p.layers[1].out_frac) - expected[k]) < 0.05);
    }
    program_clear(&p);
    program_weights_clear(&w);
    model_free(m);
    free(bytes);
    builder_free(b);
}

static void model_quantise_nominal__needs_no_data(void **state) {
    (void)state;
    model *m = export_open("torch_old_mlp_op17_dyn");
    program p = {0};
    zkm_error err = {0};
    model_quantise_options o = {16, 2, 1024};
    assert_int_equal(model_quantise_nominal(&err, &p, m, &o), ZKM_OK);
    assert_int_equal(p.num_layers, 4);
    program_clear(&p);
    model_free(m);
    m = export_open("torch_new_layernorm");
    assert_int_equal(model_quantise_nominal(&err, &p, m, &o), ZKM_ERR_UNSUPPORTED);
    model_free(m);
}

#define TEST(name) cmocka_unit_test(name)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(model_quantise_new__predicts_as_onnxruntime_does),
        TEST(model_quantise_new__works_at_8_bits_and_with_headroom_8),
        TEST(model_quantise_new__gives_one_program_for_every_spelling),
        TEST(model_quantise_new__chooses_the_cheap_tables),
        TEST(model_quantise_with__takes_another_rounds_weights),
        TEST(model_quantise_with__says_what_differs),
        TEST(model_quantise_with__names_the_weight_that_does_not_fit),
        TEST(model_quantise_new__refuses_bad_options_and_rows),
        TEST(model_quantise_new__names_a_function_outside_its_domain),
        TEST(model_quantise_new__aligns_residual_scales),
        TEST(model_quantise_nominal__needs_no_data)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
