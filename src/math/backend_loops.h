/*
 * Everything that a backend compiles, and its table. Before inclusion are defined BACKEND
 * (the table's name) and BACKEND_NAME (its name in ZKM_BACKEND); the including file provides
 * available().
 */
#include "math/backend.h"

#include "math/field_loops.h"
#ifndef ZKM_VERIFIER_ONLY /* the library of the verifier alone carries no prover's loops */
#ifdef ZKM_BACKEND_IFMA
#include "math/ifma_loops.h"
#elif defined(ZKM_BACKEND_FMA)
#include "math/fma_loops.h"
#else
#include "math/kernels_loops.h"
#endif
#endif

#include "math/g1_dot_loops.h"
#include "math/g2_mul_loops.h"
#include "math/pairing_loops.h"
#include "math/poseidon2_loops.h"
#include "math/weights_loops.h"

const math_backend BACKEND = {
    .name = BACKEND_NAME,
    .available = available,
    .fr_mul_vector = fr_mul_vector,
    .fp_mul_vector = fp_mul_vector,
    .fp_sqrt = fp_sqrt_loop,
    .g1_dot = g1_dot_loop,
    .g1_weigh_each = g1_weigh_each_loop,
    .g1_weigh_sum = g1_weigh_sum_loop,
    .g2_mul = g2_mul_loop,
    .g2_in_subgroup = g2_in_subgroup_loop,
    .g2_prepare = g2_prepare_loop,
    .pairing_product = pairing_product_loop,
    .poseidon2_permute = poseidon2_permute_loop,
#ifndef ZKM_VERIFIER_ONLY
    .poseidon2_trace = poseidon2_trace_loop,
    .fr_dot = fr_dot_loop,
    .fr_batch_inv = fr_batch_inv_loop,
    .kernels = &KERNELS,
#endif
};
