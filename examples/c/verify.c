/*
 * The verifier alone: linked to zkmetric_verifier, a program that holds no prover.
 *   verify VK PROOF        exit status 0 when accepted
 */
#include <stdio.h>
#include <zkmetric.h>

int main(int argc, char **argv) {
    zkm_error error = {.status = ZKM_OK};
    zkm_verifying_key *key = NULL;
    zkm_proof *proof = NULL;
    if (argc != 3) {
        fprintf(stderr, "usage: verify VK PROOF\n");
        return 2;
    }
    zkm_status status = zkm_verifying_key_read(&error, &key, argv[1]);
    if (status == ZKM_OK)
        status = zkm_proof_read(&error, &proof, argv[2]);
    if (status == ZKM_OK)
        status = zkm_verify(&error, key, proof, NULL);
    puts(status == ZKM_OK ? "accepted" : error.message);
    zkm_proof_free(proof);
    zkm_verifying_key_free(key);
    return status != ZKM_OK;
}
