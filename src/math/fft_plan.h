/* How one pass of a transform goes: a plan of kernels.h, made for a backend's kernels. */
#ifndef MATH_FFT_PLAN_H
#define MATH_FFT_PLAN_H

#include "math/kernels.h"

/* The odd part of a size if it is 1, 3 or 9, else 0; and the exponent of two. */
unsigned fft_odd_part(size_t size, unsigned *exponent);

/* Bytes of memory that a plan for n elements needs. */
size_t fft_plan_bytes(size_t n);

/* A plan for n elements, n a multiple of 8 with odd part 1, 3 or 9, in memory of fft_plan_bytes(n)
 * bytes, 8-aligned; roots[i] = (root of order n)^i for i < n. */
void fft_plan_init(fft_plan *plan, const math_kernels *kernels, size_t n, const fr *roots,
                   uint8_t *memory);

#endif
