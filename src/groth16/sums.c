/* Multi-scalar multiplications of a proof. See sums.h. */
#include "groth16/sums.h"

#include "math/msm.h"
#include "math/msm_merge.h"

static zkm_status reserve(zkm_error *err, sum_room *room, size_t bytes) {
    if (room->memory.bytes >= bytes)
        return ZKM_OK;
    scratch_free(&room->memory);
    return scratch_new(err, &room->memory, "prover", bytes);
}

zkm_status sum_room_reserve(zkm_error *err, sum_room *room, size_t n_g1, size_t n_g2) {
    size_t in_g1 = msm_g1_scratch(n_g1, room->threads), in_g2 = msm_g2_scratch(n_g2, room->threads);
    return reserve(err, room, in_g1 > in_g2 ? in_g1 : in_g2);
}

void sum_room_clear(sum_room *room) { scratch_free(&room->memory); }

zkm_status sum_g1(zkm_error *err, g1 *out, const g1_affine *bases, const fr *scalars, size_t n,
                  sum_room *room) {
    ZKM_TRY(reserve(err, room, msm_g1_scratch(n, room->threads)));
    msm_g1(out, bases, scalars, n, room->threads, room->memory.data);
    return ZKM_OK;
}

zkm_status sum_g2(zkm_error *err, g2 *out, const g2_affine *bases, const fr *scalars, size_t n,
                  sum_room *room) {
    ZKM_TRY(reserve(err, room, msm_g2_scratch(n, room->threads)));
    msm_g2(out, bases, scalars, n, room->threads, room->memory.data);
    return ZKM_OK;
}

/* The products that remain after equal scalars are put together. */
typedef struct {
    scratch points, values;
    size_t n;
} merged;

static void merged_free(merged *m) {
    scratch_free(&m->points);
    scratch_free(&m->values);
}

static zkm_status merge(zkm_error *err, merged *out, const g1_affine *bases, const fr *scalars,
                        size_t n, unsigned threads) {
    scratch found = {0}, room = {0};
    msm_merge plan;
    zkm_status status;
    ZKM_TRY_OUT(scratch_new(err, &found, "prover", msm_merge_scratch(n)));
    out->n = msm_merge_find(&plan, scalars, n, threads, found.data);
    ZKM_TRY_OUT(scratch_array(err, &out->points, "prover", out->n, sizeof(g1_affine)));
    ZKM_TRY_OUT(scratch_array(err, &out->values, "prover", out->n, sizeof(fr)));
    ZKM_TRY_OUT(scratch_new(err, &room, "prover", msm_merge_g1_room(threads)));
    msm_merge_g1(out->points.data, out->values.data, &plan, bases, threads, room.data);
out:
    scratch_free(&found);
    scratch_free(&room);
    return status;
}

zkm_status sum_repeating_g1(zkm_error *err, g1 *out, const g1_affine *bases, const fr *scalars,
                            size_t n, sum_room *room) {
    merged left = {0};
    zkm_status status;
    if (!msm_merge_pays(scalars, n))
        return sum_g1(err, out, bases, scalars, n, room);
    ZKM_TRY_OUT(merge(err, &left, bases, scalars, n, room->threads));
    ZKM_TRY_OUT(sum_g1(err, out, left.points.data, left.values.data, left.n, room));
out:
    merged_free(&left);
    return status;
}
