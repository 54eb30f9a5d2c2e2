/* Setup, prover and verifier together, and the ways in which such systems have been broken (DESIGN
 * section 3). */
#include "toy.h"

#include "groth16/lagrange.h"

static void accept(const toy *t, const groth16_proof *proof) {
    zkm_error err;
    toy_ok(t->vk->parts.committed
               ? groth16_verify_committed(&err, t->vk, t->statement, t->count, proof)
               : groth16_verify_plain(&err, t->vk, t->statement, t->count, proof),
           &err);
}

static void reject_statement(const toy *t, const fr *statement, size_t count,
                             const groth16_proof *proof) {
    zkm_error err;
    toy_fails(t->vk->parts.committed
                  ? groth16_verify_committed(&err, t->vk, statement, count, proof)
                  : groth16_verify_plain(&err, t->vk, statement, count, proof),
              ZKM_REJECTED, &err);
}

static void reject(const toy *t, const groth16_proof *proof) {
    reject_statement(t, t->statement, t->count, proof);
}

static void verify_committed__honest_proofs_of_every_domain(void **state) {
    (void)state;
    /* rows: 2 n + 5, three x * 0 = 0, one u * 0 = 0; domains 3 * 2^k, 2^k, 9 * 2^k */
    const struct {
        uint32_t n;
        size_t domain;
    } cases[] = {{1, 12}, {3, 16}, {4, 18}, {7, 24}, {11, 32}, {13, 36}, {29, 72}, {59, 128}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        toy t;
        groth16_proof proof;
        toy_new(&t, cases[i].n, 0);
        assert_int_equal(t.pk->header.domain, cases[i].domain);
        toy_prove(&t, &proof, 1000);
        accept(&t, &proof);
        toy_free(&t);
    }
}

static void verify_plain__honest_proofs(void **state) {
    (void)state;
    for (uint32_t num_public = 1; num_public <= 12; num_public++) {
        toy t;
        groth16_proof proof;
        toy_new(&t, 20 + num_public, num_public);
        toy_prove_plain(&t, &proof, 5);
        accept(&t, &proof);
        for (uint32_t i = 0; i < num_public; i++) {
            fr changed[TOY_MAX_PUBLIC], one;
            memcpy(changed, t.statement, sizeof changed);
            fr_set_one(&one);
            fr_add(&changed[i], &changed[i], &one);
            reject_statement(&t, changed, t.count, &proof);
        }
        toy_free(&t);
    }
}

/* zcash#3425: the last public input is in no constraint but its own row x * 0 = 0. */
static void verify_plain__unconstrained_public_input(void **state) {
    (void)state;
    toy t;
    groth16_proof proof;
    fr changed[TOY_MAX_PUBLIC];
    toy_new(&t, 10, 4);
    toy_prove_plain(&t, &proof, 5);
    memcpy(changed, t.statement, sizeof changed);
    fr_set_u64(&changed[3], 78);
    reject_statement(&t, changed, t.count, &proof);
    toy_free(&t);
}

static void setup__public_wire_without_own_row(void **state) {
    (void)state;
    zkm_error err;
    toy t;
    const groth16_setup_options options = {.threads = 1};
    toy_system(&t, 10, 4);
    r1cs_block *last = &t.cs->blocks[t.cs->num_blocks - 1];
    toy_folder(&t);
    /* The last block binds the constant and the publics: point one of its rows at a private wire.
     */
    assert_int_equal(last->num_rows * last->count, 5);
    last->terms[last->num_terms - 1].index = t.x;
    last->terms[last->num_terms - 1].stride = last->count > 1 ? 1 : 0;
    toy_fails(groth16_setup(&err, &t.vk, t.pk_path, t.cs, t.circuit_digest, &options),
              ZKM_ERR_ARGUMENT, &err);
    assert_int_not_equal(access(t.pk_path, F_OK), 0);
    toy_free(&t);
}

static void verify_plain__wrong_count(void **state) {
    (void)state;
    toy t;
    groth16_proof proof;
    fr more[TOY_MAX_PUBLIC] = {0};
    toy_new(&t, 10, 4);
    toy_prove_plain(&t, &proof, 5);
    memcpy(more, t.statement, sizeof t.statement);
    reject_statement(&t, more, 3, &proof);
    reject_statement(&t, more, 5, &proof);
    reject_statement(&t, more, 0, &proof);
    toy_free(&t);
}

