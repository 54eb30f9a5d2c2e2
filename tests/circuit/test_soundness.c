/* For every rule of the circuit, a prover that breaks just that rule is refused. See cheater.h. */
#include "cheater.h"

/* capacity 7, 4 samples: sample 5 is inactive, so nothing but the rule itself looks at it. */
enum { INACTIVE = 5 };
static const small_shape PACKED = {2,  3, 1, 7,     4, TABLE_RELU, TABLE_GENERIC,
                                   10, 3, 6, false, 5, 30};
static const small_shape SPLIT = {2, 3, 1, 7, 4, TABLE_GENERIC, TABLE_RELU, 10, 3, 6, false, 5, 30};
static const small_shape PLAIN = {2,  3, 1, 7,     4, TABLE_RELU, TABLE_IDENTITY,
                                  10, 3, 6, false, 5, 30};
static const small_shape ONE_BY_ONE = {1, 1, 1,     9, 4, TABLE_IDENTITY, TABLE_IDENTITY, 12,
                                       2, 6, false, 5, 30};

/* The sample that a cheat changes: an inactive one if the circuit has room for any. */
static uint32_t cheated_sample(const cheat *c) {
    return c->t->c->spec.capacity > INACTIVE ? INACTIVE : 0;
}

static const layer_layout *last_layer(const cheat *c) {
    return &c->t->c->at.layers[c->t->c->spec.prog.num_layers - 1];
}

/* Adds to the only output of a sample, and splits it again. */
static void change_output(cheat *c, int64_t delta) {
    const layer_layout *at = last_layer(c);
    const uint32_t sample = cheated_sample(c);
    const bool split = c->t->c->plan.layers[c->t->c->spec.prog.num_layers - 1].form == FORM_SPLIT;
    fr *h = wire_of(c, &at->h, sample, 0);
    add_small(h, delta);
    const int64_t offset = split ? 0 : INT64_C(1) << (at->h_range.bits - 1);
    const uint64_t words[4] = {(uint64_t)(small_value(h) + offset), 0, 0, 0};
    assert_int_equal(at->h.width, 1);
    split_again(c, &at->h_range, sample, words);
}

/* ---------------------------------------------------------------- ranges of inputs */

/* The first feature meets zero weights, so that it can be anything without changing the network. */
static void unused_first_feature(small_case *t) {
    for (uint32_t m = 0; m < t->c->spec.prog.layers[0].width; m++)
        t->weights.weights[m] = 0;
    set_ids(t);
    set_threshold(t, t->claim.threshold);
}

static void feature_outside_int16(cheat *c) {
    fr_set_i64(wire_of(c, &c->t->c->at.features, cheated_sample(c), 0), 40000);
}

static void range_feature__value_outside_int16_is_refused(void **state) {
    (void)state;
    small_case t;
    fill_case(&t, &PACKED);
    unused_first_feature(&t);
    rule_stops(&t, "range feature", feature_outside_int16, NULL);
    free_case(&t);
}

static void target_outside_int16(cheat *c) {
    fr_set_i64(wire_of(c, &c->t->c->at.targets, cheated_sample(c), 0), -40000);
}

static void range_target__value_outside_int16_is_refused(void **state) {
    (void)state;
    small_case t;
    fill_case(&t, &PACKED);
    rule_stops(&t, "range target", target_outside_int16, NULL);
    free_case(&t);
}

/* A weight that meets a feature that is always zero. */
static void weight_outside_int16(cheat *c) {
    fr_set_i64(wire_of(c, &c->t->c->at.weights, 0, 0), 40000);
}

static void range_weight__value_outside_int16_is_refused(void **state) {
    (void)state;
    small_case t;
    fill_case(&t, &PACKED);
    for (uint32_t i = 0; i < t.data.n; i++)
        t.data.features[i * t.data.num_features] = 0;
    set_ids(&t);
    set_threshold(&t, t.claim.threshold);
    rule_stops(&t, "range weight", weight_outside_int16, NULL);
    free_case(&t);
}

