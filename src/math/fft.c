/*
 * FFT domains and the four-step driver. A domain's tables hold, for both directions (w and 1/w),
 *   size = rows * columns:  w^(columns i), i < rows      roots of the columns' transforms
 *                           w^(rows j),    j < columns   roots of the rows' transforms
 *                           w^j,           j < columns   twiddles between the passes
 *                           s^(columns i), i < rows      coset shifts of rows, s^2 = w
 *                           s^j,           j < columns   and of columns
 *                           s^i, i < rows; s^(rows j), j < columns   the same for the output's
 * order small sizes:            w^i, s^i, i < size Sizes are small when the power of two in them is
 * below 64, which leaves at most 288 elements.
 */
#include "math/fft.h"

#include <string.h>

#include "base/threads.h"
#include "math/backend.h"
#include "math/fft_plan.h"

enum {
    TWO_ADICITY = 28,
    MAX_SMALL = 9 * 32,
    MAX_WORKERS = 64, /* threads that a transform uses at most; each needs memory of its own */
};

#define MAX_SIZE ((size_t)1 << 28)

bool fft_domain_valid(size_t size) {
    unsigned exponent;
    return size <= MAX_SIZE && fft_odd_part(size, &exponent) != 0;
}

size_t fft_domain_smallest(size_t n) {
    size_t best = 0;
    for (size_t odd = 1; odd <= 9; odd *= 3) {
        size_t size = odd;
        while (size < n && size <= MAX_SIZE)
            size *= 2;
        if (size >= n && size <= MAX_SIZE && (best == 0 || size < best))
            best = size;
    }
    return best;
}

/* rows = 3^j * 2^a and columns = 2^b, about equal and both multiples of 8; 0 and 0 when small. */
static void split(size_t size, size_t *rows, size_t *columns) {
    unsigned exponent, odd = fft_odd_part(size, &exponent);
    *rows = *columns = 0;
    if (exponent < 6)
        return;
    unsigned half = exponent / 2;
    if (odd == 9 && exponent >= 8)
        half = (exponent + 3) / 2; /* nine rows weigh three bits */
    else if (odd == 3 && exponent >= 8)
        half = (exponent + 1) / 2;
    *columns = (size_t)1 << half;
    *rows = size / *columns;
}

/* Elements of one direction's tables. */
static size_t tables_of_direction(size_t size) {
    size_t rows, columns;
    split(size, &rows, &columns);
    return rows == 0 ? 2 * size : 3 * rows + 4 * columns;
}

size_t fft_domain_tables(size_t size) { return 2 * tables_of_direction(size); }

/* One direction's tables, by name. */
typedef struct {
    const fr *row_roots, *column_roots, *twiddles; /* orders rows, columns, size */
    const fr *row_shifts, *column_shifts;          /* s^(columns i), s^j */
    const fr *out_row_shifts, *out_column_shifts;  /* s^i, s^(rows j) */
} direction_tables;

static direction_tables tables_at(const fft_domain *d, bool inverse) {
    const fr *at = d->tables + (inverse ? tables_of_direction(d->size) : 0);
    direction_tables t = {.row_roots = at};
    if (d->rows == 0) {
        t.row_shifts = at + d->size;
        return t;
    }
    t.column_roots = t.row_roots + d->rows;
    t.twiddles = t.column_roots + d->columns;
    t.row_shifts = t.twiddles + d->columns;
    t.column_shifts = t.row_shifts + d->rows;
    t.out_row_shifts = t.column_shifts + d->columns;
    t.out_column_shifts = t.out_row_shifts + d->rows;
    return t;
}

static void power(fr *out, const fr *base, uint64_t exponent) { fr_pow(out, base, &exponent, 1); }

/* out[i] = base^i for i < n; returns the place after them. */
static fr *powers(fr *out, const fr *base, size_t n) {
    fr_set_one(&out[0]);
    for (size_t i = 1; i < n; i++)
        fr_mul(&out[i], &out[i - 1], base);
    return out + n;
}

static fr *fill_direction(const fft_domain *d, fr *at, const fr *w, const fr *s) {
    if (d->rows == 0)
        return powers(powers(at, w, d->size), s, d->size);
    fr w_columns, w_rows, s_columns, s_rows;
    power(&w_columns, w, d->columns);
    power(&w_rows, w, d->rows);
    power(&s_columns, s, d->columns);
    power(&s_rows, s, d->rows);
    at = powers(at, &w_columns, d->rows);
    at = powers(at, &w_rows, d->columns);
    at = powers(at, w, d->columns);
    at = powers(at, &s_columns, d->rows);
    at = powers(at, s, d->columns);
    at = powers(at, s, d->rows);
    return powers(at, &s_rows, d->columns);
}

