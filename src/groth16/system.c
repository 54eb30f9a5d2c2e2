/* Shape and domain of systems that keys are made for. */
#include "groth16/system.h"

#include <stdlib.h>

#include "math/fft.h"

/* Twice the domain must be a domain, too, for the odd coset, and 2^28 is the largest power of two.
 */
#define SYSTEM_MAX_DOMAIN (UINT64_C(1) << 27)

static zkm_status check_shape(zkm_error *err, const r1cs *cs) {
    uint64_t bound = 1 + (uint64_t)cs->num_public + cs->num_committed;
    if (cs->num_rows == 0 || cs->num_wires < bound)
        return error_set(
            err, ZKM_ERR_ARGUMENT,
            "constraint system: %u wires, %llu rows: too few for %u public and %u committed "
            "wires",
            cs->num_wires, (unsigned long long)cs->num_rows, cs->num_public, cs->num_committed);
    if (cs->num_committed > 0 && cs->num_public != 2)
        return error_set(
            err, ZKM_ERR_ARGUMENT,
            "constraint system: a system with committed wires has 2 public ones (challenge, "
            "folded statement), this one %u",
            cs->num_public);
    return ZKM_OK;
}

/* Marks the public wires (and the constant) that a row x * 0 = 0 of this block binds. */
static void mark_bound(const r1cs *cs, const r1cs_block *block, const r1cs_row *row, bool *bound) {
    const r1cs_term *t = &block->terms[row->a.begin];
    if (row->a.end - row->a.begin != 1 || row->b.begin != row->b.end ||
        row->c.begin != row->c.end || t->repeat != 1)
        return;
    for (uint32_t i = 0; i < block->count; i++) {
        uint64_t wire = t->index + (uint64_t)t->stride * i;
        const fr *coef = &cs->coefs[t->coef + t->coef_stride * i];
        if (wire <= cs->num_public && !fr_is_zero(coef))
            bound[wire] = true;
    }
}

static zkm_status check_publics_bound(zkm_error *err, const r1cs *cs) {
    zkm_status status = ZKM_OK;
    bool *bound = calloc((size_t)cs->num_public + 1, sizeof *bound);
    if (!bound)
        return error_memory(err, "public wires", cs->num_public);
    for (uint32_t k = 0; k < cs->num_blocks; k++)
        for (uint32_t j = 0; j < cs->blocks[k].num_rows; j++)
            mark_bound(cs, &cs->blocks[k], &cs->blocks[k].rows[j], bound);
    for (uint32_t i = 0; i <= cs->num_public && status == ZKM_OK; i++)
        if (!bound[i])
            status =
                error_set(err, ZKM_ERR_ARGUMENT,
                          "constraint system: public wire %u has no row x * 0 = 0 of its own, so a "
                          "proof might not bind it; add the row",
                          i);
    free(bound);
    return status;
}

zkm_status system_domain(zkm_error *err, size_t *domain, uint64_t rows, bool power_of_two) {
    size_t size = rows > SYSTEM_MAX_DOMAIN ? 0 : fft_domain_smallest((size_t)rows);
    if (size != 0 && power_of_two)
        for (size = 1; size < rows; size *= 2) {
        }
    if (size == 0 || size > SYSTEM_MAX_DOMAIN)
        return error_set(
            err, ZKM_ERR_UNSUPPORTED,
            "constraint system: %llu rows are more than the largest domain, %llu, holds; "
            "lower the capacity",
            (unsigned long long)rows, (unsigned long long)SYSTEM_MAX_DOMAIN);
    *domain = size;
    return ZKM_OK;
}

zkm_status system_check(zkm_error *err, const r1cs *cs) {
    ZKM_TRY(check_shape(err, cs));
    return check_publics_bound(err, cs);
}
