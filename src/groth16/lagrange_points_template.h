/* The transform over one group; included by lagrange_points.c with CURVE defined, and
 * CURVE_FLIP: 0 where beta of cube_root() is right, 1 where it is the other one. */
#define LP_PASTE(a, b) a##_##b
#define LP_JOIN(a, b) LP_PASTE(a, b)
#define CURVE_FN(op) LP_JOIN(CURVE, op)
#define LP_FN(op) LP_JOIN(LP_JOIN(lagrange_points, CURVE), op)
#define POINT CURVE_FN(affine)

/* One worker's memory; scratch of the additions and of the products follows. */
typedef struct {
    POINT term[2][CHUNK], sum[2][CHUNK], turned[CHUNK];
    POINT *first[CHUNK], *other[CHUNK]; /* where the butterflies' first elements and sums are */
    point_ref a[CHUNK], b[CHUNK];
    POINT *out[CHUNK];
    fr k[CHUNK];
} LP_FN(room);

typedef struct {
    POINT *points, *work;
    size_t n, m; /* m: size of the blocks that a level combines */
    const unsigned *radix;
    unsigned levels, q;
    const fr *roots; /* 1/w^i for i < n */
    fp beta[2];      /* of the product with 1/w and 1/w^2, w the root of order 3 */
    const math_kernels *kernels;
    uint8_t *memory; /* of worker 0 */
} LP_FN(job);

static size_t LP_FN(room_bytes)(void) { return (sizeof(LP_FN(room)) + 63) / 64 * 64; }

static size_t LP_FN(worker_bytes)(void) {
    return (LP_FN(room_bytes)() + CURVE_FN(pairs_scratch)(CHUNK) + CURVE_FN(scale_scratch)(1) +
            63) /
           64 * 64;
}

static LP_FN(room) * LP_FN(room_of)(const LP_FN(job) * job, unsigned worker) {
    return (void *)(job->memory + worker * LP_FN(worker_bytes)());
}

/* out[i] = *a[i] +- b[i], where out[i] may be a[i]. */
static void LP_FN(add)(const LP_FN(job) * job, LP_FN(room) * room, POINT *const *out,
                       POINT *const *a, const POINT *b, bool minus, size_t n) {
    size_t pairs = 0;
    for (size_t i = 0; i < n; i++) {
        if (CURVE_FN(affine_is_infinity)(&b[i])) {
            *out[i] = *a[i];
        } else if (CURVE_FN(affine_is_infinity)(a[i])) {
            *out[i] = b[i];
            if (minus) {
                job->kernels->CURVE_FN(canonical)(out[i], 1);
                CURVE_FN(affine_neg)(out[i], out[i]);
            }
        } else {
            room->a[pairs] = (point_ref)a[i];
            room->b[pairs] = (point_ref)&b[i] | minus;
            room->out[pairs++] = out[i];
        }
    }
    job->kernels->CURVE_FN(add_pairs)(room->a, room->b, room->out, pairs,
                                      (uint8_t *)room + LP_FN(room_bytes)());
}

/* out[i] = the product of in[i] with 1/w^s. */
static void LP_FN(turn)(const LP_FN(job) * job, POINT *out, const POINT *in, int s, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = in[i];
        job->kernels->CURVE_FN(canonical)(&out[i], 1);
        CURVE_FN(turn)(&out[i], &job->beta[s - 1]);
    }
}

static void LP_FN(butterfly2)(const LP_FN(job) * job, LP_FN(room) * room, size_t n) {
    for (size_t i = 0; i < n; i++)
        room->other[i] = &room->sum[0][i];
    LP_FN(add)(job, room, room->other, room->first, room->term[0], true, n);
    LP_FN(add)(job, room, room->first, room->first, room->term[0], false, n);
    for (size_t i = 0; i < n; i++)
        room->first[i][job->m] = room->sum[0][i];
}

/* Sum s is first + term 0 turned by s + term 1 turned by 2 s. */
static void LP_FN(butterfly3)(const LP_FN(job) * job, LP_FN(room) * room, size_t n) {
    for (int s = 1; s < 3; s++) {
        for (size_t i = 0; i < n; i++)
            room->other[i] = &room->sum[s - 1][i];
        LP_FN(turn)(job, room->turned, room->term[0], s, n);
        LP_FN(add)(job, room, room->other, room->first, room->turned, false, n);
        LP_FN(turn)(job, room->turned, room->term[1], 3 - s, n);
        LP_FN(add)(job, room, room->other, room->other, room->turned, false, n);
    }
    LP_FN(add)(job, room, room->first, room->first, room->term[0], false, n);
    LP_FN(add)(job, room, room->first, room->first, room->term[1], false, n);
    for (size_t i = 0; i < n; i++)
        for (size_t s = 1; s < 3; s++)
            room->first[i][s * job->m] = room->sum[s - 1][i];
}

/* Butterflies [i, i + n) of a level, ordered by their root: number j * blocks + b is element j of
 * block b. */
