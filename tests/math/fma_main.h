/* The tests of lanes_fma.h, for test_fma_model.c and test_fma_native.c; ROUNDS is defined. */

#include "math/xorshift.h"

static v4 v4_load4(double a, double b, double c, double d) {
    const double e[4] = {a, b, c, d};
    v4 out;
    memcpy(&out, e, sizeof out);
    return out;
}

#define EDGE_LIMB double
#define FIELD fp
#define LANE fp8
#include "math/fma_cases.h"
#include "math/lane_cases.h"
#undef FIELD
#undef LANE
#define FIELD fr
#define LANE fr8
#include "math/fma_cases.h"
#include "math/lane_cases.h"
#undef FIELD
#undef LANE
#undef EDGE_LIMB

/* Rounding mode, and on x86-64 flags and masks, stay the caller's and make no difference. */
static void kernels__in_any_floating_point_environment(void **state) {
    (void)state;
    const int modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    enum { N = 64 };
    fr in[N];
    uint64_t expected[N][4], out[N][4];
    for (int i = 0; i < N; i++) {
        fr_set_u64(&in[i], next());
        fr_sqr(&in[i], &in[i]);
        fr_sqr(&in[i], &in[i]);
        fr_to_limbs(expected[i], &in[i]);
    }
    for (int m = 0; m < 4; m++) {
        assert_int_equal(fesetround(modes[m]), 0);
        feclearexcept(FE_ALL_EXCEPT);
        KERNELS.fr_to_integers(out, in, N);
        assert_int_equal(fegetround(), modes[m]);
#ifndef ZKM_FMA_MODEL
        assert_int_equal(fetestexcept(FE_ALL_EXCEPT), 0);
        const unsigned before = _mm_getcsr();
        const unsigned strange = (before & ~0x1000u) | 0x8040; /* inexact traps; denormals are 0 */
        _mm_setcsr(strange);
        memset(out, 0, sizeof out);
        KERNELS.fr_to_integers(out, in, N);
        const unsigned after = _mm_getcsr();
        _mm_setcsr(before);
        assert_int_equal(after, strange);
#endif
        fesetround(FE_TONEAREST);
        assert_memory_equal(out, expected, sizeof out);
    }
}

static int lane_tests(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fp_constants__recomputed),
        cmocka_unit_test(fr_constants__recomputed),
        cmocka_unit_test(fp_bounds__of_sums),
        cmocka_unit_test(fr_bounds__of_sums),
        cmocka_unit_test(fp_mul__edge_and_random_operands),
        cmocka_unit_test(fr_mul__edge_and_random_operands),
        cmocka_unit_test(fp_elements__agree_with_the_scalar_field),
        cmocka_unit_test(fr_elements__agree_with_the_scalar_field),
        cmocka_unit_test(fp_canonical__at_its_ends),
        cmocka_unit_test(fr_canonical__at_its_ends),
        cmocka_unit_test(kernels__in_any_floating_point_environment),
        cmocka_unit_test(fp_tangent__is_a_slope),
        cmocka_unit_test(fr_tangent__is_a_slope),
        cmocka_unit_test(fp_pick__lanes_of_a_table),
        cmocka_unit_test(fr_pick__lanes_of_a_table),
        cmocka_unit_test(fp_transpose__rows_become_lanes),
        cmocka_unit_test(fr_transpose__rows_become_lanes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
