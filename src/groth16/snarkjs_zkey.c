/*
 * Import of snarkjs's .zkey (zkey_file.h). Points of columns that vanish are infinity there and
 * left out here.
 */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "groth16/point_check.h"
#include "groth16/scratch.h"
#include "groth16/snarkjs.h"
#include "groth16/snarkjs_internal.h"
#include "math/fr_random.h"

enum { BATCH = 1 << 14, COEF_BYTES = 12 + IDEN3_FIELD_BYTES };

/* Both matrices as polynomials in x (row) and y (wire) at a random place: equal values mean equal
 * matrices but for a chance of (rows + wires) / r, whatever the order of their entries. */
typedef struct {
    const fr *x, *y; /* powers */
    fr sum[2];
} matrix_sums;

static void add_entry(void *context, int matrix, uint64_t row, uint32_t wire, const fr *coef) {
    matrix_sums *sums = context;
    fr term;
    if (matrix == 2)
        return;
    fr_mul(&term, &sums->x[row], &sums->y[wire]);
    fr_mul(&term, &term, coef);
    fr_add(&sums->sum[matrix], &sums->sum[matrix], &term);
}

static zkm_status powers(zkm_error *err, scratch *out, size_t n) {
    fr base;
    ZKM_TRY(fr_random(err, &base));
    ZKM_TRY(scratch_array(err, out, ZKEY_NAME, n, sizeof(fr)));
    fr *v = out->data;
    fr_set_one(&v[0]);
    for (size_t i = 1; i < n; i++)
        fr_mul(&v[i], &v[i - 1], &base);
    return ZKM_OK;
}

/* Coefficients are stored as c R^2 with R = 2^256, that is in Montgomery form with one factor R too
 * many. */
static bool take_coefficient(fr *out, byte_reader *r) {
    const fr raw_one = {{1, 0, 0, 0}};
    fr stored;
    if (!iden3_take_fr(&stored, r)) /* gives (c R^2) R */
        return false;
    fr_mul(&stored, &stored, &raw_one); /* c R^2 */
    fr_mul(out, &stored, &raw_one);     /* c R, which is c in Montgomery form */
    return true;
}

static zkm_status sum_coefficients(zkm_error *err, matrix_sums *sums, const zkey *z) {
    byte_reader r = z->section[ZKEY_COEFFICIENTS];
    uint32_t count = reader_u32_le(&r);
    if (r.failed || reader_left(&r) != (uint64_t)count * COEF_BYTES)
        return iden3_damaged(err, ZKEY_NAME, "its table of coefficients has another length");
    for (uint32_t i = 0; i < count; i++) {
        fr coef;
        uint32_t matrix = reader_u32_le(&r), row = reader_u32_le(&r), wire = reader_u32_le(&r);
        if (matrix > 1 || row >= z->domain || wire >= z->num_wires || !take_coefficient(&coef, &r))
            return error_set(err, ZKM_ERR_FORMAT, "zkey file: coefficient %u is out of range", i);
        add_entry(sums, (int)matrix, row, wire, &coef);
    }
    return ZKM_OK;
}

/* Without a system (fuzzing) only ranges are checked. */
static zkm_status check_matrices(zkm_error *err, const zkey *z, const r1cs *cs) {
    scratch x = {0}, y = {0};
    zkm_status status;
    ZKM_TRY_OUT(powers(err, &x, z->domain));
    ZKM_TRY_OUT(powers(err, &y, z->num_wires));
    matrix_sums ours = {.x = x.data, .y = y.data}, theirs = {.x = x.data, .y = y.data};
    ZKM_TRY_OUT(sum_coefficients(err, &theirs, z));
    if (!cs)
        goto out;
    r1cs_visit(cs, add_entry, &ours);
    if (!fr_equal(&ours.sum[0], &theirs.sum[0]) || !fr_equal(&ours.sum[1], &theirs.sum[1]))
        status = error_set(
            err, ZKM_ERR_MISMATCH,
            "zkey file: its matrices are not those of the constraint system; take the key "
            "that was made from this system");
out:
    scratch_free(&x);
    scratch_free(&y);
    return status;
}

static zkm_status bad_point(zkm_error *err, zkey_section section, size_t index) {
    return error_set(
        err, ZKM_ERR_FORMAT,
        "zkey file: section %u: point %zu is not a point of its group; do not use this key",
        (unsigned)section, index);
}

static size_t find_bad(const void *points, size_t n, zkey_section section, unsigned threads) {
    return section == ZKEY_B2 ? points_find_bad_g2(points, n, threads)
                              : points_find_bad_g1(points, n, threads);
}

