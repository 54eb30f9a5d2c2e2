/*
 * Setup (DESIGN section 3; Groth 2016, section 3.2, with H in the Lagrange form that snarkjs uses):
 *   K_i = beta A_i(tau) + alpha B_i(tau) + C_i(tau);
 *   publics [K_i/gamma]_1, committed wires [K_i/delta1]_1, the others [K_i/delta]_1;
 *   the blinding column (unless the key is exportable): a wire u that occurs in a further row only,
 * u * 0 = 0, so that A_u = L_j with j the number of rows, B_u = C_u = 0 and K_u = beta L_j;
 *   H_i = [L_{2i+1}(tau)/delta]_1 with L the Lagrange basis of the domain of twice the size: AB - C
 * vanishes on its even points, so its values on the odd ones are its coordinates in this basis.
 */
#include "groth16/setup.h"

#include <stdlib.h>
#include <string.h>

#include "base/progress.h"
#include "base/threads.h"
#include "base/wipe.h"
#include "groth16/lagrange.h"
#include "groth16/pk.h"
#include "groth16/scratch.h"
#include "groth16/setup_points.h"
#include "groth16/system.h"
#include "math/fr_random.h"

typedef struct {
    fr tau, alpha, beta, gamma, delta, delta1;
} setup_secrets;

typedef struct {
    const r1cs *cs;
    unsigned threads;
    bool exportable;
    size_t domain;
    setup_secrets secrets;
    /* Each num_wires long but for lagrange (domain): L_j(tau); A_i(tau); B_i(tau); C_i(tau), then
     * K_i over its divisor. */
    scratch lagrange, a, b, k;
    fr blinding; /* L_j(tau) of the row behind the system's */
    setup_points points;
    groth16_pk_header header;
} setup_job;

/* tau must lie outside the doubled domain, where Lagrange values would divide by zero (probability
 * 2^-200), and no secret may be zero or one. */
static bool secrets_are_good(const setup_secrets *s, size_t domain) {
    const fr *all = &s->tau;
    fr power;
    for (size_t i = 0; i < sizeof *s / sizeof *all; i++)
        if (fr_is_zero(&all[i]) || fr_is_one(&all[i]))
            return false;
    fr_power_u64(&power, &s->tau, 2 * (uint64_t)domain);
    return !fr_is_one(&power);
}

static zkm_status draw_secrets(zkm_error *err, setup_secrets *s, size_t domain) {
    do {
        ZKM_TRY(fr_random(err, &s->tau));
        ZKM_TRY(fr_random(err, &s->alpha));
        ZKM_TRY(fr_random(err, &s->beta));
        ZKM_TRY(fr_random(err, &s->gamma));
        ZKM_TRY(fr_random(err, &s->delta));
        ZKM_TRY(fr_random(err, &s->delta1));
    } while (!secrets_are_good(s, domain));
    return ZKM_OK;
}

static zkm_status evaluate_columns(zkm_error *err, setup_job *job) {
    size_t wires = job->cs->num_wires;
    fr one, root;
    ZKM_TRY(scratch_array(err, &job->lagrange, "setup", job->domain, sizeof(fr)));
    ZKM_TRY(scratch_array(err, &job->a, "setup", wires, sizeof(fr)));
    ZKM_TRY(scratch_array(err, &job->b, "setup", wires, sizeof(fr)));
    ZKM_TRY(scratch_array(err, &job->k, "setup", wires, sizeof(fr)));
    fr_set_one(&one);
    subgroup_root(&root, job->domain);
    lagrange_values(job->lagrange.data, job->domain, job->domain, &one, &root, &job->secrets.tau,
                    &one, job->threads);
    if (!job->exportable)
        job->blinding = ((const fr *)job->lagrange.data)[job->cs->num_rows];
    r1cs_columns(job->cs, job->lagrange.data, job->a.data, job->b.data, job->k.data, job->threads);
    return ZKM_OK;
}

typedef struct {
    fr *k;
    const fr *a, *b;
    const fr *alpha, *beta;
    fr gamma_inv, delta_inv, delta1_inv;
    size_t first_committed, first_private;
} combine_job;