static void range_bias__value_outside_its_bits_is_refused(void **state) {
    (void)state;
    small_case t;
    fill_case(&t, &PACKED);
    /* bias_bits is 6: within [-32, 32). The assigned trace is computed with the bias as it is. */
    t.weights.biases[0] = 37;
    set_ids(&t);
    set_threshold(&t, t.claim.threshold);
    zkm_error err;
    r1cs *gone = without_rule(t.c->cs, "range bias");
    assert_int_not_equal(attempt(&t, t.c->cs, false, NULL, NULL, &err), ZKM_OK);
    require_ok(attempt(&t, gone, true, NULL, NULL, &err), &err);
    free_without_rule(gone);
    free_case(&t);
}

/* ---------------------------------------------------------------- requantisation and activation */

/* hi one too small, the remainder one step too large: the same z. */
static void remainder_one_step_too_large(cheat *c) {
    const circuit *circ = c->t->c;
    const layer_layout *at = last_layer(c);
    const layer_plan *lp = &circ->plan.layers[circ->spec.prog.num_layers - 1];
    uint32_t top = lp->limbs - 1;
    change_output(c, -1);
    add_small(wire_of(c, &at->remainder, cheated_sample(c), top), INT64_C(1) << circ->plan.width);
}

static void remainder__value_not_below_the_step_is_refused(void **state) {
    (void)state;
    small_case t;
    fill_case(&t, &PLAIN);
    rule_stops(&t, "remainder", remainder_one_step_too_large, NULL);
    free_case(&t);
}

static void output_that_the_table_does_not_give(cheat *c) { change_output(c, 1); }

static void activation__output_that_the_table_does_not_give_is_refused(void **state) {
    (void)state;
    small_case t;
    fill_case(&t, &PACKED);
    rule_stops(&t, "activation", output_that_the_table_does_not_give, NULL);
    free_case(&t);
}

/* hi = h - g with both h and g one larger. */
static void relu_with_both_parts(cheat *c) {
    change_output(c, 1);
    add_small(wire_of(c, &last_layer(c)->g, cheated_sample(c), 0), 1);
}

static void activation__relu_with_both_parts_is_refused(void **state) {
    (void)state;
    small_case t;
    fill_case(&t, &SPLIT);
    assert_int_equal(t.c->plan.layers[1].form, FORM_SPLIT);
    rule_stops(&t, "activation", relu_with_both_parts, NULL);
    free_case(&t);
}

/* The packed forgery: h = T[t] + (t - hi) / 2^base matches row t of the table for any t. */
static void packed_row_of_another_input(cheat *c) {
    const circuit *circ = c->t->c;
    const program_layer *l = &circ->spec.prog.layers[circ->spec.prog.num_layers - 1];
    const program_table *function = &circ->spec.prog.tables[l->table];
    fr *hi = wire_of(c, &last_layer(c)->hi, cheated_sample(c), 0),
       *h = wire_of(c, &last_layer(c)->h, cheated_sample(c), 0);
    int64_t other = small_value(hi) + 30;
    fr distance, step;
    fr_set_i64(&distance, other);
    fr_sub(&distance, &distance, hi);
    fr_pow2(&step, circ->plan.base[l->table]);
    fr_inv(&step, &step);
    fr_mul(&distance, &distance, &step);
    fr_set_i64(h, function->values[other + (1 << (function->bits - 1))]);
    fr_add(h, h, &distance);
}

static void activation_range__packed_row_of_another_input_is_refused(void **state) {
    (void)state;
    small_case t;
    fill_case(&t, &PACKED);
    assert_int_equal(t.c->plan.layers[1].form, FORM_PACKED);
    rule_stops(&t, "activation range", packed_row_of_another_input, NULL);
    free_case(&t);
}

/* ReLU of a negative input claimed positive: h = hi, g = 0; h is then no number of split_bits bits.
 */
static void negative_relu_output(cheat *c) {
    fr *h = wire_of(c, &last_layer(c)->h, cheated_sample(c), 0),
       *g = wire_of(c, &last_layer(c)->g, cheated_sample(c), 0);
    fr_sub(h, h, g);
    fr_set_zero(g);
}

