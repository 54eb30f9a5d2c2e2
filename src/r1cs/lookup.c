/* Lookups and range checks by logarithmic derivatives. See lookup.h. */
#include "r1cs/lookup.h"

#include <stdlib.h>

void lookup_init(lookup *t, r1cs_builder *b, uint32_t size) {
    t->size = size;
    t->num_uses = 0;
    t->multiplicity = builder_committed(b, size, 1);
}

wire_array lookup_book(lookup *t, r1cs_builder *b, uint32_t width, uint32_t count) {
    wire_array inverses = builder_private(b, width, count);
    if (t->num_uses < LOOKUP_MAX_USES)
        t->uses[t->num_uses++] = inverses;
    else
        builder_fail(b);
    return inverses;
}

void lookup_record(r1cs_builder *b, wire alpha, wire inverse, const lc *value) {
    fr minus_one;
    fr_set_i64(&minus_one, -1);
    lc difference = lc_of(b, alpha);
    lc_add_lc_scaled(&difference, value, &minus_one);
    lc one = lc_of(b, builder_one());
    builder_define_quotient(b, inverse, &difference, &one);
}

void lookup_close(lookup *t, r1cs_builder *b, wire alpha, const fr *values, const char *name) {
    fr minus_one;
    fr_set_i64(&minus_one, -1);
    t->inverse = builder_private(b, t->size, 1);
    builder_begin(b, name, t->size, true);
    builder_rule(b, "table row");
    lc row = lc_empty(b), difference = lc_of(b, alpha);
    lc_add_constants(&row, values, t->size);
    lc_add_lc_scaled(&difference, &row, &minus_one);
    lc multiplicity = lc_of(b, (wire){t->multiplicity.base, 1});
    builder_define_quotient(b, (wire){t->inverse.base, 1}, &difference, &multiplicity);
    builder_end(b);

    builder_begin(b, "lookup sum", 1, true);
    builder_rule(b, "lookup sum");
    lc sum = lc_empty(b);
    for (uint32_t u = 0; u < t->num_uses; u++)
        lc_add_run(&sum, (wire){t->uses[u].base, 0}, t->uses[u].width * t->uses[u].count, 1, false);
    lc_add_run(&sum, (wire){t->inverse.base, 0}, t->size, 1, true);
    builder_assert_zero(b, &sum);
    builder_end(b);
}

zkm_status range_init(zkm_error *err, range_table *r, r1cs_builder *b, unsigned width) {
    uint32_t size = UINT32_C(1) << width;
    r->width = width;
    r->values = malloc(size * sizeof *r->values);
    if (!r->values)
        return error_memory(err, "range table", size * sizeof *r->values);
    for (uint32_t j = 0; j < size; j++)
        fr_set_u64(&r->values[j], j);
    lookup_init(&r->table, b, size);
    return ZKM_OK;
}

void range_clear(range_table *r) {
    free(r->values);
    r->values = NULL;
}

static unsigned range_limbs(unsigned bits, unsigned width) { return (bits + width - 1) / width; }

unsigned range_rows(unsigned bits, unsigned width) {
    return range_limbs(bits, width) + (bits % width != 0);
}

range_wires range_record(range_table *r, r1cs_builder *b, wire alpha, const lc *value,
                         unsigned bits, uint32_t count) {
    unsigned limbs = range_limbs(bits, r->width), rest = bits % r->width;
    range_wires w = {bits, builder_committed(b, limbs - 1, count)};
    wire_array inverses = lookup_book(&r->table, b, range_rows(bits, r->width), count);
    lc lowest = lc_empty(b), top = *value;
    lc_add_lc(&lowest, value);
    for (unsigned j = 1; j < limbs; j++) {
        wire limb = wire_at(&w.limbs, 0, 1, j - 1);
        fr weight;
        fr_pow2(&weight, r->width * j);
        fr_neg(&weight, &weight);
        lc_add_scaled(&lowest, limb, &weight);
        top = lc_of(b, limb);
        lookup_record(b, alpha, wire_at(&inverses, 0, 1, j), &top);
    }
    lookup_record(b, alpha, wire_at(&inverses, 0, 1, 0), &lowest);
    if (rest) {
        lc scaled = lc_empty(b);
        lc_add_lc_pow2(&scaled, &top, r->width - rest);
        lookup_record(b, alpha, wire_at(&inverses, 0, 1, limbs), &scaled);
    }
    return w;
}

wire_array range_record_limbs(range_table *r, r1cs_builder *b, wire alpha, unsigned n,
                              uint32_t count, lc *sum) {
    wire_array limbs = builder_committed(b, n, count);
    wire_array inverses = lookup_book(&r->table, b, n, count);
    for (unsigned j = 0; j < n; j++) {
        wire w = wire_at(&limbs, 0, 1, j);
        lc limb = lc_of(b, w);
        lookup_record(b, alpha, wire_at(&inverses, 0, 1, j), &limb);
        lc_add_pow2(sum, w, r->width * j);
    }
    return limbs;
}

void range_assign(const range_wires *w, unsigned width, lookup_counts *counts, fr *limbs,
                  const uint64_t value[4]) {
    unsigned n = range_limbs(w->bits, width), rest = w->bits % width;
    uint64_t mask = (UINT64_C(1) << width) - 1, limb = 0;
    for (unsigned j = 0; j < n; j++) {
        /* width divides 64, so a limb never straddles two words */
        limb = value[width * j / 64] >> (width * j % 64) & mask;
        counts->counts[limb]++;
        if (j > 0)
            fr_set_u64(&limbs[j - 1], limb);
    }
    if (rest)
        counts->counts[(limb << (width - rest)) & mask]++;
}
