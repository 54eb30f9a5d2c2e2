/*
 * What the contract of zkm_verifying_key_to_solidity takes: words of proofs and statements, and
 * whole calldata of its functions (contracts/src/IZkmetricVerifier.sol) by the rules of Solidity's
 * ABI.
 */
#include <stdlib.h>
#include <string.h>

#include "api/json.h"
#include "api/verifier.h"
#include "base/bytes.h"
#include "base/error.h"
#include "math/keccak.h"

#define WORD 32u

/* A proof and its statement as canonical bytes. */
typedef struct {
    uint8_t proof[GROTH16_COMMITTED_BYTES];
    uint8_t statement[STATEMENT_BYTES];
} item;

static void item_of(item *out, const zkm_proof *proof) {
    groth16_proof_to_bytes(out->proof, &proof->value, false);
    statement_to_bytes(out->statement, &proof->claim);
}

/* ------------------------------------------------------------------ words */

static json_t *words(const uint8_t *bytes, size_t len) {
    json_t *array = json_array();
    for (size_t i = 0; array && i < len; i += WORD)
        if (json_array_append_new(array, json_hex(bytes + i)) != 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

/* Words of `len` bytes at `offset` in each of n items. */
static json_t *word_lists(const item *items, size_t n, size_t offset, size_t len) {
    json_t *array = json_array();
    for (size_t i = 0; array && i < n; i++)
        if (json_array_append_new(array, words((const uint8_t *)&items[i] + offset, len)) != 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

/* ------------------------------------------------------------------ calls */

/* The first four bytes of the hash of a function's signature. */
static byte_writer call_new(const char *signature) {
    uint8_t hash[32];
    byte_writer w = writer_init();
    keccak256(hash, (const uint8_t *)signature, strlen(signature));
    writer_bytes(&w, hash, 4);
    return w;
}

static void call_number(byte_writer *w, uint64_t v) {
    writer_zeros(w, WORD - sizeof v);
    writer_u64_be(w, v);
}

/* Takes the call over and puts it into the report as hex. */
static void call_finish(report *r, const char *key, byte_writer *w) {
    char *text = w->failed ? NULL : malloc(2 + 2 * w->len + 1);
    if (text) {
        memcpy(text, "0x", 2);
        hex_encode(text + 2, w->data, w->len);
    }
    report_set(r, key, text ? json_string(text) : NULL);
    free(text);
    writer_clear(w);
}

static void call_one(report *r, const char *key, const char *signature, const item *it) {
    byte_writer w = call_new(signature);
    writer_bytes(&w, it->proof, sizeof it->proof);
    writer_bytes(&w, it->statement, sizeof it->statement);
    call_finish(r, key, &w);
}

/* (uint256[10][] proofs, uint256[6][] statements): where each array begins, then length and items.
 */
static void call_arrays(report *r, const char *key, const char *signature, const item *items,
                        size_t n) {
    byte_writer w = call_new(signature);
    call_number(&w, 2 * WORD);
    call_number(&w, 3 * WORD + n * sizeof items->proof);
    call_number(&w, n);
    for (size_t i = 0; i < n; i++)
        writer_bytes(&w, items[i].proof, sizeof items[i].proof);
    call_number(&w, n);
    for (size_t i = 0; i < n; i++)
        writer_bytes(&w, items[i].statement, sizeof items[i].statement);
    call_finish(r, key, &w);
}

/* Fields 0 (model_id) and 3 (threshold) are said once in a packed batch. */
static bool can_pack(const item *items, size_t n) {
    for (size_t i = 1; i < n; i++)
        if (memcmp(items[i].statement, items[0].statement, WORD) != 0 ||
            memcmp(items[i].statement + 3 * WORD, items[0].statement + 3 * WORD, WORD) != 0)
            return false;
    return true;
}

/* The last `len` bytes of a statement's field. */
static void pack_field(byte_writer *w, const item *it, size_t field, size_t len) {
    writer_bytes(w, it->statement + (field + 1) * WORD - len, len);
}

/* (bytes batch), the layout of IZkmetricVerifier.verifyPacked. */
static void call_packed(report *r, const char *key, const item *items, size_t n) {
    enum { HEAD = 38, ITEM = 389 };
    size_t len = HEAD + n * ITEM;
    byte_writer w = call_new("verifyPacked(bytes)");
    call_number(&w, WORD);
    call_number(&w, len);
    pack_field(&w, &items[0], 0, WORD);
    pack_field(&w, &items[0], 3, 6);
    for (size_t i = 0; i < n; i++) {
        pack_field(&w, &items[i], 2, 4);
        pack_field(&w, &items[i], 4, 1);
        pack_field(&w, &items[i], 1, WORD);
        pack_field(&w, &items[i], 5, WORD);
        writer_bytes(&w, items[i].proof, sizeof items[i].proof);
    }
    writer_zeros(&w, (WORD - len % WORD) % WORD);
    call_finish(r, key, &w);
}

/* ------------------------------------------------------------------ the public functions */

zkm_status zkm_proof_to_calldata(zkm_error *err, char **json, const zkm_proof *proof) {
    item it;
    item_of(&it, proof);
    report r = report_new();
    report_set(&r, "proof", words(it.proof, sizeof it.proof));
    report_set(&r, "statement", words(it.statement, sizeof it.statement));
    call_one(&r, "verify", "verify(uint256[10],uint256[6])", &it);
    return report_finish(err, json, &r);
}

zkm_status zkm_proofs_to_calldata(zkm_error *err, char **json, const zkm_proof *const *proofs,
                                  size_t n) {
    if (n == 0)
        return error_set(err, ZKM_ERR_ARGUMENT, "calldata: no proof is given; a batch has one");
    item *items = calloc(n, sizeof *items);
    if (!items)
        return error_memory(err, "calldata", sizeof *items);
    for (size_t i = 0; i < n; i++)
        item_of(&items[i], proofs[i]);
    report r = report_new();
    report_set(&r, "proofs", word_lists(items, n, offsetof(item, proof), sizeof items->proof));
    report_set(&r, "statements",
               word_lists(items, n, offsetof(item, statement), sizeof items->statement));
    call_arrays(&r, "verifyBatch", "verifyBatch(uint256[10][],uint256[6][])", items, n);
    call_arrays(&r, "verifyEach", "verifyEach(uint256[10][],uint256[6][])", items, n);
    if (can_pack(items, n))
        call_packed(&r, "verifyPacked", items, n);
    free(items);
    return report_finish(err, json, &r);
}
