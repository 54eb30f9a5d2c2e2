/* The file: 8 bytes of magic, the subject, steps (u32), 0 (u32), the array's hash, the array. */
#include "groth16/checkpoint.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/file.h"
#include "math/keccak.h"
#include "math/keccak_chunks.h"

enum { CHUNK = 1 << 12, HEADER = 8 + 32 + 8 + 32 };

static const uint8_t MAGIC[8] = "zkmpart1";

/* The hash of the hashes of chunks, and of what is left over. */
static bool hash_array(uint8_t out[32], const uint8_t *data, size_t bytes) {
    size_t chunks = bytes / CHUNK;
    uint8_t(*digests)[32] = malloc((chunks + 1) * sizeof *digests);
    if (!digests)
        return false;
    keccak256_chunks(digests, data, CHUNK, chunks);
    keccak256(digests[chunks], data + chunks * CHUNK, bytes - chunks * CHUNK);
    keccak256(out, digests[0], (chunks + 1) * sizeof *digests);
    free(digests);
    return true;
}

zkm_status checkpoint_save(zkm_error *err, const char *path, const uint8_t subject[32],
                           const void *data, size_t bytes, unsigned steps) {
    uint8_t header[HEADER] = {0};
    file_writer *file = NULL;
    zkm_status status;
    if (!path)
        return ZKM_OK;
    memcpy(header, MAGIC, sizeof MAGIC);
    memcpy(header + 8, subject, 32);
    for (int i = 0; i < 4; i++)
        header[40 + i] = (uint8_t)(steps >> 8 * i);
    if (!hash_array(header + 48, data, bytes))
        return error_memory(err, "checkpoint", bytes / CHUNK * 32);
    ZKM_TRY(file_writer_open(err, &file, path, 0644));
    ZKM_TRY_OUT(file_writer_append(err, file, header, sizeof header));
    ZKM_TRY_OUT(file_writer_append(err, file, data, bytes));
    status = file_writer_commit(err, file);
    file = NULL;
out:
    file_writer_abort(file);
    return status;
}

static bool open_checkpoint(file_view *out, const char *path, const uint8_t subject[32],
                            size_t bytes) {
    zkm_error unused;
    if (!path || file_open(&unused, out, path, HEADER + bytes) != ZKM_OK)
        return false;
    if (out->len == HEADER + bytes && memcmp(out->data, MAGIC, sizeof MAGIC) == 0 &&
        memcmp(out->data + 8, subject, 32) == 0)
        return true;
    file_close(out);
    return false;
}

bool checkpoint_load(const char *path, const uint8_t subject[32], void *data, size_t bytes,
                     unsigned *steps) {
    file_view file;
    uint8_t hash[32];
    if (!open_checkpoint(&file, path, subject, bytes))
        return false;
    const uint8_t *array = file.data + HEADER;
    bool good = hash_array(hash, array, bytes) && memcmp(hash, file.data + 48, 32) == 0;
    if (good) {
        memcpy(data, array, bytes);
        *steps = 0;
        for (int i = 4; i-- > 0;)
            *steps = *steps << 8 | file.data[40 + i];
    }
    file_close(&file);
    return good;
}

bool checkpoint_holds(const char *path, const uint8_t subject[32], size_t bytes) {
    file_view file;
    bool holds = open_checkpoint(&file, path, subject, bytes);
    if (holds)
        file_close(&file);
    return holds;
}
