/*
 * The operations of lanes_fma.h against the scalar field, for one field; included with FIELD and
 * LANE defined.
 */
#define CASE_PASTE(a, b) a##_##b
#define CASE_JOIN(a, b) CASE_PASTE(a, b)
#define FIELD_FN(op) CASE_JOIN(FIELD, op)
#define LANE_FN(op) CASE_JOIN(LANE, op)

/* The residue of sum limbs[i] 2^(51 i), as limbs that are canonical. */
static FIELD FIELD_FN(residue)(const double limbs[5]) {
    FIELD sum, limb, out;
    FIELD_FN(set_zero)(&sum);
    for (int i = 5; i-- > 0;) {
        for (int k = 0; k < 51; k++)
            FIELD_FN(double)(&sum, &sum);
        FIELD_FN(set_u64)(&limb, (uint64_t)fabs(limbs[i]));
        if (limbs[i] < 0)
            FIELD_FN(neg)(&limb, &limb);
        FIELD_FN(add)(&sum, &sum, &limb);
    }
    FIELD_FN(to_limbs)(out.l, &sum);
    return out;
}

/* A tight operand: limbs at their bounds, 0, +-1, a constant's, those of p, or random. */
static void FIELD_FN(edge_limbs)(double out[5]) {
    const uint64_t kind = next() >> 60;
    for (int i = 0; i < 5; i++) {
        const double bound = i < 4 ? 0x1p50 + 8 : floor(0.8 * 0x1p50);
        const double choices[] = {0, 1, bound, bound - 1, 0x1p50, 0x1p50 - 1};
        const double sign = next() >> 63 ? -1 : 1;
        const double some = (double)(next() >> 14); /* below u */
        const double random = i < 4 ? some : floor(0.8 * some);
        const double choice = choices[(next() >> 40) % 6];
        out[i] = kind < 4    ? sign * random
                 : kind < 9  ? sign * fmin(choice, bound)
                 : kind < 11 ? bound
                 : kind < 13 ? -bound
                 : kind < 14 ? FIELD_FN(FMA_MODULUS)[i]
                 : kind < 15 ? -FIELD_FN(FMA_MODULUS)[i]
                             : FIELD_FN(FMA_VECTORS)[FMA_STEP + i][0];
    }
}

static void FIELD_FN(load_limbs)(LANE *o, double limbs[LANES][5]) {
    for (int h = 0; h < HALVES; h++)
        for (int i = 0; i < 5; i++)
            o->l[h][i] = v4_load4(limbs[4 * h][i], limbs[4 * h + 1][i], limbs[4 * h + 2][i],
                                  limbs[4 * h + 3][i]);
}

static void FIELD_FN(check)(const LANE *got, const FIELD expected[LANES]) {
    FIELD out[LANES];
    LANE_FN(to_scalars)(out, got);
    assert_memory_equal(out, expected, sizeof out);
}

/* Limbs within the bounds that the file promises of products and of what tight() leaves. */
static void FIELD_FN(check_tight)(const LANE *a) {
    for (int h = 0; h < HALVES; h++)
        for (int i = 0; i < 5; i++) {
            double e[4];
            memcpy(e, &a->l[h][i], sizeof e);
            for (int k = 0; k < 4; k++)
                assert_true(fabs(e[k]) <= (i < 4 ? 0x1p50 + 8 : 0.8 * 0x1p50));
        }
}

/* As integers with the radix 2^256, x y 2^-256 is half of mul's x y 2^-255. The instructions give
 * the limbs that fma_product.h defines. */
static void FIELD_FN(mul__edge_and_random_operands)(void **state_) {
    (void)state_;
    for (int round = 0; round < ROUNDS; round++) {
        double limbs[2][LANES][5];
        FIELD products[LANES], squares[LANES];
        LANE x, y, out, defined;
        for (int k = 0; k < LANES; k++) {
            FIELD_FN(edge_limbs)(limbs[0][k]);
            FIELD_FN(edge_limbs)(limbs[1][k]);
            const FIELD a = FIELD_FN(residue)(limbs[0][k]), b = FIELD_FN(residue)(limbs[1][k]);
            FIELD_FN(mul)(&products[k], &a, &b);
            FIELD_FN(double)(&products[k], &products[k]);
            FIELD_FN(sqr)(&squares[k], &a);
            FIELD_FN(double)(&squares[k], &squares[k]);
        }
        FIELD_FN(load_limbs)(&x, limbs[0]);
        FIELD_FN(load_limbs)(&y, limbs[1]);
        LANE_FN(mul)(&out, &x, &y);
        FIELD_FN(check_tight)(&out);
        FIELD_FN(check)(&out, products);
        fma_mul(defined.l, x.l, y.l, FIELD_FN(FMA_VECTORS));
        assert_memory_equal(&out, &defined, sizeof out);
        LANE_FN(mul)(&y, &y, &x);
        FIELD_FN(check)(&y, products);
        LANE_FN(sqr)(&out, &x);
        FIELD_FN(check_tight)(&out);
        FIELD_FN(check)(&out, squares);
        fma_sqr(defined.l, x.l, FIELD_FN(FMA_VECTORS));
        assert_memory_equal(&out, &defined, sizeof out);
        LANE_FN(sqr)(&x, &x);
        FIELD_FN(check)(&x, squares);
    }
}

