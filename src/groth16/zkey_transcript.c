/* Making and checking snarkjs's contributions; see zkey_transcript.h. */
#include "groth16/zkey_transcript.h"

#include <string.h>

#include "groth16/snarkjs_random.h"
#include "math/pairing.h"
#include "math/scale.h"
#include "math/sha256.h"

/* Of the parameters that follow a contribution's points, in this order. */
enum { PARAMETER_NAME = 1, PARAMETER_ITERATIONS, PARAMETER_VALUE };
enum { TYPE_PARTICIPANT = 0, TYPE_BEACON = 1 };

/* ------------------------------------------------------------------ hashes */

static void hash_g1(blake2b_state *h, const g1_affine *p) {
    uint8_t bytes[G1_BYTES];
    g1_to_bytes(bytes, p);
    blake2b_update(h, bytes, sizeof bytes);
}

static void hash_contribution(blake2b_state *h, const zkey_contribution *c) {
    uint8_t proof[G2_BYTES];
    hash_g1(h, &c->after);
    hash_g1(h, &c->s);
    hash_g1(h, &c->share);
    g2_to_bytes(proof, &c->proof);
    blake2b_update(h, proof, sizeof proof);
    blake2b_update(h, c->challenge, sizeof c->challenge);
}

static void challenge_of(uint8_t out[BLAKE2B_BYTES], const zkey_transcript *t,
                         const zkey_contribution *c) {
    blake2b_state h = t->so_far;
    hash_g1(&h, &c->s);
    hash_g1(&h, &c->share);
    blake2b_final(&h, out);
}

/* The first 32 bytes of the challenge are the seed. */
static void challenge_point(g2_affine *out, const uint8_t challenge[BLAKE2B_BYTES]) {
    snarkjs_random g;
    snarkjs_random_init(&g, challenge);
    snarkjs_random_g2(out, &g);
}

void zkey_transcript_init(zkey_transcript *t, const uint8_t circuit_hash[BLAKE2B_BYTES]) {
    *t = (zkey_transcript){.delta = *g1_generator()};
    memcpy(t->circuit_hash, circuit_hash, sizeof t->circuit_hash);
    memcpy(t->last, circuit_hash, sizeof t->last);
    blake2b_init(&t->so_far);
    blake2b_update(&t->so_far, circuit_hash, BLAKE2B_BYTES);
}

/* Hashes a contribution that follows, and makes it the last. */
static void move_on(zkey_transcript *t, zkey_contribution *c) {
    blake2b_state h;
    blake2b_init(&h);
    hash_contribution(&h, c);
    blake2b_final(&h, c->hash);
    hash_contribution(&t->so_far, c);
    memcpy(t->last, c->hash, sizeof t->last);
    t->delta = c->after;
    t->count++;
    t->participants += c->kind == CONTRIBUTION_PARTICIPANT;
}

/* ------------------------------------------------------------------ making */

void zkey_contribution_begin(zkey_contribution *out, const contribution *what) {
    *out = (zkey_contribution){.kind = what->kind,
                               .iterations = what->iterations,
                               .value_bytes = what->value_bytes,
                               .name_bytes = (uint32_t)strlen(what->name)};
    memcpy(out->name, what->name, out->name_bytes);
    memcpy(out->value, what->value, out->value_bytes);
}

void zkey_beacon(fr *secret, g1_affine *s, const zkey_contribution *c) {
    uint8_t seed[SHA256_BYTES];
    snarkjs_random g;
    sha256(seed, c->value, c->value_bytes);
    for (uint64_t i = 1; i < UINT64_C(1) << c->iterations; i++)
        sha256(seed, seed, sizeof seed);
    snarkjs_random_init(&g, seed);
    snarkjs_random_fr(secret, &g);
    snarkjs_random_g1(s, &g);
}

void zkey_contribution_make(zkey_contribution *c, zkey_transcript *t, const fr *secret) {
    g2_affine base;
    g1_affine_mul(&c->after, &t->delta, secret);
    g1_affine_mul(&c->share, &c->s, secret);
    challenge_of(c->challenge, t, c);
    challenge_point(&base, c->challenge);
    g2_affine_mul(&c->proof, &base, secret);
    move_on(t, c);
}

