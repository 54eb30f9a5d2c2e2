/* Whole files: reading under a size limit, memory-mapping, and writing by temporary file and rename. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

/* A file in memory, mapped read-only. */
typedef struct {
    const uint8_t *data; /* never NULL after success; an empty file has len 0 */
    size_t len;
    void *mapping;       /* what file_close unmaps; NULL for an empty file */
} file_view;

/* Maps the regular file at path when it holds at most `limit` bytes. ZKM_ERR_NOT_FOUND when it cannot be
 * opened or is no regular file, ZKM_ERR_FORMAT when it is larger. */
ZKM_MUST_CHECK zkm_status file_open(zkm_error *err, file_view *out, const char *path, size_t limit);
void file_close(file_view *view); /* a zeroed view is accepted */

/*
 * A file under construction: written to a temporary name beside `path`, synced and renamed over it by
 * file_writer_commit; without a commit nothing appears under `path`. Mode is the file's mode (0644, or
 * 0600 for secrets).
 */
typedef struct file_writer file_writer;
ZKM_MUST_CHECK zkm_status file_writer_open(zkm_error *err, file_writer **out, const char *path,
                                           mode_t mode);
ZKM_MUST_CHECK zkm_status file_writer_append(zkm_error *err, file_writer *w, const void *data,
                                             size_t n);
/* Overwrites n bytes at offset, which must lie inside what was appended. */
ZKM_MUST_CHECK zkm_status file_writer_patch(zkm_error *err, file_writer *w, uint64_t offset,
                                            const void *data, size_t n);
uint64_t file_writer_offset(const file_writer *w);
/* Renames into place and frees w, whatever the outcome. */
ZKM_MUST_CHECK zkm_status file_writer_commit(zkm_error *err, file_writer *w);
/* Removes the temporary file and frees w; NULL accepted. */
void file_writer_abort(file_writer *w);

/* The three steps in one. */
ZKM_MUST_CHECK zkm_status file_write(zkm_error *err, const char *path, mode_t mode,
                                     const void *data, size_t n);

#endif
