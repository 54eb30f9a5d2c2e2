/*
 * Points kept in the backend's own form; see bank in kernels.h. Included by each backend with CURVE
 * (g1, g2), CURVE_F (fp, fp2) and LANE (fp8, fp2x8) defined, which are undefined here.
 *
 * The formulas, the shared inversion and the bounds are those of pairs_loops.h, without what points
 * in memory need: addresses, conversions and a test of every sum for a doubling.
 */
#define BANK_PASTE(a, b) a##_##b
#define BANK_JOIN(a, b) BANK_PASTE(a, b)
#define CURVE_FN(op) BANK_JOIN(CURVE, op)
#define LANE_FN(op) BANK_JOIN(LANE, op)
#define POINT CURVE_FN(affine)

#ifndef BANK_LOOPS_ONCE
#define BANK_LOOPS_ONCE
static inline unsigned bank_mask(const uint8_t *masks, size_t g) { return masks ? masks[g] : 0; }
#endif

/* What a step keeps for each group between its two passes. */
typedef struct {
    LANE *prefix; /* PAIRS_CHAINS more */
    LANE *denominator;
    LANE *x; /* the term's */
} CURVE_FN(bank_room);

static inline LANE *CURVE_FN(bank_at)(const bank *r, unsigned number) {
    return (LANE *)r->registers + 2 * r->groups * number;
}

static CURVE_FN(bank_room) CURVE_FN(bank_begin)(const bank *r) {
    CURVE_FN(bank_room) room = {.prefix = r->scratch};
    room.denominator = room.prefix + r->groups + PAIRS_CHAINS;
    room.x = room.denominator + r->groups;
    for (int c = 0; c < PAIRS_CHAINS; c++)
        LANE_FN(one)(&room.prefix[c]);
    return room;
}

static inline void CURVE_FN(bank_chain)(const CURVE_FN(bank_room) * room, size_t g) {
    LANE *product = &room->prefix[g + PAIRS_CHAINS];
    LANE_FN(mul)(product, &room->prefix[g], &room->denominator[g]);
    LANE_FN(tight_product)(product);
}

/* The multiplier 1/d of group g, from the last to the first. */
static inline void CURVE_FN(bank_unchain)(LANE *d_inv, const CURVE_FN(bank_room) * room, size_t g,
                                          LANE *inverses) {
    LANE *inverse = &inverses[g % PAIRS_CHAINS];
    LANE_FN(mul)(d_inv, &room->prefix[g], inverse);
    LANE_FN(tight_product)(d_inv);
    LANE_FN(mul)(inverse, &room->denominator[g], inverse);
    LANE_FN(tight_product)(inverse);
}

/* The inverses of the chains' products, that of group g's chain at g mod PAIRS_CHAINS. */
static void CURVE_FN(bank_invert)(LANE inverses[PAIRS_CHAINS], const CURVE_FN(bank_room) * room,
                                  size_t groups) {
    for (size_t c = 0; c < PAIRS_CHAINS; c++)
        inverses[(groups + c) % PAIRS_CHAINS] = room->prefix[groups + c];
    CURVE_FN(pairs_invert)(inverses);
}

/* (x1, y1) and a point on the line through it of this slope and x = x2 make (x1, y1). */
static inline void CURVE_FN(bank_third)(LANE *x1, LANE *y1, LANE *x2, LANE *slope) {
    LANE x3;
    LANE_FN(tight_product)(slope);
    LANE_FN(sqr)(&x3, slope);
    LANE_FN(from_square)(&x3);
    LANE_FN(add)(x2, x2, x1);
    LANE_FN(slim)(x2);
    LANE_FN(sub)(&x3, &x3, x2, 4);
    LANE_FN(reduce)(&x3);
    LANE_FN(sub)(x1, x1, &x3, 2);
    LANE_FN(tight)(x1);
    LANE_FN(slope)(slope);
    LANE_FN(mul)(x2, slope, x1);
    LANE_FN(sub)(y1, x2, y1, 2);
    LANE_FN(reduce)(y1);
    *x1 = x3;
}

