/* Points of G2 from hashes, against the second implementation, tests/independent/transcripts.py,
 * under every backend that this processor has. */
#include "math_test.h"

#include "math/hash_to_g2.h"

static void hash_to_g2__agrees_with_the_second_implementation(void **state) {
    (void)state;
    json_t *rows = load_vectors("hash_to_g2.json"), *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        uint8_t seed[32], expected[G2_BYTES], bytes[G2_BYTES];
        g2_affine p;
        bytes_of(seed, sizeof seed, row, "seed");
        bytes_of(expected, sizeof expected, row, "point");
        hash_to_g2(&p, seed);
        g2_to_bytes(bytes, &p);
        assert_memory_equal(bytes, expected, sizeof expected);
    }
    json_decref(rows);
}

/* Seeds that differ in one bit: points of G2, not infinity, and no two of them the same or
 * opposite. */
static void hash_to_g2__gives_points_of_g2_apart_from_each_other(void **state) {
    (void)state;
    enum { N = 64 };
    static g2_affine points[N];
    uint8_t seed[32] = {0};
    for (int i = 0; i < N; i++) {
        seed[i / 2] ^= (uint8_t)(1 << i % 8);
        hash_to_g2(&points[i], seed);
        seed[i / 2] ^= (uint8_t)(1 << i % 8);
        assert_false(g2_affine_is_infinity(&points[i]));
        assert_true(g2_on_curve(&points[i]));
        assert_true(g2_in_subgroup(&points[i]));
        for (int j = 0; j < i; j++)
            assert_false(fp2_equal(&points[i].x, &points[j].x));
    }
}

static const struct CMUnitTest hash_tests[] = {
    cmocka_unit_test(hash_to_g2__agrees_with_the_second_implementation),
    cmocka_unit_test(hash_to_g2__gives_points_of_g2_apart_from_each_other),
};

int main(void) { return run_under_backends(hash_tests); }
