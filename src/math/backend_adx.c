/*
 * The x86-64 backend with mulx, adcx and adox (Intel Broadwell and AMD Zen, or later). The field's
 * bodies are inline assembly; nothing else here needs an instruction beyond baseline x86-64, so
 * that no compiler flag is needed and inline functions shared with other files stay harmless.
 */
#if defined(__x86_64__)
#include <stdbool.h>

static bool available(void) {
    return __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("adx");
}

#define ZKM_BACKEND_ADX 1
#define BACKEND MATH_BACKEND_ADX
#define BACKEND_NAME "adx"
#include "math/backend_loops.h"
#endif
