/* Progress of stages to progress of the whole. */
#include "api/relay.h"

#include <stdio.h>
#include <string.h>

/* Notices the beginning of a stage; more stages than shares count as the last. */
static void follow(relay *r, const char *stage) {
    if (strncmp(r->stage, stage, RELAY_STAGE_BYTES - 1) == 0)
        return;
    if (*r->stage && r->current + 1 < r->count)
        r->current++;
    snprintf(r->stage, sizeof r->stage, "%s", stage);
}

static bool report(void *context, const char *stage, uint64_t done, uint64_t total) {
    relay *r = context;
    if (!r->sink || !r->sink->report)
        return true;
    follow(r, stage);
    uint64_t before = 0;
    for (size_t i = 0; i < r->current; i++)
        before += r->shares[i];
    double share = total ? (double)done / (double)total : 0;
    uint64_t here = (uint64_t)(share * r->shares[r->current]);
    return r->sink->report(r->sink->context, stage, before + here, RELAY_TOTAL);
}

zkm_progress relay_progress(relay *r) { return (zkm_progress){.report = report, .context = r}; }
