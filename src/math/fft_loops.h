/*
 * The two passes of the FFT over Fr, eight columns or rows at a time; see math_kernels and fft_plan
 * in kernels.h. Included by each backend after fr8's operations.
 *
 * Bounds for the lazy form (lanes_scalar.h), in units of r: values stay below FFT_BOUND = 84, and
 * 2^260 is 84.6. A mul of such an operand by a twiddle is below 2.001 + 84 / 84.6 < 3. A
 * combination of q values, of which q - 1 are products, adds at most 3 (q - 1) to the bound of its
 * first input: the sum of all has q - 1 terms below 3, and the other results no more, counting what
 * differences add to stay positive. Where that would go beyond the bound, the plan asks for the
 * first input to be brought below 3 too. Inputs of both passes are below 3.
 *
 * In the form with signed doubles (lanes_fma.h) four tight values may be added up between two
 * tight() or slim().
 */
/* v[s] = x[s m] times the twiddles of one place, for 1 <= s < q. */
static inline void fft_twiddled(fr8 *v, const fr8 *x, size_t m, size_t q, const uint8_t *tw) {
    for (size_t s = 1; s < q; s++, tw += TWIDDLE_BYTES) {
        fr8_mul_twiddle(&v[s], &x[s * m], tw);
    }
}

/* The same at place 0, where all twiddles are 1. */
static inline void fft_untwiddled(fr8 *v, const fr8 *x, size_t m, size_t q) {
    for (size_t s = 1; s < q; s++) {
        fr8_copy(&v[s], &x[s * m]);
        fr8_shrink(&v[s]);
    }
}

/* x[s m], s < q, become the transform of v. */
static inline void fft_butterfly2(fr8 *x, size_t m, const fr8 *v) {
    fr8_add(&x[0], &v[0], &v[1]);
    fr8_sub(&x[m], &v[0], &v[1], 3);
}

/* With w the root of order 3: 1, w and w^2 = -1 - w. */
static inline void fft_butterfly3(fr8 *x, size_t m, const fr8 *v, const uint8_t *third) {
    fr8 d, t;
    fr8_sub(&d, &v[1], &v[2], 3);
    fr8_mul_twiddle(&d, &d, third);
    fr8_add(&t, &v[0], &v[1]);
    fr8_add(&x[0], &t, &v[2]);
    fr8_sub(&t, &v[0], &v[2], 3);
    fr8_add(&x[m], &t, &d);
    fr8_sub(&t, &v[0], &v[1], 3);
    fr8_sub(&x[2 * m], &t, &d, 3);
}

static inline void fft_butterfly4(fr8 *x, size_t m, const fr8 *v, const uint8_t *fourth) {
    fr8 t0, t1, t2, t3;
    fr8_sub(&t3, &v[1], &v[3], 3);
    fr8_mul_twiddle(&t3, &t3, fourth);
    fr8_add(&t0, &v[0], &v[2]);
    fr8_sub(&t1, &v[0], &v[2], 3);
    fr8_add(&t2, &v[1], &v[3]);
    fr8_add(&x[0], &t0, &t2);
    fr8_add(&x[m], &t1, &t3);
    fr8_sub(&x[2 * m], &t0, &t2, 6);
    fr8_sub(&x[3 * m], &t1, &t3, 3);
}

/* The odd results: with w = c + i c of order 8, w v1 + w^3 v3 = c (v1 - v3) + i c (v1 + v3), and
 * w^3 v1 + w v3 = i c (v1 + v3) - c (v1 - v3). d[k] = v[k] - v[k + 4]. */
