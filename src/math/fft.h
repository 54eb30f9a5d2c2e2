/*
 * Number-theoretic transforms over Fr on domains of 2^k, 3 * 2^k and 9 * 2^k elements, with k <= 28
 * and at most 2^28 elements; r - 1 = 2^28 * 3^2 * ..., so all of them exist.
 *
 * With w = domain->root, a primitive root of order n, fft_forward turns coefficients a_i into
 * values A_k = sum_i a_i w^(i k), and fft_inverse turns them back. Both in natural order, in and
 * out. The coset versions evaluate on shift * w^k, where shift = domain->shift is a primitive root
 * of order 2n with shift^2 = w: the odd powers of shift. There X^n - 1 has the value -2 everywhere.
 *
 * Large transforms follow Bailey's four steps, see kernels.h and fft_loops.h.
 */
#ifndef MATH_FFT_H
#define MATH_FFT_H

#include "math/fr.h"

typedef struct {
    size_t size;
    fr root, root_inv;    /* w, 1/w */
    fr size_inv;          /* 1/n */
    fr shift, shift_inv;  /* 0 when no root of order 2n exists (k = 28) */
    size_t rows, columns; /* size = rows * columns, each a multiple of 8; 0, 0 for small sizes */
    const fr *tables;     /* the caller's memory, see fft.c */
} fft_domain;

/* The smallest domain with at least n elements; 0 when n is above 2^28. */
size_t fft_domain_smallest(size_t n);

/* Whether a domain of this size exists. */
bool fft_domain_valid(size_t size);

/* How many fr a domain's tables take: about 10 sqrt(size). size is valid. */
size_t fft_domain_tables(size_t size);

/* Prepares a domain of a valid size. tables has room for fft_domain_tables(size) elements and stays
 * the caller's; it must live, unchanged, as long as the domain is used. */
void fft_domain_init(fft_domain *out, size_t size, fr *tables);

/* Bytes of scratch for a transform of this size: size elements, and the workers' memory. */
size_t fft_scratch(size_t size);

/* In place on a[0 .. size), with up to `threads` threads (0: threads_available()). scratch holds
 * fft_scratch(size) bytes of any alignment. The coset versions need a domain with a shift. */
void fft_forward(const fft_domain *domain, fr *a, unsigned threads, void *scratch);
void fft_inverse(const fft_domain *domain, fr *a, unsigned threads, void *scratch);
void fft_forward_coset(const fft_domain *domain, fr *a, unsigned threads, void *scratch);
void fft_inverse_coset(const fft_domain *domain, fr *a, unsigned threads, void *scratch);

#endif
