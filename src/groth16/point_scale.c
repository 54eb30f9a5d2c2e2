/* See point_scale.h. */
#include "groth16/point_scale.h"

#include <string.h>

#include "base/progress.h"
#include "math/scale.h"

enum { CHUNK = 1 << 18 }; /* so large that threads seldom wait for the last, and the file */

zkm_status point_scaler_open(zkm_error *err, point_scaler *s) {
    ZKM_TRY(scratch_array(err, &s->points, "contribution", CHUNK, sizeof(g1_affine)));
    return scratch_new(err, &s->room, "contribution", g1_scale_scratch(s->threads));
}

void point_scaler_clear(point_scaler *s) {
    scratch_free(&s->points);
    scratch_free(&s->room);
}

zkm_status point_scale(zkm_error *err, point_scaler *s, const byte_reader *from, const fr *k) {
    size_t count = from->len / sizeof(g1_affine);
    g1_affine *points = s->points.data;
    for (size_t at = 0, n; at < count; at += n) {
        n = count - at < CHUNK ? count - at : CHUNK;
        ZKM_TRY(progress_report(err, s->progress, "contributing", s->done, s->total));
        memcpy(points, from->data + at * sizeof *points, n * sizeof *points);
        if (points_find_bad_g1(points, n, s->threads) != n)
            return error_set(err, ZKM_REJECTED,
                             "%s: a point is not of its group; the file was damaged or made with "
                             "malice: do not contribute to it",
                             s->what);
        g1_scale(points, n, k, s->threads, s->room.data);
        ZKM_TRY(file_writer_append(err, s->file, points, n * sizeof *points));
        s->done += n;
    }
    return ZKM_OK;
}
