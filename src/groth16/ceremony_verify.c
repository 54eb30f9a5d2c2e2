/*
 * Checking a ceremony. With random weights rho_i of the wires (and of the blinding column), sums
 * over the file's points are compared with sums over the powers of tau: sum_i rho_i A_i(tau) =
 * sum_j (A rho)_j L_j(tau) is the polynomial that has the values A rho on the domain, whose
 * coefficients an inverse transform of scalars gives. So no Lagrange basis of points is needed.
 *
 * With these polynomials a, b, c, and h for the quotient's weights sigma_i, must hold
 *
 *   EQ_A   sum rho_i A_i  = a(tau)          EQ_B1  sum rho_i B1_i = b(tau)
 *   EQ_B   sum rho_i B2_i = b(tau)          EQ_H   delta sum sigma_i H_i = h(tau)
 *   EQ_K   sum of the public rho_i K_i + delta1 sum of the committed + delta sum of the others
 *          = beta sum rho_i A_i + alpha sum rho_i B2_i + c(tau)
 *
 * EQ_K takes for beta a(tau) and alpha b(tau) what EQ_A and EQ_B say to be the same. Each equation
 * is multiplied by a random factor, and all are proved by one sum over the powers and one product
 * of pairings, those that say that the powers are such among them (ptau.h).
 */
#include <string.h>

#include "base/progress.h"
#include "base/threads.h"
#include "groth16/ceremony_internal.h"
#include "groth16/ceremony_layout.h"
#include "groth16/point_sums.h"
#include "groth16/scratch.h"
#include "math/fft.h"
#include "math/fr_random.h"

enum { EQ_A, EQ_B, EQ_B1, EQ_K, EQ_H, EQUATIONS };

static const char *const FAULT[EQUATIONS] = {
    "the points of A are", "the points of B are", "the points of B in G1 are",
    "the points of the wires are", "the points of the quotient are"};

typedef struct {
    const zkc *z;
    const r1cs *cs;
    const ptau *powers;
    unsigned threads;
    scratch weights;    /* of the wires, then that of the blinding column */
    scratch a, b, c, h; /* coefficients of the polynomials */
    scratch tau1;       /* those of the claim */
    g1 sum_a, sum_b1, sum_h, sum_public, sum_committed, sum_private;
    g2_affine sum_b2;
} zkc_checker;

static zkm_status rejected(zkm_error *err, const char *what) {
    return error_set(err, ZKM_REJECTED,
                     "ceremony file: %s not what the circuit, the powers of tau and the "
                     "contributions make of them; the file was damaged or forged: do not use it",
                     what);
}

/* Values on a domain become coefficients. */
static zkm_status interpolate(zkm_error *err, fr *values, size_t n, unsigned threads) {
    scratch tables = {0}, room = {0};
    fft_domain d;
    zkm_status status;
    ZKM_TRY_OUT(scratch_array(err, &tables, "ceremony", fft_domain_tables(n), sizeof(fr)));
    ZKM_TRY_OUT(scratch_new(err, &room, "ceremony", fft_scratch(n)));
    fft_domain_init(&d, n, tables.data);
    fft_inverse(&d, values, threads, room.data);
out:
    scratch_free(&tables);
    scratch_free(&room);
    return status;
}

/* a, b and c. */
static zkm_status weigh_rows(zkm_error *err, zkc_checker *k) {
    const zkc_header *h = &k->z->header;
    size_t n = (size_t)h->domain, rows = (size_t)h->num_rows, wires = h->num_wires;
    scratch *out[3] = {&k->a, &k->b, &k->c};
    ZKM_TRY(scratch_array(err, &k->weights, "ceremony", wires + 1, sizeof(fr)));
    ZKM_TRY(fr_random_weights(err, k->weights.data, wires + 1));
    for (int i = 0; i < 3; i++) {
        ZKM_TRY(scratch_array(err, out[i], "ceremony", n, sizeof(fr)));
        memset((fr *)out[i]->data + rows, 0, (n - rows) * sizeof(fr));
    }
    const fr *rho = k->weights.data;
    ZKM_TRY(r1cs_evaluate(err, k->cs, rho, k->a.data, k->b.data, k->c.data, k->threads));
    if (!g1_affine_is_infinity(&h->blind_a)) /* the blinding column: A_u = L_rows */
        ((fr *)k->a.data)[rows] = rho[wires];
    for (int i = 0; i < 3; i++)
        ZKM_TRY(interpolate(err, out[i]->data, n, k->threads));
    return ZKM_OK;
}

