/* G1 and G2: published vectors (EIP-196), py_ecc's multiples, group laws, membership, canonical
 * bytes. */
#include "math_test.h"

/* A point of EIP-196: infinity is (0, 0). */
static void read_g1(g1_affine *out, const char *hex) {
    uint8_t bytes[G1_BYTES];
    assert_true(hex_decode(bytes, G1_BYTES, hex));
    for (int i = 0; i < G1_BYTES; i++)
        if (bytes[i] != 0) {
            assert_true(g1_from_bytes(out, bytes));
            return;
        }
    g1_affine_set_infinity(out);
}

/* The input of a precompile, of any length: right-padded with zeros, cut at `digits` digits. */
static void pad(char *out, size_t digits, const char *hex) {
    memset(out, '0', digits);
    out[digits] = '\0';
    memcpy(out, hex, strlen(hex) < digits ? strlen(hex) : digits);
}

static void assert_g1_is(const g1 *p, const char *expected) {
    uint8_t bytes[G1_BYTES];
    char hex[2 * G1_BYTES + 1];
    g1_affine a;
    g1_to_affine(&a, p);
    g1_to_bytes(bytes, &a);
    hex_encode(hex, bytes, G1_BYTES);
    assert_string_equal(hex, expected);
}

static void take(char *out, const char *hex, size_t from, size_t digits) {
    memcpy(out, hex + from, digits);
    out[digits] = '\0';
}

static void g1_add__agrees_with_eip196(void **state) {
    (void)state;
    json_t *rows = load_vectors("eip196_add.json"), *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        char input[257], half[129];
        g1_affine a, b;
        g1 p, q;
        pad(input, 256, text_of(row, "input"));
        take(half, input, 0, 128);
        read_g1(&a, half);
        take(half, input, 128, 128);
        read_g1(&b, half);
        g1_from_affine(&p, &a);
        g1_from_affine(&q, &b);
        g1_add(&q, &p, &q);
        assert_g1_is(&q, text_of(row, "expected"));
        g1_add_mixed(&p, &p, &b);
        assert_g1_is(&p, text_of(row, "expected"));
    }
    json_decref(rows);
}

static void g1_mul__agrees_with_eip196(void **state) {
    (void)state;
    json_t *rows = load_vectors("eip196_mul.json"), *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        char input[193], part[129];
        uint8_t scalar[32];
        g1_affine a;
        g1 p;
        fr k;
        pad(input, 192, text_of(row, "input"));
        take(part, input, 0, 128);
        read_g1(&a, part);
        take(part, input, 128, 64);
        assert_true(hex_decode(scalar, 32, part));
        fr_from_bytes_reduce(&k, scalar); /* the precompile takes scalars above r */
        g1_from_affine(&p, &a);
        g1_mul(&p, &p, &k);
        assert_g1_is(&p, text_of(row, "expected"));
    }
    json_decref(rows);
}

static void encodings__agree_with_py_ecc(void **state) {
    (void)state;
    json_t *rows = load_vectors("multiples.json"), *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        uint8_t scalar[32], expected[G2_BYTES], bytes[G2_BYTES];
        fr k;
        g1 p;
        g2 q;
        g1_affine a, a2;
        g2_affine b, b2;
        bytes_of(scalar, 32, row, "k");
        assert_true(fr_from_bytes(&k, scalar));
        g1_from_affine(&p, g1_generator());
        g1_mul(&p, &p, &k);
        g1_to_affine(&a, &p);
        g2_from_affine(&q, g2_generator());
        g2_mul(&q, &q, &k);
        g2_to_affine(&b, &q);

        bytes_of(expected, G1_BYTES, row, "g1");
        g1_to_bytes(bytes, &a);
        assert_memory_equal(bytes, expected, G1_BYTES);
        assert_true(g1_from_bytes(&a2, bytes));
        assert_true(g1_affine_equal(&a, &a2));
        bytes_of(expected, G1_COMPRESSED_BYTES, row, "g1_compressed");
        g1_compress(bytes, &a);
        assert_memory_equal(bytes, expected, G1_COMPRESSED_BYTES);
        assert_true(g1_decompress(&a2, bytes));
        assert_true(g1_affine_equal(&a, &a2));

        bytes_of(expected, G2_BYTES, row, "g2");
        g2_to_bytes(bytes, &b);
        assert_memory_equal(bytes, expected, G2_BYTES);
        assert_true(g2_from_bytes(&b2, bytes));
        assert_true(g2_affine_equal(&b, &b2));
        bytes_of(expected, G2_COMPRESSED_BYTES, row, "g2_compressed");
        g2_compress(bytes, &b);
        assert_memory_equal(bytes, expected, G2_COMPRESSED_BYTES);
        assert_true(g2_decompress(&b2, bytes));
        assert_true(g2_affine_equal(&b, &b2));
    }
    json_decref(rows);
}

