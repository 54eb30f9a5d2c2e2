/*
 * Bounded byte reader and growing byte writer for the file formats. The reader never reads past its
 * end: the first read that would sets `failed`, and every later read yields zero, so that a parser may
 * read a whole header and check once. Lengths from a file must be compared with reader_left() before
 * anything is allocated.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    const uint8_t *data;
    size_t len;
    size_t pos;
    bool failed;
} byte_reader;

byte_reader reader_init(const uint8_t *data, size_t len);
size_t reader_left(const byte_reader *r);
/* Integers are little-endian in files that only this library maps (`_le`), big-endian in canonical bytes. */
uint8_t reader_u8(byte_reader *r);
uint16_t reader_u16_le(byte_reader *r);
uint32_t reader_u32_le(byte_reader *r);
uint64_t reader_u64_le(byte_reader *r);
uint32_t reader_u32_be(byte_reader *r);
uint64_t reader_u64_be(byte_reader *r);
/* A pointer to the next n bytes inside the reader's data, or NULL when fewer are left. */
const uint8_t *reader_take(byte_reader *r, size_t n);

/* Growing buffer; after an allocation failure `failed` stays set and writes are dropped. */
typedef struct {
    uint8_t *data;
    size_t len;
    size_t cap;
    bool failed;
} byte_writer;

byte_writer writer_init(void);
void writer_clear(byte_writer *w); /* wipes and frees */
void writer_bytes(byte_writer *w, const void *data, size_t n);
void writer_zeros(byte_writer *w, size_t n);
void writer_u8(byte_writer *w, uint8_t v);
void writer_u16_le(byte_writer *w, uint16_t v);
void writer_u32_le(byte_writer *w, uint32_t v);
void writer_u64_le(byte_writer *w, uint64_t v);
void writer_u32_be(byte_writer *w, uint32_t v);
void writer_u64_be(byte_writer *w, uint64_t v);

/* Lower-case hex without prefix; out has room for 2n + 1 bytes. */
void hex_encode(char *out, const uint8_t *data, size_t n);
/* Exactly n bytes from hex of either case, with or without "0x"; false when the text is anything else. */
bool hex_decode(uint8_t *out, size_t n, const char *text);

#endif
