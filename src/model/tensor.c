/*
 * Tensors from ONNX's wire format (TensorProto). External data follows the ONNX document "External
 * data": location is relative to the model's folder, offset and length are decimal strings.
 */
#include "model/tensor.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* TensorProto.DataType, from the ONNX standard. */
enum {
    TYPE_FLOAT = 1,
    TYPE_UINT8 = 2,
    TYPE_INT8 = 3,
    TYPE_UINT16 = 4,
    TYPE_INT16 = 5,
    TYPE_INT32 = 6,
    TYPE_INT64 = 7,
    TYPE_BOOL = 9,
    TYPE_FLOAT16 = 10,
    TYPE_DOUBLE = 11,
    TYPE_UINT32 = 12,
    TYPE_UINT64 = 13,
    TYPE_BFLOAT16 = 16
};

static size_t type_bytes(int32_t type) {
    switch (type) {
    case TYPE_UINT8:
    case TYPE_INT8:
    case TYPE_BOOL:
        return 1;
    case TYPE_UINT16:
    case TYPE_INT16:
    case TYPE_FLOAT16:
    case TYPE_BFLOAT16:
        return 2;
    case TYPE_FLOAT:
    case TYPE_INT32:
    case TYPE_UINT32:
        return 4;
    case TYPE_DOUBLE:
    case TYPE_INT64:
    case TYPE_UINT64:
        return 8;
    default:
        return 0;
    }
}

bool tensor_class_of(tensor_class *out, int32_t type) {
    if (type_bytes(type) == 0)
        return false;
    bool real =
        type == TYPE_FLOAT || type == TYPE_DOUBLE || type == TYPE_FLOAT16 || type == TYPE_BFLOAT16;
    *out = real ? TENSOR_FLOAT : type == TYPE_BOOL ? TENSOR_BOOL : TENSOR_INTEGER;
    return true;
}

static zkm_status count_elements(zkm_error *err, size_t *out, const char *name, size_t rank,
                                 const int64_t *dims) {
    size_t count = 1;
    if (rank > TENSOR_MAX_RANK)
        return error_set(err, ZKM_ERR_RANGE, "tensor \"%s\": more than %u dimensions", name,
                         TENSOR_MAX_RANK);
    for (size_t i = 0; i < rank; i++) {
        if (dims[i] < 0)
            return error_set(err, ZKM_ERR_FORMAT, "tensor \"%s\": dimension %zu is negative", name,
                             i);
        if (dims[i] != 0 && count > TENSOR_MAX_COUNT / (uint64_t)dims[i])
            return error_set(err, ZKM_ERR_RANGE, "tensor \"%s\": more than 2^27 elements", name);
        count *= (size_t)dims[i];
    }
    *out = count;
    return ZKM_OK;
}

zkm_status tensor_new(zkm_error *err, tensor **out, arena *a, const char *name, uint32_t rank,
                      const int64_t *dims, tensor_class kind) {
    size_t count = 0;
    ZKM_TRY(count_elements(err, &count, name, rank, dims));
    tensor *t = NULL;
    double *values = NULL;
    ZKM_TRY(arena_alloc(err, &t, a, 1, sizeof *t, name));
    ZKM_TRY(arena_alloc(err, &values, a, count, sizeof *values, name));
    *t = (tensor){.rank = rank, .count = count, .values = values, .kind = kind, .name = name};
    for (uint32_t i = 0; i < rank; i++)
        t->dims[i] = dims[i];
    *out = t;
    return ZKM_OK;
}

static uint64_t little_endian(const uint8_t *p, size_t n) {
    uint64_t v = 0;
    for (size_t i = n; i-- > 0;)
        v = v << 8 | p[i];
    return v;
}

static double float_bits(uint32_t bits) {
    float f;
    memcpy(&f, &bits, sizeof f);
    return f;
}

