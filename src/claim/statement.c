/* Statement <-> field elements and canonical bytes. */
#include "claim/statement.h"

#include "base/bytes.h"
#include "claim/threshold.h"

void statement_to_fields(fr out[STATEMENT_FIELDS], const statement *s) {
    out[0] = s->model_id;
    out[1] = s->dataset_id;
    fr_set_u64(&out[2], s->num_samples);
    fr_set_u64(&out[3], s->threshold);
    fr_set_u64(&out[4], s->verdict);
    out[5] = s->context;
}

void statement_to_bytes(uint8_t out[STATEMENT_BYTES], const statement *s) {
    fr fields[STATEMENT_FIELDS];
    statement_to_fields(fields, s);
    for (size_t i = 0; i < STATEMENT_FIELDS; i++)
        fr_to_bytes(out + 32 * i, &fields[i]);
}

zkm_status statement_check(zkm_error *err, const statement *s) {
    if (s->num_samples < 1)
        return error_set(err, ZKM_ERR_FORMAT, "statement: num_samples is 0; it is at least 1");
    if (s->threshold >> THRESHOLD_BITS != 0)
        return error_set(err, ZKM_ERR_FORMAT, "statement: threshold is 2^48 or more");
    if (s->verdict > 1)
        return error_set(err, ZKM_ERR_FORMAT, "statement: verdict is neither 0 nor 1");
    return ZKM_OK;
}

static zkm_status read_field(zkm_error *err, fr *out, byte_reader *r, const char *name) {
    if (!fr_from_bytes(out, reader_take(r, 32)))
        return error_set(err, ZKM_ERR_FORMAT,
                         "statement: %s is not below the field's modulus r; ids and contexts are "
                         "canonical field elements",
                         name);
    return ZKM_OK;
}

/* An integer below 2^bits from a 32-byte word; bits <= 64. */
static zkm_status read_integer(zkm_error *err, uint64_t *out, byte_reader *r, unsigned bits,
                               const char *name) {
    uint64_t high = reader_u64_be(r) | reader_u64_be(r) | reader_u64_be(r);
    uint64_t v = reader_u64_be(r);
    if (high != 0 || v >> bits != 0)
        return error_set(err, ZKM_ERR_FORMAT, "statement: %s is 2^%u or more", name, bits);
    *out = v;
    return ZKM_OK;
}

zkm_status statement_from_bytes(zkm_error *err, statement *out, const uint8_t in[STATEMENT_BYTES]) {
    byte_reader r = reader_init(in, STATEMENT_BYTES);
    statement s;
    uint64_t num_samples = 0, verdict = 0;
    ZKM_TRY(read_field(err, &s.model_id, &r, "model_id"));
    ZKM_TRY(read_field(err, &s.dataset_id, &r, "dataset_id"));
    ZKM_TRY(read_integer(err, &num_samples, &r, 32, "num_samples"));
    ZKM_TRY(read_integer(err, &s.threshold, &r, THRESHOLD_BITS, "threshold"));
    ZKM_TRY(read_integer(err, &verdict, &r, 1, "verdict"));
    ZKM_TRY(read_field(err, &s.context, &r, "context"));
    s.num_samples = (uint32_t)num_samples;
    s.verdict = (uint32_t)verdict;
    ZKM_TRY(statement_check(err, &s));
    *out = s;
    return ZKM_OK;
}
