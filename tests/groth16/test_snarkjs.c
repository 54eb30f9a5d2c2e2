/*
 * snarkjs's files under our reader, and ours for snarkjs. Leaves in the current folder
 * snarkjs/NAME/vkey.json, proof.json, public.json and in snarkjs_zkey/NAME/ a key and witness that
 * snarkjs proves with; the Python tests beside this file and in tests/independent hand them to
 * snarkjs.
 */
#include "toy.h"

#include <sys/stat.h>

#include "groth16/json.h"
#include "groth16/lagrange.h"
#include "groth16/snarkjs.h"

static const char *const NAMES[] = {"cubic", "mixed"};
enum { NUM_NAMES = 2, PATH = 512 };

static const char *vector_path(char out[PATH], const char *name, const char *file) {
    snprintf(out, PATH, "%s/tests/vectors/snarkjs/%s/%s", ZKM_SOURCE_DIR, name, file);
    return out;
}

static json_t *load(const char *name, const char *file) {
    char path[PATH];
    json_error_t error;
    json_t *value = json_load_file(vector_path(path, name, file), JSON_REJECT_DUPLICATES, &error);
    if (!value)
        fail_msg("%s: %s", path, error.text);
    return value;
}

/* Verdict of our verifier on three JSON files. */
static zkm_status verify_json(zkm_error *err, const json_t *vkey, const json_t *publics,
                              const json_t *proof) {
    groth16_vk *vk = NULL;
    groth16_proof p;
    fr *values = NULL;
    size_t count = 0;
    zkm_status status;
    ZKM_TRY_OUT(groth16_vk_from_json(err, &vk, vkey));
    ZKM_TRY_OUT(groth16_publics_from_json(err, &values, &count, publics));
    ZKM_TRY_OUT(groth16_proof_from_json(err, &p, proof));
    status = groth16_verify_plain(err, vk, values, count, &p);
out:
    free(values);
    groth16_vk_free(vk);
    return status;
}

static void verify__snarkjs_proofs(void **state) {
    (void)state;
    for (int i = 0; i < NUM_NAMES; i++) {
        zkm_error err;
        json_t *vkey = load(NAMES[i], "vkey.json"), *proof = load(NAMES[i], "proof.json");
        json_t *publics = load(NAMES[i], "public.json");
        toy_ok(verify_json(&err, vkey, publics, proof), &err);
        for (size_t j = 0; j < json_array_size(publics); j++) {
            json_t *changed = json_copy(publics);
            const char *other =
                strcmp(json_string_value(json_array_get(publics, j)), "5") ? "5" : "6";
            json_array_set_new(changed, j, json_string(other));
            toy_fails(verify_json(&err, vkey, changed, proof), ZKM_REJECTED, &err);
            json_decref(changed);
        }
        json_array_append_new(publics, json_string("0"));
        toy_fails(verify_json(&err, vkey, publics, proof), ZKM_REJECTED, &err);
        json_decref(vkey);
        json_decref(proof);
        json_decref(publics);
    }
}

/* delta = gamma = the generator: snarkjs accepts, we must not. */
static void vk_from_json__key_without_phase_2(void **state) {
    (void)state;
    for (int i = 0; i < NUM_NAMES; i++) {
        zkm_error err;
        json_t *vkey = load(NAMES[i], "bare_vkey.json"), *proof = load(NAMES[i], "bare_proof.json");
        json_t *publics = load(NAMES[i], "public.json");
        toy_fails(verify_json(&err, vkey, publics, proof), ZKM_ERR_FORMAT, &err);
        json_decref(vkey);
        json_decref(proof);
        json_decref(publics);
    }
}

static void vk_to_json__is_snarkjs_file(void **state) {
    (void)state;
    for (int i = 0; i < NUM_NAMES; i++) {
        zkm_error err;
        json_t *vkey = load(NAMES[i], "vkey.json"), *ours = NULL;
        groth16_vk *vk = NULL;
        toy_ok(groth16_vk_from_json(&err, &vk, vkey), &err);
        toy_ok(groth16_vk_to_json(&err, &ours, vk), &err);
        assert_true(
            json_equal(vkey, ours)); /* vk_alphabeta_12 included: the pairing itself agrees */
        json_decref(ours);
        json_decref(vkey);
        groth16_vk_free(vk);
    }
}

