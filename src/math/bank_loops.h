/*
 * Points kept in the backend's own form; see bank in kernels.h. Included by each backend with CURVE
 * (g1, g2), CURVE_F (fp, fp2) and LANE (fp8, fp2x8) defined, which are undefined here.
 *
 * The shared inversion is that of pairs_loops.h, and so are the formulas of additions, without what
 * points in memory need: addresses, conversions and a test of every sum for a doubling. A
 * doubling's denominators are the points' own y: a constant for all makes the slope 3 x^2 / (2 y)
 * of x^2 / y.
 *
 * Bounds for the lazy forms. With the notation of pairs_loops.h coordinates in registers lie below
 * 1.7, after a load below 2, negated ones in [0, 2]. Slopes lie below 2.6, or 1.7 where a
 * double_add reduces one: 2.6 + 5 - 2 * 2.4 before. x sums up at most 2 + 2 + 2, so a reduction
 * sees at most 2.6 + 6 < 10.5. In the form of lanes_fma.h all that is multiplied is tight; the sums
 * before a reduction have limbs of at most 5.1 u, less at most 4 p, whose limbs below the highest
 * are 0.55 u: below 8 u as reduce() needs.
 */
#define BANK_PASTE(a, b) a##_##b
#define BANK_JOIN(a, b) BANK_PASTE(a, b)
#define CURVE_FN(op) BANK_JOIN(CURVE, op)
#define LANE_FN(op) BANK_JOIN(LANE, op)
#define POINT CURVE_FN(affine)

/*
 * What a step keeps for each group between its passes. Groups g = c mod PAIRS_CHAINS form chain c;
 * a chain goes from its first group to its last, or back. prefix[g] is the product of the
 * denominators before g on the way there, prefix[g + PAIRS_CHAINS] that of those before it on the
 * way back.
 */
typedef struct {
    LANE *prefix;
    LANE *denominator;
    LANE *x; /* the term's and the point's, added; then the slope through both */
} CURVE_FN(bank_room);

static inline LANE *CURVE_FN(bank_at)(const bank *r, unsigned number) {
    return (LANE *)r->registers + 2 * r->groups * number;
}

static CURVE_FN(bank_room) CURVE_FN(bank_room_of)(const bank *r) {
    CURVE_FN(bank_room) room = {.prefix = r->scratch};
    room.denominator = room.prefix + r->groups + PAIRS_CHAINS;
    room.x = room.denominator + r->groups;
    return room;
}

static inline void CURVE_FN(bank_begin)(LANE *prefixes) {
    for (int c = 0; c < PAIRS_CHAINS; c++)
        LANE_FN(one)(&prefixes[c]);
}

static inline void CURVE_FN(bank_chain)(LANE *after, const LANE *before, const LANE *d) {
    LANE_FN(mul)(after, before, d);
    LANE_FN(tight_product)(after);
}

/* The inverses of the chains' products, which are in prefixes[c] for chain (first + c) mod
 * PAIRS_CHAINS. */
static inline void CURVE_FN(bank_invert)(LANE inverses[PAIRS_CHAINS], const LANE *prefixes,
                                         size_t first) {
    for (size_t c = 0; c < PAIRS_CHAINS; c++)
        inverses[(first + c) % PAIRS_CHAINS] = prefixes[c];
    CURVE_FN(pairs_invert)(inverses);
}

/* The multiplier 1/d of the last group in its chain, which leaves the chain. */
static inline void CURVE_FN(bank_unchain)(LANE *d_inv, const LANE *before, const LANE *d,
                                          LANE *inverse) {
    LANE_FN(mul)(d_inv, before, inverse);
    LANE_FN(tight_product)(d_inv);
    LANE_FN(mul)(inverse, d, inverse);
    LANE_FN(tight_product)(inverse);
}

/* The sum of p and another point, the line through which has this slope; x is the sum of both x. o
 * may be p. */
static inline void CURVE_FN(bank_third)(LANE *o, const LANE *p, const LANE *x, LANE *slope) {
    LANE x3, run;
    LANE_FN(sqr)(&x3, slope);
    LANE_FN(from_square)(&x3);
    LANE_FN(sub)(&x3, &x3, x, 6);
    LANE_FN(reduce)(&x3);
    LANE_FN(sub)(&run, &p[0], &x3, 2);
    LANE_FN(tight)(&run);
    LANE_FN(slope)(slope);
    LANE_FN(mul)(&run, slope, &run);
    LANE_FN(sub)(&o[1], &run, &p[1], 2);
    LANE_FN(reduce)(&o[1]);
    LANE_FN(copy)(&o[0], &x3);
}