/* ------------------------------------------------------------------ sums over the file's points */

static zkm_status section_sum(zkm_error *err, g1 *out, const zkc_checker *k, zkc_section s,
                              const fr *scalars, size_t n) {
    const point_source source = {.data = k->z->section[s].data, .scalars = scalars, .n = n};
    return point_sum_g1(err, out, &source, k->threads);
}

/* The blinding column has a point besides those of a section. */
static void add_blinding(g1 *sum, const zkc_checker *k, const g1_affine *p) {
    g1 term;
    g1_from_affine(&term, p);
    g1_mul(&term, &term, (const fr *)k->weights.data + k->z->header.num_wires);
    g1_add(sum, sum, &term);
}

/* The weights of the wires that a section lists. */
static zkm_status gather(zkm_error *err, scratch *out, const zkc_checker *k, zkc_section index,
                         size_t n) {
    byte_reader r = k->z->section[index];
    const fr *rho = k->weights.data;
    ZKM_TRY(scratch_array(err, out, "ceremony", n, sizeof(fr)));
    for (size_t i = 0; i < n; i++) {
        const uint32_t wire = reader_u32_le(&r);
        if (wire >= k->z->header.num_wires) /* it was not when the file was opened */
            return rejected(err, "the lists of wires, which changed while they were read, are");
        ((fr *)out->data)[i] = rho[wire];
    }
    return ZKM_OK;
}

static zkm_status sum_a(zkm_error *err, zkc_checker *k) {
    scratch rho = {0};
    zkm_status status = gather(err, &rho, k, ZKC_A_INDEX, k->z->num_a);
    if (status == ZKM_OK)
        status = section_sum(err, &k->sum_a, k, ZKC_A, rho.data, k->z->num_a);
    if (status == ZKM_OK)
        add_blinding(&k->sum_a, k, &k->z->header.blind_a);
    scratch_free(&rho);
    return status;
}

static zkm_status sum_b2(zkm_error *err, zkc_checker *k) {
    scratch rho = {0};
    g2 sum;
    zkm_status status = gather(err, &rho, k, ZKC_B_INDEX, k->z->num_b);
    if (status == ZKM_OK) {
        const point_source source = {
            .data = k->z->section[ZKC_B2].data, .scalars = rho.data, .n = k->z->num_b};
        status = point_sum_g2(err, &sum, &source, k->threads);
    }
    if (status == ZKM_OK)
        g2_to_affine(&k->sum_b2, &sum);
    scratch_free(&rho);
    return status;
}

/* B in G1, which only snarkjs's keys have. */
static zkm_status sum_b1(zkm_error *err, zkc_checker *k) {
    const byte_reader *b1 = &k->z->b1;
    const point_source source = {
        .data = b1->data, .scalars = k->weights.data, .n = b1->data ? k->z->header.num_wires : 0};
    return point_sum_g1(err, &k->sum_b1, &source, k->threads);
}

static zkm_status sum_k(zkm_error *err, zkc_checker *k) {
    const zkc_header *h = &k->z->header;
    const fr *rho = k->weights.data;
    size_t committed = zkc_first_committed(h), private_ = zkc_first_private(h);
    ZKM_TRY(section_sum(err, &k->sum_public, k, ZKC_IC, rho, committed));
    ZKM_TRY(section_sum(err, &k->sum_committed, k, ZKC_COMMITTED, rho + committed,
                        private_ - committed));
    ZKM_TRY(
        section_sum(err, &k->sum_private, k, ZKC_PRIVATE, rho + private_, h->num_wires - private_));
    add_blinding(&k->sum_private, k, &k->z->now.blind_k);
    return ZKM_OK;
}

/* The quotient's points, and h: on the doubled domain it is sigma_i on the odd elements and 0 on
 * the even ones. */
