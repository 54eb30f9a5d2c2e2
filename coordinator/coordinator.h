/*
 * A coordinated ceremony: the queue, the upload of whoever has the turn, and the folder that holds
 * both and every accepted file. All decisions are made here, none of them about HTTP. The time is
 * an argument, as in queue.h. Functions may be called from several threads.
 *
 * FOLDER/NNNN.zkc  the state after NNNN contributions; never changed or removed once it is there
 * FOLDER/upload.part  what has arrived of the next one
 * FOLDER/queue.json  the places (secret: tickets)
 *
 * An upload is accepted by renaming upload.part, synced, to its number. Everything else is rebuilt
 * around that: after a crash at any moment, what was accepted is there, and the queue goes on.
 */
#ifndef COORDINATOR_COORDINATOR_H
#define COORDINATOR_COORDINATOR_H

#include <stdint.h>

#include "coordinator/folder.h"
#include "coordinator/queue.h"

/* What files are judged by. `inspect` gives the report of zkm_ceremony_inspect, `verify` says
 * whether all of a file is what circuit, powers and contributions make it. */
typedef struct {
    zkm_status (*inspect)(void *context, zkm_error *err, json_t **report, const char *path);
    zkm_status (*verify)(void *context, zkm_error *err, const char *path);
    void *context;
} ceremony_checks;

typedef struct {
    queue_limits queue;
    const char *const *invitations; /* NULL: anybody may join */
    size_t num_invitations;
    void (*log)(void *context, const char *line); /* may be NULL */
    void *log_context;
} coordinator_options;

/* How a request went; the numbers are HTTP's. */
typedef enum {
    ANSWER_OK = 200,
    ANSWER_CREATED = 201,
    ANSWER_MALFORMED = 400,
    ANSWER_FORBIDDEN = 403,
    ANSWER_UNKNOWN = 404,
    ANSWER_CONFLICT = 409,
    ANSWER_TOO_LARGE = 413,
    ANSWER_FAULT = 500,
    ANSWER_FULL = 503
} answer_code;

/* A code and an object, {"error": why} from ANSWER_MALFORMED on; whoever asked frees the object. */
typedef struct {
    answer_code code;
    json_t *body;
} answer;
answer answer_error(answer_code code, const char *why);

typedef struct coordinator coordinator;

/* Takes over the folder, in which 0000.zkc or a later file is, checks the last one, and goes on
 * where the folder stands. */
ZKM_MUST_CHECK zkm_status coordinator_open(zkm_error *err, coordinator **out, const folder *dir,
                                           const ceremony_checks *checks,
                                           const coordinator_options *options, double now);
void coordinator_free(coordinator *c);

/* Lets time pass: turns end and begin. To be called every second or so. */
void coordinator_tick(coordinator *c, double now);

/* {"name", "ticket", "invitation" where one is needed} takes a place; answers as coordinator_turn
 * does. The ticket is the participant's own draw, so that a join whose answer was lost can be
 * repeated: with a known ticket it takes no second place. */
answer coordinator_join(coordinator *c, double now, const json_t *request);
/* How a place stands, and a sign of life: {"state", "position", "idle_seconds"}; with the turn also
 * {"number", "bytes" and "transcript" of the file to contribute to, "upload_bytes", "received",
 * "turn_seconds"}; when it is over {"number"} or {"reason"}. */
answer coordinator_turn(coordinator *c, double now, const char *ticket);
answer coordinator_leave(coordinator *c, double now, const char *ticket);

/* An upload of a piece. A later one ends an earlier one, whose connection may be dead. */
typedef struct {
    uint32_t number; /* among uploads */
    uint64_t offset; /* of the next byte */
} upload;

/* Begins at `offset`, where the upload stands, or at 0, which begins it anew; `length` bytes will
 * come. Codes below ANSWER_MALFORMED: go on. */
answer coordinator_upload_begin(coordinator *c, double now, upload *u, const char *ticket,
                                uint64_t offset, uint64_t length);
answer coordinator_upload_write(coordinator *c, double now, upload *u, const void *data, size_t n);
/* {"received"}. With the last byte the upload waits for its check. */
answer coordinator_upload_end(coordinator *c, double now, const upload *u);

/* Checks an upload that waits for it and accepts or refuses it; false when there is none. Takes as
 * long as `verify` does, during which the others answer. To be called from one thread only. */
bool coordinator_check(coordinator *c, double (*now)(void));

/* What everybody may see. */
json_t *coordinator_status(coordinator *c, double now);
/* Path and bytes of an accepted file by its name; false when there is no such file. */
bool coordinator_file(coordinator *c, folder_path *path, const char *name);

#endif
