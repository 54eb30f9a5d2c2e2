/* One chain for all points (math/glv.h), batched affine additions (math/kernels.h). */
#include "math/scale.h"

#include <string.h>

#include "base/threads.h"
#include "base/wipe.h"
#include "math/backend.h"
#include "math/endomorphism.h"
#include "math/glv.h"
#include "math/kernels.h"

enum { BATCH = 256, TABLE = 8 /* p, 3p, ..., 15p */ };

/* One worker's memory; the kernel's scratch follows. */
typedef struct {
    g1_affine table[TABLE][BATCH];
    g1_affine sum[BATCH], term[BATCH];
    point_ref a[BATCH], b[BATCH];
    g1_affine *out[BATCH];
    bool infinite[BATCH];
} scale_room;

typedef struct {
    g1_affine *points;
    const math_kernels *kernels;
    int8_t digits[2][GLV_DIGITS];
    uint8_t *memory; /* of worker 0 */
    size_t memory_bytes;
} scale_job;

static size_t room_bytes(void) { return (sizeof(scale_room) + 63) / 64 * 64; }

static size_t worker_bytes(void) { return room_bytes() + g1_pairs_scratch(BATCH); }

size_t g1_scale_scratch(unsigned threads) {
    if (threads == 0)
        threads = threads_available();
    return 64 + threads * worker_bytes();
}

/* out[i] = a[i] + b[i] */
static void add_all(const scale_job *job, scale_room *room, g1_affine *out, const g1_affine *a,
                    const g1_affine *b, size_t n) {
    for (size_t i = 0; i < n; i++) {
        room->a[i] = (point_ref)&a[i];
        room->b[i] = (point_ref)&b[i];
        room->out[i] = &out[i];
    }
    job->kernels->g1_add_pairs(room->a, room->b, room->out, n, (uint8_t *)room + room_bytes());
}

static void make_table(const scale_job *job, scale_room *room, size_t n) {
    add_all(job, room, room->term, room->table[0], room->table[0], n); /* 2p */
    for (int t = 1; t < TABLE; t++)
        add_all(job, room, room->table[t], room->table[t - 1], room->term, n);
    for (int t = 0; t < TABLE; t++)
        job->kernels->g1_canonical(room->table[t], n);
}

/* The digit's multiple of every point, or of its image under phi, joins the sum. No sum is
 * infinity: the chain's numbers are not 0 modulo r (below 2^129 in both halves, glv.h). */
static void add_digit(const scale_job *job, scale_room *room, int half, int digit, bool first,
                      size_t n) {
    const g1_affine *table = room->table[(digit < 0 ? -digit : digit) / 2];
    for (size_t i = 0; i < n; i++) {
        g1_affine *term = first ? &room->sum[i] : &room->term[i];
        *term = table[i];
        if (half == 1)
            fp_mul(&term->x, &term->x, &G1_BETA[0]);
        if (digit < 0)
            fp_neg(&term->y, &term->y);
    }
    if (!first)
        add_all(job, room, room->sum, room->sum, room->term, n);
}

static void scale_batch(const scale_job *job, scale_room *room, g1_affine *points, size_t n) {
    bool first = true;
    for (size_t i = 0; i < n; i++) {
        room->infinite[i] = g1_affine_is_infinity(&points[i]);
        room->table[0][i] = room->infinite[i] ? *g1_generator() : points[i];
    }
    make_table(job, room, n);
    for (int bit = GLV_DIGITS - 1; bit >= 0; bit--) {
        if (!first)
            add_all(job, room, room->sum, room->sum, room->sum, n);
        for (int half = 0; half < 2; half++) {
            if (job->digits[half][bit] == 0)
                continue;
            add_digit(job, room, half, job->digits[half][bit], first, n);
            first = false;
        }
    }
    if (!first)
        job->kernels->g1_canonical(room->sum, n);
    for (size_t i = 0; i < n; i++)
        if (room->infinite[i] || first) /* no digit: k = 0 */
            g1_affine_set_infinity(&points[i]);
        else
            points[i] = room->sum[i];
}

static void scale_range(void *context, size_t begin, size_t end, unsigned worker) {
    const scale_job *job = context;
    scale_room *room = (scale_room *)(void *)(job->memory + worker * job->memory_bytes);
    for (; begin < end; begin += BATCH)
        scale_batch(job, room, job->points + begin, end - begin < BATCH ? end - begin : BATCH);
}

void g1_scale(g1_affine *points, size_t n, const fr *k, unsigned threads, void *scratch) {
    scale_job job = {.points = points, .kernels = math_backend_current()->kernels};
    glv_half k1, k2;
    bool minus;
    job.memory = (uint8_t *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
    job.memory_bytes = worker_bytes();
    glv_split(&k1, &k2, &minus, k);
    glv_recode(job.digits[0], k1, false);
    glv_recode(job.digits[1], k2, minus);
    parallel_for(threads, n, BATCH, scale_range, &job);
    secure_wipe(&k1, sizeof k1);
    secure_wipe(&k2, sizeof k2);
    secure_wipe(job.digits, sizeof job.digits);
}
