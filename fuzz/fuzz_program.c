/* Program bytes: what reads must check and write back the same. */
#include <string.h>

#include "fuzz.h"
#include "model/program.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    zkm_error err = {0};
    program p = {0};
    byte_reader r = reader_init(data, len);
    byte_writer w = writer_init();
    zkm_status status = program_read(&err, &p, &r);
    require(status == ZKM_OK || (err.message[0] != '\0' && !p.layers && !p.tables));
    if (status == ZKM_OK) {
        require(program_check(NULL, &p) == ZKM_OK);
        program_write(&w, &p, data[4] != 0);
        require(w.len == len - reader_left(&r) && memcmp(w.data, data, w.len) == 0);
    }
    program_clear(&p);
    writer_clear(&w);
    return 0;
}
