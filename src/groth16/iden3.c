/* Reading iden3's container format: no length is believed before it is compared with what is there.
 */
#include "groth16/iden3.h"

#include <string.h>

#include "math/fp.h"

zkm_status iden3_damaged(zkm_error *err, const char *what, const char *problem) {
    return error_set(err, ZKM_ERR_FORMAT,
                     "%s: %s; the file is damaged, cut off or of another kind: make it again", what,
                     problem);
}

static zkm_status take_section(zkm_error *err, iden3_file *file, byte_reader *r) {
    uint32_t type = reader_u32_le(r);
    uint64_t size = reader_u64_le(r);
    if (r->failed || size > reader_left(r))
        return iden3_damaged(err, file->what, "a section reaches beyond the end of the file");
    file->type[file->num_sections] = type;
    file->section[file->num_sections] = reader_init(reader_take(r, (size_t)size), (size_t)size);
    file->num_sections++;
    return ZKM_OK;
}

zkm_status iden3_open(zkm_error *err, iden3_file *out, const char *what, const char magic[4],
                      uint32_t max_version, const uint8_t *bytes, size_t len) {
    iden3_file file = {.what = what};
    byte_reader r = reader_init(bytes, len);
    const uint8_t *start = reader_take(&r, 4);
    uint32_t version = reader_u32_le(&r), sections = reader_u32_le(&r);
    if (r.failed || memcmp(start, magic, 4) != 0)
        return iden3_damaged(err, what, "it does not begin like one");
    if (version == 0 || version > max_version)
        return error_set(err, ZKM_ERR_UNSUPPORTED, "%s: format version %u, up to %u is read", what,
                         version, max_version);
    if (sections > IDEN3_MAX_SECTIONS)
        return iden3_damaged(err, what, "it has too many sections");
    for (uint32_t i = 0; i < sections; i++)
        ZKM_TRY(take_section(err, &file, &r));
    if (reader_left(&r) != 0)
        return iden3_damaged(err, what, "bytes follow its last section");
    *out = file;
    return ZKM_OK;
}

zkm_status iden3_section(zkm_error *err, byte_reader *out, const iden3_file *file, uint32_t type) {
    int found = -1;
    for (uint32_t i = 0; i < file->num_sections; i++) {
        if (file->type[i] != type)
            continue;
        if (found >= 0)
            return error_set(err, ZKM_ERR_FORMAT, "%s: section %u is there twice", file->what,
                             type);
        found = (int)i;
    }
    if (found < 0)
        return error_set(err, ZKM_ERR_FORMAT, "%s: section %u is missing", file->what, type);
    *out = file->section[found];
    return ZKM_OK;
}

static zkm_status check_modulus(zkm_error *err, byte_reader *r, const char *what,
                                const uint64_t modulus[4]) {
    uint32_t bytes = reader_u32_le(r);
    bool same = bytes == IDEN3_FIELD_BYTES;
    for (int i = 0; i < 4 && same; i++)
        same = reader_u64_le(r) == modulus[i];
    if (r->failed)
        return iden3_damaged(err, what, "its header is cut off");
    if (!same)
        return error_set(err, ZKM_ERR_UNSUPPORTED, "%s: it is of another curve than bn128", what);
    return ZKM_OK;
}

zkm_status iden3_check_fr(zkm_error *err, byte_reader *r, const char *what) {
    return check_modulus(err, r, what, fr_MODULUS.l);
}

zkm_status iden3_check_fp(zkm_error *err, byte_reader *r, const char *what) {
    return check_modulus(err, r, what, fp_MODULUS.l);
}

bool iden3_take_fr(fr *out, byte_reader *r) {
    uint64_t limbs[4];
    for (int i = 0; i < 4; i++)
        limbs[i] = reader_u64_le(r);
    return !r->failed && fr_from_limbs(out, limbs);
}

void iden3_fr_bytes(uint8_t out[IDEN3_FIELD_BYTES], const fr *a) {
    uint64_t limbs[4];
    fr_to_limbs(limbs, a);
    for (int i = 0; i < IDEN3_FIELD_BYTES; i++)
        out[i] = (uint8_t)(limbs[i / 8] >> (8 * (i % 8)));
}
