/*
 * Lookups and range checks by logarithmic derivatives (Haboeck, "Multivariate lookups based on
 * logarithmic derivatives", 2022, lemma 5): the looked-up values v_i all lie in the table t_j
 * exactly when some multiplicities m_j satisfy, as rational functions of alpha, sum_i 1 / (alpha -
 * v_i) = sum_j m_j / (alpha - t_j). v_i and m_j are committed before alpha is drawn. One row a
 * lookup, one a table row, one for the sum. Reciprocals stand on the A side, so that the B side
 * holds alpha and small wires only.
 */
#ifndef R1CS_LOOKUP_H
#define R1CS_LOOKUP_H

#include "r1cs/builder.h"

#define LOOKUP_MAX_USES 4096u

/* One table in one circuit, while recording and while assigning. */
typedef struct {
    uint32_t size;
    wire_array multiplicity; /* committed */
    wire_array inverse;      /* private: m_j / (alpha - t_j) */
    wire_array uses[LOOKUP_MAX_USES];
    uint32_t num_uses;
} lookup;

/* Allocates the multiplicities of a table of `size` rows; a table that is never closed has none. */
void lookup_init(lookup *t, r1cs_builder *b, uint32_t size);

/* Allocates `width` reciprocals for each of `count` instances and books them for the closing sum.
 */
wire_array lookup_book(lookup *t, r1cs_builder *b, uint32_t width, uint32_t count);

/* inverse * (alpha - value) = 1 */
void lookup_record(r1cs_builder *b, wire alpha, wire inverse, const lc *value);

/* The table's rows, with values[j] = t_j (size of them, kept until builder_finish), and the closing
 * sum. */
void lookup_close(lookup *t, r1cs_builder *b, wire alpha, const fr *values, const char *name);

/* ------------------------------------------------------------------ range checks */

/* The table 0 .. 2^width - 1. */
typedef struct {
    lookup table;
    unsigned width;
    fr *values; /* 2^width, owned */
} range_table;

ZKM_MUST_CHECK zkm_status range_init(zkm_error *err, range_table *r, r1cs_builder *b,
                                     unsigned width);
void range_clear(range_table *r);

/* A checked value's limbs: all but the lowest are committed wires, the lowest is what remains. */
typedef struct {
    unsigned bits;
    wire_array limbs; /* width ceil(bits / r.width) - 1 */
} range_wires;

/*
 * value in [0, 2^bits), for each of `count` instances, whatever field element it is: value = sum of
 * limbs 2^(width j), each limb in the table, and when the top limb has fewer bits than the table,
 * top * 2^(width - rest) in the table too. Rows: range_rows(bits, width).
 */
range_wires range_record(range_table *r, r1cs_builder *b, wire alpha, const lc *value,
                         unsigned bits, uint32_t count);
unsigned range_rows(unsigned bits, unsigned width);

/* `n` committed limbs, each in the table; *sum receives sum of limbs 2^(width j): a value of n *
 * width bits that is given by its limbs alone. */
wire_array range_record_limbs(range_table *r, r1cs_builder *b, wire alpha, unsigned n,
                              uint32_t count, lc *sum);

/* ------------------------------------------------------------------ witness */

/* Multiplicities while assigning: counts[size] of a table. */
typedef struct {
    uint32_t *counts;
    uint32_t size;
} lookup_counts;

/* Writes the upper limbs of a value below 2^bits to limbs[0 .. limbs - 1) and counts every lookup
 * that range_record makes for it. value is a little-endian integer of 256 bits. */
void range_assign(const range_wires *w, unsigned width, lookup_counts *counts, fr *limbs,
                  const uint64_t value[4]);

#endif
