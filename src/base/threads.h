/* Fork-join parallelism over an index range. */
#ifndef BASE_THREADS_H
#define BASE_THREADS_H

#include <stddef.h>

/* The number of processors this process may run on, at least 1. */
unsigned threads_available(void);

/* Work on items [begin, end); worker is in [0, threads). */
typedef void (*parallel_body)(void *context, size_t begin, size_t end, unsigned worker);

/*
 * Runs body over [0, count) on up to `threads` threads (0: threads_available()), in chunks of at most
 * `grain` items (0: count / (4 * threads), at least 1) handed out in order as workers become free. The
 * calling thread is worker 0. Returns when all items are done. When threads cannot be created the
 * caller's thread does the rest: the result never depends on the number of threads.
 */
void parallel_for(unsigned threads, size_t count, size_t grain, parallel_body body, void *context);

#endif
