/* What stands behind the public header's types. */
#ifndef API_INTERNAL_H
#define API_INTERNAL_H

#include "circuit/circuit.h"
#include "claim/opening.h"
#include "claim/schema.h"
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

#endif
