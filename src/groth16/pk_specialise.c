/* Folding the columns of wires that are known into the header. See pk_specialise.h. */
#include "groth16/pk_specialise.h"

#include <string.h>

#include "base/wipe.h"
#include "groth16/pk_halve.h"
#include "groth16/pk_internal.h"
#include "groth16/sums.h"

enum { BATCH = 256 /* points of a dense section that are written at once */ };

typedef struct {
    const groth16_pk *pk;
    const fr *wires;
    const bool *known;
    sum_room room;
    scratch scalars; /* num_wires */
    pk_half half;    /* of a halved key */
} specialise_job;

/* scalars[i] = the value of wire index[i], or of wire first + i without index, if known, else 0. */
static void known_scalars(specialise_job *job, const uint32_t *index, size_t first, size_t n) {
    fr *scalars = job->scalars.data;
    for (size_t i = 0; i < n; i++) {
        const size_t wire = index ? index[i] : first + i;
        if (job->known[wire])
            scalars[i] = job->wires[wire];
        else
            fr_set_zero(&scalars[i]);
    }
}

static zkm_status sum_known_g1(zkm_error *err, g1_affine *out, specialise_job *job,
                               const g1_affine *points, const uint32_t *index, size_t first,
                               size_t n) {
    g1 sum;
    known_scalars(job, index, first, n);
    ZKM_TRY(sum_g1(err, &sum, points, job->scalars.data, n, &job->room));
    g1_to_affine(out, &sum);
    secure_wipe(&sum, sizeof sum);
    return ZKM_OK;
}

static zkm_status sum_all(zkm_error *err, groth16_pk_fixed *out, specialise_job *job) {
    const groth16_pk *pk = job->pk;
    const groth16_pk_header *h = &pk->header;
    const size_t committed = pk_first_committed(h), private_ = pk_first_private(h);
    g2 b;
    ZKM_TRY(sum_known_g1(err, &out->a, job, pk->a, pk->a_index, 0, pk->num_a));
    ZKM_TRY(sum_known_g1(err, &out->committed, job, pk->k_committed, NULL, committed,
                         h->num_committed));
    ZKM_TRY(sum_known_g1(err, &out->private_, job, pk->k_private, NULL, private_,
                         h->num_wires - private_));
    known_scalars(job, pk->b_index, 0, pk->num_b);
    ZKM_TRY(sum_g2(err, &b, pk->b2, job->scalars.data, pk->num_b, &job->room));
    g2_to_affine(&out->b, &b);
    secure_wipe(&b, sizeof b);
    return ZKM_OK;
}

/* The elements of a sparse section, `size` bytes each, whose wires are not known. */
static zkm_status write_unknown(zkm_error *err, pk_writer *w, const specialise_job *job,
                                pk_section section, const void *elements, const uint32_t *index,
                                size_t n) {
    const size_t size = pk_element_bytes(section);
    const uint8_t *bytes = elements;
    ZKM_TRY(pk_writer_begin(err, w, section));
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from; to < n && !job->known[index[to]]; to++)
            ;
        ZKM_TRY(pk_writer_append(err, w, bytes + from * size, (to - from) * size));
        while (to < n && job->known[index[to]])
            to++;
    }
    return ZKM_OK;
}

/* What halving adds to n points of the wires from `first` on. */
static void add_linear(const specialise_job *job, g1_affine *points, size_t first, size_t n) {
    const g1_affine *linear = job->half.linear.data;
    for (size_t i = 0; linear && i < n; i++) {
        g1 sum;
        g1_from_affine(&sum, &points[i]);
        g1_add_mixed(&sum, &sum, &linear[first + i]);
        g1_to_affine(&points[i], &sum);
    }
}

/* A section with a point for every wire from `first` on: those of known ones become infinity. */
static zkm_status write_dense(zkm_error *err, pk_writer *w, const specialise_job *job,
                              pk_section section, const g1_affine *points, size_t first, size_t n) {
    g1_affine batch[BATCH];
    ZKM_TRY(pk_writer_begin(err, w, section));
    for (size_t from = 0, m; from < n; from += m) {
        m = n - from < BATCH ? n - from : BATCH;
        for (size_t i = 0; i < m; i++)
            if (job->known[first + from + i])
                g1_affine_set_infinity(&batch[i]);
            else
                batch[i] = points[from + i];
        if (section == PK_PRIVATE)
            add_linear(job, batch, first + from, m);
        ZKM_TRY(pk_writer_append(err, w, batch, m * sizeof *batch));
    }
    return ZKM_OK;
}

