/* A small system of two blocks, plain or interleaved, that the tests of this folder share. */
#ifndef TESTS_R1CS_SAMPLE_SYSTEM_H
#define TESTS_R1CS_SAMPLE_SYSTEM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "r1cs/builder.h"

static inline void require_ok(zkm_status status, const zkm_error *err) {
    if (status != ZKM_OK)
        fail_msg("status %d: %s", status, err->message);
}

/* public x; committed a_i; private: square_i = a_i^2, quotient_i = x / (square_i + i); sum = c */
typedef struct {
    r1cs *cs;
    wire_array values, squares, quotients, sum;
} sample_system;

enum { INSTANCES = 6 };

/* How the builder is asked for places: by marking the block `fixed`, if any, and by interleaving.
 */
static inline sample_system make_laid_out(const char *fixed, bool interleave) {
    sample_system s;
    zkm_error err;
    fr offsets[INSTANCES];
    r1cs_builder *b = builder_new(1);
    assert_non_null(b);
    for (uint32_t i = 0; i < INSTANCES; i++)
        fr_set_u64(&offsets[i], i);
    s.values = builder_committed(b, 1, INSTANCES);
    s.squares = builder_private(b, 1, INSTANCES);
    s.quotients = builder_private(b, 1, INSTANCES);
    s.sum = builder_private(b, 1, 1);
    if (interleave)
        builder_interleave(b);
    builder_begin(b, "terms", INSTANCES, true);
    if (fixed && strcmp(fixed, "terms") == 0)
        builder_fixed(b);
    builder_rule(b, "square");
    lc a = lc_of(b, wire_at(&s.values, 0, 1, 0)), x = lc_of(b, builder_public(0));
    builder_define_product(b, wire_at(&s.squares, 0, 1, 0), &a, &a);
    builder_rule(b, "quotient");
    lc denominator = lc_of(b, wire_at(&s.squares, 0, 1, 0));
    lc_add_constants(&denominator, offsets, INSTANCES);
    builder_define_quotient(b, wire_at(&s.quotients, 0, 1, 0), &denominator, &x);
    builder_end(b);
    builder_begin(b, "sum", 1, true);
    if (fixed && strcmp(fixed, "sum") == 0)
        builder_fixed(b);
    builder_rule(b, "sum");
    lc sum = lc_empty(b), one = lc_of(b, builder_one());
    lc_add_run(&sum, wire_at(&s.quotients, 0, 0, 0), INSTANCES, 1, false);
    builder_define_product(b, wire_at(&s.sum, 0, 0, 0), &sum, &one);
    builder_rule(b, "first value is five");
    lc five = lc_of(b, wire_at(&s.values, 0, 0, 0));
    lc_add_constant_i64(&five, -5);
    builder_assert_zero(b, &five);
    builder_end(b);
    require_ok(builder_finish(&err, &s.cs, b), &err);
    s.values.base = builder_place(b, s.values.base);
    s.squares.base = builder_place(b, s.squares.base);
    s.quotients.base = builder_place(b, s.quotients.base);
    s.sum.base = builder_place(b, s.sum.base);
    builder_free(b);
    return s;
}

static inline sample_system make_system(void) { return make_laid_out(NULL, false); }

static inline fr *known_wires(const sample_system *s) {
    fr *wires = calloc(s->cs->num_wires, sizeof *wires);
    fr_set_one(&wires[0]);
    fr_set_u64(&wires[1], 7);
    for (uint32_t i = 0; i < INSTANCES; i++)
        fr_set_u64(&wires[s->values.base + i], 5 + 3 * i);
    return wires;
}

/* Sums of A, B and C over all entries, added up as r1cs_visit calls. */
typedef struct {
    const fr *wires;
    fr *sums[3];
} naive_sums;

static inline void add_entry(void *context, int matrix, uint64_t row, uint32_t column,
                             const fr *coef) {
    naive_sums *sums = context;
    fr product;
    fr_mul(&product, coef, &sums->wires[column]);
    fr_add(&sums->sums[matrix][row], &sums->sums[matrix][row], &product);
}

#endif