static void activation_range__negative_relu_output_is_refused(void **state) {
    (void)state;
    small_case t;
    fill_case(&t, &SPLIT);
    /* sample 0, which the inactive ones repeat, must have a negative input of the last layer */
    t.weights.biases[t.c->spec.prog.num_biases - 1] = -32;
    for (uint32_t k = 0; k < 3; k++)
        t.weights.weights[t.c->spec.prog.num_weights - 1 - k] = 0;
    set_ids(&t);
    set_threshold(&t, t.claim.threshold);
    rule_stops(&t, "activation range", negative_relu_output, NULL);
    free_case(&t);
}

/* ---------------------------------------------------------------- the layer equation */

static void wrong_accumulator(cheat *c) { change_output(c, 1); }

static void layer_equation__wrong_accumulator_is_refused(void **state) {
    (void)state;
    small_case t;
    fill_case(&t, &PLAIN);
    rule_stops(&t, "layer equation", wrong_accumulator, NULL);
    free_case(&t);
}

/* The block of a layer's equation, and the nearest one of that name before it. */
static uint32_t equation_block(const r1cs *cs, uint32_t layer) {
    for (uint32_t k = 0; k < cs->num_blocks; k++)
        if (strcmp(cs->blocks[k].name, "layer equation") == 0 && layer-- == 0)
            return k;
    fail_msg("no such layer");
    return 0;
}

static const r1cs_row *row_before_equation(const r1cs *cs, uint32_t layer, const char *name) {
    for (uint32_t k = equation_block(cs, layer); k-- > 0;)
        if (strcmp(cs->blocks[k].name, name) == 0)
            return &cs->blocks[k].rows[0];
    fail_msg("no block %s", name);
    return NULL;
}

/* What a layer's equation lacks: folded outputs minus products minus bias. */
static fr equation_gap(cheat *c, uint32_t layer) {
    const r1cs *cs = c->t->c->cs;
    const r1cs_block *block = &cs->blocks[equation_block(cs, layer)];
    zkm_error err;
    fr gap, *a = malloc(cs->num_rows * sizeof *a);
    require_ok(r1cs_evaluate(&err, cs, c->wires, a, NULL, NULL, 1), &err);
    gap = a[r1cs_row_at(block, 0, block->num_rows - 1)];
    free(a);
    return gap;
}

/* Moves a wire of each layer that the missing rule defined, so that the layer's equation holds; the
 * wire stands there with the sign given. */
static void close_gaps_with(cheat *c, const char *block_name, bool positive) {
    for (uint32_t layer = 0; layer < 2; layer++) {
        fr gap = equation_gap(c, layer);
        fr *moved = &c->wires[row_before_equation(c->t->c->cs, layer, block_name)->out];
        if (positive)
            fr_sub(moved, moved, &gap);
        else
            fr_add(moved, moved, &gap);
    }
}

static void fix_matrix_product(cheat *c) { close_gaps_with(c, "matrix product", false); }

static void matrix_product__wrong_product_is_refused(void **state) {
    (void)state;
    small_case t;
    fill_case(&t, &ONE_BY_ONE);
    rule_stops(&t, "matrix product", wrong_accumulator, fix_matrix_product);
    free_case(&t);
}

static void fix_folded_output(cheat *c) { close_gaps_with(c, "fold outputs", true); }

static void fold_outputs__wrong_product_is_refused(void **state) {
    (void)state;
    small_case t;
    fill_case(&t, &ONE_BY_ONE);
    assert_true(t.c->plan.groups > 1);
    rule_stops(&t, "fold outputs", wrong_accumulator, fix_folded_output);
    free_case(&t);
}

/* One input, one output: V W = what the outputs say, so V moves by gap / (2^S W). */
static void fix_folded_input(cheat *c) {
    const circuit *circ = c->t->c;
    for (uint32_t layer = 0; layer < 2; layer++) {
        (void)solve_as_is(c, &(zkm_error){0});
        fr gap = equation_gap(c, layer), factor;
        fr_pow2(&factor, circ->plan.layers[layer].scale);
        fr_mul(&factor, &factor, wire_of(c, &circ->at.weights, 0, layer));
        fr_inv(&factor, &factor);
        fr_mul(&gap, &gap, &factor);
        fr *v = &c->wires[row_before_equation(circ->cs, layer, "folded inputs")->out];
        fr_add(v, v, &gap);
    }
}

