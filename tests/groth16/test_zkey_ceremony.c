/*
 * Ceremonies in snarkjs's container: the honest way, then every cheat. What snarkjs says of such
 * files is in tests/cli/test_ceremony_zkey.py.
 */
#include "groth16/folder.h"

#include "groth16/lagrange.h"
#include "groth16/ptau_make.h"
#include "groth16/snarkjs.h"
#include "groth16/zkey_internal.h"
#include "math/scale.h"

#define VECTORS ZKM_SOURCE_DIR "/tests/vectors/snarkjs/"
static const char R1CS[] = VECTORS "cubic/circuit.r1cs";
static const char POWERS[] = VECTORS "powers_prepared.ptau"; /* 2^5; the system's domain is 16 */
static const ceremony_options OPTIONS = {.threads = 2};

static r1cs *cs;
static ptau powers;

static contribution participant(const char *name) {
    zkm_error err;
    contribution c = {0};
    toy_ok(contribution_name(&err, &c, name), &err);
    return c;
}

static contribution beacon_of(const char *value) {
    zkm_error err;
    contribution c = participant("");
    toy_ok(contribution_beacon(&err, &c, (const uint8_t *)value, strlen(value), 10), &err);
    return c;
}

static void extend(const contribution *c, const char *in, const char *out) {
    zkm_error err;
    zkey_summary s;
    toy_ok(zkey_contribute(&err, &s, c, in, out, "dice", 4, &OPTIONS), &err);
}

static void contribute(const char *name, const char *in, const char *out) {
    contribution c = participant(name);
    extend(&c, in, out);
}

static zkm_status check(zkm_error *err, const char *path) {
    zkey_summary s;
    return zkey_verify(err, &s, NULL, cs, &powers, path, NULL, NULL, NULL, &OPTIONS);
}

/* Refused, for this reason (unless NULL). */
static void refused(const char *path, const char *why) {
    zkm_error err;
    zkm_status status = check(&err, path);
    if (status == ZKM_OK)
        fail_msg("accepted; wanted: %s", why ? why : "anything else");
    assert_true(status == ZKM_REJECTED || status == ZKM_ERR_FORMAT || status == ZKM_ERR_MISMATCH);
    assert_non_null(strchr(err.message, ':'));
    if (why && !strstr(err.message, why))
        fail_msg("%s; wanted: %s", err.message, why);
}

/* 0.zkey, then a participant, a beacon and a participant, none with a name. */
static int begin(void **state) {
    zkm_error err;
    zkey_summary s;
    contribution lottery = beacon_of("lottery");
    (void)state;
    folder_open();
    toy_ok(snarkjs_r1cs_read(&err, &cs, R1CS), &err);
    toy_ok(ptau_open(&err, &powers, POWERS), &err);
    toy_ok(zkey_init(&err, &s, cs, &powers, in_folder("0.zkey"), &OPTIONS), &err);
    assert_int_equal(s.count, 0);
    assert_int_equal(s.domain, 16);
    assert_memory_equal(s.last, s.circuit_hash, BLAKE2B_BYTES);
    contribute("", in_folder("0.zkey"), in_folder("1.zkey"));
    extend(&lottery, in_folder("1.zkey"), in_folder("2.zkey"));
    contribute("", in_folder("2.zkey"), in_folder("3.zkey"));
    return 0;
}

static int end(void **state) {
    (void)state;
    r1cs_free(cs);
    ptau_close(&powers);
    return folder_close();
}

/* ------------------------------------------------------------------ the honest way */

static void count_one(void *context, uint32_t index, const zkey_contribution *c) {
    uint32_t *count = context;
    assert_int_equal(index, (*count)++);
    assert_int_equal(c->kind, index == 1 ? CONTRIBUTION_BEACON : CONTRIBUTION_PARTICIPANT);
}

static void ceremony__keys_prove(void **state) {
    zkm_error err;
    toy t = {.cs = cs};
    toy_witness w = {0};
    groth16_proof proof;
    zkey_summary s;
    uint32_t count = 0;
    (void)state;
    toy_folder(&t);
    toy_ok(zkey_verify(&err, &s, &t.vk, cs, &powers, in_folder("3.zkey"), t.pk_path, count_one,
                       &count, &OPTIONS),
           &err);
    assert_int_equal(count, 3);
    assert_int_equal(t.vk->parts.origin.kind, GROTH16_CEREMONY);
    assert_int_equal(t.vk->parts.origin.contributions, 3);
    assert_memory_equal(t.vk->parts.origin.transcript, s.last, 32);
    r1cs_digest(t.circuit_digest, cs);
    toy_ok(groth16_pk_open(&err, &t.pk, t.pk_path, t.circuit_digest), &err);
    toy_ok(snarkjs_wtns_read(&err, &w.wires, &count, VECTORS "cubic/witness.wtns"), &err);
    w.a = calloc((size_t)t.pk->header.domain, sizeof(fr));
    w.b = calloc((size_t)t.pk->header.domain, sizeof(fr));
    assert_true(w.a && w.b);
    toy_ok(r1cs_evaluate(&err, cs, w.wires, w.a, w.b, NULL, 2), &err);
    toy_finish(&t, &w, &proof);
    toy_ok(groth16_verify_plain(&err, t.vk, w.wires + 1, cs->num_public, &proof), &err);
    toy_witness_free(&w);
    t.cs = NULL; /* shared */
    toy_free(&t);
}

