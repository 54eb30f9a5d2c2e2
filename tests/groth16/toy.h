/*
 * Small systems to prove with, their keys and proofs, shared by the tests of this folder.
 *
 * The committed one, which may be interleaved with the squares at the odd places, has public c, P;
 * committed x_1 .. x_n and a statement s_0, s_1, s_2; rows 1/(c
 * - x_i), x_i^2, s_0 = sum x_i, s_1 = sum x_i^2, P = s_0 + s_1 c + s_2 c^2. s_2 binds the proof to
 * something outside, nothing else uses it. The plain one has publics y_1 .. y_m, private x_0, x_j =
 * x_{j-1}^2 + j, y_j = x_j but for the last public input, which no other constraint uses.
 */
#ifndef TESTS_GROTH16_TOY_H
#define TESTS_GROTH16_TOY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "groth16/prove.h"
#include "groth16/setup.h"
#include "groth16/verify.h"
#include "math/fft.h"
#include "r1cs/builder.h"

enum { TOY_FIELDS = 3, TOY_MAX_PUBLIC = 16 };

typedef struct {
    char folder[32];
    char pk_path[64];
    r1cs *cs;
    uint8_t circuit_digest[32];
    groth16_vk *vk;
    groth16_pk *pk;
    uint32_t n, x,
        s; /* committed: number of x, first wire of x, of s. plain: number of x, first x */
    fr statement[TOY_MAX_PUBLIC];
    size_t count;
} toy;

static inline void toy_ok(zkm_status status, const zkm_error *err) {
    if (status != ZKM_OK)
        fail_msg("%s: %s", zkm_status_name(status), err->message);
}

/* In messages of failing statuses the place and a remedy are wanted: a sentence with a colon. */
static inline void toy_fails(zkm_status status, zkm_status wanted, const zkm_error *err) {
    if (status != wanted)
        fail_msg("%s instead of %s: %s", zkm_status_name(status), zkm_status_name(wanted),
                 status == ZKM_OK ? "accepted" : err->message);
    assert_int_equal(err->status, wanted);
    assert_non_null(strchr(err->message, ':'));
}

static inline void toy_folder(toy *t) {
    strcpy(t->folder, "test_groth16.XXXXXX");
    assert_non_null(mkdtemp(t->folder));
    snprintf(t->pk_path, sizeof t->pk_path, "%s/pk.zkm", t->folder);
}

static inline void toy_commit_rows(r1cs_builder *b, toy *t) {
    wire_array xs = builder_committed(b, 1, t->n), squares = builder_private(b, 1, t->n);
    wire_array inverses = builder_private(b, 1, t->n);
    builder_rule(b, "body");
    builder_begin(b, "body", t->n, true);
    lc one = lc_of(b, builder_one());
    lc difference = lc_of(b, builder_public(0));
    lc_sub(&difference, wire_at(&xs, 0, 1, 0));
    builder_define_quotient(b, wire_at(&inverses, 0, 1, 0), &difference, &one);
    builder_end(b);
    builder_begin(b, "squares", t->n, true);
    builder_fixed(b);
    lc root = lc_of(b, wire_at(&xs, 0, 1, 0));
    builder_define_product(b, wire_at(&squares, 0, 1, 0), &root, &root);
    builder_end(b);
    builder_begin(b, "statement", 1, true);
    wire_array s = builder_committed(b, TOY_FIELDS, 1);
    lc sum = lc_empty(b), sum2 = lc_empty(b), c = lc_of(b, builder_public(0));
    lc_add_run(&sum, wire_at(&xs, 0, 0, 0), t->n, 1, false);
    lc_sub(&sum, wire_at(&s, 0, 1, 0));
    builder_assert_zero(b, &sum);
    lc_add_run(&sum2, wire_at(&squares, 0, 0, 0), t->n, 1, false);
    lc_sub(&sum2, wire_at(&s, 0, 1, 1));
    builder_assert_zero(b, &sum2);
    lc inner = lc_of(b, wire_at(&s, 0, 1, 2));
    wire folded = builder_product(b, &inner, &c);
    lc outer = lc_of(b, folded);
    lc_add(&outer, wire_at(&s, 0, 1, 1));
    folded = builder_product(b, &outer, &c);
    lc total = lc_of(b, folded);
    lc_add(&total, wire_at(&s, 0, 1, 0));
    lc_sub(&total, builder_public(1));
    builder_assert_zero(b, &total);
    builder_end(b);
    t->x = wire_at(&xs, 0, 0, 0).index;
    t->s = wire_at(&s, 0, 0, 0).index;
}

