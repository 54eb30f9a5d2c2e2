/*
 * The operations of fma_native.h in plain C, so that the logic and the exactness of the vector
 * backend are tested on every machine. See there for what each does.
 */
#include <fenv.h>
#include <math.h>
#include <string.h>

typedef struct {
    double e[4];
} v4;
typedef struct {
    uint64_t e[4];
} v4i;

#define V4_FUNCTION static __attribute__((noinline, unused))
#define V4_EACH(type, expression)                                                                  \
    do {                                                                                           \
        type out_;                                                                                 \
        for (int i = 0; i < 4; i++)                                                                \
            out_.e[i] = (expression);                                                              \
        return out_;                                                                               \
    } while (0)

V4_FUNCTION unsigned v4_enter(void) {
    const int saved = fegetround();
    fesetround(FE_TONEAREST);
    return (unsigned)saved;
}
V4_FUNCTION void v4_leave(unsigned saved) { fesetround((int)saved); }

V4_FUNCTION v4 v4_set1(double x) { V4_EACH(v4, x); }
V4_FUNCTION v4 v4_add(v4 a, v4 b) { V4_EACH(v4, a.e[i] + b.e[i]); }
V4_FUNCTION v4 v4_sub(v4 a, v4 b) { V4_EACH(v4, a.e[i] - b.e[i]); }
V4_FUNCTION v4 v4_mul(v4 a, v4 b) { V4_EACH(v4, a.e[i] * b.e[i]); }
V4_FUNCTION v4 v4_fma(v4 a, v4 b, v4 c) { V4_EACH(v4, fma(a.e[i], b.e[i], c.e[i])); }
V4_FUNCTION v4 v4_fnma(v4 a, v4 b, v4 c) { V4_EACH(v4, fma(-a.e[i], b.e[i], c.e[i])); }
V4_FUNCTION v4 v4_floor(v4 a) { V4_EACH(v4, floor(a.e[i])); }
V4_FUNCTION v4i v4_spread(unsigned mask) { V4_EACH(v4i, mask >> i & 1 ? UINT64_MAX : 0); }
V4_FUNCTION v4 v4_select(v4 a, v4i spread, v4 b) {
    V4_EACH(v4, spread.e[i] != 0 ? b.e[i] : a.e[i]);
}
V4_FUNCTION v4 v4_flip_sign(v4 a, v4i spread) { V4_EACH(v4, spread.e[i] != 0 ? -a.e[i] : a.e[i]); }
V4_FUNCTION v4i v4_is_negative(v4 a) { V4_EACH(v4i, a.e[i] < 0 ? UINT64_MAX : 0); }
V4_FUNCTION v4i v4_equal(v4 a, v4 b) {
    V4_EACH(v4i, a.e[i] >= b.e[i] && a.e[i] <= b.e[i] ? UINT64_MAX : 0);
}
V4_FUNCTION void v4_transpose(v4 columns[4], const v4 rows[4]) {
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < 4; k++)
            columns[k].e[i] = rows[i].e[k];
}
V4_FUNCTION unsigned v4_mask(v4i spread) {
    unsigned mask = 0;
    for (int i = 0; i < 4; i++)
        mask |= (unsigned)(spread.e[i] >> 63) << i;
    return mask;
}

V4_FUNCTION v4i v4i_set1(uint64_t x) { V4_EACH(v4i, x); }
V4_FUNCTION v4i v4i_and(v4i a, v4i b) { V4_EACH(v4i, a.e[i] & b.e[i]); }
V4_FUNCTION v4i v4i_or(v4i a, v4i b) { V4_EACH(v4i, a.e[i] | b.e[i]); }
V4_FUNCTION v4i v4i_shl(v4i a, unsigned n) { V4_EACH(v4i, a.e[i] << n); }
V4_FUNCTION v4i v4i_shr(v4i a, unsigned n) { V4_EACH(v4i, a.e[i] >> n); }
V4_FUNCTION v4 v4_from_bits(v4i a) {
    v4 out;
    memcpy(&out, &a, sizeof out);
    return out;
}
V4_FUNCTION v4i v4_bits(v4 a) {
    v4i out;
    memcpy(&out, &a, sizeof out);
    return out;
}

V4_FUNCTION void v4i_load_columns(v4i c[4], const void *const row[4]) {
    for (int i = 0; i < 4; i++) {
        uint64_t r[4];
        memcpy(r, row[i], sizeof r);
        for (int k = 0; k < 4; k++)
            c[k].e[i] = r[k];
    }
}
V4_FUNCTION void v4i_store_columns(void *const row[4], const v4i c[4]) {
    for (int i = 0; i < 4; i++) {
        uint64_t r[4];
        for (int k = 0; k < 4; k++)
            r[k] = c[k].e[i];
        memcpy(row[i], r, sizeof r);
    }
}
