/* JSON forms of proofs and verifying keys, after snarkjs 0.7 (iden3), read strictly. */
#include "groth16/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "groth16/decimal.h"

static json_t *fp_json(const fp *a) {
    char text[DECIMAL_BYTES];
    fp_to_decimal(text, a);
    return json_string(text);
}

static json_t *fp2_json(const fp2 *a) {
    return json_pack("[o, o]", fp_json(&a->c0), fp_json(&a->c1));
}

static json_t *g1_json(const g1_affine *p) {
    return json_pack("[o, o, s]", fp_json(&p->x), fp_json(&p->y), "1");
}

static json_t *g2_json(const g2_affine *p) {
    return json_pack("[o, o, [s, s]]", fp2_json(&p->x), fp2_json(&p->y), "1", "0");
}

static json_t *hex_json(const uint8_t digest[32]) {
    char text[67] = "0x";
    hex_encode(text + 2, digest, 32);
    return json_string(text);
}

/* Adds value to object under key, taking the reference; a NULL value or object makes the result
 * NULL. */
static json_t *with(json_t *object, const char *key, json_t *value) {
    if (object && value && json_object_set_new(object, key, value) == 0)
        return object;
    json_decref(object);
    return NULL;
}

static zkm_status give(zkm_error *err, json_t **out, json_t *value) {
    if (!value)
        return error_memory(err, "JSON", 0);
    *out = value;
    return ZKM_OK;
}

zkm_status groth16_proof_to_json(zkm_error *err, json_t **out, const groth16_proof *proof) {
    json_t *o = json_object();
    o = with(o, "pi_a", g1_json(&proof->a));
    o = with(o, "pi_b", g2_json(&proof->b));
    o = with(o, "pi_c", g1_json(&proof->c));
    if (proof->committed)
        o = with(o, "pi_d", g1_json(&proof->d));
    o = with(o, "protocol", json_string("groth16"));
    o = with(o, "curve", json_string(proof->committed ? "bn254" : "bn128"));
    if (proof->committed)
        o = with(o, "variant", json_string("mirage"));
    return give(err, out, o);
}

static bool text_is(const json_t *value, const char *expected) {
    const char *text = json_string_value(value);
    return text && strcmp(text, expected) == 0;
}

/* Canonical bytes of a coordinate, so that points pass through the one checked reader of bytes. */
static bool coordinate_bytes(uint8_t out[32], const json_t *value) {
    fp a;
    const char *text = json_string_value(value);
    if (!text || json_string_length(value) != strlen(text) || !fp_from_decimal(&a, text))
        return false;
    fp_to_bytes(out, &a);
    return true;
}

static zkm_status bad_member(zkm_error *err, const char *what, const char *key,
                             const char *expected) {
    return error_set(err, ZKM_ERR_FORMAT,
                     "%s: \"%s\" is not %s; the file is damaged or another format", what, key,
                     expected);
}

static zkm_status g1_of_json(zkm_error *err, g1_affine *out, const json_t *value, const char *what,
                             const char *key) {
    uint8_t bytes[G1_BYTES];
    bool good = json_array_size(value) == 3 && coordinate_bytes(bytes, json_array_get(value, 0)) &&
                coordinate_bytes(bytes + 32, json_array_get(value, 1)) &&
                text_is(json_array_get(value, 2), "1") && g1_from_bytes(out, bytes);
    return good ? ZKM_OK : bad_member(err, what, key, "a point [x, y, \"1\"] of G1");
}

/* Two coordinates [c0, c1] as canonical bytes c1 || c0. */
static bool pair_bytes(uint8_t out[64], const json_t *value) {
    return json_array_size(value) == 2 && coordinate_bytes(out + 32, json_array_get(value, 0)) &&
           coordinate_bytes(out, json_array_get(value, 1));
}

static zkm_status g2_of_json(zkm_error *err, g2_affine *out, const json_t *value, const char *what,
                             const char *key) {
    uint8_t bytes[G2_BYTES];
    const json_t *z = json_array_get(value, 2);
    bool good = json_array_size(value) == 3 && pair_bytes(bytes, json_array_get(value, 0)) &&
                pair_bytes(bytes + 64, json_array_get(value, 1)) && json_array_size(z) == 2 &&
                text_is(json_array_get(z, 0), "1") && text_is(json_array_get(z, 1), "0") &&
                g2_from_bytes(out, bytes);
    return good ? ZKM_OK
                : bad_member(err, what, key, "a point [[x0, x1], [y0, y1], [\"1\", \"0\"]] of G2");
}