/* (3 s_0 + 5 s_1 - 7 x_1) (11 s_2 + 2) = y and 13 y = 13 y: coefficients in all three matrices. */
static inline void toy_weighted_rows(r1cs_builder *b, const toy *t) {
    builder_begin(b, "weighted", 1, true);
    const wire x = {t->x, 0}, s[3] = {{t->s, 0}, {t->s + 1, 0}, {t->s + 2, 0}};
    lc left = lc_empty(b), right = lc_empty(b), one = lc_of(b, builder_one()), y = lc_empty(b);
    lc_add_i64(&left, s[0], 3);
    lc_add_i64(&left, s[1], 5);
    lc_add_i64(&left, x, -7);
    lc_add_i64(&right, s[2], 11);
    lc_add_constant_i64(&right, 2);
    lc_add_i64(&y, builder_product(b, &left, &right), 13);
    builder_assert(b, &y, &one, &y);
    builder_end(b);
}

static inline void toy_plain_rows(r1cs_builder *b, toy *t, uint32_t num_public) {
    builder_rule(b, "chain");
    builder_begin(b, "chain", 1, false);
    wire_array xs = builder_private(b, t->n, 1);
    for (uint32_t j = 1; j < t->n; j++) {
        lc last = lc_of(b, wire_at(&xs, 0, 1, j - 1)), next = lc_of(b, wire_at(&xs, 0, 1, j));
        lc_add_constant_i64(&next, -(int64_t)j);
        builder_assert(b, &last, &last, &next);
    }
    for (uint32_t j = 0; j + 1 < num_public; j++) {
        lc same = lc_of(b, wire_at(&xs, 0, 1, j + 1));
        lc_sub(&same, builder_public(j));
        builder_assert_zero(b, &same);
    }
    builder_end(b);
    t->x = wire_at(&xs, 0, 0, 0).index;
}

static inline void toy_record(toy *t, uint32_t n, uint32_t num_public, bool interleaved) {
    zkm_error err;
    r1cs_builder *b = builder_new(num_public ? num_public : 2);
    assert_non_null(b);
    *t = (toy){.n = n, .count = num_public ? num_public : TOY_FIELDS};
    if (num_public)
        toy_plain_rows(b, t, num_public);
    else
        toy_commit_rows(b, t);
    if (interleaved) {
        toy_weighted_rows(b, t);
        builder_interleave(b);
    }
    toy_ok(builder_finish(&err, &t->cs, b), &err);
    t->x = builder_place(b, t->x);
    if (!num_public)
        t->s = builder_place(b, t->s);
    builder_free(b);
    r1cs_digest(t->circuit_digest, t->cs);
}

/* The system only; num_public 0: the committed one. */
static inline void toy_system(toy *t, uint32_t n, uint32_t num_public) {
    toy_record(t, n, num_public, false);
}

static inline void toy_setup(toy *t, const groth16_setup_options *options) {
    zkm_error err;
    toy_folder(t);
    toy_ok(groth16_setup(&err, &t->vk, t->pk_path, t->cs, t->circuit_digest, options), &err);
    toy_ok(groth16_pk_open(&err, &t->pk, t->pk_path, t->circuit_digest), &err);
}

static inline void toy_new(toy *t, uint32_t n, uint32_t num_public) {
    const groth16_setup_options options = {.threads = 2};
    toy_system(t, n, num_public);
    toy_setup(t, &options);
}

static inline void toy_free(toy *t) {
    groth16_pk_free(t->pk);
    groth16_vk_free(t->vk);
    r1cs_free(t->cs);
    if (t->pk_path[0])
        unlink(t->pk_path);
    if (t->folder[0])
        rmdir(t->folder);
    *t = (toy){0};
}

/* What the prover holds between the steps. */
typedef struct {
    fr *wires, *a, *b;
    fr k;
    g1_affine d;
} toy_witness;

static inline void toy_witness_free(toy_witness *w) {
    free(w->wires);
    free(w->a);
    free(w->b);
}

static inline void toy_allocate(const toy *t, toy_witness *w) {
    size_t domain = t->pk ? (size_t)t->pk->header.domain : (size_t)t->cs->num_rows;
    *w = (toy_witness){.wires = calloc(t->cs->num_wires, sizeof(fr)),
                       .a = calloc(domain, sizeof(fr)),
                       .b = calloc(domain, sizeof(fr))};
    assert_true(w->wires && w->a && w->b);
    fr_set_one(&w->wires[0]);
}

