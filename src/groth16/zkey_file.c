/* Reading a .zkey's frame, and writing what all writers of it share. See zkey_file.h. */
#include "groth16/zkey_file.h"

#include <stdio.h>
#include <string.h>

#include "groth16/iden3_writer.h"
#include "groth16/point_check.h"
#include "groth16/vk.h"
#include "math/fp.h"
#include "math/pairing.h"

enum { VERSION = 1, GROTH16_PROTOCOL = 1, COEF_BYTES = 12 + IDEN3_FIELD_BYTES };
static const char MAGIC[] = "zkey";

/* ------------------------------------------------------------------ reading */

zkm_status zkey_take_g1(zkm_error *err, g1_affine *out, byte_reader *r, const char *name) {
    const uint8_t *in = reader_take(r, sizeof *out);
    if (!in)
        return iden3_damaged(err, ZKEY_NAME, "a point is cut off");
    memcpy(out, in, sizeof *out);
    if (g1_affine_is_infinity(out) || points_find_bad_g1(out, 1, 1) != 1)
        return error_set(err, ZKM_ERR_FORMAT, "zkey file: %s is not a point of G1", name);
    return ZKM_OK;
}

zkm_status zkey_take_g2(zkm_error *err, g2_affine *out, byte_reader *r, const char *name) {
    const uint8_t *in = reader_take(r, sizeof *out);
    if (!in)
        return iden3_damaged(err, ZKEY_NAME, "a point is cut off");
    memcpy(out, in, sizeof *out);
    if (g2_affine_is_infinity(out) || points_find_bad_g2(out, 1, 1) != 1)
        return error_set(err, ZKM_ERR_FORMAT, "zkey file: %s is not a point of G2", name);
    return ZKM_OK;
}

static zkm_status read_protocol(zkm_error *err, const zkey *z) {
    byte_reader r = z->section[ZKEY_PROTOCOL];
    if (reader_u32_le(&r) != GROTH16_PROTOCOL || r.failed)
        return error_set(err, ZKM_ERR_UNSUPPORTED, "zkey file: it is not a key of Groth16");
    return reader_left(&r) == 0 ? ZKM_OK : iden3_damaged(err, ZKEY_NAME, "section 1 is too long");
}

static zkm_status read_header(zkm_error *err, zkey *z) {
    byte_reader r = z->section[ZKEY_HEADER];
    ZKM_TRY(iden3_check_fp(err, &r, ZKEY_NAME));
    ZKM_TRY(iden3_check_fr(err, &r, ZKEY_NAME));
    z->num_wires = reader_u32_le(&r);
    z->num_public = reader_u32_le(&r);
    z->domain = reader_u32_le(&r);
    ZKM_TRY(zkey_take_g1(err, &z->alpha1, &r, "alpha"));
    ZKM_TRY(zkey_take_g1(err, &z->beta1, &r, "beta in G1"));
    ZKM_TRY(zkey_take_g2(err, &z->beta2, &r, "beta in G2"));
    ZKM_TRY(zkey_take_g2(err, &z->gamma2, &r, "gamma"));
    ZKM_TRY(zkey_take_g1(err, &z->delta1, &r, "delta in G1"));
    ZKM_TRY(zkey_take_g2(err, &z->delta2, &r, "delta in G2"));
    return reader_left(&r) == 0 ? ZKM_OK : iden3_damaged(err, ZKEY_NAME, "its header is too long");
}

static zkm_status check_header(zkm_error *err, const zkey *z) {
    if (z->domain == 0 || (z->domain & (z->domain - 1)) != 0 || z->domain > ZKEY_MAX_DOMAIN)
        return iden3_damaged(err, ZKEY_NAME, "its domain is no power of two up to 2^27");
    if (z->num_public >= z->num_wires || z->num_public > GROTH16_MAX_PUBLIC)
        return iden3_damaged(err, ZKEY_NAME, "it has more public wires than wires");
    return ZKM_OK;
}

