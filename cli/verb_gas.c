/*
 * gas: what verification on a chain costs, from prices that the user gives. Sources: EIP-1108 and
 * EIP-2929 (precompiles and calls), EIP-2028 and EIP-7623 (calldata); docs/on-chain.md derives the
 * formulas, and tests/contracts compares them with an Ethereum virtual machine.
 */
#include <stdio.h>
#include <string.h>

#include "cli.h"

#define GWEI 1e-9 /* of the chain's token */

/* ------------------------------------------------------------------ the schedule */

enum {
    CALL = 100, /* of an address already accessed, which precompiles are */
    EC_ADD = 150 + CALL,
    EC_MUL = 6000 + CALL,
    PAIRING_BASE = 45000 + CALL,
    PAIRING_PAIR = 34000,
    KEY_PAIRS = 4, /* pairs with the key's points: alpha, gamma, delta, delta1 */
    TRANSACTION = 21000,
    BYTE = 16, /* of calldata that is not zero */
    ZERO_BYTE = 4,
    FLOOR_TOKEN = 10, /* EIP-7623: at least this for each token, four to a byte that is not zero */
    ENVELOPE = 110    /* bytes of a signed transaction around its calldata */
};

/* Gas of the contract's own instructions, as solc 0.8.37 with 10,000 optimizer runs makes them. */
typedef struct {
    uint64_t fixed, each;
} own_gas;

enum { VERIFY_OWN = 4871, SUBMIT_OWN = 53114 };
static const own_gas BATCH_OWN = {2501, 3269}, PACKED_OWN = {2586, 3355}, EACH_OWN = {3301, 4045};

/* Calldata: bytes that are surely zero, and the rest, counted as if none were. */
typedef struct {
    uint64_t zero, other;
} data_size;

/* A proof's ten words and two ids and the context are full; the other three fields have 4, 6 and 1
 * bytes. Numbers such as offsets and lengths have at most 3. */
static const data_size ONE_DATA = {28 + 26 + 31, 4 + 10 * 32 + 3 * 32 + 4 + 6 + 1};
static const data_size ARRAYS_HEAD = {4 * 29, 4 + 4 * 3},
                       ARRAYS_ITEM = {28 + 26 + 31, 10 * 32 + 3 * 32 + 4 + 6 + 1};
static const data_size PACKED_HEAD = {2 * 29 + 16, 4 + 2 * 3 + 38}, PACKED_ITEM = {0, 389};
/* federation, round (3 bytes), venue's address, number of samples, verdict */
static const data_size SUBMIT_DATA = {29 + 12 + 28 + 31, 4 + 32 + 3 + 20 + 4 + 1 + 10 * 32};

static uint64_t memory_gas(uint64_t words) { return 3 * words + words * words / 512; }

/* Precompiles of n proofs: of the first no point is multiplied, and of one proof none of the key's
 * but IC_1 and IC_2. */
static uint64_t precompile_gas(uint64_t n) {
    uint64_t multiplications = 3 * (n - 1) + (n == 1 ? 2 : 4);
    uint64_t additions = 2 * (n - 1) + 2;
    return PAIRING_BASE + PAIRING_PAIR * (n + KEY_PAIRS) + EC_MUL * multiplications +
           EC_ADD * additions;
}

/* 26 words a proof: its item, its pair, its hash. */
static uint64_t batch_gas(uint64_t n, own_gas own) {
    return precompile_gas(n) + own.fixed + own.each * n + memory_gas(26 * n + 28);
}

static data_size data_of(data_size head, data_size item, uint64_t n) {
    return (data_size){head.zero + n * item.zero, head.other + n * item.other};
}

/* ------------------------------------------------------------------ calls */

typedef struct {
    const char *name;
    uint64_t proofs, execution;
    data_size data;
} call;

enum { CALLS = 5 };

