/*
 * Checking a .zkey. Its initial key is made anew for the circuit's hash, and everything that no
 * contribution changes is compared with it; all points are then tested against the powers as those
 * of a .zkc are (ceremony_verify.c), because the bases of a prepared file may lie.
 */
#include <string.h>

#include "groth16/snarkjs_internal.h"
#include "groth16/zkey_internal.h"

static zkm_status rejected(zkm_error *err, const char *what) {
    return error_set(err, ZKM_REJECTED,
                     "zkey file: %s not what the system and the powers of tau make of them; the "
                     "file was damaged or forged: do not use it",
                     what);
}

static zkm_status mismatch(zkm_error *err, const char *what) {
    return error_set(err, ZKM_ERR_MISMATCH,
                     "zkey file: it is of %s; take those that the ceremony began with", what);
}

/* ------------------------------------------------------------------ what stays */

static zkm_status compare(zkm_error *err, void *context, const uint8_t *bytes, size_t n) {
    byte_reader *left = context;
    const uint8_t *there = reader_take(left, n);
    return there && memcmp(there, bytes, n) == 0 ? ZKM_OK
                                                 : mismatch(err, "another constraint system");
}

static zkm_status check_coefficients(zkm_error *err, const zkey *z, const r1cs *cs) {
    byte_reader left = z->section[ZKEY_COEFFICIENTS];
    ZKM_TRY(zkey_coefficients(err, cs, compare, &left));
    return reader_left(&left) == 0 ? ZKM_OK : mismatch(err, "another constraint system");
}

static zkm_status check_header(zkm_error *err, const zkey *z, const zkey *initial) {
    if (z->domain != initial->domain)
        return mismatch(err, "another constraint system");
    if (!g1_affine_equal(&z->alpha1, &initial->alpha1) ||
        !g1_affine_equal(&z->beta1, &initial->beta1) ||
        !g2_affine_equal(&z->beta2, &initial->beta2))
        return mismatch(err, "other powers of tau");
    return g2_affine_equal(&z->gamma2, &initial->gamma2) ? ZKM_OK : rejected(err, "gamma is");
}

static zkm_status check_initial(zkm_error *err, const zkey *z, const zkey *header,
                                const zkey_initial *initial,
                                const uint8_t circuit_hash[BLAKE2B_BYTES]) {
    static const zkey_section SAME[] = {ZKEY_IC, ZKEY_A, ZKEY_B1, ZKEY_B2};
    static const char *const NAMES[] = {"the points of the public wires are", "the points of A are",
                                        "the points of B in G1 are", "the points of B in G2 are"};
    for (size_t i = 0; i < sizeof SAME / sizeof *SAME; i++) {
        byte_reader r = zkey_initial_section(initial, header, SAME[i]);
        if (memcmp(r.data, z->section[SAME[i]].data, r.len) != 0)
            return rejected(err, NAMES[i]);
    }
    return memcmp(circuit_hash, initial->circuit_hash, BLAKE2B_BYTES) == 0
               ? ZKM_OK
               : rejected(err, "the circuit's hash is");
}

/* ------------------------------------------------------------------ points */

static zkm_status all_wires(zkm_error *err, scratch *out, uint32_t n) {
    ZKM_TRY(scratch_array(err, out, ZKEY_NAME, n, sizeof(uint32_t)));
    uint32_t *wires = out->data;
    for (uint32_t i = 0; i < n; i++)
        wires[i] = i;
    return ZKM_OK;
}

/* *z as ceremony_verify.c sees a ceremony's file: no committed wires, no blinding column. */
static zkc view_of(const zkey *z, const r1cs *cs, const scratch *wires) {
    zkc view = {.header = {.num_public = z->num_public,
                           .num_wires = z->num_wires,
                           .num_rows = cs->num_rows,
                           .domain = z->domain,
                           .alpha = z->alpha1,
                           .beta = z->beta1,
                           .beta2 = z->beta2},
                .now = {.delta = z->delta2},
                .num_a = z->num_wires,
                .num_b = z->num_wires,
                .b1 = z->section[ZKEY_B1]};
    byte_reader index = reader_init(wires->data, (size_t)z->num_wires * sizeof(uint32_t));
    view.section[ZKC_IC] = z->section[ZKEY_IC];
    view.section[ZKC_A_INDEX] = view.section[ZKC_B_INDEX] = index;
    view.section[ZKC_A] = z->section[ZKEY_A];
    view.section[ZKC_B2] = z->section[ZKEY_B2];
    view.section[ZKC_PRIVATE] = z->section[ZKEY_PRIVATE];
    view.section[ZKC_H] = z->section[ZKEY_H];
    return view;
}

