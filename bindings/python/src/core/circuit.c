/* Models, circuits, proving keys. */
#include "core.h"

/* ------------------------------------------------------------------ models */

static PyObject *model_open(PyObject *module, PyObject *args) {
    const char *path, *output;
    zkm_error error;
    zkm_model *model = NULL;
    zkm_status status;
    (void)module;
    if (!PyArg_ParseTuple(args, "yz", &path, &output))
        return NULL;
    Py_BEGIN_ALLOW_THREADS;
    status = zkm_model_open(&error, &model, path, output);
    Py_END_ALLOW_THREADS;
    if (status == ZKM_OK)
        return handle_new(model, MODEL);
    raise_error(&error, -1);
    return NULL;
}

static PyObject *model_from_bytes(PyObject *module, PyObject *args) {
    PyObject *data;
    const char *output;
    zkm_error error;
    zkm_model *model = NULL;
    zkm_status status;
    (void)module;
    if (!PyArg_ParseTuple(args, "Sz", &data, &output))
        return NULL;
    const uint8_t *bytes = (const uint8_t *)PyBytes_AsString(data);
    size_t len = (size_t)PyBytes_Size(data);
    Py_BEGIN_ALLOW_THREADS;
    status = zkm_model_from_bytes(&error, &model, bytes, len, output);
    Py_END_ALLOW_THREADS;
    if (status == ZKM_OK)
        return handle_new(model, MODEL);
    raise_error(&error, -1);
    return NULL;
}

static PyObject *model_shape(PyObject *module, PyObject *capsule) {
    (void)module;
    const zkm_model *model = handle_get(capsule, MODEL);
    return model ? Py_BuildValue("II", (unsigned)zkm_model_num_features(model),
                                 (unsigned)zkm_model_num_outputs(model))
                 : NULL;
}

/* ------------------------------------------------------------------ circuits */

typedef struct {
    call base;
    const char *const *paths;
    size_t num_paths;
    const zkm_model *model;
    const zkm_schema *schema;
    zkm_compile_options what;
    zkm_circuit *circuit;
    char *report;
} compile_call;

static zkm_status run_compile(call *base) {
    compile_call *c = (compile_call *)base;
    const inputs *in = &base->in;
    return c->paths
               ? zkm_circuit_compile(&base->error, &c->circuit, &c->report, c->model, c->schema,
                                     c->paths, c->num_paths, &c->what, &base->options)
               : zkm_circuit_compile_rows(&base->error, &c->circuit, &c->report, c->model,
                                          c->schema, in->arrays, in->num_arrays, &c->what,
                                          &base->options);
}

static void discard_compile(call *base) {
    compile_call *c = (compile_call *)base;
    zkm_circuit_free(c->circuit);
    zkm_string_free(c->report);
}

/* (model, schema, arrays or None, paths or None, metric, capacity, bits, headroom, threads,
 * progress)
 * -> (circuit, report) */
static PyObject *circuit_compile(PyObject *module, PyObject *args) {
    PyObject *model, *schema, *arrays, *paths, *metric, *progress;
    unsigned capacity, bits, threads;
    double headroom;
    const char *const *names = NULL;
    size_t one;
    (void)module;
    if (!PyArg_ParseTuple(args, "OOOOUIIdIO", &model, &schema, &arrays, &paths, &metric, &capacity,
                          &bits, &headroom, &threads, &progress))
        return NULL;
    compile_call *c = call_new(sizeof *c, run_compile, discard_compile);
    if (!c)
        return NULL;
    inputs *in = &c->base.in;
    PyObject *metrics = PyTuple_Pack(1, metric);
    c->model = handle_get(model, MODEL);
    c->schema = c->model ? handle_get(schema, SCHEMA) : NULL;
    int failed = !metrics || !c->schema || inputs_keep(in, model) != 0 ||
                 inputs_keep(in, schema) != 0 || inputs_strings(&names, &one, in, metrics) != 0 ||
                 (arrays != Py_None && inputs_rows(in, arrays) != 0) ||
                 (paths != Py_None && inputs_strings(&c->paths, &c->num_paths, in, paths) != 0);
    Py_XDECREF(metrics);
    if (failed) {
        call_free(&c->base);
        return NULL;
    }
    c->what = (zkm_compile_options){names[0], capacity, bits, headroom};
    if (call_execute(&c->base, threads, progress) != 0)
        return NULL;
    PyObject *circuit = handle_new(c->circuit, CIRCUIT), *report = text_take(c->report);
    c->circuit = NULL;
    c->report = NULL;
    call_free(&c->base);
    if (circuit && report)
        return Py_BuildValue("NN", circuit, report);
    Py_XDECREF(circuit);
    Py_XDECREF(report);
    return NULL;
}

