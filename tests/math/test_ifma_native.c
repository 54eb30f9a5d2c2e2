/* The same as test_ifma_model.c over the processor's instructions, with more operands. */
#if defined(__x86_64__)
#pragma GCC target("avx512f,avx512dq,avx512vl,avx512ifma,bmi2,adx")
#endif
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#if defined(__x86_64__)
#include "math/backend.h"
#include "math/ifma_loops.h"

#define ROUNDS 40000
#include "math/ifma_main.h"

int main(void) {
    if (MATH_BACKEND_IFMA.available())
        return lane_tests();
    print_message("1..0 # skipped: this processor lacks AVX-512 IFMA\n");
    return 0;
}
#else
int main(void) {
    print_message("1..0 # skipped: not an x86-64 processor\n");
    return 0;
}
#endif
