/* Building JSON reports: failures to allocate are remembered by the object being NULL at the end.
 */
#ifndef API_JSON_H
#define API_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* A report under construction; `failed` is sticky. */
typedef struct {
    json_t *object;
    bool failed;
} report;

report report_new(void);
void report_set(report *r, const char *key, json_t *value); /* takes the value over; NULL fails */
void report_count(report *r, const char *key, uint64_t value);
void report_real(report *r, const char *key, double value);
void report_text(report *r, const char *key, const char *value);
/* The shortest number that reads back as the threshold. */
void report_threshold(report *r, const char *key, uint64_t threshold);
void report_hex(report *r, const char *key, const uint8_t bytes[32]);
void report_clear(report *r);

/* 0x and 64 digits. */
json_t *json_hex(const uint8_t bytes[32]);

/* Turns the report into text in *out (freed by zkm_string_free) and clears it. out may be NULL. */
ZKM_MUST_CHECK zkm_status report_finish(zkm_error *err, char **out, report *r);
/* The same for any value, which is taken over; reals with `precision` digits. */
ZKM_MUST_CHECK zkm_status json_to_text(zkm_error *err, char **out, json_t *value,
                                       unsigned precision);

#endif
