/* Bounded byte reader, growing writer, hex. */
#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

#include "base/wipe.h"

byte_reader reader_init(const uint8_t *data, size_t len) {
    return (byte_reader){.data = data, .len = len};
}

size_t reader_left(const byte_reader *r) { return r->failed ? 0 : r->len - r->pos; }

const uint8_t *reader_take(byte_reader *r, size_t n) {
    if (r->failed || n > r->len - r->pos) {
        r->failed = true;
        return NULL;
    }
    const uint8_t *p = r->data + r->pos;
    r->pos += n;
    return p;
}

static uint64_t read_le(byte_reader *r, size_t n) {
    const uint8_t *p = reader_take(r, n);
    uint64_t v = 0;
    for (size_t i = 0; p && i < n; i++)
        v |= (uint64_t)p[i] << (8 * i);
    return v;
}

static uint64_t read_be(byte_reader *r, size_t n) {
    const uint8_t *p = reader_take(r, n);
    uint64_t v = 0;
    for (size_t i = 0; p && i < n; i++)
        v = v << 8 | p[i];
    return v;
}

uint8_t reader_u8(byte_reader *r) { return (uint8_t)read_le(r, 1); }
uint16_t reader_u16_le(byte_reader *r) { return (uint16_t)read_le(r, 2); }
uint32_t reader_u32_le(byte_reader *r) { return (uint32_t)read_le(r, 4); }
uint64_t reader_u64_le(byte_reader *r) { return read_le(r, 8); }
uint32_t reader_u32_be(byte_reader *r) { return (uint32_t)read_be(r, 4); }
uint64_t reader_u64_be(byte_reader *r) { return read_be(r, 8); }

byte_writer writer_init(void) { return (byte_writer){0}; }

void writer_clear(byte_writer *w) {
    if (w->data)
        secure_wipe(w->data, w->cap);
    free(w->data);
    *w = (byte_writer){0};
}

/* Grows by copying, not realloc, so that no unwiped copy of a secret stays in freed memory. */
static bool writer_reserve(byte_writer *w, size_t n) {
    if (w->failed || n > SIZE_MAX / 2 - w->len) {
        w->failed = true;
        return false;
    }
    if (w->len + n <= w->cap)
        return true;
    size_t cap = w->cap ? w->cap : 256;
    while (cap < w->len + n)
        cap *= 2;
    uint8_t *data = malloc(cap);
    if (!data) {
        w->failed = true;
        return false;
    }
    if (w->len)
        memcpy(data, w->data, w->len);
    if (w->data)
        secure_wipe(w->data, w->cap);
    free(w->data);
    w->data = data;
    w->cap = cap;
    return true;
}

void writer_bytes(byte_writer *w, const void *data, size_t n) {
    if (n && writer_reserve(w, n)) {
        memcpy(w->data + w->len, data, n);
        w->len += n;
    }
}

void writer_zeros(byte_writer *w, size_t n) {
    if (n && writer_reserve(w, n)) {
        memset(w->data + w->len, 0, n);
        w->len += n;
    }
}

static void write_le(byte_writer *w, uint64_t v, size_t n) {
    uint8_t b[8];
    for (size_t i = 0; i < n; i++)
        b[i] = (uint8_t)(v >> (8 * i));
    writer_bytes(w, b, n);
}

static void write_be(byte_writer *w, uint64_t v, size_t n) {
    uint8_t b[8];
    for (size_t i = 0; i < n; i++)
        b[i] = (uint8_t)(v >> (8 * (n - 1 - i)));
    writer_bytes(w, b, n);
}

void writer_u8(byte_writer *w, uint8_t v) { write_le(w, v, 1); }
void writer_u16_le(byte_writer *w, uint16_t v) { write_le(w, v, 2); }
void writer_u32_le(byte_writer *w, uint32_t v) { write_le(w, v, 4); }
void writer_u64_le(byte_writer *w, uint64_t v) { write_le(w, v, 8); }
void writer_u32_be(byte_writer *w, uint32_t v) { write_be(w, v, 4); }
void writer_u64_be(byte_writer *w, uint64_t v) { write_be(w, v, 8); }

void hex_encode(char *out, const uint8_t *data, size_t n) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[data[i] >> 4];
        out[2 * i + 1] = digits[data[i] & 15];
    }
    out[2 * n] = '\0';
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool hex_decode(uint8_t *out, size_t n, const char *text) {
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
        text += 2;
    if (strlen(text) != 2 * n)
        return false;
    for (size_t i = 0; i < 2 * n; i++)
        if (hex_digit(text[i]) < 0)
            return false;
    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)(hex_digit(text[2 * i]) << 4 | hex_digit(text[2 * i + 1]));
    return true;
}
