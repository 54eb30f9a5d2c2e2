/* Making and checking contributions; see contribution.h. */
#include "groth16/contribution.h"

#include <string.h>

#include "base/random.h"
#include "base/utf8.h"
#include "base/wipe.h"
#include "math/hash_to_g2.h"
#include "math/keccak.h"
#include "math/pairing.h"
#include "math/scale.h"

enum { FRAME_BYTES = 12 + CONTRIBUTION_NAME + CONTRIBUTION_VALUE, SEED_BYTES = 64 };
static const char HASH_TAG[] = "zkmetric.ceremony.contribution.v1";
static const char PROOF_TAG[] = "zkmetric.ceremony.proof.v1";
static const char DRAW_TAG[] = "zkmetric.ceremony.secret.v1";
static const char BEACON_TAG[] = "zkmetric.ceremony.beacon.v1";

void ceremony_state_init(ceremony_state *s, unsigned links, const uint8_t hash[32]) {
    *s = (ceremony_state){.links = links};
    memcpy(s->hash, hash, sizeof s->hash);
    for (unsigned i = 0; i < links; i++)
        s->point[i] = *g1_generator();
}

size_t contribution_bytes(unsigned links) {
    return FRAME_BYTES + links * CONTRIBUTION_LINK_BYTES + 32;
}

static void put_u32(uint8_t out[4], uint32_t v) {
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(v >> (8 * i));
}

/* What a contribution says besides its points. */
static void put_frame(uint8_t out[FRAME_BYTES], const contribution *c) {
    put_u32(out, (uint32_t)c->kind);
    put_u32(out + 4, c->iterations);
    put_u32(out + 8, c->value_bytes);
    memset(out + 12, 0, FRAME_BYTES - 12);
    memcpy(out + 12, c->name, strlen(c->name));
    memcpy(out + 12 + CONTRIBUTION_NAME, c->value, c->value_bytes);
}

static void put_link(uint8_t out[CONTRIBUTION_LINK_BYTES], const contribution_link *l) {
    g1_to_bytes(out, &l->after);
    g1_to_bytes(out + G1_BYTES, &l->share);
    g2_to_bytes(out + 2 * G1_BYTES, &l->proof);
}

void contribution_write(byte_writer *out, const contribution *c, unsigned links) {
    uint8_t frame[FRAME_BYTES], link[CONTRIBUTION_LINK_BYTES];
    put_frame(frame, c);
    writer_bytes(out, frame, sizeof frame);
    for (unsigned i = 0; i < links; i++) {
        put_link(link, &c->link[i]);
        writer_bytes(out, link, sizeof link);
    }
    writer_bytes(out, c->hash, sizeof c->hash);
}

static zkm_status damaged(zkm_error *err, const char *what) {
    return error_set(err, ZKM_ERR_FORMAT,
                     "contribution: %s; the file is damaged or was made with malice: do not use it",
                     what);
}

/* Zero-padded printable UTF-8. */
static bool name_is_good(const char *name, size_t room) {
    size_t n = strnlen(name, room), step;
    for (size_t i = 0; i < n; i += step) {
        step = utf8_printable(name + i, n - i);
        if (step == 0)
            return false;
    }
    for (size_t i = n; i < room; i++)
        if (name[i] != 0)
            return false;
    return true;
}

static bool is_zero(const uint8_t *bytes, size_t n) {
    uint8_t any = 0;
    for (size_t i = 0; i < n; i++)
        any |= bytes[i];
    return any == 0;
}

static bool frame_is_good(const contribution *c) {
    if (c->kind == CONTRIBUTION_PARTICIPANT)
        return c->iterations == 0 && c->value_bytes == 0;
    return c->kind == CONTRIBUTION_BEACON && c->value_bytes > 0 &&
           c->iterations >= CONTRIBUTION_MIN_ITERATIONS &&
           c->iterations <= CONTRIBUTION_MAX_ITERATIONS;
}

