/* A circuit's life and its file. */
#include "circuit/circuit.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "circuit/record.h"
#include "math/keccak.h"

static const uint8_t MAGIC[8] = {'Z', 'K', 'M', 'C', 'I', 'R', 'C', 1};
enum { MAX_CIRCUIT_FILE = 1 << 30 };

void circuit_free(circuit *c) {
    if (!c)
        return;
    program_clear(&c->spec.prog);
    schema_clear(&c->spec.columns);
    plan_clear(&c->plan);
    metric_shape_clear(&c->metric);
    free(c->at.layers);
    free(c->at.table_counts);
    r1cs_free(c->cs);
    free(c);
}

const circuit_spec *circuit_get_spec(const circuit *c) { return &c->spec; }
const r1cs *circuit_constraints(const circuit *c) { return c->cs; }
const uint8_t *circuit_digest(const circuit *c) { return c->digest; }

static zkm_status check_spec(zkm_error *err, const circuit_spec *spec) {
    const program *p = &spec->prog;
    if (spec->capacity < 1 || spec->capacity > CIRCUIT_CAPACITY_MAX)
        return error_set(err, ZKM_ERR_ARGUMENT, "capacity: %u is outside 1..%u", spec->capacity,
                         CIRCUIT_CAPACITY_MAX);
    ZKM_TRY(program_check(err, p));
    if (spec->columns.num_features != p->num_features)
        return error_set(err, ZKM_ERR_MISMATCH,
                         "schema: %u features, but the model takes %u; give every input of the "
                         "model one column of role \"feature\"",
                         spec->columns.num_features, p->num_features);
    uint32_t outputs = p->layers[p->num_layers - 1].width;
    if (spec->columns.num_targets != outputs)
        return error_set(err, ZKM_ERR_MISMATCH,
                         "schema: %u targets, but the model predicts %u values; give every output "
                         "of the model one column of role \"target\"",
                         spec->columns.num_targets, outputs);
    return ZKM_OK;
}

/* Wire numbers have 30 bits, and a neuron takes at most 16 wires, a row's digit 4. */
static zkm_status check_size(zkm_error *err, const circuit_spec *spec) {
    uint64_t per_sample = 4 * (uint64_t)(spec->columns.num_features + spec->columns.num_targets) +
                          16 * program_trace_length(&spec->prog) + 1024;
    if (per_sample * spec->capacity + 8 * (uint64_t)spec->prog.num_weights > (UINT64_C(1) << 30))
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "circuit: capacity %u of this model passes 2^28 constraints; use a "
                         "smaller --capacity",
                         spec->capacity);
    return ZKM_OK;
}

static void write_spec(byte_writer *w, const circuit_spec *spec, bool with_names) {
    writer_u32_le(w, spec->capacity);
    schema_to_bytes(w, &spec->columns);
    program_write(w, &spec->prog, with_names);
}

/* The digest covers what decides the statement: spec without names, and every row as recorded. */
static zkm_status set_digest(zkm_error *err, circuit *c) {
    static const char tag[] = "zkmetric.circuit.v1";
    byte_writer w = writer_init();
    uint8_t rows[32];
    r1cs_digest(rows, c->cs);
    writer_bytes(&w, tag, sizeof tag - 1);
    write_spec(&w, &c->spec, false);
    writer_bytes(&w, rows, sizeof rows);
    bool failed = w.failed;
    if (!failed)
        keccak256(c->digest, w.data, w.len);
    writer_clear(&w);
    return failed ? error_memory(err, "circuit digest", 0) : ZKM_OK;
}

zkm_status circuit_new(zkm_error *err, circuit **out, circuit_spec *spec) {
    zkm_status status = ZKM_OK;
    circuit *c = calloc(1, sizeof *c);
    if (!c) {
        program_clear(&spec->prog);
        schema_clear(&spec->columns);
        return error_memory(err, "circuit", sizeof *c);
    }
    c->spec = *spec;
    *spec = (circuit_spec){0};
    ZKM_TRY_OUT(check_spec(err, &c->spec));
    ZKM_TRY_OUT(check_size(err, &c->spec));
    ZKM_TRY_OUT(schema_digest(err, c->schema_digest, &c->spec.columns));
    program_digest(c->architecture, &c->spec.prog);
    ZKM_TRY_OUT(plan_make(err, &c->plan, &c->spec.prog, c->spec.capacity));
    ZKM_TRY_OUT(metric_shape_make(err, &c->metric, &c->spec, c->plan.width));
    ZKM_TRY_OUT(circuit_record(err, c));
    ZKM_TRY_OUT(set_digest(err, c));
    *out = c;
    return ZKM_OK;
out:
    circuit_free(c);
    return status;
}

