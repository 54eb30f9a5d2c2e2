/*
 * zkmetric: zero-knowledge proofs of a model's error on committed, private data.
 *
 * This is the library's only public header. Conventions, said once:
 * - Every function that can fail returns zkm_status; ZKM_OK is success, and for verification ZKM_OK
 *   means *accepted*. On any other status outputs are untouched.
 * - `error` arguments may be NULL; otherwise they receive the status and a message that names the
 *   object, the place and the remedy.
 * - Field elements and digests are 32 bytes, big-endian.
 */
#ifndef ZKMETRIC_H
#define ZKMETRIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ZKM_API __attribute__((visibility("default")))
#define ZKM_MUST_CHECK __attribute__((warn_unused_result))

/* Status numbers are stable. 1..9: a statement or proof is rejected. 10..29: what the caller gave is
 * wrong. 30..: the system or this library failed. */
typedef enum {
    ZKM_OK = 0,
    ZKM_REJECTED = 1,         /* a proof, or an expectation about it, does not hold */
    ZKM_ERR_ARGUMENT = 10,    /* an argument is outside its documented range */
    ZKM_ERR_FORMAT = 11,      /* a file or byte string is malformed, truncated or damaged */
    ZKM_ERR_RANGE = 12,       /* a number does not fit the scale that the schema or circuit gives it */
    ZKM_ERR_UNSUPPORTED = 13, /* well-formed, but outside what this version can prove */
    ZKM_ERR_MISMATCH = 14,    /* two inputs do not belong together (key and circuit, model and circuit) */
    ZKM_ERR_NOT_FOUND = 15,   /* an input file cannot be opened */
    ZKM_ERR_MEMORY = 30,      /* out of memory */
    ZKM_ERR_IO = 31,          /* reading or writing failed */
    ZKM_ERR_RANDOM = 32,      /* the system's random source failed */
    ZKM_ERR_CANCELLED = 33,   /* a progress callback asked to stop */
    ZKM_ERR_INTERNAL = 34     /* a check of this library on itself failed; please report it */
} zkm_status;

#define ZKM_ERROR_MESSAGE_BYTES 1024

/* What went wrong; `message` is a NUL-terminated UTF-8 sentence without a trailing newline. */
typedef struct {
    zkm_status status;
    char message[ZKM_ERROR_MESSAGE_BYTES];
} zkm_error;

/* Progress of a long call: `stage` is a short lower-case phrase, done <= total are in units of the
 * stage's own. Called from the calling thread. Returning false asks the call to stop with
 * ZKM_ERR_CANCELLED. */
typedef struct {
    bool (*report)(void *context, const char *stage, uint64_t done, uint64_t total);
    void *context;
} zkm_progress;

/* The library's version, "MAJOR.MINOR.PATCH". */
ZKM_API const char *zkm_version(void);

/* The name of a status, for example "ZKM_ERR_FORMAT"; "unknown status" for a number not listed. */
ZKM_API const char *zkm_status_name(zkm_status status);

#ifdef __cplusplus
}
#endif

#endif
