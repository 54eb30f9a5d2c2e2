/* Trusted setup by many parties. */
#include <stdlib.h>
#include <string.h>

#include "api/internal.h"
#include "api/json.h"
#include "api/keys_folder.h"
#include "api/relay.h"
#include "api/verifier.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/utf8.h"
#include "groth16/ceremony.h"
#include "groth16/ptau_make.h"
#include "groth16/snarkjs.h"
#include "groth16/zkey_ceremony.h"

/* A call's progress, handed to the layers below. */
typedef struct {
    relay whole;
    zkm_progress progress;
    ceremony_options options;
} ceremony_call;

static void begin(ceremony_call *call, const zkm_options *options, const unsigned *shares,
                  size_t count) {
    call->whole =
        (relay){.sink = options ? options->progress : NULL, .shares = shares, .count = count};
    call->progress = relay_progress(&call->whole);
    call->options =
        (ceremony_options){.threads = options ? options->threads : 0, .progress = &call->progress};
}

static void report_bytes(report *r, const char *key, const uint8_t *bytes, size_t n) {
    char text[2 * BLAKE2B_BYTES + 1];
    hex_encode(text, bytes, n);
    report_text(r, key, text);
}

/* ------------------------------------------------------------------ contributions */

/* The list of a report; `list` is NULL after a failure to allocate. */
typedef struct {
    json_t *list;
} contribution_list;

static void list_contribution(void *context, uint32_t index, const contribution *c) {
    contribution_list *l = context;
    char value[2 * CONTRIBUTION_VALUE + 1];
    json_t *one = json_object();
    json_object_set_new(one, "number", json_integer((json_int_t)index + 1));
    json_object_set_new(one, "kind",
                        json_string(c->kind == CONTRIBUTION_BEACON ? "beacon" : "participant"));
    json_object_set_new(one, "name", json_string(c->name));
    json_object_set_new(one, "hash", json_hex(c->hash));
    if (c->kind == CONTRIBUTION_BEACON) {
        hex_encode(value, c->value, c->value_bytes);
        json_object_set_new(one, "value", json_string(value));
        json_object_set_new(one, "iterations_log2", json_integer(c->iterations));
    }
    json_array_append_new(l->list, one);
}

static void report_state(report *r, const ceremony_state *s) {
    report_count(r, "contributions", s->count);
    report_hex(r, "transcript", s->hash);
}

static void report_summary(report *r, const ceremony_summary *s) {
    report_hex(r, "circuit_digest", s->circuit_digest);
    report_bytes(r, "ptau_blake2b", s->ptau_digest, sizeof s->ptau_digest);
    report_count(r, "rows", s->num_rows);
    report_count(r, "domain", s->domain);
    report_hex(r, "initial", s->initial);
    report_state(r, &s->state);
}

static zkm_status fill_contribution(zkm_error *err, contribution *out,
                                    const zkm_contribution *what) {
    *out = (contribution){0};
    ZKM_TRY(contribution_name(err, out, what->name ? what->name : ""));
    if (!what->beacon)
        return ZKM_OK;
    return contribution_beacon(err, out, what->beacon, what->beacon_bytes, what->iterations);
}

static void report_contribution(report *r, const char *path, const contribution *c) {
    report_text(r, "out", path);
    report_text(r, "kind", c->kind == CONTRIBUTION_BEACON ? "beacon" : "participant");
    report_text(r, "name", c->name);
}

/* ------------------------------------------------------------------ phase 1 */

zkm_status zkm_ceremony_new_ptau(zkm_error *err, char **text, uint32_t power, const char *out) {
    report r;
    ZKM_TRY(ptau_new(err, out, power));
    if (!text)
        return ZKM_OK;
    r = report_new();
    report_text(&r, "out", out);
    report_count(&r, "power", power);
    return report_finish(err, text, &r);
}

zkm_status zkm_ceremony_contribute_ptau(zkm_error *err, char **text, const char *in,
                                        const char *out, const zkm_contribution *what,
                                        const zkm_options *options) {
    static const unsigned shares[] = {1000};
    ceremony_call call;
    contribution c;
    ceremony_state state;
    ptau p = {0};
    begin(&call, options, shares, 1);
    ZKM_TRY(fill_contribution(err, &c, what));
    ZKM_TRY(ptau_open(err, &p, in));
    zkm_status status =
        ptau_contribute(err, &state, &c, &p, out, what->entropy, what->entropy_bytes,
                        call.options.threads, call.options.progress);
    if (status != ZKM_OK) {
        status = error_prefix(err, status, "%s", in);
    } else if (text) {
        report r = report_new();
        report_contribution(&r, out, &c);
        report_count(&r, "power", p.power);
        report_state(&r, &state);
        status = report_finish(err, text, &r);
    }
    ptau_close(&p);
    return status;
}

