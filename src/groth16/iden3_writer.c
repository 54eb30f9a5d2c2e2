#include "groth16/iden3_writer.h"

static void put(uint8_t *out, uint64_t v, int bytes) {
    for (int i = 0; i < bytes; i++)
        out[i] = (uint8_t)(v >> (8 * i));
}

zkm_status iden3_write_start(zkm_error *err, file_writer *file, const char magic[4],
                             uint32_t version, uint32_t sections) {
    uint8_t numbers[8];
    put(numbers, version, 4);
    put(numbers + 4, sections, 4);
    ZKM_TRY(file_writer_append(err, file, magic, 4));
    return file_writer_append(err, file, numbers, sizeof numbers);
}

zkm_status iden3_write_section(zkm_error *err, file_writer *file, uint32_t type, uint64_t bytes) {
    uint8_t frame[12];
    put(frame, type, 4);
    put(frame + 4, bytes, 8);
    return file_writer_append(err, file, frame, sizeof frame);
}

zkm_status iden3_write_whole(zkm_error *err, file_writer *file, uint32_t type,
                             const byte_writer *w) {
    if (w->failed)
        return error_memory(err, "section", w->len);
    ZKM_TRY(iden3_write_section(err, file, type, w->len));
    return file_writer_append(err, file, w->data, w->len);
}
