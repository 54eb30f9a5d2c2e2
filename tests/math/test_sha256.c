/* SHA-256 against the examples of FIPS 180-4 and messages of every length around a block, whose
 * digests' digest is Python's hashlib's. */
#include "math_test.h"

#include "math/sha256.h"

static void sha256__agrees_with_fips_180(void **state) {
    static const struct {
        const char *message, *digest;
    } EXAMPLES[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof EXAMPLES / sizeof *EXAMPLES; i++) {
        uint8_t digest[SHA256_BYTES];
        char hex[2 * SHA256_BYTES + 1];
        sha256(digest, (const uint8_t *)EXAMPLES[i].message, strlen(EXAMPLES[i].message));
        hex_encode(hex, digest, sizeof digest);
        assert_string_equal(hex, EXAMPLES[i].digest);
    }
}

/* import hashlib; print(hashlib.sha256(b"".join(hashlib.sha256(bytes((7 * i + n) % 256 for i in
 * range(n))).digest() for n in range(200))).hexdigest()) */
static void sha256__agrees_with_hashlib(void **state) {
    enum { LENGTHS = 200 };
    uint8_t message[LENGTHS] = {0}, digests[LENGTHS][SHA256_BYTES], digest[SHA256_BYTES];
    char hex[2 * SHA256_BYTES + 1];
    (void)state;
    for (size_t n = 0; n < LENGTHS; n++) {
        for (size_t i = 0; i < n; i++)
            message[i] = (uint8_t)(7 * i + n);
        sha256(digests[n], message, n);
    }
    sha256(digest, digests[0], sizeof digests);
    hex_encode(hex, digest, sizeof digest);
    assert_string_equal(hex, "8c7c9ff69da76fc28823a1cb97268672663e628e1ea955868b16db46bab0545d");
    sha256(digest, digest, sizeof digest); /* in place, as beacons are hashed */
    hex_encode(hex, digest, sizeof digest);
    assert_string_equal(hex, "6c9779f6532ae094e7853020598344ddf025a005a5ce3cafcc249b46926735dc");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256__agrees_with_fips_180),
        cmocka_unit_test(sha256__agrees_with_hashlib),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
