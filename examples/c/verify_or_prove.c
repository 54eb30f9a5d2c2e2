/*
 * The library in forty lines.
 *   verify_or_prove VK PROOF                                           accepted or rejected
 *   verify_or_prove CIRCUIT PK MODEL OPENING THRESHOLD CONTEXT PROOF   proves and writes PROOF
 * cc verify_or_prove.c $(pkg-config --cflags --libs zkmetric)
 */
#include <stdio.h>
#include <zkmetric.h>

static zkm_status verify(zkm_error *error, char **path) {
    zkm_verifying_key *key = NULL;
    zkm_proof *proof = NULL;
    zkm_expectations want = {.require_pass = true};
    zkm_status status = zkm_verifying_key_read(error, &key, path[0]);
    if (status == ZKM_OK)
        status = zkm_proof_read(error, &proof, path[1]);
    if (status == ZKM_OK)
        status = zkm_verify(error, key, proof, &want);
    zkm_proof_free(proof);
    zkm_verifying_key_free(key);
    return status;
}

static zkm_status prove(zkm_error *error, char **arg) {
    const zkm_prove_paths paths = {
        .circuit = arg[0], .key = arg[1], .model = arg[2], .opening = arg[3]};
    zkm_prove_options what = {.require_pass = true};
    zkm_proof *proof = NULL;
    zkm_status status = zkm_threshold_from_text(error, &what.threshold, arg[4]);
    if (status == ZKM_OK)
        status = zkm_field_from_hex(error, what.context, arg[5]);
    if (status == ZKM_OK)
        status = zkm_prove_files(error, &proof, NULL, &paths, &what, NULL);
    if (status == ZKM_OK)
        status = zkm_proof_write(error, proof, arg[6], NULL);
    zkm_proof_free(proof);
    return status;
}

int main(int argc, char **argv) {
    zkm_error error = {.status = ZKM_OK};
    if (argc != 3 && argc != 8) {
        fprintf(stderr, "usage: see the head of verify_or_prove.c\n");
        return 2;
    }
    zkm_status status = argc == 3 ? verify(&error, argv + 1) : prove(&error, argv + 1);
    puts(status == ZKM_OK ? (argc == 3 ? "accepted" : "proved") : error.message);
    return status != ZKM_OK;
}
