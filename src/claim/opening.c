/*
 * The opening file. Little-endian: magic "ZKMOPEN" and a zero byte, u32 version, schema
 * (schema_to_bytes), u32 n, u32 K, u32 m, salt (32 bytes), dataset_id (32), features (n x K int16),
 * targets (n x m int16), Keccak-256 of all before (32). docs/formats-data.md says the same.
 */
#include "claim/opening.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/wipe.h"
#include "math/keccak.h"

enum { OPENING_VERSION = 1, CHECKSUM_BYTES = 32, MAX_BACKUPS = 10000 };

static const uint8_t magic[8] = {'Z', 'K', 'M', 'O', 'P', 'E', 'N', 0};

/* Cells, and room for schema and header. */
#define OPENING_MAX_FILE ((size_t)(2 * DATASET_MAX_CELLS + ((uint64_t)1 << 26)))

void opening_clear(opening *o) {
    schema_clear(&o->columns);
    dataset_clear(&o->data);
    secure_wipe(o, sizeof *o);
}

zkm_status opening_commit(zkm_error *err, opening *out, const schema *s, dataset *data) {
    zkm_status status = ZKM_OK;
    opening o = {.data = *data};
    *data = (dataset){0};
    if (o.data.num_features != s->num_features || o.data.num_targets != s->num_targets) {
        status = error_set(err, ZKM_ERR_MISMATCH,
                           "dataset: its columns are not the schema's; quantise it again");
        goto out;
    }
    ZKM_TRY_OUT(schema_copy(err, &o.columns, s));
    ZKM_TRY_OUT(schema_digest(err, o.schema_digest, s));
    ZKM_TRY_OUT(dataset_salt(err, o.salt));
    dataset_id(&o.dataset_id, o.schema_digest, &o.data, o.salt);
    *out = o;
    o = (opening){0};
out:
    opening_clear(&o);
    return status;
}

static void write_values(byte_writer *w, const int16_t *values, size_t n) {
    for (size_t i = 0; i < n; i++)
        writer_u16_le(w, (uint16_t)values[i]);
}

void opening_to_bytes(byte_writer *w, const opening *o) {
    size_t begin = w->len;
    uint8_t id[32], checksum[CHECKSUM_BYTES];
    fr_to_bytes(id, &o->dataset_id);
    writer_bytes(w, magic, sizeof magic);
    writer_u32_le(w, OPENING_VERSION);
    schema_to_bytes(w, &o->columns);
    writer_u32_le(w, o->data.n);
    writer_u32_le(w, o->data.num_features);
    writer_u32_le(w, o->data.num_targets);
    writer_bytes(w, o->salt, sizeof o->salt);
    writer_bytes(w, id, sizeof id);
    write_values(w, o->data.features, (size_t)o->data.n * o->data.num_features);
    write_values(w, o->data.targets, (size_t)o->data.n * o->data.num_targets);
    if (w->failed)
        return;
    keccak256(checksum, w->data + begin, w->len - begin);
    writer_bytes(w, checksum, sizeof checksum);
}

static zkm_status damaged(zkm_error *err, const char *name, const char *what) {
    return error_set(err, ZKM_ERR_FORMAT,
                     "%s: %s; restore the file from a copy: the salt cannot be made again", name,
                     what);
}

/* Magic, version and checksum; leaves the reader behind the version, without the checksum. */
static zkm_status check_frame(zkm_error *err, byte_reader *r, const char *name) {
    uint8_t checksum[CHECKSUM_BYTES];
    const uint8_t *head = reader_take(r, sizeof magic);
    if (!head || memcmp(head, magic, sizeof magic) != 0)
        return error_set(err, ZKM_ERR_FORMAT,
                         "%s: not an opening; give the opening.zkm that 'zkmetric commit' wrote",
                         name);
    uint32_t version = reader_u32_le(r);
    if (r->failed || r->len < r->pos + CHECKSUM_BYTES)
        return damaged(err, name, "cut off");
    if (version != OPENING_VERSION)
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "%s: opening version %u; this version of zkmetric reads version %d", name,
                         version, OPENING_VERSION);
    r->len -= CHECKSUM_BYTES;
    keccak256(checksum, r->data, r->len);
    if (memcmp(checksum, r->data + r->len, CHECKSUM_BYTES) != 0)
        return damaged(err, name, "the checksum does not match: the file is damaged or cut off");
    return ZKM_OK;
}

static zkm_status read_values(zkm_error *err, int16_t **out, byte_reader *r, size_t n,
                              const char *name) {
    int16_t *values = malloc(n * sizeof *values);
    if (!values)
        return error_memory(err, name, n * sizeof *values);
    for (size_t i = 0; i < n; i++)
        values[i] = (int16_t)reader_u16_le(r);
    *out = values;
    return ZKM_OK;
}

/* Exactly as many bytes as n rows take are left, so products below stay in range. */
static zkm_status read_rows(zkm_error *err, opening *o, byte_reader *r, const char *name) {
    dataset *d = &o->data;
    size_t n = reader_u32_le(r);
    uint32_t features = reader_u32_le(r), targets = reader_u32_le(r);
    const uint8_t *salt = reader_take(r, 32), *id = reader_take(r, 32);
    if (!id || n < 1 || n > DATASET_MAX_SAMPLES || features != o->columns.num_features ||
        targets != o->columns.num_targets || reader_left(r) != n * 2 * ((size_t)features + targets))
        return damaged(err, name, "rows and schema do not fit together");
    if (salt[0] > 0x0f || !fr_from_bytes(&o->dataset_id, id))
        return damaged(err, name, "salt or dataset_id is not canonical");
    memcpy(o->salt, salt, sizeof o->salt);
    ZKM_TRY(read_values(err, &d->features, r, n * features, name));
    d->n = (uint32_t)n; /* from here on dataset_clear wipes what is there */
    d->num_features = features;
    ZKM_TRY(read_values(err, &d->targets, r, n * targets, name));
    d->num_targets = targets;
    return ZKM_OK;
}

