/*
 * A 254-bit prime field in Montgomery form: the inline half of the template that fp.h and fr.h
 * compile once each. Before inclusion the following are defined: FIELD (the type's name, which is
 * also the prefix of all functions), FIELD_MODULUS, FIELD_ONE (2^256 mod p), FIELD_R2 (2^512 mod
 * p), each an initialiser of four little-endian limbs, and FIELD_INV (-p^-1 mod 2^64). They are
 * undefined here.
 *
 * An element x is held as x * 2^256 mod p, always fully reduced (below p). Both moduli lie below
 * 2^254, so a sum of two elements never leaves 256 bits and a product needs no carry beyond its
 * fifth limb. Outputs may alias inputs everywhere. Time does not depend on values, except for inv,
 * pow (exponent) and the conversions' verdicts.
 *
 * Multiplication follows Montgomery (1985) in the interleaved form (Koc, Acar, Kaliski 1996,
 * "CIOS"). A translation unit that defines ZKM_BACKEND_ADX gets it, and the additions, from
 * field_adx.h.
 */
#define FIELD_PASTE(a, b) a##_##b
#define FIELD_JOIN(a, b) FIELD_PASTE(a, b)
#define FIELD_FN(op) FIELD_JOIN(FIELD, op)

/* One copy a file: a multiplication is long, and inlined everywhere it would crowd the caches. */
#define FIELD_OUT_OF_LINE static __attribute__((noinline, unused))

/* Limbs, least significant first; compare with equal, never by memory of another representation. */
typedef struct {
    uint64_t l[4];
} FIELD;

static const FIELD FIELD_FN(MODULUS) = {FIELD_MODULUS}; /* the integer p itself */
static const FIELD FIELD_FN(ONE) = {FIELD_ONE};         /* 1 in Montgomery form */
static const uint64_t FIELD_FN(NEG_INV) = FIELD_INV;    /* -1/p mod 2^64 */
static const FIELD FIELD_FN(R2) = {FIELD_R2}; /* 2^512 mod p: multiplying enters the form */

/* out = a - p when a >= p, else a; a is any 256-bit integer below 2p. */
static inline void FIELD_FN(reduce_once)(FIELD *out, const uint64_t a[4]) {
    uint64_t d[4];
    uint64_t borrow = 0;
    for (int i = 0; i < 4; i++) {
        unsigned __int128 t = (unsigned __int128)a[i] - FIELD_FN(MODULUS).l[i] - borrow;
        d[i] = (uint64_t)t;
        borrow = (uint64_t)(t >> 64) & 1;
    }
    uint64_t keep = 0 - borrow; /* all ones when a < p */
    for (int i = 0; i < 4; i++)
        out->l[i] = (a[i] & keep) | (d[i] & ~keep);
}

static inline void FIELD_FN(set_zero)(FIELD *out) { *out = (FIELD){{0, 0, 0, 0}}; }

static inline void FIELD_FN(set_one)(FIELD *out) { *out = FIELD_FN(ONE); }

static inline bool FIELD_FN(is_zero)(const FIELD *a) {
    return (a->l[0] | a->l[1] | a->l[2] | a->l[3]) == 0;
}

static inline bool FIELD_FN(equal)(const FIELD *a, const FIELD *b) {
    return ((a->l[0] ^ b->l[0]) | (a->l[1] ^ b->l[1]) | (a->l[2] ^ b->l[2]) |
            (a->l[3] ^ b->l[3])) == 0;
}

static inline bool FIELD_FN(is_one)(const FIELD *a) { return FIELD_FN(equal)(a, &FIELD_FN(ONE)); }

/* Without optimisation a compiler gives each memory operand a register of its own and runs out. */
#if defined(ZKM_BACKEND_ADX) && defined(__OPTIMIZE__)
#include "math/field_adx.h"
#else

static inline void FIELD_FN(add)(FIELD *out, const FIELD *a, const FIELD *b) {
    uint64_t s[4];
    unsigned __int128 t = 0;
    for (int i = 0; i < 4; i++) {
        t += (unsigned __int128)a->l[i] + b->l[i];
        s[i] = (uint64_t)t;
        t >>= 64;
    }
    FIELD_FN(reduce_once)(out, s);
}

