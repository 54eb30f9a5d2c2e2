/* Equal scalars: a table of hashes that all threads fill, then sums of points in segments. */
#include "math/msm_merge.h"

#include <stdatomic.h>
#include <string.h>

#include "base/threads.h"
#include "math/backend.h"

enum {
    SEGMENT = 4096, /* points that are added up together: half as many pairs share an inversion */
    PAIRS = SEGMENT / 2,
    LINE = 64,
    SAMPLE = 4096, /* scalars that msm_merge_pays looks at */
    PLACES = 2 * SAMPLE,
};

#define NONE UINT32_MAX

static size_t align_line(size_t bytes) { return (bytes + LINE - 1) / LINE * LINE; }

static uint8_t *line_at(void *memory) {
    return (uint8_t *)(((uintptr_t)memory + LINE - 1) & ~(uintptr_t)(LINE - 1));
}

/* ---------------------------------------------------------------- equal scalars */

/* At least 2n places, so that chains are short. */
static size_t table_places(size_t n) {
    size_t places = 64;
    while (places < 2 * n)
        places *= 2;
    return places;
}

static size_t segments_of(size_t n) { return (n + SEGMENT - 1) / SEGMENT; }

size_t msm_merge_scratch(size_t n) {
    return LINE + align_line(table_places(n) * sizeof(uint32_t)) +
           3 * align_line(n * sizeof(uint32_t)) + align_line(segments_of(n) * sizeof(uint32_t));
}

typedef struct {
    const fr *scalars;
    _Atomic uint32_t *table; /* index + 1, 0 is empty; open addressing */
    size_t mask;
    uint32_t *same;
} find_job;

static size_t hash_of(const fr *v) {
    uint64_t h = v->l[0] ^ v->l[1] * 3 ^ v->l[2] * 5 ^ v->l[3] * 7;
    return (size_t)((h * UINT64_C(0x9e3779b97f4a7c15)) >> 24);
}

bool msm_merge_pays(const fr *scalars, size_t n) {
    const fr *table[PLACES] = {NULL};
    const size_t step = n < SAMPLE ? 1 : n / SAMPLE;
    for (size_t i = 0, taken = 0; i < n && taken < SAMPLE; i += step, taken++) {
        if (fr_is_zero(&scalars[i]) || fr_is_one(&scalars[i]))
            continue;
        size_t at = hash_of(&scalars[i]) % PLACES;
        for (; table[at]; at = (at + 1) % PLACES)
            if (fr_equal(table[at], &scalars[i]))
                return true;
        table[at] = &scalars[i];
    }
    return false;
}

static void clear_places(void *context, size_t begin, size_t end, unsigned worker) {
    const find_job *job = context;
    (void)worker;
    for (size_t i = begin; i < end; i++)
        atomic_init(&job->table[i], 0);
}

/* The index that the first of all equal scalars left in the table; this one's when none has. */
static uint32_t claim(const find_job *job, uint32_t index) {
    for (size_t at = hash_of(&job->scalars[index]) & job->mask;; at = (at + 1) & job->mask) {
        uint32_t there = 0;
        if (atomic_compare_exchange_strong(&job->table[at], &there, index + 1))
            return index;
        if (fr_equal(&job->scalars[there - 1], &job->scalars[index]))
            return there - 1;
    }
}

static void find_same(void *context, size_t begin, size_t end, unsigned worker) {
    const find_job *job = context;
    (void)worker;
    for (size_t i = begin; i < end; i++)
        job->same[i] = fr_is_zero(&job->scalars[i]) ? NONE : claim(job, (uint32_t)i);
}

/* Sorts by counting; place[i] is where the next scalar equal to scalar i belongs. */
static void put_in_order(msm_merge *m, size_t n, uint32_t *place) {
    memset(place, 0, n * sizeof *place);
    for (size_t i = 0; i < n; i++)
        if (m->same[i] != NONE)
            place[m->same[i]]++;
    uint32_t next = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t count = place[i];
        place[i] = next;
        next += count;
    }
    for (size_t i = 0; i < n; i++)
        if (m->same[i] != NONE)
            m->order[place[m->same[i]]++] = (uint32_t)i;
    m->kept = next;
}

/* Does a product begin at this place of the order? A segment's first place always begins one. */
static bool begins(const msm_merge *m, size_t at) {
    return at % SEGMENT == 0 || m->same[m->order[at]] != m->same[m->order[at - 1]];
}

size_t msm_merge_find(msm_merge *out, const fr *scalars, size_t n, unsigned threads,
                      void *scratch) {
    size_t places = table_places(n), values = 0;
    uint8_t *at = line_at(scratch);
    find_job job = {.scalars = scalars, .table = (void *)at, .mask = places - 1};
    at += align_line(places * sizeof(uint32_t));
    job.same = (uint32_t *)(void *)at;
    at += align_line(n * sizeof(uint32_t));
    *out = (msm_merge){.scalars = scalars, .same = job.same, .order = (uint32_t *)(void *)at};
    at += align_line(n * sizeof(uint32_t));
    uint32_t *place = (uint32_t *)(void *)at;
    at += align_line(n * sizeof(uint32_t));
    out->first_value = (uint32_t *)(void *)at;
    parallel_for(threads, places, 0, clear_places, &job);
    parallel_for(threads, n, 0, find_same, &job);
    put_in_order(out, n, place);
    for (size_t i = 0; i < out->kept; i++) {
        if (i % SEGMENT == 0)
            out->first_value[i / SEGMENT] = (uint32_t)values;
        values += begins(out, i);
    }
    return values;
}

