/* Hostile and damaged ONNX files: refused with a message that names the object; never a crash or
 * a leak. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "model/model.h"
#include "onnx_builder.h"

static const int64_t features_3[2] = {0, 3};
static const float weights[6] = {0.5f, -0.75f, 1.25f, 0.25f, -0.5f, 1.0f};

static onnx_builder *with_matmul(void) {
    int64_t dims[2] = {3, 2};
    onnx_builder *b = builder_new(17);
    builder_input(b, "x", 2, features_3);
    builder_floats(b, "W", 2, dims, weights);
    builder_node(b, "MatMul", "x W", "y");
    builder_output(b, "y");
    return b;
}

static zkm_status open_builder(zkm_error *err, onnx_builder *b, const char *folder) {
    size_t len = 0;
    uint8_t *bytes = builder_bytes(b, &len);
    model *m = NULL;
    zkm_status status = model_open_bytes(err, &m, bytes, len, folder, NULL, NULL);
    if (status == ZKM_OK)
        status = model_check_supported(err, m);
    model_free(m);
    free(bytes);
    builder_free(b);
    return status;
}

static void expect(onnx_builder *b, zkm_status expected, const char *words) {
    zkm_error err = {0};
    zkm_status status = open_builder(&err, b, NULL);
    if (status != expected || (words && !strstr(err.message, words)))
        fail_msg("status %d: \"%s\", not \"%s\"", status, err.message, words ? words : "");
}

/* Opens bytes and, when that works, goes as far as a program; whatever happens is fine but a
 * crash. */
static void try_bytes(const uint8_t *data, size_t len) {
    zkm_error err = {0};
    model *m = NULL;
    program p = {0};
    model_quantise_options o = {8, 1, 1};
    uint8_t *copy = malloc(len ? len : 1); /* of its own, so that ASan sees overreads */
    memcpy(copy, data, len);
    if (model_open_bytes(&err, &m, copy, len, NULL, NULL, NULL) != ZKM_OK)
        assert_true(m == NULL && err.message[0] != '\0');
    else if (model_quantise_nominal(&err, &p, m, &o) == ZKM_OK)
        program_clear(&p);
    else
        assert_true(err.message[0] != '\0');
    model_free(m);
    free(copy);
}

