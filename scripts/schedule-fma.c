/*
 * Writes src/math/fma_product_code.h: the product and the square of src/math/fma_product.h as AVX2
 * instructions, in an order that keeps the processor's units busy and few values in memory.
 *
 *     cc -O3 -Isrc -o schedule-fma scripts/schedule-fma.c
 *     ./schedule-fma >src/math/fma_product_code.h      (ten minutes; the same text each time)
 *
 * The flow of operations is not written here: the functions of fma_product.h run on vectors that
 * record what is done with them. An order of the operations gives instructions: registers by
 * Belady's rule (what is needed last leaves), the operands, constants and stored values in memory
 * read where an instruction can do so. A simple model of an out-of-order core (Zen 3's widths and
 * latencies, and once more with half its resources, as when two threads share it) counts cycles.
 * Annealing moves operations about and keeps what costs less in cycles and instructions.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_VALUES = 1024,
    MAX_OPS = 700,
    MAX_USES = 600,
    MAX_CODE = 2000,
    REGISTERS = 16,
    MAX_SLOTS = 64,
    LIMBS = 10, /* of an operand, in both halves */
    NEVER = 1 << 20,
};

static void require(bool holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "schedule-fma: %s\n", what);
        exit(1);
    }
}

/* ---- What is computed: operations that each give one value. ---- */

typedef enum { FMA, FNMA, ADD, SUB, OUT } kind; /* a b + c, c - a b, a + b, a - b, a to memory */

typedef struct {
    kind kind;
    int in[3], inputs;
    int out; /* a value; of OUT: which limb */
} operation;

static operation ops[MAX_OPS];
static int num_ops;

/* A value is in memory from the start (an operand's limb, a constant) or an operation gives it. */
static struct {
    const char *base; /* the pointer to its memory, or NULL */
    int offset, source;
    int uses[MAX_USES], num_uses; /* operations that read it, in the order of definition */
} values[MAX_VALUES];
static int num_values;

typedef struct {
    int value;
} v4;

static int new_value(const char *base, int index) {
    require(num_values < MAX_VALUES, "too many values");
    values[num_values].base = base;
    values[num_values].offset = 32 * index;
    values[num_values].source = -1;
    values[num_values].num_uses = 0;
    return num_values++;
}

static v4 record(kind k, int inputs, const v4 *in) {
    require(num_ops < MAX_OPS, "too many operations");
    operation *o = &ops[num_ops];
    *o = (operation){.kind = k, .inputs = inputs, .out = new_value(NULL, 0)};
    for (int i = 0; i < inputs; i++)
        o->in[i] = in[i].value;
    values[o->out].source = num_ops++;
    return (v4){o->out};
}

static v4 v4_add(v4 a, v4 b) { return record(ADD, 2, (v4[]){a, b}); }
static v4 v4_sub(v4 a, v4 b) { return record(SUB, 2, (v4[]){a, b}); }
static v4 v4_fma(v4 a, v4 b, v4 c) { return record(FMA, 3, (v4[]){a, b, c}); }
static v4 v4_fnma(v4 a, v4 b, v4 c) { return record(FNMA, 3, (v4[]){a, b, c}); }

/* Constants are told by their numbers, those of the field by some that stand for them. */
static const double (*constants)[4];
static int first_constant;

static v4 v4_set1(double x) {
    for (int i = 0; i < 16; i++)
        if (!(constants[i][0] < x) && !(constants[i][0] > x))
            return (v4){first_constant + i};
    require(false, "a constant that has no vector");
    return (v4){0};
}

#define MATH_FMA_VECTORS_H /* the vectors are those above */
#define ZKM_FMA_MODEL 1
#include "math/fma_product.h"

static void trace(bool square) {
    static fma_vectors vectors = {{1}, {2}, {3}, {4},  {5},  {6},
                                  {7}, {8}, {9}, {10}, {11}, FMA_SHARED_VECTORS};
    v4 a[HALVES][5], b[HALVES][5], o[HALVES][5];
    num_ops = num_values = 0;
    for (int i = 0; i < LIMBS; i++)
        a[i / 5][i % 5] = (v4){new_value("a", i)};
    for (int i = 0; i < LIMBS; i++)
        b[i / 5][i % 5] = (v4){new_value("b", i)};
    constants = vectors;
    first_constant = num_values;
    for (int i = 0; i < FMA_VECTORS; i++)
        new_value("k", i);
    if (square)
        fma_sqr(o, a, vectors);
    else
        fma_mul(o, a, b, vectors);
    for (int i = 0; i < LIMBS; i++)
        ops[num_ops++] =
            (operation){.kind = OUT, .inputs = 1, .in = {o[i / 5][i % 5].value}, .out = i};
    for (int i = 0; i < num_ops; i++)
        for (int k = 0; k < ops[i].inputs; k++) {
            bool again = false;
            for (int l = 0; l < k; l++)
                again |= ops[i].in[l] == ops[i].in[k];
            if (!again)
                values[ops[i].in[k]].uses[values[ops[i].in[k]].num_uses++] = i;
        }
}

