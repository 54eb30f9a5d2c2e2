#include "coordinator/coordinator.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coordinator/extension.h"
#include "coordinator/fault.h"

static const char UPLOAD[] = "upload.part";
static const char QUEUE[] = "queue.json";

struct coordinator {
    pthread_mutex_t lock;
    folder dir;
    ceremony_checks checks;
    coordinator_options options;
    queue queue;
    json_t *last; /* report on the last accepted file; changed by coordinator_check alone */
    int fd;       /* of the upload */
    uint64_t received;
    uint32_t uploads; /* begun so far */
};

/* ------------------------------------------------------------------ small parts */

answer answer_error(answer_code code, const char *why) {
    return (answer){code, json_pack("{s:s}", "error", why)};
}

static void note(const coordinator *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void note(const coordinator *c, const char *format, ...) {
    char line[1024];
    va_list args;
    if (!c->options.log)
        return;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    c->options.log(c->options.log_context, line);
}

static uint32_t contributions(const coordinator *c) {
    return (uint32_t)report_number(c->last, "contributions");
}
static uint64_t upload_bytes(const coordinator *c) { return report_number(c->last, "next_bytes"); }

static zkm_status save(zkm_error *err, const coordinator *c) {
    json_t *object = json_pack("{s:i, s:o}", "contributions", (int)contributions(c), "queue",
                               queue_to_json(&c->queue));
    if (!object)
        return fault(err, ZKM_ERR_MEMORY, "the queue: out of memory");
    zkm_status status = folder_write_json(err, &c->dir, QUEUE, object);
    json_decref(object);
    return status;
}

/* Where going on without the file is better than stopping: the queue in memory is the truth, and a
 * restart finds an older one. */
static void save_or_note(const coordinator *c) {
    zkm_error err;
    if (save(&err, c) != ZKM_OK)
        note(c, "cannot save the queue: %s", err.message);
}

/* Forgets what has arrived, and ends whoever is sending. */
static void drop_upload(coordinator *c) {
    zkm_error err;
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
    c->received = 0;
    c->uploads++;
    if (folder_remove(&err, &c->dir, UPLOAD) != ZKM_OK)
        note(c, "cannot remove an upload: %s", err.message);
}

/* Lets time pass, with the lock held. */
static void tick(coordinator *c, double now) {
    char before[TICKET_DIGITS + 1] = "";
    const place *p = queue_holder(&c->queue);
    if (p)
        strcpy(before, p->ticket);
    if (!queue_tick(&c->queue, now))
        return;
    p = queue_holder(&c->queue);
    if (*before && (!p || strcmp(before, p->ticket) != 0)) {
        note(c, "%s: expired", queue_find(&c->queue, before)->name);
        drop_upload(c);
    }
    if (p)
        note(c, "%s: has the turn", p->name);
    save_or_note(c);
}

/* Ends a place, with its upload when it had the turn, and lets the next one begin. */
static void end_place(coordinator *c, double now, place *p, place_state state, const char *reason) {
    if (p == queue_holder(&c->queue))
        drop_upload(c);
    place *ended = queue_end(&c->queue, p, state, reason);
    note(c, "%s: %s%s%s", ended->name, place_state_name(state), *reason ? ": " : "", reason);
    save_or_note(c);
    tick(c, now);
}

/* ------------------------------------------------------------------ opening */

/* The last contribution of the folder was accepted, and the crash came before the queue was saved:
 * it is the holder's, one more than the queue knows of, and its upload is gone. */
static bool accepted_unsaved(const coordinator *c, uint32_t known, const place *holder) {
    const json_t *last = report_contribution(c->last, known);
    return contributions(c) == known + 1 && strcmp(report_word(last, "name"), holder->name) == 0 &&
           strcmp(report_word(last, "kind"), "participant") == 0 &&
           folder_size(&c->dir, UPLOAD) == 0;
}

/* The queue as the folder has it, and the upload where it still belongs to somebody's turn. */
static zkm_status resume(zkm_error *err, coordinator *c, double now) {
    json_t *object = NULL;
    TRY(folder_read_json(err, &object, &c->dir, QUEUE));
    uint32_t known = (uint32_t)report_number(object, "contributions");
    zkm_status status = queue_from_json(err, &c->queue, json_object_get(object, "queue"), now);
    json_decref(object);
    if (status != ZKM_OK)
        return status;
    place *holder = queue_holder(&c->queue);
    if (holder && known == contributions(c)) {
        c->received = folder_size(&c->dir, UPLOAD);
        if (c->received == upload_bytes(c))
            holder->state = PLACE_CHECKING;
        if (c->received <= upload_bytes(c))
            return ZKM_OK;
    }
    if (holder && accepted_unsaved(c, known, holder))
        queue_end(&c->queue, holder, PLACE_ACCEPTED, "")->number = contributions(c);
    drop_upload(c);
    return ZKM_OK;
}

/* The last file is checked whole: a damaged one would waste everybody's turn. */
static zkm_status open_last(zkm_error *err, coordinator *c) {
    bool found;
    uint32_t number;
    TRY(folder_last(err, &found, &number, &c->dir));
    if (!found)
        return fault(err, ZKM_ERR_NOT_FOUND, "%s: no file 0000.zkc of a ceremony in it",
                     c->dir.path);
    folder_path path = folder_link(&c->dir, number);
    TRY(c->checks.inspect(c->checks.context, err, &c->last, path.text));
    TRY(c->checks.verify(c->checks.context, err, path.text));
    if (contributions(c) == number)
        return ZKM_OK;
    return fault(err, ZKM_ERR_FORMAT, "%s: it has %u contributions; name it by their number",
                 path.text, contributions(c));
}

zkm_status coordinator_open(zkm_error *err, coordinator **out, const folder *dir,
                            const ceremony_checks *checks, const coordinator_options *options,
                            double now) {
    coordinator *c = calloc(1, sizeof *c);
    if (!c)
        return fault(err, ZKM_ERR_MEMORY, "the coordinator: out of memory");
    c->dir = *dir;
    c->checks = *checks;
    c->options = *options;
    c->fd = -1;
    pthread_mutex_init(&c->lock, NULL);
    zkm_status status = queue_init(err, &c->queue, &options->queue);
    if (status == ZKM_OK)
        status = open_last(err, c);
    if (status == ZKM_OK)
        status = resume(err, c, now);
    if (status == ZKM_OK)
        status = save(err, c); /* also shows that the folder can be written to */
    if (status != ZKM_OK) {
        coordinator_free(c);
        return status;
    }
    *out = c;
    return ZKM_OK;
}

void coordinator_free(coordinator *c) {
    if (!c)
        return;
    if (c->fd >= 0)
        close(c->fd);
    json_decref(c->last);
    queue_clear(&c->queue);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

void coordinator_tick(coordinator *c, double now) {
    pthread_mutex_lock(&c->lock);
    tick(c, now);
    pthread_mutex_unlock(&c->lock);
}

/* ------------------------------------------------------------------ places */

static bool invited(const coordinator *c, const char *invitation) {
    bool found = false;
    for (size_t i = 0; i < c->options.num_invitations; i++)
        found |= secret_equal(c->options.invitations[i], invitation);
    return found;
}

/* As the library has it for contributions: printable UTF-8 (what JSON holds is UTF-8). */
static bool name_is_good(const char *name) {
    size_t n = strlen(name);
    for (size_t i = 0; i < n; i++) {
        unsigned char a = (unsigned char)name[i], b = (unsigned char)name[i + 1];
        if (a < 0x20 || a == 0x7f || (a == 0xc2 && b < 0xa0))
            return false;
    }
    return n > 0 && n <= NAME_BYTES;
}

static json_t *describe(coordinator *c, double now, const place *p) {
    json_t *o = json_pack("{s:s, s:s, s:i}", "state", place_state_name(p->state), "name", p->name,
                          "idle_seconds", (int)c->queue.limits.idle_seconds);
    if (p->state == PLACE_ACCEPTED)
        json_object_set_new(o, "number", json_integer(p->number));
    else if (place_is_over(p->state))
        json_object_set_new(o, "reason", json_string(p->reason));
    else
        json_object_set_new(o, "position", json_integer((json_int_t)queue_position(&c->queue, p)));
    if (p->state != PLACE_TURN)
        return o;
    json_object_set_new(o, "number", json_integer(contributions(c)));
    json_object_set_new(o, "bytes", json_integer((json_int_t)report_number(c->last, "bytes")));
    json_object_set_new(o, "transcript", json_string(report_word(c->last, "transcript")));
    json_object_set_new(o, "upload_bytes", json_integer((json_int_t)upload_bytes(c)));
    json_object_set_new(o, "received", json_integer((json_int_t)c->received));
    json_object_set_new(
        o, "turn_seconds",
        json_integer((json_int_t)(c->queue.limits.turn_seconds - (now - p->turn_began))));
    return o;
}

static answer join(coordinator *c, double now, const json_t *request) {
    zkm_error err;
    const char *name = report_word(request, "name"), *ticket = report_word(request, "ticket");
    const char *invitation = report_word(request, "invitation");
    if (!name_is_good(name))
        return answer_error(ANSWER_MALFORMED, "name: 1 to 64 bytes of printable UTF-8 are needed");
    if (!ticket_is_good(ticket))
        return answer_error(ANSWER_MALFORMED, "ticket: 64 random hex digits are needed");
    place *p = queue_find(&c->queue, ticket);
    if (p)
        return (answer){ANSWER_OK, describe(c, now, p)};
    if (!c->options.invitations)
        invitation = "";
    else if (!invited(c, invitation))
        return answer_error(ANSWER_FORBIDDEN,
                            "this ceremony needs an invitation, and this is none");
    else if (queue_has_invitation(&c->queue, invitation))
        return answer_error(ANSWER_CONFLICT,
                            "there is a place in the queue with this invitation already");
    p = queue_join(&c->queue, now, ticket, name, invitation);
    if (!p)
        return answer_error(ANSWER_FULL, "the queue is full; come back later");
    if (save(&err, c) != ZKM_OK) {
        note(c, "cannot save the queue: %s", err.message);
        end_place(c, now, p, PLACE_LEFT, "");
        return answer_error(ANSWER_FAULT, "the coordinator cannot write to its disk");
    }
    note(c, "%s: joined, position %zu", p->name, queue_position(&c->queue, p));
    tick(c, now);
    return (answer){ANSWER_CREATED, describe(c, now, queue_find(&c->queue, ticket))};
}

answer coordinator_join(coordinator *c, double now, const json_t *request) {
    pthread_mutex_lock(&c->lock);
    tick(c, now);
    answer a = join(c, now, request);
    pthread_mutex_unlock(&c->lock);
    return a;
}

/* The place of a ticket, which has given a sign of life; NULL when there is none. */
static place *seen(coordinator *c, double now, const char *ticket) {
    tick(c, now);
    place *p = queue_find(&c->queue, ticket);
    if (p)
        p->seen = now;
    return p;
}

static answer unknown_ticket(void) {
    return answer_error(ANSWER_UNKNOWN, "no such ticket; join the queue");
}

answer coordinator_turn(coordinator *c, double now, const char *ticket) {
    pthread_mutex_lock(&c->lock);
    const place *p = seen(c, now, ticket);
    answer a = p ? (answer){ANSWER_OK, describe(c, now, p)} : unknown_ticket();
    pthread_mutex_unlock(&c->lock);
    return a;
}

static answer leave(coordinator *c, double now, place *p) {
    if (!p)
        return unknown_ticket();
    if (place_is_over(p->state) || p->state == PLACE_CHECKING)
        return answer_error(ANSWER_CONFLICT, "it is too late to leave");
    end_place(c, now, p, PLACE_LEFT, "");
    return (answer){ANSWER_OK, json_pack("{s:s}", "state", "left")};
}

answer coordinator_leave(coordinator *c, double now, const char *ticket) {
    pthread_mutex_lock(&c->lock);
    answer a = leave(c, now, seen(c, now, ticket));
    pthread_mutex_unlock(&c->lock);
    return a;
}

/* ------------------------------------------------------------------ uploads */

static answer upload_stands(const coordinator *c) {
    return (answer){ANSWER_OK, json_pack("{s:I}", "received", (json_int_t)c->received)};
}

static answer not_now(const place *p) {
    switch (p->state) {
    case PLACE_WAITING:
        return answer_error(ANSWER_CONFLICT, "it is not your turn");
    case PLACE_CHECKING:
        return answer_error(ANSWER_CONFLICT, "your upload is complete and being checked");
    default:
        return answer_error(ANSWER_CONFLICT,
                            "your turn is over: a ticket is good for one contribution");
    }
}

static answer upload_begin(coordinator *c, upload *u, const place *p, uint64_t offset,
                           uint64_t length) {
    if (!p)
        return unknown_ticket();
    if (p->state != PLACE_TURN)
        return not_now(p);
    if (offset != 0 && offset != c->received)
        return answer_error(ANSWER_CONFLICT, "offset: it is neither 0 nor where the upload stands");
    if (length > upload_bytes(c) - offset)
        return answer_error(ANSWER_TOO_LARGE,
                            "more bytes than a file with one more contribution has");
    if (c->fd < 0)
        c->fd = openat(c->dir.fd, UPLOAD, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (c->fd < 0 || (offset == 0 && ftruncate(c->fd, 0) != 0)) {
        note(c, "cannot open an upload: %s", strerror(errno));
        return answer_error(ANSWER_FAULT, "the coordinator cannot write to its disk");
    }
    c->received = offset;
    *u = (upload){.number = ++c->uploads, .offset = offset};
    return upload_stands(c);
}

answer coordinator_upload_begin(coordinator *c, double now, upload *u, const char *ticket,
                                uint64_t offset, uint64_t length) {
    pthread_mutex_lock(&c->lock);
    answer a = upload_begin(c, u, seen(c, now, ticket), offset, length);
    pthread_mutex_unlock(&c->lock);
    return a;
}

static answer upload_write(coordinator *c, double now, upload *u, const char *data, size_t n) {
    tick(c, now);
    place *p = queue_holder(&c->queue);
    if (!p || p->state != PLACE_TURN || u->number != c->uploads)
        return answer_error(ANSWER_CONFLICT,
                            "this upload was ended by a later one or by the clock");
    p->seen = now;
    if (n > upload_bytes(c) - u->offset)
        return answer_error(ANSWER_TOO_LARGE,
                            "more bytes than a file with one more contribution has");
    while (n > 0) {
        ssize_t wrote = pwrite(c->fd, data, n, (off_t)u->offset);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0) {
            note(c, "cannot write an upload: %s", strerror(errno));
            return answer_error(ANSWER_FAULT, "the coordinator cannot write to its disk");
        }
        data += wrote;
        n -= (size_t)wrote;
        u->offset += (uint64_t)wrote;
    }
    c->received = u->offset;
    return upload_stands(c);
}

answer coordinator_upload_write(coordinator *c, double now, upload *u, const void *data, size_t n) {
    pthread_mutex_lock(&c->lock);
    answer a = upload_write(c, now, u, data, n);
    pthread_mutex_unlock(&c->lock);
    return a;
}

answer coordinator_upload_end(coordinator *c, double now, const upload *u) {
    upload still = *u;
    pthread_mutex_lock(&c->lock);
    answer a = upload_write(c, now, &still, "", 0);
    if (a.code == ANSWER_OK && fdatasync(c->fd) != 0) {
        json_decref(a.body);
        note(c, "cannot write an upload: %s", strerror(errno));
        a = answer_error(ANSWER_FAULT, "the coordinator cannot write to its disk");
    }
    if (a.code == ANSWER_OK && c->received == upload_bytes(c)) {
        place *p = queue_holder(&c->queue);
        p->state = PLACE_CHECKING;
        note(c, "%s: uploaded, being checked", p->name);
    }
    pthread_mutex_unlock(&c->lock);
    return a;
}

/* ------------------------------------------------------------------ checks */

/* Everything that is to be known about an upload, cheap things first. */
static zkm_status judge(zkm_error *err, json_t **report, coordinator *c, const char *name) {
    folder_path path = folder_at(&c->dir, UPLOAD);
    TRY(c->checks.inspect(c->checks.context, err, report, path.text));
    TRY(extension_check(err, c->last, *report, name));
    return c->checks.verify(c->checks.context, err, path.text);
}

/* A message without the path of ours that it begins with. */
static const char *without_path(const coordinator *c, const char *message) {
    folder_path path = folder_at(&c->dir, UPLOAD);
    size_t n = strlen(path.text);
    return strncmp(message, path.text, n) == 0 && strncmp(message + n, ": ", 2) == 0
               ? message + n + 2
               : message;
}

static void accept_upload(coordinator *c, double now, json_t *report) {
    zkm_error err;
    char to[32];
    uint32_t number = (uint32_t)report_number(report, "contributions");
    snprintf(to, sizeof to, "%04u.zkc", number);
    if (folder_move(&err, &c->dir, UPLOAD, to) != ZKM_OK) {
        note(c, "cannot store a contribution: %s", err.message);
        json_decref(report);
        end_place(c, now, queue_holder(&c->queue), PLACE_REFUSED,
                  "the coordinator could not store it, which is not your fault; join again");
        return;
    }
    json_decref(c->last);
    c->last = report;
    queue_holder(&c->queue)->number = number;
    end_place(c, now, queue_holder(&c->queue), PLACE_ACCEPTED, "");
}

bool coordinator_check(coordinator *c, double (*now)(void)) {
    char name[NAME_BYTES + 1];
    zkm_error err = {0};
    json_t *report = NULL;
    pthread_mutex_lock(&c->lock);
    const place *p = queue_holder(&c->queue);
    bool due = p && p->state == PLACE_CHECKING;
    if (due)
        strcpy(name, p->name);
    pthread_mutex_unlock(&c->lock);
    if (!due)
        return false;
    /* Nobody else touches the upload, the last report or the holder's place while it is checked. */
    zkm_status status = judge(&err, &report, c, name);
    pthread_mutex_lock(&c->lock);
    if (status == ZKM_OK) {
        accept_upload(c, now(), report);
    } else {
        json_decref(report);
        if (status !=
            ZKM_ERR_CANCELLED) /* else the server stops, and checks it after its restart */
            end_place(c, now(), queue_holder(&c->queue), PLACE_REFUSED,
                      without_path(c, err.message));
    }
    pthread_mutex_unlock(&c->lock);
    return true;
}

/* ------------------------------------------------------------------ what everybody may see */

json_t *coordinator_status(coordinator *c, double now) {
    static const char *const KEYS[] = {"circuit_digest", "ptau_blake2b", "rows",
                                       "domain",         "initial",      "contributions",
                                       "transcript",     "list",         "bytes"};
    json_t *o = json_object(), *places = json_array();
    pthread_mutex_lock(&c->lock);
    tick(c, now);
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++)
        json_object_set_new(o, KEYS[i], json_deep_copy(json_object_get(c->last, KEYS[i])));
    for (size_t i = 0; i < c->queue.count; i++) {
        const place *p = &c->queue.live[i];
        json_array_append_new(
            places, json_pack("{s:s, s:s}", "name", p->name, "state", place_state_name(p->state)));
    }
    json_object_set_new(o, "received", json_integer((json_int_t)c->received));
    json_object_set_new(o, "upload_bytes", json_integer((json_int_t)upload_bytes(c)));
    pthread_mutex_unlock(&c->lock);
    json_object_set_new(o, "queue", places);
    return o;
}

bool coordinator_file(coordinator *c, folder_path *path, const char *name) {
    uint32_t number;
    if (!folder_link_number(&number, name))
        return false;
    pthread_mutex_lock(&c->lock);
    bool there = number <= contributions(c);
    if (there)
        *path = folder_link(&c->dir, number);
    pthread_mutex_unlock(&c->lock);
    return there;
}
