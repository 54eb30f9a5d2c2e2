/*
 * An ONNX file as checked names: the wire format read by protobuf-c under limits, versions
 * checked, every value's producer known, nodes in an order in which producers come first.
 */
#ifndef MODEL_ONNX_READ_H
#define MODEL_ONNX_READ_H

#include <stdint.h>

#include <onnx.pb-c.h>

#include "base/error.h"
#include "model/arena.h"

#define ONNX_MAX_NODES 65536u
#define ONNX_MAX_TENSORS 65536u

typedef enum { ORIGIN_INPUT, ORIGIN_INITIALIZER, ORIGIN_NODE } onnx_origin;

/* A value's name and what produces it. */
typedef struct {
    const char *name;
    onnx_origin origin;
    uint32_t index; /* of the input, initializer or node */
} onnx_value;

typedef struct {
    Onnx__ModelProto *proto;
    int64_t opset;      /* of ai.onnx; 0 when it is not imported */
    int64_t ml_opset;   /* of ai.onnx.ml; 0 when it is not imported */
    onnx_value *values; /* sorted by name */
    uint32_t num_values;
} onnx_file;

/* Parses and checks. ZKM_ERR_FORMAT for damaged bytes, duplicate names and missing parts;
 * ZKM_ERR_UNSUPPORTED for versions outside IR 4.. and opsets 9..24, ai.onnx.ml 1..5. What out
 * points to lives in `a` except proto, which onnx_close frees. */
ZKM_MUST_CHECK zkm_status onnx_open(zkm_error *err, onnx_file *out, arena *a, const uint8_t *data,
                                    size_t len);
void onnx_close(onnx_file *file);

/* The value with that name, or NULL. */
const onnx_value *onnx_find(const onnx_file *file, const char *name);

/* "" for a name that is absent. */
const char *onnx_text(const char *text);
/* "" for both spellings of the default domain. */
const char *onnx_domain(const char *domain);

/* A node's name in messages: its own, else its first output's, else "#INDEX" (put into room). */
const char *onnx_node_name(const onnx_file *file, uint32_t node, char room[16]);

/*
 * The nodes that `outputs` depend on, producers first. ZKM_ERR_FORMAT names a node on a cycle or
 * an input that nothing produces. *order is allocated in a.
 */
ZKM_MUST_CHECK zkm_status onnx_order(zkm_error *err, uint32_t **order, uint32_t *count, arena *a,
                                     const onnx_file *file, const char *const *outputs,
                                     size_t num_outputs);

#endif
