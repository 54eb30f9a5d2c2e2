/* Sizes that all backends' kernels share. */
#include "math/kernels.h"

/* Per group of eight pairs: two coordinates and two masks; a sink for padding in front, and one
 * more coordinate a chain. */
static size_t pairs_scratch(size_t n, size_t fields) {
    size_t groups = (n + LANES - 1) / LANES;
    size_t coordinates = (2 * groups + PAIRS_CHAINS) * fields;
    return (256 + coordinates * LANES_FIELD_BYTES + 2 * groups + 63) / 64 * 64;
}

size_t g1_pairs_scratch(size_t n) { return pairs_scratch(n, 1); }

size_t g2_pairs_scratch(size_t n) { return pairs_scratch(n, 2); }

size_t g1_bank_register(size_t groups) { return 2 * groups * LANES_FIELD_BYTES; }

size_t g2_bank_register(size_t groups) { return 4 * groups * LANES_FIELD_BYTES; }

/* A denominator, a product and an x for each group, and one more product a chain. */
size_t g1_bank_scratch(size_t groups) { return (3 * groups + PAIRS_CHAINS) * LANES_FIELD_BYTES; }

size_t g2_bank_scratch(size_t groups) { return 2 * g1_bank_scratch(groups); }
