/*
 * The cases of test_field.c and test_field_adx.c for one field; included with FIELD defined (fr or
 * fp). The reference works on integers bit by bit and knows nothing of Montgomery's form: products
 * are compared as out * 2^256 = a * b mod p.
 */
#define FIELD_PASTE(a, b) a##_##b
#define FIELD_JOIN(a, b) FIELD_PASTE(a, b)
#define FN(op) FIELD_JOIN(FIELD, op)
#define CASE(function, condition) FIELD_JOIN(FIELD, function##__##condition)

/* out = the 576-bit integer mod p. */
static void FN(reference_mod)(uint64_t out[4], const uint64_t wide[9]) {
    uint64_t r[4] = {0, 0, 0, 0};
    for (int bit = 575; bit >= 0; bit--) {
        for (int i = 3; i > 0; i--)
            r[i] = r[i] << 1 | r[i - 1] >> 63;
        r[0] = r[0] << 1 | ((wide[bit / 64] >> (bit % 64)) & 1);
        bool below = false, decided = false;
        for (int i = 3; i >= 0 && !decided; i--)
            if (r[i] != FN(MODULUS).l[i]) {
                below = r[i] < FN(MODULUS).l[i];
                decided = true;
            }
        if (below)
            continue;
        uint64_t borrow = 0;
        for (int i = 0; i < 4; i++) {
            unsigned __int128 t = (unsigned __int128)r[i] - FN(MODULUS).l[i] - borrow;
            r[i] = (uint64_t)t;
            borrow = (uint64_t)(t >> 64) & 1;
        }
    }
    memcpy(out, r, sizeof r);
}

/* wide += a * b as integers */
static void FN(reference_add_product)(uint64_t wide[9], const uint64_t a[4], const uint64_t b[4]) {
    for (int i = 0; i < 4; i++) {
        unsigned __int128 t = 0;
        for (int j = 0; j < 4; j++) {
            t += (unsigned __int128)a[i] * b[j] + wide[i + j];
            wide[i + j] = (uint64_t)t;
            t >>= 64;
        }
        for (int j = i + 4; j < 9; j++) {
            t += wide[j];
            wide[j] = (uint64_t)t;
            t >>= 64;
        }
    }
}

/* Asserts out * 2^256 = a * b + c * d mod p and out < p, for any 256-bit operands. */
static void FN(assert_products)(const FIELD *out, const FIELD *a, const FIELD *b, const FIELD *c,
                                const FIELD *d) {
    uint64_t wide[9] = {0}, shifted[9] = {0}, x[4], y[4];
    FN(reference_add_product)(wide, a->l, b->l);
    FN(reference_add_product)(wide, c->l, d->l);
    for (int i = 0; i < 4; i++)
        shifted[i + 4] = out->l[i];
    FN(reference_mod)(x, wide);
    FN(reference_mod)(y, shifted);
    assert_memory_equal(x, y, sizeof x);
    for (int i = 0; i < 4; i++)
        shifted[i] = out->l[i], shifted[i + 4] = 0;
    FN(reference_mod)(y, shifted);
    assert_memory_equal(y, out->l, sizeof y);
}

/* Asserts out = a + b mod p (as stored integers) and out < p. */
static void FN(assert_sum)(const FIELD *out, const FIELD *a, const FIELD *b) {
    uint64_t wide[9] = {0}, x[4];
    const uint64_t one[4] = {1, 0, 0, 0};
    FN(reference_add_product)(wide, a->l, one);
    FN(reference_add_product)(wide, b->l, one);
    FN(reference_mod)(x, wide);
    assert_memory_equal(x, out->l, sizeof x);
}

enum { FN(EDGES) = 40 };

/* Stored integers at which carries and borrows change: ends, middle, powers of two, full limbs. */
static void FN(edge)(FIELD *out, size_t i) {
    static const uint64_t small[] = {0, 1, 2, 3, 9};
    FIELD e = {{0, 0, 0, 0}};
    if (i < 5) {
        e.l[0] = small[i];
    } else if (i < 10) {
        e = FN(MODULUS);
        e.l[0] -= i - 4;
    } else if (i < 18) { /* limbs all ones, in every combination below the top limb */
        for (size_t j = 0; j < 3; j++)
            e.l[j] = (i - 10) >> j & 1 ? UINT64_MAX : 0;
        e.l[3] = FN(MODULUS).l[3] - 1;
    } else if (i < 26) {
        for (size_t j = 0; j < 3; j++)
            e.l[j] = (i - 18) >> j & 1 ? UINT64_MAX : 0;
    } else if (i < 34) {
        e.l[(i - 26) / 2] = i % 2 ? UINT64_C(1) << 63 >> (i > 32 ? 2 : 0) : 1;
    } else { /* half of p and its neighbours, one in Montgomery form and its square */
        const FIELD special[] = {FN(ONE), FN(R2)};
        if (i < 36) {
            e = special[i - 34];
        } else {
            for (size_t j = 0; j < 4; j++)
                e.l[j] = FN(MODULUS).l[j] >> 1 | (j < 3 ? FN(MODULUS).l[j + 1] << 63 : 0);
            e.l[0] += i - 37;
        }
    }
    *out = e;
}

