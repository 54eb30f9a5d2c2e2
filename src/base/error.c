/* Error messages and status names. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* Control characters, and bytes that are no UTF-8 (also what a cut leaves of a character), become
 * '?'. */
static void replace_unprintable(char *text) {
    size_t len = strlen(text);
    for (size_t i = 0; i < len;) {
        size_t n = utf8_sequence(text + i, len - i);
        unsigned char c = (unsigned char)text[i];
        if (n == 0 || c < 0x20 || c == 0x7f)
            text[i] = '?';
        i += n == 0 ? 1 : n;
    }
}

/* How many bytes the first `len` characters of a format write, which end between conversions;
 * ZKM_ERROR_MESSAGE_BYTES - 1 where they do not all fit. */
static size_t written(const char *format, size_t len, va_list args) {
    char head[ZKM_ERROR_MESSAGE_BYTES];
    if (len >= sizeof head)
        return sizeof head - 1;
    memcpy(head, format, len);
    head[len] = '\0';
    int n = vsnprintf(NULL, 0, head, args);
    return n < 0 || (size_t)n >= sizeof head ? sizeof head - 1 : (size_t)n;
}

/* The parts of "PLACE: what is wrong; REMEDY", which every format of this library follows. They are
 * looked for in the format and not in the message, where a file's name may hold the same
 * characters; only a remedy may also come with a value, when the message of one step is passed on
 * by another. */
static void find_parts(zkm_error *err, const char *format, va_list args) {
    const char *colon = strstr(format, ": "), *semicolon = strstr(format, "; ");
    size_t len = strlen(err->message);
    va_list again;
    err->place_len = err->remedy = 0;
    if (colon && (!semicolon || colon < semicolon)) {
        va_copy(again, args);
        err->place_len = (uint16_t)written(format, (size_t)(colon - format), again);
        va_end(again);
    }
    if (semicolon) {
        va_copy(again, args);
        size_t at = written(format, (size_t)(semicolon - format) + 2, again);
        va_end(again);
        err->remedy = (uint16_t)(at < len ? at : 0);
    } else if ((semicolon = strstr(err->message + err->place_len, "; ")) != NULL) {
        err->remedy = (uint16_t)(semicolon + 2 - err->message);
    }
}

zkm_status error_set(zkm_error *err, zkm_status status, const char *format, ...) {
    if (err) {
        va_list args, again;
        va_start(args, format);
        va_copy(again, args);
        vsnprintf(err->message, sizeof err->message, format, args);
        find_parts(err, format, again);
        va_end(again);
        va_end(args);
        replace_unprintable(err->message);
        err->status = status;
    }
    return status;
}

/* The parts of a message that `prefix` bytes and ": " were put in front of. */
static void move_parts(zkm_error *err, size_t prefix) {
    size_t len = strlen(err->message);
    size_t place = prefix + (err->place_len ? 2u + err->place_len : 0);
    size_t remedy = err->remedy ? prefix + 2 + err->remedy : 0;
    err->place_len = (uint16_t)(place < len ? place : len);
    err->remedy = (uint16_t)(remedy < len ? remedy : 0);
}

zkm_status error_prefix(zkm_error *err, zkm_status status, const char *format, ...) {
    if (err) {
        char rest[ZKM_ERROR_MESSAGE_BYTES];
        memcpy(rest, err->message, sizeof rest);
        va_list args;
        va_start(args, format);
        int used = vsnprintf(err->message, sizeof err->message, format, args);
        va_end(args);
        if (used >= 0 && (size_t)used < sizeof err->message)
            snprintf(err->message + used, sizeof err->message - (size_t)used, ": %.*s",
                     (int)(sizeof err->message - 3 - (size_t)used), rest);
        move_parts(err, used < 0 ? 0 : (size_t)used);
        replace_unprintable(err->message);
        err->status = status;
    }
    return status;
}

zkm_status error_memory(zkm_error *err, const char *what, size_t bytes) {
    return error_set(err, ZKM_ERR_MEMORY,
                     "%s: cannot allocate %zu bytes; free memory or use a "
                     "smaller capacity",
                     what, bytes);
}

const char *zkm_status_name(zkm_status status) {
    switch (status) {
#define NAME(s)                                                                                    \
    case s:                                                                                        \
        return #s;
        NAME(ZKM_OK)
        NAME(ZKM_REJECTED)
        NAME(ZKM_ERR_ARGUMENT)
        NAME(ZKM_ERR_FORMAT)
        NAME(ZKM_ERR_RANGE)
        NAME(ZKM_ERR_UNSUPPORTED)
        NAME(ZKM_ERR_MISMATCH)
        NAME(ZKM_ERR_NOT_FOUND)
        NAME(ZKM_ERR_MEMORY)
        NAME(ZKM_ERR_IO)
        NAME(ZKM_ERR_RANDOM)
        NAME(ZKM_ERR_CANCELLED)
        NAME(ZKM_ERR_INTERNAL)
#undef NAME
    }
    return "unknown status";
}

const char *zkm_version(void) { return ZKM_VERSION; }