static PyObject *circuit_read(PyObject *module, PyObject *args) {
    const char *path;
    zkm_error error;
    zkm_circuit *circuit = NULL;
    zkm_status status;
    (void)module;
    if (!PyArg_ParseTuple(args, "y", &path))
        return NULL;
    Py_BEGIN_ALLOW_THREADS;
    status = zkm_circuit_read(&error, &circuit, path);
    Py_END_ALLOW_THREADS;
    if (status == ZKM_OK)
        return handle_new(circuit, CIRCUIT);
    raise_error(&error, -1);
    return NULL;
}

static PyObject *circuit_write(PyObject *module, PyObject *args) {
    PyObject *capsule;
    const char *path;
    zkm_error error;
    zkm_status status;
    (void)module;
    if (!PyArg_ParseTuple(args, "Oy", &capsule, &path))
        return NULL;
    const zkm_circuit *circuit = handle_get(capsule, CIRCUIT);
    if (!circuit)
        return NULL;
    Py_BEGIN_ALLOW_THREADS;
    status = zkm_circuit_write(&error, circuit, path);
    Py_END_ALLOW_THREADS;
    if (status == ZKM_OK)
        Py_RETURN_NONE;
    raise_error(&error, -1);
    return NULL;
}

/* -> (digest, constraints, capacity) */
static PyObject *circuit_info(PyObject *module, PyObject *capsule) {
    uint8_t digest[32];
    (void)module;
    const zkm_circuit *circuit = handle_get(capsule, CIRCUIT);
    if (!circuit)
        return NULL;
    zkm_circuit_digest(digest, circuit);
    return Py_BuildValue("y#KI", (const char *)digest, (Py_ssize_t)sizeof digest,
                         (unsigned long long)zkm_circuit_constraints(circuit),
                         (unsigned)zkm_circuit_capacity(circuit));
}

static PyObject *circuit_schema(PyObject *module, PyObject *capsule) {
    zkm_error error;
    zkm_schema *schema = NULL;
    (void)module;
    const zkm_circuit *circuit = handle_get(capsule, CIRCUIT);
    if (!circuit)
        return NULL;
    if (zkm_circuit_schema(&error, &schema, circuit) == ZKM_OK)
        return handle_new(schema, SCHEMA);
    raise_error(&error, -1);
    return NULL;
}

static PyObject *circuit_model_id(PyObject *module, PyObject *args) {
    PyObject *circuit_capsule, *model_capsule;
    uint8_t id[32];
    zkm_error error;
    zkm_status status;
    (void)module;
    if (!PyArg_ParseTuple(args, "OO", &circuit_capsule, &model_capsule))
        return NULL;
    const zkm_circuit *circuit = handle_get(circuit_capsule, CIRCUIT);
    const zkm_model *model = circuit ? handle_get(model_capsule, MODEL) : NULL;
    if (!model)
        return NULL;
    Py_BEGIN_ALLOW_THREADS;
    status = zkm_circuit_model_id(&error, id, circuit, model);
    Py_END_ALLOW_THREADS;
    if (status == ZKM_OK)
        return PyBytes_FromStringAndSize((const char *)id, sizeof id);
    raise_error(&error, -1);
    return NULL;
}