/* IEEE binary16. */
static double half_bits(uint32_t bits) {
    uint32_t sign = bits >> 15 << 31, exponent = bits >> 10 & 31, fraction = bits & 1023;
    if (exponent == 31)
        return float_bits(sign | 0x7f800000 | fraction << 13);
    if (exponent == 0) {
        double v = fraction / 16777216.0; /* fraction * 2^-24 */
        return sign ? -v : v;
    }
    return float_bits(sign | (exponent + 112) << 23 | fraction << 13);
}

/* The value of one element's bits. */
static double decode(int32_t type, uint64_t bits) {
    double d;
    switch (type) {
    case TYPE_FLOAT:
        return float_bits((uint32_t)bits);
    case TYPE_FLOAT16:
        return half_bits((uint32_t)bits & 0xffff);
    case TYPE_BFLOAT16:
        return float_bits((uint32_t)bits << 16);
    case TYPE_DOUBLE:
        memcpy(&d, &bits, sizeof d);
        return d;
    case TYPE_INT8:
        return (int8_t)bits;
    case TYPE_INT16:
        return (int16_t)bits;
    case TYPE_INT32:
        return (int32_t)bits;
    case TYPE_INT64:
        return (double)(int64_t)bits;
    case TYPE_BOOL:
        return bits != 0;
    default:
        return (double)bits;
    }
}

static bool exact_in_double(int32_t type, uint64_t bits) {
    const uint64_t limit = UINT64_C(1) << 53;
    if (type == TYPE_UINT64)
        return bits <= limit;
    if (type == TYPE_INT64) /* INT64_MAX and its kin stand for "to the end" in Slice */
        return (int64_t)bits <= (int64_t)limit ? (int64_t)bits >= -(int64_t)limit
                                               : bits > INT64_MAX - (UINT64_C(1) << 32);
    return true;
}

static zkm_status put(zkm_error *err, tensor *t, size_t i, int32_t type, uint64_t bits) {
    double v = decode(type, bits);
    if (!exact_in_double(type, bits))
        return error_set(err, ZKM_ERR_RANGE, "tensor \"%s\": element %zu is beyond 2^53", t->name,
                         i);
    if (v != v)
        return error_set(err, ZKM_ERR_RANGE,
                         "tensor \"%s\": element %zu is NaN; train or export the model again",
                         t->name, i);
    if (t->count > 1 && (v - v) != 0)
        return error_set(err, ZKM_ERR_RANGE,
                         "tensor \"%s\": element %zu is infinite; train or export the model again",
                         t->name, i);
    t->values[i] = v;
    return ZKM_OK;
}

static zkm_status wrong_length(zkm_error *err, const char *name, uint64_t have, uint64_t want) {
    return error_set(err, ZKM_ERR_FORMAT,
                     "tensor \"%s\": holds %" PRIu64 " where its shape and type need %" PRIu64
                     "; the file is damaged",
                     name, have, want);
}

static zkm_status read_raw(zkm_error *err, tensor *t, int32_t type, const uint8_t *data) {
    size_t size = type_bytes(type);
    for (size_t i = 0; i < t->count; i++)
        ZKM_TRY(put(err, t, i, type, little_endian(data + i * size, size)));
    return ZKM_OK;
}

/* How many elements the repeated field holds that stores this type when there are no raw bytes. */
static size_t typed_count(const Onnx__TensorProto *p) {
    switch (p->data_type) {
    case TYPE_FLOAT:
        return p->n_float_data;
    case TYPE_DOUBLE:
        return p->n_double_data;
    case TYPE_INT64:
        return p->n_int64_data;
    case TYPE_UINT32:
    case TYPE_UINT64:
        return p->n_uint64_data;
    default:
        return p->n_int32_data;
    }
}

