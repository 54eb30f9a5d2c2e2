/*
 * Sorting scalars by size and cutting them into digits, for msm.c.
 *
 * Two passes over blocks of scalars, both parallel. The first notes each scalar's class, which is
 * the bit length of its magnitude (the smaller of v and r - v), and counts classes per block. Then
 * windows are chosen, and the second pass writes every scalar's digits to the place that the counts
 * give it. Inside a list entries stand in descending order of the number of windows that they
 * reach, so that each window reads a prefix.
 */
#include "math/msm_digits.h"

#include <string.h>

#include "base/threads.h"
#include "math/backend.h"

enum {
    BLOCK = 4096,  /* scalars of a block */
    CHUNK = 64,    /* scalars whose integers are held at once */
    CLASSES = 256, /* bit lengths 0..253 */
    /* Without padding, windows of a power of two of digits would compete for one set of the cache
     * while all of an entry's digits are written. */
    STRIDE_PADDING = 160,
    SMALL_BITS = 16,   /* magnitudes up to this length can form a list of their own */
    SCALAR_BITS = 253, /* of a magnitude, since r / 2 < 2^253 */
};

enum { LIST_ONES, LIST_SMALL, LIST_WIDE };

typedef struct {
    const fr *scalars;
    size_t n;
    const uint8_t *bases;
    size_t point_bytes;
    uint8_t *class_of;           /* per scalar */
    uint32_t (*counts)[CLASSES]; /* per block: of each class; later: the next place of each group */
    msm_list *lists;
    uint8_t list_of[CLASSES];    /* which list a class belongs to */
    uint8_t windows_of[CLASSES]; /* windows that a class reaches in its list */
} msm_sorter;

/* The magnitude of a scalar: v, or r - v with *negative set when that is smaller. r / 2 < 2^253. */
static void magnitude(uint64_t v[4], bool *negative) {
    uint64_t d[4], borrow = 0, above = 0;
    for (int i = 0; i < 4; i++) {
        unsigned __int128 t = (unsigned __int128)fr_MODULUS.l[i] - v[i] - borrow;
        d[i] = (uint64_t)t;
        borrow = (uint64_t)(t >> 64) & 1;
    }
    /* v > r - v? */
    for (int i = 0; i < 4; i++) {
        unsigned __int128 t = (unsigned __int128)d[i] - v[i] - above;
        above = (uint64_t)(t >> 64) & 1;
    }
    *negative = above;
    if (above)
        memcpy(v, d, sizeof d);
}

static unsigned bit_length(const uint64_t v[4]) {
    for (unsigned i = 4; i-- > 0;)
        if (v[i] != 0)
            return 64 * i + 64 - (unsigned)__builtin_clzll(v[i]);
    return 0;
}

static bool is_zero_bytes(const uint8_t *p, size_t n) {
    for (size_t i = 0; i < n; i += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, p + i, sizeof word);
        if (word != 0)
            return false;
    }
    return true;
}

static void classify_block(const msm_sorter *s, size_t block) {
    const math_kernels *kernels = math_backend_current()->kernels;
    size_t begin = block * BLOCK, end = s->n - begin < BLOCK ? s->n : begin + BLOCK;
    uint32_t *counts = s->counts[block];
    memset(counts, 0, CLASSES * sizeof *counts);
    for (size_t at = begin; at < end; at += CHUNK) {
        uint64_t v[CHUNK][4];
        size_t n = end - at < CHUNK ? end - at : CHUNK;
        kernels->fr_to_integers(v, s->scalars + at, n);
        for (size_t i = 0; i < n; i++) {
            bool negative;
            magnitude(v[i], &negative);
            unsigned class = bit_length(v[i]);
            if (class != 0 && is_zero_bytes(s->bases + (at + i) * s->point_bytes, s->point_bytes))
                class = 0;
            s->class_of[at + i] = (uint8_t) class;
            counts[class]++;
        }
    }
}

static void classify(void *context, size_t begin, size_t end, unsigned worker) {
    (void)worker;
    for (size_t block = begin; block < end; block++)
        classify_block(context, block);
}

