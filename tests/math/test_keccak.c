/* Keccak-256 against PyCryptodome's digests, whole and in pieces. */
#include "math_test.h"

#include "math/keccak.h"
#include "math/keccak_chunks.h"

/* The message of a vector: byte i is 7 i + length. */
static void message(uint8_t *out, size_t n) {
    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)(7 * i + n);
}

static void keccak256__agrees_with_published_digests(void **state) {
    (void)state;
    uint8_t digest[32];
    char hex[65];
    keccak256(digest, (const uint8_t *)"", 0);
    hex_encode(hex, digest, 32);
    assert_string_equal(hex, "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    keccak256(digest, (const uint8_t *)"abc", 3);
    hex_encode(hex, digest, 32);
    assert_string_equal(hex, "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
}

static void keccak256__agrees_with_pycryptodome(void **state) {
    (void)state;
    json_t *rows = load_vectors("keccak256.json"), *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        uint8_t data[1000], digest[32], expected[32];
        size_t n = (size_t)json_integer_value(json_object_get(row, "length"));
        assert_true(n <= sizeof data);
        message(data, n);
        bytes_of(expected, 32, row, "digest");
        keccak256(digest, data, n);
        assert_memory_equal(digest, expected, 32);
    }
    json_decref(rows);
}

static void keccak256_update__accepts_any_pieces(void **state) {
    (void)state;
    uint8_t data[1000], expected[32], digest[32];
    message(data, sizeof data);
    keccak256(expected, data, sizeof data);
    for (int i = 0; i < 200; i++) {
        keccak256_state s;
        keccak256_init(&s);
        for (size_t done = 0; done < sizeof data;) {
            size_t piece = random_u64() % (i % 2 ? 300 : 20);
            if (piece > sizeof data - done)
                piece = sizeof data - done;
            keccak256_update(&s, data + done, piece);
            done += piece;
        }
        keccak256_final(&s, digest);
        assert_memory_equal(digest, expected, 32);
    }
}

static void keccak256_chunks__hashes_each_chunk_alone(void **state) {
    (void)state;
    enum { MOST = 21 };
    uint8_t data[MOST * 300], expected[32], digests[MOST][32];
    message(data, sizeof data);
    for (size_t count = 0; count <= MOST; count++) {
        for (size_t n = 0; n < 300; n += 17) {
            keccak256_chunks(digests, data, n, count);
            for (size_t i = 0; i < count; i++) {
                keccak256(expected, data + i * n, n);
                assert_memory_equal(digests[i], expected, 32);
            }
        }
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(keccak256__agrees_with_published_digests),
    cmocka_unit_test(keccak256__agrees_with_pycryptodome),
    cmocka_unit_test(keccak256_update__accepts_any_pieces),
    cmocka_unit_test(keccak256_chunks__hashes_each_chunk_alone),
};

int main(void) { return cmocka_run_group_tests(tests, NULL, NULL); }
