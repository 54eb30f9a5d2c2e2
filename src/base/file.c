/* Whole files: mapping, and atomic writing (temporary file, fsync, rename). */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

zkm_status file_open(zkm_error *err, file_view *out, const char *path, size_t limit) {
    zkm_status status = ZKM_OK;
    void *mapping = NULL;
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return error_set(err, ZKM_ERR_NOT_FOUND, "%s: cannot open: %s", path, strerror(errno));
    if (fstat(fd, &st) != 0) {
        status = error_set(err, ZKM_ERR_IO, "%s: cannot stat: %s", path, strerror(errno));
        goto out;
    }
    if (!S_ISREG(st.st_mode)) {
        status = error_set(err, ZKM_ERR_NOT_FOUND, "%s: not a regular file", path);
        goto out;
    }
    if ((uint64_t)st.st_size > limit) {
        status = error_set(err, ZKM_ERR_FORMAT,
                           "%s: holds %lld bytes, more than the %zu that such a file may have", path,
                           (long long)st.st_size, limit);
        goto out;
    }
    if (st.st_size > 0) {
        mapping = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (mapping == MAP_FAILED) {
            status = error_set(err, ZKM_ERR_IO, "%s: cannot map: %s", path, strerror(errno));
            goto out;
        }
    }
    static const uint8_t nothing[1];
    *out = (file_view){mapping ? mapping : nothing, (size_t)st.st_size, mapping};
out:
    close(fd);
    return status;
}

void file_close(file_view *view) {
    if (view->mapping)
        munmap(view->mapping, view->len);
    *view = (file_view){0};
}

struct file_writer {
    int fd;
    uint64_t offset;
    uint64_t begun; /* up to where the system has been asked to write to the disk */
    char *path;
    char *temporary;
};

enum { WRITEBACK = 8 << 20 }; /* bytes that are written to the disk as soon as they are there */

static void file_writer_free(file_writer *w) {
    if (w->fd >= 0)
        close(w->fd);
    free(w->path);
    free(w->temporary);
    free(w);
}

zkm_status file_writer_open(zkm_error *err, file_writer **out, const char *path, mode_t mode) {
    file_writer *w = calloc(1, sizeof *w);
    if (!w)
        return error_memory(err, path, sizeof *w);
    w->fd = -1;
    size_t len = strlen(path) + sizeof ".XXXXXX";
    w->path = strdup(path);
    w->temporary = malloc(len);
    if (!w->path || !w->temporary) {
        file_writer_free(w);
        return error_memory(err, path, len);
    }
    snprintf(w->temporary, len, "%s.XXXXXX", path);
    w->fd = mkostemp(w->temporary, O_CLOEXEC);
    if (w->fd < 0) {
        zkm_status status =
            error_set(err, errno == ENOSPC || errno == EIO ? ZKM_ERR_IO : ZKM_ERR_NOT_FOUND,
                      "%s: cannot create: %s; check that the folder exists and is writable", path,
                      strerror(errno));
        file_writer_free(w);
        return status;
    }
    if (fchmod(w->fd, mode) != 0) {
        file_writer_abort(w);
        return error_set(err, ZKM_ERR_IO, "%s: cannot set the mode: %s", path, strerror(errno));
    }
    *out = w;
    return ZKM_OK;
}

static zkm_status write_at(zkm_error *err, file_writer *w, uint64_t offset, const void *data,
                           size_t n) {
    const uint8_t *p = data;
    while (n > 0) {
        ssize_t put = pwrite(w->fd, p, n, (off_t)offset);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return error_set(err, ZKM_ERR_IO, "%s: cannot write: %s; free space and try again",
                             w->path, strerror(errno));
        p += put;
        n -= (size_t)put;
        offset += (uint64_t)put;
    }
    return ZKM_OK;
}

/* So that the disk works while the caller computes, and the sync at the end finds little to do;
 * that one reports what fails. */
static void begin_writeback(file_writer *w) {
#ifdef SYNC_FILE_RANGE_WRITE
    if (w->offset - w->begun < WRITEBACK)
        return;
    (void)sync_file_range(w->fd, (off_t)w->begun, (off_t)(w->offset - w->begun),
                          SYNC_FILE_RANGE_WRITE);
    w->begun = w->offset;
#else
    (void)w;
#endif
}

zkm_status file_writer_append(zkm_error *err, file_writer *w, const void *data, size_t n) {
    ZKM_TRY(write_at(err, w, w->offset, data, n));
    w->offset += n;
    begin_writeback(w);
    return ZKM_OK;
}

zkm_status file_writer_patch(zkm_error *err, file_writer *w, uint64_t offset, const void *data,
                             size_t n) {
    if (offset > w->offset || n > w->offset - offset)
        return error_set(err, ZKM_ERR_INTERNAL, "%s: patch outside the file", w->path);
    return write_at(err, w, offset, data, n);
}

uint64_t file_writer_offset(const file_writer *w) { return w->offset; }

zkm_status file_writer_commit(zkm_error *err, file_writer *w) {
    zkm_status status = ZKM_OK;
    if (fsync(w->fd) != 0 || rename(w->temporary, w->path) != 0) {
        status = error_set(err, ZKM_ERR_IO, "%s: cannot finish writing: %s", w->path,
                           strerror(errno));
        unlink(w->temporary);
    }
    file_writer_free(w);
    return status;
}

void file_writer_abort(file_writer *w) {
    if (!w)
        return;
    unlink(w->temporary);
    file_writer_free(w);
}

zkm_status file_write(zkm_error *err, const char *path, mode_t mode, const void *data, size_t n) {
    file_writer *w = NULL;
    ZKM_TRY(file_writer_open(err, &w, path, mode));
    zkm_status status = file_writer_append(err, w, data, n);
    if (status != ZKM_OK) {
        file_writer_abort(w);
        return status;
    }
    return file_writer_commit(err, w);
}
