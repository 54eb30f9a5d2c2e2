/* Fork-join over an index range: an atomic cursor hands out chunks. */
#include "base/threads.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum { MAX_THREADS = 256 };

typedef struct {
    atomic_size_t next;
    size_t count, grain;
    parallel_body body;
    void *context;
} parallel_job;

typedef struct {
    parallel_job *job;
    unsigned worker;
} parallel_worker;

unsigned threads_available(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int n = CPU_COUNT(&set);
    return n < 1 ? 1 : n > MAX_THREADS ? MAX_THREADS : (unsigned)n;
}

static void *work(void *argument) {
    parallel_worker *self = argument;
    parallel_job *job = self->job;
    for (;;) {
        size_t begin = atomic_fetch_add(&job->next, job->grain);
        if (begin >= job->count)
            return NULL;
        size_t end = job->count - begin < job->grain ? job->count : begin + job->grain;
        job->body(job->context, begin, end, self->worker);
    }
}

void parallel_for(unsigned threads, size_t count, size_t grain, parallel_body body, void *context) {
    if (count == 0)
        return;
    if (threads == 0)
        threads = threads_available();
    if (threads > MAX_THREADS)
        threads = MAX_THREADS;
    if (grain == 0)
        grain = count / (4 * (size_t)threads) + 1;
    size_t chunks = (count - 1) / grain + 1;
    if (threads > chunks)
        threads = (unsigned)chunks;
    parallel_job job = {.count = count, .grain = grain, .body = body, .context = context};
    pthread_t handles[MAX_THREADS];
    parallel_worker workers[MAX_THREADS];
    unsigned started = 1;
    workers[0] = (parallel_worker){&job, 0};
    for (; started < threads; started++) {
        workers[started] = (parallel_worker){&job, started};
        if (pthread_create(&handles[started], NULL, work, &workers[started]) != 0)
            break;
    }
    work(&workers[0]);
    for (unsigned i = 1; i < started; i++)
        pthread_join(handles[i], NULL);
}
