/*
 * The quantised dataset and its commitment (DESIGN sections 5 and 6; docs/formats-data.md has the
 * bytes).
 */
#ifndef CLAIM_DATASET_H
#define CLAIM_DATASET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "claim/schema.h"
#include "claim/sponge.h"
#include "claim/table.h"
#include "math/fr.h"

#define DATASET_MAX_SAMPLES (1u << 28)
#define DATASET_MAX_CELLS ((uint64_t)1 << 31) /* int16 values of all samples */
#define DATASET_DIGITS 15u                    /* values in one field element */
#define DATASET_DIGIT_BITS 16u

typedef struct {
    uint32_t n;            /* samples, 1..DATASET_MAX_SAMPLES */
    uint32_t num_features; /* K */
    uint32_t num_targets;  /* m */
    int16_t *features;     /* n x K, row-major, schema order */
    int16_t *targets;      /* n x m */
} dataset;

/* The same rows before quantisation, for calibration. */
typedef struct {
    size_t n;
    uint32_t num_features, num_targets;
    double *features; /* n x K */
    double *targets;  /* n x m */
} dataset_reals;

void dataset_clear(dataset *d);             /* wipes; a zeroed struct is accepted */
void dataset_reals_clear(dataset_reals *d); /* the same */

/* q(x) = round-half-even(x * 2^frac); false when that is outside int16. x must be finite. */
bool dataset_quantise_value(int16_t *out, double x, int32_t frac);

/*
 * Picks the schema's columns out of a table: by name; the columns of an .npy by name when the
 * schema knows them all, else they fill, in order, the schema's columns that no other file has.
 * Time columns may be missing. ZKM_ERR_MISMATCH when a column is missing or the schema does not
 * know one. ZKM_ERR_RANGE when a value does not fit its scale: the message names file, row, column,
 * value, the range, and the frac_bits that would hold it.
 */
ZKM_MUST_CHECK zkm_status dataset_quantise(zkm_error *err, dataset *out, const table *data,
                                           const schema *s);
ZKM_MUST_CHECK zkm_status dataset_select(zkm_error *err, dataset_reals *out, const table *data,
                                         const schema *s);

/* How rows lie in the sponge's blocks of SPONGE_RATE elements. */
typedef struct {
    uint32_t row_elements;   /* e = ceil((K + m) / DATASET_DIGITS) */
    uint32_t rows_per_block; /* floor(SPONGE_RATE / e), at least 1 */
    uint32_t blocks_per_row; /* ceil(e / SPONGE_RATE), at least 1 */
} dataset_layout;

dataset_layout dataset_layout_of(uint32_t num_features, uint32_t num_targets);

/* A row's e elements: K features then m targets as digits v + 2^15, 15 to an element, the first
 * digit lowest: sum of digit_j * 2^(16 j). Digits beyond the row are 0. */
void dataset_pack_row(fr *elements, const dataset *d, uint32_t row);

/*
 * dataset_id: the sponge "zkmetric.dataset.v1" over the block [schema digest, n, salt, 0, ...] and
 * the rows: row i of a block stands in elements [i*e, (i+1)*e), absent rows and unused elements are
 * 0; with e > 15 a row takes blocks_per_row blocks, zero filled. digest and salt are big-endian and
 * below r.
 */
void dataset_id(fr *out, const uint8_t schema_digest[32], const dataset *d, const uint8_t salt[32]);

/* 252 uniform bits, big-endian. */
ZKM_MUST_CHECK zkm_status dataset_salt(zkm_error *err, uint8_t out[32]);

#endif
