/*
 * Batched additions of affine points; see math_kernels in kernels.h. Included by each backend with
 * CURVE (g1, g2), CURVE_F (fp, fp2) and LANE (fp8, fp2x8) defined, which are undefined here.
 *
 * With d = x2 - x1 the slope is (y2 - y1) / d, and where the points are equal 3 x1^2 / (2 y1). All
 * d share one inversion. Groups of eight pairs form PAIRS_CHAINS interleaved chains of products,
 * because a product's latency is several times its throughput.
 *
 * Bounds for the lazy form (lanes_scalar.h), in units of p. A mul of a and b is below 2.001 + a b /
 * 84; in Fp2 (ifma_loops.h) below 2.001 + a (b + 8) / 84 for b < 8. Stored coordinates lie in [0,
 * 2), those that reduce() leaves in [0, 1.7), negated ones in [0, 2]. So d and the numerators lie
 * below 4, a chain's product below 2.4, its inverse below 2.6, 1/d below 2.4, the slope below 2.6
 * and four times that below 10.4. x3 = slope^2 - x1 - x2 + 4 is below 2.5 + 4 and y3 below 10.4 *
 * 12 / 84 + 2.1 + 2, both less than 2^257, which is above 10.5.
 */
#define PAIRS_PASTE(a, b) a##_##b
#define PAIRS_JOIN(a, b) PAIRS_PASTE(a, b)
#define CURVE_FN(op) PAIRS_JOIN(CURVE, op)
#define LANE_FN(op) PAIRS_JOIN(LANE, op)
#define COORDINATE_FN(op) PAIRS_JOIN(CURVE_F, op)
#define POINT PAIRS_JOIN(CURVE, affine)

#ifndef PAIRS_LOOPS_ONCE
#define PAIRS_LOOPS_ONCE
/* Two addresses with different x for the lanes that the last group does not need. */
static const uint64_t PAIRS_PADDING[2][16] __attribute__((aligned(64))) = {{0}, {1}};

static inline unsigned pairs_addresses(point_ref out[LANES], const point_ref *refs) {
    unsigned signs = 0;
    for (int i = 0; i < LANES; i++) {
        signs |= (unsigned)(refs[i] & 1) << i;
        out[i] = refs[i] & ~(point_ref)1;
    }
    return signs;
}

/* The first `bytes` of a later group's points, which the processor does not reach while it
 * multiplies. */
static inline void pairs_prefetch(const point_ref *a, const point_ref *b, size_t bytes) {
    for (int i = 0; i < LANES; i++)
        for (size_t at = 0; at < bytes; at += 64) {
            __builtin_prefetch((const void *)(a[i] + at), 0, 3);
            __builtin_prefetch((const void *)(b[i] + at), 0, 3);
        }
}
#endif

typedef struct {
    const point_ref *a, *b;
    POINT **out;
    size_t groups;
    LANE *prefix;                 /* per group: product of its chain before it; PAIRS_CHAINS more */
    LANE *denominator;            /* per group: d */
    uint8_t *doubled, *vanishing; /* per group: lanes that double, lanes whose sum is infinity */
} CURVE_FN(pairs);

/*
 * Lanes of `suspects` may have x1 = x2. Those that have are noted as doublings, with denominator 2
 * y, or as vanishing, with denominator 1.
 */
