/* Choosing a backend by processor and environment. */
#include "math/backend.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const math_backend *const BACKENDS[] = {
    &MATH_BACKEND_PORTABLE,
#if defined(__x86_64__)
    &MATH_BACKEND_ADX,
    &MATH_BACKEND_FMA,
    &MATH_BACKEND_IFMA,
#endif
};

enum { BACKEND_COUNT = sizeof BACKENDS / sizeof BACKENDS[0] };

/* The one mutable variable of the library: a cache of a choice that changes speed only. */
static _Atomic(const math_backend *) current;

static const math_backend *best(void) {
    for (size_t i = BACKEND_COUNT; i-- > 0;)
        if (BACKENDS[i]->available())
            return BACKENDS[i];
    return &MATH_BACKEND_PORTABLE;
}

static const math_backend *by_name(const char *name) {
    for (size_t i = 0; i < BACKEND_COUNT; i++)
        if (strcmp(BACKENDS[i]->name, name) == 0 && BACKENDS[i]->available())
            return BACKENDS[i];
    return NULL;
}

/* The environment's wish, or NULL when there is none. */
static const char *wish(void) {
    const char *name = getenv("ZKM_BACKEND");
    return name != NULL && *name != '\0' ? name : NULL;
}

const math_backend *const *math_backend_all(size_t *count) {
    *count = BACKEND_COUNT;
    return BACKENDS;
}

const math_backend *math_backend_current(void) {
    const math_backend *b = atomic_load_explicit(&current, memory_order_acquire);
    if (b != NULL)
        return b;
    /* A wish that cannot be met is reported by math_backend_select; here it must not fail. */
    const char *name = wish();
    b = name == NULL ? NULL : by_name(name);
    if (b == NULL)
        b = best();
    atomic_store_explicit(&current, b, memory_order_release);
    return b;
}

zkm_status math_backend_select(zkm_error *err, const char *name) {
    if (name == NULL)
        name = wish();
    const math_backend *b = name == NULL ? best() : by_name(name);
    if (b == NULL)
        return error_set(
            err, ZKM_ERR_ARGUMENT,
            "backend \"%s\": unknown, or this processor lacks it; use portable, adx, fma or "
            "ifma, or unset ZKM_BACKEND",
            name);
    atomic_store_explicit(&current, b, memory_order_release);
    return ZKM_OK;
}

void math_backend_use(const math_backend *backend) {
    atomic_store_explicit(&current, backend, memory_order_release);
}
