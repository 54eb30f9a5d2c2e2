/*
 * The compiled half of the field template: included by fp.c and fr.c after their header with FIELD
 * defined. See field_template.h.
 */
#define FIELD_PASTE(a, b) a##_##b
#define FIELD_JOIN(a, b) FIELD_PASTE(a, b)
#define FIELD_FN(op) FIELD_JOIN(FIELD, op)

void FIELD_FN(pow)(FIELD *out, const FIELD *a, const uint64_t *exp, size_t limbs) {
    FIELD base = *a;
    FIELD acc = FIELD_FN(ONE);
    for (size_t i = 64 * limbs; i-- > 0;) {
        FIELD_FN(sqr)(&acc, &acc);
        if ((exp[i / 64] >> (i % 64)) & 1)
            FIELD_FN(mul)(&acc, &acc, &base);
    }
    *out = acc;
}

static size_t FIELD_FN(bits)(const uint64_t a[4]) {
    for (size_t i = 4; i-- > 0;)
        if (a[i] != 0)
            return 64 * i + 64 - (size_t)__builtin_clzll(a[i]);
    return 0;
}

/* The lowest 31 bits of a and above them its 33 bits below position n, n >= 64: what 31 steps of
 * the binary algorithm look at. For n = 64 it is a itself. */
static uint64_t FIELD_FN(window)(const uint64_t a[4], size_t n) {
    size_t low = n - 33, limb = low / 64, shift = low % 64;
    uint64_t top = a[limb] >> shift;
    if (shift != 0 && limb < 3)
        top |= a[limb + 1] << (64 - shift);
    return (a[0] & 0x7fffffff) | top << 31;
}

/* Row coefficients of 31 steps: new a = (f0 a + g0 b) / 2^31, new b = (f1 a + g1 b) / 2^31. */
typedef struct {
    int64_t f0, g0, f1, g1;
} FIELD_FN(steps);

/*
 * 31 steps of the binary algorithm on 64-bit windows; b is odd. Each step halves a, after
 * exchanging so that a >= b and subtracting b when a is odd. A pair (f, g) is kept as the single
 * integer f + 2^32 g modulo 2^64: |f|, |g| <= 2^31, never both ends at once, so that adding BIAS
 * makes both halves non-negative and separable.
 */
static FIELD_FN(steps) FIELD_FN(run_steps)(uint64_t a, uint64_t b) {
    const uint64_t BIAS = UINT64_C(0x7fffffff7fffffff);
    uint64_t row_a = 1, row_b = UINT64_C(1) << 32;
    for (int i = 0; i < 31; i++) {
        uint64_t odd = 0 - (a & 1);
        uint64_t swap = odd & (0 - (uint64_t)(a < b));
        uint64_t t = (a ^ b) & swap;
        a ^= t;
        b ^= t;
        t = (row_a ^ row_b) & swap;
        row_a ^= t;
        row_b ^= t;
        a = (a - (b & odd)) >> 1;
        row_a -= row_b & odd;
        row_b <<= 1;
    }
    row_a += BIAS;
    row_b += BIAS;
    return (FIELD_FN(steps)){
        (int64_t)(row_a & UINT32_MAX) - INT32_MAX, (int64_t)(row_a >> 32) - INT32_MAX,
        (int64_t)(row_b & UINT32_MAX) - INT32_MAX, (int64_t)(row_b >> 32) - INT32_MAX};
}

/* out = |f a + g b| / 2^31, an exact division; returns whether the sum was negative. */
static bool FIELD_FN(combine)(uint64_t out[4], const uint64_t a[4], const uint64_t b[4], int64_t f,
                              int64_t g) {
    uint64_t t[4];
    __int128 s = 0;
    for (int i = 0; i < 4; i++) {
        s += (__int128)a[i] * f + (__int128)b[i] * g;
        t[i] = (uint64_t)s;
        s >>= 64;
    }
    uint64_t sign = (uint64_t)(s >> 64), carry = sign & 1;
    for (int i = 0; i < 4; i++) {
        uint64_t above = i < 3 ? t[i + 1] : (uint64_t)s;
        out[i] = ((t[i] >> 31 | above << 33) ^ sign) + carry;
        carry &= out[i] == 0;
    }
    return sign != 0;
}