zkm_status zkm_ceremony_check_ptau(zkm_error *err, char **text, const char *path,
                                   const zkm_options *options) {
    static const unsigned shares[] = {1000};
    ceremony_call call;
    ceremony_state state;
    contribution_list list = {json_array()};
    ptau p = {0};
    zkm_status status;
    begin(&call, options, shares, 1);
    ZKM_TRY_OUT(ptau_open(err, &p, path));
    status = ptau_check(err, &p, 0, call.options.threads, call.options.progress);
    if (status == ZKM_OK)
        status = ptau_check_contributions(err, &p, &state, list_contribution, &list);
    if (status != ZKM_OK) {
        status = error_prefix(err, status, "%s", path);
    } else if (text) {
        report r = report_new();
        report_text(&r, "ptau", path);
        report_count(&r, "power", p.power);
        report_set(&r, "prepared", json_boolean(p.prepared));
        report_bytes(&r, "blake2b", p.digest, sizeof p.digest);
        report_state(&r, &state);
        report_set(&r, "list", json_incref(list.list));
        status = report_finish(err, text, &r);
    }
out:
    json_decref(list.list);
    ptau_close(&p);
    return status;
}

/* ------------------------------------------------------------------ phase 2 */

zkm_status zkm_ceremony_init(zkm_error *err, char **text, const zkm_circuit *system,
                             const char *ptau_path, const char *out, const zkm_options *options) {
    /* four bases, columns, the quotient's basis, checks of key and powers */
    static const unsigned shares[] = {100, 100, 100, 250, 150, 200, 50, 50};
    ceremony_call call;
    ceremony_summary summary;
    ptau p = {0};
    begin(&call, options, shares, sizeof shares / sizeof *shares);
    ZKM_TRY(ptau_open(err, &p, ptau_path));
    zkm_status status = ceremony_init(err, &summary, circuit_constraints(system->value),
                                      circuit_digest(system->value), &p, out, &call.options);
    ptau_close(&p);
    if (status != ZKM_OK || !text)
        return status;
    report r = report_new();
    report_text(&r, "out", out);
    report_summary(&r, &summary);
    return report_finish(err, text, &r);
}

zkm_status zkm_ceremony_inspect(zkm_error *err, char **text, const char *path) {
    ceremony_summary summary;
    ceremony_size size;
    contribution_list list = {json_array()};
    zkm_status status = ceremony_inspect(err, &summary, &size, path, list_contribution, &list);
    if (status == ZKM_OK && text) {
        report r = report_new();
        report_text(&r, "file", path);
        report_summary(&r, &summary);
        report_count(&r, "bytes", size.now);
        report_count(&r, "next_bytes", size.next);
        report_set(&r, "list", json_incref(list.list));
        status = report_finish(err, text, &r);
    }
    json_decref(list.list);
    return status;
}

/* The report on a .zkey; lists and digests of the system are the caller's to add. */
static void report_zkey(report *r, const zkey_summary *s) {
    report_count(r, "domain", s->domain);
    report_bytes(r, "initial", s->circuit_hash, sizeof s->circuit_hash);
    report_count(r, "contributions", s->count);
    report_bytes(r, "transcript", s->last, sizeof s->last);
}

static zkm_status contribute_to_zkey(zkm_error *err, char **text, const char *in, const char *out,
                                     const contribution *c, const zkm_contribution *what,
                                     const ceremony_options *options) {
    zkey_summary summary;
    ZKM_TRY(
        zkey_contribute(err, &summary, c, in, out, what->entropy, what->entropy_bytes, options));
    if (!text)
        return ZKM_OK;
    report r = report_new();
    report_contribution(&r, out, c);
    report_zkey(&r, &summary);
    return report_finish(err, text, &r);
}

zkm_status zkm_ceremony_contribute(zkm_error *err, char **text, const char *in, const char *out,
                                   const zkm_contribution *what, const zkm_options *options) {
    static const unsigned shares[] = {1000};
    ceremony_call call;
    ceremony_summary summary;
    contribution c;
    begin(&call, options, shares, 1);
    ZKM_TRY(fill_contribution(err, &c, what));
    if (zkey_is_one(in))
        return contribute_to_zkey(err, text, in, out, &c, what, &call.options);
    ZKM_TRY(ceremony_contribute(err, &summary, &c, in, out, what->entropy, what->entropy_bytes,
                                &call.options));
    if (!text)
        return ZKM_OK;
    report r = report_new();
    report_contribution(&r, out, &c);
    report_summary(&r, &summary);
    return report_finish(err, text, &r);
}