static void CURVE_FN(bank_double)(const bank *r, unsigned to, unsigned from) {
    const CURVE_FN(bank_room) room = CURVE_FN(bank_begin)(r);
    const LANE *in = CURVE_FN(bank_at)(r, from);
    LANE *out = CURVE_FN(bank_at)(r, to), inverses[PAIRS_CHAINS];
    for (size_t g = 0; g < r->groups; g++) {
        LANE_FN(tangent_below)(&room.denominator[g], &in[2 * g + 1]);
        CURVE_FN(bank_chain)(&room, g);
    }
    CURVE_FN(bank_invert)(inverses, &room, r->groups);
    for (size_t g = r->groups; g-- > 0;) {
        LANE x1 = in[2 * g], y1 = in[2 * g + 1], x2 = x1, slope, d_inv;
        CURVE_FN(bank_unchain)(&d_inv, &room, g, inverses);
        LANE_FN(tangent)(&slope, &x1);
        LANE_FN(mul)(&slope, &slope, &d_inv);
        CURVE_FN(bank_third)(&x1, &y1, &x2, &slope);
        out[2 * g] = x1;
        out[2 * g + 1] = y1;
    }
}

/* A coordinate (0: x, 1: y) of group g's terms. */
static inline void CURVE_FN(bank_pick)(LANE *o, const bank *r, const bank_term *t, size_t g,
                                       int coordinate) {
    const LANE *at = CURVE_FN(bank_at)(r, t->table) + 2 * g + coordinate;
    if (t->entry)
        LANE_FN(pick)(o, at, 2 * r->groups, t->entry + LANES * g);
    else
        *o = *at;
}

/* Lanes of d = x2 - x1 that are 0 are noted and take 1 instead. */
static void CURVE_FN(bank_meet)(const bank *r, size_t g, LANE *d, const LANE *one) {
    LANE exact;
    LANE_FN(mul)(&exact, d, one);
    LANE_FN(reduce)(&exact);
    LANE_FN(canonical)(&exact);
    const unsigned met = LANE_FN(is_zero)(&exact);
    r->met[g] |= (uint8_t)met;
    LANE_FN(select)(d, met, one);
}

static void CURVE_FN(bank_add)(const bank *r, unsigned to, unsigned from, const bank_term *t) {
    const CURVE_FN(bank_room) room = CURVE_FN(bank_begin)(r);
    const LANE *in = CURVE_FN(bank_at)(r, from);
    LANE *out = CURVE_FN(bank_at)(r, to), inverses[PAIRS_CHAINS], one;
    LANE_FN(one)(&one);
    for (size_t g = 0; g < r->groups; g++) {
        LANE *d = &room.denominator[g];
        const unsigned idle = bank_mask(t->absent, g) | bank_mask(t->fresh, g);
        CURVE_FN(bank_pick)(&room.x[g], r, t, g, 0);
        if (t->beta) {
            LANE_FN(mul_beta)(&room.x[g], t->beta);
            LANE_FN(reduce)(&room.x[g]);
        }
        LANE_FN(sub)(d, &room.x[g], &in[2 * g], 2);
        LANE_FN(tight)(d);
        if (idle != 0)
            LANE_FN(select)(d, idle, &one);
        if (LANE_FN(maybe_zero)(d) != 0)
            CURVE_FN(bank_meet)(r, g, d, &one);
        CURVE_FN(bank_chain)(&room, g);
    }
    CURVE_FN(bank_invert)(inverses, &room, r->groups);
    for (size_t g = r->groups; g-- > 0;) {
        const unsigned absent = bank_mask(t->absent, g), fresh = bank_mask(t->fresh, g) & ~absent;
        LANE x1 = in[2 * g], y1 = in[2 * g + 1], x2 = room.x[g], y2, slope, d_inv;
        CURVE_FN(bank_unchain)(&d_inv, &room, g, inverses);
        CURVE_FN(bank_pick)(&y2, r, t, g, 1);
        if (t->negative)
            LANE_FN(negate)(&y2, t->negative[g]);
        LANE_FN(sub)(&slope, &y2, &y1, 2);
        LANE_FN(tight)(&slope);
        LANE_FN(mul)(&slope, &slope, &d_inv);
        CURVE_FN(bank_third)(&x1, &y1, &x2, &slope);
        if (absent != 0) {
            LANE_FN(select)(&x1, absent, &in[2 * g]);
            LANE_FN(select)(&y1, absent, &in[2 * g + 1]);
        }
        if (fresh != 0) {
            LANE_FN(select)(&x1, fresh, &room.x[g]);
            LANE_FN(select)(&y1, fresh, &y2);
        }
        out[2 * g] = x1;
        out[2 * g + 1] = y1;
    }
}

static void CURVE_FN(bank_load)(const bank *r, unsigned to, const POINT *points) {
    LANE *out = CURVE_FN(bank_at)(r, to);
    for (size_t g = 0; g < r->groups; g++) {
        point_ref p[LANES];
        for (size_t i = 0; i < LANES; i++)
            p[i] = (point_ref)&points[LANES * g + i];
        LANE_FN(load_xy)(&out[2 * g], &out[2 * g + 1], p);
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