/* `bits` (up to 16) bits of v from position `at` on. */
static unsigned bits_at(const uint64_t v[4], unsigned at, unsigned bits) {
    unsigned limb = at / 64, shift = at % 64;
    if (limb > 3)
        return 0;
    uint64_t w = v[limb] >> shift;
    if (shift + bits > 64 && limb < 3)
        w |= v[limb + 1] << (64 - shift);
    return (unsigned)(w & ((UINT64_C(1) << bits) - 1));
}

/*
 * Digits of one entry. A digit of half the range or more borrows from the next window, except in
 * the last one that the entry reaches: windows_for leaves a bit (two when digits take 16 bits) free
 * there, so its digit with the carry is at most half, and below it where half does not fit int16_t.
 */
static void write_digits(const msm_list *list, size_t place, const uint64_t v[4],
                         unsigned windows) {
    const unsigned half = list->is_signed ? 1u << (list->bits - 1) : 1u << list->bits;
    unsigned carry = 0;
    for (unsigned w = 0; w < windows; w++) {
        unsigned digit = bits_at(v, w * list->bits, list->bits) + carry;
        carry = list->is_signed && digit >= half && w + 1 < windows;
        list->digits[w * list->stride + place] = (uint16_t)(digit - (carry << list->bits));
    }
}

/* A block's places: counts[LIST][windows] as offsets, in the memory of its class counts. */
static uint32_t *place_of(uint32_t *counts, unsigned list, unsigned windows) {
    return list == LIST_ONES    ? &counts[0]
           : list == LIST_SMALL ? &counts[windows]
                                : &counts[16 + windows];
}

static void distribute_block(const msm_sorter *s, size_t block) {
    const math_kernels *kernels = math_backend_current()->kernels;
    size_t begin = block * BLOCK, end = s->n - begin < BLOCK ? s->n : begin + BLOCK;
    for (size_t at = begin; at < end; at += CHUNK) {
        uint64_t v[CHUNK][4];
        size_t n = end - at < CHUNK ? end - at : CHUNK;
        kernels->fr_to_integers(v, s->scalars + at, n);
        for (size_t i = 0; i < n; i++) {
            unsigned class = s->class_of[at + i];
            if (class == 0)
                continue;
            bool negative;
            magnitude(v[i], &negative);
            unsigned windows = s->windows_of[class];
            const msm_list *list = &s->lists[s->list_of[class]];
            size_t place = (*place_of(s->counts[block], s->list_of[class], windows))++;
            list->index[place] = (uint32_t)((at + i) << 1 | negative);
            if (list->bits != 0)
                write_digits(list, place, v[i], windows);
        }
    }
}

static void distribute(void *context, size_t begin, size_t end, unsigned worker) {
    (void)worker;
    for (size_t block = begin; block < end; block++)
        distribute_block(context, block);
}

/*
 * The cost of a list in point additions on the slowest thread: each part adds its points to buckets
 * and sums the buckets (two additions each, and a serial tail of two square roots of them, each
 * step worth about 32 batched additions).
 */
static uint64_t part_cost(size_t count, size_t buckets, unsigned splits) {
    unsigned bits = 1;
    while (buckets >> bits != 0)
        bits++;
    size_t filled = buckets < count ? buckets : count;
    uint64_t tail = UINT64_C(32) << (bits + 1) / 2;
    return count / splits + 2 * filled + buckets / 8 + 2 * tail;
}

static uint64_t list_cost(size_t count, unsigned windows, size_t buckets, unsigned threads,
                          unsigned *splits) {
    uint64_t best = UINT64_MAX;
    for (unsigned s = 1; s <= threads && windows * s <= MSM_MAX_PARTS; s++) {
        uint64_t rounds = ((uint64_t)windows * s + threads - 1) / threads;
        uint64_t cost = rounds * part_cost(count, buckets, s);
        if (cost < best) {
            best = cost;
            *splits = s;
        }
    }
    return best;
}

/* The signed windows that magnitudes of scalar_bits bits reach; see write_digits. */
static unsigned windows_for(unsigned scalar_bits, unsigned bits) {
    unsigned all = scalar_bits + (bits == MSM_MAX_BITS ? 2 : 1);
    return (all + bits - 1) / bits;
}

/* Buckets stay within a small multiple of the points, which bounds scratch. */
static bool width_allowed(size_t n, unsigned bits) {
    return bits <= 4 || ((size_t)1 << (bits - 1)) <= 2 * n;
}

