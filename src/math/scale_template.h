/* Multiplication in one group; included by scale.c with CURVE and CURVE_BETA defined, the beta for
 * which (beta x, y) is lambda times (x, y) there. */
#define SCALE_PASTE(a, b) a##_##b
#define SCALE_JOIN(a, b) SCALE_PASTE(a, b)
#define CURVE_FN(op) SCALE_JOIN(CURVE, op)
#define POINT CURVE_FN(affine)

typedef struct {
    POINT *points;
    const fr *k;                /* one, or one a point */
    const scale_digits *digits; /* of one for all; else NULL */
    const math_kernels *kernels;
    uint8_t *memory; /* of worker 0 */
    size_t memory_bytes;
} CURVE_FN(scale_job);

static size_t CURVE_FN(scale_bytes)(void) {
    return room_bytes() + REGISTERS * CURVE_FN(bank_register)(GROUPS) +
           CURVE_FN(bank_scratch)(GROUPS);
}

size_t CURVE_FN(scale_scratch)(unsigned threads) {
    return 64 + (threads ? threads : threads_available()) * CURVE_FN(scale_bytes)();
}

/* The odd multiples, or all. */
static void CURVE_FN(scale_table)(const math_kernels *kernels, const bank *r, bool odd) {
    const bank_term step = {.table = odd ? STEP : TABLE};
    kernels->CURVE_FN(bank_double)(r, odd ? STEP : TABLE + 1, TABLE);
    for (unsigned t = odd ? 1 : 2; t < TABLE_SIZE; t++)
        kernels->CURVE_FN(bank_add)(r, TABLE + t, TABLE + t - 1, &step);
}

static void CURVE_FN(scale_by_one)(const CURVE_FN(scale_job) * job, scale_room *room,
                                   const bank *r) {
    bool fresh = true;
    for (int bit = GLV_DIGITS - 1; bit >= 0; bit--) {
        if (!fresh)
            job->kernels->CURVE_FN(bank_double)(r, SUM, SUM);
        for (int half = 0; half < 2; half++) {
            int digit = job->digits->digit[half][bit];
            const bank_term term = {.table = TABLE + (unsigned)(digit < 0 ? -digit : digit) / 2,
                                    .beta = half == 1 ? room->beta : NULL,
                                    .negative = digit < 0 ? room->all : NULL,
                                    .fresh = fresh ? room->all : NULL};
            if (digit == 0)
                continue;
            job->kernels->CURVE_FN(bank_add)(r, SUM, SUM, &term);
            fresh = false;
        }
    }
    memset(room->fresh, fresh ? 0xff : 0, GROUPS);
}

static void CURVE_FN(scale_by_each)(const CURVE_FN(scale_job) * job, scale_room *room,
                                    const bank *r) {
    memset(room->fresh, 0xff, GROUPS);
    for (int w = WINDOWS - 1; w >= 0; w--) {
        for (int i = 0; i < WINDOW && w < WINDOWS - 1; i++)
            job->kernels->CURVE_FN(bank_double)(r, SUM, SUM);
        for (int half = 0; half < 2; half++) {
            const scale_window *window = &room->windows[w][half];
            const bank_term term = {.table = TABLE,
                                    .entry = window->entry,
                                    .beta = half == 1 ? room->beta : NULL,
                                    .negative = window->negative,
                                    .absent = window->absent,
                                    .fresh = room->fresh};
            job->kernels->CURVE_FN(bank_add)(r, SUM, SUM, &term);
            for (size_t g = 0; g < GROUPS; g++)
                room->fresh[g] &= window->absent[g];
        }
    }
}

void CURVE_FN(affine_mul)(POINT *out, const POINT *p, const fr *k) {
    CURVE q;
    CURVE_FN(from_affine)(&q, p);
    CURVE_FN(mul)(&q, &q, k);
    CURVE_FN(to_affine)(out, &q);
    secure_wipe(&q, sizeof q);
}

/* One at a time: a few points, which cost less than a chain of inversions, and lanes that met equal
 * or opposite points, for some scalars near 0. */
static void CURVE_FN(scale_slowly)(const CURVE_FN(scale_job) * job, POINT *out, const POINT *p,
                                   const fr *k) {
    *out = *p;
    if (!CURVE_FN(affine_is_infinity)(p))
        job->kernels->CURVE_FN(canonical)(out, 1);
    CURVE_FN(affine_mul)(out, out, k);
}

