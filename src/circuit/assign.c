/*
 * The witness: every committed wire from model, data and statement, with the multiplicities of all
 * lookups. Samples beyond n repeat sample 0, so that they run through the network as inside its
 * ranges as it does; their active bit is 0.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/threads.h"
#include "base/wipe.h"
#include "circuit/layout.h"
#include "circuit/wide.h"
#include "claim/model_id.h"

/* ---------------------------------------------------------------- running the network */

typedef struct {
    const circuit *c;
    const circuit_private *in;
    int64_t *z;   /* n x length */
    int16_t *out; /* n x length */
    size_t length;
    zkm_error *errors; /* one a worker: the first failure it met */
    size_t *failed;    /* its sample + 1 */
} network_run;

static void run_samples(void *context, size_t begin, size_t end, unsigned worker) {
    network_run *run = context;
    for (size_t i = begin; i < end && !run->failed[worker]; i++) {
        program_trace trace = {run->z + i * run->length, run->out + i * run->length};
        if (program_run(&run->errors[worker], &trace, &run->c->spec.prog, run->in->weights,
                        run->in->data->features + i * run->in->data->num_features) != ZKM_OK)
            run->failed[worker] = i + 1;
    }
}

static zkm_status first_failure(zkm_error *err, const network_run *run, unsigned threads) {
    unsigned first = threads;
    for (unsigned w = 0; w < threads; w++)
        if (run->failed[w] && (first == threads || run->failed[w] < run->failed[first]))
            first = w;
    if (first == threads)
        return ZKM_OK;
    if (err)
        *err = run->errors[first];
    return error_prefix(err, run->errors[first].status, "sample %zu", run->failed[first]);
}

static void network_run_clear(network_run *run) {
    size_t cells = run->in->data->n * run->length;
    if (run->z)
        secure_wipe(run->z, cells * sizeof *run->z);
    if (run->out)
        secure_wipe(run->out, cells * sizeof *run->out);
    free(run->z);
    free(run->out);
    free(run->errors);
    free(run->failed);
}

/* Runs every sample; ends with network_run_clear, after failure too. */
static zkm_status network_run_all(zkm_error *err, network_run *run, const circuit *c,
                                  const circuit_private *in, unsigned threads) {
    if (threads == 0)
        threads = threads_available();
    size_t length = program_trace_length(&c->spec.prog), n = in->data->n;
    *run = (network_run){.c = c, .in = in, .length = length};
    run->z = malloc(n * length * sizeof *run->z);
    run->out = malloc(n * length * sizeof *run->out);
    run->errors = calloc(threads, sizeof *run->errors);
    run->failed = calloc(threads, sizeof *run->failed);
    if (!run->z || !run->out || !run->errors || !run->failed)
        return error_memory(err, "network run", n * length * sizeof *run->z);
    parallel_for(threads, n, 0, run_samples, run);
    return first_failure(err, run, threads);
}

static zkm_status check_private(zkm_error *err, const circuit *c, const circuit_private *in) {
    const dataset *d = in->data;
    if (d->n < 1 || d->n > c->spec.capacity)
        return error_set(err, ZKM_ERR_MISMATCH,
                         "dataset: %u samples, but the circuit's capacity is %u; commit to fewer "
                         "rows or compile with a larger --capacity",
                         d->n, c->spec.capacity);
    if (d->num_features != c->spec.prog.num_features ||
        d->num_targets != c->spec.columns.num_targets)
        return error_set(err, ZKM_ERR_MISMATCH,
                         "dataset: %u features and %u targets, but the circuit has %u and %u; use "
                         "the circuit's schema",
                         d->num_features, d->num_targets, c->spec.prog.num_features,
                         c->spec.columns.num_targets);
    return ZKM_OK;
}

/* ---------------------------------------------------------------- metric */

static unsigned __int128 sum_squares(const circuit *c, const circuit_private *in,
                                     const network_run *run) {
    const dataset *d = in->data;
    unsigned __int128 sum = 0;
    for (size_t i = 0; i < d->n; i++) {
        const int16_t *p = run->out + (i + 1) * run->length - d->num_targets;
        for (uint32_t o = 0; o < d->num_targets; o++) {
            __int128 e = (__int128)p[o] * ((__int128)1 << c->metric.prediction_shift) -
                         (__int128)d->targets[i * d->num_targets + o] *
                             ((__int128)1 << c->metric.target_shift[o]);
            sum += (unsigned __int128)(e * e);
        }
    }
    return sum;
}