/* Canonical elements from memory: factors in each form, sums, differences, and back. */
static void FIELD_FN(elements__agree_with_the_scalar_field)(void **state_) {
    (void)state_;
    for (int round = 0; round < ROUNDS / 4; round++) {
        FIELD a[LANES], b[LANES], sum[LANES], difference[LANES], minus[LANES], product[LANES];
        FIELD back[LANES], triple[LANES], scaled[LANES], inverse[LANES], quotient[LANES];
        uint8_t twiddle[TWIDDLE_BYTES] __attribute__((aligned(8)));
        LANE x, y, z;
        unsigned mask = (unsigned)next() & 0xff, zero = 0;
        for (int k = 0; k < LANES; k++) {
            double limbs[5];
            FIELD_FN(edge_limbs)(limbs);
            a[k] = FIELD_FN(residue)(limbs);
            FIELD_FN(edge_limbs)(limbs);
            b[k] = FIELD_FN(residue)(limbs);
            FIELD_FN(add)(&sum[k], &a[k], &b[k]);
            FIELD_FN(sub)(&difference[k], &a[k], &b[k]);
            FIELD_FN(mul)(&product[k], &a[k], &b[k]);
            FIELD_FN(mul)(&scaled[k], &a[k], &b[0]);
            FIELD_FN(sqr)(&triple[k], &a[k]);
            FIELD_FN(add)(&minus[k], &triple[k], &triple[k]);
            FIELD_FN(add)(&triple[k], &minus[k], &triple[k]);
            minus[k] = a[k];
            if (mask >> k & 1)
                FIELD_FN(neg)(&minus[k], &a[k]);
            if (FIELD_FN(is_zero)(&b[k]))
                FIELD_FN(set_one)(&b[k]);
            FIELD_FN(inv)(&inverse[k], &b[k]);
            FIELD_FN(mul)(&quotient[k], &a[k], &inverse[k]);
            FIELD_FN(mul)(&product[k], &a[k], &b[k]);
            FIELD_FN(sub)(&difference[k], &a[k], &b[k]);
            FIELD_FN(add)(&sum[k], &a[k], &b[k]);
            zero |= (unsigned)FIELD_FN(is_zero)(&difference[k]) << k;
        }
        for (int k = 0; k < LANES; k++)
            FIELD_FN(mul)(&scaled[k], &a[k], &b[0]);
        LANE_FN(load_row)(&x, a);
        LANE_FN(load_row)(&y, b);
        LANE_FN(store_row)(back, &x);
        assert_memory_equal(back, a, sizeof a);
        LANE_FN(add)(&z, &x, &y);
        FIELD_FN(check)(&z, sum);
        LANE_FN(sub)(&z, &x, &y, 2);
        FIELD_FN(check)(&z, difference);
        LANE_FN(tight)(&z);
        FIELD_FN(check_tight)(&z);
        assert_int_equal(LANE_FN(maybe_zero)(&z) & zero, zero);
        LANE_FN(reduce)(&z);
        LANE_FN(canonical)(&z);
        assert_int_equal(LANE_FN(is_zero)(&z), zero);
        LANE_FN(from_inverses)(&z, inverse);
        LANE_FN(slim)(&x);
        LANE_FN(mul)(&z, &x, &z);
        LANE_FN(one)(&y);
        LANE_FN(load_row)(&y, b);
        LANE_FN(slim)(&y);
        LANE_FN(mul)(&y, &y, &z); /* b times the multiplier a/b */
        FIELD_FN(check)(&y, a);
        LANE_FN(sqr)(&z, &z);
        LANE_FN(from_square)(&z);
        for (int k = 0; k < LANES; k++)
            FIELD_FN(sqr)(&quotient[k], &quotient[k]);
        FIELD_FN(check)(&z, quotient);
        LANE_FN(load_row)(&y, b);
        LANE_FN(multiplier)(&y);
        LANE_FN(mul)(&z, &x, &y);
        FIELD_FN(check)(&z, product);
        LANE_FN(one)(&y);
        LANE_FN(mul)(&z, &x, &y);
        FIELD_FN(check)(&z, a);
        LANE_FN(sqr)(&z, &x);
        LANE_FN(triple_data)(&z, &z);
        FIELD_FN(check)(&z, triple);
        FIELD_FN(twiddles)(twiddle, &b[0], 1);
        LANE_FN(mul_twiddle)(&z, &x, twiddle);
        FIELD_FN(check)(&z, scaled);
        LANE_FN(load_row)(&x, a);
        LANE_FN(negate)(&x, mask);
        FIELD_FN(check)(&x, minus);
        LANE_FN(load_row)(&x, a);
        LANE_FN(integer)(&x);
        LANE_FN(store_row)(back, &x);
        for (int k = 0; k < LANES; k++)
            FIELD_FN(to_limbs)(sum[k].l, &a[k]);
        assert_memory_equal(back, sum, sizeof sum);
    }
}

