/*
 * The big loops that every backend compiles for itself: batched additions of affine points and the
 * two passes of the FFT. Each works on eight field elements at a time ("lanes"), so one source
 * serves scalar and vector backends: pairs_loops.h and fft_loops.h over the operations of
 * lanes_scalar.h or lanes_ifma.h. Reached through math_backend_current()->kernels.
 */
#ifndef MATH_KERNELS_H
#define MATH_KERNELS_H

#include "math/g1.h"
#include "math/g2.h"

enum {
    LANES = 8,
    PAIRS_CHAINS = 2, /* interleaved chains of products in add_pairs */
    /* An upper bound, over all backends, on the bytes of eight elements and of one twiddle. */
    LANES_FIELD_BYTES = 320,
    TWIDDLE_BYTES = 40,
    FFT_MAX_LEVELS = 28,
    FFT_BOUND = 84, /* of the lazy form's values in a transform, in units of r */
};

/*
 * A reference to an affine point: its address, with the lowest bit set when the point's negative is
 * meant. 0 stands for no point.
 */
typedef uintptr_t point_ref;

/*
 * A transform small enough for the cache, on eight columns at once: decimation in time with radices
 * radix[0] (outermost) .. radix[levels - 1], each 2, 3, 4 or 8. Element i of the input belongs at
 * place[i]. twiddles[l] holds, for the combination of level l into blocks of size q * m (q =
 * radix[l]), the powers w^(s j), 1 <= s < q, at index (q - 1) j + s - 1 for j < m, with w the root
 * of order q m. third and fourth are the roots of order 3 and 4, where they are used; that of order
 * 8 is eighth_real + eighth_imaginary, of which the second is the fourth root's multiple of the
 * first. shrinks[l] says that values must be brought below 3 r before level l combines them.
 */
typedef struct {
    size_t n;
    unsigned levels;
    uint8_t radix[FFT_MAX_LEVELS];
    bool shrinks[FFT_MAX_LEVELS];
    const uint8_t *twiddles[FFT_MAX_LEVELS];
    const uint8_t *third, *fourth, *eighth_real, *eighth_imaginary;
    const uint32_t *place;
} fft_plan;

/*
 * A transform of size columns.n * rows.n by Bailey's four steps ("FFTs in external or hierarchical
 * memory", 1990). The first pass reads `data` and writes `middle`, the second reads `middle` and
 * writes `data`; each in groups of eight columns or rows, which may run in parallel.
 */
typedef struct {
    fft_plan columns, rows;
    fr *data;
    void *middle; /* in the lanes' own form: groups of columns one after the other, by rows */
    /* First pass. Element (i, j) of the input, row i, column j, is multiplied by in_shift[i]
     * (unless NULL); after the transform of column j row k is multiplied by start[j] * step[j]^k.
     */
    const uint8_t *in_shift; /* twiddles */
    const fr *start, *step;
    /* Second pass: output (k1, k2), at k1 + columns.n * k2, is multiplied by scale[k1] *
     * scale_step^k2 when scale is given, else by scale_step. */
    const fr *scale;
    const uint8_t *scale_step; /* one twiddle */
} fft_passes;

/*
 * Points in the backend's own form: registers of LANES * groups points each, which a chain of
 * doublings and additions goes through together, with one shared inversion a step.
 */
typedef struct {
    void *registers; /* g1_bank_register(groups) bytes each; 64-aligned */
    size_t groups;
    uint8_t *met;  /* per group: lanes that had to add equal or opposite points */
    void *scratch; /* g1_bank_scratch(groups) bytes; 64-aligned */
} bank;

/* What an addition takes: for every lane a point of register table + entry, entry[LANES * g + i] or
 * 0. */
typedef struct {
    unsigned table;
    const uint8_t *entry;
    const uint8_t *beta;     /* a twiddle: the point's image (beta x, y); NULL: the point */
    const uint8_t *negative; /* per group: lanes whose point is negated; NULL: none */
} bank_term;

typedef struct {
    /*
     * *out[i] = a[i] + b[i] for i < n, in affine coordinates with one shared inversion (Montgomery
     * 1987). No input is infinity; equal and opposite points are handled, and an infinite sum is
     * written as (0, 0). Inputs may lie in [0, 2p) (as this function's own outputs do) or be
     * canonical. out[i] may be the point that a[i] or b[i] refers to, when no other entry refers to
     * it. The three arrays have room for n rounded up to a multiple of 8: the padding is
     * overwritten. scratch has pairs_scratch(n) bytes, 64-aligned.
     */
    void (*g1_add_pairs)(point_ref *a, point_ref *b, g1_affine **out, size_t n, void *scratch);
    void (*g2_add_pairs)(point_ref *a, point_ref *b, g2_affine **out, size_t n, void *scratch);
    /* Brings n points as add_pairs leaves them to canonical coordinates, in place. */
    void (*g1_canonical)(g1_affine *points, size_t n);
    void (*g2_canonical)(g2_affine *points, size_t n);
    /*
     * Of points that are neither infinity nor of order 2. Stores are canonical. The others set
     * register `to`, which may be `from`: to the term, twice register `from`, that plus the term,
     * or twice it plus the term. Where equal or opposite points would have to be added the lane is
     * noted in met, and its result has no meaning.
     */
    void (*g1_bank_load)(const bank *r, unsigned to, const g1_affine *points);
    void (*g2_bank_load)(const bank *r, unsigned to, const g2_affine *points);
    void (*g1_bank_store)(const bank *r, g1_affine *points, unsigned from);
    void (*g2_bank_store)(const bank *r, g2_affine *points, unsigned from);
    void (*g1_bank_set)(const bank *r, unsigned to, const bank_term *t);
    void (*g2_bank_set)(const bank *r, unsigned to, const bank_term *t);
    void (*g1_bank_double)(const bank *r, unsigned to, unsigned from);
    void (*g2_bank_double)(const bank *r, unsigned to, unsigned from);
    void (*g1_bank_add)(const bank *r, unsigned to, unsigned from, const bank_term *t);
    void (*g2_bank_add)(const bank *r, unsigned to, unsigned from, const bank_term *t);
    void (*g1_bank_double_add)(const bank *r, unsigned to, unsigned from, const bank_term *t);
    void (*g2_bank_double_add)(const bank *r, unsigned to, unsigned from, const bank_term *t);
    /* n multipliers of Fp, TWIDDLE_BYTES each. */
    void (*fp_twiddles)(uint8_t *out, const fp *in, size_t n);
    /* The canonical integers of n elements, little-endian limbs. */
    void (*fr_to_integers)(uint64_t (*out)[4], const fr *in, size_t n);
    /* n twiddles, TWIDDLE_BYTES each, in the backend's own form. */
    void (*fr_twiddles)(uint8_t *out, const fr *in, size_t n);
    /* Groups [begin, end) of eight columns, or rows. work has max(columns.n, rows.n) *
     * LANES_FIELD_BYTES bytes, 64-aligned. */
    void (*fft_columns)(const fft_passes *p, size_t begin, size_t end, void *work);
    void (*fft_rows)(const fft_passes *p, size_t begin, size_t end, void *work);
} math_kernels;

/* Bytes of scratch that add_pairs needs for n pairs, whatever the backend. */
size_t g1_pairs_scratch(size_t n);
size_t g2_pairs_scratch(size_t n);

/* Bytes of a register, and of scratch, for a bank of so many groups, whatever the backend. */
size_t g1_bank_register(size_t groups);
size_t g2_bank_register(size_t groups);
size_t g1_bank_scratch(size_t groups);
size_t g2_bank_scratch(size_t groups);

#endif
