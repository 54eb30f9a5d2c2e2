/* Multiplication in one group; included by scale.c with CURVE and CURVE_FLIP defined: which of
 * G1_BETA is the beta for which (beta x, y) is lambda times (x, y) there. */
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

/* The multiples of math/eisenstein.h. */
static void CURVE_FN(scale_elements)(const math_kernels *kernels, const scale_room *room,
                                     const bank *r) {
    for (unsigned t = 1; t < EISENSTEIN_CLASSES; t++) {
        const bank_term term = unit_term(room, 0, EISENSTEIN_TABLE[t].unit);
        kernels->CURVE_FN(bank_add)(r, TABLE + t, TABLE + EISENSTEIN_TABLE[t].from, &term);
    }
}

static void CURVE_FN(scale_by_one)(const CURVE_FN(scale_job) * job, const scale_room *room,
                                   const bank *r) {
    const math_kernels *kernels = job->kernels;
    CURVE_FN(scale_elements)(kernels, room, r);
    for (int i = job->digits->count - 1; i >= 0; i--) {
        const eisenstein_digit digit = job->digits->digit[i];
        const bank_term term = unit_term(room, digit.element, digit.unit);
        if (i == job->digits->count - 1)
            kernels->CURVE_FN(bank_set)(r, SUM, &term);
        else if (digit.present)
            kernels->CURVE_FN(bank_double_add)(r, SUM, SUM, &term);
        else
            kernels->CURVE_FN(bank_double)(r, SUM, SUM);
    }
}

/* 1, 3 .. 15 times the points. */
static void CURVE_FN(scale_odd)(const math_kernels *kernels, const bank *r) {
    const bank_term step = {.table = STEP};
    kernels->CURVE_FN(bank_double)(r, STEP, TABLE);
    for (unsigned t = 1; t < TABLE_SIZE; t++)
        kernels->CURVE_FN(bank_add)(r, TABLE + t, TABLE + t - 1, &step);
}

static void CURVE_FN(scale_by_each)(const CURVE_FN(scale_job) * job, const scale_room *room,
                                    const bank *r) {
    const math_kernels *kernels = job->kernels;
    CURVE_FN(scale_odd)(kernels, r);
    for (int w = WINDOWS - 1; w >= 0; w--) {
        bank_term terms[2];
        for (int half = 0; half < 2; half++)
            terms[half] = (bank_term){.table = TABLE,
                                      .entry = room->windows[w][half].entry,
                                      .beta = half == 1 ? room->beta[0] : NULL,
                                      .negative = room->windows[w][half].negative};
        if (w == WINDOWS - 1) {
            kernels->CURVE_FN(bank_set)(r, SUM, &terms[0]);
        } else {
            for (int i = 1; i < WINDOW; i++)
                kernels->CURVE_FN(bank_double)(r, SUM, SUM);
            kernels->CURVE_FN(bank_double_add)(r, SUM, SUM, &terms[0]);
        }
        kernels->CURVE_FN(bank_add)(r, SUM, SUM, &terms[1]);
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
    if (job->digits) {
        CURVE_FN(scale_by_one)(job, room, r);
    } else {
        windows_of(room, k, n);
        CURVE_FN(scale_by_each)(job, room, r);
    }
    job->kernels->CURVE_FN(bank_store)(r, out, SUM);
    for (size_t i = 0; i < n; i++) {
        unsigned lane = 1U << i % LANES;
        if (CURVE_FN(affine_is_infinity)(&in[i]))
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
    for (int i = 0; i < 2; i++)
        job->kernels->fp_twiddles(room->beta[i], &G1_BETA[i ^ CURVE_FLIP], 1);
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
    digits.count = eisenstein_recode(digits.digit, k);
    if (digits.count > 0)
        CURVE_FN(scale_all)(points, n, k, &digits, threads, scratch);
    else
        for (size_t i = 0; i < n; i++)
            CURVE_FN(affine_set_infinity)(&points[i]);
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
#undef CURVE_FLIP
