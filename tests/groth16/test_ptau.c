/* Powers of tau: shapes, series and contributions that are none, and who may add to them. */
#include "groth16/ceremony_toy.h"

#include "groth16/lagrange.h"

static const struct {
    ptau_series series;
    size_t index;
} POWERS_AT[] = {{PTAU_TAU1, 0},    {PTAU_TAU1, 1},  {PTAU_TAU1, 126}, {PTAU_ALPHA1, 0},
                 {PTAU_ALPHA1, 63}, {PTAU_BETA1, 0}, {PTAU_BETA1, 63}, {PTAU_TAU2, 0},
                 {PTAU_TAU2, 1},    {PTAU_TAU2, 63}};

/* Where an element of a series, or beta in G2 (series PTAU_SERIES), lies in the file. */
static size_t place(const uint8_t *bytes, size_t len, ptau_series series, size_t index) {
    zkm_error err;
    ptau p;
    byte_reader beta;
    toy_ok(ptau_open_bytes(&err, &p, bytes, len), &err);
    if (series == PTAU_SERIES) {
        toy_ok(iden3_section(&err, &beta, &p.sections, 6), &err);
        return (size_t)(beta.data - bytes);
    }
    return (size_t)(p.series[series].data - bytes) + index * (series == PTAU_TAU2 ? 128 : 64);
}

static zkm_status check_bytes(zkm_error *err, const uint8_t *bytes, size_t len) {
    ptau p;
    zkm_status status = ptau_open_bytes(err, &p, bytes, len);
    return status == ZKM_OK ? ptau_check(err, &p, 0, 2, NULL) : status;
}

typedef struct {
    fr tau, alpha, beta;
} ptau_secrets;

static void put_g1_multiple(uint8_t *at, const fr *k) {
    g1 q;
    g1_affine p;
    g1_from_affine(&q, g1_generator());
    g1_mul(&q, &q, k);
    g1_to_affine(&p, &q);
    memcpy(at, &p, sizeof p);
}

static void put_g2_multiple(uint8_t *at, const fr *k) {
    g2_affine p = *g2_generator();
    multiply_g2(&p, k);
    memcpy(at, &p, sizeof p);
}

/* Every element of a series replaced: factor times the first values, one for each. */
static void put_series(uint8_t *bytes, size_t len, ptau_series s, const fr *values,
                       const fr *factor) {
    zkm_error err;
    ptau p;
    toy_ok(ptau_open_bytes(&err, &p, bytes, len), &err);
    for (size_t i = 0; i < ptau_count(&p, s); i++) {
        uint8_t *at = bytes + place(bytes, len, s, i);
        fr k;
        fr_mul(&k, factor, &values[i]);
        if (s == PTAU_TAU2)
            put_g2_multiple(at, &k);
        else
            put_g1_multiple(at, &k);
    }
}

enum { RAW_ELEMENTS = 32, RAW_ALL = 2 * RAW_ELEMENTS - 1 };

/* A file of snarkjs's, every power in it replaced: in G1 those of tau by `in_g1`, of alpha and beta
 * by the multiples of `in_g2`, which also replace those in G2. */
static uint8_t *series_of(const ptau_secrets *k, const fr *in_g1, const fr *in_g2, size_t *len) {
    static const char RAW[] = ZKM_SOURCE_DIR "/tests/vectors/snarkjs/powers.ptau";
    uint8_t *bytes = toy_read(RAW, len);
    fr one;
    fr_set_one(&one);
    put_series(bytes, *len, PTAU_TAU1, in_g1, &one);
    put_series(bytes, *len, PTAU_TAU2, in_g2, &one);
    put_series(bytes, *len, PTAU_ALPHA1, in_g2, &k->alpha);
    put_series(bytes, *len, PTAU_BETA1, in_g2, &k->beta);
    put_g2_multiple(bytes + place(bytes, *len, PTAU_SERIES, 0), &k->beta);
    return bytes;
}

static void geometric(fr *out, size_t n, const fr *first, const fr *ratio) {
    out[0] = *first;
    for (size_t i = 1; i < n; i++)
        fr_mul(&out[i], &out[i - 1], ratio);
}

static uint8_t *powers_of(const ptau_secrets *k, size_t *len) {
    fr powers[RAW_ALL], one;
    fr_set_one(&one);
    geometric(powers, RAW_ALL, &one, &k->tau);
    return series_of(k, powers, powers, len);
}

