/* Requests of a participant, with patience: what fails on the way is tried again, less and less
 * often, until nothing has come through for `patience` seconds. */
#ifndef COORDINATOR_CLIENT_H
#define COORDINATOR_CLIENT_H

#include <jansson.h>
#include <stdint.h>
#include <zkmetric.h>

typedef struct client client;

/* `url` begins with http:// or https://. `progress` (may be NULL) may stop everything. */
ZKM_MUST_CHECK zkm_status client_new(zkm_error *err, client **out, const char *url,
                                     uint32_t patience, const zkm_progress *progress);
void client_free(client *c); /* NULL is accepted */
void client_set_ticket(client *c, const char *ticket);

/* Sends `body` (NULL: none) and gives the answer's code and object. ZKM_ERR_IO when patience is
 * over, ZKM_ERR_CANCELLED when progress said so. */
ZKM_MUST_CHECK zkm_status client_json(zkm_error *err, client *c, const char *method,
                                      const char *path, const json_t *body, long *code,
                                      json_t **object);
/* Bytes [from, from + bytes) of a file that has `total`, to `out`. */
ZKM_MUST_CHECK zkm_status client_get_piece(zkm_error *err, client *c, const char *path,
                                           uint64_t from, uint64_t bytes, uint64_t total,
                                           uint8_t *out);
/* Sends a piece of an upload that has `total` once; *code is 0 when it did not come through. */
ZKM_MUST_CHECK zkm_status client_put_piece(zkm_error *err, client *c, uint64_t offset,
                                           uint64_t total, const uint8_t *data, size_t n,
                                           long *code, json_t **object);
/* A sign of life: one short try, whatever comes of it. */
void client_beat(client *c);

/* Waits, unless progress stops everything: ZKM_ERR_CANCELLED. */
ZKM_MUST_CHECK zkm_status client_wait(zkm_error *err, client *c, const char *stage, double seconds);

#endif
