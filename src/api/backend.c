/* Choosing the arithmetic. */
#include "math/backend.h"

zkm_status zkm_backend_select(zkm_error *err, const char *name) {
    return math_backend_select(err, name);
}

const char *zkm_backend_name(void) { return math_backend_current()->name; }
