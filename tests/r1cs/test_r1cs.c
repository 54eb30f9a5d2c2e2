/* Recording, solving, evaluating and column sums of repeated-block systems. */
#include "sample_system.h"

#include "math/backend.h"
#include "math/keccak.h"
#include "r1cs/lookup.h"
#include "r1cs/poseidon2_rows.h"

static void solve__fills_products_and_quotients(void **state) {
    (void)state;
    zkm_error err;
    sample_system s = make_system();
    fr *wires = known_wires(&s), product, expected;
    fr *a = calloc(s.cs->num_rows, sizeof *a), *b = calloc(s.cs->num_rows, sizeof *b);
    fr *c[3];
    require_ok(r1cs_solve(&err, s.cs, wires, a, b, 2), &err);
    for (uint32_t i = 0; i < INSTANCES; i++) {
        uint64_t value = 5 + 3 * (uint64_t)i;
        fr_set_u64(&expected, value * value + i);
        fr_mul(&product, &wires[s.quotients.base + i], &expected);
        fr_set_u64(&expected, 7);
        assert_true(fr_equal(&product, &expected));
    }
    require_ok(r1cs_check(&err, s.cs, wires), &err);
    for (int m = 0; m < 3; m++)
        c[m] = calloc(s.cs->num_rows, sizeof(fr));
    require_ok(r1cs_evaluate(&err, s.cs, wires, c[0], c[1], c[2], 2), &err);
    assert_memory_equal(a, c[0], s.cs->num_rows * sizeof(fr));
    assert_memory_equal(b, c[1], s.cs->num_rows * sizeof(fr));
    for (int m = 0; m < 3; m++)
        free(c[m]);
    free(a);
    free(b);
    free(wires);
    r1cs_free(s.cs);
}

/* From some values their squares; quotients only with x. */
static void solve_known__goes_as_far_as_wires_are_known(void **state) {
    (void)state;
    zkm_error err;
    sample_system s = make_system();
    fr *whole = known_wires(&s);
    require_ok(r1cs_solve(&err, s.cs, whole, NULL, NULL, 1), &err);
    for (int with_x = 0; with_x < 2; with_x++) {
        fr *wires = calloc(s.cs->num_wires, sizeof *wires);
        bool *known = calloc(s.cs->num_wires, sizeof *known);
        size_t count = 0;
        known[0] = true;
        known[1] = with_x;
        known[s.values.base + 2] = known[s.values.base + 4] = true;
        for (uint32_t i = 0; i < s.cs->num_wires; i++)
            if (known[i])
                wires[i] = whole[i];
        r1cs_solve_known(s.cs, wires, known);
        for (uint32_t i = 0; i < s.cs->num_wires; i++) {
            count += known[i];
            assert_true(!known[i] || fr_equal(&wires[i], &whole[i]));
        }
        assert_true(known[s.squares.base + 2] && known[s.squares.base + 4]);
        assert_int_equal(known[s.quotients.base + 4], with_x);
        assert_int_equal(count, with_x ? 8 : 5);
        free(wires);
        free(known);
    }
    free(whole);
    r1cs_free(s.cs);
}

/* 7 / 0 with a_0^2 + 0 = 0. */
static void solve_known__quotient_by_zero_stays_unknown(void **state) {
    (void)state;
    sample_system s = make_system();
    fr *wires = known_wires(&s);
    bool *known = calloc(s.cs->num_wires, sizeof *known);
    fr_set_zero(&wires[s.values.base]);
    known[0] = known[1] = known[s.values.base] = true;
    r1cs_solve_known(s.cs, wires, known);
    assert_true(known[s.squares.base]);
    assert_false(known[s.quotients.base]);
    free(wires);
    free(known);
    r1cs_free(s.cs);
}

static void solve__names_the_assertion_that_fails(void **state) {
    (void)state;
    zkm_error err;
    sample_system s = make_system();
    fr *wires = known_wires(&s);
    fr_set_u64(&wires[s.values.base], 6);
    assert_int_equal(r1cs_solve(&err, s.cs, wires, NULL, NULL, 1), ZKM_ERR_INTERNAL);
    assert_non_null(strstr(err.message, "first value is five"));
    assert_int_equal(r1cs_check(&err, s.cs, wires), ZKM_REJECTED);
    free(wires);
    r1cs_free(s.cs);
}

