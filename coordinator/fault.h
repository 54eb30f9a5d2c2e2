/* Messages of the coordinator in a zkm_error. */
#ifndef COORDINATOR_FAULT_H
#define COORDINATOR_FAULT_H

#include <zkmetric.h>

/* Sets status and message, of which control characters become '?', as they may come from the other
 * side of a network. Gives the status. */
zkm_status fault(zkm_error *err, zkm_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with the system's words for errno: "WHAT: why". Gives ZKM_ERR_IO. */
zkm_status fault_system(zkm_error *err, const char *what);

#define TRY(expression)                                                                            \
    do {                                                                                           \
        zkm_status try_status_ = (expression);                                                     \
        if (try_status_ != ZKM_OK)                                                                 \
            return try_status_;                                                                    \
    } while (0)

#endif
