/*
 * The pseudo-random points and scalars of snarkjs's ceremonies: ChaCha20 (RFC 8439, section 2.3;
 * block counter and nonce 0), consumed as ffjavascript does. A field element is four numbers of 64
 * bits, lowest first, each of two words, higher first; cut to 254 bits and drawn again until it is
 * below the modulus; it stands in Montgomery form. A point is an abscissa and a word whose lowest
 * bit asks for the larger root, drawn again until such a point exists; in G2 then times the
 * cofactor 2p - r. Nothing here is for secrets.
 */
#ifndef GROTH16_SNARKJS_RANDOM_H
#define GROTH16_SNARKJS_RANDOM_H

#include "math/g1.h"
#include "math/g2.h"

enum { SNARKJS_SEED_BYTES = 32 };

typedef struct {
    uint32_t state[16], words[16];
    unsigned used; /* of words */
} snarkjs_random;

/* The key is the seed as eight words, big-endian. */
void snarkjs_random_init(snarkjs_random *g, const uint8_t seed[SNARKJS_SEED_BYTES]);
void snarkjs_random_fr(fr *out, snarkjs_random *g);
void snarkjs_random_g1(g1_affine *out, snarkjs_random *g);
void snarkjs_random_g2(g2_affine *out, snarkjs_random *g);

#endif
