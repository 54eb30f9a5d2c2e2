/*
 * Runs a test under every backend that this processor has, and under the IFMA backend compiled
 * against its model in plain C.
 */
#ifndef TESTS_MATH_BACKENDS_H
#define TESTS_MATH_BACKENDS_H

#include <stdbool.h>
#include <stdio.h>

#define ZKM_IFMA_MODEL 1
#define ZKM_BACKEND_IFMA 1
#define BACKEND MATH_BACKEND_MODEL
#define BACKEND_NAME "ifma-model"
static bool available(void) { return true; }
extern const struct math_backend MATH_BACKEND_MODEL;
#include "math/backend_loops.h"

/* The model costs about twenty times the native code: tests take fewer elements. */
static inline bool is_slow_backend(void) { return math_backend_current() == &MATH_BACKEND_MODEL; }

static inline void for_each_backend(void (*test)(void)) {
    size_t count;
    const math_backend *const *all = math_backend_all(&count);
    for (size_t i = 0; i < count; i++) {
        if (all[i]->available()) {
            math_backend_use(all[i]);
            test();
        } else {
            printf("# skipped: backend %s, which this processor lacks\n", all[i]->name);
        }
    }
    math_backend_use(&MATH_BACKEND_MODEL);
    test();
    assert_int_equal(math_backend_select(NULL, NULL), ZKM_OK);
}

#endif
