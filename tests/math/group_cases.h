/* Group laws of one curve, for test_groups.c; included with CURVE and CURVE_F defined. */
#define CURVE_PASTE(a, b) a##_##b
#define CURVE_JOIN(a, b) CURVE_PASTE(a, b)
#define FN(op) CURVE_JOIN(CURVE, op)
#define FIELD_FN(op) CURVE_JOIN(CURVE_F, op)

/* The same point with another z. */
static void FN(rescale)(CURVE *out, const CURVE *p) {
    CURVE_F s, ss;
    CURVE_JOIN(random, CURVE_F)(&s);
    FIELD_FN(sqr)(&ss, &s);
    FIELD_FN(mul)(&out->x, &p->x, &ss);
    FIELD_FN(mul)(&ss, &ss, &s);
    FIELD_FN(mul)(&out->y, &p->y, &ss);
    FIELD_FN(mul)(&out->z, &p->z, &s);
}

/* Asserts that add and add_mixed give the expected sum, also in place of either operand. */
static void FN(assert_sum)(const CURVE *p, const CURVE_JOIN(CURVE, affine) * q,
                           const CURVE *expected) {
    CURVE a, b, jacobian;
    FN(from_affine)(&jacobian, q);
    FN(rescale)(&jacobian, &jacobian);
    FN(rescale)(&a, p);
    FN(add)(&b, &a, &jacobian);
    assert_true(FN(equal)(&b, expected));
    FN(add)(&b, &jacobian, &a);
    assert_true(FN(equal)(&b, expected));
    FN(add_mixed)(&b, &a, q);
    assert_true(FN(equal)(&b, expected));
    b = a;
    FN(add)(&b, &b, &jacobian);
    assert_true(FN(equal)(&b, expected));
    b = jacobian;
    FN(add)(&b, &a, &b);
    assert_true(FN(equal)(&b, expected));
    FN(add_mixed)(&a, &a, q);
    assert_true(FN(equal)(&a, expected));
}

static void CURVE_JOIN(CURVE, _obeys_the_group_laws)(void **state) {
    (void)state;
    for (int i = 0; i < 10; i++) {
        CURVE_JOIN(CURVE, affine) a, b, minus, infinity;
        CURVE p, q, sum, twice, none, left, right;
        CURVE_JOIN(random, CURVE)(&a);
        CURVE_JOIN(random, CURVE)(&b);
        FN(affine_neg)(&minus, &a);
        FN(affine_set_infinity)(&infinity);
        FN(set_infinity)(&none);
        FN(from_affine)(&p, &a);
        FN(from_affine)(&q, &b);
        FN(double)(&twice, &p);
        FN(assert_sum)(&p, &a, &twice); /* equal operands */
        FN(assert_sum)(&p, &minus, &none);
        FN(assert_sum)(&p, &infinity, &p);
        FN(assert_sum)(&none, &a, &p);
        FN(assert_sum)(&none, &infinity, &none);
        FN(add)(&sum, &p, &q);
        assert_false(FN(equal)(&sum, &p));
        FN(assert_sum)(&p, &b, &sum);
        /* (p + q) + p = 2p + q */
        FN(add)(&left, &sum, &p);
        FN(add)(&right, &twice, &q);
        assert_true(FN(equal)(&left, &right));
        FN(neg)(&right, &left);
        FN(add)(&right, &right, &left);
        assert_true(FN(is_infinity)(&right));
        FN(double)(&none, &none);
        assert_true(FN(is_infinity)(&none));
        FN(to_affine)(&minus, &none);
        assert_true(FN(affine_is_infinity)(&minus));
        assert_false(FN(on_curve)(&minus));
        FN(to_affine)(&minus, &sum);
        assert_true(FN(on_curve)(&minus));
        FIELD_FN(add)(&minus.x, &minus.x, &minus.y);
        assert_false(FN(on_curve)(&minus));
        assert_false(FN(equal)(&p, &none));
    }
}

static void FN(mul__counts_additions)(void **state) {
    (void)state;
    CURVE p, sum, q, minus;
    fr k;
    FN(from_affine)(&p, FN(generator)());
    FN(set_infinity)(&sum);
    for (uint64_t i = 0; i < 40; i++) {
        fr_set_u64(&k, i);
        FN(mul)(&q, &p, &k);
        assert_true(FN(equal)(&q, &sum));
        fr_neg(&k, &k);
        FN(mul)(&q, &p, &k);
        FN(neg)(&minus, &sum);
        assert_true(FN(equal)(&q, &minus));
        FN(add)(&sum, &sum, &p);
    }
    /* (a + b) p = a p + b p, a (b p) = (a b) p */
    for (int i = 0; i < 5; i++) {
        fr a, b, c;
        CURVE ap, bp, cp;
        random_fr(&a);
        random_fr(&b);
        fr_add(&c, &a, &b);
        FN(mul)(&ap, &p, &a);
        FN(mul)(&bp, &p, &b);
        FN(mul)(&cp, &p, &c);
        FN(add)(&q, &ap, &bp);
        assert_true(FN(equal)(&q, &cp));
        fr_mul(&c, &a, &b);
        FN(mul)(&cp, &p, &c);
        FN(mul)(&bp, &bp, &a);
        assert_true(FN(equal)(&bp, &cp));
    }
    FN(set_infinity)(&q);
    random_fr(&k);
    FN(mul)(&q, &q, &k);
    assert_true(FN(is_infinity)(&q));
}

static void FN(batch_to_affine__passes_over_infinity)(void **state) {
    (void)state;
    enum { N = 21 };
    CURVE in[N];
    CURVE_JOIN(CURVE, affine) out[N], expected;
    CURVE_F scratch[N];
    for (size_t n = 0; n <= N; n++) {
        for (size_t i = 0; i < n; i++) {
            CURVE_JOIN(random, CURVE)(&expected);
            FN(from_affine)(&in[i], &expected);
            FN(rescale)(&in[i], &in[i]);
            if (random_u64() % 3 == 0)
                FN(set_infinity)(&in[i]);
        }
        FN(batch_to_affine)(out, in, n, scratch);
        for (size_t i = 0; i < n; i++) {
            FN(to_affine)(&expected, &in[i]);
            assert_true(FN(affine_equal)(&out[i], &expected));
        }
    }
}

#undef FN
#undef FIELD_FN
#undef CURVE_JOIN
#undef CURVE_PASTE
