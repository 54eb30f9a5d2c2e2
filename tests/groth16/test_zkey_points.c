/* Cheats in the key of a ceremony in snarkjs's container: its points, its numbers, what it began
 * from.
 */
#include "groth16/zkey_toy.h"

/* What is said of a section whose points are others. */
static const struct {
    zkey_section section;
    const char *why;
} PLACES[] = {{ZKEY_IC, "the points of the public wires"}, {ZKEY_A, "the points of A"},
              {ZKEY_B1, "the points of B in G1"},          {ZKEY_B2, "the points of B in G2"},
              {ZKEY_PRIVATE, "the points of the wires"},   {ZKEY_H, "the points of the quotient"}};

static void points__single_ones_replaced(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++)
        for (int last = 0; last < 2; last++) {
            zkey_section s = PLACES[i].section;
            loaded l = load(in_folder("3.zkey"));
            size_t size = zkey_element_bytes(s), at = last ? l.section_len[s] - size : 0;
            const void *point = s == ZKEY_B2 ? (const void *)g2_generator() : g1_generator();
            memcpy(l.section[s] + at, point, size);
            refused(store(&l, "changed"), PLACES[i].why);
            l = load(in_folder("3.zkey")); /* off the curve */
            l.section[s][at + size - 1] ^= 1;
            refused(store(&l, "changed"), NULL);
        }
}

static void scale(void *points, size_t n, const fr *k) {
    void *room = malloc(g1_scale_scratch(2));
    assert_non_null(room);
    g1_scale(points, n, k, 2, room);
    free(room);
}

/* L and H divided by something else than delta was multiplied with. */
static void points__divided_by_something_else(void **state) {
    (void)state;
    for (int s = ZKEY_PRIVATE; s <= ZKEY_H; s++) {
        loaded l = load(in_folder("3.zkey"));
        size_t n = l.section_len[s] / sizeof(g1_affine);
        g1_affine *points = malloc(n * sizeof *points);
        fr two;
        assert_non_null(points);
        fr_set_u64(&two, 2);
        memcpy(points, l.section[s], l.section_len[s]);
        scale(points, n, &two);
        memcpy(l.section[s], points, l.section_len[s]);
        free(points);
        refused(store(&l, "changed"),
                s == ZKEY_H ? "the points of the quotient" : "the points of the wires");
    }
}

/* H_j + w^j Q, w of order n: orthogonal to all w^(ij) with i < n - 1, the only relations that
 * `snarkjs zkey verify` tests. The Python test shows that the file passes there. */
static void points__quotient_changed_where_snarkjs_does_not_look(void **state) {
    loaded l = load(in_folder("3.zkey"));
    size_t n = l.section_len[ZKEY_H] / sizeof(g1_affine);
    fr root, power;
    (void)state;
    subgroup_root(&root, n);
    fr_set_one(&power);
    for (size_t j = 0; j < n; j++) {
        g1_affine p;
        g1 sum, more;
        memcpy(&p, l.section[ZKEY_H] + j * sizeof p, sizeof p);
        g1_from_affine(&more, g1_generator());
        g1_mul(&more, &more, &power);
        g1_from_affine(&sum, &p);
        g1_add(&sum, &sum, &more);
        g1_to_affine(&p, &sum);
        memcpy(l.section[ZKEY_H] + j * sizeof p, &p, sizeof p);
        fr_mul(&power, &power, &root);
    }
    refused(store(&l, "quotient.zkey"), "the points of the quotient");
}