static void refused_powers(uint8_t *bytes, size_t len, const char *why) {
    zkm_error err;
    toy_fails(check_bytes(&err, bytes, len), ZKM_REJECTED, &err);
    if (!strstr(err.message, why))
        fail_msg("refused for another reason than \"%s\": %s", why, err.message);
    free(bytes);
}

static ptau_secrets draw_powers(void) {
    zkm_error err;
    fr k[3];
    toy_ok(contribution_draw(&err, k, 3, NULL, 0), &err);
    return (ptau_secrets){k[0], k[1], k[2]};
}

static void ptau__powers_that_are_none(void **state) {
    zkm_error err;
    size_t len;
    uint8_t *bytes = toy_read(ptau_path, &len), room[128];
    (void)state;
    toy_ok(check_bytes(&err, bytes, len), &err);
    for (size_t i = 0; i < sizeof POWERS_AT / sizeof *POWERS_AT; i++) {
        bool in_g2 = POWERS_AT[i].series == PTAU_TAU2;
        size_t at = place(bytes, len, POWERS_AT[i].series, POWERS_AT[i].index);
        size_t size = in_g2 ? 128 : 64;
        memcpy(room, bytes + at, size);
        /* the negative: another point of the group */
        if (in_g2) {
            g2_affine p;
            memcpy(&p, room, size);
            g2_affine_neg(&p, &p);
            memcpy(bytes + at, &p, size);
        } else {
            g1_affine p;
            memcpy(&p, room, size);
            g1_affine_neg(&p, &p);
            memcpy(bytes + at, &p, size);
        }
        toy_fails(check_bytes(&err, bytes, len), ZKM_REJECTED, &err);
        memset(bytes + at, 0, size);
        toy_fails(check_bytes(&err, bytes, len), ZKM_REJECTED, &err);
        memset(bytes + at, 0xff, size);
        toy_fails(check_bytes(&err, bytes, len), ZKM_REJECTED, &err);
        assert_non_null(strstr(err.message, "point"));
        memcpy(bytes + at, room, size);
    }
    memcpy(bytes + place(bytes, len, PTAU_SERIES, 0), g2_generator(), 128);
    toy_fails(check_bytes(&err, bytes, len), ZKM_REJECTED, &err);
    free(bytes);
    /* alpha = 0: every ratio is right */
    const ptau_secrets good = draw_powers();
    bytes = powers_of(&good, &len);
    memset(bytes + place(bytes, len, PTAU_ALPHA1, 0), 0, 32 * 64);
    refused_powers(bytes, len, "infinity");
}

/* A file of the prepared vector's sections, that of `type` with n bytes of `content`. */
static uint8_t *ptau_with(uint32_t type, const uint8_t *content, size_t n, size_t *len) {
    zkm_error err;
    size_t old_len;
    iden3_file file;
    byte_writer w = writer_init();
    uint8_t *old = toy_read(ZKM_SOURCE_DIR "/tests/vectors/snarkjs/powers_prepared.ptau", &old_len);
    toy_ok(iden3_open(&err, &file, "test", "ptau", 1, old, old_len), &err);
    writer_bytes(&w, old, 12);
    for (uint32_t s = 0; s < file.num_sections; s++) {
        bool here = file.type[s] == type;
        size_t bytes = here ? n : file.section[s].len;
        writer_u32_le(&w, file.type[s]);
        writer_u64_le(&w, bytes);
        writer_bytes(&w, here ? content : file.section[s].data, bytes);
    }
    free(old);
    *len = w.len;
    return w.data;
}

static void refused_shape(uint32_t type, const uint8_t *content, size_t n, zkm_status status,
                          const char *why) {
    zkm_error err;
    ptau p;
    size_t len;
    uint8_t *bytes = ptau_with(type, content, n, &len);
    toy_fails(ptau_open_bytes(&err, &p, bytes, len), status, &err);
    if (!strstr(err.message, why))
        fail_msg("refused for another reason than \"%s\": %s", why, err.message);
    free(bytes);
}

