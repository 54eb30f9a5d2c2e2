/* Ceremonies: the honest way, then every cheat that a participant, or who keeps the files, can try.
 */
#include "groth16/ceremony_toy.h"

/* n committed values give 2n + 8 rows or so: domains of every form. */
static void whole_ceremony(uint32_t n, uint32_t num_public, const char *ptau_file) {
    zkm_error err;
    toy t;
    groth16_proof proof;
    toy_system(&t, n, num_public);
    init(&t, ptau_file, in_folder("w0"));
    contribute("A", in_folder("w0"), in_folder("w1"));
    contribute("B", in_folder("w1"), in_folder("w2"));
    beacon(in_folder("w2"), in_folder("w3"));
    toy_ok(verify(&err, &t, ptau_file, in_folder("w3")), &err);
    finalize(&t, ptau_file, in_folder("w3"));
    assert_int_equal(t.vk->parts.origin.contributions, 3);
    toy_ok(groth16_pk_check(&err, t.pk, 2), &err);
    if (num_public) {
        toy_prove_plain(&t, &proof, 5);
        toy_ok(groth16_verify_plain(&err, t.vk, t.statement, t.count, &proof), &err);
        fr_set_u64(&t.statement[0], 1);
        toy_fails(groth16_verify_plain(&err, t.vk, t.statement, t.count, &proof), ZKM_REJECTED,
                  &err);
    } else {
        toy_prove(&t, &proof, 5);
        toy_ok(groth16_verify_committed(&err, t.vk, t.statement, t.count, &proof), &err);
        fr_set_u64(&t.statement[2], 6);
        toy_fails(groth16_verify_committed(&err, t.vk, t.statement, t.count, &proof), ZKM_REJECTED,
                  &err);
    }
    print_message("  %u rows, domain %u\n", (unsigned)t.cs->num_rows,
                  (unsigned)t.pk->header.domain);
    toy_free(&t);
}

static void ceremony__keys_prove_on_every_kind_of_domain(void **state) {
    (void)state;
    whole_ceremony(4, 0, ptau_path);
    whole_ceremony(7, 0, ptau_path);
    whole_ceremony(12, 0, ptau_path);
    whole_ceremony(27, 0, ptau_path); /* the largest domain of the powers: 2^6 */
    whole_ceremony(9, 2, ptau_path);
}

/* snarkjs's own files: its prepared bases and our transforms lead to the same points, and keys
 * prove. */
static void ceremony__on_powers_of_snarkjs(void **state) {
    static const char RAW[] = ZKM_SOURCE_DIR "/tests/vectors/snarkjs/powers.ptau";
    static const char PREPARED[] = ZKM_SOURCE_DIR "/tests/vectors/snarkjs/powers_prepared.ptau";
    static const uint32_t SIZES[] = {9, 25}; /* domains of 16 and, the largest, 32 */
    (void)state;
    for (int i = 0; i < 2; i++) {
        toy t;
        toy_system(&t, SIZES[i], 2);
        init(&t, RAW, in_folder("raw"));
        init(&t, PREPARED, in_folder("prepared"));
        loaded raw = load(in_folder("raw")), prepared = load(in_folder("prepared"));
        for (int s = ZKC_STATE; s < ZKC_END; s++) {
            assert_int_equal(raw.section_len[s], prepared.section_len[s]);
            assert_memory_equal(raw.section[s], prepared.section[s], raw.section_len[s]);
        }
        assert_int_equal(raw.section_len[ZKC_H], (i ? 32 : 16) * 64);
        free(raw.bytes);
        free(prepared.bytes);
        toy_free(&t);
    }
    whole_ceremony(25, 2, PREPARED);
}

/* Prepared bases are not believed: a false point in any of them is found. */
static void ceremony__prepared_bases_that_lie(void **state) {
    static const char PREPARED[] = ZKM_SOURCE_DIR "/tests/vectors/snarkjs/powers_prepared.ptau";
    zkm_error err;
    ceremony_summary s;
    toy t;
    size_t len;
    uint8_t *bytes = toy_read(PREPARED, &len);
    (void)state;
    toy_system(&t, 9, 2);
    for (int series = 0; series <= PTAU_SERIES; series++) {
        bool doubled = series == PTAU_SERIES; /* the quotient's: element 1 of the domain of 32 */
        ptau p;
        toy_ok(ptau_open_bytes(&err, &p, bytes, len), &err);
        size_t size = series == PTAU_TAU2 ? 128 : 64;
        const byte_reader *basis = &p.lagrange[doubled ? PTAU_TAU1 : series];
        uint8_t *at = bytes + (basis->data - bytes) + (doubled ? 31 + 1 : 15) * size, room[128];
        memcpy(room, at, size);
        memcpy(at,
               series == PTAU_TAU2 ? (const void *)g2_generator() : (const void *)g1_generator(),
               size);
        toy_write(in_folder("lie.ptau"), bytes, len);
        memcpy(at, room, size);
        p = open_ptau(in_folder("lie.ptau"));
        toy_fails(ceremony_init(&err, &s, t.cs, t.circuit_digest, &p, in_folder("lie"), &OPTIONS),
                  ZKM_REJECTED, &err);
        assert_int_not_equal(access(in_folder("lie"), F_OK), 0);
        ptau_close(&p);
    }
    /* the blinding column's point, infinity */
    ptau p;
    toy_ok(ptau_open_bytes(&err, &p, bytes, len), &err);
    memset(bytes + (p.lagrange[PTAU_TAU1].data - bytes) + (15 + t.cs->num_rows) * 64, 0, 64);
    toy_write(in_folder("lie.ptau"), bytes, len);
    p = open_ptau(in_folder("lie.ptau"));
    toy_fails(ceremony_init(&err, &s, t.cs, t.circuit_digest, &p, in_folder("lie"), &OPTIONS),
              ZKM_REJECTED, &err);
    assert_non_null(strstr(err.message, "infinity"));
    assert_int_not_equal(access(in_folder("lie"), F_OK), 0);
    ptau_close(&p);
    free(bytes);
    toy_free(&t);
}

