/* The cases of test_fixed_base.c for one curve; included with CURVE defined. */
#define CASE_PASTE(a, b) a##_##b
#define CASE_JOIN(a, b) CASE_PASTE(a, b)
#define CURVE_FN(op) CASE_JOIN(CURVE, op)
#define FIXED CASE_JOIN(fixed_base, CURVE)
#define POINT CURVE_FN(affine)

static void CURVE_FN(fixed_base_agrees)(void) {
    static const unsigned widths[] = {2, 3, 4, 7, 12, 14};
    enum { N = 1100 };
    static fr scalars[N];
    static POINT expected[N], got[N];
    CURVE base;
    POINT base_affine;
    fill_scalars(scalars, N);
    CURVE_FN(from_affine)(&base, CURVE_FN(generator)());
    CURVE_FN(mul)(&base, &base, &scalars[N - 1]);
    CURVE_FN(to_affine)(&base_affine, &base);
    for (size_t i = 0; i < N; i++) {
        CURVE p;
        CURVE_FN(mul)(&p, &base, &scalars[i]);
        CURVE_FN(to_affine)(&expected[i], &p);
    }
    for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++) {
        const unsigned bits = widths[w];
        for (unsigned threads = 1; threads <= 2; threads++) {
            CASE_JOIN(FIXED, table) table;
            POINT *points = calloc(fixed_base_table_points(bits), sizeof *points);
            void *scratch = malloc(CASE_JOIN(FIXED, scratch)(threads));
            assert_true(points != NULL && scratch != NULL);
            CASE_JOIN(FIXED, init)(&table, bits, &base_affine, points, threads, scratch);
            memset(got, 0xff, sizeof got);
            FIXED(got, &table, scalars, N, threads, scratch);
            assert_memory_equal(got, expected, sizeof got);
            memset(got, 0xff, sizeof got);
            FIXED(got, &table, scalars, 5, threads, scratch);
            assert_memory_equal(got, expected, 5 * sizeof got[0]);
            FIXED(got, &table, scalars, 0, threads, scratch);
            free(points);
            free(scratch);
        }
    }
}

#undef CASE_PASTE
#undef CASE_JOIN
#undef CURVE_FN
#undef FIXED
#undef POINT
