/* The proving key's file: damage is found before anything is proved with it. */
#include "toy.h"

#include "../../fuzz/pk_reseal.h"

typedef struct {
    toy t, other; /* other: another system */
    uint8_t *bytes;
    size_t len;
} keys;

static int make(void **state) {
    keys *k = calloc(1, sizeof *k);
    assert_non_null(k);
    toy_new(&k->t, 20, 0);
    toy_new(&k->other, 21, 0);
    k->bytes = toy_read(k->t.pk_path, &k->len);
    *state = k;
    return 0;
}

static int drop(void **state) {
    keys *k = *state;
    toy_free(&k->t);
    toy_free(&k->other);
    free(k->bytes);
    free(k);
    return 0;
}

static void open__sections(void **state) {
    keys *k = *state;
    const groth16_pk *pk = k->t.pk;
    assert_int_equal(pk->header.num_rows, k->t.cs->num_rows);
    assert_int_equal(pk->header.num_wires, k->t.cs->num_wires);
    assert_int_equal(pk->header.num_committed, k->t.cs->num_committed);
    assert_int_equal((uintptr_t)pk->h % PK_PAGE, 0);
    assert_int_equal((uintptr_t)pk->b2 % PK_PAGE, 0);
    assert_true(pk->num_a > 0 && pk->num_a <= k->t.cs->num_wires);
    assert_true(pk->num_b > 0 &&
                pk->num_b < k->t.cs->num_wires); /* only columns that are not zero */
    for (size_t i = 0; i < pk->num_a; i++)
        assert_false(g1_affine_is_infinity(&pk->a[i]));
    for (size_t i = 0; i < pk->num_b; i++)
        assert_false(g2_affine_is_infinity(&pk->b2[i]) || g1_affine_is_infinity(&pk->b1[i]));
    assert_memory_equal(pk->vk->digest, k->t.vk->digest, 32);
}

static void check__honest_key(void **state) {
    keys *k = *state;
    zkm_error err;
    toy_ok(groth16_pk_check(&err, k->t.pk, 2), &err);
}

static void open__key_of_another_circuit(void **state) {
    keys *k = *state;
    zkm_error err;
    groth16_pk *pk = NULL;
    toy_fails(groth16_pk_open(&err, &pk, k->t.pk_path, k->other.circuit_digest, 1),
              ZKM_ERR_MISMATCH, &err);
    assert_non_null(strstr(err.message, k->t.pk_path));
    assert_null(pk);
}

static void fails_to_open(const keys *k, const uint8_t *bytes, size_t len) {
    zkm_error err;
    groth16_pk *pk = NULL;
    char path[96];
    snprintf(path, sizeof path, "%s/bad.zkm", k->t.folder);
    toy_write(path, bytes, len);
    zkm_status status = groth16_pk_open(&err, &pk, path, NULL, 1);
    unlink(path);
    if (status == ZKM_OK)
        fail_msg("a damaged key opens");
    assert_true(status == ZKM_ERR_FORMAT || status == ZKM_ERR_UNSUPPORTED ||
                status == ZKM_ERR_MISMATCH);
    assert_non_null(strstr(err.message, "bad.zkm"));
}

static void open__missing_or_empty(void **state) {
    keys *k = *state;
    zkm_error err;
    groth16_pk *pk = NULL;
    toy_fails(groth16_pk_open(&err, &pk, "no_such_pk.zkm", NULL, 1), ZKM_ERR_NOT_FOUND, &err);
    toy_fails(groth16_pk_open(&err, &pk, ".", NULL, 1), ZKM_ERR_NOT_FOUND, &err);
    fails_to_open(k, k->bytes, 0);
}

static void open__truncated_or_longer(void **state) {
    keys *k = *state;
    for (size_t n = 1; n < k->len; n += 997)
        fails_to_open(k, k->bytes, n);
    fails_to_open(k, k->bytes, k->len - 1);
    uint8_t *longer = calloc(1, k->len + PK_PAGE);
    assert_non_null(longer);
    memcpy(longer, k->bytes, k->len);
    fails_to_open(k, longer, k->len + 1);
    fails_to_open(k, longer, k->len + PK_PAGE);
    free(longer);
}

/* Header, points, lists and padding alike. */
static void open__every_region_is_hashed(void **state) {
    keys *k = *state;
    for (size_t at = 0; at < k->len; at += at < PK_PAGE ? 37 : 521) {
        k->bytes[at] ^= (uint8_t)(1 << at % 8);
        fails_to_open(k, k->bytes, k->len);
        k->bytes[at] ^= (uint8_t)(1 << at % 8);
    }
}