/* The bases of a prepared file and those that we compute lead to the same file. */
static void ceremony__begins_alike_on_powers_that_are_not_prepared(void **state) {
    zkm_error err;
    zkey_summary s;
    ptau raw;
    size_t len, other_len;
    (void)state;
    toy_ok(ptau_open(&err, &raw, VECTORS "powers.ptau"), &err);
    toy_ok(zkey_init(&err, &s, cs, &raw, in_folder("raw"), &OPTIONS), &err);
    uint8_t *bytes = toy_read(in_folder("0.zkey"), &len);
    uint8_t *other = toy_read(in_folder("raw"), &other_len);
    assert_int_equal(len, other_len);
    assert_memory_equal(bytes, other, len);
    free(bytes);
    free(other);
    ptau_close(&raw);
}

static void transcript__of_snarkjs(void **state) {
    static const char *const KEYS[] = {VECTORS "cubic/circuit.zkey", VECTORS "mixed/circuit.zkey"};
    (void)state;
    for (int i = 0; i < 2; i++) {
        zkm_error err;
        zkey z;
        zkey_transcript t;
        size_t len;
        uint8_t *bytes = toy_read(KEYS[i], &len);
        toy_ok(zkey_open_bytes(&err, &z, bytes, len), &err);
        toy_ok(zkey_transcript_open(&err, &t, &z, NULL, NULL), &err);
        assert_int_equal(t.count, 1);
        free(bytes);
    }
}

static void ceremony__what_snarkjs_does_not_know(void **state) {
    zkm_error err;
    zkey_summary s;
    toy t;
    (void)state;
    toy_system(&t, 3, 0);
    toy_fails(zkey_init(&err, &s, t.cs, &powers, in_folder("never"), &OPTIONS), ZKM_ERR_UNSUPPORTED,
              &err);
    assert_non_null(strstr(err.message, "committed"));
    toy_free(&t);
    toy_system(&t, 40, 2);
    toy_fails(zkey_init(&err, &s, t.cs, &powers, in_folder("never"), &OPTIONS), ZKM_ERR_RANGE,
              &err);
    toy_free(&t);
    assert_int_not_equal(access(in_folder("never"), F_OK), 0);
}

/* Everybody knows a beacon's secret. */
static void ceremony__keys_need_a_participant(void **state) {
    zkm_error err;
    zkey_summary summary;
    groth16_vk *vk = NULL;
    const contribution beacon = beacon_of("lottery");
    const char *alone = in_folder("alone.zkey");
    (void)state;
    extend(&beacon, in_folder("0.zkey"), alone);
    toy_ok(zkey_verify(&err, &summary, &vk, cs, &powers, alone, NULL, NULL, NULL, &OPTIONS), &err);
    assert_null(vk);
    toy_fails(
        zkey_verify(&err, &summary, &vk, cs, &powers, alone, in_folder("pk"), NULL, NULL, &OPTIONS),
        ZKM_ERR_ARGUMENT, &err);
}

static void ceremony__keys_need_a_contribution(void **state) {
    zkm_error err;
    zkey_summary s;
    groth16_vk *vk = NULL;
    (void)state;
    toy_ok(check(&err, in_folder("0.zkey")), &err);
    toy_fails(zkey_verify(&err, &s, &vk, cs, &powers, in_folder("0.zkey"), in_folder("pk"), NULL,
                          NULL, &OPTIONS),
              ZKM_ERR_ARGUMENT, &err);
    assert_int_not_equal(access(in_folder("pk"), F_OK), 0);
}

static void ceremony__of_another_system_or_other_powers(void **state) {
    zkm_error err;
    zkey_summary s;
    r1cs *other = NULL;
    contribution c = participant("");
    ceremony_state ptau_state;
    ptau p = {0};
    (void)state;
    toy_ok(snarkjs_r1cs_read(&err, &other, VECTORS "mixed/circuit.r1cs"), &err);
    toy_fails(zkey_verify(&err, &s, NULL, other, &powers, in_folder("3.zkey"), NULL, NULL, NULL,
                          &OPTIONS),
              ZKM_ERR_MISMATCH, &err);
    r1cs_free(other);
    /* the same but for one coefficient */
    toy_ok(snarkjs_r1cs_read(&err, &other, R1CS), &err);
    fr_add(&other->coefs[other->num_coefs - 1], &other->coefs[other->num_coefs - 1],
           &other->coefs[0]);
    toy_fails(zkey_verify(&err, &s, NULL, other, &powers, in_folder("3.zkey"), NULL, NULL, NULL,
                          &OPTIONS),
              ZKM_ERR_MISMATCH, &err);
    r1cs_free(other);
    toy_ok(ptau_new(&err, in_folder("new.ptau"), 5), &err);
    toy_ok(ptau_open(&err, &p, in_folder("new.ptau")), &err);
    toy_ok(ptau_contribute(&err, &ptau_state, &c, &p, in_folder("other.ptau"), NULL, 0, 2, NULL),
           &err);
    ptau_close(&p);
    toy_ok(ptau_open(&err, &p, in_folder("other.ptau")), &err);
    toy_fails(zkey_verify(&err, &s, NULL, cs, &p, in_folder("3.zkey"), NULL, NULL, NULL, &OPTIONS),
              ZKM_ERR_MISMATCH, &err);
    ptau_close(&p);
}