static bool reads_operand(const operation *o) {
    for (int k = 0; k < o->inputs; k++)
        if (values[o->in[k]].base != NULL && values[o->in[k]].base[0] != 'k')
            return true;
    return false;
}

/* Whether one operation must stay after another: it uses its value, or overwrites what may be an
 * operand. */
static bool after[MAX_OPS][MAX_OPS];

static void find_dependencies(void) {
    memset(after, 0, sizeof after);
    for (int later = 0; later < num_ops; later++) {
        for (int k = 0; k < ops[later].inputs; k++)
            if (values[ops[later].in[k]].source >= 0)
                after[later][values[ops[later].in[k]].source] = true;
        for (int first = 0; first < num_ops && ops[later].kind == OUT; first++)
            after[later][first] |= reads_operand(&ops[first]);
    }
}

/* ---- From an order to instructions. ---- */

typedef struct {
    enum { LOAD, MOVE, STORE, COMPUTE } class;
    kind kind;
    int form;            /* 132, 213 or 231 of a fused operation */
    int to, first, last; /* registers; last: -1 when it is in memory */
    int memory;          /* a value there, or -1 */
    int limb;            /* of a STORE of a result; else -1 */
} instruction;

/* An order, and two habits of the allocation. */
typedef struct {
    int op[MAX_OPS];
    int horizon; /* what is used again within so many operations is loaded, not read in place */
    int penalty; /* how much later an unsaved value must be needed to leave in place of a saved one
                  */
} schedule;

static instruction code[MAX_CODE];
static int code_size, loads, stores, slots;

static struct {
    int at[MAX_USES], next; /* positions of its uses */
    int in, slot;           /* register, or -1; slot, or -1 */
    bool saved;
} held[MAX_VALUES];
static int content[REGISTERS]; /* values, or -1 */
static int free_slots[MAX_SLOTS], num_free_slots;

static void put(instruction i) {
    require(code_size < MAX_CODE, "too many instructions");
    code[code_size++] = i;
    loads += i.memory >= 0 && i.class != STORE;
    stores += i.class == STORE;
}

static int next_use(int value, int position) {
    while (held[value].next < values[value].num_uses &&
           held[value].at[held[value].next] <= position)
        held[value].next++;
    return held[value].next < values[value].num_uses ? held[value].at[held[value].next] : NEVER;
}

/* The register outside `keep` whose content is missed least, and when that is. */
static int least_needed(const schedule *s, int position, unsigned keep, int *when) {
    int best = -1;
    *when = -NEVER;
    for (int r = 0; r < REGISTERS; r++) {
        if ((keep >> r & 1) != 0)
            continue;
        int next = NEVER;
        if (content[r] >= 0) {
            next = next_use(content[r], position - 1);
            if (next < NEVER && !held[content[r]].saved)
                next -= s->penalty;
        } else {
            next = 2 * NEVER;
        }
        if (next > *when) {
            *when = next;
            best = r;
        }
    }
    return best;
}

static int take_register(const schedule *s, int position, unsigned keep) {
    int when;
    const int r = least_needed(s, position, keep, &when), value = content[r];
    if (value < 0)
        return r;
    if (!held[value].saved && next_use(value, position - 1) < NEVER) {
        held[value].slot = num_free_slots > 0 ? free_slots[--num_free_slots] : slots++;
        held[value].saved = true;
        require(slots <= MAX_SLOTS, "too many values to store");
        put((instruction){.class = STORE, .to = r, .memory = value, .limb = -1});
    }
    held[value].in = -1;
    content[r] = -1;
    return r;
}

static void load(int value, int r) {
    put((instruction){.class = LOAD, .to = r, .memory = value});
    held[value].in = r;
    content[r] = value;
}

