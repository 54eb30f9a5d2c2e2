/*
 * H on the odd coset (the Lagrange form that snarkjs uses; six transforms instead of seven). Let w
 * be the root of order 2n. (AB - C)(x) has degree below 2n - 1 and vanishes on the even powers of
 * w, so its values on the odd powers are its coordinates in the Lagrange basis of the doubled
 * domain; nothing is divided.
 */
#include "groth16/quotient.h"

#include <string.h>

#include "base/threads.h"
#include "groth16/scratch.h"
#include "math/fft.h"

typedef struct {
    fr *a;
    const fr *b, *c;
    fr *product;
} pointwise_job;

static void multiply_range(void *context, size_t begin, size_t end, unsigned worker) {
    const pointwise_job *job = context;
    (void)worker;
    for (size_t i = begin; i < end; i++)
        fr_mul(&job->product[i], &job->a[i], &job->b[i]);
}

static void combine_range(void *context, size_t begin, size_t end, unsigned worker) {
    const pointwise_job *job = context;
    (void)worker;
    for (size_t i = begin; i < end; i++) {
        fr_mul(&job->a[i], &job->a[i], &job->b[i]);
        fr_sub(&job->a[i], &job->a[i], &job->c[i]);
    }
}

zkm_status odd_coset_values(zkm_error *err, fr *const *values, size_t count, size_t domain,
                            unsigned threads) {
    scratch tables = {0}, room = {0};
    fft_domain d;
    zkm_status status;
    ZKM_TRY_OUT(scratch_array(err, &tables, "prover", fft_domain_tables(domain), sizeof(fr)));
    ZKM_TRY_OUT(scratch_new(err, &room, "prover", fft_scratch(domain)));
    fft_domain_init(&d, domain, tables.data);
    for (size_t i = 0; i < count; i++) {
        fft_inverse(&d, values[i], threads, room.data);
        fft_forward_coset(&d, values[i], threads, room.data);
    }
out:
    scratch_free(&tables);
    scratch_free(&room);
    return status;
}

zkm_status quotient_on_odd_coset(zkm_error *err, fr *a, fr *b, size_t num_rows, size_t domain,
                                 unsigned threads) {
    scratch c = {0};
    zkm_status status;
    ZKM_TRY_OUT(scratch_array(err, &c, "prover", domain, sizeof(fr)));
    memset(a + num_rows, 0, (domain - num_rows) * sizeof *a);
    memset(b + num_rows, 0, (domain - num_rows) * sizeof *b);
    pointwise_job job = {.a = a, .b = b, .c = c.data, .product = c.data};
    fr *const all[3] = {c.data, a, b};
    parallel_for(threads, domain, 0, multiply_range, &job);
    ZKM_TRY_OUT(odd_coset_values(err, all, 3, domain, threads));
    parallel_for(threads, domain, 0, combine_range, &job);
out:
    scratch_free(&c);
    return status;
}