static void fold_inputs__wrong_fold_is_refused(void **state) {
    (void)state;
    small_case t;
    fill_case(&t, &ONE_BY_ONE);
    t.weights.weights[0] = 2;
    t.weights.weights[1] = 3;
    set_ids(&t);
    set_threshold(&t, t.claim.threshold);
    rule_stops(&t, "fold inputs", wrong_accumulator, fix_folded_input);
    free_case(&t);
}

/* With rho^g = 0 for g > 0 only the first group of samples is checked. */
static void no_powers_of_rho(cheat *c) {
    const r1cs *cs = c->t->c->cs;
    for (uint32_t k = 0; k < cs->num_blocks; k++)
        if (strcmp(cs->blocks[k].name, "power of rho") == 0)
            for (uint32_t i = 0; i < cs->blocks[k].count; i++)
                fr_set_zero(
                    &c->wires[cs->blocks[k].rows[0].out + i * cs->blocks[k].rows[0].out_stride]);
}

static void power_of_rho__powers_of_the_provers_choice_are_refused(void **state) {
    (void)state;
    small_case t;
    fill_case(&t, &ONE_BY_ONE);
    assert_true(t.c->plan.groups > 1 && INACTIVE >= t.c->plan.layers[1].samples);
    rule_stops(&t, "power of rho", wrong_accumulator, no_powers_of_rho);
    free_case(&t);
}

/* The last power of the challenge's permutation is free, so rho can be made 0. */
static void rho_is_zero(cheat *c) {
    const r1cs *cs = c->t->c->cs;
    uint32_t seen = 0;
    for (uint32_t k = 0; k < cs->num_blocks; k++)
        if (strcmp(cs->blocks[k].name, "challenge") == 0 && seen++ == 1)
            fr_set_zero(&c->wires[cs->blocks[k].rows[cs->blocks[k].num_rows - 1].out]);
}

static void challenge__challenges_of_the_provers_choice_are_refused(void **state) {
    (void)state;
    small_case t;
    fill_case(&t, &ONE_BY_ONE);
    zkm_error err;
    r1cs *gone = without_rule(t.c->cs, "challenge");
    /* alpha is free too when the rule is gone; the cheat leaves it at 0 + 1, where no table has a
     * pole: here it only needs rho */
    cheat honest = {&t, t.c->cs, honest_wires(&t), false};
    const r1cs_block *alpha_block = NULL;
    for (uint32_t k = 0; k < t.c->cs->num_blocks && !alpha_block; k++)
        if (strcmp(t.c->cs->blocks[k].name, "challenge") == 0)
            alpha_block = &t.c->cs->blocks[k];
    uint32_t alpha = alpha_block->rows[alpha_block->num_rows - 1].out;
    cheat c = {&t, gone, calloc(gone->num_wires, sizeof(fr)), true};
    require_ok(circuit_assign(&err, c.wires, t.c, &t.in, &t.claim, 1), &err);
    set_publics(t.c, c.wires);
    wrong_accumulator(&c);
    c.wires[alpha] = honest.wires[alpha];
    rho_is_zero(&c);
    (void)solve_as_is(&c, &err);
    repair_counts(&c);
    require_ok(solve_as_is(&c, &err), &err);
    require_ok(r1cs_check(&err, gone, c.wires), &err);
    assert_int_equal(r1cs_check(&err, t.c->cs, c.wires), ZKM_REJECTED);
    free(c.wires);
    free(honest.wires);
    free_without_rule(gone);
    free_case(&t);
}

/* ---------------------------------------------------------------- lookups */

static void lookup_sum__value_outside_the_table_is_refused(void **state) {
    (void)state;
    small_case t;
    fill_case(&t, &PACKED);
    unused_first_feature(&t);
    rule_stops(&t, "lookup sum", feature_outside_int16, NULL);
    free_case(&t);
}

/* The reciprocal of one table row takes what the sum lacks. */
static void fix_table_row(cheat *c) {
    const r1cs *cs = c->t->c->cs;
    zkm_error err;
    fr *a = malloc(cs->num_rows * sizeof *a);
    require_ok(r1cs_evaluate(&err, cs, c->wires, a, NULL, NULL, 1), &err);
    for (uint32_t k = 0; k + 1 < cs->num_blocks; k++)
        if (strcmp(cs->blocks[k + 1].name, "lookup sum") == 0) {
            fr *u = &c->wires[cs->blocks[k].rows[0].out];
            fr_add(u, u, &a[r1cs_row_at(&cs->blocks[k + 1], 0, 0)]);
        }
    free(a);
}

