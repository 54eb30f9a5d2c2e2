/* Expressions, wide arithmetic and tables, against vectors made with mpmath and against simple
 * facts. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/table.h"

static void assert_near(double a, double b, double error) { assert_true(fabs(a - b) <= error); }
static double from(wide v) { return wide_to_double(v); }
static wide of(double v) { return wide_from_double(v); }

/* f(x) for a single operator. */
static expr unary(expr_node room[2], expr_op op) {
    room[0] = (expr_node){.op = EXPR_VARIABLE};
    room[1] = (expr_node){.op = op};
    return (expr){room, 2};
}

/* x op c */
static expr with_constant(expr_node room[3], expr_op op, double c) {
    room[0] = (expr_node){.op = EXPR_VARIABLE};
    room[1] = (expr_node){.op = EXPR_CONSTANT, .constant = c};
    room[2] = (expr_node){.op = op, .args = {0, 1, 0}};
    return (expr){room, 3};
}

static void wide_arithmetic__agrees_with_doubles(void **state) {
    (void)state;
    for (double v = 0.001; v < 1e6; v *= 1.37)
        for (double u = -700; u < 700; u += 33.3) {
            assert_near(from(wide_add(of(v), of(u))), v + u, 1e-9);
            assert_near(from(wide_sub(of(v), of(u))), v - u, 1e-9);
            assert_near(from(wide_mul(of(v), of(u))) / (v * u), 1, 1e-14);
            assert_near(from(wide_div(of(v), of(u))) / (v / u), 1, 1e-14);
            assert_int_equal(wide_less(of(v), of(u)), v < u);
            assert_int_equal(wide_less(of(-v), of(u)), -v < u);
            assert_true(from(wide_floor(of(u))) == floor(u));
            assert_near(from(wide_div_small(of(v), 37)) / (v / 37), 1, 1e-14);
        }
}

static void wide_arithmetic__is_exact_where_it_can_be(void **state) {
    (void)state;
    for (int64_t v = 1; v < 3000000000; v = v * 3 + 1) {
        wide w = wide_from_fixed(v, 7);
        assert_true(wide_equal(wide_sqrt(wide_mul(w, w)), w));
        assert_true(wide_equal(wide_div(wide_mul(w, of(3)), of(3)), w));
        assert_true(wide_equal(wide_sub(wide_add(w, of(1)), of(1)), w));
        assert_true(wide_equal(wide_div_small(wide_mul(w, of(21)), 21), w));
    }
}

static void wide_arithmetic__has_infinities_and_no_numbers(void **state) {
    (void)state;
    wide one = of(1), zero = of(0), inf = wide_div(one, zero);
    assert_int_equal(inf.kind, WIDE_INFINITE);
    assert_int_equal(wide_sub(inf, inf).kind, WIDE_NAN);
    assert_int_equal(wide_mul(inf, zero).kind, WIDE_NAN);
    assert_int_equal(wide_div(zero, zero).kind, WIDE_NAN);
    assert_int_equal(wide_div(one, inf).kind, WIDE_ZERO);
    assert_int_equal(wide_sqrt(of(-1)).kind, WIDE_NAN);
    assert_true(wide_less(wide_neg(inf), one) && wide_less(one, inf) && !wide_less(inf, inf));
    assert_false(wide_less(wide_div(zero, zero), one));
    assert_true(isinf(from(of(INFINITY))) && isnan(from(of(NAN))));
    assert_true(from(of(5e-324)) == 5e-324 && from(of(1.7e308)) == 1.7e308);
}

static expr_op op_named(const char *name) {
    for (int op = 0; op < EXPR_NUM_OPS; op++)
        if (strcmp(expr_op_name((expr_op)op), name) == 0)
            return (expr_op)op;
    fail_msg("no operator %s", name);
    return EXPR_NUM_OPS;
}

