/*
 * NumPy .npz files: a ZIP archive of .npy arrays, stored or deflated, read by libzip. Sizes are
 * checked before anything is allocated: deflate cannot shrink data by more than 1032 (each 258-byte
 * match costs at least two bits), so an entry that claims more is refused.
 */
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/wipe.h"
#include "claim/table_internal.h"

enum { MAX_ARRAYS = 4096, DEFLATE_MAX_RATIO = 1032, SLACK = 64 };

#define NPZ_MAX_BYTES (TABLE_MAX_CELLS * sizeof(double) + (1u << 20)) /* of all arrays together */

typedef struct {
    zkm_error *err;
    const char *path;
    zip_t *archive;
    size_t total; /* bytes of the entries so far */
    size_t cells; /* numbers in them */
} npz_reader;

static zkm_status damaged(npz_reader *z, const char *entry) {
    return error_set(
        z->err, ZKM_ERR_FORMAT,
        "%s: '%.100s': cannot be unpacked: the archive is damaged; write it again with "
        "numpy.savez",
        z->path, entry);
}

/* An entry's size, plausible and within the limits. */
static zkm_status check_entry(npz_reader *z, const zip_stat_t *st) {
    const zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE |
                                ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    if ((st->valid & needed) != needed)
        return damaged(z, "an entry");
    if (st->encryption_method != ZIP_EM_NONE ||
        (st->comp_method != ZIP_CM_STORE && st->comp_method != ZIP_CM_DEFLATE))
        return error_set(
            z->err, ZKM_ERR_UNSUPPORTED,
            "%s: '%.100s' is encrypted or packed by a method other than deflate; write "
            "the file with numpy.savez",
            z->path, st->name);
    if (st->size > NPZ_MAX_BYTES - z->total)
        return error_set(z->err, ZKM_ERR_FORMAT,
                         "%s: '%.100s': more than %zu bytes of arrays in all", z->path, st->name,
                         (size_t)NPZ_MAX_BYTES);
    if (st->size / DEFLATE_MAX_RATIO > st->comp_size + SLACK)
        return error_set(z->err, ZKM_ERR_FORMAT,
                         "%s: '%.100s' claims %llu bytes, which its %llu packed bytes cannot hold",
                         z->path, st->name, (unsigned long long)st->size,
                         (unsigned long long)st->comp_size);
    return ZKM_OK;
}

/* "NAME.npy" -> NAME in a new string. */
static zkm_status array_name(npz_reader *z, char **out, const char *entry) {
    size_t len = strlen(entry);
    if (len < 5 || strcmp(entry + len - 4, ".npy") != 0)
        return error_set(z->err, ZKM_ERR_FORMAT,
                         "%s: '%.100s' is no .npy array; write the file with numpy.savez", z->path,
                         entry);
    len -= 4;
    if (len > SCHEMA_MAX_NAME - 12 || !schema_name_is_valid(entry, len))
        return error_set(z->err, ZKM_ERR_FORMAT,
                         "%s: the array name '%.100s' is too long or holds control characters",
                         z->path, entry);
    char *name = malloc(len + 1);
    if (!name)
        return error_memory(z->err, z->path, len + 1);
    memcpy(name, entry, len);
    name[len] = '\0';
    *out = name;
    return ZKM_OK;
}

/* Exactly size bytes and then the end, where libzip compares the checksum. */
static bool read_fully(zip_file_t *file, uint8_t *data, size_t size) {
    size_t got = 0;
    uint8_t more;
    while (got < size) {
        zip_int64_t n = zip_fread(file, data + got, size - got);
        if (n <= 0)
            return false;
        got += (size_t)n;
    }
    return zip_fread(file, &more, 1) == 0;
}

static zkm_status read_array(npz_reader *z, table *out, zip_uint64_t index,
                             const table_options *options) {
    zkm_status status = ZKM_OK;
    zip_stat_t st;
    char *name = NULL;
    uint8_t *data = NULL;
    zip_file_t *file = NULL;
    if (zip_stat_index(z->archive, index, 0, &st) != 0)
        return damaged(z, "an entry");
    ZKM_TRY(check_entry(z, &st));
    size_t size = (size_t)st.size;
    z->total += size;
    ZKM_TRY_OUT(array_name(z, &name, st.name));
    data = malloc(size + 1);
    if (!data) {
        status = error_memory(z->err, z->path, size);
        goto out;
    }
    file = zip_fopen_index(z->archive, index, 0);
    if (!file || !read_fully(file, data, size)) {
        status = damaged(z, st.name);
        goto out;
    }
    status = table_from_npy(z->err, out, data, size, z->path, name, options);
out:
    if (file)
        zip_fclose(file);
    if (data)
        secure_wipe(data, size);
    free(data);
    free(name);
    return status;
}

static zkm_status read_arrays(npz_reader *z, table *out, const table_options *options) {
    zip_int64_t n = zip_get_num_entries(z->archive, 0);
    if (n < 1 || n > MAX_ARRAYS)
        return error_set(z->err, ZKM_ERR_FORMAT, "%s: holds %lld arrays; 1 to %d can be read",
                         z->path, (long long)n, MAX_ARRAYS);
    zkm_status status = ZKM_OK;
    table *parts = calloc((size_t)n, sizeof *parts);
    if (!parts)
        return error_memory(z->err, z->path, (size_t)n * sizeof *parts);
    for (zip_int64_t i = 0; i < n; i++) {
        ZKM_TRY_OUT(read_array(z, &parts[i], (zip_uint64_t)i, options));
        z->cells += parts[i].num_rows * parts[i].num_columns;
        if (z->cells > TABLE_MAX_CELLS) {
            status = error_set(z->err, ZKM_ERR_FORMAT, "%s: more than %zu cells; give fewer rows",
                               z->path, TABLE_MAX_CELLS);
            goto out;
        }
    }
    status = table_join(z->err, out, parts, (size_t)n);
out:
    for (zip_int64_t i = 0; i < n; i++)
        table_clear(&parts[i]);
    free(parts);
    return status;
}

zkm_status table_from_npz(zkm_error *err, table *out, const uint8_t *data, size_t len,
                          const char *path, const table_options *options) {
    zip_error_t why;
    zip_error_init(&why);
    npz_reader z = {.err = err, .path = path};
    zip_source_t *source = zip_source_buffer_create(data, len, 0, &why);
    if (source)
        z.archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &why);
    if (!z.archive) {
        if (source)
            zip_source_free(source);
        zip_error_fini(&why);
        return error_set(err, ZKM_ERR_FORMAT,
                         "%s: not a readable ZIP archive: cut off or damaged; write it again with "
                         "numpy.savez",
                         path);
    }
    zip_error_fini(&why);
    zkm_status status = read_arrays(&z, out, options);
    zip_discard(z.archive);
    return status;
}