/* ------------------------------------------------------------------ evaluation */

typedef struct {
    call base;
    const zkm_circuit *circuit;
    const zkm_model *model;
    double *outputs[2]; /* of the model, of the circuit */
    zkm_evaluation found;
} evaluate_call;

static zkm_status run_evaluate(call *base) {
    evaluate_call *c = (evaluate_call *)base;
    return zkm_circuit_evaluate(&base->error, &c->found, c->outputs[0], c->outputs[1], c->circuit,
                                c->model, base->in.arrays, base->in.num_arrays, &base->options);
}

static void discard_evaluate(call *base) { (void)base; }

/* Room for rows * outputs doubles in a bytearray, which is returned. */
static PyObject *outputs_new(double **out, inputs *in, const zkm_rows *array, uint32_t width) {
    size_t rows = in->num_arrays ? array->num_rows : 0;
    if (rows > PY_SSIZE_T_MAX / 8 / (width ? width : 1)) {
        PyErr_NoMemory();
        return NULL;
    }
    PyObject *room = PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)(8 * rows * width));
    if (!room || inputs_keep(in, room) != 0) {
        Py_XDECREF(room);
        return NULL;
    }
    *out = (double *)PyByteArray_AsString(room);
    return room;
}

/* (circuit, model, arrays, threads, progress) -> (float metric, integer metric, largest difference,
 * the model's outputs, the circuit's outputs) */
static PyObject *circuit_evaluate(PyObject *module, PyObject *args) {
    PyObject *circuit, *model, *arrays, *progress, *exact = NULL, *integer = NULL;
    unsigned threads;
    (void)module;
    if (!PyArg_ParseTuple(args, "OOOIO", &circuit, &model, &arrays, &threads, &progress))
        return NULL;
    evaluate_call *c = call_new(sizeof *c, run_evaluate, discard_evaluate);
    if (!c)
        return NULL;
    inputs *in = &c->base.in;
    c->circuit = handle_get(circuit, CIRCUIT);
    c->model = c->circuit ? handle_get(model, MODEL) : NULL;
    int failed = !c->model || inputs_keep(in, circuit) != 0 || inputs_keep(in, model) != 0 ||
                 inputs_rows(in, arrays) != 0;
    if (!failed) {
        exact = outputs_new(&c->outputs[0], in, in->arrays, zkm_model_num_outputs(c->model));
        integer = exact
                      ? outputs_new(&c->outputs[1], in, in->arrays, zkm_model_num_outputs(c->model))
                      : NULL;
        failed = !integer;
    }
    if (failed)
        call_free(&c->base);
    PyObject *result = NULL;
    if (!failed && call_execute(&c->base, threads, progress) == 0) {
        result = Py_BuildValue("dddOO", c->found.float_metric, c->found.integer_metric,
                               c->found.max_abs_output_error, exact, integer);
        call_free(&c->base);
    }
    Py_XDECREF(exact);
    Py_XDECREF(integer);
    return result;
}

PyMethodDef circuit_functions[] = {
    {"model_open", model_open, METH_VARARGS, NULL},
    {"model_from_bytes", model_from_bytes, METH_VARARGS, NULL},
    {"model_shape", model_shape, METH_O, NULL},
    {"circuit_compile", circuit_compile, METH_VARARGS, NULL},
    {"circuit_read", circuit_read, METH_VARARGS, NULL},
    {"circuit_write", circuit_write, METH_VARARGS, NULL},
    {"circuit_info", circuit_info, METH_O, NULL},
    {"circuit_schema", circuit_schema, METH_O, NULL},
    {"circuit_model_id", circuit_model_id, METH_VARARGS, NULL},
    {"circuit_evaluate", circuit_evaluate, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