/* Opens bytes with digests made right; free the key. */
static zkm_status open_resealed(zkm_error *err, groth16_pk **pk, uint8_t *bytes, size_t len) {
    pk_reseal(bytes, len);
    return pk_open_bytes(err, pk, bytes, len, NULL, 1);
}

static uint8_t *copy(const keys *k) {
    uint8_t *bytes = aligned_alloc(PK_PAGE, (k->len + PK_PAGE - 1) / PK_PAGE * PK_PAGE);
    assert_non_null(bytes);
    memcpy(bytes, k->bytes, k->len);
    return bytes;
}

static void put_u64(uint8_t *at, uint64_t v, size_t n) {
    for (size_t i = 0; i < n; i++)
        at[i] = (uint8_t)(v >> (8 * i));
}

static void open__reseal_is_faithful(void **state) {
    keys *k = *state;
    zkm_error err;
    groth16_pk *pk = NULL;
    uint8_t *bytes = copy(k);
    toy_ok(open_resealed(&err, &pk, bytes, k->len), &err);
    assert_memory_equal(bytes, k->bytes, k->len);
    groth16_pk_free(pk);
    free(bytes);
}

static void open__counts_are_not_believed(void **state) {
    keys *k = *state;
    const struct {
        size_t at, size;
    } fields[] = {{PK_AT_NUM_PUBLIC, 4}, {PK_AT_NUM_COMMITTED, 4}, {PK_AT_NUM_WIRES, 4},
                  {PK_AT_NUM_ROWS, 8},   {PK_AT_DOMAIN, 8},        {PK_AT_FILE_BYTES, 8}};
    const uint64_t values[] = {
        0, 1, 3, 5, 0xffff, 0x7fffffff, 0xffffffff, UINT64_C(1) << 63, UINT64_MAX};
    for (size_t f = 0; f < sizeof fields / sizeof fields[0]; f++)
        for (size_t v = 0; v < sizeof values / sizeof values[0]; v++) {
            zkm_error err;
            groth16_pk *pk = NULL;
            uint8_t *bytes = copy(k);
            put_u64(bytes + fields[f].at, values[v], fields[f].size);
            zkm_status status = open_resealed(&err, &pk, bytes, k->len);
            if (status == ZKM_OK) { /* fewer rows fit the same domain */
                assert_int_equal(fields[f].at, PK_AT_NUM_ROWS);
                assert_true(values[v] <= pk->header.domain);
                groth16_pk_free(pk);
            }
            free(bytes);
        }
}

static void open__extents_are_not_believed(void **state) {
    keys *k = *state;
    const uint64_t values[] = {0,
                               1,
                               PK_PAGE,
                               PK_PAGE + 8,
                               UINT64_C(1) << 40,
                               UINT64_C(1) << 63,
                               UINT64_MAX - PK_PAGE + 1,
                               UINT64_MAX};
    for (int section = 0; section < PK_SECTIONS; section++)
        for (int half = 0; half < 2; half++)
            for (size_t v = 0; v < sizeof values / sizeof values[0]; v++) {
                zkm_error err;
                groth16_pk *pk = NULL;
                uint8_t *bytes = copy(k);
                uint8_t *at = bytes + PK_AT_EXTENTS + 16 * section + 8 * half;
                uint64_t before = pk_get_u64(at);
                put_u64(at, values[v], 8);
                zkm_status status = open_resealed(&err, &pk, bytes, k->len);
                if (status ==
                    ZKM_OK) { /* a section of points may be pointed at other bytes of the file */
                    assert_true(values[v] == before || (half == 0 && values[v] == PK_PAGE));
                    groth16_pk_free(pk);
                }
                free(bytes);
            }
}

static void open__wires_out_of_range_or_order(void **state) {
    keys *k = *state;
    const pk_section sections[] = {PK_A_INDEX, PK_B_INDEX};
    for (int i = 0; i < 2; i++)
        for (int way = 0; way < 3; way++) {
            zkm_error err;
            groth16_pk *pk = NULL;
            uint8_t *bytes = copy(k);
            uint8_t *at = bytes + pk_section_offset(bytes, sections[i]);
            if (way == 0)
                put_u64(at + 4, k->t.cs->num_wires, 4);
            else if (way == 1)
                memcpy(at + 4, at, 4);
            else
                put_u64(at, UINT32_MAX, 4);
            toy_fails(open_resealed(&err, &pk, bytes, k->len), ZKM_ERR_FORMAT, &err);
            free(bytes);
        }
}

static void open__verifying_key_of_another(void **state) {
    keys *k = *state;
    zkm_error err;
    groth16_pk *pk = NULL;
    uint8_t *bytes = copy(k), *vk = NULL;
    size_t len = 0;
    toy_ok(groth16_vk_to_bytes(&err, &vk, &len, k->other.vk), &err);
    memcpy(bytes + pk_section_offset(bytes, PK_VK), vk, len);
    toy_fails(open_resealed(&err, &pk, bytes, k->len), ZKM_ERR_MISMATCH, &err);
    free(vk);
    free(bytes);
}

