/* The cases of test_msm.c for one curve; included with CURVE and CURVE_F defined. */
#define CASE_PASTE(a, b) a##_##b
#define CASE_JOIN(a, b) CASE_PASTE(a, b)
#define CURVE_FN(op) CASE_JOIN(CURVE, op)
#define MSM CASE_JOIN(msm, CURVE)
#define POINT CURVE_FN(affine)

/* n different multiples of the generator. */
static POINT *CURVE_FN(random_bases)(size_t n) {
    CURVE *jacobian = calloc(n + 1, sizeof *jacobian);
    POINT *bases = calloc(n + 1, sizeof *bases);
    CURVE_F *scratch = calloc(n + 1, sizeof *scratch);
    CURVE step;
    fr k;
    assert_true(jacobian != NULL && bases != NULL && scratch != NULL);
    next_fr(&k);
    CURVE_FN(from_affine)(&step, CURVE_FN(generator)());
    CURVE_FN(mul)(&step, &step, &k);
    CURVE_FN(double)(&jacobian[0], &step);
    for (size_t i = 1; i < n; i++)
        CURVE_FN(add)(&jacobian[i], &jacobian[i - 1], &step);
    CURVE_FN(batch_to_affine)(bases, jacobian, n, scratch);
    free(jacobian);
    free(scratch);
    return bases;
}

static void CURVE_FN(naive)(CURVE *out, const POINT *bases, const fr *scalars, size_t n) {
    CURVE_FN(set_infinity)(out);
    for (size_t i = 0; i < n; i++) {
        CURVE p;
        CURVE_FN(from_affine)(&p, &bases[i]);
        CURVE_FN(mul)(&p, &p, &scalars[i]);
        CURVE_FN(add)(out, out, &p);
    }
}

static void CURVE_FN(run)(CURVE *out, const POINT *bases, const fr *scalars, size_t n,
                          unsigned threads) {
    void *scratch = malloc(CASE_JOIN(MSM, scratch)(n, threads));
    assert_non_null(scratch);
    MSM(out, bases, scalars, n, threads, scratch);
    free(scratch);
}

static void CURVE_FN(check)(const POINT *bases, const fr *scalars, size_t n) {
    CURVE expected, got;
    CURVE_FN(naive)(&expected, bases, scalars, n);
    for (unsigned threads = 1; threads <= 3; threads++) {
        CURVE_FN(run)(&got, bases, scalars, n, threads);
        assert_true(CURVE_FN(equal)(&expected, &got));
    }
}

static void CURVE_FN(msm__sizes)(void) {
    static const size_t sizes[] = {0, 1, 2, 3, 7, 8, 9, 17, 63, 64, 65, 300, 1000};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        POINT *bases = CURVE_FN(random_bases)(sizes[s]);
        fr *scalars = calloc(sizes[s] + 1, sizeof *scalars);
        assert_non_null(scalars);
        for (size_t i = 0; i < sizes[s]; i++)
            next_fr(&scalars[i]);
        CURVE_FN(check)(bases, scalars, sizes[s]);
        free(bases);
        free(scalars);
    }
}

static void CURVE_FN(msm__edge_scalars)(void) {
    enum { N = 200 };
    POINT *bases = CURVE_FN(random_bases)(N);
    fr scalars[N];
    for (size_t i = 0; i < N; i++)
        edge_fr(&scalars[i], i);
    CURVE_FN(check)(bases, scalars, N);
    for (size_t i = 0; i < 60; i++)
        CURVE_FN(check)(bases, &scalars[i], 1);
    free(bases);
}

static void CURVE_FN(msm__infinite_equal_and_opposite_bases)(void) {
    enum { N = 400 };
    POINT *bases = CURVE_FN(random_bases)(N);
    fr scalars[N];
    for (size_t i = 0; i < N; i++) {
        /* Few distinct scalars, so that equal and opposite points meet in one bucket. */
        fr_set_u64(&scalars[i], 5 + (uint64_t)(i % 3));
        if (i % 7 == 0)
            next_fr(&scalars[i]);
        if (i % 5 == 1)
            CURVE_FN(affine_set_infinity)(&bases[i]);
        else if (i % 5 == 2)
            bases[i] = bases[0];
        else if (i % 5 == 3)
            CURVE_FN(affine_neg)(&bases[i], &bases[0]);
    }
    CURVE_FN(check)(bases, scalars, N);
    for (size_t i = 0; i < N; i++)
        bases[i] = bases[0];
    CURVE_FN(check)(bases, scalars, N);
    for (size_t i = 1; i < N; i += 2)
        CURVE_FN(affine_neg)(&bases[i], &bases[0]);
    for (size_t i = 0; i < N; i++)
        fr_set_u64(&scalars[i], 77);
    CURVE_FN(check)(bases, scalars, N);
    CURVE sum;
    CURVE_FN(run)(&sum, bases, scalars, N, 1);
    assert_true(CURVE_FN(is_infinity)(&sum));
    for (size_t i = 0; i < N; i++)
        CURVE_FN(affine_set_infinity)(&bases[i]);
    CURVE_FN(check)(bases, scalars, N);
    free(bases);
}