static void solve__division_by_zero_is_an_error(void **state) {
    (void)state;
    zkm_error err;
    sample_system s = make_system();
    fr *wires = known_wires(&s);
    /* value^2 + 4 = 0 has no root that a test knows; instance 0 divides by value^2 = 0 */
    fr_set_zero(&wires[s.values.base]);
    assert_int_equal(r1cs_solve(&err, s.cs, wires, NULL, NULL, 1), ZKM_ERR_INTERNAL);
    free(wires);
    r1cs_free(s.cs);
}

static void columns__are_the_transpose_of_rows(void **state) {
    (void)state;
    zkm_error err;
    sample_system s = make_system();
    uint64_t n = s.cs->num_rows;
    uint32_t m = s.cs->num_wires;
    fr *weights = calloc(n, sizeof(fr)), *wires = calloc(m, sizeof(fr));
    fr *rows[3], *columns[3];
    for (int k = 0; k < 3; k++) {
        rows[k] = calloc(n, sizeof(fr));
        columns[k] = calloc(m, sizeof(fr));
    }
    for (uint64_t j = 0; j < n; j++)
        fr_set_u64(&weights[j], 1000003 * j * j + 17);
    for (uint32_t i = 0; i < m; i++)
        fr_set_u64(&wires[i], 10007 * (uint64_t)i + 3);
    require_ok(r1cs_evaluate(&err, s.cs, wires, rows[0], rows[1], rows[2], 1), &err);
    r1cs_columns(s.cs, weights, columns[0], columns[1], columns[2], 2);
    for (int k = 0; k < 3; k++) {
        fr by_rows, by_columns, product;
        fr_set_zero(&by_rows);
        fr_set_zero(&by_columns);
        for (uint64_t j = 0; j < n; j++) {
            fr_mul(&product, &rows[k][j], &weights[j]);
            fr_add(&by_rows, &by_rows, &product);
        }
        for (uint32_t i = 0; i < m; i++) {
            fr_mul(&product, &columns[k][i], &wires[i]);
            fr_add(&by_columns, &by_columns, &product);
        }
        assert_true(fr_equal(&by_rows, &by_columns));
        free(rows[k]);
        free(columns[k]);
    }
    free(weights);
    free(wires);
    r1cs_free(s.cs);
}

static void digest__changes_with_a_coefficient(void **state) {
    (void)state;
    sample_system s = make_system();
    uint8_t before[32], after[32];
    r1cs_digest(before, s.cs);
    fr_set_u64(&s.cs->coefs[s.cs->num_coefs - 1], 99);
    r1cs_digest(after, s.cs);
    assert_memory_not_equal(before, after, 32);
    r1cs_free(s.cs);
}

/* Rows of many terms, runs among them, on committed wires that differ from instance to instance. */
static r1cs *make_long_rows(uint32_t rows, uint32_t terms) {
    enum { LONG_INSTANCES = 3 };
    zkm_error err;
    r1cs *cs = NULL;
    uint64_t random = 1;
    r1cs_builder *b = builder_new(1);
    assert_non_null(b);
    wire_array values = builder_committed(b, terms, LONG_INSTANCES);
    wire_array products = builder_private(b, rows, LONG_INSTANCES);
    builder_begin(b, "long rows", LONG_INSTANCES, true);
    for (uint32_t j = 0; j < rows; j++) {
        lc left = lc_of(b, builder_one()), right = lc_of(b, builder_public(0));
        for (uint32_t t = 0; t < terms; t++) {
            random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
            lc_add_i64(&left, wire_at(&values, 0, 1, t), (int64_t)(random >> 62) - 1);
            lc_add_pow2(&right, wire_at(&values, 0, 1, t), (unsigned)(random >> 56));
            if (random >> 32 & 1)
                lc_add_run(&right, wire_at(&values, 0, 1, 0), t + 1, 1, random >> 33 & 1);
        }
        lc_add_lc_pow2(&left, &right, j);
        builder_define_product(b, wire_at(&products, 0, 1, j), &left, &right);
    }
    builder_end(b);
    require_ok(builder_finish(&err, &cs, b), &err);
    builder_free(b);
    return cs;
}