/* What opening a file refuses, before any power is looked at. */
static void ptau__shapes_that_are_none(void **state) {
    enum { POWER_AT = 36, LARGEST = 1 << 16 };
    static const uint32_t LISTS[] = {1, 2, 3, 4, 5, 6, 12, 13, 14, 15};
    static const char PREPARED[] = ZKM_SOURCE_DIR "/tests/vectors/snarkjs/powers_prepared.ptau";
    zkm_error err;
    iden3_file file;
    byte_reader r;
    g2_affine stranger;
    size_t len;
    uint8_t *bytes = toy_read(PREPARED, &len), *room = calloc(LARGEST, 1);
    (void)state;
    assert_non_null(room);
    toy_ok(iden3_open(&err, &file, "test", "ptau", 1, bytes, len), &err);
    for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS; i++) {
        toy_ok(iden3_section(&err, &r, &file, LISTS[i]), &err);
        assert_true(r.len + 128 <= LARGEST);
        memset(room, 0, LARGEST);
        memcpy(room, r.data, r.len);
        refused_shape(LISTS[i], room, r.len + 1, ZKM_ERR_FORMAT, "another length");
        refused_shape(LISTS[i], room, r.len + 128, ZKM_ERR_FORMAT, "another length");
        refused_shape(LISTS[i], room, r.len - 4, ZKM_ERR_FORMAT, "another length");
    }
    toy_ok(iden3_section(&err, &r, &file, 1), &err);
    memcpy(room, r.data, r.len);
    put_u32(room + POWER_AT, 0);
    refused_shape(1, room, r.len, ZKM_ERR_UNSUPPORTED, "power 0; 1 to 28");
    put_u32(room + POWER_AT, 29);
    refused_shape(1, room, r.len, ZKM_ERR_UNSUPPORTED, "power 29; 1 to 28");
    memset(room, 0, sizeof stranger);
    refused_shape(6, room, sizeof stranger, ZKM_ERR_FORMAT, "beta in G2 is not a point");
    toy_stranger(&stranger);
    memcpy(room, &stranger, sizeof stranger);
    refused_shape(6, room, sizeof stranger, ZKM_ERR_FORMAT, "beta in G2 is not a point");
    free(room);
    free(bytes);
}

/* A whole series replaced by that of another ceremony: powers, but not of this tau. */
static void ptau__series_of_another_tau(void **state) {
    zkm_error err;
    size_t len, other_len;
    make_ptau(in_folder("other.ptau"), POWER);
    uint8_t *bytes = toy_read(ptau_path, &len);
    uint8_t *other = toy_read(in_folder("other.ptau"), &other_len);
    (void)state;
    assert_int_equal(len, other_len);
    for (int s = 0; s < PTAU_SERIES; s++) {
        size_t n = s == PTAU_TAU1 ? 127 * 64 : s == PTAU_TAU2 ? 64 * 128 : 64 * 64;
        size_t at = place(bytes, len, (ptau_series)s, 0);
        uint8_t *copy = malloc(len);
        assert_non_null(copy);
        memcpy(copy, bytes, len);
        memcpy(copy + at, other + at, n);
        toy_fails(check_bytes(&err, copy, len), ZKM_REJECTED, &err);
        free(copy);
    }
    free(bytes);
    free(other);
}

static void ptau__without_a_contribution(void **state) {
    zkm_error err;
    ptau p;
    (void)state;
    toy_ok(ptau_new(&err, in_folder("none.ptau"), POWER), &err);
    toy_ok(ptau_open(&err, &p, in_folder("none.ptau")), &err);
    toy_fails(ptau_check(&err, &p, 0, 2, NULL), ZKM_REJECTED, &err);
    ptau_close(&p);
}

static void ptau__contributions_lead_to_the_powers(void **state) {
    zkm_error err;
    size_t len;
    ptau p = open_ptau(ptau_path);
    ceremony_state s;
    contribution c = participant("second");
    (void)state;
    toy_ok(ptau_contribute(&err, &s, &c, &p, in_folder("second.ptau"), NULL, 0, 2, NULL), &err);
    assert_int_equal(s.count, 2);
    ptau_close(&p);
    uint8_t *bytes = toy_read(in_folder("second.ptau"), &len);
    toy_ok(check_bytes(&err, bytes, len), &err);
    free(bytes);
    /* Those of another file, with the same name and number. */
    size_t other_len, list = contribution_bytes(3);
    uint8_t *own = toy_read(ptau_path, &len), *other;
    make_ptau(in_folder("other.ptau"), POWER);
    other = toy_read(in_folder("other.ptau"), &other_len);
    assert_int_equal(len, other_len);
    memcpy(own + len - list, other + len - list, list);
    free(other);
    refused_powers(own, len, "its powers are not those that its contributions lead to");
    bytes = toy_read(in_folder("second.ptau"), &len);
    /* The last section is the list: mutate each byte of the last contribution's frame and links. */
    for (size_t at = len - contribution_bytes(3); at < len; at += 13) {
        bytes[at] ^= 1;
        assert_int_not_equal(check_bytes(&err, bytes, len), ZKM_OK);
        bytes[at] ^= 1;
    }
    for (size_t n = 0; n < len; n += 1 + n / 5)
        toy_fails(check_bytes(&err, bytes, n), ZKM_ERR_FORMAT, &err);
    free(bytes);
}