static void proof_to_json__is_snarkjs_file(void **state) {
    (void)state;
    for (int i = 0; i < NUM_NAMES; i++) {
        zkm_error err;
        groth16_proof proof;
        fr *values = NULL;
        size_t count = 0;
        json_t *theirs = load(NAMES[i], "proof.json"), *publics = load(NAMES[i], "public.json");
        json_t *ours = NULL;
        toy_ok(groth16_proof_from_json(&err, &proof, theirs), &err);
        toy_ok(groth16_proof_to_json(&err, &ours, &proof), &err);
        assert_true(json_equal(theirs, ours));
        json_decref(ours);
        toy_ok(groth16_publics_from_json(&err, &values, &count, publics), &err);
        toy_ok(groth16_publics_to_json(&err, &ours, values, count), &err);
        assert_true(json_equal(publics, ours));
        free(values);
        json_decref(ours);
        json_decref(theirs);
        json_decref(publics);
    }
}

/* A circuit of the vectors with its witness. */
static void load_circuit(toy *t, toy_witness *w, const char *name) {
    zkm_error err;
    char path[PATH];
    uint32_t count = 0;
    *t = (toy){0};
    toy_ok(snarkjs_r1cs_read(&err, &t->cs, vector_path(path, name, "circuit.r1cs")), &err);
    r1cs_digest(t->circuit_digest, t->cs);
    *w = (toy_witness){0};
    toy_ok(snarkjs_wtns_read(&err, &w->wires, &count, vector_path(path, name, "witness.wtns")),
           &err);
    assert_int_equal(count, t->cs->num_wires);
    toy_ok(r1cs_check(&err, t->cs, w->wires), &err);
    t->count = t->cs->num_public;
    assert_true(t->count <= TOY_MAX_PUBLIC);
    memcpy(t->statement, w->wires + 1, t->count * sizeof(fr));
}

static void prove_loaded(toy *t, toy_witness *w, groth16_proof *proof) {
    zkm_error err;
    size_t domain = (size_t)t->pk->header.domain;
    w->a = calloc(domain, sizeof(fr));
    w->b = calloc(domain, sizeof(fr));
    assert_true(w->a && w->b);
    toy_ok(r1cs_evaluate(&err, t->cs, w->wires, w->a, w->b, NULL, 2), &err);
    toy_finish(t, w, proof);
    toy_ok(groth16_verify_plain(&err, t->vk, t->statement, t->count, proof), &err);
}

static void r1cs_read__witness_satisfies(void **state) {
    (void)state;
    for (int i = 0; i < NUM_NAMES; i++) {
        zkm_error err;
        toy t;
        toy_witness w;
        load_circuit(&t, &w, NAMES[i]);
        /* Changing any wire that a constraint uses breaks one; all are used but the bound public
         * ones. */
        for (uint32_t j = 1 + t.cs->num_public; j < t.cs->num_wires; j++) {
            fr kept = w.wires[j];
            fr_add(&w.wires[j], &w.wires[j], &w.wires[0]);
            assert_int_equal(r1cs_check(&err, t.cs, w.wires), ZKM_REJECTED);
            w.wires[j] = kept;
        }
        toy_witness_free(&w);
        toy_free(&t);
    }
}

static void write_json(const char *folder, const char *name, const char *file, json_t *value) {
    char path[PATH];
    mkdir(folder, 0777);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/%s/%s", folder, name, file);
    assert_int_equal(json_dump_file(value, path, JSON_INDENT(1)), 0);
    json_decref(value);
}

static void write_proof(const toy *t, const groth16_proof *proof, const char *name) {
    zkm_error err;
    json_t *value = NULL;
    toy_ok(groth16_vk_to_json(&err, &value, t->vk), &err);
    write_json("snarkjs", name, "vkey.json", value);
    toy_ok(groth16_proof_to_json(&err, &value, proof), &err);
    write_json("snarkjs", name, "proof.json", value);
    toy_ok(groth16_publics_to_json(&err, &value, t->statement, t->count), &err);
    write_json("snarkjs", name, "public.json", value);
}