static void CURVE_FN(pairs_meet)(CURVE_FN(pairs) * p, size_t g, LANE *d) {
    point_ref a[LANES], b[LANES];
    LANE x, y1, y2, sum, one;
    unsigned sign_a = pairs_addresses(a, p->a + LANES * g);
    unsigned sign_b = pairs_addresses(b, p->b + LANES * g);
    LANE exact = *d;
    LANE_FN(one)(&one);
    LANE_FN(mul)(&exact, d, &one);
    LANE_FN(reduce)(&exact);
    LANE_FN(canonical)(&exact);
    unsigned meeting = LANE_FN(is_zero)(&exact);
    if (meeting == 0)
        return;
    LANE_FN(load_xy)(&x, &y1, a);
    LANE_FN(load_xy)(&x, &y2, b);
    LANE_FN(negate)(&y1, sign_a);
    LANE_FN(negate)(&y2, sign_b);
    LANE_FN(add)(&sum, &y1, &y2);
    LANE_FN(tight)(&sum);
    LANE_FN(mul)(&exact, &sum, &one);
    LANE_FN(reduce)(&exact);
    LANE_FN(canonical)(&exact);
    unsigned vanishing = meeting & LANE_FN(is_zero)(&exact);
    p->vanishing[g] = (uint8_t)vanishing;
    p->doubled[g] = (uint8_t)(meeting & ~vanishing);
    LANE_FN(select)(d, meeting, &sum);
    LANE_FN(select)(d, vanishing, &one);
}

/* Denominators and their running products; the last PAIRS_CHAINS of these are those of whole
 * chains. */
static void CURVE_FN(pairs_forward)(CURVE_FN(pairs) * p) {
    for (int c = 0; c < PAIRS_CHAINS; c++)
        LANE_FN(one)(&p->prefix[c]);
    for (size_t g = 0; g < p->groups; g++) {
        point_ref a[LANES], b[LANES];
        LANE x1, x2, *d = &p->denominator[g], *product = &p->prefix[g + PAIRS_CHAINS];
        if (g + 1 < p->groups)
            pairs_prefetch(p->a + LANES * (g + 1), p->b + LANES * (g + 1), sizeof(CURVE_F));
        pairs_addresses(a, p->a + LANES * g);
        pairs_addresses(b, p->b + LANES * g);
        LANE_FN(load_x)(&x1, a);
        LANE_FN(load_x)(&x2, b);
        LANE_FN(sub)(d, &x2, &x1, 2);
        LANE_FN(tight)(d);
        if (LANE_FN(maybe_zero)(d) != 0)
            CURVE_FN(pairs_meet)(p, g, d);
        LANE_FN(mul)(product, &p->prefix[g], d);
        LANE_FN(tight_product)(product);
    }
}

/* Each product becomes its inverse's multiplier. */
static void CURVE_FN(pairs_invert)(LANE products[PAIRS_CHAINS]) {
    CURVE_F scalars[PAIRS_CHAINS * LANES], scratch[PAIRS_CHAINS * LANES];
    for (int c = 0; c < PAIRS_CHAINS; c++)
        LANE_FN(to_scalars)(scalars + LANES * c, &products[c]);
    COORDINATE_FN(batch_inv)(scalars, PAIRS_CHAINS * LANES, scratch);
    for (int c = 0; c < PAIRS_CHAINS; c++)
        LANE_FN(from_inverses)(&products[c], scalars + LANES * c);
}

/* The sums of group g, given the multipliers 1/d. */
static inline void CURVE_FN(pairs_finish)(CURVE_FN(pairs) * p, size_t g, const LANE *d_inv) {
    point_ref a[LANES], b[LANES];
    LANE x1, y1, x2, y2, x3, y3, slope;
    unsigned sign_a = pairs_addresses(a, p->a + LANES * g);
    unsigned sign_b = pairs_addresses(b, p->b + LANES * g);
    LANE_FN(load_xy)(&x1, &y1, a);
    LANE_FN(load_xy)(&x2, &y2, b);
    LANE_FN(negate)(&y1, sign_a);
    LANE_FN(negate)(&y2, sign_b);
    LANE_FN(sub)(&y2, &y2, &y1, 2);
    LANE_FN(tight)(&y2);
    if (p->doubled[g] != 0) {
        LANE numerator;
        LANE_FN(triple_square)(&numerator, &x1);
        LANE_FN(tight)(&numerator);
        LANE_FN(select)(&y2, p->doubled[g], &numerator);
    }
    LANE_FN(mul)(&slope, &y2, d_inv);
    LANE_FN(tight_product)(&slope);
    LANE_FN(sqr)(&x3, &slope);
    LANE_FN(from_square)(&x3);
    LANE_FN(add)(&x2, &x2, &x1);
    LANE_FN(slim)(&x2);
    LANE_FN(sub)(&x3, &x3, &x2, 4);
    LANE_FN(reduce)(&x3);
    LANE_FN(sub)(&x1, &x1, &x3, 2);
    LANE_FN(tight)(&x1);
    LANE_FN(slope)(&slope);
    LANE_FN(mul)(&y3, &slope, &x1);
    LANE_FN(sub)(&y3, &y3, &y1, 2);
    LANE_FN(reduce)(&y3);
    LANE_FN(store_xy)((void *const *)(p->out + LANES * g), &x3, &y3);
    for (unsigned m = p->vanishing[g]; m != 0; m &= m - 1)
        CURVE_FN(affine_set_infinity)(p->out[LANES * g + (unsigned)__builtin_ctz(m)]);
}

