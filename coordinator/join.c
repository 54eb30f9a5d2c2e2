#include "coordinator/join.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coordinator/client.h"
#include "coordinator/clock.h"
#include "coordinator/extension.h"
#include "coordinator/fault.h"
#include "coordinator/folder.h"
#include "coordinator/invitations.h"
#include "coordinator/queue.h"

enum {
    PIECE = 1 << 20, /* bytes of a request: each is a sign of life, and all that a break can cost */
    MAX_REJOINS = 5
};
static const char STATE[] = "join.json";
static const char MINE[] = "mine.zkc";
static const char DOWNLOAD[] = "download.part";

typedef struct {
    const join_options *options;
    folder dir;
    client *http;
    char ticket[TICKET_DIGITS + 1];
    char invitation[INVITATION_MAX + 1];
    zkm_circuit *circuit;
    uint8_t *piece;
    unsigned rejoins;
    double last_beat;
    uint32_t idle_seconds;
    bool fresh; /* mine.zkc has not been uploaded from its beginning yet */
} joiner;

/* ------------------------------------------------------------------ the work folder */

static zkm_status save_state(zkm_error *err, const joiner *j) {
    json_t *o = json_pack("{s:s, s:s, s:s}", "url", j->options->url, "name", j->options->name,
                          "ticket", j->ticket);
    if (!o)
        return fault(err, ZKM_ERR_ARGUMENT, "--name and the address must be UTF-8");
    zkm_status status = folder_write_json(err, &j->dir, STATE, o);
    json_decref(o);
    return status;
}

/* The ticket is drawn and saved before anybody hears of it: no run forgets a place it has taken. */
static zkm_status new_ticket(zkm_error *err, joiner *j) {
    TRY(ticket_draw(err, j->ticket));
    client_set_ticket(j->http, j->ticket);
    return save_state(err, j);
}

static zkm_status load_state(zkm_error *err, joiner *j) {
    json_t *o;
    zkm_status status = ZKM_OK;
    TRY(folder_read_json(err, &o, &j->dir, STATE));
    if (!o)
        return new_ticket(err, j);
    if (strcmp(report_word(o, "url"), j->options->url) != 0 ||
        strcmp(report_word(o, "name"), j->options->name) != 0)
        status =
            fault(err, ZKM_ERR_ARGUMENT,
                  "%s: in use for \"%.64s\" at %.200s; go on with that, or take another --work",
                  j->dir.path, report_word(o, "name"), report_word(o, "url"));
    else if (!ticket_is_good(report_word(o, "ticket")))
        status = fault(err, ZKM_ERR_FORMAT, "%s/%s: damaged; remove it", j->dir.path, STATE);
    else
        strcpy(j->ticket, report_word(o, "ticket"));
    json_decref(o);
    client_set_ticket(j->http, j->ticket);
    return status;
}

static zkm_status inspect(zkm_error *err, json_t **report, const char *path) {
    char *text = NULL;
    TRY(zkm_ceremony_inspect(err, &text, path));
    *report = json_loads(text, 0, NULL);
    zkm_string_free(text);
    return *report ? ZKM_OK : fault(err, ZKM_ERR_MEMORY, "%s: out of memory", path);
}

/* The report on mine.zkc; NULL where there is no good one. */
static json_t *inspect_mine(const joiner *j) {
    zkm_error ignored;
    json_t *report = NULL;
    folder_path path = folder_at(&j->dir, MINE);
    return inspect(&ignored, &report, path.text) == ZKM_OK ? report : NULL;
}

/* ------------------------------------------------------------------ signs of life */

/* During long calls of the library, whose progress this is. */
static bool beat(void *context, const char *stage, uint64_t done, uint64_t total) {
    joiner *j = context;
    const zkm_progress *outer = j->options->options->progress;
    double now = clock_now();
    if (now - j->last_beat > j->idle_seconds / 8.0) {
        client_beat(j->http);
        j->last_beat = clock_now();
    }
    return !outer || !outer->report || outer->report(outer->context, stage, done, total);
}

/* ------------------------------------------------------------------ a turn */

