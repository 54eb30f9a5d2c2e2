/* Running a coordinator: one thread answers, one checks uploads, this one watches the clock. */
#ifndef COORDINATOR_SERVE_H
#define COORDINATOR_SERVE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <zkmetric.h>

typedef struct {
    const char *circuit, *ptau; /* files */
    const char *folder;         /* made and begun where it is missing or empty */
    const char *tokens;         /* file of invitations, one a line; NULL: anybody may join */
    const char *host;
    uint32_t port; /* 0: a free one */
    uint32_t turn_seconds, idle_seconds, places;
    uint32_t connections, per_address; /* per_address 0: no limit */
    const zkm_options *options;        /* progress: of what is done before anybody can connect */
    bool (*stopped)(void);             /* asked now and then */
    void (*log)(const char *line);
} serve_options;

/* Serves until stopped() says so; then *report tells where the ceremony stands. */
ZKM_MUST_CHECK zkm_status coordinator_serve(zkm_error *err, json_t **report,
                                            const serve_options *options);

#endif