/* The sum of the bases, times k. */
static void CURVE_FN(msm__all_scalars_the_same)(void) {
    const size_t N = is_slow_backend() ? 700 : 5000;
    POINT *bases = CURVE_FN(random_bases)(N);
    fr *scalars = calloc(N, sizeof *scalars);
    CURVE sum, expected, got;
    assert_non_null(scalars);
    CURVE_FN(set_infinity)(&sum);
    for (size_t i = 0; i < N; i++)
        CURVE_FN(add_mixed)(&sum, &sum, &bases[i]);
    for (size_t c = 0; c < 60; c += 3) {
        fr k;
        edge_fr(&k, c);
        if (c == 30)
            next_fr(&k);
        for (size_t i = 0; i < N; i++)
            scalars[i] = k;
        CURVE_FN(mul)(&expected, &sum, &k);
        CURVE_FN(run)(&got, bases, scalars, N, 2);
        assert_true(CURVE_FN(equal)(&expected, &got));
    }
    free(bases);
    free(scalars);
}

/* Enough small scalars for the single unsigned window, mixed with ones, zeros and wide ones:
 * sum_i k_i (i + 2) P is known without a naive sum. */
static void CURVE_FN(msm__small_scalars)(void) {
    const size_t n = is_slow_backend() ? 3000 : sizeof(CURVE) == sizeof(g1) ? 70000 : 40000;
    POINT *bases = CURVE_FN(random_bases)(n);
    fr *scalars = calloc(n, sizeof *scalars);
    assert_non_null(scalars);
    for (int mixed = 0; mixed < 3; mixed++) {
        CURVE step, two, got;
        fr total, factor, t, one;
        fr_set_zero(&total);
        fr_set_one(&one);
        fr_set_u64(&factor, 2);
        for (size_t i = 0; i < n; i++) {
            fr_set_u64(&scalars[i], next() & 0xffff);
            if (mixed != 0 && i % 4 == 1)
                fr_set_i64(&scalars[i], (int64_t)(next() % 3) - 1);
            if (mixed == 2 && i % 16 == 2)
                next_fr(&scalars[i]);
            if (mixed == 2 && i % 16 == 3)
                fr_set_u64(&scalars[i], next() >> (next() & 63));
            if (i % 3 == 0)
                fr_neg(&scalars[i], &scalars[i]);
            fr_mul(&t, &scalars[i], &factor);
            fr_add(&total, &total, &t);
            fr_add(&factor, &factor, &one);
        }
        /* bases[0] = 2 step, bases[1] = 3 step: step is their difference. */
        CURVE_FN(from_affine)(&two, &bases[0]);
        CURVE_FN(neg)(&two, &two);
        CURVE_FN(add_mixed)(&step, &two, &bases[1]);
        CURVE_FN(mul)(&step, &step, &total);
        CURVE_FN(run)(&got, bases, scalars, n, 2);
        assert_true(CURVE_FN(equal)(&step, &got));
        CURVE_FN(run)(&got, bases, scalars, n, 1);
        assert_true(CURVE_FN(equal)(&step, &got));
    }
    free(bases);
    free(scalars);
}

static void CURVE_FN(msm__threads_agree)(void) {
    const size_t N = is_slow_backend() ? 600 : 6000;
    POINT *bases = CURVE_FN(random_bases)(N);
    fr *scalars = calloc(N, sizeof *scalars);
    CURVE first, got;
    assert_non_null(scalars);
    for (size_t i = 0; i < N; i++)
        next_fr(&scalars[i]);
    CURVE_FN(run)(&first, bases, scalars, N, 1);
    for (unsigned threads = 2; threads < 40; threads += 9) {
        CURVE_FN(run)(&got, bases, scalars, N, threads);
        assert_true(CURVE_FN(equal)(&first, &got));
    }
    free(bases);
    free(scalars);
}

/* Every pairing of P, 2P, -P, 3P with itself, for all numbers of pairs up to 40, against g*_add. */
static void CURVE_FN(add_pairs__special_cases)(void) {
    enum { MAX = 40 };
    const math_kernels *kernels = math_backend_current()->kernels;
    POINT *bases = CURVE_FN(random_bases)(3);
    point_ref a[MAX + 8], b[MAX + 8];
    POINT sums[MAX], *out[MAX + 8];
    void *scratch = aligned_alloc(64, CURVE_FN(pairs_scratch)(MAX));
    assert_non_null(scratch);
    for (size_t n = 0; n <= MAX; n++) {
        for (size_t i = 0; i < n; i++) {
            a[i] = (point_ref)&bases[next() % 3] | (next() & 1);
            b[i] = (point_ref)&bases[next() % 3] | (next() & 1);
            out[i] = &sums[i];
        }
        point_ref a_kept[MAX], b_kept[MAX];
        memcpy(a_kept, a, sizeof a_kept);
        memcpy(b_kept, b, sizeof b_kept);
        kernels->CURVE_FN(add_pairs)(a, b, out, n, scratch);
        kernels->CURVE_FN(canonical)(sums, n);
        for (size_t i = 0; i < n; i++) {
            CURVE p, q;
            POINT expected;
            CURVE_FN(from_affine)(&p, (const POINT *)(a_kept[i] & ~(point_ref)1));
            CURVE_FN(from_affine)(&q, (const POINT *)(b_kept[i] & ~(point_ref)1));
            if (a_kept[i] & 1)
                CURVE_FN(neg)(&p, &p);
            if (b_kept[i] & 1)
                CURVE_FN(neg)(&q, &q);
            CURVE_FN(add)(&p, &p, &q);
            CURVE_FN(to_affine)(&expected, &p);
            assert_true(CURVE_FN(affine_equal)(&expected, &sums[i]));
        }
    }
    free(bases);
    free(scratch);
}

#undef CASE_PASTE
#undef CASE_JOIN
#undef CURVE_FN
#undef MSM
#undef POINT
