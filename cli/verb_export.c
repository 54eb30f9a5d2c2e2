/* export: a key or proofs in the formats of other programs. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

typedef struct {
    const char *key, *out, *name;
    bool allow_single_party;
} export_args;

static const option EXPORT_OPTIONS[] = {
    {OPTION_TEXT, "key", 'k', "VK", offsetof(export_args, key), false, 0, 0,
     "the verifying key, vk.zkm (all but calldata)"},
    {OPTION_TEXT, "out", 'o', "FILE", offsetof(export_args, out), false, 0, 0,
     "the file to write (default: standard output)"},
    {OPTION_TEXT, "name", 0, "NAME", offsetof(export_args, name), false, 0, 0,
     "solidity: the contract's name (default: ZkmetricVerifier)"},
    {OPTION_FLAG, "allow-single-party", 0, NULL, offsetof(export_args, allow_single_party), false,
     0, 0, "solidity: also for a key whose maker could forge proofs; for tests"},
    {.kind = OPTION_END}};

static zkm_status export_key(cli *c, char **text, const char *what, const export_args *a) {
    zkm_verifying_key *key = NULL;
    zkm_solidity_options options = {.name = a->name, .allow_single_party = a->allow_single_party};
    zkm_status status = zkm_verifying_key_read(&c->error, &key, a->key);
    if (status == ZKM_OK && strcmp(what, "solidity") == 0)
        status = zkm_verifying_key_to_solidity(&c->error, text, key, &options);
    else if (status == ZKM_OK && strcmp(what, "snarkjs") == 0)
        status = zkm_verifying_key_to_snarkjs(&c->error, text, key);
    else if (status == ZKM_OK)
        status = zkm_verifying_key_to_json(&c->error, text, key);
    zkm_verifying_key_free(key);
    return status;
}

/* One proof, or a batch. */
static zkm_status export_calldata(cli *c, char **text, const word_list *files) {
    size_t n = files->n - 1, read = 0; /* the first word is the format */
    zkm_proof **proofs = cli_alloc(n * sizeof *proofs);
    zkm_status status = ZKM_OK;
    for (; status == ZKM_OK && read < n; read++)
        status = zkm_proof_read(&c->error, &proofs[read], files->items[read + 1]);
    if (status == ZKM_OK)
        status = n == 1
                     ? zkm_proof_to_calldata(&c->error, text, proofs[0])
                     : zkm_proofs_to_calldata(&c->error, text, (const zkm_proof *const *)proofs, n);
    for (size_t i = 0; i < n; i++)
        zkm_proof_free(proofs[i]);
    return status;
}

/* By way of a file beside it, so that a failure leaves nothing half-written. */
static zkm_status write_text(cli *c, const char *path, const char *text) {
    size_t len = strlen(path) + sizeof ".part";
    char *part = cli_alloc(len);
    snprintf(part, len, "%s.part", path);
    FILE *f = fopen(part, "w");
    bool good = f && fputs(text, f) >= 0;
    good = f && fclose(f) == 0 && good && rename(part, path) == 0;
    zkm_status status = ZKM_OK;
    if (!good) {
        status = errno == ENOSPC || errno == EIO ? ZKM_ERR_IO : ZKM_ERR_NOT_FOUND;
        c->error.status = status;
        snprintf(c->error.message, sizeof c->error.message,
                 "%.800s: cannot write: %s; check that the folder exists and is writable", path,
                 strerror(errno));
        remove(part);
    }
    return status;
}

static int run_export(cli *c, const void *args) {
    const export_args *a = args;
    const char *what = c->words.items[0];
    bool calldata = strcmp(what, "calldata") == 0, solidity = strcmp(what, "solidity") == 0;
    char *text = NULL;
    if (!calldata && !solidity && strcmp(what, "snarkjs") != 0 && strcmp(what, "vk-json") != 0)
        return cli_fail_with(c, NULL, ZKM_ERR_ARGUMENT,
                             "'%s' is no format; choose vk-json, snarkjs, solidity or calldata",
                             what);
    if ((a->name || a->allow_single_party) && !solidity)
        return cli_fail_with(c, NULL, ZKM_ERR_ARGUMENT,
                             "--name and --allow-single-party are options of solidity alone");
    if (calldata ? c->words.n < 2 : !a->key || c->words.n != 1)
        return cli_fail_with(c, NULL, ZKM_ERR_ARGUMENT, "%s takes %s", what,
                             calldata ? "PROOF files" : "--key VK and no file");
    if (c->json && !a->out)
        return cli_fail_with(c, NULL, ZKM_ERR_ARGUMENT,
                             "--json needs --out FILE: standard output can hold the export or the "
                             "report, not both");
    zkm_status status =
        calldata ? export_calldata(c, &text, &c->words) : export_key(c, &text, what, a);
    if (status == ZKM_OK && a->out)
        status = write_text(c, a->out, text);
    json_t *report = json_object();
    if (status == ZKM_OK && a->out) {
        object_set(report, "format", json_string(what));
        object_set(report, "out", json_string(a->out));
        object_set(report, "bytes", json_integer((json_int_t)strlen(text)));
    } else if (status == ZKM_OK) {
        fputs(text, stdout);
    }
    zkm_string_free(text);
    return status == ZKM_OK ? cli_done(c, report, EXIT_DONE) : cli_fail(c, report);
}

const verb VERB_EXPORT = {
    .name = "export",
    .arguments = "vk-json|snarkjs|solidity|calldata [PROOF...]",
    .summary = "write a key or a proof in another program's format",
    .details =
        "vk-json: the verifying key as JSON. snarkjs: the same for `snarkjs groth16 verify`, for "
        "keys without a committed round. solidity: a contract that verifies proofs under the key. "
        "calldata: one PROOF, or several as a batch, as that contract takes them.",
    .options = EXPORT_OPTIONS,
    .size = sizeof(export_args),
    .min_words = 1,
    .max_words = 1u << 20,
    .run = run_export};
