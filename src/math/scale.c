/*
 * Points stay in the backend's own form (bank in math/kernels.h) for the whole chain. One scalar
 * for all goes by digits in Z[omega] (math/eisenstein.h). Where every lane has its own, both halves
 * (math/glv.h) are odd and have only odd digits, in windows of four bits (Joye, Tunstall, "Exponent
 * recoding and regular exponentiation algorithms", AFRICACRYPT 2009, section 3), which keeps the
 * lanes in step.
 */
#include "math/scale.h"

#include <string.h>

#include "base/threads.h"
#include "base/wipe.h"
#include "math/backend.h"
#include "math/eisenstein.h"
#include "math/endomorphism.h"
#include "math/kernels.h"

enum {
    FEW = 12,
    GROUPS = 128, /* of points that share inversions */
    BATCH = GROUPS * LANES,
    SUM = 0, /* registers */
    STEP,
    TABLE,
    TABLE_SIZE = 8,
    REGISTERS = TABLE + TABLE_SIZE,
    WINDOW = 4,   /* bits */
    WINDOWS = 32, /* of a half below 2^127 */
};

/* The digits of one scalar for all points. */
typedef struct {
    eisenstein_digit digit[EISENSTEIN_DIGITS];
    int count;
} scale_digits;

/* The digits of a batch's scalars, by window and half, as an addition wants them. */
typedef struct {
    uint8_t entry[BATCH], negative[GROUPS];
} scale_window;

/* One worker's memory; registers and the kernels' scratch follow. */
typedef struct {
    scale_window windows[WINDOWS][2];
    uint8_t met[GROUPS], all[GROUPS];
    uint8_t beta[2][TWIDDLE_BYTES] __attribute__((aligned(64))); /* of omega and omega^2 */
} scale_room;

static size_t room_bytes(void) { return (sizeof(scale_room) + 63) / 64 * 64; }

/*
 * Odd digits of an odd k, the lowest first: k = sum digits[i] 2^(WINDOW i), each in [-15, 15]. What
 * stays after a digit is odd again, and at most k / 16 + 1 in magnitude, so that at last less than
 * 2^4 is left.
 */
static void window_digits(int8_t digits[WINDOWS], __int128 k) {
    const bool minus = k < 0;
    glv_half left = (glv_half)(minus ? -k : k);
    for (int i = 0; i < WINDOWS - 1; i++) {
        const int digit = (int)(left & 31) - 16;
        digits[i] = (int8_t)(minus ? -digit : digit);
        left = (left >> WINDOW) | 1;
    }
    digits[WINDOWS - 1] = (int8_t)(minus ? -(int)left : (int)left);
}

/* The lanes behind the last have the first one's. */
static void windows_of(scale_room *room, const fr *k, size_t n) {
    memset(room->windows, 0, sizeof room->windows);
    for (size_t i = 0; i < BATCH; i++) {
        int8_t digits[2][WINDOWS];
        const glv_integer z = glv_odd(&k[i < n ? i : 0]);
        window_digits(digits[0], z.k1);
        window_digits(digits[1], z.k2);
        for (int w = 0; w < WINDOWS; w++)
            for (int half = 0; half < 2; half++) {
                const int digit = digits[half][w];
                scale_window *to = &room->windows[w][half];
                to->entry[i] = (uint8_t)((digit < 0 ? -digit : digit) / 2);
                to->negative[i / LANES] |= (uint8_t)((digit < 0) << i % LANES);
            }
    }
}

/* An entry of the table, times a unit. */
static bank_term unit_term(const scale_room *room, unsigned entry, unsigned unit) {
    return (bank_term){.table = TABLE + entry,
                       .beta = unit % 3 == 0 ? NULL : room->beta[unit % 3 - 1],
                       .negative = unit < 3 ? NULL : room->all};
}

#define CURVE g1
#define CURVE_FLIP 0
#include "math/scale_template.h"
#define CURVE g2
#define CURVE_FLIP 1
#include "math/scale_template.h"
