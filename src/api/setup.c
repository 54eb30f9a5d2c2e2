/* Key generation by one party, and opening proving keys. */
#include <stdlib.h>
#include <string.h>

#include "api/internal.h"
#include "api/json.h"
#include "api/keys_folder.h"
#include "api/relay.h"
#include "base/error.h"
#include "base/progress.h"
#include "groth16/setup.h"
#include "math/fft.h"

static zkm_status setup_report(zkm_error *err, char **text, const zkm_circuit *system,
                               const groth16_vk *vk, const keys_folder *folder) {
    report r = report_new();
    const r1cs *cs = circuit_constraints(system->value);
    report_text(&r, "setup", "single-party");
    report_count(&r, "constraints", cs->num_constraints);
    report_count(&r, "domain", fft_domain_smallest(cs->num_rows));
    report_count(&r, "wires", cs->num_wires);
    report_count(&r, "committed_wires", cs->num_committed);
    keys_folder_report(&r, folder, vk);
    return report_finish(err, text, &r);
}

zkm_status zkm_setup(zkm_error *err, char **text, const zkm_circuit *system, const char *folder,
                     const zkm_options *options) {
    keys_folder keys;
    groth16_vk *vk = NULL;
    static const unsigned shares[] = {80, 920}; /* polynomials, points */
    relay whole = {.sink = options ? options->progress : NULL, .shares = shares, .count = 2};
    zkm_progress progress = relay_progress(&whole);
    groth16_setup_options setup = {.threads = options ? options->threads : 0,
                                   .progress = &progress};
    zkm_status status = ZKM_OK;
    ZKM_TRY(keys_folder_open(err, &keys, folder));
    ZKM_TRY_OUT(groth16_setup(err, &vk, keys.pk, circuit_constraints(system->value),
                              circuit_digest(system->value), &setup));
    ZKM_TRY_OUT(keys_folder_finish(err, &keys, vk));
    if (text)
        ZKM_TRY_OUT(setup_report(err, text, system, vk, &keys));
out:
    groth16_vk_free(vk);
    return status;
}

zkm_status zkm_proving_key_open(zkm_error *err, zkm_proving_key **out, const char *path,
                                const zkm_circuit *system, const zkm_options *options) {
    groth16_pk *pk = NULL;
    ZKM_TRY(progress_report(err, options ? options->progress : NULL, "opening the key", 0, 1));
    ZKM_TRY(groth16_pk_open(err, &pk, path, system ? circuit_digest(system->value) : NULL));
    zkm_proving_key *key = calloc(1, sizeof *key);
    char *copy = strdup(path);
    if (!key || !copy) {
        free(key);
        free(copy);
        groth16_pk_free(pk);
        return error_memory(err, path, sizeof *key);
    }
    *key = (zkm_proving_key){pk, copy};
    *out = key;
    return ZKM_OK;
}

void zkm_proving_key_free(zkm_proving_key *key) {
    if (!key)
        return;
    groth16_pk_free(key->value);
    free(key->path);
    free(key);
}
