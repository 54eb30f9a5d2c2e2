/* Ceremonies: the honest way, then every cheat that a participant, or who keeps the files, can try. */
#include "groth16/toy.h"

#include "groth16/ceremony_internal.h"
#include "groth16/ptau_make.h"
#include "math/hash_to_g2.h"

static const ceremony_options OPTIONS = {.threads = 2};
enum { POWER = 6 };

/* Names that the tests of one process share; made once. */
static char folder[] = "test_ceremony.XXXXXX";
static char ptau_path[64];

static const char *in_folder(const char *name) {
    static char paths[8][96];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static contribution participant(const char *name) {
    zkm_error err;
    contribution c = {0};
    toy_ok(contribution_name(&err, &c, name), &err);
    return c;
}

static void make_ptau(const char *path, uint32_t power) {
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

static int begin(void **state) {
    (void)state;
    assert_non_null(mkdtemp(folder));
    strcpy(ptau_path, in_folder("test.ptau"));
    make_ptau(ptau_path, POWER);
    return 0;
}

static int end(void **state) {
    char command[64];
    (void)state;
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static ptau open_ptau(const char *path) {
    zkm_error err;
    ptau p;
    toy_ok(ptau_open(&err, &p, path), &err);
    return p;
}

static void init(const toy *t, const char *ptau_file, const char *out) {
    zkm_error err;
    ceremony_summary s;
    ptau p = open_ptau(ptau_file);
    toy_ok(ceremony_init(&err, &s, t->cs, t->circuit_digest, &p, out, &OPTIONS), &err);
    assert_int_equal(s.state.count, 0);
    ptau_close(&p);
}

static void contribute(const char *name, const char *in, const char *out) {
    zkm_error err;
    ceremony_summary s;
    contribution c = participant(name);
    toy_ok(ceremony_contribute(&err, &s, &c, in, out, "dice", 4, &OPTIONS), &err);
}

static zkm_status verify(zkm_error *err, const toy *t, const char *ptau_file, const char *path) {
    ceremony_summary s;
    ptau p = open_ptau(ptau_file);
    zkm_status status = ceremony_verify(err, &s, NULL, t->cs, t->circuit_digest, &p, path, NULL,
                                        NULL, &OPTIONS);
    ptau_close(&p);
    return status;
}

static void finalize(toy *t, const char *ptau_file, const char *path) {
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

/* n committed values give 2n + 8 rows or so: domains of every form. */
static void whole_ceremony(uint32_t n, uint32_t num_public, const char *ptau_file) {
    zkm_error err;
    toy t;
    groth16_proof proof;
    contribution beacon = participant("public randomness");
    ceremony_summary s;
    toy_system(&t, n, num_public);
    init(&t, ptau_file, in_folder("w0"));
    contribute("A", in_folder("w0"), in_folder("w1"));
    contribute("B", in_folder("w1"), in_folder("w2"));
    toy_ok(contribution_beacon(&err, &beacon, (const uint8_t *)"lottery", 7, 10), &err);
    toy_ok(ceremony_contribute(&err, &s, &beacon, in_folder("w2"), in_folder("w3"), NULL, 0,
                               &OPTIONS),
           &err);
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ceremony__keys_prove_on_every_kind_of_domain),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
