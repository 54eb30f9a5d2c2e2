/* The statement's context: what binds a proof to one use. */
#ifndef CLAIM_CONTEXT_H
#define CLAIM_CONTEXT_H

#include "base/error.h"
#include "math/fr.h"

/* A field element from 64 hex digits with or without 0x, big-endian; `name` ("context") is for
 * messages. ZKM_ERR_ARGUMENT when it is none or not below r. */
ZKM_MUST_CHECK zkm_status context_from_hex(zkm_error *err, fr *out, const char *name,
                                           const char *text);

/* The six things a context names. */
typedef struct {
    uint64_t chain_id;
    uint8_t contract[20]; /* address of the verifying contract */
    uint8_t federation[32];
    uint64_t round;
    uint8_t client[20]; /* address of the prover */
    uint8_t nonce[32];
} context_parts;

/* Keccak-256 of the six parts as 32-byte big-endian words in this order (as Solidity's abi.encode
 * of uint256, address, bytes32, uint256, address, bytes32), top three bits cleared, big-endian. */
void context_derive(uint8_t out[32], const context_parts *parts);

#endif
