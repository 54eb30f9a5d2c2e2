/*
 * vk.zkm, all integers big-endian:
 *   "zkm.vk\0\0" | version u32 = 1 | kind u32 | contributions u32 | committed u32 (0/1) |
 * num_public u32 | transcript 32 | circuit digest 32 | alpha 64 | beta 128 | gamma 128 | delta 128
 * | delta1 128 (committed keys only) | IC_0 .. IC_num_public, 64 each | Keccak-256 of all bytes
 * before, 32
 */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/file.h"
#include "groth16/vk.h"
#include "math/keccak.h"

static const uint8_t MAGIC[8] = "zkm.vk\0";
enum { VERSION = 1, CHECKSUM_BYTES = 32 };

static void write_g1(byte_writer *w, const g1_affine *p) {
    uint8_t bytes[G1_BYTES];
    g1_to_bytes(bytes, p);
    writer_bytes(w, bytes, sizeof bytes);
}

static void write_g2(byte_writer *w, const g2_affine *p) {
    uint8_t bytes[G2_BYTES];
    g2_to_bytes(bytes, p);
    writer_bytes(w, bytes, sizeof bytes);
}

static void write_parts(byte_writer *w, const groth16_vk_parts *p) {
    writer_bytes(w, MAGIC, sizeof MAGIC);
    writer_u32_be(w, VERSION);
    writer_u32_be(w, (uint32_t)p->origin.kind);
    writer_u32_be(w, p->origin.contributions);
    writer_u32_be(w, p->committed ? 1 : 0);
    writer_u32_be(w, p->num_public);
    writer_bytes(w, p->origin.transcript, sizeof p->origin.transcript);
    writer_bytes(w, p->circuit_digest, sizeof p->circuit_digest);
    write_g1(w, &p->alpha);
    write_g2(w, &p->beta);
    write_g2(w, &p->gamma);
    write_g2(w, &p->delta);
    if (p->committed)
        write_g2(w, &p->delta1);
    for (size_t i = 0; i <= p->num_public; i++)
        write_g1(w, &p->ic[i]);
}

zkm_status groth16_vk_to_bytes(zkm_error *err, uint8_t **bytes, size_t *len, const groth16_vk *vk) {
    uint8_t checksum[CHECKSUM_BYTES];
    byte_writer w = writer_init();
    write_parts(&w, &vk->parts);
    if (!w.failed)
        keccak256(checksum, w.data, w.len);
    writer_bytes(&w, checksum, sizeof checksum);
    if (w.failed) {
        writer_clear(&w);
        return error_memory(err, "verifying key", w.len);
    }
    *bytes =
        w.data; /* a writer's buffer is plain malloc'ed memory; ownership moves to the caller */
    *len = w.len;
    return ZKM_OK;
}

static zkm_status damaged(zkm_error *err, const char *what) {
    return error_set(
        err, ZKM_ERR_FORMAT,
        "verifying key: %s; the file is damaged, cut off or no verifying key: fetch it again",
        what);
}

/* Frame, before any field is trusted: magic, version, checksum. The body is what lies between. */
static zkm_status open_frame(zkm_error *err, byte_reader *body, const uint8_t *bytes, size_t len) {
    uint8_t checksum[CHECKSUM_BYTES];
    byte_reader r = reader_init(bytes, len);
    const uint8_t *magic = reader_take(&r, sizeof MAGIC);
    uint32_t version = reader_u32_be(&r);
    if (r.failed || memcmp(magic, MAGIC, sizeof MAGIC) != 0)
        return damaged(err, "it does not begin like one");
    if (version != VERSION)
        return error_set(
            err, ZKM_ERR_UNSUPPORTED,
            "verifying key: format version %u, this program reads %d; use the program that "
            "made it, or make the key again",
            version, VERSION);
    if (reader_left(&r) < CHECKSUM_BYTES)
        return damaged(err, "it ends in its header");
    keccak256(checksum, bytes, len - CHECKSUM_BYTES);
    if (memcmp(checksum, bytes + len - CHECKSUM_BYTES, CHECKSUM_BYTES) != 0)
        return damaged(err, "its checksum does not match its bytes");
    *body = reader_init(r.data + r.pos, reader_left(&r) - CHECKSUM_BYTES);
    return ZKM_OK;
}

static zkm_status read_g1(zkm_error *err, g1_affine *out, byte_reader *r, const char *name) {
    const uint8_t *bytes = reader_take(r, G1_BYTES);
    if (!bytes)
        return damaged(err, "it ends in its points");
    if (!g1_from_bytes(out, bytes))
        return error_set(
            err, ZKM_ERR_FORMAT,
            "verifying key: %s is not a point of G1 other than infinity; fetch the key again",
            name);
    return ZKM_OK;
}

