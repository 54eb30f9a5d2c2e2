/* Canonical bytes of proofs (DESIGN section 3), and the only road from bytes to a checked proof. */
#include "groth16/proof.h"

size_t groth16_proof_bytes(bool committed, bool compressed) {
    size_t full = 2 * G1_BYTES + G2_BYTES + (committed ? G1_BYTES : 0);
    return compressed ? full / 2 : full;
}

static uint8_t *put_g1(uint8_t *out, const g1_affine *p, bool compressed) {
    if (compressed)
        g1_compress(out, p);
    else
        g1_to_bytes(out, p);
    return out + (compressed ? G1_COMPRESSED_BYTES : G1_BYTES);
}

static uint8_t *put_g2(uint8_t *out, const g2_affine *p, bool compressed) {
    if (compressed)
        g2_compress(out, p);
    else
        g2_to_bytes(out, p);
    return out + (compressed ? G2_COMPRESSED_BYTES : G2_BYTES);
}

size_t groth16_proof_to_bytes(uint8_t out[GROTH16_PROOF_MAX_BYTES], const groth16_proof *proof,
                              bool compressed) {
    uint8_t *end = put_g1(out, &proof->a, compressed);
    end = put_g2(end, &proof->b, compressed);
    end = put_g1(end, &proof->c, compressed);
    if (proof->committed)
        end = put_g1(end, &proof->d, compressed);
    return (size_t)(end - out);
}

/* Takes one point off the front of *bytes. */
static bool take_g1(g1_affine *out, const uint8_t **bytes, bool compressed) {
    const uint8_t *in = *bytes;
    *bytes += compressed ? G1_COMPRESSED_BYTES : G1_BYTES;
    return compressed ? g1_decompress(out, in) : g1_from_bytes(out, in);
}

static bool take_g2(g2_affine *out, const uint8_t **bytes, bool compressed) {
    const uint8_t *in = *bytes;
    *bytes += compressed ? G2_COMPRESSED_BYTES : G2_BYTES;
    return compressed ? g2_decompress(out, in) : g2_from_bytes(out, in);
}

static zkm_status bad_point(zkm_error *err, const char *name, const char *group) {
    return error_set(
        err, ZKM_ERR_FORMAT,
        "proof: point %s is not the canonical form of a point of %s other than infinity; "
        "the proof is damaged or forged",
        name, group);
}

zkm_status groth16_proof_from_bytes(zkm_error *err, groth16_proof *out, const uint8_t *bytes,
                                    size_t len) {
    groth16_proof proof = {0};
    bool compressed = false;
    if (len == GROTH16_COMMITTED_BYTES || len == GROTH16_COMMITTED_COMPRESSED_BYTES)
        proof.committed = true;
    else if (len != GROTH16_PLAIN_BYTES && len != GROTH16_PLAIN_COMPRESSED_BYTES)
        return error_set(
            err, ZKM_ERR_FORMAT,
            "proof: %zu bytes; a proof has %u or, compressed, %u (without a commitment %u "
            "or %u); it is cut off or no proof",
            len, GROTH16_COMMITTED_BYTES, GROTH16_COMMITTED_COMPRESSED_BYTES, GROTH16_PLAIN_BYTES,
            GROTH16_PLAIN_COMPRESSED_BYTES);
    compressed = len == groth16_proof_bytes(proof.committed, true);
    if (!take_g1(&proof.a, &bytes, compressed))
        return bad_point(err, "A", "G1");
    if (!take_g2(&proof.b, &bytes, compressed))
        return bad_point(err, "B", "G2");
    if (!take_g1(&proof.c, &bytes, compressed))
        return bad_point(err, "C", "G1");
    if (proof.committed && !take_g1(&proof.d, &bytes, compressed))
        return bad_point(err, "D", "G1");
    *out = proof;
    return ZKM_OK;
}
