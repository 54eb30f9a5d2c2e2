/* Seconds of a clock that only goes forward, and waiting on it. */
#ifndef COORDINATOR_CLOCK_H
#define COORDINATOR_CLOCK_H

#include <time.h>

static inline double clock_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Shorter where a signal comes. */
static inline void clock_sleep(double seconds) {
    struct timespec t = {.tv_sec = (time_t)seconds};
    t.tv_nsec = (long)(1e9 * (seconds - (double)t.tv_sec));
    nanosleep(&t, NULL);
}

#endif