/* ------------------------------------------------------------------ files that are changed */

typedef struct {
    uint8_t *bytes;
    size_t len;
    uint8_t *section[ZKEY_END];
    size_t section_len[ZKEY_END];
} loaded;

static loaded load(const char *path) {
    zkm_error err;
    iden3_file file;
    loaded l = {0};
    l.bytes = toy_read(path, &l.len);
    toy_ok(iden3_open(&err, &file, "test", "zkey", 1, l.bytes, l.len), &err);
    for (uint32_t s = 1; s < ZKEY_END; s++) {
        byte_reader r;
        toy_ok(iden3_section(&err, &r, &file, s), &err);
        l.section[s] = l.bytes + (r.data - l.bytes);
        l.section_len[s] = r.len;
    }
    return l;
}

static const char *store(loaded *l, const char *name) {
    const char *path = in_folder(name);
    toy_write(path, l->bytes, l->len);
    free(l->bytes);
    return path;
}

/* With another section 10, which is the last. */
static const char *store_list(loaded *l, const byte_writer *list) {
    size_t head = (size_t)(l->section[ZKEY_CONTRIBUTIONS] - l->bytes);
    uint8_t *bytes = malloc(head + list->len);
    assert_non_null(bytes);
    assert_ptr_equal(l->section[ZKEY_CONTRIBUTIONS] + l->section_len[ZKEY_CONTRIBUTIONS],
                     l->bytes + l->len);
    memcpy(bytes, l->bytes, head);
    memcpy(bytes + head, list->data, list->len);
    for (int i = 0; i < 8; i++)
        bytes[head - 8 + (size_t)i] = (uint8_t)((uint64_t)list->len >> (8 * i));
    toy_write(in_folder("changed"), bytes, head + list->len);
    free(bytes);
    free(l->bytes);
    return in_folder("changed");
}

enum { MOST = 8 };

typedef struct {
    uint8_t circuit_hash[BLAKE2B_BYTES];
    zkey_contribution list[MOST];
    uint32_t count;
} history;

static void remember(void *context, uint32_t index, const zkey_contribution *c) {
    history *h = context;
    assert_true(index < MOST);
    h->list[index] = *c;
    h->count = index + 1;
}

static history history_of(const char *path) {
    zkm_error err;
    history h = {0};
    zkey_transcript t;
    loaded l = load(path);
    byte_reader r = reader_init(l.section[ZKEY_CONTRIBUTIONS], l.section_len[ZKEY_CONTRIBUTIONS]);
    toy_ok(zkey_transcript_check(&err, &t, r, remember, &h), &err);
    memcpy(h.circuit_hash, t.circuit_hash, sizeof h.circuit_hash);
    free(l.bytes);
    return h;
}

/* 3.zkey with these contributions, in this order. */
static const char *with_list(const history *h) {
    loaded l = load(in_folder("3.zkey"));
    byte_writer w = writer_init();
    writer_bytes(&w, h->circuit_hash, sizeof h->circuit_hash);
    writer_u32_le(&w, h->count);
    for (uint32_t i = 0; i < h->count; i++)
        zkey_contribution_write(&w, &h->list[i]);
    const char *path = store_list(&l, &w);
    writer_clear(&w);
    return path;
}

/* Each field of each, every third byte. */
static void contributions__every_field_of_each_is_bound(void **state) {
    (void)state;
    size_t len, list_at;
    {
        loaded l = load(in_folder("3.zkey"));
        list_at = (size_t)(l.section[ZKEY_CONTRIBUTIONS] - l.bytes);
        len = l.len;
        free(l.bytes);
    }
    for (size_t at = list_at; at < len; at += 3) {
        loaded l = load(in_folder("3.zkey"));
        l.bytes[at] ^= (uint8_t)(1u << at % 8);
        refused(store(&l, "changed"), NULL);
    }
}

static void contributions__points_exchanged(void **state) {
    history good = history_of(in_folder("3.zkey"));
    (void)state;
    assert_int_equal(good.count, 3);
    for (uint32_t i = 0; i < good.count; i++)
        for (int what = 0; what < 5; what++) {
            history h = good;
            zkey_contribution *c = &h.list[i];
            const zkey_contribution *other = &good.list[(i + 1) % 3];
            if (what == 0)
                c->after = other->after;
            else if (what == 1)
                c->s = other->s;
            else if (what == 2)
                c->share = other->share;
            else if (what == 3)
                c->proof = other->proof;
            else
                memcpy(c->challenge, other->challenge, sizeof c->challenge);
            refused(with_list(&h), "contribution");
        }
}

