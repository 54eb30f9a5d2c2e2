/*
 * A prepared file of powers of tau, in seconds instead of hours, by knowing tau: to measure
 * ceremonies with, and to test prepared files. Never use it for keys: whoever ran this could forge.
 *
 *   bench_ceremony POWER FILE.ptau
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "groth16/iden3_writer.h"
#include "groth16/lagrange.h"
#include "groth16/ptau.h"
#include "groth16/setup_points.h"
#include "math/fr_random.h"

enum { BATCH = 1 << 15, SECTIONS = 11, WINDOW_POINTS = 1 << 20 };

static zkm_error err;

static void must(zkm_status status) {
    if (status == ZKM_OK)
        return;
    fprintf(stderr, "bench_ceremony: %s\n", err.message);
    exit(3);
}

typedef struct {
    setup_points points;
    scratch out, values;
    file_writer *file;
    fr tau, alpha, beta, one;
    size_t n;
} powers;

static void append(powers *p, const fr *scalars, size_t count, bool in_g2) {
    for (size_t i = 0, m; i < count; i += m) {
        m = count - i < BATCH ? count - i : BATCH;
        if (in_g2)
            setup_points_g2(&p->points, p->out.data, scalars + i, m);
        else
            setup_points_g1(&p->points, p->out.data, scalars + i, m);
        must(file_writer_append(&err, p->file, p->out.data,
                                m * (in_g2 ? sizeof(g2_affine) : sizeof(g1_affine))));
    }
}

static void series(powers *p, uint32_t type, size_t count, const fr *start, bool in_g2) {
    fr *v = p->values.data, power = *start;
    for (size_t i = 0; i < count; i++) {
        v[i] = power;
        fr_mul(&power, &power, &p->tau);
    }
    must(iden3_write_section(&err, p->file, type, count * (in_g2 ? 128 : 64)));
    append(p, v, count, in_g2);
}

/* L_j(tau) without its term of x^(m-1), which the file has no power for. */
static void cut_basis(powers *p, size_t m) {
    fr *v = p->values.data, root, term, power;
    subgroup_root(&root, m);
    fr_set_u64(&term, m);
    fr_inv(&term, &term);
    fr_power_u64(&power, &p->tau, m - 1);
    fr_mul(&term, &term, &power);
    for (size_t j = 0; j < m; j++) {
        fr_sub(&v[j], &v[j], &term);
        fr_mul(&term, &term, &root);
    }
}

static void bases(powers *p, uint32_t type, const fr *factor, bool in_g2, bool doubled) {
    size_t last = doubled ? 2 * p->n : p->n;
    must(iden3_write_section(&err, p->file, type, (2 * last - 1) * (in_g2 ? 128 : 64)));
    for (size_t m = 1; m <= last; m *= 2) {
        fr root;
        subgroup_root(&root, m);
        lagrange_values(p->values.data, m, m, &p->one, &root, &p->tau, factor, 0);
        if (m > p->n)
            cut_basis(p, m);
        append(p, p->values.data, m, in_g2);
    }
}

static void header(powers *p, uint32_t power) {
    byte_writer w = writer_init();
    writer_u32_le(&w, IDEN3_FIELD_BYTES);
    for (int i = 0; i < 4; i++)
        writer_u64_le(&w, fp_MODULUS.l[i]);
    writer_u32_le(&w, power);
    writer_u32_le(&w, power);
    must(iden3_write_whole(&err, p->file, 1, &w));
    writer_clear(&w);
}

int main(int argc, char **argv) {
    const uint8_t none[4] = {0};
    powers p = {0};
    g2_affine beta2;
    uint32_t power = argc == 3 ? (uint32_t)atoi(argv[1]) : 0;
    if (power < 1 || power > 24) {
        fprintf(stderr, "usage: bench_ceremony POWER FILE.ptau, POWER from 1 to 24\n");
        return 2;
    }
    p.n = (size_t)1 << power;
    must(fr_random(&err, &p.tau));
    must(fr_random(&err, &p.alpha));
    must(fr_random(&err, &p.beta));
    fr_set_one(&p.one);
    must(setup_points_init(&err, &p.points, WINDOW_POINTS, WINDOW_POINTS, 0, NULL));
    must(scratch_array(&err, &p.out, "powers", BATCH, sizeof(g2_affine)));
    must(scratch_array(&err, &p.values, "powers", 2 * p.n, sizeof(fr)));
    must(file_writer_open(&err, &p.file, argv[2], 0644));
    must(iden3_write_start(&err, p.file, "ptau", 1, SECTIONS));
    header(&p, power);
    series(&p, 2, 2 * p.n - 1, &p.one, false);
    series(&p, 3, p.n, &p.one, true);
    series(&p, 4, p.n, &p.alpha, false);
    series(&p, 5, p.n, &p.beta, false);
    setup_points_g2(&p.points, &beta2, &p.beta, 1);
    must(iden3_write_section(&err, p.file, 6, sizeof beta2));
    must(file_writer_append(&err, p.file, &beta2, sizeof beta2));
    must(iden3_write_section(&err, p.file, 7, sizeof none));
    must(file_writer_append(&err, p.file, none, sizeof none));
    bases(&p, 12, &p.one, false, true);
    bases(&p, 13, &p.one, true, false);
    bases(&p, 14, &p.alpha, false, false);
    bases(&p, 15, &p.beta, false, false);
    must(file_writer_commit(&err, p.file));
    setup_points_clear(&p.points);
    scratch_free(&p.out);
    scratch_free(&p.values);
    return 0;
}
