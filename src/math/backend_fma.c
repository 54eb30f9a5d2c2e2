/*
 * The backend for x86-64 processors with AVX2 and FMA but without AVX-512 IFMA (AMD Zen to Zen 3,
 * Intel Broadwell to Cascade Lake): the kernels work on eight elements at a time in doubles; all
 * else is as in the mulx/adcx/adox backend. The pragma lets this file, and no other, use the
 * instructions; its inline functions stay in it.
 */
#if defined(__x86_64__)
#pragma GCC target("avx2,fma,bmi2,adx,tune=znver3")
#include <stdbool.h>

static bool available(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("adx");
}

#define ZKM_BACKEND_ADX 1
#define ZKM_BACKEND_FMA 1
#define BACKEND MATH_BACKEND_FMA
#define BACKEND_NAME "fma"
#include "math/backend_loops.h"
#endif
