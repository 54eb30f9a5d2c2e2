/* Writing a plain proving key as snarkjs's .zkey (zkey_file.h). */
#include <string.h>

#include "base/file.h"
#include "groth16/iden3_writer.h"
#include "groth16/pk_internal.h"
#include "groth16/scratch.h"
#include "groth16/snarkjs.h"
#include "groth16/zkey_file.h"

enum { BUFFER = 1 << 16, CONTRIBUTION_HASH = 64 };

typedef struct {
    zkm_error *err;
    file_writer *file;
    const groth16_pk *pk;
    uint8_t buffer[BUFFER];
    size_t fill;
} zkey_export;

static zkm_status flush(zkey_export *x) {
    size_t n = x->fill;
    x->fill = 0;
    return file_writer_append(x->err, x->file, x->buffer, n);
}

static zkm_status put(zkey_export *x, const void *data, size_t n) {
    if (BUFFER - x->fill < n)
        ZKM_TRY(flush(x));
    if (n > BUFFER)
        return file_writer_append(x->err, x->file, data, n);
    memcpy(x->buffer + x->fill, data, n);
    x->fill += n;
    return ZKM_OK;
}

static zkm_status put_section(zkey_export *x, zkey_section type, uint64_t bytes) {
    ZKM_TRY(flush(x));
    return iden3_write_section(x->err, x->file, type, bytes);
}

static zkey header_of(const groth16_pk *pk) {
    const groth16_pk_header *h = &pk->header;
    const groth16_vk_parts *vk = &pk->vk->parts;
    return (zkey){.num_wires = h->num_wires,
                  .num_public = h->num_public,
                  .domain = (uint32_t)h->domain,
                  .alpha1 = vk->alpha,
                  .beta1 = h->beta,
                  .beta2 = vk->beta,
                  .gamma2 = vk->gamma,
                  .delta1 = h->delta,
                  .delta2 = vk->delta};
}

/* All wires' points from a sparse section: infinity, which is zeros, where the column vanishes. */
static zkm_status put_sparse(zkey_export *x, zkey_section type, const void *points, size_t size,
                             const uint32_t *index, size_t n) {
    static const uint8_t infinity[sizeof(g2_affine)];
    const uint8_t *bytes = points;
    size_t next = 0;
    ZKM_TRY(put_section(x, type, (uint64_t)x->pk->header.num_wires * size));
    for (uint32_t i = 0; i < x->pk->header.num_wires; i++) {
        bool present = next < n && index[next] == i;
        ZKM_TRY(put(x, present ? bytes + next * size : infinity, size));
        next += present;
    }
    return ZKM_OK;
}

static zkm_status put_points(zkey_export *x, zkey_section type, const g1_affine *points, size_t n) {
    ZKM_TRY(put_section(x, type, (uint64_t)n * sizeof *points));
    for (size_t i = 0; i < n; i++)
        ZKM_TRY(put(x, &points[i], sizeof points[i]));
    return ZKM_OK;
}

static zkm_status put_all(zkey_export *x, const r1cs *cs) {
    static const uint8_t no_contributions[CONTRIBUTION_HASH + 4];
    const groth16_pk *pk = x->pk;
    const groth16_pk_header *h = &pk->header;
    const zkey header = header_of(pk);
    ZKM_TRY(zkey_write_header(x->err, x->file, &header));
    ZKM_TRY(put_points(x, ZKEY_IC, pk->vk->parts.ic, (size_t)h->num_public + 1));
    ZKM_TRY(flush(x));
    ZKM_TRY(zkey_write_coefficients(x->err, x->file, cs));
    ZKM_TRY(put_sparse(x, ZKEY_A, pk->a, sizeof *pk->a, pk->a_index, pk->num_a));
    ZKM_TRY(put_sparse(x, ZKEY_B1, pk->b1, sizeof *pk->b1, pk->b_index, pk->num_b));
    ZKM_TRY(put_sparse(x, ZKEY_B2, pk->b2, sizeof *pk->b2, pk->b_index, pk->num_b));
    ZKM_TRY(put_points(x, ZKEY_PRIVATE, pk->k_private, h->num_wires - pk_first_private(h)));
    ZKM_TRY(put_points(x, ZKEY_H, pk->h, (size_t)h->domain));
    ZKM_TRY(put_section(x, ZKEY_CONTRIBUTIONS, sizeof no_contributions));
    ZKM_TRY(put(x, no_contributions, sizeof no_contributions));
    return flush(x);
}

static zkm_status check_exportable(zkm_error *err, const groth16_pk *pk, const r1cs *cs) {
    const groth16_pk_header *h = &pk->header;
    if (h->num_committed > 0)
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "zkey export: the key has a committed round, which snarkjs does not know");
    if (pk_has_blinding_column(h) || (h->domain & (h->domain - 1)) != 0 ||
        h->domain > ZKEY_MAX_DOMAIN)
        return error_set(
            err, ZKM_ERR_UNSUPPORTED,
            "zkey export: the key has no columns of B in G1, or its domain is no power "
            "of two; make it by groth16_setup with `exportable`");
    if (cs->num_wires != h->num_wires || cs->num_public != h->num_public ||
        cs->num_rows != h->num_rows)
        return error_set(
            err, ZKM_ERR_MISMATCH,
            "zkey export: the constraint system is not the one that the key was made for");
    return ZKM_OK;
}

zkm_status snarkjs_zkey_export(zkm_error *err, const char *zkey_path, const groth16_pk *pk,
                               const r1cs *cs) {
    scratch room = {0};
    zkm_status status;
    ZKM_TRY(check_exportable(err, pk, cs));
    ZKM_TRY(pk_check_all(err, pk, 0));
    ZKM_TRY(scratch_new(err, &room, "zkey export", sizeof(zkey_export)));
    zkey_export *x = room.data;
    *x = (zkey_export){.err = err, .pk = pk};
    ZKM_TRY_OUT(file_writer_open(err, &x->file, zkey_path, 0644));
    ZKM_TRY_OUT(put_all(x, cs));
    status = file_writer_commit(err, x->file);
    x->file = NULL;
out:
    file_writer_abort(x->file);
    scratch_free(&room);
    return status;
}
