/*
 * Cases that every vector form has in common; included with FIELD, LANE and EDGE_LIMB defined, the
 * type of edge_limbs's limbs, after the form's own cases.
 */
#define CASE_PASTE(a, b) a##_##b
#define CASE_JOIN(a, b) CASE_PASTE(a, b)
#define FIELD_FN(op) CASE_JOIN(FIELD, op)
#define LANE_FN(op) CASE_JOIN(LANE, op)

/* What a tangent has above and below: their quotient is 3 x^2 / (2 y). */
static void FIELD_FN(tangent__is_a_slope)(void **state_) {
    (void)state_;
    for (int round = 0; round < ROUNDS / 4; round++) {
        FIELD a[LANES], b[LANES], above[LANES], below[LANES];
        LANE x, y, one, top, bottom;
        for (int k = 0; k < LANES; k++) {
            EDGE_LIMB limbs[5];
            FIELD_FN(edge_limbs)(limbs);
            a[k] = FIELD_FN(residue)(limbs);
            FIELD_FN(edge_limbs)(limbs);
            b[k] = FIELD_FN(residue)(limbs);
        }
        LANE_FN(load_row)(&x, a);
        LANE_FN(load_row)(&y, b);
        LANE_FN(slim)(&x);
        LANE_FN(sqr)(&x, &x);
        LANE_FN(tangent_above)(&top, &x);
        LANE_FN(tangent_below)(&bottom, &y);
        LANE_FN(one)(&one);
        LANE_FN(mul)(&top, &top, &one);
        LANE_FN(mul)(&bottom, &bottom, &one);
        LANE_FN(to_scalars)(above, &top);
        LANE_FN(to_scalars)(below, &bottom);
        for (int k = 0; k < LANES; k++) {
            FIELD left, right, three;
            FIELD_FN(mul)(&left, &above[k], &b[k]);
            FIELD_FN(double)(&left, &left);
            FIELD_FN(set_u64)(&three, 3);
            FIELD_FN(sqr)(&right, &a[k]);
            FIELD_FN(mul)(&right, &right, &three);
            FIELD_FN(mul)(&right, &right, &below[k]);
            assert_true(FIELD_FN(equal)(&left, &right));
        }
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
