/*
 * Constant tensors of an ONNX file, held as doubles (exact for every type that is read, except
 * integers beyond 2^53, which are refused), and the external files that hold their bytes.
 */
#ifndef MODEL_TENSOR_H
#define MODEL_TENSOR_H

#include <stdint.h>

#include <onnx.pb-c.h>

#include "base/error.h"
#include "model/arena.h"

#define TENSOR_MAX_RANK 8u
#define TENSOR_MAX_COUNT ((size_t)1 << 27)

typedef enum { TENSOR_FLOAT = 0, TENSOR_INTEGER, TENSOR_BOOL } tensor_class;

typedef struct {
    uint32_t rank; /* 0: a scalar */
    int64_t dims[TENSOR_MAX_RANK];
    size_t count; /* product of dims */
    double *values;
    tensor_class kind;
    const char *name; /* for messages */
} tensor;

/* Where external data may come from. */
typedef struct {
    const char *folder; /* NULL: external data is refused */
    uint64_t data_left; /* bytes of tensor data that may still be read */
} tensor_source;

/* ONNX's TensorProto.DataType as a class; false for types that are not numbers or not supported. */
bool tensor_class_of(tensor_class *out, int32_t data_type);

/* dims with count elements, zeroed. ZKM_ERR_FORMAT for negative dimensions, ZKM_ERR_RANGE beyond
 * the limits. */
ZKM_MUST_CHECK zkm_status tensor_new(zkm_error *err, tensor **out, arena *a, const char *name,
                                     uint32_t rank, const int64_t *dims, tensor_class kind);

/*
 * Reads a tensor: raw, typed or external bytes, little-endian, whose number must be exactly what
 * dims and type ask for. NaN is refused, and infinities except in a tensor of one element (bounds
 * of Clip).
 */
ZKM_MUST_CHECK zkm_status tensor_read(zkm_error *err, tensor **out, arena *a, tensor_source *source,
                                      const Onnx__TensorProto *proto, const char *name);

#endif