static void model_open_bytes__survives_truncation_and_flipped_bits(void **state) {
    (void)state;
    static const char *const names[] = {"torch_old_mlp_op17_dyn", "torch_new_act_softplus",
                                        "sklearn_scaler_mlp", "torch_new_two_inputs"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[512];
        file_view view = {0};
        snprintf(path, sizeof path, ZKM_SOURCE_DIR "/tests/vectors/onnx/%s.onnx", names[i]);
        assert_int_equal(file_open(NULL, &view, path, 1 << 20), ZKM_OK);
        uint8_t *bytes = malloc(view.len);
        assert_non_null(bytes);
        memcpy(bytes, view.data, view.len);
        for (size_t n = 0; n < view.len; n += 97)
            try_bytes(bytes, n);
        for (size_t bit = 0; bit < 8 * view.len; bit += bit < 8 * 400 ? 11 : 1009) {
            bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
            try_bytes(bytes, view.len);
            bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        free(bytes);
        file_close(&view);
    }
}

static void model_open_bytes__refuses_what_is_no_model(void **state) {
    (void)state;
    zkm_error err = {0};
    model *m = NULL;
    assert_int_equal(model_open_bytes(&err, &m, (const uint8_t *)"", 0, NULL, NULL, NULL),
                     ZKM_ERR_FORMAT);
    assert_int_equal(model_open_bytes(&err, &m, (const uint8_t *)"hello", 5, NULL, NULL, NULL),
                     ZKM_ERR_FORMAT);
    model_limits small = {.file_bytes = 100};
    static const uint8_t zeros[101];
    assert_int_equal(model_open_bytes(&err, &m, zeros, 101, NULL, NULL, &small), ZKM_ERR_FORMAT);
    assert_int_equal(model_open(&err, &m, "/nonexistent.onnx", NULL, NULL), ZKM_ERR_NOT_FOUND);
    assert_non_null(strstr(err.message, "/nonexistent.onnx"));
    assert_null(m);
}

static void versions__outside_the_range_are_refused(void **state) {
    (void)state;
    onnx_builder *b = with_matmul();
    b->opsets[0].version = 8;
    expect(b, ZKM_ERR_UNSUPPORTED, "9..24");
    b = with_matmul();
    b->opsets[0].version = 25;
    expect(b, ZKM_ERR_UNSUPPORTED, "25");
    b = with_matmul();
    builder_opset(b, "ai.onnx", 18);
    expect(b, ZKM_ERR_FORMAT, "as 17 and as 18");
    b = with_matmul();
    builder_opset(b, "ai.onnx", 17);
    builder_opset(b, "com.microsoft", 1);
    expect(b, ZKM_OK, NULL);
    b = with_matmul();
    builder_opset(b, "ai.onnx.ml", 6);
    expect(b, ZKM_ERR_UNSUPPORTED, "ai.onnx.ml 6");
    b = with_matmul();
    b->model.n_opset_import = 0;
    expect(b, ZKM_ERR_FORMAT, "opset_import");
    b = with_matmul();
    b->opsets[0].domain = built_text(b, "ai.onnx.ml");
    b->opsets[0].version = 3;
    expect(b, ZKM_ERR_FORMAT, "does not list domain");
    b = with_matmul();
    b->model.ir_version = 3;
    expect(b, ZKM_ERR_UNSUPPORTED, "IR version 3");
    b = with_matmul();
    b->model.ir_version = 12;
    expect(b, ZKM_OK, NULL);
    b = with_matmul();
    b->model.has_ir_version = 0;
    expect(b, ZKM_ERR_FORMAT, "IR version");
}

static void names__that_dangle_repeat_or_loop_are_refused(void **state) {
    (void)state;
    onnx_builder *b = with_matmul();
    builder_node(b, "Relu", "nobody", "r");
    b->graph.output[0]->name = built_text(b, "r");
    expect(b, ZKM_ERR_FORMAT, "\"nobody\"");
    b = with_matmul();
    builder_node(b, "Relu", "x", "y");
    expect(b, ZKM_ERR_FORMAT, "defines \"y\" twice");
    b = with_matmul();
    builder_node(b, "Relu", "b", "a");
    builder_node(b, "Relu", "a", "b");
    b->graph.output[0]->name = built_text(b, "b");
    expect(b, ZKM_ERR_FORMAT, "depends on itself");
    b = with_matmul();
    b->graph.output[0]->name = built_text(b, "z");
    expect(b, ZKM_ERR_FORMAT, "\"z\"");
    b = with_matmul();
    b->graph.n_output = 0;
    expect(b, ZKM_ERR_FORMAT, "no output");
    b = with_matmul();
    b->graph.output[0]->name = built_text(b, "W");
    expect(b, ZKM_ERR_UNSUPPORTED, "does not depend on the inputs");
}

static void nodes__out_of_order_are_sorted(void **state) {
    (void)state;
    int64_t dims[2] = {3, 2};
    onnx_builder *b = builder_new(17);
    builder_input(b, "x", 2, features_3);
    builder_floats(b, "W", 2, dims, weights);
    builder_node(b, "Relu", "h", "y");
    builder_node(b, "MatMul", "x W", "h");
    builder_output(b, "y");
    expect(b, ZKM_OK, NULL);
}

static void tensors__of_wrong_shape_or_length_are_refused(void **state) {
    (void)state;
    static const struct {
        int64_t dims[2];
        zkm_status status;
        const char *words;
    } cases[] = {{{-3, 2}, ZKM_ERR_FORMAT, "negative"},
                 {{3, 3}, ZKM_ERR_FORMAT, "\"W\""},
                 {{INT64_MAX, INT64_MAX}, ZKM_ERR_RANGE, "2^27"},
                 {{1 << 20, 1 << 20}, ZKM_ERR_RANGE, "2^27"},
                 {{1 << 13, 1 << 13}, ZKM_ERR_FORMAT, "holds 6"},
                 {{2, 3}, ZKM_ERR_FORMAT, "3 elements where its weights have 2"},
                 {{0, 2}, ZKM_ERR_FORMAT, "holds 6"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        onnx_builder *b = with_matmul();
        memcpy(b->tensors[0]->dims, cases[i].dims, sizeof cases[i].dims);
        expect(b, cases[i].status, cases[i].words);
    }
    onnx_builder *b = with_matmul();
    b->tensors[0]->has_raw_data = 1;
    b->tensors[0]->raw_data = (ProtobufCBinaryData){23, built(b, 23)};
    expect(b, ZKM_ERR_FORMAT, "holds 23 where its shape and type need 24");
    b = with_matmul();
    b->tensors[0]->data_type = 8; /* strings */
    expect(b, ZKM_ERR_UNSUPPORTED, "data type 8");
    b = with_matmul();
    b->tensors[0]->n_dims = 9;
    b->tensors[0]->dims = built(b, 9 * sizeof(int64_t));
    expect(b, ZKM_ERR_RANGE, "dimensions");
}

static void weights__that_are_no_finite_numbers_are_refused_by_name(void **state) {
    (void)state;
    onnx_builder *b = with_matmul();
    b->tensors[0]->float_data[4] = NAN;
    expect(b, ZKM_ERR_RANGE, "tensor \"W\": element 4 is NaN");
    b = with_matmul();
    b->tensors[0]->float_data[5] = -INFINITY;
    expect(b, ZKM_ERR_RANGE, "tensor \"W\": element 5 is infinite");
    int64_t three = 3;
    const float deviation[3] = {1, 0, 1};
    b = with_matmul();
    builder_floats(b, "s", 1, &three, deviation);
    builder_node(b, "Div", "x s", "z");
    b->graph.output[0]->name = built_text(b, "z");
    expect(b, ZKM_ERR_RANGE, "node \"z\"");
}

static void inputs__without_a_fixed_width_are_refused(void **state) {
    (void)state;
    static const int64_t symbolic[2] = {0, 0}, huge[2] = {0, 70000};
    onnx_builder *b = with_matmul();
    b->graph.input[0] = value_info(b, "x", 2, symbolic);
    expect(b, ZKM_ERR_UNSUPPORTED, "variable number of features");
    b = with_matmul();
    b->graph.input[0] = value_info(b, "x", 2, huge);
    expect(b, ZKM_ERR_UNSUPPORTED, "65536");
    b = with_matmul();
    b->graph.input[0]->type->tensor_type->shape = NULL;
    expect(b, ZKM_ERR_UNSUPPORTED, "no shape");
    b = with_matmul();
    b->graph.input[0]->type->tensor_type->elem_type = 8;
    expect(b, ZKM_ERR_UNSUPPORTED, "no tensor of numbers");
}

/* A sum that doubles its terms at every step: folding must not take exponential time or memory. */
static void graphs__that_double_at_every_step_stay_small(void **state) {
    (void)state;
    int64_t three = 3;
    const float scale[3] = {0.5f, 0.25f, 0.125f};
    onnx_builder *b = builder_new(17);
    char from[64] = "x";
    builder_input(b, "x", 2, features_3);
    builder_floats(b, "s", 1, &three, scale);
    for (int i = 0; i < 18; i++) {
        char inputs[160], name[16], scaled[16];
        snprintf(scaled, sizeof scaled, "m%d", i);
        snprintf(name, sizeof name, "a%d", i);
        snprintf(inputs, sizeof inputs, "%s s", from);
        builder_node(b, "Mul", inputs, scaled);
        snprintf(inputs, sizeof inputs, "%s %s", scaled, from);
        builder_node(b, "Add", inputs, name);
        snprintf(from, sizeof from, "%s", name);
    }
    b->nodes[b->graph.n_node - 1]->output[0] = built_text(b, "y");
    builder_output(b, "y");
    expect(b, ZKM_OK, NULL);
}

/* ---- external data ---- */

typedef struct {
    char folder[64];
} scratch;

static scratch scratch_new(void) {
    scratch s = {"zkmetric-test-XXXXXX"};
    char path[128];
    float bytes[8] = {0};
    assert_non_null(mkdtemp(s.folder));
    memcpy(bytes, weights, sizeof weights);
    snprintf(path, sizeof path, "%s/in", s.folder);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/secret", s.folder);
    assert_int_equal(file_write(NULL, path, 0600, bytes, sizeof bytes), ZKM_OK);
    snprintf(path, sizeof path, "%s/in/data", s.folder);
    assert_int_equal(file_write(NULL, path, 0600, bytes, sizeof bytes), ZKM_OK);
    snprintf(path, sizeof path, "%s/in/sub", s.folder);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/in/sub/data", s.folder);
    assert_int_equal(file_write(NULL, path, 0600, bytes, sizeof bytes), ZKM_OK);
    snprintf(path, sizeof path, "%s/in/link", s.folder);
    assert_int_equal(symlink("../secret", path), 0);
    snprintf(path, sizeof path, "%s/in/up", s.folder);
    assert_int_equal(symlink("..", path), 0);
    return s;
}

static void scratch_free(const scratch *s) {
    static const char *const names[] = {"in/up", "in/link", "in/sub/data", "in/data", "secret"};
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", s->folder, names[i]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/in/sub", s->folder);
    rmdir(path);
    snprintf(path, sizeof path, "%s/in", s->folder);
    rmdir(path);
    rmdir(s->folder);
}

static void add_entry(onnx_builder *b, Onnx__TensorProto *t, const char *key, const char *text) {
    Onnx__StringStringEntryProto *e = built(b, sizeof *e);
    onnx__string_string_entry_proto__init(e);
    e->key = built_text(b, key);
    e->value = built_text(b, text);
    if (!t->external_data)
        t->external_data = built(b, 4 * sizeof(void *));
    t->external_data[t->n_external_data++] = e;
}

static void external_data__must_lie_inside_the_models_folder(void **state) {
    (void)state;
    static const struct {
        const char *location, *offset, *length;
        zkm_status status;
        const char *words;
    } cases[] = {{"data", "0", "24", ZKM_OK, NULL},
                 {"data", "8", NULL, ZKM_OK, NULL},
                 {"sub/data", NULL, NULL, ZKM_OK, NULL},
                 {"../secret", "0", "24", ZKM_ERR_FORMAT, "inside the model's folder"},
                 {"sub/../../secret", "0", "24", ZKM_ERR_FORMAT, "inside the model's folder"},
                 {"/etc/passwd", "0", "24", ZKM_ERR_FORMAT, "inside the model's folder"},
                 {"..", "0", "24", ZKM_ERR_FORMAT, "inside the model's folder"},
                 {"", "0", "24", ZKM_ERR_FORMAT, "inside the model's folder"},
                 {"sub/", "0", "24", ZKM_ERR_FORMAT, "inside the model's folder"},
                 {"sub\\data", "0", "24", ZKM_ERR_FORMAT, "inside the model's folder"},
                 {"link", "0", "24", ZKM_ERR_FORMAT, "not a link"},
                 {"up/secret", "0", "24", ZKM_ERR_NOT_FOUND, "not a link"},
                 {"missing", "0", "24", ZKM_ERR_NOT_FOUND, "missing"},
                 {"sub", "0", "24", ZKM_ERR_FORMAT, "do not lie inside"},
                 {"data", "9", "24", ZKM_ERR_FORMAT, "do not lie inside"},
                 {"data", "9999999999999999999", "24", ZKM_ERR_FORMAT, "do not lie inside"},
                 {"data", "99999999999999999999", "24", ZKM_ERR_FORMAT, "no decimal number"},
                 {"data", "-8", "24", ZKM_ERR_FORMAT, "no decimal number"},
                 {"data", "0x8", "24", ZKM_ERR_FORMAT, "no decimal number"},
                 {"data", "", "24", ZKM_ERR_FORMAT, "no decimal number"},
                 {"data", "0", "23", ZKM_ERR_FORMAT, "holds 23"},
                 {NULL, "0", "24", ZKM_ERR_FORMAT, "without location"}};
    scratch s = scratch_new();
    char folder[128];
    snprintf(folder, sizeof folder, "%s/in", s.folder);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zkm_error err = {0};
        onnx_builder *b = with_matmul();
        Onnx__TensorProto *t = b->tensors[0];
        t->n_float_data = 0;
        t->has_data_location = 1;
        t->data_location = 1;
        if (cases[i].location)
            add_entry(b, t, "location", cases[i].location);
        if (cases[i].offset)
            add_entry(b, t, "offset", cases[i].offset);
        if (cases[i].length)
            add_entry(b, t, "length", cases[i].length);
        zkm_status status = open_builder(&err, b, folder);
        if (status != cases[i].status || (cases[i].words && !strstr(err.message, cases[i].words)))
            fail_msg("case %zu: status %d, \"%s\"", i, status, err.message);
    }
    onnx_builder *b = with_matmul();
    b->tensors[0]->has_data_location = 1;
    b->tensors[0]->data_location = 1;
    expect(b, ZKM_ERR_FORMAT, "the model is no file");
    scratch_free(&s);
}

