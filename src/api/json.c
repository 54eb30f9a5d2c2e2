/* JSON reports. */
#include "api/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "claim/threshold.h"

report report_new(void) {
    json_t *object = json_object();
    return (report){object, object == NULL};
}

void report_set(report *r, const char *key, json_t *value) {
    if (r->failed || !value) {
        json_decref(value);
        r->failed = true;
    } else if (json_object_set_new(r->object, key, value) != 0) {
        r->failed = true;
    }
}

void report_count(report *r, const char *key, uint64_t value) {
    report_set(r, key, json_integer((json_int_t)value));
}

/* JSON has no infinities; a report of a model that gives one says null. */
void report_real(report *r, const char *key, double value) {
    report_set(r, key, isfinite(value) ? json_real(value) : json_null());
}

/* Names come from files and may be no UTF-8, which JSON text must be. */
void report_text(report *r, const char *key, const char *value) {
    json_t *text = json_string(value);
    report_set(r, key, text ? text : json_string("(not UTF-8)"));
}

json_t *json_hex(const uint8_t bytes[32]) {
    char text[2 + 64 + 1] = "0x";
    hex_encode(text + 2, bytes, 32);
    return json_string(text);
}

/* By way of text and not of a division, so that 0.05 is shown as 0.05, whatever the locale. */
void report_threshold(report *r, const char *key, uint64_t threshold) {
    char text[THRESHOLD_TEXT_BYTES];
    threshold_to_text(text, threshold);
    json_t *number = json_loads(text, JSON_DECODE_ANY, NULL);
    report_set(r, key, number ? json_real(json_number_value(number)) : NULL);
    json_decref(number);
}

void report_hex(report *r, const char *key, const uint8_t bytes[32]) {
    report_set(r, key, json_hex(bytes));
}

void report_clear(report *r) {
    json_decref(r->object);
    *r = (report){NULL, true};
}

zkm_status json_to_text(zkm_error *err, char **out, json_t *value, unsigned precision) {
    char *text = value ? json_dumps(value, JSON_INDENT(2) | JSON_REAL_PRECISION(precision)) : NULL;
    json_decref(value);
    if (!text)
        return error_set(err, ZKM_ERR_MEMORY, "JSON: cannot allocate the text; free memory");
    *out = text;
    return ZKM_OK;
}

zkm_status report_finish(zkm_error *err, char **out, report *r) {
    json_t *object = r->object;
    bool failed = r->failed;
    *r = (report){NULL, true};
    if (failed) {
        json_decref(object);
        return error_set(err, ZKM_ERR_MEMORY, "report: cannot allocate; free memory");
    }
    if (!out) {
        json_decref(object);
        return ZKM_OK;
    }
    return json_to_text(err, out, object, 17);
}
