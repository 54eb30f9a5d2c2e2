/* Reporting progress to the caller, and asking whether to stop. */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include "base/error.h"

/* Calls the caller's callback with a stage's name and how much of it is done; ZKM_ERR_CANCELLED when
 * the callback answers false. A NULL sink is accepted and always goes on. */
ZKM_MUST_CHECK zkm_status progress_report(zkm_error *err, const zkm_progress *sink,
                                          const char *stage, uint64_t done, uint64_t total);

#endif
