/* Setting a zkm_error: one status, one message that names object, place and remedy. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <zkmetric.h>

/* Writes status and message into *err (which may be NULL) and returns status. A format reads "PLACE: what
 * is wrong; remedy" (place and remedy may be missing), with ": " and "; " of its own and not of a value. The
 * message is cut at ZKM_ERROR_MESSAGE_BYTES - 1; control characters and what is no UTF-8 become '?', because
 * names come from files. */
zkm_status error_set(zkm_error *err, zkm_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "PREFIX: " in front of the message that *err already holds, to name the file or layer that the
 * failing callee could not know. Returns err->status (status when err is NULL). */
zkm_status error_prefix(zkm_error *err, zkm_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The message of an allocation of `bytes` for `what` that failed. Returns ZKM_ERR_MEMORY. */
zkm_status error_memory(zkm_error *err, const char *what, size_t bytes);

/* Returns early with the status of an expression unless it is ZKM_OK. */
#define ZKM_TRY(expression)                                                                        \
    do {                                                                                           \
        zkm_status try_status_ = (expression);                                                     \
        if (try_status_ != ZKM_OK)                                                                 \
            return try_status_;                                                                    \
    } while (0)

/* The same where things must be freed: stores into `status` and goes to `out`. */
#define ZKM_TRY_OUT(expression)                                                                    \
    do {                                                                                           \
        status = (expression);                                                                     \
        if (status != ZKM_OK)                                                                      \
            goto out;                                                                              \
    } while (0)

#endif