static void metric_of_run(circuit_metric *out, const circuit *c, const circuit_private *in,
                          const network_run *run) {
    *out = (circuit_metric){.sum_squares = sum_squares(c, in, run),
                            .frac = c->metric.frac,
                            .num_outputs = (uint64_t)in->data->n * in->data->num_targets};
    out->rmse = ldexp(sqrt((double)out->sum_squares / (double)out->num_outputs), -out->frac);
}

zkm_status circuit_measure(zkm_error *err, circuit_metric *out, const circuit *c,
                           const circuit_private *in, unsigned threads) {
    network_run run;
    ZKM_TRY(check_private(err, c, in));
    zkm_status status = network_run_all(err, &run, c, in, threads);
    if (status == ZKM_OK)
        metric_of_run(out, c, in, &run);
    network_run_clear(&run);
    return status;
}

/* D = num_outputs t^2 - S 2^(64 - 2F), modulo 2^256. */
static wide metric_difference(const circuit_metric *metric, uint64_t threshold) {
    wide bound = wide_from_u128((unsigned __int128)threshold * threshold);
    bound = wide_mul_u64(&bound, metric->num_outputs);
    wide sum = wide_from_u128(metric->sum_squares);
    sum = wide_shift_left(&sum, (unsigned)(64 - 2 * metric->frac));
    return wide_sub(&bound, &sum);
}

uint32_t circuit_verdict(const circuit_metric *metric, uint64_t threshold) {
    wide d = metric_difference(metric, threshold);
    return !wide_is_negative(&d) && !wide_is_zero(&d);
}

/* ---------------------------------------------------------------- wires */

/* Multiplicities of one worker: the range table's and those of the program's looked-up tables. */
typedef struct {
    lookup_counts range;
    lookup_counts *tables;
} worker_counts;

typedef struct {
    const circuit *c;
    const circuit_private *in;
    const network_run *run;
    fr *wires;
    worker_counts *counts;
} assignment;

static void assign_range(const assignment *a, const range_wires *w, size_t instance, uint64_t value,
                         unsigned worker) {
    const uint64_t words[4] = {value, 0, 0, 0};
    fr *limbs = a->wires + w->limbs.base + instance * w->limbs.width;
    range_assign(w, a->c->plan.width, &a->counts[worker].range, limbs, words);
}

static void assign_int16(const assignment *a, const wire_array *array, const range_wires *range,
                         size_t index, int16_t v, unsigned worker) {
    fr_set_i64(&a->wires[array->base + index], v);
    assign_range(a, range, index, (uint64_t)(v + 32768), worker);
}

static void assign_neuron(const assignment *a, uint32_t layer, size_t index, int64_t z, int16_t out,
                          unsigned worker) {
    const program_layer *l = &a->c->spec.prog.layers[layer];
    const program_table *t = &a->c->spec.prog.tables[l->table];
    const layer_plan *lp = &a->c->plan.layers[layer];
    const layer_layout *at = &a->c->at.layers[layer];
    unsigned width = a->c->plan.width;
    int64_t rounded = z + (INT64_C(1) << (l->shift - 1));
    int64_t hi = rounded >> l->shift;
    uint64_t u = (uint64_t)(rounded - hi * (INT64_C(1) << l->shift)) << lp->scale;
    for (unsigned j = 0; j < lp->limbs; j++) {
        uint64_t limb = u >> (width * j) & ((UINT64_C(1) << width) - 1);
        fr_set_u64(&a->wires[at->remainder.base + index * lp->limbs + j], limb);
        a->counts[worker].range.counts[limb]++;
    }
    fr_set_i64(&a->wires[at->h.base + index], out);
    switch (lp->form) {
    case FORM_IDENTITY:
        assign_range(a, &at->h_range, index, (uint64_t)(out + (INT64_C(1) << (t->bits - 1))),
                     worker);
        break;
    case FORM_PACKED:
        fr_set_i64(&a->wires[at->hi.base + index], hi);
        assign_range(a, &at->h_range, index, (uint64_t)(out + 32768), worker);
        a->counts[worker].tables[l->table].counts[hi + (INT64_C(1) << (t->bits - 1))]++;
        break;
    case FORM_SPLIT:
        fr_set_i64(&a->wires[at->g.base + index], out - hi);
        assign_range(a, &at->h_range, index, (uint64_t)out, worker);
        assign_range(a, &at->g_range, index, (uint64_t)(out - hi), worker);
        break;
    }
}

