/*
 * The operations of lanes_ifma.h against the scalar field, for one field; included with FIELD and
 * LANE defined. A result of mul is compared after reduce() and canonical().
 */
#define CASE_PASTE(a, b) a##_##b
#define CASE_JOIN(a, b) CASE_PASTE(a, b)
#define FIELD_FN(op) CASE_JOIN(FIELD, op)
#define LANE_FN(op) CASE_JOIN(LANE, op)

/* The residue of sum limbs[i] 2^(52 i), as limbs that are canonical. */
static FIELD FIELD_FN(residue)(const uint64_t limbs[5]) {
    FIELD sum, limb, out;
    FIELD_FN(set_zero)(&sum);
    for (int i = 5; i-- > 0;) {
        for (int k = 0; k < 52; k++)
            FIELD_FN(double)(&sum, &sum);
        FIELD_FN(set_u64)(&limb, limbs[i]);
        FIELD_FN(add)(&sum, &sum, &limb);
    }
    FIELD_FN(to_limbs)(out.l, &sum);
    return out;
}

/* Limbs that are 0, 1, all ones, p's, 2p's, those of neighbours, or random: a tight operand. */
static void FIELD_FN(edge_limbs)(uint64_t out[5]) {
    const uint64_t ones = (UINT64_C(1) << 52) - 1;
    uint64_t kind = next() >> 60;
    for (int i = 0; i < 5; i++) {
        const uint64_t choices[] = {0, 1, ones, ones - 1, UINT64_C(1) << 51, next() & ones};
        uint64_t p = FIELD_FN(IFMA_MODULUS)[i];
        out[i] = kind < 4    ? next() & ones
                 : kind < 10 ? choices[(next() >> 40) % 6]
                 : kind < 14 ? p
                             : ones;
    }
    if (kind == 10) /* p - 1; kind 11 is p + 1, 12 and 13 are p, 14 and 15 all ones */
        out[0]--;
    if (kind == 11)
        out[0]++;
}

static void FIELD_FN(load_limbs)(LANE *o, uint64_t limbs[LANES][5]) {
    uint64_t columns[LANES];
    for (int i = 0; i < 5; i++) {
        for (int k = 0; k < LANES; k++)
            columns[k] = limbs[k][i];
        o->l[i] = v8_load(columns);
    }
}

static void FIELD_FN(check)(LANE *got, const FIELD expected[LANES]) {
    FIELD out[LANES];
    LANE_FN(reduce)(got);
    LANE_FN(canonical)(got);
    LANE_FN(store_row)(out, got);
    assert_memory_equal(out, expected, sizeof out);
}

/* a 2^260 operand times a multiplier below p, and the same with four times that as limbs allow. */
static void FIELD_FN(mul__edge_and_random_operands)(void **state_) {
    (void)state_;
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t limbs[LANES][5];
        FIELD b[LANES], expected[LANES];
        LANE x, y, product;
        uint8_t twiddle[TWIDDLE_BYTES] __attribute__((aligned(8)));
        for (int k = 0; k < LANES; k++) {
            uint64_t other[5];
            FIELD_FN(edge_limbs)(limbs[k]);
            FIELD_FN(edge_limbs)(other);
            FIELD a = FIELD_FN(residue)(limbs[k]);
            b[k] = FIELD_FN(residue)(other);
            FIELD_FN(mul)(&expected[k], &a, &b[k]);
        }
        FIELD_FN(load_limbs)(&x, limbs);
        LANE_FN(load_row)(&y, b);
        LANE_FN(multiplier)(&y);
        LANE_FN(mul)(&product, &x, &y);
        FIELD_FN(check)(&product, expected);
        LANE_FN(mul)(&product, &y, &x);
        FIELD_FN(check)(&product, expected);
        FIELD_FN(twiddles)(twiddle, &b[0], 1);
        LANE_FN(mul_twiddle)(&product, &x, twiddle);
        for (int k = 0; k < LANES; k++) {
            FIELD a = FIELD_FN(residue)(limbs[k]);
            FIELD_FN(mul)(&expected[k], &a, &b[0]);
        }
        FIELD_FN(check)(&product, expected);
    }
}

/* Sums and differences of canonical elements, and what stands in memory and comes back. */
static void FIELD_FN(add_sub__agree_with_the_scalar_field)(void **state_) {
    (void)state_;
    for (int round = 0; round < ROUNDS / 4; round++) {
        FIELD a[LANES], b[LANES], sum[LANES], difference[LANES], minus[LANES], back[LANES];
        LANE x, y, z;
        unsigned mask = (unsigned)next() & 0xff;
        for (int k = 0; k < LANES; k++) {
            uint64_t limbs[5];
            FIELD_FN(edge_limbs)(limbs);
            a[k] = FIELD_FN(residue)(limbs);
            FIELD_FN(edge_limbs)(limbs);
            b[k] = FIELD_FN(residue)(limbs);
            FIELD_FN(add)(&sum[k], &a[k], &b[k]);
            FIELD_FN(sub)(&difference[k], &a[k], &b[k]);
            minus[k] = a[k];
            if (mask >> k & 1)
                FIELD_FN(neg)(&minus[k], &a[k]);
        }
        LANE_FN(load_row)(&x, a);
        LANE_FN(load_row)(&y, b);
        LANE_FN(store_row)(back, &x);
        assert_memory_equal(back, a, sizeof a);
        LANE_FN(add)(&z, &x, &y);
        FIELD_FN(check)(&z, sum);
        LANE_FN(sub)(&z, &x, &y, 2);
        FIELD_FN(check)(&z, difference);
        LANE_FN(sub)(&z, &x, &y, 6);
        FIELD_FN(check)(&z, difference);
        LANE_FN(sub)(&z, &x, &y, 2);
        LANE_FN(tight)(&z);
        unsigned zero = 0;
        for (int k = 0; k < LANES; k++)
            zero |= (unsigned)FIELD_FN(is_zero)(&difference[k]) << k;
        assert_int_equal(LANE_FN(maybe_zero)(&z) & zero, zero);
        LANE_FN(integer)(&x);
        LANE_FN(store_row)(back, &x);
        for (int k = 0; k < LANES; k++)
            FIELD_FN(to_limbs)(sum[k].l, &a[k]);
        assert_memory_equal(back, sum, sizeof sum);
        LANE_FN(load_row)(&x, a);
        LANE_FN(negate)(&x, mask);
        FIELD_FN(check)(&x, minus);
    }
}

