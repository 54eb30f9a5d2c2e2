/* Challenge and folded statement: "Prove" and "Verify" of DESIGN section 3. */
#include "groth16/transcript.h"

#include "math/keccak.h"

void groth16_challenge(fr *c, const uint8_t vk_digest[32], const fr *statement, size_t count,
                       const g1_affine *d) {
    keccak256_state hash;
    uint8_t bytes[G1_BYTES];
    keccak256_init(&hash);
    keccak256_update(&hash, vk_digest, 32);
    for (size_t i = 0; i < count; i++) {
        fr_to_bytes(bytes, &statement[i]);
        keccak256_update(&hash, bytes, 32);
    }
    g1_to_bytes(bytes, d);
    keccak256_update(&hash, bytes, G1_BYTES);
    keccak256_final(&hash, bytes);
    fr_from_bytes_reduce(c, bytes);
}

/* Horner's rule from the last field down. */
void groth16_fold(fr *p, const fr *statement, size_t count, const fr *c) {
    fr sum;
    fr_set_zero(&sum);
    for (size_t i = count; i-- > 0;) {
        fr_mul(&sum, &sum, c);
        fr_add(&sum, &sum, &statement[i]);
    }
    *p = sum;
}