static void table_row__reciprocal_without_multiplicity_is_refused(void **state) {
    (void)state;
    small_case t;
    fill_case(&t, &PACKED);
    unused_first_feature(&t);
    rule_stops(&t, "table row", feature_outside_int16, fix_table_row);
    free_case(&t);
}

/* ---------------------------------------------------------------- one group */

/* Without rho alpha is c, and nothing is folded. The cheated sample is active, and its error stays
 * below the threshold. */
static void one_group_rule_stops(const small_shape *shape, uint32_t samples, const char *rule,
                                 cheat_step before, cheat_step after) {
    small_shape few = *shape;
    small_case t;
    few.capacity = few.samples = samples;
    fill_case(&t, &few);
    assert_int_equal(t.c->plan.groups, 1);
    unused_first_feature(&t);
    set_threshold(&t, UINT64_C(60000) << 32);
    rule_stops(&t, rule, before, after);
    free_case(&t);
}

static void one_group__lookups_in_c_stop_their_cheats(void **state) {
    (void)state;
    for (uint32_t samples = 1; samples <= 3; samples += 2) {
        one_group_rule_stops(&PACKED, samples, "range feature", feature_outside_int16, NULL);
        one_group_rule_stops(&PACKED, samples, "range target", target_outside_int16, NULL);
        one_group_rule_stops(&PLAIN, samples, "remainder", remainder_one_step_too_large, NULL);
        one_group_rule_stops(&PACKED, samples, "activation", output_that_the_table_does_not_give,
                             NULL);
        one_group_rule_stops(&PACKED, samples, "lookup sum", feature_outside_int16, NULL);
        one_group_rule_stops(&PACKED, samples, "table row", feature_outside_int16, fix_table_row);
    }
}

static void one_group__equations_without_folds_stop_their_cheats(void **state) {
    (void)state;
    for (uint32_t samples = 1; samples <= 3; samples += 2) {
        one_group_rule_stops(&SPLIT, samples, "activation", relu_with_both_parts, NULL);
        one_group_rule_stops(&PLAIN, samples, "layer equation", wrong_accumulator, NULL);
        one_group_rule_stops(&ONE_BY_ONE, samples, "matrix product", wrong_accumulator,
                             fix_matrix_product);
    }
}

static void one_group__rows_apart_from_the_models_stop_their_cheats(void **state) {
    (void)state;
    const small_shape *shape = &SMALL_SHAPES[LARGE_MODEL];
    one_group_rule_stops(shape, 1, "remainder", remainder_one_step_too_large, NULL);
    one_group_rule_stops(shape, 1, "layer equation", wrong_accumulator, NULL);
}

/* ---------------------------------------------------------------- commitments */

/* The network runs on other features than dataset_id says. */
static void other_feature_in_the_row_elements(cheat *c) { (void)c; }

static const r1cs_block *block_named(const r1cs *cs, const char *name) {
    for (uint32_t k = 0; k < cs->num_blocks; k++)
        if (strcmp(cs->blocks[k].name, name) == 0)
            return &cs->blocks[k];
    fail_msg("no block %s", name);
    return NULL;
}

static void fix_row_element(cheat *c) {
    const r1cs_block *block = block_named(c->t->c->cs, "dataset rows");
    add_small(&c->wires[block->rows[0].out], 12345 - small_value(&c->wires[block->rows[0].out]));
}

static void dataset_row__elements_of_other_data_are_refused(void **state) {
    (void)state;
    small_case t;
    fill_case(&t, &PACKED);
    zkm_error err;
    r1cs *gone = without_rule(t.c->cs, "dataset row");
    /* without the rule the committed id can be that of any row elements */
    require_ok(attempt(&t, gone, true, other_feature_in_the_row_elements, fix_row_element, &err),
               &err);
    cheat c = {&t, t.c->cs, honest_wires(&t), false};
    fix_row_element(&c);
    assert_int_equal(r1cs_check(&err, t.c->cs, c.wires), ZKM_REJECTED);
    free(c.wires);
    free_without_rule(gone);
    free_case(&t);
}

