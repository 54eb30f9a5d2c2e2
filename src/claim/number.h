/*
 * Decimal text <-> double, whatever the process's locale. Text is a plain decimal number
 * ([+-] digits [. digits] [e [+-] digits]); hexadecimal, nan, inf and digit grouping are refused. A
 * number becomes the nearest IEEE double, ties to even, so that two implementations quantise it
 * alike.
 */
#ifndef CLAIM_NUMBER_H
#define CLAIM_NUMBER_H

#include <locale.h>
#include <stdbool.h>
#include <stddef.h>

#define NUMBER_MAX_LENGTH 1100u /* longer than any double written in full */
#define NUMBER_TEXT_BYTES 40u   /* room for number_format */

typedef enum {
    NUMBER_OK = 0,
    NUMBER_EMPTY,
    NUMBER_MALFORMED,
    NUMBER_TOO_LONG, /* more than NUMBER_MAX_LENGTH characters */
    NUMBER_INFINITE  /* beyond the largest double */
} number_result;

/* The parts of a number as written; offsets into the text. */
typedef struct {
    bool negative;
    size_t whole, whole_len;       /* digits before the point */
    size_t fraction, fraction_len; /* digits after it */
    long exponent;                 /* held within +-1000000 */
} number_parts;

/* Checks the grammar and finds the parts; `out` is written on NUMBER_OK only. */
number_result number_scan(number_parts *out, const char *text, size_t len);

/* The C locale that number_parse needs, or (locale_t)0 when memory is short; ends with
 * freelocale(). */
locale_t number_locale(void);

/* The double nearest to the number; tiny numbers become a subnormal or zero. text needs no NUL. */
number_result number_parse(double *out, locale_t c_locale, const char *text, size_t len);

/* The shortest decimal text that reads back as v ("0.05", "1e+12", "-7"); v must be finite. */
void number_format(char out[NUMBER_TEXT_BYTES], double v);

#endif