static void make_calls(call out[CALLS], uint64_t n) {
    uint64_t single = precompile_gas(1) + VERIFY_OWN;
    data_size arrays = data_of(ARRAYS_HEAD, ARRAYS_ITEM, n);
    out[0] = (call){"verify", 1, single, ONE_DATA};
    out[1] = (call){"submit", 1, single + SUBMIT_OWN, SUBMIT_DATA};
    out[2] = (call){"verifyBatch", n, batch_gas(n, BATCH_OWN), arrays};
    out[3] = (call){"verifyEach", n, batch_gas(n, EACH_OWN), arrays};
    out[4] =
        (call){"verifyPacked", n, batch_gas(n, PACKED_OWN), data_of(PACKED_HEAD, PACKED_ITEM, n)};
}

static uint64_t calldata_gas(data_size d) { return BYTE * d.other + ZERO_BYTE * d.zero; }

static uint64_t transaction_gas(const call *c) {
    uint64_t gas = TRANSACTION + calldata_gas(c->data) + c->execution;
    uint64_t least = TRANSACTION + FLOOR_TOKEN * (4 * c->data.other + c->data.zero);
    return gas > least ? gas : least;
}

/* ------------------------------------------------------------------ chains */

/* Where a transaction's bytes are paid for besides gas. */
typedef enum { DATA_IN_GAS, DATA_OP_STACK, DATA_ARBITRUM } data_kind;

typedef struct {
    const char *name;
    data_kind data;
} chain;

static const chain CHAINS[] = {{"ethereum", DATA_IN_GAS},
                               {"optimism", DATA_OP_STACK},
                               {"base", DATA_OP_STACK},
                               {"arbitrum", DATA_ARBITRUM},
                               {"other", DATA_IN_GAS}};

static const chain *find_chain(const char *name) {
    for (size_t i = 0; i < sizeof CHAINS / sizeof *CHAINS; i++)
        if (strcmp(CHAINS[i].name, name) == 0)
            return &CHAINS[i];
    return NULL;
}

/* Bytes that the data price is for. Proofs are as good as random: FastLZ makes them a little
 * longer, which the OP stack's estimate (Fjord) turns into 0.8365 of that less 42.6; Brotli leaves
 * them. */
static double paid_bytes(data_kind kind, data_size d) {
    double bytes = (double)(d.zero + d.other + ENVELOPE);
    if (kind != DATA_OP_STACK)
        return kind == DATA_ARBITRUM ? bytes : 0;
    double estimate = 0.8365 * (bytes + bytes / 255 + 16) - 42.5856;
    return estimate > 100 ? estimate : 100;
}

static const char *data_price_source(data_kind kind) {
    return kind == DATA_OP_STACK
               ? "(16 baseFeeScalar l1BaseFee + blobFeeScalar l1BlobBaseFee) / 10^6, of the "
                 "predeploy L1Block"
               : "16 times perL1CalldataUnit, the second number of ArbGasInfo.getPricesInWei()";
}

/* ------------------------------------------------------------------ the verb */

typedef struct {
    const char *chain;
    price_value gas_price, token_price, data_price;
    uint32_t proofs;
} gas_args;

static const option GAS_OPTIONS[] = {
    {OPTION_TEXT, "chain", 0, "NAME", offsetof(gas_args, chain), true, 0, 0,
     "ethereum, optimism, base, arbitrum, or other (an EVM chain without a data fee)"},
    {OPTION_PRICE, "gas-price", 0, "GWEI", offsetof(gas_args, gas_price), true, 0, 0,
     "price of a unit of gas"},
    {OPTION_PRICE, "token-price", 0, "PRICE", offsetof(gas_args, token_price), true, 0, 0,
     "price of the chain's token, in any currency; costs are in that currency"},
    {OPTION_PRICE, "data-price", 0, "GWEI", offsetof(gas_args, data_price), false, 0, 0,
     "price of a byte of data on layer 1; needed on optimism, base and arbitrum"},
    {OPTION_COUNT, "proofs", 'n', "N", offsetof(gas_args, proofs), false, 1, 1000,
     "proofs in a batch (default: 10)"},
    {.kind = OPTION_END}};

static const gas_args GAS_DEFAULTS = {.proofs = 10};