static void verify_committed__tampered_statement(void **state) {
    (void)state;
    toy t;
    groth16_proof proof;
    fr one;
    toy_new(&t, 5, 0);
    toy_prove(&t, &proof, 9);
    fr_set_one(&one);
    for (int i = 0; i < TOY_FIELDS; i++) {
        fr changed[TOY_FIELDS];
        memcpy(changed, t.statement, sizeof changed);
        fr_add(&changed[i], &changed[i], &one);
        reject_statement(&t, changed, TOY_FIELDS, &proof);
    }
    accept(&t, &proof);
    toy_free(&t);
}

static void verify_committed__other_number_of_fields(void **state) {
    (void)state;
    toy t;
    groth16_proof proof;
    fr longer[TOY_FIELDS + 1] = {0};
    toy_new(&t, 5, 0);
    toy_prove(&t, &proof, 9);
    memcpy(longer, t.statement, TOY_FIELDS * sizeof(fr));
    reject_statement(&t, longer, TOY_FIELDS - 1, &proof);
    reject_statement(&t, longer, TOY_FIELDS + 1, &proof); /* a zero more folds to the same P */
    toy_free(&t);
}

/* CVE-2024-45040: without k[delta]_1 equal wires give equal commitments, and small ones can be
 * guessed. */
static void commit__blinded(void **state) {
    (void)state;
    toy t;
    toy_witness w;
    fr k;
    g1_affine first, bare;
    g1 sum, term;
    toy_new(&t, 5, 0);
    toy_allocate(&t, &w);
    toy_fill_committed(&t, &w, 9);
    toy_commit(&t, &w);
    first = w.d;
    k = w.k;
    toy_commit(&t, &w);
    assert_false(g1_affine_equal(&first, &w.d));
    assert_false(fr_equal(&k, &w.k));
    /* D - k delta is the same both times: k is what blinds, and nothing else differs. */
    g1_from_affine(&term, &t.pk->header.delta);
    fr_neg(&k, &k);
    g1_mul(&term, &term, &k);
    g1_from_affine(&sum, &first);
    g1_add(&sum, &sum, &term);
    g1_to_affine(&bare, &sum);
    g1_from_affine(&term, &t.pk->header.delta);
    fr_neg(&k, &w.k);
    g1_mul(&term, &term, &k);
    g1_from_affine(&sum, &w.d);
    g1_add(&sum, &sum, &term);
    g1_to_affine(&first, &sum);
    assert_true(g1_affine_equal(&first, &bare));
    toy_witness_free(&w);
    toy_free(&t);
}

/* Proofs with a challenge that something was left out of. The relation is satisfied each time, so
 * only the verifier's own challenge can tell. */
static void prove_with_challenge(toy *t, groth16_proof *proof, const uint8_t digest[32],
                                 const fr *statement, size_t count, bool with_d) {
    toy_witness w;
    fr c;
    g1_affine d;
    toy_allocate(t, &w);
    toy_fill_committed(t, &w, 9);
    toy_commit(t, &w);
    d = with_d ? w.d : *g1_generator();
    groth16_challenge(&c, digest, statement ? statement : t->statement, count, &d);
    toy_solve_with(t, &w, &c);
    toy_finish(t, &w, proof);
    toy_witness_free(&w);
}

static void verify_committed__challenge_of_another_key(void **state) {
    (void)state;
    toy t;
    groth16_proof proof;
    uint8_t other[32] = {1};
    toy_new(&t, 5, 0);
    prove_with_challenge(&t, &proof, other, NULL, TOY_FIELDS, true);
    reject(&t, &proof);
    prove_with_challenge(&t, &proof, t.vk->digest, NULL, TOY_FIELDS, true);
    accept(&t, &proof);
    toy_free(&t);
}

static void verify_committed__challenge_without_statement(void **state) {
    (void)state;
    toy t;
    groth16_proof proof;
    const fr other[TOY_FIELDS] = {{{1, 0, 0, 0}}};
    toy_new(&t, 5, 0);
    prove_with_challenge(&t, &proof, t.vk->digest, NULL, 0, true);
    reject(&t, &proof);
    prove_with_challenge(&t, &proof, t.vk->digest, other, TOY_FIELDS, true);
    reject(&t, &proof);
    toy_free(&t);
}

