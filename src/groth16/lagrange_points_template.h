/* The transform over one group; included by lagrange_points.c with CURVE and CURVE_F defined. */
#define LP_PASTE(a, b) a##_##b
#define LP_JOIN(a, b) LP_PASTE(a, b)
#define CURVE_FN(op) LP_JOIN(CURVE, op)
#define LP_FN(op) LP_JOIN(LP_JOIN(lagrange_points, CURVE), op)
#define POINT CURVE_FN(affine)

typedef struct {
    POINT *points;
    CURVE *work;
    size_t n, m; /* m: size of the blocks that a level combines */
    const unsigned *radix;
    unsigned levels, q;
    const fr *roots; /* 1/w^i for i < n / q: exponents of a level are multiples of n / (q m) */
    fr third[2];     /* the inverses of the roots of order 3 */
    fr size_inv;
} LP_FN(job);

static void LP_FN(scatter)(void *context, size_t begin, size_t end, unsigned worker) {
    const LP_FN(job) *job = context;
    (void)worker;
    for (size_t i = begin; i < end; i++)
        CURVE_FN(from_affine)
    (&job->work[place_of(i, job->radix, job->levels, job->n)], &job->points[i]);
}

/* Butterfly number i of a level: element j of block b. */
static void LP_FN(butterfly)(const LP_FN(job) * job, size_t i) {
    size_t j = i % job->m, step = job->n / (job->q * job->m);
    CURVE *at = job->work + i / job->m * job->q * job->m + j;
    CURVE t[MAX_RADIX], u;
    t[0] = at[0];
    for (unsigned s = 1; s < job->q; s++) {
        t[s] = at[s * job->m];
        if (j > 0)
            CURVE_FN(mul)(&t[s], &t[s], &job->roots[s * j * step]);
    }
    if (job->q == 2) {
        CURVE_FN(add)(&at[0], &t[0], &t[1]);
        CURVE_FN(neg)(&u, &t[1]);
        CURVE_FN(add)(&at[job->m], &t[0], &u);
        return;
    }
    for (unsigned k = 0; k < 3; k++) {
        CURVE *out = &at[k * job->m];
        *out = t[0];
        for (unsigned s = 1; s < 3; s++) {
            u = t[s];
            if (s * k % 3 != 0)
                CURVE_FN(mul)(&u, &u, &job->third[s * k % 3 - 1]);
            CURVE_FN(add)(out, out, &u);
        }
    }
}

static void LP_FN(level)(void *context, size_t begin, size_t end, unsigned worker) {
    const LP_FN(job) *job = context;
    (void)worker;
    for (size_t i = begin; i < end; i++)
        LP_FN(butterfly)(job, i);
}

static void LP_FN(settle)(void *context, size_t begin, size_t end, unsigned worker) {
    const LP_FN(job) *job = context;
    CURVE_F room[AFFINE_BATCH];
    (void)worker;
    for (size_t i = begin; i < end; i += AFFINE_BATCH) {
        size_t n = end - i < AFFINE_BATCH ? end - i : AFFINE_BATCH;
        for (size_t k = 0; k < n; k++)
            CURVE_FN(mul)(&job->work[i + k], &job->work[i + k], &job->size_inv);
        CURVE_FN(batch_to_affine)(job->points + i, job->work + i, n, room);
    }
}

static zkm_status LP_FN(transform)(zkm_error *err, LP_FN(job) * job, unsigned threads,
                                   const zkm_progress *progress, const char *stage) {
    parallel_for(threads, job->n, 0, LP_FN(scatter), job);
    job->m = 1;
    for (unsigned l = 0; l < job->levels; l++) {
        ZKM_TRY(progress_report(err, progress, stage, l, job->levels + 1));
        job->q = job->radix[l];
        parallel_for(threads, job->n / job->q, 64, LP_FN(level), job);
        job->m *= job->q;
    }
    parallel_for(threads, job->n, AFFINE_BATCH, LP_FN(settle), job);
    return ZKM_OK;
}

zkm_status LP_JOIN(lagrange_points, CURVE)(zkm_error *err, POINT *points, size_t n,
                                           unsigned threads, const zkm_progress *progress,
                                           const char *stage) {
    unsigned radix[MAX_LEVELS];
    scratch work = {0}, roots = {0};
    zkm_status status;
    fr root, *power;
    LP_FN(job) job = {.points = points, .n = n, .radix = radix, .levels = factor(radix, n)};
    ZKM_TRY_OUT(scratch_array(err, &work, "Lagrange basis", n, sizeof(CURVE)));
    ZKM_TRY_OUT(scratch_array(err, &roots, "Lagrange basis", n, sizeof(fr)));
    job.work = work.data;
    power = roots.data;
    subgroup_root(&root, n);
    fr_inv(&root, &root);
    fr_set_one(&power[0]);
    for (size_t i = 1; i < n; i++)
        fr_mul(&power[i], &power[i - 1], &root);
    job.roots = power;
    subgroup_root(&job.third[0], 3);
    fr_inv(&job.third[0], &job.third[0]);
    fr_sqr(&job.third[1], &job.third[0]);
    fr_set_u64(&job.size_inv, n);
    fr_inv(&job.size_inv, &job.size_inv);
    status = LP_FN(transform)(err, &job, threads, progress, stage);
out:
    scratch_free(&work);
    scratch_free(&roots);
    return status;
}

#undef LP_PASTE
#undef LP_JOIN
#undef CURVE_FN
#undef LP_FN
#undef POINT
#undef CURVE
#undef CURVE_F