/* The key that the ceremony stands for is the one that was announced. */
static zkm_status check_key(zkm_error *err, const groth16_vk *vk, const zkm_verifying_key *key) {
    if (!vk)
        return error_set(err, ZKM_REJECTED,
                         "verifying key: no participant has contributed to the ceremony yet, so it "
                         "has no key");
    const groth16_origin *a = &vk->parts.origin, *b = &key->value->parts.origin;
    if (memcmp(vk->digest, key->value->digest, sizeof vk->digest) == 0 && a->kind == b->kind &&
        a->contributions == b->contributions &&
        memcmp(a->transcript, b->transcript, sizeof a->transcript) == 0)
        return ZKM_OK;
    return error_set(
        err, ZKM_REJECTED,
        "verifying key: it is not the key of this ceremony's last file; do not use it");
}

/* What both kinds of verification say beside their summaries; vk NULL: nobody has contributed. */
static zkm_status report_verified(zkm_error *err, char **text, report *r, const groth16_vk *vk,
                                  const contribution_list *list) {
    if (vk)
        report_hex(r, "vk_digest", vk->digest);
    report_set(r, "list", json_incref(list->list));
    return report_finish(err, text, r);
}

zkm_status zkm_ceremony_verify(zkm_error *err, char **text, const zkm_circuit *system,
                               const char *ptau_path, const char *path,
                               const zkm_verifying_key *key, const zkm_options *options) {
    static const unsigned shares[] = {500, 500}; /* key, powers */
    ceremony_call call;
    ceremony_summary summary;
    groth16_vk *vk = NULL;
    contribution_list list = {json_array()};
    ptau p = {0};
    zkm_status status;
    begin(&call, options, shares, 2);
    ZKM_TRY_OUT(ptau_open(err, &p, ptau_path));
    ZKM_TRY_OUT(ceremony_verify(err, &summary, &vk, circuit_constraints(system->value),
                                circuit_digest(system->value), &p, path, list_contribution, &list,
                                &call.options));
    if (key)
        ZKM_TRY_OUT(check_key(err, vk, key));
    if (text) {
        report r = report_new();
        report_text(&r, "file", path);
        report_summary(&r, &summary);
        status = report_verified(err, text, &r, vk, &list);
    }
out:
    json_decref(list.list);
    groth16_vk_free(vk);
    ptau_close(&p);
    return status;
}

zkm_status zkm_ceremony_finalize(zkm_error *err, char **text, const zkm_circuit *system,
                                 const char *ptau_path, const char *path, const char *folder,
                                 const zkm_options *options) {
    static const unsigned shares[] = {500, 500}; /* key, powers */
    ceremony_call call;
    ceremony_summary summary;
    groth16_vk *vk = NULL;
    keys_folder keys;
    ptau p = {0};
    zkm_status status;
    begin(&call, options, shares, 2);
    ZKM_TRY(keys_folder_open(err, &keys, folder));
    ZKM_TRY_OUT(ptau_open(err, &p, ptau_path));
    ZKM_TRY_OUT(ceremony_finalize(err, &summary, &vk, circuit_constraints(system->value),
                                  circuit_digest(system->value), &p, path, keys.pk, &call.options));
    ZKM_TRY_OUT(keys_folder_finish(err, &keys, vk));
    if (text) {
        report r = report_new();
        report_text(&r, "setup", "ceremony");
        report_summary(&r, &summary);
        keys_folder_report(&r, &keys, vk);
        status = report_finish(err, text, &r);
    }
out:
    groth16_vk_free(vk);
    ptau_close(&p);
    return status;
}

/* ------------------------------------------------------------------ phase 2 of snarkjs's systems
 */

/* What those who check need: the system and the powers. */
typedef struct {
    r1cs *cs;
    ptau powers;
} plain_system;

static zkm_status open_system(zkm_error *err, plain_system *out, const char *r1cs_path,
                              const char *ptau_path) {
    plain_system s = {0};
    ZKM_TRY(snarkjs_r1cs_read(err, &s.cs, r1cs_path));
    zkm_status status = ptau_open(err, &s.powers, ptau_path);
    if (status != ZKM_OK)
        r1cs_free(s.cs);
    else
        *out = s;
    return status;
}

static void close_system(plain_system *s) {
    r1cs_free(s->cs);
    ptau_close(&s->powers);
}

static void report_system(report *r, const plain_system *s, const zkey_summary *summary) {
    uint8_t digest[32];
    r1cs_digest(digest, s->cs);
    report_hex(r, "circuit_digest", digest);
    report_bytes(r, "ptau_blake2b", s->powers.digest, sizeof s->powers.digest);
    report_count(r, "rows", s->cs->num_rows);
    report_zkey(r, summary);
}

