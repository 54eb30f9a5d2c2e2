/*
 * Eight elements of a field as an array, over the scalar operations: the reference for the vector
 * backends, which offer the same operations under the same names (lanes_ifma.h). Included with
 * FIELD and LANE defined (fp and fp8, fr and fr8).
 *
 * The vector form is lazy, and callers keep its rules, which this form does not need:
 * - mul and sqr want *tight* operands and give loose ones; tight() makes an element tight, and
 *   tight_product() one that comes right from mul or sqr. mul_twiddle takes loose data.
 * - slim() keeps a loose element from growing, between additions, in forms with little room for it.
 * - shrink() takes a loose value below 84 p below 3 p.
 * - sub adds k p and wants a second operand of at most that; the result is loose.
 * - reduce() takes a loose value below 2^257 to a tight one below 2p; reduce_product() does with
 *   one that comes right from mul.
 * - A *multiplier* or *twiddle* is a factor for data: mul(data, multiplier) is their field product.
 *   Data times data comes out multiplied by a constant where the vector form's radix is not 2^256;
 *   the constants lambda and triple below undo that. Here all of them are 1.
 */
#define LANE_PASTE(a, b) a##_##b
#define LANE_JOIN(a, b) LANE_PASTE(a, b)
#define LANE_FN(op) LANE_JOIN(LANE, op)
#define FIELD_FN(op) LANE_JOIN(FIELD, op)

typedef struct {
    FIELD e[LANES];
} LANE;

/* One element at p[i] + offset bytes for each lane. */
static inline void LANE_FN(load1)(LANE *o, const point_ref p[LANES], size_t offset) {
    for (int i = 0; i < LANES; i++)
        o->e[i] = *(const FIELD *)(p[i] + offset);
}

/* Two adjacent elements at p[i] + offset bytes. */
static inline void LANE_FN(load2)(LANE *a, LANE *b, const point_ref p[LANES], size_t offset) {
    LANE_FN(load1)(a, p, offset);
    LANE_FN(load1)(b, p, offset + sizeof(FIELD));
}

static inline void LANE_FN(store2)(void *const p[LANES], size_t offset, const LANE *a,
                                   const LANE *b) {
    for (int i = 0; i < LANES; i++) {
        FIELD *to = (FIELD *)(void *)((uint8_t *)p[i] + offset);
        to[0] = a->e[i];
        to[1] = b->e[i];
    }
}

/* Eight consecutive elements. */
static inline void LANE_FN(load_row)(LANE *o, const FIELD *p) {
    for (int i = 0; i < LANES; i++)
        o->e[i] = p[i];
}

/* a is reduced and, for this, canonical. */
static inline void LANE_FN(store_row)(FIELD *p, const LANE *a) {
    for (int i = 0; i < LANES; i++)
        p[i] = a->e[i];
}

static inline void LANE_FN(mul)(LANE *o, const LANE *a, const LANE *b) {
    for (int i = 0; i < LANES; i++)
        FIELD_FN(mul)(&o->e[i], &a->e[i], &b->e[i]);
}

static inline void LANE_FN(sqr)(LANE *o, const LANE *a) {
    for (int i = 0; i < LANES; i++)
        FIELD_FN(sqr)(&o->e[i], &a->e[i]);
}

static inline void LANE_FN(add)(LANE *o, const LANE *a, const LANE *b) {
    for (int i = 0; i < LANES; i++)
        FIELD_FN(add)(&o->e[i], &a->e[i], &b->e[i]);
}

static inline void LANE_FN(sub)(LANE *o, const LANE *a, const LANE *b, uint64_t k) {
    (void)k;
    for (int i = 0; i < LANES; i++)
        FIELD_FN(sub)(&o->e[i], &a->e[i], &b->e[i]);
}

static inline void LANE_FN(tight)(LANE *a) { (void)a; }

static inline void LANE_FN(tight_product)(LANE *a) { (void)a; }

static inline void LANE_FN(slim)(LANE *a) { (void)a; }

static inline void LANE_FN(shrink)(LANE *a) { (void)a; }

static inline void LANE_FN(reduce)(LANE *a) { (void)a; }

static inline void LANE_FN(reduce_product)(LANE *a) { (void)a; }

/* From a tight value below 2p. */
static inline void LANE_FN(canonical)(LANE *a) { (void)a; }

/* -a (plus 2p) in the lanes of mask; a is below 2p. */
static inline void LANE_FN(negate)(LANE *a, unsigned mask) {
    for (int i = 0; i < LANES; i++)
        if (mask >> i & 1)
            FIELD_FN(neg)(&a->e[i], &a->e[i]);
}

