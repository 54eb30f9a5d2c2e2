/*
 * The Poseidon2 permutation over Fr (Grassi, Khovratovich, Schofnegger, eprint 2023/323) with state
 * widths t = 3 and t = 16, S-box x^5, and the constants that its authors' script gives.
 *
 * permute(s):
 *   s = E s
 *   full_rounds / 2 times:  s_i = (s_i + next constant)^5 for i = 0 .. t-1, in this order;  s = E s
 *   partial_rounds times:   s_0 = (s_0 + next constant)^5;                                  s = I s
 *   full_rounds / 2 times:  s_i = (s_i + next constant)^5 for i = 0 .. t-1;                 s = E s
 *
 * Internal matrix I = J + diag(diagonal), J the matrix of ones: (I s)_i = diagonal[i] s_i + sum_j
 * s_j.
 *
 * External matrix E for t = 3: circ(2, 1, 1), so (E s)_i = s_i + sum_j s_j.
 * For t = 16, in blocks of four: (E s)_i = m_i + m_(i mod 4) + m_(i mod 4 + 4) + m_(i mod 4 + 8) +
 * m_(i mod 4 + 12), where each block of four of m is M4 times the same block of s,
 *          5 7 1 3
 *     M4 = 4 6 1 1
 *          1 3 5 7
 *          1 1 4 6
 */
#ifndef MATH_POSEIDON2_H
#define MATH_POSEIDON2_H

#include "math/fr.h"

typedef struct {
    size_t t;           /* elements of the state */
    size_t full_rounds; /* even */
    size_t partial_rounds;
    const fr *round_constants; /* full_rounds * t + partial_rounds, in the order of use */
    const fr *diagonal;        /* t */
} poseidon2_params;

/* One S-box of a permutation: x, x^2, x^3, x^5. */
typedef struct {
    fr x, square, cube, fifth;
} poseidon2_power;

/* S-boxes of a permutation. */
static inline size_t poseidon2_powers(const poseidon2_params *p) {
    return p->full_rounds * p->t + p->partial_rounds;
}

/* full_rounds 8, partial_rounds 56; diagonal 1, 1, 2 */
extern const poseidon2_params POSEIDON2_T3;
/* full_rounds 8, partial_rounds 57 */
extern const poseidon2_params POSEIDON2_T16;

void poseidon2_permute_t3(fr state[3]);
void poseidon2_permute_t16(fr state[16]);

#endif
