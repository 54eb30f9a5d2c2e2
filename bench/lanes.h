/*
 * Products of arrays in a vector backend's own layout, in which multi-scalar multiplications and
 * transforms hold elements from their first to their last operation; included with BACKEND defined,
 * after the backend's lanes.
 */
#include "bench.h"

static void bench_products(const bench_options *o, fr8 *a, const fr8 *b, size_t n) {
    const size_t rounds = ((size_t)1 << 21 >> o->log2) + 1;
    bench_timer time = bench_timer_new();
    for (unsigned k = 0; k < o->repeat; k++) {
        bench_start(&time);
        for (size_t i = 0; i < rounds; i++)
            for (size_t j = 0; j < n; j++) {
                fr8_mul(&a[j], &a[j], &b[j]);
                fr8_tight_product(&a[j]);
            }
        bench_stop(&time);
    }
    bench_row(o, "fr_mul_lanes", &time, LANES * n * rounds);
}

int main(int argc, char **argv) {
    const bench_options o = bench_parse(argc, argv, 12);
    if (math_backend_current() != &BACKEND) {
        fputs("bench: another backend is in use; see ZKM_BACKEND\n", stderr);
        return 2;
    }
    const size_t n = o.log2 < 3 ? 1 : (size_t)1 << (o.log2 - 3);
    fr8 *a = bench_allocate(n * sizeof *a), *b = bench_allocate(n * sizeof *b);
    for (size_t j = 0; j < n; j++) {
        fr rows[2][LANES];
        for (size_t i = 0; i < LANES; i++) {
            bench_fr(&rows[0][i], LANES * j + i);
            bench_fr(&rows[1][i], LANES * (n + j) + i);
        }
        fr8_load_row(&a[j], rows[0]);
        fr8_load_row(&b[j], rows[1]);
        fr8_slim(&a[j]);
        fr8_slim(&b[j]);
    }
    bench_products(&o, a, b, n);
    free(a);
    free(b);
    return 0;
}