/* PK_LINEAR and PK_H of a halved key, or none and the key's own. */
static zkm_status write_quotient(zkm_error *err, pk_writer *w, const specialise_job *job,
                                 const groth16_pk_header *to) {
    const g1_affine *linear = job->half.linear.data;
    const void *points = to->halved ? job->half.quotient.data : (const void *)job->pk->h;
    ZKM_TRY(pk_writer_begin(err, w, PK_LINEAR));
    if (to->halved)
        ZKM_TRY(
            pk_writer_append(err, w, linear + 1, (size_t)pk_linear_points(to) * sizeof *linear));
    ZKM_TRY(pk_writer_begin(err, w, PK_H));
    return pk_writer_append(err, w, points, (size_t)pk_quotient_points(to) * sizeof(g1_affine));
}

static zkm_status write_sections(zkm_error *err, pk_writer *w, const specialise_job *job,
                                 const groth16_pk_header *to) {
    const groth16_pk *pk = job->pk;
    const groth16_pk_header *h = &pk->header;
    const size_t committed = pk_first_committed(h), private_ = pk_first_private(h);
    ZKM_TRY(pk_writer_vk(err, w, pk->vk));
    ZKM_TRY(write_unknown(err, w, job, PK_A_INDEX, pk->a_index, pk->a_index, pk->num_a));
    ZKM_TRY(write_unknown(err, w, job, PK_A, pk->a, pk->a_index, pk->num_a));
    ZKM_TRY(write_unknown(err, w, job, PK_B_INDEX, pk->b_index, pk->b_index, pk->num_b));
    ZKM_TRY(write_unknown(err, w, job, PK_B2, pk->b2, pk->b_index, pk->num_b));
    ZKM_TRY(write_dense(err, w, job, PK_COMMITTED, pk->k_committed, committed, h->num_committed));
    ZKM_TRY(write_dense(err, w, job, PK_PRIVATE, pk->k_private, private_, h->num_wires - private_));
    return write_quotient(err, w, job, to);
}

/* point += term */
static void add_point(g1_affine *point, const g1_affine *term) {
    g1 sum;
    g1_from_affine(&sum, point);
    g1_add_mixed(&sum, &sum, term);
    g1_to_affine(point, &sum);
    secure_wipe(&sum, sizeof sum);
}

static zkm_status halve(zkm_error *err, groth16_pk_header *to, specialise_job *job, const r1cs *cs,
                        const zkm_progress *progress) {
    if (!pk_can_halve(cs, job->known))
        return ZKM_OK;
    ZKM_TRY(pk_halve(err, &job->half, job->pk, cs, job->wires, job->known, job->room.threads,
                     progress));
    to->halved = true;
    add_point(&to->fixed.private_, &job->half.fixed);
    add_point(&to->blind_k, &job->half.blind);
    return ZKM_OK;
}

static zkm_status check_source(zkm_error *err, const groth16_pk *pk, unsigned threads) {
    if (pk->header.specialised)
        return error_set(err, ZKM_ERR_ARGUMENT,
                         "proving key: it is specialised already; give the key that setup or a "
                         "ceremony made");
    if (!pk_has_blinding_column(&pk->header))
        return error_set(err, ZKM_ERR_ARGUMENT,
                         "proving key: it is one for snarkjs, which cannot be specialised");
    return pk_check_all(err, pk, threads);
}

zkm_status groth16_pk_specialise(zkm_error *err, const char *path, const groth16_pk *pk,
                                 const r1cs *cs, const fr *wires, const bool *known,
                                 const uint8_t label[32], unsigned threads,
                                 const zkm_progress *progress) {
    specialise_job job = {.pk = pk, .wires = wires, .known = known, .room = {.threads = threads}};
    groth16_pk_header header = pk->header;
    pk_writer *w = NULL;
    zkm_status status;
    ZKM_TRY_OUT(check_source(err, pk, threads));
    ZKM_TRY_OUT(scratch_array(err, &job.scalars, "proving key", pk->header.num_wires, sizeof(fr)));
    ZKM_TRY_OUT(sum_all(err, &header.fixed, &job));
    memcpy(header.fixed.label, label, sizeof header.fixed.label);
    header.specialised = true;
    ZKM_TRY_OUT(halve(err, &header, &job, cs, progress));
    ZKM_TRY_OUT(pk_writer_open(err, &w, path, 0600));
    ZKM_TRY_OUT(write_sections(err, w, &job, &header));
    status = pk_writer_commit(err, w, &header);
    w = NULL;
out:
    pk_writer_abort(w);
    secure_wipe(&header, sizeof header);
    scratch_free(&job.scalars);
    pk_half_clear(&job.half);
    sum_room_clear(&job.room);
    return status;
}
