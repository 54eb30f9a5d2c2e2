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
