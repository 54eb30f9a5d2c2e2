/*
 * Many multiples of one point: k_i P for i < n, by tables of P's multiples in signed windows
 * (Brickell, Gordon, McCurley and Wilson 1992) and batched affine additions, so that a multiple
 * costs one affine addition a window. Times depend on the scalars.
 */
#ifndef MATH_FIXED_BASE_H
#define MATH_FIXED_BASE_H

#include "math/g1.h"
#include "math/g2.h"

/* A good window width, 4 to 14 bits, for n multiples. */
unsigned fixed_base_window(size_t n);

/* How many points a table for windows of `bits` (2 to 14) bits has. */
size_t fixed_base_table_points(unsigned bits);

typedef struct {
    unsigned bits;
    const g1_affine *points; /* the caller's memory */
} fixed_base_g1_table;

typedef struct {
    unsigned bits;
    const g2_affine *points;
} fixed_base_g2_table;

/* Bytes of scratch for init and for the multiples, on up to `threads` threads (0:
 * threads_available()). */
size_t fixed_base_g1_scratch(unsigned threads);
size_t fixed_base_g2_scratch(unsigned threads);

/*
 * Prepares the table of `base`, which is not infinity. points has room for
 * fixed_base_table_points(bits) points, stays the caller's and must live as long as the table.
 */
void fixed_base_g1_init(fixed_base_g1_table *out, unsigned bits, const g1_affine *base,
                        g1_affine *points, unsigned threads, void *scratch);
void fixed_base_g2_init(fixed_base_g2_table *out, unsigned bits, const g2_affine *base,
                        g2_affine *points, unsigned threads, void *scratch);

/* out[i] = scalars[i] * base for i < n, canonical; infinity for 0. scratch holds
 * fixed_base_*_scratch(threads) bytes of any alignment. */
void fixed_base_g1(g1_affine *out, const fixed_base_g1_table *table, const fr *scalars, size_t n,
                   unsigned threads, void *scratch);
void fixed_base_g2(g2_affine *out, const fixed_base_g2_table *table, const fr *scalars, size_t n,
                   unsigned threads, void *scratch);

#endif
