/*
 * What scalar and vector backends share of kernels.h: the loops over fp8, fp2x8 and fr8, and their
 * table KERNELS. Included once by each backend after these types' operations.
 */
#include "math/lanes_fp2.h"

#define CURVE g1
#define CURVE_F fp
#define LANE fp8
#include "math/pairs_loops.h"
#define CURVE g2
#define CURVE_F fp2
#define LANE fp2x8
#include "math/pairs_loops.h"
#define CURVE g1
#define LANE fp8
#include "math/bank_loops.h"
#define CURVE g2
#define LANE fp2x8
#include "math/bank_loops.h"

#include "math/fft_loops.h"

static const math_kernels KERNELS = {
    .g1_add_pairs = g1_add_pairs,
    .g2_add_pairs = g2_add_pairs,
    .g1_canonical = g1_canonical,
    .g2_canonical = g2_canonical,
    .g1_bank_load = g1_bank_load,
    .g2_bank_load = g2_bank_load,
    .g1_bank_store = g1_bank_store,
    .g2_bank_store = g2_bank_store,
    .g1_bank_set = g1_bank_set,
    .g1_bank_double = g1_bank_double,
    .g2_bank_set = g2_bank_set,
    .g2_bank_double = g2_bank_double,
    .g1_bank_add = g1_bank_add,
    .g1_bank_double_add = g1_bank_double_add,
    .g2_bank_add = g2_bank_add,
    .g2_bank_double_add = g2_bank_double_add,
    .fp_twiddles = fp_twiddles,
    .fr_to_integers = fr_to_integers,
    .fr_twiddles = fr_twiddles,
    .fft_columns = fft_columns,
    .fft_rows = fft_rows,
};
