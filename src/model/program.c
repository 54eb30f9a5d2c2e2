/*
 * The quantised program as a checked value: bounds, canonical bytes, digest. DESIGN sections 5
 * and 6; the bytes are documented in docs/formats.md ("program bytes").
 */
#include "model/program.h"

#include <stdlib.h>
#include <string.h>

#include "math/keccak.h"

#define PROGRAM_VERSION 1u
#define FRAC_LIMIT 127 /* |z_frac|, |out_frac|: reports and scales of later weights only */

void program_clear(program *p) {
    if (!p)
        return;
    for (uint32_t i = 0; p->layers && i < p->num_layers; i++)
        free(p->layers[i].terms);
    for (uint32_t i = 0; p->tables && i < p->num_tables; i++)
        free(p->tables[i].values);
    free(p->layers);
    free(p->tables);
    free(p->feature_frac);
    *p = (program){0};
}

void program_weights_clear(program_weights *w) {
    if (!w)
        return;
    free(w->weights);
    free(w->biases);
    *w = (program_weights){0};
}

uint64_t program_layer_bound(const program_layer *layer) {
    uint64_t bound = UINT64_C(1) << (layer->bias_bits - 1);
    for (uint32_t t = 0; t < layer->num_terms; t++) {
        const program_term *term = &layer->terms[t];
        bound += term->kind == TERM_DENSE ? (uint64_t)term->width << 30
                                          : UINT64_C(1) << (15 + term->shift);
    }
    return bound;
}

size_t program_trace_length(const program *p) {
    size_t n = 0;
    for (uint32_t l = 0; l < p->num_layers; l++)
        n += p->layers[l].width;
    return n;
}

static zkm_status layer_error(zkm_error *err, zkm_status status, const program *p, uint32_t l,
                              const char *what) {
    return error_set(err, status, "program: layer %u \"%.63s\": %s", l, p->layers[l].name, what);
}

static uint32_t source_width(const program *p, uint32_t source) {
    return source == 0 ? p->num_features : p->layers[source - 1].width;
}

static zkm_status check_term(zkm_error *err, const program *p, uint32_t l, uint32_t t,
                             size_t *weights) {
    const program_layer *layer = &p->layers[l];
    const program_term *term = &layer->terms[t];
    if (term->kind != TERM_DENSE && term->kind != TERM_SHIFT)
        return layer_error(err, ZKM_ERR_FORMAT, p, l, "unknown kind of term");
    if (term->source > l)
        return layer_error(err, ZKM_ERR_FORMAT, p, l, "a term reads a layer that comes later");
    uint32_t width = source_width(p, term->source);
    if (term->width < 1 || term->first > width || term->width > width - term->first)
        return layer_error(err, ZKM_ERR_FORMAT, p, l, "a term reads outside its source");
    if (term->kind == TERM_SHIFT) {
        if (term->width != layer->width || term->shift > 30)
            return layer_error(err, ZKM_ERR_FORMAT, p, l, "a shift term's width or shift is wrong");
        return ZKM_OK;
    }
    if (term->shift != 0 || term->weights != *weights)
        return layer_error(err, ZKM_ERR_FORMAT, p, l, "a dense term's weights are misplaced");
    *weights += (size_t)term->width * layer->width; /* at most 2^32 a term, 2^52 in all */
    if (*weights > PROGRAM_MAX_WEIGHTS)
        return layer_error(err, ZKM_ERR_RANGE, p, l, "more than 2^26 weights");
    return ZKM_OK;
}