static void FN(random_or_edge)(FIELD *out) {
    if (random_u64() % 4 == 0)
        FN(edge)(out, random_u64() % FN(EDGES));
    else
        FIELD_JOIN(random, FIELD)(out);
}

static void FN(check_pair)(const FIELD *a, const FIELD *b) {
    FIELD out, back;
    const FIELD zero = {{0, 0, 0, 0}};
    FN(add)(&out, a, b);
    FN(assert_sum)(&out, a, b);
    FN(sub)(&out, a, b);
    FN(assert_sum)(a, &out, b);
    FN(mul)(&out, a, b);
    FN(assert_products)(&out, a, b, &zero, &zero);
    FN(neg)(&out, a);
    FN(assert_sum)(&zero, &out, a);
    FN(double)(&out, a);
    FN(assert_sum)(&out, a, a);
    FN(sqr)(&out, a);
    FN(assert_products)(&out, a, a, &zero, &zero);
    /* aliasing: each output in the place of each input */
    FN(mul)(&out, a, b);
    back = *a;
    FN(mul)(&back, &back, b);
    assert_true(FN(equal)(&back, &out));
    back = *b;
    FN(mul)(&back, a, &back);
    assert_true(FN(equal)(&back, &out));
    FN(sub)(&out, a, b);
    back = *b;
    FN(sub)(&back, a, &back);
    assert_true(FN(equal)(&back, &out));
    back = *a;
    FN(add)(&back, &back, &back);
    FN(double)(&out, a);
    assert_true(FN(equal)(&back, &out));
}

static void CASE(arithmetic, agrees_with_integers_on_edges)(void **state) {
    (void)state;
    NEEDS_PROCESSOR();
    for (size_t i = 0; i < FN(EDGES); i++)
        for (size_t j = 0; j < FN(EDGES); j++) {
            FIELD a, b;
            FN(edge)(&a, i);
            FN(edge)(&b, j);
            FN(check_pair)(&a, &b);
        }
}

static void CASE(arithmetic, agrees_with_integers_on_random_operands)(void **state) {
    (void)state;
    NEEDS_PROCESSOR();
    for (int i = 0; i < 3000; i++) {
        FIELD a, b;
        FN(random_or_edge)(&a);
        FN(random_or_edge)(&b);
        FN(check_pair)(&a, &b);
    }
}

/* Every operand that the header allows: one factor of each product below 2p, and p itself. */
static void CASE(dot2, accepts_unreduced_factors)(void **state) {
    (void)state;
    NEEDS_PROCESSOR();
    for (int i = 0; i < 6000; i++) {
        FIELD v[4], out;
        const FIELD zero = {{0, 0, 0, 0}};
        for (int j = 0; j < 4; j++)
            FN(random_or_edge)(&v[j]);
        unsigned wide = (unsigned)(random_u64() % 16);
        if (wide & 1)
            FN(add_unreduced)(&v[0], &v[0], wide & 4 ? &FN(MODULUS) : &v[1]);
        if (wide & 2)
            FN(add_unreduced)(&v[2], &v[2], wide & 4 ? &FN(MODULUS) : &v[3]);
        if (wide & 8)
            FN(neg_unreduced)(&v[3], &v[3]);
        FN(dot2)(&out, &v[0], &v[1], &v[2], &v[3]);
        FN(assert_products)(&out, &v[0], &v[1], &v[2], &v[3]);
        FN(dot2)(&out, &v[1], &v[0], &v[3], &v[2]);
        FN(assert_products)(&out, &v[0], &v[1], &v[2], &v[3]);
        FN(mul)(&out, &v[0], &v[2]);
        FN(assert_products)(&out, &v[0], &v[2], &zero, &zero);
    }
}

