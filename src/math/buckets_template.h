/*
 * Sums of points in buckets, in affine coordinates with shared inversions; included by msm.c for
 * each curve with CURVE defined.
 *
 * Each bucket has one slot, which holds a reference to one point or nothing. A point that arrives
 * at an empty slot is noted there; one that meets another leaves with it as a pair, and the slot is
 * empty again. When PAIRS_CAPACITY pairs are waiting, one call adds them all, and their sums arrive
 * in turn. So no pair depends on another one of its batch, whatever the distribution of buckets: a
 * batch may hold any number of pairs of one bucket. Summing n points in b buckets costs n - b
 * additions.
 *
 * Sums live in two buffers by turns. A slot may refer to a sum until the buffer's next turn; before
 * that settle() copies what still waits in a slot to the bucket's home. At that moment no pair is
 * waiting, so nothing else can refer to that home: a home is referred to by its own slot only.
 */
#define BUCKETS_PASTE(a, b) a##_##b
#define BUCKETS_JOIN(a, b) BUCKETS_PASTE(a, b)
#define CURVE_FN(op) BUCKETS_JOIN(CURVE, op)
#define POINT CURVE_FN(affine)

/* What one worker needs whatever the number of buckets. */
typedef struct {
    void (*add_pairs)(point_ref *a, point_ref *b, POINT **out, size_t n, void *scratch);
    void (*canonical)(POINT *points, size_t n);
    point_ref *a, *b; /* waiting pairs */
    POINT *sums[2], **out[2];
    uint32_t *bucket[2]; /* of each sum, or each waiting pair when it is this side's turn */
    void *scratch;
} CURVE_FN(pair_work);

typedef struct {
    CURVE_FN(pair_work) * work;
    point_ref *slot;
    POINT *home;
    size_t waiting;  /* pairs */
    size_t count[2]; /* sums on each side that may still be referred to */
    unsigned turn;   /* the side that the waiting pairs' sums go to */
} CURVE_FN(buckets);

static size_t CURVE_FN(pair_work_bytes)(void) {
    size_t n = PAIRS_CAPACITY;
    return n * (2 * sizeof(point_ref) + 2 * (sizeof(POINT) + sizeof(POINT *) + sizeof(uint32_t))) +
           CURVE_FN(pairs_scratch)(n);
}

/* memory: 64-aligned, pair_work_bytes() bytes. */
static void CURVE_FN(pair_work_init)(CURVE_FN(pair_work) * w, void *memory) {
    const math_kernels *kernels = math_backend_current()->kernels;
    const size_t n = PAIRS_CAPACITY;
    w->add_pairs = kernels->CURVE_FN(add_pairs);
    w->canonical = kernels->CURVE_FN(canonical);
    uint8_t *at = memory;
    w->scratch = at;
    at += CURVE_FN(pairs_scratch)(n);
    for (int side = 0; side < 2; side++) {
        w->sums[side] = (POINT *)(void *)at;
        at += n * sizeof(POINT);
        w->out[side] = (POINT **)(void *)at;
        at += n * sizeof(POINT *);
        w->bucket[side] = (uint32_t *)(void *)at;
        at += n * sizeof(uint32_t);
        for (size_t i = 0; i < n; i++)
            w->out[side][i] = &w->sums[side][i];
    }
    w->a = (point_ref *)(void *)at;
    w->b = w->a + n;
}

static size_t CURVE_FN(buckets_bytes)(size_t buckets) {
    return (buckets * (sizeof(point_ref) + sizeof(POINT)) + 63) / 64 * 64;
}

/* n empty buckets in memory of buckets_bytes(n) bytes. */
static void CURVE_FN(buckets_init)(CURVE_FN(buckets) * b, CURVE_FN(pair_work) * work, size_t n,
                                   void *memory) {
    *b = (CURVE_FN(buckets)){.work = work};
    b->home = memory;
    b->slot = (point_ref *)(void *)(b->home + n);
    memset(b->slot, 0, n * sizeof *b->slot);
}

static void CURVE_FN(buckets_settle)(CURVE_FN(buckets) * b, unsigned side) {
    const CURVE_FN(pair_work) *w = b->work;
    const size_t n = b->count[side];
    for (size_t i = 0; i < n; i++) {
        uint32_t bucket = w->bucket[side][i];
        uint32_t later = w->bucket[side][i + SLOTS_AHEAD < n ? i + SLOTS_AHEAD : i];
        __builtin_prefetch(&b->slot[later], 1, 3);
        __builtin_prefetch(&b->home[later], 1, 3);
        if (b->slot[bucket] == (point_ref)&w->sums[side][i]) {
            b->home[bucket] = w->sums[side][i];
            b->slot[bucket] = (point_ref)&b->home[bucket];
        }
    }
    b->count[side] = 0;
}

/* The slot's new content, and the number of pairs waiting after point `ref` has arrived: without a
 * branch, because whether a slot is empty cannot be predicted. */
static inline size_t CURVE_FN(buckets_meet)(point_ref *slot, point_ref ref, uint32_t bucket,
                                            CURVE_FN(pair_work) * w, uint32_t *bucket_of,
                                            size_t waiting) {
    point_ref old = slot[bucket];
    w->a[waiting] = old;
    w->b[waiting] = ref;
    bucket_of[waiting] = bucket;
    slot[bucket] = old != 0 ? 0 : ref;
    __builtin_prefetch((const void *)(old != 0 ? old : ref), 0, 2);
    return waiting + (old != 0);
}

