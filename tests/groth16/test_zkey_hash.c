/*
 * What snarkjs hashes when a ceremony begins, its generator, and where it reads too much. With a
 * folder as its argument the program leaves its files there, which a Python test shows to snarkjs.
 */
#include "groth16/folder.h"

#include "groth16/iden3_writer.h"
#include "groth16/snarkjs.h"
#include "groth16/snarkjs_random.h"
#include "groth16/zkey_internal.h"
#include "groth16/zkey_overread.h"

static const ceremony_options OPTIONS = {.threads = 2};

static int begin(void **state) {
    (void)state;
    folder_open();
    return 0;
}

static int end(void **state) {
    (void)state;
    return folder_close();
}

/* RFC 8439, appendix A.1, test vector 1: the block of a zero key, read as the generator reads it.
 */
static void random__is_chacha20(void **state) {
    static const uint8_t ZERO[SNARKJS_SEED_BYTES];
    static const uint32_t WORDS[8] = {0xade0b876, 0x903df1a0, 0xe56a5d40, 0x28bd8653,
                                      0xb819d2bd, 0x1aed8da0, 0xccef36a8, 0xc70d778b};
    snarkjs_random g;
    fr x;
    (void)state;
    snarkjs_random_init(&g, ZERO);
    snarkjs_random_fr(&x, &g);
    for (int i = 0; i < 4; i++) {
        uint64_t limb = (uint64_t)WORDS[2 * i] << 32 | WORDS[2 * i + 1];
        assert_true(x.l[i] == (i == 3 ? limb & 0x3fffffffffffffff : limb));
    }
}

/* ------------------------------------------------------------------ where snarkjs reads too much
 */

enum { BIG_LOG2 = 15, CYCLE = 997, EMPTY_ROWS = 16500, BIG_WIRES = 5, BIG_PUBLIC = 2 };

/* Points that are powers of nothing: the multiples 1 to CYCLE of the generators, over and over. */
typedef struct {
    g1_affine in_g1[CYCLE];
    g2_affine in_g2[CYCLE];
} point_cycle;

static void fill_cycle(point_cycle *c) {
    g1 p;
    g2 q;
    g1_set_infinity(&p);
    g2_set_infinity(&q);
    for (int i = 0; i < CYCLE; i++) {
        g1_add_mixed(&p, &p, g1_generator());
        g1_to_affine(&c->in_g1[i], &p);
        g2_add_mixed(&q, &q, g2_generator());
        g2_to_affine(&c->in_g2[i], &q);
    }
}

static void write_cycle(file_writer *f, const point_cycle *c, uint32_t section, size_t n,
                        bool in_g2) {
    zkm_error err;
    size_t size = in_g2 ? sizeof(g2_affine) : sizeof(g1_affine);
    const uint8_t *points = in_g2 ? (const void *)c->in_g2 : c->in_g1;
    toy_ok(iden3_write_section(&err, f, section, n * size), &err);
    for (size_t done = 0, m; done < n; done += m) {
        m = n - done < CYCLE ? n - done : CYCLE;
        toy_ok(file_writer_append(&err, f, points, m * size), &err);
    }
}

static void write_header(file_writer *f, const byte_writer *w) {
    zkm_error err;
    toy_ok(iden3_write_whole(&err, f, 1, w), &err);
}

/* A prepared file of powers in form only. */
static void write_big_ptau(const char *path, uint32_t log2) {
    zkm_error err;
    file_writer *f = NULL;
    point_cycle *c = malloc(sizeof *c);
    byte_writer w = writer_init();
    size_t n = (size_t)1 << log2;
    assert_non_null(c);
    fill_cycle(c);
    toy_ok(file_writer_open(&err, &f, path, 0644), &err);
    toy_ok(iden3_write_start(&err, f, "ptau", 1, 11), &err);
    writer_u32_le(&w, 32);
    writer_bytes(&w, fp_MODULUS.l, 32);
    writer_u32_le(&w, log2);
    writer_u32_le(&w, log2);
    write_header(f, &w);
    writer_clear(&w);
    write_cycle(f, c, 2, 2 * n - 1, false);
    write_cycle(f, c, 3, n, true);
    write_cycle(f, c, 4, n, false);
    write_cycle(f, c, 5, n, false);
    write_cycle(f, c, 6, 1, true);
    write_cycle(f, c, 7, 0, false);
    write_cycle(f, c, 12, 4 * n - 1, false);
    write_cycle(f, c, 13, 2 * n - 1, true);
    write_cycle(f, c, 14, 2 * n - 1, false);
    write_cycle(f, c, 15, 2 * n - 1, false);
    toy_ok(file_writer_commit(&err, f), &err);
    free(c);
}

