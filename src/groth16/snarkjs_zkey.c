/*
 * Import of snarkjs's .zkey (sections: 1 protocol, 2 header, 3 IC, 4 coefficients of A and B, 5 A,
 * 6 B1, 7 B2, 8 private K, 9 H, 10 contributions). Points of columns that vanish are infinity there
 * and left out here.
 */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "groth16/iden3.h"
#include "groth16/point_check.h"
#include "groth16/scratch.h"
#include "groth16/snarkjs.h"
#include "groth16/snarkjs_internal.h"
#include "math/fr_random.h"

enum {
    ZKEY_VERSION = 1,
    GROTH16_PROTOCOL = 1,
    BATCH = 1 << 14,
    COEF_BYTES = 12 + IDEN3_FIELD_BYTES
};
static const char NAME[] = "zkey file";
static const size_t MAX_FILE = (size_t)1 << 40;

typedef struct {
    iden3_file file;
    const r1cs *cs;
    uint32_t num_wires, num_public, domain;
    g1_affine alpha1, beta1, delta1; /* zkey's names: [delta]_1 */
    g2_affine beta2, gamma2, delta2;
    unsigned threads;
} zkey;

static zkm_status take_g1(zkm_error *err, g1_affine *out, byte_reader *r, const char *name) {
    const uint8_t *in = reader_take(r, sizeof *out);
    if (!in)
        return iden3_damaged(err, NAME, "its header is cut off");
    memcpy(out, in, sizeof *out);
    if (g1_affine_is_infinity(out) || points_find_bad_g1(out, 1, 1) != 1)
        return error_set(err, ZKM_ERR_FORMAT, "zkey file: %s is not a point of G1", name);
    return ZKM_OK;
}

static zkm_status take_g2(zkm_error *err, g2_affine *out, byte_reader *r, const char *name) {
    const uint8_t *in = reader_take(r, sizeof *out);
    if (!in)
        return iden3_damaged(err, NAME, "its header is cut off");
    memcpy(out, in, sizeof *out);
    if (g2_affine_is_infinity(out) || points_find_bad_g2(out, 1, 1) != 1)
        return error_set(err, ZKM_ERR_FORMAT, "zkey file: %s is not a point of G2", name);
    return ZKM_OK;
}

static zkm_status read_protocol(zkm_error *err, const zkey *z) {
    byte_reader r;
    ZKM_TRY(iden3_section(err, &r, &z->file, 1));
    if (reader_u32_le(&r) != GROTH16_PROTOCOL || r.failed)
        return error_set(err, ZKM_ERR_UNSUPPORTED, "zkey file: it is not a key of Groth16");
    return ZKM_OK;
}

static zkm_status read_header(zkm_error *err, zkey *z) {
    byte_reader r;
    ZKM_TRY(iden3_section(err, &r, &z->file, 2));
    ZKM_TRY(iden3_check_fp(err, &r, NAME));
    ZKM_TRY(iden3_check_fr(err, &r, NAME));
    z->num_wires = reader_u32_le(&r);
    z->num_public = reader_u32_le(&r);
    z->domain = reader_u32_le(&r);
    ZKM_TRY(take_g1(err, &z->alpha1, &r, "alpha"));
    ZKM_TRY(take_g1(err, &z->beta1, &r, "beta in G1"));
    ZKM_TRY(take_g2(err, &z->beta2, &r, "beta in G2"));
    ZKM_TRY(take_g2(err, &z->gamma2, &r, "gamma"));
    ZKM_TRY(take_g1(err, &z->delta1, &r, "delta in G1"));
    ZKM_TRY(take_g2(err, &z->delta2, &r, "delta in G2"));
    return reader_left(&r) == 0 ? ZKM_OK : iden3_damaged(err, NAME, "its header is too long");
}

static zkm_status check_header(zkm_error *err, const zkey *z) {
    if (z->domain == 0 || (z->domain & (z->domain - 1)) != 0 || z->domain > 1u << 27)
        return iden3_damaged(err, NAME, "its domain is no power of two up to 2^27");
    if (z->num_public >= z->num_wires || z->num_public > GROTH16_MAX_PUBLIC)
        return iden3_damaged(err, NAME, "it has more public wires than wires");
    return ZKM_OK;
}