#define CURVE g1
#define CURVE_F fp
#include "group_cases.h"
#undef CURVE
#undef CURVE_F
#define CURVE g2
#define CURVE_F fp2
#include "group_cases.h"
#undef CURVE
#undef CURVE_F

static void g1_from_bytes__refuses_what_is_not_canonical(void **state) {
    (void)state;
    g1_affine p, marker, out;
    uint8_t good[G1_BYTES], bad[G1_BYTES], modulus[32];
    random_g1(&p);
    random_g1(&marker);
    out = marker;
    g1_to_bytes(good, &p);
    for (int i = 0; i < 32; i++)
        modulus[i] = (uint8_t)(fp_MODULUS.l[3 - i / 8] >> (56 - 8 * (i % 8)));

    for (int coordinate = 0; coordinate < 2; coordinate++) {
        memcpy(bad, good, sizeof bad); /* x + p or y + p: p < 2^254, so it fits 256 bits */
        unsigned carry = 0;
        for (int i = 31; i >= 0; i--) {
            carry += (unsigned)bad[32 * coordinate + i] + modulus[i];
            bad[32 * coordinate + i] = (uint8_t)carry;
            carry >>= 8;
        }
        assert_int_equal(carry, 0);
        assert_false(g1_from_bytes(&out, bad));
        memcpy(bad, good, sizeof bad);
        memcpy(bad + 32 * coordinate, modulus, 32);
        assert_false(g1_from_bytes(&out, bad));
        memset(bad + 32 * coordinate, 0xff, 32);
        assert_false(g1_from_bytes(&out, bad));
    }
    for (int bit = 0; bit < 512; bit++) { /* off the curve, or out of range */
        memcpy(bad, good, sizeof bad);
        bad[bit / 8] = (uint8_t)(bad[bit / 8] ^ 1u << bit % 8);
        assert_false(g1_from_bytes(&out, bad));
    }
    memset(bad, 0, sizeof bad); /* infinity */
    assert_false(g1_from_bytes(&out, bad));
    assert_true(g1_affine_equal(&out, &marker));
}

static void g1_decompress__refuses_what_is_not_canonical(void **state) {
    (void)state;
    g1_affine p, marker, out;
    uint8_t good[32], bad[32];
    random_g1(&p);
    random_g1(&marker);
    out = marker;
    g1_compress(good, &p);
    memcpy(bad, good, 32);
    bad[0] &= 0x7f; /* sign bits 00 and 01 */
    assert_false(g1_decompress(&out, bad));
    bad[0] ^= 0x40;
    assert_false(g1_decompress(&out, bad));
    memset(bad, 0, 32);
    assert_false(g1_decompress(&out, bad));
    bad[0] = 0x80; /* x = 0: 3 is no square */
    assert_false(g1_decompress(&out, bad));
    for (int sign = 2; sign < 4; sign++) {
        for (int i = 0; i < 32; i++) /* x = p */
            bad[i] = (uint8_t)(fp_MODULUS.l[3 - i / 8] >> (56 - 8 * (i % 8)));
        bad[0] = (uint8_t)(bad[0] | sign << 6);
        assert_false(g1_decompress(&out, bad));
        memset(bad, 0xff, 32);
        bad[0] = (uint8_t)(0x3f | sign << 6);
        assert_false(g1_decompress(&out, bad));
    }
    assert_true(g1_affine_equal(&out, &marker));
    memcpy(bad, good, 32);
    bad[0] ^= 0x40; /* the other sign is the negative */
    assert_true(g1_decompress(&out, bad));
    g1_affine_neg(&p, &p);
    assert_true(g1_affine_equal(&out, &p));
    int refused = 0; /* about half of all x belong to no point */
    for (unsigned i = 0; i < 64; i++) {
        memset(bad, 0, 32);
        bad[0] = 0x80;
        bad[31] = (uint8_t)i;
        refused += !g1_decompress(&out, bad);
    }
    assert_in_range(refused, 16, 48);
}

