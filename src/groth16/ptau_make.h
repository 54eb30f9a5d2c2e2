/*
 * Powers of tau of one's own, for tests and for federations that share none with the world: .ptau
 * files that snarkjs reads, too (`snarkjs powersoftau prepare phase2`, `groth16 setup`). The
 * contributions stand in a section of this library's (PTAU_OWN_CONTRIBUTIONS), as contribution.h
 * has them, with the links tau, alpha, beta; snarkjs's own section of contributions stays empty, so
 * that `snarkjs powersoftau verify` finds none in it and does not vouch for the file.
 */
#ifndef GROTH16_PTAU_MAKE_H
#define GROTH16_PTAU_MAKE_H

#include "groth16/ptau.h"

enum { PTAU_LINKS = 3 };

/* Powers of tau = alpha = beta = 1, to be contributed to. power is 1 to 28. */
ZKM_MUST_CHECK zkm_status ptau_new(zkm_error *err, const char *path, uint32_t power);

/* Writes p with *c, of which name and kind or beacon are set, as its next contribution to `path`;
 * a participant's secrets are drawn with `entropy` mixed in, and wiped. *state: where the file
 * stands then. ZKM_ERR_UNSUPPORTED for a file that ptau_new did not begin. */
ZKM_MUST_CHECK zkm_status ptau_contribute(zkm_error *err, ceremony_state *state, contribution *c,
                                          const ptau *p, const char *path, const void *entropy,
                                          size_t bytes, unsigned threads,
                                          const zkm_progress *progress);

/* Whether ptau_new began the file: it has the section of contributions. */
bool ptau_is_own(const ptau *p);

/* Checks the file's own contributions, if it has the section, and that they lead to its powers.
 * state, visit: may be NULL. state->count is 0 where there is no such section. */
ZKM_MUST_CHECK zkm_status ptau_check_contributions(zkm_error *err, const ptau *p,
                                                   ceremony_state *state,
                                                   contribution_visitor visit, void *context);

#endif
