/* Proofs as bytes and as JSON: one proof has one form, and nothing else is read. */
#include "toy.h"

#include "groth16/json.h"

typedef struct {
    toy committed, plain;
    groth16_proof with_d, without_d;
} proofs;

static int make(void **state) {
    proofs *p = calloc(1, sizeof *p);
    assert_non_null(p);
    toy_new(&p->committed, 3, 0);
    toy_new(&p->plain, 6, 2);
    toy_prove(&p->committed, &p->with_d, 9);
    toy_prove_plain(&p->plain, &p->without_d, 9);
    *state = p;
    return 0;
}

static int drop(void **state) {
    proofs *p = *state;
    toy_free(&p->committed);
    toy_free(&p->plain);
    free(p);
    return 0;
}

static bool same_proof(const groth16_proof *a, const groth16_proof *b) {
    return a->committed == b->committed && g1_affine_equal(&a->a, &b->a) &&
           g2_affine_equal(&a->b, &b->b) && g1_affine_equal(&a->c, &b->c) &&
           (!a->committed || g1_affine_equal(&a->d, &b->d));
}

static void from_bytes__round_trips(void **state) {
    proofs *p = *state;
    const groth16_proof *all[] = {&p->with_d, &p->without_d};
    const size_t lengths[2][2] = {{320, 160}, {256, 128}};
    for (int i = 0; i < 2; i++)
        for (int compressed = 0; compressed < 2; compressed++) {
            zkm_error err;
            uint8_t bytes[GROTH16_PROOF_MAX_BYTES], again[GROTH16_PROOF_MAX_BYTES];
            groth16_proof read;
            size_t len = groth16_proof_to_bytes(bytes, all[i], compressed);
            assert_int_equal(len, lengths[i][compressed]);
            toy_ok(groth16_proof_from_bytes(&err, &read, bytes, len), &err);
            assert_true(same_proof(&read, all[i]));
            assert_int_equal(groth16_proof_to_bytes(again, &read, compressed), len);
            assert_memory_equal(bytes, again, len);
        }
}

/* The layout that DESIGN section 3 fixes, taken apart by hand. */
static void to_bytes__layout(void **state) {
    proofs *p = *state;
    uint8_t bytes[GROTH16_PROOF_MAX_BYTES], word[32];
    groth16_proof_to_bytes(bytes, &p->with_d, false);
    const fp *order[] = {&p->with_d.a.x,    &p->with_d.a.y,    &p->with_d.b.x.c1, &p->with_d.b.x.c0,
                         &p->with_d.b.y.c1, &p->with_d.b.y.c0, &p->with_d.c.x,    &p->with_d.c.y,
                         &p->with_d.d.x,    &p->with_d.d.y};
    for (size_t i = 0; i < 10; i++) {
        fp_to_bytes(word, order[i]);
        assert_memory_equal(bytes + 32 * i, word, 32);
    }
}

static void from_bytes__every_length(void **state) {
    proofs *p = *state;
    uint8_t bytes[400] = {0};
    groth16_proof_to_bytes(bytes, &p->with_d, false);
    for (size_t len = 0; len <= sizeof bytes; len++) {
        zkm_error err;
        groth16_proof read;
        zkm_status status = groth16_proof_from_bytes(&err, &read, bytes, len);
        if (len == 320 || len == 256) /* A, B, C alone are a proof of the other kind */
            assert_int_equal(status, ZKM_OK);
        else
            toy_fails(status, ZKM_ERR_FORMAT, &err);
    }
}

/* Each flipped bit is either refused at reading or gives another proof, which is then rejected. */
static void from_bytes__every_bit(void **state) {
    proofs *p = *state;
    for (int compressed = 0; compressed < 2; compressed++) {
        uint8_t bytes[GROTH16_PROOF_MAX_BYTES];
        size_t len = groth16_proof_to_bytes(bytes, &p->with_d, compressed), read_well = 0;
        for (size_t bit = 0; bit < 8 * len; bit += compressed ? 1 : 3) {
            zkm_error err;
            groth16_proof read;
            bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
            zkm_status status = groth16_proof_from_bytes(&err, &read, bytes, len);
            bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
            if (status != ZKM_OK) {
                toy_fails(status, ZKM_ERR_FORMAT, &err);
                continue;
            }
            read_well++;
            toy_fails(groth16_verify_committed(&err, p->committed.vk, p->committed.statement,
                                               TOY_FIELDS, &read),
                      ZKM_REJECTED, &err);
        }
        if (!compressed)
            assert_int_equal(read_well, 0); /* a coordinate determines the other up to sign */
    }
}

