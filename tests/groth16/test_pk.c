/* The proving key's file: damage is found before anything is proved with it. */
#include "toy.h"

#include "../../fuzz/pk_reseal.h"
#include "base/threads.h"
#include "groth16/snarkjs.h"

typedef struct {
    toy t, other; /* other: another system */
    uint8_t *bytes;
    size_t len;
} keys;

static uint8_t *copy_bytes(const uint8_t *from, size_t len) {
    uint8_t *bytes = aligned_alloc(PK_PAGE, (len + PK_PAGE - 1) / PK_PAGE * PK_PAGE);
    assert_non_null(bytes);
    memcpy(bytes, from, len);
    return bytes;
}

static uint8_t *copy(const keys *k) { return copy_bytes(k->bytes, k->len); }

static int make(void **state) {
    keys *k = calloc(1, sizeof *k);
    const groth16_setup_options exportable = {.threads = 2, .exportable = true};
    assert_non_null(k);
    toy_system(&k->t, 20, 0);
    toy_setup(&k->t, &exportable); /* with points in every section */
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
    toy_fails(groth16_pk_open(&err, &pk, k->t.pk_path, k->other.circuit_digest), ZKM_ERR_MISMATCH,
              &err);
    assert_non_null(strstr(err.message, k->t.pk_path));
    assert_null(pk);
}

