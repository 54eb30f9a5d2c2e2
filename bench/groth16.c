/*
 * Setup, proving and verification time of random satisfied systems that fill a domain of 2^N:
 *   dense  w_{i+1} = (w_i + 3)(w_i + 5): every wire full-size and in A, B and C; plain Groth16
 *   small  16-bit values looked up in a table by logarithmic derivatives; one committed round
 * Options: --log2 N, --threads N, --repeat N (of proving), --witness dense|small, --json, and
 * --export PREFIX, which leaves a dense system's key and witness for snarkjs in PREFIX.zkey and
 * PREFIX.wtns. Setup runs in a process of its own, so that each row has its own peak memory. A
 * proof is verified before its time is printed.
 */
#include "bench.h"

#include <sys/wait.h>
#include <unistd.h>

#include "groth16/prove.h"
#include "groth16/setup.h"
#include "groth16/snarkjs.h"
#include "groth16/verify.h"
#include "r1cs/builder.h"

enum { TABLE_LOG2 = 16, FIELDS = 1, VERIFICATIONS = 20 };

typedef struct {
    bench_options options;
    bool small;
    r1cs *cs;
    uint32_t values, table, statement; /* first wires; dense: values only */
    uint32_t num_values, num_table;
    fr *wires, *a, *b;
    groth16_pk *pk;
    char path[64];
    const char *export; /* NULL: nothing is exported */
} system_under_test;

static void check(zkm_status status, const zkm_error *err) {
    if (status == ZKM_OK)
        return;
    fprintf(stderr, "%s\n", err->message);
    exit(3);
}

static void row(const system_under_test *s, const char *name, double wall, double cpu,
                uint64_t rss) {
    const bench_options *o = &s->options;
    const char *witness = s->small ? "small" : "dense";
    const char *backend = math_backend_current()->name;
    if (o->json)
        printf("{\"benchmark\": \"%s\", \"log2\": %u, \"threads\": %u, \"witness\": \"%s\", "
               "\"constraints\": %llu, \"seconds\": %.6f, \"cpu_seconds\": %.6f, "
               "\"peak_rss_bytes\": %llu, \"backend\": \"%s\"}\n",
               name, o->log2, o->threads, witness, (unsigned long long)s->cs->num_rows, wall, cpu,
               (unsigned long long)rss, backend);
    else
        printf("%-14s 2^%-2u %-5s %u thread%s %9.3f s wall %9.3f s cpu %8.1f MiB  %s\n", name,
               o->log2, witness, o->threads, o->threads == 1 ? " " : "s", wall, cpu,
               (double)rss / 1048576, backend);
    fflush(stdout);
}

static void record_dense(system_under_test *s, r1cs_builder *b) {
    s->num_values =
        (1u << s->options.log2) - 4; /* 2^N rows with result, constant, public wire, blinding */
    wire_array w = builder_private(b, 1, s->num_values + 1);
    builder_begin(b, "chain", s->num_values, false);
    lc left = lc_of(b, wire_at(&w, 0, 1, 0)), right = lc_of(b, wire_at(&w, 0, 1, 0));
    lc_add_constant_i64(&left, 3);
    lc_add_constant_i64(&right, 5);
    builder_define_product(b, wire_at(&w, 1, 1, 0), &left, &right);
    builder_end(b);
    builder_begin(b, "result", 1, true);
    lc last = lc_of(b, wire_at(&w, s->num_values, 0, 0));
    lc_sub(&last, builder_public(0));
    builder_assert_zero(b, &last);
    builder_end(b);
    s->values = wire_at(&w, 0, 0, 0).index;
}

/* 1/(c - v_i) for each value, m_j/(c - j) for each entry of the table. */
static void record_lookups(system_under_test *s, r1cs_builder *b, wire_array *v,
                           wire_array *inverse, wire_array *m, wire_array *share) {
    fr *entries = bench_allocate(s->num_table * sizeof *entries);
    for (uint32_t j = 0; j < s->num_table; j++)
        fr_set_i64(&entries[j], -(int64_t)j);
    lc c = lc_of(b, builder_public(0)), one = lc_of(b, builder_one());
    builder_begin(b, "lookups", s->num_values, true);
    lc difference = lc_empty(b);
    lc_add_lc(&difference, &c);
    lc_sub(&difference, wire_at(v, 0, 1, 0));
    builder_define_quotient(b, wire_at(inverse, 0, 1, 0), &difference, &one);
    builder_end(b);
    builder_begin(b, "table", s->num_table, true);
    lc entry = lc_empty(b), count = lc_of(b, wire_at(m, 0, 1, 0));
    lc_add_lc(&entry, &c);
    lc_add_constants(&entry, entries, s->num_table);
    builder_define_quotient(b, wire_at(share, 0, 1, 0), &entry, &count);
    builder_end(b);
    free(entries);
}