static inline void fft_odd8(fr8 *x, size_t m, const fr8 d[4], const fft_plan *plan) {
    fr8 real, imaginary, both, g, h;
    fr8_sub(&real, &d[1], &d[3], 6);
    fr8_mul_twiddle(&real, &real, plan->eighth_real);
    fr8_add(&imaginary, &d[1], &d[3]);
    fr8_mul_twiddle(&imaginary, &imaginary, plan->eighth_imaginary);
    fr8_mul_twiddle(&g, &d[2], plan->fourth);
    fr8_add(&h, &d[0], &g);
    fr8_slim(&h);
    fr8_add(&both, &real, &imaginary);
    fr8_add(&x[m], &h, &both);
    fr8_sub(&x[5 * m], &h, &both, 6);
    fr8_sub(&h, &d[0], &g, 3);
    fr8_slim(&h);
    fr8_sub(&both, &imaginary, &real, 3);
    fr8_add(&x[3 * m], &h, &both);
    fr8_sub(&x[7 * m], &h, &both, 6);
}

/* The even results are the transform of s[k] = v[k] + v[k + 4]. */
static inline void fft_even8(fr8 *x, size_t m, const fr8 s[4], const uint8_t *fourth) {
    fr8 t0, t1;
    fr8_add(&t0, &s[0], &s[2]);
    fr8_slim(&t0);
    fr8_add(&t1, &s[1], &s[3]);
    fr8_slim(&t1);
    fr8_add(&x[0], &t0, &t1);
    fr8_sub(&x[4 * m], &t0, &t1, 12);
    fr8_sub(&t0, &s[0], &s[2], 6);
    fr8_slim(&t0);
    fr8_sub(&t1, &s[1], &s[3], 6);
    fr8_mul_twiddle(&t1, &t1, fourth);
    fr8_add(&x[2 * m], &t0, &t1);
    fr8_sub(&x[6 * m], &t0, &t1, 3);
}

static inline void fft_butterfly8(fr8 *x, size_t m, const fr8 *v, const fft_plan *plan) {
    fr8 t[4];
    for (int k = 0; k < 4; k++)
        fr8_add(&t[k], &v[k], &v[k + 4]);
    fft_even8(x, m, t, plan->fourth);
    for (int k = 0; k < 4; k++)
        fr8_sub(&t[k], &v[k], &v[k + 4], 3);
    fft_odd8(x, m, t, plan);
}

static inline void fft_butterfly(fr8 *x, size_t m, const fr8 *v, size_t q, const fft_plan *plan) {
    if (q == 8)
        fft_butterfly8(x, m, v, plan);
    else if (q == 4)
        fft_butterfly4(x, m, v, plan->fourth);
    else if (q == 3)
        fft_butterfly3(x, m, v, plan->third);
    else
        fft_butterfly2(x, m, v);
}

/* q blocks of m elements become one. */
static inline void fft_combine(fr8 *x, size_t m, size_t q, const fft_plan *plan, unsigned level) {
    const uint8_t *tw = plan->twiddles[level];
    for (size_t j = 0; j < m; j++, tw += (q - 1) * TWIDDLE_BYTES) {
        fr8 v[8];
        fr8_copy(&v[0], &x[j]);
        if (plan->shrinks[level])
            fr8_shrink(&v[0]);
        else
            fr8_slim(&v[0]);
        if (j == 0)
            fft_untwiddled(v, x, m, q);
        else
            fft_twiddled(v, x + j, m, q, tw);
        fft_butterfly(x + j, m, v, q, plan);
    }
}

/* Inputs are below 3 r; all twiddles are 1. */
static inline void fft_innermost(fr8 *x, size_t q, const fft_plan *plan) {
    fr8 v[8];
    for (size_t s = 0; s < q; s++)
        v[s] = x[s];
    fft_butterfly(x, 1, v, q, plan);
}

/* Transforms n elements that stand at their places, from `level` inwards; depth first, so that the
 * blocks of a subtree are combined while they are in the innermost cache. */
static void fft_block(fr8 *x, size_t n, const fft_plan *plan, unsigned level) {
    const size_t q = plan->radix[level], m = n / q;
    if (m == 1) {
        fft_innermost(x, q, plan);
        return;
    }
    for (size_t s = 0; s < q; s++)
        fft_block(x + s * m, m, plan, level + 1);
    if (q == 8)
        fft_combine(x, m, 8, plan, level);
    else if (q == 4)
        fft_combine(x, m, 4, plan, level);
    else if (q == 3)
        fft_combine(x, m, 3, plan, level);
    else
        fft_combine(x, m, 2, plan, level);
}