/* A name that anybody may have typed, as printable UTF-8. */
static void printable(char *out, const char *name, size_t n) {
    size_t used = 0, step;
    for (size_t i = 0; i < n; i += step) {
        step = utf8_printable(name + i, n - i);
        if (step == 0) {
            out[used++] = '?';
            step = 1;
            continue;
        }
        memcpy(out + used, name + i, step);
        used += step;
    }
    out[used] = 0;
}

static void list_zkey_contribution(void *context, uint32_t index, const zkey_contribution *c) {
    contribution_list *l = context;
    char name[ZKEY_TEXT + 1], text[2 * ZKEY_TEXT + 1];
    json_t *one = json_object();
    bool beacon = c->kind == CONTRIBUTION_BEACON;
    printable(name, c->name, c->name_bytes);
    json_object_set_new(one, "number", json_integer((json_int_t)index + 1));
    json_object_set_new(one, "kind", json_string(beacon ? "beacon" : "participant"));
    json_object_set_new(one, "name", json_string(name));
    hex_encode(text, c->hash, sizeof c->hash);
    json_object_set_new(one, "hash", json_string(text));
    if (beacon) {
        hex_encode(text, c->value, c->value_bytes);
        json_object_set_new(one, "value", json_string(text));
        json_object_set_new(one, "iterations_log2", json_integer(c->iterations));
    }
    json_array_append_new(l->list, one);
}

zkm_status zkm_ceremony_init_r1cs(zkm_error *err, char **text, const char *r1cs_path,
                                  const char *ptau_path, const char *out,
                                  const zkm_options *options) {
    /* powers, four bases, columns, the quotient's basis, key */
    static const unsigned shares[] = {200, 100, 100, 100, 250, 100, 100, 50};
    ceremony_call call;
    zkey_summary summary;
    plain_system s;
    begin(&call, options, shares, sizeof shares / sizeof *shares);
    ZKM_TRY(open_system(err, &s, r1cs_path, ptau_path));
    zkm_status status = zkey_init(err, &summary, s.cs, &s.powers, out, &call.options);
    if (status == ZKM_OK && text) {
        report r = report_new();
        report_text(&r, "out", out);
        report_system(&r, &s, &summary);
        status = report_finish(err, text, &r);
    }
    close_system(&s);
    return status;
}

/* powers, four bases, columns, key */
static const unsigned VERIFY_SHARES[] = {250, 100, 100, 100, 250, 100, 100};
enum { NUM_VERIFY_SHARES = sizeof VERIFY_SHARES / sizeof *VERIFY_SHARES };

zkm_status zkm_ceremony_verify_r1cs(zkm_error *err, char **text, const char *r1cs_path,
                                    const char *ptau_path, const char *path,
                                    const zkm_verifying_key *key, const zkm_options *options) {
    ceremony_call call;
    zkey_summary summary;
    plain_system s = {0};
    groth16_vk *vk = NULL;
    contribution_list list = {json_array()};
    zkm_status status;
    begin(&call, options, VERIFY_SHARES, NUM_VERIFY_SHARES);
    ZKM_TRY_OUT(open_system(err, &s, r1cs_path, ptau_path));
    ZKM_TRY_OUT(zkey_verify(err, &summary, &vk, s.cs, &s.powers, path, NULL, list_zkey_contribution,
                            &list, &call.options));
    if (key)
        ZKM_TRY_OUT(check_key(err, vk, key));
    if (text) {
        report r = report_new();
        report_text(&r, "file", path);
        report_system(&r, &s, &summary);
        status = report_verified(err, text, &r, vk, &list);
    }
out:
    json_decref(list.list);
    groth16_vk_free(vk);
    close_system(&s);
    return status;
}

zkm_status zkm_ceremony_finalize_r1cs(zkm_error *err, char **text, const char *r1cs_path,
                                      const char *ptau_path, const char *path, const char *folder,
                                      const zkm_options *options) {
    ceremony_call call;
    zkey_summary summary;
    plain_system s = {0};
    groth16_vk *vk = NULL;
    keys_folder keys;
    zkm_status status;
    begin(&call, options, VERIFY_SHARES, NUM_VERIFY_SHARES);
    ZKM_TRY(keys_folder_open(err, &keys, folder));
    ZKM_TRY_OUT(open_system(err, &s, r1cs_path, ptau_path));
    ZKM_TRY_OUT(
        zkey_verify(err, &summary, &vk, s.cs, &s.powers, path, keys.pk, NULL, NULL, &call.options));
    ZKM_TRY_OUT(keys_folder_finish(err, &keys, vk));
    if (text) {
        report r = report_new();
        report_text(&r, "setup", "ceremony");
        report_system(&r, &s, &summary);
        keys_folder_report(&r, &keys, vk);
        status = report_finish(err, text, &r);
    }
out:
    groth16_vk_free(vk);
    close_system(&s);
    return status;
}