static void drop_if_dead(int value, int position) {
    if (next_use(value, position) < NEVER)
        return;
    if (held[value].in >= 0) {
        content[held[value].in] = -1;
        held[value].in = -1;
    }
    if (held[value].slot >= 0)
        free_slots[num_free_slots++] = held[value].slot;
}

static bool dies(int value, int position) {
    return held[value].in >= 0 && next_use(value, position) == NEVER;
}

/* Loads operands until an instruction can take the rest from memory, and what is used soon again.
 */
static unsigned bring(const schedule *s, const operation *o, int position) {
    unsigned keep = 0;
    for (int k = 0; k < o->inputs; k++)
        if (held[o->in[k]].in >= 0)
            keep |= 1U << held[o->in[k]].in;
    for (;;) {
        int missing = 0, pick = -1, soonest = NEVER;
        bool dead = false, twice = false;
        for (int k = 0; k < o->inputs; k++) {
            bool again = false;
            for (int l = 0; l < k; l++)
                again |= o->in[l] == o->in[k];
            dead |= dies(o->in[k], position);
            if (held[o->in[k]].in >= 0)
                continue;
            twice |= again;
            if (again)
                continue;
            missing++;
            const int next = next_use(o->in[k], position);
            if (pick < 0 || next < soonest) {
                soonest = next;
                pick = o->in[k];
            }
        }
        if (missing == 0)
            return keep;
        /* one operand can be in memory: of a difference the second; and a fused operation whose
         * operands all live on loads another one into the register that it overwrites */
        bool must = twice || missing > (o->inputs == 3 && !dead ? 2 : 1);
        if (o->kind == SUB && held[o->in[0]].in < 0) {
            must = true;
            pick = o->in[0];
        }
        if (!must) {
            int when;
            least_needed(s, position, keep, &when);
            if (soonest >= position + s->horizon || when <= soonest)
                return keep;
        }
        const int r = take_register(s, position, keep);
        load(pick, r);
        keep |= 1U << r;
    }
}

static void compute_sum(const schedule *s, const operation *o, int position, unsigned keep) {
    int first = o->in[0], last = o->in[1];
    if (held[first].in < 0) { /* a sum's */
        first = o->in[1];
        last = o->in[0];
    }
    int to = -1;
    for (int k = 1; k >= 0; k--)
        if (dies(o->in[k], position))
            to = held[o->in[k]].in;
    if (to < 0)
        to = take_register(s, position, keep);
    const instruction i = {.class = COMPUTE,
                           .kind = o->kind,
                           .to = to,
                           .first = held[first].in,
                           .last = held[last].in,
                           .memory = held[last].in < 0 ? last : -1};
    put(i);
    drop_if_dead(first, position);
    if (last != first)
        drop_if_dead(last, position);
    content[to] = o->out;
    held[o->out].in = to;
}

/* The register of one operand is overwritten: of one that dies, or a copy's. */
static void compute_fused(const schedule *s, const operation *o, int position, unsigned keep) {
    int over = -1, to;
    for (int k = 2; k >= 0; k--)
        if (dies(o->in[k], position) && !(k < 2 && o->in[0] == o->in[1]))
            over = k;
    if (over >= 0) {
        to = held[o->in[over]].in;
    } else {
        int from_memory = -1;
        for (int k = 0; k < 3; k++)
            if (held[o->in[k]].in < 0 &&
                (from_memory < 0 ||
                 next_use(o->in[k], position) >= next_use(o->in[from_memory], position)))
                from_memory = k;
        to = take_register(s, position, keep);
        over = from_memory >= 0 ? from_memory : 0;
        if (from_memory >= 0)
            put((instruction){.class = LOAD, .to = to, .memory = o->in[over]});
        else
            put((instruction){.class = MOVE, .to = to, .first = held[o->in[0]].in, .memory = -1});
    }
    int first, last, form;
    if (over == 2) {
        form = 231;
        first = held[o->in[0]].in >= 0 ? 0 : 1;
        last = 1 - first;
    } else if (held[o->in[2]].in < 0) {
        form = 213;
        first = 1 - over;
        last = 2;
    } else {
        form = 132;
        first = 2;
        last = 1 - over;
    }
    const instruction i = {.class = COMPUTE,
                           .kind = o->kind,
                           .form = form,
                           .to = to,
                           .first = held[o->in[first]].in,
                           .last = held[o->in[last]].in,
                           .memory = held[o->in[last]].in < 0 ? o->in[last] : -1};
    require(i.first >= 0, "an operand is nowhere");
    put(i);
    for (int k = 0; k < 3; k++)
        if (k == 0 || o->in[k] != o->in[k - 1])
            drop_if_dead(o->in[k], position);
    content[to] = o->out;
    held[o->out].in = to;
}

