/* Poseidon2 against a permutation that is not ours, and against matrices written out. */
#include "math_test.h"

#include "math/poseidon2.h"

enum { MAX_POWERS = 8 * 16 + 57 };

static void permute(fr *state, size_t t) {
    if (t == 3)
        poseidon2_permute_t3(state);
    else
        poseidon2_permute_t16(state);
}

static void read_elements(fr *out, const json_t *row, const char *key, size_t t) {
    const json_t *list = json_object_get(row, key);
    assert_int_equal(json_array_size(list), t);
    for (size_t i = 0; i < t; i++) {
        uint8_t bytes[32];
        const char *text = json_string_value(json_array_get(list, i));
        assert_true(text != NULL && hex_decode(bytes, 32, text));
        assert_true(fr_from_bytes(&out[i], bytes));
    }
}

static void poseidon2__agrees_with_an_independent_implementation(void **state) {
    (void)state;
    json_t *rows = load_vectors("poseidon2.json"), *row;
    size_t i, seen[17] = {0};
    json_array_foreach(rows, i, row) {
        fr s[16], expected[16];
        size_t t = (size_t)json_integer_value(json_object_get(row, "t"));
        assert_true(t == 3 || t == 16);
        seen[t]++;
        read_elements(s, row, "input", t);
        read_elements(expected, row, "output", t);
        permute(s, t);
        for (size_t j = 0; j < t; j++)
            assert_true(fr_equal(&s[j], &expected[j]));
    }
    assert_true(seen[3] > 1 && seen[16] > 1);
    json_decref(rows);
}

/* The external matrix as the header states it. */
static uint64_t external_entry(size_t t, size_t i, size_t j) {
    static const uint64_t m4[4][4] = {{5, 7, 1, 3}, {4, 6, 1, 1}, {1, 3, 5, 7}, {1, 1, 4, 6}};
    if (t == 3)
        return i == j ? 2 : 1;
    return m4[i % 4][j % 4] * (i / 4 == j / 4 ? 2 : 1);
}

static void reference_external(fr *s, size_t t) {
    fr out[16], entry;
    for (size_t i = 0; i < t; i++) {
        fr_set_zero(&out[i]);
        for (size_t j = 0; j < t; j++) {
            fr_set_u64(&entry, external_entry(t, i, j));
            fr_mul(&entry, &entry, &s[j]);
            fr_add(&out[i], &out[i], &entry);
        }
    }
    memcpy(s, out, t * sizeof *s);
}

/* *trace, unless NULL, is checked against this round's powers, and moves behind them. */
static void reference_round(fr *s, const poseidon2_params *p, const fr *constants, bool full,
                            const poseidon2_power **trace) {
    const uint64_t five[1] = {5};
    for (size_t i = 0; i < (full ? p->t : 1); i++) {
        fr x, square, cube;
        fr_add(&x, &s[i], &constants[i]);
        fr_mul(&square, &x, &x);
        fr_mul(&cube, &square, &x);
        fr_pow(&s[i], &x, five, 1);
        if (!*trace)
            continue;
        assert_true(fr_equal(&(*trace)->x, &x) && fr_equal(&(*trace)->square, &square));
        assert_true(fr_equal(&(*trace)->cube, &cube) && fr_equal(&(*trace)->fifth, &s[i]));
        (*trace)++;
    }
    if (full) {
        reference_external(s, p->t);
        return;
    }
    fr out[16], term;
    for (size_t i = 0; i < p->t; i++) {
        fr_mul(&out[i], &p->diagonal[i], &s[i]);
        for (size_t j = 0; j < p->t; j++) {
            term = s[j];
            fr_add(&out[i], &out[i], &term);
        }
    }
    memcpy(s, out, p->t * sizeof *s);
}

static void reference_permute(fr *s, const poseidon2_params *p, const poseidon2_power *trace) {
    const fr *constants = p->round_constants;
    reference_external(s, p->t);
    for (size_t round = 0; round < p->full_rounds + p->partial_rounds; round++) {
        bool full = round < p->full_rounds / 2 || round >= p->full_rounds / 2 + p->partial_rounds;
        reference_round(s, p, constants, full, &trace);
        constants += full ? p->t : 1;
    }
}

static const poseidon2_params *const ALL[2] = {&POSEIDON2_T3, &POSEIDON2_T16};

/* What the circuit is built from: the header's description and its constants, nothing else. */
static void poseidon2__follows_its_description(void **state) {
    (void)state;
    for (int k = 0; k < 2; k++) {
        const poseidon2_params *p = ALL[k];
        fr s[16], expected[16];
        for (size_t i = 0; i < p->t; i++)
            random_fr(&s[i]);
        memcpy(expected, s, sizeof s);
        reference_permute(expected, p, NULL);
        permute(s, p->t);
        for (size_t i = 0; i < p->t; i++)
            assert_true(fr_equal(&s[i], &expected[i]));
    }
    assert_int_equal(POSEIDON2_T3.partial_rounds, 56);
    assert_int_equal(POSEIDON2_T16.partial_rounds, 57);
}

/* Every power in its place, and the permuted state. */
static void poseidon2_trace__is_every_power(void **state) {
    (void)state;
    for (int k = 0; k < 2; k++) {
        const poseidon2_params *p = ALL[k];
        poseidon2_power powers[MAX_POWERS];
        fr s[16], expected[16];
        assert_in_range(poseidon2_powers(p), 1, MAX_POWERS);
        for (size_t i = 0; i < p->t; i++)
            random_fr(&expected[i]);
        memcpy(s, expected, sizeof s);
        reference_external(s, p->t);
        for (size_t i = 0; i < p->t; i++)
            fr_add(&s[i], &s[i], &p->round_constants[i]);
        math_backend_current()->poseidon2_trace(powers, s, p);
        reference_permute(expected, p, powers);
        for (size_t i = 0; i < p->t; i++)
            assert_true(fr_equal(&s[i], &expected[i]));
    }
}

static const struct CMUnitTest poseidon2_tests[] = {
    cmocka_unit_test(poseidon2__agrees_with_an_independent_implementation),
    cmocka_unit_test(poseidon2__follows_its_description),
    cmocka_unit_test(poseidon2_trace__is_every_power),
};

int main(void) { return run_under_backends(poseidon2_tests); }
