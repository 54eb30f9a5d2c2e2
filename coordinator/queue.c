#include "coordinator/queue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coordinator/fault.h"

static const char *const STATES[] = {"waiting", "turn",    "checking", "accepted",
                                     "refused", "expired", "left"};
enum { NUM_STATES = sizeof STATES / sizeof *STATES };

const char *place_state_name(place_state state) { return STATES[state]; }

zkm_status queue_init(zkm_error *err, queue *q, const queue_limits *limits) {
    *q = (queue){.limits = *limits};
    q->live = calloc(limits->places, sizeof *q->live);
    q->over = calloc(QUEUE_OVER, sizeof *q->over);
    if (q->live && q->over)
        return ZKM_OK;
    queue_clear(q);
    return fault(err, ZKM_ERR_MEMORY, "the queue: out of memory");
}

void queue_clear(queue *q) {
    free(q->live);
    free(q->over);
    *q = (queue){0};
}

static void set_text(char *out, size_t room, const char *text) { snprintf(out, room, "%s", text); }

place *queue_join(queue *q, double now, const char *ticket, const char *name,
                  const char *invitation) {
    if (q->count == q->limits.places)
        return NULL;
    place *p = &q->live[q->count++];
    *p = (place){.state = PLACE_WAITING, .seen = now};
    set_text(p->ticket, sizeof p->ticket, ticket);
    set_text(p->name, sizeof p->name, name);
    set_text(p->invitation, sizeof p->invitation, invitation);
    return p;
}

/* Looks at every place, so that the time does not tell which one it was. */
static place *find_among(place *places, size_t n, const char *ticket) {
    place *found = NULL;
    for (size_t i = 0; i < n; i++)
        if (secret_equal(places[i].ticket, ticket))
            found = &places[i];
    return found;
}

place *queue_find(queue *q, const char *ticket) {
    place *live = find_among(q->live, q->count, ticket);
    place *over = find_among(q->over, q->over_count, ticket);
    return live ? live : over;
}

bool queue_has_invitation(const queue *q, const char *invitation) {
    bool has = false;
    for (size_t i = 0; i < q->count; i++)
        has |= secret_equal(q->live[i].invitation, invitation);
    return has;
}

place *queue_holder(queue *q) {
    return q->count > 0 && q->live[0].state != PLACE_WAITING ? &q->live[0] : NULL;
}

size_t queue_position(const queue *q, const place *p) { return (size_t)(p - q->live); }

place *queue_end(queue *q, place *p, place_state state, const char *reason) {
    place *to = &q->over[q->over_next];
    q->over_next = (q->over_next + 1) % QUEUE_OVER;
    q->over_count += q->over_count < QUEUE_OVER;
    *to = *p;
    to->state = state;
    set_text(to->reason, sizeof to->reason, reason);
    for (char *c = to->reason; *c; c++) /* a text that was cut may be no UTF-8 any more */
        if (*c < 0x20 || *c == 0x7f)
            *c = '?';
    size_t after = q->count - queue_position(q, p) - 1;
    memmove(p, p + 1, after * sizeof *p);
    q->count--;
    return to;
}

static const char *run_out(const queue *q, const place *p, double now) {
    if (p->state == PLACE_CHECKING)
        return NULL;
    if (now - p->seen > q->limits.idle_seconds)
        return "no sign of life for too long";
    if (p->state == PLACE_TURN && now - p->turn_began > q->limits.turn_seconds)
        return "the turn was over before the contribution was there";
    return NULL;
}

bool queue_tick(queue *q, double now) {
    bool changed = false;
    for (size_t i = 0; i < q->count;) {
        const char *why = run_out(q, &q->live[i], now);
        if (why) {
            queue_end(q, &q->live[i], PLACE_EXPIRED, why);
            changed = true;
        } else {
            i++;
        }
    }
    if (q->count > 0 && q->live[0].state == PLACE_WAITING) {
        q->live[0].state = PLACE_TURN;
        q->live[0].seen = q->live[0].turn_began = now;
        changed = true;
    }
    return changed;
}

/* ------------------------------------------------------------------ on disk */

static void append(json_t *array, const place *p) {
    /* An upload that was being checked is found again by its size. */
    place_state state = p->state == PLACE_CHECKING ? PLACE_TURN : p->state;
    json_array_append_new(array,
                          json_pack("{s:s, s:s, s:s, s:s, s:i, s:s}", "ticket", p->ticket, "name",
                                    p->name, "invitation", p->invitation, "state", STATES[state],
                                    "number", (int)p->number, "reason", p->reason));
}

json_t *queue_to_json(const queue *q) {
    json_t *array = json_array();
    for (size_t i = 0; i < q->over_count; i++) /* oldest first */
        append(array, &q->over[(q->over_next + QUEUE_OVER - q->over_count + i) % QUEUE_OVER]);
    for (size_t i = 0; i < q->count; i++)
        append(array, &q->live[i]);
    return array;
}

static bool read_place(place *p, const json_t *one, double now) {
    const char *ticket, *name, *invitation, *state, *reason;
    int number;
    *p = (place){.seen = now, .turn_began = now};
    if (json_unpack((json_t *)one, "{s:s, s:s, s:s, s:s, s:i, s:s}", "ticket", &ticket, "name",
                    &name, "invitation", &invitation, "state", &state, "number", &number, "reason",
                    &reason) != 0 ||
        !ticket_is_good(ticket) || strlen(name) > NAME_BYTES ||
        strlen(invitation) > INVITATION_MAX || number < 0)
        return false;
    set_text(p->ticket, sizeof p->ticket, ticket);
    set_text(p->name, sizeof p->name, name);
    set_text(p->invitation, sizeof p->invitation, invitation);
    set_text(p->reason, sizeof p->reason, reason);
    p->number = (uint32_t)number;
    for (int i = 0; i < NUM_STATES; i++)
        if (strcmp(STATES[i], state) == 0) {
            p->state = (place_state)i;
            return true;
        }
    return false;
}

zkm_status queue_from_json(zkm_error *err, queue *q, const json_t *array, double now) {
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)array, i, one) {
        place p;
        if (!read_place(&p, one, now))
            return fault(err, ZKM_ERR_FORMAT, "place %zu of the queue is damaged", i + 1);
        if (place_is_over(p.state)) {
            q->over[q->over_next] = p;
            q->over_next = (q->over_next + 1) % QUEUE_OVER;
            q->over_count += q->over_count < QUEUE_OVER;
        } else if (q->count < q->limits.places) {
            if (q->count > 0)
                p.state = PLACE_WAITING;
            q->live[q->count++] = p;
        }
    }
    return ZKM_OK;
}