static json_t *report_call(const call *it, const gas_args *a, data_kind kind) {
    double n = (double)it->proofs, gas = (double)transaction_gas(it);
    double data_fee = paid_bytes(kind, it->data) * a->data_price.value * GWEI;
    double fee = gas * a->gas_price.value * GWEI + data_fee;
    json_t *one = json_object();
    object_set(one, "call", json_string(it->name));
    object_set(one, "proofs", json_integer((json_int_t)it->proofs));
    object_set(one, "execution_gas", json_integer((json_int_t)it->execution));
    object_set(one, "calldata_bytes", json_integer((json_int_t)(it->data.zero + it->data.other)));
    object_set(one, "gas", json_integer((json_int_t)gas));
    object_set(one, "gas_per_proof", json_real(gas / n));
    object_set(one, "data_fee", json_real(data_fee));
    object_set(one, "fee", json_real(fee));
    object_set(one, "cost", json_real(fee * a->token_price.value));
    object_set(one, "cost_per_proof", json_real(fee * a->token_price.value / n));
    return one;
}

static void print_report(const json_t *calls, const chain *where) {
    size_t i;
    json_t *one;
    number_text gas, each;
    printf("%-13s %7s %12s %14s %14s %14s\n", "call", "proofs", "gas", "gas a proof", "cost",
           "cost a proof");
    json_array_foreach(calls, i, one) {
        uint64_t n = object_count(one, "proofs"), total = object_count(one, "gas");
        printf("%-13s %7llu %12s %14s %14.6g %14.6g\n", object_text(one, "call"),
               (unsigned long long)n, count_text(&gas, total), count_text(&each, total / n),
               object_real(one, "cost"), object_real(one, "cost_per_proof"));
    }
    printf("\ngas  = 21,000 + 16 a byte of calldata (4 when zero) + execution     EIP-2028, 7623\n"
           "execution of n proofs = 45,000 + 34,000 (n + 4) + 6,000 (3 n + 1) + 150 (2 n)\n"
           "       + 100 a call of a precompile + the contract's instructions   EIP-1108, 2929\n"
           "cost = gas * gas price * token price");
    if (where->data != DATA_IN_GAS)
        printf(" + data fee\n"
               "data fee = bytes of the transaction * data price; the data price is\n"
               "       %s",
               data_price_source(where->data));
    printf("\n");
}

static int run_gas(cli *c, const void *args) {
    const gas_args *a = args;
    const chain *where = find_chain(a->chain);
    call calls[CALLS];
    if (!where)
        return cli_fail_with(c, NULL, ZKM_ERR_ARGUMENT,
                             "'%s' is no chain that is known; choose ethereum, optimism, base, "
                             "arbitrum or other",
                             a->chain);
    if ((where->data != DATA_IN_GAS) != a->data_price.given)
        return cli_fail_with(c, NULL, ZKM_ERR_ARGUMENT,
                             a->data_price.given
                                 ? "%s has no data fee besides gas; leave --data-price out"
                                 : "%s charges for data besides gas; give --data-price",
                             a->chain);
    make_calls(calls, a->proofs);
    json_t *report = json_object(), *list = json_array();
    for (size_t i = 0; i < CALLS; i++)
        if (json_array_append_new(list, report_call(&calls[i], a, where->data)) != 0)
            return cli_fail_with(c, NULL, ZKM_ERR_MEMORY, "cannot allocate the report");
    object_set(report, "chain", json_string(where->name));
    object_set(report, "gas_price_gwei", json_real(a->gas_price.value));
    object_set(report, "token_price", json_real(a->token_price.value));
    if (a->data_price.given)
        object_set(report, "data_price_gwei", json_real(a->data_price.value));
    if (!c->json)
        print_report(list, where);
    object_set(report, "calls", list);
    return cli_done(c, report, EXIT_DONE);
}

const verb VERB_GAS = {
    .name = "gas",
    .arguments = "",
    .summary = "what verification on a chain costs, at prices that you give",
    .details = "Knows no price. verify, verifyBatch, verifyEach and verifyPacked are functions of "
               "the exported contract; submit is the application's, one proof with its record.",
    .options = GAS_OPTIONS,
    .defaults = &GAS_DEFAULTS,
    .size = sizeof(gas_args),
    .run = run_gas};
