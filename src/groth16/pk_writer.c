/* Writing pk.zkm piece by piece; eight chunks are gathered, hashed side by side and written. */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "groth16/pk_internal.h"
#include "math/keccak.h"
#include "math/keccak_chunks.h"

enum { CHUNKS_AT_ONCE = 8, BUFFER = CHUNKS_AT_ONCE * PK_CHUNK };

struct pk_writer {
    file_writer *file;
    pk_extent extents[PK_SECTIONS];
    int section;     /* being written; -1 before the first */
    uint8_t *buffer; /* behind the header, a whole number of chunks from it */
    size_t fill;
    byte_writer digests;
};

zkm_status pk_writer_open(zkm_error *err, pk_writer **out, const char *path, mode_t mode) {
    static const uint8_t page[PK_PAGE];
    zkm_status status;
    pk_writer *w = calloc(1, sizeof *w);
    if (!w)
        return error_memory(err, path, sizeof *w);
    w->section = -1;
    w->digests = writer_init();
    w->buffer = malloc(BUFFER);
    if (!w->buffer) {
        status = error_memory(err, path, BUFFER);
        goto out;
    }
    ZKM_TRY_OUT(file_writer_open(err, &w->file, path, mode));
    ZKM_TRY_OUT(file_writer_append(err, w->file, page, sizeof page));
    *out = w;
    return ZKM_OK;
out:
    pk_writer_abort(w);
    return status;
}

void pk_writer_abort(pk_writer *w) {
    if (!w)
        return;
    file_writer_abort(w->file);
    writer_clear(&w->digests);
    free(w->buffer);
    free(w);
}

/* Hashes and writes what the buffer holds: whole chunks, but for the last flush of a key. */
static zkm_status flush(zkm_error *err, pk_writer *w) {
    uint8_t digests[CHUNKS_AT_ONCE][PK_DIGEST_BYTES];
    size_t whole = w->fill / PK_CHUNK, rest = w->fill % PK_CHUNK, n = w->fill;
    keccak256_chunks(digests, w->buffer, PK_CHUNK, whole);
    if (rest > 0)
        keccak256(digests[whole], w->buffer + whole * PK_CHUNK, rest);
    writer_bytes(&w->digests, digests, (whole + (rest > 0)) * PK_DIGEST_BYTES);
    w->fill = 0;
    return file_writer_append(err, w->file, w->buffer, n);
}

static zkm_status append_hashed(zkm_error *err, pk_writer *w, const void *data, size_t n) {
    const uint8_t *bytes = data;
    while (n > 0) {
        size_t take = BUFFER - w->fill < n ? BUFFER - w->fill : n;
        memcpy(w->buffer + w->fill, bytes, take);
        w->fill += take;
        bytes += take;
        n -= take;
        if (w->fill == BUFFER)
            ZKM_TRY(flush(err, w));
    }
    return ZKM_OK;
}

static uint64_t offset(const pk_writer *w) { return file_writer_offset(w->file) + w->fill; }

static zkm_status align_to_page(zkm_error *err, pk_writer *w) {
    static const uint8_t zeros[PK_PAGE];
    size_t over = (size_t)(offset(w) % PK_PAGE);
    return over == 0 ? ZKM_OK : append_hashed(err, w, zeros, PK_PAGE - over);
}

zkm_status pk_writer_begin(zkm_error *err, pk_writer *w, pk_section section) {
    ZKM_TRY(align_to_page(err, w));
    w->section = (int)section;
    w->extents[section].offset = offset(w);
    return ZKM_OK;
}

zkm_status pk_writer_append(zkm_error *err, pk_writer *w, const void *data, size_t n) {
    w->extents[w->section].bytes += n;
    return append_hashed(err, w, data, n);
}

zkm_status pk_writer_vk(zkm_error *err, pk_writer *w, const groth16_vk *vk) {
    uint8_t *bytes = NULL;
    size_t len = 0;
    ZKM_TRY(groth16_vk_to_bytes(err, &bytes, &len, vk));
    zkm_status status = pk_writer_begin(err, w, PK_VK);
    if (status == ZKM_OK)
        status = pk_writer_append(err, w, bytes, len);
    free(bytes);
    return status;
}

