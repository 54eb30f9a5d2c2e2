/* Opening pk.zkm: its frame, its geometry, its table of hashes and what a prover relies on without
 * a further look. The hashes of the rest are checked in pk_chunks.c. */
#include "groth16/pk.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "groth16/pk_internal.h"
#include "math/fft.h"
#include "math/keccak.h"

typedef struct {
    groth16_pk_header header;
    pk_extent extents[PK_SECTIONS];
    uint64_t file_bytes;
    uint8_t root[PK_DIGEST_BYTES];
} pk_page;

static const uint64_t MAX_FILE = UINT64_C(1) << 46;

const char *pk_section_name(pk_section section) {
    static const char *const NAMES[PK_SECTIONS] = {"verifying key",
                                                   "A index",
                                                   "A points",
                                                   "B index",
                                                   "B points in G1 or linear points",
                                                   "B points in G2",
                                                   "committed wires",
                                                   "private wires",
                                                   "H points",
                                                   "digests"};
    return NAMES[section];
}

zkm_status pk_damaged(zkm_error *err, const char *what) {
    return error_set(
        err, ZKM_ERR_FORMAT,
        "proving key: %s; the file is damaged, cut off or no proving key: fetch it again or "
        "run setup again",
        what);
}

static zkm_status check_frame(zkm_error *err, const file_view *file) {
    uint8_t digest[PK_DIGEST_BYTES];
    if (file->len < PK_PAGE || memcmp(file->data, PK_MAGIC, 8) != 0)
        return pk_damaged(err, "it does not begin like one");
    byte_reader r = reader_init(file->data + 8, 4);
    uint32_t version = reader_u32_le(&r);
    if (version != PK_VERSION && version != PK_VERSION_SPECIALISED)
        return error_set(
            err, ZKM_ERR_UNSUPPORTED,
            "proving key: format version %u, this program reads %d and %d; use the program that "
            "made it, or run setup again",
            version, PK_VERSION, PK_VERSION_SPECIALISED);
    keccak256(digest, file->data, PK_HEADER_CHECKSUM);
    if (memcmp(digest, file->data + PK_HEADER_CHECKSUM, sizeof digest) != 0)
        return pk_damaged(err, "its header's checksum does not match");
    return ZKM_OK;
}

/* The caller has checked that a whole page is there, so takes cannot fail. */
static void take_bytes(uint8_t *out, size_t n, byte_reader *r) {
    const uint8_t *in = reader_take(r, n);
    if (in)
        memcpy(out, in, n);
}

static zkm_status take_point(zkm_error *err, g1_affine *out, byte_reader *r, const char *name) {
    const uint8_t *in = reader_take(r, G1_BYTES);
    if (!in || !g1_from_bytes(out, in))
        return error_set(err, ZKM_ERR_FORMAT,
                         "proving key: %s in the header is not a point of G1; run setup again",
                         name);
    return ZKM_OK;
}

/* Both points, or zeros in a key without. */
static zkm_status take_blinding_column(zkm_error *err, groth16_pk_header *h, byte_reader *r) {
    static const uint8_t none[2 * G1_BYTES];
    byte_reader ahead = *r;
    const uint8_t *bytes = reader_take(&ahead, sizeof none);
    if (bytes && memcmp(bytes, none, sizeof none) == 0) {
        *r = ahead;
        return ZKM_OK;
    }
    ZKM_TRY(take_point(err, &h->blind_a, r, "the blinding column over 1"));
    return take_point(err, &h->blind_k, r, "the blinding column over delta");
}

/* Infinity, when there was nothing to sum up, is zeros. */
static zkm_status take_sum(zkm_error *err, g1_affine *out, byte_reader *r, const char *name) {
    static const uint8_t none[G1_BYTES];
    byte_reader ahead = *r;
    const uint8_t *bytes = reader_take(&ahead, sizeof none);
    if (!bytes || memcmp(bytes, none, sizeof none) != 0)
        return take_point(err, out, r, name);
    *r = ahead;
    return ZKM_OK;
}

