/* Multi-scalar multiplication in G1 and G2: bench_msm --log2 20 --threads 1 --scalars full|16 */
#include "bench.h"

#include "math/msm.h"

/* n consecutive multiples of a point. */
static void fill_g1(g1_affine *out, size_t n) {
    enum { STEP = 1024 };
    g1 *jacobian = bench_allocate(STEP * sizeof *jacobian);
    fp *scratch = bench_allocate(STEP * sizeof *scratch);
    g1 at, step;
    g1_from_affine(&step, g1_generator());
    g1_double(&at, &step);
    for (size_t i = 0; i < n; i += STEP) {
        size_t m = n - i < STEP ? n - i : STEP;
        for (size_t j = 0; j < m; j++) {
            jacobian[j] = at;
            g1_add(&at, &at, &step);
        }
        g1_batch_to_affine(out + i, jacobian, m, scratch);
    }
    free(jacobian);
    free(scratch);
}

static void fill_g2(g2_affine *out, size_t n) {
    enum { STEP = 1024 };
    g2 *jacobian = bench_allocate(STEP * sizeof *jacobian);
    fp2 *scratch = bench_allocate(STEP * sizeof *scratch);
    g2 at, step;
    g2_from_affine(&step, g2_generator());
    g2_double(&at, &step);
    for (size_t i = 0; i < n; i += STEP) {
        size_t m = n - i < STEP ? n - i : STEP;
        for (size_t j = 0; j < m; j++) {
            jacobian[j] = at;
            g2_add(&at, &at, &step);
        }
        g2_batch_to_affine(out + i, jacobian, m, scratch);
    }
    free(jacobian);
    free(scratch);
}

static void bench_g1(const bench_options *o, const fr *scalars, size_t n) {
    g1_affine *bases = bench_allocate(n * sizeof *bases);
    void *scratch = bench_allocate(msm_g1_scratch(n, o->threads));
    bench_timer t = bench_timer_new();
    g1 out;
    fill_g1(bases, n);
    for (unsigned i = 0; i < o->repeat; i++) {
        bench_start(&t);
        msm_g1(&out, bases, scalars, n, o->threads, scratch);
        bench_stop(&t);
    }
    bench_row(o, "msm_g1", &t, n);
    free(bases);
    free(scratch);
}

static void bench_g2(const bench_options *o, const fr *scalars, size_t n) {
    g2_affine *bases = bench_allocate(n * sizeof *bases);
    void *scratch = bench_allocate(msm_g2_scratch(n, o->threads));
    bench_timer t = bench_timer_new();
    g2 out;
    fill_g2(bases, n);
    for (unsigned i = 0; i < o->repeat; i++) {
        bench_start(&t);
        msm_g2(&out, bases, scalars, n, o->threads, scratch);
        bench_stop(&t);
    }
    bench_row(o, "msm_g2", &t, n);
    free(bases);
    free(scratch);
}

int main(int argc, char **argv) {
    const bench_options o = bench_parse(argc, argv, 20);
    const size_t n = (size_t)1 << o.log2;
    fr *scalars = bench_allocate(n * sizeof *scalars);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(o.scalars, "16") == 0)
            fr_set_u64(&scalars[i], bench_word(i) & 0xffff);
        else
            bench_fr(&scalars[i], i);
    }
    bench_g1(&o, scalars, n);
    bench_g2(&o, scalars, n);
    free(scalars);
    return 0;
}