static void record_small(system_under_test *s, r1cs_builder *b) {
    uint32_t rows = 1u << s->options.log2;
    s->num_table = s->options.log2 > TABLE_LOG2 ? 1u << TABLE_LOG2 : rows / 4;
    s->num_values = rows - s->num_table - 6;
    wire_array v = builder_committed(b, 1, s->num_values),
               m = builder_committed(b, 1, s->num_table);
    wire_array statement = builder_committed(b, FIELDS, 1);
    wire_array inverse = builder_private(b, 1, s->num_values);
    wire_array share = builder_private(b, 1, s->num_table);
    record_lookups(s, b, &v, &inverse, &m, &share);
    builder_begin(b, "sums", 1, true);
    lc sum = lc_empty(b), folded = lc_of(b, wire_at(&statement, 0, 0, 0));
    lc_add_run(&sum, wire_at(&inverse, 0, 0, 0), s->num_values, 1, false);
    lc_add_run(&sum, wire_at(&share, 0, 0, 0), s->num_table, 1, true);
    builder_assert_zero(b, &sum);
    lc_sub(&folded, builder_public(1));
    builder_assert_zero(b, &folded);
    builder_end(b);
    s->values = wire_at(&v, 0, 0, 0).index;
    s->table = wire_at(&m, 0, 0, 0).index;
    s->statement = wire_at(&statement, 0, 0, 0).index;
}

static void record(system_under_test *s) {
    zkm_error err;
    r1cs_builder *b = builder_new(s->small ? 2 : 1);
    if (!b)
        exit(3);
    if (s->small)
        record_small(s, b);
    else
        record_dense(s, b);
    check(builder_finish(&err, &s->cs, b), &err);
    s->values = builder_place(b, s->values);
    s->table = builder_place(b, s->table);
    s->statement = builder_place(b, s->statement);
    builder_free(b);
}

/* In a child process: its resources are its own. */
static void setup(const system_under_test *s) {
    zkm_error err;
    uint8_t digest[32];
    struct rusage usage;
    int status = 0;
    double start = bench_clock(CLOCK_MONOTONIC);
    pid_t child = fork();
    if (child == 0) {
        groth16_vk *vk = NULL;
        const groth16_setup_options options = {.threads = s->options.threads,
                                               .exportable = s->export != NULL};
        r1cs_digest(digest, s->cs);
        check(groth16_setup(&err, &vk, s->path, s->cs, digest, &options), &err);
        _exit(0);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0) {
        fprintf(stderr, "setup failed\n");
        exit(3);
    }
    double cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                 1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    row(s, "setup", bench_clock(CLOCK_MONOTONIC) - start, cpu, (uint64_t)usage.ru_maxrss * 1024);
}

static void open_key(system_under_test *s) {
    zkm_error err;
    bench_timer t = bench_timer_new();
    bench_start(&t);
    check(groth16_pk_open(&err, &s->pk, s->path, NULL), &err);
    bench_stop(&t);
    size_t domain = (size_t)s->pk->header.domain;
    s->wires = bench_allocate(s->cs->num_wires * sizeof(fr));
    s->a = bench_allocate(domain * sizeof(fr));
    s->b = bench_allocate(domain * sizeof(fr));
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    row(s, "open", t.wall, t.cpu, (uint64_t)usage.ru_maxrss * 1024);
}

static void fill_committed(system_under_test *s) {
    uint32_t *counts = calloc(s->num_table, sizeof *counts);
    if (!counts)
        exit(3);
    for (uint32_t i = 0; i < s->num_values; i++) {
        uint32_t v = (uint32_t)(bench_word(i) % s->num_table);
        fr_set_u64(&s->wires[s->values + i], v);
        counts[v]++;
    }
    for (uint32_t j = 0; j < s->num_table; j++)
        fr_set_u64(&s->wires[s->table + j], counts[j]);
    free(counts);
    bench_fr(&s->wires[s->statement], 1);
}