static void write_text(byte_writer *out, uint8_t parameter, const void *text, uint32_t bytes) {
    writer_u8(out, parameter);
    writer_u8(out, (uint8_t)bytes);
    writer_bytes(out, text, bytes);
}

void zkey_contribution_write(byte_writer *out, const zkey_contribution *c) {
    bool beacon = c->kind == CONTRIBUTION_BEACON;
    writer_bytes(out, &c->after, sizeof c->after);
    writer_bytes(out, &c->s, sizeof c->s);
    writer_bytes(out, &c->share, sizeof c->share);
    writer_bytes(out, &c->proof, sizeof c->proof);
    writer_bytes(out, c->challenge, sizeof c->challenge);
    writer_u32_le(out, beacon ? TYPE_BEACON : TYPE_PARTICIPANT);
    writer_u32_le(out, (c->name_bytes > 0 ? 2 + c->name_bytes : 0) +
                           (beacon ? 2 + 2 + c->value_bytes : 0));
    if (c->name_bytes > 0)
        write_text(out, PARAMETER_NAME, c->name, c->name_bytes);
    if (beacon) {
        writer_u8(out, PARAMETER_ITERATIONS);
        writer_u8(out, (uint8_t)c->iterations);
        write_text(out, PARAMETER_VALUE, c->value, c->value_bytes);
    }
}

/* ------------------------------------------------------------------ reading */

static zkm_status damaged(zkm_error *err, uint32_t index, const char *what) {
    return error_set(err, ZKM_ERR_FORMAT,
                     "zkey file: contribution %u: %s; the file is damaged or was made with malice: "
                     "do not use it",
                     index + 1, what);
}

static zkm_status read_parameters(zkm_error *err, zkey_contribution *c, byte_reader r,
                                  uint32_t index) {
    uint8_t last = 0;
    while (reader_left(&r) > 0) {
        uint8_t parameter = reader_u8(&r), n = reader_u8(&r);
        if (parameter <= last || parameter > PARAMETER_VALUE)
            return damaged(err, index, "its parameters are out of order");
        last = parameter;
        if (parameter == PARAMETER_ITERATIONS) {
            c->iterations = n;
            continue;
        }
        const uint8_t *text = reader_take(&r, n);
        if (!text)
            break;
        if (parameter == PARAMETER_NAME) {
            memcpy(c->name, text, n);
            c->name_bytes = n;
        } else {
            memcpy(c->value, text, n);
            c->value_bytes = n;
        }
    }
    return r.failed ? damaged(err, index, "its parameters are cut off") : ZKM_OK;
}

static zkm_status check_kind(zkm_error *err, const zkey_contribution *c, uint32_t index) {
    if (c->kind == CONTRIBUTION_PARTICIPANT)
        return c->iterations == 0 && c->value_bytes == 0
                   ? ZKM_OK
                   : damaged(err, index, "a participant has what only a beacon has");
    if (c->value_bytes == 0 || c->iterations < CONTRIBUTION_MIN_ITERATIONS)
        return damaged(err, index, "its beacon is none");
    if (c->iterations > CONTRIBUTION_MAX_ITERATIONS)
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "zkey file: contribution %u: a beacon of 2^%u iterations; up to 2^%d are "
                         "checked here",
                         index + 1, c->iterations, CONTRIBUTION_MAX_ITERATIONS);
    return ZKM_OK;
}

static zkm_status read_contribution(zkm_error *err, zkey_contribution *c, byte_reader *r,
                                    uint32_t index) {
    *c = (zkey_contribution){0};
    ZKM_TRY(zkey_take_g1(err, &c->after, r, "a contribution's delta"));
    ZKM_TRY(zkey_take_g1(err, &c->s, r, "a contribution's s"));
    ZKM_TRY(zkey_take_g1(err, &c->share, r, "a contribution's share"));
    ZKM_TRY(zkey_take_g2(err, &c->proof, r, "a contribution's proof"));
    const uint8_t *challenge = reader_take(r, sizeof c->challenge);
    uint32_t type = reader_u32_le(r), bytes = reader_u32_le(r);
    const uint8_t *parameters = reader_take(r, bytes);
    if (!challenge || !parameters)
        return damaged(err, index, "it is cut off");
    if (type != TYPE_PARTICIPANT && type != TYPE_BEACON)
        return damaged(err, index, "its type is none");
    c->kind = type == TYPE_BEACON ? CONTRIBUTION_BEACON : CONTRIBUTION_PARTICIPANT;
    memcpy(c->challenge, challenge, sizeof c->challenge);
    ZKM_TRY(read_parameters(err, c, reader_init(parameters, bytes), index));
    return check_kind(err, c, index);
}