static void add_modulus(uint8_t word[32], const uint64_t modulus[4]) {
    unsigned carry = 0;
    for (int i = 31; i >= 0; i--) {
        unsigned sum =
            word[i] + (unsigned)((modulus[(31 - i) / 8] >> (8 * ((31 - i) % 8))) & 255) + carry;
        word[i] = (uint8_t)sum;
        carry = sum >> 8;
    }
    assert_int_equal(carry, 0); /* 2p is below 2^255 */
}

/* x + p is the same coordinate in other bytes: malleability by encoding. */
static void from_bytes__coordinate_plus_modulus(void **state) {
    proofs *p = *state;
    zkm_error err;
    groth16_proof read;
    for (size_t word = 0; word < 10; word++) {
        uint8_t bytes[GROTH16_PROOF_MAX_BYTES];
        size_t len = groth16_proof_to_bytes(bytes, &p->with_d, false);
        add_modulus(bytes + 32 * word, fp_MODULUS.l);
        toy_fails(groth16_proof_from_bytes(&err, &read, bytes, len), ZKM_ERR_FORMAT, &err);
    }
}

static void from_bytes__infinity(void **state) {
    proofs *p = *state;
    const size_t offsets[] = {0, 64, 192, 256, 320};
    for (int i = 0; i < 4; i++)
        for (int compressed = 0; compressed < 2; compressed++) {
            zkm_error err;
            groth16_proof read;
            uint8_t bytes[GROTH16_PROOF_MAX_BYTES];
            size_t len = groth16_proof_to_bytes(bytes, &p->with_d, compressed);
            size_t begin = compressed ? offsets[i] / 2 : offsets[i];
            size_t end = compressed ? offsets[i + 1] / 2 : offsets[i + 1];
            memset(bytes + begin, 0, end - begin);
            toy_fails(groth16_proof_from_bytes(&err, &read, bytes, len), ZKM_ERR_FORMAT, &err);
            bytes[begin] = 0x40; /* the flag that other libraries give infinity */
            toy_fails(groth16_proof_from_bytes(&err, &read, bytes, len), ZKM_ERR_FORMAT, &err);
            bytes[begin] = 0x80;
            toy_fails(groth16_proof_from_bytes(&err, &read, bytes, len), ZKM_ERR_FORMAT, &err);
        }
}

static void from_bytes__outside_of_the_subgroup(void **state) {
    proofs *p = *state;
    zkm_error err;
    groth16_proof bad = p->with_d, read;
    uint8_t bytes[GROTH16_PROOF_MAX_BYTES];
    toy_stranger(&bad.b);
    for (int compressed = 0; compressed < 2; compressed++) {
        size_t len = groth16_proof_to_bytes(bytes, &bad, compressed);
        toy_fails(groth16_proof_from_bytes(&err, &read, bytes, len), ZKM_ERR_FORMAT, &err);
        assert_non_null(strstr(err.message, "B"));
    }
}

static void from_bytes__off_the_curve(void **state) {
    proofs *p = *state;
    zkm_error err;
    groth16_proof read;
    fp one;
    fp_set_one(&one);
    for (int i = 0; i < 4; i++) {
        groth16_proof bad = p->with_d;
        fp *y = i == 0 ? &bad.a.y : i == 1 ? &bad.b.y.c0 : i == 2 ? &bad.c.y : &bad.d.y;
        uint8_t bytes[GROTH16_PROOF_MAX_BYTES];
        fp_add(y, y, &one);
        size_t len = groth16_proof_to_bytes(bytes, &bad, false);
        toy_fails(groth16_proof_from_bytes(&err, &read, bytes, len), ZKM_ERR_FORMAT, &err);
    }
}

static void from_bytes__failure_leaves_output(void **state) {
    (void)state;
    groth16_proof read, before;
    memset(&read, 0x5a, sizeof read);
    memcpy(&before, &read, sizeof read);
    uint8_t bytes[320] = {1};
    assert_int_equal(groth16_proof_from_bytes(NULL, &read, bytes, sizeof bytes), ZKM_ERR_FORMAT);
    assert_memory_equal(&before, &read, sizeof read);
}

