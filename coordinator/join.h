/* Taking part in a coordinated ceremony: queue, download, check, contribute, upload, wait. */
#ifndef COORDINATOR_JOIN_H
#define COORDINATOR_JOIN_H

#include <jansson.h>
#include <stdint.h>
#include <zkmetric.h>

typedef struct {
    const char *url, *name;
    const char *entropy;        /* may be NULL */
    const char *invitation;     /* file whose first line is one; may be NULL */
    const char *circuit, *ptau; /* to check everything before contributing; both or neither NULL */
    const char *work;           /* folder from which a later run goes on */
    uint32_t patience;          /* seconds without the network */
    const zkm_options *options;
} join_options;

/*
 * Contributes once. A run that was cut off goes on where it was when it is started again with the
 * same folder. In it are: join.json (the ticket), the file that was downloaded, mine.zkc (the
 * contribution, until it is accepted; then it is under its number). Secrets are never in it.
 * *report: that of zkm_ceremony_inspect on the contribution's file.
 *
 * ZKM_REJECTED when the coordinator's file, or the coordinator the contribution, is not accepted.
 */
ZKM_MUST_CHECK zkm_status ceremony_join(zkm_error *err, json_t **report,
                                        const join_options *options);

#endif
