/* Reading and framing .zkc files: iden3's container, magic "zkmc". */
#include <string.h>

#include "groth16/ceremony_internal.h"
#include "groth16/scratch.h"
#include "math/fft.h"
#include "math/keccak.h"
#include "math/keccak_chunks.h"
#include "math/pairing.h"

enum {
    PIECE = 1 << 20, /* bytes that are hashed as one leaf */
    PIECES_AT_ONCE = 8,
    MAX_DOMAIN_LOG2 = 27,
    HEADER_BYTES = 32 + BLAKE2B_BYTES + 4 * 4 + 2 * 8 + 3 * G1_BYTES + G2_BYTES
};
static const char NAME[] = "ceremony file";
static const char MAGIC[] = "zkmc";
static const char TAG[] = "zkmetric.ceremony.v1";
static const size_t MAX_FILE = (size_t)1 << 46;

size_t zkc_element_bytes(zkc_section section) {
    switch (section) {
    case ZKC_A_INDEX:
    case ZKC_B_INDEX:
        return sizeof(uint32_t);
    case ZKC_B2:
        return sizeof(g2_affine);
    default:
        return sizeof(g1_affine);
    }
}

static zkm_status damaged(zkm_error *err, const char *what) {
    return error_set(err, ZKM_ERR_FORMAT,
                     "ceremony file: %s; the file is damaged, cut off or of another kind: fetch it "
                     "again",
                     what);
}

/* ------------------------------------------------------------------ writing */

static void put_g1(byte_writer *w, const g1_affine *p) {
    uint8_t bytes[G1_BYTES];
    g1_to_bytes(bytes, p);
    writer_bytes(w, bytes, sizeof bytes);
}

static void put_g2(byte_writer *w, const g2_affine *p) {
    uint8_t bytes[G2_BYTES];
    g2_to_bytes(bytes, p);
    writer_bytes(w, bytes, sizeof bytes);
}

zkm_status zkc_write_start(zkm_error *err, file_writer *file) {
    return iden3_write_start(err, file, MAGIC, ZKC_VERSION, ZKC_SECTIONS);
}

zkm_status zkc_write_header(zkm_error *err, file_writer *file, const zkc_header *h) {
    byte_writer w = writer_init();
    writer_bytes(&w, h->circuit_digest, sizeof h->circuit_digest);
    writer_bytes(&w, h->ptau_digest, sizeof h->ptau_digest);
    writer_u32_le(&w, h->power);
    writer_u32_le(&w, h->num_public);
    writer_u32_le(&w, h->num_committed);
    writer_u32_le(&w, h->num_wires);
    writer_u64_le(&w, h->num_rows);
    writer_u64_le(&w, h->domain);
    put_g1(&w, &h->alpha);
    put_g1(&w, &h->beta);
    put_g2(&w, &h->beta2);
    put_g1(&w, &h->blind_a);
    zkm_status status = iden3_write_whole(err, file, ZKC_HEADER, &w);
    writer_clear(&w);
    return status;
}

zkm_status zkc_write_state(zkm_error *err, file_writer *file, const zkc_state *s, bool committed) {
    byte_writer w = writer_init();
    put_g2(&w, &s->delta);
    if (committed)
        put_g2(&w, &s->delta1);
    put_g1(&w, &s->blind_k);
    zkm_status status = iden3_write_whole(err, file, ZKC_STATE, &w);
    writer_clear(&w);
    return status;
}

/* ------------------------------------------------------------------ reading */

static bool take_g1(g1_affine *out, byte_reader *r) {
    const uint8_t *in = reader_take(r, G1_BYTES);
    return in && g1_from_bytes(out, in);
}

static bool take_g2(g2_affine *out, byte_reader *r) {
    const uint8_t *in = reader_take(r, G2_BYTES);
    return in && g2_from_bytes(out, in);
}