/* What memory allows a list. */
typedef struct {
    size_t n;        /* scalars, those of other lists included */
    uint64_t digits; /* of all windows together */
    size_t buckets;
} list_limits;

/* The best signed window for `count` magnitudes of scalar_bits bits; returns its cost. */
static uint64_t choose_signed(msm_list *list, size_t count, unsigned scalar_bits,
                              const list_limits *limits, unsigned threads) {
    uint64_t best = UINT64_MAX;
    for (unsigned bits = 2; bits <= MSM_MAX_BITS; bits++) {
        unsigned windows = windows_for(scalar_bits, bits), splits = 1;
        size_t buckets = (size_t)1 << (bits - 1);
        if (!width_allowed(limits->n, bits) || (uint64_t)windows * count > limits->digits ||
            buckets > limits->buckets)
            continue;
        uint64_t cost = list_cost(count, windows, buckets, threads, &splits);
        if (cost >= best)
            continue;
        best = cost;
        list->bits = bits;
        list->windows = windows;
        list->splits = splits;
        list->buckets = buckets;
        list->is_signed = true;
    }
    return best;
}

static const list_limits NO_LIMITS = {SIZE_MAX, UINT64_MAX, SIZE_MAX};

/* The small list's windows for magnitudes of scalar_bits bits; one unsigned window is a candidate
 * too. */
static uint64_t choose_small(msm_list *list, size_t count, unsigned scalar_bits,
                             const list_limits *limits, unsigned threads) {
    uint64_t cost = choose_signed(list, count, scalar_bits, limits, threads);
    unsigned splits = 1;
    const size_t buckets = ((size_t)1 << scalar_bits) - 1;
    if (buckets / 2 > limits->n || buckets > limits->buckets)
        return cost;
    uint64_t single = list_cost(count, 1, buckets, threads, &splits);
    if (single >= cost)
        return cost;
    list->bits = scalar_bits;
    list->windows = 1;
    list->splits = splits;
    list->buckets = buckets;
    list->is_signed = false;
    return single;
}

/* What msm_sort takes when all n scalars are wide, and when all are small: no list takes more
 * memory than the larger of these. */
static void largest_lists(msm_list *wide, msm_list *small, size_t n, unsigned threads) {
    list_limits limits = NO_LIMITS;
    limits.n = n;
    *wide = *small = (msm_list){0};
    choose_signed(wide, n, SCALAR_BITS, &limits, threads);
    choose_small(small, n, SMALL_BITS, &limits, threads);
}

/* Chooses lists and windows from the classes' totals. */
static void plan(msm_sorter *s, const size_t totals[CLASSES], unsigned threads) {
    msm_list *ones = &s->lists[LIST_ONES], *small = &s->lists[LIST_SMALL],
             *wide = &s->lists[LIST_WIDE];
    msm_list all_wide, all_small;
    largest_lists(&all_wide, &all_small, s->n, threads);
    const uint64_t per_scalar = all_wide.windows;
    size_t small_count = 0, wide_count = 0;
    unsigned small_bits = 0;
    for (unsigned class = 2; class < CLASSES; class ++) {
        *(class <= SMALL_BITS ? &small_count : &wide_count) += totals[class];
        if (class <= SMALL_BITS && totals[class] != 0)
            small_bits = class;
    }
    ones->splits = threads;
    ones->buckets = 1;
    ones->windows = 1;
    const list_limits of_wide = {s->n, per_scalar * (s->n - small_count), all_wide.buckets};
    /* 17 bits in windows of two or more: nine windows, less than per_scalar for any n. */
    const list_limits of_small = {s->n, UINT64_MAX, msm_max_buckets(s->n, threads)};
    if (wide_count != 0)
        choose_signed(wide, wide_count, SCALAR_BITS, &of_wide, threads);
    bool merge = false;
    if (small_count != 0) {
        uint64_t apart = choose_small(small, small_count, small_bits, &of_small, threads);
        merge = wide_count != 0 &&
                wide->windows * (uint64_t)(wide_count + small_count) <= per_scalar * s->n &&
                (uint64_t)windows_for(small_bits, wide->bits) * small_count / threads < apart;
    }
    for (unsigned class = 1; class < CLASSES; class ++) {
        unsigned which = class == 1                      ? LIST_ONES
                         : class <= SMALL_BITS && !merge ? LIST_SMALL
                                                         : LIST_WIDE;
        const msm_list *list = &s->lists[which];
        s->list_of[class] = (uint8_t)which;
        if (list->windows != 0)
            s->windows_of[class] =
                (uint8_t)(which == LIST_ONES || !list->is_signed ? 1
                                                                 : windows_for(class, list->bits));
    }
}

