/* Opening and checking powers of tau. See ptau.h. */
#include "groth16/ptau.h"

#include <string.h>

#include "base/progress.h"
#include "base/threads.h"
#include "groth16/point_check.h"
#include "groth16/point_sums.h"
#include "groth16/ptau_make.h"
#include "groth16/scratch.h"
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

static zkm_status rejected(zkm_error *err, const char *name, const char *what) {
    return error_set(err, ZKM_REJECTED,
                     "ptau file: powers of %s: %s; the file was damaged or made with malice: do "
                     "not use it",
                     name, what);
}

/*
 * Equations between the series. With weights s_i, each says that from element `first` on n elements
 * of a series P in G1 follow each other as those of tau in G2, T_i, do:
 *
 *   e(sum s_i P_(first + i), 1) = e(P_first, sum s_i T_i).
 *
 * For tau in G1 let P_i = [t_i], t_0 = 1. Then EQ_GROUPS says T_i = [t_i] for i < n; EQ_NEXT says
 * t_(1 + i) = t_1 t_i, so that t_i = t_1^i for i <= n; EQ_LAST says t_(m + i) = t_m t_i for the
 * last n of all elements, where m <= n. All sums have the same weights, so that one in G2 serves
 * them all, and each equation is multiplied by a factor of its own, so that one product of pairings
 * tells whether all hold.
 */
enum { EQ_GROUPS, EQ_NEXT, EQ_LAST, EQ_ALPHA, EQ_BETA, EQUATIONS };

static const char NO_POWERS[] = "they are not powers of one tau";
static const struct {
    const char *series, *what;
} FAULT[EQUATIONS] = {{"tau", "they differ between the two groups"},
                      {"tau in G1", NO_POWERS},
                      {"tau in G1", NO_POWERS},
                      {"alpha tau in G1", NO_POWERS},
                      {"beta tau in G1", NO_POWERS}};

typedef struct {
    const ptau *p;
    size_t n; /* elements of the domain */
    unsigned threads;
    fr *tau1; /* coefficients of tau in G1 */
    bool tau1_checked;
    scratch weights;    /* n */
    g1 sum[PTAU_TAU2];  /* with the weights; of alpha and beta */
    g2_affine sum_tau2; /* the same */
} powers_check;

/* A sum over the elements of a series that the domain uses. */
static zkm_status sum_series(zkm_error *err, void *out, const powers_check *c, ptau_series s,
                             const fr *scalars, bool checked) {
    const point_source source = {c->p->series[s].data, scalars, ptau_used(c->p, s, c->n), checked,
                                 true};
    zkm_status status = s == PTAU_TAU2 ? point_sum_g2(err, out, &source, c->threads)
                                       : point_sum_g1(err, out, &source, c->threads);
    return status == ZKM_OK ? ZKM_OK
                            : error_prefix(err, status, "ptau file: powers of %s", SERIES_NAME[s]);
}

/* The element that an equation begins with. */
static size_t first_of(const powers_check *c, int equation) {
    return equation == EQ_LAST ? ptau_used(c->p, PTAU_TAU1, c->n) - c->n : equation == EQ_NEXT;
}

typedef struct {
    const powers_check *c;
    const fr *factor;
} coefficients_job;

/* The coefficients of tau in G1 grow by those of its three equations. */
static void add_coefficients(void *context, size_t begin, size_t end, unsigned worker) {
    const coefficients_job *job = context;
    const powers_check *c = job->c;
    (void)worker;
    for (int e = EQ_GROUPS; e <= EQ_LAST; e++) {
        const size_t first = first_of(c, e);
        for (size_t i = begin < first ? first : begin; i < end && i - first < c->n; i++) {
            fr t;
            fr_mul(&t, &job->factor[e], (const fr *)c->weights.data + (i - first));
            fr_add(&c->tau1[i], &c->tau1[i], &t);
        }
    }
}

/* Whether e(sum, 1) e(-first, tau2), times the claim's pairings, is 1. */
static bool product_is_one(const g1 *sum, const g1 *first, const g2_affine *tau2,
                           const ptau_claim *claim) {
    g1_affine left[PTAU_CLAIM_PAIRS + 2];
    g2_affine right[PTAU_CLAIM_PAIRS + 2];
    memcpy(left, claim->left, sizeof claim->left);
    memcpy(right, claim->right, sizeof claim->right);
    g1_to_affine(&left[PTAU_CLAIM_PAIRS], sum);
    right[PTAU_CLAIM_PAIRS] = *g2_generator();
    g1_to_affine(&left[PTAU_CLAIM_PAIRS + 1], first);
    g1_affine_neg(&left[PTAU_CLAIM_PAIRS + 1], &left[PTAU_CLAIM_PAIRS + 1]);
    right[PTAU_CLAIM_PAIRS + 1] = *tau2;
    return pairing_check(left, right, PTAU_CLAIM_PAIRS + 2);
}