/* Against two dot2; the second factors may be p, and all at once as large as allowed. */
static void CASE(dot4, agrees_with_dot2)(void **state) {
    (void)state;
    NEEDS_PROCESSOR();
    for (int i = 0; i < 6000; i++) {
        FIELD a[2], b[2], c[2], d[2], out, left, right;
        FIELD *all[8] = {&a[0], &a[1], &c[0], &c[1], &b[0], &b[1], &d[0], &d[1]};
        for (int j = 0; j < 8; j++) {
            FN(random_or_edge)(all[j]);
            if (i % 16 == 0) { /* p - 1 as limbs */
                *all[j] = FN(MODULUS);
                all[j]->l[0]--;
            }
            if (j >= 4 && random_u64() % 4 == 0)
                FN(neg_unreduced)(all[j], all[j]);
            if (j >= 4 && i % 32 == 0)
                *all[j] = FN(MODULUS);
        }
        FN(dot2)(&left, &a[0], &b[0], &a[1], &b[1]);
        FN(dot2)(&right, &c[0], &d[0], &c[1], &d[1]);
        FN(add)(&left, &left, &right);
        FN(dot4)(&out, a, b, c, d);
        assert_true(FN(equal)(&out, &left));
        FN(dot4)(&a[1], a, b, c, d); /* in place of an operand */
        assert_true(FN(equal)(&a[1], &left));
    }
}

/* The same sum in digits of 32 bits, of operands that reach all ones. */
static void CASE(add_product, adds_up_integers)(void **state) {
    (void)state;
    NEEDS_PROCESSOR();
    uint64_t t[9] = {0}, expected[18] = {0};
    for (int k = 0; k < 3000; k++) {
        FIELD a, b;
        FN(random_or_edge)(&a);
        FN(random_or_edge)(&b);
        if (k % 3 == 0)
            a = (FIELD){{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}};
        if (k % 6 == 0)
            b = a;
        FN(add_product)(t, &a, &b);
        for (size_t i = 0; i < 8; i++) {
            uint64_t carry = 0, factor = a.l[i / 2] >> (32 * (i % 2)) & UINT32_MAX;
            for (size_t j = 0; i + j < 18; j++) {
                uint64_t digit = j < 8 ? b.l[j / 2] >> (32 * (j % 2)) & UINT32_MAX : 0;
                carry += factor * digit + expected[i + j];
                expected[i + j] = carry & UINT32_MAX;
                carry >>= 32;
            }
        }
        for (size_t i = 0; i < 9; i++)
            assert_int_equal(t[i], expected[2 * i] | expected[2 * i + 1] << 32);
    }
}

static void CASE(mul, reduces_any_second_factor)(void **state) {
    (void)state;
    NEEDS_PROCESSOR();
    const FIELD zero = {{0, 0, 0, 0}};
    for (int i = 0; i < 3000; i++) {
        FIELD a, b, out;
        FN(random_or_edge)(&a);
        for (int j = 0; j < 4; j++)
            b.l[j] = random_u64() % 3 == 0 ? UINT64_MAX : random_u64();
        FN(mul)(&out, &a, &b);
        FN(assert_products)(&out, &a, &b, &zero, &zero);
    }
}

static void CASE(mul_9_add, agrees_with_integers)(void **state) {
    (void)state;
    NEEDS_PROCESSOR();
    const uint64_t nine[4] = {9, 0, 0, 0}, one[4] = {1, 0, 0, 0};
    for (size_t i = 0; i < FN(EDGES) * FN(EDGES) + 3000; i++) {
        FIELD a, b, out;
        uint64_t wide[9] = {0}, x[4];
        if (i < FN(EDGES) * FN(EDGES)) {
            FN(edge)(&a, i % FN(EDGES));
            FN(edge)(&b, i / FN(EDGES));
        } else {
            FN(random_or_edge)(&a);
            FN(random_or_edge)(&b);
        }
        if (i % 2 == 1)
            FN(neg_unreduced)(&b, &b); /* p itself when b is 0 */
        FN(reference_add_product)(wide, a.l, nine);
        FN(reference_add_product)(wide, b.l, one);
        FN(reference_mod)(x, wide);
        FN(mul_9_add)(&out, &a, &b);
        assert_memory_equal(x, out.l, sizeof x);
    }
}

static void CASE(constants, follow_from_the_modulus)(void **state) {
    (void)state;
    NEEDS_PROCESSOR();
    uint64_t wide[9] = {0}, x[4];
    wide[4] = 1;
    FN(reference_mod)(x, wide);
    assert_memory_equal(x, FN(ONE).l, sizeof x);
    wide[4] = 0;
    wide[8] = 1;
    FN(reference_mod)(x, wide);
    assert_memory_equal(x, FN(R2).l, sizeof x);
    assert_int_equal(FN(MODULUS).l[0] * FN(NEG_INV), UINT64_MAX);
}