/* out = (f u + g v) / 2^31 mod p for u, v below p: m p is added to make the division exact. */
static void FIELD_FN(combine_mod)(FIELD *out, const FIELD *u, const FIELD *v, int64_t f,
                                  int64_t g) {
    uint64_t t[4];
    /* f u + g v lies within +-2^31 p, since |f| + |g| <= 2^31. */
    __int128 s = (__int128)u->l[0] * f + (__int128)v->l[0] * g;
    uint64_t m = ((uint64_t)s * FIELD_FN(NEG_INV)) & 0x7fffffff;
    s += (__int128)FIELD_FN(MODULUS).l[0] * (int64_t)m;
    t[0] = (uint64_t)s;
    for (int i = 1; i < 4; i++) {
        s = (s >> 64) + (__int128)u->l[i] * f + (__int128)v->l[i] * g +
            (__int128)FIELD_FN(MODULUS).l[i] * (int64_t)m;
        t[i] = (uint64_t)s;
    }
    s >>= 64;
    FIELD r;
    for (int i = 0; i < 4; i++)
        r.l[i] = t[i] >> 31 | (i < 3 ? t[i + 1] : (uint64_t)s) << 33;
    /* r lies in (-p, 2p). */
    if (s < 0)
        FIELD_FN(add_unreduced)(&r, &r, &FIELD_FN(MODULUS));
    FIELD_FN(reduce_once)(out, r.l);
}

/*
 * The binary extended algorithm on windows of 64 bits (Pornin, eprint 2020/972): with y the input,
 * a = y u and b = y v mod p throughout; a ends at 0 and b at gcd(y, p) = 1, so v = 1/y. At most
 * 2 * 254 - 1 steps are needed, 17 rounds of 31. From y = x 2^256 the answer sought is 2^256 / x =
 * 2^512 v, which is v times R2 twice.
 */
void FIELD_FN(inv)(FIELD *out, const FIELD *y) {
    uint64_t a[4], b[4], t[4];
    FIELD u = {{1, 0, 0, 0}}, v = {{0, 0, 0, 0}}, w;
    for (int i = 0; i < 4; i++) {
        a[i] = y->l[i];
        b[i] = FIELD_FN(MODULUS).l[i];
    }
    for (int round = 0; round < 17 && (a[0] | a[1] | a[2] | a[3]) != 0; round++) {
        size_t bits_a = FIELD_FN(bits)(a), bits_b = FIELD_FN(bits)(b);
        size_t n = bits_a > bits_b ? bits_a : bits_b;
        if (n < 64)
            n = 64;
        FIELD_FN(steps) s = FIELD_FN(run_steps)(FIELD_FN(window)(a, n), FIELD_FN(window)(b, n));
        bool minus_a = FIELD_FN(combine)(t, a, b, s.f0, s.g0);
        bool minus_b = FIELD_FN(combine)(b, a, b, s.f1, s.g1);
        for (int i = 0; i < 4; i++)
            a[i] = t[i];
        FIELD_FN(combine_mod)(&w, &u, &v, minus_a ? -s.f0 : s.f0, minus_a ? -s.g0 : s.g0);
        FIELD_FN(combine_mod)(&v, &u, &v, minus_b ? -s.f1 : s.f1, minus_b ? -s.g1 : s.g1);
        u = w;
    }
    FIELD_FN(mul)(&v, &v, &FIELD_FN(R2));
    FIELD_FN(mul)(out, &v, &FIELD_FN(R2));
}

static bool FIELD_FN(limbs_are_canonical)(const uint64_t a[4]) {
    for (int i = 3; i >= 0; i--)
        if (a[i] != FIELD_FN(MODULUS).l[i])
            return a[i] < FIELD_FN(MODULUS).l[i];
    return false;
}

bool FIELD_FN(from_limbs)(FIELD *out, const uint64_t in[4]) {
    if (!FIELD_FN(limbs_are_canonical)(in))
        return false;
    const FIELD raw = {{in[0], in[1], in[2], in[3]}};
    FIELD_FN(mul)(out, &raw, &FIELD_FN(R2));
    return true;
}

static void FIELD_FN(read_be)(uint64_t out[4], const uint8_t in[32]) {
    for (int i = 0; i < 4; i++) {
        uint64_t w = 0;
        for (int j = 0; j < 8; j++)
            w = w << 8 | in[8 * (3 - i) + j];
        out[i] = w;
    }
}

bool FIELD_FN(from_bytes)(FIELD *out, const uint8_t in[32]) {
    uint64_t limbs[4];
    FIELD_FN(read_be)(limbs, in);
    return FIELD_FN(from_limbs)(out, limbs);
}

void FIELD_FN(from_bytes_reduce)(FIELD *out, const uint8_t in[32]) {
    /* The product reduces any 256-bit first operand once the second is below p: the bound t < 2p of
     * mul needs only b*2^64 + ... with its row factor below p, so the unreduced integer is the row
     * operand. */
    FIELD raw;
    FIELD_FN(read_be)(raw.l, in);
    FIELD_FN(mul)(out, &FIELD_FN(R2), &raw);
}

void FIELD_FN(to_bytes)(uint8_t out[32], const FIELD *a) {
    uint64_t limbs[4];
    FIELD_FN(to_limbs)(limbs, a);
    for (int i = 0; i < 32; i++)
        out[i] = (uint8_t)(limbs[3 - i / 8] >> (56 - 8 * (i % 8)));
}

#undef FIELD_FN
#undef FIELD_JOIN
#undef FIELD_PASTE