static void LP_FN(butterflies)(const LP_FN(job) * job, LP_FN(room) * room, size_t i, size_t n) {
    const size_t blocks = job->n / (job->q * job->m), step = blocks;
    void *scale_room = (uint8_t *)room + LP_FN(room_bytes)() + CURVE_FN(pairs_scratch)(CHUNK);
    const bool shared = i / blocks == (i + n - 1) / blocks;
    for (size_t k = 0; k < n; k++)
        room->first[k] = job->work + (i + k) % blocks * job->q * job->m + (i + k) / blocks;
    for (size_t s = 1; s < job->q; s++) {
        POINT *term = room->term[s - 1];
        for (size_t k = 0; k < n; k++) {
            term[k] = room->first[k][s * job->m];
            room->k[k] = job->roots[s * ((i + k) / blocks) * step];
        }
        if (!shared)
            CURVE_FN(scale_each)(term, room->k, n, 1, scale_room);
        else if (i / blocks > 0)
            CURVE_FN(scale)(term, n, &room->k[0], 1, scale_room);
    }
    if (job->q == 2)
        LP_FN(butterfly2)(job, room, n);
    else
        LP_FN(butterfly3)(job, room, n);
}

static void LP_FN(level)(void *context, size_t begin, size_t end, unsigned worker) {
    const LP_FN(job) *job = context;
    const size_t blocks = job->n / (job->q * job->m);
    for (size_t i = begin, n; i < end; i += n) {
        n = end - i < CHUNK ? end - i : CHUNK;
        if (blocks >= SHARING && blocks - i % blocks < n)
            n = blocks - i % blocks;
        LP_FN(butterflies)(job, LP_FN(room_of)(job, worker), i, n);
    }
}

static void LP_FN(scatter)(void *context, size_t begin, size_t end, unsigned worker) {
    const LP_FN(job) *job = context;
    (void)worker;
    for (size_t i = begin; i < end; i++)
        job->work[place_of(i, job->radix, job->levels, job->n)] = job->points[i];
}

/* Steps are the levels and the division by n. */
static zkm_status LP_FN(transform)(zkm_error *err, LP_FN(job) * job, const lagrange_options *o,
                                   scratch *scale_room) {
    const size_t bytes = job->n * sizeof(POINT);
    unsigned done = 0;
    fr size_inv;
    if (!checkpoint_load(o->checkpoint, o->subject, job->points, bytes, &done) ||
        done > job->levels + 1) {
        done = 0;
        parallel_for(o->threads, job->n, 0, LP_FN(scatter), job);
        memcpy(job->points, job->work, bytes);
    }
    job->work = job->points;
    job->m = 1;
    for (unsigned l = 0; l < job->levels; l++) {
        job->q = job->radix[l];
        if (l >= done) {
            ZKM_TRY(progress_report(err, o->progress, o->stage, l, job->levels + 1));
            parallel_for(o->threads, job->n / job->q, CHUNK, LP_FN(level), job);
            ZKM_TRY(checkpoint_save(err, o->checkpoint, o->subject, job->points, bytes, l + 1));
        }
        job->m *= job->q;
    }
    if (done > job->levels)
        return ZKM_OK;
    ZKM_TRY(progress_report(err, o->progress, o->stage, job->levels, job->levels + 1));
    fr_set_u64(&size_inv, job->n);
    fr_inv(&size_inv, &size_inv);
    CURVE_FN(scale)(job->points, job->n, &size_inv, o->threads, scale_room->data);
    return checkpoint_save(err, o->checkpoint, o->subject, job->points, bytes, job->levels + 1);
}

static zkm_status LP_FN(make_job)(zkm_error *err, LP_FN(job) * job, scratch *memory,
                                  unsigned threads) {
    ZKM_TRY(scratch_array(err, memory, "Lagrange basis", threads ? threads : threads_available(),
                          LP_FN(worker_bytes)()));
    job->memory = memory->data;
    job->kernels = math_backend_current()->kernels;
    return ZKM_OK;
}

zkm_status LP_JOIN(lagrange_points, CURVE)(zkm_error *err, POINT *points, size_t n,
                                           const lagrange_options *options) {
    unsigned radix[MAX_LEVELS];
    scratch work = {0}, roots = {0}, memory = {0}, scale_room = {0};
    zkm_status status;
    const int beta = cube_root() ^ CURVE_FLIP;
    LP_FN(job)
    job = {.points = points,
           .n = n,
           .radix = radix,
           .levels = factor(radix, n),
           .beta = {G1_BETA[beta], G1_BETA[!beta]}};
    ZKM_TRY_OUT(scratch_array(err, &work, "Lagrange basis", n, sizeof(POINT)));
    ZKM_TRY_OUT(scratch_array(err, &roots, "Lagrange basis", n, sizeof(fr)));
    ZKM_TRY_OUT(
        scratch_new(err, &scale_room, "Lagrange basis", CURVE_FN(scale_scratch)(options->threads)));
    ZKM_TRY_OUT(LP_FN(make_job)(err, &job, &memory, options->threads));
    job.work = work.data;
    job.roots = roots.data;
    inverse_roots(roots.data, n);
    status = LP_FN(transform)(err, &job, options, &scale_room);
out:
    scratch_free(&work);
    scratch_free(&roots);
    scratch_free(&memory);
    scratch_free(&scale_room);
    return status;
}

#undef LP_PASTE
#undef LP_JOIN
#undef CURVE_FN
#undef LP_FN
#undef POINT
#undef CURVE
#undef CURVE_FLIP
