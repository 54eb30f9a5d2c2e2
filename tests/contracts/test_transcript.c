/*
 * Contexts, challenges and folded statements of a thousand random statements, for the contracts'
 * tests: contracts/transcripts.txt in the build folder, which test_verifier.py reads and puts to a
 * contract. One line each, hexadecimal words:
 *
 *   chain id, contract, federation, round, client, nonce, context, statement (6), D (2), c, P
 *
 * The contract's key is that of tests/vectors/mirage.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "claim/context.h"
#include "claim/statement.h"
#include "groth16/transcript.h"
#include "math/xorshift.h"

#define STATEMENTS 1000

static void random_bytes(uint8_t *out, size_t n) {
    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)(next() >> 56);
}

/* Every eighth number is an end of its range. */
static uint64_t random_below(uint64_t limit) {
    uint64_t kind = next() % 16;
    return kind == 0 ? 0 : kind == 1 ? limit - 1 : next() % limit;
}

static void random_field(fr *out) {
    uint8_t bytes[32];
    fr one;
    random_bytes(bytes, sizeof bytes);
    fr_from_bytes_reduce(out, bytes);
    switch (next() % 16) {
    case 0:
        fr_set_zero(out);
        break;
    case 1: /* r - 1 */
        fr_set_u64(&one, 1);
        fr_set_zero(out);
        fr_sub(out, out, &one);
        break;
    default:
        break;
    }
}

static void print_word(FILE *out, const uint8_t *bytes, size_t n) {
    char text[65];
    hex_encode(text, bytes, n);
    fprintf(out, "%s ", text);
}

static void print_field(FILE *out, const fr *value) {
    uint8_t bytes[32];
    fr_to_bytes(bytes, value);
    print_word(out, bytes, 32);
}

static void print_context(FILE *out, uint8_t context[32]) {
    context_parts parts = {.chain_id = random_below(UINT64_MAX), .round = random_below(UINT64_MAX)};
    random_bytes(parts.contract, sizeof parts.contract);
    random_bytes(parts.federation, sizeof parts.federation);
    random_bytes(parts.client, sizeof parts.client);
    random_bytes(parts.nonce, sizeof parts.nonce);
    context_derive(context, &parts);
    fprintf(out, "%llx ", (unsigned long long)parts.chain_id);
    print_word(out, parts.contract, sizeof parts.contract);
    print_word(out, parts.federation, sizeof parts.federation);
    fprintf(out, "%llx ", (unsigned long long)parts.round);
    print_word(out, parts.client, sizeof parts.client);
    print_word(out, parts.nonce, sizeof parts.nonce);
    print_word(out, context, 32);
}

static void print_statement(FILE *out, const uint8_t vk_digest[32], const g1_affine *d) {
    uint8_t context[32], bytes[G1_BYTES];
    statement s = {.num_samples = (uint32_t)random_below(UINT32_MAX) + 1,
                   .threshold = random_below((uint64_t)1 << 48),
                   .verdict = (uint32_t)(next() >> 63)};
    fr fields[STATEMENT_FIELDS], c, p;
    print_context(out, context);
    random_field(&s.model_id);
    random_field(&s.dataset_id);
    assert_true(fr_from_bytes(&s.context, context));
    statement_to_fields(fields, &s);
    groth16_challenge(&c, vk_digest, fields, STATEMENT_FIELDS, d);
    groth16_fold(&p, fields, STATEMENT_FIELDS, &c);
    for (size_t i = 0; i < STATEMENT_FIELDS; i++)
        print_field(out, &fields[i]);
    g1_to_bytes(bytes, d);
    print_word(out, bytes, 32);
    print_word(out, bytes + 32, 32);
    print_field(out, &c);
    print_field(out, &p);
    fprintf(out, "\n");
}

static void transcripts__written(void **state) {
    (void)state;
    uint8_t digest[32];
    g1 point;
    g1_affine d;
    json_t *vk = json_load_file(ZKM_SOURCE_DIR "/tests/vectors/mirage/vk.json", 0, NULL);
    assert_true(
        hex_decode(digest, 32, json_string_value(json_object_get(vk, "vk_digest")) + strlen("0x")));
    json_decref(vk);
    mkdir("contracts", 0777);
    FILE *out = fopen("contracts/transcripts.txt", "w");
    assert_non_null(out);
    g1_from_affine(&point, g1_generator());
    for (int i = 0; i < STATEMENTS; i++) {
        g1_to_affine(&d, &point);
        print_statement(out, digest, &d);
        g1_double(&point, &point);
        g1_add_mixed(&point, &point, g1_generator());
    }
    assert_int_equal(fclose(out), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transcripts__written),
    };
    return cmocka_run_group_tests_name("transcript", tests, NULL, NULL);
}