static inline void FIELD_FN(sub)(FIELD *out, const FIELD *a, const FIELD *b) {
    uint64_t d[4];
    uint64_t borrow = 0;
    for (int i = 0; i < 4; i++) {
        unsigned __int128 t = (unsigned __int128)a->l[i] - b->l[i] - borrow;
        d[i] = (uint64_t)t;
        borrow = (uint64_t)(t >> 64) & 1;
    }
    uint64_t mask = 0 - borrow;
    unsigned __int128 t = 0;
    for (int i = 0; i < 4; i++) {
        t += (unsigned __int128)d[i] + (FIELD_FN(MODULUS).l[i] & mask);
        out->l[i] = (uint64_t)t;
        t >>= 64;
    }
}

/* out = a + b as an integer; a + b < 2^256. */
static inline void FIELD_FN(add_unreduced)(FIELD *out, const FIELD *a, const FIELD *b) {
    unsigned __int128 t = 0;
    for (int i = 0; i < 4; i++) {
        t += (unsigned __int128)a->l[i] + b->l[i];
        out->l[i] = (uint64_t)t;
        t >>= 64;
    }
}

/* out = p - a as an integer, which is p for a = 0; a <= p. */
static inline void FIELD_FN(neg_unreduced)(FIELD *out, const FIELD *a) {
    uint64_t borrow = 0;
    for (int i = 0; i < 4; i++) {
        unsigned __int128 t = (unsigned __int128)FIELD_FN(MODULUS).l[i] - a->l[i] - borrow;
        out->l[i] = (uint64_t)t;
        borrow = (uint64_t)(t >> 64) & 1;
    }
}

/* (hi : t3 t2 t1 t0) += a b, and returns hi. */
static inline uint64_t FIELD_FN(row)(uint64_t t[4], uint64_t hi, const FIELD *a, uint64_t b) {
    unsigned __int128 s = 0;
    for (int j = 0; j < 4; j++) {
        s += (unsigned __int128)a->l[j] * b + t[j];
        t[j] = (uint64_t)s;
        s >>= 64;
    }
    return hi + (uint64_t)s;
}

/* t = ((hi : t3 t2 t1 t0) + m p) / 2^64 with m such that the lowest limb vanishes. */
static inline void FIELD_FN(fold)(uint64_t t[4], uint64_t hi) {
    uint64_t m = t[0] * FIELD_INV;
    unsigned __int128 s = (unsigned __int128)m * FIELD_FN(MODULUS).l[0] + t[0];
    for (int j = 1; j < 4; j++) {
        s = (s >> 64) + (unsigned __int128)m * FIELD_FN(MODULUS).l[j] + t[j];
        t[j - 1] = (uint64_t)s;
    }
    t[3] = (uint64_t)(s >> 64) + hi;
}

/* t += a b as an integer of nine limbs; a and b may be any 256-bit integers. */
static inline void FIELD_FN(add_product)(uint64_t t[9], const FIELD *a, const FIELD *b) {
    uint64_t product[8] = {0};
    for (int i = 0; i < 4; i++)
        product[i + 4] = FIELD_FN(row)(product + i, 0, a, b->l[i]);
    unsigned __int128 s = 0;
    for (int i = 0; i < 8; i++) {
        s += (unsigned __int128)t[i] + product[i];
        t[i] = (uint64_t)s;
        s >>= 64;
    }
    t[8] += (uint64_t)s;
}

/*
 * out = a b / 2^256 mod p.
 *
 * Bounds: when a (as an integer) is below 2p, each row and fold turns t < 3p + 1 into
 * (t + a b_i + m p) / 2^64 < (3p + 1) / 2^64 + a + p < 3p + 1, and 3p < 2^256. The end is below
 * a b / 2^256 + p, which one subtraction reduces as long as a b < 2^256 p; p < 0.19 * 2^256 gives
 * 2^256 p > 5 p^2. So a and b may be any integers with a < 2p and a b < 5 p^2, or a < p and b any
 * 256-bit integer.
 */