/* inverses[c] belongs to the chain that ends in group p->groups + c - PAIRS_CHAINS. */
static void CURVE_FN(pairs_backward)(CURVE_FN(pairs) * p, LANE inverses[PAIRS_CHAINS]) {
    for (size_t g = p->groups, c = PAIRS_CHAINS; g-- > 0;) {
        c = (c == 0 ? PAIRS_CHAINS : c) - 1;
        LANE *inverse = &inverses[c];
        if (g > 0)
            pairs_prefetch(p->a + LANES * (g - 1), p->b + LANES * (g - 1), sizeof(POINT));
        LANE d_inv;
        LANE_FN(mul)(&d_inv, &p->prefix[g], inverse);
        LANE_FN(tight_product)(&d_inv);
        LANE_FN(mul)(inverse, &p->denominator[g], inverse);
        LANE_FN(tight_product)(inverse);
        CURVE_FN(pairs_finish)(p, g, &d_inv);
    }
}

static void CURVE_FN(add_pairs)(point_ref *a, point_ref *b, POINT **out, size_t n, void *scratch) {
    if (n == 0)
        return;
    CURVE_FN(pairs) p = {.a = a, .b = b, .out = out, .groups = (n + LANES - 1) / LANES};
    POINT *sink = scratch;
    p.prefix = (LANE *)(void *)((uint8_t *)scratch + 256);
    p.denominator = p.prefix + p.groups + PAIRS_CHAINS;
    p.doubled = (uint8_t *)(p.denominator + p.groups);
    p.vanishing = p.doubled + p.groups;
    memset(p.doubled, 0, 2 * p.groups);
    for (size_t i = n; i < LANES * p.groups; i++) {
        a[i] = (point_ref)PAIRS_PADDING[0];
        b[i] = (point_ref)PAIRS_PADDING[1];
        out[i] = sink;
    }
    CURVE_FN(pairs_forward)(&p);
    CURVE_FN(pairs_invert)(p.prefix + p.groups);
    CURVE_FN(pairs_backward)(&p, p.prefix + p.groups);
}

static void CURVE_FN(canonical)(POINT *points, size_t n) {
    for (size_t i = 0; i < n; i += LANES) {
        point_ref p[LANES];
        void *to[LANES];
        POINT sink = {0};
        LANE x, y;
        for (size_t j = 0; j < LANES; j++) {
            to[j] = i + j < n ? &points[i + j] : &sink;
            p[j] = (point_ref)to[j];
        }
        LANE_FN(load_xy)(&x, &y, p);
        LANE_FN(canonical)(&x);
        LANE_FN(canonical)(&y);
        LANE_FN(store_xy)(to, &x, &y);
    }
}

#undef PAIRS_PASTE
#undef PAIRS_JOIN
#undef CURVE_FN
#undef LANE_FN
#undef COORDINATE_FN
#undef POINT
#undef CURVE
#undef CURVE_F
#undef LANE