static void fft_column_group(const fft_passes *p, size_t column, fr8 *x) {
    const size_t rows = p->columns.n, stride = p->rows.n;
    fr8 *middle = (fr8 *)p->middle + column / LANES * rows;
    for (size_t i = 0; i < rows; i++) {
        fr8 *to = &x[p->columns.place[i]];
        fr8_load_row(to, p->data + i * stride + column);
        if (p->in_shift != NULL) {
            fr8_mul_twiddle(to, to, p->in_shift + i * TWIDDLE_BYTES);
            fr8_tight_product(to);
        } else {
            fr8_slim(to);
        }
    }
    fft_block(x, rows, &p->columns, 0);
    fr8 factor, step;
    fr8_load_row(&factor, p->start + column);
    fr8_load_row(&step, p->step + column);
    fr8_multiplier(&factor);
    fr8_multiplier(&step);
    for (size_t k = 0; k < rows; k++) {
        fr8_tight(&x[k]);
        fr8_mul(&x[k], &x[k], &factor);
        fr8_reduce_product(&x[k]);
        fr8_copy(&middle[k], &x[k]);
        fr8_mul(&factor, &factor, &step);
        fr8_tight_product(&factor);
    }
}

/* Eight canonical results of tight values below 2r, at data[row + k * columns.n]. */
static inline void fft_store(const fft_passes *p, size_t row, size_t k, fr8 *x) {
    fr8_canonical(x);
    fr8_store_row(p->data + row + k * p->columns.n, x);
}

static void fft_scaled_rows(const fft_passes *p, size_t row, fr8 *x) {
    fr8 scale;
    fr8_load_row(&scale, p->scale + row);
    fr8_multiplier(&scale);
    for (size_t k = 0; k < p->rows.n; k++) {
        fr8_tight(&x[k]);
        fr8_mul(&x[k], &x[k], &scale);
        fr8_reduce_product(&x[k]);
        fft_store(p, row, k, &x[k]);
        fr8_mul_twiddle(&scale, &scale, p->scale_step);
        fr8_tight_product(&scale);
    }
}

static void fft_row_group(const fft_passes *p, size_t row, fr8 *x) {
    const size_t n = p->rows.n, rows = p->columns.n;
    const fr8 *middle = (const fr8 *)p->middle + row;
    for (size_t c = 0; c < n; c += LANES, middle += rows) {
        fr8 *to[LANES];
        for (size_t i = 0; i < LANES; i++)
            to[i] = &x[p->rows.place[c + i]];
        fr8_transpose(to, middle);
    }
    fft_block(x, n, &p->rows, 0);
    if (p->scale != NULL) {
        fft_scaled_rows(p, row, x);
        return;
    }
    for (size_t k = 0; k < n; k++) {
        fr8_shrink(&x[k]);
        fr8_reduce_product(&x[k]);
        fft_store(p, row, k, &x[k]);
    }
}

static void fft_columns(const fft_passes *p, size_t begin, size_t end, void *work) {
    for (size_t g = begin; g < end; g++)
        fft_column_group(p, g * LANES, work);
}

static void fft_rows(const fft_passes *p, size_t begin, size_t end, void *work) {
    for (size_t g = begin; g < end; g++)
        fft_row_group(p, g * LANES, work);
}

/* The canonical integers of eight elements at a time; the tail goes through a copy. */
static void fr_to_integers(uint64_t (*out)[4], const fr *in, size_t n) {
    for (size_t i = 0; i < n; i += LANES) {
        fr rest[LANES] = {0};
        fr8 x;
        bool whole = n - i >= LANES;
        if (!whole)
            memcpy(rest, in + i, (n - i) * sizeof(fr));
        fr8_load_row(&x, whole ? in + i : rest);
        fr8_integer(&x);
        fr8_store_row(whole ? (fr *)(void *)out[i] : rest, &x);
        if (!whole)
            memcpy(out[i], rest, (n - i) * sizeof(fr));
    }
}
