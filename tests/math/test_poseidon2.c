/* Poseidon2 against a permutation that is not ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "math/poseidon2.h"

/* A decimal number below r. */
static void fr_from_decimal(fr *out, const char *text) {
    fr ten, digit;
    fr_set_u64(&ten, 10);
    fr_set_zero(out);
    for (; *text; text++) {
        fr_set_u64(&digit, (uint64_t)(*text - '0'));
        fr_mul(out, out, &ten);
        fr_add(out, out, &digit);
    }
}

static void check_line(char *line) {
    fr state[16], expected;
    char *rest, *word = strtok_r(line, " \n", &rest);
    unsigned t = (unsigned)atoi(word);
    for (unsigned i = 0; i < t; i++)
        fr_set_u64(&state[i], i);
    if (t == 3)
        poseidon2_permute_t3(state);
    else
        poseidon2_permute_t16(state);
    for (unsigned i = 0; i < t; i++) {
        word = strtok_r(NULL, " \n", &rest);
        fr_from_decimal(&expected, word);
        assert_true(fr_equal(&state[i], &expected));
    }
}

static void poseidon2__agrees_with_the_published_permutations(void **state) {
    (void)state;
    FILE *f = fopen(ZKM_SOURCE_DIR "/tests/vectors/poseidon2.txt", "r");
    assert_non_null(f);
    char line[4096];
    int checked = 0;
    while (fgets(line, sizeof line, f))
        if (line[0] != '#') {
            check_line(line);
            checked++;
        }
    fclose(f);
    assert_int_equal(checked, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(poseidon2__agrees_with_the_published_permutations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
