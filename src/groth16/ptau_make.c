/* Making powers of tau. See ptau_make.h. */
#include "groth16/ptau_make.h"

#include <string.h>

#include "base/progress.h"
#include "base/wipe.h"
#include "groth16/iden3_writer.h"
#include "groth16/point_check.h"
#include "groth16/scratch.h"
#include "math/keccak.h"
#include "math/scale.h"

enum { CHUNK = 1 << 15, HEADER_BYTES = 4 + IDEN3_FIELD_BYTES + 8, SECTIONS = 8 };
static const char TAG[] = "zkmetric.ptau.v1";

static void first_hash(uint8_t out[32], uint32_t power) {
    uint8_t message[sizeof TAG - 1 + 1];
    memcpy(message, TAG, sizeof TAG - 1);
    message[sizeof TAG - 1] = (uint8_t)power;
    keccak256(out, message, sizeof message);
}

bool ptau_is_own(const ptau *p) {
    for (uint32_t i = 0; i < p->sections.num_sections; i++)
        if (p->sections.type[i] == PTAU_OWN_CONTRIBUTIONS)
            return true;
    return false;
}

zkm_status ptau_check_contributions(zkm_error *err, const ptau *p, ceremony_state *state,
                                    contribution_visitor visit, void *context) {
    static const ptau_series START[PTAU_LINKS] = {PTAU_TAU1, PTAU_ALPHA1, PTAU_BETA1};
    ceremony_state s;
    byte_reader list;
    uint8_t hash[32];
    first_hash(hash, p->power);
    ceremony_state_init(&s, PTAU_LINKS, hash);
    if (ptau_is_own(p)) {
        ZKM_TRY(iden3_section(err, &list, &p->sections, PTAU_OWN_CONTRIBUTIONS));
        ZKM_TRY(contributions_check(err, &s, list, visit, context));
        for (unsigned i = 0; i < PTAU_LINKS; i++) {
            g1_affine point;
            ptau_copy(p, START[i], START[i] == PTAU_TAU1, 1, &point);
            if (!g1_affine_equal(&point, &s.point[i]))
                return error_set(err, ZKM_REJECTED,
                                 "ptau file: its powers are not those that its contributions lead "
                                 "to; the file was damaged or forged: do not use it");
        }
    }
    if (state)
        *state = s;
    return ZKM_OK;
}

/* ------------------------------------------------------------------ writing */

typedef struct {
    const ptau *p; /* NULL: all points are the generators */
    uint32_t power;
    fr tau, alpha, beta, one;
    fr next; /* multiplies the next point */
    unsigned threads;
    const zkm_progress *progress;
    file_writer *file;
    scratch points, scalars, room;
} ptau_job;

static zkm_status take_chunk(zkm_error *err, const ptau_job *job, ptau_series s, size_t first,
                             size_t n) {
    bool in_g2 = s == PTAU_TAU2;
    g1_affine *g1s = job->points.data;
    g2_affine *g2s = job->points.data;
    if (!job->p) {
        for (size_t i = 0; i < n; i++)
            if (in_g2)
                g2s[i] = *g2_generator();
            else
                g1s[i] = *g1_generator();
        return ZKM_OK;
    }
    ptau_copy(job->p, s, first, n, job->points.data);
    size_t bad =
        in_g2 ? points_find_bad_g2(g2s, n, job->threads) : points_find_bad_g1(g1s, n, job->threads);
    return bad == n ? ZKM_OK
                    : error_set(err, ZKM_REJECTED,
                                "ptau file: a point is not of its group; the file was damaged or "
                                "made with malice: do not contribute to it");
}

/* The chunk's points times `next`, `next` times tau and so on. */
static void multiply_chunk(ptau_job *job, ptau_series s, size_t n) {
    fr *k = job->scalars.data;
    for (size_t i = 0; i < n; i++) {
        k[i] = job->next;
        fr_mul(&job->next, &job->next, &job->tau);
    }
    if (s == PTAU_TAU2)
        g2_scale_each(job->points.data, k, n, job->threads, job->room.data);
    else
        g1_scale_each(job->points.data, k, n, job->threads, job->room.data);
}

static zkm_status write_series(zkm_error *err, ptau_job *job, uint32_t type, ptau_series s,
                               const fr *start) {
    size_t size = s == PTAU_TAU2 ? sizeof(g2_affine) : sizeof(g1_affine);
    const ptau shape = {.power = job->power};
    size_t count = ptau_count(&shape, s);
    job->next = *start;
    ZKM_TRY(iden3_write_section(err, job->file, type, count * size));
    for (size_t done = 0, n; done < count; done += n) {
        n = count - done < CHUNK ? count - done : CHUNK;
        ZKM_TRY(progress_report(err, job->progress, "multiplying powers", done, count));
        ZKM_TRY(take_chunk(err, job, s, done, n));
        if (job->p)
            multiply_chunk(job, s, n);
        ZKM_TRY(file_writer_append(err, job->file, job->points.data, n * size));
    }
    return ZKM_OK;
}