static void put_be(uint8_t **out, uint64_t v, int bytes) {
    for (int i = 0; i < bytes; i++)
        *(*out)++ = (uint8_t)(v >> (8 * (bytes - 1 - i)));
}

static void put_span(uint8_t **out, r1cs_span span) {
    put_be(out, span.begin, 4);
    put_be(out, span.end, 4);
}

static size_t canonical_bytes(uint8_t *out, const r1cs *cs) {
    uint8_t *p = out;
    put_be(&p, cs->num_public, 4);
    put_be(&p, cs->num_committed, 4);
    put_be(&p, cs->num_wires, 4);
    put_be(&p, cs->num_coefs, 4);
    for (uint32_t i = 0; i < cs->num_coefs; i++, p += 32)
        fr_to_bytes(p, &cs->coefs[i]);
    put_be(&p, cs->num_blocks, 4);
    for (uint32_t k = 0; k < cs->num_blocks; k++) {
        const r1cs_block *block = &cs->blocks[k];
        put_be(&p, block->count, 4);
        put_be(&p, block->num_rows, 4);
        put_be(&p, block->num_terms, 4);
        for (uint32_t j = 0; j < block->num_rows; j++) {
            put_span(&p, block->rows[j].a);
            put_span(&p, block->rows[j].b);
            put_span(&p, block->rows[j].c);
        }
        for (uint32_t t = 0; t < block->num_terms; t++) {
            const r1cs_term *term = &block->terms[t];
            put_be(&p, term->index, 4);
            put_be(&p, term->stride, 4);
            put_be(&p, term->repeat, 4);
            put_be(&p, term->step, 4);
            put_be(&p, term->coef, 4);
            put_be(&p, term->coef_stride, 4);
        }
    }
    for (uint32_t k = 0; cs->interleaved && k < cs->num_blocks; k++) {
        put_be(&p, cs->blocks[k].first_row, 8);
        put_be(&p, cs->blocks[k].row_step, 4);
    }
    return (size_t)(p - out);
}

/* The definition in r1cs.h, with all bytes in memory. */
static void reference_digest(uint8_t out[32], const uint8_t *bytes, size_t len) {
    enum { CHUNK_BYTES = 8192 };
    keccak256_state h;
    uint8_t digest[32], length[8], *p = length;
    keccak256_init(&h);
    keccak256_update(&h, (const uint8_t *)"zkmetric.r1cs.v2", 16);
    for (size_t at = 0; at < len; at += CHUNK_BYTES) {
        keccak256(digest, bytes + at, len - at < CHUNK_BYTES ? len - at : CHUNK_BYTES);
        keccak256_update(&h, digest, sizeof digest);
    }
    put_be(&p, len, 8);
    keccak256_update(&h, length, sizeof length);
    keccak256_final(&h, out);
}

/* Lengths of less than a chunk to three groups of chunks, full chunks and groups and those next to
 * them among these. */
static void digest__is_that_of_the_definition_in_all_backends(void **state) {
    (void)state;
    enum { TERMS = 8190, COEFS = 65, ROOM = 32 * TERMS };
    static const uint32_t counts[] = {0,    1,    338,  339,  340,  341,  2725,
                                      2726, 2727, 2728, 5458, 5459, 5460, TERMS};
    unsigned full_chunks = 0, full_groups = 0;
    uint8_t *bytes = malloc(ROOM), digest[32], expected[32];
    fr coefs[COEFS];
    r1cs_row row = {.a = {1, 2}, .b = {3, 4}, .c = {5, 6}};
    r1cs_term *terms = calloc(TERMS, sizeof *terms);
    r1cs_block block = {.first_row = UINT64_C(0x123456789a), .row_step = 2, .count = 1};
    r1cs cs = {.num_wires = 1, .coefs = coefs, .blocks = &block, .num_blocks = 1};
    block.num_rows = 1;
    block.rows = &row;
    block.terms = terms;
    size_t num_backends;
    const math_backend *const *all = math_backend_all(&num_backends);
    assert_non_null(bytes);
    assert_non_null(terms);
    for (uint32_t i = 0; i < COEFS; i++)
        fr_set_u64(&coefs[i], 1000 + i);
    for (uint32_t t = 0; t < TERMS; t++)
        terms[t] = (r1cs_term){t, 2 * t, 3 * t, 4 * t, 5 * t, UINT32_MAX - t};
    for (int layout = 0; layout < 2; layout++, cs.interleaved = true)
        for (cs.num_coefs = 0; cs.num_coefs <= COEFS; cs.num_coefs += cs.num_coefs < 3 ? 1 : 31)
            for (size_t n = 0; n < sizeof counts / sizeof *counts; n++) {
                block.num_terms = counts[n];
                size_t len = canonical_bytes(bytes, &cs);
                full_chunks += len % 8192 == 0;
                full_groups += len % 65536 == 0;
                reference_digest(expected, bytes, len);
                for (size_t k = 0; k < num_backends; k++) {
                    if (!all[k]->available())
                        continue;
                    math_backend_use(all[k]);
                    r1cs_digest(digest, &cs);
                    assert_memory_equal(digest, expected, 32);
                }
            }
    assert_in_range(full_chunks, full_groups + 1, 20);
    assert_int_not_equal(full_groups, 0);
    assert_int_equal(math_backend_select(NULL, NULL), ZKM_OK);
    free(terms);
    free(bytes);
}

