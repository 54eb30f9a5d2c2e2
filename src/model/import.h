/* From a parsed ONNX file to the checked graph of one sample (graph.h). */
#ifndef MODEL_IMPORT_H
#define MODEL_IMPORT_H

#include "model/graph.h"
#include "model/model.h"
#include "model/onnx_read.h"
#include "model/tensor.h"

typedef struct {
    uint32_t output; /* the prediction's vector; meaningful when num_unsupported is 0 */
    bool has_output; /* false: the graph has several outputs and none was chosen */
    uint32_t output_width;
    model_unsupported *unsupported; /* in the order of the file */
    uint32_t num_unsupported;
    model_operator *operators; /* of the needed nodes, by name */
    uint32_t num_operators;
    model_port *inputs;
    uint32_t num_inputs;
    model_port *outputs;
    uint32_t num_outputs;
    uint64_t parameters;
    uint32_t num_nodes; /* needed ones */
} import_result;

/*
 * Imports the nodes that the named output (NULL: every output) depends on. Nodes that cannot be
 * proved are no failure: they are all listed in *out. ZKM_ERR_ARGUMENT when there is no such
 * output, ZKM_ERR_FORMAT and ZKM_ERR_RANGE for files that are wrong. Everything lives in g's
 * arena.
 */
ZKM_MUST_CHECK zkm_status import_graph(zkm_error *err, import_result *out, graph *g,
                                       const onnx_file *file, tensor_source *source,
                                       const char *output_name);

#endif
