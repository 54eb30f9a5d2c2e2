/* The tests of lanes_ifma.h, for test_ifma_model.c and test_ifma_native.c; ROUNDS is defined. */

#include "math/xorshift.h"

#define EDGE_LIMB uint64_t
#define FIELD fp
#define LANE fp8
#include "math/ifma_cases.h"
#include "math/lane_cases.h"
#undef FIELD
#undef LANE
#define FIELD fr
#define LANE fr8
#include "math/ifma_cases.h"
#include "math/lane_cases.h"
#undef FIELD
#undef LANE
#undef EDGE_LIMB

static int lane_tests(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fp_constants__recomputed),
        cmocka_unit_test(fr_constants__recomputed),
        cmocka_unit_test(fp_mul__edge_and_random_operands),
        cmocka_unit_test(fr_mul__edge_and_random_operands),
        cmocka_unit_test(fp_add_sub__agree_with_the_scalar_field),
        cmocka_unit_test(fr_add_sub__agree_with_the_scalar_field),
        cmocka_unit_test(fp_reduce__at_its_steps),
        cmocka_unit_test(fr_reduce__at_its_steps),
        cmocka_unit_test(fp_tangent__is_a_slope),
        cmocka_unit_test(fr_tangent__is_a_slope),
        cmocka_unit_test(fp_pick__lanes_of_a_table),
        cmocka_unit_test(fr_pick__lanes_of_a_table),
        cmocka_unit_test(fp_transpose__rows_become_lanes),
        cmocka_unit_test(fr_transpose__rows_become_lanes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
