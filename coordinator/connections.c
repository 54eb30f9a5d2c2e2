#include "coordinator/connections.h"

#include <stdlib.h>
#include <sys/socket.h>

void connections_init(connections *all) {
    *all = (connections){0};
    pthread_mutex_init(&all->lock, NULL);
}

connection *connections_add(connections *all, int socket, double deadline) {
    connection *one = malloc(sizeof *one);
    if (!one)
        return NULL;
    pthread_mutex_lock(&all->lock);
    *one = (connection){.socket = socket, .deadline = deadline, .next = all->first};
    all->first = one;
    pthread_mutex_unlock(&all->lock);
    return one;
}

void connections_remove(connections *all, connection *one) {
    if (!one)
        return;
    pthread_mutex_lock(&all->lock);
    connection **at = &all->first;
    while (*at != one)
        at = &(*at)->next;
    *at = one->next;
    pthread_mutex_unlock(&all->lock);
    free(one);
}

void connections_extend(connections *all, connection *one, double deadline) {
    if (!one)
        return;
    pthread_mutex_lock(&all->lock);
    one->deadline = deadline;
    pthread_mutex_unlock(&all->lock);
}

void connections_sweep(connections *all, double now) {
    pthread_mutex_lock(&all->lock);
    for (const connection *one = all->first; one; one = one->next)
        if (now > one->deadline)
            shutdown(one->socket, SHUT_RDWR);
    pthread_mutex_unlock(&all->lock);
}