static void assign_samples(void *context, size_t begin, size_t end, unsigned worker) {
    const assignment *a = context;
    const dataset *d = a->in->data;
    const circuit_layout *at = &a->c->at;
    for (size_t s = begin; s < end; s++) {
        size_t from = s < d->n ? s : 0, cell = from * a->run->length;
        fr_set_u64(&a->wires[at->active.base + s], s < d->n);
        for (uint32_t k = 0; k < d->num_features; k++)
            assign_int16(a, &at->features, &at->feature_range, s * d->num_features + k,
                         d->features[from * d->num_features + k], worker);
        for (uint32_t o = 0; o < d->num_targets; o++)
            assign_int16(a, &at->targets, &at->target_range, s * d->num_targets + o,
                         d->targets[from * d->num_targets + o], worker);
        for (uint32_t l = 0; l < a->c->spec.prog.num_layers; l++) {
            uint32_t width = a->c->spec.prog.layers[l].width;
            for (uint32_t m = 0; m < width; m++, cell++)
                assign_neuron(a, l, s * width + m, a->run->z[cell], a->run->out[cell], worker);
        }
    }
}

static void assign_model(const assignment *a) {
    const program *p = &a->c->spec.prog;
    const circuit_layout *at = &a->c->at;
    for (size_t i = 0; i < p->num_weights; i++)
        assign_int16(a, &at->weights, &at->weight_range, i, a->in->weights->weights[i], 0);
    for (uint32_t l = 0; l < p->num_layers; l++) {
        const program_layer *layer = &p->layers[l];
        for (uint32_t m = 0; m < layer->width; m++) {
            int64_t bias = a->in->weights->biases[layer->biases + m];
            fr_set_i64(&a->wires[at->biases.base + layer->biases + m], bias);
            assign_range(a, &at->layers[l].bias_range, m,
                         (uint64_t)(bias + (INT64_C(1) << (layer->bias_bits - 1))), 0);
        }
    }
}

/* The statement's fields and the checked side of the inequality: D - 1 for verdict 1, -D for 0. */
static void assign_statement(const assignment *a, const statement *claim) {
    const circuit_layout *at = &a->c->at;
    circuit_metric metric;
    metric_of_run(&metric, a->c, a->in, a->run);
    statement_to_fields(a->wires + at->statement.base, claim);
    a->wires[at->salt.base] = *a->in->salt;
    wide d = metric_difference(&metric, claim->threshold), one = wide_from_u128(1);
    wide zero = wide_from_u128(0);
    wide value = claim->verdict ? wide_sub(&d, &one) : wide_sub(&zero, &d);
    wide_truncate(&value, a->c->metric.bits);
    range_assign(&at->metric_range, a->c->plan.width, &a->counts[0].range,
                 a->wires + at->metric_range.limbs.base, value.l);
}

/* ---------------------------------------------------------------- multiplicities */

static size_t counts_per_worker(const circuit *c) {
    size_t n = (size_t)1 << c->plan.width;
    for (uint32_t t = 0; t < c->spec.prog.num_tables; t++)
        if (c->plan.base[t])
            n += (size_t)1 << c->spec.prog.tables[t].bits;
    return n;
}

/* One block of zeroed counters a worker; *tables holds the views of all workers. */
static void lay_out_counts(const circuit *c, worker_counts *counts, lookup_counts *tables,
                           uint32_t *counters, unsigned threads) {
    for (unsigned w = 0; w < threads; w++) {
        counts[w].range = (lookup_counts){counters, UINT32_C(1) << c->plan.width};
        counters += counts[w].range.size;
        counts[w].tables = tables + (size_t)w * c->spec.prog.num_tables;
        for (uint32_t t = 0; t < c->spec.prog.num_tables; t++) {
            if (!c->plan.base[t])
                continue;
            counts[w].tables[t] =
                (lookup_counts){counters, UINT32_C(1) << c->spec.prog.tables[t].bits};
            counters += counts[w].tables[t].size;
        }
    }
}

