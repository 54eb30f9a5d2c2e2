/* Opening and checking powers of tau. See ptau.h. */
#include "groth16/ptau.h"

#include <string.h>

#include "base/progress.h"
#include "groth16/point_check.h"
#include "groth16/point_sums.h"
#include "groth16/ptau_make.h"
#include "math/fr_random.h"
#include "math/pairing.h"

enum { VERSION = 1 };
static const char NAME[] = "ptau file";
static const size_t MAX_FILE = (size_t)1 << 46;

/* Sections of the powers and of their Lagrange bases, by series. */
static const uint32_t POWERS[PTAU_SERIES] = {2, 4, 5, 3};
static const uint32_t LAGRANGE[PTAU_SERIES] = {12, 14, 15, 13};
static const char *const SERIES_NAME[PTAU_SERIES] = {"tau in G1", "alpha tau in G1",
                                                     "beta tau in G1", "tau in G2"};

static size_t element_bytes(ptau_series s) {
    return s == PTAU_TAU2 ? sizeof(g2_affine) : sizeof(g1_affine);
}

size_t ptau_count(const ptau *p, ptau_series series) {
    size_t n = (size_t)1 << p->power;
    return series == PTAU_TAU1 ? 2 * n - 1 : n;
}

static zkm_status read_header(zkm_error *err, ptau *p) {
    byte_reader r;
    ZKM_TRY(iden3_section(err, &r, &p->sections, 1));
    ZKM_TRY(iden3_check_fp(err, &r, NAME));
    p->power = reader_u32_le(&r);
    reader_u32_le(&r); /* the power of the ceremony that this file was cut from */
    if (r.failed || reader_left(&r) != 0)
        return iden3_damaged(err, NAME, "its header has another length");
    if (p->power == 0 || p->power > PTAU_MAX_POWER)
        return error_set(err, ZKM_ERR_UNSUPPORTED, "ptau file: power %u; 1 to %d are read",
                         p->power, PTAU_MAX_POWER);
    return ZKM_OK;
}

static zkm_status find_powers(zkm_error *err, ptau *p) {
    for (int s = 0; s < PTAU_SERIES; s++) {
        ZKM_TRY(iden3_section(err, &p->series[s], &p->sections, POWERS[s]));
        if (reader_left(&p->series[s]) !=
            ptau_count(p, (ptau_series)s) * element_bytes((ptau_series)s))
            return iden3_damaged(err, NAME, "a section of powers has another length");
    }
    return ZKM_OK;
}

/* A prepared file has the bases of the domains 1, 2, 4, .. 2^power one after the other, and of tau
 * in G1 that of 2^(power + 1), too. */
static zkm_status find_lagrange(zkm_error *err, ptau *p) {
    size_t n = (size_t)1 << p->power;
    for (uint32_t i = 0; i < p->sections.num_sections; i++)
        p->prepared |= p->sections.type[i] == LAGRANGE[PTAU_TAU1];
    for (int s = 0; s < PTAU_SERIES && p->prepared; s++) {
        size_t count = (s == PTAU_TAU1 ? 4 : 2) * n - 1;
        ZKM_TRY(iden3_section(err, &p->lagrange[s], &p->sections, LAGRANGE[s]));
        if (reader_left(&p->lagrange[s]) != count * element_bytes((ptau_series)s))
            return iden3_damaged(err, NAME, "a prepared section has another length");
    }
    return ZKM_OK;
}

static zkm_status read_beta(zkm_error *err, ptau *p) {
    byte_reader r;
    ZKM_TRY(iden3_section(err, &r, &p->sections, 6));
    if (reader_left(&r) != sizeof p->beta2)
        return iden3_damaged(err, NAME, "the section of beta in G2 has another length");
    memcpy(&p->beta2, reader_take(&r, sizeof p->beta2), sizeof p->beta2);
    if (g2_affine_is_infinity(&p->beta2) || points_find_bad_g2(&p->beta2, 1, 1) != 1)
        return iden3_damaged(err, NAME, "beta in G2 is not a point of G2");
    return ZKM_OK;
}

zkm_status ptau_open_bytes(zkm_error *err, ptau *out, const uint8_t *bytes, size_t len) {
    ptau p = {0};
    ZKM_TRY(iden3_open(err, &p.sections, NAME, "ptau", VERSION, bytes, len));
    ZKM_TRY(read_header(err, &p));
    ZKM_TRY(find_powers(err, &p));
    ZKM_TRY(find_lagrange(err, &p));
    ZKM_TRY(read_beta(err, &p));
    *out = p;
    return ZKM_OK;
}