/* Lengths of lists and windows, and the memory of their entries. Returns what follows it. */
static void lay_out(msm_sorter *s, const size_t totals[CLASSES], uint32_t *index,
                    uint16_t *digits) {
    for (unsigned class = 1; class < CLASSES; class ++) {
        msm_list *list = &s->lists[s->list_of[class]];
        list->count += totals[class];
        for (unsigned w = 0; w < s->windows_of[class] && totals[class] != 0; w++)
            list->length[w] += totals[class];
    }
    for (unsigned l = 0; l < MSM_LISTS; l++) {
        msm_list *list = &s->lists[l];
        list->index = index;
        list->digits = digits;
        index += list->count;
        list->stride = list->count + STRIDE_PADDING;
        digits += list->bits == 0 ? 0 : list->windows * list->stride;
    }
}

/* Turns each block's counts of classes into its first place in every group: groups of more windows
 * come first, and inside a group blocks stand in order. */
static void assign_places(msm_sorter *s, size_t blocks) {
    uint32_t next[CLASSES] = {0};
    for (unsigned l = 0; l < MSM_LISTS; l++) {
        const msm_list *list = &s->lists[l];
        /* The entries with exactly w windows begin where those with more end. */
        for (unsigned w = 1; list->count != 0 && w <= list->windows; w++)
            *place_of(next, l, w) = w < list->windows ? (uint32_t)list->length[w] : 0;
    }
    for (size_t block = 0; block < blocks; block++) {
        uint32_t first[CLASSES];
        memcpy(first, next, sizeof first);
        for (unsigned class = 1; class < CLASSES; class ++)
            if (s->counts[block][class] != 0)
                *place_of(next, s->list_of[class], s->windows_of[class]) += s->counts[block][class];
        memcpy(s->counts[block], first, sizeof first);
    }
}

static size_t align64(size_t bytes) { return (bytes + 63) / 64 * 64; }

static size_t block_count(size_t n) { return (n + BLOCK - 1) / BLOCK; }

size_t msm_sort_scratch(size_t n, unsigned threads) {
    msm_list wide, small;
    if (threads == 0)
        threads = threads_available();
    largest_lists(&wide, &small, n, threads);
    return align64(n) + align64(block_count(n) * CLASSES * sizeof(uint32_t)) +
           align64(n * sizeof(uint32_t)) +
           align64((n + MSM_LISTS * STRIDE_PADDING) * sizeof(uint16_t) * wide.windows);
}

size_t msm_max_buckets(size_t n, unsigned threads) {
    msm_list wide, small;
    largest_lists(&wide, &small, n, threads);
    return wide.buckets > small.buckets ? wide.buckets : small.buckets;
}

void msm_sort(msm_list lists[MSM_LISTS], const fr *scalars, size_t n, const void *bases,
              size_t point_bytes, unsigned threads, void *scratch) {
    if (threads == 0)
        threads = threads_available();
    size_t blocks = block_count(n), totals[CLASSES] = {0};
    uint8_t *at = scratch;
    msm_sorter s = {.scalars = scalars, .n = n, .bases = bases, .point_bytes = point_bytes};
    memset(lists, 0, MSM_LISTS * sizeof *lists);
    s.lists = lists;
    s.class_of = at;
    at += align64(n);
    s.counts = (uint32_t(*)[CLASSES])(void *)at;
    at += align64(blocks * CLASSES * sizeof(uint32_t));
    uint32_t *index = (uint32_t *)(void *)at;
    at += align64(n * sizeof(uint32_t));
    parallel_for(threads, blocks, 1, classify, &s);
    for (size_t block = 0; block < blocks; block++)
        for (unsigned class = 0; class < CLASSES; class ++)
            totals[class] += s.counts[block][class];
    plan(&s, totals, threads);
    lay_out(&s, totals, index, (uint16_t *)(void *)at);
    assign_places(&s, blocks);
    parallel_for(threads, blocks, 1, distribute, &s);
}
