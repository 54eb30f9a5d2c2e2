/* From a ceremony's last file to keys. */
#include <string.h>

#include "groth16/ceremony_internal.h"
#include "groth16/pk.h"
#include "groth16/scratch.h"

static zkm_status make_vk(zkm_error *err, groth16_vk **vk, const zkc *z) {
    const zkc_header *h = &z->header;
    groth16_vk_parts parts = {.origin = {.kind = GROTH16_CEREMONY, .contributions = z->state.count},
                              .committed = h->num_committed > 0,
                              .num_public = h->num_public,
                              .alpha = h->alpha,
                              .beta = h->beta2,
                              .gamma = *g2_generator(),
                              .delta = z->now.delta,
                              .delta1 = z->now.delta1};
    const byte_reader *r = &z->section[ZKC_IC];
    scratch ic = {0};
    memcpy(parts.origin.transcript, z->state.hash, sizeof parts.origin.transcript);
    memcpy(parts.circuit_digest, h->circuit_digest, sizeof parts.circuit_digest);
    ZKM_TRY(scratch_array(err, &ic, "verifying key", zkc_first_committed(h), sizeof(g1_affine)));
    memcpy(ic.data, r->data, r->len);
    parts.ic = ic.data;
    zkm_status status = groth16_vk_new(err, vk, &parts);
    scratch_free(&ic);
    return status;
}

static zkm_status copy_section(zkm_error *err, pk_writer *w, pk_section section, const zkc *z,
                               zkc_section from) {
    ZKM_TRY(pk_writer_begin(err, w, section));
    return pk_writer_append(err, w, z->section[from].data, z->section[from].len);
}

static zkm_status write_pk(zkm_error *err, const char *path, const zkc *z, const groth16_vk *vk) {
    const zkc_header *h = &z->header;
    pk_writer *w = NULL;
    zkm_status status;
    groth16_pk_header header = {.origin = vk->parts.origin,
                                .num_public = h->num_public,
                                .num_committed = h->num_committed,
                                .num_wires = h->num_wires,
                                .num_rows = h->num_rows,
                                .domain = h->domain,
                                .beta = h->beta,
                                .delta = z->state.point[0],
                                .blind_a = h->blind_a,
                                .blind_k = z->now.blind_k};
    if (h->num_committed > 0)
        header.delta1 = z->state.point[1];
    memcpy(header.circuit_digest, h->circuit_digest, sizeof header.circuit_digest);
    memcpy(header.vk_digest, vk->digest, sizeof header.vk_digest);
    ZKM_TRY_OUT(pk_writer_open(err, &w, path, 0644));
    ZKM_TRY_OUT(pk_writer_vk(err, w, vk));
    ZKM_TRY_OUT(copy_section(err, w, PK_A_INDEX, z, ZKC_A_INDEX));
    ZKM_TRY_OUT(copy_section(err, w, PK_A, z, ZKC_A));
    ZKM_TRY_OUT(copy_section(err, w, PK_B_INDEX, z, ZKC_B_INDEX));
    ZKM_TRY_OUT(pk_writer_begin(err, w, PK_B1));
    ZKM_TRY_OUT(copy_section(err, w, PK_B2, z, ZKC_B2));
    ZKM_TRY_OUT(copy_section(err, w, PK_COMMITTED, z, ZKC_COMMITTED));
    ZKM_TRY_OUT(copy_section(err, w, PK_PRIVATE, z, ZKC_PRIVATE));
    ZKM_TRY_OUT(copy_section(err, w, PK_H, z, ZKC_H));
    status = pk_writer_commit(err, w, &header);
    w = NULL;
out:
    pk_writer_abort(w);
    return status;
}

/* Verifies, and makes the keys; pk_path and vk may be NULL. */
static zkm_status verify(zkm_error *err, ceremony_summary *out, groth16_vk **vk, const r1cs *cs,
                         const uint8_t circuit_digest[32], const ptau *powers, const zkc *z,
                         const char *pk_path, const ceremony_options *options) {
    groth16_vk *made = NULL;
    zkm_status status;
    ZKM_TRY(zkc_check(err, z, cs, circuit_digest, powers, options));
    if (z->state.participants > 0)
        ZKM_TRY(make_vk(err, &made, z));
    if (pk_path)
        ZKM_TRY_OUT(write_pk(err, pk_path, z, made));
    zkc_summary(out, z);
    if (vk) {
        *vk = made;
        made = NULL;
    }
    status = ZKM_OK;
out:
    groth16_vk_free(made);
    return status;
}

zkm_status ceremony_verify(zkm_error *err, ceremony_summary *out, groth16_vk **vk, const r1cs *cs,
                           const uint8_t circuit_digest[32], const ptau *powers, const char *path,
                           contribution_visitor visit, void *context,
                           const ceremony_options *options) {
    zkc z = {0};
    ZKM_TRY(zkc_open(err, &z, path, visit, context));
    zkm_status status = verify(err, out, vk, cs, circuit_digest, powers, &z, NULL, options);
    zkc_close(&z);
    return status == ZKM_OK ? ZKM_OK : error_prefix(err, status, "%s", path);
}

zkm_status ceremony_finalize(zkm_error *err, ceremony_summary *out, groth16_vk **vk, const r1cs *cs,
                             const uint8_t circuit_digest[32], const ptau *powers, const char *path,
                             const char *pk_path, const ceremony_options *options) {
    zkc z = {0};
    zkm_status status;
    ZKM_TRY(zkc_open(err, &z, path, NULL, NULL));
    if (z.state.participants == 0)
        status = error_set(err, ZKM_ERR_ARGUMENT,
                           "ceremony file: no participant has contributed yet (a beacon is no "
                           "participant), so anyone could forge with its keys; contribute first");
    else
        status = verify(err, out, vk, cs, circuit_digest, powers, &z, pk_path, options);
    zkc_close(&z);
    return status == ZKM_OK ? ZKM_OK : error_prefix(err, status, "%s", path);
}
