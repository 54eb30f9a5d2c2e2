/* A file of secrets, one a line; lines that are empty or begin with # are skipped. */
#ifndef COORDINATOR_INVITATIONS_H
#define COORDINATOR_INVITATIONS_H

#include <stddef.h>
#include <zkmetric.h>

enum { INVITATION_MIN = 16, INVITATION_MAX = 128 /* bytes */ };

typedef struct {
    const char **words;
    size_t count;
    char *text; /* in which the words lie */
} invitations;

/* ZKM_ERR_FORMAT, naming the line, for a secret that is too short to be one, too long or there
 * twice, and for a file without any. */
ZKM_MUST_CHECK zkm_status invitations_read(zkm_error *err, invitations *out, const char *path);
void invitations_clear(invitations *list);

#endif
