#include "api/keys_folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/file.h"
#include "groth16/json.h"

/* FOLDER/NAME; ZKM_ERR_ARGUMENT when that is longer than any path may be. */
static zkm_status join(zkm_error *err, char out[KEYS_PATH_ROOM], const char *folder,
                       const char *name) {
    int n = snprintf(out, KEYS_PATH_ROOM, "%s/%s", folder, name);
    if (n < 0 || (size_t)n >= KEYS_PATH_ROOM)
        return error_set(err, ZKM_ERR_ARGUMENT, "%.80s...: path too long", folder);
    return ZKM_OK;
}

static zkm_status make_folder(zkm_error *err, const char *folder) {
    if (mkdir(folder, 0777) == 0 || errno == EEXIST)
        return ZKM_OK;
    return error_set(err, errno == ENOSPC || errno == EIO ? ZKM_ERR_IO : ZKM_ERR_NOT_FOUND,
                     "%s: cannot make the folder: %s", folder, strerror(errno));
}

zkm_status keys_folder_open(zkm_error *err, keys_folder *out, const char *folder) {
    ZKM_TRY(join(err, out->pk, folder, "pk.zkm"));
    ZKM_TRY(join(err, out->vk, folder, "vk.zkm"));
    ZKM_TRY(join(err, out->json, folder, "vk.json"));
    return make_folder(err, folder);
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

zkm_status keys_folder_finish(zkm_error *err, const keys_folder *f, const groth16_vk *vk) {
    remove(f->vk);
    remove(f->json);
    ZKM_TRY(groth16_vk_write(err, vk, f->vk));
    return write_json(err, f->json, vk);
}

static uint64_t size_of(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size : 0;
}

void keys_folder_report(report *r, const keys_folder *f, const groth16_vk *vk) {
    report_text(r, "pk", f->pk);
    report_count(r, "pk_bytes", size_of(f->pk));
    report_text(r, "vk", f->vk);
    report_count(r, "vk_bytes", size_of(f->vk));
    report_hex(r, "circuit_digest", vk->parts.circuit_digest);
    report_hex(r, "vk_digest", vk->digest);
}