/* Every power that keys over a domain are made of is checked, the last one of the quotient too: who
 * could choose [tau^(2n-1)] would forge. */
static void ptau__every_power_that_a_domain_uses(void **state) {
    enum { DOMAIN = 18 }; /* of `small` */
    zkm_error err;
    ceremony_summary summary;
    size_t len;
    uint8_t *bytes = toy_read(ptau_path, &len), room[128];
    (void)state;
    for (int s = 0; s < PTAU_SERIES; s++) {
        size_t uses = s == PTAU_TAU1 ? 2 * DOMAIN : DOMAIN;
        for (size_t i = 0; i <= uses; i++) {
            ptau p;
            uint8_t *at = bytes + place(bytes, len, (ptau_series)s, i);
            memcpy(room, at, sizeof room);
            put_another_point(at, s == PTAU_TAU2);
            toy_ok(ptau_open_bytes(&err, &p, bytes, len), &err);
            if (ptau_check(&err, &p, DOMAIN, 2, NULL) != (i < uses ? ZKM_REJECTED : ZKM_OK))
                fail_msg("series %d, power %zu", s, i);
            toy_fails(ptau_check(&err, &p, 0, 2, NULL), ZKM_REJECTED, &err);
            if (s == PTAU_TAU1 && i == uses - 1) {
                toy_write(in_folder("wrong.ptau"), bytes, len);
                p = open_ptau(in_folder("wrong.ptau"));
                toy_fails(ceremony_init(&err, &summary, small.cs, small.circuit_digest, &p,
                                        in_folder("wrong"), &OPTIONS),
                          ZKM_REJECTED, &err);
                assert_int_not_equal(access(in_folder("wrong"), F_OK), 0);
                ptau_close(&p);
            }
            memcpy(at, room, sizeof room);
        }
    }
    free(bytes);
}

static void ptau__secrets_that_are_none(void **state) {
    static const char SAME[] = "two are the same or opposite";
    zkm_error err;
    size_t len;
    ptau_secrets good = draw_powers(), k;
    fr one;
    (void)state;
    uint8_t *bytes = powers_of(&good, &len);
    toy_ok(check_bytes(&err, bytes, len), &err);
    free(bytes);
    fr_set_one(&one);
    for (int sign = 0; sign < 2; sign++) {
        const fr *others[] = {&one, &good.tau, &good.alpha};
        for (int i = 0; i < 3; i++) {
            k = good;
            k.beta = *others[i];
            if (sign)
                fr_neg(&k.beta, &k.beta);
            refused_powers(powers_of(&k, &len), len, SAME);
            k.alpha = k.beta; /* alpha is 1 or tau */
            k.beta = good.beta;
            if (i < 2)
                refused_powers(powers_of(&k, &len), len, SAME);
        }
        k = good;
        fr_set_i64(&k.tau, sign ? -1 : 1);
        refused_powers(powers_of(&k, &len), len, SAME);
    }
    /* tau^64 = 1, so that 32 Lagrange points of the doubled domain vanish or tau is one of it */
    for (size_t order = 4; order <= 64; order *= 2) {
        k = good;
        subgroup_root(&k.tau, order);
        refused_powers(powers_of(&k, &len), len, "tau lies in the domain");
    }
}

/* m times every power of a series. */
static void multiply_series(uint8_t *bytes, size_t len, ptau_series s, const fr *m) {
    zkm_error err;
    ptau p;
    toy_ok(ptau_open_bytes(&err, &p, bytes, len), &err);
    for (size_t i = 0; i < ptau_count(&p, s); i++) {
        uint8_t *at = bytes + place(bytes, len, s, i);
        if (s == PTAU_TAU2) {
            g2_affine q;
            memcpy(&q, at, sizeof q);
            multiply_g2(&q, m);
            memcpy(at, &q, sizeof q);
        } else {
            scale(at, 1, m);
        }
    }
}

