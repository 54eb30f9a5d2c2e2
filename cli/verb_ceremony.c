/* ceremony: keys by many parties. Each action is a verb of its own, "ceremony ACTION". */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ceremony.h"

typedef struct {
    const char *out, *name, *entropy, *value, *key;
    uint32_t iterations;
} ceremony_args;

#define OUT_OPTION(what)                                                                           \
    { OPTION_TEXT, "out", 'o', "FILE", offsetof(ceremony_args, out), true, 0, 0, what }
#define NAME_OPTION                                                                                \
    {                                                                                              \
        OPTION_TEXT, "name", 'n', "NAME", offsetof(ceremony_args, name), false, 0, 0,              \
            "who contributes: public, at most 64 bytes"                                            \
    }
#define ENTROPY_OPTION                                                                             \
    {                                                                                              \
        OPTION_TEXT, "entropy", 'e', "TEXT", offsetof(ceremony_args, entropy), false, 0, 0,        \
            "anything unpredictable, mixed with the system's randomness; secret"                   \
    }

static const ceremony_args DEFAULTS = {.iterations = 20};

/* ------------------------------------------------------------------ shared */

static void print_list(const json_t *report) {
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(report, "list"), i, one) {
        printf("  %4llu  %-11s  %s  %s\n", (unsigned long long)object_count(one, "number"),
               object_text(one, "kind"), object_text(one, "hash"), object_text(one, "name"));
        if (*object_text(one, "value"))
            printf("        value %s, 2^%llu iterations\n", object_text(one, "value"),
                   (unsigned long long)object_count(one, "iterations_log2"));
    }
}

void print_contribution(const json_t *report) {
    printf("%s: contribution %llu\n", object_text(report, "out"),
           (unsigned long long)object_count(report, "contributions"));
    printf("Attestation, to be published by whoever contributed:\n");
    printf("  zkmetric ceremony, contribution %llu (%s%s%s)\n  transcript %s\n",
           (unsigned long long)object_count(report, "contributions"), object_text(report, "kind"),
           *object_text(report, "name") ? ": " : "", object_text(report, "name"),
           object_text(report, "transcript"));
    if (*object_text(report, "initial"))
        printf("  began from %s\n", object_text(report, "initial"));
}

static int done(cli *c, char *text, zkm_status status, void (*print)(const json_t *)) {
    if (status != ZKM_OK) {
        zkm_string_free(text);
        return cli_fail(c, NULL);
    }
    progress_end();
    json_t *report = report_of(text);
    if (!c->json)
        print(report);
    return cli_done(c, report, EXIT_DONE);
}

/* Hex digits, with or without 0x, to bytes. Gives their number, or 0. */
static size_t read_hex(uint8_t *out, size_t room, const char *text) {
    size_t n = 0;
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
        text += 2;
    if (strlen(text) % 2 != 0 || strlen(text) > 2 * room)
        return 0;
    for (; text[2 * n]; n++) {
        unsigned byte;
        if (!isxdigit((unsigned char)text[2 * n]) || !isxdigit((unsigned char)text[2 * n + 1]) ||
            sscanf(text + 2 * n, "%2x", &byte) != 1)
            return 0;
        out[n] = (uint8_t)byte;
    }
    return n;
}

/* Whether CIRCUIT is a constraint system from elsewhere, whose ceremony's files are .zkey. */
static bool is_r1cs(const char *path) {
    char start[4];
    FILE *f = fopen(path, "rb");
    bool is = f && fread(start, 1, sizeof start, f) == sizeof start &&
              memcmp(start, "r1cs", sizeof start) == 0;
    if (f)
        fclose(f);
    return is;
}

typedef zkm_status extend(zkm_error *error, char **report, const char *in, const char *out,
                          const zkm_contribution *what, const zkm_options *options);

static int run_extend(cli *c, const ceremony_args *a, extend *call) {
    char *text = NULL;
    const zkm_contribution what = {.name = a->name,
                                   .entropy = (const uint8_t *)a->entropy,
                                   .entropy_bytes = a->entropy ? strlen(a->entropy) : 0};
    zkm_status status = call(&c->error, &text, c->words.items[0], a->out, &what, &c->options);
    return done(c, text, status, print_contribution);
}