static void solve__long_sums_are_those_of_the_entries(void **state) {
    (void)state;
    for (uint32_t terms = 1; terms < 200; terms += terms < 10 ? 1 : 61) {
        zkm_error err;
        r1cs *cs = make_long_rows(5, terms);
        fr *wires = calloc(cs->num_wires, sizeof *wires);
        fr *a = calloc(cs->num_rows, sizeof *a), *b = calloc(cs->num_rows, sizeof *b);
        naive_sums naive = {.wires = wires};
        fr_set_one(&wires[0]);
        for (uint32_t i = 1; i < r1cs_first_private(cs); i++) {
            fr_set_u64(&wires[i], i);
            fr_inv(&wires[i], &wires[i]);
        }
        for (int m = 0; m < 3; m++)
            naive.sums[m] = calloc(cs->num_rows, sizeof(fr));
        require_ok(r1cs_solve(&err, cs, wires, a, b, 2), &err);
        require_ok(r1cs_check(&err, cs, wires), &err);
        r1cs_visit(cs, add_entry, &naive);
        assert_memory_equal(a, naive.sums[0], cs->num_rows * sizeof *a);
        assert_memory_equal(b, naive.sums[1], cs->num_rows * sizeof *b);
        for (int m = 0; m < 3; m++)
            free(naive.sums[m]);
        free(a);
        free(b);
        free(wires);
        r1cs_free(cs);
    }
}

/* Both sides of a square, and the side of the next row that is the same again; not one that differs
 * in a coefficient, nor one with a few terms, nor one of another block. */
static void builder__equal_combinations_are_stored_once(void **state) {
    (void)state;
    zkm_error err;
    r1cs *cs = NULL;
    r1cs_builder *b = builder_new(8);
    assert_non_null(b);
    lc few = lc_of(b, builder_public(0)), many = lc_empty(b), other = lc_empty(b);
    for (uint32_t i = 0; i < 6; i++) {
        lc_add_i64(&many, builder_public(i), 3);
        lc_add_i64(&other, builder_public(i), i == 5 ? 4 : 3);
    }
    for (int k = 0; k < 2; k++) {
        builder_begin(b, "block", 1, true);
        builder_product(b, &many, &many);
        builder_product(b, &few, &many);
        builder_product(b, &other, &few);
        builder_product(b, &many, &few);
        builder_end(b);
    }
    require_ok(builder_finish(&err, &cs, b), &err);
    for (int k = 0; k < 2; k++) {
        const r1cs_row *rows = cs->blocks[k].rows;
        assert_int_equal(rows[0].a.begin, 0);
        assert_int_equal(rows[0].a.end, 6);
        assert_memory_equal(&rows[0].b, &rows[0].a, sizeof(r1cs_span));
        assert_memory_equal(&rows[1].b, &rows[0].a, sizeof(r1cs_span));
        assert_memory_not_equal(&rows[2].a, &rows[0].a, sizeof(r1cs_span));
        assert_int_equal(rows[3].a.end - rows[3].a.begin, 6); /* the last one is remembered */
        assert_int_equal(cs->blocks[k].num_terms, 3 * 6 + 3 + 4);
    }
    builder_free(b);
    r1cs_free(cs);
}

