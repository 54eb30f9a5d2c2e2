/*
 * NumPy .npy files, format versions 1.0, 2.0 and 3.0 (NEP 1): magic, version, length of the header,
 * the header (a Python dictionary with descr, fortran_order and shape), then the elements.
 * Integers, floats of 16, 32 and 64 bits and booleans are read, of either byte order, in C or
 * Fortran order.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "claim/table_internal.h"

enum { MAX_HEADER = 1 << 16, MAX_DIMS = 32 };

typedef struct {
    char kind; /* f, i, u, b */
    size_t size;
    bool big_endian;
    bool fortran;
    size_t dims[MAX_DIMS];
    size_t num_dims;
    size_t rows, columns;
    bool has_descr, has_order, has_shape;
} npy_header;

typedef struct {
    zkm_error *err;
    const char *what; /* file, or file and array, for messages */
    const char *at, *end;
} npy_scanner;

static void skip_spaces(npy_scanner *s) {
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\n' || *s->at == '\t'))
        s->at++;
}

static bool accept(npy_scanner *s, const char *token) {
    size_t n = strlen(token);
    skip_spaces(s);
    if ((size_t)(s->end - s->at) < n || memcmp(s->at, token, n) != 0)
        return false;
    s->at += n;
    return true;
}

static zkm_status bad_header(npy_scanner *s) {
    return error_set(s->err, ZKM_ERR_FORMAT,
                     "%s: the .npy header is malformed; write the array again with numpy.save",
                     s->what);
}

/* A quoted string of at most room - 1 characters without escapes. */
static zkm_status scan_string(npy_scanner *s, char *out, size_t room) {
    skip_spaces(s);
    if (s->at == s->end || (*s->at != '\'' && *s->at != '"'))
        return bad_header(s);
    char quote = *s->at++;
    size_t n = 0;
    while (s->at < s->end && *s->at != quote) {
        if (*s->at == '\\' || n + 1 >= room)
            return bad_header(s);
        out[n++] = *s->at++;
    }
    if (s->at == s->end)
        return bad_header(s);
    s->at++;
    out[n] = '\0';
    return ZKM_OK;
}

static zkm_status unsupported_type(npy_scanner *s, const char *type) {
    return error_set(s->err, ZKM_ERR_UNSUPPORTED,
                     "%s: elements of type '%s' are no plain numbers; convert the array with "
                     ".astype('float64')",
                     s->what, type);
}

static bool size_fits_kind(char kind, char size) {
    switch (kind) {
    case 'f':
        return size == '2' || size == '4' || size == '8';
    case 'i':
    case 'u':
        return size == '1' || size == '2' || size == '4' || size == '8';
    case 'b':
        return size == '1';
    default:
        return false;
    }
}

static zkm_status scan_descr(npy_scanner *s, npy_header *h) {
    char type[16];
    skip_spaces(s);
    if (s->at < s->end && *s->at == '[')
        return unsupported_type(s, "structured");
    ZKM_TRY(scan_string(s, type, sizeof type));
    bool order = type[0] == '<' || type[0] == '>' || type[0] == '|';
    if (strlen(type) != 3 || !order || !size_fits_kind(type[1], type[2]) ||
        (type[0] == '|' && type[2] != '1'))
        return unsupported_type(s, type);
    h->big_endian = type[0] == '>';
    h->kind = type[1];
    h->size = (size_t)(type[2] - '0');
    return ZKM_OK;
}

static zkm_status scan_dimension(npy_scanner *s, size_t *out) {
    size_t v = 0;
    const char *begin = s->at;
    for (; s->at < s->end && *s->at >= '0' && *s->at <= '9'; s->at++) {
        v = 10 * v + (size_t)(*s->at - '0');
        if (v > TABLE_MAX_FILE)
            return error_set(s->err, ZKM_ERR_FORMAT, "%s: a dimension of the shape is too large",
                             s->what);
    }
    if (s->at == begin)
        return bad_header(s);
    *out = v;
    return ZKM_OK;
}

static zkm_status scan_shape(npy_scanner *s, npy_header *h) {
    if (!accept(s, "("))
        return bad_header(s);
    h->num_dims = 0;
    while (!accept(s, ")")) {
        if (h->num_dims == MAX_DIMS)
            return bad_header(s);
        ZKM_TRY(scan_dimension(s, &h->dims[h->num_dims]));
        h->num_dims++;
        if (!accept(s, ",")) {
            if (!accept(s, ")"))
                return bad_header(s);
            break;
        }
    }
    return ZKM_OK;
}

