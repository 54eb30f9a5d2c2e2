/*
 * A small ceremony, shared by the tests that break it: its powers, its files t0 (initial), t1 and
 * t2 (participants) and t3 (a beacon), and their bytes. Each test program makes its own.
 */
#ifndef TESTS_GROTH16_CEREMONY_TOY_H
#define TESTS_GROTH16_CEREMONY_TOY_H

#include "groth16/section_file.h"

#include "groth16/ceremony_internal.h"
#include "groth16/ptau_make.h"
#include "math/scale.h"

static const ceremony_options OPTIONS = {.threads = 2};
enum { POWER = 6 };

static char ptau_path[64];

static inline contribution participant(const char *name) {
    zkm_error err;
    contribution c = {0};
    toy_ok(contribution_name(&err, &c, name), &err);
    return c;
}

static inline void make_ptau(const char *path, uint32_t power) {
    zkm_error err;
    ptau p = {0};
    ceremony_state state;
    contribution c = participant("first");
    toy_ok(ptau_new(&err, in_folder("new.ptau"), power), &err);
    toy_ok(ptau_open(&err, &p, in_folder("new.ptau")), &err);
    toy_ok(ptau_contribute(&err, &state, &c, &p, path, "more", 4, 2, NULL), &err);
    assert_int_equal(state.count, 1);
    ptau_close(&p);
}

static inline ptau open_ptau(const char *path) {
    zkm_error err;
    ptau p;
    toy_ok(ptau_open(&err, &p, path), &err);
    return p;
}

static inline void init(const toy *t, const char *ptau_file, const char *out) {
    zkm_error err;
    ceremony_summary s;
    ptau p = open_ptau(ptau_file);
    toy_ok(ceremony_init(&err, &s, t->cs, t->circuit_digest, &p, out, &OPTIONS), &err);
    assert_int_equal(s.state.count, 0);
    ptau_close(&p);
}

static inline void contribute(const char *name, const char *in, const char *out) {
    zkm_error err;
    ceremony_summary s;
    contribution c = participant(name);
    toy_ok(ceremony_contribute(&err, &s, &c, in, out, "dice", 4, &OPTIONS), &err);
}

static inline void beacon(const char *in, const char *out) {
    zkm_error err;
    ceremony_summary s;
    contribution c = participant("beacon");
    toy_ok(contribution_beacon(&err, &c, (const uint8_t *)"dice", 4, 10), &err);
    toy_ok(ceremony_contribute(&err, &s, &c, in, out, NULL, 0, &OPTIONS), &err);
}

static inline zkm_status verify(zkm_error *err, const toy *t, const char *ptau_file,
                                const char *path) {
    ceremony_summary s;
    ptau p = open_ptau(ptau_file);
    zkm_status status =
        ceremony_verify(err, &s, NULL, t->cs, t->circuit_digest, &p, path, NULL, NULL, &OPTIONS);
    ptau_close(&p);
    return status;
}

static inline void finalize(toy *t, const char *ptau_file, const char *path) {
    zkm_error err;
    ceremony_summary s;
    ptau p = open_ptau(ptau_file);
    toy_folder(t);
    toy_ok(ceremony_finalize(&err, &s, &t->vk, t->cs, t->circuit_digest, &p, path, t->pk_path,
                             &OPTIONS),
           &err);
    toy_ok(groth16_pk_open(&err, &t->pk, t->pk_path, t->circuit_digest), &err);
    assert_int_equal(t->vk->parts.origin.kind, GROTH16_CEREMONY);
    assert_int_equal(t->vk->parts.origin.contributions, s.state.count);
    assert_memory_equal(t->vk->parts.origin.transcript, s.state.hash, 32);
    assert_memory_equal(&t->pk->header.origin, &t->vk->parts.origin, sizeof t->vk->parts.origin);
    ptau_close(&p);
}

/* t0: initial, t1 and t2: participants, t3: a beacon. */
static toy small;

static inline zkm_status check(zkm_error *err, const char *path) {
    return verify(err, &small, ptau_path, path);
}

static inline void refused(const char *path, const char *why) {
    zkm_error err;
    zkm_status status = check(&err, path);
    if (status != ZKM_REJECTED && status != ZKM_ERR_FORMAT)
        fail_msg("%s instead of a refusal: %s", zkm_status_name(status),
                 status == ZKM_OK ? "accepted" : err.message);
    if (why && !strstr(err.message, why))
        fail_msg("refused for another reason than \"%s\": %s", why, err.message);
}

static inline int begin(void **state) {
    zkm_error err;
    (void)state;
    folder_open();
    strcpy(ptau_path, in_folder("test.ptau"));
    make_ptau(ptau_path, POWER);
    toy_system(&small, 4, 0);
    init(&small, ptau_path, in_folder("t0"));
    contribute("one", in_folder("t0"), in_folder("t1"));
    contribute("two", in_folder("t1"), in_folder("t2"));
    beacon(in_folder("t2"), in_folder("t3"));
    toy_ok(check(&err, in_folder("t3")), &err);
    return 0;
}

static inline int end(void **state) {
    (void)state;
    toy_free(&small);
    return folder_close();
}

static inline void put_u32(uint8_t *at, uint32_t v) {
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(v >> (8 * i));
}

static inline loaded load(const char *path) { return load_sections(path, "zkmc", ZKC_END); }

static inline void scale(void *points, size_t n, const fr *k) {
    void *room = malloc(g1_scale_scratch(2));
    g1_affine *aligned = malloc((n + 1) * sizeof *aligned);
    assert_true(room && aligned);
    memcpy(aligned, points, n * sizeof *aligned);
    g1_scale(aligned, n, k, 2, room);
    memcpy(points, aligned, n * sizeof *aligned);
    free(aligned);
    free(room);
}

static inline void multiply_g2(g2_affine *p, const fr *k) {
    g2 q;
    g2_from_affine(&q, p);
    g2_mul(&q, &q, k);
    g2_to_affine(p, &q);
}

/* The point of G1 at `at`, plus or minus p. */
static inline void add_to_point(uint8_t *at, const g1_affine *p, bool minus) {
    g1 sum, more;
    g1_affine q;
    memcpy(&q, at, sizeof q);
    g1_from_affine(&sum, &q);
    g1_from_affine(&more, p);
    if (minus)
        g1_neg(&more, &more);
    g1_add(&sum, &sum, &more);
    g1_to_affine(&q, &sum);
    memcpy(at, &q, sizeof q);
}

/* K of the first wire that a section lists, plus or minus p. */
static inline void add_to_wire(const loaded *l, zkc_section list, const g1_affine *p, bool minus) {
    const uint32_t i = l->section[list][0], committed = 1 + small.cs->num_public;
    const uint32_t private_ = committed + small.cs->num_committed; /* fewer than 256 wires */
    uint8_t *at = i < committed  ? l->section[ZKC_IC] + 64 * i
                  : i < private_ ? l->section[ZKC_COMMITTED] + 64 * (i - committed)
                                 : l->section[ZKC_PRIVATE] + 64 * (i - private_);
    add_to_point(at, p, minus);
}

/* P + G: another point of the group, and not infinity. */
static inline void put_another_point(uint8_t *at, bool in_g2) {
    if (in_g2) {
        g2_affine p;
        g2 q;
        memcpy(&p, at, sizeof p);
        g2_from_affine(&q, &p);
        g2_add_mixed(&q, &q, g2_generator());
        g2_to_affine(&p, &q);
        memcpy(at, &p, sizeof p);
    } else {
        add_to_point(at, g1_generator(), false);
    }
}

#endif
