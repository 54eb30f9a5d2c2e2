/*
 * proof.json: {"proof": {...}, "public_inputs": {...}, "vk_digest"}, as docs/formats.md lists it.
 * Reading is strict: every key known, every value of its type, so that one statement has one
 * reading.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/json.h"
#include "api/verifier.h"
#include "base/bytes.h"
#include "base/error.h"
#include "claim/threshold.h"
#include "groth16/json.h"

/* ------------------------------------------------------------------ writing */

/* A threshold's shortest text has at most 15 significant digits. */
#define THRESHOLD_DIGITS 15u

static json_t *public_inputs(const zkm_proof *proof) {
    zkm_statement s;
    zkm_proof_statement(&s, proof);
    report r = report_new();
    report_threshold(&r, "threshold", s.threshold);
    report_count(&r, "threshold_fixed", s.threshold);
    report_hex(&r, "model_hash", s.model_id);
    report_count(&r, "num_samples", s.num_samples);
    report_hex(&r, "dataset_id", s.dataset_id);
    report_count(&r, "verdict", s.verdict);
    report_hex(&r, "context", s.context);
    if (r.failed)
        report_clear(&r);
    return r.object;
}

zkm_status zkm_proof_to_json(zkm_error *err, char **json, const zkm_proof *proof) {
    json_t *points = NULL;
    ZKM_TRY(groth16_proof_to_json(err, &points, &proof->value));
    report r = report_new();
    report_set(&r, "proof", points);
    report_set(&r, "public_inputs", public_inputs(proof));
    if (proof->names_key)
        report_hex(&r, "vk_digest", proof->vk_digest);
    if (r.failed) {
        report_clear(&r);
        return error_memory(err, "proof's JSON", 0);
    }
    return json_to_text(err, json, r.object, THRESHOLD_DIGITS);
}

/* ------------------------------------------------------------------ reading */

static zkm_status bad(zkm_error *err, const char *key, const char *expected) {
    return error_set(err, ZKM_ERR_FORMAT, "proof: \"%s\" is missing or not %s", key, expected);
}

/* Every key of the object is one of n names. */
static zkm_status only_keys(zkm_error *err, const json_t *object, const char *what,
                            const char *const *names, size_t n) {
    if (!json_is_object(object))
        return bad(err, what, "an object");
    json_t *all = (json_t *)object; /* jansson's iterators want it so */
    for (void *it = json_object_iter(all); it; it = json_object_iter_next(all, it)) {
        size_t i = 0;
        while (i < n && strcmp(names[i], json_object_iter_key(it)) != 0)
            i++;
        if (i == n)
            return error_set(err, ZKM_ERR_FORMAT,
                             "proof: \"%s\" has a key \"%.80s\" that is not known", what,
                             json_object_iter_key(it));
    }
    return ZKM_OK;
}

static zkm_status read_hex(zkm_error *err, uint8_t out[32], const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    if (!text || strncmp(text, "0x", 2) != 0 || !hex_decode(out, 32, text))
        return bad(err, key, "0x and 64 hexadecimal digits");
    return ZKM_OK;
}

static zkm_status read_count(zkm_error *err, uint64_t *out, const json_t *object, const char *key,
                             uint64_t max) {
    const json_t *value = json_object_get(object, key);
    json_int_t v = json_integer_value(value);
    if (!json_is_integer(value) || v < 0 || (uint64_t)v > max)
        return bad(err, key, "a whole number in its range");
    *out = (uint64_t)v;
    return ZKM_OK;
}

/* The number for people must say what the number that is proved says. */
static zkm_status check_threshold(zkm_error *err, const json_t *object, uint64_t fixed) {
    const json_t *value = json_object_get(object, "threshold");
    uint64_t read = 0;
    if (!json_is_number(value) ||
        threshold_from_double(NULL, &read, json_number_value(value)) != ZKM_OK)
        return bad(err, "threshold", "a number from 0 to below 65536");
    if (read != fixed)
        return error_set(err, ZKM_ERR_FORMAT,
                         "proof: \"threshold\" %.17g is not what \"threshold_fixed\" %llu says",
                         json_number_value(value), (unsigned long long)fixed);
    return ZKM_OK;
}

static zkm_status read_statement(zkm_error *err, statement *out, const json_t *object) {
    static const char *const KEYS[] = {"threshold",  "threshold_fixed", "model_hash", "num_samples",
                                       "dataset_id", "verdict",         "context"};
    uint8_t bytes[STATEMENT_BYTES] = {0};
    uint64_t samples = 0, fixed = 0, verdict = 0;
    ZKM_TRY(only_keys(err, object, "public_inputs", KEYS, sizeof KEYS / sizeof *KEYS));
    ZKM_TRY(read_hex(err, bytes, object, "model_hash"));
    ZKM_TRY(read_hex(err, bytes + 32, object, "dataset_id"));
    ZKM_TRY(read_count(err, &samples, object, "num_samples", UINT32_MAX));
    ZKM_TRY(read_count(err, &fixed, object, "threshold_fixed", ((uint64_t)1 << 48) - 1));
    ZKM_TRY(check_threshold(err, object, fixed));
    ZKM_TRY(read_count(err, &verdict, object, "verdict", 1));
    ZKM_TRY(read_hex(err, bytes + 160, object, "context"));
    for (size_t i = 0; i < 8; i++) { /* big-endian, at the end of each field */
        bytes[95 - i] = (uint8_t)(samples >> (8 * i));
        bytes[127 - i] = (uint8_t)(fixed >> (8 * i));
    }
    bytes[159] = (uint8_t)verdict;
    return statement_from_bytes(err, out, bytes);
}

static zkm_status read_object(zkm_error *err, zkm_proof *out, const json_t *root) {
    static const char *const KEYS[] = {"proof", "public_inputs", "vk_digest"};
    static const char *const POINTS[] = {"pi_a",     "pi_b",  "pi_c",   "pi_d",
                                         "protocol", "curve", "variant"};
    const json_t *points = json_object_get(root, "proof");
    ZKM_TRY(only_keys(err, root, "the file", KEYS, sizeof KEYS / sizeof *KEYS));
    ZKM_TRY(only_keys(err, points, "proof", POINTS, sizeof POINTS / sizeof *POINTS));
    ZKM_TRY(groth16_proof_from_json(err, &out->value, points));
    if (!out->value.committed)
        return bad(err, "pi_d", "there, with \"variant\": \"mirage\"");
    ZKM_TRY(read_statement(err, &out->claim, json_object_get(root, "public_inputs")));
    out->names_key = json_object_get(root, "vk_digest") != NULL;
    return out->names_key ? read_hex(err, out->vk_digest, root, "vk_digest") : ZKM_OK;
}

zkm_status proof_from_json(zkm_error *err, zkm_proof *out, const uint8_t *data, size_t len) {
    json_error_t where;
    zkm_proof proof = {0};
    json_t *root = json_loadb((const char *)data, len, JSON_REJECT_DUPLICATES, &where);
    if (!root)
        return error_set(err, ZKM_ERR_FORMAT,
                         "proof: neither a binary proof nor JSON: line %d, column %d: %.200s",
                         where.line, where.column, where.text);
    zkm_status status = read_object(err, &proof, root);
    json_decref(root);
    if (status == ZKM_OK)
        *out = proof;
    return status;
}
