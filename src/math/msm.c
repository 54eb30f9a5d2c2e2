/* Multi-scalar multiplication; see msm.h, msm_digits.h and buckets_template.h. */
#include "math/msm.h"

#include <string.h>

#include "base/threads.h"
#include "math/backend.h"
#include "math/msm_digits.h"

enum {
    PAIRS_CAPACITY =
        2048,            /* additions that share an inversion: its cost against the cache's size */
    SLOTS_AHEAD = 24,    /* arrivals, or settlements, between a prefetch and its use */
    BUCKETS_DIRECT = 32, /* so few buckets are summed one after the other */
    BUCKETS_SECOND = 1024, /* at least 2^9 high and 2^8 low parts of a 16-bit weight */
};

#define CURVE g1
#include "math/buckets_template.h"
#include "math/msm_template.h"
#undef CURVE
#define CURVE g2
#include "math/buckets_template.h"
#include "math/msm_template.h"
#undef CURVE
