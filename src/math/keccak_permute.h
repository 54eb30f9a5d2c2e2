/*
 * Keccak-f[1600] (FIPS 202, sections 3.2 and 3.3) on 25 values of the type `lanes`: one message in
 * 64-bit words, or several in vectors. Included with `lanes` and KECCAK_INLINE defined. Loops over
 * lanes are unrolled so that the tables become constants.
 */
#include <stdint.h>

static const uint64_t KECCAK_ROUND_CONSTANTS[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

/* Lanes in the order that rho and pi walk them, and the rotation of each. */
static const uint8_t KECCAK_PI_LANE[24] = {10, 7,  11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
                                           15, 23, 19, 13, 12, 2, 20, 14, 22, 9,  6,  1};
static const uint8_t KECCAK_RHO_OFFSET[24] = {1,  3,  6,  10, 15, 21, 28, 36, 45, 55, 2,  14,
                                              27, 41, 56, 8,  25, 43, 62, 18, 39, 61, 20, 44};

KECCAK_INLINE lanes lanes_rotate(lanes v, unsigned n) { return v << n | v >> (64 - n); }

KECCAK_INLINE void lanes_permute(lanes a[25]) {
    for (int round = 0; round < 24; round++) {
        lanes c[5];
        _Pragma("GCC unroll 5") for (int x = 0; x < 5; x++) c[x] =
            a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
        _Pragma("GCC unroll 5") for (int x = 0; x < 5; x++) {
            lanes d = c[(x + 4) % 5] ^ lanes_rotate(c[(x + 1) % 5], 1);
            _Pragma("GCC unroll 5") for (int y = 0; y < 25; y += 5) a[x + y] ^= d;
        }
        lanes moved = a[1];
        _Pragma("GCC unroll 24") for (int i = 0; i < 24; i++) {
            lanes next = a[KECCAK_PI_LANE[i]];
            a[KECCAK_PI_LANE[i]] = lanes_rotate(moved, KECCAK_RHO_OFFSET[i]);
            moved = next;
        }
        _Pragma("GCC unroll 5") for (int y = 0; y < 25; y += 5) {
            lanes r0 = a[y], r1 = a[y + 1], r2 = a[y + 2], r3 = a[y + 3], r4 = a[y + 4];
            a[y] = r0 ^ (~r1 & r2);
            a[y + 1] = r1 ^ (~r2 & r3);
            a[y + 2] = r2 ^ (~r3 & r4);
            a[y + 3] = r3 ^ (~r4 & r0);
            a[y + 4] = r4 ^ (~r0 & r1);
        }
        a[0] ^= KECCAK_ROUND_CONSTANTS[round] - (lanes){0};
    }
}