static void CURVE_FN(scale_batch)(const CURVE_FN(scale_job) * job, scale_room *room, bank *r,
                                  size_t begin, size_t n) {
    POINT in[BATCH], out[BATCH];
    const fr *k = job->digits ? job->k : job->k + begin;
    r->groups = (n + LANES - 1) / LANES;
    for (size_t i = 0; i < LANES * r->groups; i++) {
        in[i] = i < n ? job->points[begin + i] : *CURVE_FN(generator)();
        out[i] = CURVE_FN(affine_is_infinity)(&in[i]) ? *CURVE_FN(generator)() : in[i];
    }
    memset(room->met, 0, GROUPS);
    job->kernels->CURVE_FN(bank_load)(r, TABLE, out);
    job->kernels->CURVE_FN(bank_load)(r, SUM, out);
    CURVE_FN(scale_table)(job->kernels, r, job->digits != NULL);
    if (job->digits) {
        CURVE_FN(scale_by_one)(job, room, r);
    } else {
        windows_of(room, k, n);
        CURVE_FN(scale_by_each)(job, room, r);
    }
    job->kernels->CURVE_FN(bank_store)(r, out, SUM);
    for (size_t i = 0; i < n; i++) {
        unsigned lane = 1U << i % LANES;
        if (CURVE_FN(affine_is_infinity)(&in[i]) || (room->fresh[i / LANES] & lane) != 0)
            CURVE_FN(affine_set_infinity)(&out[i]);
        else if ((room->met[i / LANES] & lane) != 0)
            CURVE_FN(scale_slowly)(job, &out[i], &in[i], job->digits ? k : k + i);
        job->points[begin + i] = out[i];
    }
}

static void CURVE_FN(scale_range)(void *context, size_t begin, size_t end, unsigned worker) {
    const CURVE_FN(scale_job) *job = context;
    uint8_t *memory = job->memory + worker * job->memory_bytes;
    scale_room *room = (scale_room *)(void *)memory;
    bank r = {.registers = memory + room_bytes(),
              .met = room->met,
              .scratch = memory + room_bytes() + REGISTERS * CURVE_FN(bank_register)(GROUPS)};
    memset(room->all, 0xff, GROUPS);
    job->kernels->fp_twiddles(room->beta, &CURVE_BETA, 1);
    for (; end - begin < FEW && begin < end; begin++)
        CURVE_FN(scale_slowly)
    (job, &job->points[begin], &job->points[begin], &job->k[job->digits ? 0 : begin]);
    for (; begin < end; begin += BATCH)
        CURVE_FN(scale_batch)(job, room, &r, begin, end - begin < BATCH ? end - begin : BATCH);
}

static void CURVE_FN(scale_all)(POINT *points, size_t n, const fr *k, const scale_digits *digits,
                                unsigned threads, void *scratch) {
    CURVE_FN(scale_job)
    job = {.points = points, .k = k, .digits = digits, .kernels = math_backend_current()->kernels};
    job.memory = (uint8_t *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
    job.memory_bytes = CURVE_FN(scale_bytes)();
    parallel_for(threads, n, BATCH, CURVE_FN(scale_range), &job);
}

void CURVE_FN(scale)(POINT *points, size_t n, const fr *k, unsigned threads, void *scratch) {
    scale_digits digits;
    glv_half k1, k2;
    bool minus;
    glv_split(&k1, &k2, &minus, k);
    glv_recode(digits.digit[0], k1, false);
    glv_recode(digits.digit[1], k2, minus);
    CURVE_FN(scale_all)(points, n, k, &digits, threads, scratch);
    secure_wipe(&k1, sizeof k1);
    secure_wipe(&k2, sizeof k2);
    secure_wipe(&digits, sizeof digits);
}

void CURVE_FN(scale_each)(POINT *points, const fr *k, size_t n, unsigned threads, void *scratch) {
    CURVE_FN(scale_all)(points, n, k, NULL, threads, scratch);
}

#undef SCALE_PASTE
#undef SCALE_JOIN
#undef CURVE_FN
#undef POINT
#undef CURVE
#undef CURVE_BETA
