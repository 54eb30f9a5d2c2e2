/* Transforms over Fr: bench_fft --log2 20 --threads 1 */
#include "bench.h"

#include "math/fft.h"

typedef void (*transform)(const fft_domain *domain, fr *a, unsigned threads, void *scratch);

static void bench_transform(const bench_options *o, const char *name, transform f,
                            const fft_domain *domain, fr *a, void *scratch) {
    bench_timer t = bench_timer_new();
    for (unsigned i = 0; i < o->repeat; i++) {
        bench_start(&t);
        f(domain, a, o->threads, scratch);
        bench_stop(&t);
    }
    bench_row(o, name, &t, domain->size);
}

int main(int argc, char **argv) {
    const bench_options o = bench_parse(argc, argv, 20);
    const size_t n = (size_t)1 << o.log2;
    fr *a = bench_allocate(n * sizeof *a);
    fr *tables = bench_allocate(fft_domain_tables(n) * sizeof *tables);
    void *scratch = bench_allocate(fft_scratch(n));
    fft_domain domain;
    fft_domain_init(&domain, n, tables);
    for (size_t i = 0; i < n; i++)
        bench_fr(&a[i], i);
    bench_transform(&o, "fft_forward", fft_forward, &domain, a, scratch);
    bench_transform(&o, "fft_inverse", fft_inverse, &domain, a, scratch);
    bench_transform(&o, "fft_forward_coset", fft_forward_coset, &domain, a, scratch);
    bench_transform(&o, "fft_inverse_coset", fft_inverse_coset, &domain, a, scratch);
    free(a);
    free(tables);
    free(scratch);
    return 0;
}
