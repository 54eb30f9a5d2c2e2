/* L_j(tau) for a whole subgroup with one inversion a batch. */
#include "groth16/lagrange.h"

#include "base/threads.h"
#include "base/wipe.h"

/* Denominators inverted together: the inversion (about 380 products) costs less than one product
 * each. */
enum { BATCH = 512 };

typedef struct {
    fr *out;
    const fr *first, *step, *at;
    fr numerator; /* factor (at^order - 1) / order */
} lagrange_job;

void fr_power_u64(fr *out, const fr *a, uint64_t n) { fr_pow(out, a, &n, 1); }

void subgroup_root(fr *out, uint64_t order) {
    const uint64_t generator = 5; /* of Fr's multiplicative group, see math/fr.h */
    uint64_t exponent[4];
    unsigned __int128 rest = 0;
    fr base;
    for (int i = 3; i >= 0; i--) {
        rest = rest << 64 | (fr_MODULUS.l[i] - (i == 0)); /* r is odd: no borrow */
        exponent[i] = (uint64_t)(rest / order);
        rest %= order;
    }
    fr_set_u64(&base, generator);
    fr_pow(out, &base, exponent, 4);
}

static void lagrange_batch(const lagrange_job *job, fr *out, size_t n, fr *x) {
    fr scratch[BATCH], points[BATCH];
    for (size_t j = 0; j < n; j++) {
        points[j] = *x;
        fr_sub(&out[j], job->at, x);
        fr_mul(x, x, job->step);
    }
    fr_batch_inv(out, n, scratch);
    for (size_t j = 0; j < n; j++) {
        fr_mul(&out[j], &out[j], &points[j]);
        fr_mul(&out[j], &out[j], &job->numerator);
    }
    secure_wipe(scratch, sizeof scratch);
}

static void lagrange_range(void *context, size_t begin, size_t end, unsigned worker) {
    const lagrange_job *job = context;
    fr x;
    (void)worker;
    fr_power_u64(&x, job->step, begin);
    fr_mul(&x, &x, job->first);
    for (size_t j = begin; j < end; j += BATCH)
        lagrange_batch(job, job->out + j, end - j < BATCH ? end - j : BATCH, &x);
}

void lagrange_values(fr *out, size_t count, uint64_t order, const fr *first, const fr *step,
                     const fr *at, const fr *factor, unsigned threads) {
    lagrange_job job = {.out = out, .first = first, .step = step, .at = at};
    fr one, inverse;
    fr_set_one(&one);
    fr_power_u64(&job.numerator, at, order);
    fr_sub(&job.numerator, &job.numerator, &one);
    fr_set_u64(&inverse, order);
    fr_inv(&inverse, &inverse);
    fr_mul(&job.numerator, &job.numerator, &inverse);
    fr_mul(&job.numerator, &job.numerator, factor);
    parallel_for(threads, count, 16 * BATCH, lagrange_range, &job);
    secure_wipe(&job, sizeof job);
}
