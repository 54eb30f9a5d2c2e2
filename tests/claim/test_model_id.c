/* model_id and the sponge against their definitions. */
#include "claim_helpers.h"

#include "claim/model_id.h"
#include "claim/sponge.h"
#include "math/keccak.h"
#include "math/poseidon2.h"

static void sponge_tag__is_keccak_without_three_bits(void **state) {
    (void)state;
    uint8_t hash[32], bytes[32];
    fr tag;
    keccak256(hash, (const uint8_t *)"zkmetric.model.v1", 17);
    hash[0] &= 0x1f;
    sponge_tag(&tag, "zkmetric.model.v1");
    fr_to_bytes(bytes, &tag);
    assert_memory_equal(bytes, hash, 32);
}

static void sponge_absorb_block__adds_then_permutes(void **state) {
    (void)state;
    sponge s;
    fr expected[16], blocks[2][SPONGE_RATE], out;
    memset(expected, 0, sizeof expected);
    sponge_tag(&expected[15], "t");
    sponge_init(&s, "t");
    for (uint64_t b = 0; b < 2; b++) {
        size_t n = b == 0 ? 15 : 4;
        for (size_t i = 0; i < n; i++) {
            fr_set_u64(&blocks[b][i], 100 * b + i + 1);
            fr_add(&expected[i], &expected[i], &blocks[b][i]);
        }
        poseidon2_permute_t16(expected);
        sponge_absorb_block(&s, blocks[b], n);
    }
    sponge_squeeze(&out, &s);
    assert_true(fr_equal(&out, &expected[0]));
}

static void sponge_pack__places_digits(void **state) {
    (void)state;
    static const struct {
        unsigned stride;
        size_t n;
    } cases[] = {{16, 15}, {48, 5}, {16, 1}, {60, 4}, {64, 3}, {7, 34}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        uint64_t digits[34], mask = cases[c].stride == 64 ? ~0ull : (1ull << cases[c].stride) - 1;
        fr expected, digit, base, packed;
        fr_set_zero(&expected);
        fr_set_u64(&base, 1);
        for (unsigned i = 0; i < cases[c].stride; i++)
            fr_double(&base, &base);
        for (size_t i = cases[c].n; i-- > 0;) {
            digits[i] = (i == 0 ? mask : 0x9e3779b97f4a7c15u * (i + 1)) & mask;
            fr_mul(&expected, &expected, &base);
            fr_set_u64(&digit, digits[i]);
            fr_add(&expected, &expected, &digit);
        }
        sponge_pack(&packed, digits, cases[c].n, cases[c].stride);
        assert_true(fr_equal(&packed, &expected));
    }
}

/* Appends the elements of n digits, per to an element. */
static size_t add_digits(fr *out, const uint64_t *digits, size_t n, size_t per,
                         uint64_t base_bits) {
    size_t count = 0;
    fr base, digit;
    fr_set_u64(&base, 1ull << base_bits);
    for (size_t i = 0; i < n; i += per, count++) {
        fr_set_zero(&out[count]);
        for (size_t j = i + per < n ? i + per : n; j-- > i;) {
            fr_mul(&out[count], &out[count], &base);
            fr_set_u64(&digit, digits[j]);
            fr_add(&out[count], &out[count], &digit);
        }
    }
    return count;
}

enum { MAX_NUMBERS = 600 };

static void id_by_definition(fr *out, const uint8_t digest[32], const int16_t *weights, size_t nw,
                             const int64_t *biases, size_t nb) {
    fr elements[1 + MAX_NUMBERS];
    uint64_t digits[MAX_NUMBERS];
    assert_true(fr_from_bytes(&elements[0], digest));
    size_t n = 1;
    for (size_t i = 0; i < nw; i++)
        digits[i] = (uint64_t)(weights[i] + 32768);
    n += add_digits(elements + n, digits, nw, 15, 16);
    for (size_t i = 0; i < nb; i++)
        digits[i] = (uint64_t)(biases[i] + 549755813888);
    n += add_digits(elements + n, digits, nb, 5, 48);
    sponge s;
    sponge_init(&s, "zkmetric.model.v1");
    for (size_t i = 0; i < n; i += 15)
        sponge_absorb_block(&s, elements + i, n - i < 15 ? n - i : 15);
    sponge_squeeze(out, &s);
}

static void model_id__follows_its_definition(void **state) {
    (void)state;
    static const size_t shapes[][2] = {{1, 1},   {15, 5},   {16, 6}, {195, 1},
                                       {196, 5}, {600, 77}, {2, 70}};
    int16_t weights[MAX_NUMBERS];
    int64_t biases[MAX_NUMBERS];
    uint8_t digest[32] = {0x1f, 0xff, 5};
    for (size_t i = 0; i < MAX_NUMBERS; i++) {
        weights[i] = (int16_t)(uint16_t)(i * 40503u + 32768u);
        biases[i] = (int64_t)((i * 0x9e3779b97f4a7c15u) >> 24) - 549755813888;
    }
    biases[0] = 549755813887;
    biases[1] = -549755813888;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        program p = {.num_weights = shapes[i][0], .num_biases = shapes[i][1]};
        program_weights w = {weights, biases};
        fr id, expected;
        model_id(&id, digest, &p, &w);
        id_by_definition(&expected, digest, weights, shapes[i][0], biases, shapes[i][1]);
        assert_true(fr_equal(&id, &expected));
    }
}

static void model_id__changes_with_every_number(void **state) {
    (void)state;
    int16_t weights[40] = {0};
    int64_t biases[12] = {0};
    uint8_t digest[32] = {0};
    program p = {.num_weights = 40, .num_biases = 12};
    program_weights w = {weights, biases};
    fr base, other;
    model_id(&base, digest, &p, &w);
    for (size_t i = 0; i < 40; i++) {
        weights[i] = 1;
        model_id(&other, digest, &p, &w);
        assert_false(fr_equal(&base, &other));
        weights[i] = 0;
    }
    for (size_t i = 0; i < 12; i++) {
        biases[i] = -1;
        model_id(&other, digest, &p, &w);
        assert_false(fr_equal(&base, &other));
        biases[i] = 0;
    }
    digest[31] = 1;
    model_id(&other, digest, &p, &w);
    assert_false(fr_equal(&base, &other));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sponge_tag__is_keccak_without_three_bits),
        cmocka_unit_test(sponge_absorb_block__adds_then_permutes),
        cmocka_unit_test(sponge_pack__places_digits),
        cmocka_unit_test(model_id__follows_its_definition),
        cmocka_unit_test(model_id__changes_with_every_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