static uint8_t *contribution_at(const loaded *l, unsigned i) {
    return l->section[ZKC_CONTRIBUTIONS] + 4 + i * contribution_bytes(2);
}

static void ceremony__every_field_of_every_contribution_is_bound(void **state) {
    enum { NAME_AT = 12, VALUE_AT = 76, LINKS_AT = 140, HASH_AT = LINKS_AT + 512 };
    static const struct {
        size_t at;
        const char *why; /* NULL: the bytes are no contribution any more */
    } FIELDS[] = {{0, NULL},
                  {4, NULL},
                  {8, NULL},
                  {NAME_AT, "a proof of knowledge does not hold"},
                  {VALUE_AT, NULL},
                  {LINKS_AT, NULL},
                  {LINKS_AT + 64, NULL},
                  {LINKS_AT + 128, NULL},
                  {LINKS_AT + 256, NULL},
                  {LINKS_AT + 320, NULL},
                  {LINKS_AT + 384, NULL},
                  {HASH_AT, "its hash is not that of the transcript"}};
    (void)state;
    assert_int_equal(contribution_bytes(2), HASH_AT + 32);
    for (unsigned i = 0; i < 3; i++)
        for (size_t f = 0; f < sizeof FIELDS / sizeof *FIELDS; f++) {
            loaded l = load(in_folder("t3"));
            contribution_at(&l, i)[FIELDS[f].at] ^= 1;
            refused(store(&l, "mutated"), FIELDS[f].why);
        }
}

/* Points of the right groups in the wrong places: what only equations can find. */
static void ceremony__points_of_contributions_exchanged(void **state) {
    enum { LINKS_AT = 140 };
    static const struct {
        size_t a, b, bytes;
    } SWAPS[] = {{0, 64, 64}, {0, 256, 64}, {64, 320, 64}, {128, 384, 128}, {0, 256, 256}};
    (void)state;
    for (unsigned i = 0; i < 3; i++)
        for (size_t s = 0; s < sizeof SWAPS / sizeof *SWAPS; s++) {
            uint8_t room[256];
            loaded l = load(in_folder("t3"));
            uint8_t *links = contribution_at(&l, i) + LINKS_AT;
            memcpy(room, links + SWAPS[s].a, SWAPS[s].bytes);
            if (memcmp(room, links + SWAPS[s].b, SWAPS[s].bytes) == 0) {
                /* of the first contribution, after is share */
                assert_int_equal(i, 0);
                free(l.bytes);
                continue;
            }
            memcpy(links + SWAPS[s].a, links + SWAPS[s].b, SWAPS[s].bytes);
            memcpy(links + SWAPS[s].b, room, SWAPS[s].bytes);
            refused(store(&l, "mutated"), "contribution");
        }
}

static void ceremony__beacon_is_recomputed(void **state) {
    zkm_error err;
    ceremony_summary s;
    fr secrets[2];
    ceremony_state at = {0};
    contribution c = participant("liar");
    (void)state;
    /* A participant who calls its own secrets a beacon's. */
    toy_ok(contribution_beacon(&err, &c, (const uint8_t *)"dice", 4, 10), &err);
    toy_ok(contribution_draw(&err, secrets, 2, NULL, 0), &err);
    ceremony_state_init(&at, 2, (const uint8_t[32]){0});
    ceremony_state before = at;
    contribution_make(&c, &at, secrets);
    toy_fails(contribution_check(&err, &c, &before), ZKM_REJECTED, &err);
    assert_non_null(strstr(err.message, "beacon"));
    /* One of its secrets is the beacon's. */
    for (int i = 0; i < 2; i++) {
        fr mixed[2];
        at = before;
        contribution_beacon_secrets(mixed, &c, &at);
        mixed[i] = secrets[i];
        contribution_make(&c, &at, mixed);
        at = before;
        toy_fails(contribution_check(&err, &c, &at), ZKM_REJECTED, &err);
        assert_non_null(strstr(err.message, "beacon"));
    }
    /* Anyone gets the same file. */
    contribution again = participant("beacon");
    toy_ok(contribution_beacon(&err, &again, (const uint8_t *)"dice", 4, 10), &err);
    toy_ok(ceremony_contribute(&err, &s, &again, in_folder("t2"), in_folder("again"), "x", 1,
                               &OPTIONS),
           &err);
    size_t n, m;
    uint8_t *x = toy_read(in_folder("again"), &n), *y = toy_read(in_folder("t3"), &m);
    assert_int_equal(n, m);
    assert_memory_equal(x, y, n);
    free(x);
    free(y);
    /* Two participants never do. */
    contribute("same", in_folder("t2"), in_folder("again"));
    contribute("same", in_folder("t2"), in_folder("twice"));
    x = toy_read(in_folder("again"), &n);
    y = toy_read(in_folder("twice"), &m);
    assert_memory_not_equal(x, y, n);
    free(x);
    free(y);
}

