/* Batch verification: one product of pairings, and the proof that is to blame. */
#include "toy.h"

enum { N = 7 };

typedef struct {
    toy committed, plain;
    groth16_proof with_d[N], without_d[N];
    fr statements[N * TOY_FIELDS], publics[N * 2];
} batches;

static int make(void **state) {
    batches *b = calloc(1, sizeof *b);
    assert_non_null(b);
    toy_new(&b->committed, 3, 0);
    toy_new(&b->plain, 6, 2);
    for (size_t i = 0; i < N; i++) {
        toy_prove(&b->committed, &b->with_d[i], 100 + i);
        memcpy(b->statements + i * TOY_FIELDS, b->committed.statement, TOY_FIELDS * sizeof(fr));
        toy_prove_plain(&b->plain, &b->without_d[i], 100 + i);
        memcpy(b->publics + i * 2, b->plain.statement, 2 * sizeof(fr));
    }
    *state = b;
    return 0;
}

static int drop(void **state) {
    batches *b = *state;
    toy_free(&b->committed);
    toy_free(&b->plain);
    free(b);
    return 0;
}

static void batch__all_good(void **state) {
    batches *b = *state;
    zkm_error err;
    for (size_t n = 0; n <= N; n++) {
        size_t bad = 99;
        toy_ok(groth16_verify_batch(&err, &bad, b->committed.vk, b->statements, TOY_FIELDS,
                                    b->with_d, n),
               &err);
        toy_ok(groth16_verify_batch(&err, &bad, b->plain.vk, b->publics, 2, b->without_d, n), &err);
        assert_int_equal(bad, 99);
    }
}

static void batch__one_bad_point(void **state) {
    batches *b = *state;
    zkm_error err;
    for (size_t i = 0; i < N; i++) {
        size_t bad = 99;
        groth16_proof kept = b->with_d[i];
        g1_affine_neg(&b->with_d[i].c, &kept.c);
        toy_fails(groth16_verify_batch(&err, &bad, b->committed.vk, b->statements, TOY_FIELDS,
                                       b->with_d, N),
                  ZKM_REJECTED, &err);
        assert_int_equal(bad, i);
        b->with_d[i] = kept;
    }
}

static void batch__one_bad_statement(void **state) {
    batches *b = *state;
    zkm_error err;
    fr one;
    fr_set_one(&one);
    for (size_t i = 0; i < N; i++) {
        size_t bad = 99;
        fr *field = &b->statements[i * TOY_FIELDS + i % TOY_FIELDS], kept = *field;
        fr_add(field, field, &one);
        toy_fails(groth16_verify_batch(&err, &bad, b->committed.vk, b->statements, TOY_FIELDS,
                                       b->with_d, N),
                  ZKM_REJECTED, &err);
        assert_int_equal(bad, i);
        *field = kept;
        kept = b->publics[2 * i + 1];
        fr_add(&b->publics[2 * i + 1], &kept, &one);
        toy_fails(groth16_verify_batch(&err, &bad, b->plain.vk, b->publics, 2, b->without_d, N),
                  ZKM_REJECTED, &err);
        assert_int_equal(bad, i);
        b->publics[2 * i + 1] = kept;
    }
}

static void batch__first_of_several(void **state) {
    batches *b = *state;
    zkm_error err;
    size_t bad = 99;
    groth16_proof kept[2] = {b->with_d[2], b->with_d[5]};
    g2_affine_neg(&b->with_d[2].b, &kept[0].b);
    g2_affine_neg(&b->with_d[5].b, &kept[1].b);
    toy_fails(
        groth16_verify_batch(&err, &bad, b->committed.vk, b->statements, TOY_FIELDS, b->with_d, N),
        ZKM_REJECTED, &err);
    assert_int_equal(bad, 2);
    assert_int_equal(
        groth16_verify_batch(NULL, NULL, b->committed.vk, b->statements, TOY_FIELDS, b->with_d, N),
        ZKM_REJECTED);
    b->with_d[2] = kept[0];
    b->with_d[5] = kept[1];
}