FIELD_OUT_OF_LINE void FIELD_FN(mul)(FIELD *out, const FIELD *a, const FIELD *b) {
    uint64_t t[4] = {0, 0, 0, 0};
    for (int i = 0; i < 4; i++)
        FIELD_FN(fold)(t, FIELD_FN(row)(t, 0, a, b->l[i]));
    FIELD_FN(reduce_once)(out, t);
}

/*
 * out = (a b + c d) / 2^256 mod p with one reduction (Longa, eprint 2022/367).
 *
 * Bounds as in mul with a + c in the place of a: a + c + p <= 2^256 keeps t within four limbs and
 * a b + c d < 5 p^2 lets one subtraction reduce. So one factor of each product may be below 2p.
 */
FIELD_OUT_OF_LINE void FIELD_FN(dot2)(FIELD *out, const FIELD *a, const FIELD *b, const FIELD *c,
                                      const FIELD *d) {
    uint64_t t[4] = {0, 0, 0, 0};
    for (int i = 0; i < 4; i++) {
        uint64_t hi = FIELD_FN(row)(t, 0, a, b->l[i]);
        hi = FIELD_FN(row)(t, hi, c, d->l[i]);
        FIELD_FN(fold)(t, hi);
    }
    FIELD_FN(reduce_once)(out, t);
}

/*
 * out = (a0 b0 + a1 b1 + c0 d0 + c1 d1) / 2^256 mod p with one reduction.
 *
 * Bounds as in mul: with all of a and c below p, t stays below 4p + p + 1 < 2^256, the fifth limb
 * below 4p 2^64 / 2^256 + 1 < 2^64, and the end below p + (sum of products) / 2^256, which one
 * subtraction reduces for a sum below 5 p^2. So b and d may be p itself, as neg_unreduced gives it,
 * or any 256-bit integers that keep the sum below that.
 */
FIELD_OUT_OF_LINE void FIELD_FN(dot4)(FIELD *out, const FIELD a[2], const FIELD b[2],
                                      const FIELD c[2], const FIELD d[2]) {
    uint64_t t[4] = {0, 0, 0, 0};
    for (int i = 0; i < 4; i++) {
        uint64_t hi = FIELD_FN(row)(t, 0, &a[0], b[0].l[i]);
        hi = FIELD_FN(row)(t, hi, &a[1], b[1].l[i]);
        hi = FIELD_FN(row)(t, hi, &c[0], d[0].l[i]);
        hi = FIELD_FN(row)(t, hi, &c[1], d[1].l[i]);
        FIELD_FN(fold)(t, hi);
    }
    FIELD_FN(reduce_once)(out, t);
}

/*
 * out = 9 a + b mod p for a < p, b <= p. The sum s is below 10p; q = floor(s / 2^248) * 677 / 2^15
 * never exceeds s / p, since 677 / 2^15 < 2^248 / p, and falls short of it by less than 1.1 (s <
 * 10p), so s - q p < 2p.
 */
static inline void FIELD_FN(mul_9_add)(FIELD *out, const FIELD *a, const FIELD *b) {
    uint64_t t[4];
    unsigned __int128 s = 0;
    for (int i = 0; i < 4; i++) {
        s += (unsigned __int128)a->l[i] * 9 + b->l[i];
        t[i] = (uint64_t)s;
        s >>= 64;
    }
    uint64_t q = (((uint64_t)s << 8 | t[3] >> 56) * 677) >> 15;
    __int128 d = 0;
    for (int i = 0; i < 4; i++) {
        d += t[i];
        d -= (__int128)((unsigned __int128)q * FIELD_FN(MODULUS).l[i]);
        t[i] = (uint64_t)d;
        d >>= 64;
    }
    FIELD_FN(reduce_once)(out, t);
}

#endif

static inline void FIELD_FN(sqr)(FIELD *out, const FIELD *a) { FIELD_FN(mul)(out, a, a); }