static uint64_t typed_bits(const Onnx__TensorProto *p, size_t i) {
    uint64_t bits = 0;
    uint32_t word = 0;
    switch (p->data_type) {
    case TYPE_FLOAT:
        memcpy(&word, &p->float_data[i], sizeof word);
        return word;
    case TYPE_DOUBLE:
        memcpy(&bits, &p->double_data[i], sizeof bits);
        return bits;
    case TYPE_INT64:
        return (uint64_t)p->int64_data[i];
    case TYPE_UINT32:
    case TYPE_UINT64:
        return p->uint64_data[i];
    default:
        return (uint32_t)p->int32_data[i];
    }
}

static zkm_status read_typed(zkm_error *err, tensor *t, const Onnx__TensorProto *p) {
    for (size_t i = 0; i < t->count; i++)
        ZKM_TRY(put(err, t, i, p->data_type, typed_bits(p, i)));
    return ZKM_OK;
}

/* ---- external data ---- */

static const char *entry(const Onnx__TensorProto *p, const char *key) {
    for (size_t i = 0; i < p->n_external_data; i++)
        if (p->external_data[i]->key && strcmp(p->external_data[i]->key, key) == 0)
            return p->external_data[i]->value;
    return NULL;
}

/* A decimal number without sign; an absent entry leaves *out. */
static zkm_status entry_number(zkm_error *err, uint64_t *out, const Onnx__TensorProto *p,
                               const char *key, const char *name) {
    const char *text = entry(p, key);
    if (!text)
        return ZKM_OK;
    uint64_t v = 0;
    size_t i = 0;
    for (; text[i] >= '0' && text[i] <= '9' && i < 19; i++)
        v = v * 10 + (uint64_t)(text[i] - '0');
    if (i == 0 || text[i] != '\0')
        return error_set(err, ZKM_ERR_FORMAT,
                         "tensor \"%s\": external data: %s \"%.32s\" is no decimal number", name,
                         key, text);
    *out = v;
    return ZKM_OK;
}

/*
 * Opens folder/location step by step. Links are refused at every step, so that the file lies
 * inside the folder whatever was put there; "..", "." and absolute paths are refused by name.
 */