static void pow2__is_repeated_doubling(void **state) {
    (void)state;
    fr expected, out;
    fr_set_one(&expected);
    for (unsigned i = 0; i < 300; i++) {
        fr_pow2(&out, i);
        assert_true(fr_equal(&out, &expected));
        fr_double(&expected, &expected);
    }
}

/* Into an empty combination, and into one that has terms. */
static void lc__zero_times_a_combination_is_nothing(void **state) {
    (void)state;
    fr zero;
    r1cs_builder *b = builder_new(2);
    lc x = lc_of(b, builder_public(0)), sum = lc_empty(b), y = lc_of(b, builder_public(1));
    fr_set_zero(&zero);
    lc_add_lc_scaled(&sum, &x, &zero);
    assert_int_equal(sum.len, 0);
    lc_add_lc_scaled(&y, &x, &zero);
    assert_int_equal(y.len, 1);
    lc_add_lc(&sum, &x);
    lc_add_lc(&sum, &y);
    assert_int_equal(sum.len, 2);
    assert_int_equal(x.len, 1); /* what was taken over is its own */
    builder_free(b);
}

static void builder__rows_outside_a_block_are_refused(void **state) {
    (void)state;
    zkm_error err;
    r1cs *cs = NULL;
    r1cs_builder *b = builder_new(1);
    lc one = lc_of(b, builder_one());
    builder_assert_zero(b, &one);
    assert_int_equal(builder_finish(&err, &cs, b), ZKM_ERR_INTERNAL);
    assert_null(cs);
    builder_free(b);
}

static void builder__a_quotient_read_in_its_own_instance_is_refused(void **state) {
    (void)state;
    zkm_error err;
    r1cs *cs = NULL;
    r1cs_builder *b = builder_new(1);
    wire_array q = builder_private(b, 1, 3), p = builder_private(b, 1, 3);
    builder_begin(b, "quotients", 3, true);
    lc x = lc_of(b, builder_public(0)), quotient = lc_of(b, wire_at(&q, 0, 1, 0));
    builder_define_quotient(b, wire_at(&q, 0, 1, 0), &x, &x);
    builder_define_product(b, wire_at(&p, 0, 1, 0), &quotient, &x);
    builder_end(b);
    assert_int_equal(builder_finish(&err, &cs, b), ZKM_ERR_INTERNAL);
    builder_free(b);
}

/* The reading row shares its terms with one before the quotient's. */
static void builder__a_quotient_read_by_shared_terms_is_refused(void **state) {
    (void)state;
    zkm_error err;
    r1cs *cs = NULL;
    r1cs_builder *b = builder_new(3);
    wire_array q = builder_private(b, 1, 1);
    lc x = lc_of(b, builder_public(0)), many = lc_of(b, wire_at(&q, 0, 0, 0));
    for (uint32_t i = 0; i < 3; i++)
        lc_add_i64(&many, builder_public(i), 2);
    builder_begin(b, "quotient", 1, true);
    builder_assert(b, &many, NULL, NULL);
    builder_define_quotient(b, wire_at(&q, 0, 0, 0), &x, &x);
    builder_product(b, &many, &x);
    builder_end(b);
    assert_int_equal(builder_finish(&err, &cs, b), ZKM_ERR_INTERNAL);
    builder_free(b);
}

/* One long sum an instance, and no other between it and the next instance's. */
static void solve__a_remembered_sum_is_of_its_own_instance(void **state) {
    (void)state;
    enum { VALUES = 5 };
    zkm_error err;
    r1cs *cs = NULL;
    r1cs_builder *b = builder_new(1);
    wire_array values = builder_committed(b, VALUES, INSTANCES);
    wire_array out = builder_private(b, 1, INSTANCES);
    builder_begin(b, "sums", INSTANCES, true);
    lc sum = lc_empty(b), one = lc_of(b, builder_one());
    for (uint32_t i = 0; i < VALUES; i++)
        lc_add_i64(&sum, wire_at(&values, 0, 1, i), 1 + i);
    builder_define_product(b, wire_at(&out, 0, 1, 0), &sum, &one);
    builder_end(b);
    require_ok(builder_finish(&err, &cs, b), &err);
    builder_free(b);
    fr *wires = calloc(cs->num_wires, sizeof *wires);
    fr_set_one(&wires[0]);
    for (uint32_t i = 1; i < r1cs_first_private(cs); i++)
        fr_set_u64(&wires[i], i * i);
    require_ok(r1cs_solve(&err, cs, wires, NULL, NULL, 1), &err);
    require_ok(r1cs_check(&err, cs, wires), &err);
    free(wires);
    r1cs_free(cs);
}

