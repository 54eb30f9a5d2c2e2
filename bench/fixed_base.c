/* Multiples of one point in G1 and G2, table included: bench_fixed_base --log2 16 --threads 1 */
#include "bench.h"

#include "math/fixed_base.h"

int main(int argc, char **argv) {
    const bench_options o = bench_parse(argc, argv, 16);
    const size_t n = (size_t)1 << o.log2;
    const unsigned bits = fixed_base_window(n);
    fr *scalars = bench_allocate(n * sizeof *scalars);
    g1_affine *out1 = bench_allocate(n * sizeof *out1);
    g2_affine *out2 = bench_allocate(n * sizeof *out2);
    g1_affine *points1 = bench_allocate(fixed_base_table_points(bits) * sizeof *points1);
    g2_affine *points2 = bench_allocate(fixed_base_table_points(bits) * sizeof *points2);
    void *scratch1 = bench_allocate(fixed_base_g1_scratch(o.threads));
    void *scratch2 = bench_allocate(fixed_base_g2_scratch(o.threads));
    bench_timer t1 = bench_timer_new(), t2 = bench_timer_new();
    for (size_t i = 0; i < n; i++)
        bench_fr(&scalars[i], i);
    for (unsigned k = 0; k < o.repeat; k++) {
        fixed_base_g1_table table1;
        fixed_base_g2_table table2;
        bench_start(&t1);
        fixed_base_g1_init(&table1, bits, g1_generator(), points1, o.threads, scratch1);
        fixed_base_g1(out1, &table1, scalars, n, o.threads, scratch1);
        bench_stop(&t1);
        bench_start(&t2);
        fixed_base_g2_init(&table2, bits, g2_generator(), points2, o.threads, scratch2);
        fixed_base_g2(out2, &table2, scalars, n, o.threads, scratch2);
        bench_stop(&t2);
    }
    bench_row(&o, "fixed_base_g1", &t1, n);
    bench_row(&o, "fixed_base_g2", &t2, n);
    free(scalars);
    free(out1);
    free(out2);
    free(points1);
    free(points2);
    free(scratch1);
    free(scratch2);
    return 0;
}