zkm_status opening_from_bytes(zkm_error *err, opening *out, const uint8_t *data, size_t len,
                              const char *name) {
    zkm_status status = ZKM_OK;
    opening o = {0};
    fr id;
    byte_reader r = reader_init(data, len);
    ZKM_TRY(check_frame(err, &r, name));
    ZKM_TRY_OUT(schema_from_bytes(err, &o.columns, &r, name));
    ZKM_TRY_OUT(schema_digest(err, o.schema_digest, &o.columns));
    ZKM_TRY_OUT(read_rows(err, &o, &r, name));
    dataset_id(&id, o.schema_digest, &o.data, o.salt);
    if (!fr_equal(&id, &o.dataset_id)) {
        status = damaged(err, name, "rows and salt do not give the dataset_id that it names");
        goto out;
    }
    *out = o;
    o = (opening){0};
out:
    opening_clear(&o);
    return status;
}

zkm_status opening_read(zkm_error *err, opening *out, const char *path) {
    file_view view = {0};
    ZKM_TRY(file_open(err, &view, path, OPENING_MAX_FILE));
    zkm_status status = opening_from_bytes(err, out, view.data, view.len, path);
    file_close(&view);
    return status;
}

static char *join_path(const char *folder, const char *file) {
    size_t len = strlen(folder) + strlen(file) + 2;
    char *path = malloc(len);
    if (path)
        snprintf(path, len, "%s/%s", folder, file);
    return path;
}

/* Gives an existing file a second name, so that the rename over it loses nothing. */
static zkm_status keep_previous(zkm_error *err, const char *path) {
    size_t room = strlen(path) + 16;
    char *backup = malloc(room);
    if (!backup)
        return error_memory(err, path, room);
    int failure = EEXIST;
    for (int i = 1; i <= MAX_BACKUPS && failure == EEXIST; i++) {
        snprintf(backup, room, "%s.~%d~", path, i);
        failure = link(path, backup) == 0 ? 0 : errno;
    }
    free(backup);
    if (failure != 0 && failure != ENOENT)
        return error_set(err, ZKM_ERR_IO,
                         "%s: is there already and cannot be kept under another name (%s); choose "
                         "another folder",
                         path, strerror(failure));
    return ZKM_OK;
}

static zkm_status public_text(zkm_error *err, byte_writer *w, const opening *o) {
    uint8_t id[32];
    char id_hex[65], digest_hex[65], text[512];
    fr_to_bytes(id, &o->dataset_id);
    hex_encode(id_hex, id, 32);
    hex_encode(digest_hex, o->schema_digest, 32);
    int n = snprintf(text, sizeof text,
                     "{\n  \"zkmetric_dataset\": 1,\n  \"dataset_id\": \"0x%s\",\n"
                     "  \"num_samples\": %u,\n  \"schema_digest\": \"0x%s\"\n}\n",
                     id_hex, o->data.n, digest_hex);
    writer_bytes(w, text, (size_t)n);
    return w->failed ? error_memory(err, OPENING_PUBLIC_FILE, (size_t)n) : ZKM_OK;
}

/* A file that waits for its rename. */
static zkm_status stage(zkm_error *err, file_writer **out, const char *path, mode_t mode,
                        const byte_writer *content) {
    file_writer *w = NULL;
    if (content->failed)
        return error_memory(err, path, content->len);
    ZKM_TRY(file_writer_open(err, &w, path, mode));
    zkm_status status = file_writer_append(err, w, content->data, content->len);
    if (status != ZKM_OK)
        file_writer_abort(w);
    else
        *out = w;
    return status;
}

static zkm_status commit_staged(zkm_error *err, file_writer **w) {
    file_writer *taken = *w;
    *w = NULL; /* freed whatever the outcome */
    return file_writer_commit(err, taken);
}

zkm_status opening_write(zkm_error *err, const opening *o, const char *folder) {
    zkm_status status = ZKM_OK;
    file_writer *secret_file = NULL, *public_file = NULL;
    byte_writer secret = writer_init(), published = writer_init();
    char *secret_path = join_path(folder, OPENING_FILE);
    char *public_path = join_path(folder, OPENING_PUBLIC_FILE);
    if (!secret_path || !public_path) {
        status = error_memory(err, folder, strlen(folder));
        goto out;
    }
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        status = error_set(err, ZKM_ERR_NOT_FOUND, "%s: cannot make the folder: %s", folder,
                           strerror(errno));
        goto out;
    }
    opening_to_bytes(&secret, o);
    ZKM_TRY_OUT(public_text(err, &published, o));
    ZKM_TRY_OUT(stage(err, &secret_file, secret_path, 0600, &secret));
    ZKM_TRY_OUT(stage(err, &public_file, public_path, 0644, &published));
    ZKM_TRY_OUT(keep_previous(err, secret_path));
    ZKM_TRY_OUT(commit_staged(err, &secret_file));
    status = commit_staged(err, &public_file);
out:
    file_writer_abort(secret_file);
    file_writer_abort(public_file);
    writer_clear(&secret);
    writer_clear(&published);
    free(secret_path);
    free(public_path);
    return status;
}
