/* What stands behind the public header's types. */
#ifndef API_INTERNAL_H
#define API_INTERNAL_H

#include "circuit/circuit.h"
#include "claim/opening.h"
#include "claim/schema.h"
#include "claim/table.h"
#include "groth16/pk.h"
#include "model/model.h"

/* `path` is the file that a thing came from, for messages; owned. */
struct zkm_schema {
    schema value;
    char *path;
};

struct zkm_model {
    model *value;
    char *path;
};

struct zkm_circuit {
    circuit *value;
    char *path;
};

struct zkm_opening {
    opening value;
    char *path;
};

struct zkm_proving_key {
    groth16_pk *value;
    char *path;
};

/* Where rows come from: files, or arrays in memory; one of the two is NULL. */
typedef struct {
    const char *const *paths;
    const zkm_rows *arrays;
    size_t count;
} data_source;

ZKM_MUST_CHECK zkm_status data_read(zkm_error *err, table *out, const data_source *from,
                                    const table_options *options);

/* Takes the value over, which is cleared on failure too. */
ZKM_MUST_CHECK zkm_status schema_wrap(zkm_error *err, zkm_schema **out, schema *value,
                                      const char *path);

/* The model as integers under a circuit's program; what is wrong names both files. */
ZKM_MUST_CHECK zkm_status model_weights(zkm_error *err, program_weights *out, const zkm_model *m,
                                        const zkm_circuit *c);
/* The model_id of such weights. */
void model_weights_id(fr *out, const zkm_circuit *c, const program_weights *weights);

#endif
