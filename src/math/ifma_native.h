/*
 * Vectors of eight 64-bit integers by AVX-512 instructions, for lanes_ifma.h. ifma_model.h offers
 * the same names in plain C.
 */
#include <immintrin.h>

typedef __m512i v8;

static inline v8 v8_set1(uint64_t x) { return _mm512_set1_epi64((long long)x); }
static inline v8 v8_zero(void) { return _mm512_setzero_si512(); }
static inline v8 v8_load(const void *p) { return _mm512_loadu_si512(p); }
static inline void v8_store(void *p, v8 a) { _mm512_storeu_si512(p, a); }
static inline v8 v8_add(v8 a, v8 b) { return _mm512_add_epi64(a, b); }
static inline v8 v8_sub(v8 a, v8 b) { return _mm512_sub_epi64(a, b); }
static inline v8 v8_and(v8 a, v8 b) { return _mm512_and_si512(a, b); }
static inline v8 v8_or(v8 a, v8 b) { return _mm512_or_si512(a, b); }
/* (a | b) & c */
static inline v8 v8_or_and(v8 a, v8 b, v8 c) { return _mm512_ternarylogic_epi64(a, b, c, 0xa8); }
/* Shifts by constants: macros, because without optimisation the instructions want literals. */
#define v8_shl(a, n) _mm512_slli_epi64(a, n)
#define v8_shr(a, n) _mm512_srli_epi64(a, n)
/* Arithmetic shift: the sign moves in. */
#define v8_sar(a, n) _mm512_srai_epi64(a, n)
/* c plus the lower (upper) 52 bits of the 104-bit product of the lower 52 bits of a and b. */
static inline v8 v8_madd_lo(v8 c, v8 a, v8 b) { return _mm512_madd52lo_epu64(c, a, b); }
static inline v8 v8_madd_hi(v8 c, v8 a, v8 b) { return _mm512_madd52hi_epu64(c, a, b); }
/* b where the mask is set, else a. */
static inline v8 v8_select(v8 a, unsigned mask, v8 b) {
    return _mm512_mask_blend_epi64((__mmask8)mask, a, b);
}
static inline unsigned v8_equal(v8 a, v8 b) { return _mm512_cmpeq_epi64_mask(a, b); }
static inline unsigned v8_below(v8 a, v8 b) { return _mm512_cmplt_epu64_mask(a, b); }
static inline unsigned v8_negative(v8 a) { return _mm512_movepi64_mask(a); }
/* Element i of the result is entry index[i] mod 16 of the eight in low and the eight in high. */
static inline v8 v8_lookup(v8 low, v8 high, v8 index) {
    return _mm512_permutex2var_epi64(low, index, high);
}
/* a0 b0 a2 b2 a4 b4 a6 b6, and a1 b1 a3 b3 a5 b5 a7 b7. */
static inline v8 v8_even(v8 a, v8 b) { return _mm512_unpacklo_epi64(a, b); }
static inline v8 v8_odd(v8 a, v8 b) { return _mm512_unpackhi_epi64(a, b); }
/* a0 a1 a4 a5 b0 b1 b4 b5, and a2 a3 a6 a7 b2 b3 b6 b7. */
static inline v8 v8_outer(v8 a, v8 b) { return _mm512_shuffle_i64x2(a, b, 0x88); }
static inline v8 v8_inner(v8 a, v8 b) { return _mm512_shuffle_i64x2(a, b, 0xdd); }
/* a0 a1 b0 b1 a2 a3 b2 b3, and a4 a5 b4 b5 a6 a7 b6 b7. */
static inline v8 v8_low_pairs(v8 a, v8 b) {
    return _mm512_permutex2var_epi64(a, _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11), b);
}
static inline v8 v8_high_pairs(v8 a, v8 b) {
    return _mm512_permutex2var_epi64(a, _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15), b);
}
/* Four integers at p and four at q, and back. */
static inline v8 v8_load_halves(const void *p, const void *q) {
    return _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256(p)), _mm256_loadu_si256(q),
                              1);
}
static inline void v8_store_halves(void *p, void *q, v8 a) {
    _mm256_storeu_si256(p, _mm512_castsi512_si256(a));
    _mm256_storeu_si256(q, _mm512_extracti64x4_epi64(a, 1));
}
