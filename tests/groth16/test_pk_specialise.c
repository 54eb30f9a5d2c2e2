/* Specialised proving keys: the same proofs with fixed wires summed up, and with none other. */
#include "toy.h"

#include "../../fuzz/pk_reseal.h"
#include "groth16/pk_specialise.h"

enum { N = 20, SEED = 1000 };
static const uint8_t LABEL[32] = {1, 2, 3};

/* A system, and its key specialised to the first `fixed` committed wires of SEED and what they
 * decide. */
typedef struct {
    toy t, special; /* special: the same system under the new key */
    char path[80];
    size_t num_known;
} fixture;

static void known_wires(toy *t, toy_witness *w, bool *known, uint32_t fixed) {
    toy_allocate(t, w);
    toy_fill_committed(t, w, SEED);
    known[0] = true;
    for (uint32_t i = 0; i < fixed; i++)
        known[t->x + i] = true;
    r1cs_solve_known(t->cs, w->wires, known);
}

static zkm_status specialise(zkm_error *err, fixture *f, uint32_t fixed) {
    toy_witness w;
    bool *known = calloc(f->t.cs->num_wires, sizeof *known);
    assert_non_null(known);
    known_wires(&f->t, &w, known, fixed);
    for (uint32_t i = 0; i < f->t.cs->num_wires; i++)
        f->num_known += known[i];
    snprintf(f->path, sizeof f->path, "%s/special.zkm", f->t.folder);
    zkm_status status =
        groth16_pk_specialise(err, f->path, f->t.pk, f->t.cs, w.wires, known, LABEL, 2, NULL);
    toy_witness_free(&w);
    free(known);
    return status;
}

/* Of the interleaved system, or the plain one. */
static void fixture_make(fixture *f, uint32_t n, uint32_t fixed, bool interleaved) {
    const groth16_setup_options options = {.threads = 2};
    zkm_error err;
    *f = (fixture){0};
    toy_record(&f->t, n, 0, interleaved);
    toy_setup(&f->t, &options);
    toy_ok(specialise(&err, f, fixed), &err);
    f->special = f->t;
    toy_ok(groth16_pk_open(&err, &f->special.pk, f->path, f->t.circuit_digest), &err);
}

static void fixture_new(fixture *f, uint32_t fixed) { fixture_make(f, N, fixed, false); }

static void fixture_free(fixture *f) {
    groth16_pk_free(f->special.pk);
    unlink(f->path);
    toy_free(&f->t);
}

static zkm_status prove_and_verify(zkm_error *err, toy *t, uint64_t seed) {
    groth16_proof proof;
    toy_prove(t, &proof, seed);
    return groth16_verify_committed(err, t->vk, t->statement, TOY_FIELDS, &proof);
}

static void specialise__proofs_verify(void **state) {
    (void)state;
    for (uint32_t fixed = 0; fixed <= N; fixed += 5) {
        zkm_error err;
        fixture f;
        fixture_new(&f, fixed);
        /* wire 0, the fixed wires, and their squares; their inverses need the challenge */
        assert_int_equal(f.num_known, 1 + 2 * fixed);
        toy_ok(groth16_pk_check(&err, f.special.pk, 2), &err);
        toy_ok(prove_and_verify(&err, &f.special, SEED), &err);
        fixture_free(&f);
    }
}

static void specialise__columns_of_fixed_wires_are_gone(void **state) {
    (void)state;
    fixture f;
    fixture_new(&f, N);
    const groth16_pk *from = f.t.pk, *to = f.special.pk;
    assert_true(to->header.specialised && !from->header.specialised);
    assert_memory_equal(to->header.fixed.label, LABEL, sizeof LABEL);
    assert_memory_equal(to->header.vk_digest, from->header.vk_digest, 32);
    assert_true(to->num_a < from->num_a && to->num_b < from->num_b);
    for (uint32_t i = 0; i < N; i++)
        assert_true(
            g1_affine_is_infinity(&to->k_committed[f.t.x + i - pk_first_committed(&to->header)]));
    for (size_t i = 0; i < to->num_a; i++)
        assert_true(to->a_index[i] != 0 && (to->a_index[i] < f.t.x || to->a_index[i] >= f.t.x + N));
    fixture_free(&f);
}

/* Each of the four sums is needed: a proof with one of them changed does not verify. */
static void specialise__every_sum_is_used(void **state) {
    (void)state;
    zkm_error err;
    fixture f;
    fixture_new(&f, N / 2);
    groth16_pk_fixed *fixed = &f.special.pk->header.fixed;
    g1_affine *const in_g1[] = {&fixed->a, &fixed->committed, &fixed->private_};
    for (size_t i = 0; i < sizeof in_g1 / sizeof in_g1[0]; i++) {
        const g1_affine kept = *in_g1[i];
        assert_false(g1_affine_is_infinity(&kept));
        *in_g1[i] = *g1_generator();
        toy_fails(prove_and_verify(&err, &f.special, SEED), ZKM_REJECTED, &err);
        *in_g1[i] = kept;
    }
    const g2_affine kept = fixed->b;
    assert_false(g2_affine_is_infinity(&kept));
    fixed->b = *g2_generator();
    toy_fails(prove_and_verify(&err, &f.special, SEED), ZKM_REJECTED, &err);
    fixed->b = kept;
    toy_ok(prove_and_verify(&err, &f.special, SEED), &err);
    fixture_free(&f);
}

