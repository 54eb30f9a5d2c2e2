/*
 * The hash by which snarkjs names a circuit with its powers of tau: BLAKE2b of the initial key's
 * header, IC, the quotient's points before they are transformed (tau^(n+i) - tau^i), and the other
 * sections. Points are canonical bytes, big-endian; counts are u32, big-endian.
 */
#include <string.h>

#include "groth16/zkey_internal.h"
#include "groth16/zkey_overread.h"

enum { BATCH = 1 << 10, SNARKJS_CHUNK = 1 << 14 };

static void hash_count(blake2b_state *h, uint32_t n) {
    const uint8_t bytes[4] = {(uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8),
                              (uint8_t)n};
    blake2b_update(h, bytes, sizeof bytes);
}

static void hash_g1(blake2b_state *h, const g1_affine *p) {
    uint8_t bytes[G1_BYTES];
    g1_to_bytes(bytes, p);
    blake2b_update(h, bytes, sizeof bytes);
}

static void hash_g2(blake2b_state *h, const g2_affine *p) {
    uint8_t bytes[G2_BYTES];
    g2_to_bytes(bytes, p);
    blake2b_update(h, bytes, sizeof bytes);
}

static void hash_section(blake2b_state *h, const zkey_initial *initial, const zkey *header,
                         zkey_section section) {
    byte_reader r = zkey_initial_section(initial, header, section);
    const g1_affine *in_g1 = (const void *)r.data;
    const g2_affine *in_g2 = (const void *)r.data;
    uint32_t n = (uint32_t)zkey_count(header, section);
    hash_count(h, n);
    for (uint32_t i = 0; i < n; i++)
        if (section == ZKEY_B2)
            hash_g2(h, &in_g2[i]);
        else
            hash_g1(h, &in_g1[i]);
}

/* tau^(n+i) - tau^i for `count` i from `first` on. */
static void hash_differences(blake2b_state *h, const ptau *p, size_t n, size_t first,
                             size_t count) {
    g1_affine high[BATCH], low[BATCH];
    g1 sums[BATCH];
    fp room[BATCH];
    ptau_copy(p, PTAU_TAU1, n + first, count, high);
    ptau_copy(p, PTAU_TAU1, first, count, low);
    for (size_t i = 0; i < count; i++) {
        g1_from_affine(&sums[i], &high[i]);
        g1_affine_neg(&low[i], &low[i]);
        g1_add_mixed(&sums[i], &sums[i], &low[i]);
    }
    g1_batch_to_affine(high, sums, count, room);
    for (size_t i = 0; i < count; i++)
        hash_g1(h, &high[i]);
}

/* The difference of which snarkjs finds no first part; zkey_overread.h. */
static zkm_status hash_overread(zkm_error *err, blake2b_state *h, const ptau *p, size_t n) {
    const byte_reader *powers = &p->series[PTAU_TAU1];
    const uint8_t *end = powers->data + powers->len;
    g1_affine last;
    if ((size_t)(p->file.data + p->file.len - end) < sizeof(g1_affine))
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "ptau file: the powers of tau in G1 are its last section, where snarkjs "
                         "reads beyond them; take a file of one power more");
    ptau_copy(p, PTAU_TAU1, n - 1, 1, &last);
    zkey_overread_sub(&last, end, &last);
    hash_g1(h, &last);
    return ZKM_OK;
}

/* n - 1 differences, and past snarkjs's first chunk one more. */
static zkm_status hash_quotient(zkm_error *err, blake2b_state *h, const ptau *p, size_t n) {
    size_t wanted = n > SNARKJS_CHUNK ? n : n - 1, there = ptau_count(p, PTAU_TAU1) - n;
    size_t count = wanted < there ? wanted : there;
    hash_count(h, (uint32_t)n - 1);
    for (size_t i = 0, m; i < count; i += m) {
        m = count - i < BATCH ? count - i : BATCH;
        hash_differences(h, p, n, i, m);
    }
    return count == wanted ? ZKM_OK : hash_overread(err, h, p, n);
}

zkm_status zkey_circuit_hash(zkm_error *err, uint8_t out[BLAKE2B_BYTES],
                             const zkey_initial *initial, const zkey *header, const ptau *powers) {
    blake2b_state h;
    blake2b_init(&h);
    hash_g1(&h, &header->alpha1);
    hash_g1(&h, &header->beta1);
    hash_g2(&h, &header->beta2);
    hash_g2(&h, &header->gamma2);
    hash_g1(&h, &header->delta1);
    hash_g2(&h, &header->delta2);
    hash_section(&h, initial, header, ZKEY_IC);
    ZKM_TRY(hash_quotient(err, &h, powers, header->domain));
    hash_section(&h, initial, header, ZKEY_PRIVATE);
    hash_section(&h, initial, header, ZKEY_A);
    hash_section(&h, initial, header, ZKEY_B1);
    hash_section(&h, initial, header, ZKEY_B2);
    blake2b_final(&h, out);
    return ZKM_OK;
}
