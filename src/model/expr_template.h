/*
 * The meaning of the operators of expr.h, compiled once for doubles and once for `wide`.
 *
 * The including file defines REAL (the number type), N(name) (the prefix of its operations: add,
 * sub, mul, div, div_small, neg, sqrt, floor, scale, less, equal, from_double, split), its
 * constants N(ln2_high), N(ln2_low), N(half_pi_high), N(half_pi_low), N(two_over_sqrt_pi), and
 * how many terms the series need: EXP_TERMS, LOG_TERMS, SIN_TERMS, ATAN_TERMS, PRECISION (bits).
 */

static REAL N(whole)(int n) { return N(from_double)(n); }
static bool N(is_nan)(REAL a) { return !N(equal)(a, a); }
static REAL N(truth)(bool b) { return N(whole)(b); }
static REAL N(nan)(void) { return N(div)(N(whole)(0), N(whole)(0)); }

static REAL N(max)(REAL a, REAL b) {
    if (N(is_nan)(a) || N(is_nan)(b))
        return N(nan)();
    return N(less)(a, b) ? b : a;
}

static REAL N(min)(REAL a, REAL b) {
    if (N(is_nan)(a) || N(is_nan)(b))
        return N(nan)();
    return N(less)(b, a) ? b : a;
}

static REAL N(abs)(REAL a) { return N(less)(a, N(whole)(0)) ? N(neg)(a) : a; }

/* To the nearest integer, ties to even (ONNX Round). */
static REAL N(round)(REAL a) {
    REAL half = N(scale)(N(whole)(1), -1);
    REAL down = N(floor)(a), rest = N(sub)(a, down);
    if (N(less)(rest, half))
        return down;
    REAL up = N(add)(down, N(whole)(1));
    if (N(less)(half, rest) || N(is_nan)(rest))
        return N(is_nan)(rest) ? a : up;
    REAL half_down = N(scale)(down, -1);
    return N(equal)(N(floor)(half_down), half_down) ? down : up;
}

/* x = k*ln2 + r with |r| <= ln2/2 (nearly); e^r by its Taylor series, by Horner. Beyond |x| =
 * 2^20 the result is infinite or zero in both kinds of numbers. */
static REAL N(exp)(REAL x) {
    REAL limit = N(whole)(1 << 20);
    if (N(is_nan)(x))
        return x;
    if (N(less)(limit, x))
        return N(div)(N(whole)(1), N(whole)(0));
    if (N(less)(x, N(neg)(limit)))
        return N(whole)(0);
    double k = floor(N(to_double)(x) * INVERSE_LN2 + 0.5);
    REAL kr = N(from_double)(k);
    REAL r = N(sub)(N(sub)(x, N(mul)(kr, N(ln2_high))), N(mul)(kr, N(ln2_low)));
    REAL sum = N(whole)(1);
    for (uint32_t n = EXP_TERMS; n >= 1; n--)
        sum = N(add)(N(whole)(1), N(div_small)(N(mul)(r, sum), n));
    return N(scale)(sum, (int32_t)k);
}

/* sum of s^(2k+1) / (2k+1), with sign (-1)^k when alternating. */
static REAL N(arc_series)(REAL s, bool alternating, uint32_t terms) {
    REAL square = N(mul)(s, s), sum = N(whole)(0);
    if (alternating)
        square = N(neg)(square);
    for (uint32_t k = terms; k >= 1; k--)
        sum = N(mul)(square, N(add)(N(div_small)(N(whole)(1), 2 * k + 1), sum));
    return N(add)(s, N(mul)(s, sum));
}

/* x = m * 2^k with m in [sqrt(1/2), sqrt(2)); ln m = 2 artanh((m-1)/(m+1)). */
static REAL N(log)(REAL x) {
    if (N(is_nan)(x) || N(less)(x, N(whole)(0)))
        return N(nan)();
    if (N(equal)(x, N(whole)(0)))
        return N(neg)(N(div)(N(whole)(1), N(whole)(0)));
    if (N(equal)(x, N(add)(x, x))) /* infinite */
        return x;
    int32_t k = 0;
    REAL m = N(split)(x, &k);
    if (N(less)(N(from_double)(SQRT_2), m)) {
        m = N(scale)(m, -1);
        k++;
    }
    REAL s = N(div)(N(sub)(m, N(whole)(1)), N(add)(m, N(whole)(1)));
    REAL fraction = N(scale)(N(arc_series)(s, false, LOG_TERMS), 1);
    REAL kr = N(whole)(k);
    return N(add)(N(mul)(kr, N(ln2_high)), N(add)(N(mul)(kr, N(ln2_low)), fraction));
}