static void open__header_point_off_the_curve(void **state) {
    keys *k = *state;
    for (int i = 0; i < 3; i++) {
        zkm_error err;
        groth16_pk *pk = NULL;
        uint8_t *bytes = copy(k);
        bytes[PK_AT_POINTS + 64 * i + 40] ^= 1;
        toy_fails(open_resealed(&err, &pk, bytes, k->len), ZKM_ERR_FORMAT, &err);
        free(bytes);
    }
}

/* Opening trusts the points of a well-hashed file; the thorough check does not. */
static void check__bad_points(void **state) {
    keys *k = *state;
    const pk_section sections[] = {PK_A, PK_B1, PK_B2, PK_COMMITTED, PK_PRIVATE, PK_H};
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
        for (int way = 0; way < 2; way++) {
            zkm_error err;
            groth16_pk *pk = NULL;
            uint8_t *bytes = copy(k);
            uint8_t *at = bytes + pk_section_offset(bytes, sections[i]);
            if (way == 0)
                at[3] ^= 1; /* off the curve */
            else
                put_u64(at + 24, UINT64_MAX, 8); /* above the modulus */
            toy_ok(open_resealed(&err, &pk, bytes, k->len), &err);
            toy_fails(groth16_pk_check(&err, pk, 2), ZKM_ERR_FORMAT, &err);
            assert_non_null(strstr(err.message, pk_section_name(sections[i])));
            groth16_pk_free(pk);
            free(bytes);
        }
}

/* A section and its entry in the table of hashes changed together: the header's hash of the table
 * tells. */
static void open__table_of_hashes_is_bound_to_the_header(void **state) {
    keys *k = *state;
    zkm_error err;
    groth16_pk *pk = NULL;
    uint8_t *bytes = copy(k), root[32];
    memcpy(root, bytes + PK_AT_ROOT, sizeof root);
    bytes[pk_section_offset(bytes, PK_H) + 5] ^= 1;
    pk_reseal(bytes, k->len);
    memcpy(bytes + PK_AT_ROOT, root, sizeof root);
    keccak256(bytes + PK_HEADER_CHECKSUM, bytes, PK_HEADER_CHECKSUM);
    toy_fails(pk_open_bytes(&err, &pk, bytes, k->len, NULL, 1), ZKM_ERR_FORMAT, &err);
    free(bytes);
}

static void open__newer_version(void **state) {
    keys *k = *state;
    zkm_error err;
    groth16_pk *pk = NULL;
    uint8_t *bytes = copy(k);
    put_u64(bytes + 8, 2, 4);
    toy_fails(open_resealed(&err, &pk, bytes, k->len), ZKM_ERR_UNSUPPORTED, &err);
    free(bytes);
}

/* More than a chunk: the table of hashes has several entries. */
static void open__several_chunks(void **state) {
    (void)state;
    toy t;
    groth16_proof proof;
    size_t len;
    keys k = {0};
    toy_new(&t, 4000, 0);
    k.bytes = toy_read(t.pk_path, &len);
    assert_true(len > 2 * PK_CHUNK);
    toy_prove(&t, &proof, 3);
    zkm_error err;
    toy_ok(groth16_verify_committed(&err, t.vk, t.statement, TOY_FIELDS, &proof), &err);
    memcpy(&k.t, &t, sizeof t);
    for (size_t at = PK_CHUNK / 2; at < len; at += PK_CHUNK) {
        k.bytes[at] ^= 1;
        fails_to_open(&k, k.bytes, len);
        k.bytes[at] ^= 1;
    }
    free(k.bytes);
    toy_free(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open__sections),
        cmocka_unit_test(check__honest_key),
        cmocka_unit_test(open__key_of_another_circuit),
        cmocka_unit_test(open__missing_or_empty),
        cmocka_unit_test(open__truncated_or_longer),
        cmocka_unit_test(open__every_region_is_hashed),
        cmocka_unit_test(open__reseal_is_faithful),
        cmocka_unit_test(open__counts_are_not_believed),
        cmocka_unit_test(open__extents_are_not_believed),
        cmocka_unit_test(open__wires_out_of_range_or_order),
        cmocka_unit_test(open__verifying_key_of_another),
        cmocka_unit_test(open__header_point_off_the_curve),
        cmocka_unit_test(check__bad_points),
        cmocka_unit_test(open__table_of_hashes_is_bound_to_the_header),
        cmocka_unit_test(open__newer_version),
        cmocka_unit_test(open__several_chunks),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
