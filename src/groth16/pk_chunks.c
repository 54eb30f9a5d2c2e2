/*
 * The chunks of an opened proving key, hashed when they are first needed. A group of chunks is
 * hashed as a whole, so that vectors are full, and once in the key's life: several proofs may run
 * on one key, and who comes second waits for the first.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/threads.h"
#include "groth16/pk_internal.h"
#include "math/keccak_chunks.h"

enum {
    GROUP = 4,          /* chunks that are checked together */
    CHUNKS_AT_ONCE = 8, /* hashed side by side where so many neighbours wait */
};

struct pk_chunks {
    const uint8_t *data; /* behind the header */
    uint64_t bytes;
    const uint8_t *digests;
    pk_extent sections[PK_SECTIONS];
    pthread_mutex_t lock; /* over what follows */
    bool damaged;
    bool good[]; /* per group */
};

static size_t group_count(uint64_t bytes) {
    return (size_t)((pk_chunks_of(bytes) + GROUP - 1) / GROUP);
}

zkm_status pk_chunks_new(zkm_error *err, pk_chunks **out, const uint8_t *file,
                         const pk_extent sections[PK_SECTIONS]) {
    uint64_t end = sections[PK_DIGESTS].offset;
    size_t size = sizeof(pk_chunks) + group_count(end - PK_PAGE) * sizeof(bool);
    pk_chunks *c = calloc(1, size);
    if (!c || pthread_mutex_init(&c->lock, NULL) != 0) {
        free(c);
        return error_memory(err, "proving key", size);
    }
    c->data = file + PK_PAGE;
    c->bytes = end - PK_PAGE;
    c->digests = file + end;
    memcpy(c->sections, sections, sizeof c->sections);
    *out = c;
    return ZKM_OK;
}

void pk_chunks_free(pk_chunks *c) {
    if (!c)
        return;
    pthread_mutex_destroy(&c->lock);
    free(c);
}

/* Chunks [begin, end), which all but the file's last have PK_CHUNK bytes. */
static bool chunks_match(const pk_chunks *c, size_t begin, size_t end) {
    uint8_t digests[CHUNKS_AT_ONCE][PK_DIGEST_BYTES];
    size_t n = 0;
    for (size_t i = begin; i < end; i += n) {
        uint64_t at = (uint64_t)i * PK_CHUNK, whole = (c->bytes - at) / PK_CHUNK;
        n = end - i < CHUNKS_AT_ONCE ? end - i : CHUNKS_AT_ONCE;
        if (n > whole)
            n = whole ? (size_t)whole : 1;
        size_t length = whole ? PK_CHUNK : (size_t)(c->bytes - at);
        keccak256_chunks(digests, c->data + at, length, n);
        if (memcmp(digests, c->digests + i * PK_DIGEST_BYTES, n * PK_DIGEST_BYTES) != 0)
            return false;
    }
    return true;
}

typedef struct {
    pk_chunks *chunks;
    size_t first; /* group */
    atomic_bool bad;
} check_job;

/* Each group is one worker's, so that no two write one flag. */
static void check_groups(void *context, size_t begin, size_t end, unsigned worker) {
    check_job *job = context;
    pk_chunks *c = job->chunks;
    size_t g = job->first + begin, all = (size_t)pk_chunks_of(c->bytes);
    (void)worker;
    for (size_t next; g < job->first + end && !atomic_load(&job->bad); g = next) {
        next = g + 1;
        if (c->good[g])
            continue;
        while (next < job->first + end && !c->good[next])
            next++;
        if (!chunks_match(c, g * GROUP, next * GROUP < all ? next * GROUP : all))
            atomic_store(&job->bad, true);
        else
            memset(&c->good[g], true, next - g);
    }
}

static zkm_status check_bytes(zkm_error *err, pk_chunks *c, uint64_t begin, uint64_t end,
                              unsigned threads) {
    const uint64_t group = (uint64_t)GROUP * PK_CHUNK;
    check_job job = {.chunks = c, .first = (size_t)(begin / group)};
    size_t last = begin == end ? job.first : (size_t)((end - 1) / group) + 1;
    atomic_init(&job.bad, false);
    pthread_mutex_lock(&c->lock);
    if (!c->damaged)
        parallel_for(threads, last - job.first, 0, check_groups, &job);
    c->damaged |= atomic_load(&job.bad);
    bool damaged = c->damaged;
    pthread_mutex_unlock(&c->lock);
    return damaged ? pk_damaged(err, "its bytes do not match their hashes") : ZKM_OK;
}

void groth16_pk_check_ahead(const groth16_pk *pk, atomic_bool *stop) {
    pk_chunks *c = pk->chunks;
    const size_t groups = group_count(c->bytes);
    for (size_t g = 0; g < groups && !atomic_load(stop); g++) {
        check_job job = {.chunks = c, .first = g};
        atomic_init(&job.bad, false);
        pthread_mutex_lock(&c->lock);
        if (!c->damaged)
            check_groups(&job, 0, 1, 0);
        c->damaged |= atomic_load(&job.bad);
        pthread_mutex_unlock(&c->lock);
    }
}

zkm_status pk_check_section(zkm_error *err, const groth16_pk *pk, pk_section section,
                            unsigned threads) {
    const pk_extent *e = &pk->chunks->sections[section];
    uint64_t begin = e->offset - PK_PAGE;
    return check_bytes(err, pk->chunks, begin, begin + e->bytes, threads);
}

zkm_status pk_check_all(zkm_error *err, const groth16_pk *pk, unsigned threads) {
    return check_bytes(err, pk->chunks, 0, pk->chunks->bytes, threads);
}