static zkm_status read_g2(zkm_error *err, g2_affine *out, byte_reader *r, const char *name) {
    const uint8_t *bytes = reader_take(r, G2_BYTES);
    if (!bytes)
        return damaged(err, "it ends in its points");
    if (!g2_from_bytes(out, bytes))
        return error_set(
            err, ZKM_ERR_FORMAT,
            "verifying key: %s is not a point of G2 other than infinity; fetch the key again",
            name);
    return ZKM_OK;
}

static zkm_status read_header(zkm_error *err, groth16_vk_parts *p, byte_reader *r) {
    uint32_t kind = reader_u32_be(r);
    p->origin.contributions = reader_u32_be(r);
    uint32_t committed = reader_u32_be(r);
    p->num_public = reader_u32_be(r);
    const uint8_t *transcript = reader_take(r, sizeof p->origin.transcript);
    const uint8_t *digest = reader_take(r, sizeof p->circuit_digest);
    if (r->failed)
        return damaged(err, "it ends in its header");
    if (kind < GROTH16_SINGLE_PARTY || kind > GROTH16_FOREIGN || committed > 1)
        return damaged(err, "its header holds a value out of range");
    p->origin.kind = (groth16_setup_kind)kind;
    p->committed = committed == 1;
    memcpy(p->origin.transcript, transcript, sizeof p->origin.transcript);
    memcpy(p->circuit_digest, digest, sizeof p->circuit_digest);
    return ZKM_OK;
}

static zkm_status read_points(zkm_error *err, groth16_vk_parts *p, byte_reader *r) {
    ZKM_TRY(read_g1(err, &p->alpha, r, "alpha"));
    ZKM_TRY(read_g2(err, &p->beta, r, "beta"));
    ZKM_TRY(read_g2(err, &p->gamma, r, "gamma"));
    ZKM_TRY(read_g2(err, &p->delta, r, "delta"));
    if (p->committed)
        ZKM_TRY(read_g2(err, &p->delta1, r, "delta1"));
    return ZKM_OK;
}

/* What remains must be exactly the IC points: the count is compared before anything is allocated.
 */
static zkm_status read_ic(zkm_error *err, groth16_vk_parts *p, byte_reader *r) {
    size_t count = (size_t)p->num_public + 1;
    if (reader_left(r) / G1_BYTES != count || reader_left(r) % G1_BYTES != 0)
        return damaged(err, "its length does not fit its number of public wires");
    p->ic = malloc(count * sizeof *p->ic);
    if (!p->ic)
        return error_memory(err, "verifying key", count * sizeof *p->ic);
    for (size_t i = 0; i < count; i++)
        ZKM_TRY(read_g1(err, &p->ic[i], r, "a point of IC"));
    return ZKM_OK;
}

zkm_status groth16_vk_from_bytes(zkm_error *err, groth16_vk **out, const uint8_t *bytes,
                                 size_t len) {
    zkm_status status;
    groth16_vk_parts parts = {0};
    byte_reader body = {0};
    ZKM_TRY_OUT(open_frame(err, &body, bytes, len));
    ZKM_TRY_OUT(read_header(err, &parts, &body));
    ZKM_TRY_OUT(read_points(err, &parts, &body));
    ZKM_TRY_OUT(read_ic(err, &parts, &body));
    ZKM_TRY_OUT(groth16_vk_new(err, out, &parts));
out:
    free(parts.ic);
    return status;
}

zkm_status groth16_vk_write(zkm_error *err, const groth16_vk *vk, const char *path) {
    uint8_t *bytes = NULL;
    size_t len = 0;
    ZKM_TRY(groth16_vk_to_bytes(err, &bytes, &len, vk));
    zkm_status status = file_write(err, path, 0644, bytes, len);
    free(bytes);
    return status;
}

/* The largest file: every public wire that groth16_vk_new takes, and a kilobyte for the rest. */
static const size_t MAX_FILE = 1024 + ((size_t)GROTH16_MAX_PUBLIC + 1) * G1_BYTES;

zkm_status groth16_vk_read(zkm_error *err, groth16_vk **out, const char *path) {
    file_view file = {0};
    ZKM_TRY(file_open(err, &file, path, MAX_FILE));
    zkm_status status = groth16_vk_from_bytes(err, out, file.data, file.len);
    file_close(&file);
    return status == ZKM_OK ? ZKM_OK : error_prefix(err, status, "%s", path);
}