static inline void FIELD_FN(double)(FIELD *out, const FIELD *a) { FIELD_FN(add)(out, a, a); }

/* out = a / 2: a or a + p is even. */
static inline void FIELD_FN(halve)(FIELD *out, const FIELD *a) {
    const uint64_t odd = 0 - (a->l[0] & 1);
    uint64_t s[5];
    unsigned __int128 t = 0;
    for (int i = 0; i < 4; i++) {
        t += (unsigned __int128)a->l[i] + (FIELD_FN(MODULUS).l[i] & odd);
        s[i] = (uint64_t)t;
        t >>= 64;
    }
    s[4] = 0;
    for (int i = 0; i < 4; i++)
        out->l[i] = s[i] >> 1 | s[i + 1] << 63;
}

static inline void FIELD_FN(neg)(FIELD *out, const FIELD *a) {
    const FIELD zero = {{0, 0, 0, 0}};
    FIELD_FN(sub)(out, &zero, a);
}

/* The element v. */
static inline void FIELD_FN(set_u64)(FIELD *out, uint64_t v) {
    const FIELD t = {{v, 0, 0, 0}};
    FIELD_FN(mul)(out, &t, &FIELD_FN(R2));
}

/* The element v, for a negative v that is p - |v|. */
static inline void FIELD_FN(set_i64)(FIELD *out, int64_t v) {
    FIELD_FN(set_u64)(out, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
    if (v < 0)
        FIELD_FN(neg)(out, out);
}

/* The canonical integer below p, little-endian limbs. */
static inline void FIELD_FN(to_limbs)(uint64_t out[4], const FIELD *a) {
    const FIELD raw_one = {{1, 0, 0, 0}};
    FIELD t;
    FIELD_FN(mul)(&t, a, &raw_one);
    for (int i = 0; i < 4; i++)
        out[i] = t.l[i];
}

/* out = a^exp for the little-endian integer exp of `limbs` limbs; 0^0 = 1. */
void FIELD_FN(pow)(FIELD *out, const FIELD *a, const uint64_t *exp, size_t limbs);

/* out = 1/a, and 0 for a = 0. */
void FIELD_FN(inv)(FIELD *out, const FIELD *a);

/* From a little-endian integer; false, and *out untouched, when it is p or more. */
ZKM_MUST_CHECK bool FIELD_FN(from_limbs)(FIELD *out, const uint64_t in[4]);

/* From 32 big-endian bytes; false, and *out untouched, when they are p or more. */
ZKM_MUST_CHECK bool FIELD_FN(from_bytes)(FIELD *out, const uint8_t in[32]);

/* From 32 big-endian bytes modulo p. */
void FIELD_FN(from_bytes_reduce)(FIELD *out, const uint8_t in[32]);

/* The canonical integer as 32 big-endian bytes. */
void FIELD_FN(to_bytes)(uint8_t out[32], const FIELD *a);

/*
 * v[i] = 1/v[i] for i < n with one inversion (Montgomery 1987); zeros stay zero. scratch holds n
 * elements and may not overlap v.
 */
static inline void FIELD_FN(batch_inv)(FIELD *v, size_t n, FIELD *scratch) {
    FIELD acc = FIELD_FN(ONE);
    for (size_t i = 0; i < n; i++) {
        scratch[i] = acc;
        if (!FIELD_FN(is_zero)(&v[i]))
            FIELD_FN(mul)(&acc, &acc, &v[i]);
    }
    FIELD_FN(inv)(&acc, &acc);
    for (size_t i = n; i-- > 0;) {
        if (FIELD_FN(is_zero)(&v[i]))
            continue;
        FIELD next;
        FIELD_FN(mul)(&next, &acc, &v[i]);
        FIELD_FN(mul)(&v[i], &acc, &scratch[i]);
        acc = next;
    }
}

#undef FIELD_OUT_OF_LINE
#undef FIELD_MODULUS
#undef FIELD_ONE
#undef FIELD_R2
#undef FIELD_INV
#undef FIELD_FN
#undef FIELD_JOIN
#undef FIELD_PASTE
#undef FIELD
