/*
 * Proving (DESIGN section 3; Groth 2016, section 3.2). With u, s, k uniform:
 *   A = alpha + sum a_i A_i(tau) + u L_j(tau)
 *   B = beta + sum a_i B_i(tau) + s delta
 *   C = sum over the private wires a_i K_i/delta + u beta L_j(tau)/delta + H + s A - k delta1
 *   D = sum over the committed wires a_i K_i/delta1 + k delta
 * where H = sum_i (AB - C)(w^(2i+1)) L_{2i+1}(tau)/delta, w the root of the doubled domain, and u
 * is one more private wire, in a row u * 0 = 0 of its own. As L_j(tau) is not zero, A is uniform
 * like B, and C is what the verifier's equation leaves.
 *
 * A specialised key has the terms of some wires already summed up, in all four; a halved one has
 * the odd rows' part of H in the wires' points too (pk_halve.h).
 *
 * A key without that column (snarkjs's) has the columns of B in G1, and blinds A in Groth's way:
 *   A = alpha + sum a_i A_i(tau) + r delta
 *   C = sum over the private wires a_i K_i/delta + H + s A + r B - r s delta
 */
#include "groth16/prove.h"

#include <string.h>

#include "base/progress.h"
#include "base/threads.h"
#include "base/wipe.h"
#include "groth16/pk_internal.h"
#include "groth16/quotient.h"
#include "groth16/scratch.h"
#include "groth16/sums.h"
#include "math/fr_random.h"

/* sum += scalar * point */
static void add_multiple_g1(g1 *sum, const g1_affine *point, const fr *scalar) {
    g1 term;
    g1_from_affine(&term, point);
    g1_mul(&term, &term, scalar);
    g1_add(sum, sum, &term);
    secure_wipe(&term, sizeof term);
}

static void add_multiple_g2(g2 *sum, const g2_affine *point, const fr *scalar) {
    g2 term;
    g2_from_affine(&term, point);
    g2_mul(&term, &term, scalar);
    g2_add(sum, sum, &term);
    secure_wipe(&term, sizeof term);
}

zkm_status groth16_commit(zkm_error *err, g1_affine *d, fr *k, const groth16_pk *pk,
                          const fr *wires, unsigned threads) {
    zkm_status status;
    sum_room room = {.threads = threads};
    fr blinding;
    g1 sum;
    if (pk->header.num_committed == 0)
        return error_set(err, ZKM_ERR_ARGUMENT,
                         "proving key: it has no committed wires to commit to");
    ZKM_TRY_OUT(pk_check_section(err, pk, PK_COMMITTED, threads));
    ZKM_TRY_OUT(fr_random(err, &blinding));
    ZKM_TRY_OUT(sum_g1(err, &sum, pk->k_committed, wires, pk->header.num_committed, &room));
    add_multiple_g1(&sum, &pk->header.delta, &blinding);
    if (pk->header.specialised)
        g1_add_mixed(&sum, &sum, &pk->header.fixed.committed);
    g1_to_affine(d, &sum);
    *k = blinding;
out:
    sum_room_clear(&room);
    secure_wipe(&blinding, sizeof blinding);
    secure_wipe(&sum, sizeof sum);
    return status;
}

typedef struct {
    fr *out;
    const fr *wires;
    const uint32_t *index;
} gather_job;

static void gather_range(void *context, size_t begin, size_t end, unsigned worker) {
    const gather_job *job = context;
    (void)worker;
    for (size_t i = begin; i < end; i++)
        job->out[i] = job->wires[job->index[i]];
}

/* The wires that a sparse section belongs to, side by side. */
static zkm_status gather(zkm_error *err, scratch *out, const fr *wires, const uint32_t *index,
                         size_t n, unsigned threads) {
    ZKM_TRY(scratch_array(err, out, "prover", n, sizeof(fr)));
    gather_job job = {out->data, wires, index};
    parallel_for(threads, n, 0, gather_range, &job);
    return ZKM_OK;
}

/* The sums over wires and quotient; those of a key's blinding column are added by blind(). */
typedef struct {
    g1 a, b1, c; /* b1 of a key without that column only */
    g2 b2;
} proof_sums;

/* What a specialised key has in place of columns. */
static void add_fixed(proof_sums *sums, const groth16_pk *pk) {
    const groth16_pk_fixed *fixed = &pk->header.fixed;
    if (!pk->header.specialised)
        return;
    g1_add_mixed(&sums->a, &sums->a, &fixed->a);
    g1_add_mixed(&sums->c, &sums->c, &fixed->private_);
    g2_add_mixed(&sums->b2, &sums->b2, &fixed->b);
}

