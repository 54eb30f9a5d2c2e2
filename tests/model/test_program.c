/* Programs: bounds, canonical bytes, digest, and the interpreter against the definition in
 * program.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/program.h"

static uint64_t state_of_random = 88172645463325252u;
static uint32_t draw(uint32_t n) { /* xorshift64 */
    state_of_random ^= state_of_random << 13;
    state_of_random ^= state_of_random >> 7;
    state_of_random ^= state_of_random << 17;
    return (uint32_t)(state_of_random >> 16) % n;
}

static void fill_table(program_table *t, program_table_kind kind, uint32_t bits) {
    int32_t half = 1 << (bits - 1);
    *t = (program_table){.kind = kind, .bits = bits, .name = "a table"};
    t->values = malloc(sizeof(int16_t) << bits);
    assert_non_null(t->values);
    for (int32_t hi = -half; hi < half; hi++)
        t->values[hi + half] = (int16_t)(kind == TABLE_GENERIC ? (int32_t)draw(65536) - 32768
                                         : kind == TABLE_RELU && hi < 0 ? 0
                                                                        : hi);
}

/* A random program with 3 or 4 layers over 5 features: dense and shift terms on anything before. */
static program random_program(void) {
    program p = {.num_features = 5, .num_layers = 3 + draw(2), .num_tables = 3};
    uint32_t width = 5; /* all layers as wide as the features, so that every shift term fits */
    p.feature_frac = calloc(5, sizeof *p.feature_frac);
    p.layers = calloc(p.num_layers, sizeof *p.layers);
    p.tables = calloc(3, sizeof *p.tables);
    assert_true(p.feature_frac && p.layers && p.tables);
    for (int k = 0; k < 5; k++)
        p.feature_frac[k] = (int32_t)draw(30) - 10;
    fill_table(&p.tables[0], TABLE_GENERIC, 8 + draw(4));
    fill_table(&p.tables[1], TABLE_IDENTITY, 16);
    fill_table(&p.tables[2], TABLE_RELU, 16);
    for (uint32_t l = 0; l < p.num_layers; l++) {
        program_layer *layer = &p.layers[l];
        *layer = (program_layer){.name = "layer", .width = width, .num_terms = 1 + draw(3)};
        layer->terms = calloc(layer->num_terms, sizeof *layer->terms);
        assert_non_null(layer->terms);
        layer->biases = p.num_biases;
        p.num_biases += width;
        layer->bias_bits = 16 + draw(25);
        layer->shift = 1 + draw(32);
        layer->table = draw(3);
        layer->z_frac = (int32_t)draw(40) - 5;
        layer->out_frac = (int32_t)draw(20) - 5;
        for (uint32_t t = 0; t < layer->num_terms; t++) {
            program_term *term = &layer->terms[t];
            *term = (program_term){
                .kind = (program_term_kind)draw(2), .source = draw(l + 1), .width = 5};
            if (term->kind == TERM_SHIFT) {
                term->shift = draw(20);
                continue;
            }
            term->first = draw(5);
            term->width = 1 + draw(5 - term->first);
            term->weights = p.num_weights;
            p.num_weights += (size_t)term->width * width;
        }
    }
    return p;
}

static program_weights random_weights(const program *p) {
    program_weights w = {malloc((p->num_weights + 1) * sizeof(int16_t)),
                         malloc(p->num_biases * sizeof(int64_t))};
    assert_true(w.weights && w.biases);
    for (size_t i = 0; i < p->num_weights; i++)
        w.weights[i] = (int16_t)((int32_t)draw(65536) - 32768);
    for (uint32_t l = 0; l < p->num_layers; l++)
        for (uint32_t m = 0; m < p->layers[l].width; m++)
            w.biases[p->layers[l].biases + m] = (int64_t)(state_of_random >> 20) %
                                                ((int64_t)1 << (p->layers[l].bias_bits - 1)) *
                                                (draw(2) ? 1 : -1);
    return w;
}

