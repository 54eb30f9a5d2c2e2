/*
 * The digest of a constraint system: its canonical bytes, cut into chunks that are hashed side by
 * side, and the hash of their digests. One group of chunks is held at a time.
 */
#include <string.h>

#include "math/backend.h"
#include "math/keccak.h"
#include "math/keccak_chunks.h"
#include "r1cs/r1cs.h"

enum { CHUNK = 8192, CHUNKS_AT_ONCE = 8, GROUP = CHUNK * CHUNKS_AT_ONCE, LARGEST_RECORD = 32 };

typedef struct {
    keccak256_state digests;
    uint64_t length; /* of what was hashed before the group */
    size_t used;
    uint8_t group[GROUP + LARGEST_RECORD];
} canonical_hash;

/* Hashes the first `len` bytes of the group, at most GROUP. All chunks but the last of the whole
 * are full, so fewer may only come at the end. */
static void hash_group(canonical_hash *h, size_t len) {
    uint8_t digests[CHUNKS_AT_ONCE][32];
    size_t full = len / CHUNK, count = full;
    keccak256_chunks(digests, h->group, CHUNK, full);
    if (len % CHUNK)
        keccak256(digests[count++], h->group + full * CHUNK, len % CHUNK);
    keccak256_update(&h->digests, digests[0], count * sizeof digests[0]);
    h->length += len;
}

/* n bytes, at most LARGEST_RECORD, were written behind those of the group. */
static void advance(canonical_hash *h, size_t n) {
    h->used += n;
    if (h->used < GROUP)
        return;
    hash_group(h, GROUP);
    h->used -= GROUP;
    memcpy(h->group, h->group + GROUP, h->used);
}

static void put_u32(uint8_t *out, uint32_t v) {
    out[0] = (uint8_t)(v >> 24);
    out[1] = (uint8_t)(v >> 16);
    out[2] = (uint8_t)(v >> 8);
    out[3] = (uint8_t)v;
}

static void put_u64(uint8_t *out, uint64_t v) {
    put_u32(out, (uint32_t)(v >> 32));
    put_u32(out + 4, (uint32_t)v);
}

/* n numbers of 4 bytes. */
static inline void put_numbers(canonical_hash *h, const uint32_t *v, size_t n) {
    uint8_t *out = h->group + h->used;
    for (size_t i = 0; i < n; i++)
        put_u32(out + 4 * i, v[i]);
    advance(h, 4 * n);
}

static void put_elements(canonical_hash *h, const fr *v, size_t n) {
    enum { AT_ONCE = 64 };
    uint64_t integers[AT_ONCE][4];
    for (size_t i = 0; i < n; i++) {
        if (i % AT_ONCE == 0)
            math_backend_current()->kernels->fr_to_integers(integers, v + i,
                                                            n - i < AT_ONCE ? n - i : AT_ONCE);
        uint8_t *out = h->group + h->used;
        for (unsigned j = 0; j < 4; j++, out += 8)
            put_u64(out, integers[i % AT_ONCE][3 - j]);
        advance(h, sizeof(fr));
    }
}

static void put_block(canonical_hash *h, const r1cs_block *block) {
    put_numbers(h, (const uint32_t[]){block->count, block->num_rows, block->num_terms}, 3);
    for (uint32_t j = 0; j < block->num_rows; j++) {
        const r1cs_row *row = &block->rows[j];
        put_numbers(h,
                    (const uint32_t[]){row->a.begin, row->a.end, row->b.begin, row->b.end,
                                       row->c.begin, row->c.end},
                    6);
    }
    for (uint32_t t = 0; t < block->num_terms; t++) {
        const r1cs_term *term = &block->terms[t];
        put_numbers(h,
                    (const uint32_t[]){term->index, term->stride, term->repeat, term->step,
                                       term->coef, term->coef_stride},
                    6);
    }
}

static void put_places(canonical_hash *h, const r1cs_block *block) {
    put_numbers(h,
                (const uint32_t[]){(uint32_t)(block->first_row >> 32), (uint32_t)block->first_row,
                                   block->row_step},
                3);
}

void r1cs_digest(uint8_t out[32], const r1cs *cs) {
    static const char tag[] = "zkmetric.r1cs.v2";
    canonical_hash h;
    uint8_t length[8];
    keccak256_init(&h.digests);
    keccak256_update(&h.digests, (const uint8_t *)tag, sizeof tag - 1);
    h.length = h.used = 0;
    put_numbers(
        &h, (const uint32_t[]){cs->num_public, cs->num_committed, cs->num_wires, cs->num_coefs}, 4);
    put_elements(&h, cs->coefs, cs->num_coefs);
    put_numbers(&h, &cs->num_blocks, 1);
    for (uint32_t k = 0; k < cs->num_blocks; k++)
        put_block(&h, &cs->blocks[k]);
    for (uint32_t k = 0; cs->interleaved && k < cs->num_blocks; k++)
        put_places(&h, &cs->blocks[k]);
    hash_group(&h, h.used);
    put_u64(length, h.length);
    keccak256_update(&h.digests, length, sizeof length);
    keccak256_final(&h.digests, out);
}