/* ---------------------------------------------------------------- sums of points */

/* What a worker needs to add up one segment. */
typedef struct {
    const math_kernels *kernels;
    point_ref *a, *b, *point; /* pairs; the points that remain, and of each the product it is of */
    g1_affine **out;
    uint16_t *value;
    g1_affine *sums; /* all rounds' together are fewer than SEGMENT */
    void *scratch;
} segment_work;

typedef struct {
    const msm_merge *merge;
    const g1_affine *bases;
    g1_affine *points;
    fr *values;
    uint8_t *memory; /* of worker 0 */
} merge_job;

static size_t worker_bytes(void) {
    return align_line(g1_pairs_scratch(PAIRS)) + SEGMENT * sizeof(g1_affine) +
           PAIRS * (2 * sizeof(point_ref) + sizeof(g1_affine *)) + SEGMENT * sizeof(point_ref) +
           align_line(SEGMENT * sizeof(uint16_t));
}

static segment_work work_at(uint8_t *memory) {
    segment_work w = {.kernels = math_backend_current()->kernels, .scratch = memory};
    memory += align_line(g1_pairs_scratch(PAIRS));
    w.sums = (g1_affine *)(void *)memory;
    w.a = (point_ref *)(void *)(w.sums + SEGMENT);
    w.b = w.a + PAIRS;
    w.out = (g1_affine **)(void *)(w.b + PAIRS);
    w.point = (point_ref *)(void *)(w.out + PAIRS);
    w.value = (uint16_t *)(void *)(w.point + SEGMENT);
    return w;
}

static bool is_infinity(point_ref p) { return g1_affine_is_infinity((const g1_affine *)p); }

/* One round: neighbours of the same product become a pair, whose sum takes their place. Returns the
 * number of pairs; *n is the number of points, *used that of sums so far. */
static size_t add_neighbours(segment_work *w, size_t *n, size_t *used) {
    size_t pairs = 0, left = 0;
    for (size_t i = 0; i < *n; i++, left++) {
        w->value[left] = w->value[i];
        if (i + 1 == *n || w->value[i + 1] != w->value[i]) {
            w->point[left] = w->point[i];
            continue;
        }
        w->a[pairs] = w->point[i];
        w->b[pairs] = w->point[++i];
        w->out[pairs] = &w->sums[*used + pairs];
        w->point[left] = (point_ref)w->out[pairs++];
    }
    if (pairs != 0)
        w->kernels->g1_add_pairs(w->a, w->b, w->out, pairs, w->scratch);
    *used += pairs;
    *n = left;
    return pairs;
}

/* Opposite points may have met; a pair must not hold infinity. */
static size_t drop_infinity(segment_work *w, size_t n) {
    size_t left = 0;
    for (size_t i = 0; i < n; i++)
        if (!is_infinity(w->point[i])) {
            w->point[left] = w->point[i];
            w->value[left++] = w->value[i];
        }
    return left;
}

static void add_segment(const merge_job *job, segment_work *w, size_t segment) {
    const msm_merge *m = job->merge;
    size_t begin = segment * SEGMENT, n = m->kept - begin < SEGMENT ? m->kept - begin : SEGMENT;
    size_t values = 0, used = 0;
    g1_affine *points = job->points + m->first_value[segment];
    for (size_t i = 0; i < n; i++) {
        uint32_t index = m->order[begin + i];
        __builtin_prefetch(&job->bases[index], 0, 2);
        if (begins(m, begin + i))
            job->values[m->first_value[segment] + values++] = m->scalars[index];
        w->point[i] = (point_ref)&job->bases[index];
        w->value[i] = (uint16_t)(values - 1);
    }
    do
        n = drop_infinity(w, n);
    while (add_neighbours(w, &n, &used) != 0);
    memset(points, 0, values * sizeof *points); /* infinity, where nothing is left */
    for (size_t i = 0; i < n; i++)
        points[w->value[i]] = *(const g1_affine *)w->point[i];
    w->kernels->g1_canonical(points, values);
}

static void add_segments(void *context, size_t begin, size_t end, unsigned worker) {
    const merge_job *job = context;
    segment_work w = work_at(job->memory + worker * worker_bytes());
    for (size_t segment = begin; segment < end; segment++)
        add_segment(job, &w, segment);
}

size_t msm_merge_g1_room(unsigned threads) {
    return LINE + (threads == 0 ? threads_available() : threads) * worker_bytes();
}

void msm_merge_g1(g1_affine *points, fr *values, const msm_merge *merge, const g1_affine *bases,
                  unsigned threads, void *room) {
    merge_job job = {merge, bases, points, values, line_at(room)};
    parallel_for(threads, segments_of(merge->kept), 1, add_segments, &job);
}
