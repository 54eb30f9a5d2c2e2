/* Verifying keys: files, digests, and the keys that must be refused. */
#include "toy.h"

#include "base/bytes.h"
#include "groth16/json.h"
#include "math/keccak.h"

typedef struct {
    toy committed, plain;
} keys;

static int make(void **state) {
    keys *k = calloc(1, sizeof *k);
    assert_non_null(k);
    toy_new(&k->committed, 3, 0);
    toy_new(&k->plain, 6, 2);
    *state = k;
    return 0;
}

static int drop(void **state) {
    keys *k = *state;
    toy_free(&k->committed);
    toy_free(&k->plain);
    free(k);
    return 0;
}

static void from_bytes__round_trips(void **state) {
    keys *k = *state;
    const groth16_vk *all[] = {k->committed.vk, k->plain.vk};
    for (int i = 0; i < 2; i++) {
        zkm_error err;
        uint8_t *bytes = NULL, *again = NULL;
        size_t len = 0, len2 = 0;
        groth16_vk *vk = NULL;
        toy_ok(groth16_vk_to_bytes(&err, &bytes, &len, all[i]), &err);
        toy_ok(groth16_vk_from_bytes(&err, &vk, bytes, len), &err);
        assert_memory_equal(vk->digest, all[i]->digest, 32);
        toy_ok(groth16_vk_to_bytes(&err, &again, &len2, vk), &err);
        assert_int_equal(len, len2);
        assert_memory_equal(bytes, again, len);
        groth16_vk_free(vk);
        free(bytes);
        free(again);
    }
}

/* The formula of DESIGN section 3, over bytes put together here. */
static void digest__is_the_published_formula(void **state) {
    keys *k = *state;
    const groth16_vk_parts *p = &k->committed.vk->parts;
    uint8_t buffer[14 + 32 + 64 + 4 * 128 + 3 * 64], digest[32], *at = buffer;
    memcpy(at, "zkmetric.vk.v1", 14), at += 14;
    memcpy(at, p->circuit_digest, 32), at += 32;
    g1_to_bytes(at, &p->alpha), at += 64;
    g2_to_bytes(at, &p->beta), at += 128;
    g2_to_bytes(at, &p->gamma), at += 128;
    g2_to_bytes(at, &p->delta), at += 128;
    g2_to_bytes(at, &p->delta1), at += 128;
    for (int i = 0; i < 3; i++)
        g1_to_bytes(at, &p->ic[i]), at += 64;
    assert_int_equal(at - buffer, sizeof buffer);
    keccak256(digest, buffer, sizeof buffer);
    assert_memory_equal(digest, k->committed.vk->digest, 32);
}

static void refused(const groth16_vk_parts *parts) {
    zkm_error err;
    groth16_vk *vk = NULL;
    toy_fails(groth16_vk_new(&err, &vk, parts), ZKM_ERR_FORMAT, &err);
    assert_null(vk);
}

/* gamma = delta drained two contracts in 2026; opposite points cancel just as well. */
static void new__related_secrets(void **state) {
    keys *k = *state;
    const groth16_vk_parts good = k->committed.vk->parts;
    groth16_vk_parts bad;
    g2_affine minus_generator;
    g2_affine_neg(&minus_generator, g2_generator());
    bad = good, bad.delta = good.gamma, refused(&bad);
    bad = good, bad.delta1 = good.gamma, refused(&bad);
    bad = good, bad.delta1 = good.delta, refused(&bad);
    bad = good, g2_affine_neg(&bad.delta, &good.gamma), refused(&bad);
    bad = good, g2_affine_neg(&bad.delta1, &good.gamma), refused(&bad);
    bad = good, g2_affine_neg(&bad.delta1, &good.delta), refused(&bad);
    bad = good, bad.delta = *g2_generator(), refused(&bad);
    bad = good, bad.delta1 = *g2_generator(), refused(&bad);
    bad = good, bad.delta = minus_generator, refused(&bad);
    bad = good, bad.delta1 = minus_generator, refused(&bad);
    bad = good, bad.beta = *g2_generator(), refused(&bad);
    bad = good, bad.alpha = *g1_generator(), refused(&bad);
    bad = good, g1_affine_neg(&bad.alpha, g1_generator()), refused(&bad);
}

