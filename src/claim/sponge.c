/* Poseidon2 sponge with a domain tag in its capacity. */
#include "claim/sponge.h"

#include <string.h>

#include "base/wipe.h"
#include "math/keccak.h"
#include "math/poseidon2.h"

void sponge_tag(fr *out, const char *name) {
    uint8_t hash[32];
    keccak256(hash, (const uint8_t *)name, strlen(name));
    hash[0] &= 0x1f; /* below 2^253 < r: reduction changes nothing */
    fr_from_bytes_reduce(out, hash);
}

void sponge_pack(fr *out, const uint64_t *digits, size_t n, unsigned stride) {
    uint64_t limbs[4] = {0};
    for (size_t j = 0; j < n; j++) {
        size_t bit = stride * j;
        limbs[bit / 64] |= digits[j] << (bit % 64);
        if (bit % 64 + stride > 64)
            limbs[bit / 64 + 1] |= digits[j] >> (64 - bit % 64);
    }
    if (!fr_from_limbs(out, limbs)) /* cannot happen below 2^240 */
        fr_set_zero(out);
    secure_wipe(limbs, sizeof limbs);
}

void sponge_init(sponge *s, const char *name) {
    memset(s, 0, sizeof *s); /* zero in Montgomery form */
    sponge_tag(&s->state[SPONGE_RATE], name);
}

void sponge_absorb_block(sponge *s, const fr *elements, size_t n) {
    for (size_t i = 0; i < n; i++)
        fr_add(&s->state[i], &s->state[i], &elements[i]);
    poseidon2_permute_t16(s->state);
}

void sponge_squeeze(fr *out, const sponge *s) { *out = s->state[0]; }

void sponge_stream_init(sponge_stream *stream, const char *name) {
    sponge_init(&stream->s, name);
    stream->used = 0;
}

void sponge_stream_add(sponge_stream *stream, const fr *element) {
    stream->block[stream->used++] = *element;
    if (stream->used == SPONGE_RATE) {
        sponge_absorb_block(&stream->s, stream->block, SPONGE_RATE);
        stream->used = 0;
    }
}

void sponge_stream_final(fr *out, sponge_stream *stream) {
    if (stream->used > 0)
        sponge_absorb_block(&stream->s, stream->block, stream->used);
    sponge_squeeze(out, &stream->s);
    secure_wipe(stream, sizeof *stream);
}
