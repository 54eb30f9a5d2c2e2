/* Makes the digests of a changed proving key right again, so that the checks behind them are
 * reached. */
#ifndef FUZZ_PK_RESEAL_H
#define FUZZ_PK_RESEAL_H

#include <string.h>

#include "groth16/pk_internal.h"
#include "math/keccak.h"

/* Offsets in the header page; see docs/formats-groth16.md. */
enum {
    PK_AT_KIND = 12,
    PK_AT_NUM_PUBLIC = 20,
    PK_AT_NUM_COMMITTED = 24,
    PK_AT_NUM_WIRES = 28,
    PK_AT_NUM_ROWS = 32,
    PK_AT_DOMAIN = 40,
    PK_AT_TRANSCRIPT = 48,
    PK_AT_CIRCUIT = 80,
    PK_AT_VK_DIGEST = 112,
    PK_AT_POINTS = 144,
    PK_AT_BLINDING = 336,
    PK_AT_EXTENTS = 464,
    PK_AT_FILE_BYTES = PK_AT_EXTENTS + 16 * PK_SECTIONS,
    PK_AT_ROOT = PK_AT_FILE_BYTES + 8,
    PK_AT_FIXED = PK_AT_ROOT + 32, /* of a specialised key */
    PK_AT_HALVED = PK_AT_FIXED + 32 + 3 * 64 + 128,
};

static inline uint64_t pk_get_u64(const uint8_t *at) {
    uint64_t v = 0;
    for (int i = 7; i >= 0; i--)
        v = v << 8 | at[i];
    return v;
}

static inline uint64_t pk_section_offset(const uint8_t *data, pk_section section) {
    return pk_get_u64(data + PK_AT_EXTENTS + 16 * (int)section);
}

/* Nothing is changed that does not lie inside the len bytes. */
static inline void pk_reseal(uint8_t *data, size_t len) {
    if (len < PK_PAGE)
        return;
    uint64_t table = pk_section_offset(data, PK_DIGESTS);
    uint64_t bytes = pk_get_u64(data + PK_AT_EXTENTS + 16 * PK_DIGESTS + 8);
    if (table >= PK_PAGE && table <= len && bytes <= len - table) {
        uint64_t chunks = pk_chunks_of(table - PK_PAGE);
        for (uint64_t i = 0; i < chunks && (i + 1) * PK_DIGEST_BYTES <= bytes; i++) {
            uint64_t at = PK_PAGE + i * PK_CHUNK;
            uint64_t n = table - at < PK_CHUNK ? table - at : PK_CHUNK;
            keccak256(data + table + i * PK_DIGEST_BYTES, data + at, (size_t)n);
        }
        keccak256(data + PK_AT_ROOT, data + table, (size_t)bytes);
    }
    keccak256(data + PK_HEADER_CHECKSUM, data, PK_HEADER_CHECKSUM);
}

#endif