/* ------------------------------------------------------------------ lists */

/* Writes sections that may lie anywhere by now. */
static const char *store_sections(loaded *l, const char *name) {
    zkm_error err;
    file_writer *file = NULL;
    const char *path = in_folder(name);
    toy_ok(file_writer_open(&err, &file, path, 0644), &err);
    toy_ok(zkc_write_start(&err, file), &err);
    for (uint32_t s = 1; s < ZKC_END; s++) {
        toy_ok(iden3_write_section(&err, file, s, l->section_len[s]), &err);
        toy_ok(file_writer_append(&err, file, l->section[s], l->section_len[s]), &err);
    }
    toy_ok(file_writer_commit(&err, file), &err);
    free(l->bytes);
    return path;
}

/* A file with other content in one section. */
static const char *with_section(const char *from, zkc_section section, uint8_t *content, size_t n) {
    loaded l = load(from);
    l.section[section] = content;
    l.section_len[section] = n;
    return store_sections(&l, "section");
}

/* t3 with the contributions that `order` names. */
static const char *with_list(const unsigned *order, unsigned count) {
    loaded l = load(in_folder("t3"));
    byte_writer list = writer_init();
    writer_u32_le(&list, count);
    for (unsigned i = 0; i < count; i++)
        writer_bytes(&list, contribution_at(&l, order[i]), contribution_bytes(2));
    const char *path = with_section(in_folder("t3"), ZKC_CONTRIBUTIONS, list.data, list.len);
    writer_clear(&list);
    free(l.bytes);
    return path;
}

static void ceremony__lists_reordered_shortened_or_repeated(void **state) {
    zkm_error err;
    (void)state;
    toy_ok(check(&err, with_list((const unsigned[]){0, 1, 2}, 3)), &err);
    refused(with_list((const unsigned[]){1, 0, 2}, 3), "a proof of knowledge");
    refused(with_list((const unsigned[]){0, 2, 1}, 3), "a proof of knowledge");
    refused(with_list((const unsigned[]){1, 2}, 2), "a proof of knowledge");
    refused(with_list((const unsigned[]){0, 2}, 2), "a proof of knowledge");
    refused(with_list((const unsigned[]){0, 1}, 2), "delta in G2");
    refused(with_list(NULL, 0), "delta in G2");
    refused(with_list((const unsigned[]){0, 1, 2, 2}, 4), "a proof of knowledge");
    refused(with_list((const unsigned[]){0, 0, 1, 2}, 4), "a proof of knowledge");
}

/* ------------------------------------------------------------------ points of the key */

/* What a cheating contributor does to each part; NULL: what is honest. */
typedef struct {
    const fr *committed, *private_, *h, *blind, *delta, *delta1;
    size_t h_count; /* elements of H that are divided; 0: all */
} cheat;

/* t1 with one more contribution, with these secrets and this cheat. */
static const char *cheating(const fr secrets[2], const cheat *what) {
    zkm_error err;
    zkc z;
    file_writer *file = NULL;
    contribution c = participant("cheater");
    fr inverse[2];
    g1 k;
    byte_writer list = writer_init();
    loaded l = load(in_folder("t1"));
    const char *path = in_folder("cheat");
    for (int i = 0; i < 2; i++)
        fr_inv(&inverse[i], &secrets[i]);
    toy_ok(zkc_open(&err, &z, in_folder("t1"), NULL, NULL), &err);
    ceremony_state s = z.state;
    zkc_state now = z.now;
    zkc_close(&z);
    contribution_make(&c, &s, secrets);
    multiply_g2(&now.delta, what->delta ? what->delta : &secrets[0]);
    multiply_g2(&now.delta1, what->delta1 ? what->delta1 : &secrets[1]);
    g1_from_affine(&k, &now.blind_k);
    g1_mul(&k, &k, what->blind ? what->blind : &inverse[0]);
    g1_to_affine(&now.blind_k, &k);
    scale(l.section[ZKC_COMMITTED], l.section_len[ZKC_COMMITTED] / 64,
          what->committed ? what->committed : &inverse[1]);
    scale(l.section[ZKC_PRIVATE], l.section_len[ZKC_PRIVATE] / 64,
          what->private_ ? what->private_ : &inverse[0]);
    scale(l.section[ZKC_H], what->h_count ? what->h_count : l.section_len[ZKC_H] / 64,
          what->h ? what->h : &inverse[0]);
    writer_u32_le(&list, 2);
    writer_bytes(&list, contribution_at(&l, 0), contribution_bytes(2));
    contribution_write(&list, &c, 2);
    toy_ok(file_writer_open(&err, &file, path, 0644), &err);
    toy_ok(zkc_write_start(&err, file), &err);
    toy_ok(iden3_write_section(&err, file, ZKC_HEADER, l.section_len[ZKC_HEADER]), &err);
    toy_ok(file_writer_append(&err, file, l.section[ZKC_HEADER], l.section_len[ZKC_HEADER]), &err);
    toy_ok(zkc_write_state(&err, file, &now, true), &err);
    toy_ok(iden3_write_whole(&err, file, ZKC_CONTRIBUTIONS, &list), &err);
    for (uint32_t i = ZKC_FIRST_STATIC; i < ZKC_END; i++) {
        toy_ok(iden3_write_section(&err, file, i, l.section_len[i]), &err);
        toy_ok(file_writer_append(&err, file, l.section[i], l.section_len[i]), &err);
    }
    toy_ok(file_writer_commit(&err, file), &err);
    writer_clear(&list);
    free(l.bytes);
    return path;
}