zkm_status zkey_check_points(zkm_error *err, const zkey *z, const r1cs *cs, const ptau *powers,
                             const ceremony_options *options) {
    scratch wires = {0};
    zkm_status status;
    ZKM_TRY_OUT(all_wires(err, &wires, z->num_wires));
    const zkc view = view_of(z, cs, &wires);
    status = zkc_check_points(err, &view, cs, powers, options);
out:
    scratch_free(&wires);
    return status;
}

/* ------------------------------------------------------------------ the whole */

static zkm_status check(zkm_error *err, const zkey *z, const zkey_transcript *t, const r1cs *cs,
                        const ptau *powers, const ceremony_options *options) {
    zkey_initial initial = {0};
    uint32_t domain;
    zkm_status status;
    ZKM_TRY(zkey_domain(err, &domain, cs));
    ZKM_TRY(zkey_check_shape(err, z, cs));
    ZKM_TRY(ptau_holds(err, powers, domain));
    const zkey header = zkey_initial_header(cs, powers, domain);
    ZKM_TRY(check_header(err, z, &header));
    ZKM_TRY(check_coefficients(err, z, cs));
    ZKM_TRY(ptau_check(err, powers, domain, options->threads, options->progress));
    ZKM_TRY_OUT(zkey_initial_make(err, &initial, &header, cs, powers, options));
    ZKM_TRY_OUT(check_initial(err, z, &header, &initial, t->circuit_hash));
    status = zkey_check_points(err, z, cs, powers, options);
out:
    zkey_initial_clear(&initial);
    return status;
}

static zkm_status make_keys(zkm_error *err, groth16_vk **vk, const char *pk_path, const zkey *z,
                            const zkey_transcript *t, const r1cs *cs, unsigned threads) {
    groth16_origin origin = {.kind = GROTH16_CEREMONY, .contributions = t->count};
    groth16_vk *made = NULL;
    memcpy(origin.transcript, t->last, sizeof origin.transcript);
    ZKM_TRY(zkey_make_keys(err, &made, pk_path, z, cs, &origin, threads));
    if (vk)
        *vk = made;
    else
        groth16_vk_free(made);
    return ZKM_OK;
}

static zkm_status verify(zkm_error *err, zkey_summary *out, groth16_vk **vk, const r1cs *cs,
                         const ptau *powers, const file_view *view, const char *pk_path,
                         zkey_visitor visit, void *context, const ceremony_options *options) {
    zkey z;
    zkey_transcript t;
    ZKM_TRY(zkey_open_bytes(err, &z, view->data, view->len));
    ZKM_TRY(zkey_transcript_open(err, &t, &z, visit, context));
    if (pk_path && t.participants == 0)
        return error_set(err, ZKM_ERR_ARGUMENT,
                         "zkey file: no participant has contributed yet (a beacon is no "
                         "participant), so anyone could forge with its keys; contribute first");
    ZKM_TRY(check(err, &z, &t, cs, powers, options));
    if (t.participants > 0)
        ZKM_TRY(make_keys(err, vk, pk_path, &z, &t, cs, options->threads));
    else if (vk)
        *vk = NULL;
    *out = zkey_summarise(&z, &t);
    return ZKM_OK;
}

zkm_status zkey_verify(zkm_error *err, zkey_summary *out, groth16_vk **vk, const r1cs *cs,
                       const ptau *powers, const char *path, const char *pk_path,
                       zkey_visitor visit, void *context, const ceremony_options *options) {
    file_view view = {0};
    ZKM_TRY(file_open(err, &view, path, ZKEY_MAX_FILE));
    zkm_status status = verify(err, out, vk, cs, powers, &view, pk_path, visit, context, options);
    file_close(&view);
    return status == ZKM_OK ? ZKM_OK : error_prefix(err, status, "%s", path);
}