static zkm_status check_shape(zkm_error *err, const zkey *z) {
    const r1cs *cs = z->cs;
    if (z->num_wires != cs->num_wires || z->num_public != cs->num_public || cs->num_committed != 0)
        return error_set(
            err, ZKM_ERR_MISMATCH,
            "zkey file: %u wires, %u public, but the constraint system has %u and %u; take "
            "the key that was made from this system",
            z->num_wires, z->num_public, cs->num_wires, cs->num_public);
    if (z->domain < cs->num_rows)
        return error_set(
            err, ZKM_ERR_MISMATCH,
            "zkey file: a domain of %u does not hold the system's %llu rows; take the key "
            "that was made from this system",
            z->domain, (unsigned long long)cs->num_rows);
    return ZKM_OK;
}

/* e([x]_1, g2) = e(g1, [x]_2): the same secret in both groups. */
static bool same_secret(const g1_affine *p, const g2_affine *q) {
    g1_affine left[2] = {*p, *g1_generator()};
    g2_affine right[2] = {*g2_generator(), *q};
    g1_affine_neg(&left[0], &left[0]);
    return pairing_check(left, right, 2);
}

static zkm_status check_secrets(zkm_error *err, const zkey *z) {
    if (!same_secret(&z->beta1, &z->beta2) || !same_secret(&z->delta1, &z->delta2))
        return error_set(
            err, ZKM_ERR_FORMAT,
            "zkey file: beta or delta differs between the two groups; the key was made "
            "wrongly: do not use it");
    return ZKM_OK;
}

/* A section of exactly `count` points of `size` bytes. */
static zkm_status point_section(zkm_error *err, byte_reader *out, const zkey *z, uint32_t type,
                                uint64_t count, size_t size) {
    ZKM_TRY(iden3_section(err, out, &z->file, type));
    if (reader_left(out) != count * size)
        return error_set(
            err, ZKM_ERR_FORMAT, "zkey file: section %u holds %zu bytes, its %llu points need %llu",
            type, reader_left(out), (unsigned long long)count, (unsigned long long)(count * size));
    return ZKM_OK;
}

/* The sections of points: type, and elements and bytes of each. */
typedef struct {
    uint32_t type;
    uint64_t count;
    bool in_g2;
} zkey_points;

enum { POINT_SECTIONS = 6 };

static void list_points(zkey_points out[POINT_SECTIONS], const zkey *z) {
    const zkey_points list[POINT_SECTIONS] = {
        {3, (uint64_t)z->num_public + 1, false},
        {5, z->num_wires, false},
        {6, z->num_wires, false},
        {7, z->num_wires, true},
        {8, (uint64_t)z->num_wires - z->num_public - 1, false},
        {9, z->domain, false}};
    memcpy(out, list, sizeof list);
}

/* Once their lengths are right, wires and domain are paid for in bytes of the file. */
static zkm_status check_lengths(zkm_error *err, const zkey *z) {
    zkey_points list[POINT_SECTIONS];
    byte_reader r;
    list_points(list, z);
    for (int i = 0; i < POINT_SECTIONS; i++)
        ZKM_TRY(point_section(err, &r, z, list[i].type, list[i].count,
                              list[i].in_g2 ? sizeof(g2_affine) : sizeof(g1_affine)));
    return ZKM_OK;
}

