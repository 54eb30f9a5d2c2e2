/*
 * CSV files (RFC 4180 with a header row, read by libcsv in strict mode): UTF-8 with or without a
 * byte order mark, lines ended by LF, CR LF or CR, every cell a plain decimal number, every row as
 * long as the header. Empty lines are allowed at the end only, so that rows of joined files cannot
 * slip.
 */
#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/wipe.h"
#include "claim/number.h"
#include "claim/schema_internal.h"
#include "claim/table_internal.h"

enum {
    CHUNK = 1 << 16,       /* bytes given to libcsv at once */
    MAX_FIELD = 1 << 20,   /* bytes of one field: an open quote must not swallow the file */
    FIELD_BLOCK = 1 << 12, /* libcsv's buffer grows by this */
    QUOTED_CELL = 40       /* characters of a cell that a message shows */
};

typedef struct {
    zkm_error *err;
    zkm_status status; /* the first error; later callbacks do nothing */
    const char *path;
    const table_options *options;
    table t;
    size_t room_columns, room_rows;
    locale_t c_locale;
    bool header_done;
    size_t field;      /* fields seen in the current row */
    size_t line;       /* current line, from 1 */
    size_t row_line;   /* line in which the current row began */
    size_t empty_line; /* an empty line that a row must not follow; 0: none */
    bool after_cr;     /* the last thing seen was a CR that ended a line */
} csv_reader;

/* A cell for a message: printable ASCII, cut short. */
static const char *show_cell(char out[QUOTED_CELL + 4], const char *text, size_t len) {
    size_t n = len < QUOTED_CELL ? len : QUOTED_CELL;
    for (size_t i = 0; i < n; i++)
        out[i] = text[i] >= 0x20 && text[i] < 0x7f ? text[i] : '?';
    memcpy(out + n, len > n ? "..." : "", len > n ? 4 : 1);
    return out;
}

static zkm_status add_header_cell(csv_reader *r, const char *text, size_t len) {
    size_t number = r->t.num_columns + (size_t)1;
    if (number > TABLE_MAX_COLUMNS)
        return error_set(r->err, ZKM_ERR_FORMAT, "%s: line %zu: more than %u columns", r->path,
                         r->line, TABLE_MAX_COLUMNS);
    if (len == 0)
        return error_set(r->err, ZKM_ERR_FORMAT,
                         "%s: line %zu: column %zu of the header has no name; name it, or leave it "
                         "out (an index column of pandas: index=False)",
                         r->path, r->line, number);
    if (!schema_name_is_valid(text, len))
        return error_set(
            r->err, ZKM_ERR_FORMAT,
            "%s: line %zu: the name of column %zu in the header is not UTF-8 of at most "
            "%u bytes without control characters",
            r->path, r->line, number, SCHEMA_MAX_NAME);
    if (r->t.num_columns == r->room_columns) {
        size_t room = r->room_columns ? 2 * r->room_columns : 64;
        table_column *grown = realloc(r->t.columns, room * sizeof *grown);
        if (!grown)
            return error_memory(r->err, r->path, room * sizeof *grown);
        r->t.columns = grown;
        r->room_columns = room;
    }
    char *name = malloc(len + 1);
    if (!name)
        return error_memory(r->err, r->path, len + 1);
    memcpy(name, text, len);
    name[len] = '\0';
    r->t.columns[r->t.num_columns++] = (table_column){.name = name};
    return ZKM_OK;
}

/* True when every name is a number but they are not 0, 1, 2, ... (which pandas writes as names). */
static bool header_looks_like_data(const csv_reader *r) {
    bool counting = true;
    for (uint32_t i = 0; i < r->t.num_columns; i++) {
        const char *name = r->t.columns[i].name;
        char expected[16];
        number_parts parts;
        snprintf(expected, sizeof expected, "%u", (unsigned)i);
        if (number_scan(&parts, name, strlen(name)) != NUMBER_OK)
            return false;
        counting = counting && strcmp(name, expected) == 0;
    }
    return !counting;
}