static zkm_status check_layer(zkm_error *err, const program *p, uint32_t l, size_t *weights,
                              size_t *biases) {
    const program_layer *layer = &p->layers[l];
    if (layer->width < 1 || layer->width > PROGRAM_MAX_WIDTH)
        return layer_error(err, ZKM_ERR_FORMAT, p, l, "width outside 1..65536");
    if (layer->num_terms < 1 || layer->num_terms > PROGRAM_MAX_TERMS)
        return layer_error(err, ZKM_ERR_FORMAT, p, l, "number of terms outside 1..1024");
    if (layer->bias_bits < 2 || layer->bias_bits > PROGRAM_BIAS_BITS_MAX)
        return layer_error(err, ZKM_ERR_FORMAT, p, l, "bias bits outside 2..40");
    if (layer->shift < 1 || layer->shift > PROGRAM_SHIFT_MAX)
        return layer_error(err, ZKM_ERR_FORMAT, p, l, "shift outside 1..32");
    if (layer->table >= p->num_tables)
        return layer_error(err, ZKM_ERR_FORMAT, p, l, "names a table that does not exist");
    if (layer->z_frac < -FRAC_LIMIT || layer->z_frac > FRAC_LIMIT ||
        layer->out_frac < -FRAC_LIMIT || layer->out_frac > FRAC_LIMIT)
        return layer_error(err, ZKM_ERR_FORMAT, p, l, "scale outside -127..127");
    for (uint32_t t = 0; t < layer->num_terms; t++)
        ZKM_TRY(check_term(err, p, l, t, weights));
    if (layer->biases != *biases)
        return layer_error(err, ZKM_ERR_FORMAT, p, l, "biases are misplaced");
    *biases += layer->width;
    if (program_layer_bound(layer) >= UINT64_C(1) << PROGRAM_ACCUMULATOR_BITS)
        return layer_error(err, ZKM_ERR_RANGE, p, l,
                           "its sum can reach 2^47; use fewer inputs or a smaller model");
    return ZKM_OK;
}

static int16_t closed_form(program_table_kind kind, int32_t hi) {
    return (int16_t)(kind == TABLE_RELU && hi < 0 ? 0 : hi);
}

static zkm_status check_table(zkm_error *err, const program *p, uint32_t t) {
    const program_table *table = &p->tables[t];
    if (table->kind != TABLE_GENERIC && table->kind != TABLE_IDENTITY && table->kind != TABLE_RELU)
        return error_set(err, ZKM_ERR_FORMAT, "program: table %u: unknown kind", t);
    if (table->bits < 8 || table->bits > 16)
        return error_set(err, ZKM_ERR_FORMAT, "program: table %u: bits outside 8..16", t);
    int32_t half = (int32_t)1 << (table->bits - 1);
    for (int32_t hi = -half; table->kind != TABLE_GENERIC && hi < half; hi++)
        if (table->values[hi + half] != closed_form(table->kind, hi))
            return error_set(err, ZKM_ERR_FORMAT, "program: table %u: values do not fit its kind",
                             t);
    return ZKM_OK;
}

zkm_status program_check(zkm_error *err, const program *p) {
    if (p->num_features < 1 || p->num_features > PROGRAM_MAX_WIDTH)
        return error_set(err, ZKM_ERR_FORMAT, "program: number of features outside 1..65536");
    if (p->num_layers < 1 || p->num_layers > PROGRAM_MAX_LAYERS)
        return error_set(err, ZKM_ERR_FORMAT, "program: number of layers outside 1..1024");
    if (p->num_tables < 1 || p->num_tables > p->num_layers)
        return error_set(err, ZKM_ERR_FORMAT, "program: number of tables outside 1..%u",
                         p->num_layers);
    for (uint32_t k = 0; k < p->num_features; k++)
        if (p->feature_frac[k] < -15 || p->feature_frac[k] > 31)
            return error_set(err, ZKM_ERR_FORMAT, "program: feature %u: frac_bits outside -15..31",
                             k);
    for (uint32_t t = 0; t < p->num_tables; t++)
        ZKM_TRY(check_table(err, p, t));
    size_t weights = 0, biases = 0;
    for (uint32_t l = 0; l < p->num_layers; l++)
        ZKM_TRY(check_layer(err, p, l, &weights, &biases));
    if (weights != p->num_weights || biases != p->num_biases)
        return error_set(err, ZKM_ERR_FORMAT, "program: counts of weights or biases are wrong");
    return ZKM_OK;
}

static void write_tables(byte_writer *w, const program *p) {
    writer_u32_le(w, p->num_tables);
    for (uint32_t t = 0; t < p->num_tables; t++) {
        const program_table *table = &p->tables[t];
        writer_u8(w, (uint8_t)table->kind);
        writer_u8(w, (uint8_t)table->bits);
        size_t n = table->kind == TABLE_GENERIC ? (size_t)1 << table->bits : 0;
        for (size_t i = 0; i < n; i++)
            writer_u16_le(w, (uint16_t)table->values[i]);
    }
}