/* Tenths of the time; a caller who wants to stop is asked between them. */
enum { PROVE_STEPS = 10 };

static zkm_status step(zkm_error *err, const groth16_prove_options *options, uint64_t done) {
    return progress_report(err, options->progress, "proving", done, PROVE_STEPS);
}

static zkm_status sum_a(zkm_error *err, proof_sums *sums, const groth16_pk *pk, const fr *wires,
                        sum_room *room) {
    unsigned threads = room->threads;
    scratch scalars = {0};
    zkm_status status;
    ZKM_TRY_OUT(pk_check_section(err, pk, PK_A_INDEX, threads));
    ZKM_TRY_OUT(pk_check_section(err, pk, PK_A, threads));
    ZKM_TRY_OUT(gather(err, &scalars, wires, pk->a_index, pk->num_a, threads));
    ZKM_TRY_OUT(sum_repeating_g1(err, &sums->a, pk->a, scalars.data, pk->num_a, room));
out:
    scratch_free(&scalars);
    return status;
}

static zkm_status sum_b(zkm_error *err, proof_sums *sums, const groth16_pk *pk, const fr *wires,
                        const groth16_prove_options *options, sum_room *room) {
    unsigned threads = room->threads;
    scratch scalars = {0};
    zkm_status status;
    ZKM_TRY_OUT(pk_check_section(err, pk, PK_B_INDEX, threads));
    ZKM_TRY_OUT(gather(err, &scalars, wires, pk->b_index, pk->num_b, threads));
    if (!pk_has_blinding_column(&pk->header)) {
        ZKM_TRY_OUT(pk_check_section(err, pk, PK_B1, threads));
        ZKM_TRY_OUT(sum_g1(err, &sums->b1, pk->b1, scalars.data, pk->num_b, room));
    }
    ZKM_TRY_OUT(step(err, options, 9));
    ZKM_TRY_OUT(pk_check_section(err, pk, PK_B2, threads));
    ZKM_TRY_OUT(sum_g2(err, &sums->b2, pk->b2, scalars.data, pk->num_b, room));
out:
    scratch_free(&scalars);
    return status;
}

/* The even rows, side by side. Returns how many there are, the blinding row with them. */
static size_t take_even_rows(const groth16_pk_header *h, fr *rows) {
    const size_t count = (size_t)(pk_rows(h) + 1) / 2;
    for (size_t i = 1; i < count; i++)
        rows[i] = rows[2 * i];
    return count;
}

static zkm_status sum_h(zkm_error *err, g1 *out, const groth16_pk *pk,
                        const groth16_witness *witness, const groth16_prove_options *options,
                        sum_room *room) {
    const groth16_pk_header *h = &pk->header;
    const size_t points = (size_t)pk_quotient_points(h);
    size_t rows = (size_t)pk_rows(h);
    if (h->halved) {
        take_even_rows(h, witness->b);
        rows = take_even_rows(h, witness->a);
    }
    ZKM_TRY(quotient_on_odd_coset(err, witness->a, witness->b, rows, points, options->threads));
    ZKM_TRY(step(err, options, 2));
    ZKM_TRY(pk_check_section(err, pk, PK_H, options->threads));
    return sum_g1(err, out, pk->h, witness->a, points, room);
}

/* What the public and the committed wires add to C by a halved key. */
static zkm_status add_linear(zkm_error *err, g1 *sum, const groth16_pk *pk, const fr *wires,
                             sum_room *room) {
    g1 term;
    if (!pk->header.halved)
        return ZKM_OK;
    ZKM_TRY(pk_check_section(err, pk, PK_LINEAR, room->threads));
    ZKM_TRY(sum_g1(err, &term, pk->linear, wires + 1, (size_t)pk_linear_points(&pk->header), room));
    g1_add(sum, sum, &term);
    secure_wipe(&term, sizeof term);
    return ZKM_OK;
}

/* c = the private wires over delta, and H. */
static zkm_status sum_c(zkm_error *err, proof_sums *sums, const groth16_pk *pk,
                        const groth16_witness *witness, const groth16_prove_options *options,
                        sum_room *room) {
    const groth16_pk_header *h = &pk->header;
    size_t first = pk_first_private(h);
    g1 term;
    ZKM_TRY(step(err, options, 0));
    ZKM_TRY(sum_h(err, &sums->c, pk, witness, options, room));
    ZKM_TRY(add_linear(err, &sums->c, pk, witness->wires, room));
    ZKM_TRY(step(err, options, 5));
    ZKM_TRY(pk_check_section(err, pk, PK_PRIVATE, options->threads));
    ZKM_TRY(sum_repeating_g1(err, &term, pk->k_private, witness->wires + first,
                             h->num_wires - first, room));
    g1_add(&sums->c, &sums->c, &term);
    secure_wipe(&term, sizeof term);
    return ZKM_OK;
}