static void zkey_import__proves_under_snarkjs_key(void **state) {
    (void)state;
    for (int i = 0; i < NUM_NAMES; i++) {
        zkm_error err;
        char path[PATH];
        toy t;
        toy_witness w;
        groth16_proof proof;
        json_t *vkey = load(NAMES[i], "vkey.json"), *ours = NULL;
        load_circuit(&t, &w, NAMES[i]);
        toy_folder(&t);
        toy_ok(snarkjs_zkey_import(&err, &t.vk, t.pk_path,
                                   vector_path(path, NAMES[i], "circuit.zkey"), t.cs, 2),
               &err);
        toy_ok(groth16_pk_open(&err, &t.pk, t.pk_path, t.circuit_digest), &err);
        toy_ok(groth16_pk_check(&err, t.pk, 2), &err);
        assert_int_equal(t.vk->parts.origin.kind, GROTH16_FOREIGN);
        prove_loaded(&t, &w, &proof);
        toy_ok(groth16_vk_to_json(&err, &ours, t.vk), &err);
        assert_true(json_equal(ours, vkey));
        snprintf(path, sizeof path, "%s_imported", NAMES[i]);
        write_proof(&t, &proof, path);
        json_decref(ours);
        json_decref(vkey);
        toy_witness_free(&w);
        toy_free(&t);
    }
}

static void zkey_export__for_snarkjs(void **state) {
    (void)state;
    for (int i = 0; i < NUM_NAMES; i++) {
        zkm_error err;
        char path[PATH], pk_path[PATH];
        toy t;
        toy_witness w;
        groth16_proof proof;
        groth16_vk *again = NULL;
        json_t *vkey = NULL;
        const groth16_setup_options options = {.threads = 2, .exportable = true};
        load_circuit(&t, &w, NAMES[i]);
        toy_setup(&t, &options);
        prove_loaded(&t, &w, &proof);
        snprintf(path, sizeof path, "%s_own", NAMES[i]);
        write_proof(&t, &proof, path);
        toy_ok(groth16_vk_to_json(&err, &vkey, t.vk), &err);
        write_json("snarkjs_zkey", NAMES[i], "vkey.json", vkey);
        snprintf(path, sizeof path, "snarkjs_zkey/%s/witness.wtns", NAMES[i]);
        toy_ok(snarkjs_wtns_write(&err, w.wires, t.cs->num_wires, path), &err);
        snprintf(path, sizeof path, "snarkjs_zkey/%s/circuit.zkey", NAMES[i]);
        toy_ok(snarkjs_zkey_export(&err, path, t.pk, t.cs), &err);
        /* Our own import of it gives the same key, section by section. */
        snprintf(pk_path, sizeof pk_path, "%s/again.zkm", t.folder);
        toy_ok(snarkjs_zkey_import(&err, &again, pk_path, path, t.cs, 2), &err);
        groth16_pk *pk = NULL;
        toy_ok(groth16_pk_open(&err, &pk, pk_path, t.circuit_digest), &err);
        assert_int_equal(pk->num_a, t.pk->num_a);
        assert_int_equal(pk->num_b, t.pk->num_b);
        assert_memory_equal(pk->a, t.pk->a, pk->num_a * sizeof *pk->a);
        assert_memory_equal(pk->b2, t.pk->b2, pk->num_b * sizeof *pk->b2);
        assert_memory_equal(pk->h, t.pk->h, (size_t)pk->header.domain * sizeof *pk->h);
        assert_memory_equal(again->digest, t.vk->digest, 32);
        groth16_pk_free(pk);
        groth16_vk_free(again);
        unlink(pk_path);
        toy_witness_free(&w);
        toy_free(&t);
    }
}

