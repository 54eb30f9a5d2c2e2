/* One proof from files: what can be read side by side is. */
#include <stdatomic.h>

#include "api/internal.h"
#include "base/error.h"
#include "base/progress.h"
#include "base/threads.h"

typedef struct {
    const zkm_prove_paths *paths;
    zkm_circuit *circuit;
    zkm_proving_key *key;
    zkm_model *model;
    zkm_opening *opening;
    zkm_error circuit_error, rest_error;
    zkm_status circuit_status, rest_status;
    atomic_bool circuit_is_read;
} inputs;

static zkm_status read_rest(zkm_error *err, inputs *in) {
    ZKM_TRY(zkm_model_open(err, &in->model, in->paths->model, in->paths->output));
    ZKM_TRY(zkm_opening_read(err, &in->opening, in->paths->opening));
    ZKM_TRY(zkm_proving_key_open(err, &in->key, in->paths->key, NULL, NULL));
    groth16_pk_check_ahead(in->key->value, &in->circuit_is_read);
    return ZKM_OK;
}

/* The circuit, which takes longest, and the rest. */
static void read_task(void *context, size_t begin, size_t end, unsigned worker) {
    inputs *in = context;
    (void)worker;
    for (size_t task = begin; task < end; task++) {
        if (task == 0) {
            in->circuit_status =
                zkm_circuit_read(&in->circuit_error, &in->circuit, in->paths->circuit);
            atomic_store(&in->circuit_is_read, true);
        } else {
            in->rest_status = read_rest(&in->rest_error, in);
        }
    }
}

static zkm_status first_failure(zkm_error *err, const inputs *in) {
    const bool in_circuit = in->circuit_status != ZKM_OK;
    const zkm_status status = in_circuit ? in->circuit_status : in->rest_status;
    if (status != ZKM_OK && err)
        *err = in_circuit ? in->circuit_error : in->rest_error;
    return status;
}

zkm_status zkm_prove_files(zkm_error *err, zkm_proof **out, char **text,
                           const zkm_prove_paths *paths, const zkm_prove_options *what,
                           const zkm_options *options) {
    inputs in = {.paths = paths};
    zkm_status status;
    atomic_init(&in.circuit_is_read, false);
    ZKM_TRY_OUT(
        progress_report(err, options ? options->progress : NULL, "reading the inputs", 0, 1));
    parallel_for(options ? options->threads : 0, 2, 1, read_task, &in);
    ZKM_TRY_OUT(first_failure(err, &in));
    status = zkm_prove(err, out, text, in.circuit, in.key, in.model, in.opening, what, options);
out:
    zkm_opening_free(in.opening);
    zkm_model_free(in.model);
    zkm_proving_key_free(in.key);
    zkm_circuit_free(in.circuit);
    return status;
}
