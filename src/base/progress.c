/* Progress callbacks. */
#include "base/progress.h"

zkm_status progress_report(zkm_error *err, const zkm_progress *sink, const char *stage,
                           uint64_t done, uint64_t total) {
    if (sink && sink->report && !sink->report(sink->context, stage, done, total))
        return error_set(err, ZKM_ERR_CANCELLED, "%s: stopped by the caller", stage);
    return ZKM_OK;
}
