/* The IFMA backend's field operations against the scalar field, over the model of the instructions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "math/backends.h"

#define ROUNDS 1500
#include "math/ifma_main.h"

int main(void) { return lane_tests(); }