static zkm_status write_beta(zkm_error *err, const ptau_job *job) {
    g2_affine beta = job->p ? job->p->beta2 : *g2_generator();
    g2_affine_mul(&beta, &beta, &job->beta);
    ZKM_TRY(iden3_write_section(err, job->file, 6, sizeof beta));
    return file_writer_append(err, job->file, &beta, sizeof beta);
}

static zkm_status write_header(zkm_error *err, const ptau_job *job) {
    byte_writer w = writer_init();
    writer_u32_le(&w, IDEN3_FIELD_BYTES);
    for (int i = 0; i < 4; i++)
        writer_u64_le(&w, fp_MODULUS.l[i]);
    writer_u32_le(&w, job->power);
    writer_u32_le(&w, job->power);
    zkm_status status = iden3_write_whole(err, job->file, 1, &w);
    writer_clear(&w);
    return status;
}

/* The list so far, and c. */
static zkm_status write_contributions(zkm_error *err, const ptau_job *job, uint32_t count,
                                      const contribution *c) {
    byte_writer w = writer_init();
    byte_reader list = {0};
    if (job->p && ptau_is_own(job->p)) {
        ZKM_TRY(iden3_section(err, &list, &job->p->sections, PTAU_OWN_CONTRIBUTIONS));
        reader_u32_le(&list);
    }
    writer_u32_le(&w, count);
    if (reader_left(&list) > 0)
        writer_bytes(&w, list.data + list.pos, reader_left(&list));
    if (c)
        contribution_write(&w, c, PTAU_LINKS);
    zkm_status status = iden3_write_whole(err, job->file, PTAU_OWN_CONTRIBUTIONS, &w);
    writer_clear(&w);
    return status;
}

static zkm_status write_none(zkm_error *err, const ptau_job *job) {
    byte_writer w = writer_init();
    writer_u32_le(&w, 0);
    zkm_status status = iden3_write_whole(err, job->file, 7, &w);
    writer_clear(&w);
    return status;
}

static zkm_status write_file(zkm_error *err, ptau_job *job, const char *path, uint32_t count,
                             const contribution *c) {
    zkm_status status;
    ZKM_TRY_OUT(scratch_array(err, &job->points, "powers of tau", CHUNK, sizeof(g2_affine)));
    ZKM_TRY_OUT(scratch_array(err, &job->scalars, "powers of tau", CHUNK, sizeof(fr)));
    ZKM_TRY_OUT(scratch_new(err, &job->room, "powers of tau", g2_scale_scratch(job->threads)));
    ZKM_TRY_OUT(file_writer_open(err, &job->file, path, 0644));
    ZKM_TRY_OUT(iden3_write_start(err, job->file, "ptau", 1, SECTIONS));
    ZKM_TRY_OUT(write_header(err, job));
    ZKM_TRY_OUT(write_series(err, job, 2, PTAU_TAU1, &job->one));
    ZKM_TRY_OUT(write_series(err, job, 3, PTAU_TAU2, &job->one));
    ZKM_TRY_OUT(write_series(err, job, 4, PTAU_ALPHA1, &job->alpha));
    ZKM_TRY_OUT(write_series(err, job, 5, PTAU_BETA1, &job->beta));
    ZKM_TRY_OUT(write_beta(err, job));
    ZKM_TRY_OUT(write_none(err, job));
    ZKM_TRY_OUT(write_contributions(err, job, count, c));
    status = file_writer_commit(err, job->file);
    job->file = NULL;
out:
    file_writer_abort(job->file);
    scratch_free(&job->points);
    scratch_free(&job->scalars);
    scratch_free(&job->room);
    return status;
}

zkm_status ptau_new(zkm_error *err, const char *path, uint32_t power) {
    ptau_job job = {.power = power};
    if (power == 0 || power > PTAU_MAX_POWER)
        return error_set(err, ZKM_ERR_ARGUMENT, "power: %u; 1 to %d", power, PTAU_MAX_POWER);
    fr_set_one(&job.one);
    job.tau = job.alpha = job.beta = job.one;
    return write_file(err, &job, path, 0, NULL);
}

zkm_status ptau_contribute(zkm_error *err, ceremony_state *state, contribution *c, const ptau *p,
                           const char *path, const void *entropy, size_t bytes, unsigned threads,
                           const zkm_progress *progress) {
    fr secrets[PTAU_LINKS];
    ceremony_state s;
    zkm_status status;
    ptau_job job = {.p = p, .power = p->power, .threads = threads, .progress = progress};
    if (!ptau_is_own(p))
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "ptau file: another program began it, whose contributions are not "
                         "continued here; contribute with that program, or begin one's own powers");
    ZKM_TRY(ptau_check_contributions(err, p, &s, NULL, NULL));
    if (c->kind == CONTRIBUTION_BEACON)
        contribution_beacon_secrets(secrets, c, &s);
    else
        ZKM_TRY(contribution_draw(err, secrets, PTAU_LINKS, entropy, bytes));
    contribution_make(c, &s, secrets);
    fr_set_one(&job.one);
    job.tau = secrets[0];
    job.alpha = secrets[1];
    job.beta = secrets[2];
    status = write_file(err, &job, path, s.count, c);
    secure_wipe(secrets, sizeof secrets);
    secure_wipe(&job, sizeof job);
    if (status == ZKM_OK)
        *state = s;
    return status;
}