static void zkey_export__keys_that_snarkjs_cannot_have(void **state) {
    (void)state;
    zkm_error err;
    toy t;
    toy_new(&t, 5, 0);
    toy_fails(snarkjs_zkey_export(&err, "never.zkey", t.pk, t.cs), ZKM_ERR_UNSUPPORTED, &err);
    toy_free(&t);
    toy_new(&t, 7, 3);
    toy_fails(snarkjs_zkey_export(&err, "never.zkey", t.pk, t.cs), ZKM_ERR_UNSUPPORTED, &err);
    assert_int_not_equal(access("never.zkey", F_OK), 0);
    toy_free(&t);
}

static void zkey_import__key_of_another_system(void **state) {
    (void)state;
    zkm_error err;
    char path[PATH];
    toy t;
    toy_witness w;
    load_circuit(&t, &w, "cubic");
    toy_folder(&t);
    vector_path(path, "mixed", "circuit.zkey");
    toy_fails(snarkjs_zkey_import(&err, &t.vk, t.pk_path, path, t.cs, 1), ZKM_ERR_MISMATCH, &err);
    /* The same shape, one coefficient changed. */
    vector_path(path, "cubic", "circuit.zkey");
    fr_set_u64(&t.cs->coefs[t.cs->num_coefs - 1], 424242);
    zkm_status status = snarkjs_zkey_import(&err, &t.vk, t.pk_path, path, t.cs, 1);
    if (status == ZKM_OK) /* it stood on a C side, which a zkey does not hold */
        groth16_vk_free(t.vk), t.vk = NULL;
    t.cs->blocks[0].terms[0].index ^= 1;
    toy_fails(snarkjs_zkey_import(&err, &t.vk, t.pk_path, path, t.cs, 1), ZKM_ERR_MISMATCH, &err);
    toy_witness_free(&w);
    toy_free(&t);
}

/* Every byte of the points, the header and the coefficients matters; contributions (the last
 * section) are not ours to judge. */
static void zkey_import__damaged(void **state) {
    (void)state;
    char path[PATH];
    toy t;
    toy_witness w;
    size_t len;
    load_circuit(&t, &w, "cubic");
    toy_folder(&t);
    uint8_t *bytes = toy_read(vector_path(path, "cubic", "circuit.zkey"), &len);
    snprintf(path, sizeof path, "%s/bad.zkey", t.folder);
    for (size_t at = 0; at < len; at += 61) {
        zkm_error err;
        toy_write(path, bytes, at);
        assert_int_not_equal(snarkjs_zkey_import(&err, &t.vk, t.pk_path, path, t.cs, 1), ZKM_OK);
        bytes[at] ^= 0x04;
        toy_write(path, bytes, len);
        bytes[at] ^= 0x04;
        zkm_status status = snarkjs_zkey_import(&err, &t.vk, t.pk_path, path, t.cs, 1);
        if (status == ZKM_OK) { /* inside the contributions */
            assert_true(at > len / 2);
            groth16_vk_free(t.vk);
            t.vk = NULL;
        } else {
            assert_true(status >= ZKM_ERR_ARGUMENT && status <= ZKM_ERR_NOT_FOUND);
            assert_non_null(strstr(err.message, "bad.zkey"));
        }
    }
    unlink(path);
    free(bytes);
    toy_witness_free(&w);
    toy_free(&t);
}

/* beta and delta in G1 that are good points but not those of G2 give proofs that never verify. */
static void zkey_import__secrets_that_differ_between_groups(void **state) {
    (void)state;
    enum {
        HEADER = 12 + 12 + 4 + 12 + 2 * 36 + 12,
        BETA = HEADER + 64,
        DELTA = HEADER + 2 * 64 + 2 * 128
    };
    const size_t offsets[] = {BETA, DELTA};
    char path[PATH];
    toy t;
    toy_witness w;
    size_t len;
    load_circuit(&t, &w, "cubic");
    toy_folder(&t);
    uint8_t *bytes = toy_read(vector_path(path, "cubic", "circuit.zkey"), &len);
    snprintf(path, sizeof path, "%s/bad.zkey", t.folder);
    for (int i = 0; i < 2; i++) {
        zkm_error err;
        g1_affine kept, doubled;
        g1 p;
        memcpy(&kept, bytes + offsets[i], sizeof kept);
        assert_true(g1_on_curve(&kept));
        g1_from_affine(&p, &kept);
        g1_double(&p, &p);
        g1_to_affine(&doubled, &p);
        memcpy(bytes + offsets[i], &doubled, sizeof doubled);
        toy_write(path, bytes, len);
        memcpy(bytes + offsets[i], &kept, sizeof kept);
        toy_fails(snarkjs_zkey_import(&err, &t.vk, t.pk_path, path, t.cs, 1), ZKM_ERR_FORMAT, &err);
        assert_non_null(strstr(err.message, "groups"));
    }
    unlink(path);
    free(bytes);
    toy_witness_free(&w);
    toy_free(&t);
}

