/*
 * Rank-1 constraint systems, stored as repeated blocks: A(w) * B(w) = C(w) row by row over Fr.
 *
 * A block is a template of rows that is repeated `count` times; in instance i a term's wire index
 * is index + stride * i and its coefficient is coefs[coef + coef_stride * i]. A term may also be a
 * run: the same coefficient on `repeat` wires that lie `step` apart (sums of a million reciprocals
 * cost a few bytes). A circuit of a million rows so takes a few hundred kilobytes, and its columns
 * are never held.
 *
 * Wires: 0 is the constant one; 1..num_public are public; then num_committed wires (I_D of DESIGN
 * section 3: fixed before the challenge is drawn); then the rest (I_C), each defined by one row:
 *   ROW_PRODUCT:  out = A(w) * B(w)       C is exactly the wire `out`
 *   ROW_QUOTIENT: out = C(w) / B(w)       A is exactly the wire `out`
 *   ROW_ASSERT:   defines nothing; must hold
 * so that solving is: blocks in order, instances in parallel where a block allows it, rows in
 * order.
 *
 * Places: a row of the QAP is a place, and in a plain system the rows of the blocks take one after
 * the other. In an interleaved one the rows of fixed blocks take the odd places and all others the
 * even ones, so that on a domain of even size n the latter lie on its subgroup of order n/2 and the
 * former on the coset of that; a place without a row is the row 0 * 0 = 0.
 */
#ifndef R1CS_R1CS_H
#define R1CS_R1CS_H

#include <stdint.h>

#include "base/error.h"
#include "math/fr.h"
#include "math/poseidon2.h"

typedef struct {
    uint32_t index, stride; /* wire of instance i: index + stride * i + step * j, j < repeat */
    uint32_t repeat, step;
    uint32_t coef, coef_stride; /* coefs[coef + coef_stride * i] */
} r1cs_term;

typedef enum { ROW_ASSERT = 0, ROW_PRODUCT = 1, ROW_QUOTIENT = 2 } r1cs_row_kind;

/* Terms [begin, end) of the block's term array. Rows with the same combination may share them. */
typedef struct {
    uint32_t begin, end;
} r1cs_span;

typedef struct {
    r1cs_span a, b, c;        /* of A, B and C */
    uint32_t out, out_stride; /* the wire that the row defines; unused by ROW_ASSERT */
    uint16_t kind;            /* r1cs_row_kind */
    uint16_t rule; /* index into r1cs.rules: which rule of the protocol this row enforces */
} r1cs_row;

/* Rows of a block, from first_row on, that are one Poseidon2 permutation: for each of its S-boxes
 * in their order x x = x^2, x^2 x = x^3, x^2 x^3 = x^5. A solver runs it instead of summing up the
 * combinations of its rows; nothing else depends on it. */
typedef struct {
    uint32_t first_row;
    const poseidon2_params *params;
} r1cs_permutation;

typedef struct {
    char name[32];
    uint32_t count;     /* instances */
    bool independent;   /* no instance uses a wire that another instance of the block defines */
    bool fixed;         /* its rows use wires alone that are the same in every proof that a key
                           specialised to some values of them makes */
    uint64_t first_row; /* see r1cs_row_at */
    uint32_t row_step;  /* 1, or 2 where the system is interleaved */
    uint32_t num_rows, num_terms;
    uint32_t num_quotients; /* rows of that kind */
    r1cs_row *rows;
    r1cs_term *terms;
    r1cs_permutation *permutations; /* ascending */
    uint32_t num_permutations;
} r1cs_block;

#define R1CS_COEF_ONE 0u /* coefs[0] = 1, coefs[1] = -1: added and subtracted without a product */
#define R1CS_COEF_MINUS_ONE 1u

typedef struct {
    uint32_t num_public, num_committed, num_wires; /* num_wires counts wire 0 */
    uint64_t num_constraints; /* rows that were recorded, all instances counted */
    uint64_t num_rows;        /* places: num_constraints, or an even number if interleaved */
    bool interleaved;
    fr *coefs;
    uint32_t num_coefs;
    r1cs_block *blocks;
    uint32_t num_blocks;
    char (*rules)[32];
    uint32_t num_rules;
} r1cs;

void r1cs_free(r1cs *cs); /* NULL accepted */

/* The place of row j of instance i. */
static inline uint64_t r1cs_row_at(const r1cs_block *block, uint64_t i, uint64_t j) {
    return block->first_row + block->row_step * (i * block->num_rows + j);
}

/* First wire of the committed set and of the rest. */
static inline uint32_t r1cs_first_committed(const r1cs *cs) { return 1 + cs->num_public; }
static inline uint32_t r1cs_first_private(const r1cs *cs) {
    return 1 + cs->num_public + cs->num_committed;
}

/*
 * Keccak-256("zkmetric.r1cs.v2" || digests || length) of the canonical bytes: every count, row,
 * term and coefficient as recorded, and behind them, if the system is interleaved, each block's
 * first_row (u64) and row_step; names of blocks and rules are left out. The digests are Keccak-256
 * of each 8192 bytes in order, of which the last may be fewer; the length, of all, is a big-endian
 * u64.
 */
void r1cs_digest(uint8_t out[32], const r1cs *cs);

/*
 * Fills the wires of the rest from one, public and committed wires (wires[0 ..
 * r1cs_first_private)), and, where a and b are not NULL, writes A(w) and B(w) of every place to
 * them (num_rows each). ZKM_ERR_INTERNAL names the block, instance, row and rule of an assertion
 * that fails or of a division by zero (whose quotient is 0); every wire is filled all the same.
 * threads 0: all.
 */
ZKM_MUST_CHECK zkm_status r1cs_solve(zkm_error *err, const r1cs *cs, fr *wires, fr *a, fr *b,
                                     unsigned threads);

/*
 * Solves as far as some wires decide: known[i] says that wires[i] has its value, and every wire
 * that a row defines from such wires alone gets its value and becomes known in turn (both num_wires
 * long; known[0] is set, with wire 0 the one). A quotient by zero stays unknown.
 */
void r1cs_solve_known(const r1cs *cs, fr *wires, bool *known);

/* Whether there are fixed rows, and all are of known wires only. */
bool r1cs_fixed_rows_known(const r1cs *cs, const bool *known);

/* A(w), B(w), C(w) of every place; any output may be NULL. */
ZKM_MUST_CHECK zkm_status r1cs_evaluate(zkm_error *err, const r1cs *cs, const fr *wires, fr *a,
                                        fr *b, fr *c, unsigned threads);

/* ZKM_OK when every row holds; ZKM_REJECTED names the first that does not. */
ZKM_MUST_CHECK zkm_status r1cs_check(zkm_error *err, const r1cs *cs, const fr *wires);

/* Column sums with weights: a[i] = sum_j A[j][i] * weights[j] and likewise b, c, for all num_wires
 * columns (outputs are overwritten). With weights[j] = L_j(tau) these are A_i(tau), B_i(tau),
 * C_i(tau). */
void r1cs_columns(const r1cs *cs, const fr *weights, fr *a, fr *b, fr *c, unsigned threads);

/* Calls visit for every nonzero entry of the expanded matrices, row by row, A then B then C. matrix
 * is 0, 1 or 2; row is the row's place. Places ascend in plain systems, which is what writers of
 * foreign formats rely on: these take no committed wires, and only systems with such wires are
 * interleaved. */
typedef void (*r1cs_visitor)(void *context, int matrix, uint64_t row, uint32_t wire,
                             const fr *coef);
void r1cs_visit(const r1cs *cs, r1cs_visitor visit, void *context);

#endif
