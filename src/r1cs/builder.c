/* Recording constraint systems. See builder.h. */
#include "r1cs/builder.h"

#include <stdlib.h>
#include <string.h>

#include "r1cs/r1cs_internal.h"

/* The two private sets are numbered apart while recording and placed one after the other at the
 * end. */
#define WIRE_COMMITTED 0x80000000u
#define WIRE_PRIVATE 0x40000000u
#define WIRE_NUMBER 0x3fffffffu

struct lc_term {
    uint32_t index, stride, repeat, step;
    fr coef;
    const fr *series; /* not NULL: in instance i the coefficient is coef * series[i] */
    uint32_t series_len;
};

/* Terms of linear combinations are carved from chunks that live as long as the builder. */
struct lc_chunk {
    struct lc_chunk *next;
    size_t used, room;
    lc_term terms[];
};

/* See builder_keep. */
typedef struct {
    const void *key;
    uint32_t block, first_row, num_rows;
    r1cs_span terms; /* where the rows' terms lie */
    wire_array wires;
} kept_rows;

enum { MAX_KEPT = 4 };

struct r1cs_builder {
    r1cs *cs;
    uint32_t num_private;
    uint16_t rule;
    bool in_block, failed, misused;
    uint32_t rows_room, terms_room, permutations_room, coefs_room, blocks_room;
    r1cs_span last_long; /* of the open block; empty: none */
    lc_chunk *chunks;    /* the first is being filled */
    lc_chunk *spare;     /* released: of their terms none is in use */
    kept_rows kept[MAX_KEPT];
    uint32_t num_kept;
    uint32_t *coef_table; /* open addressing: index + 1 of a coefficient, 0 is empty */
    uint32_t coef_table_size;
};

/* Doubles *items until it has room for `need`; false and sticky failure when memory or counts run
 * out. */
static bool grow(r1cs_builder *b, void *items_, uint32_t *room, uint64_t need, size_t size) {
    void **items = items_;
    if (b->failed || need > UINT32_MAX / 2) {
        b->failed = true;
        return false;
    }
    if (need <= *room)
        return true;
    uint64_t wanted = *room ? *room : 64;
    while (wanted < need)
        wanted *= 2;
    void *grown = realloc(*items, wanted * size);
    if (!grown) {
        b->failed = true;
        return false;
    }
    *items = grown;
    *room = (uint32_t)wanted;
    return true;
}

/* ---------------------------------------------------------------- coefficients */

static uint32_t coef_hash(const fr *v) {
    uint64_t h = v->l[0] ^ (v->l[1] * 3) ^ (v->l[2] * 5) ^ (v->l[3] * 7);
    h *= UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(h >> 32);
}

static bool coef_table_grow(r1cs_builder *b) {
    uint32_t size = b->coef_table_size ? 2 * b->coef_table_size : 1024;
    uint32_t *table = calloc(size, sizeof *table);
    if (!table) {
        b->failed = true;
        return false;
    }
    for (uint32_t i = 0; i < b->coef_table_size; i++) {
        if (!b->coef_table[i])
            continue;
        uint32_t at = coef_hash(&b->cs->coefs[b->coef_table[i] - 1]) & (size - 1);
        while (table[at])
            at = (at + 1) & (size - 1);
        table[at] = b->coef_table[i];
    }
    free(b->coef_table);
    b->coef_table = table;
    b->coef_table_size = size;
    return true;
}

static uint32_t coef_append(r1cs_builder *b, const fr *value) {
    if (!grow(b, &b->cs->coefs, &b->coefs_room, (uint64_t)b->cs->num_coefs + 1, sizeof(fr)))
        return 0;
    b->cs->coefs[b->cs->num_coefs] = *value;
    return b->cs->num_coefs++;
}

static uint32_t coef_find(r1cs_builder *b, const fr *value) {
    if (2 * b->cs->num_coefs >= b->coef_table_size && !coef_table_grow(b))
        return 0;
    uint32_t at = coef_hash(value) & (b->coef_table_size - 1);
    for (; b->coef_table[at]; at = (at + 1) & (b->coef_table_size - 1))
        if (fr_equal(&b->cs->coefs[b->coef_table[at] - 1], value))
            return b->coef_table[at] - 1;
    uint32_t index = coef_append(b, value);
    if (!b->failed)
        b->coef_table[at] = index + 1;
    return index;
}