/* The table of chunk hashes is the last section; it is not hashed into itself but into the header.
 */
static zkm_status write_digests(zkm_error *err, pk_writer *w) {
    ZKM_TRY(align_to_page(err, w));
    ZKM_TRY(flush(err, w));
    if (w->digests.failed)
        return error_memory(err, "table of hashes", w->digests.len);
    w->extents[PK_DIGESTS] = (pk_extent){file_writer_offset(w->file), w->digests.len};
    return file_writer_append(err, w->file, w->digests.data, w->digests.len);
}

static void put_point(byte_writer *page, const g1_affine *p) {
    uint8_t bytes[G1_BYTES];
    g1_to_bytes(bytes, p);
    writer_bytes(page, bytes, sizeof bytes);
}

static void put_header(byte_writer *page, const groth16_pk_header *h) {
    writer_bytes(page, PK_MAGIC, 8);
    writer_u32_le(page, h->specialised ? PK_VERSION_SPECIALISED : PK_VERSION);
    writer_u32_le(page, (uint32_t)h->origin.kind);
    writer_u32_le(page, h->origin.contributions);
    writer_u32_le(page, h->num_public);
    writer_u32_le(page, h->num_committed);
    writer_u32_le(page, h->num_wires);
    writer_u64_le(page, h->num_rows);
    writer_u64_le(page, h->domain);
    writer_bytes(page, h->origin.transcript, sizeof h->origin.transcript);
    writer_bytes(page, h->circuit_digest, sizeof h->circuit_digest);
    writer_bytes(page, h->vk_digest, sizeof h->vk_digest);
    put_point(page, &h->beta);
    put_point(page, &h->delta);
    put_point(page, &h->delta1);  /* zeros in a plain key */
    put_point(page, &h->blind_a); /* zeros in a key with PK_B1 */
    put_point(page, &h->blind_k);
}

static void put_fixed(byte_writer *page, const groth16_pk_fixed *fixed) {
    uint8_t b[G2_BYTES];
    g2_to_bytes(b, &fixed->b);
    writer_bytes(page, fixed->label, sizeof fixed->label);
    put_point(page, &fixed->a);
    put_point(page, &fixed->committed);
    put_point(page, &fixed->private_);
    writer_bytes(page, b, sizeof b);
}

static zkm_status patch_header(zkm_error *err, pk_writer *w, const groth16_pk_header *h) {
    zkm_status status = ZKM_OK;
    uint8_t digest[PK_DIGEST_BYTES];
    byte_writer page = writer_init();
    put_header(&page, h);
    for (int i = 0; i < PK_SECTIONS; i++) {
        writer_u64_le(&page, w->extents[i].offset);
        writer_u64_le(&page, w->extents[i].bytes);
    }
    writer_u64_le(&page, file_writer_offset(w->file));
    keccak256(digest, w->digests.data, w->digests.len);
    writer_bytes(&page, digest, sizeof digest);
    if (h->specialised) {
        put_fixed(&page, &h->fixed);
        writer_u32_le(&page, h->halved);
    }
    if (!page.failed)
        writer_zeros(&page, PK_HEADER_CHECKSUM - page.len);
    if (!page.failed)
        keccak256(digest, page.data, PK_HEADER_CHECKSUM);
    writer_bytes(&page, digest, sizeof digest);
    if (page.failed)
        status = error_memory(err, "proving key", PK_PAGE);
    else
        status = file_writer_patch(err, w->file, 0, page.data, page.len);
    writer_clear(&page);
    return status;
}

zkm_status pk_writer_commit(zkm_error *err, pk_writer *w, const groth16_pk_header *header) {
    zkm_status status;
    ZKM_TRY_OUT(write_digests(err, w));
    ZKM_TRY_OUT(patch_header(err, w, header));
    status = file_writer_commit(err, w->file);
    w->file = NULL;
out:
    pk_writer_abort(w);
    return status;
}