static void from_json__round_trips(void **state) {
    proofs *p = *state;
    const groth16_proof *all[] = {&p->with_d, &p->without_d};
    for (int i = 0; i < 2; i++) {
        zkm_error err;
        groth16_proof read;
        json_t *value = NULL;
        toy_ok(groth16_proof_to_json(&err, &value, all[i]), &err);
        toy_ok(groth16_proof_from_json(&err, &read, value), &err);
        assert_true(same_proof(&read, all[i]));
        assert_string_equal(json_string_value(json_object_get(value, "curve")),
                            i ? "bn128" : "bn254");
        json_decref(value);
    }
}

static void fails_as_json(const proofs *p, const char *change) {
    zkm_error err;
    groth16_proof read;
    json_t *value = NULL, *patch = json_loads(change, JSON_DECODE_ANY, NULL);
    assert_non_null(patch);
    toy_ok(groth16_proof_to_json(&err, &value, &p->with_d), &err);
    assert_int_equal(json_object_update(value, patch), 0);
    toy_fails(groth16_proof_from_json(&err, &read, value), ZKM_ERR_FORMAT, &err);
    json_decref(patch);
    json_decref(value);
}

static void from_json__strict(void **state) {
    proofs *p = *state;
    fails_as_json(p, "{\"protocol\": \"plonk\"}");
    fails_as_json(p, "{\"curve\": \"bls12381\"}");
    fails_as_json(p, "{\"variant\": \"other\"}");
    fails_as_json(p, "{\"variant\": null}");
    fails_as_json(p, "{\"pi_a\": [\"1\", \"2\"]}");
    fails_as_json(p, "{\"pi_a\": [\"1\", \"2\", \"1\", \"1\"]}");
    fails_as_json(p, "{\"pi_a\": [\"1\", \"2\", \"2\"]}");
    fails_as_json(p, "{\"pi_a\": [\"01\", \"2\", \"1\"]}");
    fails_as_json(p, "{\"pi_a\": [1, 2, 1]}");
    fails_as_json(p, "{\"pi_a\": [\"1\", \"3\", \"1\"]}");
    fails_as_json(p, "{\"pi_a\": [\"0\", \"1\", \"0\"]}"); /* infinity as snarkjs writes it */
    fails_as_json(p, "{\"pi_a\": {}}");
    fails_as_json(p, "{\"pi_a\": null}");
    fails_as_json(p, "{\"pi_b\": [[\"0\", \"0\"], [\"1\", \"0\"], [\"0\", \"0\"]]}");
    fails_as_json(p, "{\"pi_b\": [\"1\", \"2\", \"1\"]}");
    fails_as_json(p, "{\"pi_d\": [\"1\", \"two\", \"1\"]}");
    /* (1, 2 + p) is (1, 2) */
    fails_as_json(
        p, "{\"pi_c\": [\"1\", "
           "\"21888242871839275222246405745257275088696311157297823662689037894645226208585\","
           " \"1\"]}");
}

static void from_json__committed_without_variant(void **state) {
    proofs *p = *state;
    zkm_error err;
    groth16_proof read;
    json_t *value = NULL;
    toy_ok(groth16_proof_to_json(&err, &value, &p->with_d), &err);
    json_object_del(value, "variant");
    toy_fails(groth16_proof_from_json(&err, &read, value), ZKM_ERR_FORMAT, &err);
    json_decref(value);
    json_t *array = json_array();
    toy_fails(groth16_proof_from_json(&err, &read, array), ZKM_ERR_FORMAT, &err);
    json_decref(array);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_bytes__round_trips),
        cmocka_unit_test(to_bytes__layout),
        cmocka_unit_test(from_bytes__every_length),
        cmocka_unit_test(from_bytes__every_bit),
        cmocka_unit_test(from_bytes__coordinate_plus_modulus),
        cmocka_unit_test(from_bytes__infinity),
        cmocka_unit_test(from_bytes__outside_of_the_subgroup),
        cmocka_unit_test(from_bytes__off_the_curve),
        cmocka_unit_test(from_bytes__failure_leaves_output),
        cmocka_unit_test(from_json__round_trips),
        cmocka_unit_test(from_json__strict),
        cmocka_unit_test(from_json__committed_without_variant),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
