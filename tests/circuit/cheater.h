/*
 * A cheating prover: it breaks one rule in the committed wires and then repairs everything else
 * that it can (multiplicities, ids, metric, folded statement), as a real cheat would. Against the
 * full system it must fail; against the system without that rule's rows it must succeed, which
 * shows that the rule, and nothing else, stops the cheat.
 */
#ifndef TESTS_CHEATER_H
#define TESTS_CHEATER_H

#include "small_circuits.h"

typedef struct {
    small_case *t;
    const r1cs *cs; /* the system that the cheat faces */
    fr *wires;
    bool rule_is_gone;
} cheat;

/* Breaks the rule in the committed wires (before solving) or, where the rule's rows define wires,
 * in those (after a first solving). Either may be NULL. */
typedef void (*cheat_step)(cheat *c);

static inline int rule_index(const r1cs *cs, const char *rule) {
    for (uint32_t i = 0; i < cs->num_rules; i++)
        if (strcmp(cs->rules[i], rule) == 0)
            return (int)i;
    fail_msg("no rule \"%s\"", rule);
    return -1;
}

/* A copy of the system in which every row of the rule reads 0 * 0 = 0 and defines nothing. Frees
 * with free_without_rule. */
static inline r1cs *without_rule(const r1cs *cs, const char *rule) {
    int index = rule_index(cs, rule);
    r1cs *out = malloc(sizeof *out);
    *out = *cs;
    out->blocks = malloc(cs->num_blocks * sizeof *out->blocks);
    for (uint32_t k = 0; k < cs->num_blocks; k++) {
        r1cs_block *block = &out->blocks[k];
        *block = cs->blocks[k];
        block->rows = malloc(block->num_rows * sizeof *block->rows);
        memcpy(block->rows, cs->blocks[k].rows, block->num_rows * sizeof *block->rows);
        for (uint32_t j = 0; j < block->num_rows; j++) {
            r1cs_row *row = &block->rows[j];
            if (row->rule == index) {
                row->kind = ROW_ASSERT;
                row->a = row->b = row->c = (r1cs_span){0, 0};
            }
        }
    }
    return out;
}

static inline void free_without_rule(r1cs *cs) {
    for (uint32_t k = 0; k < cs->num_blocks; k++)
        free(cs->blocks[k].rows);
    free(cs->blocks);
    free(cs);
}

/* ---------------------------------------------------------------- small reads and writes */

static inline fr *wire_of(cheat *c, const wire_array *a, uint32_t i, uint32_t m) {
    return &c->wires[a->base + i * a->width + m];
}

static inline int64_t small_value(const fr *v) {
    uint64_t limbs[4];
    fr negated;
    fr_to_limbs(limbs, v);
    if (!(limbs[1] | limbs[2] | limbs[3]))
        return (int64_t)limbs[0];
    fr_neg(&negated, v);
    fr_to_limbs(limbs, &negated);
    return -(int64_t)limbs[0];
}

static inline void add_small(fr *v, int64_t delta) {
    fr d;
    fr_set_i64(&d, delta);
    fr_add(v, v, &d);
}

/* ---------------------------------------------------------------- repairs */

/* Counts, for one table, how often each of its rows is looked up in the system that the cheat
 * faces. */
static inline void repair_table(cheat *c, const char *table_name, const wire_array *counts,
                                unsigned nth) {
    const r1cs *cs = c->t->c->cs;
    uint32_t k = 0, size = counts->width;
    for (unsigned seen = 0;; k++) { /* the nth table block of that name; its sum follows */
        assert_true(k < cs->num_blocks);
        if (strcmp(cs->blocks[k].name, table_name) == 0 && seen++ == nth)
            break;
    }
    const r1cs_block *sum = &cs->blocks[k + 1];
    const r1cs_row *sum_row = &sum->rows[0];
    fr *rows = malloc(size * sizeof *rows), *v = malloc(cs->num_rows * sizeof *v);
    zkm_error err;
    /* t_j = alpha - B of the table's own rows */
    require_ok(r1cs_evaluate(&err, cs, c->wires, NULL, v, NULL, 1), &err);
    for (uint32_t j = 0; j < size; j++)
        rows[j] = v[r1cs_row_at(&cs->blocks[k], j, 0)];
    uint64_t *tally = calloc(size, sizeof *tally);
    for (uint32_t blk = 0; blk < c->cs->num_blocks; blk++) {
        const r1cs_block *block = &c->cs->blocks[blk];
        for (uint32_t j = 0; blk != k && j < block->num_rows; j++) {
            const r1cs_row *row = &block->rows[j];
            bool used = false;
            for (uint32_t t = sum_row->a.begin; t < sum_row->a.end && row->kind == ROW_QUOTIENT;
                 t++) {
                const r1cs_term *term = &sum->terms[t];
                used |= row->out >= term->index && row->out < term->index + term->repeat;
            }
            for (uint32_t i = 0; used && i < block->count; i++) {
                const fr *b = &v[r1cs_row_at(block, i, j)];
                for (uint32_t q = 0; q < size; q++)
                    if (fr_equal(b, &rows[q])) {
                        tally[q]++;
                        break;
                    }
            }
        }
    }
    for (uint32_t j = 0; j < size; j++)
        fr_set_u64(&c->wires[counts->base + j], tally[j]);
    free(tally);
    free(rows);
    free(v);
}

