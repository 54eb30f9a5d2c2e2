/*
 * Recording a constraint system. Wires are allocated for all instances of a block at once; a `wire`
 * stands for one wire in every instance of the block that is being recorded, so a row is written
 * once however often it is repeated. Memory failure is sticky and reported by builder_finish.
 */
#ifndef R1CS_BUILDER_H
#define R1CS_BUILDER_H

#include "r1cs/r1cs.h"

typedef struct r1cs_builder r1cs_builder;

/* index carries WIRE_COMMITTED or WIRE_PRIVATE in its top bits until builder_finish places the
 * sets. */
typedef struct {
    uint32_t index, stride;
} wire;

/* `width` wires in each of `count` instances; element (i, m) lies at base + i * width + m. */
typedef struct {
    uint32_t base, width, count;
} wire_array;

/* The wire (first + each * i, m), i being the instance of the block that uses it. */
static inline wire wire_at(const wire_array *a, uint32_t first, uint32_t each, uint32_t m) {
    return (wire){a->base + first * a->width + m, each * a->width};
}

/* A linear combination; its terms live until builder_free or builder_release. */
typedef struct lc_term lc_term;
typedef struct {
    r1cs_builder *builder;
    lc_term *terms;
    uint32_t len, cap;
} lc;

r1cs_builder *builder_new(uint32_t num_public); /* NULL when out of memory */
void builder_free(r1cs_builder *b);             /* NULL accepted */

wire builder_one(void);
wire builder_public(uint32_t i); /* i in [0, num_public) */

/* Names the rule that the next rows enforce, for messages and tests; kept until the next call. */
void builder_rule(r1cs_builder *b, const char *name);

/* Every row and wire is recorded between begin and end. `independent`: see r1cs_block. */
void builder_begin(r1cs_builder *b, const char *name, uint32_t count, bool independent);
void builder_end(r1cs_builder *b);

/* The open block is fixed: see r1cs_block. */
void builder_fixed(r1cs_builder *b);
/* Asks builder_finish for an interleaved system (see r1cs.h), each half in the order of recording.
 * Refused of a system without committed wires: see r1cs_visit. */
void builder_interleave(r1cs_builder *b);

/* `width` wires for each of `count` instances; allowed outside a block too. */
wire_array builder_committed(r1cs_builder *b, uint32_t width, uint32_t count);
wire_array builder_private(r1cs_builder *b, uint32_t width, uint32_t count);

/* Where the memory for terms stands. Releasing gives back what combinations took since the mark:
 * those that were made or changed since then may not be used any more; rows keep their terms. */
typedef struct lc_chunk lc_chunk;
typedef struct {
    lc_chunk *chunk;
    size_t used;
} lc_mark;
lc_mark builder_mark(const r1cs_builder *b);
void builder_release(r1cs_builder *b, lc_mark mark);

lc lc_empty(r1cs_builder *b);
lc lc_of(r1cs_builder *b, wire w);
void lc_add(lc *l, wire w);
void lc_sub(lc *l, wire w);
void lc_add_scaled(lc *l, wire w, const fr *coef);
void lc_add_i64(lc *l, wire w, int64_t coef);
void lc_add_pow2(lc *l, wire w, unsigned exponent); /* w * 2^exponent */
void lc_add_constant(lc *l, const fr *value);
void lc_add_constant_i64(lc *l, int64_t value);
/* The sum (or, negated, minus the sum) of `repeat` wires from w on, `step` apart. */
void lc_add_run(lc *l, wire w, uint32_t repeat, uint32_t step, bool negated);
/* A constant that differs from instance to instance: values[i] in instance i; count = the block's.
 */
void lc_add_constants(lc *l, const fr *values, uint32_t count);
void lc_add_lc(lc *l, const lc *other);
void lc_scale(lc *l, const fr *coef); /* in place, by a coefficient other than 0 */
void lc_add_lc_scaled(lc *l, const lc *other, const fr *coef);
void lc_add_lc_pow2(lc *l, const lc *other, unsigned exponent);

/* a * b = c */
void builder_assert(r1cs_builder *b, const lc *a_, const lc *b_, const lc *c_);
/* a * 1 = 0 */
void builder_assert_zero(r1cs_builder *b, const lc *a_);
/* out = a * b, out a private wire not defined before */
void builder_define_product(r1cs_builder *b, wire out, const lc *a_, const lc *b_);
/* out * b = c */
void builder_define_quotient(r1cs_builder *b, wire out, const lc *b_, const lc *c_);
/* A fresh private wire that is a * b. */
wire builder_product(r1cs_builder *b, const lc *a_, const lc *b_);

/*
 * Rows that were recorded before, again: keep names by `key` what the open block gained since it
 * had first_row rows, and the array whose wires these rows use besides the constant one. repeat
 * records them on another array of the same width, as if row by row, under the rule that is now in
 * force; false when nothing is kept under the key. The wires are those of the block's own instance.
 */
uint32_t builder_block_rows(const r1cs_builder *b); /* of one instance, so far */
void builder_keep(r1cs_builder *b, const void *key, uint32_t first_row, const wire_array *wires);
bool builder_repeat(r1cs_builder *b, const void *key, const wire_array *wires);

/* The rows that the open block gains next are a permutation: see r1cs_permutation. */
void builder_permutation(r1cs_builder *b, const poseidon2_params *params);

/* Makes builder_finish fail with ZKM_ERR_MEMORY: a fixed limit of the recorder was passed. */
void builder_fail(r1cs_builder *b);

/* 2^exponent */
void fr_pow2(fr *out, unsigned exponent);

/* Rows recorded so far, all instances counted. */
uint64_t builder_rows(const r1cs_builder *b);

/* Adds a row x * 0 = 0 for the constant and every public wire, places the wires and gives the
 * system; the builder is then only fit for builder_free. `place` maps a recorded wire index to its
 * final one. */
ZKM_MUST_CHECK zkm_status builder_finish(zkm_error *err, r1cs **out, r1cs_builder *b);
/* The final index of a recorded one, after builder_finish. */
uint32_t builder_place(const r1cs_builder *b, uint32_t index);

#endif
