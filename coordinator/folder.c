#include "coordinator/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "coordinator/fault.h"

enum { MAX_NUMBER = 1 << 20, LINK_NAME = 32 };

static zkm_status broken(zkm_error *err, const folder *f, const char *name) {
    return fault(err, ZKM_ERR_IO, "%s/%s: %s", f->path, name, strerror(errno));
}

zkm_status folder_open(zkm_error *err, folder *out, const char *path) {
    folder f = {.fd = -1, .lock = -1};
    if (strlen(path) >= sizeof f.path)
        return fault(err, ZKM_ERR_ARGUMENT, "%.80s...: the path is too long", path);
    strcpy(f.path, path);
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        return fault_system(err, path);
    f.fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (f.fd < 0)
        return fault_system(err, path);
    f.lock = openat(f.fd, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    zkm_status status = ZKM_OK;
    if (f.lock < 0)
        status = broken(err, &f, "lock");
    else if (flock(f.lock, LOCK_EX | LOCK_NB) != 0)
        status = errno == EWOULDBLOCK
                     ? fault(err, ZKM_ERR_ARGUMENT,
                             "%s: another process works in this folder; stop it or take another "
                             "folder",
                             path)
                     : broken(err, &f, "lock");
    if (status != ZKM_OK)
        folder_close(&f);
    else
        *out = f;
    return status;
}

void folder_close(folder *f) {
    if (!*f->path)
        return;
    if (f->fd >= 0)
        close(f->fd);
    if (f->lock >= 0)
        close(f->lock);
    *f = (folder){0};
}

folder_path folder_at(const folder *f, const char *name) {
    folder_path p;
    snprintf(p.text, sizeof p.text, "%s/%s", f->path, name);
    return p;
}

static void link_name(char out[LINK_NAME], uint32_t number) {
    snprintf(out, LINK_NAME, "%04u.zkc", number);
}

folder_path folder_link(const folder *f, uint32_t number) {
    char name[LINK_NAME];
    link_name(name, number);
    return folder_at(f, name);
}

bool folder_link_number(uint32_t *number, const char *name) {
    char again[LINK_NAME];
    uint32_t n = 0;
    for (const char *c = name; *c >= '0' && *c <= '9' && n <= MAX_NUMBER; c++)
        n = 10 * n + (uint32_t)(*c - '0');
    link_name(again, n);
    if (n > MAX_NUMBER || strcmp(again, name) != 0)
        return false;
    *number = n;
    return true;
}

zkm_status folder_last(zkm_error *err, bool *found, uint32_t *number, const folder *f) {
    DIR *dir = opendir(f->path);
    if (!dir)
        return fault_system(err, f->path);
    *found = false;
    for (const struct dirent *e; (e = readdir(dir));) {
        uint32_t n;
        if (!folder_link_number(&n, e->d_name) || (*found && n < *number))
            continue;
        *found = true;
        *number = n;
    }
    closedir(dir);
    return ZKM_OK;
}

uint64_t folder_size(const folder *f, const char *name) {
    struct stat st;
    return fstatat(f->fd, name, &st, 0) == 0 && st.st_size > 0 ? (uint64_t)st.st_size : 0;
}

zkm_status folder_has_room(zkm_error *err, const folder *f, uint64_t bytes) {
    struct statvfs st;
    if (fstatvfs(f->fd, &st) != 0)
        return fault_system(err, f->path);
    if (bytes / st.f_frsize < st.f_bavail)
        return ZKM_OK;
    return fault(err, ZKM_ERR_IO, "%s: no room for %llu bytes; free some, or take another folder",
                 f->path, (unsigned long long)bytes);
}

zkm_status folder_move(zkm_error *err, const folder *f, const char *from, const char *to) {
    int fd = openat(f->fd, from, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return broken(err, f, from);
    bool synced = fsync(fd) == 0;
    close(fd);
    if (!synced || renameat(f->fd, from, f->fd, to) != 0 || fsync(f->fd) != 0)
        return broken(err, f, from);
    return ZKM_OK;
}

zkm_status folder_remove(zkm_error *err, const folder *f, const char *name) {
    if (unlinkat(f->fd, name, 0) != 0 && errno != ENOENT)
        return broken(err, f, name);
    return ZKM_OK;
}

zkm_status folder_write_json(zkm_error *err, const folder *f, const char *name,
                             const json_t *object) {
    static const char TEMPORARY[] = "json.part";
    int fd = openat(f->fd, TEMPORARY, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return broken(err, f, TEMPORARY);
    bool good = json_dumpfd(object, fd, JSON_INDENT(1)) == 0;
    if (close(fd) != 0 || !good)
        return broken(err, f, TEMPORARY);
    return folder_move(err, f, TEMPORARY, name);
}

zkm_status folder_read_json(zkm_error *err, json_t **object, const folder *f, const char *name) {
    json_error_t where;
    *object = NULL;
    int fd = openat(f->fd, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? ZKM_OK : broken(err, f, name);
    *object = json_loadfd(fd, 0, &where);
    close(fd);
    if (json_is_object(*object))
        return ZKM_OK;
    json_decref(*object);
    *object = NULL;
    return fault(err, ZKM_ERR_FORMAT, "%s/%s: damaged (%s); remove it, and everybody queues again",
                 f->path, name, where.text);
}
