/* A contribution to a .zkey: L and H are divided by a fresh secret, delta is multiplied by it. */
#include <string.h>

#include "base/random.h"
#include "base/wipe.h"
#include "groth16/iden3_writer.h"
#include "groth16/point_scale.h"
#include "groth16/snarkjs_random.h"
#include "groth16/zkey_internal.h"
#include "math/scale.h"

typedef struct {
    const zkey *z;
    byte_reader transcript; /* section 10 so far */
    zkey_transcript state;
    fr secret, inverse;
    point_scaler scaler;
} zkey_job;

static zkm_status draw(zkm_error *err, zkey_job *job, zkey_contribution *c, const void *entropy,
                       size_t bytes) {
    uint8_t seed[SNARKJS_SEED_BYTES];
    snarkjs_random g;
    if (c->kind == CONTRIBUTION_BEACON) {
        zkey_beacon(&job->secret, &c->s, c);
    } else {
        ZKM_TRY(contribution_draw(err, &job->secret, 1, entropy, bytes));
        ZKM_TRY(random_bytes(err, seed, sizeof seed)); /* s is public */
        snarkjs_random_init(&g, seed);
        snarkjs_random_g1(&c->s, &g);
    }
    fr_inv(&job->inverse, &job->secret);
    return ZKM_OK;
}

static zkm_status copy_section(zkm_error *err, const zkey_job *job, zkey_section s) {
    const byte_reader *r = &job->z->section[s];
    ZKM_TRY(iden3_write_section(err, job->scaler.file, s, r->len));
    return file_writer_append(err, job->scaler.file, r->data, r->len);
}

static zkm_status scale_section(zkm_error *err, zkey_job *job, zkey_section s) {
    const byte_reader *r = &job->z->section[s];
    ZKM_TRY(iden3_write_section(err, job->scaler.file, s, r->len));
    return point_scale(err, &job->scaler, r, &job->inverse);
}

/* The list so far, byte by byte, and c. */
static zkm_status write_transcript(zkm_error *err, zkey_job *job, const zkey_contribution *c) {
    byte_reader list = job->transcript;
    byte_writer w = writer_init();
    writer_bytes(&w, reader_take(&list, BLAKE2B_BYTES), BLAKE2B_BYTES);
    reader_u32_le(&list);
    writer_u32_le(&w, job->state.count);
    if (reader_left(&list) > 0)
        writer_bytes(&w, list.data + list.pos, reader_left(&list));
    zkey_contribution_write(&w, c);
    zkm_status status = iden3_write_whole(err, job->scaler.file, ZKEY_CONTRIBUTIONS, &w);
    writer_clear(&w);
    return status;
}

static zkey next_header(const zkey_job *job) {
    zkey next = *job->z;
    next.delta1 = job->state.delta;
    g2_affine_mul(&next.delta2, &next.delta2, &job->secret);
    return next;
}

static zkm_status write_file(zkm_error *err, zkey_job *job, const char *path,
                             const zkey_contribution *c) {
    const zkey header = next_header(job);
    zkm_status status;
    job->scaler.total = zkey_count(job->z, ZKEY_PRIVATE) + job->z->domain;
    ZKM_TRY_OUT(point_scaler_open(err, &job->scaler));
    ZKM_TRY_OUT(file_writer_open(err, &job->scaler.file, path, 0644));
    ZKM_TRY_OUT(zkey_write_header(err, job->scaler.file, &header));
    for (int s = ZKEY_IC; s <= ZKEY_B2; s++)
        ZKM_TRY_OUT(copy_section(err, job, (zkey_section)s));
    ZKM_TRY_OUT(scale_section(err, job, ZKEY_PRIVATE));
    ZKM_TRY_OUT(scale_section(err, job, ZKEY_H));
    ZKM_TRY_OUT(write_transcript(err, job, c));
    status = file_writer_commit(err, job->scaler.file);
    job->scaler.file = NULL;
out:
    file_writer_abort(job->scaler.file);
    point_scaler_clear(&job->scaler);
    return status;
}

static zkm_status contribute(zkm_error *err, zkey_summary *out, const contribution *what,
                             const file_view *view, const char *path, const void *entropy,
                             size_t bytes, const ceremony_options *options) {
    zkey z;
    zkey_contribution c;
    ZKM_TRY(zkey_open_bytes(err, &z, view->data, view->len));
    zkey_job job = {
        .z = &z,
        .scaler = {.what = ZKEY_NAME, .threads = options->threads, .progress = options->progress}};
    ZKM_TRY(zkey_transcript_open(err, &job.state, &z, NULL, NULL));
    ZKM_TRY(iden3_section(err, &job.transcript, &z.file, ZKEY_CONTRIBUTIONS));
    if (job.state.count == CONTRIBUTION_MAX)
        return error_set(err, ZKM_ERR_UNSUPPORTED, "zkey file: it holds no further contribution");
    zkey_contribution_begin(&c, what);
    zkm_status status = draw(err, &job, &c, entropy, bytes);
    if (status == ZKM_OK) {
        zkey_contribution_make(&c, &job.state, &job.secret);
        status = write_file(err, &job, path, &c);
    }
    secure_wipe(&job.secret, sizeof job.secret);
    secure_wipe(&job.inverse, sizeof job.inverse);
    if (status != ZKM_OK)
        return status;
    *out = zkey_summarise(&z, &job.state);
    return ZKM_OK;
}

zkm_status zkey_contribute(zkm_error *err, zkey_summary *out, const contribution *what,
                           const char *in, const char *path, const void *entropy, size_t bytes,
                           const ceremony_options *options) {
    file_view view = {0};
    ZKM_TRY(file_open(err, &view, in, ZKEY_MAX_FILE));
    zkm_status status = contribute(err, out, what, &view, path, entropy, bytes, options);
    file_close(&view);
    return status == ZKM_OK ? ZKM_OK : error_prefix(err, status, "%s", in);
}
