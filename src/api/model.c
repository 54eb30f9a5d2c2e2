/* Opening models. */
#include <stdlib.h>
#include <string.h>

#include "api/internal.h"
#include "base/error.h"
#include "claim/model_id.h"

/* Takes the value over, which is freed on failure too. */
static zkm_status model_wrap(zkm_error *err, zkm_model **out, model *value, const char *path) {
    zkm_model *m = NULL;
    char *copy = NULL;
    zkm_status status = model_check_supported(err, value);
    if (status != ZKM_OK) {
        status = error_prefix(err, status, "%s", path);
        goto out;
    }
    m = calloc(1, sizeof *m);
    copy = strdup(path);
    if (!m || !copy) {
        status = error_memory(err, path, sizeof *m);
        goto out;
    }
    *m = (zkm_model){value, copy};
    *out = m;
    return ZKM_OK;
out:
    model_free(value);
    free(m);
    free(copy);
    return status;
}

zkm_status zkm_model_open(zkm_error *err, zkm_model **out, const char *path,
                          const char *output_name) {
    model *value = NULL;
    ZKM_TRY(model_open(err, &value, path, output_name, NULL));
    return model_wrap(err, out, value, path);
}

zkm_status zkm_model_from_bytes(zkm_error *err, zkm_model **out, const uint8_t *data, size_t len,
                                const char *output_name) {
    model *value = NULL;
    zkm_status status = model_open_bytes(err, &value, data, len, NULL, output_name, NULL);
    if (status != ZKM_OK)
        return error_prefix(err, status, "the model");
    return model_wrap(err, out, value, "the model");
}

zkm_status model_weights(zkm_error *err, program_weights *out, const zkm_model *m,
                         const zkm_circuit *c) {
    zkm_status status = model_quantise_with(err, out, m->value, &circuit_get_spec(c->value)->prog);
    return status == ZKM_OK ? status : error_prefix(err, status, "%s under %s", m->path, c->path);
}

void model_weights_id(fr *out, const zkm_circuit *c, const program_weights *weights) {
    const program *p = &circuit_get_spec(c->value)->prog;
    uint8_t architecture[32];
    program_digest(architecture, p);
    model_id(out, architecture, p, weights);
}

uint32_t zkm_model_num_features(const zkm_model *m) {
    return model_get_info(m->value)->num_features;
}

uint32_t zkm_model_num_outputs(const zkm_model *m) {
    return model_get_info(m->value)->num_outputs_per_sample;
}

void zkm_model_free(zkm_model *m) {
    if (!m)
        return;
    model_free(m->value);
    free(m->path);
    free(m);
}