static void verify_committed__challenge_without_commitment(void **state) {
    (void)state;
    toy t;
    groth16_proof proof;
    toy_new(&t, 5, 0);
    prove_with_challenge(&t, &proof, t.vk->digest, NULL, TOY_FIELDS, false);
    reject(&t, &proof);
    toy_free(&t);
}

static void verify_committed__wrong_k(void **state) {
    (void)state;
    toy t;
    toy_witness w;
    groth16_proof proof;
    fr c, one;
    toy_new(&t, 5, 0);
    toy_allocate(&t, &w);
    toy_fill_committed(&t, &w, 9);
    toy_commit(&t, &w);
    groth16_challenge(&c, t.vk->digest, t.statement, TOY_FIELDS, &w.d);
    toy_solve_with(&t, &w, &c);
    fr_set_one(&one);
    fr_add(&w.k, &w.k, &one);
    toy_finish(&t, &w, &proof);
    reject(&t, &proof);
    toy_witness_free(&w);
    toy_free(&t);
}

/* Committed wires changed after the challenge is known. */
static void verify_committed__wires_changed_after_commitment(void **state) {
    (void)state;
    toy t;
    toy_witness w;
    groth16_proof proof;
    fr c;
    toy_new(&t, 5, 0);
    toy_allocate(&t, &w);
    toy_fill_committed(&t, &w, 9);
    toy_commit(&t, &w);
    toy_fill_committed(&t, &w, 10);
    groth16_challenge(&c, t.vk->digest, t.statement, TOY_FIELDS, &w.d);
    toy_solve_with(&t, &w, &c);
    toy_finish(&t, &w, &proof);
    reject(&t, &proof);
    toy_witness_free(&w);
    toy_free(&t);
}

/* A witness that breaks one row gives no proof. */
static void verify_committed__unsatisfied_rows(void **state) {
    (void)state;
    toy t;
    groth16_proof proof;
    fr one;
    toy_new(&t, 3, 0);
    fr_set_one(&one);
    for (uint32_t i = r1cs_first_private(t.cs); i < t.cs->num_wires; i++) {
        toy_witness w;
        fr c;
        zkm_error err;
        toy_allocate(&t, &w);
        toy_fill_committed(&t, &w, 9);
        toy_commit(&t, &w);
        groth16_challenge(&c, t.vk->digest, t.statement, TOY_FIELDS, &w.d);
        toy_solve_with(&t, &w, &c);
        fr_add(&w.wires[i], &w.wires[i], &one);
        toy_ok(r1cs_evaluate(&err, t.cs, w.wires, w.a, w.b, NULL, 1), &err);
        toy_finish(&t, &w, &proof);
        reject(&t, &proof);
        toy_witness_free(&w);
    }
    toy_free(&t);
}

static void verify_committed__points_swapped_or_negated(void **state) {
    (void)state;
    toy t;
    groth16_proof proof;
    toy_new(&t, 5, 0);
    toy_prove(&t, &proof, 9);
    groth16_proof bad = proof;
    bad.a = proof.c, bad.c = proof.a;
    reject(&t, &bad);
    bad = proof;
    bad.c = proof.d, bad.d = proof.c;
    reject(&t, &bad);
    bad = proof;
    bad.a = proof.d, bad.d = proof.a;
    reject(&t, &bad);
    bad = proof;
    g1_affine_neg(&bad.a, &proof.a);
    reject(&t, &bad);
    bad = proof;
    g1_affine_neg(&bad.d, &proof.d);
    reject(&t, &bad);
    bad = proof;
    g1_affine_neg(&bad.c, &proof.c);
    reject(&t, &bad);
    bad = proof;
    g2_affine_neg(&bad.b, &proof.b);
    reject(&t, &bad);
    accept(&t, &proof);
    toy_free(&t);
}

/* Groth16 proofs re-randomise: (A/z, zB, C) and (A, B + z delta, C + z A) prove the same statement,
 * which is why the bytes of a proof name nothing. What cannot be changed is the statement. */
