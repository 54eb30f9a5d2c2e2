/* Multiples of the generators by many secret scalars, streamed into a proving key. */
#ifndef GROTH16_SETUP_POINTS_H
#define GROTH16_SETUP_POINTS_H

#include "groth16/pk.h"
#include "groth16/scratch.h"

typedef struct {
    unsigned threads;
    const zkm_progress *progress;
    uint64_t done, total;   /* points written, points to write; one of G2 counts for three */
    scratch table1, table2; /* windows of the generators */
    scratch work;           /* of the multiplication */
    scratch out;            /* a batch of points */
    scratch gathered;       /* a batch of scalars of nonzero columns, and their wires */
} setup_points;

ZKM_MUST_CHECK zkm_status setup_points_init(zkm_error *err, setup_points *p, unsigned threads,
                                            const zkm_progress *progress);
void setup_points_clear(setup_points *p); /* wipes */

/* Sets the total for progress from the columns' nonzero counts and `dense` further points of G1. */
void setup_points_expect(setup_points *p, const fr *a, const fr *b, size_t wires, size_t dense);

/* out[i] = scalars[i] * generator, for a few (at most a batch of) scalars. */
void setup_points_g1(setup_points *p, g1_affine *out, const fr *scalars, size_t n);
void setup_points_g2(setup_points *p, g2_affine *out, const fr *scalars, size_t n);

/* A section of n points of G1. */
ZKM_MUST_CHECK zkm_status setup_points_write(zkm_error *err, setup_points *p, pk_writer *w,
                                             pk_section section, const fr *scalars, size_t n);
/* The index list of the nonzero scalars, their points in G1 and, unless g2_section is PK_SECTIONS, in G2. */
ZKM_MUST_CHECK zkm_status setup_points_write_sparse(zkm_error *err, setup_points *p, pk_writer *w,
                                                    const fr *scalars, size_t n,
                                                    pk_section index_section, pk_section g1_section,
                                                    pk_section g2_section);

#endif