static zkm_status download(zkm_error *err, joiner *j, const json_t *turn, const char *name) {
    char path[64];
    uint64_t total = report_number(turn, "bytes"), at = folder_size(&j->dir, DOWNLOAD);
    if (at > total)
        at = 0;
    TRY(folder_has_room(err, &j->dir, total - at + report_number(turn, "upload_bytes")));
    int fd = openat(j->dir.fd, DOWNLOAD, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0 || ftruncate(fd, (off_t)at) != 0) {
        if (fd >= 0)
            close(fd);
        return fault_system(err, j->dir.path);
    }
    snprintf(path, sizeof path, "/files/%s", name);
    zkm_status status = ZKM_OK;
    while (status == ZKM_OK && at < total) {
        uint64_t n = total - at < PIECE ? total - at : PIECE;
        status = client_get_piece(err, j->http, path, at, n, total, j->piece);
        if (status == ZKM_OK && pwrite(fd, j->piece, (size_t)n, (off_t)at) != (ssize_t)n)
            status = fault_system(err, j->dir.path);
        at += n;
    }
    close(fd);
    return status == ZKM_OK ? folder_move(err, &j->dir, DOWNLOAD, name) : status;
}

/* The downloaded file is what the coordinator announced, and whole where that can be said. */
static zkm_status check_base(zkm_error *err, joiner *j, const json_t *turn, const char *path) {
    const join_options *o = j->options;
    const zkm_progress progress = {beat, j};
    const zkm_options options = {.threads = o->options->threads, .progress = &progress};
    json_t *report = NULL;
    TRY(inspect(err, &report, path));
    bool announced =
        report_number(report, "contributions") == report_number(turn, "number") &&
        strcmp(report_word(report, "transcript"), report_word(turn, "transcript")) == 0;
    json_decref(report);
    if (!announced)
        return fault(err, ZKM_REJECTED,
                     "%s: not what the coordinator announced; run the same command again", path);
    if (!j->circuit)
        return ZKM_OK;
    return zkm_ceremony_verify(err, NULL, j->circuit, o->ptau, path, NULL, &options);
}

static zkm_status contribute(zkm_error *err, joiner *j, const char *base) {
    const join_options *o = j->options;
    const zkm_progress progress = {beat, j};
    const zkm_options options = {.threads = o->options->threads, .progress = &progress};
    const zkm_contribution what = {.name = o->name,
                                   .entropy = (const uint8_t *)o->entropy,
                                   .entropy_bytes = o->entropy ? strlen(o->entropy) : 0};
    folder_path mine = folder_at(&j->dir, MINE);
    j->fresh = true;
    return zkm_ceremony_contribute(err, NULL, base, mine.text, &what, &options);
}

/* mine.zkc is of this turn: a contribution of ours to the file that the coordinator has now. */
static bool mine_is_current(const joiner *j, const json_t *turn) {
    json_t *mine = inspect_mine(j);
    uint64_t number = report_number(turn, "number");
    bool current =
        mine && report_number(mine, "contributions") == number + 1 &&
        strcmp(report_transcript(mine, number), report_word(turn, "transcript")) == 0 &&
        strcmp(report_word(report_contribution(mine, number), "name"), j->options->name) == 0;
    json_decref(mine);
    return current;
}

/* The file to contribute to: downloaded unless it is there, and refused files removed. */
static zkm_status make_mine(zkm_error *err, joiner *j, const json_t *turn) {
    zkm_error ignored;
    folder_path base = folder_link(&j->dir, (uint32_t)report_number(turn, "number"));
    const char *name = strrchr(base.text, '/') + 1;
    if (folder_size(&j->dir, name) != report_number(turn, "bytes"))
        TRY(download(err, j, turn, name));
    zkm_status status = check_base(err, j, turn, base.text);
    if (status != ZKM_OK) {
        if (status < ZKM_ERR_MEMORY)
            (void)!folder_remove(&ignored, &j->dir, name);
        return status;
    }
    return contribute(err, j, base.text);
}

