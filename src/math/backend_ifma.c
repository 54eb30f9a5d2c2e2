/*
 * The backend for x86-64 processors with AVX-512 IFMA (Intel Ice Lake server, AMD Zen 4, or later):
 * the kernels work on eight elements at a time; all else is as in the mulx/adcx/adox backend. The
 * pragma lets this file, and no other, use the instructions; its inline functions stay in it.
 */
#if defined(__x86_64__)
#pragma GCC target("avx512f,avx512dq,avx512vl,avx512ifma,bmi2,adx")
#include <stdbool.h>

static bool available(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512ifma") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("adx");
}

#define ZKM_BACKEND_ADX 1
#define ZKM_BACKEND_IFMA 1
#define BACKEND MATH_BACKEND_IFMA
#define BACKEND_NAME "ifma"
#include "math/backend_loops.h"
#endif
