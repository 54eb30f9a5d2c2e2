/* The commitment to a dataset (DESIGN section 6). */
#include <string.h>

#include "base/random.h"
#include "base/wipe.h"
#include "claim/dataset.h"

dataset_layout dataset_layout_of(uint32_t num_features, uint32_t num_targets) {
    uint32_t width = num_features + num_targets;
    uint32_t e = (width + DATASET_DIGITS - 1) / DATASET_DIGITS;
    return (dataset_layout){
        .row_elements = e,
        .rows_per_block = e <= SPONGE_RATE ? SPONGE_RATE / e : 1,
        .blocks_per_row = (e + SPONGE_RATE - 1) / SPONGE_RATE,
    };
}

static uint64_t row_digit(const dataset *d, uint32_t row, uint32_t j) {
    int32_t v = j < d->num_features
                    ? d->features[(size_t)row * d->num_features + j]
                    : d->targets[(size_t)row * d->num_targets + (j - d->num_features)];
    return (uint64_t)(v + 32768);
}

/* Elements first .. first + count of a row. */
static void pack_elements(fr *out, const dataset *d, uint32_t row, uint32_t first, uint32_t count) {
    uint32_t width = d->num_features + d->num_targets;
    uint64_t digits[DATASET_DIGITS];
    for (uint32_t i = 0; i < count; i++) {
        uint32_t from = (first + i) * DATASET_DIGITS, n = 0;
        for (; n < DATASET_DIGITS && from + n < width; n++)
            digits[n] = row_digit(d, row, from + n);
        sponge_pack(&out[i], digits, n, DATASET_DIGIT_BITS);
    }
    secure_wipe(digits, sizeof digits);
}

void dataset_pack_row(fr *elements, const dataset *d, uint32_t row) {
    pack_elements(elements, d, row, 0,
                  dataset_layout_of(d->num_features, d->num_targets).row_elements);
}

/* Several rows in a block; the last block may hold fewer. */
static void absorb_narrow_rows(sponge *s, const dataset *d, dataset_layout layout) {
    fr block[SPONGE_RATE];
    for (uint32_t row = 0; row < d->n;) {
        uint32_t used = 0;
        for (uint32_t i = 0; i < layout.rows_per_block && row < d->n; i++, row++) {
            pack_elements(block + used, d, row, 0, layout.row_elements);
            used += layout.row_elements;
        }
        sponge_absorb_block(s, block, used);
    }
    secure_wipe(block, sizeof block);
}

/* Several blocks for a row. */
static void absorb_wide_rows(sponge *s, const dataset *d, dataset_layout layout) {
    fr block[SPONGE_RATE];
    for (uint32_t row = 0; row < d->n; row++) {
        for (uint32_t first = 0; first < layout.row_elements; first += SPONGE_RATE) {
            uint32_t left = layout.row_elements - first;
            uint32_t count = left < SPONGE_RATE ? left : SPONGE_RATE;
            pack_elements(block, d, row, first, count);
            sponge_absorb_block(s, block, count);
        }
    }
    secure_wipe(block, sizeof block);
}

void dataset_id(fr *out, const uint8_t schema_digest[32], const dataset *d,
                const uint8_t salt[32]) {
    dataset_layout layout = dataset_layout_of(d->num_features, d->num_targets);
    sponge s;
    fr head[3];
    sponge_init(&s, "zkmetric.dataset.v1");
    fr_from_bytes_reduce(&head[0], schema_digest);
    fr_set_u64(&head[1], d->n);
    fr_from_bytes_reduce(&head[2], salt);
    sponge_absorb_block(&s, head, 3);
    if (layout.blocks_per_row == 1)
        absorb_narrow_rows(&s, d, layout);
    else
        absorb_wide_rows(&s, d, layout);
    sponge_squeeze(out, &s);
    secure_wipe(&s, sizeof s);
    secure_wipe(head, sizeof head);
}

zkm_status dataset_salt(zkm_error *err, uint8_t out[32]) {
    uint8_t salt[32];
    ZKM_TRY(random_bytes(err, salt, sizeof salt));
    salt[0] &= 0x0f; /* 252 bits */
    memcpy(out, salt, sizeof salt);
    secure_wipe(salt, sizeof salt);
    return ZKM_OK;
}