/* As above, but the challenges made anew, so that only proofs stand against it. */
static void remake_challenges(history *h) {
    zkey_transcript t;
    zkey_transcript_init(&t, h->circuit_hash);
    for (uint32_t i = 0; i < h->count; i++) {
        zkey_contribution *c = &h->list[i];
        uint8_t bytes[G1_BYTES], proof[G2_BYTES];
        blake2b_state so_far = t.so_far;
        g1_to_bytes(bytes, &c->s);
        blake2b_update(&so_far, bytes, sizeof bytes);
        g1_to_bytes(bytes, &c->share);
        blake2b_update(&so_far, bytes, sizeof bytes);
        blake2b_final(&so_far, c->challenge);
        g1_to_bytes(bytes, &c->after);
        blake2b_update(&t.so_far, bytes, sizeof bytes);
        g1_to_bytes(bytes, &c->s);
        blake2b_update(&t.so_far, bytes, sizeof bytes);
        g1_to_bytes(bytes, &c->share);
        blake2b_update(&t.so_far, bytes, sizeof bytes);
        g2_to_bytes(proof, &c->proof);
        blake2b_update(&t.so_far, proof, sizeof proof);
        blake2b_update(&t.so_far, c->challenge, sizeof c->challenge);
    }
}

static void contributions__challenges_made_anew(void **state) {
    history good = history_of(in_folder("3.zkey")), h = good;
    (void)state;
    remake_challenges(&h); /* an honest list stays as it is */
    for (uint32_t i = 0; i < 3; i++)
        assert_memory_equal(h.list[i].challenge, good.list[i].challenge, BLAKE2B_BYTES);
    for (uint32_t i = 0; i < 3; i++) {
        h = good;
        h.list[i].share = good.list[(i + 1) % 3].share;
        remake_challenges(&h);
        refused(with_list(&h), "proof of knowledge");
        h = good;
        h.list[i].s = good.list[(i + 1) % 3].s;
        remake_challenges(&h);
        refused(with_list(&h), "proof of knowledge");
    }
    /* delta of another factor than the proof's */
    h = good;
    h.list[2].after = good.list[0].after;
    remake_challenges(&h);
    refused(with_list(&h), "does not continue");
    /* another ceremony's hash to begin with: the proofs are worth nothing there */
    h = good;
    h.circuit_hash[0] ^= 1;
    refused(with_list(&h), "challenge");
    remake_challenges(&h);
    refused(with_list(&h), "proof of knowledge");
}

static void contributions__reordered_removed_or_repeated(void **state) {
    history good = history_of(in_folder("3.zkey")), h;
    (void)state;
    for (uint32_t gone = 0; gone < 3; gone++) {
        h = good;
        for (uint32_t i = gone; i + 1 < 3; i++)
            h.list[i] = h.list[i + 1];
        h.count = 2;
        refused(with_list(&h), gone == 2 ? "delta" : "challenge");
    }
    for (uint32_t i = 0; i + 1 < 3; i++) {
        h = good;
        h.list[i] = good.list[i + 1];
        h.list[i + 1] = good.list[i];
        refused(with_list(&h), "challenge");
    }
    h = good;
    h.list[3] = h.list[2];
    h.count = 4;
    refused(with_list(&h), "challenge");
    h.count = 0;
    refused(with_list(&h), "delta");
}

/* The last contribution taken back, with delta in both groups as it was before: the other points
 * give it away. */
static void contributions__last_one_taken_back(void **state) {
    loaded before = load(in_folder("2.zkey")), l = load(in_folder("3.zkey"));
    byte_writer w = writer_init();
    (void)state;
    memcpy(l.section[ZKEY_HEADER], before.section[ZKEY_HEADER], before.section_len[ZKEY_HEADER]);
    writer_bytes(&w, before.section[ZKEY_CONTRIBUTIONS], before.section_len[ZKEY_CONTRIBUTIONS]);
    refused(store_list(&l, &w), "the points of the wires");
    writer_clear(&w);
    free(before.bytes);
}

/* A contribution of x = 1 or -1 is none. */
static void contributions__factor_of_one(void **state) {
    history good = history_of(in_folder("3.zkey"));
    (void)state;
    for (int minus = 0; minus < 2; minus++) {
        history h = good;
        zkey_transcript t;
        zkey_contribution *c = &h.list[3];
        fr secret;
        zkm_error err;
        loaded l = load(in_folder("3.zkey"));
        byte_reader r =
            reader_init(l.section[ZKEY_CONTRIBUTIONS], l.section_len[ZKEY_CONTRIBUTIONS]);
        toy_ok(zkey_transcript_check(&err, &t, r, NULL, NULL), &err);
        free(l.bytes);
        fr_set_one(&secret);
        if (minus)
            fr_neg(&secret, &secret);
        *c = (zkey_contribution){.kind = CONTRIBUTION_PARTICIPANT, .s = good.list[0].s};
        zkey_contribution_make(c, &t, &secret);
        h.count = 4;
        refused(with_list(&h), "one or minus one");
    }
}