/* A statement with an id that is not that of the data (or model): nothing is repaired but P. */
static void wrong_id_is_refused(int field, const char *rule, const char *final_block) {
    small_case t;
    fill_case(&t, &PACKED);
    zkm_error err;
    fr *wires = honest_wires(&t);
    add_small(&wires[t.c->at.statement.base + (uint32_t)field], 1);
    set_publics(t.c, wires);
    assert_int_equal(r1cs_solve(&err, t.c->cs, wires, NULL, NULL, 1), ZKM_ERR_INTERNAL);
    assert_non_null(strstr(err.message, final_block));
    r1cs *gone = without_rule(t.c->cs, rule);
    require_ok(r1cs_check(&err, gone, wires), &err);
    free_without_rule(gone);
    free(wires);
    free_case(&t);
}

static void dataset_id__id_of_other_data_is_refused(void **state) {
    (void)state;
    wrong_id_is_refused(STATEMENT_DATASET_ID, "dataset id", "dataset id");
}

static void model_id__id_of_another_model_is_refused(void **state) {
    (void)state;
    wrong_id_is_refused(STATEMENT_MODEL_ID, "model id", "model end");
}

/* ---------------------------------------------------------------- active */

static void set_active(cheat *c, const int64_t *values) {
    for (uint32_t i = 0; i < 7; i++)
        fr_set_i64(wire_of(c, &c->t->c->at.active, i, 0), values[i]);
    int64_t sum = 0;
    for (uint32_t i = 0; i < 7; i++)
        sum += values[i];
    fr_set_i64(wire_of(c, &c->t->c->at.statement, 0, STATEMENT_NUM_SAMPLES), sum);
}

static void active_counts_one_sample_twice(cheat *c) {
    set_active(c, (const int64_t[]){1, 1, 2, 0, 0, 0, 0});
}
static void active_skips_a_sample(cheat *c) {
    set_active(c, (const int64_t[]){1, 0, 1, 1, 0, 0, 0});
}
static void active_is_empty(cheat *c) { set_active(c, (const int64_t[]){0, 0, 0, 0, 0, 0, 0}); }
static void more_samples_than_active(cheat *c) {
    add_small(wire_of(c, &c->t->c->at.statement, 0, STATEMENT_NUM_SAMPLES), 100);
}

/* The metric is repaired for whatever the active vector says, with the verdict that is true then.
 */
static void active_rule_stops(const char *rule, cheat_step before) {
    small_case t;
    fill_case(&t, &PLAIN);
    set_threshold(&t, UINT64_C(60000) << 32); /* every model passes: verdict 1 stays true */
    rule_stops(&t, rule, before, NULL);
    free_case(&t);
}

static void active_boolean__sample_counted_twice_is_refused(void **state) {
    (void)state;
    active_rule_stops("active boolean", active_counts_one_sample_twice);
}
static void active_monotone__skipped_sample_is_refused(void **state) {
    (void)state;
    active_rule_stops("active monotone", active_skips_a_sample);
}
static void active_count__more_samples_claimed_is_refused(void **state) {
    (void)state;
    active_rule_stops("active count", more_samples_than_active);
}

static void active_first__empty_dataset_is_refused(void **state) {
    (void)state;
    small_case t;
    fill_case(&t, &PLAIN);
    /* with n = 0 both sides of the inequality are 0: verdict 0 */
    set_threshold(&t, 0);
    assert_int_equal(t.claim.verdict, 0);
    rule_stops(&t, "active first", active_is_empty, NULL);
    free_case(&t);
}

/* ---------------------------------------------------------------- metric */

/* The wires of "errors" are made 0, so that the model seems perfect. */
static void no_errors(cheat *c) {
    const r1cs_block *block = block_named(c->t->c->cs, "errors");
    for (uint32_t i = 0; i < block->count; i++)
        for (uint32_t j = 0; j < block->num_rows; j++)
            if (c->cs->blocks[block - c->t->c->cs->blocks].rows[j].kind == ROW_ASSERT)
                fr_set_zero(&c->wires[block->rows[j].out + i * block->rows[j].out_stride]);
}