static void CURVE_FN(bank_double)(const bank *r, unsigned to, unsigned from) {
    const CURVE_FN(bank_room) room = CURVE_FN(bank_room_of)(r);
    const LANE *in = CURVE_FN(bank_at)(r, from);
    LANE *out = CURVE_FN(bank_at)(r, to), inverses[PAIRS_CHAINS];
    CURVE_FN(bank_begin)(room.prefix);
    for (size_t g = 0; g < r->groups; g++)
        CURVE_FN(bank_chain)(&room.prefix[g + PAIRS_CHAINS], &room.prefix[g], &in[2 * g + 1]);
    CURVE_FN(bank_invert)(inverses, &room.prefix[r->groups], r->groups);
    for (int c = 0; c < PAIRS_CHAINS; c++)
        LANE_FN(tangent_factor)(&inverses[c]);
    for (size_t g = r->groups; g-- > 0;) {
        LANE slope, factor, x;
        CURVE_FN(bank_unchain)
        (&factor, &room.prefix[g], &in[2 * g + 1], &inverses[g % PAIRS_CHAINS]);
        LANE_FN(sqr)(&slope, &in[2 * g]);
        LANE_FN(tight_product)(&slope);
        LANE_FN(mul)(&slope, &slope, &factor);
        LANE_FN(tight_product)(&slope);
        LANE_FN(add)(&x, &in[2 * g], &in[2 * g]);
        CURVE_FN(bank_third)(&out[2 * g], &in[2 * g], &x, &slope);
    }
}

/* A coordinate (0: x, 1: y) of group g's terms: in the table, or in *room, changed. */
static inline const LANE *CURVE_FN(bank_pick)(LANE *room, const bank *r, const bank_term *t,
                                              size_t g, int coordinate) {
    const LANE *at = CURVE_FN(bank_at)(r, t->table) + 2 * g + coordinate;
    const bool changes = coordinate == 0 ? t->beta != NULL : t->negative != NULL;
    if (t->entry)
        LANE_FN(pick)(room, at, 2 * r->groups, t->entry + LANES * g);
    else if (changes)
        LANE_FN(copy)(room, at);
    else
        return at;
    if (changes && coordinate == 0) {
        LANE_FN(mul_beta)(room, t->beta);
        LANE_FN(reduce)(room);
    } else if (changes) {
        LANE_FN(negate)(room, t->negative[g]);
    }
    return room;
}

static void CURVE_FN(bank_set)(const bank *r, unsigned to, const bank_term *t) {
    LANE *out = CURVE_FN(bank_at)(r, to);
    for (size_t g = 0; g < r->groups; g++) {
        LANE room;
        out[2 * g] = *CURVE_FN(bank_pick)(&room, r, t, g, 0);
        out[2 * g + 1] = *CURVE_FN(bank_pick)(&room, r, t, g, 1);
        LANE_FN(reduce)(&out[2 * g + 1]);
    }
}

/* Lanes of d that are 0 are noted and take 1 instead. */
static void CURVE_FN(bank_meet)(const bank *r, size_t g, LANE *d) {
    LANE one, exact;
    LANE_FN(one)(&one);
    LANE_FN(mul)(&exact, d, &one);
    LANE_FN(reduce)(&exact);
    LANE_FN(canonical)(&exact);
    const unsigned met = LANE_FN(is_zero)(&exact);
    r->met[g] |= (uint8_t)met;
    LANE_FN(select)(d, met, &one);
}

/* Sums and differences of the terms' x and the points', and the inverses of the latter's products.
 */
static void CURVE_FN(bank_approach)(const bank *r, const CURVE_FN(bank_room) * room, const LANE *in,
                                    const bank_term *t, LANE inverses[PAIRS_CHAINS]) {
    CURVE_FN(bank_begin)(room->prefix);
    for (size_t g = 0; g < r->groups; g++) {
        LANE *d = &room->denominator[g], picked;
        const LANE *x = CURVE_FN(bank_pick)(&picked, r, t, g, 0);
        LANE_FN(add)(&room->x[g], x, &in[2 * g]);
        LANE_FN(sub)(d, x, &in[2 * g], 2);
        LANE_FN(tight)(d);
        if (LANE_FN(maybe_zero)(d) != 0)
            CURVE_FN(bank_meet)(r, g, d);
        CURVE_FN(bank_chain)(&room->prefix[g + PAIRS_CHAINS], &room->prefix[g], d);
    }
    CURVE_FN(bank_invert)(inverses, &room->prefix[r->groups], r->groups);
}

static void CURVE_FN(bank_add)(const bank *r, unsigned to, unsigned from, const bank_term *t) {
    const CURVE_FN(bank_room) room = CURVE_FN(bank_room_of)(r);
    const LANE *in = CURVE_FN(bank_at)(r, from);
    LANE *out = CURVE_FN(bank_at)(r, to), inverses[PAIRS_CHAINS];
    CURVE_FN(bank_approach)(r, &room, in, t, inverses);
    for (size_t g = r->groups; g-- > 0;) {
        LANE slope, picked, d_inv;
        CURVE_FN(bank_unchain)
        (&d_inv, &room.prefix[g], &room.denominator[g], &inverses[g % PAIRS_CHAINS]);
        LANE_FN(sub)(&slope, CURVE_FN(bank_pick)(&picked, r, t, g, 1), &in[2 * g + 1], 2);
        LANE_FN(tight)(&slope);
        LANE_FN(mul)(&slope, &slope, &d_inv);
        LANE_FN(tight_product)(&slope);
        CURVE_FN(bank_third)(&out[2 * g], &in[2 * g], &room.x[g], &slope);
    }
}

