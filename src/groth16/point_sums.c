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

static zkm_status sum_chunk_g1(zkm_error *err, size_t *bad, g1 *sum, const g1_affine *points,
                               const fr *scalars, size_t n, bool checked, sum_room *room) {
    *bad = checked ? n : points_find_bad_g1(points, n, room->threads);
    return *bad == n ? sum_g1(err, sum, points, scalars, n, room) : ZKM_OK;
}

static zkm_status sum_chunk_g2(zkm_error *err, size_t *bad, g2 *sum, const g2_affine *points,
                               const fr *scalars, size_t n, bool checked, sum_room *room) {
    (void)checked;
    return points_weigh_g2(err, bad, sum, points, scalars, n, room->threads);
}

#define CURVE g1
#include "groth16/point_sums_template.h"
#define CURVE g2
#include "groth16/point_sums_template.h"
