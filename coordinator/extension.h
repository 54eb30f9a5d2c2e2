/* Whether one file of a ceremony is another one with exactly one participant's contribution more,
 * by the reports of zkm_ceremony_inspect on both. */
#ifndef COORDINATOR_EXTENSION_H
#define COORDINATOR_EXTENSION_H

#include <jansson.h>
#include <zkmetric.h>

/* ZKM_REJECTED, with the reason, unless it is, and the contribution's name is `name`. That all
 * contributions before are the same follows from the transcript's hash, which runs through them. */
ZKM_MUST_CHECK zkm_status extension_check(zkm_error *err, const json_t *before, const json_t *after,
                                          const char *name);

/* Values of a report; 0 or "" where the key is missing. */
uint64_t report_number(const json_t *report, const char *key);
const char *report_word(const json_t *report, const char *key);
/* A contribution of its list, from 0; NULL where there is none. */
const json_t *report_contribution(const json_t *report, uint64_t index);
/* The hash of the transcript up to so many contributions; "" where there are fewer. */
const char *report_transcript(const json_t *report, uint64_t contributions);

#endif
