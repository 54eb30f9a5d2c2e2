/* The progress line, and stopping on SIGINT, SIGTERM and SIGHUP. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

static volatile sig_atomic_t interrupted;

/* The line on the terminal. The command is one process with one verb, so there is one line. */
static struct {
    bool shown, terminal;
    char stage[48];
    double started, last_drawn;
    uint64_t last_done;
} line;

static void on_signal(int number) {
    (void)number;
    interrupted = 1;
}

#define BAR_CELLS 24u

static void draw(const char *verb_name, uint64_t done, uint64_t total, double elapsed) {
    char bar[BAR_CELLS + 1];
    double share = total ? (double)done / (double)total : 0;
    unsigned full = (unsigned)(share * BAR_CELLS);
    for (unsigned i = 0; i < BAR_CELLS; i++)
        bar[i] = i < full ? '#' : '.';
    bar[BAR_CELLS] = 0;
    char left[64] = "";
    if (share > 0.02 && elapsed > 0.5) {
        number_text text;
        double rest = elapsed * (1 - share) / share;
        snprintf(left, sizeof left, "  ETA %s", seconds_text(&text, rest));
    }
    fprintf(stderr, "\r\033[K%s: %-28s [%s] %3.0f %%%s", verb_name, line.stage, bar, 100 * share,
            left);
    fflush(stderr);
    line.shown = true;
}

static bool report(void *context, const char *stage, uint64_t done, uint64_t total) {
    const cli *c = context;
    if (line.terminal) {
        double t = seconds_now();
        if (line.started == 0 || done < line.last_done)
            line.started = t;
        line.last_done = done;
        /* Ten times a second is as often as eyes and slow terminals want it. */
        if (t - line.last_drawn > 0.1 || strcmp(line.stage, stage) != 0) {
            snprintf(line.stage, sizeof line.stage, "%s", stage);
            draw(c->verb, done, total, t - line.started);
            line.last_drawn = t;
        }
    }
    return !interrupted;
}

void progress_start(cli *c) {
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND | SA_RESTART};
    sigemptyset(&action.sa_mask);
    const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct sigaction old;
        /* nohup and shells' background jobs ignore signals on purpose. */
        if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
    }
    line.terminal = isatty(STDERR_FILENO) != 0;
    c->progress = (zkm_progress){.report = report, .context = c};
    c->options.progress = &c->progress;
}

void progress_end(void) {
    if (!line.shown)
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    line.shown = false;
}

bool progress_interrupted(void) { return interrupted != 0; }
