/* iden3's .r1cs (section 1: header, section 2: constraints) and .wtns (section 1: header, section
 * 2: wires). */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/wipe.h"
#include "groth16/iden3.h"
#include "groth16/snarkjs.h"

enum { TERM_BYTES = 4 + IDEN3_FIELD_BYTES, R1CS_VERSION = 1, WTNS_VERSION = 2 };
static const char R1CS_NAME[] = "r1cs file", WTNS_NAME[] = "wtns file";
static const size_t MAX_FILE = (size_t)1 << 40;

typedef struct {
    uint32_t num_wires, num_public, num_constraints;
} r1cs_counts;

static zkm_status read_counts(zkm_error *err, r1cs_counts *out, const iden3_file *file) {
    byte_reader r;
    ZKM_TRY(iden3_section(err, &r, file, 1));
    ZKM_TRY(iden3_check_fr(err, &r, R1CS_NAME));
    out->num_wires = reader_u32_le(&r);
    uint64_t outputs = reader_u32_le(&r), inputs = reader_u32_le(&r);
    reader_u32_le(&r); /* private inputs: wires like all others here */
    reader_u64_le(&r); /* labels: names for people */
    out->num_constraints = reader_u32_le(&r);
    if (r.failed)
        return iden3_damaged(err, R1CS_NAME, "its header is cut off");
    if (outputs + inputs >= out->num_wires || outputs + inputs > GROTH16_MAX_PUBLIC)
        return iden3_damaged(err, R1CS_NAME, "it has more public wires than wires");
    out->num_public = (uint32_t)(outputs + inputs);
    return ZKM_OK;
}

/* The block under construction; arrays are sized from the bytes that are there. */
typedef struct {
    r1cs *cs;
    r1cs_block *block;
    uint32_t rows;
} r1cs_import;

static zkm_status allocate(zkm_error *err, r1cs_import *in, const r1cs_counts *counts,
                           size_t bytes) {
    /* A constraint takes at least twelve bytes and a term 36, so the file bounds both. */
    uint64_t rows = (uint64_t)counts->num_constraints + counts->num_public + 1;
    uint64_t terms = bytes / TERM_BYTES + counts->num_public + 1;
    if (counts->num_constraints > bytes / 12 || rows > UINT32_MAX || terms + 2 > UINT32_MAX)
        return iden3_damaged(err, R1CS_NAME, "it has fewer bytes than its constraints need");
    r1cs *cs = calloc(1, sizeof *cs);
    in->cs = cs;
    if (!cs)
        return error_memory(err, R1CS_NAME, sizeof *cs);
    cs->coefs = calloc((size_t)terms + 2, sizeof *cs->coefs);
    cs->rules = calloc(2, sizeof *cs->rules);
    cs->blocks = calloc(1, sizeof *cs->blocks);
    if (!cs->coefs || !cs->rules || !cs->blocks)
        return error_memory(err, R1CS_NAME, (size_t)terms * sizeof *cs->coefs);
    cs->num_blocks = 1;
    in->block = cs->blocks;
    in->block->rows = calloc((size_t)rows, sizeof *in->block->rows);
    in->block->terms = calloc((size_t)terms, sizeof *in->block->terms);
    if (!in->block->rows || !in->block->terms)
        return error_memory(err, R1CS_NAME, (size_t)terms * sizeof *in->block->terms);
    return ZKM_OK;
}

static void fill_header(r1cs_import *in, const r1cs_counts *counts) {
    r1cs *cs = in->cs;
    cs->num_public = counts->num_public;
    cs->num_wires = counts->num_wires;
    cs->num_constraints = cs->num_rows = (uint64_t)counts->num_constraints + counts->num_public + 1;
    cs->num_rules = 2;
    memcpy(cs->rules[0], "constraint", sizeof "constraint");
    memcpy(cs->rules[1], "public wire bound", sizeof "public wire bound");
    fr_set_one(&cs->coefs[R1CS_COEF_ONE]);
    fr_neg(&cs->coefs[R1CS_COEF_MINUS_ONE], &cs->coefs[R1CS_COEF_ONE]);
    cs->num_coefs = 2;
    memcpy(in->block->name, "imported", sizeof "imported");
    in->block->count = 1;
    in->block->row_step = 1;
    in->block->num_rows = (uint32_t)cs->num_rows;
}