static zkm_status take_fixed(zkm_error *err, groth16_pk_fixed *fixed, byte_reader *r) {
    static const uint8_t none[G2_BYTES];
    take_bytes(fixed->label, sizeof fixed->label, r);
    ZKM_TRY(take_sum(err, &fixed->a, r, "the fixed wires' A"));
    ZKM_TRY(take_sum(err, &fixed->committed, r, "the fixed wires' commitment"));
    ZKM_TRY(take_sum(err, &fixed->private_, r, "the fixed private wires' sum"));
    const uint8_t *b = reader_take(r, G2_BYTES);
    if (!b || (memcmp(b, none, sizeof none) != 0 && !g2_from_bytes(&fixed->b, b)))
        return pk_damaged(err, "the fixed wires' B in the header is not a point of G2");
    return ZKM_OK;
}

static zkm_status parse_page(zkm_error *err, pk_page *page, const uint8_t *data) {
    groth16_pk_header *h = &page->header;
    byte_reader r = reader_init(data, PK_PAGE);
    reader_take(&r, 8);
    h->specialised = reader_u32_le(&r) == PK_VERSION_SPECIALISED;
    uint32_t kind = reader_u32_le(&r);
    if (kind < GROTH16_SINGLE_PARTY || kind > GROTH16_FOREIGN)
        return pk_damaged(err, "its kind of setup is unknown");
    h->origin.kind = (groth16_setup_kind)kind;
    h->origin.contributions = reader_u32_le(&r);
    h->num_public = reader_u32_le(&r);
    h->num_committed = reader_u32_le(&r);
    h->num_wires = reader_u32_le(&r);
    h->num_rows = reader_u64_le(&r);
    h->domain = reader_u64_le(&r);
    take_bytes(h->origin.transcript, sizeof h->origin.transcript, &r);
    take_bytes(h->circuit_digest, sizeof h->circuit_digest, &r);
    take_bytes(h->vk_digest, sizeof h->vk_digest, &r);
    ZKM_TRY(take_point(err, &h->beta, &r, "beta"));
    ZKM_TRY(take_point(err, &h->delta, &r, "delta"));
    if (h->num_committed > 0)
        ZKM_TRY(take_point(err, &h->delta1, &r, "delta1"));
    else
        reader_take(&r, G1_BYTES);
    ZKM_TRY(take_blinding_column(err, h, &r));
    for (int i = 0; i < PK_SECTIONS; i++) {
        page->extents[i].offset = reader_u64_le(&r);
        page->extents[i].bytes = reader_u64_le(&r);
    }
    page->file_bytes = reader_u64_le(&r);
    take_bytes(page->root, sizeof page->root, &r);
    if (h->specialised) {
        ZKM_TRY(take_fixed(err, &h->fixed, &r));
        const uint32_t halved = reader_u32_le(&r);
        if (halved > 1)
            return pk_damaged(err, "it is neither halved nor whole");
        h->halved = halved == 1;
    }
    return r.failed ? pk_damaged(err, "its header is too long") : ZKM_OK;
}

static zkm_status check_counts(zkm_error *err, const groth16_pk_header *h) {
    uint64_t wires = 1 + (uint64_t)h->num_public + h->num_committed;
    if (h->num_wires < wires)
        return pk_damaged(err, "it has fewer wires than public and committed ones");
    if (h->specialised && !pk_has_blinding_column(h))
        return pk_damaged(err, "it is specialised but has B's columns in G1");
    if (h->num_committed > 0 && h->num_public != 2)
        return pk_damaged(err, "it commits wires but has not two public ones");
    if (h->domain < pk_rows(h) || h->domain == 0 || h->domain > UINT64_C(1) << 27 ||
        !fft_domain_valid((size_t)h->domain))
        return pk_damaged(err, "its domain is none, or too small for its rows");
    if (h->halved && (h->num_rows % 2 != 0 || h->domain % 2 != 0))
        return pk_damaged(err, "it is halved, but its rows or its domain have no halves");
    return ZKM_OK;
}

/* Every section lies on a page inside the file, behind the header, in whole elements; none reaches
 * into the digests, which end the file. No sum can overflow: bytes <= file - offset is compared
 * instead. */