static void write_layer(byte_writer *w, const program_layer *layer) {
    writer_u32_le(w, layer->width);
    writer_u32_le(w, layer->bias_bits);
    writer_u32_le(w, layer->shift);
    writer_u32_le(w, layer->table);
    writer_u32_le(w, (uint32_t)layer->z_frac);
    writer_u32_le(w, (uint32_t)layer->out_frac);
    writer_u32_le(w, layer->num_terms);
    for (uint32_t t = 0; t < layer->num_terms; t++) {
        const program_term *term = &layer->terms[t];
        writer_u8(w, (uint8_t)term->kind);
        writer_u32_le(w, term->source);
        writer_u32_le(w, term->first);
        writer_u32_le(w, term->width);
        writer_u32_le(w, term->shift);
    }
}

void program_write(byte_writer *w, const program *p, bool with_names) {
    writer_u32_le(w, PROGRAM_VERSION);
    writer_u8(w, with_names);
    writer_u32_le(w, p->num_features);
    for (uint32_t k = 0; k < p->num_features; k++)
        writer_u32_le(w, (uint32_t)p->feature_frac[k]);
    write_tables(w, p);
    writer_u32_le(w, p->num_layers);
    for (uint32_t l = 0; l < p->num_layers; l++)
        write_layer(w, &p->layers[l]);
    for (uint32_t t = 0; with_names && t < p->num_tables; t++)
        writer_bytes(w, p->tables[t].name, sizeof p->tables[t].name);
    for (uint32_t l = 0; with_names && l < p->num_layers; l++)
        writer_bytes(w, p->layers[l].name, sizeof p->layers[l].name);
}

/* A count that the remaining bytes can hold, each item taking at least `least` bytes. */
static zkm_status read_count(zkm_error *err, byte_reader *r, uint32_t *out, uint32_t limit,
                             size_t least, const char *what) {
    uint32_t n = reader_u32_le(r);
    if (r->failed || n < 1 || n > limit || n > reader_left(r) / least)
        return error_set(err, ZKM_ERR_FORMAT,
                         "program: %s is wrong or the bytes end too early; "
                         "use an undamaged file",
                         what);
    *out = n;
    return ZKM_OK;
}

static zkm_status read_table(zkm_error *err, program_table *table, byte_reader *r, uint32_t t) {
    table->kind = (program_table_kind)reader_u8(r);
    table->bits = reader_u8(r);
    if (r->failed || table->kind > TABLE_RELU || table->bits < 8 || table->bits > 16)
        return error_set(err, ZKM_ERR_FORMAT, "program: table %u: unknown kind or bits", t);
    size_t n = (size_t)1 << table->bits;
    int32_t half = (int32_t)(n / 2);
    const uint8_t *bytes = NULL;
    if (table->kind == TABLE_GENERIC && !(bytes = reader_take(r, 2 * n)))
        return error_set(err, ZKM_ERR_FORMAT, "program: table %u is cut short", t);
    table->values = malloc(n * sizeof *table->values);
    if (!table->values)
        return error_memory(err, "program: table", n * sizeof *table->values);
    for (size_t i = 0; i < n; i++)
        table->values[i] =
            (int16_t)(bytes ? (int16_t)(uint16_t)(bytes[2 * i] | bytes[2 * i + 1] << 8)
                            : closed_form(table->kind, (int32_t)i - half));
    return ZKM_OK;
}

static zkm_status read_tables(zkm_error *err, program *p, byte_reader *r) {
    uint32_t n = 0;
    ZKM_TRY(read_count(err, r, &n, PROGRAM_MAX_LAYERS, 2, "the number of tables"));
    p->tables = calloc(n, sizeof *p->tables);
    if (!p->tables)
        return error_memory(err, "program: tables", n * sizeof *p->tables);
    p->num_tables = n;
    for (uint32_t t = 0; t < n; t++)
        ZKM_TRY(read_table(err, &p->tables[t], r, t));
    return ZKM_OK;
}