static void combine_range(void *context, size_t begin, size_t end, unsigned worker) {
    const combine_job *job = context;
    (void)worker;
    for (size_t i = begin; i < end; i++) {
        const fr *divisor = i < job->first_committed ? &job->gamma_inv
                            : i < job->first_private ? &job->delta1_inv
                                                     : &job->delta_inv;
        fr left, right;
        fr_mul(&left, job->beta, &job->a[i]);
        fr_mul(&right, job->alpha, &job->b[i]);
        fr_add(&left, &left, &right);
        fr_add(&left, &left, &job->k[i]);
        fr_mul(&job->k[i], &left, divisor);
    }
}

/* C_i(tau) becomes K_i over gamma, delta1 or delta. */
static void combine_columns(setup_job *job) {
    const setup_secrets *s = &job->secrets;
    combine_job combine = {.k = job->k.data,
                           .a = job->a.data,
                           .b = job->b.data,
                           .alpha = &s->alpha,
                           .beta = &s->beta,
                           .first_committed = r1cs_first_committed(job->cs),
                           .first_private = r1cs_first_private(job->cs)};
    fr_inv(&combine.gamma_inv, &s->gamma);
    fr_inv(&combine.delta_inv, &s->delta);
    fr_inv(&combine.delta1_inv, &s->delta1);
    parallel_for(job->threads, job->cs->num_wires, 0, combine_range, &combine);
    secure_wipe(&combine, sizeof combine);
}

/* The Lagrange values of the odd coset over delta, where those of the domain were. */
static void quotient_basis(setup_job *job) {
    fr root, doubled_root, delta_inv;
    subgroup_root(&doubled_root, 2 * job->domain);
    fr_sqr(&root, &doubled_root);
    fr_inv(&delta_inv, &job->secrets.delta);
    lagrange_values(job->lagrange.data, job->domain, 2 * (uint64_t)job->domain, &doubled_root,
                    &root, &job->secrets.tau, &delta_inv, job->threads);
    secure_wipe(&delta_inv, sizeof delta_inv);
}

static zkm_status make_vk(zkm_error *err, groth16_vk **vk, setup_job *job) {
    const setup_secrets *s = &job->secrets;
    groth16_vk_parts parts = {.origin = job->header.origin,
                              .committed = job->cs->num_committed > 0,
                              .num_public = job->cs->num_public};
    scratch ic = {0};
    zkm_status status;
    memcpy(parts.circuit_digest, job->header.circuit_digest, sizeof parts.circuit_digest);
    ZKM_TRY_OUT(
        scratch_array(err, &ic, "verifying key", (size_t)parts.num_public + 1, sizeof(g1_affine)));
    parts.ic = ic.data;
    setup_points_g1(&job->points, parts.ic, job->k.data, (size_t)parts.num_public + 1);
    setup_points_g1(&job->points, &parts.alpha, &s->alpha, 1);
    setup_points_g2(&job->points, &parts.beta, &s->beta, 1);
    setup_points_g2(&job->points, &parts.gamma, &s->gamma, 1);
    setup_points_g2(&job->points, &parts.delta, &s->delta, 1);
    if (parts.committed)
        setup_points_g2(&job->points, &parts.delta1, &s->delta1, 1);
    status = groth16_vk_new(err, vk, &parts);
out:
    scratch_free(&ic);
    return status;
}

/* A_u over 1, K_u over delta. */
static void make_blinding_column(setup_job *job) {
    const setup_secrets *s = &job->secrets;
    fr k, delta_inv;
    fr_inv(&delta_inv, &s->delta);
    fr_mul(&k, &s->beta, &job->blinding);
    fr_mul(&k, &k, &delta_inv);
    setup_points_g1(&job->points, &job->header.blind_a, &job->blinding, 1);
    setup_points_g1(&job->points, &job->header.blind_k, &k, 1);
    secure_wipe(&k, sizeof k);
    secure_wipe(&delta_inv, sizeof delta_inv);
}

static void fill_header(setup_job *job, const groth16_vk *vk) {
    const setup_secrets *s = &job->secrets;
    groth16_pk_header *h = &job->header;
    memcpy(h->vk_digest, vk->digest, sizeof h->vk_digest);
    h->num_public = job->cs->num_public;
    h->num_committed = job->cs->num_committed;
    h->num_wires = job->cs->num_wires;
    h->num_rows = job->cs->num_rows;
    h->domain = job->domain;
    setup_points_g1(&job->points, &h->beta, &s->beta, 1);
    setup_points_g1(&job->points, &h->delta, &s->delta, 1);
    if (h->num_committed > 0)
        setup_points_g1(&job->points, &h->delta1, &s->delta1, 1);
    if (!job->exportable)
        make_blinding_column(job);
}