static void r1cs_from_bytes__damaged(void **state) {
    (void)state;
    char path[PATH];
    zkm_error err;
    size_t len;
    uint8_t *bytes = toy_read(vector_path(path, "cubic", "circuit.r1cs"), &len);
    r1cs *cs = NULL;
    for (size_t at = 0; at < len; at++)
        assert_int_not_equal(snarkjs_r1cs_from_bytes(&err, &cs, bytes, at), ZKM_OK);
    for (size_t at = 0; at < len; at++) {
        bytes[at] ^= 0x80;
        if (snarkjs_r1cs_from_bytes(&err, &cs, bytes, len) == ZKM_OK)
            r1cs_free(cs);
        bytes[at] ^= 0x80;
    }
    free(bytes);
}

static void wtns_from_bytes__damaged(void **state) {
    (void)state;
    char path[PATH];
    zkm_error err;
    size_t len;
    uint32_t count;
    fr *wires = NULL;
    uint8_t *bytes = toy_read(vector_path(path, "cubic", "witness.wtns"), &len);
    for (size_t at = 0; at < len; at++)
        assert_int_not_equal(snarkjs_wtns_from_bytes(&err, &wires, &count, bytes, at), ZKM_OK);
    for (size_t at = 0; at + 32 <= len; at++) {
        uint8_t kept[32];
        memcpy(kept, bytes + at, 32);
        memset(bytes + at, 0xff, 32);
        assert_int_not_equal(snarkjs_wtns_from_bytes(&err, &wires, &count, bytes, len), ZKM_OK);
        memcpy(bytes + at, kept, 32);
    }
    free(bytes);
}

/* Domains of size 2^k have the same root in the transforms, in setup and in snarkjs. */
static void subgroup_root__is_the_transforms(void **state) {
    (void)state;
    const size_t sizes[] = {2, 3, 8, 9, 24, 36, 128, 144, 1024, 9 << 10};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        fft_domain d;
        fr root;
        fr *tables = malloc(fft_domain_tables(sizes[i]) * sizeof *tables + 1);
        assert_non_null(tables);
        fft_domain_init(&d, sizes[i], tables);
        subgroup_root(&root, sizes[i]);
        assert_true(fr_equal(&root, &d.root));
        subgroup_root(&root, 2 * sizes[i]);
        assert_true(fr_equal(&root, &d.shift));
        free(tables);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verify__snarkjs_proofs),
        cmocka_unit_test(vk_from_json__key_without_phase_2),
        cmocka_unit_test(vk_to_json__is_snarkjs_file),
        cmocka_unit_test(proof_to_json__is_snarkjs_file),
        cmocka_unit_test(r1cs_read__witness_satisfies),
        cmocka_unit_test(zkey_import__proves_under_snarkjs_key),
        cmocka_unit_test(zkey_export__for_snarkjs),
        cmocka_unit_test(zkey_export__keys_that_snarkjs_cannot_have),
        cmocka_unit_test(zkey_import__key_of_another_system),
        cmocka_unit_test(zkey_import__damaged),
        cmocka_unit_test(zkey_import__secrets_that_differ_between_groups),
        cmocka_unit_test(r1cs_from_bytes__damaged),
        cmocka_unit_test(wtns_from_bytes__damaged),
        cmocka_unit_test(subgroup_root__is_the_transforms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
