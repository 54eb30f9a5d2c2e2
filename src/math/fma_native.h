/*
 * Four doubles, or four 64-bit integers, at once: the instructions of AVX2 and FMA that lanes_fma.h
 * uses. fma_model.h has the same in plain C.
 */
#include <immintrin.h>

typedef __m256d v4;
typedef __m256i v4i;

/*
 * The caller's rounding mode, exception masks and denormal flags give way to round-to-nearest
 * without exceptions, and come back unchanged, sticky flags too. All vectors that are computed in
 * between come from memory and go there, so that the compiler cannot move work across these.
 */
static inline unsigned v4_enter(void) {
    const unsigned saved = _mm_getcsr();
    _mm_setcsr(0x1f80); /* all exceptions masked, none raised, to nearest */
    __asm__ volatile("" ::: "memory");
    return saved;
}
static inline void v4_leave(unsigned saved) {
    __asm__ volatile("" ::: "memory");
    _mm_setcsr(saved);
}

static inline v4 v4_set1(double x) { return _mm256_set1_pd(x); }
static inline v4 v4_add(v4 a, v4 b) { return _mm256_add_pd(a, b); }
static inline v4 v4_sub(v4 a, v4 b) { return _mm256_sub_pd(a, b); }
static inline v4 v4_mul(v4 a, v4 b) { return _mm256_mul_pd(a, b); }
/* a b + c and c - a b, rounded once. */
static inline v4 v4_fma(v4 a, v4 b, v4 c) { return _mm256_fmadd_pd(a, b, c); }
static inline v4 v4_fnma(v4 a, v4 b, v4 c) { return _mm256_fnmadd_pd(a, b, c); }
static inline v4 v4_floor(v4 a) { return _mm256_floor_pd(a); }
/* All bits of lane i where bit i of the mask is set. */
static inline v4i v4_spread(unsigned mask) {
    const v4i bit = _mm256_setr_epi64x(1, 2, 4, 8);
    return _mm256_cmpeq_epi64(_mm256_and_si256(_mm256_set1_epi64x(mask), bit), bit);
}
/* b where `spread` is set, else a. */
static inline v4 v4_select(v4 a, v4i spread, v4 b) {
    return _mm256_blendv_pd(a, b, _mm256_castsi256_pd(spread));
}
static inline v4 v4_flip_sign(v4 a, v4i spread) {
    const v4i sign = _mm256_slli_epi64(spread, 63);
    return _mm256_xor_pd(a, _mm256_castsi256_pd(sign));
}
static inline v4i v4_is_negative(v4 a) {
    return _mm256_castpd_si256(_mm256_cmp_pd(a, _mm256_setzero_pd(), _CMP_LT_OQ));
}
static inline v4i v4_equal(v4 a, v4 b) {
    return _mm256_castpd_si256(_mm256_cmp_pd(a, b, _CMP_EQ_OQ));
}
static inline void v4_transpose(v4 columns[4], const v4 rows[4]) {
    const v4 even01 = _mm256_unpacklo_pd(rows[0], rows[1]);
    const v4 odd01 = _mm256_unpackhi_pd(rows[0], rows[1]);
    const v4 even23 = _mm256_unpacklo_pd(rows[2], rows[3]);
    const v4 odd23 = _mm256_unpackhi_pd(rows[2], rows[3]);
    columns[0] = _mm256_permute2f128_pd(even01, even23, 0x20);
    columns[1] = _mm256_permute2f128_pd(odd01, odd23, 0x20);
    columns[2] = _mm256_permute2f128_pd(even01, even23, 0x31);
    columns[3] = _mm256_permute2f128_pd(odd01, odd23, 0x31);
}
static inline unsigned v4_mask(v4i spread) {
    return (unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(spread));
}

static inline v4i v4i_set1(uint64_t x) { return _mm256_set1_epi64x((long long)x); }
static inline v4i v4i_and(v4i a, v4i b) { return _mm256_and_si256(a, b); }
static inline v4i v4i_or(v4i a, v4i b) { return _mm256_or_si256(a, b); }
#define v4i_shl(a, n) _mm256_slli_epi64(a, n)
#define v4i_shr(a, n) _mm256_srli_epi64(a, n)
/* The bits of doubles, and back. */
static inline v4 v4_from_bits(v4i a) { return _mm256_castsi256_pd(a); }
static inline v4i v4_bits(v4 a) { return _mm256_castpd_si256(a); }

/* Four rows of four integers, as columns, and back. */
static inline void v4i_load_columns(v4i c[4], const void *const row[4]) {
    const v4i r0 = _mm256_loadu_si256(row[0]), r1 = _mm256_loadu_si256(row[1]);
    const v4i r2 = _mm256_loadu_si256(row[2]), r3 = _mm256_loadu_si256(row[3]);
    const v4i even01 = _mm256_unpacklo_epi64(r0, r1), odd01 = _mm256_unpackhi_epi64(r0, r1);
    const v4i even23 = _mm256_unpacklo_epi64(r2, r3), odd23 = _mm256_unpackhi_epi64(r2, r3);
    c[0] = _mm256_permute2x128_si256(even01, even23, 0x20);
    c[1] = _mm256_permute2x128_si256(odd01, odd23, 0x20);
    c[2] = _mm256_permute2x128_si256(even01, even23, 0x31);
    c[3] = _mm256_permute2x128_si256(odd01, odd23, 0x31);
}
static inline void v4i_store_columns(void *const row[4], const v4i c[4]) {
    const v4i even01 = _mm256_unpacklo_epi64(c[0], c[1]), odd01 = _mm256_unpackhi_epi64(c[0], c[1]);
    const v4i even23 = _mm256_unpacklo_epi64(c[2], c[3]), odd23 = _mm256_unpackhi_epi64(c[2], c[3]);
    _mm256_storeu_si256(row[0], _mm256_permute2x128_si256(even01, even23, 0x20));
    _mm256_storeu_si256(row[1], _mm256_permute2x128_si256(odd01, odd23, 0x20));
    _mm256_storeu_si256(row[2], _mm256_permute2x128_si256(even01, even23, 0x31));
    _mm256_storeu_si256(row[3], _mm256_permute2x128_si256(odd01, odd23, 0x31));
}

/* Runs instructions of fma_product_code.h, which take all vector registers. */
#define V4_RUN(code, num_slots, result, x, y, vectors)                                             \
    do {                                                                                           \
        v4 spilled[num_slots];                                                                     \
        __asm__ volatile(                                                                          \
            code                                                                                   \
            :                                                                                      \
            : [o] "r"(result), [a] "r"(x), [b] "r"(y), [k] "r"(vectors), [slots] "r"(spilled)      \
            : "memory", "ymm0", "ymm1", "ymm2", "ymm3", "ymm4", "ymm5", "ymm6", "ymm7", "ymm8",    \
              "ymm9", "ymm10", "ymm11", "ymm12", "ymm13", "ymm14", "ymm15");                       \
    } while (0)
