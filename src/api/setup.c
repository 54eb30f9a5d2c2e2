/* Key generation by one party, and opening proving keys. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "api/internal.h"
#include "api/json.h"
#include "api/relay.h"
#include "base/error.h"
#include "base/file.h"
#include "base/progress.h"
#include "groth16/json.h"
#include "groth16/setup.h"
#include "math/fft.h"

#define PATH_ROOM 4096u

/* FOLDER/NAME; ZKM_ERR_ARGUMENT when that is longer than any path may be. */
static zkm_status join(zkm_error *err, char out[PATH_ROOM], const char *folder, const char *name) {
    int n = snprintf(out, PATH_ROOM, "%s/%s", folder, name);
    if (n < 0 || (size_t)n >= PATH_ROOM)
        return error_set(err, ZKM_ERR_ARGUMENT, "%.80s...: path too long", folder);
    return ZKM_OK;
}

static zkm_status make_folder(zkm_error *err, const char *folder) {
    if (mkdir(folder, 0777) == 0 || errno == EEXIST)
        return ZKM_OK;
    return error_set(err, errno == ENOSPC || errno == EIO ? ZKM_ERR_IO : ZKM_ERR_NOT_FOUND,
                     "%s: cannot make the folder: %s", folder, strerror(errno));
}

static zkm_status write_json(zkm_error *err, const char *path, const groth16_vk *vk) {
    json_t *object = NULL;
    char *text = NULL;
    ZKM_TRY(groth16_vk_to_json(err, &object, vk));
    ZKM_TRY(json_to_text(err, &text, object, 17));
    zkm_status status = file_write(err, path, 0644, text, strlen(text));
    free(text);
    return status;
}

static uint64_t size_of(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size : 0;
}

static zkm_status setup_report(zkm_error *err, char **text, const zkm_circuit *system,
                               const groth16_vk *vk, const char *pk_path, const char *vk_path) {
    report r = report_new();
    const r1cs *cs = circuit_constraints(system->value);
    report_text(&r, "setup", "single-party");
    report_count(&r, "constraints", cs->num_rows);
    report_count(&r, "domain", fft_domain_smallest(cs->num_rows));
    report_count(&r, "wires", cs->num_wires);
    report_count(&r, "committed_wires", cs->num_committed);
    report_text(&r, "pk", pk_path);
    report_count(&r, "pk_bytes", size_of(pk_path));
    report_text(&r, "vk", vk_path);
    report_count(&r, "vk_bytes", size_of(vk_path));
    report_hex(&r, "circuit_digest", circuit_digest(system->value));
    report_hex(&r, "vk_digest", vk->digest);
    return report_finish(err, text, &r);
}

zkm_status zkm_setup(zkm_error *err, char **text, const zkm_circuit *system, const char *folder,
                     const zkm_options *options) {
    char pk_path[PATH_ROOM], vk_path[PATH_ROOM], json_path[PATH_ROOM];
    groth16_vk *vk = NULL;
    static const unsigned shares[] = {80, 920}; /* polynomials, points */
    relay whole = {.sink = options ? options->progress : NULL, .shares = shares, .count = 2};
    zkm_progress progress = relay_progress(&whole);
    groth16_setup_options setup = {.threads = options ? options->threads : 0,
                                   .progress = &progress};
    zkm_status status = ZKM_OK;
    ZKM_TRY(join(err, pk_path, folder, "pk.zkm"));
    ZKM_TRY(join(err, vk_path, folder, "vk.zkm"));
    ZKM_TRY(join(err, json_path, folder, "vk.json"));
    ZKM_TRY(make_folder(err, folder));
    ZKM_TRY_OUT(groth16_setup(err, &vk, pk_path, circuit_constraints(system->value),
                              circuit_digest(system->value), &setup));
    /* The new proving key is in place: verifying keys of an older setup no longer go with it. */
    remove(vk_path);
    remove(json_path);
    ZKM_TRY_OUT(groth16_vk_write(err, vk, vk_path));
    ZKM_TRY_OUT(write_json(err, json_path, vk));
    if (text)
        ZKM_TRY_OUT(setup_report(err, text, system, vk, pk_path, vk_path));
out:
    groth16_vk_free(vk);
    return status;
}

zkm_status zkm_proving_key_open(zkm_error *err, zkm_proving_key **out, const char *path,
                                const zkm_circuit *system, const zkm_options *options) {
    groth16_pk *pk = NULL;
    ZKM_TRY(progress_report(err, options ? options->progress : NULL, "opening the key", 0, 1));
    ZKM_TRY(groth16_pk_open(err, &pk, path, circuit_digest(system->value)));
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