/* Committed wires for x_i = seed + i; fills t->statement. s_2 = seed. */
static inline void toy_fill_committed(toy *t, toy_witness *w, uint64_t seed) {
    fr_set_zero(&t->statement[0]);
    fr_set_zero(&t->statement[1]);
    for (uint32_t i = 0; i < t->n; i++) {
        fr *x = &w->wires[t->x + i], square;
        fr_set_u64(x, seed + i);
        fr_sqr(&square, x);
        fr_add(&t->statement[0], &t->statement[0], x);
        fr_add(&t->statement[1], &t->statement[1], &square);
    }
    fr_set_u64(&t->statement[2], seed);
    memcpy(&w->wires[t->s], t->statement, TOY_FIELDS * sizeof(fr));
}

/* Publics from commitment and statement, then the rest of the wires. */
static inline void toy_solve_with(const toy *t, toy_witness *w, const fr *c) {
    zkm_error err;
    w->wires[1] = *c;
    groth16_fold(&w->wires[2], t->statement, TOY_FIELDS, c);
    toy_ok(r1cs_solve(&err, t->cs, w->wires, w->a, w->b, 2), &err);
}

static inline void toy_commit(const toy *t, toy_witness *w) {
    zkm_error err;
    toy_ok(groth16_commit(&err, &w->d, &w->k, t->pk, w->wires + r1cs_first_committed(t->cs), 2),
           &err);
}

static inline void toy_finish(const toy *t, toy_witness *w, groth16_proof *proof) {
    zkm_error err;
    bool committed = t->cs->num_committed > 0;
    const groth16_prove_options options = {.threads = 2};
    const groth16_witness witness = {.wires = w->wires,
                                     .a = w->a,
                                     .b = w->b,
                                     .k = committed ? &w->k : NULL,
                                     .d = committed ? &w->d : NULL};
    toy_ok(groth16_prove(&err, proof, t->pk, &witness, &options), &err);
}

/* An honest committed proof; t->statement is what it proves. */
static inline void toy_prove(toy *t, groth16_proof *proof, uint64_t seed) {
    toy_witness w;
    fr c;
    toy_allocate(t, &w);
    toy_fill_committed(t, &w, seed);
    toy_commit(t, &w);
    groth16_challenge(&c, t->vk->digest, t->statement, TOY_FIELDS, &w.d);
    toy_solve_with(t, &w, &c);
    toy_finish(t, &w, proof);
    toy_witness_free(&w);
}

/* Wires of the plain system, public ones in t->statement; the last, unused public input is 77. */
static inline void toy_fill_plain(toy *t, toy_witness *w, uint64_t seed) {
    zkm_error err;
    uint32_t num_public = t->cs->num_public;
    fr step;
    fr_set_u64(&w->wires[t->x], seed);
    for (uint32_t j = 1; j < t->n; j++) {
        fr_sqr(&w->wires[t->x + j], &w->wires[t->x + j - 1]);
        fr_set_u64(&step, j);
        fr_add(&w->wires[t->x + j], &w->wires[t->x + j], &step);
    }
    for (uint32_t j = 0; j + 1 < num_public; j++)
        w->wires[1 + j] = w->wires[t->x + j + 1];
    fr_set_u64(&w->wires[num_public], 77);
    memcpy(t->statement, &w->wires[1], num_public * sizeof(fr));
    toy_ok(r1cs_check(&err, t->cs, w->wires), &err);
    toy_ok(r1cs_evaluate(&err, t->cs, w->wires, w->a, w->b, NULL, 2), &err);
}

static inline void toy_prove_plain(toy *t, groth16_proof *proof, uint64_t seed) {
    toy_witness w;
    toy_allocate(t, &w);
    toy_fill_plain(t, &w, seed);
    toy_finish(t, &w, proof);
    toy_witness_free(&w);
}

/* A point of the twist outside of G2. */
static inline void toy_stranger(g2_affine *out) {
    fp2 b, t; /* b = y^2 - x^3 */
    const g2_affine *g = g2_generator();
    fp2_sqr(&b, &g->x);
    fp2_mul(&b, &b, &g->x);
    fp2_sqr(&t, &g->y);
    fp2_sub(&b, &t, &b);
    fp2_set_one(&out->x);
    do {
        fp2_add(&out->x, &out->x, &(fp2){fp_ONE, {{0}}});
        fp2_sqr(&t, &out->x);
        fp2_mul(&t, &t, &out->x);
        fp2_add(&t, &t, &b);
    } while (!fp2_sqrt(&out->y, &t) || g2_in_subgroup(out));
    assert_true(g2_on_curve(out));
}

/* A whole file. */
static inline uint8_t *toy_read(const char *path, size_t *len) {
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    *len = (size_t)ftell(f);
    rewind(f);
    uint8_t *data = malloc(*len + 1);
    assert_non_null(data);
    assert_int_equal(fread(data, 1, *len, f), *len);
    fclose(f);
    return data;
}

static inline void toy_write(const char *path, const uint8_t *data, size_t len) {
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
}

#endif
