/*
 * Checking a ceremony. With random weights rho_i of the wires (and of the blinding column), sums
 * over the file's points are compared with sums over the powers of tau: sum_i rho_i A_i(tau) =
 * sum_j (A rho)_j L_j(tau) is the polynomial that has the values A rho on the domain, whose
 * coefficients an inverse transform of scalars gives. So no Lagrange basis of points is needed.
 */
#include <string.h>

#include "base/progress.h"
#include "base/random.h"
#include "base/threads.h"
#include "groth16/ceremony_internal.h"
#include "groth16/ceremony_layout.h"
#include "groth16/point_sums.h"
#include "groth16/scratch.h"
#include "math/fft.h"
#include "math/pairing.h"

enum { WEIGHT_BYTES = 16, RANDOM_BATCH = 1024 };

typedef struct {
    const zkc *z;
    const r1cs *cs;
    const ptau *powers;
    unsigned threads;
    scratch weights; /* of the wires, then that of the blinding column */
    scratch a, b, c; /* A rho, B rho, C rho; then their polynomials' coefficients */
} zkc_checker;

static zkm_status rejected(zkm_error *err, const char *what) {
    return error_set(err, ZKM_REJECTED,
                     "ceremony file: %s not what the circuit, the powers of tau and the "
                     "contributions make of them; the file was damaged or forged: do not use it",
                     what);
}

