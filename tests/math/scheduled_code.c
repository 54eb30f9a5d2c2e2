/* Whether instructions by scripts/schedule-fma.c, found in the include path, do what fma_product.h
 * defines: compares them on random operands, and exits with 1 where they differ, with 77 where the
 * processor lacks the instructions. */
#if defined(__x86_64__)
#pragma GCC target("avx2,fma")
#endif
#include "math/fma_product.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "math/fma_constants.h"
#include "math/fma_product_code.h"
#include "math/xorshift.h"

typedef v4 element[HALVES][5];

static void random_element(element e) {
    for (int h = 0; h < HALVES; h++)
        for (int i = 0; i < 5; i++) {
            double limb[4];
            for (int k = 0; k < 4; k++)
                limb[k] = (double)((int64_t)next() >> 13) * (i < 4 ? 1 : 0.5);
            memcpy(&e[h][i], limb, sizeof limb);
        }
    for (int h = 0; h < HALVES; h++)
        e[h][4] = v4_sub(v4_add(e[h][4], v4_set1(FMA_ROUND)), v4_set1(FMA_ROUND));
}

#define RUN(code, x, y)                                                                            \
    __asm__ volatile(                                                                              \
        code                                                                                       \
        :                                                                                          \
        : [o] "r"(got), [a] "r"(x), [b] "r"(y), [k] "r"(fp_FMA_VECTORS), [slots] "r"(spilled)      \
        : "memory", "ymm0", "ymm1", "ymm2", "ymm3", "ymm4", "ymm5", "ymm6", "ymm7", "ymm8",        \
          "ymm9", "ymm10", "ymm11", "ymm12", "ymm13", "ymm14", "ymm15")

int main(void) {
    element x, y, got, expected;
    v4 spilled[FMA_MUL_SLOTS + FMA_SQR_SLOTS];
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
        return 77;
    for (int round = 0; round < 10000; round++) {
        random_element(x);
        random_element(y);
        fma_mul(expected, x, y, fp_FMA_VECTORS);
        RUN(FMA_MUL_CODE, x, y);
        if (memcmp(got, expected, sizeof got) != 0)
            return 1;
        fma_sqr(expected, x, fp_FMA_VECTORS);
        RUN(FMA_SQR_CODE, x, x);
        if (memcmp(got, expected, sizeof got) != 0)
            return 1;
    }
    puts("equal");
    return 0;
}