static void CASE(inv, gives_the_reciprocal)(void **state) {
    (void)state;
    NEEDS_PROCESSOR();
    FIELD a, b, c;
    FN(set_zero)(&a);
    FN(inv)(&b, &a);
    assert_true(FN(is_zero)(&b));
    for (size_t i = 0; i < 20000; i++) {
        if (i < FN(EDGES))
            FN(edge)(&a, i);
        else if (i < FN(EDGES) + 254) /* powers of two and what is just below, as stored */
            a = (FIELD){{0, 0, 0, 0}}, a.l[(i - FN(EDGES)) / 64] = UINT64_C(1)
                                                                   << (i - FN(EDGES)) % 64;
        else
            FIELD_JOIN(random, FIELD)(&a);
        if (i >= FN(EDGES) + 254 && i % 8 == 0) /* short operands end the algorithm early */
            a.l[3] = 0, a.l[2] = i % 16 ? a.l[2] : 0;
        if (FN(is_zero)(&a))
            continue;
        FN(inv)(&b, &a);
        FN(mul)(&c, &a, &b);
        assert_true(FN(is_one)(&c));
    }
}

static void CASE(inv, agrees_with_fermat)(void **state) {
    (void)state;
    NEEDS_PROCESSOR();
    uint64_t exponent[4];
    memcpy(exponent, FN(MODULUS).l, sizeof exponent);
    exponent[0] -= 2;
    for (size_t i = 0; i < 100; i++) {
        FIELD a, b, c;
        FN(random_or_edge)(&a);
        FN(inv)(&b, &a);
        FN(pow)(&c, &a, exponent, 4);
        assert_true(FN(equal)(&b, &c));
    }
}

static void CASE(batch_inv, keeps_zeros)(void **state) {
    (void)state;
    NEEDS_PROCESSOR();
    FIELD v[33], w[33], scratch[33], t;
    for (size_t n = 0; n <= 33; n++) {
        for (size_t i = 0; i < n; i++) {
            FIELD_JOIN(random, FIELD)(&v[i]);
            if (random_u64() % 4 == 0)
                FN(set_zero)(&v[i]);
            w[i] = v[i];
        }
        FN(batch_inv)(v, n, scratch);
        for (size_t i = 0; i < n; i++) {
            FN(inv)(&t, &w[i]);
            assert_true(FN(equal)(&t, &v[i]));
        }
    }
}

static void CASE(pow, handles_the_ends)(void **state) {
    (void)state;
    NEEDS_PROCESSOR();
    const uint64_t zero[1] = {0}, one[1] = {1}, five[1] = {5};
    FIELD a, b, c;
    FN(set_zero)(&a);
    FN(pow)(&b, &a, zero, 1);
    assert_true(FN(is_one)(&b));
    FIELD_JOIN(random, FIELD)(&a);
    FN(pow)(&b, &a, one, 1);
    assert_true(FN(equal)(&a, &b));
    FN(pow)(&b, &a, five, 1);
    FN(sqr)(&c, &a);
    FN(sqr)(&c, &c);
    FN(mul)(&c, &c, &a);
    assert_true(FN(equal)(&b, &c));
    uint64_t order[4];
    memcpy(order, FN(MODULUS).l, sizeof order);
    order[0] -= 1;
    FN(pow)(&b, &a, order, 4);
    assert_true(FN(is_one)(&b));
}

static void CASE(set_i64, covers_both_signs)(void **state) {
    (void)state;
    NEEDS_PROCESSOR();
    const int64_t values[] = {0, 1, -1, 12345, -12345, INT64_MAX, INT64_MIN, INT64_MIN + 1};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        FIELD a, b;
        uint64_t limbs[4];
        FN(set_i64)(&a, values[i]);
        uint64_t size = values[i] < 0 ? 0 - (uint64_t)values[i] : (uint64_t)values[i];
        FN(set_u64)(&b, size);
        if (values[i] < 0)
            FN(neg)(&b, &b);
        assert_true(FN(equal)(&a, &b));
        FN(neg)(&b, &a);
        FN(to_limbs)(limbs, values[i] < 0 ? &b : &a);
        assert_int_equal(limbs[0], size);
        assert_int_equal(limbs[1] | limbs[2] | limbs[3], 0);
    }
}

