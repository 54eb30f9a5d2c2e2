/* The initial key of a plain system, as `snarkjs zkey new` makes it; see zkey_ceremony.h. */
#include <stdio.h>
#include <string.h>

#include "groth16/iden3_writer.h"
#include "groth16/system.h"
#include "groth16/zkey_internal.h"

enum { AFFINE_BATCH = 1 << 12, LEAST_DOMAIN = 2 };

zkm_status zkey_domain(zkm_error *err, uint32_t *domain, const r1cs *cs) {
    size_t n = 0;
    *domain = 0;
    ZKM_TRY(system_check(err, cs));
    if (cs->num_committed != 0)
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "zkey file: the system has a committed round, which snarkjs does not "
                         "know; its ceremony is a .zkc");
    ZKM_TRY(system_domain(err, &n, cs->num_rows, true));
    *domain = n < LEAST_DOMAIN ? LEAST_DOMAIN : (uint32_t)n;
    return ZKM_OK;
}

zkey zkey_initial_header(const r1cs *cs, const ptau *powers, uint32_t domain) {
    zkey z = {.num_wires = cs->num_wires,
              .num_public = cs->num_public,
              .domain = domain,
              .beta2 = powers->beta2,
              .gamma2 = *g2_generator(),
              .delta1 = *g1_generator(),
              .delta2 = *g2_generator()};
    ptau_copy(powers, PTAU_ALPHA1, 0, 1, &z.alpha1);
    ptau_copy(powers, PTAU_BETA1, 0, 1, &z.beta1);
    return z;
}

zkey_summary zkey_summarise(const zkey *z, const zkey_transcript *t) {
    zkey_summary s = {.num_wires = z->num_wires,
                      .num_public = z->num_public,
                      .domain = z->domain,
                      .count = t->count};
    memcpy(s.circuit_hash, t->circuit_hash, sizeof s.circuit_hash);
    memcpy(s.last, t->last, sizeof s.last);
    return s;
}

/* ------------------------------------------------------------------ the points */