/* A primitive root of order odd * 2^exponent: 5^((r - 1) / order), as 5 generates Fr's units. */
static void primitive_root(fr *out, unsigned odd, unsigned exponent) {
    uint64_t e[4];
    memcpy(e, fr_MODULUS.l, sizeof e);
    e[0] -= 1;
    uint64_t carry = 0;
    for (int i = 4; i-- > 0;) { /* / odd, exactly */
        unsigned __int128 t = (unsigned __int128)carry << 64 | e[i];
        e[i] = (uint64_t)(t / odd);
        carry = (uint64_t)(t % odd);
    }
    for (int i = 0; exponent != 0 && i < 4; i++)
        e[i] = e[i] >> exponent | (i < 3 ? e[i + 1] << (64 - exponent) : 0);
    fr generator;
    fr_set_u64(&generator, 5);
    fr_pow(out, &generator, e, 4);
}

void fft_domain_init(fft_domain *out, size_t size, fr *tables) {
    unsigned exponent, odd = fft_odd_part(size, &exponent);
    fft_domain d = {.size = size, .tables = tables};
    split(size, &d.rows, &d.columns);
    fr_set_zero(&d.shift);
    if (exponent < TWO_ADICITY) {
        primitive_root(&d.shift, odd, exponent + 1);
        fr_sqr(&d.root, &d.shift);
    } else {
        primitive_root(&d.root, odd, exponent);
    }
    fr_inv(&d.root_inv, &d.root);
    fr_inv(&d.shift_inv, &d.shift);
    fr_set_u64(&d.size_inv, size);
    fr_inv(&d.size_inv, &d.size_inv);
    tables = fill_direction(&d, tables, &d.root, &d.shift);
    fill_direction(&d, tables, &d.root_inv, &d.shift_inv);
    *out = d;
}

/* Recursive decimation in time for small sizes: out = transform of in[0], in[stride], ... */
static void small_transform(fr *out, const fr *in, size_t n, size_t stride, const fr *roots,
                            size_t order) {
    if (n == 1) {
        out[0] = in[0];
        return;
    }
    const size_t q = n % 2 == 0 ? 2 : 3, m = n / q;
    for (size_t s = 0; s < q; s++)
        small_transform(out + s * m, in + s * stride, m, stride * q, roots, order);
    for (size_t j = 0; j < m; j++) {
        fr x[3], y[3], t;
        for (size_t s = 0; s < q; s++)
            fr_mul(&x[s], &out[s * m + j], &roots[s * j * (order / n)]);
        for (size_t k = 0; k < q; k++) {
            y[k] = x[0];
            for (size_t s = 1; s < q; s++) {
                fr_mul(&t, &x[s], &roots[s * k % q * (order / q)]);
                fr_add(&y[k], &y[k], &t);
            }
        }
        for (size_t k = 0; k < q; k++)
            out[k * m + j] = y[k];
    }
}

static void small_fft(const fft_domain *d, fr *a, bool inverse, bool coset) {
    fr out[MAX_SMALL];
    const direction_tables t = tables_at(d, inverse);
    if (coset && !inverse)
        for (size_t i = 0; i < d->size; i++)
            fr_mul(&a[i], &a[i], &t.row_shifts[i]);
    small_transform(out, a, d->size, 1, t.row_roots, d->size);
    for (size_t i = 0; i < d->size; i++) {
        a[i] = out[i];
        if (inverse)
            fr_mul(&a[i], &a[i], &d->size_inv);
        if (inverse && coset)
            fr_mul(&a[i], &a[i], &t.row_shifts[i]);
    }
}

/* What both passes need besides the data, in scratch. The kernels are those that made the twiddles,
 * even if another backend is chosen meanwhile. */
typedef struct {
    const math_kernels *kernels;
    fft_passes passes;
    uint8_t *work; /* of worker 0 */
    size_t work_bytes;
} fft_job;

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/* Workers that can be busy at once. */
static size_t worker_limit(size_t rows, size_t columns) {
    return smaller(MAX_WORKERS, larger(rows, columns) / LANES);
}

