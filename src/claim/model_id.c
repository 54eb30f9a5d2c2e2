/* The commitment to a model's weights. */
#include "claim/model_id.h"

#include "base/wipe.h"
#include "claim/sponge.h"

static void add_digits(sponge_stream *stream, uint64_t *digits, size_t n, unsigned stride) {
    fr element;
    sponge_pack(&element, digits, n, stride);
    sponge_stream_add(stream, &element);
    secure_wipe(&element, sizeof element);
    secure_wipe(digits, n * sizeof *digits);
}

static void add_weights(sponge_stream *stream, const int16_t *weights, size_t n) {
    uint64_t digits[MODEL_ID_WEIGHTS];
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        digits[used++] = (uint64_t)(weights[i] + 32768);
        if (used == MODEL_ID_WEIGHTS || i + 1 == n) {
            add_digits(stream, digits, used, MODEL_ID_WEIGHT_STRIDE);
            used = 0;
        }
    }
}

static void add_biases(sponge_stream *stream, const int64_t *biases, size_t n) {
    uint64_t digits[MODEL_ID_BIASES];
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        digits[used++] = (uint64_t)(biases[i] + (INT64_C(1) << 39));
        if (used == MODEL_ID_BIASES || i + 1 == n) {
            add_digits(stream, digits, used, MODEL_ID_BIAS_STRIDE);
            used = 0;
        }
    }
}

void model_id(fr *out, const uint8_t architecture_digest[32], const program *p,
              const program_weights *w) {
    sponge_stream stream;
    fr digest;
    sponge_stream_init(&stream, "zkmetric.model.v1");
    fr_from_bytes_reduce(&digest, architecture_digest);
    sponge_stream_add(&stream, &digest);
    add_weights(&stream, w->weights, p->num_weights);
    add_biases(&stream, w->biases, p->num_biases);
    sponge_stream_final(out, &stream);
}