static zkm_status read_frame(zkm_error *err, contribution *out, byte_reader *r) {
    out->kind = (contribution_kind)reader_u32_le(r);
    out->iterations = reader_u32_le(r);
    out->value_bytes = reader_u32_le(r);
    const uint8_t *name = reader_take(r, CONTRIBUTION_NAME);
    const uint8_t *value = reader_take(r, CONTRIBUTION_VALUE);
    if (!name || !value)
        return damaged(err, "it is cut off");
    if (out->value_bytes > CONTRIBUTION_VALUE ||
        !is_zero(value + out->value_bytes, CONTRIBUTION_VALUE - out->value_bytes) ||
        !frame_is_good(out))
        return damaged(err, "its kind or its beacon is none");
    memcpy(out->name, name, CONTRIBUTION_NAME);
    memcpy(out->value, value, CONTRIBUTION_VALUE);
    return name_is_good(out->name, CONTRIBUTION_NAME)
               ? ZKM_OK
               : damaged(err, "its name is no printable UTF-8");
}

zkm_status contribution_read(zkm_error *err, contribution *out, byte_reader *r, unsigned links) {
    contribution c = {0};
    ZKM_TRY(read_frame(err, &c, r));
    for (unsigned i = 0; i < links; i++) {
        const uint8_t *in = reader_take(r, CONTRIBUTION_LINK_BYTES);
        contribution_link *l = &c.link[i];
        if (!in)
            return damaged(err, "it is cut off");
        if (!g1_from_bytes(&l->after, in) || !g1_from_bytes(&l->share, in + G1_BYTES) ||
            !g2_from_bytes(&l->proof, in + 2 * G1_BYTES))
            return damaged(err, "one of its points is not a point of its group");
    }
    const uint8_t *hash = reader_take(r, sizeof c.hash);
    if (!hash)
        return damaged(err, "it is cut off");
    memcpy(c.hash, hash, sizeof c.hash);
    *out = c;
    return ZKM_OK;
}

zkm_status contribution_name(zkm_error *err, contribution *out, const char *name) {
    size_t n = strlen(name);
    if (n > CONTRIBUTION_NAME || !name_is_good(name, n))
        return error_set(err, ZKM_ERR_ARGUMENT,
                         "name: not printable UTF-8 of at most %d bytes; choose another",
                         CONTRIBUTION_NAME);
    out->kind = CONTRIBUTION_PARTICIPANT;
    memset(out->name, 0, sizeof out->name);
    memcpy(out->name, name, n);
    return ZKM_OK;
}

zkm_status contribution_beacon(zkm_error *err, contribution *out, const uint8_t *value,
                               size_t bytes, uint32_t iterations) {
    if (bytes == 0 || bytes > CONTRIBUTION_VALUE)
        return error_set(err, ZKM_ERR_ARGUMENT, "beacon: a value has 1 to %d bytes, this one %zu",
                         CONTRIBUTION_VALUE, bytes);
    if (iterations < CONTRIBUTION_MIN_ITERATIONS || iterations > CONTRIBUTION_MAX_ITERATIONS)
        return error_set(err, ZKM_ERR_ARGUMENT,
                         "beacon: 2^%u iterations; the exponent is to be %d to %d", iterations,
                         CONTRIBUTION_MIN_ITERATIONS, CONTRIBUTION_MAX_ITERATIONS);
    out->kind = CONTRIBUTION_BEACON;
    out->iterations = iterations;
    out->value_bytes = (uint32_t)bytes;
    memcpy(out->value, value, bytes);
    return ZKM_OK;
}

/* ------------------------------------------------------------------ secrets */

