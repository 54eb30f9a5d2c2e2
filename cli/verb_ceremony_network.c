/* ceremony serve, ceremony join: a ceremony over the network (coordinator/). */
#include <stdio.h>
#include <time.h>

#include "ceremony.h"
#include "coordinator/join.h"
#include "coordinator/serve.h"

enum { MAX_SECONDS = 7 * 86400, MAX_PLACES = 1024, MAX_CONNECTIONS = 900 };

/* ------------------------------------------------------------------ serve */

static void log_line(const char *line) {
    char at[32];
    time_t now = time(NULL);
    struct tm utc;
    strftime(at, sizeof at, "%Y-%m-%d %H:%M:%SZ", gmtime_r(&now, &utc));
    fprintf(stderr, "%s %s\n", at, line);
}

static int run_serve(cli *c, const void *args) {
    serve_options o = *(const serve_options *)args;
    json_t *report = NULL;
    o.circuit = c->words.items[0];
    o.ptau = c->words.items[1];
    o.folder = c->words.items[2];
    o.options = &c->options;
    o.stopped = progress_interrupted;
    o.log = log_line;
    if (coordinator_serve(&c->error, &report, &o) != ZKM_OK)
        return cli_fail(c, NULL);
    if (!c->json)
        printf("stopped after %llu contributions\n  transcript %s\n",
               (unsigned long long)object_count(report, "contributions"),
               object_text(report, "transcript"));
    return cli_done(c, report, EXIT_DONE);
}

static const serve_options SERVE_DEFAULTS = {.host = "127.0.0.1",
                                             .turn_seconds = 3600,
                                             .idle_seconds = 120,
                                             .places = 64,
                                             .connections = 256,
                                             .per_address = 16};
static const option SERVE_OPTIONS[] = {
    {OPTION_COUNT, "port", 'p', "PORT", offsetof(serve_options, port), true, 0, 65535,
     "to listen on; 0: a free one"},
    {OPTION_TEXT, "host", 'H', "HOST", offsetof(serve_options, host), false, 0, 0,
     "address to listen on (127.0.0.1, for a TLS proxy on this machine)"},
    {OPTION_TEXT, "tokens", 't', "FILE", offsetof(serve_options, tokens), false, 0, 0,
     "invitations, one secret a line: nobody else may join"},
    {OPTION_COUNT, "turn", 0, "SECONDS", offsetof(serve_options, turn_seconds), false, 1,
     MAX_SECONDS, "for a whole turn: download, contribution and upload (3600)"},
    {OPTION_COUNT, "idle", 0, "SECONDS", offsetof(serve_options, idle_seconds), false, 1,
     MAX_SECONDS, "without a sign of life end a turn or a place in the queue (120)"},
    {OPTION_COUNT, "places", 0, "N", offsetof(serve_options, places), false, 1, MAX_PLACES,
     "of the queue (64)"},
    {OPTION_COUNT, "connections", 0, "N", offsetof(serve_options, connections), false, 2,
     MAX_CONNECTIONS, "at once (256)"},
    {OPTION_COUNT, "per-address", 0, "N", offsetof(serve_options, per_address), false, 0,
     MAX_CONNECTIONS, "connections of one address (16); 0: no limit, behind a proxy"},
    {.kind = OPTION_END}};

const verb CEREMONY_SERVE = {
    .name = "ceremony serve",
    .arguments = "CIRCUIT PTAU FOLDER",
    .summary = "phase 2: let participants contribute over the network",
    .details =
        "FOLDER is made, and the ceremony begun in it, where it is missing. Every accepted "
        "state stays in it: 0000.zkc, 0001.zkc, ... Stop with Ctrl-C, or in any other way, and "
        "start again: nothing accepted is lost.",
    .options = SERVE_OPTIONS,
    .defaults = &SERVE_DEFAULTS,
    .size = sizeof(serve_options),
    .min_words = 3,
    .max_words = 3,
    .run = run_serve};

/* ------------------------------------------------------------------ join */

static int run_join(cli *c, const void *args) {
    join_options o = *(const join_options *)args;
    json_t *report = NULL;
    o.url = c->words.items[0];
    o.options = &c->options;
    if (ceremony_join(&c->error, &report, &o) != ZKM_OK)
        return cli_fail(c, report);
    progress_end();
    if (!c->json)
        print_contribution(report);
    return cli_done(c, report, EXIT_DONE);
}

static const join_options JOIN_DEFAULTS = {.work = "ceremony-join", .patience = 600};
static const option JOIN_OPTIONS[] = {
    {OPTION_TEXT, "name", 'n', "NAME", offsetof(join_options, name), true, 0, 0,
     "who contributes: public, at most 64 bytes"},
    {OPTION_TEXT, "entropy", 'e', "TEXT", offsetof(join_options, entropy), false, 0, 0,
     "anything unpredictable, mixed with the system's randomness; secret"},
    {OPTION_TEXT, "circuit", 'c', "CIRCUIT", offsetof(join_options, circuit), false, 0, 0,
     "with --ptau: check everything before contributing"},
    {OPTION_TEXT, "ptau", 0, "PTAU", offsetof(join_options, ptau), false, 0, 0,
     "the powers of tau that the ceremony began with"},
    {OPTION_TEXT, "invitation", 'i', "FILE", offsetof(join_options, invitation), false, 0, 0,
     "its first line is the invitation, where one is needed"},
    {OPTION_TEXT, "work", 'w', "FOLDER", offsetof(join_options, work), false, 0, 0,
     "for files; a run that was cut off goes on from there (ceremony-join)"},
    {OPTION_COUNT, "patience", 0, "SECONDS", offsetof(join_options, patience), false, 1,
     MAX_SECONDS, "to go on trying without the network (600)"},
    {.kind = OPTION_END}};

const verb CEREMONY_JOIN = {
    .name = "ceremony join",
    .arguments = "URL",
    .summary = "phase 2: contribute to a ceremony that somebody serves",
    .details =
        "Waits for its turn, contributes, uploads, waits until that is accepted, and prints "
        "the attestation. The secrets are never written to disk. Stopped by Ctrl-C or a broken "
        "network, the same command goes on where it was.",
    .options = JOIN_OPTIONS,
    .defaults = &JOIN_DEFAULTS,
    .size = sizeof(join_options),
    .min_words = 1,
    .max_words = 1,
    .run = run_join};