/* Closes the gaps that dropped points leave; gives how many remain. */
static size_t drop_points(uint8_t *points, size_t n, size_t size, const bool *keep) {
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (keep[i])
            memmove(points + kept++ * size, points + i * size, size);
    return kept;
}

typedef struct {
    const zkey *z;
    const r1cs *cs;
    unsigned threads;
    pk_writer *w;
} zkey_import;

/* Copies a section of points, checking them; with `keep` only those that it names. */
static zkm_status copy_points(zkm_error *err, const zkey_import *in, pk_section to,
                              zkey_section from, const bool *keep) {
    size_t size = zkey_element_bytes(from), count = (size_t)zkey_count(in->z, from);
    byte_reader r = in->z->section[from];
    scratch room = {0};
    zkm_status status;
    ZKM_TRY_OUT(scratch_array(err, &room, ZKEY_NAME, BATCH, size));
    ZKM_TRY_OUT(pk_writer_begin(err, in->w, to));
    for (size_t done = 0, n; done < count; done += n) {
        n = count - done < BATCH ? count - done : BATCH;
        memcpy(room.data, reader_take(&r, n * size), n * size);
        size_t bad = find_bad(room.data, n, from, in->threads);
        if (bad != n) {
            status = bad_point(err, from, done + bad);
            goto out;
        }
        size_t kept = keep ? drop_points(room.data, n, size, keep + done) : n;
        ZKM_TRY_OUT(pk_writer_append(err, in->w, room.data, kept * size));
    }
out:
    scratch_free(&room);
    return status;
}

static bool all_zero(const uint8_t *bytes, size_t n) {
    uint8_t any = 0;
    for (size_t i = 0; i < n; i++)
        any |= bytes[i];
    return any == 0;
}

/* Adds the wires whose point in this section is not infinity. */
static void mark_present(bool *keep, const zkey *z, zkey_section section) {
    size_t size = zkey_element_bytes(section);
    byte_reader r = z->section[section];
    for (uint32_t i = 0; i < z->num_wires; i++)
        keep[i] |= !all_zero(reader_take(&r, size), size);
}

static zkm_status write_index(zkm_error *err, pk_writer *w, pk_section section, const bool *keep,
                              uint32_t num_wires) {
    ZKM_TRY(pk_writer_begin(err, w, section));
    for (uint32_t i = 0; i < num_wires; i++)
        if (keep[i])
            ZKM_TRY(pk_writer_append(err, w, &i, sizeof i));
    return ZKM_OK;
}

static zkm_status copy_sparse(zkm_error *err, const zkey_import *in) {
    uint32_t wires = in->z->num_wires;
    zkm_status status;
    bool *keep = calloc(2 * (size_t)wires, sizeof *keep);
    bool *keep_b = keep ? keep + wires : NULL;
    if (!keep)
        return error_memory(err, ZKEY_NAME, 2 * (size_t)wires);
    mark_present(keep, in->z, ZKEY_A);
    mark_present(keep_b, in->z, ZKEY_B1);
    mark_present(keep_b, in->z, ZKEY_B2);
    ZKM_TRY_OUT(write_index(err, in->w, PK_A_INDEX, keep, wires));
    ZKM_TRY_OUT(copy_points(err, in, PK_A, ZKEY_A, keep));
    ZKM_TRY_OUT(write_index(err, in->w, PK_B_INDEX, keep_b, wires));
    ZKM_TRY_OUT(copy_points(err, in, PK_B1, ZKEY_B1, keep_b));
    ZKM_TRY_OUT(copy_points(err, in, PK_B2, ZKEY_B2, keep_b));
out:
    free(keep);
    return status;
}

static zkm_status make_vk(zkm_error *err, groth16_vk **vk, const zkey_import *in,
                          const groth16_origin *origin) {
    const zkey *z = in->z;
    groth16_vk_parts parts = {.origin = *origin,
                              .num_public = z->num_public,
                              .alpha = z->alpha1,
                              .beta = z->beta2,
                              .gamma = z->gamma2,
                              .delta = z->delta2};
    const byte_reader *r = &z->section[ZKEY_IC];
    size_t count = (size_t)zkey_count(z, ZKEY_IC);
    scratch ic = {0};
    zkm_status status;
    ZKM_TRY_OUT(scratch_array(err, &ic, ZKEY_NAME, count, sizeof(g1_affine)));
    memcpy(ic.data, r->data, r->len);
    size_t bad = find_bad(ic.data, count, ZKEY_IC, in->threads);
    if (bad != count) {
        status = bad_point(err, ZKEY_IC, bad);
        goto out;
    }
    parts.ic = ic.data;
    r1cs_digest(parts.circuit_digest, in->cs);
    status = groth16_vk_new(err, vk, &parts);
out:
    scratch_free(&ic);
    return status;
}

