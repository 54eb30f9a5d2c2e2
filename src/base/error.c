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

zkm_status error_set(zkm_error *err, zkm_status status, const char *format, ...) {
    if (err) {
        va_list args;
        va_start(args, format);
        vsnprintf(err->message, sizeof err->message, format, args);
        va_end(args);
        replace_unprintable(err->message);
        err->status = status;
    }
    return status;
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
