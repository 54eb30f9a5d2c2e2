/* Proving keys specialised to one model. */
#include <stdlib.h>

#include "api/internal.h"
#include "api/json.h"
#include "base/error.h"
#include "base/progress.h"
#include "groth16/pk_halve.h"
#include "groth16/pk_specialise.h"
#include "groth16/scratch.h"

static zkm_status specialise_report(zkm_error *err, char **text, const zkm_circuit *system,
                                    const bool *known, const uint8_t id[32]) {
    report r = report_new();
    const r1cs *cs = circuit_constraints(system->value);
    uint64_t fixed = 0;
    for (uint32_t i = 0; i < cs->num_wires; i++)
        fixed += known[i];
    report_hex(&r, "model_id", id);
    report_count(&r, "wires", cs->num_wires);
    report_count(&r, "fixed_wires", fixed);
    report_set(&r, "halved", json_boolean(pk_can_halve(cs, known)));
    return report_finish(err, text, &r);
}

zkm_status zkm_proving_key_specialise(zkm_error *err, char **text, const zkm_proving_key *key,
                                      const zkm_circuit *system, const zkm_model *m,
                                      const char *path, const zkm_options *options) {
    const size_t wires = circuit_constraints(system->value)->num_wires;
    program_weights weights = {0};
    scratch values = {0}, known = {0};
    uint8_t id[32];
    fr digest;
    zkm_status status;
    ZKM_TRY_OUT(progress_report(err, options ? options->progress : NULL, "specialising", 0, 1));
    ZKM_TRY_OUT(model_weights(err, &weights, m, system));
    model_weights_id(&digest, system, &weights);
    fr_to_bytes(id, &digest);
    ZKM_TRY_OUT(scratch_array(err, &values, "the model's wires", wires, sizeof(fr)));
    ZKM_TRY_OUT(scratch_array(err, &known, "the model's wires", wires, sizeof(bool)));
    ZKM_TRY_OUT(circuit_assign_model(err, values.data, known.data, system->value, &weights));
    status = groth16_pk_specialise(err, path, key->value, circuit_constraints(system->value),
                                   values.data, known.data, id, options ? options->threads : 0,
                                   options ? options->progress : NULL);
    if (status != ZKM_OK)
        status = error_prefix(err, status, "%s", key->path);
    if (status == ZKM_OK && text)
        status = specialise_report(err, text, system, known.data, id);
out:
    program_weights_clear(&weights);
    scratch_free(&values);
    scratch_free(&known);
    return status;
}
