/* The fields with their mulx/adcx/adox bodies: the cases of test_field.c compiled once more. */
#if defined(__x86_64__)
#define ZKM_BACKEND_ADX 1
#endif
#include "math_test.h"

#if defined(__x86_64__)
#define NEEDS_PROCESSOR()                                                                          \
    do {                                                                                           \
        if (!MATH_BACKEND_ADX.available())                                                         \
            skip();                                                                                \
    } while (0)
#else
#define NEEDS_PROCESSOR() skip()
#endif

#define FIELD fr
#include "field_cases.h"
#undef FIELD
#define FIELD fp
#include "field_cases.h"
#undef FIELD

int main(void) {
    return cmocka_run_group_tests(fr_tests, NULL, NULL) +
           cmocka_run_group_tests(fp_tests, NULL, NULL);
}
