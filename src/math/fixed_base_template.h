/*
 * Multiples of one point for one curve; included by fixed_base.c with CURVE and CURVE_F defined.
 *
 * Entry (w, d), d from 1 to 2^(bits - 1), of the table is d * 2^(bits w) * P, at w * half + d - 1.
 * The windows' first entries come from doublings; then, for m = 1, 2, 4, ..., entries m + 1 .. 2m
 * are entries 1 .. m plus entry m.
 */
#define FIXED_PASTE(a, b) a##_##b
#define FIXED_JOIN(a, b) FIXED_PASTE(a, b)
#define CURVE_FN(op) FIXED_JOIN(CURVE, op)
#define FIXED_FN(op) FIXED_JOIN(FIXED_JOIN(fixed_base, CURVE), op)
#define POINT CURVE_FN(affine)
#define TABLE FIXED_FN(table)

/* One worker's pairs. */
typedef struct {
    point_ref a[FIXED_BATCH], b[FIXED_BATCH], at[FIXED_BATCH];
    POINT *out[FIXED_BATCH];
    uint64_t integers[FIXED_BATCH][4];
    uint8_t carry[FIXED_BATCH];
} FIXED_FN(pairs);

typedef struct {
    const math_kernels *kernels;
    POINT *out; /* of multiples; or the table under construction */
    const POINT *points;
    const fr *scalars;
    unsigned bits, windows;
    size_t half, m;
    uint8_t *memory; /* of worker 0: pairs, then the kernel's scratch */
    size_t memory_bytes;
} FIXED_FN(job);

static size_t FIXED_FN(worker_bytes)(void) {
    return (sizeof(FIXED_FN(pairs)) + 63) / 64 * 64 + CURVE_FN(pairs_scratch)(FIXED_BATCH);
}

size_t FIXED_FN(scratch)(unsigned threads) {
    if (threads == 0)
        threads = threads_available();
    return 64 + threads * FIXED_FN(worker_bytes)();
}

static FIXED_FN(pairs) *
    FIXED_FN(worker)(const FIXED_FN(job) * job, unsigned worker, void **kernel_scratch) {
    uint8_t *at = job->memory + worker * job->memory_bytes;
    *kernel_scratch = at + (sizeof(FIXED_FN(pairs)) + 63) / 64 * 64;
    return (FIXED_FN(pairs) *)(void *)at;
}

/* Entries m + 1 .. 2m: items are numbered window-major, m to a window. */
static void FIXED_FN(grow)(void *context, size_t begin, size_t end, unsigned worker) {
    const FIXED_FN(job) *job = context;
    void *scratch;
    FIXED_FN(pairs) *p = FIXED_FN(worker)(job, worker, &scratch);
    for (; begin < end; begin += FIXED_BATCH) {
        size_t n = end - begin < FIXED_BATCH ? end - begin : FIXED_BATCH;
        for (size_t i = 0; i < n; i++) {
            POINT *first = job->out + (begin + i) / job->m * job->half;
            size_t d = (begin + i) % job->m;
            p->a[i] = (point_ref)&first[d];
            p->b[i] = (point_ref)&first[job->m - 1];
            p->out[i] = &first[job->m + d];
        }
        job->kernels->CURVE_FN(add_pairs)(p->a, p->b, p->out, n, scratch);
    }
}

/* Entries of the table become canonical, so that any backend may use it. */
static void FIXED_FN(settle)(void *context, size_t begin, size_t end, unsigned worker) {
    const FIXED_FN(job) *job = context;
    (void)worker;
    job->kernels->CURVE_FN(canonical)(job->out + begin, end - begin);
}