static zkm_status open_inside(zkm_error *err, int *out, const char *folder, const char *location,
                              const char *name) {
    zkm_status status = ZKM_OK;
    char part[256];
    int fd = open(folder[0] ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return error_set(err, ZKM_ERR_NOT_FOUND, "%s: cannot open the model's folder", folder);
    for (const char *rest = location;;) {
        size_t n = strcspn(rest, "/\\");
        bool last = rest[n] == '\0';
        if (n == 0 || n >= sizeof part || rest[n] == '\\' ||
            strncmp(rest, "..", n > 2 ? 3 : n) == 0) {
            status =
                error_set(err, ZKM_ERR_FORMAT,
                          "tensor \"%s\": external data location \"%.200s\" is not a plain path "
                          "inside the model's folder; put the file beside the model",
                          name, location);
            break;
        }
        memcpy(part, rest, n);
        part[n] = '\0';
        int next = openat(
            fd, part, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | (last ? 0 : O_DIRECTORY));
        if (next < 0) {
            status =
                error_set(err, errno == ELOOP ? ZKM_ERR_FORMAT : ZKM_ERR_NOT_FOUND,
                          "tensor \"%s\": external data file \"%.200s\": %s; put it beside the "
                          "model, as a file and not a link",
                          name, location, strerror(errno));
            break;
        }
        close(fd);
        fd = next;
        if (last) {
            *out = fd;
            return ZKM_OK;
        }
        rest += n + 1;
    }
    close(fd);
    return status;
}

static zkm_status read_range(zkm_error *err, uint8_t *out, int fd, uint64_t offset, uint64_t len,
                             const char *location) {
    for (uint64_t done = 0; done < len;) {
        ssize_t got = pread(fd, out + done, len - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return error_set(err, ZKM_ERR_IO, "%s: cannot read: %s", location,
                             got < 0 ? strerror(errno) : "it became shorter");
        done += (uint64_t)got;
    }
    return ZKM_OK;
}

/* Reads `need` bytes that p places in an external file into *out, for the caller to free. */
static zkm_status read_external(zkm_error *err, uint8_t **out, const tensor_source *source,
                                const Onnx__TensorProto *p, const char *name, uint64_t need) {
    const char *location = entry(p, "location");
    uint64_t offset = 0, length = need;
    struct stat st;
    uint8_t *bytes = NULL;
    int fd = -1;
    zkm_status status = ZKM_OK;
    if (!source->folder)
        return error_set(err, ZKM_ERR_FORMAT,
                         "tensor \"%s\": external data, but the model is no file", name);
    if (!location)
        return error_set(err, ZKM_ERR_FORMAT, "tensor \"%s\": external data without location",
                         name);
    ZKM_TRY(entry_number(err, &offset, p, "offset", name));
    ZKM_TRY(entry_number(err, &length, p, "length", name));
    if (length != need)
        return wrong_length(err, name, length, need);
    ZKM_TRY(open_inside(err, &fd, source->folder, location, name));
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || offset > (uint64_t)st.st_size ||
        length > (uint64_t)st.st_size - offset) {
        status = error_set(err, ZKM_ERR_FORMAT,
                           "tensor \"%s\": external data: bytes %" PRIu64 " to %" PRIu64
                           " do not lie inside \"%.200s\"; copy the file again",
                           name, offset, offset + length, location);
        goto out;
    }
    bytes = malloc(length ? length : 1);
    if (!bytes) {
        status = error_memory(err, name, length);
        goto out;
    }
    status = read_range(err, bytes, fd, offset, length, location);
out:
    close(fd);
    if (status == ZKM_OK)
        *out = bytes;
    else
        free(bytes);
    return status;
}

/* Everything that can be checked before memory is taken for the elements. */
static zkm_status check_lengths(zkm_error *err, size_t *count, tensor_source *source,
                                const Onnx__TensorProto *p, const char *name) {
    size_t size = type_bytes(p->data_type);
    ZKM_TRY(count_elements(err, count, name, p->n_dims, p->dims));
    if (p->data_location != 1 && p->has_raw_data && p->raw_data.len != *count * size)
        return wrong_length(err, name, p->raw_data.len, *count * size);
    if (p->data_location != 1 && !p->has_raw_data && typed_count(p) != *count)
        return wrong_length(err, name, typed_count(p), *count);
    if (*count * size > source->data_left)
        return error_set(err, ZKM_ERR_RANGE, "tensor \"%s\": the model's data exceed the limit",
                         name);
    source->data_left -= *count * size;
    return ZKM_OK;
}

zkm_status tensor_read(zkm_error *err, tensor **out, arena *a, tensor_source *source,
                       const Onnx__TensorProto *p, const char *name) {
    tensor_class kind = TENSOR_FLOAT;
    tensor *t = NULL;
    uint8_t *external = NULL;
    size_t count = 0;
    zkm_status status = ZKM_OK;
    if (!tensor_class_of(&kind, p->data_type))
        return error_set(err, ZKM_ERR_UNSUPPORTED,
                         "tensor \"%s\": data type %d; export with float, double, half or bfloat16 "
                         "weights",
                         name, p->data_type);
    ZKM_TRY(check_lengths(err, &count, source, p, name));
    if (p->data_location == 1)
        ZKM_TRY(read_external(err, &external, source, p, name, count * type_bytes(p->data_type)));
    ZKM_TRY_OUT(tensor_new(err, &t, a, name, (uint32_t)p->n_dims, p->dims, kind));
    if (external || p->has_raw_data)
        ZKM_TRY_OUT(read_raw(err, t, p->data_type, external ? external : p->raw_data.data));
    else
        ZKM_TRY_OUT(read_typed(err, t, p));
    *out = t;
out:
    free(external);
    return status;
}