static void g2_from_bytes__refuses_what_is_not_canonical(void **state) {
    (void)state;
    g2_affine p, marker, out;
    uint8_t good[G2_BYTES], bad[G2_BYTES];
    random_g2(&p);
    random_g2(&marker);
    out = marker;
    g2_to_bytes(good, &p);
    for (int coordinate = 0; coordinate < 4; coordinate++) {
        memcpy(bad, good, sizeof bad);
        unsigned carry = 0;
        for (int i = 31; i >= 0; i--) {
            unsigned m = (uint8_t)(fp_MODULUS.l[3 - i / 8] >> (56 - 8 * (i % 8)));
            carry += bad[32 * coordinate + i] + m;
            bad[32 * coordinate + i] = (uint8_t)carry;
            carry >>= 8;
        }
        assert_false(g2_from_bytes(&out, bad));
        memcpy(bad, good, sizeof bad);
        memset(bad + 32 * coordinate, 0xff, 32);
        assert_false(g2_from_bytes(&out, bad));
    }
    for (int bit = 0; bit < 1024; bit += 7) {
        memcpy(bad, good, sizeof bad);
        bad[bit / 8] = (uint8_t)(bad[bit / 8] ^ 1u << bit % 8);
        assert_false(g2_from_bytes(&out, bad));
    }
    memset(bad, 0, sizeof bad);
    assert_false(g2_from_bytes(&out, bad));
    for (int i = 0; i < 4; i++) { /* on the twist, outside the subgroup */
        g2_affine q;
        random_twist_point(&q);
        g2_to_bytes(bad, &q);
        assert_false(g2_from_bytes(&out, bad));
        g2_compress(bad, &q);
        assert_false(g2_decompress(&out, bad));
    }
    g2_compress(bad, &p);
    bad[0] &= 0x7f;
    assert_false(g2_decompress(&out, bad));
    bad[0] ^= 0x40;
    assert_false(g2_decompress(&out, bad));
    memset(bad, 0, sizeof bad);
    assert_false(g2_decompress(&out, bad));
    memset(bad, 0xff, sizeof bad);
    assert_false(g2_decompress(&out, bad));
    assert_true(g2_affine_equal(&out, &marker));
}

/* r q, as (r - 1) q + q. */
static bool has_order_r(const g2_affine *q) {
    g2 p, t;
    fr k;
    fr_set_i64(&k, -1);
    g2_from_affine(&p, q);
    g2_mul(&t, &p, &k);
    g2_add(&t, &t, &p);
    return g2_is_infinity(&t);
}

static void g2_in_subgroup__agrees_with_multiplication_by_r(void **state) {
    (void)state;
    g2_affine member, stranger, t;
    g2 p, q;
    fr minus_one;
    fr_set_i64(&minus_one, -1);
    for (int i = 0; i < 20; i++) {
        random_g2(&member);
        assert_true(has_order_r(&member));
        assert_true(g2_in_subgroup(&member));
        random_twist_point(&stranger);
        assert_true(g2_on_curve(&stranger));
        assert_int_equal(g2_in_subgroup(&stranger), has_order_r(&stranger));
        assert_false(g2_in_subgroup(&stranger));
        /* r times it: a point of the cofactor's order */
        g2_from_affine(&p, &stranger);
        g2_mul(&q, &p, &minus_one);
        g2_add(&q, &q, &p);
        g2_to_affine(&t, &q);
        assert_false(has_order_r(&t));
        assert_false(g2_in_subgroup(&t));
        /* that plus a member */
        g2_add_mixed(&q, &q, &member);
        g2_to_affine(&t, &q);
        assert_false(has_order_r(&t));
        assert_false(g2_in_subgroup(&t));
    }
    g2_affine_set_infinity(&t);
    assert_true(g2_in_subgroup(&t));
}

