/*
 * The half of a multi-scalar multiplication that does not depend on the curve: scalars are sorted
 * by size into lists, and each list is cut into windows of digits.
 */
#ifndef MATH_MSM_DIGITS_H
#define MATH_MSM_DIGITS_H

#include "math/fr.h"

enum {
    MSM_MAX_BITS = 16,     /* of a window: its digits are held in 16 bits */
    MSM_MAX_WINDOWS = 127, /* 254 bits in windows of two */
    MSM_MAX_PARTS = 1024,  /* windows times splits of one list */
    MSM_LISTS = 3,
};

/*
 * Points whose scalars are alike. The scalar of entry j is sum_w digit(w, j) * 2^(bits w), negated
 * when the lowest bit of index[j] is set; index[j] >> 1 is the base. Windows w have digits only for
 * the first length[w] entries. With bits = 0 all digits are 1 and not stored.
 */
typedef struct {
    size_t count;
    uint32_t *index;
    size_t stride;    /* from one window's digits to the next one's, at least count */
    uint16_t *digits; /* window w begins at w * stride; int16_t when is_signed */
    unsigned bits;    /* of a window */
    unsigned windows;
    bool is_signed;  /* digits are in [-2^(bits-1), 2^(bits-1)), else in [0, 2^bits) */
    unsigned splits; /* parts that each window is cut into, for load balance */
    size_t buckets;  /* the largest magnitude of a digit */
    size_t length[MSM_MAX_WINDOWS];
} msm_list;

/* Bytes of scratch for msm_sort, a multiple of 64. */
size_t msm_sort_scratch(size_t n, unsigned threads);

/* An upper bound on the buckets of any list for n scalars; threads is not 0. */
size_t msm_max_buckets(size_t n, unsigned threads);

/*
 * Sorts n scalars. Those that are 0, and those whose base is infinity (point_bytes zero bytes at
 * bases + i * point_bytes), belong to no list. The lists point into scratch (64-aligned).
 */
void msm_sort(msm_list lists[MSM_LISTS], const fr *scalars, size_t n, const void *bases,
              size_t point_bytes, unsigned threads, void *scratch);

#endif
