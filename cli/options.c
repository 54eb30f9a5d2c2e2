/* Option tables to argp: help, parsing, defaults, and what is missing. */
#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

#define MAX_OPTIONS 24
#define KEY_BASE 0x200 /* argp keys of options without a letter: KEY_BASE + index */
#define KEY_JSON 0x100
#define KEY_THREADS 0x101
#define KEY_USAGE 0x102
#define MAX_THREADS 1024u

typedef struct {
    const verb *verb;
    cli *c;
    char *args;      /* the verb's structure */
    word_list *open; /* the OPTION_WORDS list that loose words continue, or NULL */
    bool given[MAX_OPTIONS];
} parse;

static int key_of(const option *o, size_t i) { return o->letter ? o->letter : KEY_BASE + (int)i; }

static uint32_t read_count(struct argp_state *state, const char *name, const char *text,
                           uint32_t low, uint32_t high) {
    char *end = NULL;
    errno = 0;
    unsigned long long v = text[0] >= '0' && text[0] <= '9' ? strtoull(text, &end, 10) : 0;
    if (!end || *end || errno || v < low || v > high)
        argp_error(state, "--%s %s: must be a whole number from %u to %u", name, text, low, high);
    return (uint32_t)v;
}

static double read_real(struct argp_state *state, const char *name, const char *text) {
    char *end = NULL;
    double v = strtod(text, &end);
    if (end == text || *end || !isfinite(v))
        argp_error(state, "--%s %s: must be a number", name, text);
    return v;
}

static price_value read_price(struct argp_state *state, const char *name, const char *text) {
    double v = read_real(state, name, text);
    if (v < 0)
        argp_error(state, "--%s %s: must not be negative", name, text);
    return (price_value){true, v};
}

/* Splits at commas: names are as schema files spell them. */
static void push_words(word_list *list, const char *text) {
    char *copy = cli_alloc(strlen(text) + 1), *rest = NULL;
    strcpy(copy, text);
    for (char *word = strtok_r(copy, ",", &rest); word; word = strtok_r(NULL, ",", &rest))
        list_push(list, word);
}

static void read_value(struct argp_state *state, parse *p, const option *o, const char *text) {
    void *at = p->args + o->offset;
    zkm_error error;
    switch (o->kind) {
    case OPTION_FLAG:
        *(bool *)at = true;
        break;
    case OPTION_TEXT:
        if (!*text)
            argp_error(state, "--%s: must not be empty", o->name);
        *(const char **)at = text;
        break;
    case OPTION_LIST:
        list_push(at, text);
        break;
    case OPTION_WORDS:
        push_words(at, text);
        p->open = at;
        break;
    case OPTION_COUNT:
        *(uint32_t *)at = read_count(state, o->name, text, o->low, o->high);
        break;
    case OPTION_REAL:
        *(double *)at = read_real(state, o->name, text);
        break;
    case OPTION_PRICE:
        *(price_value *)at = read_price(state, o->name, text);
        break;
    case OPTION_FIELD:
        if (zkm_field_from_hex(&error, ((field_value *)at)->bytes, text) != ZKM_OK)
            argp_error(state, "--%s: %s", o->name, error.message);
        ((field_value *)at)->given = true;
        break;
    case OPTION_THRESHOLD:
        if (zkm_threshold_from_text(&error, &((threshold_value *)at)->fixed, text) != ZKM_OK)
            argp_error(state, "--%s", error.message);
        ((threshold_value *)at)->given = true;
        ((threshold_value *)at)->text = text;
        break;
    case OPTION_END:
        break;
    }
}

static void check_complete(struct argp_state *state, const parse *p) {
    const verb *v = p->verb;
    for (size_t i = 0; v->options[i].kind != OPTION_END; i++)
        if (v->options[i].required && !p->given[i])
            argp_error(state, "--%s %s is missing", v->options[i].name, v->options[i].value);
    if (p->c->words.n < v->min_words)
        argp_error(state, "%s is missing", v->arguments);
    if (p->c->words.n > v->max_words)
        argp_error(state, "'%s' is one argument too many; expected %s",
                   p->c->words.items[v->max_words], *v->arguments ? v->arguments : "none");
}

static void take_word(parse *p, const char *word) {
    /* After --target a, the words b c continue the list; a word that names a file is data. */
    if (p->open && access(word, F_OK) != 0)
        push_words(p->open, word);
    else
        list_push(&p->c->words, word);
}