size_t fft_scratch(size_t size) {
    size_t rows, columns;
    split(size, &rows, &columns);
    if (rows == 0)
        return 64;
    return 64 + size / LANES * LANES_FIELD_BYTES + fft_plan_bytes(rows) + fft_plan_bytes(columns) +
           (rows + 1) * TWIDDLE_BYTES + 64 + (rows + columns) * sizeof(fr) +
           worker_limit(rows, columns) * larger(rows, columns) * LANES_FIELD_BYTES;
}

static void columns_pass(void *context, size_t begin, size_t end, unsigned worker) {
    const fft_job *job = context;
    job->kernels->fft_columns(&job->passes, begin, end, job->work + worker * job->work_bytes);
}

static void rows_pass(void *context, size_t begin, size_t end, unsigned worker) {
    const fft_job *job = context;
    job->kernels->fft_rows(&job->passes, begin, end, job->work + worker * job->work_bytes);
}

/*
 * The factors of both passes. The twiddles between them start with 1, or with 1 / n. Into a coset,
 * a_i is multiplied by s^i with i = columns * row + column: the row's part goes in before the first
 * transform, the column's part with the twiddles after it. Out of one, value k1 + rows * k2 is
 * multiplied by s^-(k1 + rows k2) / n. memory: (rows + 1) twiddles, then from the next multiple of
 * 64 rows + columns elements.
 */
static void set_factors(fft_passes *p, const math_kernels *kernels, const fft_domain *d,
                        bool inverse, bool coset, uint8_t *memory) {
    const direction_tables t = tables_at(d, inverse);
    uint8_t *last = memory + d->rows * TWIDDLE_BYTES;
    fr *elements = (fr *)(((uintptr_t)last + TWIDDLE_BYTES + 63) & ~(uintptr_t)63);
    fr first;
    fr_set_one(&first);
    p->step = t.twiddles;
    if (coset && !inverse) {
        kernels->fr_twiddles(memory, t.row_shifts, d->rows);
        p->in_shift = memory;
        p->start = t.column_shifts;
        return;
    }
    if (inverse && !coset)
        first = d->size_inv;
    for (size_t j = 0; j < d->columns; j++)
        elements[j] = first;
    p->start = elements;
    if (!coset)
        return;
    elements += d->columns;
    for (size_t i = 0; i < d->rows; i++)
        fr_mul(&elements[i], &t.out_row_shifts[i], &d->size_inv);
    p->scale = elements;
    p->scale_step = last;
    kernels->fr_twiddles(last, &t.out_column_shifts[1], 1);
}

static void transform(const fft_domain *d, fr *a, unsigned threads, void *scratch, bool inverse,
                      bool coset) {
    if (d->rows == 0) {
        small_fft(d, a, inverse, coset);
        return;
    }
    const direction_tables t = tables_at(d, inverse);
    uint8_t *at = (uint8_t *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
    fft_job job = {.kernels = math_backend_current()->kernels, .passes = {.data = a, .middle = at}};
    at += d->size / LANES * LANES_FIELD_BYTES;
    job.work = at;
    job.work_bytes = larger(d->rows, d->columns) * LANES_FIELD_BYTES;
    size_t workers = worker_limit(d->rows, d->columns);
    at += workers * job.work_bytes;
    fft_plan_init(&job.passes.columns, job.kernels, d->rows, t.row_roots, at);
    at += fft_plan_bytes(d->rows);
    fft_plan_init(&job.passes.rows, job.kernels, d->columns, t.column_roots, at);
    at += fft_plan_bytes(d->columns);
    set_factors(&job.passes, job.kernels, d, inverse, coset, at);
    if (threads == 0)
        threads = threads_available();
    threads = (unsigned)smaller(threads, workers);
    parallel_for(threads, d->columns / LANES, 1, columns_pass, &job);
    parallel_for(threads, d->rows / LANES, 1, rows_pass, &job);
}

void fft_forward(const fft_domain *domain, fr *a, unsigned threads, void *scratch) {
    transform(domain, a, threads, scratch, false, false);
}

void fft_inverse(const fft_domain *domain, fr *a, unsigned threads, void *scratch) {
    transform(domain, a, threads, scratch, true, false);
}

void fft_forward_coset(const fft_domain *domain, fr *a, unsigned threads, void *scratch) {
    transform(domain, a, threads, scratch, false, true);
}

void fft_inverse_coset(const fft_domain *domain, fr *a, unsigned threads, void *scratch) {
    transform(domain, a, threads, scratch, true, true);
}
