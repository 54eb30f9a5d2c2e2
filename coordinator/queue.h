/*
 * Who is in the queue, whose turn it is, and until when. No files, no network, no clock: the time
 * is an argument, in seconds of a clock that only goes forward.
 *
 * Places are served in the order in which they were taken. The first has the turn. It loses it
 * without a sign of life for `idle_seconds`, or when it has had it for `turn_seconds`; whoever
 * waits loses its place without a sign of life. While an upload is being checked nothing runs out.
 */
#ifndef COORDINATOR_QUEUE_H
#define COORDINATOR_QUEUE_H

#include <jansson.h>

#include "coordinator/invitations.h"
#include "coordinator/ticket.h"

enum {
    NAME_BYTES = 64, /* of a contribution's name */
    REASON_BYTES = 400,
    QUEUE_MAX = 1024, /* places */
    QUEUE_OVER = 256  /* of those that are over, which are remembered */
};

typedef enum {
    PLACE_WAITING,
    PLACE_TURN,     /* may upload */
    PLACE_CHECKING, /* has uploaded everything */
    PLACE_ACCEPTED,
    PLACE_REFUSED,
    PLACE_EXPIRED,
    PLACE_LEFT
} place_state;

const char *place_state_name(place_state state);
static inline bool place_is_over(place_state state) { return state >= PLACE_ACCEPTED; }

typedef struct {
    char ticket[TICKET_DIGITS + 1];
    char name[NAME_BYTES + 1];
    char invitation[INVITATION_MAX + 1];
    place_state state;
    double seen, turn_began;
    uint32_t number;           /* of the accepted contribution */
    char reason[REASON_BYTES]; /* why it was refused or has expired */
} place;

typedef struct {
    uint32_t places, turn_seconds, idle_seconds;
} queue_limits;

typedef struct {
    queue_limits limits;
    place *live; /* in their order; room for limits.places */
    size_t count;
    place *over; /* the most recent ones, in any order */
    size_t over_count, over_next;
} queue;

ZKM_MUST_CHECK zkm_status queue_init(zkm_error *err, queue *q, const queue_limits *limits);
void queue_clear(queue *q);

/* A new place at the end; NULL when the queue is full. */
place *queue_join(queue *q, double now, const char *ticket, const char *name,
                  const char *invitation);
/* By ticket, among those in the queue and those that are over; NULL when unknown. */
place *queue_find(queue *q, const char *ticket);
/* Whether a place in the queue was taken with this invitation. */
bool queue_has_invitation(const queue *q, const char *invitation);
/* The place that has the turn, or whose upload is being checked; NULL when there is none. */
place *queue_holder(queue *q);
/* 0 for the first. */
size_t queue_position(const queue *q, const place *p);

/* Drops whoever ran out of time and gives the turn to the first. True when anything changed. */
bool queue_tick(queue *q, double now);
/* Ends a place that is in the queue; its memory moves. Gives where it is now. */
place *queue_end(queue *q, place *p, place_state state, const char *reason);

/* What must survive a restart: everything but times, which begin anew. */
json_t *queue_to_json(const queue *q);
ZKM_MUST_CHECK zkm_status queue_from_json(zkm_error *err, queue *q, const json_t *array,
                                          double now);

#endif
