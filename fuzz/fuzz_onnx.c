/* ONNX bytes: whatever opens as a supported model must quantise into a program that checks, reads
 * back from its bytes, and takes its own weights again; or fail with a message. */
#include <string.h>

#include "fuzz.h"
#include "model/model.h"

static void require_round_trip(const program *p) {
    uint8_t a[32], b[32];
    program again = {0};
    byte_writer w = writer_init();
    program_write(&w, p, true);
    byte_reader r = reader_init(w.data, w.len);
    require(!w.failed && program_read(NULL, &again, &r) == ZKM_OK && reader_left(&r) == 0);
    program_digest(a, p);
    program_digest(b, &again);
    require(memcmp(a, b, 32) == 0);
    program_clear(&again);
    writer_clear(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    zkm_error err = {0};
    model *m = NULL;
    program p = {0};
    program_weights w = {0};
    model_limits limits = {.file_bytes = 1 << 20, .data_bytes = 1 << 24, .memory_bytes = 1 << 28};
    model_quantise_options options = {.bits = 8, .headroom = 2, .capacity = 1};
    zkm_status status = model_open_bytes(&err, &m, data, len, NULL, NULL, &limits);
    require(status == ZKM_OK || (err.status == status && err.message[0] != '\0' && m == NULL));
    if (status != ZKM_OK)
        return 0;
    err = (zkm_error){0};
    status = model_quantise_nominal(&err, &p, m, &options);
    require(status == ZKM_OK || (err.status == status && err.message[0] != '\0' && !p.layers));
    if (status == ZKM_OK) {
        require(program_check(NULL, &p) == ZKM_OK);
        require_round_trip(&p);
        require(model_quantise_with(&err, &w, m, &p) == ZKM_OK);
        program_weights_clear(&w);
        program_clear(&p);
    }
    model_free(m);
    return 0;
}
