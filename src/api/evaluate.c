/* Rows in parallel, sums in row order, so that a report does not depend on the number of threads.
 */
#include "api/evaluate.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/threads.h"

/* What one row adds. */
typedef struct {
    double float_squares, integer_squares, largest;
} row_result;

typedef struct {
    program_trace trace;
    double *outputs;
    zkm_error error; /* of the first row, in this worker's order, that failed */
    size_t failed_row;
} worker_state;

typedef struct {
    const evaluation_input *in;
    const int32_t *target_frac;
    size_t trace_length;
    row_result *rows;
    worker_state *workers;
} job;

static void add_row(const job *j, worker_state *w, size_t row) {
    const evaluation_input *in = j->in;
    const program_layer *last = &in->prog->layers[in->prog->num_layers - 1];
    const int16_t *predicted = w->trace.out + j->trace_length - last->width;
    size_t m = last->width;
    row_result r = {0};
    for (size_t t = 0; t < m; t++) {
        double exact = w->outputs[t], rounded = ldexp(predicted[t], -last->out_frac);
        double real_error = exact - in->reals->targets[row * m + t];
        double label = ldexp(in->integers->targets[row * m + t], -j->target_frac[t]);
        r.float_squares += real_error * real_error;
        r.integer_squares += (rounded - label) * (rounded - label);
        r.largest = fmax(r.largest, fabs(exact - rounded));
        if (in->model_outputs)
            in->model_outputs[row * m + t] = exact;
        if (in->program_outputs)
            in->program_outputs[row * m + t] = rounded;
    }
    j->rows[row] = r;
}

static void run_rows(void *context, size_t begin, size_t end, unsigned worker) {
    const job *j = context;
    worker_state *w = &j->workers[worker];
    const evaluation_input *in = j->in;
    for (size_t row = begin; row < end; row++) {
        zkm_error error;
        zkm_status status = program_run(&error, &w->trace, in->prog, in->weights,
                                        in->integers->features + row * in->integers->num_features);
        if (status == ZKM_OK)
            status = model_predict(&error, in->model,
                                   in->reals->features + row * in->reals->num_features, w->outputs);
        if (status == ZKM_OK) {
            add_row(j, w, row);
        } else if (w->error.status == ZKM_OK || row < w->failed_row) {
            w->error = error;
            w->failed_row = row;
        }
    }
}

static zkm_status workers_new(zkm_error *err, job *j, unsigned threads, size_t outputs) {
    size_t length = j->trace_length;
    j->workers = calloc(threads, sizeof *j->workers);
    for (unsigned i = 0; j->workers && i < threads; i++) {
        worker_state *w = &j->workers[i];
        w->trace.z = calloc(length, sizeof *w->trace.z);
        w->trace.out = calloc(length, sizeof *w->trace.out);
        w->outputs = calloc(outputs, sizeof *w->outputs);
        if (!w->trace.z || !w->trace.out || !w->outputs)
            return error_memory(err, "evaluation", length * sizeof *w->trace.z);
    }
    return j->workers ? ZKM_OK : error_memory(err, "evaluation", threads * sizeof *j->workers);
}

static void workers_free(job *j, unsigned threads) {
    for (unsigned i = 0; j->workers && i < threads; i++) {
        free(j->workers[i].trace.z);
        free(j->workers[i].trace.out);
        free(j->workers[i].outputs);
    }
    free(j->workers);
}

/* The failure of the lowest row, if any. */
static zkm_status first_failure(zkm_error *err, const job *j, unsigned threads) {
    const worker_state *first = NULL;
    for (unsigned i = 0; i < threads; i++) {
        const worker_state *w = &j->workers[i];
        if (w->error.status != ZKM_OK && (!first || w->failed_row < first->failed_row))
            first = w;
    }
    if (!first)
        return ZKM_OK;
    return error_set(err, first->error.status, "%s %zu: %s", j->in->row_name, first->failed_row + 1,
                     first->error.message);
}

static int32_t *target_fracs(const schema *columns) {
    int32_t *frac = calloc(columns->num_targets, sizeof *frac);
    for (uint32_t i = 0, t = 0; frac && i < columns->num_columns; i++)
        if (columns->columns[i].role == ROLE_TARGET)
            frac[t++] = columns->columns[i].frac_bits;
    return frac;
}

zkm_status evaluate(zkm_error *err, evaluation *out, const evaluation_input *in, unsigned threads) {
    zkm_status status = ZKM_OK;
    size_t n = in->reals->n, outputs = in->prog->layers[in->prog->num_layers - 1].width;
    double float_sum = 0, integer_sum = 0, largest = 0;
    threads = threads ? threads : threads_available();
    int32_t *frac = target_fracs(in->columns);
    job j = {.in = in,
             .target_frac = frac,
             .trace_length = program_trace_length(in->prog),
             .rows = calloc(n, sizeof(row_result))};
    if (!frac || !j.rows) {
        status = error_memory(err, "evaluation", n * sizeof(row_result));
        goto out;
    }
    ZKM_TRY_OUT(workers_new(err, &j, threads, outputs));
    parallel_for(threads, n, 64, run_rows, &j);
    ZKM_TRY_OUT(first_failure(err, &j, threads));
    for (size_t i = 0; i < n; i++) {
        float_sum += j.rows[i].float_squares;
        integer_sum += j.rows[i].integer_squares;
        largest = fmax(largest, j.rows[i].largest);
    }
    double terms = (double)n * (double)outputs;
    *out = (evaluation){sqrt(float_sum / terms), sqrt(integer_sum / terms), largest};
out:
    workers_free(&j, threads);
    free(j.rows);
    free(frac);
    return status;
}
