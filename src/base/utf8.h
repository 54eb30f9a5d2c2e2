/* Well-formed UTF-8 (Unicode 15, table 3-7). */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

/* Bytes of the sequence that begins at s, of which len >= 1 bytes are there: 1 to 4, or 0 when it
 * is malformed, overlong, a surrogate, above U+10FFFF or cut off. */
size_t utf8_sequence(const char *s, size_t len);

/* The same, 0 also for control characters (U+0000 to U+001F, U+007F to U+009F). */
size_t utf8_printable(const char *s, size_t len);

#endif
