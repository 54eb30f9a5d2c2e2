/* Writing a plain proving key as snarkjs's .zkey; see snarkjs_zkey.c for the sections. */
#include <string.h>

#include "base/file.h"
#include "groth16/iden3.h"
#include "groth16/pk_internal.h"
#include "groth16/scratch.h"
#include "groth16/snarkjs.h"
#include "math/fp.h"

enum {
    COEF_BYTES = 12 + IDEN3_FIELD_BYTES,
    SECTIONS = 10,
    BUFFER = 1 << 16,
    CONTRIBUTION_HASH = 64
};

typedef struct {
    zkm_error *err;
    file_writer *file;
    const groth16_pk *pk;
    zkm_status status; /* the first failure inside of a visit */
    uint64_t count;
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

static zkm_status put_u32(zkey_export *x, uint32_t v) {
    const uint8_t bytes[4] = {(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16),
                              (uint8_t)(v >> 24)};
    return put(x, bytes, sizeof bytes);
}

static zkm_status put_section(zkey_export *x, uint32_t type, uint64_t bytes) {
    ZKM_TRY(put_u32(x, type));
    ZKM_TRY(put_u32(x, (uint32_t)bytes));
    return put_u32(x, (uint32_t)(bytes >> 32));
}

/* A modulus: the machine is little-endian (pk_internal.h), so limbs are already the file's bytes.
 */
static zkm_status put_modulus(zkey_export *x, const uint64_t modulus[4]) {
    ZKM_TRY(put_u32(x, IDEN3_FIELD_BYTES));
    return put(x, modulus, IDEN3_FIELD_BYTES);
}

static zkm_status put_header(zkey_export *x) {
    const groth16_pk_header *h = &x->pk->header;
    const groth16_vk_parts *vk = &x->pk->vk->parts;
    ZKM_TRY(put_section(x, 1, 4));
    ZKM_TRY(put_u32(x, 1));
    ZKM_TRY(put_section(
        x, 2, 2 * (4 + IDEN3_FIELD_BYTES) + 12 + 3 * sizeof(g1_affine) + 3 * sizeof(g2_affine)));
    ZKM_TRY(put_modulus(x, fp_MODULUS.l));
    ZKM_TRY(put_modulus(x, fr_MODULUS.l));
    ZKM_TRY(put_u32(x, h->num_wires));
    ZKM_TRY(put_u32(x, h->num_public));
    ZKM_TRY(put_u32(x, (uint32_t)h->domain));
    ZKM_TRY(put(x, &vk->alpha, sizeof vk->alpha));
    ZKM_TRY(put(x, &h->beta, sizeof h->beta));
    ZKM_TRY(put(x, &vk->beta, sizeof vk->beta));
    ZKM_TRY(put(x, &vk->gamma, sizeof vk->gamma));
    ZKM_TRY(put(x, &h->delta, sizeof h->delta));
    return put(x, &vk->delta, sizeof vk->delta);
}

static void count_entry(void *context, int matrix, uint64_t row, uint32_t wire, const fr *coef) {
    zkey_export *x = context;
    (void)row;
    (void)wire;
    (void)coef;
    x->count += matrix < 2;
}

/* A coefficient c as c R^2, R = 2^256: multiplying by R2 (which stands for R in Montgomery form)
 * twice. */
static void put_entry(void *context, int matrix, uint64_t row, uint32_t wire, const fr *coef) {
    zkey_export *x = context;
    uint8_t bytes[IDEN3_FIELD_BYTES];
    fr shifted;
    if (matrix == 2 || x->status != ZKM_OK)
        return;
    fr_mul(&shifted, coef, &fr_R2);
    fr_mul(&shifted, &shifted, &fr_R2);
    iden3_fr_bytes(bytes, &shifted);
    x->status = put_u32(x, (uint32_t)matrix);
    if (x->status == ZKM_OK)
        x->status = put_u32(x, (uint32_t)row);
    if (x->status == ZKM_OK)
        x->status = put_u32(x, wire);
    if (x->status == ZKM_OK)
        x->status = put(x, bytes, sizeof bytes);
}

static zkm_status put_coefficients(zkey_export *x, const r1cs *cs) {
    r1cs_visit(cs, count_entry, x);
    if (x->count > UINT32_MAX)
        return error_set(x->err, ZKM_ERR_UNSUPPORTED,
                         "zkey export: the system has more coefficients than the format counts");
    ZKM_TRY(put_section(x, 4, 4 + x->count * COEF_BYTES));
    ZKM_TRY(put_u32(x, (uint32_t)x->count));
    r1cs_visit(cs, put_entry, x);
    return x->status;
}

/* All wires' points from a sparse section: infinity, which is zeros, where the column vanishes. */
static zkm_status put_sparse(zkey_export *x, uint32_t type, const void *points, size_t size,
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

static zkm_status put_points(zkey_export *x, uint32_t type, const g1_affine *points, size_t n) {
    ZKM_TRY(put_section(x, type, (uint64_t)n * sizeof *points));
    for (size_t i = 0; i < n; i++)
        ZKM_TRY(put(x, &points[i], sizeof points[i]));
    return ZKM_OK;
}

static zkm_status put_all(zkey_export *x, const r1cs *cs) {
    static const uint8_t no_contributions[CONTRIBUTION_HASH + 4];
    const groth16_pk *pk = x->pk;
    const groth16_pk_header *h = &pk->header;
    ZKM_TRY(put(x, "zkey", 4));
    ZKM_TRY(put_u32(x, 1));
    ZKM_TRY(put_u32(x, SECTIONS));
    ZKM_TRY(put_header(x));
    ZKM_TRY(put_points(x, 3, pk->vk->parts.ic, (size_t)h->num_public + 1));
    ZKM_TRY(put_coefficients(x, cs));
    ZKM_TRY(put_sparse(x, 5, pk->a, sizeof *pk->a, pk->a_index, pk->num_a));
    ZKM_TRY(put_sparse(x, 6, pk->b1, sizeof *pk->b1, pk->b_index, pk->num_b));
    ZKM_TRY(put_sparse(x, 7, pk->b2, sizeof *pk->b2, pk->b_index, pk->num_b));
    ZKM_TRY(put_points(x, 8, pk->k_private, h->num_wires - pk_first_private(h)));
    ZKM_TRY(put_points(x, 9, pk->h, (size_t)h->domain));
    ZKM_TRY(put_section(x, 10, sizeof no_contributions));
    ZKM_TRY(put(x, no_contributions, sizeof no_contributions));
    return flush(x);
}

static zkm_status check_exportable(zkm_error *err, const groth16_pk *pk, const r1cs *cs) {
    const groth16_pk_header *h = &pk->header;
    if (h->num_committed > 0)
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "zkey export: the key has a committed round, which snarkjs does not know");
    if (pk_has_blinding_column(h) || (h->domain & (h->domain - 1)) != 0 || h->domain > 1u << 27)
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
