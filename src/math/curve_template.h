/*
 * A short Weierstrass curve y^2 = x^3 + b in Jacobian coordinates (x/z^2, y/z^3): the inline half
 * of the template that g1.h and g2.h compile once each. Before inclusion are defined: CURVE (type
 * and prefix), CURVE_F (coordinate field's prefix). They are undefined here.
 *
 * CURVE_affine is (x, y), with (0, 0) for infinity: (0, 0) is on no curve with b != 0. CURVE is
 * (x, y, z), z = 0 for infinity. Additions are complete: every pair of inputs, equal, opposite or
 * infinite, gives the right sum. Outputs may alias inputs. Time depends on which case occurs.
 *
 * Formulas: Bernstein and Lange's Explicit-Formulas Database, "dbl-2009-l", "add-2007-bl",
 * "madd-2007-bl".
 */
#define CURVE_PASTE(a, b) a##_##b
#define CURVE_JOIN(a, b) CURVE_PASTE(a, b)
#define CURVE_FN(op) CURVE_JOIN(CURVE, op)
#define CURVE_FIELD(op) CURVE_JOIN(CURVE_F, op)
#define CURVE_AFFINE CURVE_JOIN(CURVE, affine)

typedef struct {
    CURVE_F x, y;
} CURVE_AFFINE;

typedef struct {
    CURVE_F x, y, z;
} CURVE;

static inline bool CURVE_FN(affine_is_infinity)(const CURVE_AFFINE *p) {
    return CURVE_FIELD(is_zero)(&p->x) && CURVE_FIELD(is_zero)(&p->y);
}

static inline void CURVE_FN(affine_set_infinity)(CURVE_AFFINE *out) {
    CURVE_FIELD(set_zero)(&out->x);
    CURVE_FIELD(set_zero)(&out->y);
}

static inline void CURVE_FN(affine_neg)(CURVE_AFFINE *out, const CURVE_AFFINE *p) {
    out->x = p->x;
    CURVE_FIELD(neg)(&out->y, &p->y);
}

static inline bool CURVE_FN(affine_equal)(const CURVE_AFFINE *p, const CURVE_AFFINE *q) {
    return CURVE_FIELD(equal)(&p->x, &q->x) && CURVE_FIELD(equal)(&p->y, &q->y);
}

static inline bool CURVE_FN(is_infinity)(const CURVE *p) { return CURVE_FIELD(is_zero)(&p->z); }

static inline void CURVE_FN(set_infinity)(CURVE *out) {
    CURVE_FIELD(set_one)(&out->x);
    CURVE_FIELD(set_one)(&out->y);
    CURVE_FIELD(set_zero)(&out->z);
}

static inline void CURVE_FN(from_affine)(CURVE *out, const CURVE_AFFINE *p) {
    if (CURVE_FN(affine_is_infinity)(p)) {
        CURVE_FN(set_infinity)(out);
        return;
    }
    out->x = p->x;
    out->y = p->y;
    CURVE_FIELD(set_one)(&out->z);
}

static inline void CURVE_FN(neg)(CURVE *out, const CURVE *p) {
    out->x = p->x;
    CURVE_FIELD(neg)(&out->y, &p->y);
    out->z = p->z;
}

static inline void CURVE_FN(double)(CURVE *out, const CURVE *p) {
    CURVE_F a, b, c, d, e, f, z;
    CURVE_FIELD(sqr)(&a, &p->x);
    CURVE_FIELD(sqr)(&b, &p->y);
    CURVE_FIELD(sqr)(&c, &b);
    /* d = 4 x y^2 */
    CURVE_FIELD(mul)(&d, &p->x, &b);
    CURVE_FIELD(double)(&d, &d);
    CURVE_FIELD(double)(&d, &d);
    /* e = 3 x^2 */
    CURVE_FIELD(double)(&e, &a);
    CURVE_FIELD(add)(&e, &e, &a);
    CURVE_FIELD(sqr)(&f, &e);
    CURVE_FIELD(mul)(&z, &p->y, &p->z);
    CURVE_FIELD(double)(&out->z, &z);
    CURVE_FIELD(sub)(&f, &f, &d);
    CURVE_FIELD(sub)(&out->x, &f, &d);
    CURVE_FIELD(sub)(&d, &d, &out->x);
    CURVE_FIELD(mul)(&d, &e, &d);
    CURVE_FIELD(double)(&c, &c);
    CURVE_FIELD(double)(&c, &c);
    CURVE_FIELD(double)(&c, &c);
    CURVE_FIELD(sub)(&out->y, &d, &c);
}