static zkm_status compute_sums(zkm_error *err, proof_sums *sums, const groth16_pk *pk,
                               const groth16_witness *witness, const groth16_prove_options *options,
                               sum_room *room) {
    ZKM_TRY(sum_c(err, sums, pk, witness, options, room));
    ZKM_TRY(step(err, options, 7));
    ZKM_TRY(sum_a(err, sums, pk, witness->wires, room));
    ZKM_TRY(sum_b(err, sums, pk, witness->wires, options, room));
    add_fixed(sums, pk);
    return step(err, options, PROVE_STEPS);
}

/* What is uniform in a proof; `a` is u or r of the equations at the head of this file. */
typedef struct {
    fr a, s;
} blinding;

/* The row u * 0 = 0, when the key has it. */
static void append_blinding_row(const groth16_pk *pk, const groth16_witness *witness, const fr *u) {
    if (!pk_has_blinding_column(&pk->header))
        return;
    witness->a[pk->header.num_rows] = *u;
    fr_set_zero(&witness->b[pk->header.num_rows]);
}

/* A's own blinding, and what it adds to C besides s A. */
static void blind_a(proof_sums *sums, const groth16_pk *pk, const blinding *by) {
    const groth16_pk_header *h = &pk->header;
    g1_affine b1;
    if (pk_has_blinding_column(h)) {
        add_multiple_g1(&sums->a, &h->blind_a, &by->a);
        add_multiple_g1(&sums->c, &h->blind_k, &by->a);
        return;
    }
    add_multiple_g1(&sums->a, &h->delta, &by->a);
    g1_add_mixed(&sums->b1, &sums->b1, &h->beta);
    g1_to_affine(&b1, &sums->b1);
    add_multiple_g1(&sums->c, &b1, &by->a); /* r (B - s delta) */
    secure_wipe(&b1, sizeof b1);
}

/* The equations at the head of this file; consumes the sums. */
static void blind(groth16_proof *proof, proof_sums *sums, const groth16_pk *pk, const blinding *by,
                  const fr *k) {
    const groth16_vk_parts *vk = &pk->vk->parts;
    blind_a(sums, pk, by);
    g1_add_mixed(&sums->a, &sums->a, &vk->alpha);
    g2_add_mixed(&sums->b2, &sums->b2, &vk->beta);
    add_multiple_g2(&sums->b2, &vk->delta, &by->s);
    g1_to_affine(&proof->a, &sums->a);
    g2_to_affine(&proof->b, &sums->b2);
    add_multiple_g1(&sums->c, &proof->a, &by->s);
    if (k) {
        fr minus;
        fr_neg(&minus, k);
        add_multiple_g1(&sums->c, &pk->header.delta1, &minus);
        secure_wipe(&minus, sizeof minus);
    }
    g1_to_affine(&proof->c, &sums->c);
}

zkm_status groth16_prove(zkm_error *err, groth16_proof *proof, const groth16_pk *pk,
                         const groth16_witness *witness, const groth16_prove_options *options) {
    zkm_status status;
    bool committed = pk->header.num_committed > 0;
    groth16_proof made = {.committed = committed};
    sum_room room = {.threads = options->threads};
    proof_sums sums;
    blinding by;
    if (committed != (witness->k != NULL) || committed != (witness->d != NULL))
        return error_set(
            err, ZKM_ERR_ARGUMENT,
            "proving key: a commitment goes with a key that has committed wires, and only "
            "with such a key");
    ZKM_TRY_OUT(fr_random(err, &by.a));
    ZKM_TRY_OUT(fr_random(err, &by.s));
    append_blinding_row(pk, witness, &by.a);
    ZKM_TRY_OUT(sum_room_reserve(err, &room, (size_t)pk_quotient_points(&pk->header), pk->num_b));
    ZKM_TRY_OUT(compute_sums(err, &sums, pk, witness, options, &room));
    ZKM_TRY_OUT(pk_check_all(err, pk, options->threads));
    blind(&made, &sums, pk, &by, witness->k);
    if (committed)
        made.d = *witness->d;
    *proof = made;
out:
    sum_room_clear(&room);
    secure_wipe(&by, sizeof by);
    secure_wipe(&sums, sizeof sums);
    return status;
}