/* n uniform elements below 2^128. */
static zkm_status draw_weights(zkm_error *err, scratch *out, size_t n) {
    uint8_t bytes[RANDOM_BATCH * WEIGHT_BYTES];
    ZKM_TRY(scratch_array(err, out, "weights", n, sizeof(fr)));
    fr *v = out->data;
    for (size_t i = 0; i < n; i++) {
        uint64_t limbs[4] = {0};
        if (i % RANDOM_BATCH == 0)
            ZKM_TRY(random_bytes(err, bytes, sizeof bytes));
        memcpy(limbs, bytes + i % RANDOM_BATCH * WEIGHT_BYTES, WEIGHT_BYTES);
        if (!fr_from_limbs(&v[i], limbs)) /* 2^128 < r */
            return error_set(err, ZKM_ERR_INTERNAL, "weights: a number below 2^128 is not below r");
    }
    return ZKM_OK;
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

static zkm_status weigh_rows(zkm_error *err, zkc_checker *k) {
    const zkc_header *h = &k->z->header;
    size_t n = (size_t)h->domain, rows = (size_t)h->num_rows;
    scratch *out[3] = {&k->a, &k->b, &k->c};
    ZKM_TRY(draw_weights(err, &k->weights, (size_t)h->num_wires + 1));
    for (int i = 0; i < 3; i++) {
        ZKM_TRY(scratch_array(err, out[i], "ceremony", n, sizeof(fr)));
        memset((fr *)out[i]->data + rows, 0, (n - rows) * sizeof(fr));
    }
    const fr *rho = k->weights.data;
    ZKM_TRY(r1cs_evaluate(err, k->cs, rho, k->a.data, k->b.data, k->c.data, k->threads));
    if (!g1_affine_is_infinity(&h->blind_a)) /* the blinding column: A_u = L_rows */
        ((fr *)k->a.data)[rows] = rho[h->num_wires];
    for (int i = 0; i < 3; i++)
        ZKM_TRY(interpolate(err, out[i]->data, n, k->threads));
    return ZKM_OK;
}

/* Sum over the file's points of a section, whose wires are listed or follow each other. */
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

static zkm_status section_sum(zkm_error *err, g1_affine *out, const zkc_checker *k, zkc_section s,
                              const fr *scalars, size_t n, const g1_affine *more,
                              const fr *weight) {
    const point_source source = {k->z->section[s].data, scalars, n, false};
    g1 sum, term;
    ZKM_TRY(point_sum_g1(err, &sum, &source, NULL, k->threads));
    if (more) {
        g1_from_affine(&term, more);
        g1_mul(&term, &term, weight);
        g1_add(&sum, &sum, &term);
    }
    g1_to_affine(out, &sum);
    return ZKM_OK;
}

static zkm_status power_sum(zkm_error *err, g1 *out, const zkc_checker *k, ptau_series s,
                            const fr *coefficients, size_t n) {
    const point_source source = {k->powers->series[s].data, coefficients, n, true};
    return point_sum_g1(err, out, &source, NULL, k->threads);
}

static zkm_status check_a(zkm_error *err, const zkc_checker *k) {
    const zkc_header *h = &k->z->header;
    const fr *rho = k->weights.data;
    scratch scalars = {0};
    g1_affine have, want;
    g1 sum;
    zkm_status status;
    ZKM_TRY_OUT(gather(err, &scalars, k, ZKC_A_INDEX, k->z->num_a));
    ZKM_TRY_OUT(section_sum(err, &have, k, ZKC_A, scalars.data, k->z->num_a, &h->blind_a,
                            &rho[h->num_wires]));
    ZKM_TRY_OUT(power_sum(err, &sum, k, PTAU_TAU1, k->a.data, (size_t)h->domain));
    g1_to_affine(&want, &sum);
    if (!g1_affine_equal(&have, &want))
        status = rejected(err, "the points of A are");
out:
    scratch_free(&scalars);
    return status;
}

static zkm_status check_b(zkm_error *err, const zkc_checker *k) {
    const zkc_header *h = &k->z->header;
    scratch scalars = {0};
    g2 have, want;
    zkm_status status;
    ZKM_TRY_OUT(gather(err, &scalars, k, ZKC_B_INDEX, k->z->num_b));
    const point_source ours = {k->z->section[ZKC_B2].data, scalars.data, k->z->num_b, false};
    const point_source powers = {k->powers->series[PTAU_TAU2].data, k->b.data, (size_t)h->domain,
                                 true};
    ZKM_TRY_OUT(point_sum_g2(err, &have, &ours, NULL, k->threads));
    ZKM_TRY_OUT(point_sum_g2(err, &want, &powers, NULL, k->threads));
    if (!g2_equal(&have, &want))
        status = rejected(err, "the points of B are");
out:
    scratch_free(&scalars);
    return status;
}

/* B in G1, which only snarkjs's keys have. */
static zkm_status check_b1(zkm_error *err, const zkc_checker *k) {
    const point_source source = {k->z->b1.data, k->weights.data, k->z->header.num_wires, false};
    g1 have, want;
    if (!source.data)
        return ZKM_OK;
    ZKM_TRY(point_sum_g1(err, &have, &source, NULL, k->threads));
    ZKM_TRY(power_sum(err, &want, k, PTAU_TAU1, k->b.data, (size_t)k->z->header.domain));
    return g1_equal(&have, &want) ? ZKM_OK : rejected(err, "the points of B in G1 are");
}

/* sum rho_i K_i over all wires: beta times A's polynomial, alpha times B's, and C's. */
static zkm_status wanted_k(zkm_error *err, g1_affine *out, const zkc_checker *k) {
    size_t n = (size_t)k->z->header.domain;
    g1 sum, part;
    ZKM_TRY(power_sum(err, &sum, k, PTAU_BETA1, k->a.data, n));
    ZKM_TRY(power_sum(err, &part, k, PTAU_ALPHA1, k->b.data, n));
    g1_add(&sum, &sum, &part);
    ZKM_TRY(power_sum(err, &part, k, PTAU_TAU1, k->c.data, n));
    g1_add(&sum, &sum, &part);
    g1_to_affine(out, &sum);
    return ZKM_OK;
}

/* e(publics, 1) e(committed, delta1) e(private, delta) = e(all, 1): the weights of the three groups
 * are independent, so one equation says that each is right. */
static zkm_status check_k(zkm_error *err, const zkc_checker *k) {
    const zkc *z = k->z;
    const zkc_header *h = &z->header;
    const fr *rho = k->weights.data;
    size_t committed = zkc_first_committed(h), private_ = zkc_first_private(h);
    g1_affine left[4];
    const g2_affine right[4] = {*g2_generator(), *g2_generator(), z->now.delta, z->now.delta1};
    ZKM_TRY(wanted_k(err, &left[0], k));
    g1_affine_neg(&left[0], &left[0]);
    ZKM_TRY(section_sum(err, &left[1], k, ZKC_IC, rho, committed, NULL, NULL));
    ZKM_TRY(section_sum(err, &left[2], k, ZKC_PRIVATE, rho + private_, h->num_wires - private_,
                        &z->now.blind_k, &rho[h->num_wires]));
    ZKM_TRY(section_sum(err, &left[3], k, ZKC_COMMITTED, rho + committed, private_ - committed,
                        NULL, NULL));
    return pairing_check(left, right, h->num_committed > 0 ? 4 : 3)
               ? ZKM_OK
               : rejected(err, "the points of the wires are");
}

/* sum sigma_i H_i against the polynomial of the doubled domain that is sigma_i on its odd elements
 * and 0 on the even ones. */
static zkm_status check_h(zkm_error *err, const zkc_checker *k) {
    size_t n = (size_t)k->z->header.domain;
    scratch sigma = {0}, values = {0};
    g1_affine left[2];
    const g2_affine right[2] = {*g2_generator(), k->z->now.delta};
    g1 sum;
    zkm_status status;
    ZKM_TRY_OUT(draw_weights(err, &sigma, n));
    ZKM_TRY_OUT(scratch_array(err, &values, "ceremony", 2 * n, sizeof(fr)));
    fr *v = values.data;
    for (size_t i = 0; i < n; i++) {
        fr_set_zero(&v[2 * i]);
        v[2 * i + 1] = ((const fr *)sigma.data)[i];
    }
    ZKM_TRY_OUT(interpolate(err, v, 2 * n, k->threads));
    ZKM_TRY_OUT(power_sum(err, &sum, k, PTAU_TAU1, v, quotient_powers(k->powers, n)));
    g1_to_affine(&left[0], &sum);
    g1_affine_neg(&left[0], &left[0]);
    ZKM_TRY_OUT(section_sum(err, &left[1], k, ZKC_H, sigma.data, n, NULL, NULL));
    if (!pairing_check(left, right, 2))
        status = rejected(err, "the points of the quotient are");
out:
    scratch_free(&sigma);
    scratch_free(&values);
    return status;
}

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

static zkm_status check_points(zkm_error *err, zkc_checker *k, const zkm_progress *progress) {
    zkm_status (*const steps[])(zkm_error *, const zkc_checker *) = {check_a, check_b, check_b1,
                                                                     check_k, check_h};
    const size_t count = sizeof steps / sizeof *steps;
    ZKM_TRY(progress_report(err, progress, "checking the key", 0, count + 1));
    ZKM_TRY(weigh_rows(err, k));
    for (size_t i = 0; i < count; i++) {
        ZKM_TRY(progress_report(err, progress, "checking the key", i + 1, count + 1));
        ZKM_TRY(steps[i](err, k));
    }
    return ZKM_OK;
}

zkm_status zkc_check_points(zkm_error *err, const zkc *z, const r1cs *cs, const ptau *powers,
                            const ceremony_options *options) {
    zkc_checker k = {.z = z, .cs = cs, .powers = powers, .threads = options->threads};
    zkm_status status = check_points(err, &k, options->progress);
    scratch_free(&k.weights);
    scratch_free(&k.a);
    scratch_free(&k.b);
    scratch_free(&k.c);
    return status;
}

zkm_status zkc_check(zkm_error *err, const zkc *z, const r1cs *cs, const uint8_t circuit_digest[32],
                     const ptau *powers, const ceremony_options *options) {
    ZKM_TRY(check_subject(err, z, cs, circuit_digest, powers));
    ZKM_TRY(ptau_check(err, powers, (size_t)z->header.domain, options->threads, options->progress));
    return zkc_check_points(err, z, cs, powers, options);
}