/* Keccak-256(tag || seed || link || attempt || half || extra), 512 bits of it, modulo r. */
static void derive(fr *out, const char *tag, const uint8_t *seed, size_t n, unsigned link,
                   unsigned attempt, const void *extra, size_t extra_bytes) {
    uint8_t half[32];
    fr shift;
    fr_set_zero(out);
    fr_set_u64(&shift, 2);
    for (int i = 0; i < 8; i++)
        fr_sqr(&shift, &shift);
    for (uint8_t i = 0; i < 2; i++) {
        keccak256_state k;
        const uint8_t place[3] = {(uint8_t)link, (uint8_t)attempt, i};
        fr part;
        keccak256_init(&k);
        keccak256_update(&k, (const uint8_t *)tag, strlen(tag));
        keccak256_update(&k, seed, n);
        keccak256_update(&k, place, sizeof place);
        keccak256_update(&k, extra, extra_bytes);
        keccak256_final(&k, half);
        fr_from_bytes_reduce(&part, half);
        fr_mul(out, out, &shift);
        fr_add(out, out, &part);
        secure_wipe(&k, sizeof k);
        secure_wipe(&part, sizeof part);
    }
    secure_wipe(half, sizeof half);
}

/* 0, 1 and -1 have probability 2^-252 each. */
static bool secret_is_good(const fr *x) {
    fr opposite;
    fr_neg(&opposite, x);
    bool good = !fr_is_zero(x) && !fr_is_one(x) && !fr_is_one(&opposite);
    secure_wipe(&opposite, sizeof opposite);
    return good;
}

static void derive_good(fr *out, const char *tag, const uint8_t *seed, size_t n, unsigned link,
                        const void *extra, size_t extra_bytes) {
    unsigned attempt = 0;
    do
        derive(out, tag, seed, n, link, attempt++, extra, extra_bytes);
    while (!secret_is_good(out));
}

zkm_status contribution_draw(zkm_error *err, fr *secrets, unsigned links, const void *entropy,
                             size_t bytes) {
    for (unsigned i = 0; i < links; i++) {
        uint8_t seed[SEED_BYTES];
        ZKM_TRY(random_bytes(err, seed, sizeof seed));
        derive_good(&secrets[i], DRAW_TAG, seed, sizeof seed, i, entropy, bytes);
        secure_wipe(seed, sizeof seed);
    }
    return ZKM_OK;
}

void contribution_beacon_secrets(fr *secrets, const contribution *c, const ceremony_state *s) {
    uint8_t seed[32];
    keccak256(seed, c->value, c->value_bytes);
    for (uint64_t i = 1; i < UINT64_C(1) << c->iterations; i++)
        keccak256(seed, seed, sizeof seed);
    for (unsigned i = 0; i < s->links; i++)
        derive_good(&secrets[i], BEACON_TAG, seed, sizeof seed, i, s->hash, sizeof s->hash);
}

/* ------------------------------------------------------------------ proofs */

/* R of a link: bound to the transcript so far and to everything of this contribution but proofs. */
static void challenge_point(g2_affine *out, const contribution *c, const ceremony_state *s,
                            unsigned link) {
    keccak256_state k;
    uint8_t frame[FRAME_BYTES], bytes[CONTRIBUTION_LINK_BYTES], seed[32];
    const uint8_t place[2] = {(uint8_t)s->links, (uint8_t)link};
    keccak256_init(&k);
    keccak256_update(&k, (const uint8_t *)PROOF_TAG, strlen(PROOF_TAG));
    keccak256_update(&k, s->hash, sizeof s->hash);
    keccak256_update(&k, place, sizeof place);
    put_frame(frame, c);
    keccak256_update(&k, frame, sizeof frame);
    for (unsigned i = 0; i < s->links; i++) {
        g1_to_bytes(bytes, &c->link[i].after);
        g1_to_bytes(bytes + G1_BYTES, &c->link[i].share);
        keccak256_update(&k, bytes, 2 * G1_BYTES);
    }
    keccak256_final(&k, seed);
    hash_to_g2(out, seed);
}

static void transcript_hash(uint8_t out[32], const contribution *c, const ceremony_state *s) {
    keccak256_state k;
    uint8_t frame[FRAME_BYTES], link[CONTRIBUTION_LINK_BYTES];
    keccak256_init(&k);
    keccak256_update(&k, (const uint8_t *)HASH_TAG, strlen(HASH_TAG));
    keccak256_update(&k, s->hash, sizeof s->hash);
    put_frame(frame, c);
    keccak256_update(&k, frame, sizeof frame);
    for (unsigned i = 0; i < s->links; i++) {
        put_link(link, &c->link[i]);
        keccak256_update(&k, link, sizeof link);
    }
    keccak256_final(&k, out);
}