static uint32_t coefficient(r1cs *cs, const fr *value) {
    for (uint32_t i = R1CS_COEF_ONE; i <= R1CS_COEF_MINUS_ONE; i++)
        if (fr_equal(value, &cs->coefs[i]))
            return i;
    cs->coefs[cs->num_coefs] = *value;
    return cs->num_coefs++;
}

static void add_term(r1cs_import *in, uint32_t wire, const fr *value) {
    in->block->terms[in->block->num_terms++] =
        (r1cs_term){.index = wire, .repeat = 1, .coef = coefficient(in->cs, value)};
}

static zkm_status read_combination(zkm_error *err, r1cs_span *out, r1cs_import *in,
                                   byte_reader *r) {
    out->begin = in->block->num_terms;
    uint32_t count = reader_u32_le(r);
    if (r->failed || count > reader_left(r) / TERM_BYTES)
        return iden3_damaged(err, R1CS_NAME, "its constraints are cut off");
    for (uint32_t i = 0; i < count; i++) {
        fr value;
        uint32_t wire = reader_u32_le(r);
        if (!iden3_take_fr(&value, r) || wire >= in->cs->num_wires)
            return error_set(
                err, ZKM_ERR_FORMAT,
                "r1cs file: constraint %u has a wire or coefficient out of range; make the "
                "file again",
                in->rows);
        add_term(in, wire, &value);
    }
    out->end = in->block->num_terms;
    return ZKM_OK;
}

static zkm_status read_constraint(zkm_error *err, r1cs_import *in, byte_reader *r) {
    r1cs_row *row = &in->block->rows[in->rows];
    ZKM_TRY(read_combination(err, &row->a, in, r));
    ZKM_TRY(read_combination(err, &row->b, in, r));
    ZKM_TRY(read_combination(err, &row->c, in, r));
    in->rows++;
    return ZKM_OK;
}

/* x * 0 = 0 */
static void add_binding_row(r1cs_import *in, uint32_t wire) {
    r1cs_row *row = &in->block->rows[in->rows++];
    row->a.begin = in->block->num_terms;
    add_term(in, wire, &in->cs->coefs[R1CS_COEF_ONE]);
    row->a.end = in->block->num_terms;
    row->rule = 1;
}

/* Wires are paid for in bytes of the file, by a label (section 3) or by a term that names them, so
 * that a count alone makes nobody allocate. */
static zkm_status check_wires(zkm_error *err, const r1cs_counts *counts, const iden3_file *file,
                              size_t constraint_bytes) {
    byte_reader labels;
    uint64_t limit = constraint_bytes / TERM_BYTES + counts->num_public + 1;
    if (iden3_section(NULL, &labels, file, 3) == ZKM_OK && reader_left(&labels) / 8 > limit)
        limit = reader_left(&labels) / 8;
    if (counts->num_wires > limit)
        return iden3_damaged(err, R1CS_NAME, "it declares more wires than it has bytes for");
    return ZKM_OK;
}

static zkm_status read_system(zkm_error *err, r1cs_import *in, const iden3_file *file) {
    r1cs_counts counts = {0};
    byte_reader r;
    ZKM_TRY(read_counts(err, &counts, file));
    ZKM_TRY(iden3_section(err, &r, file, 2));
    ZKM_TRY(check_wires(err, &counts, file, reader_left(&r)));
    ZKM_TRY(allocate(err, in, &counts, reader_left(&r)));
    fill_header(in, &counts);
    for (uint32_t i = 0; i < counts.num_constraints; i++)
        ZKM_TRY(read_constraint(err, in, &r));
    if (reader_left(&r) != 0)
        return iden3_damaged(err, R1CS_NAME, "bytes follow its last constraint");
    for (uint32_t i = 0; i <= counts.num_public; i++)
        add_binding_row(in, i);
    return ZKM_OK;
}