uint64_t zkey_count(const zkey *z, zkey_section section) {
    switch (section) {
    case ZKEY_IC:
        return (uint64_t)z->num_public + 1;
    case ZKEY_A:
    case ZKEY_B1:
    case ZKEY_B2:
        return z->num_wires;
    case ZKEY_PRIVATE:
        return (uint64_t)z->num_wires - z->num_public - 1;
    case ZKEY_H:
        return z->domain;
    default:
        return 0;
    }
}

size_t zkey_element_bytes(zkey_section section) {
    return section == ZKEY_B2 ? sizeof(g2_affine) : sizeof(g1_affine);
}

/* Once their lengths are right, wires and domain are paid for in bytes of the file. */
static zkm_status check_lengths(zkm_error *err, const zkey *z) {
    static const zkey_section POINTS[] = {ZKEY_IC, ZKEY_A, ZKEY_B1, ZKEY_B2, ZKEY_PRIVATE, ZKEY_H};
    for (size_t i = 0; i < sizeof POINTS / sizeof *POINTS; i++) {
        zkey_section s = POINTS[i];
        uint64_t count = zkey_count(z, s), size = zkey_element_bytes(s);
        if (reader_left(&z->section[s]) != count * size)
            return error_set(err, ZKM_ERR_FORMAT,
                             "zkey file: section %u holds %zu bytes, its %llu points need %llu",
                             (unsigned)s, reader_left(&z->section[s]), (unsigned long long)count,
                             (unsigned long long)(count * size));
    }
    return ZKM_OK;
}

zkm_status zkey_open_bytes(zkm_error *err, zkey *out, const uint8_t *bytes, size_t len) {
    zkey z = {0};
    ZKM_TRY(iden3_open(err, &z.file, ZKEY_NAME, MAGIC, VERSION, bytes, len));
    for (uint32_t s = ZKEY_PROTOCOL; s < ZKEY_CONTRIBUTIONS; s++)
        ZKM_TRY(iden3_section(err, &z.section[s], &z.file, s));
    ZKM_TRY(read_protocol(err, &z));
    ZKM_TRY(read_header(err, &z));
    ZKM_TRY(check_header(err, &z));
    ZKM_TRY(check_lengths(err, &z));
    *out = z;
    return ZKM_OK;
}

bool zkey_is_one(const char *path) {
    char start[4];
    FILE *f = fopen(path, "rb");
    bool is = f && fread(start, 1, sizeof start, f) == sizeof start &&
              memcmp(start, MAGIC, sizeof start) == 0;
    if (f)
        fclose(f);
    return is;
}