static inline void repair_counts(cheat *c) {
    const circuit *circ = c->t->c;
    unsigned nth = 0;
    repair_table(c, "range table", &circ->at.range_counts, 0);
    for (uint32_t t = 0; t < circ->spec.prog.num_tables; t++)
        if (circ->plan.base[t])
            repair_table(c, "activation table", &circ->at.table_counts[t], nth++);
}

/* The difference that an assertion block of one row leaves, added to a statement wire it subtracts.
 */
static inline void repair_assertion(cheat *c, const char *block_name, fr *field) {
    const r1cs *cs = c->t->c->cs;
    for (uint32_t k = 0; k < cs->num_blocks; k++) {
        const r1cs_block *block = &cs->blocks[k];
        if (strcmp(block->name, block_name) != 0)
            continue;
        zkm_error err;
        fr *a = malloc(cs->num_rows * sizeof *a);
        require_ok(r1cs_evaluate(&err, cs, c->wires, a, NULL, NULL, 1), &err);
        fr_add(field, field, &a[r1cs_row_at(block, 0, block->num_rows - 1)]);
        free(a);
    }
}

static inline void repair_ids(cheat *c) {
    const wire_array *fields = &c->t->c->at.statement;
    repair_assertion(c, "dataset id", wire_of(c, fields, 0, STATEMENT_DATASET_ID));
    repair_assertion(c, "model end", wire_of(c, fields, 0, STATEMENT_MODEL_ID));
}

/* Splits a value into the limbs of an instance of a range check. */
static inline void split_again(cheat *c, const range_wires *range, uint32_t instance,
                               const uint64_t words[4]) {
    const unsigned width = c->t->c->plan.width;
    lookup_counts counts = {calloc((size_t)1 << width, sizeof(uint32_t)), UINT32_C(1) << width};
    range_assign(range, width, &counts, wire_of(c, &range->limbs, instance, 0), words);
    free(counts.counts);
}

/* Limbs of v (2D - 1) - D, read off the row whose lowest limb is looked up. */
static inline void repair_metric(cheat *c) {
    const circuit *circ = c->t->c;
    const wire_array *limbs = &circ->at.metric_range.limbs;
    const r1cs *cs = circ->cs;
    for (uint32_t k = 0; k < cs->num_blocks; k++) {
        const r1cs_block *block = &cs->blocks[k];
        if (strcmp(block->name, "metric") != 0)
            continue;
        zkm_error err;
        for (uint32_t j = 0; j < limbs->width; j++)
            fr_set_zero(wire_of(c, limbs, 0, j));
        fr *b = malloc(cs->num_rows * sizeof *b), value;
        require_ok(r1cs_evaluate(&err, cs, c->wires, NULL, b, NULL, 1), &err);
        /* the last quotient of the block looks up the lowest limb: alpha - (value - upper limbs) */
        const r1cs_row *row = &block->rows[block->num_rows - 1];
        const r1cs_term *alpha = &block->terms[row->b.begin];
        fr_sub(&value, &c->wires[alpha->index], &b[r1cs_row_at(block, 0, block->num_rows - 1)]);
        uint64_t words[4];
        fr_to_limbs(words, &value);
        split_again(c, &circ->at.metric_range, 0, words);
        free(b);
    }
}

static inline zkm_status solve_as_is(cheat *c, zkm_error *err) {
    return r1cs_solve(err, c->cs, c->wires, NULL, NULL, 1);
}

/* One attempt against a system; ZKM_OK when every row holds in the end. */
static inline zkm_status attempt(small_case *t, const r1cs *cs, bool rule_is_gone,
                                 cheat_step before, cheat_step after, zkm_error *err) {
    cheat c = {t, cs, calloc(cs->num_wires, sizeof(fr)), rule_is_gone};
    require_ok(circuit_assign(err, c.wires, t->c, &t->in, &t->claim, 1), err);
    set_publics(t->c, c.wires);
    if (before)
        before(&c);
    (void)solve_as_is(&c, err);
    for (int pass = 0; pass < 3; pass++) { /* repairs feed each other; three passes settle them */
        if (after && rule_is_gone)
            after(&c);
        (void)solve_as_is(&c, err);
        repair_ids(&c);
        repair_metric(&c);
        (void)solve_as_is(&c, err);
        repair_counts(&c);
        set_publics(t->c, c.wires);
    }
    if (after && rule_is_gone)
        after(&c);
    zkm_status status = solve_as_is(&c, err);
    if (status == ZKM_OK)
        status = r1cs_check(err, cs, c.wires);
    free(c.wires);
    return status;
}

/* The honest prover passes, the cheat fails, and passes once the rule is gone. */
static inline void rule_stops(small_case *t, const char *rule, cheat_step before,
                              cheat_step after) {
    zkm_error err;
    r1cs *gone = without_rule(t->c->cs, rule);
    require_ok(attempt(t, t->c->cs, false, NULL, NULL, &err), &err);
    assert_int_not_equal(attempt(t, t->c->cs, false, before, after, &err), ZKM_OK);
    zkm_status status = attempt(t, gone, true, before, after, &err);
    if (status != ZKM_OK)
        fail_msg("rule \"%s\" is not what stops this cheat: %s", rule, err.message);
    free_without_rule(gone);
}

#endif