/* What gamma = delta allows: from any proof one of any statement, by moving IC into C. */
static void new__gamma_equal_delta_is_forgeable(void **state) {
    keys *k = *state;
    zkm_error err;
    toy *t = &k->plain;
    groth16_proof proof;
    fr other[2];
    g1 x, y, term;
    toy_prove_plain(t, &proof, 9);
    groth16_vk weak = *t->vk;
    weak.parts.delta = weak.parts.gamma;
    weak.delta = weak.gamma; /* a verifier that did not check */
    fr_set_u64(&other[0], 1234);
    fr_set_u64(&other[1], 5678);
    /* A = alpha, B = beta, C = -(IC_0 + sum other_i IC_i): e(X, gamma) e(C, gamma) = 1 */
    proof.a = weak.parts.alpha;
    proof.b = weak.parts.beta;
    g1_from_affine(&x, &weak.parts.ic[0]);
    for (int i = 0; i < 2; i++) {
        g1_from_affine(&term, &weak.parts.ic[i + 1]);
        g1_mul(&term, &term, &other[i]);
        g1_add(&x, &x, &term);
    }
    g1_neg(&y, &x);
    g1_to_affine(&proof.c, &y);
    assert_int_equal(groth16_verify_plain(&err, &weak, other, 2, &proof), ZKM_OK);
    assert_int_equal(groth16_verify_plain(&err, t->vk, other, 2, &proof), ZKM_REJECTED);
    refused(&weak.parts);
}

static void new__gamma_may_be_the_generator(void **state) {
    keys *k = *state;
    zkm_error err;
    groth16_vk_parts parts = k->committed.vk->parts;
    groth16_vk *vk = NULL;
    parts.gamma = *g2_generator();
    toy_ok(groth16_vk_new(&err, &vk, &parts), &err);
    groth16_vk_free(vk);
}

static void new__infinity(void **state) {
    keys *k = *state;
    const groth16_vk_parts good = k->committed.vk->parts;
    groth16_vk_parts bad;
    g1_affine ic[3];
    bad = good, g1_affine_set_infinity(&bad.alpha), refused(&bad);
    bad = good, g2_affine_set_infinity(&bad.beta), refused(&bad);
    bad = good, g2_affine_set_infinity(&bad.gamma), refused(&bad);
    bad = good, g2_affine_set_infinity(&bad.delta), refused(&bad);
    bad = good, g2_affine_set_infinity(&bad.delta1), refused(&bad);
    for (int i = 0; i < 3; i++) {
        memcpy(ic, good.ic, sizeof ic);
        g1_affine_set_infinity(&ic[i]);
        bad = good, bad.ic = ic, refused(&bad);
    }
}

static void new__shape(void **state) {
    keys *k = *state;
    groth16_vk_parts bad = k->committed.vk->parts;
    bad.num_public = 1, refused(&bad);
    bad = k->committed.vk->parts, bad.origin.kind = (groth16_setup_kind)0, refused(&bad);
    bad = k->committed.vk->parts, bad.origin.kind = (groth16_setup_kind)9, refused(&bad);
}

/* A key is of a ceremony or not: marks that contradict each other are no key. */
static void new__contradicting_marks(void **state) {
    keys *k = *state;
    static const groth16_origin marks[] = {
        {GROTH16_CEREMONY, 0, {0}},     {GROTH16_CEREMONY, 0, {1}}, {GROTH16_SINGLE_PARTY, 1, {0}},
        {GROTH16_SINGLE_PARTY, 0, {1}}, {GROTH16_FOREIGN, 1, {0}},  {GROTH16_FOREIGN, 0, {1}}};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        zkm_error err;
        groth16_vk *vk = NULL;
        groth16_vk_parts parts = k->committed.vk->parts;
        parts.origin = marks[i];
        toy_fails(groth16_vk_new(&err, &vk, &parts), ZKM_ERR_FORMAT, &err);
        assert_non_null(strstr(err.message, "contradict"));
    }
}

