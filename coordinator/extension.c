#include "coordinator/extension.h"

#include <string.h>

#include "coordinator/fault.h"

uint64_t report_number(const json_t *report, const char *key) {
    json_int_t v = json_integer_value(json_object_get(report, key));
    return v > 0 ? (uint64_t)v : 0;
}

const char *report_word(const json_t *report, const char *key) {
    const char *text = json_string_value(json_object_get(report, key));
    return text ? text : "";
}

const json_t *report_contribution(const json_t *report, uint64_t index) {
    return json_array_get(json_object_get(report, "list"), (size_t)index);
}

const char *report_transcript(const json_t *report, uint64_t contributions) {
    return contributions == 0 ? report_word(report, "initial")
                              : report_word(report_contribution(report, contributions - 1), "hash");
}

static bool same_word(const char *a, const char *b) { return *a && strcmp(a, b) == 0; }

zkm_status extension_check(zkm_error *err, const json_t *before, const json_t *after,
                           const char *name) {
    static const char *const SUBJECT[] = {"circuit_digest", "ptau_blake2b", "initial"};
    uint64_t count = report_number(before, "contributions");
    const json_t *last = report_contribution(after, count);
    for (size_t i = 0; i < sizeof SUBJECT / sizeof *SUBJECT; i++)
        if (!same_word(report_word(before, SUBJECT[i]), report_word(after, SUBJECT[i])))
            return fault(err, ZKM_REJECTED, "it is of another ceremony (%s differs)", SUBJECT[i]);
    if (report_number(after, "contributions") != count + 1)
        return fault(err, ZKM_REJECTED, "it has %llu contributions where %llu are due",
                     (unsigned long long)report_number(after, "contributions"),
                     (unsigned long long)count + 1);
    if (!same_word(report_transcript(before, count), report_transcript(after, count)))
        return fault(err, ZKM_REJECTED, "it does not continue from the last accepted contribution");
    if (strcmp(report_word(last, "kind"), "participant") != 0)
        return fault(err, ZKM_REJECTED, "its contribution is a beacon, not a participant's");
    if (strcmp(report_word(last, "name"), name) != 0)
        return fault(err, ZKM_REJECTED,
                     "its contribution has another name than its place in the queue");
    return ZKM_OK;
}
