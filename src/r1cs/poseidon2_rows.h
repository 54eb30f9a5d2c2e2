/*
 * Poseidon2 (Grassi, Khovratovich, Schofnegger, "Poseidon2: a faster version of the Poseidon hash
 * function", 2023) as rows: three a power x^5 (x^2, x^3, x^5), nothing for the linear layers, which
 * stay linear combinations. The constants and matrices are those of math/poseidon2.h.
 */
#ifndef R1CS_POSEIDON2_ROWS_H
#define R1CS_POSEIDON2_ROWS_H

#include "math/poseidon2.h"
#include "r1cs/builder.h"

/* Rows of one permutation: 3 (full_rounds * t + partial_rounds). */
uint32_t poseidon2_rows(const poseidon2_params *params);

/*
 * Replaces state[0..t) by its permutation in every instance of the block being recorded, which has
 * `count` instances. The powers of the last full round are the wires (first + each * i, 0..t) of
 * `last`, an array of private wires of width t, so that other blocks can reach the result with
 * poseidon2_output.
 */
void poseidon2_record(r1cs_builder *b, const poseidon2_params *params, lc *state, uint32_t count,
                      const wire_array *last, uint32_t first, uint32_t each);

/* The permuted state whose last powers were recorded at (first + each * i). */
void poseidon2_output(r1cs_builder *b, const poseidon2_params *params, lc *state,
                      const wire_array *last, uint32_t first, uint32_t each);

#endif
