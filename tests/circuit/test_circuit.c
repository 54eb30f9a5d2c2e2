/* Circuits against the reference interpreter, the file format, and "no wire is free". */
#include "small_circuits.h"

#include <unistd.h>

#include "math/fft.h"

static void circuit__honest_witness_satisfies_every_row(void **state) {
    (void)state;
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < NUM_SMALL_SHAPES; i++) {
            zkm_error err;
            small_case t;
            fill_case(&t, &SMALL_SHAPES[i]);
            fr *wires = honest_wires(&t);
            require_ok(r1cs_check(&err, t.c->cs, wires), &err);
            free(wires);
            free_case(&t);
        }
    }
}

static void circuit__both_verdicts_are_provable_and_never_both(void **state) {
    (void)state;
    for (int i = 0; i < NUM_SMALL_SHAPES; i++) {
        small_case t;
        fill_case(&t, &SMALL_SHAPES[i]);
        for (uint64_t threshold = 0; threshold < 64; threshold += 13) {
            zkm_error err;
            set_threshold(&t, threshold << 32);
            free(honest_wires(&t));
            t.claim.verdict ^= 1;
            fr *wires = calloc(t.c->cs->num_wires, sizeof *wires);
            require_ok(circuit_assign(&err, wires, t.c, &t.in, &t.claim, 1), &err);
            set_publics(t.c, wires);
            assert_int_equal(r1cs_solve(&err, t.c->cs, wires, NULL, NULL, 1), ZKM_ERR_INTERNAL);
            free(wires);
        }
        free_case(&t);
    }
}

/* ---------------------------------------------------------------- no wire is free */

typedef struct {
    uint64_t row;
    uint32_t column;
    int matrix;
    fr coef;
} entry;

typedef struct {
    entry *entries;
    size_t len, room;
} entries;

static void gather(void *context, int matrix, uint64_t row, uint32_t column, const fr *coef) {
    entries *all = context;
    if (all->len == all->room) {
        all->room = all->room ? 2 * all->room : 1024;
        all->entries = realloc(all->entries, all->room * sizeof *all->entries);
    }
    all->entries[all->len++] = (entry){row, column, matrix, *coef};
}

