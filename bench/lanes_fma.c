/* Products in the layout of the fma backend: bench_lanes_fma --log2 12 */
#if defined(__x86_64__)
#pragma GCC target("avx2,fma,bmi2,adx,tune=znver3") /* as in backend_fma.c */
#include "math/backend.h"
#include "math/fma_loops.h"

#define BACKEND MATH_BACKEND_FMA
#include "lanes.h"
#else
#include <stdio.h>

int main(void) {
    fputs("bench: not an x86-64 processor\n", stderr);
    return 2;
}
#endif