static uint32_t coef_series(r1cs_builder *b, const lc_term *term) {
    uint32_t first = b->cs->num_coefs;
    for (uint32_t i = 0; i < term->series_len && !b->failed; i++) {
        fr value;
        fr_mul(&value, &term->series[i], &term->coef);
        coef_append(b, &value);
    }
    return first;
}

/* ---------------------------------------------------------------- life */

r1cs_builder *builder_new(uint32_t num_public) {
    r1cs_builder *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->cs = calloc(1, sizeof *b->cs);
    if (!b->cs) {
        free(b);
        return NULL;
    }
    b->cs->num_public = num_public;
    fr one, minus_one;
    fr_set_one(&one);
    fr_neg(&minus_one, &one);
    coef_find(b, &one);
    coef_find(b, &minus_one);
    builder_rule(b, "unnamed");
    return b;
}

static void chunks_free(lc_chunk *chunk) {
    while (chunk) {
        lc_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
}

void builder_free(r1cs_builder *b) {
    if (!b)
        return;
    chunks_free(b->chunks);
    chunks_free(b->spare);
    r1cs_free(b->cs);
    free(b->coef_table);
    free(b);
}

void builder_rule(r1cs_builder *b, const char *name) {
    r1cs *cs = b->cs;
    for (uint32_t i = 0; i < cs->num_rules; i++) {
        if (strncmp(cs->rules[i], name, sizeof cs->rules[i] - 1) == 0) {
            b->rule = (uint16_t)i;
            return;
        }
    }
    void *grown = realloc(cs->rules, (cs->num_rules + 1) * sizeof *cs->rules);
    if (!grown || cs->num_rules >= UINT16_MAX) {
        cs->rules = grown ? grown : cs->rules;
        b->failed = true;
        return;
    }
    cs->rules = grown;
    memset(cs->rules[cs->num_rules], 0, sizeof *cs->rules);
    strncpy(cs->rules[cs->num_rules], name, sizeof *cs->rules - 1);
    b->rule = (uint16_t)cs->num_rules++;
}

static r1cs_block *current_block(r1cs_builder *b) {
    if (!b->in_block) {
        b->misused = true;
        return NULL;
    }
    return &b->cs->blocks[b->cs->num_blocks - 1];
}

void builder_begin(r1cs_builder *b, const char *name, uint32_t count, bool independent) {
    if (b->in_block)
        b->misused = true;
    if (!grow(b, &b->cs->blocks, &b->blocks_room, (uint64_t)b->cs->num_blocks + 1,
              sizeof(r1cs_block)))
        return;
    r1cs_block *block = &b->cs->blocks[b->cs->num_blocks++];
    memset(block, 0, sizeof *block);
    strncpy(block->name, name, sizeof block->name - 1);
    block->count = count;
    block->independent = independent;
    b->rows_room = 0;
    b->terms_room = 0;
    b->permutations_room = 0;
    b->last_long = (r1cs_span){0, 0};
    b->in_block = true;
}

/* Does any of the terms read the wire that `quotient` defines? Regions never overlap, so equal
 * first wires and runs over the first wire are all there can be. */
static bool span_reads_wire(const r1cs_block *block, r1cs_span span, const r1cs_row *quotient) {
    for (uint32_t t = span.begin; t < span.end; t++) {
        const r1cs_term *term = &block->terms[t];
        uint32_t distance = quotient->out - term->index;
        if (quotient->out >= term->index &&
            (term->step ? distance % term->step == 0 && distance / term->step < term->repeat
                        : distance == 0))
            return true;
    }
    return false;
}

static bool row_reads_wire(const r1cs_block *block, const r1cs_row *row, const r1cs_row *quotient) {
    return span_reads_wire(block, row->a, quotient) || span_reads_wire(block, row->b, quotient) ||
           span_reads_wire(block, row->c, quotient);
}

static bool quotients_are_read_late(const r1cs_block *block) {
    if (block->num_rows > 4096)
        return true;
    for (uint32_t q = 0; q < block->num_rows; q++) {
        if (block->rows[q].kind != ROW_QUOTIENT)
            continue;
        for (uint32_t j = q + 1; j < block->num_rows; j++)
            if (row_reads_wire(block, &block->rows[j], &block->rows[q]))
                return false;
    }
    return true;
}

void builder_end(r1cs_builder *b) {
    r1cs_block *block = current_block(b);
    if (!block || b->failed)
        return;
    if (block->num_quotients && !quotients_are_read_late(block))
        b->misused = true;
    b->cs->num_constraints += (uint64_t)block->count * block->num_rows;
    b->in_block = false;
    if (block->count == 0 || block->num_rows == 0) {
        free(block->rows);
        free(block->terms);
        free(block->permutations);
        b->cs->num_blocks--;
    }
}

void builder_fixed(r1cs_builder *b) {
    r1cs_block *block = current_block(b);
    if (block)
        block->fixed = true;
}

void builder_interleave(r1cs_builder *b) { b->cs->interleaved = true; }

/* ---------------------------------------------------------------- wires */

wire builder_one(void) { return (wire){0, 0}; }
wire builder_public(uint32_t i) { return (wire){1 + i, 0}; }

static wire_array allocate(r1cs_builder *b, uint32_t *next, uint32_t flag, uint32_t width,
                           uint32_t count) {
    uint64_t total = (uint64_t)width * count;
    if (*next + total > WIRE_NUMBER) {
        b->failed = true;
        return (wire_array){flag, width, count};
    }
    wire_array array = {flag | *next, width, count};
    *next += (uint32_t)total;
    return array;
}

wire_array builder_committed(r1cs_builder *b, uint32_t width, uint32_t count) {
    return allocate(b, &b->cs->num_committed, WIRE_COMMITTED, width, count);
}

wire_array builder_private(r1cs_builder *b, uint32_t width, uint32_t count) {
    return allocate(b, &b->num_private, WIRE_PRIVATE, width, count);
}

uint32_t builder_place(const r1cs_builder *b, uint32_t index) {
    uint32_t number = index & WIRE_NUMBER;
    if (index & WIRE_COMMITTED)
        return 1 + b->cs->num_public + number;
    if (index & WIRE_PRIVATE)
        return 1 + b->cs->num_public + b->cs->num_committed + number;
    return index;
}

/* ---------------------------------------------------------------- linear combinations */

/* A chunk with room for n terms in front of the others. */
static bool add_chunk(r1cs_builder *b, uint32_t n) {
    size_t room = n > 4096 ? n : 4096;
    lc_chunk *chunk = b->spare;
    if (chunk && chunk->room >= room) {
        b->spare = chunk->next;
    } else {
        chunk = malloc(sizeof *chunk + room * sizeof(lc_term));
        if (!chunk) {
            b->failed = true;
            return false;
        }
        chunk->room = room;
    }
    chunk->next = b->chunks;
    chunk->used = 0;
    b->chunks = chunk;
    return true;
}

static lc_term *carve_terms(r1cs_builder *b, uint32_t n) {
    if ((!b->chunks || b->chunks->room - b->chunks->used < n) && !add_chunk(b, n))
        return NULL;
    lc_term *terms = b->chunks->terms + b->chunks->used;
    b->chunks->used += n;
    return terms;
}

lc_mark builder_mark(const r1cs_builder *b) {
    return (lc_mark){b->chunks, b->chunks ? b->chunks->used : 0};
}

void builder_release(r1cs_builder *b, lc_mark mark) {
    while (b->chunks != mark.chunk) {
        lc_chunk *chunk = b->chunks;
        b->chunks = chunk->next;
        chunk->next = b->spare;
        b->spare = chunk;
    }
    if (b->chunks)
        b->chunks->used = mark.used;
}

lc lc_empty(r1cs_builder *b) { return (lc){.builder = b}; }

/* The terms were carved last, and the chunk has room for `cap` of them where they are. */
static bool grows_in_place(const lc *l, uint32_t cap) {
    const lc_chunk *chunk = l->builder->chunks;
    return l->cap > 0 && l->terms + l->cap == chunk->terms + chunk->used &&
           chunk->room - chunk->used >= cap - l->cap;
}

/* Makes room for `cap` terms, more than there is, here or elsewhere; false when memory runs out. */
static bool lc_reserve(lc *l, uint32_t cap) {
    if (grows_in_place(l, cap)) {
        l->builder->chunks->used += cap - l->cap;
        l->cap = cap;
        return true;
    }
    lc_term *terms = carve_terms(l->builder, cap);
    if (!terms)
        return false;
    if (l->len)
        memcpy(terms, l->terms, l->len * sizeof *terms);
    l->terms = terms;
    l->cap = cap;
    return true;
}

static lc_term *lc_push(lc *l) {
    if (l->len == l->cap && !lc_reserve(l, l->cap ? 2 * l->cap : 4))
        return NULL;
    return &l->terms[l->len++];
}

static bool same_wires(const lc_term *a, const lc_term *b) {
    return a->index == b->index && a->stride == b->stride && a->repeat == b->repeat &&
           a->step == b->step && a->series == b->series;
}

/* The place of the term on the same wires, or len; there is one at most. The search begins at
 * `from`: combinations that are added to each other list the same wires in about the same order. */
static uint32_t find_term(const lc *l, const lc_term *term, uint32_t from) {
    for (uint32_t i = from; i < l->len; i++)
        if (same_wires(&l->terms[i], term))
            return i;
    for (uint32_t i = 0; i < from && i < l->len; i++)
        if (same_wires(&l->terms[i], term))
            return i;
    return l->len;
}

/* Adds a term, merging it with one on the same wires; a coefficient that becomes 0 goes away.
 * Returns where the next term's search should begin. */
static uint32_t lc_add_term(lc *l, const lc_term *term, uint32_t from) {
    uint32_t i = find_term(l, term, from);
    if (i < l->len) {
        fr_add(&l->terms[i].coef, &l->terms[i].coef, &term->coef);
        if (fr_is_zero(&l->terms[i].coef))
            l->terms[i] = l->terms[--l->len];
        return i + 1;
    }
    if (fr_is_zero(&term->coef))
        return from;
    lc_term *slot = lc_push(l);
    if (slot)
        *slot = *term;
    return from;
}

void lc_add_scaled(lc *l, wire w, const fr *coef) {
    lc_term term = {.index = w.index, .stride = w.stride, .repeat = 1, .coef = *coef};
    lc_add_term(l, &term, 0);
}

void lc_add_i64(lc *l, wire w, int64_t coef) {
    fr value;
    fr_set_i64(&value, coef);
    lc_add_scaled(l, w, &value);
}

void lc_add(lc *l, wire w) { lc_add_i64(l, w, 1); }
void lc_sub(lc *l, wire w) { lc_add_i64(l, w, -1); }

lc lc_of(r1cs_builder *b, wire w) {
    lc l = lc_empty(b);
    lc_add(&l, w);
    return l;
}

void fr_pow2(fr *out, unsigned exponent) {
    fr integer = {{0}};
    unsigned direct = exponent < 256 ? exponent : 255;
    integer.l[direct / 64] = UINT64_C(1) << (direct % 64);
    fr_mul(out, &fr_R2, &integer);
    for (; direct < exponent; direct++)
        fr_double(out, out);
}

void lc_add_pow2(lc *l, wire w, unsigned exponent) {
    fr value;
    fr_pow2(&value, exponent);
    lc_add_scaled(l, w, &value);
}

void lc_add_constant(lc *l, const fr *value) { lc_add_scaled(l, builder_one(), value); }
void lc_add_constant_i64(lc *l, int64_t value) { lc_add_i64(l, builder_one(), value); }

void lc_add_run(lc *l, wire w, uint32_t repeat, uint32_t step, bool negated) {
    lc_term term = {.index = w.index, .stride = w.stride, .repeat = repeat, .step = step};
    fr_set_i64(&term.coef, negated ? -1 : 1);
    if (repeat == 1)
        term.step = 0;
    if (repeat)
        lc_add_term(l, &term, 0);
}

void lc_add_constants(lc *l, const fr *values, uint32_t count) {
    lc_term term = {.repeat = 1, .series = values, .series_len = count};
    fr_set_one(&term.coef);
    lc_add_term(l, &term, 0);
}

/* An empty combination takes over another one, with room for what follows: its terms are already on
 * wires that differ. */
static bool lc_take_over(lc *l, const lc *other) {
    if (l->len > 0)
        return false;
    if (other->len > 0 && (l->cap >= other->len || lc_reserve(l, other->len + 4))) {
        memcpy(l->terms, other->terms, other->len * sizeof *l->terms);
        l->len = other->len;
    }
    return true;
}

void lc_scale(lc *l, const fr *coef) {
    for (uint32_t i = 0; i < l->len; i++)
        fr_mul(&l->terms[i].coef, &l->terms[i].coef, coef);
}

void lc_add_lc_scaled(lc *l, const lc *other, const fr *coef) {
    uint32_t from = 0;
    if (fr_is_zero(coef))
        return;
    if (lc_take_over(l, other)) {
        lc_scale(l, coef);
        return;
    }
    for (uint32_t i = 0; i < other->len; i++) {
        lc_term term = other->terms[i];
        fr_mul(&term.coef, &term.coef, coef);
        from = lc_add_term(l, &term, from);
    }
}

void lc_add_lc(lc *l, const lc *other) {
    uint32_t from = 0;
    if (lc_take_over(l, other))
        return;
    for (uint32_t i = 0; i < other->len; i++)
        from = lc_add_term(l, &other->terms[i], from);
}

void lc_add_lc_pow2(lc *l, const lc *other, unsigned exponent) {
    fr value;
    fr_pow2(&value, exponent);
    lc_add_lc_scaled(l, other, &value);
}

/* ---------------------------------------------------------------- rows */

static void append_terms(r1cs_builder *b, r1cs_block *block, const lc *l) {
    if (!l || !grow(b, &block->terms, &b->terms_room, (uint64_t)block->num_terms + l->len,
                    sizeof(r1cs_term)))
        return;
    for (uint32_t i = 0; i < l->len; i++) {
        const lc_term *from = &l->terms[i];
        r1cs_term *to = &block->terms[block->num_terms++];
        *to = (r1cs_term){from->index, from->stride, from->repeat, from->step, 0, 0};
        if (from->series) {
            if (from->series_len != block->count)
                b->misused = true;
            to->coef = coef_series(b, from);
            to->coef_stride = 1;
        } else {
            to->coef = coef_find(b, &from->coef);
        }
    }
}

/* The last long combination of the block is not stored again. */
static r1cs_span record_terms(r1cs_builder *b, r1cs_block *block, const lc *l) {
    r1cs_span span = {block->num_terms, block->num_terms};
    append_terms(b, block, l);
    uint32_t len = block->num_terms - span.begin;
    if (len < R1CS_WORTH_SHARING) {
        span.end = block->num_terms;
        return span;
    }
    const r1cs_term *last = block->terms + b->last_long.begin;
    if (b->last_long.end - b->last_long.begin == len &&
        memcmp(last, block->terms + span.begin, len * sizeof *last) == 0) {
        block->num_terms = span.begin;
        return b->last_long;
    }
    span.end = block->num_terms;
    return b->last_long = span;
}

static void record_row(r1cs_builder *b, r1cs_row_kind kind, wire out, const lc *a_, const lc *b_,
                       const lc *c_) {
    r1cs_block *block = current_block(b);
    if (!block ||
        !grow(b, &block->rows, &b->rows_room, (uint64_t)block->num_rows + 1, sizeof(r1cs_row)))
        return;
    r1cs_row row = {
        .kind = (uint16_t)kind, .rule = b->rule, .out = out.index, .out_stride = out.stride};
    row.a = record_terms(b, block, a_);
    bool square = a_ == b_ && a_ && a_->len >= R1CS_WORTH_SHARING;
    row.b = square ? row.a : record_terms(b, block, b_);
    row.c = record_terms(b, block, c_);
    block->num_quotients += kind == ROW_QUOTIENT;
    block->rows[block->num_rows++] = row;
}

void builder_assert(r1cs_builder *b, const lc *a_, const lc *b_, const lc *c_) {
    record_row(b, ROW_ASSERT, builder_one(), a_, b_, c_);
}

void builder_assert_zero(r1cs_builder *b, const lc *a_) {
    lc one = lc_of(b, builder_one());
    record_row(b, ROW_ASSERT, builder_one(), a_, &one, NULL);
}

void builder_define_product(r1cs_builder *b, wire out, const lc *a_, const lc *b_) {
    lc c = lc_of(b, out);
    record_row(b, ROW_PRODUCT, out, a_, b_, &c);
}

void builder_define_quotient(r1cs_builder *b, wire out, const lc *b_, const lc *c_) {
    lc a = lc_of(b, out);
    record_row(b, ROW_QUOTIENT, out, &a, b_, c_);
}

wire builder_product(r1cs_builder *b, const lc *a_, const lc *b_) {
    r1cs_block *block = current_block(b);
    wire_array fresh = builder_private(b, 1, block ? block->count : 1);
    wire out = wire_at(&fresh, 0, 1, 0);
    builder_define_product(b, out, a_, b_);
    return out;
}

/* ---------------------------------------------------------------- repeated rows */

uint32_t builder_block_rows(const r1cs_builder *b) {
    return b->in_block ? b->cs->blocks[b->cs->num_blocks - 1].num_rows : 0;
}

static void span_widen(r1cs_span *whole, r1cs_span part) {
    if (part.begin < whole->begin)
        whole->begin = part.begin;
    if (part.end > whole->end)
        whole->end = part.end;
}

static r1cs_span terms_of_rows(const r1cs_row *rows, uint32_t count) {
    r1cs_span whole = rows[0].a;
    for (uint32_t j = 0; j < count; j++) {
        span_widen(&whole, rows[j].a);
        span_widen(&whole, rows[j].b);
        span_widen(&whole, rows[j].c);
    }
    return whole;
}

void builder_keep(r1cs_builder *b, const void *key, uint32_t first_row, const wire_array *wires) {
    uint32_t rows = builder_block_rows(b);
    if (b->failed || b->num_kept == MAX_KEPT || first_row >= rows)
        return;
    const r1cs_block *block = current_block(b);
    b->kept[b->num_kept++] =
        (kept_rows){.key = key,
                    .block = b->cs->num_blocks - 1,
                    .terms = terms_of_rows(block->rows + first_row, rows - first_row),
                    .first_row = first_row,
                    .num_rows = rows - first_row,
                    .wires = *wires};
}

static uint32_t move_wire(const kept_rows *k, uint32_t index, const wire_array *to) {
    bool own = index >= k->wires.base && index - k->wires.base < k->wires.width;
    return own ? to->base + (index - k->wires.base) : index;
}

static r1cs_span span_shift(r1cs_span span, uint32_t shift) {
    return (r1cs_span){span.begin + shift, span.end + shift};
}

/* The open block has room for the rows and terms. */
static void copy_rows(r1cs_builder *b, const kept_rows *k, const wire_array *to) {
    const r1cs_block *source = &b->cs->blocks[k->block];
    r1cs_block *block = current_block(b);
    const r1cs_row *rows = source->rows + k->first_row;
    uint32_t shift = block->num_terms - k->terms.begin;
    for (uint32_t t = k->terms.begin; t < k->terms.end; t++) {
        r1cs_term *term = &block->terms[block->num_terms++];
        *term = source->terms[t];
        term->index = move_wire(k, term->index, to);
    }
    for (uint32_t j = 0; j < k->num_rows; j++) {
        r1cs_row row = rows[j];
        row.a = span_shift(row.a, shift);
        row.b = span_shift(row.b, shift);
        row.c = span_shift(row.c, shift);
        row.out = move_wire(k, row.out, to);
        row.rule = b->rule;
        block->num_quotients += row.kind == ROW_QUOTIENT;
        block->rows[block->num_rows++] = row;
    }
}

bool builder_repeat(r1cs_builder *b, const void *key, const wire_array *wires) {
    const kept_rows *k = b->kept;
    while (k < b->kept + b->num_kept && k->key != key)
        k++;
    r1cs_block *block = current_block(b);
    if (!block || k == b->kept + b->num_kept || k->wires.width != wires->width)
        return false;
    uint64_t terms = k->terms.end - k->terms.begin;
    if (grow(b, &block->rows, &b->rows_room, (uint64_t)block->num_rows + k->num_rows,
             sizeof(r1cs_row)) &&
        grow(b, &block->terms, &b->terms_room, block->num_terms + terms, sizeof(r1cs_term)))
        copy_rows(b, k, wires);
    return true;
}

void builder_permutation(r1cs_builder *b, const poseidon2_params *params) {
    r1cs_block *block = current_block(b);
    if (!block || !grow(b, &block->permutations, &b->permutations_room,
                        (uint64_t)block->num_permutations + 1, sizeof(r1cs_permutation)))
        return;
    block->permutations[block->num_permutations++] = (r1cs_permutation){block->num_rows, params};
}

void builder_fail(r1cs_builder *b) { b->failed = true; }

uint64_t builder_rows(const r1cs_builder *b) {
    uint64_t open = 0;
    if (b->in_block) {
        const r1cs_block *block = &b->cs->blocks[b->cs->num_blocks - 1];
        open = (uint64_t)block->count * block->num_rows;
    }
    return b->cs->num_constraints + open;
}

static void place_wires(r1cs_builder *b) {
    for (uint32_t k = 0; k < b->cs->num_blocks; k++) {
        r1cs_block *block = &b->cs->blocks[k];
        for (uint32_t t = 0; t < block->num_terms; t++)
            block->terms[t].index = builder_place(b, block->terms[t].index);
        for (uint32_t j = 0; j < block->num_rows; j++)
            block->rows[j].out = builder_place(b, block->rows[j].out);
    }
}

/* Gives every block its first row, and the system its places. */
static void place_rows(r1cs *cs) {
    const uint32_t step = cs->interleaved ? 2 : 1;
    uint64_t next[2] = {0, 1}; /* of even and odd places; a plain system uses the first alone */
    for (uint32_t k = 0; k < cs->num_blocks; k++) {
        r1cs_block *block = &cs->blocks[k];
        uint64_t *place = &next[cs->interleaved && block->fixed];
        block->first_row = *place;
        block->row_step = step;
        *place += step * (uint64_t)block->count * block->num_rows;
    }
    cs->num_rows = next[0] + 1 > next[1] ? next[0] : next[1] - 1;
}

/* DESIGN section 3: x * 0 = 0 for every public wire, so that its column is never zero. */
static void bind_public_wires(r1cs_builder *b) {
    builder_begin(b, "public wires", 1, true);
    builder_rule(b, "public wire bound");
    for (uint32_t i = 0; i <= b->cs->num_public; i++) {
        lc x = lc_of(b, (wire){i, 0});
        builder_assert(b, &x, NULL, NULL);
    }
    builder_end(b);
}

zkm_status builder_finish(zkm_error *err, r1cs **out, r1cs_builder *b) {
    if (!b->in_block && !b->failed)
        bind_public_wires(b);
    place_rows(b->cs);
    uint64_t wires = 1 + (uint64_t)b->cs->num_public + b->cs->num_committed + b->num_private;
    if (b->failed || wires > WIRE_NUMBER || b->cs->num_rows > WIRE_NUMBER)
        return error_set(err, ZKM_ERR_MEMORY,
                         "constraint system: too large or out of memory after %llu rows; use a "
                         "smaller capacity",
                         (unsigned long long)b->cs->num_rows);
    if (b->in_block || b->misused || (b->cs->interleaved && b->cs->num_committed == 0))
        return error_set(err, ZKM_ERR_INTERNAL, "constraint system: recorded out of order");
    b->cs->num_wires = (uint32_t)wires;
    place_wires(b);
    *out = b->cs;
    b->cs = calloc(1, sizeof *b->cs);
    if (!b->cs) {
        b->cs = *out;
        return error_memory(err, "constraint system", sizeof **out);
    }
    b->cs->num_public = (*out)->num_public;
    b->cs->num_committed = (*out)->num_committed;
    return ZKM_OK;
}
