/* Products in the layout of the ifma backend: bench_lanes_ifma --log2 12 */
#if defined(__x86_64__)
#pragma GCC target("avx512f,avx512dq,avx512vl,avx512ifma,bmi2,adx")
#include "math/backend.h"
#include "math/ifma_loops.h"

#define BACKEND MATH_BACKEND_IFMA
#include "lanes.h"
#else
#include <stdio.h>

int main(void) {
    fputs("bench: not an x86-64 processor\n", stderr);
    return 2;
}
#endif