static void header__fields(void **state) {
    enum { NUMBERS = 2 * 36, ALPHA1 = NUMBERS + 12, BETA1 = ALPHA1 + 64, BETA2 = BETA1 + 64 };
    enum { GAMMA2 = BETA2 + 128, DELTA1 = GAMMA2 + 128, DELTA2 = DELTA1 + 64 };
    static const struct {
        size_t at;
        bool in_g2;
        const char *why;
    } POINTS[] = {{ALPHA1, false, "other powers"},  {BETA1, false, "beta or delta"},
                  {BETA2, true, "beta or delta"},   {GAMMA2, true, "gamma"},
                  {DELTA1, false, "beta or delta"}, {DELTA2, true, "beta or delta"}};
    g1 p;
    g2 q;
    g1_affine twice;
    g2_affine twice2;
    (void)state;
    g1_from_affine(&p, g1_generator());
    g1_double(&p, &p);
    g1_to_affine(&twice, &p);
    g2_from_affine(&q, g2_generator());
    g2_double(&q, &q);
    g2_to_affine(&twice2, &q);
    for (size_t i = 0; i < sizeof POINTS / sizeof *POINTS; i++) {
        loaded l = load(in_folder("3.zkey"));
        memcpy(l.section[ZKEY_HEADER] + POINTS[i].at,
               POINTS[i].in_g2 ? (const void *)&twice2 : &twice, POINTS[i].in_g2 ? 128 : 64);
        refused(store(&l, "changed"), POINTS[i].why);
    }
    /* delta the same in both groups, but not the contributions'; then beta likewise */
    loaded l = load(in_folder("3.zkey"));
    memcpy(l.section[ZKEY_HEADER] + DELTA1, &twice, 64);
    memcpy(l.section[ZKEY_HEADER] + DELTA2, &twice2, 128);
    refused(store(&l, "changed"), "delta is not what the contributions lead to");
    l = load(in_folder("3.zkey"));
    memcpy(l.section[ZKEY_HEADER] + BETA1, &twice, 64);
    memcpy(l.section[ZKEY_HEADER] + BETA2, &twice2, 128);
    refused(store(&l, "changed"), "other powers");
    for (size_t at = 0; at < ALPHA1; at++) {
        zkm_error err;
        l = load(in_folder("3.zkey"));
        l.section[ZKEY_HEADER][at] ^= 1;
        assert_int_not_equal(check(&err, store(&l, "changed")), ZKM_OK);
    }
}

static void coefficients__bytes_of_each(void **state) {
    (void)state;
    loaded l = load(in_folder("3.zkey"));
    size_t n = l.section_len[ZKEY_COEFFICIENTS];
    free(l.bytes);
    for (size_t at = 0; at < n; at += 29) { /* an entry has 44 */
        l = load(in_folder("3.zkey"));
        l.section[ZKEY_COEFFICIENTS][at] ^= 1;
        refused(store(&l, "changed"), "another constraint system");
    }
}

static void begin_falsely(loaded *l, const char *why) {
    const char *path = store(l, "false0");
    refused(path, why);
    contribute("honest", path, in_folder("false1"));
    refused(in_folder("false1"), why);
}

/* Who begins on a false initial key: honest contributions do not make it true. */
static void ceremony__false_beginnings(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++) {
        loaded l = load(in_folder("0.zkey"));
        uint8_t *at = l.section[PLACES[i].section];
        if (PLACES[i].section == ZKEY_B2)
            memcpy(at, g2_generator(), 128);
        else
            memcpy(at, g1_generator(), 64);
        begin_falsely(&l, PLACES[i].why);
    }
    loaded l = load(in_folder("0.zkey"));
    l.section[ZKEY_CONTRIBUTIONS][BLAKE2B_BYTES - 1] ^= 1;
    begin_falsely(&l, "the circuit's hash");
}

/* Bases of a prepared file that lie: the transcript would begin as snarkjs begins it, and every
 * section be as snarkjs makes it. */
static void ceremony__prepared_bases_that_lie(void **state) {
    static const struct {
        uint32_t section;
        const char *why;
    } BASES[] = {{12, "the points of"},
                 {13, "the points of B"},
                 {14, "the points of the wires"},
                 {15, "the points of the wires"}};
    (void)state;
    for (size_t i = 0; i < sizeof BASES / sizeof *BASES; i++) {
        zkm_error err;
        zkey_summary s;
        ptau p;
        size_t len, size = BASES[i].section == 13 ? 128 : 64;
        uint8_t *bytes = toy_read(POWERS, &len);
        byte_reader r;
        toy_ok(ptau_open_bytes(&err, &p, bytes, len), &err);
        toy_ok(iden3_section(&err, &r, &p.sections, BASES[i].section), &err);
        memcpy(bytes + (r.data - bytes) + (16 - 1) * size,
               size == 128 ? (const void *)g2_generator() : g1_generator(), size);
        toy_write(in_folder("lying.ptau"), bytes, len);
        free(bytes);
        toy_ok(ptau_open(&err, &p, in_folder("lying.ptau")), &err);
        toy_fails(zkey_init(&err, &s, cs, &p, in_folder("lied"), &OPTIONS), ZKM_REJECTED, &err);
        assert_non_null(strstr(err.message, BASES[i].why));
        assert_int_not_equal(access(in_folder("lied"), F_OK), 0);
        ptau_close(&p);
    }
}

