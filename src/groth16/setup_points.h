/* Multiples of the generators by many secret scalars, streamed into a proving key. */
#ifndef GROTH16_SETUP_POINTS_H
#define GROTH16_SETUP_POINTS_H

#include "groth16/pk.h"
#include "groth16/scratch.h"
#include "math/fixed_base.h"

typedef struct {
    unsigned threads;
    const zkm_progress *progress;
    uint64_t done, total; /* points written, points to write; one of G2 counts for three */
    fixed_base_g1_table table1;
    fixed_base_g2_table table2;
    scratch room1, room2; /* of the tables */
    scratch work1, work2; /* of the multiplications */
    scratch out;          /* a batch of points */
    scratch gathered;     /* a batch of scalars of nonzero columns, and their wires */
} setup_points;

/* For about num_g1 and num_g2 points to be written. */
ZKM_MUST_CHECK zkm_status setup_points_init(zkm_error *err, setup_points *p, size_t num_g1,
                                            size_t num_g2, unsigned threads,
                                            const zkm_progress *progress);
void setup_points_clear(setup_points *p); /* wipes */

/* out[i] = scalars[i] * generator, any number of scalars. */
void setup_points_g1(setup_points *p, g1_affine *out, const fr *scalars, size_t n);
void setup_points_g2(setup_points *p, g2_affine *out, const fr *scalars, size_t n);

/* A section of n points of G1. */
ZKM_MUST_CHECK zkm_status setup_points_write(zkm_error *err, setup_points *p, pk_writer *w,
                                             pk_section section, const fr *scalars, size_t n);
/* The index list of the nonzero scalars and their points in both groups; PK_SECTIONS stands for
 * none. */
ZKM_MUST_CHECK zkm_status setup_points_write_sparse(zkm_error *err, setup_points *p, pk_writer *w,
                                                    const fr *scalars, size_t n,
                                                    pk_section index_section, pk_section g1_section,
                                                    pk_section g2_section);

#endif