static bool is_our_curve(const json_t *value) {
    return text_is(value, "bn128") || text_is(value, "bn254") || text_is(value, "altbn128");
}

/* protocol and curve, and whether "variant" says that there is a committed round. */
static zkm_status check_kind(zkm_error *err, bool *committed, const json_t *object,
                             const char *what) {
    const json_t *variant = json_object_get(object, "variant");
    if (!json_is_object(object))
        return error_set(err, ZKM_ERR_FORMAT, "%s: not a JSON object", what);
    if (!text_is(json_object_get(object, "protocol"), "groth16"))
        return bad_member(err, what, "protocol", "\"groth16\"");
    if (!is_our_curve(json_object_get(object, "curve")))
        return bad_member(err, what, "curve", "\"bn128\" or \"bn254\"");
    if (variant && !text_is(variant, "mirage"))
        return bad_member(err, what, "variant", "\"mirage\"");
    *committed = variant != NULL;
    return ZKM_OK;
}

zkm_status groth16_proof_from_json(zkm_error *err, groth16_proof *out, const json_t *object) {
    groth16_proof proof = {0};
    const char *what = "proof";
    ZKM_TRY(check_kind(err, &proof.committed, object, what));
    if (!proof.committed && json_object_get(object, "pi_d"))
        return bad_member(err, what, "variant", "there although pi_d is");
    ZKM_TRY(g1_of_json(err, &proof.a, json_object_get(object, "pi_a"), what, "pi_a"));
    ZKM_TRY(g2_of_json(err, &proof.b, json_object_get(object, "pi_b"), what, "pi_b"));
    ZKM_TRY(g1_of_json(err, &proof.c, json_object_get(object, "pi_c"), what, "pi_c"));
    if (proof.committed)
        ZKM_TRY(g1_of_json(err, &proof.d, json_object_get(object, "pi_d"), what, "pi_d"));
    *out = proof;
    return ZKM_OK;
}

/* fp12 as snarkjs writes it: [[c0 of v^0, v^1, v^2 pairs], [the same of w]]. */
static json_t *fp12_json(const fp12 *a) {
    return json_pack("[[o, o, o], [o, o, o]]", fp2_json(&a->c0.c0), fp2_json(&a->c0.c1),
                     fp2_json(&a->c0.c2), fp2_json(&a->c1.c0), fp2_json(&a->c1.c1),
                     fp2_json(&a->c1.c2));
}

/*
 * snarkjs's final exponentiation (Fuentes-Castaneda, Knapp, Rodriguez-Henriquez, SAC 2011) yields
 * the pairing raised to 2x(6x^2 + 3x + 1), x being the curve's parameter 4965661367192848881; its
 * vk_alphabeta_12 is that.
 */
static json_t *snarkjs_pairing_json(const fp12 *value) {
    static const uint64_t EXPONENT[3] = {0x2e5d4e223ddedaf4, 0x1ea96b02d9d9e38d,
                                         0x3bec47df15e307c8};
    fp12 power;
    fp12_set_one(&power);
    for (int bit = 191; bit >= 0; bit--) {
        fp12_sqr(&power, &power);
        if (EXPONENT[bit / 64] >> (bit % 64) & 1)
            fp12_mul(&power, &power, value);
    }
    return fp12_json(&power);
}