/* Series that are right each by itself. */
static void ptau__series_that_disagree(void **state) {
    static const char APART[] = "it differs between the two groups";
    zkm_error err;
    size_t len;
    ptau_secrets k = draw_powers(), other;
    fr m, inverse;
    (void)state;
    m = draw_powers().tau;
    fr_inv(&inverse, &m);
    uint8_t *bytes = powers_of(&k, &len);
    put_g2_multiple(bytes + place(bytes, len, PTAU_SERIES, 0), &k.alpha);
    refused_powers(bytes, len, APART);
    bytes = powers_of(&k, &len);
    multiply_series(bytes, len, PTAU_BETA1, &m);
    refused_powers(bytes, len, APART);
    bytes = powers_of(&k, &len);
    multiply_series(bytes, len, PTAU_ALPHA1, &m); /* another alpha is as good */
    toy_ok(check_bytes(&err, bytes, len), &err);
    free(bytes);
    /* m tau^i in G1 and (m tau)^i / m in G2: every ratio is that of the other group's element 1 */
    other = k;
    fr_mul(&other.tau, &k.tau, &m);
    bytes = powers_of(&k, &len);
    uint8_t *more = powers_of(&other, &len);
    size_t at = place(bytes, len, PTAU_TAU2, 0);
    memcpy(bytes + at, more + at, 32 * sizeof(g2_affine));
    free(more);
    multiply_series(bytes, len, PTAU_TAU1, &m);
    multiply_series(bytes, len, PTAU_TAU2, &inverse);
    refused_powers(bytes, len, "they do not begin with the generators");
}

/* What all equations but one allow. */
static void ptau__series_that_go_on_otherwise(void **state) {
    const ptau_secrets k = draw_powers();
    fr u[RAW_ALL], v[RAW_ELEMENTS], one;
    size_t len;
    (void)state;
    fr_set_one(&one);
    /* tau, then tau times the powers of another one, which G2 has */
    u[0] = one;
    geometric(&u[1], RAW_ALL - 1, &k.tau, &k.alpha);
    geometric(v, RAW_ELEMENTS, &one, &k.alpha);
    uint8_t *bytes = series_of(&k, u, v, &len);
    refused_powers(bytes, len, "they differ between the two groups");
    /* the same in both groups, no powers; the rest of G1 in proportion */
    for (size_t i = 0; i < RAW_ELEMENTS; i++)
        fr_set_u64(&u[i], 1 + i * i);
    for (size_t i = 0; i < RAW_ELEMENTS; i++)
        fr_mul(&u[RAW_ELEMENTS - 1 + i], &u[RAW_ELEMENTS - 1], &u[i]);
    bytes = series_of(&k, u, u, &len);
    refused_powers(bytes, len, "tau in G1: they are not powers of one tau");
    /* powers, and the rest of G1 begins again with a multiple */
    geometric(u, RAW_ALL, &one, &k.tau);
    for (size_t i = RAW_ELEMENTS + 1; i < RAW_ALL; i++)
        fr_neg(&u[i], &u[i]);
    bytes = series_of(&k, u, u, &len);
    refused_powers(bytes, len, "tau in G1: they are not powers of one tau");
}

/* Two errors that are each other's negative, in two series and in one. */
static void ptau__errors_that_cancel(void **state) {
    static const ptau_series SECOND[] = {PTAU_BETA1, PTAU_ALPHA1};
    (void)state;
    for (int i = 0; i < 2; i++) {
        size_t len;
        uint8_t *bytes = toy_read(ptau_path, &len);
        add_to_point(bytes + place(bytes, len, PTAU_ALPHA1, 5), g1_generator(), false);
        add_to_point(bytes + place(bytes, len, SECOND[i], 5 + (size_t)i), g1_generator(), true);
        refused_powers(bytes, len, "alpha tau in G1: they are not powers of one tau");
    }
}

static void ptau__only_beacons(void **state) {
    zkm_error err;
    ptau p;
    ceremony_state s;
    contribution c = participant("beacon");
    (void)state;
    toy_ok(contribution_beacon(&err, &c, (const uint8_t *)"dice", 4, 10), &err);
    p = open_ptau(in_folder("new.ptau"));
    toy_ok(ptau_contribute(&err, &s, &c, &p, in_folder("beacon.ptau"), NULL, 0, 2, NULL), &err);
    ptau_close(&p);
    p = open_ptau(in_folder("beacon.ptau"));
    toy_fails(ptau_check(&err, &p, 0, 2, NULL), ZKM_REJECTED, &err);
    assert_non_null(strstr(err.message, "no participant"));
    /* with one before or after it is good */
    c = participant("someone");
    toy_ok(ptau_contribute(&err, &s, &c, &p, in_folder("someone.ptau"), NULL, 0, 2, NULL), &err);
    ptau_close(&p);
    p = open_ptau(in_folder("someone.ptau"));
    toy_ok(ptau_check(&err, &p, 0, 2, NULL), &err);
    ptau_close(&p);
}