/* Whether the equations, each multiplied by its factor, and the claim hold together. */
static zkm_status equations_hold(zkm_error *err, bool *hold, powers_check *c,
                                 const fr factor[EQUATIONS], const ptau_claim *claim) {
    static const ptau_series SERIES[EQUATIONS] = {PTAU_TAU1, PTAU_TAU1, PTAU_TAU1, PTAU_ALPHA1,
                                                  PTAU_BETA1};
    coefficients_job job = {c, factor};
    g1 sum, more, first[EQUATIONS];
    parallel_for(c->threads, ptau_used(c->p, PTAU_TAU1, c->n), 0, add_coefficients, &job);
    ZKM_TRY(sum_series(err, &sum, c, PTAU_TAU1, c->tau1, c->tau1_checked));
    c->tau1_checked = true;
    g1_dot(&more, &c->sum[PTAU_ALPHA1], &factor[EQ_ALPHA], 2); /* and beta, which follow */
    g1_add(&sum, &sum, &more);
    for (int e = 0; e < EQUATIONS; e++) {
        g1_affine p;
        ptau_copy(c->p, SERIES[e], first_of(c, e), 1, &p);
        g1_from_affine(&first[e], &p);
    }
    g1_dot(&more, first, factor, EQUATIONS);
    *hold = product_is_one(&sum, &more, &c->sum_tau2, claim);
    return ZKM_OK;
}

/* ZKM_REJECTED names an equation that does not hold. Without a claim, when all together do not. */
static zkm_status find_fault(zkm_error *err, powers_check *c) {
    const ptau_claim none = {0};
    for (int e = 0; e < EQUATIONS; e++) {
        fr factor[EQUATIONS] = {{{0}}};
        bool holds;
        fr_set_one(&factor[e]);
        memset(c->tau1, 0, ptau_used(c->p, PTAU_TAU1, c->n) * sizeof *c->tau1);
        ZKM_TRY(equations_hold(err, &holds, c, factor, &none));
        if (!holds)
            return rejected(err, FAULT[e].series, FAULT[e].what);
    }
    return ZKM_OK;
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
static zkm_status check_distinct(zkm_error *err, const powers_check *c) {
    g1_affine p[4] = {*g1_generator()};
    ptau_copy(c->p, PTAU_TAU1, 1, 1, &p[1]);
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

static zkm_status sum_with_weights(zkm_error *err, powers_check *c, const zkm_progress *progress) {
    static const char STAGE[] = "checking the powers of tau";
    g2 tau2;
    ZKM_TRY(scratch_array(err, &c->weights, "ptau file", c->n, sizeof(fr)));
    ZKM_TRY(fr_random_weights(err, c->weights.data, c->n));
    for (int s = PTAU_ALPHA1; s <= PTAU_TAU2; s++) {
        ZKM_TRY(progress_report(err, progress, STAGE, (uint64_t)s - PTAU_ALPHA1, PTAU_SERIES));
        void *out = s == PTAU_TAU2 ? (void *)&tau2 : &c->sum[s];
        ZKM_TRY(sum_series(err, out, c, (ptau_series)s, c->weights.data, false));
    }
    g2_to_affine(&c->sum_tau2, &tau2);
    return progress_report(err, progress, STAGE, PTAU_TAU2, PTAU_SERIES);
}

/* Everything but the contributions. */
static zkm_status check_powers(zkm_error *err, bool *holds, powers_check *c,
                               const ptau_claim *claim, const zkm_progress *progress) {
    fr factor[EQUATIONS];
    ZKM_TRY(sum_with_weights(err, c, progress));
    for (int e = 0; e < EQUATIONS; e++)
        ZKM_TRY(fr_random(err, &factor[e]));
    ZKM_TRY(equations_hold(err, holds, c, factor, claim));
    ZKM_TRY(check_starts(err, c));
    if (!*holds)
        ZKM_TRY(find_fault(err, c));
    ZKM_TRY(check_distinct(err, c));
    return check_outside(err, c);
}

static zkm_status check_contributions(zkm_error *err, const ptau *p) {
    ceremony_state s;
    ZKM_TRY(ptau_check_contributions(err, p, &s, NULL, NULL));
    return ptau_is_own(p) && s.participants == 0
               ? rejected(err, "tau", "no participant has contributed, so everybody knows it")
               : ZKM_OK;
}

zkm_status ptau_claim_holds(zkm_error *err, bool *holds, const ptau *p, size_t domain,
                            const ptau_claim *claim, unsigned threads) {
    const powers_check c = {.p = p, .n = domain, .threads = threads};
    g1 sum, none;
    g1_set_infinity(&none);
    ZKM_TRY(sum_series(err, &sum, &c, PTAU_TAU1, claim->tau1, true));
    *holds = product_is_one(&sum, &none, g2_generator(), claim);
    return ZKM_OK;
}

zkm_status ptau_check_with(zkm_error *err, bool *holds, const ptau *p, size_t domain,
                           const ptau_claim *claim, unsigned threads,
                           const zkm_progress *progress) {
    powers_check c = {.p = p, .n = domain, .threads = threads, .tau1 = claim->tau1};
    ZKM_TRY(ptau_holds(err, p, domain));
    zkm_status status = check_powers(err, holds, &c, claim, progress);
    scratch_free(&c.weights);
    return status == ZKM_OK ? check_contributions(err, p) : status;
}

zkm_status ptau_check(zkm_error *err, const ptau *p, size_t domain, unsigned threads,
                      const zkm_progress *progress) {
    size_t n = domain == 0 ? (size_t)1 << p->power : domain < 2 ? 2 : domain;
    size_t all = ptau_used(p, PTAU_TAU1, n);
    scratch tau1 = {0};
    bool holds = false;
    ZKM_TRY(scratch_array(err, &tau1, "ptau file", all, sizeof(fr)));
    memset(tau1.data, 0, all * sizeof(fr));
    const ptau_claim nothing = {.tau1 = tau1.data};
    zkm_status status = ptau_check_with(err, &holds, p, n, &nothing, threads, progress);
    scratch_free(&tau1);
    return status == ZKM_OK && !holds ? rejected(err, "tau", NO_POWERS) : status;
}
