/*
 * main() for the fuzz targets where no fuzzing engine is linked:
 *   fuzz_NAME PATH...                              runs every file (of folders too) through the
 * target fuzz_NAME --mutate SECONDS [--seed N] PATH...  then mutates those files at random for a
 * while The input under test lies in fuzz_NAME.last in the current folder, which is removed at the
 * end: after a crash it holds the culprit. An input that takes longer than a minute ends the run by
 * SIGALRM.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

enum { LARGEST_INPUT = 1 << 20, SECONDS_AN_INPUT = 60, MAX_STEPS = 8, MAX_PIECE = 64 };

typedef struct {
    uint8_t *data;
    size_t len;
} input;

typedef struct {
    input *inputs;
    size_t count, room;
} corpus;

static uint64_t random_state = 0x9e3779b97f4a7c15u;

/* xorshift64* (Vigna 2016). */
static uint64_t next_random(void) {
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * 0x2545f4914f6cdd1du;
}

static size_t below(size_t n) { return n == 0 ? 0 : (size_t)(next_random() % n); }

static int fail(const char *path, const char *what) {
    fprintf(stderr, "%s: %s\n", path, what);
    return 2;
}

static int add_file(corpus *c, const char *path) {
    FILE *f = fopen(path, "rb");
    if (!f)
        return fail(path, strerror(errno));
    uint8_t *data = malloc(LARGEST_INPUT);
    size_t len = data ? fread(data, 1, LARGEST_INPUT, f) : 0;
    int bad = !data || ferror(f) || fgetc(f) != EOF;
    fclose(f);
    if (c->count == c->room) {
        c->room = c->room ? 2 * c->room : 64;
        c->inputs = realloc(c->inputs, c->room * sizeof *c->inputs);
    }
    if (bad || !c->inputs) {
        free(data);
        return fail(path, "cannot be read, or is larger than 1 MiB");
    }
    c->inputs[c->count++] = (input){data, len};
    return 0;
}

static int add_path(corpus *c, const char *path) {
    struct stat st;
    if (stat(path, &st) != 0)
        return fail(path, strerror(errno));
    if (!S_ISDIR(st.st_mode))
        return add_file(c, path);
    struct dirent **entries = NULL;
    int n = scandir(path, &entries, NULL, alphasort);
    int bad = n < 0 ? fail(path, strerror(errno)) : 0;
    for (int i = 0; i < n; i++) {
        char inner[4096];
        if (entries[i]->d_name[0] != '.' && bad == 0) {
            snprintf(inner, sizeof inner, "%s/%s", path, entries[i]->d_name);
            bad = add_path(c, inner);
        }
        free(entries[i]);
    }
    free(entries);
    return bad;
}

/* The record of the input under test: a shared mapping survives a crash. */
static uint8_t *open_record(const char *name) {
    int fd = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || ftruncate(fd, LARGEST_INPUT) != 0)
        return NULL;
    void *map = mmap(NULL, LARGEST_INPUT, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    return map == MAP_FAILED ? NULL : map;
}

/* Runs a copy of exactly len bytes, so that AddressSanitizer sees a read past the end. */
static void run(const uint8_t *data, size_t len, const char *record_name, uint8_t *record) {
    uint8_t *copy = malloc(len ? len : 1);
    if (!copy)
        return;
    memcpy(copy, data, len);
    if (record) {
        if (truncate(record_name, LARGEST_INPUT) == 0)
            memcpy(record, data, len);
        if (truncate(record_name, (off_t)len) != 0)
            perror(record_name);
    }
    alarm(SECONDS_AN_INPUT);
    LLVMFuzzerTestOneInput(copy, len);
    alarm(0);
    free(copy);
}

static size_t insert(uint8_t *data, size_t len, size_t at, const uint8_t *piece, size_t n) {
    uint8_t copy[MAX_PIECE];
    if (n > LARGEST_INPUT - len)
        return len;
    memcpy(copy, piece, n); /* piece may lie in data */
    memmove(data + at + n, data + at, len - at);
    memcpy(data + at, copy, n);
    return len + n;
}

/* One random edit; returns the new length. */
static size_t mutate(uint8_t *data, size_t len, const corpus *c) {
    static const uint8_t edges[] = {0,   1,   0x7f, 0x80, 0xff, '0', '9',
                                    '-', '"', ',',  '\n', '{',  '['};
    const input *other = &c->inputs[below(c->count)];
    size_t at = below(len), n = 1 + below(MAX_PIECE - 1);
    uint8_t random_byte = (uint8_t)next_random();
    switch (below(8)) {
    case 0:
        if (len)
            data[at] ^= (uint8_t)(1u << below(8));
        return len;
    case 1:
        if (len)
            data[at] = random_byte;
        return len;
    case 2:
        if (len)
            data[at] = edges[below(sizeof edges)];
        return len;
    case 3:
        return insert(data, len, at, &random_byte, 1);
    case 4:
        n = n < len - at ? n : len - at;
        memmove(data + at, data + at + n, len - at - n);
        return len - n;
    case 5:
        return insert(data, len, below(len), data + at, n < len - at ? n : len - at);
    case 6: {
        size_t from = below(other->len);
        size_t left = other->len - from;
        return insert(data, len, at, other->data + from, n < left ? n : left);
    }
    default:
        return below(8) == 0 ? at : len; /* cut */
    }
}

static uint64_t mutate_for(const corpus *c, double seconds, const char *record_name,
                           uint8_t *record) {
    uint64_t runs = 0;
    struct timespec begin, now;
    uint8_t *data = malloc(LARGEST_INPUT);
    clock_gettime(CLOCK_MONOTONIC, &begin);
    do {
        const input *from = &c->inputs[below(c->count)];
        size_t len = from->len;
        memcpy(data, from->data, len);
        for (size_t steps = 1 + below(MAX_STEPS); steps > 0; steps--)
            len = mutate(data, len, c);
        run(data, len, record_name, record);
        runs++;
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while ((double)(now.tv_sec - begin.tv_sec) + 1e-9 * (double)(now.tv_nsec - begin.tv_nsec) <
             seconds);
    free(data);
    return runs;
}

int main(int argc, char **argv) {
    corpus c = {0};
    double seconds = 0;
    int bad = 0;
    for (int i = 1; i < argc && bad == 0; i++) {
        if (strcmp(argv[i], "--mutate") == 0 && i + 1 < argc)
            seconds = atof(argv[++i]);
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            random_state ^= strtoull(argv[++i], NULL, 10) * 0xbf58476d1ce4e5b9u;
        else
            bad = add_path(&c, argv[i]);
    }
    if (bad == 0 && c.count == 0)
        bad = fail(argv[0], "no inputs; give the corpus folder");
    if (bad == 0) {
        const char *slash = strrchr(argv[0], '/');
        char name[256];
        snprintf(name, sizeof name, "%s.last", slash ? slash + 1 : argv[0]);
        uint8_t *record = seconds > 0 ? open_record(name) : NULL;
        uint64_t runs = 0;
        for (size_t i = 0; i < c.count; i++)
            run(c.inputs[i].data, c.inputs[i].len, name, record);
        if (seconds > 0)
            runs = mutate_for(&c, seconds, name, record);
        if (record) {
            munmap(record, LARGEST_INPUT);
            unlink(name);
        }
        printf("%zu inputs replayed, %llu mutants run\n", c.count, (unsigned long long)runs);
    }
    for (size_t i = 0; i < c.count; i++)
        free(c.inputs[i].data);
    free(c.inputs);
    return bad;
}
