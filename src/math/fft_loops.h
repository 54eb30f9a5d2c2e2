/*
 * The two passes of the FFT over Fr, eight columns or rows at a time; see math_kernels and fft_plan
 * in kernels.h. Included by each backend after fr8's operations.
 *
 * Bounds for the lazy form (lanes_scalar.h), in units of r: a mul of an operand below 70 by a
 * twiddle is below 2.001 + 70 / 84 < 3. A radix-4 combination adds less than 9 to the bound of its
 * inputs, radix 3 at most 6 and radix 2 at most 3. A plan of at most 2^14 elements has 7 levels of
 * radix 4; one of 9 * 2^11 has two of radix 3, one of radix 2 and five of radix 4. Inputs are
 * below 2.1, so values stay below 2.1 + 63, and below 2^260 / r = 84.
 */
static inline void fft_radix2(fr8 *x, size_t m, const uint8_t *tw) {
    for (size_t j = 0; j < m; j++, tw += TWIDDLE_BYTES) {
        fr8 b = x[m + j];
        fr8_slim(&x[j]);
        fr8_tight(&b);
        fr8_mul_twiddle(&b, &b, tw);
        fr8_sub(&x[m + j], &x[j], &b, 3);
        fr8_add(&x[j], &x[j], &b);
    }
}

/* With w the root of order 3: 1, w and w^2 = -1 - w. */
static inline void fft_radix3(fr8 *x, size_t m, const uint8_t *tw, const uint8_t *third) {
    for (size_t j = 0; j < m; j++, tw += 2 * TWIDDLE_BYTES) {
        fr8 a = x[j], b = x[m + j], c = x[2 * m + j], d;
        fr8_slim(&a);
        fr8_tight(&b);
        fr8_tight(&c);
        fr8_mul_twiddle(&b, &b, tw);
        fr8_mul_twiddle(&c, &c, tw + TWIDDLE_BYTES);
        fr8_sub(&d, &b, &c, 3);
        fr8_tight(&d);
        fr8_mul_twiddle(&d, &d, third);
        fr8_add(&x[j], &a, &b);
        fr8_add(&x[j], &x[j], &c);
        fr8_sub(&c, &a, &c, 3);
        fr8_add(&x[m + j], &c, &d);
        fr8_sub(&b, &a, &b, 3);
        fr8_sub(&x[2 * m + j], &b, &d, 3);
    }
}

/* The combination of four twiddled values, at distance m; `fourth` is the root of order 4. */
static inline void fft_butterfly4(fr8 *x, size_t m, const fr8 *b, const fr8 *c, const fr8 *d,
                                  const uint8_t *fourth) {
    fr8 t0, t1, t2, t3;
    fr8_sub(&t3, b, d, 3);
    fr8_tight(&t3);
    fr8_mul_twiddle(&t3, &t3, fourth);
    fr8_add(&t0, &x[0], c);
    fr8_sub(&t1, &x[0], c, 3);
    fr8_add(&t2, b, d);
    fr8_add(&x[0], &t0, &t2);
    fr8_add(&x[m], &t1, &t3);
    fr8_sub(&x[2 * m], &t0, &t2, 6);
    fr8_sub(&x[3 * m], &t1, &t3, 3);
}

static inline void fft_radix4(fr8 *x, size_t m, const uint8_t *tw, const uint8_t *fourth) {
    for (size_t j = 0; j < m; j++, tw += 3 * TWIDDLE_BYTES) {
        fr8 b = x[m + j], c = x[2 * m + j], d = x[3 * m + j];
        fr8_slim(&x[j]);
        if (j == 0) { /* twiddles 1 */
            fr8_shrink(&b);
            fr8_shrink(&c);
            fr8_shrink(&d);
        } else {
            fr8_tight(&b);
            fr8_tight(&c);
            fr8_tight(&d);
            fr8_mul_twiddle(&b, &b, tw);
            fr8_mul_twiddle(&c, &c, tw + TWIDDLE_BYTES);
            fr8_mul_twiddle(&d, &d, tw + 2 * TWIDDLE_BYTES);
        }
        fft_butterfly4(x + j, m, &b, &c, &d, fourth);
    }
}

/* Blocks of the innermost level have twiddles 1; inputs are below 2r. */
static inline void fft_innermost(fr8 *x, const fft_plan *plan, unsigned level) {
    if (plan->radix[level] == 4)
        fft_butterfly4(x, 1, &x[1], &x[2], &x[3], plan->fourth);
    else if (plan->radix[level] == 3)
        fft_radix3(x, 1, plan->twiddles[level], plan->third);
    else
        fft_radix2(x, 1, plan->twiddles[level]);
}

/* Transforms n elements that stand at their places, from `level` inwards; depth first, so that the
 * blocks of a subtree are combined while they are in the innermost cache. */
static void fft_block(fr8 *x, size_t n, const fft_plan *plan, unsigned level) {
    unsigned q = plan->radix[level];
    size_t m = n / q;
    if (m == 1) {
        fft_innermost(x, plan, level);
        return;
    }
    for (unsigned s = 0; s < q; s++)
        fft_block(x + s * m, m, plan, level + 1);
    if (q == 4)
        fft_radix4(x, m, plan->twiddles[level], plan->fourth);
    else if (q == 3)
        fft_radix3(x, m, plan->twiddles[level], plan->third);
    else
        fft_radix2(x, m, plan->twiddles[level]);
}

static void fft_column_group(const fft_passes *p, size_t column, fr8 *x) {
    const size_t rows = p->columns.n, stride = p->rows.n;
    for (size_t i = 0; i < rows; i++) {
        fr8 *to = &x[p->columns.place[i]];
        fr8_load_row(to, p->data + i * stride + column);
        fr8_slim(to);
        if (p->in_shift != NULL) {
            fr8_mul_twiddle(to, to, p->in_shift + i * TWIDDLE_BYTES);
            fr8_tight_product(to);
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
        fr8_reduce(&x[k]);
        fr8_store_row(p->middle + k * stride + column, &x[k]);
        fr8_mul(&factor, &factor, &step);
        fr8_tight_product(&factor);
    }
}

/* Eight canonical results, at data[row + k * columns.n]. */
static inline void fft_store(const fft_passes *p, size_t row, size_t k, fr8 *x) {
    fr8_reduce(x);
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
        fft_store(p, row, k, &x[k]);
        fr8_mul_twiddle(&scale, &scale, p->scale_step);
        fr8_tight_product(&scale);
    }
}

static void fft_row_group(const fft_passes *p, size_t row, fr8 *x) {
    const size_t n = p->rows.n;
    point_ref from[LANES];
    for (size_t i = 0; i < LANES; i++)
        from[i] = (point_ref)(p->middle + (row + i) * n);
    for (size_t c = 0; c < n; c += 2) {
        fr8 *first = &x[p->rows.place[c]], *second = &x[p->rows.place[c + 1]];
        fr8_load2(first, second, from, c * sizeof(fr));
        fr8_slim(first);
        fr8_slim(second);
    }
    fft_block(x, n, &p->rows, 0);
    if (p->scale != NULL) {
        fft_scaled_rows(p, row, x);
        return;
    }
    for (size_t k = 0; k < n; k++) {
        fr8_shrink(&x[k]);
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