static void contributions__beacon_is_recomputed(void **state) {
    history good = history_of(in_folder("3.zkey")), h = good;
    (void)state;
    h.list[1].value[0] ^= 1;
    refused(with_list(&h), "beacon");
    h = good;
    h.list[1].iterations++;
    refused(with_list(&h), "beacon");
    h = good;
    h.list[1].value_bytes--;
    refused(with_list(&h), "beacon");
    /* a participant's secret under a beacon's name */
    h = good;
    h.list[0].kind = CONTRIBUTION_BEACON;
    h.list[0].iterations = 10;
    h.list[0].value_bytes = 7;
    memcpy(h.list[0].value, "lottery", 7);
    refused(with_list(&h), "beacon");
    h.list[0].iterations = 29;
    zkm_error err;
    toy_fails(check(&err, with_list(&h)), ZKM_ERR_UNSUPPORTED, &err);
    /* too few iterations, and no value: made as a beacon is made */
    for (int none = 0; none < 2; none++) {
        zkey_transcript t;
        zkey_contribution *c = &h.list[0];
        fr secret;
        *c = (zkey_contribution){
            .kind = CONTRIBUTION_BEACON, .iterations = none ? 10 : 9, .value_bytes = none ? 0 : 7};
        zkey_transcript_init(&t, h.circuit_hash);
        zkey_beacon(&secret, &c->s, c);
        zkey_contribution_make(c, &t, &secret);
        h.count = 1;
        refused(with_list(&h), "its beacon is none");
    }
}

/* What snarkjs's form does not bind, as docs/ceremony.md says. */
static void contributions__what_is_not_bound(void **state) {
    history h = history_of(in_folder("3.zkey"));
    zkm_error err;
    (void)state;
    h.list[0].name_bytes = 5;
    memcpy(h.list[0].name, "crook", 5);
    toy_ok(check(&err, with_list(&h)), &err);
    h.list[1].kind = CONTRIBUTION_PARTICIPANT;
    h.list[1].iterations = h.list[1].value_bytes = 0;
    toy_ok(check(&err, with_list(&h)), &err);
}

/* Parameters of the last contribution: its end, which is u32 0 in 3.zkey. */
static void contributions__parameters_that_are_none(void **state) {
    static const struct {
        const char *text;
        size_t bytes;
    } TAILS[] = {{"\x01\x00\x00\x00\x01", 5},                /* cut off */
                 {"\x03\x00\x00\x00\x01\x05z", 7},           /* longer than the rest */
                 {"\x03\x00\x00\x00\x04\x01z", 7},           /* unknown */
                 {"\x03\x00\x00\x00\x00\x01z", 7},           /* unknown */
                 {"\x06\x00\x00\x00\x01\x01z\x01\x01z", 10}, /* twice */
                 {"\x02\x00\x00\x00\x02\x0a", 6},            /* a beacon's */
                 {"\x03\x00\x00\x00\x03\x01z", 7},           /* a beacon's */
                 {"\xff\xff\xff\xff", 4},
                 {"\x00\x00\x00\x00z", 5}};
    (void)state;
    for (size_t i = 0; i < sizeof TAILS / sizeof *TAILS; i++) {
        loaded l = load(in_folder("3.zkey"));
        byte_writer w = writer_init();
        writer_bytes(&w, l.section[ZKEY_CONTRIBUTIONS], l.section_len[ZKEY_CONTRIBUTIONS] - 4);
        writer_bytes(&w, TAILS[i].text, TAILS[i].bytes);
        refused(store_list(&l, &w), NULL);
        writer_clear(&w);
    }
}

/* Points that are on no curve, in no subgroup, or infinity. */
static void contributions__points_outside_of_their_groups(void **state) {
    enum { LINK = 3 * 64 + 128 };
    (void)state;
    for (size_t point = 0; point < 4; point++)
        for (int infinity = 0; infinity < 2; infinity++) {
            loaded l = load(in_folder("1.zkey"));
            size_t at = BLAKE2B_BYTES + 4 + point * 64;
            if (infinity)
                memset(l.section[ZKEY_CONTRIBUTIONS] + at, 0, point == 3 ? 128 : 64);
            else
                l.section[ZKEY_CONTRIBUTIONS][at] ^= 1;
            refused(store(&l, "changed"), "is not a point of G");
        }
}

static void ceremony__a_section_too_many(void **state) {
    loaded l = load(in_folder("3.zkey"));
    uint8_t *bytes = realloc(l.bytes, l.len + 12);
    (void)state;
    assert_non_null(bytes);
    memset(bytes + l.len, 0, 12);
    bytes[l.len] = 11;
    bytes[8]++;
    l.bytes = bytes;
    l.len += 12;
    refused(store(&l, "changed"), "another number of sections");
}

/* ------------------------------------------------------------------ the key's points */

