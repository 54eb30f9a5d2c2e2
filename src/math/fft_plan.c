/* Radices, places and twiddles of one pass's transforms. See fft_plan.h. */
#include "math/fft_plan.h"

enum { PLAN_CONSTANTS = 4 };

unsigned fft_odd_part(size_t size, unsigned *exponent) {
    *exponent = 0;
    if (size == 0)
        return 0;
    while (size % 2 == 0) {
        size /= 2;
        ++*exponent;
    }
    return size == 1 || size == 3 || size == 9 ? (unsigned)size : 0;
}

/* Places, then twiddles, of which all levels together have fewer than n. */
size_t fft_plan_bytes(size_t n) {
    return (n * sizeof(uint32_t) + (n + PLAN_CONSTANTS) * TWIDDLE_BYTES + 63) / 64 * 64;
}

/* Where element (begin + i * stride), i < n, goes inside the block at `to`. */
static void fill_places(uint32_t *place, const fft_plan *plan, unsigned level, size_t begin,
                        size_t stride, size_t n, size_t to) {
    if (n == 1) {
        place[begin] = (uint32_t)to;
        return;
    }
    const size_t q = plan->radix[level], m = n / q;
    for (size_t s = 0; s < q; s++)
        fill_places(place, plan, level + 1, begin + s * stride, stride * q, m, to + s * m);
}

/* Threes are outermost, then come eights, and what is left of the power of two is innermost, where
 * its twiddles are 1. */
static void choose_radices(fft_plan *plan) {
    unsigned exponent, odd = fft_odd_part(plan->n, &exponent);
    for (; odd > 1; odd /= 3)
        plan->radix[plan->levels++] = 3;
    for (unsigned i = exponent / 3; i > 0; i--)
        plan->radix[plan->levels++] = 8;
    if (exponent % 3 != 0)
        plan->radix[plan->levels++] = exponent % 3 == 1 ? 2 : 4;
    unsigned bound = 3; /* in units of r; see fft_loops.h */
    for (unsigned l = plan->levels; l-- > 0;) {
        const unsigned growth = 3 * (plan->radix[l] - 1U);
        plan->shrinks[l] = bound + growth > FFT_BOUND;
        bound = (plan->shrinks[l] ? 3 : bound) + growth;
    }
}

/* The constants of butterflies, where n has use for them, in memory of as many twiddles. */
static void fill_constants(fft_plan *plan, const math_kernels *kernels, const fr *roots,
                           uint8_t *memory) {
    const size_t n = plan->n;
    uint8_t *third = memory, *fourth = third + TWIDDLE_BYTES, *real = fourth + TWIDDLE_BYTES;
    uint8_t *imaginary = real + TWIDDLE_BYTES;
    if (n % 3 == 0)
        kernels->fr_twiddles(third, &roots[n / 3], 1);
    if (n % 4 == 0)
        kernels->fr_twiddles(fourth, &roots[n / 4], 1);
    if (n % 8 == 0) {
        /* With w of order 8 and i = w^2: w = c + i c and w^3 = i c - c. */
        fr half, c, ic;
        fr_set_u64(&half, 2);
        fr_inv(&half, &half);
        fr_sub(&c, &roots[n / 8], &roots[3 * n / 8]);
        fr_mul(&c, &c, &half);
        fr_add(&ic, &roots[n / 8], &roots[3 * n / 8]);
        fr_mul(&ic, &ic, &half);
        kernels->fr_twiddles(real, &c, 1);
        kernels->fr_twiddles(imaginary, &ic, 1);
    }
    plan->third = third;
    plan->fourth = fourth;
    plan->eighth_real = real;
    plan->eighth_imaginary = imaginary;
}

void fft_plan_init(fft_plan *plan, const math_kernels *kernels, size_t n, const fr *roots,
                   uint8_t *memory) {
    *plan = (fft_plan){.n = n};
    choose_radices(plan);
    uint8_t *at = memory + n * sizeof(uint32_t);
    fill_places((uint32_t *)(void *)memory, plan, 0, 0, 1, n, 0);
    plan->place = (uint32_t *)(void *)memory;
    size_t size = n;
    for (unsigned l = 0; l < plan->levels; l++) {
        const size_t q = plan->radix[l], m = size / q, step = n / size;
        plan->twiddles[l] = at;
        for (size_t j = 0; j < m; j++)
            for (size_t s = 1; s < q; s++, at += TWIDDLE_BYTES)
                kernels->fr_twiddles(at, &roots[s * j * step], 1);
        size = m;
    }
    fill_constants(plan, kernels, roots, at);
}
