/*
 * The operations of ifma_native.h in plain C, so that the logic, carries and tails of the vector
 * backend are tested on every machine. See there for what each does.
 */
#include <string.h>

typedef struct {
    uint64_t e[8];
} v8;

/* Not inline: inlined everywhere they would take minutes to compile. */
#define V8_FUNCTION static __attribute__((noinline, unused))
#define V8_EACH(expression)                                                                        \
    do {                                                                                           \
        v8 out_;                                                                                   \
        for (int i = 0; i < 8; i++)                                                                \
            out_.e[i] = (expression);                                                              \
        return out_;                                                                               \
    } while (0)
#define V8_MASK(condition)                                                                         \
    do {                                                                                           \
        unsigned mask_ = 0;                                                                        \
        for (int i = 0; i < 8; i++)                                                                \
            mask_ |= (unsigned)(condition) << i;                                                   \
        return mask_;                                                                              \
    } while (0)

V8_FUNCTION unsigned __int128 v8_product52(uint64_t a, uint64_t b) {
    const uint64_t mask = (UINT64_C(1) << 52) - 1;
    return (unsigned __int128)(a & mask) * (b & mask);
}

V8_FUNCTION v8 v8_set1(uint64_t x) { V8_EACH(x); }
V8_FUNCTION v8 v8_zero(void) { V8_EACH(0); }
V8_FUNCTION v8 v8_load(const void *p) {
    v8 a;
    memcpy(&a, p, sizeof a);
    return a;
}
V8_FUNCTION void v8_store(void *p, v8 a) { memcpy(p, &a, sizeof a); }
V8_FUNCTION v8 v8_add(v8 a, v8 b) { V8_EACH(a.e[i] + b.e[i]); }
V8_FUNCTION v8 v8_sub(v8 a, v8 b) { V8_EACH(a.e[i] - b.e[i]); }
V8_FUNCTION v8 v8_and(v8 a, v8 b) { V8_EACH(a.e[i] & b.e[i]); }
V8_FUNCTION v8 v8_or(v8 a, v8 b) { V8_EACH(a.e[i] | b.e[i]); }
V8_FUNCTION v8 v8_or_and(v8 a, v8 b, v8 c) { V8_EACH((a.e[i] | b.e[i]) & c.e[i]); }
V8_FUNCTION v8 v8_shl(v8 a, unsigned n) { V8_EACH(a.e[i] << n); }
V8_FUNCTION v8 v8_shr(v8 a, unsigned n) { V8_EACH(a.e[i] >> n); }
V8_FUNCTION v8 v8_sar(v8 a, unsigned n) {
    V8_EACH(a.e[i] >> n | (a.e[i] >> 63 != 0 ? ~(UINT64_MAX >> n) : 0));
}
V8_FUNCTION v8 v8_madd_lo(v8 c, v8 a, v8 b) {
    V8_EACH(c.e[i] + ((uint64_t)v8_product52(a.e[i], b.e[i]) & ((UINT64_C(1) << 52) - 1)));
}
V8_FUNCTION v8 v8_madd_hi(v8 c, v8 a, v8 b) {
    V8_EACH(c.e[i] + (uint64_t)(v8_product52(a.e[i], b.e[i]) >> 52));
}
V8_FUNCTION v8 v8_select(v8 a, unsigned mask, v8 b) { V8_EACH(mask >> i & 1 ? b.e[i] : a.e[i]); }
V8_FUNCTION unsigned v8_equal(v8 a, v8 b) { V8_MASK(a.e[i] == b.e[i]); }
V8_FUNCTION unsigned v8_below(v8 a, v8 b) { V8_MASK(a.e[i] < b.e[i]); }
V8_FUNCTION unsigned v8_negative(v8 a) { V8_MASK(a.e[i] >> 63); }
V8_FUNCTION v8 v8_lookup(v8 low, v8 high, v8 index) {
    V8_EACH((index.e[i] & 8 ? high : low).e[index.e[i] & 7]);
}
V8_FUNCTION v8 v8_even(v8 a, v8 b) { V8_EACH(i % 2 == 0 ? a.e[i] : b.e[i - 1]); }
V8_FUNCTION v8 v8_odd(v8 a, v8 b) { V8_EACH(i % 2 == 0 ? a.e[i + 1] : b.e[i]); }
V8_FUNCTION v8 v8_outer(v8 a, v8 b) {
    const v8 out = {{a.e[0], a.e[1], a.e[4], a.e[5], b.e[0], b.e[1], b.e[4], b.e[5]}};
    return out;
}
V8_FUNCTION v8 v8_inner(v8 a, v8 b) {
    const v8 out = {{a.e[2], a.e[3], a.e[6], a.e[7], b.e[2], b.e[3], b.e[6], b.e[7]}};
    return out;
}
V8_FUNCTION v8 v8_low_pairs(v8 a, v8 b) {
    const v8 out = {{a.e[0], a.e[1], b.e[0], b.e[1], a.e[2], a.e[3], b.e[2], b.e[3]}};
    return out;
}
V8_FUNCTION v8 v8_high_pairs(v8 a, v8 b) {
    const v8 out = {{a.e[4], a.e[5], b.e[4], b.e[5], a.e[6], a.e[7], b.e[6], b.e[7]}};
    return out;
}
V8_FUNCTION v8 v8_load_halves(const void *p, const void *q) {
    v8 a;
    memcpy(&a.e[0], p, 32);
    memcpy(&a.e[4], q, 32);
    return a;
}
V8_FUNCTION void v8_store_halves(void *p, void *q, v8 a) {
    memcpy(p, &a.e[0], 32);
    memcpy(q, &a.e[4], 32);
}

#undef V8_EACH
#undef V8_MASK
#undef V8_FUNCTION
