/*
 * A table of numbers with named columns, read from data files: CSV with a header row, NumPy .npy
 * (one array) and .npz (several). What a file is decides its content, not its name. Several files
 * are joined side by side; they must have the same number of rows. Arrays in memory are taken as
 * files are.
 *
 * An array of one column called NAME gives the column NAME, one of c columns NAME_0 .. NAME_(c-1);
 * the first dimension is the rows, all others are flattened in C order. An .npz's arrays bear their
 * names, an .npy is called by its file's name without folder and extension.
 */
#ifndef CLAIM_TABLE_H
#define CLAIM_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "claim/schema.h"

#define TABLE_MAX_COLUMNS (2u * SCHEMA_MAX_COLUMNS)
#define TABLE_MAX_CELLS ((size_t)1 << 28) /* 2 GiB of doubles */
#define TABLE_MAX_FILE ((size_t)1 << 34)  /* bytes of a data file */
#define TABLE_MAX_FILES 64u

typedef struct {
    char *name;      /* valid by schema_name_is_valid, unique in the table */
    uint32_t source; /* index into sources */
    uint32_t stem;   /* bytes of `name` that are the array's name; 0 for a CSV column */
    bool ignored;    /* cells were not read; their values are 0 */
    bool positional; /* from an .npy, which has no column names of its own */
} table_column;

typedef struct {
    char *path;
    bool one_line_a_row; /* row i of a CSV stands in line i + 2 (counted from 1) */
} table_source;

typedef struct table {
    table_column *columns;
    uint32_t num_columns;
    table_source *sources;
    uint32_t num_sources;
    size_t num_rows;
    double *values; /* num_rows x num_columns, row-major, all finite */
} table;

/* Which columns are not read, however their cells look. */
typedef struct {
    const schema *columns;   /* those that the schema gives role time; NULL: those called time,
                                timestamp, date or datetime in any case */
    const char *const *time; /* and these names */
    size_t num_time;
} table_options;

/* options may be NULL. ZKM_ERR_FORMAT names file, row (counted from 1 after the header), line and
 * column; ZKM_ERR_NOT_FOUND, ZKM_ERR_MEMORY, ZKM_ERR_UNSUPPORTED (an array of a type that holds no
 * numbers). */
ZKM_MUST_CHECK zkm_status table_read(zkm_error *err, table *out, const char *const *paths,
                                     size_t num_paths, const table_options *options);

/* One file's bytes; `path` is for messages and for the name of an .npy. */
ZKM_MUST_CHECK zkm_status table_from_bytes(zkm_error *err, table *out, const uint8_t *data,
                                           size_t len, const char *path,
                                           const table_options *options);

/* Rows that are in memory: the table that an .npy file of each array gives, or a CSV file where the
 * array has names for its columns. ZKM_ERR_ARGUMENT when a name is none or stands there twice. */
ZKM_MUST_CHECK zkm_status table_from_rows(zkm_error *err, table *out, const zkm_rows *arrays,
                                          size_t num_arrays, const table_options *options);

/* "FILE: row R (line L)" of row `row` (from 0) of the file that the column came from. */
void table_place(char *out, size_t room, const table *t, size_t row, uint32_t column);

void table_clear(table *t); /* wipes the values; a zeroed table is accepted */

#endif
