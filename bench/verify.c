/*
 * Verification time of proofs with a committed round: one proof, and a batch of 100 in one product
 * of pairings. Also reading a compressed proof (checks of curve and subgroup) and preparing a
 * verifying key. Options:
 * --repeat N, --json; --log2 and --threads have no bearing.
 */
#include "bench.h"

#include <unistd.h>

#include "groth16/prove.h"
#include "groth16/setup.h"
#include "groth16/verify.h"
#include "r1cs/builder.h"

enum { BATCH = 100, FIELDS = 6, SINGLES = 20 };

static void check(zkm_status status, const zkm_error *err) {
    if (status == ZKM_OK)
        return;
    fprintf(stderr, "%s\n", err->message);
    exit(3);
}

/* A committed statement of six fields whose folding is all that is proved. */
static r1cs *record(uint32_t *statement) {
    zkm_error err;
    r1cs *cs = NULL;
    r1cs_builder *b = builder_new(2);
    if (!b)
        exit(3);
    wire_array s = builder_committed(b, FIELDS, 1);
    builder_begin(b, "fold", 1, true);
    lc c = lc_of(b, builder_public(0)), sum = lc_of(b, wire_at(&s, 0, 0, FIELDS - 1));
    for (uint32_t i = FIELDS - 1; i-- > 0;) {
        wire folded = builder_product(b, &sum, &c);
        sum = lc_of(b, folded);
        lc_add(&sum, wire_at(&s, 0, 0, i));
    }
    lc_sub(&sum, builder_public(1));
    builder_assert_zero(b, &sum);
    builder_end(b);
    check(builder_finish(&err, &cs, b), &err);
    *statement = builder_place(b, s.base);
    builder_free(b);
    return cs;
}

static void prove(groth16_proof *proof, const groth16_pk *pk, const r1cs *cs, uint32_t at,
                  const fr *statement) {
    zkm_error err;
    fr wires[32], a[64], b[64], k;
    g1_affine d;
    const groth16_prove_options options = {.threads = 1};
    fr_set_one(&wires[0]);
    memcpy(&wires[at], statement, FIELDS * sizeof(fr));
    check(groth16_commit(&err, &d, &k, pk, wires + r1cs_first_committed(cs), 1), &err);
    groth16_challenge(&wires[1], pk->vk->digest, statement, FIELDS, &d);
    groth16_fold(&wires[2], statement, FIELDS, &wires[1]);
    check(r1cs_solve(&err, cs, wires, a, b, 1), &err);
    const groth16_witness witness = {.wires = wires, .a = a, .b = b, .k = &k, .d = &d};
    check(groth16_prove(&err, proof, pk, &witness, &options), &err);
}

static void measure(const bench_options *o, const groth16_vk *vk, const fr *statements,
                    const groth16_proof *proofs) {
    zkm_error err;
    uint8_t bytes[GROTH16_PROOF_MAX_BYTES];
    groth16_proof read;
    bench_timer single = bench_timer_new(), batch = single, decode = single, load = single;
    size_t len = groth16_proof_to_bytes(bytes, &proofs[0], true);
    for (unsigned i = 0; i < o->repeat * SINGLES; i++) {
        bench_start(&single);
        check(groth16_verify_committed(&err, vk, statements, FIELDS, proofs), &err);
        bench_stop(&single);
        bench_start(&decode);
        check(groth16_proof_from_bytes(&err, &read, bytes, len), &err);
        bench_stop(&decode);
        groth16_vk *again = NULL;
        bench_start(&load);
        check(groth16_vk_new(&err, &again, &vk->parts), &err);
        bench_stop(&load);
        groth16_vk_free(again);
    }
    for (unsigned i = 0; i < o->repeat; i++) {
        bench_start(&batch);
        check(groth16_verify_batch(&err, NULL, vk, statements, FIELDS, proofs, BATCH), &err);
        bench_stop(&batch);
    }
    bench_row(o, "verify", &single, 1);
    bench_row(o, "verify_batch_100", &batch, BATCH);
    bench_row(o, "proof_from_bytes", &decode, 1);
    bench_row(o, "verifying_key", &load, 1);
}

int main(int argc, char **argv) {
    bench_options o = bench_parse(argc, argv, 0);
    zkm_error err;
    char path[64];
    uint32_t at = 0;
    uint8_t digest[32];
    groth16_vk *vk = NULL;
    groth16_pk *pk = NULL;
    static groth16_proof proofs[BATCH];
    static fr statements[BATCH * FIELDS];
    const groth16_setup_options options = {.threads = 1};
    r1cs *cs = record(&at);
    r1cs_digest(digest, cs);
    snprintf(path, sizeof path, "bench_verify.%ld.zkm", (long)getpid());
    check(groth16_setup(&err, &vk, path, cs, digest, &options), &err);
    check(groth16_pk_open(&err, &pk, path, digest), &err);
    unlink(path);
    for (uint64_t i = 0; i < BATCH * FIELDS; i++)
        bench_fr(&statements[i], i);
    for (size_t i = 0; i < BATCH; i++)
        prove(&proofs[i], pk, cs, at, statements + i * FIELDS);
    measure(&o, vk, statements, proofs);
    groth16_pk_free(pk);
    groth16_vk_free(vk);
    r1cs_free(cs);
    return 0;
}