/* canonical at 0, +-1 and +-p, from digits that carry through all limbs. */
static void FIELD_FN(canonical__at_its_ends)(void **state_) {
    (void)state_;
    double limbs[LANES][5] = {{0}};
    FIELD expected[LANES], out[LANES];
    LANE x;
    limbs[1][0] = 1;
    limbs[2][0] = -1;
    for (int i = 0; i < 5; i++) {
        limbs[3][i] = -FIELD_FN(FMA_MODULUS)[i];
        limbs[4][i] = FIELD_FN(FMA_MODULUS)[i] - (i == 0);
        limbs[5][i] = -FIELD_FN(FMA_MODULUS)[i] + (i == 0);
        limbs[6][i] = i < 4 ? -0x1p50 : 1;
        limbs[7][i] = i < 4 ? 0x1p50 - 1 : -1;
    }
    for (int k = 0; k < LANES; k++)
        expected[k] = FIELD_FN(residue)(limbs[k]);
    FIELD_FN(load_limbs)(&x, limbs);
    LANE_FN(canonical)(&x);
    assert_int_equal(LANE_FN(is_zero)(&x), 1 | 8);
    LANE_FN(store_row)(out, &x);
    assert_memory_equal(out, expected, sizeof out);
}

static void FIELD_FN(constants__recomputed)(void **state_) {
    (void)state_;
    const uint64_t ones = (UINT64_C(1) << 51) - 1;
    const FIELD p = FIELD_FN(MODULUS);
    double digits[5];
    fma_digits(digits, p.l);
    assert_memory_equal(digits, FIELD_FN(FMA_MODULUS), sizeof digits);
    assert_int_equal(((uint64_t)FIELD_FN(FMA_VECTORS)[FMA_NEG_INV][0] * p.l[0] + 1) & ones, 0);
    const FIELD zero = FIELD_FN(residue)(FIELD_FN(FMA_MODULUS));
    const FIELD unsigned_zero = FIELD_FN(residue)(FIELD_FN(FMA_DIGITS));
    assert_true(FIELD_FN(is_zero)(&zero));
    assert_true(FIELD_FN(is_zero)(&unsigned_zero));
    for (int i = 0; i < 5; i++)
        assert_true(FIELD_FN(FMA_DIGITS)[i] >= 0 && FIELD_FN(FMA_DIGITS)[i] < FMA_RADIX);
    const double quotient =
        FIELD_FN(FMA_QUOTIENT) * (FIELD_FN(FMA_MODULUS)[4] + FIELD_FN(FMA_MODULUS)[3] / FMA_RADIX);
    assert_true(fabs(quotient - 1) < 0x1p-48);
    /* 2^51 n = 1 mod p */
    const FIELD one = {{1, 0, 0, 0}};
    double step[5];
    for (int i = 0; i < 5; i++)
        step[i] = FIELD_FN(FMA_VECTORS)[FMA_STEP + i][0];
    FIELD n = FIELD_FN(residue)(step), power = one, three, got;
    for (int i = 0; i < 51; i++)
        FIELD_FN(double)(&n, &n);
    assert_true(FIELD_FN(equal)(&n, &one));
    for (int i = 0; i < 253; i++)
        FIELD_FN(double)(&power, &power);
    got = FIELD_FN(residue)(FIELD_FN(FMA_QUARTER));
    assert_true(FIELD_FN(equal)(&power, &got));
    FIELD_FN(double)(&power, &power);
    got = FIELD_FN(residue)(FIELD_FN(FMA_HALF));
    assert_true(FIELD_FN(equal)(&power, &got));
    FIELD_FN(double)(&three, &power);
    got = FIELD_FN(residue)(FIELD_FN(FMA_ONE));
    assert_true(FIELD_FN(equal)(&three, &got));
    FIELD_FN(add)(&three, &three, &power);
    got = FIELD_FN(residue)(FIELD_FN(FMA_THREE_HALVES));
    assert_true(FIELD_FN(equal)(&three, &got));
    got = FIELD_FN(residue)(FIELD_FN(FMA_THREE_QUARTERS));
    FIELD_FN(double)(&got, &got);
    assert_true(FIELD_FN(equal)(&three, &got));
    got = FIELD_FN(residue)(FIELD_FN(FMA_TO_INTEGER));
    FIELD_FN(double)(&got, &got);
    assert_true(FIELD_FN(equal)(&got, &one));
}

static void FIELD_FN(bounds__of_sums)(void **state_) {
    (void)state_;
    /* tight() of a sum of four or five tight values, of at most 4.2 p: it subtracts at most 4 p. */
    for (int i = 0; i < 5; i++)
        assert_true(5 * (i < 4 ? 1 + 0x1p-46 : 0.8) + 4 * fabs(FIELD_FN(FMA_MODULUS)[i]) * 0x1p-50 <
                    8);
}

#undef CASE_PASTE
#undef CASE_JOIN
#undef FIELD_FN
#undef LANE_FN
