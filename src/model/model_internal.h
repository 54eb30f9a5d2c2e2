/* What a model holds, for the quantiser. */
#ifndef MODEL_MODEL_INTERNAL_H
#define MODEL_MODEL_INTERNAL_H

#include "model/arena.h"
#include "model/model.h"
#include "model/net.h"

struct model {
    arena mem;
    model_info info;
    bool output_chosen; /* false: several outputs and none was named */
    net folded;         /* of a supported model */
};

#endif