static void claim_a_pass(cheat *c) {
    fr_set_one(wire_of(c, &c->t->c->at.statement, 0, STATEMENT_VERDICT));
}

static void metric_rule_stops(const char *rule) {
    small_case t;
    fill_case(&t, &PLAIN);
    set_threshold(&t,
                  UINT64_C(1) << 30); /* T = 0.25: errors are integers, so the model misses it */
    assert_int_equal(t.claim.verdict, 0);
    rule_stops(&t, rule, claim_a_pass, no_errors);
    free_case(&t);
}

static void metric_error__errors_left_out_are_refused(void **state) {
    (void)state;
    metric_rule_stops("metric error");
}
static void metric_square__squares_left_out_are_refused(void **state) {
    (void)state;
    metric_rule_stops("metric square");
}
static void metric_inequality__false_verdict_is_refused(void **state) {
    (void)state;
    metric_rule_stops("metric inequality");
}

static void verdict_of_two(cheat *c) {
    fr_set_u64(wire_of(c, &c->t->c->at.statement, 0, STATEMENT_VERDICT), 2);
}

static void verdict_boolean__verdict_two_is_refused(void **state) {
    (void)state;
    small_case t;
    fill_case(&t, &PLAIN);
    set_threshold(&t, UINT64_C(1000) << 32);
    assert_int_equal(t.claim.verdict, 1);
    rule_stops(&t, "verdict boolean", verdict_of_two, NULL);
    free_case(&t);
}

/* S 2^(64 - 2F) = n m t^2 exactly, and one unit of t to either side. F = 0: errors are integers, n
 * = 1. */
static void metric__equality_is_no_pass_and_one_more_is(void **state) {
    (void)state;
    small_shape shape = {1, 1, 1, 2, 1, TABLE_IDENTITY, TABLE_IDENTITY, 12, 2, 6, false, 3, 9};
    small_case t;
    fill_case(&t, &shape);
    t.data.targets[0] = 100;
    set_ids(&t);
    circuit_metric metric;
    zkm_error err;
    require_ok(circuit_measure(&err, &metric, t.c, &t.in, 1), &err);
    uint64_t error = (uint64_t)(metric.rmse + 0.5);
    assert_true((unsigned __int128)error * error == metric.sum_squares && error > 0);
    for (int offset = -1; offset <= 1; offset++) {
        t.claim.threshold = (error << 32) + (uint64_t)(int64_t)offset;
        for (t.claim.verdict = 0; t.claim.verdict < 2; t.claim.verdict++) {
            fr *wires = calloc(t.c->cs->num_wires, sizeof *wires);
            require_ok(circuit_assign(&err, wires, t.c, &t.in, &t.claim, 1), &err);
            set_publics(t.c, wires);
            zkm_status status = r1cs_solve(&err, t.c->cs, wires, NULL, NULL, 1);
            bool truth = t.claim.verdict == (offset > 0);
            assert_int_equal(status, truth ? ZKM_OK : ZKM_ERR_INTERNAL);
            free(wires);
        }
        assert_int_equal(circuit_verdict(&metric, t.claim.threshold), offset > 0);
    }
    free_case(&t);
}

/* ---------------------------------------------------------------- statement */

static void folded_statement__another_statement_is_refused(void **state) {
    (void)state;
    small_case t;
    fill_case(&t, &PACKED);
    zkm_error err;
    fr *wires = honest_wires(&t);
    r1cs *gone = without_rule(t.c->cs, "folded statement");
    for (uint32_t field = 0; field < STATEMENT_FIELDS; field++) {
        /* the verifier folds a statement in which one field differs */
        fr power, saved = wires[2];
        fr_set_one(&power);
        for (uint32_t i = 0; i < field; i++)
            fr_mul(&power, &power, &wires[1]);
        fr_add(&wires[2], &wires[2], &power);
        assert_int_equal(r1cs_check(&err, t.c->cs, wires), ZKM_REJECTED);
        require_ok(r1cs_check(&err, gone, wires), &err);
        wires[2] = saved;
    }
    free_without_rule(gone);
    free(wires);
    free_case(&t);
}

/* ---------------------------------------------------------------- the list is complete */

