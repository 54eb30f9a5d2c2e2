/*
 * Proofs, verifying keys and public inputs as JSON, in the shape that snarkjs writes: coordinates
 * are decimal strings, G1 is [x, y, "1"], G2 is [[x.c0, x.c1], [y.c0, y.c1], ["1", "0"]].
 *
 * Plain proofs and keys are snarkjs's own files ("curve": "bn128"). With a committed round there
 * are also pi_d, vk_delta1_2, "variant": "mirage" and "curve": "bn254". Reading is strict: a
 * coordinate has one text (digits, no leading zero, below p), third coordinates must be one, points
 * must be in their group. Members that are not ours are ignored.
 */
#ifndef GROTH16_JSON_H
#define GROTH16_JSON_H

#include <jansson.h>

#include "groth16/proof.h"
#include "groth16/vk.h"

/* {pi_a, pi_b, pi_c, [pi_d], protocol, curve, [variant]}; *out is a new reference. */
ZKM_MUST_CHECK zkm_status groth16_proof_to_json(zkm_error *err, json_t **out,
                                                const groth16_proof *proof);
ZKM_MUST_CHECK zkm_status groth16_proof_from_json(zkm_error *err, groth16_proof *out,
                                                  const json_t *object);

/*
 * Plain: snarkjs's verification_key.json {protocol, curve, nPublic, vk_alpha_1, vk_beta_2,
 * vk_gamma_2, vk_delta_2, vk_alphabeta_12, IC}. Committed: {protocol, curve, variant, setup,
 * circuit_digest, vk_digest, nPublic, alpha_1, beta_2, gamma_2, delta_2, delta1_2, IC} and, of a
 * ceremony, contributions, transcript.
 */
ZKM_MUST_CHECK zkm_status groth16_vk_to_json(zkm_error *err, json_t **out, const groth16_vk *vk);
/* Either form; a vk_digest that is not the key's is ZKM_ERR_FORMAT. */
ZKM_MUST_CHECK zkm_status groth16_vk_from_json(zkm_error *err, groth16_vk **out,
                                               const json_t *object);

/* public.json: an array of decimal strings below r. Reading allocates *publics (free). */
ZKM_MUST_CHECK zkm_status groth16_publics_to_json(zkm_error *err, json_t **out, const fr *publics,
                                                  size_t count);
ZKM_MUST_CHECK zkm_status groth16_publics_from_json(zkm_error *err, fr **publics, size_t *count,
                                                    const json_t *array);

#endif