static zkm_status read_frame(zkm_error *err, zkey *z, const uint8_t *bytes, size_t len) {
    ZKM_TRY(iden3_open(err, &z->file, NAME, "zkey", ZKEY_VERSION, bytes, len));
    ZKM_TRY(read_protocol(err, z));
    ZKM_TRY(read_header(err, z));
    ZKM_TRY(check_header(err, z));
    return check_lengths(err, z);
}

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
    ZKM_TRY(scratch_array(err, out, NAME, n, sizeof(fr)));
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
    byte_reader r;
    ZKM_TRY(iden3_section(err, &r, &z->file, 4));
    uint32_t count = reader_u32_le(&r);
    if (r.failed || reader_left(&r) != (uint64_t)count * COEF_BYTES)
        return iden3_damaged(err, NAME, "its table of coefficients has another length");
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
static zkm_status check_matrices(zkm_error *err, const zkey *z) {
    scratch x = {0}, y = {0};
    zkm_status status;
    ZKM_TRY_OUT(powers(err, &x, z->domain));
    ZKM_TRY_OUT(powers(err, &y, z->num_wires));
    matrix_sums ours = {.x = x.data, .y = y.data}, theirs = {.x = x.data, .y = y.data};
    ZKM_TRY_OUT(sum_coefficients(err, &theirs, z));
    if (!z->cs)
        goto out;
    r1cs_visit(z->cs, add_entry, &ours);
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

static zkm_status bad_point(zkm_error *err, uint32_t type, size_t index) {
    return error_set(
        err, ZKM_ERR_FORMAT,
        "zkey file: section %u: point %zu is not a point of its group; do not use this key", type,
        index);
}

static size_t element_bytes(pk_section section) {
    return section == PK_B2 ? sizeof(g2_affine) : sizeof(g1_affine);
}

/* Checks n points where they lie and closes the gaps that dropped ones leave; *kept is how many
 * remain. */
static bool filter_points(void *points, size_t n, pk_section section, const bool *keep,
                          unsigned threads, size_t *kept, size_t *bad) {
    size_t size = element_bytes(section);
    uint8_t *bytes = points;
    *bad = section == PK_B2 ? points_find_bad_g2(points, n, threads)
                            : points_find_bad_g1(points, n, threads);
    *kept = 0;
    for (size_t i = 0; i < n && *bad == n; i++)
        if (!keep || keep[i])
            memmove(bytes + (*kept)++ * size, bytes + i * size, size);
    return *bad == n;
}

/* Copies a checked section of points; with `keep` only those that it names. */
static zkm_status copy_points(zkm_error *err, pk_writer *w, pk_section section, const zkey *z,
                              uint32_t type, uint64_t count, const bool *keep) {
    size_t size = element_bytes(section);
    scratch room = {0};
    byte_reader r;
    zkm_status status;
    ZKM_TRY_OUT(point_section(err, &r, z, type, count, size));
    ZKM_TRY_OUT(scratch_array(err, &room, NAME, BATCH, size));
    ZKM_TRY_OUT(pk_writer_begin(err, w, section));
    for (uint64_t done = 0; done < count;) {
        size_t n = count - done < BATCH ? (size_t)(count - done) : BATCH, kept, bad;
        memcpy(room.data, reader_take(&r, n * size), n * size);
        if (!filter_points(room.data, n, section, keep ? keep + done : NULL, z->threads, &kept,
                           &bad)) {
            status = bad_point(err, type, (size_t)done + bad);
            goto out;
        }
        ZKM_TRY_OUT(pk_writer_append(err, w, room.data, kept * size));
        done += n;
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
static zkm_status mark_present(zkm_error *err, bool *keep, const zkey *z, uint32_t type,
                               size_t size) {
    byte_reader r;
    ZKM_TRY(point_section(err, &r, z, type, z->num_wires, size));
    for (uint32_t i = 0; i < z->num_wires; i++)
        keep[i] |= !all_zero(reader_take(&r, size), size);
    return ZKM_OK;
}

static zkm_status write_index(zkm_error *err, pk_writer *w, pk_section section, const bool *keep,
                              uint32_t num_wires) {
    ZKM_TRY(pk_writer_begin(err, w, section));
    for (uint32_t i = 0; i < num_wires; i++)
        if (keep[i])
            ZKM_TRY(pk_writer_append(err, w, &i, sizeof i));
    return ZKM_OK;
}

static zkm_status copy_sparse(zkm_error *err, pk_writer *w, const zkey *z) {
    zkm_status status;
    bool *keep = calloc(2 * (size_t)z->num_wires, sizeof *keep);
    bool *keep_b = keep ? keep + z->num_wires : NULL;
    if (!keep)
        return error_memory(err, NAME, 2 * (size_t)z->num_wires);
    ZKM_TRY_OUT(mark_present(err, keep, z, 5, sizeof(g1_affine)));
    ZKM_TRY_OUT(mark_present(err, keep_b, z, 6, sizeof(g1_affine)));
    ZKM_TRY_OUT(mark_present(err, keep_b, z, 7, sizeof(g2_affine)));
    ZKM_TRY_OUT(write_index(err, w, PK_A_INDEX, keep, z->num_wires));
    ZKM_TRY_OUT(copy_points(err, w, PK_A, z, 5, z->num_wires, keep));
    ZKM_TRY_OUT(write_index(err, w, PK_B_INDEX, keep_b, z->num_wires));
    ZKM_TRY_OUT(copy_points(err, w, PK_B1, z, 6, z->num_wires, keep_b));
    ZKM_TRY_OUT(copy_points(err, w, PK_B2, z, 7, z->num_wires, keep_b));
out:
    free(keep);
    return status;
}

static zkm_status make_vk(zkm_error *err, groth16_vk **vk, const zkey *z) {
    groth16_vk_parts parts = {.origin.kind = GROTH16_FOREIGN,
                              .num_public = z->num_public,
                              .alpha = z->alpha1,
                              .beta = z->beta2,
                              .gamma = z->gamma2,
                              .delta = z->delta2};
    scratch ic = {0};
    byte_reader r;
    size_t count = (size_t)z->num_public + 1;
    zkm_status status;
    ZKM_TRY_OUT(point_section(err, &r, z, 3, count, sizeof(g1_affine)));
    ZKM_TRY_OUT(scratch_array(err, &ic, NAME, count, sizeof(g1_affine)));
    memcpy(ic.data, reader_take(&r, count * sizeof(g1_affine)), count * sizeof(g1_affine));
    size_t bad = points_find_bad_g1(ic.data, count, z->threads);
    if (bad != count) {
        status = bad_point(err, 3, bad);
        goto out;
    }
    parts.ic = ic.data;
    r1cs_digest(parts.circuit_digest, z->cs);
    status = groth16_vk_new(err, vk, &parts);
out:
    scratch_free(&ic);
    return status;
}

static zkm_status write_key(zkm_error *err, const char *path, const zkey *z, const groth16_vk *vk) {
    zkm_status status;
    pk_writer *w = NULL;
    groth16_pk_header header = {.origin = vk->parts.origin,
                                .num_public = z->num_public,
                                .num_wires = z->num_wires,
                                .num_rows = z->cs->num_rows,
                                .domain = z->domain,
                                .beta = z->beta1,
                                .delta = z->delta1};
    uint64_t num_private = z->num_wires - pk_first_private(&header);
    memcpy(header.circuit_digest, vk->parts.circuit_digest, sizeof header.circuit_digest);
    memcpy(header.vk_digest, vk->digest, sizeof header.vk_digest);
    ZKM_TRY_OUT(pk_writer_open(err, &w, path));
    ZKM_TRY_OUT(pk_writer_vk(err, w, vk));
    ZKM_TRY_OUT(copy_sparse(err, w, z));
    ZKM_TRY_OUT(pk_writer_begin(err, w, PK_COMMITTED));
    ZKM_TRY_OUT(copy_points(err, w, PK_PRIVATE, z, 8, num_private, NULL));
    ZKM_TRY_OUT(copy_points(err, w, PK_H, z, 9, z->domain, NULL));
    status = pk_writer_commit(err, w, &header);
    w = NULL;
out:
    pk_writer_abort(w);
    return status;
}

static zkm_status import(zkm_error *err, groth16_vk **vk, const char *pk_path, zkey *z,
                         const file_view *view) {
    groth16_vk *made = NULL;
    ZKM_TRY(read_frame(err, z, view->data, view->len));
    ZKM_TRY(check_shape(err, z));
    ZKM_TRY(check_secrets(err, z));
    ZKM_TRY(check_matrices(err, z));
    ZKM_TRY(make_vk(err, &made, z));
    zkm_status status = write_key(err, pk_path, z, made);
    if (status != ZKM_OK) {
        groth16_vk_free(made);
        return status;
    }
    *vk = made;
    return ZKM_OK;
}

static zkm_status check_points(zkm_error *err, const zkey *z, const zkey_points *section) {
    size_t size = section->in_g2 ? sizeof(g2_affine) : sizeof(g1_affine);
    size_t n = (size_t)section->count, bad;
    scratch room = {0};
    byte_reader r;
    ZKM_TRY(point_section(err, &r, z, section->type, n, size));
    ZKM_TRY(scratch_array(err, &room, NAME, n, size));
    if (n > 0)
        memcpy(room.data, reader_take(&r, n * size), n * size);
    bad = section->in_g2 ? points_find_bad_g2(room.data, n, z->threads)
                         : points_find_bad_g1(room.data, n, z->threads);
    scratch_free(&room);
    return bad == n ? ZKM_OK : bad_point(err, section->type, bad);
}

zkm_status snarkjs_zkey_check_bytes(zkm_error *err, const uint8_t *bytes, size_t len) {
    zkey z = {.threads = 1};
    zkey_points list[POINT_SECTIONS];
    ZKM_TRY(read_frame(err, &z, bytes, len));
    ZKM_TRY(check_secrets(err, &z));
    ZKM_TRY(check_matrices(err, &z));
    list_points(list, &z);
    for (int i = 0; i < POINT_SECTIONS; i++)
        ZKM_TRY(check_points(err, &z, &list[i]));
    return ZKM_OK;
}

zkm_status snarkjs_zkey_import(zkm_error *err, groth16_vk **vk, const char *pk_path,
                               const char *zkey_path, const r1cs *cs, unsigned threads) {
    file_view view = {0};
    zkey z = {.cs = cs, .threads = threads};
    ZKM_TRY(file_open(err, &view, zkey_path, MAX_FILE));
    zkm_status status = import(err, vk, pk_path, &z, &view);
    file_close(&view);
    return status == ZKM_OK ? ZKM_OK : error_prefix(err, status, "%s", zkey_path);
}
