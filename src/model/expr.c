/* Expressions of one activation: evaluation, affine steps at their ends, names. See expr.h. */
#include "model/expr.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(FLT_EVAL_METHOD == 0, "doubles must be evaluated as doubles on every platform");

#define INVERSE_LN2 0x1.71547652b82fep+0 /* only to pick a multiple: need not be exact */
#define TWO_OVER_PI 0x1.45f306dc9c883p-1
#define SQRT_2 0x1.6a09e667f3bcdp+0

/* ---- doubles ---- */

static double real_add(double a, double b) { return a + b; }
static double real_sub(double a, double b) { return a - b; }
static double real_mul(double a, double b) { return a * b; }
static double real_div(double a, double b) { return a / b; }
static double real_div_small(double a, uint32_t n) { return a / n; }
static double real_neg(double a) { return -a; }
static double real_sqrt(double a) { return sqrt(a); }
static double real_floor(double a) { return floor(a); }
static bool real_less(double a, double b) { return a < b; }
static bool real_equal(double a, double b) { return a == b; }
static double real_from_double(double a) { return a; }
static double real_to_double(double a) { return a; }

static double power_of_two(int32_t k) { /* -1022 <= k <= 1023 */
    uint64_t bits = (uint64_t)(1023 + k) << 52;
    double v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

static double real_scale(double a, int32_t k) {
    while (k > 1000 && a != 0 && a < DBL_MAX && a > -DBL_MAX) {
        a *= power_of_two(1000);
        k -= 1000;
    }
    while (k < -1000 && a != 0) {
        a *= power_of_two(-1000);
        k += 1000;
    }
    return k > 1000 || k < -1000 ? a : a * power_of_two(k);
}

/* x > 0, finite: m in [1, 2) and k with x = m * 2^k. */
static double real_split(double x, int32_t *k) {
    int32_t offset = 0;
    if (x < DBL_MIN) {
        x *= power_of_two(100);
        offset = 100;
    }
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    *k = (int32_t)(bits >> 52) - 1023 - offset;
    bits = (bits & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1023) << 52;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* ln 2 and pi/2, the upper parts short enough that multiples below 2^20 are exact. The vectors of
 * tests/vectors/functions.txt, made with mpmath, recompute every constant of this file. */
static const double real_ln2_high = 0x1.62e42fee00000p-1, real_ln2_low = 0x1.a39ef35793c76p-33;
static const double real_half_pi_high = 0x1.921fb54400000p+0;
static const double real_half_pi_low = 0x1.0b4611a626331p-34;
static const double real_two_over_sqrt_pi = 0x1.20dd750429b6dp+0;

/* The last term of each series is below 2^-56 of the sum for the reduced arguments. */
#define REAL double
#define N(name) real_##name
#define EXP_TERMS 16
#define LOG_TERMS 12
#define SIN_TERMS 10
#define ATAN_TERMS 14
#define PRECISION 58
#include "model/expr_template.h"
#undef REAL
#undef N
#undef EXP_TERMS
#undef LOG_TERMS
#undef SIN_TERMS
#undef ATAN_TERMS
#undef PRECISION

/* ---- wide ---- */

static wide wide_split(wide x, int32_t *k) {
    *k = x.e + 127;
    x.e = -127;
    return x;
}

#define WIDE(high, low, exponent)                                                                  \
    { (unsigned __int128)(high) << 64 | (low), (exponent), false, WIDE_NORMAL }
static const wide wide_ln2_high = WIDE(0xb17217f7d1cf79ab, 0, -128);
static const wide wide_ln2_low = WIDE(0xc9e3b39803f2f6af, 0x40f343267298b62d, -192);
static const wide wide_half_pi_high = WIDE(0xc90fdaa22168c234, 0, -127);
static const wide wide_half_pi_low = WIDE(0xc4c6628b80dc1cd1, 0x29024e088a67cc74, -191);
static const wide wide_two_over_sqrt_pi = WIDE(0x906eba8214db688d, 0x71d48a7f6bfec344, -127);

/* The last term of each series is below 2^-130 of the sum for the reduced arguments. */
#define REAL wide
#define N(name) wide_##name
#define EXP_TERMS 28
#define LOG_TERMS 26
#define SIN_TERMS 20
#define ATAN_TERMS 29
#define PRECISION 130
#include "model/expr_template.h"

/* ---- the interface ---- */

double expr_apply(expr_op op, double a, double b, double c) { return real_apply(op, a, b, c); }
double expr_eval(const expr *e, double x) { return real_eval(e, x); }
wide expr_eval_wide(const expr *e, wide x) { return wide_eval(e, x); }

unsigned expr_arity(expr_op op) {
    static const unsigned char arity[] = {
#define X(name, text, n) n,
        EXPR_OPS(X)
#undef X
    };
    return arity[op];
}

const char *expr_op_name(expr_op op) {
    static const char *const names[] = {
#define X(name, text, n) text,
        EXPR_OPS(X)
#undef X
    };
    return names[op];
}

void expr_clear(expr *e) {
    free(e->nodes);
    *e = (expr){0};
}

zkm_status expr_copy(zkm_error *err, expr *out, const expr *e) {
    expr_node *nodes = malloc(e->count * sizeof *nodes);
    if (!nodes)
        return error_memory(err, "model: expression", e->count * sizeof *nodes);
    memcpy(nodes, e->nodes, e->count * sizeof *nodes);
    *out = (expr){nodes, e->count};
    return ZKM_OK;
}

bool expr_equal(const expr *a, const expr *b) {
    if (a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++) {
        const expr_node *x = &a->nodes[i], *y = &b->nodes[i];
        if (x->op != y->op || memcmp(x->args, y->args, sizeof x->args) != 0 ||
            memcmp(&x->constant, &y->constant, sizeof x->constant) != 0)
            return false;
    }
    return true;
}

bool expr_affine(const expr *e, uint32_t node, double *a, double *b) {
    double slope[EXPR_MAX_NODES], offset[EXPR_MAX_NODES];
    bool known[EXPR_MAX_NODES];
    for (uint32_t i = 0; i <= node; i++) {
        const expr_node *n = &e->nodes[i];
        uint32_t x = n->args[0], y = n->args[1];
        slope[i] = n->op == EXPR_VARIABLE;
        offset[i] = n->op == EXPR_CONSTANT ? n->constant : 0;
        known[i] = n->op == EXPR_VARIABLE || n->op == EXPR_CONSTANT;
        if (known[i] || !known[x] || (expr_arity(n->op) > 1 && !known[y]))
            continue;
        known[i] = true;
        double s = n->op == EXPR_SUB ? -1 : 1;
        if (n->op == EXPR_ADD || n->op == EXPR_SUB) {
            slope[i] = slope[x] + s * slope[y];
            offset[i] = offset[x] + s * offset[y];
        } else if (n->op == EXPR_NEG) {
            slope[i] = -slope[x];
            offset[i] = -offset[x];
        } else if (n->op == EXPR_MUL && (slope[x] == 0 || slope[y] == 0)) {
            slope[i] = slope[x] * offset[y] + offset[x] * slope[y];
            offset[i] = offset[x] * offset[y];
        } else if (n->op == EXPR_DIV && slope[y] == 0 && offset[y] != 0) {
            slope[i] = slope[x] / offset[y];
            offset[i] = offset[x] / offset[y];
        } else {
            known[i] = false;
        }
    }
    *a = slope[node];
    *b = offset[node];
    return known[node] && slope[node] != 0 && real_abs(slope[node]) < 1e30 &&
           real_abs(offset[node]) < 1e30;
}

/* Drops the nodes that the value does not need, keeping their order. */
static void expr_compact(expr *e, uint32_t value) {
    bool used[EXPR_MAX_NODES] = {false};
    uint32_t place[EXPR_MAX_NODES] = {0};
    used[value] = true;
    for (uint32_t i = value + 1; i-- > 0;)
        for (unsigned k = 0; used[i] && k < expr_arity(e->nodes[i].op); k++)
            used[e->nodes[i].args[k]] = true;
    uint32_t count = 0;
    for (uint32_t i = 0; i <= value; i++) {
        if (!used[i])
            continue;
        expr_node n = e->nodes[i];
        for (unsigned k = 0; k < expr_arity(n.op); k++)
            n.args[k] = place[n.args[k]];
        place[i] = count;
        e->nodes[count++] = n;
    }
    e->count = count;
}

/* The only node that reads `node`, or UINT32_MAX when there are several or none. */
static uint32_t only_reader(const expr *e, uint32_t node) {
    uint32_t reader = UINT32_MAX;
    for (uint32_t i = node + 1; i < e->count; i++)
        for (unsigned k = 0; k < expr_arity(e->nodes[i].op); k++)
            if (e->nodes[i].args[k] == node) {
                if (reader != UINT32_MAX && reader != i)
                    return UINT32_MAX;
                reader = i;
            }
    return reader;
}

void expr_strip_inner(expr *e, double *a, double *b) {
    uint32_t inner = 0;
    *a = 1;
    *b = 0;
    while (inner < e->count && e->nodes[inner].op != EXPR_VARIABLE)
        inner++;
    for (uint32_t next = only_reader(e, inner); next != UINT32_MAX; next = only_reader(e, inner)) {
        double slope, offset;
        if (!expr_affine(e, next, &slope, &offset))
            break;
        *a = slope;
        *b = offset;
        inner = next;
    }
    e->nodes[inner] = (expr_node){.op = EXPR_VARIABLE};
    expr_compact(e, e->count - 1);
}

/* Appends prefix form; `left` counts the bytes that remain. */
static void name_node(char **out, size_t *left, const expr *e, uint32_t node, unsigned depth) {
    const expr_node *n = &e->nodes[node];
    int used = n->op == EXPR_CONSTANT ? snprintf(*out, *left, "%g", n->constant)
                                      : snprintf(*out, *left, "%s", expr_op_name(n->op));
    for (unsigned k = 0;; k++) {
        if (used < 0 || (size_t)used >= *left) {
            *left = 0;
            return;
        }
        *out += used;
        *left -= (size_t)used;
        if (k == expr_arity(n->op) || depth > 8)
            break;
        used = snprintf(*out, *left, "%s", k ? "," : "(");
        if (used < 0 || (size_t)used >= *left) {
            *left = 0;
            return;
        }
        *out += used;
        *left -= (size_t)used;
        name_node(out, left, e, n->args[k], depth + 1);
        if (*left == 0)
            return;
        used = k + 1 == expr_arity(n->op) ? snprintf(*out, *left, ")") : 0;
    }
}

void expr_name(char *out, size_t n, const expr *e) {
    const expr_node *last = &e->nodes[e->count - 1];
    if (e->count == 1) {
        snprintf(out, n, "Identity");
    } else if (expr_arity(last->op) == 1 && e->nodes[last->args[0]].op == EXPR_VARIABLE) {
        snprintf(out, n, "%s", expr_op_name(last->op));
    } else {
        size_t left = n;
        name_node(&out, &left, e, e->count - 1, 0);
    }
}