static int by_wire_and_row(const void *a_, const void *b_) {
    const entry *a = a_, *b = b_;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

/* Does adding delta to the wire of entries[from, to) break one of its rows? */
static bool change_is_noticed(const entry *entries_, size_t from, size_t to, fr *const values[3],
                              const fr *delta) {
    while (from < to) {
        uint64_t row = entries_[from].row;
        fr v[3] = {values[0][row], values[1][row], values[2][row]}, change;
        for (; from < to && entries_[from].row == row; from++) {
            fr_mul(&change, &entries_[from].coef, delta);
            fr_add(&v[entries_[from].matrix], &v[entries_[from].matrix], &change);
        }
        fr_mul(&v[0], &v[0], &v[1]);
        if (!fr_equal(&v[0], &v[2]))
            return true;
    }
    return false;
}

static void circuit__changing_any_single_wire_breaks_a_row(void **state) {
    (void)state;
    for (int i = 0; i < NUM_SMALL_SHAPES; i++) {
        small_case t;
        fill_case(&t, &SMALL_SHAPES[i]);
        const r1cs *cs = t.c->cs;
        fr *wires = honest_wires(&t), *values[3], delta;
        entries all = {0};
        for (int m = 0; m < 3; m++)
            values[m] = malloc(cs->num_rows * sizeof(fr));
        zkm_error err;
        require_ok(r1cs_evaluate(&err, cs, wires, values[0], values[1], values[2], 2), &err);
        r1cs_visit(cs, gather, &all);
        qsort(all.entries, all.len, sizeof *all.entries, by_wire_and_row);
        test_challenge(&delta);
        size_t from = 0;
        uint32_t seen = 0;
        while (from < all.len) {
            size_t to = from;
            uint32_t column = all.entries[from].column;
            while (to < all.len && all.entries[to].column == column)
                to++;
            assert_int_equal(column, seen); /* every wire occurs somewhere */
            if (!change_is_noticed(all.entries, from, to, values, &delta))
                fail_msg("shape %d: wire %u is free", i, column);
            seen++;
            from = to;
        }
        assert_int_equal(seen, cs->num_wires);
        for (int m = 0; m < 3; m++)
            free(values[m]);
        free(all.entries);
        free(wires);
        free_case(&t);
    }
}

/* ---------------------------------------------------------------- the model alone */

static size_t count_known(const bool *known, const wire_array *w) {
    size_t n = 0;
    for (size_t i = 0; i < (size_t)w->width * w->count; i++)
        n += known[w->base + i];
    return n;
}

/* What the model decides has in every witness the value that it has here, and model_id is among it,
 * with the statement's field; nothing else of the statement is, nor of data and challenge. */
static void circuit_assign_model__is_part_of_every_witness(void **state) {
    (void)state;
    for (int i = 0; i < NUM_SMALL_SHAPES; i++) {
        zkm_error err;
        small_case t;
        fill_case(&t, &SMALL_SHAPES[i]);
        const circuit_layout *at = &t.c->at;
        const uint32_t num_wires = t.c->cs->num_wires;
        fr *whole = honest_wires(&t), *wires = calloc(num_wires, sizeof *wires);
        bool *known = malloc(num_wires * sizeof *known);
        size_t private_ = 0;
        require_ok(circuit_assign_model(&err, wires, known, t.c, &t.weights), &err);
        for (uint32_t w = 0; w < num_wires; w++) {
            assert_true(!known[w] || fr_equal(&wires[w], &whole[w]));
            private_ += w >= r1cs_first_private(t.c->cs) && known[w];
        }
        assert_int_equal(count_known(known, &at->weights), at->weights.width);
        assert_int_equal(count_known(known, &at->biases), at->biases.width);
        assert_true(private_ >= 3 * (8 * 16 + 57)); /* at least one permutation */
        assert_false(known[1] || known[2]);
        assert_int_equal(count_known(known, &at->features), 0);
        assert_int_equal(count_known(known, &at->statement), 1);
        assert_true(known[at->statement.base + STATEMENT_MODEL_ID]);
        assert_int_equal(count_known(known, &at->range_counts), 0);
        free(whole);
        free(wires);
        free(known);
        free_case(&t);
    }
}

/* ---------------------------------------------------------------- the layout of rows */

/* Every wire that a fixed block's rows use is the model's. */
static void require_wires_of_the_model(const r1cs_block *block, const bool *known) {
    for (uint32_t i = 0; i < block->count; i++)
        for (uint32_t k = 0; k < block->num_terms; k++) {
            const r1cs_term *term = &block->terms[k];
            assert_true(known[term->index + term->stride * i]);
            assert_int_equal(term->repeat, 1);
        }
}

/* Returns whether the system is interleaved, which it is whenever that costs nothing. */
static bool require_layout(const small_shape *shape) {
    zkm_error err;
    small_case t;
    fill_case(&t, shape);
    const r1cs *cs = t.c->cs;
    fr *wires = calloc(cs->num_wires, sizeof *wires);
    bool *known = malloc(cs->num_wires * sizeof *known);
    uint64_t rows[2] = {0, 0}; /* other, fixed */
    require_ok(circuit_assign_model(&err, wires, known, t.c, &t.weights), &err);
    for (uint32_t k = 0; k < cs->num_blocks; k++) {
        const r1cs_block *block = &cs->blocks[k];
        assert_int_equal(block->fixed, strncmp(block->name, "model ", 6) == 0);
        rows[block->fixed] += (uint64_t)block->count * block->num_rows;
        if (block->fixed)
            require_wires_of_the_model(block, known);
    }
    const uint64_t total = rows[0] + rows[1], places = 2 * (rows[0] > rows[1] ? rows[0] : rows[1]);
    const bool interleaved = fft_domain_smallest(places + 1) == fft_domain_smallest(total + 1);
    assert_int_equal(cs->interleaved, interleaved);
    assert_int_equal(cs->num_constraints, total);
    assert_int_equal(cs->num_rows, interleaved ? places : total);
    free(wires);
    free(known);
    free_case(&t);
    return interleaved;
}

static void circuit__rows_of_the_model_are_apart_when_that_is_free(void **state) {
    (void)state;
    for (int i = 0; i < NUM_SMALL_SHAPES; i++)
        assert_int_equal(require_layout(&SMALL_SHAPES[i]), i == LARGE_MODEL);
}

static bool looks_up_in_c(const r1cs *cs, const char *name) {
    for (uint32_t k = 0; k < cs->num_blocks; k++) {
        const r1cs_block *block = &cs->blocks[k];
        const r1cs_span b = block->rows[0].b;
        bool found = false;
        for (uint32_t t = b.begin; t < b.end; t++)
            found |= block->terms[t].index == 1;
        if (strcmp(block->name, name) == 0)
            return found;
    }
    fail_msg("no block %s", name);
    return false;
}

/* rho must be independent of the challenge of lookups; where there is none, that is c itself. */
static void circuit__alpha_is_c_only_where_there_is_no_rho(void **state) {
    (void)state;
    small_shape shape = SMALL_SHAPES[0];
    for (shape.capacity = 1; shape.capacity <= 33; shape.capacity += 8) {
        static const char *const blocks[] = {"range feature", "activation", "range table"};
        small_case t;
        shape.samples = 1;
        fill_case(&t, &shape);
        const bool one_group = t.c->plan.groups == 1;
        assert_int_equal(one_group, shape.capacity == 1);
        for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
            assert_int_equal(looks_up_in_c(t.c->cs, blocks[i]), one_group);
        uint32_t challenges = 0;
        for (uint32_t k = 0; k < t.c->cs->num_blocks; k++)
            challenges += strcmp(t.c->cs->blocks[k].name, "challenge") == 0;
        assert_int_equal(challenges, one_group ? 0 : 2);
        free_case(&t);
    }
}

/* ---------------------------------------------------------------- capacity and file */

static void circuit__dataset_id_does_not_depend_on_capacity(void **state) {
    (void)state;
    small_shape shape = SMALL_SHAPES[0];
    for (uint32_t capacity = 3; capacity < 40; capacity += 12) {
        shape.capacity = capacity;
        for (shape.samples = 1; shape.samples <= capacity; shape.samples += 7) {
            zkm_error err;
            small_case t;
            fill_case(&t, &shape);
            fr *wires = honest_wires(&t); /* solves only if the circuit agrees with dataset_id() */
            require_ok(r1cs_check(&err, t.c->cs, wires), &err);
            free(wires);
            free_case(&t);
        }
    }
}

static void circuit__wide_rows_take_several_blocks(void **state) {
    (void)state;
    small_shape shape = {230, 2, 1, 3, 2, TABLE_RELU, TABLE_IDENTITY, 16, 5, 16, false, 5, 20};
    zkm_error err;
    small_case t;
    fill_case(&t, &shape);
    fr *wires = honest_wires(&t);
    require_ok(r1cs_check(&err, t.c->cs, wires), &err);
    free(wires);
    free_case(&t);
}

static void circuit_read__gives_back_what_was_written(void **state) {
    (void)state;
    zkm_error err;
    char path[] = "/tmp/zkm-circuit-XXXXXX";
    close(mkstemp(path));
    small_case t;
    fill_case(&t, &SMALL_SHAPES[1]);
    circuit *again = NULL;
    require_ok(circuit_write(&err, t.c, path), &err);
    require_ok(circuit_read(&err, &again, path), &err);
    assert_memory_equal(circuit_digest(again), circuit_digest(t.c), 32);
    circuit_free(again);
    FILE *f = fopen(path, "rb");
    uint8_t *bytes = malloc(1 << 20);
    size_t len = fread(bytes, 1, 1 << 20, f);
    fclose(f);
    for (size_t i = 0; i < len; i += 29) {
        again = NULL;
        bytes[i] ^= 0x10;
        assert_int_not_equal(circuit_from_bytes(&err, &again, bytes, len), ZKM_OK);
        bytes[i] ^= 0x10;
        assert_int_not_equal(circuit_from_bytes(&err, &again, bytes, i), ZKM_OK);
        assert_null(again);
    }
    free(bytes);
    unlink(path);
    free_case(&t);
}

static void circuit__digest_changes_with_capacity_tables_and_schema(void **state) {
    (void)state;
    small_case a;
    fill_case(&a, &SMALL_SHAPES[0]);
    small_shape shape = SMALL_SHAPES[0];
    shape.capacity++;
    small_case b;
    fill_case(&b, &shape);
    shape = SMALL_SHAPES[0];
    shape.bias_bits++;
    small_case c;
    fill_case(&c, &shape);
    assert_memory_not_equal(circuit_digest(a.c), circuit_digest(b.c), 32);
    assert_memory_not_equal(circuit_digest(a.c), circuit_digest(c.c), 32);
    free_case(&a);
    free_case(&b);
    free_case(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(circuit__honest_witness_satisfies_every_row),
        cmocka_unit_test(circuit__both_verdicts_are_provable_and_never_both),
        cmocka_unit_test(circuit__changing_any_single_wire_breaks_a_row),
        cmocka_unit_test(circuit_assign_model__is_part_of_every_witness),
        cmocka_unit_test(circuit__rows_of_the_model_are_apart_when_that_is_free),
        cmocka_unit_test(circuit__alpha_is_c_only_where_there_is_no_rho),
        cmocka_unit_test(circuit__dataset_id_does_not_depend_on_capacity),
        cmocka_unit_test(circuit__wide_rows_take_several_blocks),
        cmocka_unit_test(circuit_read__gives_back_what_was_written),
        cmocka_unit_test(circuit__digest_changes_with_capacity_tables_and_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