/* Adds all waiting pairs and lets their sums arrive; at most half as many pairs wait afterwards. */
static void CURVE_FN(buckets_flush)(CURVE_FN(buckets) * b) {
    CURVE_FN(pair_work) *w = b->work;
    const unsigned side = b->turn;
    const size_t n = b->waiting;
    w->add_pairs(w->a, w->b, w->out[side], n, w->scratch);
    /* add_pairs overwrites the padding of the last group. */
    for (size_t i = n; i < (n + LANES - 1) / LANES * LANES; i++)
        w->out[side][i] = &w->sums[side][i];
    CURVE_FN(buckets_settle)(b, side ^ 1);
    b->count[side] = n;
    b->turn = side ^ 1;
    size_t waiting = 0;
    for (size_t i = 0; i < n; i++)
        if (!CURVE_FN(affine_is_infinity)(&w->sums[side][i]))
            waiting = CURVE_FN(buckets_meet)(b->slot, (point_ref)&w->sums[side][i],
                                             w->bucket[side][i], w, w->bucket[side ^ 1], waiting);
    b->waiting = waiting;
}

/* A point, not infinity, arrives. What `ref` refers to must stay until buckets_finish. */
static inline void CURVE_FN(buckets_arrive)(CURVE_FN(buckets) * b, uint32_t bucket, point_ref ref) {
    CURVE_FN(pair_work) *w = b->work;
    b->waiting = CURVE_FN(buckets_meet)(b->slot, ref, bucket, w, w->bucket[b->turn], b->waiting);
    if (b->waiting == PAIRS_CAPACITY)
        CURVE_FN(buckets_flush)(b);
}

/* Afterwards each slot holds its bucket's sum, or 0 for infinity, and `work` is free for others. */
static void CURVE_FN(buckets_finish)(CURVE_FN(buckets) * b) {
    while (b->waiting != 0)
        CURVE_FN(buckets_flush)(b);
    CURVE_FN(buckets_settle)(b, 0);
    CURVE_FN(buckets_settle)(b, 1);
}

/* sum_i (i + 1) * bucket i for n finished buckets, in the end a sequence of 2n additions. */
static void CURVE_FN(buckets_sum_directly)(CURVE *out, CURVE_FN(buckets) * b, size_t n) {
    CURVE running, total;
    CURVE_FN(set_infinity)(&running);
    CURVE_FN(set_infinity)(&total);
    for (size_t i = n; i-- > 0;) {
        if (b->slot[i] != 0) {
            POINT p = *(const POINT *)(b->slot[i] & ~(point_ref)1);
            b->work->canonical(&p, 1);
            if (b->slot[i] & 1)
                CURVE_FN(affine_neg)(&p, &p);
            CURVE_FN(add_mixed)(&running, &running, &p);
        }
        CURVE_FN(add)(&total, &total, &running);
    }
    *out = total;
}

/*
 * The same for many buckets. With weights i + 1 = high * 2^k + low the sum is
 * 2^k sum_high high * H(high) + sum_low low * L(low), where H and L sum the buckets with the given
 * high and low part: those sums go through buckets again, and only about 2^(bits / 2) of them
 * remain. memory has buckets_bytes(BUCKETS_SECOND) bytes.
 */
static void CURVE_FN(buckets_sum)(CURVE *out, CURVE_FN(buckets) * b, size_t n, void *memory) {
    if (n <= BUCKETS_DIRECT) {
        CURVE_FN(buckets_sum_directly)(out, b, n);
        return;
    }
    unsigned k = 0;
    while (n >> 2 * k > 1)
        k++;
    const size_t mask = ((size_t)1 << k) - 1, highs = n >> k;
    CURVE_FN(buckets) high, low;
    CURVE_FN(buckets_init)(&high, b->work, highs, memory);
    memory = (uint8_t *)memory + CURVE_FN(buckets_bytes)(highs);
    for (size_t i = 0; i < n; i++)
        if (b->slot[i] != 0 && (i + 1) >> k != 0)
            CURVE_FN(buckets_arrive)(&high, (uint32_t)(((i + 1) >> k) - 1), b->slot[i]);
    CURVE_FN(buckets_finish)(&high);
    CURVE_FN(buckets_init)(&low, b->work, mask, memory);
    for (size_t i = 0; i < n; i++)
        if (b->slot[i] != 0 && ((i + 1) & mask) != 0)
            CURVE_FN(buckets_arrive)(&low, (uint32_t)(((i + 1) & mask) - 1), b->slot[i]);
    CURVE_FN(buckets_finish)(&low);
    CURVE high_sum, low_sum;
    CURVE_FN(buckets_sum_directly)(&high_sum, &high, highs);
    CURVE_FN(buckets_sum_directly)(&low_sum, &low, mask);
    for (unsigned i = 0; i < k; i++)
        CURVE_FN(double)(&high_sum, &high_sum);
    CURVE_FN(add)(out, &high_sum, &low_sum);
}

#undef BUCKETS_PASTE
#undef BUCKETS_JOIN
#undef CURVE_FN
#undef POINT