static zkm_status write_key(zkm_error *err, const char *path, zkey_import *in,
                            const groth16_vk *vk) {
    zkm_status status;
    const zkey *z = in->z;
    groth16_pk_header header = {.origin = vk->parts.origin,
                                .num_public = z->num_public,
                                .num_wires = z->num_wires,
                                .num_rows = in->cs->num_rows,
                                .domain = z->domain,
                                .beta = z->beta1,
                                .delta = z->delta1};
    memcpy(header.circuit_digest, vk->parts.circuit_digest, sizeof header.circuit_digest);
    memcpy(header.vk_digest, vk->digest, sizeof header.vk_digest);
    ZKM_TRY_OUT(pk_writer_open(err, &in->w, path, 0644));
    ZKM_TRY_OUT(pk_writer_vk(err, in->w, vk));
    ZKM_TRY_OUT(copy_sparse(err, in));
    ZKM_TRY_OUT(pk_writer_begin(err, in->w, PK_COMMITTED));
    ZKM_TRY_OUT(copy_points(err, in, PK_PRIVATE, ZKEY_PRIVATE, NULL));
    ZKM_TRY_OUT(copy_points(err, in, PK_H, ZKEY_H, NULL));
    status = pk_writer_commit(err, in->w, &header);
    in->w = NULL;
out:
    pk_writer_abort(in->w);
    return status;
}

zkm_status zkey_make_keys(zkm_error *err, groth16_vk **vk, const char *pk_path, const zkey *z,
                          const r1cs *cs, const groth16_origin *origin, unsigned threads) {
    zkey_import in = {.z = z, .cs = cs, .threads = threads};
    groth16_vk *made = NULL;
    ZKM_TRY(make_vk(err, &made, &in, origin));
    zkm_status status = pk_path ? write_key(err, pk_path, &in, made) : ZKM_OK;
    if (status != ZKM_OK) {
        groth16_vk_free(made);
        return status;
    }
    *vk = made;
    return ZKM_OK;
}

static zkm_status import_key(zkm_error *err, groth16_vk **vk, const char *pk_path,
                             const file_view *view, const r1cs *cs, unsigned threads) {
    const groth16_origin unknown = {.kind = GROTH16_FOREIGN};
    zkey z;
    ZKM_TRY(zkey_open_bytes(err, &z, view->data, view->len));
    ZKM_TRY(zkey_check_shape(err, &z, cs));
    ZKM_TRY(zkey_check_secrets(err, &z));
    ZKM_TRY(check_matrices(err, &z, cs));
    return zkey_make_keys(err, vk, pk_path, &z, cs, &unknown, threads);
}

zkm_status snarkjs_zkey_import(zkm_error *err, groth16_vk **vk, const char *pk_path,
                               const char *zkey_path, const r1cs *cs, unsigned threads) {
    file_view view = {0};
    ZKM_TRY(file_open(err, &view, zkey_path, ZKEY_MAX_FILE));
    zkm_status status = import_key(err, vk, pk_path, &view, cs, threads);
    file_close(&view);
    return status == ZKM_OK ? ZKM_OK : error_prefix(err, status, "%s", zkey_path);
}

/* ------------------------------------------------------------------ without a system */

static zkm_status check_points(zkm_error *err, const zkey *z, zkey_section section) {
    const byte_reader *r = &z->section[section];
    size_t n = (size_t)zkey_count(z, section);
    scratch room = {0};
    ZKM_TRY(scratch_array(err, &room, ZKEY_NAME, n, zkey_element_bytes(section)));
    if (n > 0)
        memcpy(room.data, r->data, r->len);
    size_t bad = find_bad(room.data, n, section, 1);
    scratch_free(&room);
    return bad == n ? ZKM_OK : bad_point(err, section, bad);
}

zkm_status snarkjs_zkey_check_bytes(zkm_error *err, const uint8_t *bytes, size_t len) {
    zkey z;
    ZKM_TRY(zkey_open_bytes(err, &z, bytes, len));
    ZKM_TRY(zkey_check_secrets(err, &z));
    ZKM_TRY(check_matrices(err, &z, NULL));
    for (int s = ZKEY_IC; s < ZKEY_CONTRIBUTIONS; s++)
        ZKM_TRY(check_points(err, &z, (zkey_section)s));
    return ZKM_OK;
}