static void move_on(ceremony_state *s, const contribution *c) {
    memcpy(s->hash, c->hash, sizeof s->hash);
    for (unsigned i = 0; i < s->links; i++)
        s->point[i] = c->link[i].after;
    s->count++;
    s->participants += c->kind == CONTRIBUTION_PARTICIPANT;
}

void contribution_make(contribution *c, ceremony_state *s, const fr *secrets) {
    for (unsigned i = 0; i < s->links; i++) {
        g1_affine_mul(&c->link[i].after, &s->point[i], &secrets[i]);
        g1_affine_mul(&c->link[i].share, g1_generator(), &secrets[i]);
    }
    for (unsigned i = 0; i < s->links; i++) {
        g2_affine base;
        challenge_point(&base, c, s, i);
        g2_affine_mul(&c->link[i].proof, &base, &secrets[i]);
    }
    transcript_hash(c->hash, c, s);
    move_on(s, c);
}

static zkm_status refused(zkm_error *err, const ceremony_state *s, const char *what) {
    return error_set(err, ZKM_REJECTED,
                     "contribution %u: %s; the transcript was damaged or forged: do not use it",
                     s->count + 1, what);
}

static zkm_status check_link(zkm_error *err, const contribution *c, const ceremony_state *s,
                             unsigned i) {
    const contribution_link *l = &c->link[i];
    g2_affine base;
    challenge_point(&base, c, s, i);
    if (!pairing_equal(&l->share, &base, g1_generator(), &l->proof))
        return refused(err, s, "a proof of knowledge does not hold");
    if (!pairing_equal(&l->after, &base, &s->point[i], &l->proof))
        return refused(err, s, "a secret does not continue from the contribution before");
    /* A factor of 1 or -1 would be no contribution. */
    if (fp_equal(&l->share.x, &g1_generator()->x))
        return refused(err, s, "a factor is one or minus one");
    for (unsigned j = 0; j < i; j++)
        if (fp_equal(&l->share.x, &c->link[j].share.x))
            return refused(err, s, "two of its secrets are the same");
    return ZKM_OK;
}

static zkm_status check_beacon(zkm_error *err, const contribution *c, const ceremony_state *s) {
    fr secrets[CONTRIBUTION_MAX_LINKS];
    g1_affine share;
    contribution_beacon_secrets(secrets, c, s);
    for (unsigned i = 0; i < s->links; i++) {
        g1_affine_mul(&share, g1_generator(), &secrets[i]);
        if (!g1_affine_equal(&share, &c->link[i].share))
            return refused(err, s, "it is not what its beacon gives");
    }
    return ZKM_OK;
}

zkm_status contribution_check(zkm_error *err, const contribution *c, ceremony_state *s) {
    uint8_t hash[32];
    for (unsigned i = 0; i < s->links; i++)
        ZKM_TRY(check_link(err, c, s, i));
    if (c->kind == CONTRIBUTION_BEACON)
        ZKM_TRY(check_beacon(err, c, s));
    transcript_hash(hash, c, s);
    if (memcmp(hash, c->hash, sizeof hash) != 0)
        return refused(err, s, "its hash is not that of the transcript");
    move_on(s, c);
    return ZKM_OK;
}

zkm_status contributions_check(zkm_error *err, ceremony_state *s, byte_reader list,
                               contribution_visitor visit, void *context) {
    uint32_t count = reader_u32_le(&list);
    if (list.failed || count > CONTRIBUTION_MAX ||
        reader_left(&list) != count * contribution_bytes(s->links))
        return damaged(err, "the list of contributions has another length");
    for (uint32_t i = 0; i < count; i++) {
        contribution c;
        ZKM_TRY(contribution_read(err, &c, &list, s->links));
        ZKM_TRY(contribution_check(err, &c, s));
        if (visit)
            visit(context, i, &c);
    }
    return ZKM_OK;
}
