/* The same as test_fma_model.c over the processor's instructions, with more operands. */
#if defined(__x86_64__)
#pragma GCC target("avx2,fma,bmi2,adx")
#endif
#include <fenv.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#if defined(__x86_64__)
#include "math/backend.h"
#include "math/fma_loops.h"

#define ROUNDS 40000
#include "math/fma_main.h"

int main(void) {
    if (MATH_BACKEND_FMA.available())
        return lane_tests();
    puts("1..1\nok 1 - native vectors # SKIP this processor lacks AVX2 or FMA");
    return 0;
}
#else
int main(void) {
    puts("1..1\nok 1 - native vectors # SKIP not an x86-64 processor");
    return 0;
}
#endif