static zkm_status sum_h(zkm_error *err, zkc_checker *k) {
    size_t n = (size_t)k->z->header.domain;
    scratch sigma = {0};
    zkm_status status;
    ZKM_TRY_OUT(scratch_array(err, &sigma, "ceremony", n, sizeof(fr)));
    ZKM_TRY_OUT(fr_random_weights(err, sigma.data, n));
    ZKM_TRY_OUT(scratch_array(err, &k->h, "ceremony", 2 * n, sizeof(fr)));
    fr *values = k->h.data;
    for (size_t i = 0; i < n; i++) {
        fr_set_zero(&values[2 * i]);
        values[2 * i + 1] = ((const fr *)sigma.data)[i];
    }
    ZKM_TRY_OUT(interpolate(err, values, 2 * n, k->threads));
    status = section_sum(err, &k->sum_h, k, ZKC_H, sigma.data, n);
out:
    scratch_free(&sigma);
    return status;
}

/* ------------------------------------------------------------------ equations */

typedef struct {
    const zkc_checker *k;
    fr a, b, c, h; /* what the polynomials are multiplied by */
} claim_job;

static void add_polynomials(void *context, size_t begin, size_t end, unsigned worker) {
    const claim_job *job = context;
    const zkc_checker *k = job->k;
    const size_t n = (size_t)k->z->header.domain;
    const fr *factor[] = {&job->a, &job->b, &job->c};
    const fr *polynomial[] = {k->a.data, k->b.data, k->c.data};
    fr *out = k->tau1.data, t;
    (void)worker;
    for (size_t i = begin; i < end; i++) {
        fr_mul(&out[i], &job->h, (const fr *)k->h.data + i);
        for (int j = 0; j < 3 && i < n; j++) {
            fr_mul(&t, factor[j], &polynomial[j][i]);
            fr_add(&out[i], &out[i], &t);
        }
    }
}

static void dot(g1_affine *out, const g1 *p, const fr *k, size_t n) {
    g1 sum;
    g1_dot(&sum, p, k, n);
    g1_to_affine(out, &sum);
}

/* The sum of all equations, left side less right side, each multiplied by its factor. */
static ptau_claim claim_of(const zkc_checker *k, const fr factor[EQUATIONS]) {
    ptau_claim claim = {
        .tau1 = k->tau1.data,
        .right = {*g2_generator(), k->sum_b2, k->powers->beta2, k->z->now.delta, k->z->now.delta1}};
    claim_job job = {.k = k};
    g1_affine alpha;
    g1 ones[2];
    fr minus_k, b1;
    fr_set_zero(&b1);
    if (k->z->b1.data)
        b1 = factor[EQ_B1];
    fr_neg(&minus_k, &factor[EQ_K]);
    ptau_copy(k->powers, PTAU_ALPHA1, 0, 1, &alpha);
    g1_from_affine(&ones[0], g1_generator());
    g1_from_affine(&ones[1], &alpha);
    dot(&claim.left[0], (const g1[]){k->sum_a, k->sum_b1, k->sum_public},
        (const fr[]){factor[EQ_A], b1, factor[EQ_K]}, 3);
    dot(&claim.left[1], ones, (const fr[]){factor[EQ_B], minus_k}, 2);
    dot(&claim.left[2], &k->sum_a, &minus_k, 1);
    dot(&claim.left[3], (const g1[]){k->sum_private, k->sum_h}, &factor[EQ_K], 2);
    dot(&claim.left[4], &k->sum_committed, &factor[EQ_K], 1);
    fr_neg(&job.a, &factor[EQ_A]);
    fr_add(&job.b, &factor[EQ_B], &b1);
    fr_neg(&job.b, &job.b);
    job.c = minus_k;
    fr_neg(&job.h, &factor[EQ_H]);
    parallel_for(k->threads, quotient_powers(k->powers, (size_t)k->z->header.domain), 0,
                 add_polynomials, &job);
    return claim;
}

/* ZKM_REJECTED, and which equation of those that do not hold together does not hold. */
static zkm_status find_fault(zkm_error *err, const zkc_checker *k) {
    int e = 0;
    for (bool holds = true; e + 1 < EQUATIONS; e++) {
        fr factor[EQUATIONS] = {{{0}}};
        fr_set_one(&factor[e]);
        const ptau_claim claim = claim_of(k, factor);
        ZKM_TRY(ptau_claim_holds(err, &holds, k->powers, (size_t)k->z->header.domain, &claim,
                                 k->threads));
        if (!holds)
            break;
    }
    return rejected(err, FAULT[e]);
}