/* 2/sqrt(pi) e^(-x^2) sum of 2^n x^(2n+1) / (1*3*...*(2n+1)): all terms positive, none cancels.
 * From |x| = 10 on 1 - erf(x) < 2^-147. */
static REAL N(erf)(REAL x) {
    REAL a = N(abs)(x);
    REAL sign = N(less)(x, N(whole)(0)) ? N(whole)(-1) : N(whole)(1);
    if (N(is_nan)(x))
        return x;
    if (N(less)(N(whole)(10), a))
        return sign;
    REAL square = N(mul)(a, a), twice = N(scale)(square, 1);
    REAL term = a, sum = a;
    for (uint32_t n = 1; n < 400; n++) {
        term = N(div_small)(N(mul)(term, twice), 2 * n + 1);
        sum = N(add)(sum, term);
        if (!N(less)(sum, N(scale)(term, PRECISION)))
            break;
    }
    REAL value = N(mul)(N(mul)(N(two_over_sqrt_pi), N(exp)(N(neg)(square))), sum);
    return N(mul)(sign, N(min)(value, N(whole)(1)));
}

static REAL N(tanh)(REAL x) {
    REAL one = N(whole)(1);
    REAL t = N(exp)(N(neg)(N(scale)(N(abs)(x), 1)));
    REAL value = N(div)(N(sub)(one, t), N(add)(one, t));
    return N(less)(x, N(whole)(0)) ? N(neg)(value) : value;
}

static REAL N(sigmoid)(REAL x) {
    REAL one = N(whole)(1);
    REAL t = N(exp)(N(neg)(N(abs)(x)));
    return N(div)(N(less)(x, N(whole)(0)) ? t : one, N(add)(one, t));
}

/* log(1 + e^x) = max(x, 0) + log(1 + e^-|x|) */
static REAL N(softplus)(REAL x) {
    REAL t = N(exp)(N(neg)(N(abs)(x)));
    return N(add)(N(max)(x, N(whole)(0)), N(log)(N(add)(N(whole)(1), t)));
}

/* sin(x + quarter * pi/2): reduces to |r| <= pi/4 and takes the Taylor series of sine or cosine. */
static REAL N(sine)(REAL x, int quarter) {
    if (!N(less)(N(abs)(x), N(whole)(1 << 20)))
        return N(nan)();
    double k = floor(N(to_double)(x) * TWO_OVER_PI + 0.5);
    REAL kr = N(from_double)(k);
    REAL r = N(sub)(N(sub)(x, N(mul)(kr, N(half_pi_high))), N(mul)(kr, N(half_pi_low)));
    int turn = (int)(((int64_t)k + quarter) & 3);
    uint32_t odd = turn % 2 == 0; /* sine: x * (1 - r^2/(2*3) ...); cosine: 1 - r^2/(1*2) ... */
    REAL square = N(neg)(N(mul)(r, r)), sum = N(whole)(1);
    for (uint32_t n = SIN_TERMS; n >= 1; n--)
        sum = N(add)(N(whole)(1),
                     N(div_small)(N(mul)(square, sum), (2 * n - 1 + odd) * (2 * n + odd)));
    REAL value = odd ? N(mul)(r, sum) : sum;
    return turn >= 2 ? N(neg)(value) : value;
}

/* atan(x) = pi/2 - atan(1/x); atan(x) = 2 atan(x / (1 + sqrt(1 + x^2))), twice: |x| <=
 * tan(pi/16). */