static void fails_to_open(const keys *k, const uint8_t *bytes, size_t len) {
    zkm_error err;
    groth16_pk *pk = NULL;
    char path[96];
    snprintf(path, sizeof path, "%s/bad.zkm", k->t.folder);
    toy_write(path, bytes, len);
    zkm_status status = groth16_pk_open(&err, &pk, path, NULL);
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
    toy_fails(groth16_pk_open(&err, &pk, "no_such_pk.zkm", NULL), ZKM_ERR_NOT_FOUND, &err);
    toy_fails(groth16_pk_open(&err, &pk, ".", NULL), ZKM_ERR_NOT_FOUND, &err);
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

/* A witness of the toy, with a commitment made with its own, good key. */
static void prepare(toy *t, toy_witness *w) {
    fr c;
    toy_allocate(t, w);
    toy_fill_committed(t, w, 7);
    toy_commit(t, w);
    groth16_challenge(&c, t->vk->digest, t->statement, TOY_FIELDS, &w->d);
    toy_solve_with(t, w, &c);
}

static zkm_status commit_with(zkm_error *err, const toy *t, const toy_witness *w,
                              const groth16_pk *pk) {
    g1_affine d, d_before;
    fr blinding, blinding_before;
    memset(&d, 0x5a, sizeof d);
    memset(&blinding, 0x5a, sizeof blinding);
    d_before = d;
    blinding_before = blinding;
    zkm_status status =
        groth16_commit(err, &d, &blinding, pk, w->wires + r1cs_first_committed(t->cs), 2);
    if (status != ZKM_OK) {
        assert_memory_equal(&d, &d_before, sizeof d);
        assert_memory_equal(&blinding, &blinding_before, sizeof blinding);
    }
    return status;
}

static zkm_status prove_with(zkm_error *err, const toy *t, const toy_witness *w,
                             const groth16_pk *pk) {
    const groth16_prove_options options = {.threads = 2};
    size_t bytes = (size_t)t->pk->header.domain * sizeof(fr);
    fr *a = malloc(bytes), *b = malloc(bytes);
    assert_true(a && b);
    memcpy(a, w->a, bytes);
    memcpy(b, w->b, bytes);
    const groth16_witness witness = {.wires = w->wires, .a = a, .b = b, .k = &w->k, .d = &w->d};
    groth16_proof proof, before;
    memset(&proof, 0x5a, sizeof proof);
    memcpy(&before, &proof, sizeof proof);
    zkm_status status = groth16_prove(err, &proof, pk, &witness, &options);
    if (status != ZKM_OK)
        assert_memory_equal(&proof, &before, sizeof proof);
    else
        toy_ok(groth16_verify_committed(err, t->vk, t->statement, TOY_FIELDS, &proof), err);
    free(a);
    free(b);
    return status;
}

/* Opening refuses the key, or else proving with it does. */
static void is_refused(const keys *k, const toy_witness *w) {
    zkm_error err;
    groth16_pk *pk = NULL;
    if (pk_open_bytes(&err, &pk, k->bytes, k->len, NULL) != ZKM_OK)
        return;
    toy_fails(prove_with(&err, &k->t, w, pk), ZKM_ERR_FORMAT, &err);
    assert_non_null(strstr(err.message, "do not match their hashes"));
    groth16_pk_free(pk);
}

/* Header, points, lists and padding alike. */
static void prove__every_region_is_hashed(void **state) {
    keys *k = *state;
    toy_witness w;
    prepare(&k->t, &w);
    for (size_t at = 0; at < k->len; at += at < PK_PAGE ? 37 : 521) {
        k->bytes[at] ^= (uint8_t)(1 << at % 8);
        is_refused(k, &w);
        k->bytes[at] ^= (uint8_t)(1 << at % 8);
    }
    toy_witness_free(&w);
}

/* Opens bytes with digests made right; free the key. */
static zkm_status open_resealed(zkm_error *err, groth16_pk **pk, uint8_t *bytes, size_t len) {
    pk_reseal(bytes, len);
    return pk_open_bytes(err, pk, bytes, len, NULL);
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

/* A key has the columns of B in G1 or a blinding column, not half of either. */
static void open__blinding_column(void **state) {
    keys *k = *state;
    zkm_error err;
    size_t len;
    uint8_t *plain = toy_read(k->other.pk_path, &len);
    assert_true(pk_has_blinding_column(&k->other.pk->header));
    assert_false(pk_has_blinding_column(&k->t.pk->header));
    toy_ok(groth16_pk_check(&err, k->other.pk, 2), &err);
    for (int way = 0; way < 5; way++) {
        groth16_pk *pk = NULL;
        uint8_t *bytes = copy_bytes(plain, len), *column = bytes + PK_AT_BLINDING;
        if (way < 2)
            column[64 * way + 40] ^= 1; /* off the curve */
        else if (way < 4)
            memset(column + 64 * (way - 2), 0, 64);
        else
            memset(column, 0, 128); /* and PK_B1 is empty */
        toy_fails(open_resealed(&err, &pk, bytes, len), ZKM_ERR_FORMAT, &err);
        free(bytes);
    }
    groth16_pk *pk = NULL;
    uint8_t *both = copy(k);
    memcpy(both + PK_AT_BLINDING, plain + PK_AT_BLINDING, 128);
    toy_fails(open_resealed(&err, &pk, both, k->len), ZKM_ERR_FORMAT, &err);
    free(both);
    free(plain);
}

/* The row of the blinding column needs room in the domain, too. */
static void open__domain_without_room_for_the_blinding_row(void **state) {
    keys *k = *state;
    zkm_error err;
    groth16_pk *pk = NULL;
    size_t len;
    uint8_t *plain = toy_read(k->other.pk_path, &len), *bytes = copy_bytes(plain, len);
    put_u64(bytes + PK_AT_NUM_ROWS, k->other.pk->header.domain - 1, 8);
    toy_ok(open_resealed(&err, &pk, bytes, len), &err);
    groth16_pk_free(pk);
    pk = NULL;
    put_u64(bytes + PK_AT_NUM_ROWS, k->other.pk->header.domain, 8);
    toy_fails(open_resealed(&err, &pk, bytes, len), ZKM_ERR_FORMAT, &err);
    free(bytes);
    free(plain);
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
    toy_fails(pk_open_bytes(&err, &pk, bytes, k->len, NULL), ZKM_ERR_FORMAT, &err);
    free(bytes);
}

static void open__newer_version(void **state) {
    keys *k = *state;
    zkm_error err;
    groth16_pk *pk = NULL;
    uint8_t *bytes = copy(k);
    put_u64(bytes + 8, PK_VERSION_SPECIALISED + 1, 4);
    toy_fails(open_resealed(&err, &pk, bytes, k->len), ZKM_ERR_UNSUPPORTED, &err);
    free(bytes);
}

/* A key of several groups of chunks, so that a section is checked for itself. */
static void make_large(keys *k, toy_witness *w) {
    const groth16_setup_options exportable = {.threads = 2, .exportable = true};
    *k = (keys){0};
    toy_system(&k->t, 16000, 0);
    toy_setup(&k->t, &exportable); /* with points in every section */
    size_t len;
    uint8_t *bytes = toy_read(k->t.pk_path, &len);
    assert_true(len > 8 * PK_CHUNK);
    k->len = len;
    k->bytes = bytes;
    uint8_t *aligned = copy(k);
    free(bytes);
    k->bytes = aligned;
    prepare(&k->t, w);
}

static void drop_large(keys *k, toy_witness *w) {
    toy_witness_free(w);
    free(k->bytes);
    toy_free(&k->t);
}

/* One wrong bit in the middle of a section. */
static void flip(keys *k, pk_section section) {
    const uint8_t *extent = k->bytes + PK_AT_EXTENTS + 16 * (int)section;
    k->bytes[pk_get_u64(extent) + pk_get_u64(extent + 8) / 2] ^= 0x10;
}

static void prove__damage_in_every_section(void **state) {
    (void)state;
    const pk_section points[] = {PK_A, PK_B1, PK_B2, PK_COMMITTED, PK_PRIVATE, PK_H};
    keys k;
    toy_witness w;
    make_large(&k, &w);
    for (int section = 0; section < PK_SECTIONS; section++) {
        flip(&k, (pk_section)section);
        is_refused(&k, &w);
        flip(&k, (pk_section)section);
    }
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        zkm_error err;
        groth16_pk *pk = NULL;
        flip(&k, points[i]);
        toy_ok(pk_open_bytes(&err, &pk, k.bytes, k.len, NULL), &err);
        toy_fails(groth16_pk_check(&err, pk, 2), ZKM_ERR_FORMAT, &err);
        assert_non_null(strstr(err.message, "do not match their hashes"));
        flip(&k, points[i]);
        groth16_pk_free(pk);
    }
    drop_large(&k, &w);
}

static void commit__damage_in_its_section(void **state) {
    (void)state;
    zkm_error err;
    groth16_pk *pk = NULL;
    keys k;
    toy_witness w;
    make_large(&k, &w);
    flip(&k, PK_COMMITTED);
    toy_ok(pk_open_bytes(&err, &pk, k.bytes, k.len, NULL), &err);
    toy_fails(commit_with(&err, &k.t, &w, pk), ZKM_ERR_FORMAT, &err);
    groth16_pk_free(pk);
    flip(&k, PK_COMMITTED);
    flip(&k, PK_H);
    pk = NULL;
    toy_ok(pk_open_bytes(&err, &pk, k.bytes, k.len, NULL), &err);
    toy_ok(commit_with(&err, &k.t, &w, pk), &err); /* not its section, and not its group */
    toy_fails(prove_with(&err, &k.t, &w, pk), ZKM_ERR_FORMAT, &err);
    groth16_pk_free(pk);
    drop_large(&k, &w);
}

/* Bytes that no section needs are hashed too, before a proof leaves. */
static void prove__damage_in_no_section(void **state) {
    keys *k = *state, wider = *k;
    toy_witness w;
    size_t before = (size_t)pk_section_offset(k->bytes, PK_DIGESTS), end = before + 8 * PK_CHUNK;
    size_t table = (size_t)pk_chunks_of(end - PK_PAGE) * PK_DIGEST_BYTES;
    zkm_error err;
    groth16_pk *pk = NULL;
    prepare(&k->t, &w);
    wider.len = end + table;
    wider.bytes = aligned_alloc(PK_PAGE, (wider.len + PK_PAGE - 1) / PK_PAGE * PK_PAGE);
    assert_non_null(wider.bytes);
    memset(wider.bytes, 0, wider.len);
    memcpy(wider.bytes, k->bytes, before);
    put_u64(wider.bytes + PK_AT_EXTENTS + 16 * PK_DIGESTS, end, 8);
    put_u64(wider.bytes + PK_AT_EXTENTS + 16 * PK_DIGESTS + 8, table, 8);
    put_u64(wider.bytes + PK_AT_FILE_BYTES, wider.len, 8);
    toy_ok(open_resealed(&err, &pk, wider.bytes, wider.len), &err);
    toy_ok(prove_with(&err, &k->t, &w, pk), &err);
    groth16_pk_free(pk);
    pk = NULL;
    wider.bytes[end - 1] ^= 1;
    toy_ok(pk_open_bytes(&err, &pk, wider.bytes, wider.len, NULL), &err);
    toy_fails(prove_with(&err, &k->t, &w, pk), ZKM_ERR_FORMAT, &err);
    groth16_pk_free(pk);
    toy_witness_free(&w);
    free(wider.bytes);
}

/* What was right is not hashed again, and what was wrong stays wrong. */
static void check_section__once(void **state) {
    (void)state;
    zkm_error err;
    groth16_pk *pk = NULL;
    keys k;
    toy_witness w;
    make_large(&k, &w);
    toy_ok(pk_open_bytes(&err, &pk, k.bytes, k.len, NULL), &err);
    toy_ok(pk_check_section(&err, pk, PK_A, 2), &err);
    flip(&k, PK_A);
    toy_ok(pk_check_section(&err, pk, PK_A, 2), &err);
    flip(&k, PK_A);
    flip(&k, PK_H);
    toy_ok(pk_check_section(&err, pk, PK_A, 2), &err);
    toy_fails(pk_check_all(&err, pk, 2), ZKM_ERR_FORMAT, &err);
    flip(&k, PK_H);
    toy_fails(pk_check_section(&err, pk, PK_A, 2), ZKM_ERR_FORMAT, &err);
    groth16_pk_free(pk);
    drop_large(&k, &w);
}

typedef struct {
    keys *k;
    const toy_witness *w;
    const groth16_pk *pk;
    zkm_status wanted;
} proofs_at_once;

static void prove_each(void *context, size_t begin, size_t end, unsigned worker) {
    const proofs_at_once *job = context;
    (void)worker;
    for (size_t i = begin; i < end; i++) {
        zkm_error err;
        if (prove_with(&err, &job->k->t, job->w, job->pk) != job->wanted)
            abort(); /* cmocka's jump must not leave a worker */
    }
}

static void prove__several_at_once_on_one_key(void **state) {
    (void)state;
    keys k;
    toy_witness w;
    make_large(&k, &w);
    for (int damaged = 0; damaged < 2; damaged++) {
        zkm_error err;
        groth16_pk *pk = NULL;
        if (damaged)
            flip(&k, PK_B2);
        toy_ok(pk_open_bytes(&err, &pk, k.bytes, k.len, NULL), &err);
        proofs_at_once job = {&k, &w, pk, damaged ? ZKM_ERR_FORMAT : ZKM_OK};
        parallel_for(3, 3, 1, prove_each, &job);
        groth16_pk_free(pk);
    }
    drop_large(&k, &w);
}

static void export__damaged_key(void **state) {
    (void)state;
    const groth16_setup_options options = {.threads = 2, .exportable = true};
    zkm_error err;
    groth16_pk *pk = NULL;
    char path[96];
    keys k = {0};
    toy_system(&k.t, 20, 3);
    toy_setup(&k.t, &options);
    k.bytes = toy_read(k.t.pk_path, &k.len);
    flip(&k, PK_H);
    toy_write(k.t.pk_path, k.bytes, k.len);
    snprintf(path, sizeof path, "%s/key.zkey", k.t.folder);
    toy_ok(groth16_pk_open(&err, &pk, k.t.pk_path, k.t.circuit_digest), &err);
    toy_fails(snarkjs_zkey_export(&err, path, pk, k.t.cs), ZKM_ERR_FORMAT, &err);
    assert_int_not_equal(access(path, F_OK), 0);
    groth16_pk_free(pk);
    free(k.bytes);
    toy_free(&k.t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open__sections),
        cmocka_unit_test(check__honest_key),
        cmocka_unit_test(open__key_of_another_circuit),
        cmocka_unit_test(open__missing_or_empty),
        cmocka_unit_test(open__truncated_or_longer),
        cmocka_unit_test(prove__every_region_is_hashed),
        cmocka_unit_test(open__reseal_is_faithful),
        cmocka_unit_test(open__counts_are_not_believed),
        cmocka_unit_test(open__extents_are_not_believed),
        cmocka_unit_test(open__wires_out_of_range_or_order),
        cmocka_unit_test(open__verifying_key_of_another),
        cmocka_unit_test(open__header_point_off_the_curve),
        cmocka_unit_test(check__bad_points),
        cmocka_unit_test(open__table_of_hashes_is_bound_to_the_header),
        cmocka_unit_test(open__blinding_column),
        cmocka_unit_test(open__domain_without_room_for_the_blinding_row),
        cmocka_unit_test(open__newer_version),
        cmocka_unit_test(prove__damage_in_every_section),
        cmocka_unit_test(commit__damage_in_its_section),
        cmocka_unit_test(prove__damage_in_no_section),
        cmocka_unit_test(check_section__once),
        cmocka_unit_test(prove__several_at_once_on_one_key),
        cmocka_unit_test(export__damaged_key),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