static zkm_status read_header(zkm_error *err, zkc_header *h, byte_reader r) {
    if (reader_left(&r) != HEADER_BYTES)
        return damaged(err, "its header has another length");
    memcpy(h->circuit_digest, reader_take(&r, sizeof h->circuit_digest), sizeof h->circuit_digest);
    memcpy(h->ptau_digest, reader_take(&r, sizeof h->ptau_digest), sizeof h->ptau_digest);
    h->power = reader_u32_le(&r);
    h->num_public = reader_u32_le(&r);
    h->num_committed = reader_u32_le(&r);
    h->num_wires = reader_u32_le(&r);
    h->num_rows = reader_u64_le(&r);
    h->domain = reader_u64_le(&r);
    if (!take_g1(&h->alpha, &r) || !take_g1(&h->beta, &r) || !take_g2(&h->beta2, &r) ||
        !take_g1(&h->blind_a, &r))
        return damaged(err, "a point of its header is no point of its group");
    return ZKM_OK;
}

static zkm_status check_header(zkm_error *err, const zkc_header *h) {
    uint64_t wires = 1 + (uint64_t)h->num_public + h->num_committed;
    if (h->power == 0 || h->power > PTAU_MAX_POWER || h->domain > UINT64_C(1) << MAX_DOMAIN_LOG2 ||
        !fft_domain_valid((size_t)h->domain) || h->num_rows == 0 || h->num_rows >= h->domain)
        return damaged(err, "its domain or its number of rows cannot be");
    if (h->num_wires < wires || h->num_public > GROTH16_MAX_PUBLIC ||
        (h->num_committed > 0 && h->num_public != 2))
        return damaged(err, "its numbers of wires cannot be");
    return ZKM_OK;
}

static zkm_status read_state(zkm_error *err, zkc *z) {
    byte_reader r = z->section[ZKC_STATE];
    bool committed = z->header.num_committed > 0;
    if (!take_g2(&z->now.delta, &r) || (committed && !take_g2(&z->now.delta1, &r)) ||
        !take_g1(&z->now.blind_k, &r) || reader_left(&r) != 0)
        return damaged(err, "its current state is not of points of their groups");
    return ZKM_OK;
}

static zkm_status check_length(zkm_error *err, const zkc *z, zkc_section section, uint64_t count) {
    if (reader_left(&z->section[section]) == count * zkc_element_bytes(section))
        return ZKM_OK;
    return damaged(err, "a section has another length");
}

/* Wires of a list ascend and exist. */
static zkm_status read_index(zkm_error *err, size_t *count, const zkc *z, zkc_section section) {
    byte_reader r = z->section[section];
    size_t n = reader_left(&r) / sizeof(uint32_t);
    uint64_t next = 0;
    if (reader_left(&r) % sizeof(uint32_t) != 0 || n > z->header.num_wires)
        return damaged(err, "a list of wires has another length");
    for (size_t i = 0; i < n; i++) {
        uint32_t wire = reader_u32_le(&r);
        if (wire < next || wire >= z->header.num_wires)
            return damaged(err, "a list of wires does not ascend");
        next = (uint64_t)wire + 1;
    }
    *count = n;
    return ZKM_OK;
}

static zkm_status check_lengths(zkm_error *err, zkc *z) {
    const zkc_header *h = &z->header;
    ZKM_TRY(read_index(err, &z->num_a, z, ZKC_A_INDEX));
    ZKM_TRY(read_index(err, &z->num_b, z, ZKC_B_INDEX));
    ZKM_TRY(check_length(err, z, ZKC_IC, zkc_first_committed(h)));
    ZKM_TRY(check_length(err, z, ZKC_A, z->num_a));
    ZKM_TRY(check_length(err, z, ZKC_B2, z->num_b));
    ZKM_TRY(check_length(err, z, ZKC_COMMITTED, h->num_committed));
    ZKM_TRY(check_length(err, z, ZKC_PRIVATE, h->num_wires - zkc_first_private(h)));
    return check_length(err, z, ZKC_H, h->domain);
}

/* Keccak-256 over those of pieces of 1 MiB (the last may be shorter). */
static void hash_section(uint8_t out[32], const byte_reader *r) {
    uint8_t digests[PIECES_AT_ONCE][32];
    keccak256_state k;
    keccak256_init(&k);
    for (size_t at = 0, n; at < r->len; at += n) {
        size_t whole = (r->len - at) / PIECE;
        whole = whole < PIECES_AT_ONCE ? whole : PIECES_AT_ONCE;
        if (whole == 0) {
            n = r->len - at;
            keccak256(digests[0], r->data + at, n);
            keccak256_update(&k, digests[0], 32);
            continue;
        }
        n = whole * PIECE;
        keccak256_chunks(digests, r->data + at, PIECE, whole);
        keccak256_update(&k, digests[0], whole * 32);
    }
    keccak256_final(&k, out);
}