size_t circuit_parts(const circuit *c, circuit_part *out, size_t room) {
    size_t n = 0;
    for (uint32_t k = 0; k < c->cs->num_blocks; k++) {
        const r1cs_block *block = &c->cs->blocks[k];
        uint64_t rows = (uint64_t)block->count * block->num_rows;
        size_t i = 0;
        while (i < n && i < room && strcmp(out[i].name, block->name) != 0)
            i++;
        if (i < n && i < room)
            out[i].rows += rows;
        else if (n++ < room)
            out[n - 1] = (circuit_part){block->name, rows};
    }
    return n;
}

/* ---------------------------------------------------------------- file */

zkm_status circuit_write(zkm_error *err, const circuit *c, const char *path) {
    byte_writer w = writer_init();
    uint8_t checksum[32];
    writer_bytes(&w, MAGIC, sizeof MAGIC);
    writer_bytes(&w, c->digest, sizeof c->digest);
    write_spec(&w, &c->spec, true);
    if (!w.failed) {
        keccak256(checksum, w.data, w.len);
        writer_bytes(&w, checksum, sizeof checksum);
    }
    zkm_status status =
        w.failed ? error_memory(err, path, w.len) : file_write(err, path, 0644, w.data, w.len);
    writer_clear(&w);
    return status;
}

static zkm_status damaged(zkm_error *err, const char *what) {
    return error_set(err, ZKM_ERR_FORMAT, "circuit: %s; compile it again or copy it again", what);
}

static zkm_status read_spec(zkm_error *err, circuit_spec *spec, const uint8_t *data, size_t len) {
    byte_reader r = reader_init(data, len);
    spec->capacity = reader_u32_le(&r);
    ZKM_TRY(schema_from_bytes(err, &spec->columns, &r, "circuit"));
    zkm_status status = program_read(err, &spec->prog, &r);
    if (status == ZKM_OK && (r.failed || reader_left(&r) != 0)) {
        program_clear(&spec->prog);
        status = damaged(err, "its length is wrong");
    }
    if (status != ZKM_OK)
        schema_clear(&spec->columns);
    return status;
}

zkm_status circuit_from_bytes(zkm_error *err, circuit **out, const uint8_t *data, size_t len) {
    const size_t header = sizeof MAGIC + 32;
    uint8_t checksum[32];
    circuit_spec spec = {0};
    circuit *c = NULL;
    if (len < header + 32 || memcmp(data, MAGIC, sizeof MAGIC - 1) != 0)
        return error_set(err, ZKM_ERR_FORMAT,
                         "circuit: not a circuit file; give what `zkmetric compile -o` wrote");
    if (data[sizeof MAGIC - 1] != MAGIC[sizeof MAGIC - 1])
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "circuit: version %u, this program reads version %u",
                         data[sizeof MAGIC - 1], MAGIC[sizeof MAGIC - 1]);
    keccak256(checksum, data, len - 32);
    if (memcmp(checksum, data + len - 32, 32) != 0)
        return damaged(err, "the checksum does not match, the file is damaged or cut");
    ZKM_TRY(read_spec(err, &spec, data + header, len - header - 32));
    ZKM_TRY(circuit_new(err, &c, &spec));
    if (memcmp(c->digest, data + sizeof MAGIC, 32) != 0) {
        circuit_free(c);
        return error_set(err, ZKM_ERR_MISMATCH,
                         "circuit: its digest is not that of the constraint system this version "
                         "records; use the version that compiled it");
    }
    *out = c;
    return ZKM_OK;
}

zkm_status circuit_read(zkm_error *err, circuit **out, const char *path) {
    file_view view = {0};
    ZKM_TRY(file_open(err, &view, path, MAX_CIRCUIT_FILE));
    zkm_status status = circuit_from_bytes(err, out, view.data, view.len);
    file_close(&view);
    return status == ZKM_OK ? status : error_prefix(err, status, "%s", path);
}