static void ceremony__parts_divided_by_something_else(void **state) {
    zkm_error err;
    fr secrets[2], inverse[2], other, one;
    (void)state;
    toy_ok(contribution_draw(&err, secrets, 2, NULL, 0), &err);
    toy_ok(contribution_draw(&err, &other, 1, NULL, 0), &err);
    fr_set_one(&one);
    for (int i = 0; i < 2; i++)
        fr_inv(&inverse[i], &secrets[i]);
    toy_ok(check(&err, cheating(secrets, &(cheat){0})), &err);
    const fr *wrong[3] = {&other, &one, NULL};
    for (int i = 0; i < 3; i++) {
        const fr *for_delta = wrong[i] ? wrong[i] : &inverse[1];
        const fr *for_delta1 = wrong[i] ? wrong[i] : &inverse[0]; /* delta's secret for delta1 */
        refused(cheating(secrets, &(cheat){.committed = for_delta1}), "the points of the wires");
        refused(cheating(secrets, &(cheat){.private_ = for_delta}), "the points of the wires");
        refused(cheating(secrets, &(cheat){.blind = for_delta}), "the points of the wires");
        refused(cheating(secrets, &(cheat){.h = for_delta}), "the points of the quotient");
        refused(cheating(secrets, &(cheat){.delta = for_delta}), "delta in G2");
        refused(cheating(secrets, &(cheat){.delta1 = for_delta1}), "delta1 in G2");
    }
    /* Only some of the points, and L and H by factors of their own. */
    refused(cheating(secrets, &(cheat){.h_count = 5}), "the points of the quotient");
    refused(cheating(secrets, &(cheat){.h_count = 17}), "the points of the quotient");
    refused(cheating(secrets, &(cheat){.private_ = &other, .blind = &other}),
            "the points of the wires");
}

/* On the twist, outside of the subgroup: weights that a small order divides would not see it. */
static void ceremony__strangers_to_g2(void **state) {
    g2_affine stranger;
    (void)state;
    toy_stranger(&stranger);
    loaded l = load(in_folder("t0"));
    memcpy(l.section[ZKC_B2] + 128, &stranger, sizeof stranger);
    refused(store(&l, "mutated"), "no point of its group");
    for (size_t at = 0; at <= 128; at += 128) { /* delta, delta1 */
        l = load(in_folder("t3"));
        g2_to_bytes(l.section[ZKC_STATE] + at, &stranger);
        refused(store(&l, "mutated"), "not of points of their groups");
    }
    l = load(in_folder("t3")); /* the blinding column's point, above the modulus */
    l.section[ZKC_STATE][256] = 0xff;
    refused(store(&l, "mutated"), "not of points of their groups");
    l = load(in_folder("t3")); /* beta: after the digests, six numbers, alpha and beta in G1 */
    g2_to_bytes(l.section[ZKC_HEADER] + 32 + 64 + 4 * 4 + 2 * 8 + 2 * 64, &stranger);
    refused(store(&l, "mutated"), "no point of its group");
}

/* One point of one section is another point of its group. */
static void ceremony__single_points_replaced(void **state) {
    static const zkc_section CHANGING[] = {ZKC_COMMITTED, ZKC_PRIVATE, ZKC_H};
    (void)state;
    for (int i = 0; i < 3; i++)
        for (int last = 0; last < 2; last++) {
            loaded l = load(in_folder("t3"));
            size_t n = l.section_len[CHANGING[i]];
            memcpy(l.section[CHANGING[i]] + (last ? n - 64 : 0), g1_generator(), 64);
            refused(store(&l, "mutated"), "the points of");
            l = load(in_folder("t3")); /* infinity */
            memset(l.section[CHANGING[i]] + (last ? n - 64 : 0), 0, 64);
            refused(store(&l, "mutated"), "the points of");
            l = load(in_folder("t3")); /* off the curve */
            l.section[CHANGING[i]][last ? n - 1 - 32 : 0] ^= 1;
            refused(store(&l, "mutated"), "no point of its group");
        }
    for (int i = 0; i < 2; i++) { /* off the curve, before the first contribution */
        loaded l = load(in_folder("t0"));
        l.section[i == 0 ? ZKC_IC : ZKC_A][0] ^= 1;
        refused(store(&l, "mutated"), "no point of its group");
    }
}