static zkm_status scan_order(npy_scanner *s, npy_header *h) {
    h->fortran = accept(s, "True");
    return h->fortran || accept(s, "False") ? ZKM_OK : bad_header(s);
}

static zkm_status scan_entry(npy_scanner *s, npy_header *h) {
    char key[16];
    ZKM_TRY(scan_string(s, key, sizeof key));
    bool *seen = strcmp(key, "descr") == 0           ? &h->has_descr
                 : strcmp(key, "fortran_order") == 0 ? &h->has_order
                 : strcmp(key, "shape") == 0         ? &h->has_shape
                                                     : NULL;
    if (!seen || *seen || !accept(s, ":"))
        return bad_header(s);
    *seen = true;
    return seen == &h->has_descr   ? scan_descr(s, h)
           : seen == &h->has_order ? scan_order(s, h)
                                   : scan_shape(s, h);
}

static zkm_status scan_header(npy_scanner *s, npy_header *h) {
    if (!accept(s, "{"))
        return bad_header(s);
    while (!accept(s, "}")) {
        ZKM_TRY(scan_entry(s, h));
        if (!accept(s, ",")) {
            if (!accept(s, "}"))
                return bad_header(s);
            break;
        }
    }
    skip_spaces(s);
    if (s->at != s->end || !h->has_descr || !h->has_order || !h->has_shape)
        return bad_header(s);
    return ZKM_OK;
}

/* Rows and columns from the shape, within the limits and exactly as many bytes as are there. */
static zkm_status check_shape(zkm_error *err, npy_header *h, const char *what, size_t left) {
    if (h->num_dims == 0)
        return error_set(err, ZKM_ERR_FORMAT,
                         "%s: a single number; an array with one row a sample is needed", what);
    h->rows = h->dims[0];
    h->columns = 1;
    for (size_t i = 1; i < h->num_dims; i++) {
        if (h->dims[i] > TABLE_MAX_COLUMNS || h->columns * h->dims[i] > TABLE_MAX_COLUMNS)
            return error_set(err, ZKM_ERR_FORMAT, "%s: more than %u columns", what,
                             TABLE_MAX_COLUMNS);
        h->columns *= h->dims[i];
    }
    if (h->rows == 0 || h->columns == 0)
        return error_set(err, ZKM_ERR_FORMAT, "%s: the array is empty; at least one row is needed",
                         what);
    if (h->rows > TABLE_MAX_CELLS / h->columns)
        return error_set(err, ZKM_ERR_FORMAT, "%s: more than %zu cells; give fewer rows", what,
                         TABLE_MAX_CELLS);
    if (h->rows * h->columns * h->size != left)
        return error_set(
            err, ZKM_ERR_FORMAT,
            "%s: the shape asks for %zu bytes of elements, the file holds %zu; it is cut "
            "off or damaged",
            what, h->rows * h->columns * h->size, left);
    return ZKM_OK;
}

static zkm_status read_header(zkm_error *err, npy_header *h, byte_reader *r, const char *what) {
    const uint8_t *magic = reader_take(r, 6);
    uint8_t major = reader_u8(r);
    uint8_t minor = reader_u8(r);
    if (!magic || r->failed || memcmp(magic, "\x93NUMPY", 6) != 0)
        return error_set(err, ZKM_ERR_FORMAT, "%s: not an .npy array", what);
    if (major < 1 || major > 3 || minor != 0)
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "%s: .npy format %u.%u; 1.0, 2.0 and 3.0 can be read", what, major, minor);
    size_t len = major == 1 ? reader_u16_le(r) : reader_u32_le(r);
    if (r->failed || len > MAX_HEADER || len > reader_left(r))
        return error_set(err, ZKM_ERR_FORMAT, "%s: the .npy header is cut off or too long", what);
    const char *text = (const char *)reader_take(r, len);
    npy_scanner s = {err, what, text, text + len};
    ZKM_TRY(scan_header(&s, h));
    return check_shape(err, h, what, reader_left(r));
}

/* IEEE binary16. */
static double half_value(uint64_t bits) {
    int exponent = (int)(bits >> 10 & 31);
    double fraction = (double)(bits & 1023);
    double v = exponent == 31  ? (fraction == 0 ? INFINITY : NAN)
               : exponent == 0 ? ldexp(fraction, -24)
                               : ldexp(fraction + 1024, exponent - 25);
    return bits >> 15 ? -v : v;
}

