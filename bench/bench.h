/*
 * What all benchmark programs share: options, clocks, peak memory and one line of output a row.
 * Options:
 * --log2 N, --threads N, --repeat N, --scalars full|16, --json.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/threads.h"
#include "math/backend.h"

typedef struct {
    unsigned log2, threads, repeat;
    const char *scalars; /* "full" or "16" */
    bool json;
} bench_options;

static inline void bench_usage(const char *program) {
    fprintf(stderr,
            "usage: %s [--log2 N] [--threads N] [--repeat N] [--scalars full|16] [--json]\n"
            "The environment variable ZKM_BACKEND chooses the backend.\n",
            program);
    exit(2);
}

static inline unsigned bench_number(const char *program, const char *text, unsigned long limit) {
    char *end;
    unsigned long v = text == NULL ? 0 : strtoul(text, &end, 10);
    if (text == NULL || *text < '0' || *text > '9' || *end != '\0' || v > limit)
        bench_usage(program);
    return (unsigned)v;
}

/* `log2` is the default size. Exits with status 2 on bad use or when ZKM_BACKEND cannot be met. */
static inline bench_options bench_parse(int argc, char **argv, unsigned log2) {
    bench_options o = {.log2 = log2, .threads = 1, .repeat = 3, .scalars = "full"};
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--json") == 0) {
            o.json = true;
            continue;
        }
        if (strcmp(argv[i], "--log2") == 0)
            o.log2 = bench_number(argv[0], value, 27);
        else if (strcmp(argv[i], "--threads") == 0)
            o.threads = bench_number(argv[0], value, 256);
        else if (strcmp(argv[i], "--repeat") == 0)
            o.repeat = bench_number(argv[0], value, 1000);
        else if (strcmp(argv[i], "--scalars") == 0 && value != NULL &&
                 (strcmp(value, "full") == 0 || strcmp(value, "16") == 0))
            o.scalars = value;
        else
            bench_usage(argv[0]);
        i++;
    }
    if (o.threads == 0)
        o.threads = threads_available();
    if (o.repeat == 0)
        o.repeat = 1;
    zkm_error error;
    if (math_backend_select(&error, NULL) != ZKM_OK) {
        fprintf(stderr, "%s: %s\n", argv[0], error.message);
        exit(2);
    }
    return o;
}

static inline double bench_clock(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* A measurement: wall and processor seconds; the fastest of several by wall time is kept. */
typedef struct {
    double wall, cpu;
    double wall_start, cpu_start;
} bench_timer;

static inline bench_timer bench_timer_new(void) { return (bench_timer){.wall = 1e30}; }

static inline void bench_start(bench_timer *t) {
    t->wall_start = bench_clock(CLOCK_MONOTONIC);
    t->cpu_start = bench_clock(CLOCK_PROCESS_CPUTIME_ID);
}

static inline void bench_stop(bench_timer *t) {
    double cpu = bench_clock(CLOCK_PROCESS_CPUTIME_ID) - t->cpu_start;
    double wall = bench_clock(CLOCK_MONOTONIC) - t->wall_start;
    if (wall < t->wall) {
        t->wall = wall;
        t->cpu = cpu;
    }
}

static inline void *bench_allocate(size_t bytes) {
    void *p = aligned_alloc(64, (bytes + 63) / 64 * 64 + 64);
    if (p == NULL) {
        fprintf(stderr, "out of memory: %zu bytes\n", bytes);
        exit(3);
    }
    return p;
}

/* One row. `per` operations share the time, when it is not 0 their nanoseconds are shown too. */
static inline void bench_row(const bench_options *o, const char *name, const bench_timer *t,
                             uint64_t per) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    uint64_t rss = (uint64_t)usage.ru_maxrss * 1024;
    const char *backend = math_backend_current()->name;
    double ns = per == 0 ? 0 : 1e9 * t->wall / (double)per;
    if (o->json)
        printf("{\"benchmark\": \"%s\", \"log2\": %u, \"threads\": %u, \"scalars\": \"%s\", "
               "\"seconds\": %.9f, \"cpu_seconds\": %.9f, \"ns_per_operation\": %.3f, "
               "\"peak_rss_bytes\": %llu, \"backend\": \"%s\"}\n",
               name, o->log2, o->threads, o->scalars, t->wall, t->cpu, ns, (unsigned long long)rss,
               backend);
    else
        printf("%-24s 2^%-2u  %u thread%s  %10.3f ms wall %10.3f ms cpu %10.2f ns each  %6.1f MiB  "
               "%s\n",
               name, o->log2, o->threads, o->threads == 1 ? " " : "s", 1e3 * t->wall, 1e3 * t->cpu,
               ns, (double)rss / 1048576, backend);
}

/* Deterministic data: splitmix64 of the index. */
static inline uint64_t bench_word(uint64_t i) {
    uint64_t z = (i + 1) * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static inline void bench_fr(fr *out, uint64_t i) {
    uint64_t limbs[4];
    for (uint64_t k = 0; k < 4; k++)
        limbs[k] = bench_word(4 * i + k);
    limbs[3] >>= 3; /* below 2^253 < r */
    if (!fr_from_limbs(out, limbs))
        fr_set_zero(out);
}

#endif