static zkm_status end_header(csv_reader *r) {
    r->header_done = true;
    if (header_looks_like_data(r))
        return error_set(
            r->err, ZKM_ERR_FORMAT,
            "%s: line %zu: holds numbers where the header with the columns' names should "
            "stand; add a header row",
            r->path, r->row_line);
    ZKM_TRY(table_check_names(r->err, &r->t));
    return table_mark_ignored(r->err, &r->t, r->options);
}

/* Doubles the room for rows by copying, so that no unwiped copy stays in freed memory. */
static zkm_status reserve_row(csv_reader *r) {
    table *t = &r->t;
    if (t->num_rows < r->room_rows)
        return ZKM_OK;
    size_t room = r->room_rows ? 2 * r->room_rows : 256;
    if (room > TABLE_MAX_CELLS / t->num_columns)
        room = TABLE_MAX_CELLS / t->num_columns;
    if (room <= t->num_rows)
        return error_set(r->err, ZKM_ERR_FORMAT,
                         "%s: line %zu: more than %zu cells; give fewer rows", r->path, r->line,
                         TABLE_MAX_CELLS);
    size_t bytes = room * t->num_columns * sizeof(double);
    double *grown = malloc(bytes);
    if (!grown)
        return error_memory(r->err, r->path, bytes);
    size_t used = t->num_rows * t->num_columns * sizeof(double);
    if (used > 0) {
        memcpy(grown, t->values, used);
        secure_wipe(t->values, used);
    }
    free(t->values);
    t->values = grown;
    r->room_rows = room;
    return ZKM_OK;
}

static zkm_status bad_number(csv_reader *r, number_result why, const char *text, size_t len) {
    char cell[QUOTED_CELL + 4];
    const char *name = r->t.columns[r->field].name;
    size_t row = r->t.num_rows + 1;
    const char *remedy =
        "correct it, remove the row, or give the column role \"time\" in the schema "
        "to keep it out";
    if (why == NUMBER_EMPTY)
        return error_set(r->err, ZKM_ERR_FORMAT,
                         "%s: row %zu (line %zu), column '%s': no value; %s", r->path, row,
                         r->row_line, name, remedy);
    if (why == NUMBER_INFINITE)
        return error_set(
            r->err, ZKM_ERR_FORMAT,
            "%s: row %zu (line %zu), column '%s': '%s' is beyond the largest double; %s", r->path,
            row, r->row_line, name, show_cell(cell, text, len), remedy);
    return error_set(r->err, ZKM_ERR_FORMAT,
                     "%s: row %zu (line %zu), column '%s': '%s' is not a plain decimal number; %s",
                     r->path, row, r->row_line, name, show_cell(cell, text, len), remedy);
}

static zkm_status add_cell(csv_reader *r, const char *text, size_t len) {
    table *t = &r->t;
    if (r->field == 0)
        ZKM_TRY(reserve_row(r));
    if (r->field >= t->num_columns)
        return error_set(r->err, ZKM_ERR_FORMAT,
                         "%s: row %zu (line %zu): more than the header's %u fields; numbers take a "
                         "decimal point and no grouping",
                         r->path, t->num_rows + 1, r->row_line, t->num_columns);
    double *cell = &t->values[t->num_rows * t->num_columns + r->field];
    *cell = 0;
    if (t->columns[r->field].ignored)
        return ZKM_OK;
    number_result result = number_parse(cell, r->c_locale, text, len);
    return result == NUMBER_OK ? ZKM_OK : bad_number(r, result, text, len);
}

static void on_field(void *data, size_t len, void *context) {
    csv_reader *r = context;
    const char *text = data;
    if (r->status != ZKM_OK)
        return;
    if (r->field == 0)
        r->row_line = r->line;
    r->after_cr = false;
    if (r->empty_line != 0)
        r->status =
            error_set(r->err, ZKM_ERR_FORMAT,
                      "%s: line %zu is empty, and rows follow it; remove the line or fill it",
                      r->path, r->empty_line);
    else if (r->header_done)
        r->status = add_cell(r, text, len);
    else
        r->status = add_header_cell(r, text, len);
    r->field++;
    for (size_t i = 0; i < len; i++)
        r->line += text[i] == '\n';
}

