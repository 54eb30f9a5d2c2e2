/* Fixed-base multiplication of the generators, a batch at a time. */
#include "groth16/setup_points.h"

#include <string.h>

#include "base/progress.h"

/* Points a batch: large enough to share inversions and threads, small enough for a few megabytes.
 */
enum { BATCH = 1 << 15, G2_COST = 3 };
static const char STAGE[] = "computing key points";

static zkm_status make_tables(zkm_error *err, setup_points *p, size_t num_g1, size_t num_g2) {
    unsigned bits1 = fixed_base_window(num_g1), bits2 = fixed_base_window(num_g2);
    ZKM_TRY(scratch_new(err, &p->work1, "setup", fixed_base_g1_scratch(p->threads)));
    ZKM_TRY(scratch_new(err, &p->work2, "setup", fixed_base_g2_scratch(p->threads)));
    ZKM_TRY(
        scratch_array(err, &p->room1, "setup", fixed_base_table_points(bits1), sizeof(g1_affine)));
    ZKM_TRY(
        scratch_array(err, &p->room2, "setup", fixed_base_table_points(bits2), sizeof(g2_affine)));
    fixed_base_g1_init(&p->table1, bits1, g1_generator(), p->room1.data, p->threads, p->work1.data);
    fixed_base_g2_init(&p->table2, bits2, g2_generator(), p->room2.data, p->threads, p->work2.data);
    return ZKM_OK;
}

zkm_status setup_points_init(zkm_error *err, setup_points *p, size_t num_g1, size_t num_g2,
                             unsigned threads, const zkm_progress *progress) {
    p->threads = threads;
    p->progress = progress;
    p->total = num_g1 + G2_COST * (uint64_t)num_g2;
    ZKM_TRY(scratch_array(err, &p->out, "setup", BATCH, sizeof(g2_affine)));
    ZKM_TRY(scratch_array(err, &p->gathered, "setup", BATCH, sizeof(fr) + sizeof(uint32_t)));
    return make_tables(err, p, num_g1, num_g2);
}

void setup_points_clear(setup_points *p) {
    scratch_free(&p->room1);
    scratch_free(&p->room2);
    scratch_free(&p->work1);
    scratch_free(&p->work2);
    scratch_free(&p->out);
    scratch_free(&p->gathered);
}

void setup_points_g1(setup_points *p, g1_affine *out, const fr *scalars, size_t n) {
    fixed_base_g1(out, &p->table1, scalars, n, p->threads, p->work1.data);
}

void setup_points_g2(setup_points *p, g2_affine *out, const fr *scalars, size_t n) {
    fixed_base_g2(out, &p->table2, scalars, n, p->threads, p->work2.data);
}

/* Appends n <= BATCH points of the section's group. */
static zkm_status append_batch(zkm_error *err, setup_points *p, pk_writer *w, bool in_g2,
                               const fr *scalars, size_t n) {
    ZKM_TRY(progress_report(err, p->progress, STAGE, p->done, p->total));
    if (in_g2)
        setup_points_g2(p, p->out.data, scalars, n);
    else
        setup_points_g1(p, p->out.data, scalars, n);
    p->done += n * (in_g2 ? G2_COST : 1);
    return pk_writer_append(err, w, p->out.data,
                            n * (in_g2 ? sizeof(g2_affine) : sizeof(g1_affine)));
}

zkm_status setup_points_write(zkm_error *err, setup_points *p, pk_writer *w, pk_section section,
                              const fr *scalars, size_t n) {
    ZKM_TRY(pk_writer_begin(err, w, section));
    for (size_t i = 0; i < n; i += BATCH)
        ZKM_TRY(
            append_batch(err, p, w, section == PK_B2, scalars + i, n - i < BATCH ? n - i : BATCH));
    return ZKM_OK;
}

/* Up to a batch of nonzero scalars from *next on, and their wires. */
static size_t gather(setup_points *p, const fr *scalars, size_t n, size_t *next) {
    fr *values = p->gathered.data;
    uint32_t *wires = (uint32_t *)(void *)(values + BATCH);
    size_t count = 0;
    for (; *next < n && count < BATCH; (*next)++) {
        if (fr_is_zero(&scalars[*next]))
            continue;
        values[count] = scalars[*next];
        wires[count++] = (uint32_t)*next;
    }
    return count;
}

static zkm_status write_index(zkm_error *err, setup_points *p, pk_writer *w, const fr *scalars,
                              size_t n, pk_section section) {
    const fr *values = p->gathered.data;
    size_t next = 0, count;
    ZKM_TRY(pk_writer_begin(err, w, section));
    while ((count = gather(p, scalars, n, &next)) > 0)
        ZKM_TRY(pk_writer_append(err, w, values + BATCH, count * sizeof(uint32_t)));
    return ZKM_OK;
}

static zkm_status write_nonzero(zkm_error *err, setup_points *p, pk_writer *w, const fr *scalars,
                                size_t n, pk_section section) {
    size_t next = 0, count;
    ZKM_TRY(pk_writer_begin(err, w, section));
    while ((count = gather(p, scalars, n, &next)) > 0)
        ZKM_TRY(append_batch(err, p, w, section == PK_B2, p->gathered.data, count));
    return ZKM_OK;
}

zkm_status setup_points_write_sparse(zkm_error *err, setup_points *p, pk_writer *w,
                                     const fr *scalars, size_t n, pk_section index_section,
                                     pk_section g1_section, pk_section g2_section) {
    ZKM_TRY(write_index(err, p, w, scalars, n, index_section));
    if (g1_section != PK_SECTIONS)
        ZKM_TRY(write_nonzero(err, p, w, scalars, n, g1_section));
    if (g2_section != PK_SECTIONS)
        ZKM_TRY(write_nonzero(err, p, w, scalars, n, g2_section));
    return ZKM_OK;
}