/*
 * The common end of both additions: from u = x1 z2^2, h = x2 z1^2 - u, s = y1 z2^3, w = 2(y2 z1^3 -
 * s) with h != 0 computes x and y of the sum. out->z is the caller's.
 */
static inline void CURVE_FN(add_finish)(CURVE *out, const CURVE_F *u, const CURVE_F *h,
                                        const CURVE_F *s, const CURVE_F *w) {
    CURVE_F i, j, v, x, t;
    CURVE_FIELD(double)(&i, h);
    CURVE_FIELD(sqr)(&i, &i);
    CURVE_FIELD(mul)(&j, h, &i);
    CURVE_FIELD(mul)(&v, u, &i);
    CURVE_FIELD(sqr)(&x, w);
    CURVE_FIELD(sub)(&x, &x, &j);
    CURVE_FIELD(sub)(&x, &x, &v);
    CURVE_FIELD(sub)(&x, &x, &v);
    CURVE_FIELD(sub)(&v, &v, &x);
    CURVE_FIELD(mul)(&v, &v, w);
    CURVE_FIELD(mul)(&t, s, &j);
    CURVE_FIELD(double)(&t, &t);
    CURVE_FIELD(sub)(&out->y, &v, &t);
    out->x = x;
}

static inline void CURVE_FN(add_mixed)(CURVE *out, const CURVE *p, const CURVE_AFFINE *q) {
    if (CURVE_FN(affine_is_infinity)(q)) {
        *out = *p;
        return;
    }
    if (CURVE_FN(is_infinity)(p)) {
        CURVE_FN(from_affine)(out, q);
        return;
    }
    CURVE_F zz, h, w, z;
    CURVE_FIELD(sqr)(&zz, &p->z);
    CURVE_FIELD(mul)(&h, &q->x, &zz);
    CURVE_FIELD(sub)(&h, &h, &p->x);
    CURVE_FIELD(mul)(&w, &q->y, &p->z);
    CURVE_FIELD(mul)(&w, &w, &zz);
    CURVE_FIELD(sub)(&w, &w, &p->y);
    if (CURVE_FIELD(is_zero)(&h)) {
        if (CURVE_FIELD(is_zero)(&w))
            CURVE_FN(double)(out, p);
        else
            CURVE_FN(set_infinity)(out);
        return;
    }
    CURVE_FIELD(double)(&w, &w);
    CURVE_FIELD(mul)(&z, &p->z, &h);
    const CURVE_F x = p->x, y = p->y;
    CURVE_FN(add_finish)(out, &x, &h, &y, &w);
    CURVE_FIELD(double)(&out->z, &z);
}

static inline void CURVE_FN(add)(CURVE *out, const CURVE *p, const CURVE *q) {
    if (CURVE_FN(is_infinity)(p)) {
        *out = *q;
        return;
    }
    if (CURVE_FN(is_infinity)(q)) {
        *out = *p;
        return;
    }
    CURVE_F zz1, zz2, u, h, s, w, z;
    CURVE_FIELD(sqr)(&zz1, &p->z);
    CURVE_FIELD(sqr)(&zz2, &q->z);
    CURVE_FIELD(mul)(&u, &p->x, &zz2);
    CURVE_FIELD(mul)(&h, &q->x, &zz1);
    CURVE_FIELD(sub)(&h, &h, &u);
    CURVE_FIELD(mul)(&s, &p->y, &q->z);
    CURVE_FIELD(mul)(&s, &s, &zz2);
    CURVE_FIELD(mul)(&w, &q->y, &p->z);
    CURVE_FIELD(mul)(&w, &w, &zz1);
    CURVE_FIELD(sub)(&w, &w, &s);
    if (CURVE_FIELD(is_zero)(&h)) {
        if (CURVE_FIELD(is_zero)(&w))
            CURVE_FN(double)(out, p);
        else
            CURVE_FN(set_infinity)(out);
        return;
    }
    CURVE_FIELD(double)(&w, &w);
    CURVE_FIELD(mul)(&z, &p->z, &q->z);
    CURVE_FIELD(mul)(&z, &z, &h);
    CURVE_FN(add_finish)(out, &u, &h, &s, &w);
    CURVE_FIELD(double)(&out->z, &z);
}