/* Sends mine.zkc from where the coordinator has it, as far as it gets. */
static zkm_status send_mine(zkm_error *err, joiner *j, const json_t *turn) {
    uint64_t total = report_number(turn, "upload_bytes");
    uint64_t at = j->fresh ? 0 : report_number(turn, "received");
    long code = 200;
    if (folder_size(&j->dir, MINE) != total)
        return fault(err, ZKM_REJECTED,
                     "the coordinator expects a file of %llu bytes, ours has %llu",
                     (unsigned long long)total, (unsigned long long)folder_size(&j->dir, MINE));
    int fd = openat(j->dir.fd, MINE, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fault_system(err, j->dir.path);
    zkm_status status = ZKM_OK;
    while (status == ZKM_OK && code == 200 && at < total) {
        json_t *object = NULL;
        ssize_t n = pread(fd, j->piece, PIECE, (off_t)at);
        if (n <= 0) {
            status = fault_system(err, j->dir.path);
            break;
        }
        status = client_put_piece(err, j->http, at, total, j->piece, (size_t)n, &code, &object);
        json_decref(object);
        j->fresh = false;
        at += (uint64_t)n;
    }
    close(fd);
    if (status == ZKM_OK && code != 200) /* the next look at the turn says how things stand */
        status = client_wait(err, j->http, "uploading", 1);
    return status;
}

static zkm_status take_turn(zkm_error *err, joiner *j, const json_t *turn) {
    if (!mine_is_current(j, turn)) {
        TRY(folder_remove(err, &j->dir, MINE));
        return make_mine(err, j, turn); /* then once more, with how the turn stands */
    }
    return send_mine(err, j, turn);
}

/* ------------------------------------------------------------------ waiting */

static zkm_status wait_for(zkm_error *err, joiner *j, const json_t *turn) {
    char stage[48] = "being checked";
    uint64_t position = report_number(turn, "position");
    if (strcmp(report_word(turn, "state"), "waiting") == 0)
        snprintf(stage, sizeof stage, "waiting, %llu before us", (unsigned long long)position);
    double pause = position > 1 ? 2 : 0.25;
    double most = j->idle_seconds / 4.0;
    return client_wait(err, j->http, stage, pause < most ? pause : most);
}

static zkm_status join_queue(zkm_error *err, joiner *j, json_t **turn) {
    long code;
    json_t *body = json_pack("{s:s, s:s, s:s}", "name", j->options->name, "ticket", j->ticket,
                             "invitation", j->invitation);
    zkm_status status = client_json(err, j->http, "POST", "/queue", body, &code, turn);
    json_decref(body);
    if (status != ZKM_OK || code < 400)
        return status;
    fault(err, ZKM_ERR_ARGUMENT, "the coordinator lets us not in: %.300s",
          report_word(*turn, "error"));
    json_decref(*turn);
    *turn = NULL;
    return err->status;
}

/* Whether the coordinator's list has our contribution at its place. */
static zkm_status is_listed(zkm_error *err, joiner *j, const json_t *mine, bool *listed) {
    long code;
    json_t *all = NULL;
    uint64_t number = report_number(mine, "contributions");
    TRY(client_json(err, j->http, "GET", "/status", NULL, &code, &all));
    const char *hash = report_word(mine, "transcript");
    *listed = code == 200 && *hash && strcmp(report_transcript(all, number), hash) == 0;
    json_decref(all);
    return ZKM_OK;
}

/* How we stand. A coordinator that does not know our ticket (any more) is asked for a place. */
static zkm_status ask(zkm_error *err, joiner *j, json_t **turn) {
    long code;
    bool listed = false;
    TRY(client_json(err, j->http, "GET", "/turn", NULL, &code, turn));
    j->last_beat = clock_now();
    if (code == 404) {
        json_decref(*turn);
        *turn = NULL;
        json_t *mine = inspect_mine(j);
        zkm_status status = mine ? is_listed(err, j, mine, &listed) : ZKM_OK;
        json_decref(mine);
        TRY(status);
        if (listed)
            *turn = json_pack("{s:s}", "state", "accepted");
        else
            TRY(join_queue(err, j, turn));
    }
    if (report_number(*turn, "idle_seconds") > 0)
        j->idle_seconds = (uint32_t)report_number(*turn, "idle_seconds");
    return ZKM_OK;
}

/* ------------------------------------------------------------------ the end */

/* What the coordinator said is in its list; the contribution gets its number for a name. */
static zkm_status finish(zkm_error *err, joiner *j, json_t **report) {
    bool listed;
    json_t *mine = inspect_mine(j);
    if (!mine)
        return fault(
            err, ZKM_ERR_NOT_FOUND,
            "%s/%s: the coordinator has accepted a contribution, which is not here any more",
            j->dir.path, MINE);
    zkm_status status = is_listed(err, j, mine, &listed);
    if (status == ZKM_OK && !listed)
        status =
            fault(err, ZKM_REJECTED,
                  "the coordinator says that it accepted our contribution, but its list does not "
                  "have it: tell the other participants");
    if (status != ZKM_OK) {
        json_decref(mine);
        return status;
    }
    folder_path path = folder_link(&j->dir, (uint32_t)report_number(mine, "contributions"));
    json_object_set_new(mine, "out", json_string(path.text));
    json_object_set_new(mine, "kind", json_string("participant"));
    json_object_set_new(mine, "name", json_string(j->options->name));
    *report = mine;
    TRY(folder_move(err, &j->dir, MINE, strrchr(path.text, '/') + 1));
    return folder_remove(err, &j->dir, STATE);
}

static zkm_status refused(zkm_error *err, joiner *j, const json_t *turn) {
    zkm_error ignored;
    (void)!folder_remove(&ignored, &j->dir, STATE);
    (void)!folder_remove(&ignored, &j->dir, MINE);
    return fault(err, ZKM_REJECTED, "the coordinator refused the contribution: %.400s",
                 report_word(turn, "reason"));
}

static zkm_status rejoin(zkm_error *err, joiner *j, const json_t *turn) {
    if (j->rejoins++ == MAX_REJOINS)
        return fault(err, ZKM_ERR_IO, "the place in the queue was lost again and again: %.300s",
                     report_word(turn, "reason"));
    return new_ticket(err, j);
}

/* One look at how we stand, and what follows from it. */
static zkm_status step(zkm_error *err, joiner *j, json_t **report) {
    json_t *turn = NULL;
    TRY(ask(err, j, &turn));
    const char *state = report_word(turn, "state");
    zkm_status status;
    if (strcmp(state, "turn") == 0)
        status = take_turn(err, j, turn);
    else if (strcmp(state, "waiting") == 0 || strcmp(state, "checking") == 0)
        status = wait_for(err, j, turn);
    else if (strcmp(state, "accepted") == 0)
        status = finish(err, j, report);
    else if (strcmp(state, "refused") == 0)
        status = refused(err, j, turn);
    else if (strcmp(state, "expired") == 0 || strcmp(state, "left") == 0)
        status = rejoin(err, j, turn);
    else
        status =
            fault(err, ZKM_ERR_FORMAT, "the coordinator is of another version: state %.40s", state);
    json_decref(turn);
    return status;
}

static zkm_status prepare(zkm_error *err, joiner *j) {
    const join_options *o = j->options;
    if (!o->circuit != !o->ptau)
        return fault(err, ZKM_ERR_ARGUMENT, "--circuit and --ptau go together");
    if (o->circuit)
        TRY(zkm_circuit_read(err, &j->circuit, o->circuit));
    if (o->invitation) {
        invitations list;
        TRY(invitations_read(err, &list, o->invitation));
        strcpy(j->invitation, list.words[0]);
        invitations_clear(&list);
    }
    j->piece = malloc(PIECE);
    if (!j->piece)
        return fault(err, ZKM_ERR_MEMORY, "join: out of memory");
    TRY(client_new(err, &j->http, o->url, o->patience, o->options->progress));
    TRY(folder_open(err, &j->dir, o->work));
    return load_state(err, j);
}

zkm_status ceremony_join(zkm_error *err, json_t **report, const join_options *options) {
    joiner j = {.options = options, .idle_seconds = 60};
    *report = NULL;
    zkm_status status = prepare(err, &j);
    while (status == ZKM_OK && !*report)
        status = step(err, &j, report);
    folder_close(&j.dir);
    client_free(j.http);
    zkm_circuit_free(j.circuit);
    free(j.piece);
    return status;
}
