/* The actions of `ceremony` that have files of their own. */
#ifndef CLI_CEREMONY_H
#define CLI_CEREMONY_H

#include "cli.h"

extern const verb CEREMONY_SERVE, CEREMONY_JOIN;

/* A contribution's file and its attestation. */
void print_contribution(const json_t *report);

#endif