static zkm_status check_points(zkm_error *err, zkc_checker *k, bool powers_checked,
                               const zkm_progress *progress) {
    zkm_status (*const steps[])(zkm_error *, zkc_checker *) = {weigh_rows, sum_a, sum_b2,
                                                               sum_b1,     sum_k, sum_h};
    const size_t count = sizeof steps / sizeof *steps, n = (size_t)k->z->header.domain;
    fr factor[EQUATIONS];
    bool holds;
    for (size_t i = 0; i < count; i++) {
        ZKM_TRY(progress_report(err, progress, "checking the key", i, count));
        ZKM_TRY(steps[i](err, k));
    }
    ZKM_TRY(scratch_array(err, &k->tau1, "ceremony", quotient_powers(k->powers, n), sizeof(fr)));
    for (int e = 0; e < EQUATIONS; e++)
        ZKM_TRY(fr_random(err, &factor[e]));
    const ptau_claim claim = claim_of(k, factor);
    if (powers_checked)
        ZKM_TRY(ptau_claim_holds(err, &holds, k->powers, n, &claim, k->threads));
    else
        ZKM_TRY(ptau_check_with(err, &holds, k->powers, n, &claim, k->threads, progress));
    return holds ? ZKM_OK : find_fault(err, k);
}

static zkm_status check(zkm_error *err, const zkc *z, const r1cs *cs, const ptau *powers,
                        bool powers_checked, const ceremony_options *options) {
    zkc_checker k = {.z = z, .cs = cs, .powers = powers, .threads = options->threads};
    scratch *const memory[] = {&k.weights, &k.a, &k.b, &k.c, &k.h, &k.tau1};
    zkm_status status = check_points(err, &k, powers_checked, options->progress);
    for (size_t i = 0; i < sizeof memory / sizeof *memory; i++)
        scratch_free(memory[i]);
    return status;
}

zkm_status zkc_check_points(zkm_error *err, const zkc *z, const r1cs *cs, const ptau *powers,
                            const ceremony_options *options) {
    return check(err, z, cs, powers, true, options);
}

/* ------------------------------------------------------------------ the whole */

static zkm_status mismatch(zkm_error *err, const char *what) {
    return error_set(err, ZKM_ERR_MISMATCH,
                     "ceremony file: it is of %s; take those that the ceremony began with", what);
}

/* The header is what ceremony_init would write for this system and these powers. */
static zkm_status check_subject(zkm_error *err, const zkc *z, const r1cs *cs,
                                const uint8_t circuit_digest[32], const ptau *p) {
    const zkc_header *h = &z->header;
    g1_affine alpha, beta;
    size_t domain;
    if (memcmp(h->circuit_digest, circuit_digest, sizeof h->circuit_digest) != 0)
        return mismatch(err, "another circuit");
    if (memcmp(h->ptau_digest, p->digest, sizeof h->ptau_digest) != 0 || h->power != p->power)
        return mismatch(err, "another file of powers of tau");
    ZKM_TRY(ceremony_domain(err, &domain, cs));
    if (h->num_public != cs->num_public || h->num_committed != cs->num_committed ||
        h->num_wires != cs->num_wires || h->num_rows != cs->num_rows || h->domain != domain)
        return mismatch(err, "another constraint system");
    ptau_copy(p, PTAU_ALPHA1, 0, 1, &alpha);
    ptau_copy(p, PTAU_BETA1, 0, 1, &beta);
    if (!g1_affine_equal(&h->alpha, &alpha) || !g1_affine_equal(&h->beta, &beta) ||
        !g2_affine_equal(&h->beta2, &p->beta2))
        return rejected(err, "alpha and beta are");
    return ZKM_OK;
}

zkm_status zkc_check(zkm_error *err, const zkc *z, const r1cs *cs, const uint8_t circuit_digest[32],
                     const ptau *powers, const ceremony_options *options) {
    ZKM_TRY(check_subject(err, z, cs, circuit_digest, powers));
    return check(err, z, cs, powers, false, options);
}