static void add_multiplicities(fr *wires, const wire_array *at, const lookup_counts *first,
                               size_t stride, unsigned threads) {
    for (uint32_t j = 0; j < first->size; j++) {
        uint64_t n = 0;
        for (unsigned w = 0; w < threads; w++)
            n += first->counts[w * stride + j];
        fr_set_u64(&wires[at->base + j], n);
    }
}

static void assign_all(assignment *a, const statement *claim, size_t stride, unsigned threads) {
    const circuit *c = a->c;
    fr_set_one(&a->wires[0]);
    parallel_for(threads, c->spec.capacity, 0, assign_samples, a);
    assign_model(a);
    assign_statement(a, claim);
    add_multiplicities(a->wires, &c->at.range_counts, &a->counts[0].range, stride, threads);
    for (uint32_t t = 0; t < c->spec.prog.num_tables; t++)
        if (c->plan.base[t])
            add_multiplicities(a->wires, &c->at.table_counts[t], &a->counts[0].tables[t], stride,
                               threads);
}

zkm_status circuit_assign(zkm_error *err, fr *wires, const circuit *c, const circuit_private *in,
                          const statement *claim, unsigned threads) {
    network_run run;
    if (threads == 0)
        threads = threads_available();
    size_t stride = counts_per_worker(c), room = stride * threads * sizeof(uint32_t);
    ZKM_TRY(check_private(err, c, in));
    worker_counts *counts = calloc(threads, sizeof *counts);
    lookup_counts *tables = calloc((size_t)threads * c->spec.prog.num_tables, sizeof *tables);
    uint32_t *counters = calloc(1, room);
    zkm_status status = network_run_all(err, &run, c, in, threads);
    if (status == ZKM_OK && (!counts || !tables || !counters))
        status = error_memory(err, "witness", room);
    if (status == ZKM_OK) {
        assignment a = {c, in, &run, wires, counts};
        lay_out_counts(c, counts, tables, counters, threads);
        assign_all(&a, claim, stride, threads);
    }
    network_run_clear(&run);
    if (counters)
        secure_wipe(counters, room);
    free(counters);
    free(tables);
    free(counts);
    return status;
}

/* ---------------------------------------------------------------- the model alone */

static void mark_array(bool *known, const wire_array *w) {
    memset(known + w->base, true, (size_t)w->width * w->count * sizeof *known);
}

static void mark_model(bool *known, const circuit *c) {
    const circuit_layout *at = &c->at;
    memset(known, 0, c->cs->num_wires * sizeof *known);
    known[0] = true;
    mark_array(known, &at->weights);
    mark_array(known, &at->biases);
    mark_array(known, &at->weight_range.limbs);
    for (uint32_t l = 0; l < c->spec.prog.num_layers; l++)
        mark_array(known, &at->layers[l].bias_range.limbs);
    known[at->statement.base + STATEMENT_MODEL_ID] = true;
}

zkm_status circuit_assign_model(zkm_error *err, fr *wires, bool *known, const circuit *c,
                                const program_weights *weights) {
    /* Multiplicities, which count the data's lookups too, are of no use here. */
    const size_t room = ((size_t)1 << c->plan.width) * sizeof(uint32_t);
    uint32_t *counters = calloc(1, room);
    if (!counters)
        return error_memory(err, "the model's wires", room);
    worker_counts counts = {.range = {counters, UINT32_C(1) << c->plan.width}};
    const circuit_private in = {.weights = weights};
    const assignment a = {.c = c, .in = &in, .wires = wires, .counts = &counts};
    fr_set_one(&wires[0]);
    mark_model(known, c);
    assign_model(&a);
    model_id(&wires[c->at.statement.base + STATEMENT_MODEL_ID], c->architecture, &c->spec.prog,
             weights);
    r1cs_solve_known(c->cs, wires, known);
    secure_wipe(counters, room);
    free(counters);
    return ZKM_OK;
}
