/*
 * What the verbs of the command share: option tables, errors, reports and progress. The command
 * uses the library through <zkmetric.h> only.
 *
 * A verb is a table of options, a function that runs, and a structure that receives the options;
 * help, parsing, defaults, missing options and exit statuses come from the table.
 */
#ifndef CLI_H
#define CLI_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zkmetric.h>

/* Words of the command line, in order; the strings belong to argv or to the process. */
typedef struct {
    const char **items;
    size_t n;
} word_list;

typedef struct {
    bool given;
    uint8_t bytes[32];
} field_value;

typedef struct {
    bool given;
    uint64_t fixed;
    const char *text;
} threshold_value;

typedef struct {
    bool given;
    double value; /* 0 or more */
} price_value;

typedef enum {
    OPTION_FLAG,      /* bool */
    OPTION_TEXT,      /* const char * */
    OPTION_LIST,      /* word_list: one more word each time the option is given */
    OPTION_WORDS,     /* word_list: comma separated, repeated, or the words that follow */
    OPTION_COUNT,     /* uint32_t between low and high */
    OPTION_REAL,      /* double */
    OPTION_PRICE,     /* price_value */
    OPTION_FIELD,     /* field_value */
    OPTION_THRESHOLD, /* threshold_value */
    OPTION_END
} option_kind;

typedef struct {
    option_kind kind;
    const char *name;  /* without dashes */
    char letter;       /* or 0 */
    const char *value; /* what help calls the value */
    size_t offset;     /* in the verb's structure */
    bool required;
    uint32_t low, high; /* OPTION_COUNT */
    const char *help;
} option;

/* One run of a verb. */
typedef struct {
    const char *verb;
    bool json;
    zkm_options options; /* threads, and progress where standard error is a terminal */
    zkm_progress progress;
    word_list words; /* the arguments that are no options */
    double started;
    zkm_error error;
} cli;

typedef struct {
    const char *name;
    const char *arguments; /* for the usage line */
    const char *summary;   /* one line */
    const char *details;   /* paragraphs after the options in --help; may be NULL */
    const option *options; /* closed by OPTION_END */
    const void *defaults;  /* the verb's structure as it is before parsing */
    size_t size;           /* bytes of that structure */
    size_t min_words, max_words;
    int (*run)(cli *c, const void *args); /* gives the exit status */
} verb;

extern const verb VERB_INSPECT, VERB_SCHEMA, VERB_COMPILE, VERB_SETUP, VERB_SPECIALISE,
    VERB_MODEL_ID, VERB_COMMIT, VERB_PROVE, VERB_VERIFY, VERB_VERIFY_BATCH, VERB_EXPORT, VERB_GAS,
    VERB_CEREMONY;

/* Becomes zkmetric-network, which stands beside this program, with the same arguments; returns
 * where that cannot be, or is what runs already. */
void network_run(char **argv);

/* Exit statuses. */
enum { EXIT_DONE = 0, EXIT_REJECTED = 1, EXIT_BAD_INPUT = 2, EXIT_SYSTEM = 3 };
int exit_status_of(zkm_status status);

/* Parses, runs, and gives the exit status. argv[0] is the verb's name. */
int verb_main(const verb *v, int argc, char **argv);
/* The same for the actions of `ceremony`, of which argv[1] names one. */
int ceremony_main(int argc, char **argv);

/* ------------------------------------------------------------------ results */

/* Reports c->error on standard error and, with --json, as {"error", "status"} (and the keys of
 * `extra`, which is taken over and may be NULL) on standard output. Gives the exit status. */
int cli_fail(cli *c, json_t *extra);
/* Puts `message` with `status` into c->error, then does the same. */
int cli_fail_with(cli *c, json_t *extra, zkm_status status, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Adds "seconds" and "peak_rss_bytes" to the report, prints it with --json, and frees it. */
int cli_done(cli *c, json_t *report, int exit_status);
/* The report of a library call as an object; frees the text. An empty object when text is NULL. */
json_t *report_of(char *text);
/* True, with c->error set, when the user has asked to stop. */
bool cli_stopped(cli *c);

/* Sets a key; for values that are made in place. Memory failure ends the process with EXIT_SYSTEM.
 */
void object_set(json_t *object, const char *key, json_t *value);
void object_hex(json_t *object, const char *key, const uint8_t bytes[32]);
/* Size of a file, or 0. */
uint64_t file_size(const char *path);
/* FOLDER/NAME in memory of cli_alloc. */
const char *path_join(const char *folder, const char *name);
/* Zeroed memory that lives until cli_free_all, or the end of the process with EXIT_SYSTEM. */
void *cli_alloc(size_t bytes);
void cli_free_all(void);
void list_push(word_list *list, const char *word);

/* Seconds on a clock that only goes forward. */
double seconds_now(void);

/* Numbers for people, in a buffer of the caller: 1,234,567; 12.3 MB; 1.2 s. They return the buffer.
 */
typedef struct {
    char text[48];
} number_text;
const char *count_text(number_text *out, uint64_t v);
/* "1 sample", "1,000 samples" */
const char *samples_text(number_text *out, uint64_t v);
const char *bytes_text(number_text *out, uint64_t v);
const char *seconds_text(number_text *out, double v);

/* Values of a report, 0 or "" where the key is missing. */
uint64_t object_count(const json_t *object, const char *key);
double object_real(const json_t *object, const char *key);
const char *object_text(const json_t *object, const char *key);

/* ------------------------------------------------------------------ progress */

/* Starts listening for SIGINT, SIGTERM and SIGHUP and sets c->progress: a line with a bar and the
 * time left on standard error where that is a terminal. A first signal stops the work cleanly, a
 * second kills. */
void progress_start(cli *c);
/* Clears the line. */
void progress_end(void);
bool progress_interrupted(void);

#endif