/* Another program's contributions do not stand in the file as ours do. */
static void ptau_contribute__to_a_foreign_file(void **state) {
    static const char RAW[] = ZKM_SOURCE_DIR "/tests/vectors/snarkjs/powers.ptau";
    zkm_error err;
    ceremony_state s;
    contribution c = participant("x");
    ptau p = open_ptau(RAW);
    (void)state;
    toy_fails(ptau_contribute(&err, &s, &c, &p, in_folder("foreign.ptau"), NULL, 0, 2, NULL),
              ZKM_ERR_UNSUPPORTED, &err);
    assert_int_not_equal(access(in_folder("foreign.ptau"), F_OK), 0);
    ptau_close(&p);
}

/* What is multiplied by a secret lies in its group, or that secret's remainder modulo a small order
 * would be told. */
static void contribute__points_outside_of_their_groups(void **state) {
    static const zkc_section SECTIONS[] = {ZKC_COMMITTED, ZKC_PRIVATE, ZKC_H};
    static const ptau_series SERIES[] = {PTAU_TAU1, PTAU_ALPHA1, PTAU_BETA1, PTAU_TAU2};
    zkm_error err;
    ceremony_summary s;
    ceremony_state state1;
    contribution c = participant("x");
    (void)state;
    for (size_t i = 0; i < sizeof SECTIONS / sizeof *SECTIONS; i++) {
        loaded l = load(in_folder("t1"));
        l.section[SECTIONS[i]][l.section_len[SECTIONS[i]] - 64] ^= 1;
        toy_fails(ceremony_contribute(&err, &s, &c, store(&l, "mutated"), in_folder("out"), NULL, 0,
                                      &OPTIONS),
                  ZKM_REJECTED, &err);
        assert_non_null(strstr(err.message, "not of its group"));
    }
    for (size_t i = 0; i < sizeof SERIES / sizeof *SERIES; i++) {
        size_t len;
        uint8_t *bytes = toy_read(ptau_path, &len);
        ptau p;
        if (SERIES[i] == PTAU_TAU2) {
            g2_affine stranger;
            toy_stranger(&stranger);
            memcpy(bytes + place(bytes, len, SERIES[i], 5), &stranger, sizeof stranger);
        } else {
            bytes[place(bytes, len, SERIES[i], 5)] ^= 1;
        }
        toy_ok(ptau_open_bytes(&err, &p, bytes, len), &err);
        toy_fails(ptau_contribute(&err, &state1, &c, &p, in_folder("out"), NULL, 0, 2, NULL),
                  ZKM_REJECTED, &err);
        assert_non_null(strstr(err.message, "not of its group"));
        free(bytes);
    }
    assert_int_not_equal(access(in_folder("out"), F_OK), 0);
}

static void ptau__too_small_for_the_circuit(void **state) {
    zkm_error err;
    ceremony_summary s;
    toy t;
    ptau p = open_ptau(ptau_path);
    (void)state;
    toy_system(&t, 40, 0);
    toy_fails(ceremony_init(&err, &s, t.cs, t.circuit_digest, &p, in_folder("big"), &OPTIONS),
              ZKM_ERR_RANGE, &err);
    toy_free(&t);
    ptau_close(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contribute__points_outside_of_their_groups),
        cmocka_unit_test(ptau__every_power_that_a_domain_uses),
        cmocka_unit_test(ptau__powers_that_are_none),
        cmocka_unit_test(ptau__shapes_that_are_none),
        cmocka_unit_test(ptau__secrets_that_are_none),
        cmocka_unit_test(ptau__series_that_disagree),
        cmocka_unit_test(ptau__series_that_go_on_otherwise),
        cmocka_unit_test(ptau__errors_that_cancel),
        cmocka_unit_test(ptau__only_beacons),
        cmocka_unit_test(ptau_contribute__to_a_foreign_file),
        cmocka_unit_test(ptau__series_of_another_tau),
        cmocka_unit_test(ptau__without_a_contribution),
        cmocka_unit_test(ptau__contributions_lead_to_the_powers),
        cmocka_unit_test(ptau__too_small_for_the_circuit),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