/* Errors that cancel when all weights are one: C_0 + X and C_1 - X. Random weights must tell. */
static void batch__errors_that_cancel(void **state) {
    batches *b = *state;
    groth16_proof kept[2] = {b->with_d[0], b->with_d[1]};
    g1 p;
    g1_affine minus;
    g1_from_affine(&p, &kept[0].c);
    g1_add_mixed(&p, &p, g1_generator());
    g1_to_affine(&b->with_d[0].c, &p);
    g1_affine_neg(&minus, g1_generator());
    g1_from_affine(&p, &kept[1].c);
    g1_add_mixed(&p, &p, &minus);
    g1_to_affine(&b->with_d[1].c, &p);
    for (int i = 0; i < 5; i++) {
        zkm_error err;
        size_t bad = 99;
        toy_fails(groth16_verify_batch(&err, &bad, b->committed.vk, b->statements, TOY_FIELDS,
                                       b->with_d, 2),
                  ZKM_REJECTED, &err);
        assert_int_equal(bad, 0);
    }
    b->with_d[0] = kept[0];
    b->with_d[1] = kept[1];
}

/* A batch larger than what is multiplied side by side, of two proofs repeated. Two forged ones of
 * the same proof, far apart, have C + X and C - X, then A + X and A - X: the errors cancel under
 * equal weights. */
static void batch__many_repeated_and_two_forged(void **state) {
    enum { MANY = 300 };
    batches *b = *state;
    zkm_error err;
    size_t bad = 99;
    groth16_proof *proofs = calloc(MANY, sizeof *proofs);
    fr *statements = calloc(MANY * TOY_FIELDS, sizeof *statements);
    assert_non_null(proofs);
    assert_non_null(statements);
    for (size_t i = 0; i < MANY; i++) {
        proofs[i] = b->with_d[i % 2];
        memcpy(statements + i * TOY_FIELDS, b->statements + i % 2 * TOY_FIELDS,
               TOY_FIELDS * sizeof(fr));
    }
    toy_ok(groth16_verify_batch(&err, &bad, b->committed.vk, statements, TOY_FIELDS, proofs, MANY),
           &err);
    assert_int_equal(bad, 99);
    for (int round = 0; round < 2; round++) {
        g1_affine *points[2] = {round ? &proofs[40].a : &proofs[40].c,
                                round ? &proofs[250].a : &proofs[250].c};
        g1_affine x = *g1_generator(), kept[2] = {*points[0], *points[1]};
        for (int i = 0; i < 2; i++) {
            g1 p;
            g1_from_affine(&p, &kept[i]);
            g1_add_mixed(&p, &p, &x);
            g1_to_affine(points[i], &p);
            g1_affine_neg(&x, &x);
        }
        toy_fails(
            groth16_verify_batch(&err, &bad, b->committed.vk, statements, TOY_FIELDS, proofs, MANY),
            ZKM_REJECTED, &err);
        assert_int_equal(bad, 40);
        *points[0] = kept[0];
        *points[1] = kept[1];
    }
    free(proofs);
    free(statements);
}

static void batch__mixed_kinds_and_counts(void **state) {
    batches *b = *state;
    zkm_error err;
    size_t bad = 99;
    toy_fails(groth16_verify_batch(&err, &bad, b->committed.vk, b->statements, TOY_FIELDS,
                                   b->without_d, 2),
              ZKM_REJECTED, &err);
    assert_int_equal(bad, 0);
    toy_fails(groth16_verify_batch(&err, &bad, b->plain.vk, b->publics, 1, b->without_d, 2),
              ZKM_REJECTED, &err);
    assert_int_equal(bad, 0);
    groth16_proof kept = b->with_d[3];
    b->with_d[3].committed = false;
    toy_fails(
        groth16_verify_batch(&err, &bad, b->committed.vk, b->statements, TOY_FIELDS, b->with_d, N),
        ZKM_REJECTED, &err);
    assert_int_equal(bad, 3);
    b->with_d[3] = kept;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batch__all_good),
        cmocka_unit_test(batch__one_bad_point),
        cmocka_unit_test(batch__one_bad_statement),
        cmocka_unit_test(batch__first_of_several),
        cmocka_unit_test(batch__errors_that_cancel),
        cmocka_unit_test(batch__many_repeated_and_two_forged),
        cmocka_unit_test(batch__mixed_kinds_and_counts),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
