/* Checking, preparing and naming verifying keys (DESIGN section 3, "vk_digest" and "What breaks
 * such provers in the field"). */
#include "groth16/vk.h"

#include <stdlib.h>
#include <string.h>

#include "math/keccak.h"

/* Two secrets that are equal or opposite cancel each other in the verification equation: e(X,
 * gamma) * e(C, delta) is 1 for C = -X or C = X whatever the statement. */
static bool same_up_to_sign(const g2_affine *p, const g2_affine *q) {
    g2_affine opposite;
    g2_affine_neg(&opposite, q);
    return g2_affine_equal(p, q) || g2_affine_equal(p, &opposite);
}

static zkm_status refuse(zkm_error *err, const char *what) {
    return error_set(err, ZKM_ERR_FORMAT,
                     "verifying key: %s; anyone could forge proofs under it: take the key from an "
                     "honest setup",
                     what);
}

static zkm_status check_infinity(zkm_error *err, const groth16_vk_parts *p) {
    bool bad = g1_affine_is_infinity(&p->alpha) || g2_affine_is_infinity(&p->beta) ||
               g2_affine_is_infinity(&p->gamma) || g2_affine_is_infinity(&p->delta) ||
               (p->committed && g2_affine_is_infinity(&p->delta1));
    if (bad)
        return refuse(err, "one of its points is infinity");
    for (size_t i = 0; i <= p->num_public; i++)
        if (g1_affine_is_infinity(&p->ic[i]))
            return error_set(
                err, ZKM_ERR_FORMAT,
                "verifying key: IC[%zu] is infinity, so public wire %zu is not bound by any "
                "constraint; make the key from a circuit with a row for each public wire",
                i, i);
    return ZKM_OK;
}

static zkm_status check_secrets(zkm_error *err, const groth16_vk_parts *p) {
    const g2_affine *one = g2_generator();
    g1_affine opposite;
    g1_affine_neg(&opposite, g1_generator());
    if (same_up_to_sign(&p->gamma, &p->delta))
        return refuse(err, "gamma = +-delta");
    if (same_up_to_sign(&p->delta, one))
        return refuse(err, "delta is +-the generator");
    if (same_up_to_sign(&p->beta, one))
        return refuse(err, "beta is +-the generator");
    if (g1_affine_equal(&p->alpha, g1_generator()) || g1_affine_equal(&p->alpha, &opposite))
        return refuse(err, "alpha is +-the generator");
    if (!p->committed)
        return ZKM_OK;
    if (same_up_to_sign(&p->delta1, &p->gamma))
        return refuse(err, "delta1 = +-gamma");
    if (same_up_to_sign(&p->delta1, &p->delta))
        return refuse(err, "delta1 = +-delta");
    if (same_up_to_sign(&p->delta1, one))
        return refuse(err, "delta1 is +-the generator");
    return ZKM_OK;
}

/* Only a ceremony has contributions and a transcript, so that no key can be taken for both. */
static zkm_status check_origin(zkm_error *err, const groth16_origin *o) {
    static const uint8_t none[sizeof o->transcript];
    if (o->kind < GROTH16_SINGLE_PARTY || o->kind > GROTH16_FOREIGN)
        return error_set(err, ZKM_ERR_FORMAT,
                         "verifying key: unknown kind of setup %d; made by a newer version?",
                         (int)o->kind);
    bool ceremony = o->kind == GROTH16_CEREMONY;
    if (ceremony != (o->contributions > 0) ||
        (!ceremony && memcmp(o->transcript, none, sizeof none) != 0))
        return error_set(err, ZKM_ERR_FORMAT,
                         "verifying key: its kind of setup and its contributions contradict each "
                         "other; the file was damaged or forged: fetch it again");
    return ZKM_OK;
}

static zkm_status check_parts(zkm_error *err, const groth16_vk_parts *p) {
    if (p->committed && p->num_public != 2)
        return error_set(
            err, ZKM_ERR_FORMAT,
            "verifying key: a key with a committed round has 2 public wires, this one %u",
            p->num_public);
    if (p->num_public > GROTH16_MAX_PUBLIC)
        return error_set(err, ZKM_ERR_FORMAT,
                         "verifying key: %u public wires, at most %u are taken", p->num_public,
                         GROTH16_MAX_PUBLIC);
    ZKM_TRY(check_origin(err, &p->origin));
    ZKM_TRY(check_infinity(err, p));
    return check_secrets(err, p);
}

static void hash_g1(keccak256_state *hash, const g1_affine *p) {
    uint8_t bytes[G1_BYTES];
    g1_to_bytes(bytes, p);
    keccak256_update(hash, bytes, sizeof bytes);
}

static void hash_g2(keccak256_state *hash, const g2_affine *p) {
    uint8_t bytes[G2_BYTES];
    g2_to_bytes(bytes, p);
    keccak256_update(hash, bytes, sizeof bytes);
}

static void parts_digest(uint8_t out[32], const groth16_vk_parts *p) {
    const char *tag = p->committed ? "zkmetric.vk.v1" : "zkmetric.vk.plain.v1";
    keccak256_state hash;
    keccak256_init(&hash);
    keccak256_update(&hash, (const uint8_t *)tag, strlen(tag));
    keccak256_update(&hash, p->circuit_digest, sizeof p->circuit_digest);
    hash_g1(&hash, &p->alpha);
    hash_g2(&hash, &p->beta);
    hash_g2(&hash, &p->gamma);
    hash_g2(&hash, &p->delta);
    if (p->committed)
        hash_g2(&hash, &p->delta1);
    for (size_t i = 0; i <= p->num_public; i++)
        hash_g1(&hash, &p->ic[i]);
    keccak256_final(&hash, out);
}

static void prepare(groth16_vk *vk) {
    const groth16_vk_parts *p = &vk->parts;
    g2_prepare(&vk->beta, &p->beta);
    g2_prepare(&vk->gamma, &p->gamma);
    g2_prepare(&vk->delta, &p->delta);
    if (p->committed)
        g2_prepare(&vk->delta1, &p->delta1);
    pairing(&vk->alpha_beta, &p->alpha, &p->beta);
}

zkm_status groth16_vk_new(zkm_error *err, groth16_vk **out, const groth16_vk_parts *parts) {
    ZKM_TRY(check_parts(err, parts));
    size_t ic_bytes = ((size_t)parts->num_public + 1) * sizeof *parts->ic;
    groth16_vk *vk = calloc(1, sizeof *vk);
    g1_affine *ic = malloc(ic_bytes);
    if (!vk || !ic) {
        free(vk);
        free(ic);
        return error_memory(err, "verifying key", sizeof *vk + ic_bytes);
    }
    vk->parts = *parts;
    vk->parts.ic = ic;
    memcpy(ic, parts->ic, ic_bytes);
    parts_digest(vk->digest, &vk->parts);
    prepare(vk);
    *out = vk;
    return ZKM_OK;
}

void groth16_vk_free(groth16_vk *vk) {
    if (!vk)
        return;
    free(vk->parts.ic);
    free(vk);
}