static void from_bytes__truncated_or_longer(void **state) {
    keys *k = *state;
    zkm_error err;
    uint8_t *bytes = NULL;
    size_t len = 0;
    groth16_vk *vk = NULL;
    toy_ok(groth16_vk_to_bytes(&err, &bytes, &len, k->committed.vk), &err);
    for (size_t n = 0; n < len; n++)
        toy_fails(groth16_vk_from_bytes(&err, &vk, bytes, n), ZKM_ERR_FORMAT, &err);
    uint8_t *longer = calloc(1, 2 * len);
    assert_non_null(longer);
    memcpy(longer, bytes, len);
    toy_fails(groth16_vk_from_bytes(&err, &vk, longer, len + 1), ZKM_ERR_FORMAT, &err);
    toy_fails(groth16_vk_from_bytes(&err, &vk, longer, 2 * len), ZKM_ERR_FORMAT, &err);
    free(longer);
    free(bytes);
}

/* With `repair` the checksum is made right again, so that the checks behind it are reached. */
static zkm_status read_flipped(zkm_error *err, groth16_vk **vk, const uint8_t *bytes, size_t len,
                               size_t bit, bool repair) {
    uint8_t *bad = malloc(len);
    assert_non_null(bad);
    memcpy(bad, bytes, len);
    bad[bit / 8] ^= (uint8_t)(1 << bit % 8);
    if (repair)
        keccak256(bad + len - 32, bad, len - 32);
    zkm_status status = groth16_vk_from_bytes(err, vk, bad, len);
    free(bad);
    return status;
}

static void from_bytes__every_bit(void **state) {
    keys *k = *state;
    zkm_error err;
    uint8_t *bytes = NULL;
    size_t len = 0;
    groth16_vk *vk = NULL;
    toy_ok(groth16_vk_to_bytes(&err, &bytes, &len, k->committed.vk), &err);
    for (size_t bit = 0; bit < 8 * len; bit++) {
        zkm_status status = read_flipped(&err, &vk, bytes, len, bit, false);
        assert_true(status == ZKM_ERR_FORMAT || status == ZKM_ERR_UNSUPPORTED);
    }
    for (size_t bit = 0; bit < 8 * (len - 32); bit += 7) {
        zkm_status status = read_flipped(&err, &vk, bytes, len, bit, true);
        if (status != ZKM_OK)
            continue;
        /* Only bytes of the circuit digest, of which the key's digest tells. */
        assert_in_range(bit / 8, 28 + 32, 28 + 64 - 1);
        assert_memory_not_equal(vk->digest, k->committed.vk->digest, 32);
        groth16_vk_free(vk);
    }
    free(bytes);
}

static void from_bytes__counts_are_not_believed(void **state) {
    keys *k = *state;
    zkm_error err;
    uint8_t *bytes = NULL;
    size_t len = 0;
    groth16_vk *vk = NULL;
    const uint32_t counts[] = {0, 1, 3, 4, 0xffff, 0x7fffffff, 0xffffffff};
    toy_ok(groth16_vk_to_bytes(&err, &bytes, &len, k->plain.vk), &err);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        for (int b = 0; b < 4; b++)
            bytes[24 + b] = (uint8_t)(counts[i] >> (24 - 8 * b));
        keccak256(bytes + len - 32, bytes, len - 32);
        toy_fails(groth16_vk_from_bytes(&err, &vk, bytes, len), ZKM_ERR_FORMAT, &err);
    }
    free(bytes);
}

static void read__names_the_file(void **state) {
    (void)state;
    zkm_error err;
    groth16_vk *vk = NULL;
    toy_fails(groth16_vk_read(&err, &vk, "no_such_vk.zkm"), ZKM_ERR_NOT_FOUND, &err);
    toy_write("test_groth16_vk_empty.zkm", (const uint8_t *)"", 0);
    toy_fails(groth16_vk_read(&err, &vk, "test_groth16_vk_empty.zkm"), ZKM_ERR_FORMAT, &err);
    assert_non_null(strstr(err.message, "test_groth16_vk_empty.zkm"));
    unlink("test_groth16_vk_empty.zkm");
}

