/* The folder that setup and ceremonies leave keys in: pk.zkm, vk.zkm, vk.json. */
#ifndef API_KEYS_FOLDER_H
#define API_KEYS_FOLDER_H

#include "api/json.h"
#include "groth16/vk.h"

enum { KEYS_PATH_ROOM = 4096 };

typedef struct {
    char pk[KEYS_PATH_ROOM], vk[KEYS_PATH_ROOM], json[KEYS_PATH_ROOM];
} keys_folder;

/* Makes the folder when missing, and the paths. */
ZKM_MUST_CHECK zkm_status keys_folder_open(zkm_error *err, keys_folder *out, const char *folder);

/* Once the new proving key is in place: replaces the verifying keys of an older one. */
ZKM_MUST_CHECK zkm_status keys_folder_finish(zkm_error *err, const keys_folder *f,
                                             const groth16_vk *vk);

/* Adds paths, sizes and digests. */
void keys_folder_report(report *r, const keys_folder *f, const groth16_vk *vk);

#endif
