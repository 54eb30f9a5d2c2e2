/* The statement's canonical bytes, and contexts. */
#include "claim_helpers.h"

#include "claim/context.h"
#include "claim/statement.h"
#include "math/keccak.h"

/* r, big-endian. */
static const char modulus_hex[] =
    "30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001";

static statement example(void) {
    statement s = {.num_samples = 1000, .threshold = 214748364, .verdict = 1};
    fr_set_u64(&s.model_id, 0x0102030405060708u);
    fr_set_u64(&s.dataset_id, 0x1112131415161718u);
    fr_set_u64(&s.context, 0x2122232425262728u);
    return s;
}

static void statement_to_bytes__six_words_in_order(void **state) {
    (void)state;
    statement s = example();
    uint8_t bytes[STATEMENT_BYTES], expected[STATEMENT_BYTES] = {0};
    statement_to_bytes(bytes, &s);
    for (size_t i = 0; i < 8; i++) {
        expected[24 + i] = (uint8_t)(i + 1);
        expected[32 + 24 + i] = (uint8_t)(0x11 + i);
        expected[160 + 24 + i] = (uint8_t)(0x21 + i);
    }
    expected[64 + 30] = 1000 >> 8;
    expected[64 + 31] = 1000 & 255;
    memcpy(expected + 96 + 28, "\x0c\xcc\xcc\xcc", 4);
    expected[128 + 31] = 1;
    assert_memory_equal(bytes, expected, sizeof bytes);
}

static void statement_from_bytes__round_trip(void **state) {
    (void)state;
    zkm_error err;
    statement s = example(), again;
    uint8_t bytes[STATEMENT_BYTES], twice[STATEMENT_BYTES];
    static const uint64_t thresholds[] = {0, 1, (1ull << 48) - 1};
    for (size_t i = 0; i < 3; i++) {
        s.threshold = thresholds[i];
        s.verdict = (uint32_t)(i % 2);
        s.num_samples = i == 0 ? 1 : UINT32_MAX;
        statement_to_bytes(bytes, &s);
        assert_ok(&err, statement_from_bytes(&err, &again, bytes));
        assert_int_equal(again.threshold, s.threshold);
        assert_int_equal(again.num_samples, s.num_samples);
        assert_int_equal(again.verdict, s.verdict);
        assert_true(fr_equal(&again.context, &s.context));
        statement_to_bytes(twice, &again);
        assert_memory_equal(bytes, twice, sizeof bytes);
    }
}

/* The bytes with one field replaced by a word are refused, and the message names the field. */
static void refused(size_t field, const uint8_t word[32], const char *name) {
    zkm_error err;
    statement s = example(), out = {.verdict = 77};
    uint8_t bytes[STATEMENT_BYTES];
    statement_to_bytes(bytes, &s);
    memcpy(bytes + 32 * field, word, 32);
    assert_error(&err, statement_from_bytes(&err, &out, bytes), ZKM_ERR_FORMAT, name, NULL);
    assert_int_equal(out.verdict, 77);
}

static void statement_from_bytes__fields_out_of_range(void **state) {
    (void)state;
    uint8_t r[32], max[32];
    assert_true(hex_decode(r, 32, modulus_hex));
    memset(max, 0xff, sizeof max);
    static const char *const names[] = {"model_id",  "dataset_id", "num_samples",
                                        "threshold", "verdict",    "context"};
    for (size_t field = 0; field < STATEMENT_FIELDS; field++) {
        refused(field, r, names[field]);
        refused(field, max, names[field]);
    }
    const uint8_t zero[32] = {0};
    refused(2, zero, "num_samples");
    uint8_t word[32] = {0};
    word[27] = 1; /* 2^32 */
    refused(2, word, "num_samples");
    word[27] = 0;
    word[25] = 1; /* 2^48 */
    refused(3, word, "threshold");
    word[25] = 0;
    word[31] = 2;
    refused(4, word, "verdict");
    word[0] = 1;
    word[31] = 1; /* x + something high: not the small number */
    refused(2, word, "num_samples");
    refused(3, word, "threshold");
    refused(4, word, "verdict");
}

static void statement_from_bytes__x_and_x_plus_r_are_not_the_same(void **state) {
    (void)state;
    uint8_t r[32];
    assert_true(hex_decode(r, 32, modulus_hex));
    r[31] = (uint8_t)(r[31] + 7); /* 7 + r: equal to 7 mod r, but not canonical */
    refused(0, r, "model_id");
    refused(5, r, "context");
}

static void statement_check__ranges(void **state) {
    (void)state;
    zkm_error err;
    statement s = example();
    assert_ok(&err, statement_check(&err, &s));
    s.num_samples = 0;
    assert_error(&err, statement_check(&err, &s), ZKM_ERR_FORMAT, "num_samples", NULL);
    s = example();
    s.threshold = 1ull << 48;
    assert_error(&err, statement_check(&err, &s), ZKM_ERR_FORMAT, "threshold", NULL);
    s = example();
    s.verdict = 2;
    assert_error(&err, statement_check(&err, &s), ZKM_ERR_FORMAT, "verdict", NULL);
}

static void context_from_hex__canonical_or_refused(void **state) {
    (void)state;
    zkm_error err;
    fr value, seven;
    char text[67];
    fr_set_u64(&seven, 7);
    memset(text, '0', 66);
    text[66] = '\0';
    text[65] = '7';
    assert_ok(&err, context_from_hex(&err, &value, "context", text + 2));
    assert_true(fr_equal(&value, &seven));
    text[1] = 'x';
    assert_ok(&err, context_from_hex(&err, &value, "context", text));
    assert_true(fr_equal(&value, &seven));
    assert_error(&err, context_from_hex(&err, &value, "context", modulus_hex), ZKM_ERR_ARGUMENT,
                 "context", "modulus", "top three bits", NULL);
    static const char *const bad[] = {"", "0x", "7", "0x07", "zz", "context"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_error(&err, context_from_hex(&err, &value, "context", bad[i]), ZKM_ERR_ARGUMENT,
                     "context", "64 hex digits", NULL);
    assert_true(fr_equal(&value, &seven)); /* untouched */
}

static void context_derive__is_keccak_of_six_words(void **state) {
    (void)state;
    context_parts parts = {.chain_id = 1, .round = 0x0203};
    memset(parts.contract, 0xc0, sizeof parts.contract);
    memset(parts.federation, 0xfe, sizeof parts.federation);
    memset(parts.client, 0xc1, sizeof parts.client);
    memset(parts.nonce, 0x4e, sizeof parts.nonce);
    uint8_t words[192] = {0}, expected[32], out[32];
    words[31] = 1;
    memset(words + 44, 0xc0, 20);
    memset(words + 64, 0xfe, 32);
    words[96 + 30] = 2;
    words[96 + 31] = 3;
    memset(words + 140, 0xc1, 20);
    memset(words + 160, 0x4e, 32);
    keccak256(expected, words, sizeof words);
    expected[0] &= 0x1f;
    context_derive(out, &parts);
    assert_memory_equal(out, expected, 32);
    fr value;
    assert_true(fr_from_bytes(&value, out));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statement_to_bytes__six_words_in_order),
        cmocka_unit_test(statement_from_bytes__round_trip),
        cmocka_unit_test(statement_from_bytes__fields_out_of_range),
        cmocka_unit_test(statement_from_bytes__x_and_x_plus_r_are_not_the_same),
        cmocka_unit_test(statement_check__ranges),
        cmocka_unit_test(context_from_hex__canonical_or_refused),
        cmocka_unit_test(context_derive__is_keccak_of_six_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