/* The first 128 of the vector's 160 bits. */
static wide parse_value(const char *sign, const char *digits, int exponent) {
    unsigned __int128 m = 0;
    if (sign[0] == '0')
        return of(0);
    for (int i = 0; i < 32; i++) {
        char c = digits[i];
        m = m << 4 | (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return (wide){m, exponent + 32, sign[0] == '-', WIDE_NORMAL};
}

static void functions__agree_with_mpmath(void **state) {
    (void)state;
    char name[32], sign[8], digits[64];
    double x;
    int exponent, lines = 0;
    FILE *f = fopen(ZKM_SOURCE_DIR "/tests/vectors/functions.txt", "r");
    assert_non_null(f);
    while (fscanf(f, "%31s %lf %7s %63s %d", name, &x, sign, digits, &exponent) == 5) {
        expr_node room[2];
        expr e = unary(room, op_named(name));
        wide expected = parse_value(sign, digits, exponent);
        wide got = expr_eval_wide(&e, of(x)), error = wide_sub(got, expected);
        error.negative = false;
        wide size = expected;
        size.negative = false;
        if (wide_less(wide_scale(size, -100), error) && wide_less(wide_scale(of(1), -112), error))
            fail_msg("%s(%g): error %g", name, x, from(error));
        double plain = expr_eval(&e, x);
        if (plain != from(expected) &&
            !(fabs(plain - from(expected)) <= 1e-14 * fabs(from(expected)) + 1e-15))
            fail_msg("%s(%g) = %.17g in doubles, not %.17g", name, x, plain, from(expected));
        lines++;
    }
    fclose(f);
    assert_true(lines > 200);
}

static void functions__have_their_limits(void **state) {
    (void)state;
    expr_node room[3];
    expr e = unary(room, EXPR_EXP);
    assert_int_equal(expr_eval_wide(&e, of(1e9)).kind, WIDE_INFINITE);
    assert_int_equal(expr_eval_wide(&e, of(-1e9)).kind, WIDE_ZERO);
    assert_true(isinf(expr_eval(&e, 1000)) && expr_eval(&e, -1e9) == 0);
    e = unary(room, EXPR_SIGMOID);
    assert_true(wide_equal(expr_eval_wide(&e, of(1e9)), of(1)));
    assert_true(from(expr_eval_wide(&e, of(0))) == 0.5);
    e = unary(room, EXPR_LOG);
    assert_int_equal(expr_eval_wide(&e, of(-1)).kind, WIDE_NAN);
    assert_int_equal(expr_eval_wide(&e, of(0)).kind, WIDE_INFINITE);
    e = unary(room, EXPR_ROUND);
    for (double x = -4.5; x <= 4.5; x += 0.25) {
        assert_true(expr_eval(&e, x) == nearbyint(x));
        assert_true(from(expr_eval_wide(&e, of(x))) == nearbyint(x));
    }
    e = with_constant(room, EXPR_POW, 3);
    assert_true(expr_eval(&e, -2) == -8 && from(expr_eval_wide(&e, of(-2))) == -8);
    e = with_constant(room, EXPR_POW, -2);
    assert_true(expr_eval(&e, 4) == 0.0625);
    e = with_constant(room, EXPR_POW, 2.5);
    assert_near(expr_eval(&e, 7), pow(7, 2.5), 1e-12);
    assert_true(isnan(expr_eval(&e, -7)));
}

static void expr_strip_inner__takes_an_affine_step_that_all_paths_share(void **state) {
    (void)state;
    /* sigmoid((x * 2 + 3)) */
    expr_node nodes[] = {{.op = EXPR_VARIABLE},
                         {.op = EXPR_CONSTANT, .constant = 2},
                         {.op = EXPR_MUL, .args = {0, 1}},
                         {.op = EXPR_CONSTANT, .constant = 3},
                         {.op = EXPR_ADD, .args = {2, 3}},
                         {.op = EXPR_SIGMOID, .args = {4}}};
    expr model = {nodes, 6}, e = {0};
    double a = 0, b = 0;
    assert_int_equal(expr_copy(NULL, &e, &model), ZKM_OK);
    expr_strip_inner(&e, &a, &b);
    assert_true(a == 2 && b == 3 && e.count == 2 && e.nodes[1].op == EXPR_SIGMOID);
    expr_clear(&e);
}

static void expr_strip_inner__leaves_a_step_that_x_bypasses(void **state) {
    (void)state;
    /* x * sigmoid(1.7 x) */
    expr_node nodes[] = {{.op = EXPR_VARIABLE},
                         {.op = EXPR_CONSTANT, .constant = 1.7},
                         {.op = EXPR_MUL, .args = {0, 1}},
                         {.op = EXPR_SIGMOID, .args = {2}},
                         {.op = EXPR_MUL, .args = {0, 3}}};
    expr model = {nodes, 5}, e = {0};
    double a = 0, b = 0;
    assert_int_equal(expr_copy(NULL, &e, &model), ZKM_OK);
    expr_strip_inner(&e, &a, &b);
    assert_true(a == 1 && b == 0 && expr_equal(&e, &model));
    expr_clear(&e);
}

static void table_round__sends_ties_up(void **state) {
    (void)state;
    wide values[] = {of(0.5),  of(-0.5), of(1.5),
                     of(-1.5), of(0.49), wide_sub(of(2.5), of(0x1p-60))};
    int16_t out[6];
    assert_true(table_round(out, values, 6, 0));
    const int16_t expected[] = {1, 0, 2, -1, 0, 3};
    assert_memory_equal(out, expected, sizeof expected);
    wide large = of(40000);
    assert_false(table_round(out, &large, 1, 0));
}

static void table_points__are_the_function(void **state) {
    (void)state;
    expr_node room[2];
    expr e = unary(room, EXPR_TANH);
    static wide points[1 << 12];
    static int16_t values[1 << 12];
    int32_t frac = 0;
    assert_int_equal(table_points(NULL, points, &e, 12, 8, "layer"), ZKM_OK);
    assert_true(table_out_frac(&frac, points, 1 << 12, 16, 15));
    assert_int_equal(frac, 14); /* tanh reaches 1, which 2^15 does not fit */
    assert_true(table_round(values, points, 1 << 12, frac));
    for (int i = 0; i < 1 << 12; i++)
        assert_int_equal(values[i], (int)floor(tanh((i - 2048) / 256.0) * 16384 + 0.5));
}

static void table_points__name_the_layer_and_point_outside_the_functions_domain(void **state) {
    (void)state;
    expr_node room[2];
    expr e = unary(room, EXPR_LOG);
    static wide points[1 << 8];
    zkm_error err = {0};
    assert_int_equal(table_points(&err, points, &e, 8, 4, "head"), ZKM_ERR_RANGE);
    assert_non_null(strstr(err.message, "head"));
    assert_non_null(strstr(err.message, "Log"));
    assert_non_null(strstr(err.message, "-8"));
}

static void table_classify__knows_relu_and_identity_however_they_are_spelled(void **state) {
    (void)state;
    expr_node room[4] = {{.op = EXPR_VARIABLE}};
    expr identity = {room, 1};
    assert_int_equal(table_classify(&identity, 12, 5), TABLE_IDENTITY);
    expr_node relu[3];
    expr e = with_constant(relu, EXPR_MAX, 0);
    assert_int_equal(table_classify(&e, 16, 5), TABLE_RELU);
    /* where(x > 0, x, 0) */
    expr_node where[] = {{.op = EXPR_VARIABLE},
                         {.op = EXPR_CONSTANT, .constant = 0},
                         {.op = EXPR_GREATER, .args = {0, 1}},
                         {.op = EXPR_WHERE, .args = {2, 0, 1}}};
    e = (expr){where, 4};
    assert_int_equal(table_classify(&e, 12, 5), TABLE_RELU);
    e = with_constant(relu, EXPR_MAX, 1);
    assert_int_equal(table_classify(&e, 12, 5), TABLE_GENERIC);
    /* min(max(x, 0), 6) is ReLU while the domain ends below 6 */
    expr_node six[] = {{.op = EXPR_VARIABLE},
                       {.op = EXPR_CONSTANT, .constant = 0},
                       {.op = EXPR_MAX, .args = {0, 1}},
                       {.op = EXPR_CONSTANT, .constant = 6},
                       {.op = EXPR_MIN, .args = {2, 3}}};
    e = (expr){six, 5};
    assert_int_equal(table_classify(&e, 12, 9), TABLE_RELU);
    assert_int_equal(table_classify(&e, 12, 8), TABLE_GENERIC);
}

static void expr_name__is_short(void **state) {
    (void)state;
    expr_node nodes[] = {
        {.op = EXPR_VARIABLE}, {.op = EXPR_SIGMOID, .args = {0}}, {.op = EXPR_MUL, .args = {0, 1}}};
    expr e = {nodes, 3};
    char name[32];
    expr_name(name, sizeof name, &e);
    assert_string_equal(name, "Mul(x,Sigmoid(x))");
    e.count = 2;
    expr_name(name, sizeof name, &e);
    assert_string_equal(name, "Sigmoid");
    expr_name(name, 4, &(expr){nodes, 3});
    assert_string_equal(name, "Mul");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wide_arithmetic__agrees_with_doubles),
        cmocka_unit_test(wide_arithmetic__is_exact_where_it_can_be),
        cmocka_unit_test(wide_arithmetic__has_infinities_and_no_numbers),
        cmocka_unit_test(functions__agree_with_mpmath),
        cmocka_unit_test(functions__have_their_limits),
        cmocka_unit_test(expr_strip_inner__takes_an_affine_step_that_all_paths_share),
        cmocka_unit_test(expr_strip_inner__leaves_a_step_that_x_bypasses),
        cmocka_unit_test(table_round__sends_ties_up),
        cmocka_unit_test(table_points__are_the_function),
        cmocka_unit_test(table_points__name_the_layer_and_point_outside_the_functions_domain),
        cmocka_unit_test(table_classify__knows_relu_and_identity_however_they_are_spelled),
        cmocka_unit_test(expr_name__is_short)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