static void specialise__other_values_are_not_proved(void **state) {
    (void)state;
    zkm_error err;
    fixture f;
    fixture_new(&f, N / 2);
    toy_fails(prove_and_verify(&err, &f.special, SEED + 1), ZKM_REJECTED, &err);
    toy_ok(prove_and_verify(&err, &f.t, SEED + 1), &err);
    fixture_free(&f);
}

/* ------------------------------------------------------------------ halved keys */

static void halve__proofs_verify(void **state) {
    (void)state;
    /* domains of 2^k, 3 2^k and 9 2^k */
    static const struct {
        uint32_t n;
        uint64_t domain;
    } cases[] = {{1, 24}, {4, 32}, {6, 36}, {60, 144}, {80, 192}, {100, 256}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zkm_error err;
        fixture f;
        fixture_make(&f, cases[i].n, cases[i].n, true);
        const groth16_pk *pk = f.special.pk;
        assert_true(pk->header.halved);
        assert_int_equal(pk->header.domain, cases[i].domain);
        toy_ok(groth16_pk_check(&err, pk, 2), &err);
        for (int k = 0; k < 2; k++)
            toy_ok(prove_and_verify(&err, &f.special, SEED), &err);
        toy_ok(prove_and_verify(&err, &f.t, SEED + 1), &err);
        fixture_free(&f);
    }
}

/* Only where the fixed rows are known to the last one. */
static void halve__not_with_unknown_rows(void **state) {
    (void)state;
    zkm_error err;
    for (int way = 0; way < 2; way++) {
        fixture f;
        fixture_make(&f, N, way == 0 ? N - 1 : N, way == 0);
        assert_false(f.special.pk->header.halved);
        assert_true(f.special.pk->header.specialised);
        toy_ok(prove_and_verify(&err, &f.special, SEED), &err);
        fixture_free(&f);
    }
}

static void halve__other_values_are_not_proved(void **state) {
    (void)state;
    zkm_error err;
    fixture f;
    fixture_make(&f, N, N, true);
    toy_fails(prove_and_verify(&err, &f.special, SEED + 1), ZKM_REJECTED, &err);
    fixture_free(&f);
}

/* Every point of a halved key is needed: a proof with one that is changed does not verify. */
static void halve__every_point_is_used(void **state) {
    (void)state;
    zkm_error err;
    fixture f;
    fixture_make(&f, N, N, true);
    groth16_pk *pk = f.special.pk;
    const size_t quotient = (size_t)pk_quotient_points(&pk->header);
    const size_t linear = (size_t)pk_linear_points(&pk->header);
    const g1_affine *const sections[] = {pk->h, pk->linear};
    const size_t counts[] = {quotient, linear};
    for (int s = 0; s < 2; s++) {
        g1_affine *changed = calloc(counts[s], sizeof *changed);
        assert_non_null(changed);
        memcpy(changed, sections[s], counts[s] * sizeof *changed);
        *(s == 0 ? &pk->h : &pk->linear) = changed;
        for (size_t i = 0; i < counts[s]; i++) {
            const g1_affine kept = changed[i];
            if (g1_affine_is_infinity(&kept)) /* a known wire's, or one of no even row */
                continue;
            g1_affine_neg(&changed[i], &changed[i]);
            toy_fails(prove_and_verify(&err, &f.special, SEED), ZKM_REJECTED, &err);
            changed[i] = kept;
        }
        toy_ok(prove_and_verify(&err, &f.special, SEED), &err);
        *(s == 0 ? &pk->h : &pk->linear) = sections[s];
        free(changed);
    }
    fixture_free(&f);
}

/* Headers that say that a key is halved. */
static void open__halves_are_not_believed(void **state) {
    (void)state;
    for (int way = 0; way < 4; way++) {
        zkm_error err;
        fixture f;
        size_t len;
        groth16_pk *pk = NULL;
        fixture_make(&f, N, N, way > 0);
        uint8_t *read = toy_read(f.path, &len);
        uint8_t *bytes = aligned_alloc(PK_PAGE, (len + PK_PAGE - 1) / PK_PAGE * PK_PAGE);
        assert_non_null(bytes);
        memcpy(bytes, read, len);
        if (way < 3)
            bytes[PK_AT_HALVED] = (uint8_t)(way == 0 ? 1 : way == 1 ? 0 : 2);
        else
            bytes[PK_AT_NUM_ROWS]--;
        pk_reseal(bytes, len);
        toy_fails(pk_open_bytes(&err, &pk, bytes, len, NULL), ZKM_ERR_FORMAT, &err);
        free(bytes);
        free(read);
        fixture_free(&f);
    }
}

/* ------------------------------------------------------------------ */

