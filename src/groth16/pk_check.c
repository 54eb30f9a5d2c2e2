/* The thorough look at a proving key's points, for keys that somebody else made. */
#include "groth16/pk_internal.h"
#include "groth16/point_check.h"

static zkm_status bad_point(zkm_error *err, pk_section section, size_t index) {
    return error_set(
        err, ZKM_ERR_FORMAT,
        "proving key: section \"%s\": point %zu is not a point of its group; the key was "
        "made wrongly or with malice: do not use it",
        pk_section_name(section), index);
}

static zkm_status check_section(zkm_error *err, pk_section section, const g1_affine *points,
                                size_t n, unsigned threads) {
    size_t bad = points_find_bad_g1(points, n, threads);
    return bad == n ? ZKM_OK : bad_point(err, section, bad);
}

zkm_status groth16_pk_check(zkm_error *err, const groth16_pk *pk, unsigned threads) {
    const groth16_pk_header *h = &pk->header;
    size_t num_private = h->num_wires - pk_first_private(h);
    ZKM_TRY(pk_check_all(err, pk, threads));
    ZKM_TRY(check_section(err, PK_A, pk->a, pk->num_a, threads));
    if (!pk_has_blinding_column(h))
        ZKM_TRY(check_section(err, PK_B1, pk->b1, pk->num_b, threads));
    else
        ZKM_TRY(check_section(err, PK_LINEAR, pk->linear, (size_t)pk_linear_points(h), threads));
    ZKM_TRY(check_section(err, PK_COMMITTED, pk->k_committed, h->num_committed, threads));
    ZKM_TRY(check_section(err, PK_PRIVATE, pk->k_private, num_private, threads));
    ZKM_TRY(check_section(err, PK_H, pk->h, (size_t)pk_quotient_points(h), threads));
    size_t bad = points_find_bad_g2(pk->b2, pk->num_b, threads);
    return bad == pk->num_b ? ZKM_OK : bad_point(err, PK_B2, bad);
}