static zkm_status check_extents(zkm_error *err, const pk_page *page) {
    uint64_t end = page->extents[PK_DIGESTS].offset;
    for (int i = 0; i < PK_SECTIONS; i++) {
        const pk_extent *e = &page->extents[i];
        uint64_t limit = i == PK_DIGESTS ? page->file_bytes : end;
        if (e->offset < PK_PAGE || e->offset % PK_PAGE != 0 || e->offset > limit ||
            e->bytes > limit - e->offset || e->bytes % pk_element_bytes((pk_section)i) != 0)
            return error_set(
                err, ZKM_ERR_FORMAT,
                "proving key: section \"%s\" lies outside of the file; run setup again",
                pk_section_name((pk_section)i));
    }
    if (page->extents[PK_DIGESTS].bytes != pk_chunks_of(end - PK_PAGE) * PK_DIGEST_BYTES ||
        page->extents[PK_DIGESTS].bytes != page->file_bytes - end)
        return pk_damaged(err, "its table of hashes has another length");
    return ZKM_OK;
}

static uint64_t section_count(const pk_page *page, pk_section section) {
    return page->extents[section].bytes / pk_element_bytes(section);
}

static zkm_status check_lengths(zkm_error *err, const pk_page *page) {
    const groth16_pk_header *h = &page->header;
    const uint64_t in_b = section_count(page, PK_B_INDEX);
    const struct {
        pk_section section;
        uint64_t count;
    } expected[] = {
        {PK_A, section_count(page, PK_A_INDEX)},
        {PK_B1, pk_has_blinding_column(h) ? pk_linear_points(h) : in_b},
        {PK_B2, in_b},
        {PK_COMMITTED, h->num_committed},
        {PK_PRIVATE, h->num_wires - pk_first_private(h)},
        {PK_H, pk_quotient_points(h)},
    };
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        if (section_count(page, expected[i].section) != expected[i].count)
            return error_set(
                err, ZKM_ERR_FORMAT,
                "proving key: section \"%s\" holds another number of elements than the "
                "header says; run setup again",
                pk_section_name(expected[i].section));
    return ZKM_OK;
}

static zkm_status check_table(zkm_error *err, const pk_page *page, const uint8_t *data) {
    const pk_extent *table = &page->extents[PK_DIGESTS];
    uint8_t root[PK_DIGEST_BYTES];
    keccak256(root, data + table->offset, (size_t)table->bytes);
    if (memcmp(root, page->root, sizeof root) != 0)
        return pk_damaged(err, "its table of hashes does not match the header");
    return ZKM_OK;
}

/* Ascending and below the number of wires, whatever the bytes are: a prover gathers by these
 * without a further look. */
static zkm_status check_index(zkm_error *err, const uint32_t *index, size_t n, uint32_t num_wires) {
    for (size_t i = 0; i < n; i++)
        if (index[i] >= num_wires || (i > 0 && index[i] <= index[i - 1]))
            return pk_damaged(err, "a list of wires is out of order");
    return ZKM_OK;
}

static void map_sections(groth16_pk *pk, const pk_page *page) {
    const uint8_t *data = pk->file.data;
    const pk_extent *e = page->extents;
    pk->a_index = (const uint32_t *)(const void *)(data + e[PK_A_INDEX].offset);
    pk->b_index = (const uint32_t *)(const void *)(data + e[PK_B_INDEX].offset);
    pk->a = (const g1_affine *)(const void *)(data + e[PK_A].offset);
    pk->b1 = (const g1_affine *)(const void *)(data + e[PK_B1].offset);
    pk->linear = (const g1_affine *)(const void *)(data + e[PK_LINEAR].offset);
    pk->b2 = (const g2_affine *)(const void *)(data + e[PK_B2].offset);
    pk->k_committed = (const g1_affine *)(const void *)(data + e[PK_COMMITTED].offset);
    pk->k_private = (const g1_affine *)(const void *)(data + e[PK_PRIVATE].offset);
    pk->h = (const g1_affine *)(const void *)(data + e[PK_H].offset);
    pk->num_a = (size_t)section_count(page, PK_A);
    pk->num_b = (size_t)section_count(page, PK_B2);
}