static void specialise__keys_that_cannot_be(void **state) {
    (void)state;
    const groth16_setup_options options = {.threads = 2, .exportable = true};
    zkm_error err;
    fixture f, twice, exportable = {0};
    fixture_new(&f, 3);
    twice = f;
    twice.t.pk = f.special.pk;
    toy_fails(specialise(&err, &twice, 3), ZKM_ERR_ARGUMENT, &err);
    fixture_free(&f);
    toy_system(&exportable.t, N, 0);
    toy_setup(&exportable.t, &options);
    toy_fails(specialise(&err, &exportable, 3), ZKM_ERR_ARGUMENT, &err);
    assert_int_not_equal(access(exportable.path, F_OK), 0);
    toy_free(&exportable.t);
}

static void specialise__damaged_key_leaves_nothing(void **state) {
    (void)state;
    zkm_error err;
    fixture f = {0};
    size_t len;
    toy_new(&f.t, N, 0);
    uint8_t *bytes = toy_read(f.t.pk_path, &len);
    bytes[pk_section_offset(bytes, PK_PRIVATE) + 9] ^= 1;
    groth16_pk_free(f.t.pk);
    toy_write(f.t.pk_path, bytes, len);
    toy_ok(groth16_pk_open(&err, &f.t.pk, f.t.pk_path, NULL), &err);
    toy_fails(specialise(&err, &f, 3), ZKM_ERR_FORMAT, &err);
    assert_int_not_equal(access(f.path, F_OK), 0);
    free(bytes);
    toy_free(&f.t);
}

/* Sums in the header that are no points of their groups, and B's columns in G1 beside them. */
static void open__sums_are_not_believed(void **state) {
    (void)state;
    fixture f;
    size_t len;
    g2_affine stranger;
    fixture_new(&f, 3);
    toy_stranger(&stranger);
    uint8_t *original = toy_read(f.path, &len);
    for (int way = 0; way < 5; way++) {
        zkm_error err;
        groth16_pk *pk = NULL;
        uint8_t *bytes = aligned_alloc(PK_PAGE, (len + PK_PAGE - 1) / PK_PAGE * PK_PAGE);
        assert_non_null(bytes);
        memcpy(bytes, original, len);
        uint8_t *sums = bytes + PK_AT_FIXED + sizeof LABEL;
        if (way < 3)
            sums[64 * way + 40] ^= 1;
        else if (way == 3)
            g2_to_bytes(sums + 3 * 64, &stranger);
        else
            memset(bytes + PK_AT_BLINDING, 0, 128);
        pk_reseal(bytes, len);
        toy_fails(pk_open_bytes(&err, &pk, bytes, len, NULL), ZKM_ERR_FORMAT, &err);
        free(bytes);
    }
    free(original);
    fixture_free(&f);
}

/* A key with B's columns in G1 whose header says that it is specialised: r B would lack the sum. */
static void open__specialised_with_b_in_g1(void **state) {
    (void)state;
    const groth16_setup_options options = {.threads = 2, .exportable = true};
    zkm_error err;
    fixture f;
    toy other;
    size_t len, special_len;
    groth16_pk *pk = NULL;
    fixture_new(&f, 3);
    toy_system(&other, N, 0);
    toy_setup(&other, &options);
    uint8_t *special = toy_read(f.path, &special_len), *read = toy_read(other.pk_path, &len);
    uint8_t *bytes = aligned_alloc(PK_PAGE, (len + PK_PAGE - 1) / PK_PAGE * PK_PAGE);
    assert_non_null(bytes);
    memcpy(bytes, read, len);
    memcpy(bytes + PK_AT_FIXED, special + PK_AT_FIXED, sizeof LABEL + 3 * G1_BYTES + G2_BYTES);
    pk_reseal(bytes, len);
    toy_ok(pk_open_bytes(&err, &pk, bytes, len, NULL), &err);
    groth16_pk_free(pk);
    bytes[8] = PK_VERSION_SPECIALISED;
    pk_reseal(bytes, len);
    toy_fails(pk_open_bytes(&err, &pk, bytes, len, NULL), ZKM_ERR_FORMAT, &err);
    free(bytes);
    free(read);
    free(special);
    toy_free(&other);
    fixture_free(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(specialise__proofs_verify),
        cmocka_unit_test(specialise__columns_of_fixed_wires_are_gone),
        cmocka_unit_test(specialise__every_sum_is_used),
        cmocka_unit_test(specialise__other_values_are_not_proved),
        cmocka_unit_test(halve__proofs_verify),
        cmocka_unit_test(halve__not_with_unknown_rows),
        cmocka_unit_test(halve__other_values_are_not_proved),
        cmocka_unit_test(halve__every_point_is_used),
        cmocka_unit_test(open__halves_are_not_believed),
        cmocka_unit_test(specialise__keys_that_cannot_be),
        cmocka_unit_test(specialise__damaged_key_leaves_nothing),
        cmocka_unit_test(open__sums_are_not_believed),
        cmocka_unit_test(open__specialised_with_b_in_g1),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