/* The hash that the first contribution builds on: the header and the sections that stay. */
static void hash_initial(uint8_t out[32], const zkc *z) {
    const byte_reader *header = &z->section[ZKC_HEADER];
    keccak256_state k;
    keccak256_init(&k);
    keccak256_update(&k, (const uint8_t *)TAG, strlen(TAG));
    keccak256_update(&k, header->data, header->len);
    for (int s = ZKC_FIRST_STATIC; s <= ZKC_LAST_STATIC; s++) {
        uint8_t digest[32], length[8];
        hash_section(digest, &z->section[s]);
        for (int i = 0; i < 8; i++)
            length[i] = (uint8_t)((uint64_t)z->section[s].len >> (8 * i));
        keccak256_update(&k, length, sizeof length);
        keccak256_update(&k, digest, sizeof digest);
    }
    keccak256_final(&k, out);
}

static zkm_status check_deltas(zkm_error *err, const zkc *z) {
    const g2_affine *in_g2[2] = {&z->now.delta, &z->now.delta1};
    for (unsigned i = 0; i < z->state.links; i++)
        if (!pairing_equal(&z->state.point[i], g2_generator(), g1_generator(), in_g2[i]))
            return error_set(err, ZKM_REJECTED,
                             "ceremony file: %s in G2 is not what the contributions lead to; the "
                             "file was damaged or forged: do not use it",
                             i == 0 ? "delta" : "delta1");
    return ZKM_OK;
}

zkm_status zkc_open_bytes(zkm_error *err, zkc *out, const uint8_t *bytes, size_t len,
                          contribution_visitor visit, void *context) {
    zkc z = {0};
    ZKM_TRY(iden3_open(err, &z.sections, NAME, MAGIC, ZKC_VERSION, bytes, len));
    if (z.sections.num_sections != ZKC_SECTIONS)
        return damaged(err, "it has another number of sections");
    for (uint32_t s = 1; s < ZKC_END; s++)
        ZKM_TRY(iden3_section(err, &z.section[s], &z.sections, s));
    ZKM_TRY(read_header(err, &z.header, z.section[ZKC_HEADER]));
    ZKM_TRY(check_header(err, &z.header));
    ZKM_TRY(read_state(err, &z));
    ZKM_TRY(check_lengths(err, &z));
    hash_initial(z.initial, &z);
    ceremony_state_init(&z.state, zkc_links(&z.header), z.initial);
    ZKM_TRY(contributions_check(err, &z.state, z.section[ZKC_CONTRIBUTIONS], visit, context));
    ZKM_TRY(check_deltas(err, &z));
    *out = z;
    return ZKM_OK;
}

zkm_status zkc_open(zkm_error *err, zkc *out, const char *path, contribution_visitor visit,
                    void *context) {
    file_view view = {0};
    zkc z;
    ZKM_TRY(file_open(err, &view, path, MAX_FILE));
    zkm_status status = zkc_open_bytes(err, &z, view.data, view.len, visit, context);
    if (status != ZKM_OK) {
        file_close(&view);
        return error_prefix(err, status, "%s", path);
    }
    z.file = view;
    *out = z;
    return ZKM_OK;
}

void zkc_close(zkc *z) {
    file_close(&z->file);
    *z = (zkc){0};
}

void zkc_summary(ceremony_summary *out, const zkc *z) {
    const zkc_header *h = &z->header;
    *out = (ceremony_summary){.num_rows = h->num_rows, .domain = h->domain, .state = z->state};
    memcpy(out->circuit_digest, h->circuit_digest, sizeof out->circuit_digest);
    memcpy(out->ptau_digest, h->ptau_digest, sizeof out->ptau_digest);
    memcpy(out->initial, z->initial, sizeof out->initial);
}

zkm_status ceremony_inspect(zkm_error *err, ceremony_summary *out, ceremony_size *size,
                            const char *path, contribution_visitor visit, void *context) {
    zkc z = {0};
    ZKM_TRY(zkc_open(err, &z, path, visit, context));
    zkc_summary(out, &z);
    size->now = z.file.len;
    size->next = z.file.len + contribution_bytes(zkc_links(&z.header));
    zkc_close(&z);
    return ZKM_OK;
}