/* The definition, word by word, without regard to speed. */
static bool run_by_definition(int64_t *z, int16_t *out, const program *p, const program_weights *w,
                              const int16_t *features) {
    size_t offset = 0;
    for (uint32_t l = 0; l < p->num_layers; l++) {
        const program_layer *layer = &p->layers[l];
        const program_table *table = &p->tables[layer->table];
        for (uint32_t m = 0; m < layer->width; m++) {
            __int128 sum = w->biases[layer->biases + m];
            for (uint32_t t = 0; t < layer->num_terms; t++) {
                const program_term *term = &layer->terms[t];
                const int16_t *x = term->source ? out + 5 * (term->source - 1) : features;
                if (term->kind == TERM_SHIFT)
                    sum += x[term->first + m] * ((__int128)1 << term->shift);
                for (uint32_t k = 0; k < term->width && term->kind == TERM_DENSE; k++)
                    sum += (__int128)x[term->first + k] *
                           w->weights[term->weights + (size_t)k * layer->width + m];
            }
            __int128 step = (__int128)1 << layer->shift, rounded = sum + step / 2;
            __int128 hi = rounded / step - (rounded % step < 0);
            __int128 half = (__int128)1 << (table->bits - 1);
            if (hi < -half || hi >= half)
                return false;
            z[offset + m] = (int64_t)sum;
            out[offset + m] = table->values[hi + half];
        }
        offset += layer->width;
    }
    return true;
}

static void program_run__is_the_definition(void **state) {
    (void)state;
    int ran = 0, refused = 0;
    for (int round = 0; round < 3000; round++) {
        program p = random_program();
        program_weights w = random_weights(&p);
        int64_t z[20], expected_z[20];
        int16_t out[20], expected[20], x[5];
        program_trace trace = {z, out};
        zkm_error err = {0};
        assert_int_equal(program_check(&err, &p), ZKM_OK);
        for (int k = 0; k < 5; k++)
            x[k] = (int16_t)((int32_t)draw(65536) - 32768);
        zkm_status status = program_run(&err, &trace, &p, &w, x);
        if (run_by_definition(expected_z, expected, &p, &w, x)) {
            assert_int_equal(status, ZKM_OK);
            assert_memory_equal(z, expected_z, program_trace_length(&p) * sizeof *z);
            assert_memory_equal(out, expected, program_trace_length(&p) * sizeof *out);
            ran++;
        } else {
            assert_int_equal(status, ZKM_ERR_RANGE);
            assert_non_null(strstr(err.message, "layer"));
            assert_non_null(strstr(err.message, "--headroom"));
            refused++;
        }
        program_weights_clear(&w);
        program_clear(&p);
    }
    assert_true(ran > 50 && refused > 50);
}

static void program_read__gives_back_what_was_written(void **state) {
    (void)state;
    for (int round = 0; round < 200; round++) {
        program p = random_program(), q = {0};
        byte_writer w = writer_init(), again = writer_init();
        uint8_t a[32], b[32];
        program_write(&w, &p, round % 2);
        byte_reader r = reader_init(w.data, w.len);
        assert_int_equal(program_read(NULL, &q, &r), ZKM_OK);
        assert_int_equal(reader_left(&r), 0);
        program_write(&again, &q, round % 2);
        assert_int_equal(w.len, again.len);
        assert_memory_equal(w.data, again.data, w.len);
        assert_string_equal(q.layers[0].name, round % 2 ? "layer" : "");
        program_digest(a, &p);
        program_digest(b, &q);
        assert_memory_equal(a, b, 32);
        assert_true(a[0] < 0x20);
        program_clear(&p);
        program_clear(&q);
        writer_clear(&w);
        writer_clear(&again);
    }
}

