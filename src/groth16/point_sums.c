/* Chunks are copied to aligned memory, checked, and summed. */
#include "groth16/point_sums.h"

#include <string.h>

#include "groth16/point_check.h"
#include "groth16/sums.h"

enum { CHUNK = 1 << 20 };

static size_t find_infinity(const uint8_t *points, size_t n, size_t size) {
    static const uint8_t zeros[sizeof(g2_affine)];
    for (size_t i = 0; i < n; i++)
        if (memcmp(points + i * size, zeros, size) == 0)
            return i;
    return n;
}

static zkm_status bad_point(zkm_error *err, size_t index) {
    return error_set(err, ZKM_REJECTED,
                     "point %zu is infinity or no point of its group; the file was damaged or made "
                     "with malice: do not use it",
                     index);
}

#define CURVE g1
#include "groth16/point_sums_template.h"
#define CURVE g2
#include "groth16/point_sums_template.h"