static void dense_public(system_under_test *s) {
    fr left, right, w, three, five;
    fr_set_u64(&three, 3);
    fr_set_u64(&five, 5);
    bench_fr(&w, 7);
    s->wires[s->values] = w;
    for (uint32_t i = 0; i < s->num_values; i++) {
        fr_add(&left, &w, &three);
        fr_add(&right, &w, &five);
        fr_mul(&w, &left, &right);
    }
    s->wires[1] = w;
}

static void prove_once(system_under_test *s, groth16_proof *proof) {
    zkm_error err;
    fr k;
    g1_affine d;
    const fr *statement = &s->wires[s->statement];
    const groth16_prove_options options = {.threads = s->options.threads};
    if (s->small) {
        check(groth16_commit(&err, &d, &k, s->pk, s->wires + r1cs_first_committed(s->cs),
                             options.threads),
              &err);
        groth16_challenge(&s->wires[1], s->pk->vk->digest, statement, FIELDS, &d);
        groth16_fold(&s->wires[2], statement, FIELDS, &s->wires[1]);
    }
    check(r1cs_solve(&err, s->cs, s->wires, s->a, s->b, options.threads), &err);
    const groth16_witness witness = {.wires = s->wires,
                                     .a = s->a,
                                     .b = s->b,
                                     .k = s->small ? &k : NULL,
                                     .d = s->small ? &d : NULL};
    check(groth16_prove(&err, proof, s->pk, &witness, &options), &err);
}

static void prove(system_under_test *s) {
    zkm_error err;
    groth16_proof proof;
    struct rusage usage;
    bench_timer t = bench_timer_new(), verify = t;
    fr_set_one(&s->wires[0]);
    if (s->small)
        fill_committed(s);
    else
        dense_public(s);
    for (unsigned i = 0; i < s->options.repeat; i++) {
        bench_start(&t);
        prove_once(s, &proof);
        bench_stop(&t);
    }
    for (unsigned i = 0; i < s->options.repeat * VERIFICATIONS; i++) {
        bench_start(&verify);
        check(s->small ? groth16_verify_committed(&err, s->pk->vk, &s->wires[s->statement], FIELDS,
                                                  &proof)
                       : groth16_verify_plain(&err, s->pk->vk, &s->wires[1], 1, &proof),
              &err);
        bench_stop(&verify);
    }
    getrusage(RUSAGE_SELF, &usage);
    row(s, "prove", t.wall, t.cpu, (uint64_t)usage.ru_maxrss * 1024);
    row(s, "verify", verify.wall, verify.cpu, (uint64_t)usage.ru_maxrss * 1024);
}

static void export_for_snarkjs(const system_under_test *s) {
    zkm_error err;
    char path[4096];
    snprintf(path, sizeof path, "%s.zkey", s->export);
    check(snarkjs_zkey_export(&err, path, s->pk, s->cs), &err);
    snprintf(path, sizeof path, "%s.wtns", s->export);
    check(snarkjs_wtns_write(&err, s->wires, (uint32_t)s->cs->num_wires, path), &err);
}

/* Takes --witness and --export out of the arguments and leaves the rest to bench_parse. */
static bench_options parse(int argc, char **argv, system_under_test *s) {
    int kept = 1;
    for (int i = 1; i < argc; i++) {
        bool exports = strcmp(argv[i], "--export") == 0;
        if (!exports && strcmp(argv[i], "--witness") != 0) {
            argv[kept++] = argv[i];
            continue;
        }
        const char *value = ++i < argc ? argv[i] : "";
        if (exports && *value != '\0') {
            s->export = value;
            continue;
        }
        s->small = strcmp(value, "small") == 0;
        if (!s->small && strcmp(value, "dense") != 0) {
            fprintf(stderr, "%s: --witness dense|small, --export PREFIX\n", argv[0]);
            exit(2);
        }
    }
    bench_options options = bench_parse(kept, argv, 16);
    if (options.log2 < 5) {
        fprintf(stderr, "%s: --log2 at least 5\n", argv[0]);
        exit(2);
    }
    return options;
}

int main(int argc, char **argv) {
    system_under_test s = {0};
    s.options = parse(argc, argv, &s);
    snprintf(s.path, sizeof s.path, "bench_groth16.%ld.zkm", (long)getpid());
    record(&s);
    setup(&s);
    open_key(&s);
    unlink(s.path); /* the mapping keeps it */
    prove(&s);
    if (s.export)
        export_for_snarkjs(&s);
    groth16_pk_free(s.pk);
    r1cs_free(s.cs);
    free(s.wires);
    free(s.a);
    free(s.b);
    return 0;
}