static json_t *ic_json(const groth16_vk_parts *p) {
    json_t *array = json_array();
    for (size_t i = 0; array && i <= p->num_public; i++)
        if (json_array_append_new(array, g1_json(&p->ic[i])) != 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

static const char *setup_name(groth16_setup_kind kind) {
    return kind == GROTH16_CEREMONY  ? "ceremony"
           : kind == GROTH16_FOREIGN ? "foreign"
                                     : "single-party";
}

static json_t *plain_vk_json(const groth16_vk *vk) {
    const groth16_vk_parts *p = &vk->parts;
    json_t *o = json_object();
    o = with(o, "protocol", json_string("groth16"));
    o = with(o, "curve", json_string("bn128"));
    o = with(o, "nPublic", json_integer(p->num_public));
    o = with(o, "vk_alpha_1", g1_json(&p->alpha));
    o = with(o, "vk_beta_2", g2_json(&p->beta));
    o = with(o, "vk_gamma_2", g2_json(&p->gamma));
    o = with(o, "vk_delta_2", g2_json(&p->delta));
    o = with(o, "vk_alphabeta_12", snarkjs_pairing_json(&vk->alpha_beta));
    return with(o, "IC", ic_json(p));
}

static json_t *committed_vk_json(const groth16_vk *vk) {
    const groth16_vk_parts *p = &vk->parts;
    json_t *o = json_object();
    o = with(o, "protocol", json_string("groth16"));
    o = with(o, "curve", json_string("bn254"));
    o = with(o, "variant", json_string("mirage"));
    o = with(o, "setup", json_string(setup_name(p->origin.kind)));
    if (p->origin.kind == GROTH16_CEREMONY) {
        o = with(o, "contributions", json_integer(p->origin.contributions));
        o = with(o, "transcript", hex_json(p->origin.transcript));
    }
    o = with(o, "circuit_digest", hex_json(p->circuit_digest));
    o = with(o, "vk_digest", hex_json(vk->digest));
    o = with(o, "nPublic", json_integer(p->num_public));
    o = with(o, "alpha_1", g1_json(&p->alpha));
    o = with(o, "beta_2", g2_json(&p->beta));
    o = with(o, "gamma_2", g2_json(&p->gamma));
    o = with(o, "delta_2", g2_json(&p->delta));
    o = with(o, "delta1_2", g2_json(&p->delta1));
    return with(o, "IC", ic_json(p));
}

zkm_status groth16_vk_to_json(zkm_error *err, json_t **out, const groth16_vk *vk) {
    return give(err, out, vk->parts.committed ? committed_vk_json(vk) : plain_vk_json(vk));
}

static const char KEY[] = "verifying key";

static zkm_status ic_of_json(zkm_error *err, groth16_vk_parts *p, const json_t *object) {
    const json_t *array = json_object_get(object, "IC");
    const json_t *declared = json_object_get(object, "nPublic");
    size_t count = json_array_size(array);
    if (count == 0 || count - 1 > GROTH16_MAX_PUBLIC)
        return bad_member(err, KEY, "IC", "an array of at least one point");
    if (!json_is_integer(declared) || json_integer_value(declared) != (json_int_t)(count - 1))
        return bad_member(err, KEY, "nPublic", "one less than the length of \"IC\"");
    p->num_public = (uint32_t)(count - 1);
    p->ic = malloc(count * sizeof *p->ic);
    if (!p->ic)
        return error_memory(err, KEY, count * sizeof *p->ic);
    for (size_t i = 0; i < count; i++)
        ZKM_TRY(g1_of_json(err, &p->ic[i], json_array_get(array, i), KEY, "IC"));
    return ZKM_OK;
}

static zkm_status digest_of_json(zkm_error *err, uint8_t out[32], const json_t *object,
                                 const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    if (!text || !hex_decode(out, 32, text))
        return bad_member(err, KEY, key, "32 bytes in hex");
    return ZKM_OK;
}

static zkm_status origin_of_json(zkm_error *err, groth16_origin *origin, const json_t *object) {
    const json_t *setup = json_object_get(object, "setup");
    const json_t *contributions = json_object_get(object, "contributions");
    origin->kind = GROTH16_FOREIGN;
    if (text_is(setup, "single-party"))
        origin->kind = GROTH16_SINGLE_PARTY;
    else if (text_is(setup, "ceremony"))
        origin->kind = GROTH16_CEREMONY;
    else if (!text_is(setup, "foreign"))
        return bad_member(err, KEY, "setup", "\"single-party\", \"ceremony\" or \"foreign\"");
    if (origin->kind != GROTH16_CEREMONY)
        return ZKM_OK;
    if (!json_is_integer(contributions) || json_integer_value(contributions) < 1 ||
        json_integer_value(contributions) > UINT32_MAX)
        return bad_member(err, KEY, "contributions", "a number of contributions");
    origin->contributions = (uint32_t)json_integer_value(contributions);
    return digest_of_json(err, origin->transcript, object, "transcript");
}

static zkm_status points_of_json(zkm_error *err, groth16_vk_parts *p, const json_t *object) {
    static const char *const NAMES[2][4] = {
        {"vk_alpha_1", "vk_beta_2", "vk_gamma_2", "vk_delta_2"},
        {"alpha_1", "beta_2", "gamma_2", "delta_2"},
    };
    const char *const *name = NAMES[p->committed ? 1 : 0];
    ZKM_TRY(g1_of_json(err, &p->alpha, json_object_get(object, name[0]), KEY, name[0]));
    ZKM_TRY(g2_of_json(err, &p->beta, json_object_get(object, name[1]), KEY, name[1]));
    ZKM_TRY(g2_of_json(err, &p->gamma, json_object_get(object, name[2]), KEY, name[2]));
    ZKM_TRY(g2_of_json(err, &p->delta, json_object_get(object, name[3]), KEY, name[3]));
    if (!p->committed)
        return ZKM_OK;
    return g2_of_json(err, &p->delta1, json_object_get(object, "delta1_2"), KEY, "delta1_2");
}

static zkm_status committed_of_json(zkm_error *err, groth16_vk_parts *p, uint8_t digest[32],
                                    const json_t *object) {
    ZKM_TRY(origin_of_json(err, &p->origin, object));
    ZKM_TRY(digest_of_json(err, p->circuit_digest, object, "circuit_digest"));
    return digest_of_json(err, digest, object, "vk_digest");
}

zkm_status groth16_vk_from_json(zkm_error *err, groth16_vk **out, const json_t *object) {
    zkm_status status;
    groth16_vk *vk = NULL;
    groth16_vk_parts parts = {.origin.kind = GROTH16_FOREIGN};
    uint8_t digest[32];
    ZKM_TRY_OUT(check_kind(err, &parts.committed, object, KEY));
    if (parts.committed)
        ZKM_TRY_OUT(committed_of_json(err, &parts, digest, object));
    ZKM_TRY_OUT(points_of_json(err, &parts, object));
    ZKM_TRY_OUT(ic_of_json(err, &parts, object));
    ZKM_TRY_OUT(groth16_vk_new(err, &vk, &parts));
    if (parts.committed && memcmp(digest, vk->digest, sizeof digest) != 0) {
        status =
            error_set(err, ZKM_ERR_FORMAT,
                      "verifying key: \"vk_digest\" is not the digest of its points; the file is "
                      "damaged or was edited: fetch it again");
        goto out;
    }
    *out = vk;
    vk = NULL;
out:
    free(parts.ic);
    groth16_vk_free(vk);
    return status;
}

zkm_status groth16_publics_to_json(zkm_error *err, json_t **out, const fr *publics, size_t count) {
    json_t *array = json_array();
    for (size_t i = 0; array && i < count; i++) {
        char text[DECIMAL_BYTES];
        fr_to_decimal(text, &publics[i]);
        if (json_array_append_new(array, json_string(text)) != 0) {
            json_decref(array);
            array = NULL;
        }
    }
    return give(err, out, array);
}

zkm_status groth16_publics_from_json(zkm_error *err, fr **publics, size_t *count,
                                     const json_t *array) {
    size_t n = json_array_size(array);
    if (!json_is_array(array))
        return error_set(err, ZKM_ERR_FORMAT, "public inputs: not a JSON array");
    fr *values = malloc(n ? n * sizeof *values : 1);
    if (!values)
        return error_memory(err, "public inputs", n * sizeof *values);
    for (size_t i = 0; i < n; i++) {
        const json_t *item = json_array_get(array, i);
        const char *text = json_string_value(item);
        if (!text || json_string_length(item) != strlen(text) ||
            !fr_from_decimal(&values[i], text)) {
            free(values);
            return error_set(
                err, ZKM_ERR_FORMAT,
                "public inputs: number %zu is not a decimal string of a number below r "
                "without leading zeros",
                i);
        }
    }
    *publics = values;
    *count = n;
    return ZKM_OK;
}
