/* Reports: one JSON object for programs, lines for people; errors; exit statuses. */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "cli.h"

int exit_status_of(zkm_status status) {
    if (status == ZKM_OK)
        return EXIT_DONE;
    if (status < ZKM_ERR_ARGUMENT)
        return EXIT_REJECTED;
    return status < ZKM_ERR_MEMORY ? EXIT_BAD_INPUT : EXIT_SYSTEM;
}

/* Blocks that live as long as the process: a verb is over soon, and its words are needed to the
 * end. */
typedef struct block {
    struct block *next;
    max_align_t data[];
} block;

static block *blocks;

void *cli_alloc(size_t bytes) {
    block *b = calloc(1, sizeof *b + bytes);
    if (!b) {
        fprintf(stderr, "zkmetric: out of memory\n");
        exit(EXIT_SYSTEM);
    }
    b->next = blocks;
    blocks = b;
    return b->data;
}

void cli_free_all(void) {
    while (blocks) {
        block *next = blocks->next;
        free(blocks);
        blocks = next;
    }
}

void list_push(word_list *list, const char *word) {
    if ((list->n & (list->n - 1)) == 0) { /* full: 0, 1, 2, 4, ... */
        const char **items = cli_alloc((list->n ? 2 * list->n : 1) * sizeof *items);
        if (list->n)
            memcpy(items, list->items, list->n * sizeof *items);
        list->items = items;
    }
    list->items[list->n++] = word;
}

const char *path_join(const char *folder, const char *name) {
    size_t len = strlen(folder) + strlen(name) + 2;
    char *path = cli_alloc(len);
    const char *slash = *folder && folder[strlen(folder) - 1] == '/' ? "" : "/";
    snprintf(path, len, "%s%s%s", folder, slash, name);
    return path;
}

uint64_t file_size(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size : 0;
}

/* ------------------------------------------------------------------ JSON */

void object_set(json_t *object, const char *key, json_t *value) {
    if (json_object_set_new(object, key, value) != 0) {
        fprintf(stderr, "zkmetric: out of memory\n");
        exit(EXIT_SYSTEM);
    }
}

void object_hex(json_t *object, const char *key, const uint8_t bytes[32]) {
    char text[67] = "0x";
    for (size_t i = 0; i < 32; i++)
        snprintf(text + 2 + 2 * i, 3, "%02x", bytes[i]);
    object_set(object, key, json_string(text));
}

json_t *report_of(char *text) {
    json_t *object = text ? json_loads(text, 0, NULL) : json_object();
    zkm_string_free(text);
    return json_is_object(object) ? object : json_object();
}

uint64_t object_count(const json_t *object, const char *key) {
    json_int_t v = json_integer_value(json_object_get(object, key));
    return v > 0 ? (uint64_t)v : 0;
}

double object_real(const json_t *object, const char *key) {
    return json_number_value(json_object_get(object, key));
}

const char *object_text(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* ------------------------------------------------------------------ numbers for people */

const char *count_text(number_text *out, uint64_t v) {
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%llu", (unsigned long long)v);
    char *to = out->text;
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = 0;
    return out->text;
}

const char *samples_text(number_text *out, uint64_t v) {
    number_text count;
    snprintf(out->text, sizeof out->text, "%.30s sample%s", count_text(&count, v),
             v == 1 ? "" : "s");
    return out->text;
}

const char *bytes_text(number_text *out, uint64_t v) {
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
    double x = (double)v;
    size_t unit = 0;
    while (x >= 999.5 && unit + 1 < sizeof units / sizeof *units) {
        x /= 1000;
        unit++;
    }
    snprintf(out->text, sizeof out->text, unit && x < 99.95 ? "%.1f %s" : "%.0f %s", x,
             units[unit]);
    return out->text;
}

const char *seconds_text(number_text *out, double v) {
    if (v < 0.1)
        snprintf(out->text, sizeof out->text, "%.2g ms", v * 1000 < 0.1 ? 0.1 : v * 1000);
    else if (v < 100)
        snprintf(out->text, sizeof out->text, v < 10 ? "%.2f s" : "%.0f s", v);
    else
        snprintf(out->text, sizeof out->text, "%.0f min %02.0f s", (double)(long)(v / 60),
                 v - 60 * (double)(long)(v / 60));
    return out->text;
}

/* ------------------------------------------------------------------ ending */

double seconds_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The most memory this process held. VmHWM first: ru_maxrss is inherited from the program that
 * started this one. */
static uint64_t peak_rss(void) {
    char row[256];
    unsigned long long kib = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(row, sizeof row, f))
        if (sscanf(row, "VmHWM: %llu", &kib) == 1)
            break;
    if (f)
        fclose(f);
    struct rusage usage;
    if (kib == 0 && getrusage(RUSAGE_SELF, &usage) == 0 && usage.ru_maxrss > 0)
        kib = (unsigned long long)usage.ru_maxrss;
    return (uint64_t)kib * 1024;
}

static void add_costs(const cli *c, json_t *report) {
    object_set(report, "seconds", json_real(floor(1e6 * (seconds_now() - c->started)) / 1e6));
    object_set(report, "peak_rss_bytes", json_integer((json_int_t)peak_rss()));
}

static void print_object(const json_t *object) {
    char *text = json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    if (text)
        puts(text);
    free(text);
}

/* Output that did not reach its reader is a fault, whatever else went well. */
static int closed(const cli *c, int exit_status) {
    if (fflush(stdout) == 0 && !ferror(stdout))
        return exit_status;
    fprintf(stderr, "zkmetric %s: cannot write to standard output: %s\n", c->verb, strerror(errno));
    return EXIT_SYSTEM;
}

int cli_done(cli *c, json_t *report, int exit_status) {
    progress_end();
    add_costs(c, report);
    if (c->json)
        print_object(report);
    json_decref(report);
    return closed(c, exit_status);
}

static const char STOPPED[] = "stopped on request; nothing was written";

int cli_fail(cli *c, json_t *extra) {
    progress_end();
    if (c->error.status == ZKM_ERR_CANCELLED)
        snprintf(c->error.message, sizeof c->error.message, "%s", STOPPED);
    fprintf(stderr, "zkmetric %s: %s\n", c->verb, c->error.message);
    json_t *report = extra ? extra : json_object();
    object_set(report, "error", json_string(c->error.message));
    object_set(report, "status", json_string(zkm_status_name(c->error.status)));
    add_costs(c, report);
    if (c->json)
        print_object(report);
    json_decref(report);
    return closed(c, exit_status_of(c->error.status));
}

int cli_fail_with(cli *c, json_t *extra, zkm_status status, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(c->error.message, sizeof c->error.message, format, args);
    va_end(args);
    c->error.status = status;
    return cli_fail(c, extra);
}

bool cli_stopped(cli *c) {
    if (!progress_interrupted())
        return false;
    c->error.status = ZKM_ERR_CANCELLED;
    snprintf(c->error.message, sizeof c->error.message, "%s", STOPPED);
    return true;
}