static void verify_committed__rerandomised_proof(void **state) {
    (void)state;
    toy t;
    groth16_proof proof, other;
    fr z, inverse, one;
    g1 p;
    g2 q, delta;
    toy_new(&t, 5, 0);
    toy_prove(&t, &proof, 9);
    fr_set_u64(&z, 12345);
    fr_inv(&inverse, &z);
    other = proof;
    g1_from_affine(&p, &proof.a);
    g1_mul(&p, &p, &inverse);
    g1_to_affine(&other.a, &p);
    g2_from_affine(&q, &proof.b);
    g2_mul(&q, &q, &z);
    g2_to_affine(&other.b, &q);
    accept(&t, &other);
    other = proof;
    g2_from_affine(&q, &proof.b);
    g2_from_affine(&delta, &t.vk->parts.delta);
    g2_mul(&delta, &delta, &z);
    g2_add(&q, &q, &delta);
    g2_to_affine(&other.b, &q);
    g1_from_affine(&p, &proof.a);
    g1_mul(&p, &p, &z);
    g1_add_mixed(&p, &p, &proof.c);
    g1_to_affine(&other.c, &p);
    accept(&t, &other);
    fr_set_one(&one);
    fr_add(&t.statement[2], &t.statement[2], &one);
    reject(&t, &other);
    toy_free(&t);
}

/* e(D, delta1) e(C, delta) sees only the sum of shares: with delta1 known in terms of delta, part
 * of C could move to D after the challenge. Here a forger moves it without that knowledge. */
static void verify_committed__share_moved_between_c_and_d(void **state) {
    (void)state;
    toy t;
    groth16_proof proof, bad;
    g1 p;
    toy_new(&t, 5, 0);
    toy_prove(&t, &proof, 9);
    bad = proof;
    g1_from_affine(&p, &proof.c);
    g1_add_mixed(&p, &p, &t.pk->header.delta1);
    g1_to_affine(&bad.c, &p);
    g1_affine negative;
    g1_affine_neg(&negative, &t.pk->header.delta);
    g1_from_affine(&p, &proof.d);
    g1_add_mixed(&p, &p, &negative);
    g1_to_affine(&bad.d, &p);
    /* The equation itself holds for any challenge: only that c hashes D refuses this. */
    reject(&t, &bad);
    toy_free(&t);
}

static void verify__plain_and_committed_do_not_mix(void **state) {
    (void)state;
    zkm_error err;
    toy committed, plain;
    groth16_proof with_d, without_d;
    toy_new(&committed, 5, 0);
    toy_new(&plain, 10, 4);
    toy_prove(&committed, &with_d, 9);
    toy_prove_plain(&plain, &without_d, 9);
    toy_fails(
        groth16_verify_committed(&err, committed.vk, committed.statement, TOY_FIELDS, &without_d),
        ZKM_REJECTED, &err);
    toy_fails(groth16_verify_plain(&err, plain.vk, plain.statement, plain.count, &with_d),
              ZKM_REJECTED, &err);
    toy_fails(groth16_verify_plain(&err, committed.vk, committed.statement, 2, &with_d),
              ZKM_REJECTED, &err);
    toy_fails(groth16_verify_committed(&err, plain.vk, plain.statement, plain.count, &without_d),
              ZKM_REJECTED, &err);
    toy_free(&committed);
    toy_free(&plain);
}

/* All committed wires zero and k = 0 make D infinity, so that the equation holds without D: a proof
 * that leaves D out satisfies it, and is refused for being of the other kind alone. */
static void verify_committed__commitment_left_out(void **state) {
    (void)state;
    zkm_error err;
    toy t;
    toy_witness w;
    groth16_proof proof;
    fr c;
    toy_new(&t, 5, 0);
    toy_allocate(&t, &w);
    memset(t.statement, 0, sizeof t.statement);
    groth16_challenge(&c, t.vk->digest, t.statement, TOY_FIELDS, &w.d);
    toy_solve_with(&t, &w, &c);
    toy_finish(&t, &w, &proof);
    assert_true(g1_affine_is_infinity(&proof.d));
    proof.committed = false;
    toy_fails(groth16_verify_committed(&err, t.vk, t.statement, TOY_FIELDS, &proof), ZKM_REJECTED,
              &err);
    assert_non_null(strstr(err.message, "no commitment"));
    toy_witness_free(&w);
    toy_free(&t);
}

static void verify__proof_under_another_key_of_the_same_system(void **state) {
    (void)state;
    toy t, other;
    groth16_proof proof;
    toy_new(&t, 5, 0);
    toy_new(&other, 5, 0);
    toy_prove(&t, &proof, 9);
    memcpy(other.statement, t.statement, sizeof t.statement);
    reject(&other, &proof);
    toy_free(&t);
    toy_free(&other);
}

