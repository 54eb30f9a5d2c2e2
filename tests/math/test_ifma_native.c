/* The same as test_ifma_model.c over the processor's instructions, with more operands. */
#if defined(__x86_64__)
#pragma GCC target("avx512f,avx512dq,avx512vl,avx512ifma,bmi2,adx")
#endif
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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
    puts("1..1\nok 1 - native vectors # SKIP this processor lacks AVX-512 IFMA");
    return 0;
}
#else
int main(void) {
    puts("1..1\nok 1 - native vectors # SKIP not an x86-64 processor");
    return 0;
}
#endif