/* Who begins a ceremony on a false initial state: honest contributions do not make it true. */
static void ceremony__false_beginnings(void **state) {
    enum { ALPHA_AT = 32 + 64 + 4 * 4 + 2 * 8, BLIND_AT = ALPHA_AT + 64 + 64 + 128 };
    static const struct {
        zkc_section section;
        size_t at; /* of a point */
        const char *why;
    } PLACES[] = {{ZKC_IC, 64, "the points of the wires"},
                  {ZKC_A, 64, "the points of A"},
                  {ZKC_B2, 128, "the points of B"},
                  {ZKC_COMMITTED, 0, "the points of the wires"},
                  {ZKC_PRIVATE, 0, "the points of the wires"},
                  {ZKC_H, 64, "the points of the quotient"},
                  {ZKC_HEADER, ALPHA_AT, "alpha and beta"},
                  {ZKC_HEADER, ALPHA_AT + 64, "alpha and beta"},
                  {ZKC_HEADER, ALPHA_AT + 128, "alpha and beta"},
                  {ZKC_HEADER, BLIND_AT, "the points of A"}};
    (void)state;
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++) {
        loaded l = load(in_folder("t0"));
        uint8_t *at = l.section[PLACES[i].section] + PLACES[i].at;
        if (PLACES[i].section == ZKC_B2)
            memcpy(at, g2_generator(), 128);
        else if (PLACES[i].section != ZKC_HEADER)
            memcpy(at, g1_generator(), 64);
        else if (PLACES[i].at == ALPHA_AT + 128)
            g2_to_bytes(at, g2_generator());
        else
            g1_to_bytes(at, g1_generator());
        const char *path = store(&l, "false0");
        refused(path, PLACES[i].why);
        contribute("honest", path, in_folder("false1"));
        refused(in_folder("false1"), PLACES[i].why);
    }
    /* A wire left out of a list, or another one in its place. */
    loaded l = load(in_folder("t0"));
    l.section[ZKC_A_INDEX][l.section_len[ZKC_A_INDEX] - 4] ^= 1;
    refused(store(&l, "false0"), NULL);
    l = load(in_folder("t0")); /* the blinding column's other half */
    g1_to_bytes(l.section[ZKC_STATE] + 256, g1_generator());
    refused(store(&l, "false0"), "the points of the wires");
    /* Numbers of the header. */
    for (size_t at = 0; at < ALPHA_AT; at++) {
        zkm_error err;
        l = load(in_folder("t0"));
        l.section[ZKC_HEADER][at] ^= 1;
        assert_int_not_equal(check(&err, store(&l, "false0")), ZKM_OK);
    }
}

/* Errors of A or B that K agrees with (delta and delta1 are 1), or that an error of K cancels. */
static void ceremony__errors_that_cancel(void **state) {
    ptau powers = open_ptau(ptau_path);
    g1_affine alpha, beta;
    (void)state;
    ptau_copy(&powers, PTAU_ALPHA1, 0, 1, &alpha);
    ptau_copy(&powers, PTAU_BETA1, 0, 1, &beta);
    ptau_close(&powers);
    for (int less = 0; less < 2; less++) {
        loaded l = load(in_folder("t0"));
        add_to_point(l.section[ZKC_A], g1_generator(), false);
        add_to_wire(&l, ZKC_A_INDEX, &beta, false);
        if (less)
            add_to_wire(&l, ZKC_A_INDEX, g1_generator(), true);
        refused(store(&l, "cancelled"), "the points of A");
    }
    loaded l = load(in_folder("t0"));
    put_another_point(l.section[ZKC_B2], true);
    add_to_wire(&l, ZKC_B_INDEX, &alpha, false);
    refused(store(&l, "cancelled"), "the points of B");
    l = load(in_folder("t0")); /* two points of one section */
    add_to_point(l.section[ZKC_PRIVATE], g1_generator(), false);
    add_to_point(l.section[ZKC_PRIVATE] + 64, g1_generator(), true);
    refused(store(&l, "cancelled"), "the points of the wires");
}

