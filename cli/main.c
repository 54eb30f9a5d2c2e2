/* The command: finds the verb. */
#include <stdio.h>
#include <string.h>

#include "cli.h"

static const verb *const VERBS[] = {
    &VERB_INSPECT,  &VERB_SCHEMA, &VERB_COMPILE, &VERB_SETUP,  &VERB_SPECIALISE,
    &VERB_MODEL_ID, &VERB_COMMIT, &VERB_PROVE,   &VERB_VERIFY, &VERB_VERIFY_BATCH,
    &VERB_EXPORT,   &VERB_GAS,    &VERB_CEREMONY};
#define NUM_VERBS (sizeof VERBS / sizeof *VERBS)

static void print_help(FILE *out) {
    fprintf(out, "Usage: zkmetric VERB [OPTION...] ARGUMENTS\n\n"
                 "Proves that a model's error on committed, private data is below a bound.\n\n");
    for (size_t i = 0; i < NUM_VERBS; i++)
        fprintf(out, "  %-13s %s\n", VERBS[i]->name, VERBS[i]->summary);
    fprintf(out,
            "\n"
            "  zkmetric VERB --help   options of a verb\n"
            "  zkmetric --version     version\n\n"
            "Exit status: 0 done or accepted; 1 rejected; 2 bad use or bad input; 3 fault of the\n"
            "system.\n");
}

static const verb *find(const char *name) {
    for (size_t i = 0; i < NUM_VERBS; i++)
        if (strcmp(VERBS[i]->name, name) == 0)
            return VERBS[i];
    return NULL;
}

/* The number of letters to change, add or drop; both words are cut at 31 letters. */
static size_t distance(const char *a, const char *b) {
    size_t row[32], n = strnlen(b, 31);
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 0; i < 31 && a[i]; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < n; j++) {
            size_t best = diagonal + (a[i] != b[j]);
            best = row[j] + 1 < best ? row[j] + 1 : best;
            best = row[j + 1] + 1 < best ? row[j + 1] + 1 : best;
            diagonal = row[j + 1];
            row[j + 1] = best;
        }
    }
    return row[n];
}

static int unknown(const char *name) {
    const verb *nearest = NULL;
    size_t least = 3;
    for (size_t i = 0; i < NUM_VERBS; i++) {
        size_t d = distance(name, VERBS[i]->name);
        if (d < least) {
            least = d;
            nearest = VERBS[i];
        }
    }
    fprintf(stderr, "zkmetric: there is no verb '%s'; ", name);
    if (nearest)
        fprintf(stderr, "did you mean '%s'?\n", nearest->name);
    else
        fprintf(stderr, "'zkmetric --help' lists them\n");
    return EXIT_BAD_INPUT;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        print_help(stderr);
        return EXIT_BAD_INPUT;
    }
    const char *name = argv[1];
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        printf("zkmetric %s\n", zkm_version());
        return EXIT_DONE;
    }
    bool help = strcmp(name, "help") == 0;
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || (help && argc < 3)) {
        print_help(stdout);
        return EXIT_DONE;
    }
    const verb *v = find(help ? argv[2] : name);
    if (!v)
        return unknown(help ? argv[2] : name);
    if (help) {
        char option_help[] = "--help";
        char *words[] = {argv[2], option_help, NULL};
        return v == &VERB_CEREMONY ? ceremony_main(2, words) : verb_main(v, 2, words);
    }
    if (v == &VERB_CEREMONY) {
        if (argc > 2 && (strcmp(argv[2], "serve") == 0 || strcmp(argv[2], "join") == 0))
            network_run(argv);
        return ceremony_main(argc - 1, argv + 1);
    }
    return verb_main(v, argc - 1, argv + 1);
}