/* The order of the twist is r (2p - r); its cofactor's smallest prime is 10069. */
static void g2_in_subgroup__refuses_points_of_small_order(void **state) {
    (void)state;
    /* (2p - r) r / 10069 as a product of scalars below r: r, then (2p - r) / 10069 */
    uint64_t cofactor[4], rest = 0;
    unsigned __int128 borrow = 0;
    for (int i = 0; i < 4; i++) {
        uint64_t twice = fp_MODULUS.l[i] << 1 | (i > 0 ? fp_MODULUS.l[i - 1] >> 63 : 0);
        unsigned __int128 d = (unsigned __int128)twice - fr_MODULUS.l[i] - borrow;
        cofactor[i] = (uint64_t)d;
        borrow = (d >> 64) & 1;
    }
    for (int i = 3; i >= 0; i--) {
        unsigned __int128 t = (unsigned __int128)rest << 64 | cofactor[i];
        cofactor[i] = (uint64_t)(t / 10069);
        rest = (uint64_t)(t % 10069);
    }
    assert_int_equal(rest, 0);
    fr k, minus_one;
    assert_true(fr_from_limbs(&k, cofactor));
    fr_set_i64(&minus_one, -1);
    g2_affine stranger, t;
    g2 p, q;
    do {
        random_twist_point(&stranger);
        g2_from_affine(&p, &stranger);
        g2_mul(&q, &p, &minus_one);
        g2_add(&p, &p, &q);
        g2_mul(&p, &p, &k);
    } while (g2_is_infinity(&p));
    fr_set_u64(&k, 10069);
    g2_mul(&q, &p, &k);
    assert_true(g2_is_infinity(&q));
    g2_to_affine(&t, &p);
    assert_true(g2_on_curve(&t));
    assert_false(g2_in_subgroup(&t));
}

static void generators__are_those_of_eip197(void **state) {
    (void)state;
    uint8_t bytes[G2_BYTES];
    char hex[2 * G2_BYTES + 1];
    g1_to_bytes(bytes, g1_generator());
    hex_encode(hex, bytes, G1_BYTES);
    assert_string_equal(hex, "0000000000000000000000000000000000000000000000000000000000000001"
                             "0000000000000000000000000000000000000000000000000000000000000002");
    g2_to_bytes(bytes, g2_generator());
    hex_encode(hex, bytes, G2_BYTES);
    assert_string_equal(hex, "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
                             "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
                             "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
                             "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa");
    /* The twist's b = 3 / (9 + u): (y^2 - x^3)(9 + u) = 3 at the generator. */
    const g2_affine *g = g2_generator();
    fp2 t, cube;
    fp_set_u64(&t.c0, 3);
    fp_set_zero(&t.c1);
    fp2 left;
    fp2_sqr(&left, &g->y);
    fp2_sqr(&cube, &g->x);
    fp2_mul(&cube, &cube, &g->x);
    fp2_sub(&left, &left, &cube);
    fp2_mul_xi(&left, &left);
    assert_true(fp2_equal(&left, &t));
    assert_true(g2_on_curve(g));
}

static const struct CMUnitTest group_tests[] = {
    cmocka_unit_test(generators__are_those_of_eip197),
    cmocka_unit_test(g1_add__agrees_with_eip196),
    cmocka_unit_test(g1_mul__agrees_with_eip196),
    cmocka_unit_test(encodings__agree_with_py_ecc),
    cmocka_unit_test(g1__obeys_the_group_laws),
    cmocka_unit_test(g2__obeys_the_group_laws),
    cmocka_unit_test(g1_mul__counts_additions),
    cmocka_unit_test(g2_mul__counts_additions),
    cmocka_unit_test(g1_batch_to_affine__passes_over_infinity),
    cmocka_unit_test(g2_batch_to_affine__passes_over_infinity),
    cmocka_unit_test(g1_from_bytes__refuses_what_is_not_canonical),
    cmocka_unit_test(g1_decompress__refuses_what_is_not_canonical),
    cmocka_unit_test(g2_from_bytes__refuses_what_is_not_canonical),
    cmocka_unit_test(g2_in_subgroup__agrees_with_multiplication_by_r),
    cmocka_unit_test(g2_in_subgroup__refuses_points_of_small_order),
};

int main(void) { return run_under_backends(group_tests); }
