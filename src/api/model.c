/* Opening models. */
#include <stdlib.h>
#include <string.h>

#include "api/internal.h"
#include "base/error.h"

zkm_status zkm_model_open(zkm_error *err, zkm_model **out, const char *path,
                          const char *output_name) {
    zkm_status status = ZKM_OK;
    model *value = NULL;
    zkm_model *m = NULL;
    char *copy = NULL;
    ZKM_TRY_OUT(model_open(err, &value, path, output_name, NULL));
    status = model_check_supported(err, value);
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

void zkm_model_free(zkm_model *m) {
    if (!m)
        return;
    model_free(m->value);
    free(m->path);
    free(m);
}
