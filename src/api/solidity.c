/*
 * The Solidity verifier of a key: contracts/src/ZkmetricVerifier.sol.in, which the build embeds,
 * with the key's numbers in the place of its ${NAMES}, and the interface that the contract
 * implements, so that the file stands alone.
 */
#include <string.h>

#include "api/solidity_text.h"
#include "api/verifier.h"
#include "base/bytes.h"
#include "base/error.h"

#define NAME_MAX_BYTES 64u

/* What stands for one ${NAME} of the template. */
typedef struct {
    const char *name;
    char text[2 + 64 + 1]; /* 0x and 64 digits, or a word */
} value;

enum { WORDS_G1 = 2, WORDS_G2 = 4, MAX_VALUES = 32 };

typedef struct {
    value items[MAX_VALUES];
    size_t n;
} values;

static void put_word(values *v, const char *name, const uint8_t bytes[32]) {
    value *item = &v->items[v->n++];
    item->name = name;
    memcpy(item->text, "0x", 2);
    hex_encode(item->text + 2, bytes, 32);
}

static void put_text(values *v, const char *name, const char *text) {
    value *item = &v->items[v->n++];
    item->name = name;
    memcpy(item->text, text, strlen(text) + 1);
}

static void put_g1(values *v, const char *const names[WORDS_G1], const g1_affine *p) {
    uint8_t bytes[G1_BYTES];
    g1_to_bytes(bytes, p);
    for (size_t i = 0; i < WORDS_G1; i++)
        put_word(v, names[i], bytes + 32 * i);
}

static void put_opposite_g2(values *v, const char *const names[WORDS_G2], const g2_affine *p) {
    uint8_t bytes[G2_BYTES];
    g2_affine opposite;
    g2_affine_neg(&opposite, p);
    g2_to_bytes(bytes, &opposite);
    for (size_t i = 0; i < WORDS_G2; i++)
        put_word(v, names[i], bytes + 32 * i);
}

static void key_values(values *v, const groth16_vk *vk) {
    static const char *const ALPHA[] = {"ALPHA_X", "ALPHA_Y"};
    static const char *const IC[][WORDS_G1] = {
        {"IC0_X", "IC0_Y"}, {"IC1_X", "IC1_Y"}, {"IC2_X", "IC2_Y"}};
    static const char *const BETA[] = {"NEG_BETA_X1", "NEG_BETA_X0", "NEG_BETA_Y1", "NEG_BETA_Y0"};
    static const char *const GAMMA[] = {"NEG_GAMMA_X1", "NEG_GAMMA_X0", "NEG_GAMMA_Y1",
                                        "NEG_GAMMA_Y0"};
    static const char *const DELTA[] = {"NEG_DELTA_X1", "NEG_DELTA_X0", "NEG_DELTA_Y1",
                                        "NEG_DELTA_Y0"};
    static const char *const DELTA1[] = {"NEG_DELTA1_X1", "NEG_DELTA1_X0", "NEG_DELTA1_Y1",
                                         "NEG_DELTA1_Y0"};
    const groth16_vk_parts *p = &vk->parts;
    put_word(v, "VK_DIGEST", vk->digest);
    put_word(v, "CIRCUIT_DIGEST", p->circuit_digest);
    put_g1(v, ALPHA, &p->alpha);
    put_opposite_g2(v, BETA, &p->beta);
    put_opposite_g2(v, GAMMA, &p->gamma);
    put_opposite_g2(v, DELTA, &p->delta);
    put_opposite_g2(v, DELTA1, &p->delta1);
    for (size_t i = 0; i < sizeof IC / sizeof *IC; i++)
        put_g1(v, IC[i], &p->ic[i]);
}

/* The interface's file without the lines that may stand but once in a file: what follows its
 * pragma. */
static const char *interface_text(void) {
    const char *pragma = strstr(SOLIDITY_INTERFACE, "pragma ");
    const char *end = pragma ? strchr(pragma, '\n') : NULL;
    return end ? end + strspn(end, "\n") : NULL;
}

static const char *find(const values *v, const char *name, size_t len) {
    if (len == strlen("INTERFACE") && memcmp(name, "INTERFACE", len) == 0)
        return interface_text();
    for (size_t i = 0; i < v->n; i++)
        if (strlen(v->items[i].name) == len && memcmp(v->items[i].name, name, len) == 0)
            return v->items[i].text;
    return NULL;
}

/* The template with every ${NAME} replaced. */
static zkm_status fill(zkm_error *err, char **source, const values *v) {
    byte_writer out = writer_init();
    const char *at = SOLIDITY_TEMPLATE;
    for (const char *mark; (mark = strstr(at, "${")) != NULL;) {
        const char *name = mark + 2, *end = strchr(name, '}');
        const char *text = end ? find(v, name, (size_t)(end - name)) : NULL;
        if (!text) {
            writer_clear(&out);
            return error_set(err, ZKM_ERR_INTERNAL,
                             "Solidity template: nothing is known of '%.30s'; please report it",
                             mark);
        }
        writer_bytes(&out, at, (size_t)(mark - at));
        writer_bytes(&out, text, strlen(text));
        at = end + 1;
    }
    writer_bytes(&out, at, strlen(at) + 1);
    if (out.failed) {
        writer_clear(&out);
        return error_memory(err, "Solidity verifier", strlen(SOLIDITY_TEMPLATE));
    }
    *source = (char *)out.data;
    return ZKM_OK;
}

static bool is_identifier(const char *text) {
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    static const char DIGITS[] = "0123456789";
    size_t len = strlen(text), letters = strspn(text, LETTERS);
    if (letters == 0 || len > NAME_MAX_BYTES)
        return false;
    for (size_t i = letters; i < len; i++)
        if (!strchr(LETTERS, text[i]) && !strchr(DIGITS, text[i]))
            return false;
    return true;
}

static zkm_status check(zkm_error *err, const groth16_vk *vk, const char *name,
                        bool allow_single_party) {
    if (!vk->parts.committed)
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "verifying key: it is of plain Groth16, under which no statement is "
                         "proved; export snarkjs and let snarkjs write its contract");
    if (!is_identifier(name))
        return error_set(err, ZKM_ERR_ARGUMENT,
                         "contract name '%.80s': must be a letter or underscore, then letters, "
                         "digits and underscores, at most %u",
                         name, NAME_MAX_BYTES);
    if (strcmp(name, "IZkmetricVerifier") == 0)
        return error_set(err, ZKM_ERR_ARGUMENT,
                         "contract name '%s': is the interface's; choose another", name);
    if (vk->parts.origin.kind != GROTH16_CEREMONY && !allow_single_party)
        return error_set(
            err, ZKM_ERR_ARGUMENT,
            "verifying key: its setup is %s, so one party may know secrets that forge proofs; a "
            "contract that holds value needs a key from a ceremony; --allow-single-party takes it "
            "nevertheless",
            vk->parts.origin.kind == GROTH16_FOREIGN ? "another program's" : "single-party");
    return ZKM_OK;
}

zkm_status zkm_verifying_key_to_solidity(zkm_error *err, char **source,
                                         const zkm_verifying_key *key,
                                         const zkm_solidity_options *what) {
    const char *name = what && what->name ? what->name : "ZkmetricVerifier";
    values v = {.n = 0};
    ZKM_TRY(check(err, key->value, name, what && what->allow_single_party));
    put_text(&v, "VERSION", zkm_version());
    put_text(&v, "NAME", name);
    put_text(&v, "SETUP", zkm_verifying_key_setup(key));
    key_values(&v, key->value);
    return fill(err, source, &v);
}
