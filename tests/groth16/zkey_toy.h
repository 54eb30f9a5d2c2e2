/*
 * A small ceremony in snarkjs's container, and its files taken apart, for the tests of such
 * ceremonies.
 */
#ifndef TESTS_GROTH16_ZKEY_TOY_H
#define TESTS_GROTH16_ZKEY_TOY_H

#include "groth16/section_file.h"

#include "groth16/lagrange.h"
#include "groth16/ptau_make.h"
#include "groth16/snarkjs.h"
#include "groth16/zkey_internal.h"
#include "math/scale.h"

#define VECTORS ZKM_SOURCE_DIR "/tests/vectors/snarkjs/"
static const char R1CS[] = VECTORS "cubic/circuit.r1cs";
static const char POWERS[] = VECTORS "powers_prepared.ptau"; /* 2^5; the system's domain is 16 */
static const ceremony_options OPTIONS = {.threads = 2};

static r1cs *cs;
static ptau powers;

static inline contribution participant(const char *name) {
    zkm_error err;
    contribution c = {0};
    toy_ok(contribution_name(&err, &c, name), &err);
    return c;
}

static inline contribution beacon_of(const char *value) {
    zkm_error err;
    contribution c = participant("");
    toy_ok(contribution_beacon(&err, &c, (const uint8_t *)value, strlen(value), 10), &err);
    return c;
}

static inline void extend(const contribution *c, const char *in, const char *out) {
    zkm_error err;
    zkey_summary s;
    toy_ok(zkey_contribute(&err, &s, c, in, out, "dice", 4, &OPTIONS), &err);
}

static inline void contribute(const char *name, const char *in, const char *out) {
    contribution c = participant(name);
    extend(&c, in, out);
}

static inline zkm_status check(zkm_error *err, const char *path) {
    zkey_summary s;
    return zkey_verify(err, &s, NULL, cs, &powers, path, NULL, NULL, NULL, &OPTIONS);
}

/* Refused, for this reason (unless NULL). */
static inline void refused(const char *path, const char *why) {
    zkm_error err;
    zkm_status status = check(&err, path);
    if (status == ZKM_OK)
        fail_msg("accepted; wanted: %s", why ? why : "anything else");
    assert_true(status == ZKM_REJECTED || status == ZKM_ERR_FORMAT || status == ZKM_ERR_MISMATCH);
    assert_non_null(strchr(err.message, ':'));
    if (why && !strstr(err.message, why))
        fail_msg("%s; wanted: %s", err.message, why);
}

/* 0.zkey, then a participant, a beacon and a participant, none with a name. */
static inline int zkey_begin(void **state) {
    zkm_error err;
    zkey_summary s;
    contribution lottery = beacon_of("lottery");
    (void)state;
    folder_open();
    toy_ok(snarkjs_r1cs_read(&err, &cs, R1CS), &err);
    toy_ok(ptau_open(&err, &powers, POWERS), &err);
    toy_ok(zkey_init(&err, &s, cs, &powers, in_folder("0.zkey"), &OPTIONS), &err);
    assert_int_equal(s.count, 0);
    assert_int_equal(s.domain, 16);
    assert_memory_equal(s.last, s.circuit_hash, BLAKE2B_BYTES);
    contribute("", in_folder("0.zkey"), in_folder("1.zkey"));
    extend(&lottery, in_folder("1.zkey"), in_folder("2.zkey"));
    contribute("", in_folder("2.zkey"), in_folder("3.zkey"));
    return 0;
}

static inline int zkey_end(void **state) {
    (void)state;
    r1cs_free(cs);
    ptau_close(&powers);
    return folder_close();
}

static inline loaded load(const char *path) { return load_sections(path, "zkey", ZKEY_END); }

#endif