static zkm_status write_sections(zkm_error *err, setup_job *job, pk_writer *w,
                                 const groth16_vk *vk) {
    setup_points *p = &job->points;
    const fr *k = job->k.data;
    size_t wires = job->cs->num_wires, committed = r1cs_first_committed(job->cs);
    size_t private_ = r1cs_first_private(job->cs);
    const pk_section in_g1 = job->exportable ? PK_B1 : PK_SECTIONS;
    ZKM_TRY(pk_writer_vk(err, w, vk));
    ZKM_TRY(
        setup_points_write_sparse(err, p, w, job->a.data, wires, PK_A_INDEX, PK_A, PK_SECTIONS));
    ZKM_TRY(setup_points_write_sparse(err, p, w, job->b.data, wires, PK_B_INDEX, in_g1, PK_B2));
    if (!job->exportable)
        ZKM_TRY(pk_writer_begin(err, w, PK_B1));
    ZKM_TRY(setup_points_write(err, p, w, PK_COMMITTED, k + committed, private_ - committed));
    ZKM_TRY(setup_points_write(err, p, w, PK_PRIVATE, k + private_, wires - private_));
    quotient_basis(job);
    return setup_points_write(err, p, w, PK_H, job->lagrange.data, job->domain);
}

static size_t count_nonzero(const fr *v, size_t n) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += !fr_is_zero(&v[i]);
    return count;
}

static zkm_status prepare_points(zkm_error *err, setup_job *job, const zkm_progress *progress) {
    size_t wires = job->cs->num_wires, in_b = count_nonzero(job->b.data, wires);
    size_t dense = wires - r1cs_first_committed(job->cs) + job->domain;
    size_t sparse = count_nonzero(job->a.data, wires) + (job->exportable ? in_b : 0);
    return setup_points_init(err, &job->points, sparse + dense, in_b, job->threads, progress);
}

static zkm_status run_setup(zkm_error *err, groth16_vk **vk, pk_writer *w, setup_job *job,
                            const zkm_progress *progress) {
    groth16_vk *key = NULL;
    zkm_status status;
    ZKM_TRY_OUT(draw_secrets(err, &job->secrets, job->domain));
    ZKM_TRY_OUT(progress_report(err, progress, "evaluating polynomials", 0, 1));
    ZKM_TRY_OUT(evaluate_columns(err, job));
    combine_columns(job);
    ZKM_TRY_OUT(prepare_points(err, job, progress));
    ZKM_TRY_OUT(make_vk(err, &key, job));
    fill_header(job, key);
    ZKM_TRY_OUT(write_sections(err, job, w, key));
    *vk = key;
    key = NULL;
out:
    groth16_vk_free(key);
    return status;
}

static void clear_job(setup_job *job) {
    scratch_free(&job->lagrange);
    scratch_free(&job->a);
    scratch_free(&job->b);
    scratch_free(&job->k);
    setup_points_clear(&job->points);
    secure_wipe(&job->blinding, sizeof job->blinding);
    secure_wipe(&job->secrets, sizeof job->secrets);
}

zkm_status groth16_setup(zkm_error *err, groth16_vk **vk, const char *pk_path, const r1cs *cs,
                         const uint8_t circuit_digest[32], const groth16_setup_options *options) {
    zkm_status status;
    pk_writer *w = NULL;
    groth16_vk *key = NULL;
    setup_job job = {.cs = cs, .threads = options->threads, .exportable = options->exportable};
    job.header.origin.kind = GROTH16_SINGLE_PARTY;
    memcpy(job.header.circuit_digest, circuit_digest, sizeof job.header.circuit_digest);
    ZKM_TRY(system_check(err, cs));
    ZKM_TRY(system_domain(err, &job.domain, cs->num_rows + !job.exportable, job.exportable));
    ZKM_TRY_OUT(pk_writer_open(err, &w, pk_path, 0644));
    ZKM_TRY_OUT(run_setup(err, &key, w, &job, options->progress));
    status = pk_writer_commit(err, w, &job.header);
    w = NULL;
    if (status == ZKM_OK) {
        *vk = key;
        key = NULL;
    }
out:
    pk_writer_abort(w);
    groth16_vk_free(key);
    clear_job(&job);
    return status;
}