/* The same for a row in which only B has terms: nothing but B in G1 shows the lie. */
static void ceremony__prepared_basis_that_lies_of_b_alone(void **state) {
    zkm_error err;
    zkey_summary s;
    r1cs *other = NULL;
    ptau p;
    byte_reader r;
    size_t len;
    uint8_t *bytes = toy_read(POWERS, &len);
    (void)state;
    toy_ok(snarkjs_r1cs_read(&err, &other, R1CS), &err);
    other->blocks[0].rows[0].a = other->blocks[0].rows[0].c = (r1cs_span){0, 0};
    toy_ok(zkey_init(&err, &s, other, &powers, in_folder("honest"), &OPTIONS), &err);
    toy_ok(ptau_open_bytes(&err, &p, bytes, len), &err);
    toy_ok(iden3_section(&err, &r, &p.sections, 12), &err);
    memcpy(bytes + (r.data - bytes) + (16 - 1) * sizeof(g1_affine), g1_generator(),
           sizeof(g1_affine));
    toy_write(in_folder("lying.ptau"), bytes, len);
    free(bytes);
    toy_ok(ptau_open(&err, &p, in_folder("lying.ptau")), &err);
    toy_fails(zkey_init(&err, &s, other, &p, in_folder("lied"), &OPTIONS), ZKM_REJECTED, &err);
    assert_non_null(strstr(err.message, "the points of B in G1"));
    r1cs_free(other);
    ptau_close(&p);
}

/* tau^(2n - 1) is in the quotient's basis where the file has it, so it must be a power: whoever
 * wrote another point there could have one of these divided by delta. */
static void ceremony__last_power_of_the_quotient_is_none(void **state) {
    zkm_error err;
    zkey_summary s;
    ptau p;
    byte_reader r;
    size_t len;
    uint8_t *bytes = toy_read(VECTORS "powers.ptau", &len);
    (void)state;
    toy_ok(ptau_open_bytes(&err, &p, bytes, len), &err);
    toy_ok(iden3_section(&err, &r, &p.sections, 2), &err);
    memcpy(bytes + (r.data - bytes) + (2 * 16 - 1) * sizeof(g1_affine), g1_generator(),
           sizeof(g1_affine));
    toy_write(in_folder("lying.ptau"), bytes, len);
    free(bytes);
    toy_ok(ptau_open(&err, &p, in_folder("lying.ptau")), &err);
    toy_fails(zkey_init(&err, &s, cs, &p, in_folder("lied"), &OPTIONS), ZKM_REJECTED, &err);
    assert_non_null(strstr(err.message, "not powers of one tau"));
    ptau_close(&p);
}

/* With a folder it leaves a key there, which a Python test shows to snarkjs. */
int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points__single_ones_replaced),
        cmocka_unit_test(points__divided_by_something_else),
        cmocka_unit_test(points__quotient_changed_where_snarkjs_does_not_look),
        cmocka_unit_test(header__fields),
        cmocka_unit_test(coefficients__bytes_of_each),
        cmocka_unit_test(ceremony__false_beginnings),
        cmocka_unit_test(ceremony__prepared_bases_that_lie),
        cmocka_unit_test(ceremony__prepared_basis_that_lies_of_b_alone),
        cmocka_unit_test(ceremony__last_power_of_the_quotient_is_none),
    };
    folder_take(argc, argv, "*where_snarkjs*");
    return cmocka_run_group_tests(tests, zkey_begin, zkey_end);
}
