/* A contribution: what holds delta is multiplied or divided by fresh secrets; the rest is copied.
 */
#include <string.h>

#include "base/wipe.h"
#include "groth16/ceremony_internal.h"
#include "groth16/point_scale.h"
#include "math/scale.h"

typedef struct {
    const zkc *z;
    fr secrets[2];  /* delta's, delta1's */
    fr inverses[2]; /* the same */
    point_scaler scaler;
} contribute_job;

static zkm_status copy_section(zkm_error *err, const contribute_job *job, zkc_section s) {
    const byte_reader *r = &job->z->section[s];
    ZKM_TRY(iden3_write_section(err, job->scaler.file, s, r->len));
    return file_writer_append(err, job->scaler.file, r->data, r->len);
}

/* A section of points, each multiplied by k. */
static zkm_status scale_section(zkm_error *err, contribute_job *job, zkc_section s, const fr *k) {
    const byte_reader *r = &job->z->section[s];
    ZKM_TRY(iden3_write_section(err, job->scaler.file, s, r->len));
    return point_scale(err, &job->scaler, r, k);
}

static zkm_status write_state(zkm_error *err, const contribute_job *job) {
    zkc_state next = job->z->now;
    bool committed = job->z->header.num_committed > 0;
    g2_affine_mul(&next.delta, &next.delta, &job->secrets[0]);
    if (committed)
        g2_affine_mul(&next.delta1, &next.delta1, &job->secrets[1]);
    g1_affine_mul(&next.blind_k, &next.blind_k, &job->inverses[0]);
    return zkc_write_state(err, job->scaler.file, &next, committed);
}

/* The list so far, and c. */
static zkm_status write_contributions(zkm_error *err, const contribute_job *job, uint32_t count,
                                      const contribution *c) {
    byte_reader list = job->z->section[ZKC_CONTRIBUTIONS];
    byte_writer w = writer_init();
    reader_u32_le(&list);
    writer_u32_le(&w, count);
    if (reader_left(&list) > 0)
        writer_bytes(&w, list.data + list.pos, reader_left(&list));
    contribution_write(&w, c, zkc_links(&job->z->header));
    zkm_status status = iden3_write_whole(err, job->scaler.file, ZKC_CONTRIBUTIONS, &w);
    writer_clear(&w);
    return status;
}

static zkm_status write_file(zkm_error *err, contribute_job *job, const char *path, uint32_t count,
                             const contribution *c) {
    const zkc_header *h = &job->z->header;
    zkm_status status;
    job->scaler.total = h->num_wires - zkc_first_committed(h) + h->domain;
    ZKM_TRY_OUT(point_scaler_open(err, &job->scaler));
    ZKM_TRY_OUT(file_writer_open(err, &job->scaler.file, path, 0644));
    ZKM_TRY_OUT(zkc_write_start(err, job->scaler.file));
    ZKM_TRY_OUT(copy_section(err, job, ZKC_HEADER));
    ZKM_TRY_OUT(write_state(err, job));
    ZKM_TRY_OUT(write_contributions(err, job, count, c));
    for (int s = ZKC_FIRST_STATIC; s <= ZKC_LAST_STATIC; s++)
        ZKM_TRY_OUT(copy_section(err, job, (zkc_section)s));
    ZKM_TRY_OUT(scale_section(err, job, ZKC_COMMITTED, &job->inverses[1]));
    ZKM_TRY_OUT(scale_section(err, job, ZKC_PRIVATE, &job->inverses[0]));
    ZKM_TRY_OUT(scale_section(err, job, ZKC_H, &job->inverses[0]));
    status = file_writer_commit(err, job->scaler.file);
    job->scaler.file = NULL;
out:
    file_writer_abort(job->scaler.file);
    point_scaler_clear(&job->scaler);
    return status;
}

static zkm_status draw(zkm_error *err, contribute_job *job, const contribution *c,
                       const void *entropy, size_t bytes) {
    const ceremony_state *s = &job->z->state;
    if (c->kind == CONTRIBUTION_BEACON)
        contribution_beacon_secrets(job->secrets, c, s);
    else
        ZKM_TRY(contribution_draw(err, job->secrets, s->links, entropy, bytes));
    for (unsigned i = 0; i < s->links; i++)
        fr_inv(&job->inverses[i], &job->secrets[i]);
    return ZKM_OK;
}

static zkm_status contribute(zkm_error *err, ceremony_summary *out, contribution *c, const zkc *z,
                             const char *path, const void *entropy, size_t bytes,
                             const ceremony_options *options) {
    contribute_job job = {.z = z,
                          .scaler = {.what = "ceremony file",
                                     .threads = options->threads,
                                     .progress = options->progress}};
    ceremony_state s = z->state;
    if (s.count == CONTRIBUTION_MAX)
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "ceremony file: it holds no further contribution");
    zkm_status status = draw(err, &job, c, entropy, bytes);
    if (status == ZKM_OK) {
        contribution_make(c, &s, job.secrets);
        status = write_file(err, &job, path, s.count, c);
    }
    secure_wipe(&job, sizeof job);
    if (status != ZKM_OK)
        return status;
    zkc_summary(out, z);
    out->state = s;
    return ZKM_OK;
}

zkm_status ceremony_contribute(zkm_error *err, ceremony_summary *out, contribution *c,
                               const char *in, const char *path, const void *entropy, size_t bytes,
                               const ceremony_options *options) {
    zkc z = {0};
    ZKM_TRY(zkc_open(err, &z, in, NULL, NULL));
    zkm_status status = contribute(err, out, c, &z, path, entropy, bytes, options);
    zkc_close(&z);
    return status == ZKM_OK ? ZKM_OK : error_prefix(err, status, "%s", in);
}