static const char *const TESTED_RULES[] = {
    "range feature",     "range target",    "range weight",     "range bias",
    "remainder",         "activation",      "activation range", "layer equation",
    "matrix product",    "fold outputs",    "fold inputs",      "power of rho",
    "challenge",         "lookup sum",      "table row",        "dataset row",
    "dataset id",        "model id",        "active boolean",   "active monotone",
    "active count",      "active first",    "metric error",     "metric square",
    "metric inequality", "verdict boolean", "folded statement", "unnamed", /* no row has it */
    "public wire bound", /* tests/groth16: a public wire that occurs nowhere else */
};

static void rules__every_rule_of_the_circuit_is_tested_here(void **state) {
    (void)state;
    for (int i = 0; i < NUM_SMALL_SHAPES; i++) {
        small_case t;
        fill_case(&t, &SMALL_SHAPES[i]);
        for (uint32_t r = 0; r < t.c->cs->num_rules; r++) {
            bool known = false;
            for (size_t k = 0; k < sizeof TESTED_RULES / sizeof *TESTED_RULES; k++)
                known |= strcmp(t.c->cs->rules[r], TESTED_RULES[k]) == 0;
            if (!known)
                fail_msg("rule \"%s\" has no test", t.c->cs->rules[r]);
        }
        for (uint32_t k = 0; k < t.c->cs->num_blocks; k++)
            for (uint32_t j = 0; j < t.c->cs->blocks[k].num_rows; j++)
                assert_string_not_equal(t.c->cs->rules[t.c->cs->blocks[k].rows[j].rule], "unnamed");
        free_case(&t);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(range_feature__value_outside_int16_is_refused),
        cmocka_unit_test(range_target__value_outside_int16_is_refused),
        cmocka_unit_test(range_weight__value_outside_int16_is_refused),
        cmocka_unit_test(range_bias__value_outside_its_bits_is_refused),
        cmocka_unit_test(remainder__value_not_below_the_step_is_refused),
        cmocka_unit_test(activation__output_that_the_table_does_not_give_is_refused),
        cmocka_unit_test(activation__relu_with_both_parts_is_refused),
        cmocka_unit_test(activation_range__packed_row_of_another_input_is_refused),
        cmocka_unit_test(activation_range__negative_relu_output_is_refused),
        cmocka_unit_test(layer_equation__wrong_accumulator_is_refused),
        cmocka_unit_test(matrix_product__wrong_product_is_refused),
        cmocka_unit_test(fold_outputs__wrong_product_is_refused),
        cmocka_unit_test(fold_inputs__wrong_fold_is_refused),
        cmocka_unit_test(power_of_rho__powers_of_the_provers_choice_are_refused),
        cmocka_unit_test(challenge__challenges_of_the_provers_choice_are_refused),
        cmocka_unit_test(lookup_sum__value_outside_the_table_is_refused),
        cmocka_unit_test(table_row__reciprocal_without_multiplicity_is_refused),
        cmocka_unit_test(one_group__lookups_in_c_stop_their_cheats),
        cmocka_unit_test(one_group__equations_without_folds_stop_their_cheats),
        cmocka_unit_test(one_group__rows_apart_from_the_models_stop_their_cheats),
        cmocka_unit_test(dataset_row__elements_of_other_data_are_refused),
        cmocka_unit_test(dataset_id__id_of_other_data_is_refused),
        cmocka_unit_test(model_id__id_of_another_model_is_refused),
        cmocka_unit_test(active_boolean__sample_counted_twice_is_refused),
        cmocka_unit_test(active_monotone__skipped_sample_is_refused),
        cmocka_unit_test(active_count__more_samples_claimed_is_refused),
        cmocka_unit_test(active_first__empty_dataset_is_refused),
        cmocka_unit_test(metric_error__errors_left_out_are_refused),
        cmocka_unit_test(metric_square__squares_left_out_are_refused),
        cmocka_unit_test(metric_inequality__false_verdict_is_refused),
        cmocka_unit_test(verdict_boolean__verdict_two_is_refused),
        cmocka_unit_test(metric__equality_is_no_pass_and_one_more_is),
        cmocka_unit_test(folded_statement__another_statement_is_refused),
        cmocka_unit_test(rules__every_rule_of_the_circuit_is_tested_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