static int compare_ints(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

static void allocate(const schedule *s) {
    static int position_of[MAX_OPS];
    for (int p = 0; p < num_ops; p++)
        position_of[s->op[p]] = p;
    for (int v = 0; v < num_values; v++) {
        for (int i = 0; i < values[v].num_uses; i++)
            held[v].at[i] = position_of[values[v].uses[i]];
        qsort(held[v].at, (size_t)values[v].num_uses, sizeof(int), compare_ints);
        held[v].next = 0;
        held[v].in = held[v].slot = -1;
        held[v].saved = values[v].base != NULL;
    }
    for (int r = 0; r < REGISTERS; r++)
        content[r] = -1;
    code_size = loads = stores = slots = num_free_slots = 0;
    for (int p = 0; p < num_ops; p++) {
        const operation *o = &ops[s->op[p]];
        if (o->kind == OUT) {
            if (held[o->in[0]].in < 0)
                load(o->in[0], take_register(s, p, 0));
            put((instruction){
                .class = STORE, .to = held[o->in[0]].in, .memory = -1, .limb = o->out});
            drop_if_dead(o->in[0], p);
            continue;
        }
        const unsigned keep = bring(s, o, p);
        if (o->inputs == 2)
            compute_sum(s, o, p, keep);
        else
            compute_fused(s, o, p, keep);
    }
}

/* ---- How long the instructions take. ---- */

typedef struct {
    int width, retired, reorder, scheduler;
} core;

enum { MAX_CYCLES = 8192, ROUNDS = 3, LOAD_LATENCY = 7, FORWARD_LATENCY = 3 };

typedef struct {
    int issue[128], size; /* a heap: when operations that wait will leave the scheduler */
} waiting;

static void waiting_pop(waiting *w) {
    const int x = w->issue[--w->size];
    int p = 0;
    for (;;) {
        int child = 2 * p + 1;
        if (child >= w->size)
            break;
        if (child + 1 < w->size && w->issue[child + 1] < w->issue[child])
            child++;
        if (w->issue[child] >= x)
            break;
        w->issue[p] = w->issue[child];
        p = child;
    }
    w->issue[p] = x;
}

static void waiting_push(waiting *w, int issue) {
    int p = w->size++;
    for (; p > 0 && w->issue[(p - 1) / 2] > issue; p = (p - 1) / 2)
        w->issue[p] = w->issue[(p - 1) / 2];
    w->issue[p] = issue;
}

static int max(int a, int b) { return a > b ? a : b; }

/*
 * Cycles from the end of the next to last round to that of the last. Two loads, one store, two
 * fused operations and two sums a cycle; a store takes the place of a sum. In order of the text,
 * each takes the first place that is free once what it needs is there.
 */
static int simulate(const core *c) {
    static uint8_t fused[MAX_CYCLES], sums[MAX_CYCLES], reads[MAX_CYCLES], writes[MAX_CYCLES];
    static int retired[ROUNDS * MAX_CODE];
    int ready[REGISTERS] = {0}, slot_ready[MAX_SLOTS] = {0};
    int cycle = 0, placed = 0, retire = 0, retiring = 0, before = 0;
    waiting w = {.size = 0};
    memset(fused, 0, sizeof fused);
    memset(sums, 0, sizeof sums);
    memset(reads, 0, sizeof reads);
    memset(writes, 0, sizeof writes);
    for (int t = 0; t < ROUNDS * code_size; t++) {
        const instruction *i = &code[t % code_size];
        int done, at;
        if (t == (ROUNDS - 1) * code_size)
            before = retire;
        if (placed == c->width) {
            cycle++;
            placed = 0;
        }
        if (t >= c->reorder && retired[t - c->reorder] > cycle) {
            cycle = retired[t - c->reorder];
            placed = 0;
        }
        int loaded = 0;
        if (i->memory >= 0 && i->class != STORE) {
            at = cycle + 1;
            if (values[i->memory].base == NULL)
                at = max(at, slot_ready[held[i->memory].slot]);
            while (reads[at] >= 2)
                at++;
            reads[at]++;
            loaded = at + LOAD_LATENCY;
        }
        if (i->class == MOVE) {
            ready[i->to] = ready[i->first];
            done = cycle + 1;
        } else if (i->class == LOAD) {
            ready[i->to] = done = loaded;
        } else {
            while (w.size > 0 && w.issue[0] <= cycle)
                waiting_pop(&w);
            if (w.size >= c->scheduler) {
                cycle = w.issue[0];
                placed = 0;
                while (w.size > 0 && w.issue[0] <= cycle)
                    waiting_pop(&w);
            }
            at = max(cycle + 1, loaded);
            if (i->class == STORE) {
                at = max(at, ready[i->to]);
                while (writes[at] >= 1 || sums[at] >= 2)
                    at++;
                writes[at]++;
                sums[at]++;
                done = at + 1;
                if (i->memory >= 0)
                    slot_ready[held[i->memory].slot] = at + FORWARD_LATENCY;
            } else {
                at = max(at, ready[i->first]);
                if (i->last >= 0)
                    at = max(at, ready[i->last]);
                if (i->kind == FMA || i->kind == FNMA) {
                    at = max(at, ready[i->to]);
                    while (fused[at] >= 2)
                        at++;
                    fused[at]++;
                    done = at + 4;
                } else {
                    while (sums[at] >= 2)
                        at++;
                    sums[at]++;
                    done = at + 3;
                }
                ready[i->to] = done;
            }
            waiting_push(&w, at);
        }
        placed++;
        if (done > retire) {
            retire = done;
            retiring = 0;
        }
        if (++retiring > c->retired) {
            retire++;
            retiring = 1;
        }
        retired[t] = retire;
        require(retire < MAX_CYCLES - 300, "the model ran out of cycles");
    }
    return retire - before;
}

static const core WHOLE = {.width = 6, .retired = 8, .reorder = 256, .scheduler = 64};
static const core HALF = {.width = 4, .retired = 8, .reorder = 128, .scheduler = 40};

static double cost(const schedule *s) {
    allocate(s);
    return simulate(&WHOLE) + 0.5 * simulate(&HALF) + 0.6 * code_size + 0.4 * loads + 0.8 * stores;
}

/* ---- The search. ---- */

static uint64_t random_state;

static unsigned random_below(unsigned n) { /* xorshift64 */
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (unsigned)((random_state >> 20) % n);
}

static int latency(int op) { return ops[op].inputs == 3 ? 4 : 3; }

/* Operations as early as their operands allow, three a cycle, those with the longest way to the end
 * first; none more than `lead` operations ahead of the first that is left. */
static void list_order(schedule *s, int lead) {
    static int height[MAX_OPS], unmet[MAX_OPS], ready[MAX_OPS];
    static bool done[MAX_OPS];
    for (int i = num_ops - 1; i >= 0; i--) {
        height[i] = unmet[i] = ready[i] = 0;
        done[i] = false;
        for (int k = 0; k < num_ops; k++) {
            height[i] = after[k][i] ? max(height[i], height[k]) : height[i];
            unmet[i] += after[i][k];
        }
        height[i] += latency(i);
    }
    for (int n = 0, cycle = 0; n < num_ops; cycle++) {
        for (int place = 0; place < 3; place++) {
            int best = -1, first = 0;
            while (first < num_ops && done[first])
                first++;
            for (int i = first; i < num_ops && i <= first + lead; i++)
                if (!done[i] && unmet[i] == 0 && ready[i] <= cycle &&
                    (best < 0 || height[i] > height[best]))
                    best = i;
            if (best < 0)
                break;
            s->op[n++] = best;
            done[best] = true;
            for (int k = 0; k < num_ops; k++)
                if (after[k][best]) {
                    unmet[k]--;
                    ready[k] = max(ready[k], cycle + latency(best));
                }
        }
    }
}

/* Moves up to `length` neighbours by up to `distance` places, as far as they may go. */
static void move(schedule *s, int position, int length, int distance, bool later) {
    for (int e = 0; e < length; e++) {
        int i = later ? position + length - 1 - e : position + e;
        for (int d = 0; d < distance; d++) {
            const int k = later ? i + 1 : i - 1;
            if (k < 0 || k >= num_ops ||
                (later ? after[s->op[k]][s->op[i]] : after[s->op[i]][s->op[k]]))
                break;
            const int t = s->op[i];
            s->op[i] = s->op[k];
            s->op[k] = t;
            i = k;
        }
    }
}

static void change(schedule *s) {
    const unsigned what = random_below(20);
    if (what == 0 && random_below(2) == 0) {
        s->horizon = 5 + (int)random_below(90);
    } else if (what == 0) {
        s->penalty = (int)random_below(150);
    } else {
        const int length = what < 12 ? 1 : 1 + (int)random_below(6);
        const int distance = 1 + (int)random_below(what % 2 != 0 ? 40 : 8);
        move(s, (int)random_below((unsigned)(num_ops - length)), length, distance,
             random_below(2) == 0);
    }
}

/* Threshold accepting (Dueck, Scheuer 1990): what is worse by less than a threshold that falls to 0
 * is taken, too. */
static schedule search(long steps) {
    static schedule now, best, trial;
    double best_cost = 1e18, now_cost;
    for (int lead = 20; lead < 240; lead += 6) {
        list_order(&trial, lead);
        trial.penalty = 25;
        for (int horizon = 10; horizon <= 100; horizon += 10) {
            trial.horizon = horizon;
            now_cost = cost(&trial);
            if (now_cost < best_cost) {
                best_cost = now_cost;
                best = trial;
            }
        }
    }
    now = best;
    now_cost = best_cost;
    for (long i = 0; i < steps; i++) {
        const double left = 1 - (double)i / (double)steps, threshold = 2 * left * left * left;
        trial = now;
        change(&trial);
        const double c = cost(&trial);
        if (c <= now_cost + threshold) {
            now = trial;
            now_cost = c;
        }
        if (c < best_cost) {
            best = trial;
            best_cost = c;
        }
    }
    return best;
}

/* ---- The text. ---- */

static void print_operand(int r, int value) {
    if (value < 0)
        printf("%%%%ymm%d", r);
    else if (values[value].base != NULL)
        printf("%d(%%[%s])", values[value].offset, values[value].base);
    else
        printf("%d(%%[slots])", 32 * held[value].slot);
}

static void print_instruction(const instruction *i) {
    static const char *const NAMES[] = {
        [FMA] = "vfmadd", [FNMA] = "vfnmadd", [ADD] = "vadd", [SUB] = "vsub"};
    printf("    \"");
    if (i->class == STORE) {
        printf("vmovapd %%%%ymm%d, ", i->to);
        if (i->limb >= 0)
            printf("%d(%%[o])", 32 * i->limb);
        else
            print_operand(0, i->memory);
    } else {
        if (i->class == COMPUTE) {
            printf("%s", NAMES[i->kind]);
            if (i->form != 0)
                printf("%d", i->form);
            printf("pd ");
            print_operand(i->last, i->memory);
            printf(", %%%%ymm%d", i->first);
        } else {
            printf("vmovapd ");
            print_operand(i->first, i->memory);
        }
        printf(", %%%%ymm%d", i->to);
    }
    printf("\\n\\t\"");
}

static void write_code(const char *name, bool square, uint64_t seed, long steps) {
    trace(square);
    find_dependencies();
    random_state = seed;
    const schedule s = search(steps);
    const double c = cost(&s);
    fprintf(stderr, "%s: %d instructions, %d loads, %d stores, %d and %d cycles, cost %.1f\n", name,
            code_size, loads, stores, simulate(&WHOLE), simulate(&HALF), c);
    printf("\n/* %d operations in %d instructions. */\n", num_ops - LIMBS, code_size);
    printf("enum { FMA_%s_SLOTS = %d };\n#define FMA_%s_CODE", name, slots, name);
    for (int i = 0; i < code_size; i++) {
        printf(" \\\n");
        print_instruction(&code[i]);
    }
    printf("\n");
}

int main(int argc, char **argv) {
    const long steps = argc > 1 ? atol(argv[1]) : 1000000;
    puts("/*\n"
         " * fma_mul and fma_sqr of fma_product.h as instructions; written by "
         "scripts/schedule-fma.c.\n"
         " * Operands are pointers: o, a and b (which o may equal) to the limbs of a product and "
         "its\n"
         " * factors, k to the vectors of fma_constants.h, slots to room for as many vectors.\n"
         " */\n"
         "/* clang-format off */\n"
         "#ifndef MATH_FMA_PRODUCT_CODE_H\n"
         "#define MATH_FMA_PRODUCT_CODE_H");
    write_code("MUL", false, 31, steps);
    write_code("SQR", true, 31, steps);
    puts("\n#endif");
    return 0;
}