static error_t parse_key(int key, char *text, struct argp_state *state) {
    parse *p = state->input;
    const option *options = p->verb->options;
    switch (key) {
    case ARGP_KEY_ARG:
        take_word(p, text);
        return 0;
    case ARGP_KEY_END:
        check_complete(state, p);
        return 0;
    case KEY_JSON:
        p->open = NULL;
        p->c->json = true;
        return 0;
    case 'h':
        argp_state_help(state, stdout, ARGP_HELP_STD_HELP & ~(unsigned)ARGP_HELP_BUG_ADDR);
        return 0;
    case KEY_USAGE:
        argp_state_help(state, stdout, ARGP_HELP_USAGE | ARGP_HELP_EXIT_OK);
        return 0;
    case KEY_THREADS:
        p->open = NULL;
        p->c->options.threads = read_count(state, "threads", text, 1, MAX_THREADS);
        return 0;
    default:
        break;
    }
    for (size_t i = 0; options[i].kind != OPTION_END; i++) {
        if (key != key_of(&options[i], i))
            continue;
        p->open = NULL;
        bool repeats = options[i].kind == OPTION_LIST || options[i].kind == OPTION_WORDS ||
                       options[i].kind == OPTION_FLAG;
        if (p->given[i] && !repeats)
            argp_error(state, "--%s is given twice", options[i].name);
        p->given[i] = true;
        read_value(state, p, &options[i], text);
        return 0;
    }
    return ARGP_ERR_UNKNOWN;
}

static void make_argp_options(struct argp_option *out, const option *options) {
    size_t n = 0;
    for (; options[n].kind != OPTION_END && n < MAX_OPTIONS; n++)
        out[n] = (struct argp_option){.name = options[n].name,
                                      .key = key_of(&options[n], n),
                                      .arg = options[n].value,
                                      .doc = options[n].help,
                                      .group = (int)n + 1};
    out[n] = (struct argp_option){.name = "json",
                                  .key = KEY_JSON,
                                  .doc = "print one JSON object on standard output",
                                  .group = MAX_OPTIONS};
    out[n + 1] = (struct argp_option){.name = "threads",
                                      .key = KEY_THREADS,
                                      .arg = "N",
                                      .doc = "processors to use (default: all)",
                                      .group = MAX_OPTIONS};
    out[n + 2] = (struct argp_option){
        .name = "help", .key = 'h', .doc = "print this help", .group = MAX_OPTIONS};
    out[n + 3] =
        (struct argp_option){.name = "usage", .key = KEY_USAGE, .flags = OPTION_HIDDEN, .doc = ""};
    out[n + 4] = (struct argp_option){0};
}

/* The usage line: what must be given, in the table's order, then the arguments. */
static void usage_line(char *out, size_t room, const verb *v) {
    size_t used = 0;
    for (const option *o = v->options; o->kind != OPTION_END && used < room; o++)
        if (o->required)
            used += (size_t)snprintf(out + used, room - used, "--%s %s ", o->name, o->value);
    if (used < room)
        snprintf(out + used, room - used, "%s", v->arguments);
}

/* Leaves out argp's remark on options of two names. */
static char *filter_help(int key, const char *text, void *input) {
    (void)input;
    return key == ARGP_KEY_HELP_DUP_ARGS_NOTE ? NULL : (char *)text;
}

int verb_main(const verb *v, int argc, char **argv) {
    char title[64], doc[2048], usage[512] = "";
    snprintf(title, sizeof title, "zkmetric %s", v->name);
    snprintf(doc, sizeof doc, "%s%s%s", v->summary, v->details ? "\v" : "",
             v->details ? v->details : "");
    usage_line(usage, sizeof usage, v);
    struct argp_option options[MAX_OPTIONS + 5];
    make_argp_options(options, v->options);
    struct argp argp = {.options = options,
                        .parser = parse_key,
                        .args_doc = usage,
                        .doc = doc,
                        .help_filter = filter_help};
    cli c = {.verb = v->name, .started = seconds_now()};
    parse p = {.verb = v, .c = &c, .args = cli_alloc(v->size)};
    if (v->defaults)
        memcpy(p.args, v->defaults, v->size);
    argv[0] = title;
    argp_err_exit_status = EXIT_BAD_INPUT;
    /* In order, so that words which follow --target can be told from those before it. */
    if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER | ARGP_NO_HELP, NULL, &p) != 0)
        return EXIT_BAD_INPUT;
    progress_start(&c);
    bool ready = zkm_backend_select(&c.error, NULL) == ZKM_OK;
    int status = ready ? v->run(&c, p.args) : cli_fail(&c, NULL);
    cli_free_all();
    return status;
}