static void lc__equal_wires_merge_and_cancel(void **state) {
    (void)state;
    r1cs_builder *b = builder_new(2);
    lc l = lc_of(b, builder_public(0));
    lc_add(&l, builder_public(0));
    assert_int_equal(l.len, 1);
    lc_add_i64(&l, builder_public(0), -2);
    assert_int_equal(l.len, 0);
    builder_free(b);
}

/* Two combinations that grow by turns, and one alone, keep their own terms. */
static void lc__combinations_grow_apart(void **state) {
    (void)state;
    enum { TERMS = 300 };
    zkm_error err;
    r1cs *cs = NULL;
    r1cs_builder *b = builder_new(TERMS);
    lc turns[2] = {lc_empty(b), lc_empty(b)}, alone = lc_empty(b);
    for (uint32_t i = 0; i < TERMS; i++)
        for (uint32_t k = 0; k < 2; k++)
            lc_add_i64(&turns[k], builder_public(i), 1 + 2 * i + k);
    for (uint32_t i = 0; i < TERMS; i++)
        lc_add_i64(&alone, builder_public(i), 5 + i);
    builder_begin(b, "block", 1, true);
    builder_assert(b, &turns[0], &turns[1], &alone);
    builder_end(b);
    require_ok(builder_finish(&err, &cs, b), &err);
    const r1cs_row *row = &cs->blocks[0].rows[0];
    const r1cs_span spans[3] = {row->a, row->b, row->c};
    for (uint32_t m = 0; m < 3; m++)
        for (uint32_t i = 0; i < TERMS; i++) {
            fr expected;
            const r1cs_term *term = &cs->blocks[0].terms[spans[m].begin + i];
            fr_set_u64(&expected, m < 2 ? 1 + 2 * i + m : 5 + i);
            assert_int_equal(term->index, 1 + i);
            assert_true(fr_equal(&cs->coefs[term->coef], &expected));
        }
    builder_free(b);
    r1cs_free(cs);
}

/* Three times more terms than a chunk has, between a mark and its release, over and over: what was
 * made before the mark, and rows, keep theirs. */
static void builder_release__leaves_rows_and_what_came_before(void **state) {
    (void)state;
    enum { TERMS = 12000, ROUNDS = 3 };
    zkm_error err;
    r1cs *cs = NULL;
    r1cs_builder *b = builder_new(1);
    wire_array values = builder_committed(b, TERMS, 1);
    lc before = lc_empty(b);
    lc_mark empty = builder_mark(b);
    lc_add_i64(&before, builder_public(0), 77);
    builder_release(b, empty);
    before = lc_empty(b);
    lc_add_i64(&before, builder_public(0), 99);
    builder_begin(b, "block", 1, true);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        lc_mark mark = builder_mark(b);
        lc many = lc_empty(b);
        for (uint32_t i = 0; i < TERMS / 100; i++) {
            lc part = lc_empty(b);
            for (uint32_t j = 0; j < 100; j++)
                lc_add_i64(&part, wire_at(&values, 0, 0, 100 * i + j), 1 + round);
            if (i % 40 == round)
                lc_add_lc(&many, &part);
        }
        builder_assert(b, &many, &before, NULL);
        builder_release(b, mark);
    }
    builder_end(b);
    require_ok(builder_finish(&err, &cs, b), &err);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        const r1cs_row *row = &cs->blocks[0].rows[round];
        const r1cs_term *terms = cs->blocks[0].terms;
        fr expected;
        assert_int_equal(row->a.end - row->a.begin, 300);
        for (uint32_t t = 0; t < 300; t++) {
            const r1cs_term *term = &terms[row->a.begin + t];
            uint32_t at = 100 * (round + t / 100 * 40) + t % 100;
            fr_set_u64(&expected, 1 + round);
            assert_int_equal(term->index, r1cs_first_committed(cs) + at);
            assert_true(fr_equal(&cs->coefs[term->coef], &expected));
        }
        fr_set_u64(&expected, 99);
        assert_int_equal(row->b.end - row->b.begin, 1);
        assert_true(fr_equal(&cs->coefs[terms[row->b.begin].coef], &expected));
    }
    builder_free(b);
    r1cs_free(cs);
}

