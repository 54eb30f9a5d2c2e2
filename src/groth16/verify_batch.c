/*
 * Batch verification: with random weights w_j the product over j of the verification equations to
 * the power w_j (Bellare, Garay and Rabin 1998, "small exponents test"), bilinearity collecting the
 * fixed points: prod_j e(w_j A_j, B_j) = e((sum w_j) alpha, beta) e(sum w_j X_j, gamma) e(sum w_j
 * C_j, delta) e(sum w_j D_j, delta1). The weights are uniform over 2^128 non-zero elements of Fr,
 * of a shape that makes w_j A_j cheap (math/weights.h); the test needs no more than their number:
 * with all weights but one fixed, a non-trivial error passes for one value of that one at most, so
 * with probability 2^-128.
 */
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "groth16/verify_internal.h"
#include "math/weights.h"

typedef struct {
    const groth16_vk *vk;
    g1_weight *weights;   /* w_j */
    fr *ic;               /* sum w_j public_{j,i}: coefficient of IC_i; entry 0 is sum w_j */
    g1_affine *a, *c, *d; /* A_j, later w_j A_j; C_j; D_j */
    g2_affine *b;         /* B_j */
} batch;

static zkm_status batch_new(zkm_error *err, batch *out, const groth16_vk *vk, size_t n) {
    *out = (batch){.vk = vk,
                   .weights = calloc(n, sizeof *out->weights),
                   .ic = calloc((size_t)vk->parts.num_public + 1, sizeof *out->ic),
                   .a = calloc(n, sizeof *out->a),
                   .b = calloc(n, sizeof *out->b),
                   .c = calloc(n, sizeof *out->c),
                   .d = calloc(n, sizeof *out->d)};
    if (out->weights && out->ic && out->a && out->b && out->c && out->d)
        return ZKM_OK;
    return error_memory(err, "batch of proofs",
                        n * (3 * sizeof(g1_affine) + sizeof(g2_affine) + sizeof(g1_weight)));
}

static void batch_clear(batch *b) {
    free(b->weights);
    free(b->ic);
    free(b->a);
    free(b->b);
    free(b->c);
    free(b->d);
}

static zkm_status add_proof(zkm_error *err, batch *sum, size_t j, const fr *statement, size_t count,
                            const groth16_proof *proof) {
    const fr *publics = NULL;
    fr room[2], w, term;
    ZKM_TRY(verify_publics(err, &publics, room, sum->vk, statement, count, proof));
    g1_weight_to_fr(&w, &sum->weights[j]);
    fr_add(&sum->ic[0], &sum->ic[0], &w);
    for (size_t i = 0; i < sum->vk->parts.num_public; i++) {
        fr_mul(&term, &w, &publics[i]);
        fr_add(&sum->ic[i + 1], &sum->ic[i + 1], &term);
    }
    sum->a[j] = proof->a;
    sum->b[j] = proof->b;
    sum->c[j] = proof->c;
    if (proof->committed)
        sum->d[j] = proof->d;
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
    g1 point;
    verify_sum(&point, &p->alpha, &sum->ic[0], 1);
    negated(&points[0], &point);
    verify_sum(&point, p->ic, sum->ic, (size_t)p->num_public + 1);
    negated(&points[1], &point);
    g1_weigh_sum(&point, sum->c, sum->weights, n);
    negated(&points[2], &point);
    if (p->committed) {
        g1_weigh_sum(&point, sum->d, sum->weights, n);
        negated(&points[3], &point);
    }
    g1_weigh_each(sum->a, sum->weights, n);
    return pairing_check_prepared(NULL, sum->a, sum->b, n, points, lines, p->committed ? 4 : 3);
}

/* ZKM_OK: the batch holds. ZKM_REJECTED: some proof does not. */
static zkm_status check_batch(zkm_error *err, const groth16_vk *vk, const fr *statements,
                              size_t count, const groth16_proof *proofs, size_t n) {
    zkm_status status;
    batch sum;
    ZKM_TRY_OUT(batch_new(err, &sum, vk, n));
    ZKM_TRY_OUT(random_bytes(err, sum.weights, n * sizeof *sum.weights));
    for (size_t j = 0; j < n; j++)
        ZKM_TRY_OUT(add_proof(err, &sum, j, statements + j * count, count, &proofs[j]));
    status = product_is_one(&sum, n)
                 ? ZKM_OK
                 : error_set(err, ZKM_REJECTED, "batch: the product of pairings is not one");
out:
    batch_clear(&sum);
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
