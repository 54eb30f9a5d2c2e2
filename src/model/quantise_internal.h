/* What the two halves of the quantiser share: choosing scales (quantise.c), applying them
 * (weights.c). */
#ifndef MODEL_QUANTISE_INTERNAL_H
#define MODEL_QUANTISE_INTERNAL_H

#include "model/model.h"
#include "model/net.h"

/* What calibration rows showed. squares: of the features, then of the layers' outputs, summed
 * over rows. */
typedef struct {
    size_t rows;
    double *min, *max; /* per layer, of the pre-activation */
    double *squares;
} calibration;

/* The decisions about one layer. */
typedef struct {
    program_table_kind kind;
    uint32_t bits;    /* of the table; 0 while undecided */
    int32_t exponent; /* the domain is at least [-2^exponent, 2^exponent) */
    int32_t cap;      /* upper limit of out_frac */
    int32_t hi_frac, z_frac, out_frac;
    uint32_t table;
} plan;

typedef struct {
    const net *n;
    const calibration *c;
    const model_quantise_options *options;
    const int32_t *feature_frac;
    plan *plans;
    program_table *tables;
    uint32_t num_tables;
    size_t *offsets; /* of the layers in a trace */
} planner;

bool term_is_shift(const net_term *t, const int32_t *feature_frac);
int32_t factor_log2(double factor);            /* of a power of two in [2^-31, 2^31] */
double quantise_scale(double v, int32_t frac); /* v * 2^frac, exact while it is a normal number */

/* Weights and biases of n at the scales of p, whose shape n has. */
ZKM_MUST_CHECK zkm_status quantise_weights(zkm_error *err, program_weights *out, const net *n,
                                           const program *p);
ZKM_MUST_CHECK zkm_status quantise_report(zkm_error *err, model_report *out, const net *n,
                                          const calibration *c, const program *p,
                                          const program_weights *w);

#endif