static REAL N(atan)(REAL x) {
    REAL one = N(whole)(1), a = N(abs)(x);
    if (N(is_nan)(x))
        return x;
    bool inverse = N(less)(one, a);
    REAL y = inverse ? N(div)(one, a) : a;
    for (int i = 0; i < 2; i++)
        y = N(div)(y, N(add)(one, N(sqrt)(N(add)(one, N(mul)(y, y)))));
    REAL value = N(scale)(N(arc_series)(y, true, ATAN_TERMS), 2);
    if (inverse)
        value = N(sub)(N(half_pi_high), N(sub)(value, N(half_pi_low)));
    return N(less)(x, N(whole)(0)) ? N(neg)(value) : value;
}

/* Integer powers up to 64 by multiplication (exact where they can be); otherwise e^(b ln a). */
static REAL N(pow)(REAL a, REAL b) {
    REAL magnitude = N(abs)(b);
    if (N(equal)(N(floor)(b), b) && !N(less)(N(whole)(64), magnitude)) {
        REAL value = N(whole)(1);
        for (int n = (int)N(to_double)(magnitude); n > 0; n--)
            value = N(mul)(value, a);
        return N(less)(b, N(whole)(0)) ? N(div)(N(whole)(1), value) : value;
    }
    if (N(equal)(b, N(scale)(N(whole)(1), -1)))
        return N(sqrt)(a);
    return N(exp)(N(mul)(b, N(log)(a)));
}

static REAL N(sign)(REAL a) {
    if (N(less)(a, N(whole)(0)))
        return N(whole)(-1);
    return N(less)(N(whole)(0), a) ? N(whole)(1) : N(is_nan)(a) ? a : N(whole)(0);
}

static REAL N(apply)(expr_op op, REAL a, REAL b, REAL c) {
    switch (op) {
    case EXPR_ADD:
        return N(add)(a, b);
    case EXPR_SUB:
        return N(sub)(a, b);
    case EXPR_MUL:
        return N(mul)(a, b);
    case EXPR_DIV:
        return N(div)(a, b);
    case EXPR_POW:
        return N(pow)(a, b);
    case EXPR_MIN:
        return N(min)(a, b);
    case EXPR_MAX:
        return N(max)(a, b);
    case EXPR_NEG:
        return N(neg)(a);
    case EXPR_ABS:
        return N(abs)(a);
    case EXPR_SIGN:
        return N(sign)(a);
    case EXPR_SQRT:
        return N(sqrt)(a);
    case EXPR_EXP:
        return N(exp)(a);
    case EXPR_LOG:
        return N(log)(a);
    case EXPR_ERF:
        return N(erf)(a);
    case EXPR_TANH:
        return N(tanh)(a);
    case EXPR_SIGMOID:
        return N(sigmoid)(a);
    case EXPR_SOFTPLUS:
        return N(softplus)(a);
    case EXPR_SIN:
        return N(sine)(a, 0);
    case EXPR_COS:
        return N(sine)(a, 1);
    case EXPR_ATAN:
        return N(atan)(a);
    case EXPR_FLOOR:
        return N(floor)(a);
    case EXPR_CEIL:
        return N(neg)(N(floor)(N(neg)(a)));
    case EXPR_ROUND:
        return N(round)(a);
    case EXPR_GREATER:
        return N(truth)(N(less)(b, a));
    case EXPR_GREATER_EQUAL:
        return N(truth)(N(less)(b, a) || N(equal)(a, b));
    case EXPR_EQUAL:
        return N(truth)(N(equal)(a, b));
    case EXPR_NOT:
        return N(truth)(N(equal)(a, N(whole)(0)));
    case EXPR_WHERE:
        return N(equal)(a, N(whole)(0)) ? c : b;
    case EXPR_VARIABLE:
    case EXPR_CONSTANT:
    case EXPR_NUM_OPS:
        break;
    }
    return a;
}

static REAL N(eval)(const expr *e, REAL x) {
    REAL values[EXPR_MAX_NODES];
    for (uint32_t i = 0; i < e->count; i++) {
        const expr_node *n = &e->nodes[i];
        if (n->op == EXPR_VARIABLE)
            values[i] = x;
        else if (n->op == EXPR_CONSTANT)
            values[i] = N(from_double)(n->constant);
        else
            values[i] = N(apply)(n->op, values[n->args[0]], values[n->args[1]], values[n->args[2]]);
    }
    return values[e->count - 1];
}
