/*
 * Open connections and until when each may take. The HTTP library ends connections on which nothing
 * moves; one that moves by a byte a second would stay for ever, and enough of them would take all
 * there are. So every request has an absolute deadline too.
 */
#ifndef COORDINATOR_CONNECTIONS_H
#define COORDINATOR_CONNECTIONS_H

#include <pthread.h>
#include <stddef.h>

typedef struct connection {
    int socket;
    double deadline;
    struct connection *next;
} connection;

typedef struct {
    pthread_mutex_t lock;
    connection *first;
} connections;

void connections_init(connections *all);
/* NULL when memory is short: the connection goes without a deadline. */
connection *connections_add(connections *all, int socket, double deadline);
void connections_remove(connections *all, connection *one); /* NULL is accepted */
void connections_extend(connections *all, connection *one, double deadline);
/* Cuts those whose deadline has passed; whoever serves them then finds them closed. */
void connections_sweep(connections *all, double now);

#endif
