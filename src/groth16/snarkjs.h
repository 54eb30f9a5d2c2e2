/*
 * snarkjs's binary files, for plain circuits: constraint systems (.r1cs), witnesses (.wtns) and
 * proving keys
 * (.zkey), iden3's container format. JSON files (verification_key, proof, public) are in
 * groth16/json.h.
 *
 * All of them are foreign: every section, count, wire, coefficient and point is checked.
 */
#ifndef GROTH16_SNARKJS_H
#define GROTH16_SNARKJS_H

#include "groth16/pk.h"
#include "r1cs/r1cs.h"

/* A .r1cs as a system of one block of assertions, with the rows x * 0 = 0 for the constant and the
 * public wires at the end, where snarkjs's setup puts them. *out is freed by r1cs_free. */
ZKM_MUST_CHECK zkm_status snarkjs_r1cs_read(zkm_error *err, r1cs **out, const char *path);
ZKM_MUST_CHECK zkm_status snarkjs_r1cs_from_bytes(zkm_error *err, r1cs **out, const uint8_t *bytes,
                                                  size_t len);

/* A .wtns: all wires, wire 0 first. *wires is freed by free(). */
ZKM_MUST_CHECK zkm_status snarkjs_wtns_read(zkm_error *err, fr **wires, uint32_t *count,
                                            const char *path);
ZKM_MUST_CHECK zkm_status snarkjs_wtns_from_bytes(zkm_error *err, fr **wires, uint32_t *count,
                                                  const uint8_t *bytes, size_t len);
/* Mode 0600: a witness is secret. */
ZKM_MUST_CHECK zkm_status snarkjs_wtns_write(zkm_error *err, const fr *wires, uint32_t count,
                                             const char *path);

/*
 * Makes a proving key (pk.zkm at pk_path) and its verifying key from a .zkey and the system that it
 * belongs to: prove with wires from a .wtns and a, b from r1cs_evaluate. Checked: every point, that
 * beta and delta agree in both groups, and that the matrices inside are those of cs. Not checked:
 * that the points come from an honest ceremony for cs (`snarkjs zkey verify` does that).
 * ZKM_ERR_MISMATCH: the key of another system.
 */
ZKM_MUST_CHECK zkm_status snarkjs_zkey_import(zkm_error *err, groth16_vk **vk, const char *pk_path,
                                              const char *zkey_path, const r1cs *cs,
                                              unsigned threads);

/* Writes a plain key that setup made `exportable` as a .zkey that `snarkjs groth16 prove`
 * and `snarkjs zkey export verificationkey` take. It holds no ceremony transcript. */
ZKM_MUST_CHECK zkm_status snarkjs_zkey_export(zkm_error *err, const char *zkey_path,
                                              const groth16_pk *pk, const r1cs *cs);

#endif