/* ---------------------------------------------------------------- range checks */

/* One value checked to `bits` bits with a table of 2^width; is the honest limb assignment accepted?
 */
static bool range_accepts(unsigned bits, unsigned width, const fr *value, uint64_t limbs_of) {
    zkm_error err;
    r1cs *cs = NULL;
    range_table r;
    r1cs_builder *b = builder_new(1);
    require_ok(range_init(&err, &r, b, width), &err);
    wire_array v = builder_committed(b, 1, 1);
    builder_begin(b, "range", 1, true);
    builder_rule(b, "range");
    lc checked = lc_of(b, wire_at(&v, 0, 0, 0));
    range_wires w = range_record(&r, b, builder_public(0), &checked, bits, 1);
    builder_end(b);
    assert_int_equal(builder_rows(b), range_rows(bits, width));
    lookup_close(&r.table, b, builder_public(0), r.values, "table");
    require_ok(builder_finish(&err, &cs, b), &err);
    fr *wires = calloc(cs->num_wires, sizeof *wires);
    lookup_counts counts = {calloc((size_t)1 << width, sizeof(uint32_t)), UINT32_C(1) << width};
    const uint64_t words[4] = {limbs_of, 0, 0, 0};
    fr_set_one(&wires[0]);
    fr_set_u64(&wires[1], UINT64_C(0x123456789abcdef));
    wires[builder_place(b, v.base)] = *value;
    range_assign(&w, width, &counts, &wires[builder_place(b, w.limbs.base)], words);
    for (uint32_t j = 0; j < counts.size; j++)
        fr_set_u64(&wires[builder_place(b, r.table.multiplicity.base) + j], counts.counts[j]);
    bool accepted = r1cs_solve(&err, cs, wires, NULL, NULL, 1) == ZKM_OK &&
                    r1cs_check(&err, cs, wires) == ZKM_OK;
    free(counts.counts);
    free(wires);
    r1cs_free(cs);
    range_clear(&r);
    builder_free(b);
    return accepted;
}

static void range__accepts_exactly_the_values_below_the_bound(void **state) {
    (void)state;
    const unsigned cases[][2] = {{8, 8}, {5, 8}, {16, 8}, {13, 8}, {20, 8}, {16, 16}, {9, 16}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned bits = cases[i][0], width = cases[i][1];
        uint64_t bound = UINT64_C(1) << bits;
        const uint64_t inside[] = {0, 1, bound / 2, bound - 1}, outside[] = {bound, bound + 1};
        fr v;
        for (size_t k = 0; k < 4; k++) {
            fr_set_u64(&v, inside[k]);
            assert_true(range_accepts(bits, width, &v, inside[k]));
        }
        for (size_t k = 0; k < 2; k++) {
            fr_set_u64(&v, outside[k]);
            assert_false(range_accepts(bits, width, &v, outside[k]));
            assert_false(range_accepts(bits, width, &v, outside[k] & (bound - 1)));
        }
        fr_set_i64(&v, -1);
        assert_false(range_accepts(bits, width, &v, bound - 1));
        fr_set_u64(&v, 2);
        fr_inv(&v, &v); /* 1/2: its double is in the table */
        assert_false(range_accepts(bits, width, &v, 0));
        assert_false(range_accepts(bits, width, &v, 1));
    }
}

/* Two permutations in one block, three in instances of another, one after the other: the first
 * records its rows, the others repeat them. */
