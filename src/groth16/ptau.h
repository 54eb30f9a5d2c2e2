/*
 * Phase 1 of a ceremony: powers of tau in snarkjs's .ptau format (iden3's container; sections 1
 * header, 2 tau^i in G1, 3 tau^i in G2, 4 alpha tau^i, 5 beta tau^i in G1, 6 beta in G2, 7
 * contributions; in a prepared file 12 to 15, the Lagrange bases of every domain 2^k over what
 * sections 2 to 5 hold). Points are affine, in Montgomery form, little-endian limbs.
 *
 * Opening a file believes nothing but its shape; ptau_check checks the powers. Prepared sections
 * are never believed: what is computed from them is checked against the powers (ceremony.h).
 */
#ifndef GROTH16_PTAU_H
#define GROTH16_PTAU_H

#include "base/file.h"
#include "groth16/contribution.h"
#include "groth16/iden3.h"
#include "math/blake2b.h"

enum { PTAU_MAX_POWER = 28, PTAU_OWN_CONTRIBUTIONS = 0x7a6b /* "zk"; see ptau_make.h */ };

typedef enum { PTAU_TAU1 = 0, PTAU_ALPHA1, PTAU_BETA1, PTAU_TAU2, PTAU_SERIES } ptau_series;

typedef struct {
    file_view file;
    iden3_file sections;
    uint32_t power;
    uint8_t digest[BLAKE2B_BYTES]; /* BLAKE2b of the whole file, as `b2sum` prints it */
    byte_reader series[PTAU_SERIES];
    byte_reader lagrange[PTAU_SERIES]; /* empty unless prepared */
    bool prepared;
    g2_affine beta2; /* a point of G2 */
} ptau;

/* Maps the file and finds its sections. ZKM_ERR_FORMAT: damaged or of another kind; messages begin
 * with the path. */
ZKM_MUST_CHECK zkm_status ptau_open(zkm_error *err, ptau *out, const char *path);
/* The same of bytes that outlive *out, without the digest. */
ZKM_MUST_CHECK zkm_status ptau_open_bytes(zkm_error *err, ptau *out, const uint8_t *bytes,
                                          size_t len);
void ptau_close(ptau *p); /* a zeroed one is accepted */

/* How many elements a series has: 2^(power + 1) - 1 of tau in G1, 2^power of the others. */
size_t ptau_count(const ptau *p, ptau_series series);

/* Elements [first, first + n) of a series, as they lie in the file. */
void ptau_copy(const ptau *p, ptau_series series, size_t first, size_t n, void *out);
/* The prepared basis of the domain 2^log2; of tau in G1 also for log2 = power + 1. */
void ptau_copy_lagrange(const ptau *p, ptau_series series, unsigned log2, void *out);

/* How many elements of a series keys over a domain of n elements are made of: n, and of tau in G1
 * 2n, or 2n - 1 where the file has no more (ceremony_layout.h). */
size_t ptau_used(const ptau *p, ptau_series series, size_t domain);

/* ZKM_ERR_RANGE unless the powers reach for a domain of n elements. */
ZKM_MUST_CHECK zkm_status ptau_holds(zkm_error *err, const ptau *p, size_t domain);

/*
 * Checks the powers that a domain of n elements uses (0: all; ptau_used): every point in its group
 * and not infinity; tau^0 the generators; and that there are tau, alpha, beta with series[i] =
 * tau^i ..., by one product of pairings of sums with random weights: a series that is wrong
 * anywhere passes with a probability below 2^-129. tau outside of the doubled domain; tau, alpha,
 * beta and 1 apart, up to signs. Contributions made by ptau_contribute are checked, too, of which
 * one is to be a participant's; those of other programs are not looked at. ZKM_REJECTED says what
 * does not hold.
 */
ZKM_MUST_CHECK zkm_status ptau_check(zkm_error *err, const ptau *p, size_t domain, unsigned threads,
                                     const zkm_progress *progress);

enum { PTAU_CLAIM_PAIRS = 5 };

/* A claim about the powers that a domain of two elements or more uses: the sum of tau1[i] tau^i in
 * G1 over all ptau_used(..) of them, paired with the generator, times the product of e(left[i],
 * right[i]), is
 * 1. Points are of their groups. */
typedef struct {
    fr *tau1;
    g1_affine left[PTAU_CLAIM_PAIRS];
    g2_affine right[PTAU_CLAIM_PAIRS];
} ptau_claim;

/* Whether the claim holds of powers that have been checked. */
ZKM_MUST_CHECK zkm_status ptau_claim_holds(zkm_error *err, bool *holds, const ptau *p,
                                           size_t domain, const ptau_claim *claim,
                                           unsigned threads);

/* ptau_check, and whether the claim holds, in the same sums. claim->tau1 is overwritten. The claim
 * shall have been multiplied by a uniform element of Fr, or be a sum of several that each were:
 * then what is false passes with a probability below 2^-129. */
ZKM_MUST_CHECK zkm_status ptau_check_with(zkm_error *err, bool *holds, const ptau *p, size_t domain,
                                          const ptau_claim *claim, unsigned threads,
                                          const zkm_progress *progress);

#endif
