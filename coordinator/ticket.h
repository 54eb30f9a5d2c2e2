/* Tickets: random words that stand for a place in the queue. Who knows one holds the place. */
#ifndef COORDINATOR_TICKET_H
#define COORDINATOR_TICKET_H

#include <stdbool.h>
#include <zkmetric.h>

enum { TICKET_BYTES = 32, TICKET_DIGITS = 2 * TICKET_BYTES };

/* Whether a word has the form of a ticket: so many lower-case hex digits. */
bool ticket_is_good(const char *word);

/* Draws TICKET_DIGITS hex digits and a NUL from the kernel. */
ZKM_MUST_CHECK zkm_status ticket_draw(zkm_error *err, char out[TICKET_DIGITS + 1]);

/* Whether two words are the same, in a time that depends on the length of `given` alone. */
bool secret_equal(const char *secret, const char *given);

#endif