static void points__single_ones_replaced(void **state) {
    static const struct {
        zkey_section section;
        const char *why;
    } PLACES[] = {
        {ZKEY_IC, "the points of the public wires"}, {ZKEY_A, "the points of A"},
        {ZKEY_B1, "the points of B in G1"},          {ZKEY_B2, "the points of B in G2"},
        {ZKEY_PRIVATE, "the points of the wires"},   {ZKEY_H, "the points of the quotient"}};
    (void)state;
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++)
        for (int last = 0; last < 2; last++) {
            zkey_section s = PLACES[i].section;
            loaded l = load(in_folder("3.zkey"));
            size_t size = zkey_element_bytes(s), at = last ? l.section_len[s] - size : 0;
            const void *point = s == ZKEY_B2 ? (const void *)g2_generator() : g1_generator();
            memcpy(l.section[s] + at, point, size);
            refused(store(&l, "changed"), PLACES[i].why);
            l = load(in_folder("3.zkey")); /* off the curve */
            l.section[s][at + size - 1] ^= 1;
            refused(store(&l, "changed"), NULL);
        }
}

static void scale(void *points, size_t n, const fr *k) {
    void *room = malloc(g1_scale_scratch(2));
    assert_non_null(room);
    g1_scale(points, n, k, 2, room);
    free(room);
}

/* L and H divided by something else than delta was multiplied with. */
static void points__divided_by_something_else(void **state) {
    (void)state;
    for (int s = ZKEY_PRIVATE; s <= ZKEY_H; s++) {
        loaded l = load(in_folder("3.zkey"));
        size_t n = l.section_len[s] / sizeof(g1_affine);
        g1_affine *points = malloc(n * sizeof *points);
        fr two;
        assert_non_null(points);
        fr_set_u64(&two, 2);
        memcpy(points, l.section[s], l.section_len[s]);
        scale(points, n, &two);
        memcpy(l.section[s], points, l.section_len[s]);
        free(points);
        refused(store(&l, "changed"),
                s == ZKEY_H ? "the points of the quotient" : "the points of the wires");
    }
}

/* H_j + w^j Q, w of order n: orthogonal to all w^(ij) with i < n - 1, the only relations that
 * `snarkjs zkey verify` tests. The Python test shows that the file passes there. */
static void points__quotient_changed_where_snarkjs_does_not_look(void **state) {
    loaded l = load(in_folder("3.zkey"));
    size_t n = l.section_len[ZKEY_H] / sizeof(g1_affine);
    fr root, power;
    (void)state;
    subgroup_root(&root, n);
    fr_set_one(&power);
    for (size_t j = 0; j < n; j++) {
        g1_affine p;
        g1 sum, more;
        memcpy(&p, l.section[ZKEY_H] + j * sizeof p, sizeof p);
        g1_from_affine(&more, g1_generator());
        g1_mul(&more, &more, &power);
        g1_from_affine(&sum, &p);
        g1_add(&sum, &sum, &more);
        g1_to_affine(&p, &sum);
        memcpy(l.section[ZKEY_H] + j * sizeof p, &p, sizeof p);
        fr_mul(&power, &power, &root);
    }
    refused(store(&l, "quotient.zkey"), "the points of the quotient");
}

static void header__fields(void **state) {
    enum { NUMBERS = 2 * 36, ALPHA1 = NUMBERS + 12, BETA1 = ALPHA1 + 64, BETA2 = BETA1 + 64 };
    enum { GAMMA2 = BETA2 + 128, DELTA1 = GAMMA2 + 128, DELTA2 = DELTA1 + 64 };
    static const struct {
        size_t at;
        bool in_g2;
        const char *why;
    } POINTS[] = {{ALPHA1, false, "other powers"},  {BETA1, false, "beta or delta"},
                  {BETA2, true, "beta or delta"},   {GAMMA2, true, "gamma"},
                  {DELTA1, false, "beta or delta"}, {DELTA2, true, "beta or delta"}};
    g1 p;
    g2 q;
    g1_affine twice;
    g2_affine twice2;
    (void)state;
    g1_from_affine(&p, g1_generator());
    g1_double(&p, &p);
    g1_to_affine(&twice, &p);
    g2_from_affine(&q, g2_generator());
    g2_double(&q, &q);
    g2_to_affine(&twice2, &q);
    for (size_t i = 0; i < sizeof POINTS / sizeof *POINTS; i++) {
        loaded l = load(in_folder("3.zkey"));
        memcpy(l.section[ZKEY_HEADER] + POINTS[i].at,
               POINTS[i].in_g2 ? (const void *)&twice2 : &twice, POINTS[i].in_g2 ? 128 : 64);
        refused(store(&l, "changed"), POINTS[i].why);
    }
    /* delta the same in both groups, but not the contributions'; then beta likewise */
    loaded l = load(in_folder("3.zkey"));
    memcpy(l.section[ZKEY_HEADER] + DELTA1, &twice, 64);
    memcpy(l.section[ZKEY_HEADER] + DELTA2, &twice2, 128);
    refused(store(&l, "changed"), "delta is not what the contributions lead to");
    l = load(in_folder("3.zkey"));
    memcpy(l.section[ZKEY_HEADER] + BETA1, &twice, 64);
    memcpy(l.section[ZKEY_HEADER] + BETA2, &twice2, 128);
    refused(store(&l, "changed"), "other powers");
    for (size_t at = 0; at < ALPHA1; at++) {
        zkm_error err;
        l = load(in_folder("3.zkey"));
        l.section[ZKEY_HEADER][at] ^= 1;
        assert_int_not_equal(check(&err, store(&l, "changed")), ZKM_OK);
    }
}