/* to_affine_CURVE: n sums as affine points; the sums are freed. */
#define TO_AFFINE(CURVE, CURVE_F)                                                                  \
    static zkm_status to_affine_##CURVE(zkm_error *err, scratch *out, scratch *sums, size_t n) {   \
        CURVE_F room[AFFINE_BATCH];                                                                \
        const CURVE *from = sums->data;                                                            \
        ZKM_TRY(scratch_array(err, out, ZKEY_NAME, n, sizeof(CURVE##_affine)));                    \
        for (size_t at = 0, m; at < n; at += m) {                                                  \
            m = n - at < AFFINE_BATCH ? n - at : AFFINE_BATCH;                                     \
            CURVE##_batch_to_affine((CURVE##_affine *)out->data + at, from + at, m, room);         \
        }                                                                                          \
        scratch_free(sums);                                                                        \
        return ZKM_OK;                                                                             \
    }
TO_AFFINE(g1, fp)
TO_AFFINE(g2, fp2)
#undef TO_AFFINE

byte_reader zkey_initial_section(const zkey_initial *initial, const zkey *header,
                                 zkey_section section) {
    const g1_affine *k = initial->k.data;
    const void *at = section == ZKEY_IC        ? k
                     : section == ZKEY_A       ? initial->a.data
                     : section == ZKEY_B1      ? initial->b1.data
                     : section == ZKEY_PRIVATE ? k + zkey_count(header, ZKEY_IC)
                                               : initial->b2.data;
    return reader_init(at, (size_t)zkey_count(header, section) * zkey_element_bytes(section));
}

zkm_status zkey_initial_make(zkm_error *err, zkey_initial *out, const zkey *header, const r1cs *cs,
                             const ptau *powers, const ceremony_options *options) {
    size_t n = header->num_wires;
    *out = (zkey_initial){.job = {.cs = cs,
                                  .powers = powers,
                                  .domain = header->domain,
                                  .options = options,
                                  .with_b1 = true}};
    ZKM_TRY(ceremony_init_lagrange(err, &out->job));
    ZKM_TRY(ceremony_init_columns(err, &out->job));
    ZKM_TRY(to_affine_g1(err, &out->k, &out->job.k, n));
    ZKM_TRY(to_affine_g1(err, &out->a, &out->job.a, n));
    ZKM_TRY(to_affine_g1(err, &out->b1, &out->job.b1, n));
    ZKM_TRY(to_affine_g2(err, &out->b2, &out->job.b, n));
    return zkey_circuit_hash(err, out->circuit_hash, out, header, powers);
}

void zkey_initial_clear(zkey_initial *initial) {
    ceremony_init_clear(&initial->job);
    scratch_free(&initial->k);
    scratch_free(&initial->a);
    scratch_free(&initial->b1);
    scratch_free(&initial->b2);
}

/* ------------------------------------------------------------------ the file */

static zkm_status write_points(zkm_error *err, file_writer *file, const zkey_initial *initial,
                               const zkey *header, zkey_section section) {
    byte_reader r = zkey_initial_section(initial, header, section);
    ZKM_TRY(iden3_write_section(err, file, section, r.len));
    return file_writer_append(err, file, r.data, r.len);
}

static zkm_status write_quotient(zkm_error *err, file_writer *file, zkey_initial *initial) {
    size_t bytes = initial->job.domain * sizeof(g1_affine);
    scratch basis = {0};
    zkm_status status;
    ZKM_TRY_OUT(ceremony_init_quotient(err, &initial->job, &basis));
    ZKM_TRY_OUT(iden3_write_section(err, file, ZKEY_H, bytes));
    status = file_writer_append(err, file, basis.data, bytes);
out:
    scratch_free(&basis);
    return status;
}

static zkm_status write_no_contributions(zkm_error *err, file_writer *file,
                                         const uint8_t circuit_hash[BLAKE2B_BYTES]) {
    byte_writer w = writer_init();
    writer_bytes(&w, circuit_hash, BLAKE2B_BYTES);
    writer_u32_le(&w, 0);
    zkm_status status = iden3_write_whole(err, file, ZKEY_CONTRIBUTIONS, &w);
    writer_clear(&w);
    return status;
}

static zkm_status write_file(zkm_error *err, const char *path, zkey_initial *initial,
                             const zkey *header) {
    file_writer *file = NULL;
    zkm_status status;
    ZKM_TRY_OUT(file_writer_open(err, &file, path, 0644));
    ZKM_TRY_OUT(zkey_write_header(err, file, header));
    ZKM_TRY_OUT(write_points(err, file, initial, header, ZKEY_IC));
    ZKM_TRY_OUT(zkey_write_coefficients(err, file, initial->job.cs));
    for (int s = ZKEY_A; s <= ZKEY_PRIVATE; s++)
        ZKM_TRY_OUT(write_points(err, file, initial, header, (zkey_section)s));
    ZKM_TRY_OUT(write_quotient(err, file, initial));
    ZKM_TRY_OUT(write_no_contributions(err, file, initial->circuit_hash));
    status = file_writer_commit(err, file);
    file = NULL;
out:
    file_writer_abort(file);
    return status;
}

/* What was written, against the powers: prepared bases are not believed. */
static zkm_status check_file(zkm_error *err, const char *path, const r1cs *cs, const ptau *powers,
                             const ceremony_options *options) {
    file_view view = {0};
    zkey z;
    ZKM_TRY(file_open(err, &view, path, ZKEY_MAX_FILE));
    zkm_status status = zkey_open_bytes(err, &z, view.data, view.len);
    if (status == ZKM_OK)
        status = zkey_check_points(err, &z, cs, powers, options);
    file_close(&view);
    return status;
}

zkm_status zkey_init(zkm_error *err, zkey_summary *out, const r1cs *cs, const ptau *powers,
                     const char *path, const ceremony_options *options) {
    zkey_initial initial = {0};
    zkey_transcript nobody;
    uint32_t domain;
    zkm_status status;
    ZKM_TRY(zkey_domain(err, &domain, cs));
    ZKM_TRY(ptau_check(err, powers, domain, options->threads, options->progress));
    const zkey header = zkey_initial_header(cs, powers, domain);
    ZKM_TRY_OUT(zkey_initial_make(err, &initial, &header, cs, powers, options));
    ZKM_TRY_OUT(write_file(err, path, &initial, &header));
    status = check_file(err, path, cs, powers, options);
    if (status != ZKM_OK) {
        remove(path);
        goto out;
    }
    zkey_transcript_init(&nobody, initial.circuit_hash);
    *out = zkey_summarise(&header, &nobody);
out:
    zkey_initial_clear(&initial);
    return status;
}
