#include "coordinator/page.h"

#include <stdio.h>
#include <stdlib.h>

#include "coordinator/extension.h"

static const char HEAD[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<meta http-equiv=\"refresh\" content=\"10\">"
    "<meta name=\"viewport\" content=\"width=device-width\">"
    "<title>zkmetric ceremony</title>\n<style>"
    "body{font:16px/1.5 sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #ccc;"
    "vertical-align:top}"
    "code{font-size:.8rem;overflow-wrap:anywhere}</style></head>\n<body><h1>Ceremony</h1>\n";

/* Text between tags or in a quoted attribute. <bdi> keeps writing directions inside. */
static void put_text(FILE *out, const char *text) {
    for (; *text; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        case '\'':
            fputs("&#39;", out);
            break;
        default:
            fputc(*text, out);
        }
    }
}

static void put_cell(FILE *out, const char *open, const char *text, const char *close) {
    fprintf(out, "<td>%s", open);
    put_text(out, text);
    fprintf(out, "%s</td>", close);
}

static void put_fact(FILE *out, const char *label, const json_t *status, const char *key) {
    fprintf(out, "<tr><th>%s</th>", label);
    put_cell(out, "<code>", report_word(status, key), "</code>");
    fputs("</tr>\n", out);
}

static void put_contributions(FILE *out, const json_t *status) {
    fputs("<h2>Contributions</h2>\n<table><tr><th></th><th>who</th><th>kind</th>"
          "<th>hash of the transcript</th></tr>\n",
          out);
    for (uint64_t i = 0; i < report_number(status, "contributions"); i++) {
        const json_t *one = report_contribution(status, i);
        fprintf(out, "<tr><td>%llu</td>", (unsigned long long)i + 1);
        put_cell(out, "<bdi>", report_word(one, "name"), "</bdi>");
        put_cell(out, "", report_word(one, "kind"), "");
        put_cell(out, "<code>", report_word(one, "hash"), "</code>");
        fputs("</tr>\n", out);
    }
    fputs("</table>\n", out);
}

static void put_queue(FILE *out, const json_t *status) {
    size_t i;
    json_t *one;
    fputs("<h2>Queue</h2>\n<table><tr><th>who</th><th>state</th></tr>\n", out);
    json_array_foreach(json_object_get(status, "queue"), i, one) {
        fputs("<tr>", out);
        put_cell(out, "<bdi>", report_word(one, "name"), "</bdi>");
        put_cell(out, "", report_word(one, "state"), "");
        fputs("</tr>\n", out);
    }
    fputs("</table>\n", out);
    if (i > 0)
        fprintf(out, "<p>%llu of %llu bytes have arrived.</p>\n",
                (unsigned long long)report_number(status, "received"),
                (unsigned long long)report_number(status, "upload_bytes"));
}

static void put_last(FILE *out, const json_t *status) {
    unsigned long long n = report_number(status, "contributions");
    fprintf(
        out,
        "<p>The file after %llu contributions: <a href=\"files/%04llu.zkc\">%04llu.zkc</a>, %llu "
        "bytes. This page is what the coordinator says; <code>zkmetric ceremony verify</code> "
        "on that file is what makes it true. For programs: <a "
        "href=\"status\">status</a>.</p>\n</body></html>\n",
        n, n, n, (unsigned long long)report_number(status, "bytes"));
}

char *page_html(const json_t *status) {
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    if (!out)
        return NULL;
    fputs(HEAD, out);
    fputs("<table>\n", out);
    put_fact(out, "circuit", status, "circuit_digest");
    put_fact(out, "powers of tau, BLAKE2b", status, "ptau_blake2b");
    put_fact(out, "began from", status, "initial");
    put_fact(out, "transcript", status, "transcript");
    fputs("</table>\n", out);
    put_contributions(out, status);
    put_queue(out, status);
    put_last(out, status);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}
