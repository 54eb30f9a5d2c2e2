/*
 * The sponge behind model_id and dataset_id (DESIGN section 6): Poseidon2 over Fr with t = 16,
 * rate 15. The state begins as zeros with the domain tag in the last place; a block is added to the
 * first 15 elements, then the state is permuted. The digest is the first element. Inputs begin with
 * what fixes their length (n and the schema, or the architecture), so no padding is needed.
 */
#ifndef CLAIM_SPONGE_H
#define CLAIM_SPONGE_H

#include <stddef.h>

#include "math/fr.h"

#define SPONGE_WIDTH 16u
#define SPONGE_RATE 15u

typedef struct {
    fr state[SPONGE_WIDTH];
} sponge;

/* The domain tag of a name: Keccak-256 of its bytes, top three bits cleared, as an integer. */
void sponge_tag(fr *out, const char *name);

/* Packs n digits below 2^stride into one element, the first lowest: sum of digit_j * 2^(stride *
 * j). stride <= 64 and n * stride <= 240, so the sum is below r. */
void sponge_pack(fr *out, const uint64_t *digits, size_t n, unsigned stride);

void sponge_init(sponge *s, const char *name);
/* n <= SPONGE_RATE elements; those beyond n count as zero. */
void sponge_absorb_block(sponge *s, const fr *elements, size_t n);
void sponge_squeeze(fr *out, const sponge *s);

/* Elements one by one, SPONGE_RATE to a block; the last block is filled with zeros. */
typedef struct {
    sponge s;
    fr block[SPONGE_RATE];
    size_t used;
} sponge_stream;

void sponge_stream_init(sponge_stream *stream, const char *name);
void sponge_stream_add(sponge_stream *stream, const fr *element);
/* Absorbs what is left, gives the digest and wipes the stream. */
void sponge_stream_final(fr *out, sponge_stream *stream);

#endif