static void coefficients__bytes_of_each(void **state) {
    (void)state;
    loaded l = load(in_folder("3.zkey"));
    size_t n = l.section_len[ZKEY_COEFFICIENTS];
    free(l.bytes);
    for (size_t at = 0; at < n; at += 29) { /* an entry has 44 */
        l = load(in_folder("3.zkey"));
        l.section[ZKEY_COEFFICIENTS][at] ^= 1;
        refused(store(&l, "changed"), "another constraint system");
    }
}

/* Who begins on a false initial key: honest contributions do not make it true. */
static void ceremony__false_beginnings(void **state) {
    static const struct {
        zkey_section section;
        const char *why;
    } PLACES[] = {
        {ZKEY_IC, "the points of the public wires"}, {ZKEY_A, "the points of A"},
        {ZKEY_B1, "the points of B in G1"},          {ZKEY_B2, "the points of B in G2"},
        {ZKEY_PRIVATE, "the points of the wires"},   {ZKEY_H, "the points of the quotient"},
        {ZKEY_CONTRIBUTIONS, "the circuit's hash"}};
    (void)state;
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++) {
        loaded l = load(in_folder("0.zkey"));
        uint8_t *at = l.section[PLACES[i].section];
        if (PLACES[i].section == ZKEY_CONTRIBUTIONS)
            at[BLAKE2B_BYTES - 1] ^= 1;
        else if (PLACES[i].section == ZKEY_B2)
            memcpy(at, g2_generator(), 128);
        else
            memcpy(at, g1_generator(), 64);
        const char *path = store(&l, "false0");
        refused(path, PLACES[i].why);
        contribute("honest", path, in_folder("false1"));
        refused(in_folder("false1"), PLACES[i].why);
    }
}

/* Bases of a prepared file that lie: the transcript would begin as snarkjs begins it, and every
 * section be as snarkjs makes it. */
static void ceremony__prepared_bases_that_lie(void **state) {
    static const struct {
        uint32_t section;
        const char *why;
    } BASES[] = {{12, "the points of"},
                 {13, "the points of B"},
                 {14, "the points of the wires"},
                 {15, "the points of the wires"}};
    (void)state;
    for (size_t i = 0; i < sizeof BASES / sizeof *BASES; i++) {
        zkm_error err;
        zkey_summary s;
        ptau p;
        size_t len, size = BASES[i].section == 13 ? 128 : 64;
        uint8_t *bytes = toy_read(POWERS, &len);
        byte_reader r;
        toy_ok(ptau_open_bytes(&err, &p, bytes, len), &err);
        toy_ok(iden3_section(&err, &r, &p.sections, BASES[i].section), &err);
        memcpy(bytes + (r.data - bytes) + (16 - 1) * size,
               size == 128 ? (const void *)g2_generator() : g1_generator(), size);
        toy_write(in_folder("lying.ptau"), bytes, len);
        free(bytes);
        toy_ok(ptau_open(&err, &p, in_folder("lying.ptau")), &err);
        toy_fails(zkey_init(&err, &s, cs, &p, in_folder("lied"), &OPTIONS), ZKM_REJECTED, &err);
        assert_non_null(strstr(err.message, BASES[i].why));
        assert_int_not_equal(access(in_folder("lied"), F_OK), 0);
        ptau_close(&p);
    }
}

/* The same for a row in which only B has terms: nothing but B in G1 shows the lie. */
static void ceremony__prepared_basis_that_lies_of_b_alone(void **state) {
    zkm_error err;
    zkey_summary s;
    r1cs *other = NULL;
    ptau p;
    byte_reader r;
    size_t len;
    uint8_t *bytes = toy_read(POWERS, &len);
    (void)state;
    toy_ok(snarkjs_r1cs_read(&err, &other, R1CS), &err);
    other->blocks[0].rows[0].a = other->blocks[0].rows[0].c = (r1cs_span){0, 0};
    toy_ok(zkey_init(&err, &s, other, &powers, in_folder("honest"), &OPTIONS), &err);
    toy_ok(ptau_open_bytes(&err, &p, bytes, len), &err);
    toy_ok(iden3_section(&err, &r, &p.sections, 12), &err);
    memcpy(bytes + (r.data - bytes) + (16 - 1) * sizeof(g1_affine), g1_generator(),
           sizeof(g1_affine));
    toy_write(in_folder("lying.ptau"), bytes, len);
    free(bytes);
    toy_ok(ptau_open(&err, &p, in_folder("lying.ptau")), &err);
    toy_fails(zkey_init(&err, &s, other, &p, in_folder("lied"), &OPTIONS), ZKM_REJECTED, &err);
    assert_non_null(strstr(err.message, "the points of B in G1"));
    r1cs_free(other);
    ptau_close(&p);
}

/* tau^(2n - 1) is in the quotient's basis where the file has it, so it must be a power: whoever
 * wrote another point there could have one of these divided by delta. */