/* Headers that contribute, which has no circuit to compare with, must refuse by itself. */
static void ceremony__headers_that_cannot_be(void **state) {
    enum { POWER_AT = 96, PUBLIC_AT = 100, COMMITTED_AT = 104, WIRES_AT = 108, ROWS_AT = 112 };
    enum { DOMAIN_AT = 120, ALPHA_AT = 128 };
    static const char WIRES[] = "its numbers of wires cannot be";
    static const struct {
        size_t at;
        uint32_t value; /* ALPHA_AT and on: of a byte, where no point is any more */
        const char *why;
    } CASES[] = {{POWER_AT, 0, "its domain or its number of rows"},
                 {POWER_AT, PTAU_MAX_POWER + 1, "its domain or its number of rows"},
                 {POWER_AT, 0xffffffff, "its domain or its number of rows"},
                 {PUBLIC_AT, 3, WIRES},
                 {PUBLIC_AT, 0xffffffff, WIRES},
                 {COMMITTED_AT, 0xffffffff, WIRES},
                 {WIRES_AT, 2, WIRES},
                 {WIRES_AT, 0xffffffff, "another length"},
                 {COMMITTED_AT, 1, "another length"},
                 {ROWS_AT, 0, "its domain or its number of rows"},
                 {ROWS_AT, 18, "its domain or its number of rows"},
                 {ROWS_AT, 0xffffffff, "its domain or its number of rows"},
                 {ROWS_AT + 4, 1, "its domain or its number of rows"},
                 {DOMAIN_AT, 0, "its domain or its number of rows"},
                 {DOMAIN_AT, 17, "its domain or its number of rows"},
                 {DOMAIN_AT, 20, "its domain or its number of rows"},
                 {DOMAIN_AT, 1u << 28, "its domain or its number of rows"},
                 {DOMAIN_AT + 4, 1, "its domain or its number of rows"},
                 {ALPHA_AT, 0xff, "a point of its header"},
                 {ALPHA_AT + 64, 0xff, "a point of its header"},
                 {ALPHA_AT + 128, 0xff, "a point of its header"},
                 {ALPHA_AT + 256, 0xff, "a point of its header"}};
    zkm_error err;
    zkc z;
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        loaded l = load(in_folder("t0"));
        if (CASES[i].at < ALPHA_AT)
            put_u32(l.section[ZKC_HEADER] + CASES[i].at, CASES[i].value);
        else
            l.section[ZKC_HEADER][CASES[i].at] = (uint8_t)CASES[i].value;
        toy_fails(zkc_open_bytes(&err, &z, l.bytes, l.len, NULL, NULL), ZKM_ERR_FORMAT, &err);
        if (!strstr(err.message, CASES[i].why))
            fail_msg("refused for another reason than \"%s\": %s", CASES[i].why, err.message);
        free(l.bytes);
    }
    /* a plain one with too many public wires */
    loaded l = load(in_folder("t0"));
    put_u32(l.section[ZKC_HEADER] + COMMITTED_AT, 0);
    put_u32(l.section[ZKC_HEADER] + PUBLIC_AT, GROTH16_MAX_PUBLIC + 1);
    put_u32(l.section[ZKC_HEADER] + WIRES_AT, 0xffffffff);
    toy_fails(zkc_open_bytes(&err, &z, l.bytes, l.len, NULL, NULL), ZKM_ERR_FORMAT, &err);
    assert_non_null(strstr(err.message, WIRES));
    free(l.bytes);
    /* one row less: a header that can be, of another system */
    l = load(in_folder("t0"));
    put_u32(l.section[ZKC_HEADER] + ROWS_AT, 15);
    toy_ok(zkc_open_bytes(&err, &z, l.bytes, l.len, NULL, NULL), &err);
    toy_fails(check(&err, store(&l, "mutated")), ZKM_ERR_MISMATCH, &err);
    /* the last two wires of a list exchanged, repeated, or none */
    for (int s = ZKC_A_INDEX; s <= ZKC_B_INDEX; s += ZKC_B_INDEX - ZKC_A_INDEX)
        for (int i = 0; i < 3; i++) {
            l = load(in_folder("t0"));
            uint8_t *last = l.section[s] + l.section_len[s] - 4, room[4];
            memcpy(room, last, 4);
            if (i < 2)
                memcpy(last, last - 4, 4);
            if (i == 0)
                memcpy(last - 4, room, 4);
            if (i == 2)
                put_u32(last, small.cs->num_wires);
            toy_fails(zkc_open_bytes(&err, &z, l.bytes, l.len, NULL, NULL), ZKM_ERR_FORMAT, &err);
            assert_non_null(strstr(err.message, "does not ascend"));
            free(l.bytes);
        }
}

/* A byte more, an element more or less than the header says. */
static void ceremony__sections_of_other_lengths(void **state) {
    zkm_error err;
    zkc z;
    size_t len;
    (void)state;
    for (uint32_t s = 1; s < ZKC_END; s++) {
        loaded l = load(in_folder("t0"));
        size_t n = l.section_len[s], element = s < ZKC_IC ? 64 : zkc_element_bytes((zkc_section)s);
        const size_t lengths[] = {n + 1, n + element, n - element};
        uint8_t *content = calloc(n + element, 1);
        assert_non_null(content);
        memcpy(content, l.section[s], n);
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
            if (lengths[i] > n + element) /* the list of no contributions is shorter than a point */
                continue;
            const char *path = with_section(in_folder("t0"), (zkc_section)s, content, lengths[i]);
            toy_fails(zkc_open(&err, &z, path, NULL, NULL), ZKM_ERR_FORMAT, &err);
        }
        free(content);
        free(l.bytes);
    }
    /* one section more, of nothing */
    uint8_t *bytes = toy_read(in_folder("t0"), &len), *more = calloc(len + 12, 1);
    assert_non_null(more);
    memcpy(more, bytes, len);
    put_u32(more + 8, ZKC_SECTIONS + 1);
    put_u32(more + len, ZKC_END);
    toy_fails(zkc_open_bytes(&err, &z, more, len + 12, NULL, NULL), ZKM_ERR_FORMAT, &err);
    assert_non_null(strstr(err.message, "another number of sections"));
    free(bytes);
    free(more);
}

