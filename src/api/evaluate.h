/* A model and its quantised program side by side on labelled rows: what quantisation costs. */
#ifndef API_EVALUATE_H
#define API_EVALUATE_H

#include "claim/dataset.h"
#include "model/model.h"

typedef struct {
    const model *model;
    const program *prog;
    const program_weights *weights;
    const schema *columns;
    const dataset_reals *reals; /* the same rows twice: as numbers */
    const dataset *integers;    /* and quantised */
    const char *row_name;       /* what a row is called in messages */
    double *model_outputs;      /* rows x outputs; may be NULL */
    double *program_outputs;    /* the same of the program */
} evaluation_input;

typedef struct {
    double float_metric;         /* RMSE of the model over all outputs of all rows */
    double integer_metric;       /* RMSE of the program against the quantised targets */
    double max_abs_output_error; /* largest difference of an output between the two */
} evaluation;

/* ZKM_ERR_RANGE names the row at which the program leaves its ranges. threads 0: all. */
ZKM_MUST_CHECK zkm_status evaluate(zkm_error *err, evaluation *out, const evaluation_input *in,
                                   unsigned threads);

#endif
