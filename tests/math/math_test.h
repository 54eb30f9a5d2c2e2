/* What the tests of src/math share: cmocka, seeded random numbers, vectors from JSON, backends. */
#ifndef MATH_TEST_H
#define MATH_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/bytes.h"
#include "math/backend.h"

/* xorshift64* with a fixed seed, so that failures repeat. */
static inline uint64_t random_u64(void) {
    static uint64_t state = UINT64_C(88172645463325252);
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * UINT64_C(2685821657736338717);
}

static inline void random_bytes32(uint8_t out[32]) {
    for (int i = 0; i < 32; i++)
        out[i] = (uint8_t)(random_u64() >> 56);
}

static inline void random_fr(fr *out) {
    uint8_t bytes[32];
    random_bytes32(bytes);
    fr_from_bytes_reduce(out, bytes);
}

static inline void random_fp(fp *out) {
    uint8_t bytes[32];
    random_bytes32(bytes);
    fp_from_bytes_reduce(out, bytes);
}

static inline void random_fp2(fp2 *out) {
    random_fp(&out->c0);
    random_fp(&out->c1);
}

static inline void random_g1(g1_affine *out) {
    g1 p;
    fr k;
    random_fr(&k);
    g1_from_affine(&p, g1_generator());
    g1_mul(&p, &p, &k);
    g1_to_affine(out, &p);
}

static inline void random_g2(g2_affine *out) {
    g2 p;
    fr k;
    random_fr(&k);
    g2_from_affine(&p, g2_generator());
    g2_mul(&p, &p, &k);
    g2_to_affine(out, &p);
}

/* A point of the twist, almost never in G2. */
static inline void random_twist_point(g2_affine *out) {
    /* b = y^2 - x^3 of the generator */
    fp2 b, t;
    const g2_affine *g = g2_generator();
    fp2_sqr(&b, &g->x);
    fp2_mul(&b, &b, &g->x);
    fp2_sqr(&t, &g->y);
    fp2_sub(&b, &t, &b);
    do {
        random_fp2(&out->x);
        fp2_sqr(&t, &out->x);
        fp2_mul(&t, &t, &out->x);
        fp2_add(&t, &t, &b);
    } while (!fp2_sqrt(&out->y, &t));
}

/* The array in tests/vectors/math/NAME. */
static inline json_t *load_vectors(const char *name) {
    char path[1024];
    json_error_t error;
    snprintf(path, sizeof path, "%s/tests/vectors/math/%s", ZKM_SOURCE_DIR, name);
    json_t *rows = json_load_file(path, 0, &error);
    if (rows == NULL)
        fail_msg("%s:%d: %s", path, error.line, error.text);
    assert_true(json_is_array(rows) && json_array_size(rows) > 0);
    return rows;
}

/* The text of a key of an object. */
static inline const char *text_of(const json_t *row, const char *key) {
    const char *text = json_string_value(json_object_get(row, key));
    assert_non_null(text);
    return text;
}

static inline void bytes_of(uint8_t *out, size_t n, const json_t *row, const char *key) {
    assert_true(hex_decode(out, n, text_of(row, key)));
}

/* cmocka_unit_test for a function whose name is itself a macro's result. */
#define UNIT_TEST(function)                                                                        \
    { UNIT_TEST_NAME(function), function, NULL, NULL, NULL }
#define UNIT_TEST_NAME(function) #function

/* Runs the tests once under each backend that this processor has; the result for main. */
#define run_under_backends(tests)                                                                  \
    run_under_backends_(#tests, tests, sizeof(tests) / sizeof((tests)[0]))

static inline int run_under_backends_(const char *name, const struct CMUnitTest *tests, size_t n) {
    size_t count;
    int failed = 0;
    const math_backend *const *all = math_backend_all(&count);
    for (size_t i = 0; i < count; i++) {
        char group[128];
        if (!all[i]->available())
            continue;
        if (math_backend_select(NULL, all[i]->name) != ZKM_OK)
            return 1;
        snprintf(group, sizeof group, "%s with backend %s", name, all[i]->name);
        failed += _cmocka_run_group_tests(group, tests, n, NULL, NULL);
    }
    return failed;
}

#endif