/* The key with a blinding column, and the one with the columns of B in G1. */
static void prove__two_proofs_differ(void **state) {
    (void)state;
    for (int exportable = 0; exportable < 2; exportable++) {
        const groth16_setup_options options = {.threads = 2, .exportable = exportable};
        toy t;
        groth16_proof first, second;
        toy_system(&t, 10, 4);
        toy_setup(&t, &options);
        assert_int_equal(pk_has_blinding_column(&t.pk->header), !exportable);
        toy_prove_plain(&t, &first, 9);
        toy_prove_plain(&t, &second, 9);
        assert_false(g1_affine_equal(&first.a, &second.a));
        assert_false(g2_affine_equal(&first.b, &second.b));
        assert_false(g1_affine_equal(&first.c, &second.c));
        accept(&t, &first);
        accept(&t, &second);
        toy_free(&t);
    }
}

/* B's columns in G1 do not exclude a committed round. */
static void verify_committed__exportable_key(void **state) {
    (void)state;
    const groth16_setup_options options = {.threads = 2, .exportable = true};
    toy t;
    groth16_proof proof;
    toy_system(&t, 9, 0); /* 26 rows */
    toy_setup(&t, &options);
    assert_int_equal(t.pk->header.domain, 32);
    toy_prove(&t, &proof, 1000);
    accept(&t, &proof);
    toy_free(&t);
}

/* The blinding column's wire stands in the row behind the system's alone: its point over 1 is
 * [L_j(tau)]_1, and the one over delta has beta times its logarithm: e(k, delta) = e(a, beta). */
static void setup__blinding_column(void **state) {
    (void)state;
    toy t;
    toy_new(&t, 10, 0);
    const groth16_pk_header *h = &t.pk->header;
    const groth16_vk_parts *vk = &t.vk->parts;
    g1_affine left[2] = {h->blind_k, h->blind_a};
    g2_affine right[2] = {vk->delta, vk->beta};
    g1_affine_neg(&left[1], &left[1]);
    assert_true(pairing_check(left, right, 2));
    for (size_t i = 0; i < t.pk->num_a; i++)
        assert_false(g1_affine_equal(&h->blind_a, &t.pk->a[i]));
    toy_free(&t);
}

static void prove__commitment_missing_or_unwanted(void **state) {
    (void)state;
    zkm_error err;
    toy committed, plain;
    toy_witness w;
    groth16_proof proof;
    const groth16_prove_options options = {.threads = 1};
    toy_new(&committed, 5, 0);
    toy_new(&plain, 10, 4);
    toy_allocate(&plain, &w);
    groth16_witness witness = {.wires = w.wires, .a = w.a, .b = w.b};
    toy_fails(groth16_prove(&err, &proof, committed.pk, &witness, &options), ZKM_ERR_ARGUMENT,
              &err);
    witness.k = &w.k;
    witness.d = &w.d;
    toy_fails(groth16_prove(&err, &proof, plain.pk, &witness, &options), ZKM_ERR_ARGUMENT, &err);
    toy_fails(groth16_commit(&err, &w.d, &w.k, plain.pk, w.wires, 1), ZKM_ERR_ARGUMENT, &err);
    toy_witness_free(&w);
    toy_free(&committed);
    toy_free(&plain);
}

static bool cancel_late(void *context, const char *stage, uint64_t done, uint64_t total) {
    unsigned *left = context;
    assert_non_null(stage);
    assert_true(done <= total);
    return (*left)-- > 1;
}

static void setup__cancelled_leaves_nothing(void **state) {
    (void)state;
    for (unsigned calls = 1; calls < 7; calls++) {
        zkm_error err;
        toy t;
        unsigned left = calls;
        const zkm_progress progress = {cancel_late, &left};
        const groth16_setup_options options = {.threads = 2, .progress = &progress};
        toy_system(&t, 5, 0);
        toy_folder(&t);
        toy_fails(groth16_setup(&err, &t.vk, t.pk_path, t.cs, t.circuit_digest, &options),
                  ZKM_ERR_CANCELLED, &err);
        assert_null(t.vk);
        assert_int_equal(rmdir(t.folder), 0); /* empty */
        t.folder[0] = t.pk_path[0] = '\0';
        toy_free(&t);
    }
}