static void ceremony__last_power_of_the_quotient_is_none(void **state) {
    zkm_error err;
    zkey_summary s;
    ptau p;
    byte_reader r;
    size_t len;
    uint8_t *bytes = toy_read(VECTORS "powers.ptau", &len);
    (void)state;
    toy_ok(ptau_open_bytes(&err, &p, bytes, len), &err);
    toy_ok(iden3_section(&err, &r, &p.sections, 2), &err);
    memcpy(bytes + (r.data - bytes) + (2 * 16 - 1) * sizeof(g1_affine), g1_generator(),
           sizeof(g1_affine));
    toy_write(in_folder("lying.ptau"), bytes, len);
    free(bytes);
    toy_ok(ptau_open(&err, &p, in_folder("lying.ptau")), &err);
    toy_fails(zkey_init(&err, &s, cs, &p, in_folder("lied"), &OPTIONS), ZKM_REJECTED, &err);
    assert_non_null(strstr(err.message, "not powers of one tau"));
    ptau_close(&p);
}

/* ------------------------------------------------------------------ damage */

static void ceremony__truncated_and_flipped_files(void **state) {
    zkm_error err;
    zkey_summary s;
    contribution c = participant("x");
    size_t len;
    uint8_t *bytes = toy_read(in_folder("3.zkey"), &len);
    unsigned seed = 1;
    (void)state;
    for (size_t n = 0; n < len; n += 1 + n / 11) {
        toy_write(in_folder("damaged"), bytes, n);
        toy_fails(check(&err, in_folder("damaged")), ZKM_ERR_FORMAT, &err);
        toy_fails(zkey_contribute(&err, &s, &c, in_folder("damaged"), in_folder("out"), NULL, 0,
                                  &OPTIONS),
                  ZKM_ERR_FORMAT, &err);
    }
    for (int i = 0; i < 60; i++) {
        size_t at = (size_t)rand_r(&seed) % len;
        uint8_t bit = (uint8_t)(1 << rand_r(&seed) % 8);
        bytes[at] ^= bit;
        toy_write(in_folder("damaged"), bytes, len);
        if (check(&err, in_folder("damaged")) == ZKM_OK)
            fail_msg("bit flipped in byte %zu: accepted", at);
        bytes[at] ^= bit;
    }
    free(bytes);
    assert_int_not_equal(access(in_folder("out"), F_OK), 0);
}

/* A participant refuses to multiply what is no point, or a transcript that does not hold. */
static void contribute__to_a_bad_file(void **state) {
    zkm_error err;
    zkey_summary s;
    contribution c = participant("x");
    (void)state;
    for (int s_ = ZKEY_PRIVATE; s_ <= ZKEY_CONTRIBUTIONS; s_++) {
        loaded l = load(in_folder("3.zkey"));
        l.section[s_][l.section_len[s_] - 40] ^= 1;
        const char *path = store(&l, "changed");
        toy_fails(zkey_contribute(&err, &s, &c, path, in_folder("out"), NULL, 0, &OPTIONS),
                  ZKM_REJECTED, &err);
        assert_int_not_equal(access(in_folder("out"), F_OK), 0);
    }
}

/* With a folder it leaves a key there, which a Python test shows to snarkjs. */
int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ceremony__keys_prove),
        cmocka_unit_test(ceremony__begins_alike_on_powers_that_are_not_prepared),
        cmocka_unit_test(transcript__of_snarkjs),
        cmocka_unit_test(ceremony__what_snarkjs_does_not_know),
        cmocka_unit_test(ceremony__keys_need_a_contribution),
        cmocka_unit_test(ceremony__keys_need_a_participant),
        cmocka_unit_test(ceremony__of_another_system_or_other_powers),
        cmocka_unit_test(contributions__every_field_of_each_is_bound),
        cmocka_unit_test(contributions__points_exchanged),
        cmocka_unit_test(contributions__challenges_made_anew),
        cmocka_unit_test(contributions__reordered_removed_or_repeated),
        cmocka_unit_test(contributions__last_one_taken_back),
        cmocka_unit_test(contributions__factor_of_one),
        cmocka_unit_test(contributions__beacon_is_recomputed),
        cmocka_unit_test(contributions__what_is_not_bound),
        cmocka_unit_test(contributions__parameters_that_are_none),
        cmocka_unit_test(contributions__points_outside_of_their_groups),
        cmocka_unit_test(ceremony__a_section_too_many),
        cmocka_unit_test(points__single_ones_replaced),
        cmocka_unit_test(points__divided_by_something_else),
        cmocka_unit_test(points__quotient_changed_where_snarkjs_does_not_look),
        cmocka_unit_test(header__fields),
        cmocka_unit_test(coefficients__bytes_of_each),
        cmocka_unit_test(ceremony__false_beginnings),
        cmocka_unit_test(ceremony__prepared_bases_that_lie),
        cmocka_unit_test(ceremony__prepared_basis_that_lies_of_b_alone),
        cmocka_unit_test(ceremony__last_power_of_the_quotient_is_none),
        cmocka_unit_test(ceremony__truncated_and_flipped_files),
        cmocka_unit_test(contribute__to_a_bad_file),
    };
    folder_take(argc, argv, "*where_snarkjs*");
    return cmocka_run_group_tests(tests, begin, end);
}