/* reduce at every multiple of 2^253 and of p, and one below and above; canonical below 2p. */
static void FIELD_FN(reduce__at_its_steps)(void **state_) {
    (void)state_;
    const uint64_t ones = (UINT64_C(1) << 52) - 1;
    for (int k = 0; k < 16; k++) {
        uint64_t limbs[LANES][5] = {0};
        FIELD expected[LANES];
        LANE x;
        limbs[0][4] = (uint64_t)k << 45;
        limbs[1][4] = limbs[0][4];
        limbs[1][0] = 1;
        if (k > 0) {
            limbs[2][4] = limbs[0][4] - 1;
            for (int i = 0; i < 4; i++)
                limbs[2][i] = ones;
        }
        for (int i = 0; i < 5; i++)
            limbs[3][i] = limbs[4][i] = limbs[5][i] = FIELD_FN(IFMA_MULTIPLES)[i][k];
        limbs[4][0] += 1;
        if (limbs[5][0] != 0)
            limbs[5][0] -= 1;
        for (int i = 0; i < 5; i++)
            limbs[6][i] = i < 4 ? ones : (UINT64_C(1) << 49) - 1;
        for (int i = 0; i < LANES; i++)
            expected[i] = FIELD_FN(residue)(limbs[i]);
        FIELD_FN(load_limbs)(&x, limbs);
        FIELD_FN(check)(&x, expected);
    }
}

static void FIELD_FN(constants__recomputed)(void **state_) {
    (void)state_;
    const uint64_t ones = (UINT64_C(1) << 52) - 1;
    const FIELD p = FIELD_FN(MODULUS);
    assert_int_equal(FIELD_FN(IFMA_INV) * p.l[0] & ones, 1);
    assert_int_equal((FIELD_FN(IFMA_INV) + FIELD_FN(IFMA_NEG_INV)) & ones, 0);
    /* 2^52 n = 1 mod p */
    FIELD n = FIELD_FN(residue)(FIELD_FN(IFMA_STEP));
    const FIELD one = {{1, 0, 0, 0}};
    for (int i = 0; i < 52; i++)
        FIELD_FN(double)(&n, &n);
    assert_true(FIELD_FN(equal)(&n, &one));
    assert_true(FIELD_FN(IFMA_STEP)[4] < FIELD_FN(IFMA_MODULUS)[4]);
    uint64_t limbs[5] = {p.l[0] & ones, (p.l[0] >> 52 | p.l[1] << 12) & ones,
                         (p.l[1] >> 40 | p.l[2] << 24) & ones, (p.l[2] >> 28 | p.l[3] << 36) & ones,
                         p.l[3] >> 16};
    assert_memory_equal(limbs, FIELD_FN(IFMA_MODULUS), sizeof limbs);
    /* As multipliers: 2^4 * 2^256, 2^8 * 2^256, 24 * 2^4 * 2^256 and 48 * 2^4 * 2^256. */
    const uint64_t factors[4] = {16, 256, 384, 768};
    const uint64_t *const constants[4] = {FIELD_FN(IFMA_ONE), FIELD_FN(IFMA_16), FIELD_FN(IFMA_24),
                                          FIELD_FN(IFMA_48)};
    for (int i = 0; i < 4; i++) {
        FIELD expected, got = FIELD_FN(residue)(constants[i]);
        FIELD_FN(set_u64)(&expected, factors[i]);
        assert_true(FIELD_FN(equal)(&expected, &got));
        assert_true(constants[i][4] <= FIELD_FN(IFMA_MODULUS)[4]);
    }
    for (uint64_t i = 0; i < 16; i++) {
        /* A multiple of p, at most i 2^253, with i 2^253 less than p above it. */
        uint64_t m[5], k = 0;
        for (int j = 0; j < 5; j++)
            m[j] = FIELD_FN(IFMA_MULTIPLES)[j][i];
        const FIELD residue = FIELD_FN(residue)(m);
        assert_true(FIELD_FN(is_zero)(&residue));
        while ((k + 1) * FIELD_FN(IFMA_MODULUS)[4] <= m[4])
            k++;
        assert_true(m[4] < i << 45 || i == 0);
        assert_true(m[4] + FIELD_FN(IFMA_MODULUS)[4] >= i << 45);
        assert_true(k <= 9);
    }
}

#undef CASE_PASTE
#undef CASE_JOIN
#undef FIELD_FN
#undef LANE_FN