zkm_status zkey_check_shape(zkm_error *err, const zkey *z, const r1cs *cs) {
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

/* e(p, 1) = e(1, q) */
static bool same_secret(const g1_affine *p, const g2_affine *q) {
    return pairing_equal(p, g2_generator(), g1_generator(), q);
}

zkm_status zkey_check_secrets(zkm_error *err, const zkey *z) {
    if (!same_secret(&z->beta1, &z->beta2) || !same_secret(&z->delta1, &z->delta2))
        return error_set(
            err, ZKM_ERR_FORMAT,
            "zkey file: beta or delta differs between the two groups; the key was made "
            "wrongly: do not use it");
    return ZKM_OK;
}

/* ------------------------------------------------------------------ writing */

/* A modulus: the machine is little-endian (pk_internal.h), so limbs are already the file's bytes.
 */
static void put_modulus(byte_writer *w, const uint64_t modulus[4]) {
    writer_u32_le(w, IDEN3_FIELD_BYTES);
    writer_bytes(w, modulus, IDEN3_FIELD_BYTES);
}

zkm_status zkey_write_header(zkm_error *err, file_writer *file, const zkey *z) {
    byte_writer w = writer_init();
    ZKM_TRY(iden3_write_start(err, file, MAGIC, VERSION, ZKEY_SECTIONS));
    writer_u32_le(&w, GROTH16_PROTOCOL);
    zkm_status status = iden3_write_whole(err, file, ZKEY_PROTOCOL, &w);
    writer_clear(&w);
    ZKM_TRY(status);
    w = writer_init();
    put_modulus(&w, fp_MODULUS.l);
    put_modulus(&w, fr_MODULUS.l);
    writer_u32_le(&w, z->num_wires);
    writer_u32_le(&w, z->num_public);
    writer_u32_le(&w, z->domain);
    writer_bytes(&w, &z->alpha1, sizeof z->alpha1);
    writer_bytes(&w, &z->beta1, sizeof z->beta1);
    writer_bytes(&w, &z->beta2, sizeof z->beta2);
    writer_bytes(&w, &z->gamma2, sizeof z->gamma2);
    writer_bytes(&w, &z->delta1, sizeof z->delta1);
    writer_bytes(&w, &z->delta2, sizeof z->delta2);
    status = iden3_write_whole(err, file, ZKEY_HEADER, &w);
    writer_clear(&w);
    return status;
}

static void count_entry(void *context, int matrix, uint64_t row, uint32_t wire, const fr *coef) {
    uint64_t *count = context;
    (void)row;
    (void)wire;
    (void)coef;
    *count += matrix < 2;
}

static zkm_status count_coefficients(zkm_error *err, uint64_t *count, const r1cs *cs) {
    *count = 0;
    r1cs_visit(cs, count_entry, count);
    return *count <= UINT32_MAX
               ? ZKM_OK
               : error_set(err, ZKM_ERR_UNSUPPORTED,
                           "zkey file: the system has more coefficients than the format counts");
}

enum { BUFFER = 1 << 16 };

typedef struct {
    zkm_error *err;
    zkey_take_bytes take;
    void *context;
    zkm_status status; /* the first failure */
    uint8_t buffer[BUFFER];
    size_t fill;
} coefficient_stream;

static void flush(coefficient_stream *s) {
    if (s->status == ZKM_OK && s->fill > 0)
        s->status = s->take(s->err, s->context, s->buffer, s->fill);
    s->fill = 0;
}

static void put_u32(coefficient_stream *s, uint32_t v) {
    for (int i = 0; i < 4; i++)
        s->buffer[s->fill++] = (uint8_t)(v >> (8 * i));
}

/* A coefficient c as c R^2, R = 2^256: multiplying by R2 (which stands for R in Montgomery form)
 * twice. */
static void put_entry(void *context, int matrix, uint64_t row, uint32_t wire, const fr *coef) {
    coefficient_stream *s = context;
    fr shifted;
    if (matrix == 2)
        return;
    if (BUFFER - s->fill < COEF_BYTES)
        flush(s);
    fr_mul(&shifted, coef, &fr_R2);
    fr_mul(&shifted, &shifted, &fr_R2);
    put_u32(s, (uint32_t)matrix);
    put_u32(s, (uint32_t)row);
    put_u32(s, wire);
    iden3_fr_bytes(s->buffer + s->fill, &shifted);
    s->fill += IDEN3_FIELD_BYTES;
}

zkm_status zkey_coefficients(zkm_error *err, const r1cs *cs, zkey_take_bytes take, void *context) {
    coefficient_stream s = {.err = err, .take = take, .context = context};
    uint64_t count;
    ZKM_TRY(count_coefficients(err, &count, cs));
    put_u32(&s, (uint32_t)count);
    r1cs_visit(cs, put_entry, &s);
    flush(&s);
    return s.status;
}

static zkm_status append(zkm_error *err, void *context, const uint8_t *bytes, size_t n) {
    return file_writer_append(err, context, bytes, n);
}

zkm_status zkey_write_coefficients(zkm_error *err, file_writer *file, const r1cs *cs) {
    uint64_t count;
    ZKM_TRY(count_coefficients(err, &count, cs));
    ZKM_TRY(iden3_write_section(err, file, ZKEY_COEFFICIENTS, 4 + count * COEF_BYTES));
    return zkey_coefficients(err, cs, append, file);
}