/* While delta and delta1 are 1 all groups of wires hold the same points: a wire that changes its
 * group, or one more that is nothing, must be told by the numbers alone. */
static void ceremony__wires_of_another_group(void **state) {
    enum { PUBLIC_AT = 100, COMMITTED_AT = 104, WIRES_AT = 108 };
    zkm_error err;
    toy plain;
    (void)state;
    toy_system(&plain, 9, 2);
    init(&plain, ptau_path, in_folder("plain"));
    for (int i = 0; i < 3; i++) {
        /* public from private in a plain system, committed from private, a wire of none */
        static const zkc_section TO[] = {ZKC_IC, ZKC_COMMITTED, ZKC_PRIVATE};
        static const size_t AT[] = {PUBLIC_AT, COMMITTED_AT, WIRES_AT};
        static const uint8_t none[64];
        loaded l = load(i == 0 ? in_folder("plain") : in_folder("t0"));
        const uint8_t *moved = i == 2 ? none : l.section[ZKC_PRIVATE];
        size_t n = l.section_len[TO[i]];
        uint8_t *longer = malloc(n + 64);
        assert_non_null(longer);
        memcpy(longer, l.section[TO[i]], n);
        memcpy(longer + n, moved, 64);
        l.section[TO[i]] = longer;
        l.section_len[TO[i]] = n + 64;
        if (i < 2) {
            l.section[ZKC_PRIVATE] += 64;
            l.section_len[ZKC_PRIVATE] -= 64;
        }
        l.section[ZKC_HEADER][AT[i]]++; /* fewer than 255 of each */
        const char *path = store_sections(&l, "grouped");
        free(longer);
        toy_fails(verify(&err, i == 0 ? &plain : &small, ptau_path, path), ZKM_ERR_MISMATCH, &err);
        assert_non_null(strstr(err.message, "another constraint system"));
    }
    toy_free(&plain);
}

/* The transcript begins with everything that no contribution changes: proofs of knowledge do not
 * hold on another circuit, other powers or other points. */
static void ceremony__contributions_are_bound_to_what_stays(void **state) {
    enum { PTAU_AT = 32, BLIND_AT = 128 + 64 + 64 + 128 };
    static const struct {
        zkc_section section;
        size_t at;
        char what; /* 'b' a byte, '1' or '2' a point, 'c' one in canonical form */
    } PLACES[] = {{ZKC_HEADER, 0, 'b'},
                  {ZKC_HEADER, PTAU_AT, 'b'},
                  {ZKC_HEADER, PTAU_AT + 63, 'b'},
                  {ZKC_HEADER, BLIND_AT, 'c'},
                  {ZKC_IC, 0, '1'},
                  {ZKC_IC, 128, '1'},
                  {ZKC_A, 0, '1'},
                  {ZKC_B2, 0, '2'}};
    zkm_error err;
    zkc z;
    (void)state;
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++) {
        loaded l = load(in_folder("t3"));
        uint8_t *at = l.section[PLACES[i].section] + PLACES[i].at;
        if (PLACES[i].what == 'b')
            *at ^= 1;
        else if (PLACES[i].what == 'c')
            g1_to_bytes(at, g1_generator());
        else
            put_another_point(at, PLACES[i].what == '2');
        toy_fails(zkc_open_bytes(&err, &z, l.bytes, l.len, NULL, NULL), ZKM_REJECTED, &err);
        assert_non_null(strstr(err.message, "contribution 1: a proof of knowledge"));
        free(l.bytes);
    }
    /* Which wires the points of B are of: another one where the list has a gap. */
    loaded l = load(in_folder("t3"));
    uint8_t *list = l.section[ZKC_B_INDEX]; /* fewer than 256 wires */
    size_t last = l.section_len[ZKC_B_INDEX] / 4 - 1, i = 0;
    while (i < last && list[4 * i] + 1 == list[4 * (i + 1)])
        i++;
    list[4 * i]++;
    toy_fails(zkc_open_bytes(&err, &z, l.bytes, l.len, NULL, NULL), ZKM_REJECTED, &err);
    assert_non_null(strstr(err.message, "contribution 1: a proof of knowledge"));
    free(l.bytes);
}

static void ceremony__of_another_circuit_or_other_powers(void **state) {
    zkm_error err;
    toy other;
    (void)state;
    toy_system(&other, 5, 0);
    toy_fails(verify(&err, &other, ptau_path, in_folder("t3")), ZKM_ERR_MISMATCH, &err);
    memcpy(other.circuit_digest, small.circuit_digest, 32); /* the digest alone is not believed */
    toy_fails(verify(&err, &other, ptau_path, in_folder("t3")), ZKM_ERR_MISMATCH, &err);
    toy_free(&other);
    make_ptau(in_folder("other.ptau"), POWER);
    toy_fails(verify(&err, &small, in_folder("other.ptau"), in_folder("t3")), ZKM_ERR_MISMATCH,
              &err);
}