static void model_open_bytes__keeps_to_its_memory_budget(void **state) {
    (void)state;
    size_t len = 0;
    zkm_error err = {0};
    model *m = NULL;
    onnx_builder *b = with_matmul();
    uint8_t *bytes = builder_bytes(b, &len);
    for (size_t budget = 1; budget < 4000; budget += 37) {
        model_limits limits = {.memory_bytes = budget};
        zkm_status status = model_open_bytes(&err, &m, bytes, len, NULL, NULL, &limits);
        if (status == ZKM_OK)
            model_free(m);
        else
            assert_int_equal(status, ZKM_ERR_MEMORY);
        m = NULL;
    }
    model_limits limits = {.data_bytes = 23};
    assert_int_equal(model_open_bytes(&err, &m, bytes, len, NULL, NULL, &limits), ZKM_ERR_RANGE);
    free(bytes);
    builder_free(b);
}

#define TEST(name) cmocka_unit_test(name)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(model_open_bytes__survives_truncation_and_flipped_bits),
        TEST(model_open_bytes__refuses_what_is_no_model),
        TEST(versions__outside_the_range_are_refused),
        TEST(names__that_dangle_repeat_or_loop_are_refused),
        TEST(nodes__out_of_order_are_sorted),
        TEST(tensors__of_wrong_shape_or_length_are_refused),
        TEST(weights__that_are_no_finite_numbers_are_refused_by_name),
        TEST(inputs__without_a_fixed_width_are_refused),
        TEST(graphs__that_double_at_every_step_stay_small),
        TEST(external_data__must_lie_inside_the_models_folder),
        TEST(model_open_bytes__keeps_to_its_memory_budget)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
