/* Where rows stand: plain and interleaved systems. */
#include "sample_system.h"

/* The places of the plain system's rows in the interleaved one, by the definition. */
static void expected_places(uint64_t *out, const r1cs *plain, const char *fixed) {
    uint64_t next[2] = {0, 1};
    for (uint32_t k = 0; k < plain->num_blocks; k++) {
        const r1cs_block *block = &plain->blocks[k];
        uint64_t *place = &next[strcmp(block->name, fixed) == 0];
        for (uint64_t j = 0; j < (uint64_t)block->count * block->num_rows; j++, *place += 2)
            *out++ = *place;
    }
}

/* Arrays of a value for each place that nobody filled yet. */
static void garbage_arrays(fr *out[3], uint64_t places) {
    for (int m = 0; m < 3; m++) {
        out[m] = malloc(places * sizeof(fr));
        assert_non_null(out[m]);
        memset(out[m], 0x5a, places * sizeof(fr));
    }
}

static void free_arrays(fr *arrays[3]) {
    for (int m = 0; m < 3; m++)
        free(arrays[m]);
}

/* Every row's value is at its place, and the places between them are zero. */
static void require_moved(const fr *moved, uint64_t places, const fr *plain, uint64_t rows,
                          const uint64_t *place) {
    fr *expected = calloc(places, sizeof *expected);
    assert_non_null(expected);
    for (uint64_t j = 0; j < rows; j++)
        expected[place[j]] = plain[j];
    assert_memory_equal(moved, expected, places * sizeof *expected);
    free(expected);
}

static void require_same_columns(const r1cs *moved, const r1cs *plain, const uint64_t *place) {
    fr *of_places = calloc(moved->num_rows, sizeof(fr)), *got[3], *expected[3];
    fr *of_rows = calloc(plain->num_rows, sizeof(fr));
    garbage_arrays(got, plain->num_wires);
    garbage_arrays(expected, plain->num_wires);
    for (uint64_t j = 0; j < moved->num_rows; j++)
        fr_set_u64(&of_places[j], 1000003 * j * j + 17);
    for (uint64_t j = 0; j < plain->num_rows; j++)
        of_rows[j] = of_places[place[j]];
    r1cs_columns(moved, of_places, got[0], got[1], got[2], 2);
    r1cs_columns(plain, of_rows, expected[0], expected[1], expected[2], 2);
    for (int m = 0; m < 3; m++)
        assert_memory_equal(got[m], expected[m], plain->num_wires * sizeof(fr));
    free_arrays(got);
    free_arrays(expected);
    free(of_places);
    free(of_rows);
}

/* One system, plain and interleaved; the fixed rows are the more or the fewer. */
static void require_interleaved(const char *fixed, uint64_t places) {
    zkm_error err, plain_err;
    sample_system p = make_system(), s = make_laid_out(fixed, true);
    uint64_t rows = p.cs->num_rows, *place = calloc(rows, sizeof *place);
    fr *plain_wires = known_wires(&p), *wires = known_wires(&s), *plain[3], *moved[3];
    assert_true(s.cs->interleaved);
    assert_int_equal(s.cs->num_constraints, rows);
    assert_int_equal(s.cs->num_rows, places);
    expected_places(place, p.cs, fixed);
    garbage_arrays(plain, rows);
    garbage_arrays(moved, places);
    require_ok(r1cs_solve(&err, p.cs, plain_wires, plain[0], plain[1], 2), &err);
    require_ok(r1cs_solve(&err, s.cs, wires, moved[0], moved[1], 2), &err);
    assert_memory_equal(wires, plain_wires, p.cs->num_wires * sizeof *wires);
    for (int m = 0; m < 2; m++)
        require_moved(moved[m], places, plain[m], rows, place);
    free_arrays(moved);
    garbage_arrays(moved, places);
    require_ok(r1cs_evaluate(&err, p.cs, wires, plain[0], plain[1], plain[2], 2), &err);
    require_ok(r1cs_evaluate(&err, s.cs, wires, moved[0], moved[1], moved[2], 2), &err);
    naive_sums naive = {.wires = wires};
    for (int m = 0; m < 3; m++) {
        require_moved(moved[m], places, plain[m], rows, place);
        naive.sums[m] = calloc(places, sizeof(fr));
    }
    r1cs_visit(s.cs, add_entry, &naive);
    for (int m = 0; m < 3; m++)
        assert_memory_equal(naive.sums[m], moved[m], places * sizeof(fr));
    require_same_columns(s.cs, p.cs, place);
    require_ok(r1cs_check(&err, s.cs, wires), &err);
    fr_set_u64(&wires[s.squares.base + 2], 3);
    assert_int_equal(r1cs_check(&plain_err, p.cs, wires), ZKM_REJECTED);
    assert_int_equal(r1cs_check(&err, s.cs, wires), ZKM_REJECTED);
    assert_string_equal(err.message, plain_err.message);
    free_arrays(naive.sums);
    free_arrays(plain);
    free_arrays(moved);
    free(place);
    free(plain_wires);
    free(wires);
    r1cs_free(p.cs);
    r1cs_free(s.cs);
}

static void interleave__is_a_permutation_of_rows_with_holes_of_zero(void **state) {
    (void)state;
    require_interleaved("terms", 2 * 2 * INSTANCES);
    require_interleaved("sum", 2 * (2 * INSTANCES + 2));
}

static void interleave__without_committed_wires_is_refused(void **state) {
    (void)state;
    zkm_error err;
    r1cs *cs = NULL;
    r1cs_builder *b = builder_new(1);
    assert_non_null(b);
    builder_interleave(b);
    assert_int_equal(builder_finish(&err, &cs, b), ZKM_ERR_INTERNAL);
    builder_free(b);
}

static void interleave__marks_alone_change_nothing(void **state) {
    (void)state;
    sample_system plain = make_system(), marked = make_laid_out("sum", false);
    sample_system first = make_laid_out("terms", true), second = make_laid_out("sum", true);
    uint8_t digests[4][32];
    assert_false(marked.cs->interleaved);
    assert_int_equal(marked.cs->num_rows, plain.cs->num_rows);
    assert_int_equal(r1cs_row_at(&marked.cs->blocks[1], 0, 1),
                     r1cs_row_at(&plain.cs->blocks[1], 0, 1));
    r1cs_digest(digests[0], plain.cs);
    r1cs_digest(digests[1], marked.cs);
    r1cs_digest(digests[2], first.cs);
    r1cs_digest(digests[3], second.cs);
    assert_memory_equal(digests[0], digests[1], 32);
    assert_memory_not_equal(digests[0], digests[2], 32);
    assert_memory_not_equal(digests[0], digests[3], 32);
    assert_memory_not_equal(digests[2], digests[3], 32);
    r1cs_free(plain.cs);
    r1cs_free(marked.cs);
    r1cs_free(first.cs);
    r1cs_free(second.cs);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(interleave__is_a_permutation_of_rows_with_holes_of_zero),
        cmocka_unit_test(interleave__without_committed_wires_is_refused),
        cmocka_unit_test(interleave__marks_alone_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
