/* The Poseidon2 permutation; included once by each backend. See poseidon2.h for the definition. */
#include "math/poseidon2.h"

/* x = x^5; *trace, unless it is NULL, is where what led there is written, and moves on. */
static void poseidon2_power5(fr *x, poseidon2_power **trace) {
    poseidon2_power p = {.x = *x};
    fr_sqr(&p.square, x);
    fr_mul(&p.cube, &p.square, x);
    fr_mul(&p.fifth, &p.square, &p.cube);
    *x = p.fifth;
    if (*trace)
        *(*trace)++ = p;
}

/* M4 times four elements, with eight additions and four doublings' worth of work (paper, appendix
 * B). */
static void poseidon2_m4(fr s[4]) {
    fr ab, cd, p, q;
    fr_add(&ab, &s[0], &s[1]);
    fr_add(&cd, &s[2], &s[3]);
    fr_double(&p, &s[1]);
    fr_add(&p, &p, &cd); /* 2b + c + d */
    fr_double(&q, &s[3]);
    fr_add(&q, &q, &ab); /* a + b + 2d */
    fr_double(&cd, &cd);
    fr_double(&cd, &cd);
    fr_add(&s[3], &cd, &q); /* a + b + 4c + 6d */
    fr_double(&ab, &ab);
    fr_double(&ab, &ab);
    fr_add(&s[1], &ab, &p); /* 4a + 6b + c + d */
    fr_add(&s[0], &q, &s[1]);
    fr_add(&s[2], &p, &s[3]);
}

static void poseidon2_external_loop(fr *s, size_t t) {
    fr sums[4];
    size_t width = t == 3 ? 1 : 4;
    for (size_t i = 0; i < width; i++)
        fr_set_zero(&sums[i]);
    if (width == 4)
        for (size_t i = 0; i < t; i += 4)
            poseidon2_m4(&s[i]);
    for (size_t i = 0; i < t; i++)
        fr_add(&sums[i % width], &sums[i % width], &s[i]);
    for (size_t i = 0; i < t; i++)
        fr_add(&s[i], &s[i], &sums[i % width]);
}

static void poseidon2_internal(fr *s, const poseidon2_params *params) {
    fr sum = s[0];
    for (size_t i = 1; i < params->t; i++)
        fr_add(&sum, &sum, &s[i]);
    for (size_t i = 0; i < params->t; i++) {
        fr_mul(&s[i], &s[i], &params->diagonal[i]);
        fr_add(&s[i], &s[i], &sum);
    }
}

static const fr *poseidon2_full_rounds(fr *s, const poseidon2_params *params, const fr *constants,
                                       poseidon2_power **trace) {
    for (size_t round = 0; round < params->full_rounds / 2; round++) {
        for (size_t i = 0; i < params->t; i++) {
            fr_add(&s[i], &s[i], constants++);
            poseidon2_power5(&s[i], trace);
        }
        poseidon2_external_loop(s, params->t);
    }
    return constants;
}

/* All that follows the first matrix. */
static void poseidon2_rounds(fr *s, const poseidon2_params *params, poseidon2_power *trace) {
    const fr *constants = poseidon2_full_rounds(s, params, params->round_constants, &trace);
    for (size_t round = 0; round < params->partial_rounds; round++) {
        fr_add(&s[0], &s[0], constants++);
        poseidon2_power5(&s[0], &trace);
        poseidon2_internal(s, params);
    }
    poseidon2_full_rounds(s, params, constants, &trace);
}

static void poseidon2_permute_loop(fr *s, const poseidon2_params *params) {
    poseidon2_external_loop(s, params->t);
    poseidon2_rounds(s, params, NULL);
}

#ifndef ZKM_VERIFIER_ONLY
static void poseidon2_trace_loop(poseidon2_power *out, fr *s, const poseidon2_params *params) {
    for (size_t i = 0; i < params->t; i++)
        fr_sub(&s[i], &s[i], &params->round_constants[i]);
    poseidon2_rounds(s, params, out);
}
#endif