/*
 * 2P + Q as (P + Q) + P, without the y of the sum between (Eisentraeger, Lauter, Montgomery, "Fast
 * elliptic curve arithmetic and improved Weil pairing evaluation", CT-RSA 2003). With l the slope
 * from P to Q and d = l^2 - 2 x_P - x_Q what lies between x_P and the sum's x, the slope from the
 * sum to P is -l - 2 y_P / d; x_P and the sum's x add up to 2 x_P + d.
 */
static void CURVE_FN(bank_double_add)(const bank *r, unsigned to, unsigned from,
                                      const bank_term *t) {
    const CURVE_FN(bank_room) room = CURVE_FN(bank_room_of)(r);
    const LANE *in = CURVE_FN(bank_at)(r, from);
    LANE *out = CURVE_FN(bank_at)(r, to), inverses[PAIRS_CHAINS];
    CURVE_FN(bank_approach)(r, &room, in, t, inverses);
    CURVE_FN(bank_begin)(&room.prefix[r->groups]);
    for (size_t g = r->groups; g-- > 0;) {
        LANE *slope = &room.x[g], *d = &room.denominator[g], x, y, d_inv;
        CURVE_FN(bank_unchain)(&d_inv, &room.prefix[g], d, &inverses[g % PAIRS_CHAINS]);
        LANE_FN(add)(&x, slope, &in[2 * g]);
        LANE_FN(sub)(&y, &in[2 * g + 1], CURVE_FN(bank_pick)(&y, r, t, g, 1), 2);
        LANE_FN(tight)(&y);
        LANE_FN(mul)(slope, &y, &d_inv);
        LANE_FN(tight_product)(slope);
        LANE_FN(sqr)(d, slope);
        LANE_FN(from_square)(d);
        LANE_FN(sub)(d, d, &x, 6);
        LANE_FN(reduce)(d);
        if (LANE_FN(maybe_zero)(d) != 0)
            CURVE_FN(bank_meet)(r, g, d);
        CURVE_FN(bank_chain)(&room.prefix[g], &room.prefix[g + PAIRS_CHAINS], d);
    }
    CURVE_FN(bank_invert)(inverses, room.prefix, 0);
    for (size_t g = 0; g < r->groups; g++) {
        LANE *slope = &room.x[g], *d = &room.denominator[g], x, quotient;
        CURVE_FN(bank_unchain)
        (&quotient, &room.prefix[g + PAIRS_CHAINS], d, &inverses[g % PAIRS_CHAINS]);
        LANE_FN(mul)(&quotient, &in[2 * g + 1], &quotient);
        LANE_FN(tight_product)(&quotient);
        LANE_FN(add)(&quotient, &quotient, &quotient);
        LANE_FN(sub)(slope, slope, &quotient, 5);
        LANE_FN(reduce)(slope);
        LANE_FN(add)(&x, &in[2 * g], &in[2 * g]);
        LANE_FN(add)(&x, &x, d);
        CURVE_FN(bank_third)(&out[2 * g], &in[2 * g], &x, slope);
    }
}

static void CURVE_FN(bank_load)(const bank *r, unsigned to, const POINT *points) {
    LANE *out = CURVE_FN(bank_at)(r, to);
    for (size_t g = 0; g < r->groups; g++) {
        point_ref p[LANES];
        for (size_t i = 0; i < LANES; i++)
            p[i] = (point_ref)&points[LANES * g + i];
        LANE_FN(load_xy)(&out[2 * g], &out[2 * g + 1], p);
        LANE_FN(slim)(&out[2 * g]);
        LANE_FN(slim)(&out[2 * g + 1]);
    }
}

static void CURVE_FN(bank_store)(const bank *r, POINT *points, unsigned from) {
    const LANE *in = CURVE_FN(bank_at)(r, from);
    for (size_t g = 0; g < r->groups; g++) {
        void *p[LANES];
        LANE x = in[2 * g], y = in[2 * g + 1];
        for (size_t i = 0; i < LANES; i++)
            p[i] = &points[LANES * g + i];
        LANE_FN(reduce)(&x);
        LANE_FN(reduce)(&y);
        LANE_FN(canonical)(&x);
        LANE_FN(canonical)(&y);
        LANE_FN(store_xy)(p, &x, &y);
    }
}

#undef BANK_PASTE
#undef BANK_JOIN
#undef CURVE_FN
#undef LANE_FN
#undef POINT
#undef CURVE
#undef CURVE_F
#undef LANE
