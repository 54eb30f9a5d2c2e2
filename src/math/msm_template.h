/*
 * Multi-scalar multiplication for one curve: the lists of msm_digits.h, cut into parts that workers
 * take in turn, and their sums put together. Included by msm.c with CURVE and CURVE_F defined.
 */
#define MSM_PASTE(a, b) a##_##b
#define MSM_JOIN(a, b) MSM_PASTE(a, b)
#define CURVE_FN(op) MSM_JOIN(CURVE, op)
#define MSM_FN(op) MSM_JOIN(MSM_JOIN(msm, CURVE), op)
#define POINT CURVE_FN(affine)

typedef struct {
    const POINT *bases;
    msm_list lists[MSM_LISTS];
    size_t first_part[MSM_LISTS + 1]; /* parts of list l: window-major, split-minor */
    CURVE *results;                   /* per part */
    uint8_t *memory;                  /* of worker 0 */
    size_t memory_bytes;              /* per worker */
    size_t max_buckets;
} MSM_FN(job);

static inline point_ref MSM_FN(ref)(const POINT *bases, uint32_t index, bool negate) {
    return (point_ref)&bases[index >> 1] | ((index & 1) ^ negate);
}

/* Entries [begin, end) of a list of signed digits arrive at their buckets. */
static void MSM_FN(fill_signed)(CURVE_FN(buckets) * b, const POINT *bases, const uint32_t *index,
                                const int16_t *digits, size_t begin, size_t end) {
    for (size_t i = begin; i < end; i++) {
        int digit = digits[i], later = digits[i + SLOTS_AHEAD < end ? i + SLOTS_AHEAD : i];
        __builtin_prefetch(&b->slot[later < 0 ? -later - 1 : later], 1, 2);
        if (digit == 0)
            continue;
        uint32_t bucket = (uint32_t)(digit < 0 ? -digit : digit) - 1;
        CURVE_FN(buckets_arrive)(b, bucket, MSM_FN(ref)(bases, index[i], digit < 0));
    }
}

static void MSM_FN(fill_unsigned)(CURVE_FN(buckets) * b, const POINT *bases, const uint32_t *index,
                                  const uint16_t *digits, size_t begin, size_t end) {
    for (size_t i = begin; i < end; i++)
        if (digits[i] != 0)
            CURVE_FN(buckets_arrive)
    (b, (uint32_t)(digits[i] - 1), MSM_FN(ref)(bases, index[i], false));
}

static void MSM_FN(fill_ones)(CURVE_FN(buckets) * b, const POINT *bases, const uint32_t *index,
                              size_t begin, size_t end) {
    for (size_t i = begin; i < end; i++)
        CURVE_FN(buckets_arrive)(b, 0, MSM_FN(ref)(bases, index[i], false));
}

/* One split of one window. */
static void MSM_FN(part)(MSM_FN(job) * job, const msm_list *list, size_t part, uint8_t *memory,
                         CURVE *out) {
    const size_t window = part / list->splits, split = part % list->splits;
    const size_t n = list->length[window];
    const size_t begin = n / list->splits * split;
    const size_t end = split + 1 == list->splits ? n : begin + n / list->splits;
    const uint16_t *digits = list->digits + window * list->stride;
    CURVE_FN(pair_work) work;
    CURVE_FN(buckets) b;
    CURVE_FN(pair_work_init)(&work, memory);
    memory += CURVE_FN(pair_work_bytes)();
    CURVE_FN(buckets_init)(&b, &work, list->buckets, memory);
    memory += CURVE_FN(buckets_bytes)(job->max_buckets);
    if (list->bits == 0)
        MSM_FN(fill_ones)(&b, job->bases, list->index, begin, end);
    else if (list->is_signed)
        MSM_FN(fill_signed)(&b, job->bases, list->index, (const int16_t *)digits, begin, end);
    else
        MSM_FN(fill_unsigned)(&b, job->bases, list->index, digits, begin, end);
    CURVE_FN(buckets_finish)(&b);
    CURVE_FN(buckets_sum)(out, &b, list->buckets, memory);
}

static void MSM_FN(parts)(void *context, size_t begin, size_t end, unsigned worker) {
    MSM_FN(job) *job = context;
    uint8_t *memory = job->memory + worker * job->memory_bytes;
    for (size_t i = begin; i < end; i++) {
        unsigned l = 0;
        while (i >= job->first_part[l + 1])
            l++;
        MSM_FN(part)(job, &job->lists[l], i - job->first_part[l], memory, &job->results[i]);
    }
}

/* *out += sum over the list's windows of 2^(bits w) times the window's parts. */
static void MSM_FN(combine)(CURVE *out, const MSM_FN(job) * job, unsigned l) {
    const msm_list *list = &job->lists[l];
    CURVE sum;
    CURVE_FN(set_infinity)(&sum);
    for (size_t i = job->first_part[l + 1]; i-- > job->first_part[l];) {
        CURVE_FN(add)(&sum, &sum, &job->results[i]);
        size_t part = i - job->first_part[l];
        if (part % list->splits == 0 && part != 0)
            for (unsigned d = 0; d < list->bits; d++)
                CURVE_FN(double)(&sum, &sum);
    }
    CURVE_FN(add)(out, out, &sum);
}

static size_t MSM_FN(worker_bytes)(size_t n, unsigned threads) {
    return CURVE_FN(pair_work_bytes)() + CURVE_FN(buckets_bytes)(msm_max_buckets(n, threads)) +
           CURVE_FN(buckets_bytes)(BUCKETS_SECOND);
}

static size_t MSM_FN(results_bytes)(unsigned threads) {
    size_t parts = MSM_MAX_PARTS < MSM_MAX_WINDOWS * (size_t)threads
                       ? MSM_MAX_PARTS
                       : MSM_MAX_WINDOWS * (size_t)threads;
    return (MSM_LISTS * parts * sizeof(CURVE) + 63) / 64 * 64;
}

size_t MSM_FN(scratch)(size_t n, unsigned threads) {
    if (threads == 0)
        threads = threads_available();
    return 64 + msm_sort_scratch(n, threads) + MSM_FN(results_bytes)(threads) +
           threads * MSM_FN(worker_bytes)(n, threads);
}

void MSM_JOIN(msm, CURVE)(CURVE *out, const POINT *bases, const fr *scalars, size_t n,
                          unsigned threads, void *scratch) {
    if (threads == 0)
        threads = threads_available();
    uint8_t *at = (uint8_t *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
    MSM_FN(job) job = {.bases = bases, .max_buckets = msm_max_buckets(n, threads)};
    msm_sort(job.lists, scalars, n, bases, sizeof *bases, threads, at);
    at += msm_sort_scratch(n, threads);
    job.results = (CURVE *)(void *)at;
    job.memory = at + MSM_FN(results_bytes)(threads);
    job.memory_bytes = MSM_FN(worker_bytes)(n, threads);
    for (unsigned l = 0; l < MSM_LISTS; l++) {
        const msm_list *list = &job.lists[l];
        size_t parts = list->count == 0 ? 0 : (size_t)list->windows * list->splits;
        job.first_part[l + 1] = job.first_part[l] + parts;
    }
    parallel_for(threads, job.first_part[MSM_LISTS], 1, MSM_FN(parts), &job);
    CURVE_FN(set_infinity)(out);
    for (unsigned l = 0; l < MSM_LISTS; l++)
        if (job.lists[l].count != 0)
            MSM_FN(combine)(out, &job, l);
}

#undef MSM_PASTE
#undef MSM_JOIN
#undef CURVE_FN
#undef MSM_FN
#undef POINT