/* The verifying key inside must be the one that the header names, of the same shape. */
static zkm_status check_vk(zkm_error *err, const groth16_pk *pk) {
    const groth16_pk_header *h = &pk->header;
    const groth16_vk_parts *p = &pk->vk->parts;
    if (memcmp(h->vk_digest, pk->vk->digest, sizeof h->vk_digest) != 0 ||
        memcmp(h->circuit_digest, p->circuit_digest, sizeof h->circuit_digest) != 0 ||
        p->num_public != h->num_public || p->committed != (h->num_committed > 0))
        return error_set(
            err, ZKM_ERR_MISMATCH,
            "proving key: the verifying key inside belongs to another; run setup again");
    return ZKM_OK;
}

static zkm_status check_circuit(zkm_error *err, const groth16_pk *pk, const uint8_t *expected) {
    char have[65], want[65];
    if (!expected || memcmp(expected, pk->header.circuit_digest, 32) == 0)
        return ZKM_OK;
    hex_encode(have, pk->header.circuit_digest, 32);
    hex_encode(want, expected, 32);
    return error_set(
        err, ZKM_ERR_MISMATCH,
        "proving key: made for the circuit %.16s..., not for %.16s...; run setup for this "
        "circuit, or take the circuit that belongs to the key",
        have, want);
}

static zkm_status open_mapped(zkm_error *err, groth16_pk *pk, const uint8_t *circuit_digest) {
    pk_page page = {0};
    ZKM_TRY(check_frame(err, &pk->file));
    ZKM_TRY(parse_page(err, &page, pk->file.data));
    if (page.file_bytes != pk->file.len)
        return error_set(
            err, ZKM_ERR_FORMAT,
            "proving key: the file holds %zu bytes where its header says %llu; it is cut off "
            "or appended to: fetch it again",
            pk->file.len, (unsigned long long)page.file_bytes);
    pk->header = page.header;
    ZKM_TRY(check_circuit(err, pk, circuit_digest));
    ZKM_TRY(check_counts(err, &page.header));
    ZKM_TRY(check_extents(err, &page));
    ZKM_TRY(check_lengths(err, &page));
    ZKM_TRY(check_table(err, &page, pk->file.data));
    ZKM_TRY(pk_chunks_new(err, &pk->chunks, pk->file.data, page.extents));
    map_sections(pk, &page);
    ZKM_TRY(check_index(err, pk->a_index, pk->num_a, page.header.num_wires));
    ZKM_TRY(check_index(err, pk->b_index, pk->num_b, page.header.num_wires));
    ZKM_TRY(groth16_vk_from_bytes(err, &pk->vk, pk->file.data + page.extents[PK_VK].offset,
                                  (size_t)page.extents[PK_VK].bytes));
    return check_vk(err, pk);
}

/* Takes the file over, whatever the outcome. */
static zkm_status open_view(zkm_error *err, groth16_pk **out, file_view *file,
                            const uint8_t *circuit_digest) {
    groth16_pk *pk = calloc(1, sizeof *pk);
    if (!pk) {
        file_close(file);
        return error_memory(err, "proving key", sizeof *pk);
    }
    pk->file = *file;
    zkm_status status = open_mapped(err, pk, circuit_digest);
    if (status != ZKM_OK) {
        groth16_pk_free(pk);
        return status;
    }
    *out = pk;
    return ZKM_OK;
}

zkm_status pk_open_bytes(zkm_error *err, groth16_pk **out, const uint8_t *data, size_t len,
                         const uint8_t *circuit_digest) {
    file_view file = {.data = data, .len = len};
    return open_view(err, out, &file, circuit_digest);
}

zkm_status groth16_pk_open(zkm_error *err, groth16_pk **out, const char *path,
                           const uint8_t *circuit_digest) {
    file_view file = {0};
    ZKM_TRY(file_open(err, &file, path, MAX_FILE));
    zkm_status status = open_view(err, out, &file, circuit_digest);
    return status == ZKM_OK ? ZKM_OK : error_prefix(err, status, "%s", path);
}

void groth16_pk_free(groth16_pk *pk) {
    if (!pk)
        return;
    groth16_vk_free(pk->vk);
    pk_chunks_free(pk->chunks);
    file_close(&pk->file);
    free(pk);
}