zkm_status ptau_open(zkm_error *err, ptau *out, const char *path) {
    file_view view = {0};
    ptau p;
    ZKM_TRY(file_open(err, &view, path, MAX_FILE));
    zkm_status status = ptau_open_bytes(err, &p, view.data, view.len);
    if (status != ZKM_OK) {
        file_close(&view);
        return error_prefix(err, status, "%s", path);
    }
    p.file = view;
    blake2b(p.digest, view.data, view.len);
    *out = p;
    return ZKM_OK;
}

void ptau_close(ptau *p) {
    file_close(&p->file);
    *p = (ptau){0};
}

void ptau_copy(const ptau *p, ptau_series series, size_t first, size_t n, void *out) {
    size_t size = element_bytes(series);
    memcpy(out, p->series[series].data + first * size, n * size);
}

void ptau_copy_lagrange(const ptau *p, ptau_series series, unsigned log2, void *out) {
    size_t size = element_bytes(series), n = (size_t)1 << log2;
    memcpy(out, p->lagrange[series].data + (n - 1) * size, n * size);
}

size_t ptau_used(const ptau *p, ptau_series series, size_t domain) {
    size_t all = ptau_count(p, series), wanted = series == PTAU_TAU1 ? 2 * domain : domain;
    return all < wanted ? all : wanted;
}

zkm_status ptau_holds(zkm_error *err, const ptau *p, size_t domain) {
    if (domain <= (size_t)1 << p->power)
        return ZKM_OK;
    return error_set(err, ZKM_ERR_RANGE,
                     "ptau file: power %u, but a domain of %zu needs 2^power to be as large; take "
                     "a file of a higher power",
                     p->power, domain);
}

/* ------------------------------------------------------------------ checks */

typedef struct {
    const ptau *p;
    size_t n; /* elements of the domain */
    fr x;
    unsigned threads;
} powers_check;

static zkm_status rejected(zkm_error *err, const char *name, const char *what) {
    return error_set(err, ZKM_REJECTED,
                     "ptau file: powers of %s: %s; the file was damaged or made with malice: do "
                     "not use it",
                     name, what);
}

/* With S = sum over i < n of x^i P_i: (S - P_0) = tau x (S - x^(n-1) P_(n-1)), an equation in x of
 * degree below n whose coefficients are P_i - tau P_(i-1). */
static zkm_status check_series_g1(zkm_error *err, const powers_check *c, ptau_series s,
                                  const g2_affine *tau2) {
    size_t n = ptau_used(c->p, s, c->n);
    const point_source source = {c->p->series[s].data, NULL, n, false};
    g1 sum, first, last;
    g1_affine p, up, down;
    fr weight;
    zkm_status status = point_sum_g1(err, &sum, &source, &c->x, c->threads);
    if (status != ZKM_OK)
        return error_prefix(err, status, "ptau file: powers of %s", SERIES_NAME[s]);
    ptau_copy(c->p, s, 0, 1, &p);
    g1_affine_neg(&p, &p);
    g1_add_mixed(&first, &sum, &p);
    g1_to_affine(&up, &first);
    ptau_copy(c->p, s, n - 1, 1, &p);
    g1_from_affine(&last, &p);
    fr_pow(&weight, &c->x, (const uint64_t[]){n - 1}, 1);
    g1_mul(&last, &last, &weight);
    g1_neg(&last, &last);
    g1_add(&last, &last, &sum);
    g1_mul(&last, &last, &c->x);
    g1_to_affine(&down, &last);
    return pairing_equal(&up, g2_generator(), &down, tau2)
               ? ZKM_OK
               : rejected(err, SERIES_NAME[s], "they are not powers of one tau");
}

static zkm_status check_series_g2(zkm_error *err, const powers_check *c, const g1_affine *tau1) {
    const point_source source = {c->p->series[PTAU_TAU2].data, NULL, c->n, false};
    g2 sum, first, last;
    g2_affine p, up, down;
    fr weight;
    zkm_status status = point_sum_g2(err, &sum, &source, &c->x, c->threads);
    if (status != ZKM_OK)
        return error_prefix(err, status, "ptau file: powers of %s", SERIES_NAME[PTAU_TAU2]);
    ptau_copy(c->p, PTAU_TAU2, 0, 1, &p);
    g2_affine_neg(&p, &p);
    g2_add_mixed(&first, &sum, &p);
    g2_to_affine(&up, &first);
    ptau_copy(c->p, PTAU_TAU2, c->n - 1, 1, &p);
    g2_from_affine(&last, &p);
    fr_pow(&weight, &c->x, (const uint64_t[]){c->n - 1}, 1);
    g2_mul(&last, &last, &weight);
    g2_neg(&last, &last);
    g2_add(&last, &last, &sum);
    g2_mul(&last, &last, &c->x);
    g2_to_affine(&down, &last);
    return pairing_equal(g1_generator(), &up, tau1, &down)
               ? ZKM_OK
               : rejected(err, SERIES_NAME[PTAU_TAU2], "they are not powers of one tau");
}