static int run_extend_beacon(cli *c, const ceremony_args *a, extend *call) {
    enum { ROOM = 64 };
    uint8_t value[ROOM];
    char *text = NULL;
    const zkm_contribution what = {.name = a->name,
                                   .beacon = value,
                                   .beacon_bytes = read_hex(value, ROOM, a->value),
                                   .iterations = a->iterations};
    if (what.beacon_bytes == 0)
        return cli_fail_with(c, NULL, ZKM_ERR_ARGUMENT, "--value %.80s: 1 to %d bytes in hex",
                             a->value, ROOM);
    zkm_status status = call(&c->error, &text, c->words.items[0], a->out, &what, &c->options);
    return done(c, text, status, print_contribution);
}

/* ------------------------------------------------------------------ phase 1 */

static void print_new_ptau(const json_t *report) {
    printf("%s: powers of tau = 1, for up to 2^%llu elements; worthless until contributed to\n",
           object_text(report, "out"), (unsigned long long)object_count(report, "power"));
}

static int run_new_ptau(cli *c, const void *args) {
    const ceremony_args *a = args;
    char *text = NULL, *end = NULL;
    unsigned long power = strtoul(c->words.items[0], &end, 10);
    if (*end || power < 1 || power > 28)
        return cli_fail_with(c, NULL, ZKM_ERR_ARGUMENT, "POWER %.20s: a number from 1 to 28",
                             c->words.items[0]);
    zkm_status status = zkm_ceremony_new_ptau(&c->error, &text, (uint32_t)power, a->out);
    return done(c, text, status, print_new_ptau);
}

static int run_contribute_ptau(cli *c, const void *args) {
    return run_extend(c, args, zkm_ceremony_contribute_ptau);
}

static int run_beacon_ptau(cli *c, const void *args) {
    return run_extend_beacon(c, args, zkm_ceremony_contribute_ptau);
}

static void print_ptau(const json_t *report) {
    printf("%s: good powers of tau, for up to 2^%llu elements%s\n  BLAKE2b %s\n",
           object_text(report, "ptau"), (unsigned long long)object_count(report, "power"),
           json_is_true(json_object_get(report, "prepared")) ? ", prepared" : "",
           object_text(report, "blake2b"));
    if (object_count(report, "contributions") == 0)
        printf("No contributions of zkmetric's in it: compare the hash with the one that the "
               "ceremony announced.\n");
    print_list(report);
}

static int run_check_ptau(cli *c, const void *args) {
    char *text = NULL;
    (void)args;
    zkm_status status = zkm_ceremony_check_ptau(&c->error, &text, c->words.items[0], &c->options);
    return done(c, text, status, print_ptau);
}

/* ------------------------------------------------------------------ phase 2 */

static void print_init(const json_t *report) {
    number_text a, b;
    printf("%s: %s rows in a domain of %s\n  circuit %s\n  ptau BLAKE2b %s\n  initial %s\n",
           object_text(report, "out"), count_text(&a, object_count(report, "rows")),
           count_text(&b, object_count(report, "domain")), object_text(report, "circuit_digest"),
           object_text(report, "ptau_blake2b"), object_text(report, "initial"));
}

static int run_init(cli *c, const void *args) {
    const ceremony_args *a = args;
    zkm_circuit *circuit = NULL;
    char *text = NULL;
    zkm_status status;
    if (is_r1cs(c->words.items[0])) {
        status = zkm_ceremony_init_r1cs(&c->error, &text, c->words.items[0], c->words.items[1],
                                        a->out, &c->options);
        return done(c, text, status, print_init);
    }
    status = zkm_circuit_read(&c->error, &circuit, c->words.items[0]);
    if (status == ZKM_OK)
        status =
            zkm_ceremony_init(&c->error, &text, circuit, c->words.items[1], a->out, &c->options);
    zkm_circuit_free(circuit);
    return done(c, text, status, print_init);
}

static int run_contribute(cli *c, const void *args) {
    return run_extend(c, args, zkm_ceremony_contribute);
}

static int run_beacon(cli *c, const void *args) {
    return run_extend_beacon(c, args, zkm_ceremony_contribute);
}