static void poseidon2_record__every_permutation_is_the_reference(void **state) {
    enum { T = 16, PERMUTATIONS = 5, IN_FIRST = 2 };
    (void)state;
    zkm_error err;
    r1cs *cs = NULL;
    lc x[T];
    r1cs_builder *b = builder_new(T);
    assert_non_null(b);
    wire_array chain = builder_private(b, T, PERMUTATIONS), out = builder_private(b, T, 1);
    builder_begin(b, "first", 1, false);
    for (uint32_t i = 0; i < T; i++)
        x[i] = lc_of(b, builder_public(i));
    for (uint32_t k = 0; k < IN_FIRST; k++)
        poseidon2_record(b, &POSEIDON2_T16, x, 1, &chain, k, 0);
    builder_end(b);
    builder_begin(b, "rest", PERMUTATIONS - IN_FIRST, false);
    builder_rule(b, "rest");
    poseidon2_output(b, &POSEIDON2_T16, x, &chain, IN_FIRST - 1, 1);
    poseidon2_record(b, &POSEIDON2_T16, x, PERMUTATIONS - IN_FIRST, &chain, IN_FIRST, 1);
    builder_end(b);
    builder_begin(b, "output", 1, true);
    lc one = lc_of(b, builder_one());
    poseidon2_output(b, &POSEIDON2_T16, x, &chain, PERMUTATIONS - 1, 0);
    for (uint32_t i = 0; i < T; i++)
        builder_define_product(b, wire_at(&out, 0, 0, i), &x[i], &one);
    builder_end(b);
    require_ok(builder_finish(&err, &cs, b), &err);
    assert_int_equal(cs->num_rows, PERMUTATIONS * poseidon2_rows(&POSEIDON2_T16) + T + T + 1);
    assert_string_equal(cs->rules[cs->blocks[1].rows[100].rule], "rest");
    fr *wires = calloc(cs->num_wires, sizeof *wires), expected[T];
    assert_non_null(wires);
    fr_set_one(&wires[0]);
    for (uint32_t i = 0; i < T; i++) {
        fr_set_u64(&expected[i], 100 + i * i);
        wires[1 + i] = expected[i];
    }
    for (int k = 0; k < PERMUTATIONS; k++)
        poseidon2_permute_t16(expected);
    fr *rows = calloc(4 * cs->num_rows, sizeof *rows);
    assert_non_null(rows);
    fr *a = rows, *b_ = a + cs->num_rows, *want = b_ + cs->num_rows;
    require_ok(r1cs_solve(&err, cs, wires, a, b_, 2), &err);
    require_ok(r1cs_check(&err, cs, wires), &err);
    require_ok(r1cs_evaluate(&err, cs, wires, want, want + cs->num_rows, NULL, 2), &err);
    assert_memory_equal(rows, want, 2 * cs->num_rows * sizeof *rows);
    assert_memory_equal(&wires[builder_place(b, out.base)], expected, sizeof expected);
    free(rows);
    builder_free(b);
    r1cs_free(cs);
    free(wires);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(solve__fills_products_and_quotients),
        cmocka_unit_test(solve__names_the_assertion_that_fails),
        cmocka_unit_test(solve_known__goes_as_far_as_wires_are_known),
        cmocka_unit_test(solve_known__quotient_by_zero_stays_unknown),
        cmocka_unit_test(solve__division_by_zero_is_an_error),
        cmocka_unit_test(columns__are_the_transpose_of_rows),
        cmocka_unit_test(digest__changes_with_a_coefficient),
        cmocka_unit_test(digest__is_that_of_the_definition_in_all_backends),
        cmocka_unit_test(solve__long_sums_are_those_of_the_entries),
        cmocka_unit_test(builder__equal_combinations_are_stored_once),
        cmocka_unit_test(pow2__is_repeated_doubling),
        cmocka_unit_test(lc__zero_times_a_combination_is_nothing),
        cmocka_unit_test(builder__rows_outside_a_block_are_refused),
        cmocka_unit_test(builder__a_quotient_read_in_its_own_instance_is_refused),
        cmocka_unit_test(builder__a_quotient_read_by_shared_terms_is_refused),
        cmocka_unit_test(solve__a_remembered_sum_is_of_its_own_instance),
        cmocka_unit_test(lc__equal_wires_merge_and_cancel),
        cmocka_unit_test(lc__combinations_grow_apart),
        cmocka_unit_test(builder_release__leaves_rows_and_what_came_before),
        cmocka_unit_test(range__accepts_exactly_the_values_below_the_bound),
        cmocka_unit_test(poseidon2_record__every_permutation_is_the_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