zkm_status snarkjs_r1cs_from_bytes(zkm_error *err, r1cs **out, const uint8_t *bytes, size_t len) {
    iden3_file file;
    r1cs_import in = {0};
    ZKM_TRY(iden3_open(err, &file, R1CS_NAME, "r1cs", R1CS_VERSION, bytes, len));
    zkm_status status = read_system(err, &in, &file);
    if (status != ZKM_OK) {
        r1cs_free(in.cs);
        return status;
    }
    *out = in.cs;
    return ZKM_OK;
}

zkm_status snarkjs_r1cs_read(zkm_error *err, r1cs **out, const char *path) {
    file_view file = {0};
    ZKM_TRY(file_open(err, &file, path, MAX_FILE));
    zkm_status status = snarkjs_r1cs_from_bytes(err, out, file.data, file.len);
    file_close(&file);
    return status == ZKM_OK ? ZKM_OK : error_prefix(err, status, "%s", path);
}

static zkm_status read_wires(zkm_error *err, fr *wires, uint32_t n, byte_reader *r) {
    for (uint32_t i = 0; i < n; i++)
        if (!iden3_take_fr(&wires[i], r))
            return error_set(err, ZKM_ERR_FORMAT, "wtns file: wire %u is not below r", i);
    if (!fr_is_one(&wires[0]))
        return error_set(err, ZKM_ERR_FORMAT, "wtns file: wire 0 is not one");
    return ZKM_OK;
}

zkm_status snarkjs_wtns_from_bytes(zkm_error *err, fr **wires, uint32_t *count,
                                   const uint8_t *bytes, size_t len) {
    iden3_file file;
    byte_reader header, body;
    ZKM_TRY(iden3_open(err, &file, WTNS_NAME, "wtns", WTNS_VERSION, bytes, len));
    ZKM_TRY(iden3_section(err, &header, &file, 1));
    ZKM_TRY(iden3_section(err, &body, &file, 2));
    ZKM_TRY(iden3_check_fr(err, &header, WTNS_NAME));
    uint32_t n = reader_u32_le(&header);
    if (header.failed || n == 0 || reader_left(&body) != (uint64_t)n * IDEN3_FIELD_BYTES)
        return iden3_damaged(err, WTNS_NAME, "its length does not fit its number of wires");
    fr *values = malloc((size_t)n * sizeof *values);
    if (!values)
        return error_memory(err, WTNS_NAME, (size_t)n * sizeof *values);
    zkm_status status = read_wires(err, values, n, &body);
    if (status != ZKM_OK) {
        secure_wipe(values, (size_t)n * sizeof *values);
        free(values);
        return status;
    }
    *wires = values;
    *count = n;
    return ZKM_OK;
}

zkm_status snarkjs_wtns_read(zkm_error *err, fr **wires, uint32_t *count, const char *path) {
    file_view file = {0};
    ZKM_TRY(file_open(err, &file, path, MAX_FILE));
    zkm_status status = snarkjs_wtns_from_bytes(err, wires, count, file.data, file.len);
    file_close(&file);
    return status == ZKM_OK ? ZKM_OK : error_prefix(err, status, "%s", path);
}

zkm_status snarkjs_wtns_write(zkm_error *err, const fr *wires, uint32_t count, const char *path) {
    byte_writer w = writer_init();
    writer_bytes(&w, "wtns", 4);
    writer_u32_le(&w, WTNS_VERSION);
    writer_u32_le(&w, 2);
    writer_u32_le(&w, 1);
    writer_u64_le(&w, 4 + IDEN3_FIELD_BYTES + 4);
    writer_u32_le(&w, IDEN3_FIELD_BYTES);
    for (int i = 0; i < 4; i++)
        writer_u64_le(&w, fr_MODULUS.l[i]);
    writer_u32_le(&w, count);
    writer_u32_le(&w, 2);
    writer_u64_le(&w, (uint64_t)count * IDEN3_FIELD_BYTES);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t bytes[IDEN3_FIELD_BYTES];
        iden3_fr_bytes(bytes, &wires[i]);
        writer_bytes(&w, bytes, sizeof bytes);
    }
    zkm_status status =
        w.failed ? error_memory(err, WTNS_NAME, w.len) : file_write(err, path, 0600, w.data, w.len);
    writer_clear(&w);
    return status;
}
