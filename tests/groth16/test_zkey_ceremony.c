/*
 * Ceremonies in snarkjs's container: the honest way, then every cheat in the transcript; cheats in
 * the key's points are in test_zkey_points.c. What snarkjs says of such files is in
 * tests/cli/test_ceremony_zkey.py.
 */
#include "groth16/zkey_toy.h"

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

/* ------------------------------------------------------------------ damage */

static void ceremony__truncated_and_flipped_files(void **state) {
    zkm_error err;
    zkey_summary s;
    contribution c = participant("x");
    size_t len;
    uint8_t *bytes = toy_read(in_folder("3.zkey"), &len);
    (void)state;
    for (size_t n = 0; n < len; n += 1 + n / 11) {
        toy_write(in_folder("damaged"), bytes, n);
        toy_fails(check(&err, in_folder("damaged")), ZKM_ERR_FORMAT, &err);
        toy_fails(zkey_contribute(&err, &s, &c, in_folder("damaged"), in_folder("out"), NULL, 0,
                                  &OPTIONS),
                  ZKM_ERR_FORMAT, &err);
    }
    flipped_bits_are_refused(bytes, len, 60, check);
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

int main(void) {
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
        cmocka_unit_test(ceremony__truncated_and_flipped_files),
        cmocka_unit_test(contribute__to_a_bad_file),
    };
    return cmocka_run_group_tests(tests, zkey_begin, zkey_end);
}