static void setup__systems_of_no_provable_shape(void **state) {
    (void)state;
    zkm_error err;
    toy t;
    const groth16_setup_options options = {.threads = 1};
    toy_system(&t, 10, 4);
    toy_folder(&t);
    t.cs->num_committed = 1; /* committed wires, but four public ones */
    toy_fails(groth16_setup(&err, &t.vk, t.pk_path, t.cs, t.circuit_digest, &options),
              ZKM_ERR_ARGUMENT, &err);
    t.cs->num_committed = 0;
    uint64_t rows = t.cs->num_rows;
    t.cs->num_rows = UINT64_C(1) << 40;
    toy_fails(groth16_setup(&err, &t.vk, t.pk_path, t.cs, t.circuit_digest, &options),
              ZKM_ERR_UNSUPPORTED, &err);
    t.cs->num_rows = rows;
    toy_free(&t);
}

static void setup__folder_missing(void **state) {
    (void)state;
    zkm_error err;
    toy t;
    const groth16_setup_options options = {.threads = 1};
    toy_system(&t, 10, 4);
    toy_fails(groth16_setup(&err, &t.vk, "no_such_folder/pk.zkm", t.cs, t.circuit_digest, &options),
              ZKM_ERR_NOT_FOUND, &err);
    toy_free(&t);
}

static void fold__horner(void **state) {
    (void)state;
    fr statement[3], c, p, expected;
    for (uint64_t i = 0; i < 3; i++)
        fr_set_u64(&statement[i], 7 + i);
    fr_set_u64(&c, 10);
    groth16_fold(&p, statement, 3, &c);
    fr_set_u64(&expected, 7 + 80 + 900);
    assert_true(fr_equal(&p, &expected));
    groth16_fold(&p, statement, 0, &c);
    assert_true(fr_is_zero(&p));
}

static void lagrange_values__interpolate(void **state) {
    (void)state;
    enum { N = 36 };
    fr values[N], root, at, one, sum, x, weighted;
    fr_set_u64(&at, 123456789);
    fr_set_one(&one);
    subgroup_root(&root, N);
    lagrange_values(values, N, N, &one, &root, &at, &one, 1);
    /* sum L_j(t) = 1 and sum w^(5 j) L_j(t) = t^5 */
    fr_set_zero(&sum);
    fr_set_zero(&weighted);
    fr_set_one(&x);
    for (int j = 0; j < N; j++) {
        fr power, term;
        fr_power_u64(&power, &x, 5);
        fr_mul(&term, &power, &values[j]);
        fr_add(&weighted, &weighted, &term);
        fr_add(&sum, &sum, &values[j]);
        fr_mul(&x, &x, &root);
    }
    assert_true(fr_is_one(&sum));
    assert_true(fr_is_one(&x));
    fr_power_u64(&at, &at, 5);
    assert_true(fr_equal(&weighted, &at));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fold__horner),
        cmocka_unit_test(lagrange_values__interpolate),
        cmocka_unit_test(verify_committed__honest_proofs_of_every_domain),
        cmocka_unit_test(verify_plain__honest_proofs),
        cmocka_unit_test(verify_plain__unconstrained_public_input),
        cmocka_unit_test(verify_plain__wrong_count),
        cmocka_unit_test(verify_committed__tampered_statement),
        cmocka_unit_test(verify_committed__other_number_of_fields),
        cmocka_unit_test(commit__blinded),
        cmocka_unit_test(verify_committed__challenge_of_another_key),
        cmocka_unit_test(verify_committed__challenge_without_statement),
        cmocka_unit_test(verify_committed__challenge_without_commitment),
        cmocka_unit_test(verify_committed__wrong_k),
        cmocka_unit_test(verify_committed__wires_changed_after_commitment),
        cmocka_unit_test(verify_committed__unsatisfied_rows),
        cmocka_unit_test(verify_committed__points_swapped_or_negated),
        cmocka_unit_test(verify_committed__rerandomised_proof),
        cmocka_unit_test(verify_committed__share_moved_between_c_and_d),
        cmocka_unit_test(verify__plain_and_committed_do_not_mix),
        cmocka_unit_test(verify_committed__commitment_left_out),
        cmocka_unit_test(verify__proof_under_another_key_of_the_same_system),
        cmocka_unit_test(prove__two_proofs_differ),
        cmocka_unit_test(verify_committed__exportable_key),
        cmocka_unit_test(setup__blinding_column),
        cmocka_unit_test(prove__commitment_missing_or_unwanted),
        cmocka_unit_test(setup__public_wire_without_own_row),
        cmocka_unit_test(setup__systems_of_no_provable_shape),
        cmocka_unit_test(setup__cancelled_leaves_nothing),
        cmocka_unit_test(setup__folder_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