static void print_verified(const json_t *report) {
    printf("accepted: %s holds what the circuit, the powers of tau and %llu contributions make\n",
           object_text(report, "file"), (unsigned long long)object_count(report, "contributions"));
    printf("  circuit %s\n  ptau BLAKE2b %s\n  initial %s\n", object_text(report, "circuit_digest"),
           object_text(report, "ptau_blake2b"), object_text(report, "initial"));
    print_list(report);
    printf("  transcript %s\n", object_text(report, "transcript"));
    if (*object_text(report, "vk_digest"))
        printf("  vk digest  %s\n", object_text(report, "vk_digest"));
    else
        printf("No participant has contributed yet: anyone could forge with these keys.\n");
}

static int run_verify(cli *c, const void *args) {
    const ceremony_args *a = args;
    zkm_circuit *circuit = NULL;
    zkm_verifying_key *key = NULL;
    char *text = NULL;
    zkm_status status = ZKM_OK;
    bool plain = is_r1cs(c->words.items[0]);
    if (!plain)
        status = zkm_circuit_read(&c->error, &circuit, c->words.items[0]);
    if (status == ZKM_OK && a->key)
        status = zkm_verifying_key_read(&c->error, &key, a->key);
    if (status == ZKM_OK && plain)
        status = zkm_ceremony_verify_r1cs(&c->error, &text, c->words.items[0], c->words.items[1],
                                          c->words.items[2], key, &c->options);
    else if (status == ZKM_OK)
        status = zkm_ceremony_verify(&c->error, &text, circuit, c->words.items[1],
                                     c->words.items[2], key, &c->options);
    zkm_verifying_key_free(key);
    zkm_circuit_free(circuit);
    return done(c, text, status, print_verified);
}

static void print_finalized(const json_t *report) {
    number_text a, b;
    printf("%s (%s), %s (%s), vk.json\n  of a ceremony with %llu contributions\n",
           object_text(report, "pk"), bytes_text(&a, object_count(report, "pk_bytes")),
           object_text(report, "vk"), bytes_text(&b, object_count(report, "vk_bytes")),
           (unsigned long long)object_count(report, "contributions"));
    printf("  transcript %s\n  vk digest  %s\n", object_text(report, "transcript"),
           object_text(report, "vk_digest"));
}

static int run_finalize(cli *c, const void *args) {
    const ceremony_args *a = args;
    zkm_circuit *circuit = NULL;
    char *text = NULL;
    zkm_status status;
    if (is_r1cs(c->words.items[0])) {
        status = zkm_ceremony_finalize_r1cs(&c->error, &text, c->words.items[0], c->words.items[1],
                                            c->words.items[2], a->out, &c->options);
        return done(c, text, status, print_finalized);
    }
    status = zkm_circuit_read(&c->error, &circuit, c->words.items[0]);
    if (status == ZKM_OK)
        status = zkm_ceremony_finalize(&c->error, &text, circuit, c->words.items[1],
                                       c->words.items[2], a->out, &c->options);
    zkm_circuit_free(circuit);
    return done(c, text, status, print_finalized);
}

/* ------------------------------------------------------------------ tables */

static const option NEW_OPTIONS[] = {OUT_OPTION("the file to write"), {.kind = OPTION_END}};
static const option EXTEND_OPTIONS[] = {
    OUT_OPTION("the file to write"), NAME_OPTION, ENTROPY_OPTION, {.kind = OPTION_END}};
static const option BEACON_OPTIONS[] = {
    OUT_OPTION("the file to write"),
    NAME_OPTION,
    {OPTION_TEXT, "value", 'v', "HEX", offsetof(ceremony_args, value), true, 0, 0,
     "public randomness that nobody could foresee when the last participant contributed"},
    {OPTION_COUNT, "iterations", 'i', "K", offsetof(ceremony_args, iterations), false, 10, 28,
     "hash the value 2^K times (20)"},
    {.kind = OPTION_END}};
static const option CHECK_OPTIONS[] = {{.kind = OPTION_END}};
static const option VERIFY_OPTIONS[] = {{OPTION_TEXT, "key", 'k', "VK",
                                         offsetof(ceremony_args, key), false, 0, 0,
                                         "also check that this vk.zkm is the ceremony's"},
                                        {.kind = OPTION_END}};