static void CASE(from_bytes, refuses_p_and_more)(void **state) {
    (void)state;
    NEEDS_PROCESSOR();
    FIELD a, marker, minus_one;
    uint8_t bytes[32], back[32];
    FIELD_JOIN(random, FIELD)(&marker);
    FN(set_i64)(&minus_one, -1);
    for (int i = 0; i < 32; i++)
        bytes[i] = (uint8_t)(FN(MODULUS).l[3 - i / 8] >> (56 - 8 * (i % 8)));
    a = marker;
    assert_false(FN(from_bytes)(&a, bytes)); /* p */
    bytes[31]++;
    assert_false(FN(from_bytes)(&a, bytes)); /* p + 1 */
    memset(back, 0xff, sizeof back);
    assert_false(FN(from_bytes)(&a, back)); /* 2^256 - 1 */
    assert_true(FN(equal)(&a, &marker));
    bytes[31] = (uint8_t)(bytes[31] - 2);
    assert_true(FN(from_bytes)(&a, bytes)); /* p - 1 */
    assert_true(FN(equal)(&a, &minus_one));
    FN(to_bytes)(back, &a);
    assert_memory_equal(back, bytes, 32);
}

static void CASE(bytes, return_unchanged)(void **state) {
    (void)state;
    NEEDS_PROCESSOR();
    for (int i = 0; i < 500; i++) {
        FIELD a, b;
        uint8_t bytes[32];
        uint64_t limbs[4];
        FN(random_or_edge)(&a);
        FN(to_bytes)(bytes, &a);
        assert_true(FN(from_bytes)(&b, bytes));
        assert_true(FN(equal)(&a, &b));
        FN(from_bytes_reduce)(&b, bytes);
        assert_true(FN(equal)(&a, &b));
        FN(to_limbs)(limbs, &a);
        assert_true(FN(from_limbs)(&b, limbs));
        assert_true(FN(equal)(&a, &b));
        assert_int_equal(limbs[0] & 0xff, bytes[31]);
        assert_int_equal(limbs[3] >> 56, bytes[0]);
    }
    uint64_t modulus[4];
    FIELD a;
    memcpy(modulus, FN(MODULUS).l, sizeof modulus);
    FN(set_one)(&a);
    assert_false(FN(from_limbs)(&a, modulus));
    assert_true(FN(is_one)(&a));
}

static void CASE(from_bytes_reduce, agrees_with_integers)(void **state) {
    (void)state;
    NEEDS_PROCESSOR();
    for (int i = 0; i < 500; i++) {
        FIELD a;
        uint8_t bytes[32];
        uint64_t wide[9] = {0}, x[4], limbs[4];
        random_bytes32(bytes);
        if (i < 3)
            memset(bytes, i == 0 ? 0xff : 0, 32);
        for (int j = 0; j < 32; j++)
            wide[3 - j / 8] |= (uint64_t)bytes[j] << (56 - 8 * (j % 8));
        FN(reference_mod)(x, wide);
        FN(from_bytes_reduce)(&a, bytes);
        FN(to_limbs)(limbs, &a);
        assert_memory_equal(x, limbs, sizeof x);
    }
}

static const struct CMUnitTest FN(tests)[] = {
    UNIT_TEST(CASE(arithmetic, agrees_with_integers_on_edges)),
    UNIT_TEST(CASE(arithmetic, agrees_with_integers_on_random_operands)),
    UNIT_TEST(CASE(dot2, accepts_unreduced_factors)),
    UNIT_TEST(CASE(dot4, agrees_with_dot2)),
    UNIT_TEST(CASE(add_product, adds_up_integers)),
    UNIT_TEST(CASE(mul, reduces_any_second_factor)),
    UNIT_TEST(CASE(mul_9_add, agrees_with_integers)),
    UNIT_TEST(CASE(constants, follow_from_the_modulus)),
    UNIT_TEST(CASE(inv, gives_the_reciprocal)),
    UNIT_TEST(CASE(inv, agrees_with_fermat)),
    UNIT_TEST(CASE(batch_inv, keeps_zeros)),
    UNIT_TEST(CASE(pow, handles_the_ends)),
    UNIT_TEST(CASE(set_i64, covers_both_signs)),
    UNIT_TEST(CASE(from_bytes, refuses_p_and_more)),
    UNIT_TEST(CASE(bytes, return_unchanged)),
    UNIT_TEST(CASE(from_bytes_reduce, agrees_with_integers)),
};

#undef CASE
#undef FN
#undef FIELD_JOIN
#undef FIELD_PASTE
