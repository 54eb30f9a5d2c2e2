/*
 * Ceremonies without cryptography: a file is the report that zkm_ceremony_inspect would give of
 * it, filled up to its length with blanks, and it is verified when it says "good".
 */
#ifndef TESTS_COORDINATOR_FAKE_H
#define TESTS_COORDINATOR_FAKE_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coordinator/coordinator.h"
#include "coordinator/fault.h"

enum { FAKE_STEP = 4096 /* bytes that each contribution adds */ };

static double fake_time;
static zkm_status fake_verify_status; /* what verify says instead, unless ZKM_OK */
static double fake_now(void) { return fake_time; }

static zkm_status fake_inspect(void *context, zkm_error *err, json_t **report, const char *path) {
    json_error_t where;
    (void)context;
    json_t *o = json_load_file(path, 0, &where);
    if (!json_is_object(o)) {
        json_decref(o);
        return fault(err, ZKM_ERR_FORMAT, "%s: garbage", path);
    }
    *report = o;
    return ZKM_OK;
}

static zkm_status fake_verify(void *context, zkm_error *err, const char *path) {
    json_t *o = NULL;
    if (fake_verify_status != ZKM_OK)
        return fault(err, fake_verify_status, "%s: as told", path);
    zkm_status status = fake_inspect(context, err, &o, path);
    if (status != ZKM_OK)
        return status;
    bool good = json_is_true(json_object_get(o, "good"));
    json_decref(o);
    return good ? ZKM_OK : fault(err, ZKM_REJECTED, "%s: points are wrong", path);
}

static const ceremony_checks FAKE_CHECKS = {fake_inspect, fake_verify, NULL};

/* What a file without contributions says. */
static json_t *fake_begin(void) {
    return json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:b, s:[]}", "circuit_digest", "0xc",
                     "ptau_blake2b", "b", "initial", "0x00", "transcript", "0x00", "contributions",
                     0, "bytes", FAKE_STEP, "next_bytes", 2 * FAKE_STEP, "good", 1, "list");
}

/* One contribution more; the hash tells it from all others by name and number. */
static void fake_contribute(json_t *o, const char *kind, const char *name) {
    char hash[128];
    int n = (int)json_integer_value(json_object_get(o, "contributions")) + 1;
    snprintf(hash, sizeof hash, "0x%d-%s", n, name);
    json_array_append_new(
        json_object_get(o, "list"),
        json_pack("{s:i, s:s, s:s, s:s}", "number", n, "kind", kind, "name", name, "hash", hash));
    json_object_set_new(o, "contributions", json_integer(n));
    json_object_set_new(o, "transcript", json_string(hash));
    json_object_set_new(o, "bytes", json_integer((n + 1) * FAKE_STEP));
    json_object_set_new(o, "next_bytes", json_integer((n + 2) * FAKE_STEP));
}

/* The file's text, to be freed. */
static char *fake_text(const json_t *o) {
    size_t bytes = (size_t)json_integer_value(json_object_get(o, "bytes"));
    char *text = json_dumps(o, JSON_COMPACT), *out = malloc(bytes + 1);
    snprintf(out, bytes + 1, "%-*s", (int)bytes, text);
    free(text);
    return out;
}

static void fake_write(const char *path, const json_t *o) {
    char *text = fake_text(o);
    FILE *f = fopen(path, "w");
    if (!f || fputs(text, f) == EOF || fclose(f) != 0)
        abort();
    free(text);
}

/* The text of an honest contribution to the last file of a folder. */
static char *fake_next(const folder *dir, const char *name) {
    zkm_error err;
    bool found;
    uint32_t number;
    json_t *o = NULL;
    if (folder_last(&err, &found, &number, dir) != ZKM_OK || !found ||
        fake_inspect(NULL, &err, &o, folder_link(dir, number).text) != ZKM_OK)
        abort();
    fake_contribute(o, "participant", name);
    char *text = fake_text(o);
    json_decref(o);
    return text;
}

/* A new folder with a ceremony's first file; in memory where there is such a place, as every step
 * is synced. */
static char *fake_folder(void) {
    char path[64], file[96];
    snprintf(path, sizeof path, "%s/zkm_coordinator_XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(path))
        abort();
    snprintf(file, sizeof file, "%s/0000.zkc", path);
    json_t *o = fake_begin();
    fake_write(file, o);
    json_decref(o);
    return strdup(path);
}

/* Removes a folder that fake_folder made, and its name. */
static void fake_remove(char *path) {
    char file[512];
    DIR *dir = opendir(path);
    for (const struct dirent *e; dir && (e = readdir(dir));) {
        snprintf(file, sizeof file, "%s/%s", path, e->d_name);
        unlink(file);
    }
    if (dir)
        closedir(dir);
    rmdir(path);
    free(path);
}

/* Tickets are words of one repeated digit here. */
typedef struct {
    char text[TICKET_DIGITS + 1];
} fake_ticket;
static fake_ticket ticket_of(char digit) {
    fake_ticket t = {{0}};
    memset(t.text, digit, TICKET_DIGITS);
    return t;
}

#endif