static void from_json__round_trips(void **state) {
    keys *k = *state;
    zkm_error err;
    json_t *value = NULL;
    groth16_vk *vk = NULL;
    toy_ok(groth16_vk_to_json(&err, &value, k->committed.vk), &err);
    assert_string_equal(json_string_value(json_object_get(value, "setup")), "single-party");
    toy_ok(groth16_vk_from_json(&err, &vk, value), &err);
    assert_memory_equal(vk->digest, k->committed.vk->digest, 32);
    assert_int_equal(vk->parts.origin.kind, GROTH16_SINGLE_PARTY);
    groth16_vk_free(vk);
    json_decref(value);
}

static void from_json__ceremony(void **state) {
    keys *k = *state;
    zkm_error err;
    json_t *value = NULL;
    groth16_vk *vk = NULL, *again = NULL;
    groth16_vk_parts parts = k->committed.vk->parts;
    parts.origin = (groth16_origin){GROTH16_CEREMONY, 7, {1, 2, 3}};
    toy_ok(groth16_vk_new(&err, &vk, &parts), &err);
    toy_ok(groth16_vk_to_json(&err, &value, vk), &err);
    toy_ok(groth16_vk_from_json(&err, &again, value), &err);
    assert_int_equal(again->parts.origin.kind, GROTH16_CEREMONY);
    assert_int_equal(again->parts.origin.contributions, 7);
    assert_memory_equal(again->parts.origin.transcript, parts.origin.transcript, 32);
    groth16_vk_free(vk);
    groth16_vk_free(again);
    json_decref(value);
}

static void from_json__edited(void **state) {
    keys *k = *state;
    static const char *const changes[] = {
        "{\"vk_digest\": \"0x0000000000000000000000000000000000000000000000000000000000000000\"}",
        "{\"circuit_digest\": "
        "\"0x0000000000000000000000000000000000000000000000000000000000000000\"}",
        "{\"circuit_digest\": \"0x00\"}",
        "{\"setup\": \"trust me\"}",
        "{\"setup\": \"ceremony\"}",
        "{\"IC\": []}",
        "{\"IC\": [[\"1\", \"2\", \"1\"]]}",
        "{\"nPublic\": 3}",
        "{\"nPublic\": \"2\"}",
        "{\"alpha_1\": [\"1\", \"2\", \"1\"]}",
        "{\"delta_2\": null}",
        "{\"variant\": \"groth\"}",
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        zkm_error err;
        json_t *value = NULL, *patch = json_loads(changes[i], 0, NULL);
        groth16_vk *vk = NULL;
        toy_ok(groth16_vk_to_json(&err, &value, k->committed.vk), &err);
        json_object_update(value, patch);
        toy_fails(groth16_vk_from_json(&err, &vk, value), ZKM_ERR_FORMAT, &err);
        json_decref(patch);
        json_decref(value);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_bytes__round_trips),
        cmocka_unit_test(digest__is_the_published_formula),
        cmocka_unit_test(new__related_secrets),
        cmocka_unit_test(new__gamma_equal_delta_is_forgeable),
        cmocka_unit_test(new__gamma_may_be_the_generator),
        cmocka_unit_test(new__infinity),
        cmocka_unit_test(new__shape),
        cmocka_unit_test(new__contradicting_marks),
        cmocka_unit_test(from_bytes__truncated_or_longer),
        cmocka_unit_test(from_bytes__every_bit),
        cmocka_unit_test(from_bytes__counts_are_not_believed),
        cmocka_unit_test(read__names_the_file),
        cmocka_unit_test(from_json__round_trips),
        cmocka_unit_test(from_json__ceremony),
        cmocka_unit_test(from_json__edited),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