/* Whether p and q are the same point, whatever their z. */
static inline bool CURVE_FN(equal)(const CURVE *p, const CURVE *q) {
    if (CURVE_FN(is_infinity)(p) || CURVE_FN(is_infinity)(q))
        return CURVE_FN(is_infinity)(p) && CURVE_FN(is_infinity)(q);
    CURVE_F zz1, zz2, l, r;
    CURVE_FIELD(sqr)(&zz1, &p->z);
    CURVE_FIELD(sqr)(&zz2, &q->z);
    CURVE_FIELD(mul)(&l, &p->x, &zz2);
    CURVE_FIELD(mul)(&r, &q->x, &zz1);
    if (!CURVE_FIELD(equal)(&l, &r))
        return false;
    CURVE_FIELD(mul)(&zz1, &zz1, &p->z);
    CURVE_FIELD(mul)(&zz2, &zz2, &q->z);
    CURVE_FIELD(mul)(&l, &p->y, &zz2);
    CURVE_FIELD(mul)(&r, &q->y, &zz1);
    return CURVE_FIELD(equal)(&l, &r);
}

/* The affine point of p given 1/z (any value when p is infinity). */
static inline void CURVE_FN(to_affine_with)(CURVE_AFFINE *out, const CURVE *p,
                                            const CURVE_F *z_inv) {
    if (CURVE_FN(is_infinity)(p)) {
        CURVE_FN(affine_set_infinity)(out);
        return;
    }
    CURVE_F zz;
    CURVE_FIELD(sqr)(&zz, z_inv);
    CURVE_FIELD(mul)(&out->x, &p->x, &zz);
    CURVE_FIELD(mul)(&zz, &zz, z_inv);
    CURVE_FIELD(mul)(&out->y, &p->y, &zz);
}

static inline void CURVE_FN(to_affine)(CURVE_AFFINE *out, const CURVE *p) {
    CURVE_F z_inv;
    CURVE_FIELD(inv)(&z_inv, &p->z);
    CURVE_FN(to_affine_with)(out, p, &z_inv);
}

/* n points with one inversion; scratch holds n coordinates. out and in do not overlap. */
static inline void CURVE_FN(batch_to_affine)(CURVE_AFFINE *out, const CURVE *in, size_t n,
                                             CURVE_F *scratch) {
    CURVE_F acc, z_inv;
    CURVE_FIELD(set_one)(&acc);
    for (size_t i = 0; i < n; i++) {
        scratch[i] = acc;
        if (!CURVE_FN(is_infinity)(&in[i]))
            CURVE_FIELD(mul)(&acc, &acc, &in[i].z);
    }
    CURVE_FIELD(inv)(&acc, &acc);
    for (size_t i = n; i-- > 0;) {
        CURVE_FIELD(mul)(&z_inv, &acc, &scratch[i]);
        CURVE_FN(to_affine_with)(&out[i], &in[i], &z_inv);
        if (!CURVE_FN(is_infinity)(&in[i]))
            CURVE_FIELD(mul)(&acc, &acc, &in[i].z);
    }
}

/* The generator that EIP-197 fixes. */
const CURVE_AFFINE *CURVE_FN(generator)(void);

/* Whether p satisfies the curve's equation; infinity does not count as on the curve here. */
bool CURVE_FN(on_curve)(const CURVE_AFFINE *p);

/* out = k p for any point p of the curve (in the subgroup of order r or not). Time depends on k. */
void CURVE_FN(mul)(CURVE *out, const CURVE *p, const fr *k);

#undef CURVE_AFFINE
#undef CURVE_FIELD
#undef CURVE_FN
#undef CURVE_JOIN
#undef CURVE_PASTE
#undef CURVE_F
#undef CURVE
