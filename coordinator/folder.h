/*
 * A folder of the coordinator's or of a participant's, which no two processes use at once and which
 * is whole after a crash at any moment: files appear by rename, after they and before the folder
 * have reached the disk. The ceremony's files are 0000.zkc, 0001.zkc, ... by their contributions.
 */
#ifndef COORDINATOR_FOLDER_H
#define COORDINATOR_FOLDER_H

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <zkmetric.h>

typedef struct {
    char path[PATH_MAX];
    int fd;   /* of the folder */
    int lock; /* of its file "lock" */
} folder;

typedef struct {
    char text[PATH_MAX + 64];
} folder_path;

/* Makes the folder where it is missing and locks it. ZKM_ERR_ARGUMENT where another process has. */
ZKM_MUST_CHECK zkm_status folder_open(zkm_error *err, folder *f, const char *path);
void folder_close(folder *f); /* a zeroed one is accepted */

folder_path folder_at(const folder *f, const char *name);
/* NNNN.zkc. */
folder_path folder_link(const folder *f, uint32_t number);
/* The number of a name NNNN.zkc; false for every other name. */
bool folder_link_number(uint32_t *number, const char *name);
/* The highest number of a file NNNN.zkc; false where there is none. */
ZKM_MUST_CHECK zkm_status folder_last(zkm_error *err, bool *found, uint32_t *number,
                                      const folder *f);

/* Bytes of a file; 0 where it is missing. */
uint64_t folder_size(const folder *f, const char *name);
/* Whether so many more bytes fit on the file system. */
ZKM_MUST_CHECK zkm_status folder_has_room(zkm_error *err, const folder *f, uint64_t bytes);

/* Moves a file over another name for good: the file synced, renamed, the folder synced. */
ZKM_MUST_CHECK zkm_status folder_move(zkm_error *err, const folder *f, const char *from,
                                      const char *to);
ZKM_MUST_CHECK zkm_status folder_remove(zkm_error *err, const folder *f, const char *name);

/* An object in a file that only the owner may read; NULL where it is missing. */
ZKM_MUST_CHECK zkm_status folder_write_json(zkm_error *err, const folder *f, const char *name,
                                            const json_t *object);
ZKM_MUST_CHECK zkm_status folder_read_json(zkm_error *err, json_t **object, const folder *f,
                                           const char *name);

#endif
