/* Multiples of a fixed point against g1_mul and g2_mul, under every backend that this processor
 * has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "math/backend.h"
#include "math/backends.h"
#include "math/fixed_base.h"

static uint64_t state = 88172645463325252u;

static void next_fr(fr *out) {
    uint8_t bytes[32];
    for (int i = 0; i < 32; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes[i] = (uint8_t)(state >> 24);
    }
    fr_from_bytes_reduce(out, bytes);
}

/* 0, +-1, +-2, +-2^k and its neighbours, then random ones. */
static void fill_scalars(fr *out, size_t n) {
    fr one, power;
    fr_set_one(&one);
    fr_set_one(&power);
    for (size_t i = 0; i < n; i++) {
        if (i == 0) {
            fr_set_zero(&out[i]);
        } else if (i < 1000) {
            if (i % 4 == 1)
                out[i] = power;
            else if (i % 4 == 2)
                fr_neg(&out[i], &power);
            else if (i % 4 == 3)
                fr_sub(&out[i], &power, &one);
            else {
                fr_add(&out[i], &power, &one);
                fr_double(&power, &power);
            }
        } else {
            next_fr(&out[i]);
        }
    }
}

#define CURVE g1
#include "math/fixed_base_cases.h"
#undef CURVE
#define CURVE g2
#include "math/fixed_base_cases.h"
#undef CURVE

static void fixed_base_g1__agrees_with_g1_mul(void **s) {
    (void)s;
    for_each_backend(g1_fixed_base_agrees);
}

static void fixed_base_g2__agrees_with_g2_mul(void **s) {
    (void)s;
    for_each_backend(g2_fixed_base_agrees);
}

static void fixed_base_window__stays_in_range(void **s) {
    (void)s;
    unsigned before = 0;
    for (size_t n = 0; n < (size_t)1 << 40; n = 2 * n + 1) {
        unsigned bits = fixed_base_window(n);
        assert_in_range(bits, 4, 14);
        assert_true(bits >= before);
        before = bits;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixed_base_window__stays_in_range),
        cmocka_unit_test(fixed_base_g1__agrees_with_g1_mul),
        cmocka_unit_test(fixed_base_g2__agrees_with_g2_mul),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
