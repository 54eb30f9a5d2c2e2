/* One group's sum; included by point_sums.c with CURVE defined. */
#define PS_PASTE(a, b) a##_##b
#define PS_JOIN(a, b) PS_PASTE(a, b)
#define CURVE_FN(op) PS_JOIN(CURVE, op)
#define POINT CURVE_FN(affine)

static zkm_status PS_JOIN(add_chunk, CURVE)(zkm_error *err, CURVE *sum, const POINT *points,
                                            size_t n, size_t done, const point_source *source,
                                            sum_room *room) {
    CURVE part;
    size_t bad;
    ZKM_TRY(PS_JOIN(sum_chunk, CURVE)(err, &bad, &part, points, source->scalars + done, n,
                                      source->checked, room));
    if (bad == n && source->finite)
        bad = find_infinity((const uint8_t *)points, n, sizeof *points);
    if (bad != n)
        return bad_point(err, done + bad);
    CURVE_FN(add)(sum, sum, &part);
    return ZKM_OK;
}

zkm_status PS_JOIN(point_sum, CURVE)(zkm_error *err, CURVE *out, const point_source *source,
                                     unsigned threads) {
    size_t chunk = source->n < CHUNK ? source->n : CHUNK;
    scratch points = {0};
    sum_room room = {.threads = threads};
    zkm_status status;
    CURVE sum;
    CURVE_FN(set_infinity)(&sum);
    ZKM_TRY_OUT(scratch_array(err, &points, "sum of points", chunk + 1, sizeof(POINT)));
    for (size_t done = 0, n; done < source->n; done += n) {
        n = source->n - done < chunk ? source->n - done : chunk;
        memcpy(points.data, source->data + done * sizeof(POINT), n * sizeof(POINT));
        ZKM_TRY_OUT(PS_JOIN(add_chunk, CURVE)(err, &sum, points.data, n, done, source, &room));
    }
    *out = sum;
out:
    scratch_free(&points);
    sum_room_clear(&room);
    return status;
}

#undef PS_PASTE
#undef PS_JOIN
#undef CURVE_FN
#undef POINT
#undef CURVE