void FIXED_FN(init)(TABLE *out, unsigned bits, const POINT *base, POINT *points, unsigned threads,
                    void *scratch) {
    FIXED_FN(job)
    job = {.kernels = math_backend_current()->kernels,
           .out = points,
           .bits = bits,
           .windows = window_count(bits)};
    CURVE first[MAX_FIXED_WINDOWS];
    POINT first_affine[MAX_FIXED_WINDOWS];
    CURVE_F inverses[MAX_FIXED_WINDOWS];
    job.memory = (uint8_t *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
    job.memory_bytes = FIXED_FN(worker_bytes)();
    job.half = (size_t)1 << (bits - 1);
    CURVE_FN(from_affine)(&first[0], base);
    for (unsigned w = 1; w < job.windows; w++) {
        first[w] = first[w - 1];
        for (unsigned i = 0; i < bits; i++)
            CURVE_FN(double)(&first[w], &first[w]);
    }
    CURVE_FN(batch_to_affine)(first_affine, first, job.windows, inverses);
    for (unsigned w = 0; w < job.windows; w++)
        points[w * job.half] = first_affine[w];
    for (job.m = 1; job.m < job.half; job.m *= 2)
        parallel_for(threads, job.windows * job.m, FIXED_BATCH, FIXED_FN(grow), &job);
    parallel_for(threads, fixed_base_table_points(bits), FIXED_BATCH, FIXED_FN(settle), &job);
    *out = (TABLE){.bits = bits, .points = points};
}

/* The digit of window w of every scalar of a batch joins its sum; p->at refers to the sums so far.
 */
static size_t FIXED_FN(window_pairs)(const FIXED_FN(job) * job, FIXED_FN(pairs) * p, POINT *out,
                                     size_t n, unsigned w) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        int digit = signed_digit(p->integers[i], w * job->bits, job->bits, &p->carry[i]);
        if (digit == 0)
            continue;
        size_t d = (size_t)(digit < 0 ? -digit : digit);
        point_ref entry = (point_ref)&job->points[w * job->half + d - 1] | (digit < 0);
        if (p->at[i] == 0) {
            p->at[i] = entry;
            continue;
        }
        __builtin_prefetch(&job->points[w * job->half + d - 1], 0, 2);
        p->a[count] = p->at[i];
        p->b[count] = entry;
        p->out[count++] = &out[i];
        p->at[i] = (point_ref)&out[i];
    }
    return count;
}

/* At most FIXED_BATCH multiples. */
static void FIXED_FN(batch)(const FIXED_FN(job) * job, FIXED_FN(pairs) * p, void *scratch,
                            size_t begin, size_t n) {
    const math_kernels *kernels = job->kernels;
    POINT *out = job->out + begin;
    kernels->fr_to_integers(p->integers, job->scalars + begin, n);
    memset(p->carry, 0, sizeof p->carry);
    memset(p->at, 0, sizeof p->at);
    for (unsigned w = 0; w < job->windows; w++) {
        size_t count = FIXED_FN(window_pairs)(job, p, out, n, w);
        kernels->CURVE_FN(add_pairs)(p->a, p->b, p->out, count, scratch);
        /* A sum can be infinity only for scalars whose partial sums are 0 mod r; then the sum so
         * far is dropped, since add_pairs takes no infinity. */
        for (size_t i = 0; i < count; i++)
            if (CURVE_FN(affine_is_infinity)(p->out[i]))
                p->at[p->out[i] - out] = 0;
    }
    for (size_t i = 0; i < n; i++)
        if (p->at[i] == 0)
            CURVE_FN(affine_set_infinity)(&out[i]);
        else if (p->at[i] != (point_ref)&out[i])
            out[i] = *(const POINT *)(p->at[i] & ~(point_ref)1);
    kernels->CURVE_FN(canonical)(out, n);
    for (size_t i = 0; i < n; i++)
        if (p->at[i] & 1)
            CURVE_FN(affine_neg)(&out[i], &out[i]);
}

static void FIXED_FN(multiples)(void *context, size_t begin, size_t end, unsigned worker) {
    const FIXED_FN(job) *job = context;
    void *scratch;
    FIXED_FN(pairs) *p = FIXED_FN(worker)(job, worker, &scratch);
    for (; begin < end; begin += FIXED_BATCH)
        FIXED_FN(batch)
    (job, p, scratch, begin, end - begin < FIXED_BATCH ? end - begin : FIXED_BATCH);
}

void FIXED_JOIN(fixed_base, CURVE)(POINT *out, const TABLE *table, const fr *scalars, size_t n,
                                   unsigned threads, void *scratch) {
    FIXED_FN(job)
    job = {.kernels = math_backend_current()->kernels,
           .out = out,
           .points = table->points,
           .scalars = scalars};
    job.bits = table->bits;
    job.windows = window_count(table->bits);
    job.half = (size_t)1 << (table->bits - 1);
    job.memory = (uint8_t *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
    job.memory_bytes = FIXED_FN(worker_bytes)();
    parallel_for(threads, n, FIXED_BATCH, FIXED_FN(multiples), &job);
}

#undef FIXED_PASTE
#undef FIXED_JOIN
#undef CURVE_FN
#undef FIXED_FN
#undef POINT
#undef TABLE
