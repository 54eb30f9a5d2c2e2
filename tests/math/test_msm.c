/* Multi-scalar multiplication against naive sums, under every backend that this processor has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "math/backend.h"
#include "math/backends.h"
#include "math/msm.h"
#include "math/xorshift.h"

static void next_fr(fr *out) {
    uint8_t bytes[32];
    for (int i = 0; i < 32; i++)
        bytes[i] = (uint8_t)(next() >> 56);
    fr_from_bytes_reduce(out, bytes);
}

/* r - 1, r / 2 and its neighbours, powers of two and theirs, and their negatives. */
static void edge_fr(fr *out, size_t i) {
    static const uint64_t values[] = {0,
                                      1,
                                      2,
                                      3,
                                      0x7fff,
                                      0x8000,
                                      0x8001,
                                      0xfffe,
                                      0xffff,
                                      0x10000,
                                      0x10001,
                                      0x7fffffff,
                                      0x80000000,
                                      0xffffffff,
                                      0x100000000,
                                      0x7fffffffffffffff,
                                      0x8000000000000000,
                                      0xffffffffffffffff};
    const size_t n = sizeof values / sizeof values[0];
    i %= 3 * n + 4;
    fr half, one;
    fr_set_u64(&half, 2);
    fr_inv(&half, &half); /* (r + 1) / 2 */
    fr_set_one(&one);
    if (i < 2 * n) {
        fr_set_u64(out, values[i % n]);
        if (i >= n)
            fr_neg(out, out);
    } else if (i < 3 * n) {
        fr_set_u64(out, values[i % n]);
        for (int k = 0; k < 128; k++)
            fr_double(out, out);
    } else if (i == 3 * n) {
        *out = half;
    } else if (i == 3 * n + 1) {
        fr_sub(out, &half, &one); /* (r - 1) / 2 */
    } else {
        fr_set_u64(out, 3);
        for (int k = 0; k < (i == 3 * n + 2 ? 252 : 250); k++)
            fr_double(out, out);
    }
}

#define CURVE g1
#define CURVE_F fp
#include "math/msm_cases.h"
#undef CURVE
#undef CURVE_F
#define CURVE g2
#define CURVE_F fp2
#include "math/msm_cases.h"
#undef CURVE
#undef CURVE_F

#define BACKEND_TEST(name, curve)                                                                  \
    static void curve##_##name##_all(void **s) {                                                   \
        (void)s;                                                                                   \
        for_each_backend(curve##_##name);                                                          \
    }
#define BOTH(name) BACKEND_TEST(name, g1) BACKEND_TEST(name, g2)
BOTH(msm__sizes)
BOTH(msm__edge_scalars)
BOTH(msm__infinite_equal_and_opposite_bases)
BOTH(msm__all_scalars_the_same)
BOTH(msm__small_scalars)
BOTH(msm__threads_agree)
BOTH(add_pairs__special_cases)

int main(void) {
#define ENTRIES(name) cmocka_unit_test(g1_##name##_all), cmocka_unit_test(g2_##name##_all)
    const struct CMUnitTest tests[] = {
        ENTRIES(msm__sizes),
        ENTRIES(msm__edge_scalars),
        ENTRIES(msm__infinite_equal_and_opposite_bases),
        ENTRIES(msm__all_scalars_the_same),
        ENTRIES(msm__small_scalars),
        ENTRIES(msm__threads_agree),
        ENTRIES(add_pairs__special_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
