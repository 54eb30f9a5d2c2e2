/* Element-wise products over arrays that fit the second-level cache: bench_field --log2 12 */
#include "bench.h"

int main(int argc, char **argv) {
    const bench_options o = bench_parse(argc, argv, 12);
    const size_t n = (size_t)1 << o.log2, rounds = ((size_t)1 << 21 >> o.log2) + 1;
    const math_backend *backend = math_backend_current();
    fr *a = bench_allocate(n * sizeof *a), *b = bench_allocate(n * sizeof *b);
    fp *c = bench_allocate(n * sizeof *c), *d = bench_allocate(n * sizeof *d);
    bench_timer fr_time = bench_timer_new(), fp_time = bench_timer_new();
    for (size_t i = 0; i < n; i++) {
        bench_fr(&a[i], i);
        bench_fr(&b[i], n + i);
        memcpy(&c[i], &a[i], sizeof c[i]);
        memcpy(&d[i], &b[i], sizeof d[i]);
    }
    for (unsigned k = 0; k < o.repeat; k++) {
        bench_start(&fr_time);
        for (size_t i = 0; i < rounds; i++)
            backend->fr_mul_vector(a, a, b, n);
        bench_stop(&fr_time);
        bench_start(&fp_time);
        for (size_t i = 0; i < rounds; i++)
            backend->fp_mul_vector(c, c, d, n);
        bench_stop(&fp_time);
    }
    bench_row(&o, "fr_mul", &fr_time, n * rounds);
    bench_row(&o, "fp_mul", &fp_time, n * rounds);
    free(a);
    free(b);
    free(c);
    free(d);
    return 0;
}
