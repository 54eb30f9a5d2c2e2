/*
 * Cases that every vector form has in common; included with FIELD, LANE and EDGE_LIMB defined, the
 * type of edge_limbs's limbs, after the form's own cases.
 */
#define CASE_PASTE(a, b) a##_##b
#define CASE_JOIN(a, b) CASE_PASTE(a, b)
#define FIELD_FN(op) CASE_JOIN(FIELD, op)
#define LANE_FN(op) CASE_JOIN(LANE, op)

/* The factor made of 1/y turns x times itself into the slope 3 x^2 / (2 y), the square of which is
 * data. */
static void FIELD_FN(tangent__is_a_slope)(void **state_) {
    (void)state_;
    for (int round = 0; round < ROUNDS / 4; round++) {
        FIELD a[LANES], b[LANES], scratch[LANES], got[LANES], expected[LANES];
        LANE x, factor;
        for (int k = 0; k < LANES; k++) {
            EDGE_LIMB limbs[5];
            FIELD_FN(edge_limbs)(limbs);
            a[k] = FIELD_FN(residue)(limbs);
            FIELD_FN(edge_limbs)(limbs);
            b[k] = FIELD_FN(residue)(limbs);
        }
        FIELD_FN(batch_inv)(b, LANES, scratch);
        LANE_FN(load_row)(&x, a);
        LANE_FN(from_inverses)(&factor, b);
        LANE_FN(tangent_factor)(&factor);
        LANE_FN(slim)(&x);
        LANE_FN(sqr)(&x, &x);
        LANE_FN(tight_product)(&x);
        LANE_FN(mul)(&x, &x, &factor);
        LANE_FN(tight_product)(&x);
        LANE_FN(sqr)(&x, &x);
        LANE_FN(from_square)(&x);
        LANE_FN(to_scalars)(got, &x);
        for (int k = 0; k < LANES; k++) {
            FIELD half, *e = &expected[k];
            FIELD_FN(sqr)(e, &a[k]);
            FIELD_FN(mul)(e, e, &b[k]);
            FIELD_FN(halve)(&half, e);
            FIELD_FN(add)(e, e, &half);
            FIELD_FN(sqr)(e, e);
        }
        assert_memory_equal(got, expected, sizeof got);
    }
}

/* Every lane from an entry of its own. */
static void FIELD_FN(pick__lanes_of_a_table)(void **state_) {
    (void)state_;
    enum { ENTRIES = 8, STRIDE = 3 };
    FIELD table[ENTRIES][LANES], expected[LANES], got[LANES];
    LANE rows[ENTRIES * STRIDE], out;
    uint8_t entry[LANES];
    for (int t = 0; t < ENTRIES; t++) {
        for (int k = 0; k < LANES; k++) {
            EDGE_LIMB limbs[5];
            FIELD_FN(edge_limbs)(limbs);
            table[t][k] = FIELD_FN(residue)(limbs);
        }
        for (int s = 0; s < STRIDE; s++)
            LANE_FN(load_row)(&rows[t * STRIDE + s], table[(t + s) % ENTRIES]);
    }
    for (int round = 0; round < 16; round++) {
        for (int k = 0; k < LANES; k++) {
            entry[k] = (uint8_t)(next() >> 61);
            expected[k] = table[entry[k]][k];
        }
        LANE_FN(pick)(&out, rows, STRIDE, entry);
        LANE_FN(to_scalars)(got, &out);
        assert_memory_equal(got, expected, sizeof got);
    }
}

static void FIELD_FN(transpose__rows_become_lanes)(void **state_) {
    (void)state_;
    FIELD rows[LANES][LANES], got[LANES];
    LANE in[LANES], out[LANES], *to[LANES];
    for (int i = 0; i < LANES; i++) {
        for (int k = 0; k < LANES; k++) {
            EDGE_LIMB limbs[5];
            FIELD_FN(edge_limbs)(limbs);
            rows[i][k] = FIELD_FN(residue)(limbs);
        }
        LANE_FN(load_row)(&in[i], rows[i]);
        to[i] = &out[i];
    }
    LANE_FN(transpose)(to, in);
    for (int k = 0; k < LANES; k++) {
        LANE_FN(to_scalars)(got, &out[k]);
        for (int i = 0; i < LANES; i++)
            assert_true(FIELD_FN(equal)(&got[i], &rows[i][k]));
    }
}

#undef CASE_PASTE
#undef CASE_JOIN
#undef FIELD_FN
#undef LANE_FN