static void no_keys(const char *path) {
    zkm_error err;
    ceremony_summary s;
    groth16_vk *vk = NULL;
    ptau p = open_ptau(ptau_path);
    toy_fails(ceremony_finalize(&err, &s, &vk, small.cs, small.circuit_digest, &p, path,
                                in_folder("pk"), &OPTIONS),
              ZKM_ERR_ARGUMENT, &err);
    assert_non_null(strstr(err.message, "no participant"));
    assert_int_not_equal(access(in_folder("pk"), F_OK), 0);
    toy_ok(ceremony_verify(&err, &s, &vk, small.cs, small.circuit_digest, &p, path, NULL, NULL,
                           &OPTIONS),
           &err);
    assert_null(vk);
    assert_int_equal(s.state.participants, 0);
    ptau_close(&p);
}

static void ceremony__keys_need_a_participant(void **state) {
    (void)state;
    no_keys(in_folder("t0"));
    beacon(in_folder("t0"), in_folder("beacon1")); /* whose secrets everybody computes */
    no_keys(in_folder("beacon1"));
    beacon(in_folder("beacon1"), in_folder("beacon2"));
    no_keys(in_folder("beacon2"));
}

/* ------------------------------------------------------------------ damage */

/* The first n bytes, with nothing readable behind them. */
static void refused_beginning(const uint8_t *bytes, size_t n, bool is_ptau) {
    zkm_error err;
    zkc z;
    ptau p;
    uint8_t *copy = malloc(n ? n : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, n);
    toy_fails(is_ptau ? ptau_open_bytes(&err, &p, copy, n)
                      : zkc_open_bytes(&err, &z, copy, n, NULL, NULL),
              ZKM_ERR_FORMAT, &err);
    free(copy);
}

/* Around the head and the content of each section. */
static void files__cut_at_every_section(void **state) {
    static const char PREPARED[] = ZKM_SOURCE_DIR "/tests/vectors/snarkjs/powers_prepared.ptau";
    const char *const paths[] = {in_folder("t3"), in_folder("t0"), ptau_path, PREPARED};
    enum { HEAD = 12 };
    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        zkm_error err;
        iden3_file file;
        size_t len;
        uint8_t *bytes = toy_read(paths[i], &len);
        bool is_ptau = memcmp(bytes, "ptau", 4) == 0;
        toy_ok(iden3_open(&err, &file, "test", is_ptau ? "ptau" : "zkmc", 1, bytes, len), &err);
        for (uint32_t s = 0; s < file.num_sections; s++) {
            size_t begin = (size_t)(file.section[s].data - bytes),
                   end = begin + file.section[s].len;
            const size_t cuts[] = {begin - HEAD - 1, begin - HEAD, begin - HEAD + 1,
                                   begin - 1,        begin,        begin + 1,
                                   end - 1,          end};
            for (size_t c = 0; c < sizeof cuts / sizeof *cuts; c++)
                if (cuts[c] < len)
                    refused_beginning(bytes, cuts[c], is_ptau);
        }
        free(bytes);
    }
}

static void ceremony__truncated_and_flipped_files(void **state) {
    zkm_error err;
    ceremony_summary s;
    size_t len;
    uint8_t *bytes = toy_read(in_folder("t3"), &len);
    (void)state;
    for (size_t n = 0; n < len; n += 1 + n / 7) {
        toy_write(in_folder("damaged"), bytes, n);
        toy_fails(check(&err, in_folder("damaged")), ZKM_ERR_FORMAT, &err);
        contribution c = participant("x");
        assert_int_not_equal(ceremony_contribute(&err, &s, &c, in_folder("damaged"),
                                                 in_folder("out"), NULL, 0, &OPTIONS),
                             ZKM_OK);
    }
    flipped_bits_are_refused(bytes, len, 150, check);
    free(bytes);
    assert_int_not_equal(access(in_folder("out"), F_OK), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ceremony__keys_prove_on_every_kind_of_domain),
        cmocka_unit_test(ceremony__on_powers_of_snarkjs),
        cmocka_unit_test(ceremony__prepared_bases_that_lie),
        cmocka_unit_test(ceremony__every_field_of_every_contribution_is_bound),
        cmocka_unit_test(ceremony__points_of_contributions_exchanged),
        cmocka_unit_test(ceremony__beacon_is_recomputed),
        cmocka_unit_test(ceremony__lists_reordered_shortened_or_repeated),
        cmocka_unit_test(ceremony__parts_divided_by_something_else),
        cmocka_unit_test(ceremony__strangers_to_g2),
        cmocka_unit_test(ceremony__single_points_replaced),
        cmocka_unit_test(ceremony__false_beginnings),
        cmocka_unit_test(ceremony__errors_that_cancel),
        cmocka_unit_test(ceremony__headers_that_cannot_be),
        cmocka_unit_test(ceremony__sections_of_other_lengths),
        cmocka_unit_test(ceremony__wires_of_another_group),
        cmocka_unit_test(ceremony__contributions_are_bound_to_what_stays),
        cmocka_unit_test(ceremony__of_another_circuit_or_other_powers),
        cmocka_unit_test(ceremony__keys_need_a_participant),
        cmocka_unit_test(files__cut_at_every_section),
        cmocka_unit_test(ceremony__truncated_and_flipped_files),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
