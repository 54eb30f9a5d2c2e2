/* Poseidon2's public functions, each a call into the backend in use. */
#include "math/poseidon2.h"

#include "math/backend.h"

void poseidon2_permute_t3(fr state[3]) {
    math_backend_current()->poseidon2_permute(state, &POSEIDON2_T3);
}

void poseidon2_permute_t16(fr state[16]) {
    math_backend_current()->poseidon2_permute(state, &POSEIDON2_T16);
}