/* ------------------------------------------------------------------ checking */

static zkm_status refused(zkm_error *err, uint32_t index, const char *what) {
    return error_set(err, ZKM_REJECTED,
                     "zkey file: contribution %u: %s; the transcript was damaged or forged: do not "
                     "use it",
                     index + 1, what);
}

static zkm_status check_beacon(zkm_error *err, const zkey_contribution *c, uint32_t index) {
    g1_affine s, share;
    fr secret;
    zkey_beacon(&secret, &s, c);
    g1_affine_mul(&share, &s, &secret);
    return g1_affine_equal(&s, &c->s) && g1_affine_equal(&share, &c->share)
               ? ZKM_OK
               : refused(err, index, "it is not what its beacon gives");
}

static zkm_status check_contribution(zkm_error *err, const zkey_contribution *c,
                                     const zkey_transcript *t) {
    uint8_t challenge[BLAKE2B_BYTES];
    g2_affine base;
    challenge_of(challenge, t, c);
    if (memcmp(challenge, c->challenge, sizeof challenge) != 0)
        return refused(err, t->count, "its challenge is not that of the transcript");
    challenge_point(&base, challenge);
    if (!pairing_equal(&c->share, &base, &c->s, &c->proof))
        return refused(err, t->count, "its proof of knowledge does not hold");
    if (!pairing_equal(&c->after, &base, &t->delta, &c->proof))
        return refused(err, t->count, "delta does not continue from the contribution before");
    /* A factor of 1 or -1 would be no contribution. */
    if (fp_equal(&c->s.x, &c->share.x))
        return refused(err, t->count, "its factor is one or minus one");
    return c->kind == CONTRIBUTION_BEACON ? check_beacon(err, c, t->count) : ZKM_OK;
}

zkm_status zkey_transcript_check(zkm_error *err, zkey_transcript *out, byte_reader section,
                                 zkey_visitor visit, void *context) {
    zkey_transcript t;
    zkey_contribution c;
    const uint8_t *hash = reader_take(&section, BLAKE2B_BYTES);
    uint32_t count = reader_u32_le(&section);
    if (!hash || section.failed)
        return iden3_damaged(err, ZKEY_NAME, "its transcript is cut off");
    if (count > CONTRIBUTION_MAX)
        return iden3_damaged(err, ZKEY_NAME, "its transcript has too many contributions");
    zkey_transcript_init(&t, hash);
    for (uint32_t i = 0; i < count; i++) {
        ZKM_TRY(read_contribution(err, &c, &section, i));
        ZKM_TRY(check_contribution(err, &c, &t));
        move_on(&t, &c);
        if (visit)
            visit(context, i, &c);
    }
    if (reader_left(&section) != 0)
        return iden3_damaged(err, ZKEY_NAME, "bytes follow its last contribution");
    *out = t;
    return ZKM_OK;
}

zkm_status zkey_transcript_open(zkm_error *err, zkey_transcript *out, const zkey *z,
                                zkey_visitor visit, void *context) {
    byte_reader section;
    if (z->file.num_sections != ZKEY_SECTIONS)
        return iden3_damaged(err, ZKEY_NAME, "it has another number of sections");
    ZKM_TRY(iden3_section(err, &section, &z->file, ZKEY_CONTRIBUTIONS));
    ZKM_TRY(zkey_check_secrets(err, z));
    ZKM_TRY(zkey_transcript_check(err, out, section, visit, context));
    if (!g1_affine_equal(&out->delta, &z->delta1))
        return error_set(err, ZKM_REJECTED,
                         "zkey file: delta is not what the contributions lead to; the file was "
                         "damaged or forged: do not use it");
    return ZKM_OK;
}