static inline void LANE_FN(copy)(LANE *o, const LANE *a) { *o = *a; }

static inline void LANE_FN(select)(LANE *a, unsigned mask, const LANE *b) {
    for (int i = 0; i < LANES; i++)
        if (mask >> i & 1)
            a->e[i] = b->e[i];
}

/* Lane i of *out[k] is lane k of in[i]. */
static inline void LANE_FN(transpose)(LANE *const out[LANES], const LANE in[LANES]) {
    for (int i = 0; i < LANES; i++)
        for (int k = 0; k < LANES; k++)
            out[k]->e[i] = in[i].e[k];
}

/* Lane i from base[stride * entry[i]]. */
static inline void LANE_FN(pick)(LANE *o, const LANE *base, size_t stride,
                                 const uint8_t entry[LANES]) {
    for (int i = 0; i < LANES; i++)
        o->e[i] = base[stride * entry[i]].e[i];
}

/* Lanes that are 0, for a canonical value. */
static inline unsigned LANE_FN(is_zero)(const LANE *a) {
    unsigned mask = 0;
    for (int i = 0; i < LANES; i++)
        mask |= (unsigned)FIELD_FN(is_zero)(&a->e[i]) << i;
    return mask;
}

/* At least the lanes that are 0 mod p, and hardly any other, for a tight value below 4p. */
static inline unsigned LANE_FN(maybe_zero)(const LANE *a) { return LANE_FN(is_zero)(a); }

/* The residues, canonical, as scalar elements with the same limbs. */
static inline void LANE_FN(to_scalars)(FIELD out[LANES], const LANE *a) {
    for (int i = 0; i < LANES; i++)
        out[i] = a->e[i];
}

/* From the inverses that scalar code took of to_scalars' output: the factor that makes of data y
 * the quotient y/x in the form whose square is data after from_square (see slope). */
static inline void LANE_FN(from_inverses)(LANE *o, const FIELD in[LANES]) {
    for (int i = 0; i < LANES; i++)
        o->e[i] = in[i];
}

/* From that form to a multiplier, both tight; at most four times as large. */
static inline void LANE_FN(slope)(LANE *a) { (void)a; }

/* From the square of what from_inverses() led to, to data. */
static inline void LANE_FN(from_square)(LANE *a) { (void)a; }

/* From the product of two data (loose) to three times their field product, as data (loose). */
static inline void LANE_FN(triple_data)(LANE *o, const LANE *a) {
    LANE twice;
    LANE_FN(add)(&twice, a, a);
    LANE_FN(add)(o, &twice, a);
}

/* From what from_inverses() makes of y to the factor that turns the product of data x with itself
 * (tight) into the tangent's slope 3 x^2 / (2 y), as a quotient. */
static inline void LANE_FN(tangent_factor)(LANE *inverse) {
    for (int i = 0; i < LANES; i++) {
        FIELD half;
        FIELD_FN(halve)(&half, &inverse->e[i]);
        FIELD_FN(add)(&inverse->e[i], &inverse->e[i], &half);
    }
}

/* The multiplier 1. */
static inline void LANE_FN(one)(LANE *o) {
    for (int i = 0; i < LANES; i++)
        FIELD_FN(set_one)(&o->e[i]);
}

static inline void LANE_FN(zero)(LANE *o) {
    for (int i = 0; i < LANES; i++)
        FIELD_FN(set_zero)(&o->e[i]);
}

/* Data (tight) to a multiplier (tight). */
static inline void LANE_FN(multiplier)(LANE *a) { (void)a; }

/* Data (tight) to the canonical integer it stands for. */
static inline void LANE_FN(integer)(LANE *a) {
    for (int i = 0; i < LANES; i++)
        FIELD_FN(to_limbs)(a->e[i].l, &a->e[i]);
}

/* mul by one twiddle in all lanes. */
static inline void LANE_FN(mul_twiddle)(LANE *o, const LANE *a, const uint8_t *twiddle) {
    const FIELD *t = (const FIELD *)(const void *)twiddle;
    for (int i = 0; i < LANES; i++)
        FIELD_FN(mul)(&o->e[i], &a->e[i], t);
}

static inline void FIELD_FN(twiddles)(uint8_t *out, const FIELD *in, size_t n) {
    for (size_t i = 0; i < n; i++)
        memcpy(out + i * TWIDDLE_BYTES, &in[i], sizeof(FIELD));
}

#undef FIELD_FN
#undef LANE_FN
#undef LANE_JOIN
#undef LANE_PASTE
