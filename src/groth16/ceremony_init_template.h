/* Sums of one group's columns; included by ceremony_init.c with CURVE defined. */
#define CI_PASTE(a, b) a##_##b
#define CI_JOIN(a, b) CI_PASTE(a, b)
#define CURVE_FN(op) CI_JOIN(CURVE, op)
#define POINT CURVE_FN(affine)

/* Products that wait to be made together, and the sums that they belong to. */
typedef struct {
    size_t n;
    POINT points[QUEUE];
    fr k[QUEUE];
    CURVE *sums[QUEUE];
} CURVE_FN(queue);

static void CI_JOIN(flush, CURVE)(CURVE_FN(queue) * q, void *scale_room) {
    CURVE_FN(scale_each)(q->points, q->k, q->n, 1, scale_room);
    for (size_t i = 0; i < q->n; i++)
        if (!CURVE_FN(affine_is_infinity)(&q->points[i]))
            CURVE_FN(add_mixed)(q->sums[i], q->sums[i], &q->points[i]);
    q->n = 0;
}

/* *sum += c p, now or when the queue is flushed */
static void CI_JOIN(add_multiple, CURVE)(CURVE_FN(queue) * q, CURVE *sum, const POINT *p,
                                         const fr *c, void *scale_room) {
    POINT minus = *p;
    if (fr_is_one(c)) {
        CURVE_FN(add_mixed)(sum, sum, p);
    } else if (is_minus_one(c)) {
        CURVE_FN(affine_neg)(&minus, &minus);
        CURVE_FN(add_mixed)(sum, sum, &minus);
    } else {
        q->points[q->n] = *p;
        q->k[q->n] = *c;
        q->sums[q->n++] = sum;
        if (q->n == QUEUE)
            CI_JOIN(flush, CURVE)(q, scale_room);
    }
}

/* Appends n sums, in affine coordinates; without those that are infinity when `sparse`. */
static zkm_status CI_JOIN(append_sums, CURVE)(zkm_error *err, file_writer *file, const CURVE *sums,
                                              size_t n, bool sparse) {
    scratch room = {0}, out = {0};
    zkm_status status;
    ZKM_TRY_OUT(scratch_array(err, &room, "ceremony", AFFINE_BATCH, sizeof sums->x));
    ZKM_TRY_OUT(scratch_array(err, &out, "ceremony", AFFINE_BATCH, sizeof(POINT)));
    POINT *points = out.data;
    for (size_t at = 0, m; at < n; at += m) {
        m = n - at < AFFINE_BATCH ? n - at : AFFINE_BATCH;
        CURVE_FN(batch_to_affine)(points, sums + at, m, room.data);
        size_t kept = 0;
        for (size_t i = 0; i < m; i++)
            if (!sparse || !CURVE_FN(affine_is_infinity)(&points[i]))
                points[kept++] = points[i];
        ZKM_TRY_OUT(file_writer_append(err, file, points, kept * sizeof *points));
    }
    status = ZKM_OK;
out:
    scratch_free(&room);
    scratch_free(&out);
    return status;
}

/* The list of wires whose sum is not infinity, and their points. */
static zkm_status CI_JOIN(write_sparse, CURVE)(zkm_error *err, file_writer *file, zkc_section index,
                                               zkc_section section, const CURVE *sums, size_t n) {
    byte_writer w = writer_init();
    for (size_t i = 0; i < n; i++)
        if (!CURVE_FN(is_infinity)(&sums[i]))
            writer_u32_le(&w, (uint32_t)i);
    size_t count = w.len / sizeof(uint32_t);
    zkm_status status = iden3_write_whole(err, file, index, &w);
    writer_clear(&w);
    ZKM_TRY(status);
    ZKM_TRY(iden3_write_section(err, file, section, count * sizeof(POINT)));
    return CI_JOIN(append_sums, CURVE)(err, file, sums, n, true);
}

#undef CI_PASTE
#undef CI_JOIN
#undef CURVE_FN
#undef POINT
#undef CURVE
