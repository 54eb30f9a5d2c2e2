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

int main(void) {
    element x, y, got, expected;
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
        return 77;
    for (int round = 0; round < 10000; round++) {
        random_element(x);
        random_element(y);
        fma_mul(expected, x, y, fp_FMA_VECTORS);
        V4_RUN(FMA_MUL_CODE, FMA_MUL_SLOTS, got, x, y, fp_FMA_VECTORS);
        if (memcmp(got, expected, sizeof got) != 0)
            return 1;
        fma_sqr(expected, x, fp_FMA_VECTORS);
        V4_RUN(FMA_SQR_CODE, FMA_SQR_SLOTS, got, x, x, fp_FMA_VECTORS);
        if (memcmp(got, expected, sizeof got) != 0)
            return 1;
    }
    puts("equal");
    return 0;
}
