/* The portable backend: plain C, the reference for all others. */
#include <stdbool.h>

static bool available(void) { return true; }

#define BACKEND MATH_BACKEND_PORTABLE
#define BACKEND_NAME "portable"
#include "math/backend_loops.h"
