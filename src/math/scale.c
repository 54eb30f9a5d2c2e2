/*
 * Points stay in the backend's own form (bank in math/kernels.h) for the whole chain. Scalars are
 * split in halves of 128 bits (math/glv.h). With one scalar for all, both halves have sliding
 * windows over the odd multiples 1, 3 .. 15 of each point; where every lane has its own, windows
 * of four bits over the multiples 1, 2 .. 8 keep them in step.
 */
#include "math/scale.h"

#include <string.h>

#include "base/threads.h"
#include "base/wipe.h"
#include "math/backend.h"
#include "math/endomorphism.h"
#include "math/glv.h"
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
    WINDOW = 4, /* bits */
    WINDOWS = (GLV_DIGITS + WINDOW - 1) / WINDOW,
};

/* The digits of one scalar for all points. */
typedef struct {
    int8_t digit[2][GLV_DIGITS];
} scale_digits;

/* The digits of a batch's scalars, by window and half, as an addition wants them. */
typedef struct {
    uint8_t entry[BATCH], negative[GROUPS], absent[GROUPS];
} scale_window;

/* One worker's memory; registers and the kernels' scratch follow. */
typedef struct {
    scale_window windows[WINDOWS][2];
    uint8_t fresh[GROUPS], met[GROUPS], all[GROUPS];
    uint8_t beta[TWIDDLE_BYTES] __attribute__((aligned(64)));
} scale_room;

static size_t room_bytes(void) { return (sizeof(scale_room) + 63) / 64 * 64; }

/* Signed windows of k, the lowest first: k = sum digits[i] 2^(WINDOW i), each in [-8, 8]. */
static void window_digits(int8_t digits[WINDOWS], glv_half k, bool minus) {
    int carry = 0;
    for (int i = 0; i < WINDOWS; i++) {
        int digit = (int)(k & 15) + carry;
        carry = digit > 8;
        digit -= carry ? 16 : 0;
        digits[i] = (int8_t)(minus ? -digit : digit);
        k >>= WINDOW;
    }
}

static void windows_of(scale_room *room, const fr *k, size_t n) {
    memset(room->windows, 0, sizeof room->windows);
    for (size_t i = 0; i < BATCH; i++) {
        int8_t digits[2][WINDOWS] = {{0}};
        glv_half k1, k2;
        bool minus;
        if (i < n) {
            glv_split(&k1, &k2, &minus, &k[i]);
            window_digits(digits[0], k1, false);
            window_digits(digits[1], k2, minus);
        }
        uint8_t bit = (uint8_t)(1 << i % LANES);
        for (int w = 0; w < WINDOWS; w++)
            for (int half = 0; half < 2; half++) {
                int digit = digits[half][w];
                scale_window *to = &room->windows[w][half];
                to->entry[i] = (uint8_t)(digit == 0 ? 0 : (digit < 0 ? -digit : digit) - 1);
                if (digit < 0)
                    to->negative[i / LANES] |= bit;
                if (digit == 0)
                    to->absent[i / LANES] |= bit;
            }
    }
}

#define CURVE g1
#define CURVE_BETA G1_BETA[0]
#include "math/scale_template.h"
#define CURVE g2
#define CURVE_BETA G1_BETA[1]
#include "math/scale_template.h"
