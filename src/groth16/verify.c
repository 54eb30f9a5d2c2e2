/*
 * The verification equation (DESIGN section 3; Groth 2016, section 3.2, with the committed round):
 *   e(A, B) = e(alpha, beta) * e(IC_0 + sum_i public_i IC_i, gamma) * e(D, delta1) * e(C, delta).
 * That points are canonical, on their curves and in their groups is what a groth16_proof and a
 * groth16_vk mean; that statement fields are below r is what an fr means.
 */
#include "groth16/verify.h"

#include "groth16/transcript.h"
#include "groth16/verify_internal.h"

static zkm_status check_kinds(zkm_error *err, const groth16_vk *vk, const groth16_proof *proof) {
    if (vk->parts.committed == proof->committed)
        return ZKM_OK;
    return error_set(
        err, ZKM_REJECTED,
        vk->parts.committed
            ? "proof: it carries no commitment, but the verifying key wants one"
            : "proof: it carries a commitment, but the verifying key is of plain Groth16");
}

zkm_status verify_publics(zkm_error *err, const fr **publics, fr room[2], const groth16_vk *vk,
                          const fr *statement, size_t count, const groth16_proof *proof) {
    ZKM_TRY(check_kinds(err, vk, proof));
    if (vk->parts.committed) {
        groth16_challenge(&room[0], vk->digest, statement, count, &proof->d);
        groth16_fold(&room[1], statement, count, &room[0]);
        *publics = room;
        return ZKM_OK;
    }
    if (count != vk->parts.num_public)
        return error_set(err, ZKM_REJECTED,
                         "proof: %zu public inputs are given, the verifying key has %u", count,
                         vk->parts.num_public);
    *publics = statement;
    return ZKM_OK;
}

void verify_sum(g1 *out, const g1_affine *points, const fr *scalars, size_t n) {
    enum { CHUNK = 8 };
    g1 chunk[CHUNK], part;
    g1_set_infinity(out);
    for (size_t begin = 0; begin < n; begin += CHUNK) {
        size_t used = n - begin < CHUNK ? n - begin : CHUNK;
        for (size_t i = 0; i < used; i++)
            g1_from_affine(&chunk[i], &points[begin + i]);
        g1_dot(&part, chunk, scalars + begin, used);
        g1_add(out, out, &part);
    }
}

/* X = IC_0 + sum_i publics[i] IC_{i+1} */
static void public_point(g1_affine *out, const groth16_vk_parts *p, const fr *publics) {
    g1 sum;
    verify_sum(&sum, p->ic + 1, publics, p->num_public);
    g1_add_mixed(&sum, &sum, &p->ic[0]);
    g1_to_affine(out, &sum);
}

/* e(A, B) e(-X, gamma) e(-C, delta) e(-D, delta1) against the prepared e(alpha, beta). */
static bool equation_holds(const groth16_vk *vk, const g1_affine *x, const groth16_proof *proof) {
    const g2_prepared *lines[3] = {&vk->gamma, &vk->delta, &vk->delta1};
    g1_affine points[3];
    g1_affine_neg(&points[0], x);
    g1_affine_neg(&points[1], &proof->c);
    g1_affine_neg(&points[2], &proof->d);
    return pairing_check_prepared(&vk->alpha_beta, &proof->a, &proof->b, 1, points, lines,
                                  proof->committed ? 3 : 2);
}

static zkm_status verify(zkm_error *err, const groth16_vk *vk, const fr *statement, size_t count,
                         const groth16_proof *proof) {
    const fr *publics = NULL;
    fr room[2];
    g1_affine x;
    ZKM_TRY(verify_publics(err, &publics, room, vk, statement, count, proof));
    public_point(&x, &vk->parts, publics);
    if (!equation_holds(vk, &x, proof))
        return error_set(
            err, ZKM_REJECTED,
            "proof: the pairing equation does not hold: it is no proof of this statement "
            "under this verifying key");
    return ZKM_OK;
}

zkm_status groth16_verify_committed(zkm_error *err, const groth16_vk *vk, const fr *statement,
                                    size_t count, const groth16_proof *proof) {
    if (!vk->parts.committed)
        return error_set(
            err, ZKM_REJECTED,
            "verifying key: it is of plain Groth16, a key with a committed round is wanted");
    return verify(err, vk, statement, count, proof);
}

zkm_status groth16_verify_plain(zkm_error *err, const groth16_vk *vk, const fr *publics,
                                size_t count, const groth16_proof *proof) {
    if (vk->parts.committed)
        return error_set(
            err, ZKM_REJECTED,
            "verifying key: it has a committed round, a key of plain Groth16 is wanted");
    return verify(err, vk, publics, count, proof);
}
