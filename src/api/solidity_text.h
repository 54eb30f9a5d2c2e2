/* The two texts that zkm_verifying_key_to_solidity works on; cmake/sources.cmake embeds them. */
#ifndef API_SOLIDITY_TEXT_H
#define API_SOLIDITY_TEXT_H

extern const char SOLIDITY_TEMPLATE[];  /* contracts/src/ZkmetricVerifier.sol.in */
extern const char SOLIDITY_INTERFACE[]; /* contracts/src/IZkmetricVerifier.sol */

#endif