/* The first elements: generators (from where the series' ratios lead to one tau in both groups),
 * and one beta in both. */
static zkm_status check_starts(zkm_error *err, const powers_check *c) {
    g1_affine one1, beta1;
    g2_affine one2;
    ptau_copy(c->p, PTAU_TAU1, 0, 1, &one1);
    ptau_copy(c->p, PTAU_TAU2, 0, 1, &one2);
    ptau_copy(c->p, PTAU_BETA1, 0, 1, &beta1);
    if (!g1_affine_equal(&one1, g1_generator()) || !g2_affine_equal(&one2, g2_generator()))
        return rejected(err, "tau", "they do not begin with the generators");
    if (!pairing_equal(&beta1, g2_generator(), g1_generator(), &c->p->beta2))
        return rejected(err, "beta", "it differs between the two groups");
    return ZKM_OK;
}

/* 1, tau, alpha and beta differ, and none is another's negative: secrets drawn by themselves. */
static zkm_status check_distinct(zkm_error *err, const powers_check *c, const g1_affine *tau1) {
    g1_affine p[4] = {*g1_generator(), *tau1};
    ptau_copy(c->p, PTAU_ALPHA1, 0, 1, &p[2]);
    ptau_copy(c->p, PTAU_BETA1, 0, 1, &p[3]);
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < i; j++)
            if (fp_equal(&p[i].x, &p[j].x))
                return rejected(err, "tau, alpha and beta",
                                "one of these is 1 or -1, or two are the same or opposite");
    return ZKM_OK;
}

/* tau outside of the doubled domain: tau^n is neither 1 nor -1. */
static zkm_status check_outside(zkm_error *err, const powers_check *c) {
    g1_affine p;
    ptau_copy(c->p, PTAU_TAU1, c->n, 1, &p);
    return fp_equal(&p.x, &g1_generator()->x) ? rejected(err, "tau", "tau lies in the domain")
                                              : ZKM_OK;
}

static zkm_status check_contributions(zkm_error *err, const ptau *p) {
    ceremony_state s;
    ZKM_TRY(ptau_check_contributions(err, p, &s, NULL, NULL));
    return ptau_is_own(p) && s.participants == 0
               ? rejected(err, "tau", "no participant has contributed, so everybody knows it")
               : ZKM_OK;
}

zkm_status ptau_check(zkm_error *err, const ptau *p, size_t domain, unsigned threads,
                      const zkm_progress *progress) {
    powers_check c = {.p = p, .n = domain ? domain : (size_t)1 << p->power, .threads = threads};
    const char *stage = "checking the powers of tau";
    g1_affine tau1;
    g2_affine tau2;
    ZKM_TRY(ptau_holds(err, p, c.n));
    if (c.n < 2)
        c.n = 2;
    ZKM_TRY(fr_random(err, &c.x));
    ptau_copy(p, PTAU_TAU1, 1, 1, &tau1);
    ptau_copy(p, PTAU_TAU2, 1, 1, &tau2);
    if (points_find_bad_g1(&tau1, 1, 1) != 1 || points_find_bad_g2(&tau2, 1, 1) != 1)
        return rejected(err, "tau", "tau is not a point of its group");
    for (int s = 0; s < PTAU_TAU2; s++) {
        ZKM_TRY(progress_report(err, progress, stage, (uint64_t)s, PTAU_SERIES));
        ZKM_TRY(check_series_g1(err, &c, (ptau_series)s, &tau2));
    }
    ZKM_TRY(progress_report(err, progress, stage, PTAU_TAU2, PTAU_SERIES));
    ZKM_TRY(check_series_g2(err, &c, &tau1));
    ZKM_TRY(check_starts(err, &c));
    ZKM_TRY(check_distinct(err, &c, &tau1));
    ZKM_TRY(check_outside(err, &c));
    return check_contributions(err, p);
}
