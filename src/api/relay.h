/*
 * One progress for a call of several stages: each stage reports in units of its own, the caller
 * hears thousandths of the whole.
 */
#ifndef API_RELAY_H
#define API_RELAY_H

#include "base/error.h"

#define RELAY_TOTAL 1000u
#define RELAY_STAGE_BYTES 48u

/* shares: the stages' parts of RELAY_TOTAL in order; a stage ends when another name is reported. */
typedef struct {
    const zkm_progress *sink; /* NULL accepted */
    const unsigned *shares;
    size_t count;
    size_t current;
    char stage[RELAY_STAGE_BYTES];
} relay;

/* What to hand to the stages; it refers to r, which must stay where it is. */
zkm_progress relay_progress(relay *r);

#endif
