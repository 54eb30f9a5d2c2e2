/*
 * The coordinator over HTTP; docs/ceremony.md lists the requests. Every request becomes one call of
 * coordinator.h, or is refused here for its form.
 */
#ifndef COORDINATOR_HTTP_H
#define COORDINATOR_HTTP_H

#include "coordinator/connections.h"
#include "coordinator/coordinator.h"

typedef struct {
    const char *host;
    uint32_t port;            /* 0: a free one */
    uint32_t connections;     /* at once */
    uint32_t per_address;     /* of them from one address; 0: no limit, behind a proxy */
    uint32_t request_seconds; /* for a request to be complete */
    uint32_t file_seconds;    /* for an answer with a file, or a piece of an upload */
} http_options;

typedef struct http_server http_server;

/* Listens, in a thread of its own. */
ZKM_MUST_CHECK zkm_status http_start(zkm_error *err, http_server **out, coordinator *c,
                                     double (*now)(void), const http_options *options);
uint32_t http_port(const http_server *s);
/* Ends requests that have taken too long. To be called every second or so. */
void http_sweep(http_server *s);
void http_stop(http_server *s); /* NULL is accepted */

#endif
