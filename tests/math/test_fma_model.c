/* The FMA backend's field operations against the scalar field, over the model of the instructions.
 */
#include <fenv.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ZKM_FMA_MODEL 1
#include "math/fma_loops.h"

#define ROUNDS 1500
#include "math/fma_main.h"

int main(void) { return lane_tests(); }
