#include "coordinator/fault.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

zkm_status fault(zkm_error *err, zkm_status status, const char *format, ...) {
    va_list args;
    va_start(args, format);
    *err = (zkm_error){.status = status};
    vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    for (char *c = err->message; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = '?';
    err->remedy = (uint16_t)strlen(err->message);
    return status;
}

zkm_status fault_system(zkm_error *err, const char *what) {
    return fault(err, ZKM_ERR_IO, "%s: %s", what, strerror(errno));
}
