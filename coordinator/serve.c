#include "coordinator/serve.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coordinator/clock.h"
#include "coordinator/fault.h"
#include "coordinator/http.h"
#include "coordinator/invitations.h"

enum { MAX_REQUEST_SECONDS = 30 };

typedef struct {
    const serve_options *options;
    atomic_bool stop; /* for the other thread */
    zkm_circuit *circuit;
    zkm_progress stop_only; /* of checks: draws nothing, as they run beside the log */
    const zkm_progress *progress;
    coordinator *coordinator;
} server;

/* ------------------------------------------------------------------ what files are judged by */

static bool goes_on(void *context, const char *stage, uint64_t done, uint64_t total) {
    server *s = context;
    (void)stage;
    (void)done;
    (void)total;
    return !atomic_load(&s->stop);
}

static zkm_status inspect(void *context, zkm_error *err, json_t **report, const char *path) {
    char *text = NULL;
    (void)context;
    TRY(zkm_ceremony_inspect(err, &text, path));
    *report = json_loads(text, 0, NULL);
    zkm_string_free(text);
    return *report ? ZKM_OK : fault(err, ZKM_ERR_MEMORY, "%s: out of memory", path);
}

static zkm_status verify(void *context, zkm_error *err, const char *path) {
    const server *s = context;
    const zkm_options options = {.threads = s->options->options->threads, .progress = s->progress};
    return zkm_ceremony_verify(err, NULL, s->circuit, s->options->ptau, path, NULL, &options);
}

/* ------------------------------------------------------------------ running */

static void log_line(void *context, const char *line) {
    const server *s = context;
    s->options->log(line);
}

static void *check_uploads(void *context) {
    server *s = context;
    while (!atomic_load(&s->stop))
        if (!coordinator_check(s->coordinator, clock_now))
            clock_sleep(0.02);
    return NULL;
}

static zkm_status watch(zkm_error *err, server *s, http_server *http) {
    pthread_t checker;
    if (pthread_create(&checker, NULL, check_uploads, s) != 0)
        return fault(err, ZKM_ERR_MEMORY, "the coordinator: no thread can be started");
    while (!s->options->stopped()) {
        coordinator_tick(s->coordinator, clock_now());
        http_sweep(http);
        clock_sleep(0.05);
    }
    atomic_store(&s->stop, true);
    pthread_join(checker, NULL);
    return ZKM_OK;
}

static zkm_status listen_and_watch(zkm_error *err, server *s) {
    const serve_options *o = s->options;
    char line[512];
    http_server *http = NULL;
    const http_options options = {.host = o->host,
                                  .port = o->port,
                                  .connections = o->connections,
                                  .per_address = o->per_address,
                                  .request_seconds = o->idle_seconds < MAX_REQUEST_SECONDS
                                                         ? o->idle_seconds
                                                         : MAX_REQUEST_SECONDS,
                                  .file_seconds = o->turn_seconds};
    TRY(http_start(err, &http, s->coordinator, clock_now, &options));
    snprintf(line, sizeof line, "listening on http://%.200s:%u/", o->host, http_port(http));
    o->log(line);
    zkm_status status = watch(err, s, http);
    http_stop(http);
    return status;
}

/* The ceremony's first file, where there is none yet. */
static zkm_status begin(zkm_error *err, const server *s, const folder *dir) {
    bool found;
    uint32_t number;
    TRY(folder_last(err, &found, &number, dir));
    if (found)
        return ZKM_OK;
    folder_path path = folder_link(dir, 0);
    return zkm_ceremony_init(err, NULL, s->circuit, s->options->ptau, path.text,
                             s->options->options);
}

static zkm_status serve_folder(zkm_error *err, json_t **report, server *s, const folder *dir,
                               const invitations *list) {
    const serve_options *o = s->options;
    const ceremony_checks checks = {inspect, verify, s};
    const coordinator_options options = {.queue = {o->places, o->turn_seconds, o->idle_seconds},
                                         .invitations = list->words,
                                         .num_invitations = list->count,
                                         .log = log_line,
                                         .log_context = s};
    TRY(begin(err, s, dir));
    s->progress = o->options->progress;
    TRY(coordinator_open(err, &s->coordinator, dir, &checks, &options, clock_now()));
    s->progress = &s->stop_only;
    zkm_status status = listen_and_watch(err, s);
    if (status == ZKM_OK)
        *report = coordinator_status(s->coordinator, clock_now());
    coordinator_free(s->coordinator);
    return status;
}

zkm_status coordinator_serve(zkm_error *err, json_t **report, const serve_options *options) {
    server s = {.options = options};
    s.stop_only = (zkm_progress){.report = goes_on, .context = &s};
    folder dir = {0};
    invitations list = {0};
    signal(SIGPIPE, SIG_IGN); /* whoever hangs up ends its own connection */
    signal(SIGXFSZ, SIG_IGN); /* a limit on files is an error of writing, like a full disk */
    zkm_status status = ZKM_OK;
    if (options->tokens)
        status = invitations_read(err, &list, options->tokens);
    if (status == ZKM_OK)
        status = zkm_circuit_read(err, &s.circuit, options->circuit);
    if (status == ZKM_OK)
        status = folder_open(err, &dir, options->folder);
    if (status == ZKM_OK)
        status = serve_folder(err, report, &s, &dir, &list);
    folder_close(&dir);
    zkm_circuit_free(s.circuit);
    invitations_clear(&list);
    return status;
}
