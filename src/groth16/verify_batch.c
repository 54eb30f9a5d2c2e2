/*
 * Batch verification: with random weights w_j the product over j of the verification equations to
 * the power w_j (Bellare, Garay and Rabin 1998, "small exponents test"), bilinearity collecting the
 * fixed points: prod_j e(w_j A_j, B_j) = e((sum w_j) alpha, beta) e(sum w_j X_j, gamma) e(sum w_j
 * C_j, delta) e(sum w_j D_j, delta1).
 */
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "groth16/verify_internal.h"

enum { WEIGHT_LIMBS = 2 };

/* p * weight by double and add; weights are public. */
static void weigh(g1 *out, const g1_affine *p, const uint64_t weight[WEIGHT_LIMBS]) {
    g1 sum;
    g1_set_infinity(&sum);
    for (int bit = 64 * WEIGHT_LIMBS - 1; bit >= 0; bit--) {
        g1_double(&sum, &sum);
        if (weight[bit / 64] >> (bit % 64) & 1)
            g1_add_mixed(&sum, &sum, p);
    }
    *out = sum;
}

typedef struct {
    const groth16_vk *vk;
    fr *ic;       /* sum w_j public_{j,i}: coefficient of IC_i; entry 0 is sum w_j */
    g1 c, d;      /* sum w_j C_j, sum w_j D_j */
    g1_affine *a; /* w_j A_j */
    g2_affine *b;
} batch;

static zkm_status add_proof(zkm_error *err, batch *sum, size_t j, const fr *statement, size_t count,
                            const groth16_proof *proof, const uint64_t weight[WEIGHT_LIMBS]) {
    const uint64_t limbs[4] = {weight[0], weight[1], 0, 0};
    const fr *publics = NULL;
    fr room[2], w, term;
    g1 point;
    ZKM_TRY(verify_publics(err, &publics, room, sum->vk, statement, count, proof));
    if (!fr_from_limbs(&w, limbs))
        return error_set(err, ZKM_ERR_INTERNAL, "batch: a 128-bit weight is not below r");
    fr_add(&sum->ic[0], &sum->ic[0], &w);
    for (size_t i = 0; i < sum->vk->parts.num_public; i++) {
        fr_mul(&term, &w, &publics[i]);
        fr_add(&sum->ic[i + 1], &sum->ic[i + 1], &term);
    }
    weigh(&point, &proof->c, weight);
    g1_add(&sum->c, &sum->c, &point);
    if (proof->committed) {
        weigh(&point, &proof->d, weight);
        g1_add(&sum->d, &sum->d, &point);
    }
    weigh(&point, &proof->a, weight);
    g1_to_affine(&sum->a[j], &point);
    sum->b[j] = proof->b;
    return ZKM_OK;
}

static void negated(g1_affine *out, const g1 *p) {
    g1 opposite;
    g1_neg(&opposite, p);
    g1_to_affine(out, &opposite);
}

static bool product_is_one(const batch *sum, size_t n) {
    const groth16_vk *vk = sum->vk;
    const groth16_vk_parts *p = &vk->parts;
    const g2_prepared *lines[4] = {&vk->beta, &vk->gamma, &vk->delta, &vk->delta1};
    g1_affine points[4];
    g1 x, term;
    g1_from_affine(&term, &p->alpha);
    g1_mul(&term, &term, &sum->ic[0]);
    negated(&points[0], &term);
    g1_set_infinity(&x);
    for (size_t i = 0; i <= p->num_public; i++) {
        g1_from_affine(&term, &p->ic[i]);
        g1_mul(&term, &term, &sum->ic[i]);
        g1_add(&x, &x, &term);
    }
    negated(&points[1], &x);
    negated(&points[2], &sum->c);
    negated(&points[3], &sum->d);
    return pairing_check_prepared(NULL, sum->a, sum->b, n, points, lines, p->committed ? 4 : 3);
}

/* ZKM_OK: the batch holds. ZKM_REJECTED: some proof does not. */
static zkm_status check_batch(zkm_error *err, const groth16_vk *vk, const fr *statements,
                              size_t count, const groth16_proof *proofs, size_t n) {
    zkm_status status;
    uint64_t(*weights)[WEIGHT_LIMBS] = calloc(n, sizeof *weights);
    batch sum = {.vk = vk,
                 .ic = calloc((size_t)vk->parts.num_public + 1, sizeof(fr)),
                 .a = calloc(n, sizeof(g1_affine)),
                 .b = calloc(n, sizeof(g2_affine))};
    g1_set_infinity(&sum.c);
    g1_set_infinity(&sum.d);
    if (!weights || !sum.ic || !sum.a || !sum.b) {
        status = error_memory(err, "batch of proofs", n * sizeof(g2_affine));
        goto out;
    }
    ZKM_TRY_OUT(random_bytes(err, weights, n * sizeof *weights));
    for (size_t j = 0; j < n; j++)
        ZKM_TRY_OUT(add_proof(err, &sum, j, statements + j * count, count, &proofs[j], weights[j]));
    status = product_is_one(&sum, n)
                 ? ZKM_OK
                 : error_set(err, ZKM_REJECTED, "batch: the product of pairings is not one");
out:
    free(weights);
    free(sum.ic);
    free(sum.a);
    free(sum.b);
    return status;
}

static zkm_status find_bad(zkm_error *err, size_t *bad, const groth16_vk *vk, const fr *statements,
                           size_t count, const groth16_proof *proofs, size_t n) {
    for (size_t j = 0; j < n; j++) {
        const fr *statement = statements + j * count;
        zkm_status status = vk->parts.committed
                                ? groth16_verify_committed(err, vk, statement, count, &proofs[j])
                                : groth16_verify_plain(err, vk, statement, count, &proofs[j]);
        if (status == ZKM_OK)
            continue;
        if (bad)
            *bad = j;
        return error_prefix(err, status, "proof %zu of the batch", j);
    }
    return error_set(
        err, ZKM_ERR_INTERNAL,
        "batch: it was rejected although each of its proofs is accepted; please report this");
}

zkm_status groth16_verify_batch(zkm_error *err, size_t *bad, const groth16_vk *vk,
                                const fr *statements, size_t count, const groth16_proof *proofs,
                                size_t n) {
    if (n == 0)
        return ZKM_OK;
    zkm_status status = check_batch(err, vk, statements, count, proofs, n);
    if (status != ZKM_REJECTED)
        return status;
    return find_bad(err, bad, vk, statements, count, proofs, n);
}