static const option FINALIZE_OPTIONS[] = {{OPTION_TEXT, "out", 'o', "KEYS",
                                           offsetof(ceremony_args, out), true, 0, 0,
                                           "the folder to write pk.zkm, vk.zkm and vk.json to"},
                                          {.kind = OPTION_END}};

#define ACTION(action, function, table, words, least, text)                                        \
    {                                                                                              \
        .name = "ceremony " action, .arguments = words, .summary = text, .options = table,         \
        .defaults = &DEFAULTS, .size = sizeof(ceremony_args), .min_words = least,                  \
        .max_words = least, .run = function                                                        \
    }

static const verb ACTIONS[] = {
    ACTION("new-ptau", run_new_ptau, NEW_OPTIONS, "POWER", 1,
           "phase 1: begin powers of tau of one's own"),
    ACTION("contribute-ptau", run_contribute_ptau, EXTEND_OPTIONS, "PTAU", 1,
           "phase 1: contribute to them"),
    ACTION("beacon-ptau", run_beacon_ptau, BEACON_OPTIONS, "PTAU", 1,
           "phase 1: close them with public randomness"),
    ACTION("check-ptau", run_check_ptau, CHECK_OPTIONS, "PTAU", 1,
           "phase 1: check powers of tau, of any origin"),
    ACTION("init", run_init, NEW_OPTIONS, "CIRCUIT PTAU", 2,
           "phase 2: begin the ceremony of a circuit's keys"),
    ACTION("contribute", run_contribute, EXTEND_OPTIONS, "FILE", 1, "phase 2: contribute to it"),
    ACTION("beacon", run_beacon, BEACON_OPTIONS, "FILE", 1,
           "phase 2: close it with public randomness"),
    ACTION("verify", run_verify, VERIFY_OPTIONS, "CIRCUIT PTAU FILE", 3,
           "phase 2: check the whole ceremony from its last file"),
    ACTION("finalize", run_finalize, FINALIZE_OPTIONS, "CIRCUIT PTAU FILE", 3,
           "phase 2: check it and write the keys")};
enum { NUM_ACTIONS = sizeof ACTIONS / sizeof *ACTIONS + 2 };

static const verb *action_at(int i) {
    return i == NUM_ACTIONS - 2   ? &CEREMONY_SERVE
           : i == NUM_ACTIONS - 1 ? &CEREMONY_JOIN
                                  : &ACTIONS[i];
}

/* For the overview; ceremony_main runs the actions. */
const verb VERB_CEREMONY = {.name = "ceremony",
                            .summary = "make the keys of a circuit by many parties"};

static const char *action_name(const verb *v) { return strchr(v->name, ' ') + 1; }

static void print_actions(FILE *out) {
    fprintf(out,
            "Usage: zkmetric ceremony ACTION [OPTION...] ARGUMENTS\n\n"
            "Makes the keys of a circuit by many parties: whoever would forge proofs needs the\n"
            "secrets of every one of them. See docs/ceremony.md.\n\n");
    for (int i = 0; i < NUM_ACTIONS; i++)
        fprintf(out, "  %-16s %s\n", action_name(action_at(i)), action_at(i)->summary);
    fprintf(out,
            "\nIn phase 2, CIRCUIT may be iden3's .r1cs; files are snarkjs's .zkey then.\n"
            "\n  zkmetric ceremony ACTION --help   options of an action; every one takes --json\n"
            "                                    and --threads\n");
}

int ceremony_main(int argc, char **argv) {
    if (argc < 2) {
        print_actions(stderr);
        return EXIT_BAD_INPUT;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_actions(stdout);
        return EXIT_DONE;
    }
    for (int i = 0; i < NUM_ACTIONS; i++)
        if (strcmp(argv[1], action_name(action_at(i))) == 0)
            return verb_main(action_at(i), argc - 1, argv + 1);
    fprintf(stderr,
            "zkmetric ceremony: there is no action '%s'; 'zkmetric ceremony --help' lists them\n",
            argv[1]);
    return EXIT_BAD_INPUT;
}