/* (2 w_3 + w_1) w_4 = -3 w_2, and rows 0 * 0 = 0 that only make it long. */
static void write_big_r1cs(const char *path) {
    static const uint32_t TERMS[4][2] = {{3, 2}, {1, 1}, {4, 1}, {2, 3}}; /* wire, coefficient */
    static const uint32_t COUNTS[3] = {2, 1, 1};
    zkm_error err;
    file_writer *f = NULL;
    byte_writer w = writer_init();
    int term = 0;
    toy_ok(file_writer_open(&err, &f, path, 0644), &err);
    toy_ok(iden3_write_start(&err, f, "r1cs", 1, 3), &err);
    writer_u32_le(&w, 32);
    writer_bytes(&w, fr_MODULUS.l, 32);
    writer_u32_le(&w, BIG_WIRES);
    writer_u32_le(&w, 1); /* outputs */
    writer_u32_le(&w, BIG_PUBLIC - 1);
    writer_u32_le(&w, 0);
    writer_u64_le(&w, BIG_WIRES);
    writer_u32_le(&w, EMPTY_ROWS + 1);
    write_header(f, &w);
    writer_clear(&w);
    w = writer_init();
    for (int m = 0; m < 3; m++) {
        writer_u32_le(&w, COUNTS[m]);
        for (uint32_t i = 0; i < COUNTS[m]; i++, term++) {
            uint8_t bytes[32];
            fr coef;
            fr_set_u64(&coef, TERMS[term][1]);
            if (m == 2)
                fr_neg(&coef, &coef);
            iden3_fr_bytes(bytes, &coef);
            writer_u32_le(&w, TERMS[term][0]);
            writer_bytes(&w, bytes, sizeof bytes);
        }
    }
    writer_zeros(&w, (size_t)EMPTY_ROWS * 12);
    toy_ok(iden3_write_whole(&err, f, 2, &w), &err);
    writer_clear(&w);
    w = writer_init();
    writer_zeros(&w, BIG_WIRES * 8);
    toy_ok(iden3_write_whole(&err, f, 3, &w), &err);
    writer_clear(&w);
    toy_ok(file_writer_commit(&err, f), &err);
}

/* What `snarkjs zkey new` prints for these files; the Python test asks it anew. The first file has
 * exactly the powers needed, the second has more. */
static const char *const BIG_HASHES[2] = {
    "7deabc7dfac2ff5f12009049d810a8e45239b51c24f366475d049d8b65dbf61e1779ccad0a3297fb1ae8f6280175"
    "c196ee2a671d15f0c8b6fb20b6d6ac95f675",
    "18f3c46be197b274bf5a887f2747de31f0e78b8ac8962b9d8e26048fb0bc3b944b995d67a5f952028c28c97d98d847"
    "d6ff17bcd8fbb81db4818b5b6d198cb4bf"};

static void hash__where_snarkjs_reads_too_much(void **state) {
    zkm_error err;
    r1cs *big = NULL;
    (void)state;
    write_big_r1cs(in_folder("big.r1cs"));
    toy_ok(snarkjs_r1cs_read(&err, &big, in_folder("big.r1cs")), &err);
    for (uint32_t more = 0; more < 2; more++) {
        char hex[2 * BLAKE2B_BYTES + 1];
        zkey_initial initial = {0};
        uint32_t domain;
        ptau p;
        write_big_ptau(in_folder(more ? "big1.ptau" : "big0.ptau"), BIG_LOG2 + more);
        toy_ok(ptau_open(&err, &p, in_folder(more ? "big1.ptau" : "big0.ptau")), &err);
        toy_ok(zkey_domain(&err, &domain, big), &err);
        assert_int_equal(domain, 1 << BIG_LOG2);
        const zkey header = zkey_initial_header(big, &p, domain);
        toy_ok(zkey_initial_make(&err, &initial, &header, big, &p, &OPTIONS), &err);
        hex_encode(hex, initial.circuit_hash, BLAKE2B_BYTES);
        assert_string_equal(hex, BIG_HASHES[more]);
        zkey_initial_clear(&initial);
        ptau_close(&p);
    }
    r1cs_free(big);
}

/* Where the bytes are a point, the odd subtraction is the usual one. */
static void overread__of_a_point_is_subtraction(void **state) {
    uint8_t seed[SNARKJS_SEED_BYTES] = {7};
    snarkjs_random g;
    (void)state;
    snarkjs_random_init(&g, seed);
    for (int i = 0; i < 20; i++) {
        g1_affine p, q, got, minus, want;
        uint8_t bytes[64];
        g1 sum;
        snarkjs_random_g1(&p, &g);
        snarkjs_random_g1(&q, &g);
        memcpy(bytes, &p, sizeof bytes);
        zkey_overread_sub(&got, bytes, &q);
        g1_affine_neg(&minus, &q);
        g1_from_affine(&sum, &p);
        g1_add_mixed(&sum, &sum, &minus);
        g1_to_affine(&want, &sum);
        assert_true(g1_affine_equal(&got, &want));
    }
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random__is_chacha20),
        cmocka_unit_test(hash__where_snarkjs_reads_too_much),
        cmocka_unit_test(overread__of_a_point_is_subtraction),
    };
    folder_take(argc, argv, "*where_snarkjs*");
    return cmocka_run_group_tests(tests, begin, end);
}
