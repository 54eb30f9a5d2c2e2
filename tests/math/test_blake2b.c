/* BLAKE2b-512 against RFC 7693 and Python's hashlib. */
#include "math_test.h"

#include <stdlib.h>

#include "math/blake2b.h"

static void blake2b__agrees_with_rfc_7693(void **state) {
    (void)state;
    uint8_t digest[BLAKE2B_BYTES];
    char hex[2 * BLAKE2B_BYTES + 1];
    blake2b(digest, (const uint8_t *)"abc", 3); /* appendix A */
    hex_encode(hex, digest, sizeof digest);
    assert_string_equal(hex, "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                             "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
}

/* The message of a vector: byte i is 7 i + length. No byte past its end is read. */
static void blake2b__agrees_with_hashlib(void **state) {
    (void)state;
    json_t *rows = load_vectors("blake2b.json"), *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        uint8_t digest[BLAKE2B_BYTES], expected[BLAKE2B_BYTES];
        size_t n = (size_t)json_integer_value(json_object_get(row, "length"));
        uint8_t *data = malloc(n ? n : 1);
        assert_non_null(data);
        for (size_t at = 0; at < n; at++)
            data[at] = (uint8_t)(7 * at + n);
        bytes_of(expected, sizeof expected, row, "digest");
        blake2b(digest, data, n);
        assert_memory_equal(digest, expected, sizeof expected);
        free(data);
    }
    json_decref(rows);
}

/* In pieces of every length around a block, and none. */
static void blake2b__in_pieces(void **state) {
    uint8_t data[1000], whole[BLAKE2B_BYTES], pieces[BLAKE2B_BYTES];
    (void)state;
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * i);
    blake2b(whole, data, sizeof data);
    for (size_t step = 1; step < 300; step++) {
        blake2b_state h;
        blake2b_init(&h);
        for (size_t at = 0, n; at < sizeof data; at += n) {
            n = sizeof data - at < step ? sizeof data - at : step;
            blake2b_update(&h, data + at, n);
            blake2b_update(&h, data, 0);
        }
        blake2b_final(&h, pieces);
        assert_memory_equal(pieces, whole, sizeof whole);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blake2b__agrees_with_rfc_7693),
        cmocka_unit_test(blake2b__agrees_with_hashlib),
        cmocka_unit_test(blake2b__in_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