static double float_value(uint64_t bits, size_t size) {
    if (size == 2)
        return half_value(bits);
    if (size == 4) {
        uint32_t low = (uint32_t)bits;
        float v;
        memcpy(&v, &low, sizeof v);
        return (double)v;
    }
    double v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

static double element(const npy_header *h, const uint8_t *p) {
    uint64_t bits = 0;
    for (size_t i = 0; i < h->size; i++)
        bits |= (uint64_t)p[h->big_endian ? h->size - 1 - i : i] << (8 * i);
    if (h->kind == 'f')
        return float_value(bits, h->size);
    if (h->kind == 'i' && h->size < 8 && bits >> (8 * h->size - 1))
        bits |= ~(uint64_t)0 << (8 * h->size); /* extend the sign */
    if (h->kind == 'i')
        return (double)(int64_t)bits;
    return (double)bits;
}

/* Where column j of row 0 stands, in elements, and how far rows are apart. */
static size_t column_offset(const npy_header *h, size_t j) {
    if (!h->fortran)
        return j;
    size_t strides[MAX_DIMS];
    size_t stride = 1;
    for (size_t d = 0; d < h->num_dims; d++) {
        strides[d] = stride;
        stride *= h->dims[d];
    }
    size_t offset = 0;
    for (size_t d = h->num_dims - 1; d > 0; d--) { /* the last dimension runs fastest in j */
        offset += j % h->dims[d] * strides[d];
        j /= h->dims[d];
    }
    return offset;
}

static zkm_status read_rows(zkm_error *err, table *t, const npy_header *h, const uint8_t *data,
                            const size_t *offsets, const char *what) {
    size_t step = h->fortran ? 1 : h->columns;
    for (size_t i = 0; i < h->rows; i++) {
        for (size_t j = 0; j < h->columns; j++) {
            double v = element(h, data + (offsets[j] + i * step) * h->size);
            if (t->columns[j].ignored)
                v = 0;
            if (!isfinite(v))
                return error_set(
                    err, ZKM_ERR_FORMAT,
                    "%s: row %zu, column '%s': %s is not a number; correct it or remove "
                    "the row",
                    what, i + 1, t->columns[j].name, isnan(v) ? "nan" : "inf");
            t->values[i * h->columns + j] = v;
        }
    }
    return ZKM_OK;
}

static zkm_status read_elements(zkm_error *err, table *t, const npy_header *h, const uint8_t *data,
                                const char *what) {
    size_t *offsets = malloc(h->columns * sizeof *offsets);
    t->values = malloc(h->rows * h->columns * sizeof *t->values);
    if (!offsets || !t->values) {
        free(offsets);
        return error_memory(err, what, h->rows * h->columns * sizeof *t->values);
    }
    t->num_rows = h->rows;
    for (size_t j = 0; j < h->columns; j++)
        offsets[j] = column_offset(h, j);
    zkm_status status = read_rows(err, t, h, data, offsets, what);
    free(offsets);
    return status;
}

/* The file's name without folder and extension, cut to what a column's name may be; "x" when that
 * is no valid name. */
static const char *path_stem(const char *path, size_t *len) {
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    *len = dot && dot != name ? (size_t)(dot - name) : strlen(name);
    if (*len > SCHEMA_MAX_NAME - 12 || !schema_name_is_valid(name, *len)) {
        *len = 1;
        return "x";
    }
    return name;
}

zkm_status table_from_npy(zkm_error *err, table *out, const uint8_t *data, size_t len,
                          const char *path, const char *array, const table_options *options) {
    npy_header h = {0};
    table t = {0};
    byte_reader r = reader_init(data, len);
    char what[ZKM_ERROR_MESSAGE_BYTES / 2];
    zkm_status status = ZKM_OK;
    snprintf(what, sizeof what, array ? "%s: array '%s'" : "%s", path, array);
    ZKM_TRY(read_header(err, &h, &r, what));
    size_t name_len = array ? strlen(array) : 0;
    const char *name = array ? array : path_stem(path, &name_len);
    ZKM_TRY_OUT(table_start(err, &t, path));
    ZKM_TRY_OUT(table_name_columns(err, &t, h.columns, name, name_len, !array));
    ZKM_TRY_OUT(table_mark_ignored(err, &t, options));
    ZKM_TRY_OUT(read_elements(err, &t, &h, reader_take(&r, reader_left(&r)), what));
    *out = t;
    return ZKM_OK;
out:
    table_clear(&t);
    return status;
}