static zkm_status end_row(csv_reader *r) {
    table *t = &r->t;
    if (!r->header_done)
        return end_header(r);
    if (r->field != t->num_columns)
        return error_set(r->err, ZKM_ERR_FORMAT,
                         "%s: row %zu (line %zu): %zu fields, but the header has %u; add what is "
                         "missing",
                         r->path, t->num_rows + 1, r->row_line, r->field, t->num_columns);
    t->num_rows++;
    t->sources[0].one_line_a_row &= r->row_line == t->num_rows + 1;
    return ZKM_OK;
}

/* Called at each LF, each CR and the end of the data (-1). */
static void on_row(int terminator, void *context) {
    csv_reader *r = context;
    if (r->status != ZKM_OK)
        return;
    bool second_half = terminator == '\n' && r->after_cr && r->field == 0;
    r->after_cr = terminator == '\r';
    if (second_half)
        return;
    if (r->field > 0)
        r->status = end_row(r);
    else if (terminator != -1 && r->empty_line == 0)
        r->empty_line = r->line;
    r->field = 0;
    r->line++;
}

static zkm_status syntax_error(csv_reader *r, struct csv_parser *p) {
    if (csv_error(p) == CSV_ENOMEM)
        return error_memory(r->err, r->path, MAX_FIELD);
    return error_set(
        r->err, ZKM_ERR_FORMAT,
        "%s: line %zu: a quote that is not closed, or stands inside a field; quote whole "
        "fields only and double a quote inside them",
        r->path, r->line);
}

static zkm_status parse(csv_reader *r, struct csv_parser *p, const uint8_t *data, size_t len) {
    for (size_t at = 0; at < len;) {
        size_t n = len - at < CHUNK ? len - at : CHUNK;
        if (csv_parse(p, data + at, n, on_field, on_row, r) != n && r->status == ZKM_OK)
            return syntax_error(r, p);
        ZKM_TRY(r->status);
        if (p->entry_pos > MAX_FIELD)
            return error_set(r->err, ZKM_ERR_FORMAT,
                             "%s: line %zu: a field of more than %d bytes; is a quote left open?",
                             r->path, r->line, MAX_FIELD);
        at += n;
    }
    if (csv_fini(p, on_field, on_row, r) != 0 && r->status == ZKM_OK)
        return syntax_error(r, p);
    ZKM_TRY(r->status);
    if (r->t.num_rows == 0)
        return error_set(r->err, ZKM_ERR_FORMAT,
                         "%s: no data rows; a header row and at least one row are needed", r->path);
    return ZKM_OK;
}

zkm_status table_from_csv(zkm_error *err, table *out, const uint8_t *data, size_t len,
                          const char *path, const table_options *options) {
    csv_reader r = {.err = err, .path = path, .options = options, .line = 1, .row_line = 1};
    struct csv_parser p;
    zkm_status status = ZKM_OK;
    if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
        data += 3;
        len -= 3;
    }
    ZKM_TRY(table_start(err, &r.t, path));
    r.t.sources[0].one_line_a_row = true;
    r.c_locale = number_locale();
    if (r.c_locale == (locale_t)0 ||
        csv_init(&p, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0) {
        status = error_memory(err, path, sizeof p);
        goto out;
    }
    csv_set_blk_size(&p, FIELD_BLOCK);
    status = parse(&r, &p, data, len);
    if (p.entry_buf)
        secure_wipe(p.entry_buf, p.entry_size);
    csv_free(&p);
    if (status == ZKM_OK) {
        *out = r.t;
        r.t = (table){0};
    }
out:
    if (r.c_locale != (locale_t)0)
        freelocale(r.c_locale);
    table_clear(&r.t);
    return status;
}
