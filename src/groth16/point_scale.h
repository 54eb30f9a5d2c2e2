/* Points of a mapped file times one secret, a chunk at a time, into a file that is written. */
#ifndef GROTH16_POINT_SCALE_H
#define GROTH16_POINT_SCALE_H

#include "base/bytes.h"
#include "base/file.h"
#include "groth16/point_check.h"
#include "groth16/scratch.h"

typedef struct {
    const char *what; /* names the file in messages */
    file_writer *file;
    unsigned threads;
    const zkm_progress *progress;
    uint64_t done, total; /* points */
    scratch points, room;
} point_scaler;

ZKM_MUST_CHECK zkm_status point_scaler_open(zkm_error *err, point_scaler *s);
void point_scaler_clear(point_scaler *s);

/* Appends k P for every point P of G1 in `points` (affine, in Montgomery form). ZKM_REJECTED when
 * one is not of its group; infinity stays. */
ZKM_MUST_CHECK zkm_status point_scale(zkm_error *err, point_scaler *s, const byte_reader *points,
                                      const fr *k);

#endif