static zkm_status read_layer(zkm_error *err, program *p, byte_reader *r, uint32_t l) {
    program_layer *layer = &p->layers[l];
    layer->width = reader_u32_le(r);
    layer->bias_bits = reader_u32_le(r);
    layer->shift = reader_u32_le(r);
    layer->table = reader_u32_le(r);
    layer->z_frac = (int32_t)reader_u32_le(r);
    layer->out_frac = (int32_t)reader_u32_le(r);
    uint32_t n = 0;
    ZKM_TRY(read_count(err, r, &n, PROGRAM_MAX_TERMS, 17, "a layer's number of terms"));
    layer->terms = calloc(n, sizeof *layer->terms);
    if (!layer->terms)
        return error_memory(err, "program: terms", n * sizeof *layer->terms);
    layer->num_terms = n;
    layer->biases = p->num_biases;
    p->num_biases += layer->width;
    for (uint32_t t = 0; t < n; t++) {
        program_term *term = &layer->terms[t];
        term->kind = (program_term_kind)reader_u8(r);
        term->source = reader_u32_le(r);
        term->first = reader_u32_le(r);
        term->width = reader_u32_le(r);
        term->shift = reader_u32_le(r);
        if (term->kind != TERM_DENSE)
            continue;
        term->weights = p->num_weights;
        p->num_weights += (size_t)term->width * layer->width; /* checked by program_check */
    }
    return ZKM_OK;
}

static zkm_status read_layers(zkm_error *err, program *p, byte_reader *r) {
    uint32_t n = 0;
    ZKM_TRY(read_count(err, r, &n, PROGRAM_MAX_LAYERS, 45, "the number of layers"));
    p->layers = calloc(n, sizeof *p->layers);
    if (!p->layers)
        return error_memory(err, "program: layers", n * sizeof *p->layers);
    p->num_layers = n;
    for (uint32_t l = 0; l < n; l++)
        ZKM_TRY(read_layer(err, p, r, l));
    return ZKM_OK;
}

/* A fixed field whose text ends inside it; the last byte must be zero. */
static void read_name(char *out, size_t n, byte_reader *r) {
    const uint8_t *bytes = reader_take(r, n);
    if (bytes && bytes[n - 1] != 0)
        r->failed = true;
    else if (bytes)
        memcpy(out, bytes, n);
}

static zkm_status read_program(zkm_error *err, program *p, byte_reader *r) {
    if (reader_u32_le(r) != PROGRAM_VERSION)
        return error_set(err, ZKM_ERR_FORMAT, "program: unknown version; compile the model again");
    uint8_t named = reader_u8(r);
    if (r->failed || named > 1)
        return error_set(err, ZKM_ERR_FORMAT, "program: damaged header");
    uint32_t n = 0;
    ZKM_TRY(read_count(err, r, &n, PROGRAM_MAX_WIDTH, 4, "the number of features"));
    p->feature_frac = malloc(n * sizeof *p->feature_frac);
    if (!p->feature_frac)
        return error_memory(err, "program: features", n * sizeof *p->feature_frac);
    p->num_features = n;
    for (uint32_t k = 0; k < n; k++)
        p->feature_frac[k] = (int32_t)reader_u32_le(r);
    ZKM_TRY(read_tables(err, p, r));
    ZKM_TRY(read_layers(err, p, r));
    for (uint32_t t = 0; named && t < p->num_tables; t++)
        read_name(p->tables[t].name, sizeof p->tables[t].name, r);
    for (uint32_t l = 0; named && l < p->num_layers; l++)
        read_name(p->layers[l].name, sizeof p->layers[l].name, r);
    if (r->failed)
        return error_set(err, ZKM_ERR_FORMAT,
                         "program: cut short or damaged; use an undamaged file");
    return program_check(err, p);
}

zkm_status program_read(zkm_error *err, program *out, byte_reader *r) {
    program p = {0};
    zkm_status status = read_program(err, &p, r);
    if (status == ZKM_OK)
        *out = p;
    else
        program_clear(&p);
    return status;
}

void program_digest(uint8_t out[32], const program *p) {
    static const char tag[] = "zkmetric.architecture.v1";
    byte_writer w = writer_init();
    writer_bytes(&w, tag, sizeof tag - 1);
    program_write(&w, p, false);
    if (w.failed) {
        memset(out, 0xff, 32);
    } else {
        keccak256(out, w.data, w.len);
        out[0] &= 0x1f;
    }
    writer_clear(&w);
}
