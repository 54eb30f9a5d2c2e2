/* The length of a UTF-8 sequence, checked. */
#include "base/utf8.h"

#include <stdbool.h>

static size_t announced_length(unsigned char first) {
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first < 0xe0)
        return 2;
    if (first >= 0xe0 && first < 0xf0)
        return 3;
    return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

size_t utf8_sequence(const char *s, size_t len) {
    const unsigned char *u = (const unsigned char *)s;
    size_t n = announced_length(u[0]);
    if (n == 0 || n > len)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((u[i] & 0xc0) != 0x80)
            return 0;
    bool overlong = (u[0] == 0xe0 && u[1] < 0xa0) || (u[0] == 0xf0 && u[1] < 0x90);
    bool surrogate = u[0] == 0xed && u[1] > 0x9f;
    bool too_large = u[0] == 0xf4 && u[1] > 0x8f;
    return overlong || surrogate || too_large ? 0 : n;
}

size_t utf8_printable(const char *s, size_t len) {
    unsigned char first = (unsigned char)s[0];
    size_t step = utf8_sequence(s, len);
    bool control =
        first < 0x20 || first == 0x7f || (first == 0xc2 && step == 2 && (unsigned char)s[1] < 0xa0);
    return control ? 0 : step;
}