static void program_read__refuses_truncated_and_damaged_bytes(void **state) {
    (void)state;
    program p = random_program(), q = {0};
    byte_writer w = writer_init();
    program_write(&w, &p, true);
    for (size_t n = 0; n < w.len; n += n < 200 || n + 400 > w.len ? 1 : 997) {
        uint8_t *copy =
            malloc(n ? n : 1); /* an allocation of its own, so that ASan sees overreads */
        memcpy(copy, w.data, n);
        byte_reader r = reader_init(copy, n);
        zkm_error err = {0};
        assert_int_equal(program_read(&err, &q, &r), ZKM_ERR_FORMAT);
        assert_true(strlen(err.message) > 10 && !q.layers);
        free(copy);
    }
    for (size_t bit = 0; bit < 8 * w.len; bit += bit < 2000 ? 1 : 4099) {
        w.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        byte_reader r = reader_init(w.data, w.len);
        if (program_read(NULL, &q, &r) == ZKM_OK)
            program_clear(&q);
        w.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    program_clear(&p);
    writer_clear(&w);
}

static void program_digest__depends_on_everything_but_names(void **state) {
    (void)state;
    program p = random_program();
    uint8_t a[32], b[32];
    program_digest(a, &p);
    strcpy(p.layers[0].name, "another");
    program_digest(b, &p);
    assert_memory_equal(a, b, 32);
    int32_t *signed_fields[] = {&p.feature_frac[2], &p.layers[0].z_frac, &p.layers[1].out_frac};
    uint32_t *fields[] = {&p.layers[0].bias_bits, &p.layers[1].shift, &p.layers[0].table,
                          &p.layers[0].terms[0].first};
    for (size_t i = 0; i < 3; i++) {
        ++*signed_fields[i];
        program_digest(b, &p);
        assert_memory_not_equal(a, b, 32);
        --*signed_fields[i];
    }
    for (size_t i = 0; i < 4; i++) {
        ++*fields[i];
        program_digest(b, &p);
        assert_memory_not_equal(a, b, 32);
        --*fields[i];
    }
    p.tables[0].values[17] ^= 1;
    program_digest(b, &p);
    assert_memory_not_equal(a, b, 32);
    program_clear(&p);
}

/* Each changes one thing that program_check must see. */
static void break_kind(program *p) { p->tables[1].values[5] ^= 1; }
static void break_bits(program *p) { p->tables[0].bits = 17; }
static void break_features(program *p) { p->num_features = 0; }
static void break_frac(program *p) { p->feature_frac[0] = 32; }
static void break_source(program *p) { p->layers[0].terms[0].source = 1; }
static void break_first(program *p) { p->layers[0].terms[0].first = 6; }
static void break_term_width(program *p) { p->layers[0].terms[0].width = 0; }
static void break_layer_width(program *p) { p->layers[0].width = 65537; }
static void break_bias_bits(program *p) { p->layers[0].bias_bits = 41; }
static void break_shift(program *p) { p->layers[0].shift = 0; }
static void break_large_shift(program *p) { p->layers[0].shift = 33; }
static void break_table(program *p) { p->layers[0].table = 3; }
static void break_terms(program *p) { p->layers[0].num_terms = 0; }
static void break_weights(program *p) { p->num_weights++; }
static void break_biases(program *p) { p->layers[1].biases++; }
static void break_z_frac(program *p) { p->layers[1].z_frac = 128; }

static void program_check__sees_each_broken_bound(void **state) {
    (void)state;
    void (*const breaks[])(program *) = {
        break_kind,      break_bits,    break_features,    break_frac,
        break_source,    break_first,   break_term_width,  break_layer_width,
        break_bias_bits, break_shift,   break_large_shift, break_table,
        break_terms,     break_weights, break_biases,      break_z_frac};
    for (size_t i = 0; i < sizeof breaks / sizeof *breaks; i++) {
        program p = random_program();
        zkm_error err = {0};
        uint32_t terms = p.layers[0].num_terms;
        breaks[i](&p);
        if (program_check(&err, &p) == ZKM_OK)
            fail_msg("breaking %zu was not seen", i);
        assert_true(strlen(err.message) > 10);
        p.layers[0].num_terms = terms;
        program_clear(&p);
    }
}

static void program_check__keeps_sums_below_2_to_the_47(void **state) {
    (void)state;
    program_term terms[3] = {{.kind = TERM_DENSE, .width = 65535},
                             {.kind = TERM_DENSE, .width = 65535, .weights = 65535},
                             {.kind = TERM_SHIFT, .width = 1, .shift = 30}};
    static int32_t frac[65536];
    static int16_t identity[65536];
    for (int i = 0; i < 65536; i++)
        identity[i] = (int16_t)(i - 32768);
    program_table table = {.kind = TABLE_IDENTITY, .bits = 16, .values = identity};
    program_layer layer = {.width = 1, .terms = terms, .num_terms = 2, .bias_bits = 30, .shift = 1};
    program p = {.num_features = 65536,
                 .feature_frac = frac,
                 .layers = &layer,
                 .num_layers = 1,
                 .tables = &table,
                 .num_tables = 1,
                 .num_weights = 131070,
                 .num_biases = 1};
    zkm_error err = {0};
    assert_true(program_layer_bound(&layer) ==
                (UINT64_C(131070) << 30) + (UINT64_C(1) << 29)); /* below 2^47 */
    assert_int_equal(program_check(&err, &p), ZKM_OK);
    layer.num_terms = 3; /* 2^45 more */
    assert_int_equal(program_check(&err, &p), ZKM_ERR_RANGE);
    assert_non_null(strstr(err.message, "2^47"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(program_run__is_the_definition),
        cmocka_unit_test(program_read__gives_back_what_was_written),
        cmocka_unit_test(program_read__refuses_truncated_and_damaged_bytes),
        cmocka_unit_test(program_digest__depends_on_everything_but_names),
        cmocka_unit_test(program_check__sees_each_broken_bound),
        cmocka_unit_test(program_check__keeps_sums_below_2_to_the_47)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
